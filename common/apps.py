from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.backends.signals import connection_created

from common.checks import TAG, check_city, check_keys, check_role
from common.moments import read_fast


class CommonConfig(AppConfig):
    name = "common"

    def ready(self) -> None:
        register(check_city, TAG)
        register(check_keys, Tags.security)
        register(check_role, Tags.database, deploy=True)
        connection_created.connect(read_fast, dispatch_uid="common.moments")
