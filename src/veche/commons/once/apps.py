from django.apps import AppConfig


class OnceConfig(AppConfig):
    name = "veche.commons.once"
    label = "once"
