from django.apps import AppConfig
from django.core.checks import register

from common.checks import TAG, check_city


class CommonConfig(AppConfig):
    name = "common"

    def ready(self) -> None:
        register(check_city, TAG)
