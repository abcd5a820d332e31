from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "veche.commons.media"
    label = "media"
