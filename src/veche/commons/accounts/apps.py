from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "veche.commons.accounts"
    label = "accounts"
