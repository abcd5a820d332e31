"""The addresses of reports that belong to a person and not to a city."""

from veche.modules.reports.views import cards

app_name = "own-reports"
urlpatterns = cards.patterns
