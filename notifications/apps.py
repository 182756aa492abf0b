from django.apps import AppConfig

from notifications.channels import load_channels


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        load_channels()
