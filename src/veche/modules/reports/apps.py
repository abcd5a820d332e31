from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "veche.modules.reports"
    label = "reports"
