from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "veche.commons.notices"
    label = "notices"
