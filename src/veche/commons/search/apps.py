from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "veche.commons.search"
    label = "search"
