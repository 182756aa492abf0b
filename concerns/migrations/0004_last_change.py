"""When a ticket last changed, and the orders of long lists."""

import datetime as dt

from django.db import migrations, models
from django.db.models.functions import Coalesce

import common.clock

NEVER = models.Value(
    dt.datetime(9999, 12, 31, tzinfo=dt.UTC), output_field=models.DateTimeField()
)
OPEN = [
    "received",
    "in_triage",
    "assigned",
    "in_progress",
    "waiting_reporter",
    "waiting_external",
    "scheduled",
    "pending_approval",
    "reopen_requested",
]
DEADLINE = models.Case(
    models.When(state__in=OPEN, then=Coalesce("resolution_due", NEVER)), default=NEVER
)
LAST_CHANGES = """
UPDATE concerns_ticket AS ticket SET changed_at = event.at
  FROM concerns_event AS event
 WHERE event.ticket_id = ticket.id AND event.sequence = ticket.event_count
"""


class Migration(migrations.Migration):
    dependencies = [("concerns", "0003_attachments_and_redirects")]
    operations = [
        migrations.AddField(
            model_name="ticket",
            name="changed_at",
            field=models.DateTimeField(default=common.clock.now),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["changed_at", "id"], name="ticket_by_change"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["priority", "id"], name="ticket_by_priority"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(DEADLINE, "id", name="ticket_by_deadline"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["created_at", "id"], name="ticket_by_creation"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                fields=["closed_at"],
                condition=models.Q(closed_at__isnull=False),
                name="ticket_by_closing",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                fields=["id"], condition=models.Q(formal=True), name="ticket_formal"
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                fields=["id"], condition=models.Q(no_reply=True), name="ticket_no_reply"
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                fields=["id"],
                condition=models.Q(discard_proposed_at__isnull=False),
                name="ticket_discard_proposed",
            ),
        ),
        migrations.RunSQL(LAST_CHANGES, migrations.RunSQL.noop),
    ]
