from django.apps import AppConfig


class DevmailConfig(AppConfig):
    name = "backend.devmail"
    label = "devmail"
