from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "veche.commons.submissions"
    label = "submissions"
