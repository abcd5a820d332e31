from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "veche.site"
    label = "site"
