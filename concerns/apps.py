from django.apps import AppConfig
from django.core.checks import Tags, register


class ConcernsConfig(AppConfig):
    name = "concerns"

    def ready(self) -> None:
        """Give the post office the writers of our envelopes, and the first the actions it may not import."""
        # Both modules import models, which are not there before the registry of apps is full.
        from concerns.actions.contact import note_bounce  # noqa: PLC0415
        from concerns.actions.referring import note_unreachable  # noqa: PLC0415
        from concerns.notices import TOPIC  # noqa: PLC0415
        from concerns.notices.alarms import AlarmWriter  # noqa: PLC0415
        from concerns.notices.digest import DigestWriter  # noqa: PLC0415
        from concerns.notices.farewell import FarewellWriter  # noqa: PLC0415
        from concerns.notices.occasions import FAREWELL_TOPIC  # noqa: PLC0415
        from concerns.notices.staff_occasions import ALARMS, DIGEST_TOPIC  # noqa: PLC0415
        from concerns.notices.writer import NoticeWriter  # noqa: PLC0415
        from concerns.queries.keys import check_keys_in_use  # noqa: PLC0415
        from notifications.writers import register_writer  # noqa: PLC0415

        register(check_keys_in_use, Tags.database, deploy=True)
        register_writer(TOPIC, NoticeWriter(note_bounce, note_unreachable))
        register_writer(FAREWELL_TOPIC, FarewellWriter())
        register_writer(DIGEST_TOPIC, DigestWriter())
        for topic in ALARMS:
            register_writer(topic, AlarmWriter())
