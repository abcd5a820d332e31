"""The addresses of reports under `/<city>/`: each file of views brings its own `patterns`."""

from django.urls import URLPattern

from veche.modules.reports.views import feeds, filing, lists, map, single, work

app_name = "reports"
urlpatterns: list[URLPattern] = [
    *lists.patterns,
    *feeds.patterns,
    *map.patterns,
    *filing.patterns,
    *work.patterns,
    *single.patterns,
]
