"""The addresses of reports under `/<city>/`: each file of views brings its own `patterns`."""

from django.urls import URLPattern

from veche.modules.reports.views import feeds, filing, lists, single, work
from veche.modules.reports.views import map as atlas

app_name = "reports"
urlpatterns: list[URLPattern] = [
    *lists.patterns,
    *feeds.patterns,
    *atlas.patterns,
    *filing.patterns,
    *work.patterns,
    *single.patterns,
]
