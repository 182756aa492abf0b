"""Targets are data of any unit; a ticket keeps those it was given, and the calendar its dates are counted in."""

import django.db.models.deletion
from django.db import migrations, models

import concerns.models.category

LONGEST = 2500
CATEGORIES = f"""
UPDATE concerns_category SET targets = jsonb_build_object(
  'first_response', jsonb_build_object(
    'amount', least(first_response_days, {LONGEST}), 'unit', 'working_days', 'roll_forward', false),
  'resolution', jsonb_build_object(
    'amount', least(resolution_days, {LONGEST}), 'unit', 'working_days', 'roll_forward', false))
"""
# Whatever has no category keeps the default; without a department dates were counted in the first calendar.
TICKETS = """
UPDATE concerns_ticket AS ticket
   SET targets = coalesce(category.targets, ticket.targets),
       calendar_id = coalesce(department.calendar_id, (SELECT min(id) FROM departments_calendar))
  FROM concerns_ticket AS one
  LEFT JOIN concerns_category AS category ON category.id = one.category_id
  LEFT JOIN departments_department AS department ON department.id = one.department_id
 WHERE one.id = ticket.id
"""


class Migration(migrations.Migration):
    dependencies = [("concerns", "0012_rule_conditions"), ("departments", "0001_initial")]
    operations = [
        migrations.AddField(
            "category",
            "targets",
            models.JSONField(default=concerns.models.category.default_targets),
        ),
        migrations.RunSQL(CATEGORIES, migrations.RunSQL.noop),
        migrations.RemoveField("category", "first_response_days"),
        migrations.RemoveField("category", "resolution_days"),
        migrations.AddField(
            "ticket",
            "targets",
            models.JSONField(default=concerns.models.category.default_targets),
        ),
        migrations.AddField(
            "ticket",
            "calendar",
            models.ForeignKey(
                to="departments.calendar",
                null=True,
                blank=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
            ),
        ),
        migrations.RunSQL(TICKETS, migrations.RunSQL.noop),
    ]
