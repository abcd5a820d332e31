from django.apps import AppConfig


class LanternsConfig(AppConfig):
    name = "tests.toy_module"
    label = "lanterns"
