from django.apps import AppConfig


class OfficesConfig(AppConfig):
    name = "veche.commons.offices"
    label = "offices"
