from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        """Give the post office the writer of letters about accounts."""
        # Both modules import models, which are not there before the registry of apps is full.
        from accounts.notices import TOPIC, AccountWriter  # noqa: PLC0415
        from notifications.writers import register_writer  # noqa: PLC0415

        register_writer(TOPIC, AccountWriter())
