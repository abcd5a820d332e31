from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "veche.commons.places"
    label = "places"
