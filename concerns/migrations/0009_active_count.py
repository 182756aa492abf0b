"""How many of a ticket's concerns stand, so that what is published need not be counted for each reader."""

from django.db import migrations, models

COUNT = """
UPDATE concerns_ticket AS ticket SET active_count = counted.active
  FROM (SELECT placement.ticket_id, count(*) AS active
          FROM concerns_placement AS placement JOIN concerns_concern AS concern ON concern.id = placement.concern_id
         WHERE placement.until IS NULL AND concern.standing = 'active' GROUP BY placement.ticket_id) AS counted
 WHERE counted.ticket_id = ticket.id
"""


class Migration(migrations.Migration):
    dependencies = [("concerns", "0008_files_prepared")]
    operations = [
        migrations.AddField(
            model_name="ticket",
            name="active_count",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                fields=["department", "created_at", "id"], name="ticket_of_department"
            ),
        ),
    ]
