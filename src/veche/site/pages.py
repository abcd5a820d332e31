"""The pages that belong to no single room: the choice of a city, the cabinet, the page of all parts."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
city_urlpatterns: list[URLPattern | URLResolver] = []
