from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "veche.commons.casework"
    label = "casework"
