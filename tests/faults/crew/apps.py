from django.apps import AppConfig


class CrewConfig(AppConfig):
    name = "tests.faults.crew"
    label = "crew"
