from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "veche.commons.journal"
    label = "journal"
