"""The doctor finds what is stuck, says what to do, and is silent when all is well."""

import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection

from common.clock import now
from concerns.queries.health import findings
from tests.support.town import file


def test_findings_of_a_healthy_city_are_none(town):
    file()

    assert findings() == []


def test_findings_name_a_city_that_was_never_loaded(db):
    assert [(one.what, one.remedy) for one in findings()] == [
        ("no city is loaded", "Load the city: `manage.py load_city`.")
    ]


def test_findings_name_what_lies_in_triage_for_days(town):
    file(category="other")

    with time_machine.travel(now() + dt.timedelta(days=4)):
        found = findings()

    assert [(one.what, one.count) for one in found] == [
        ("tickets in triage for more than three days", 1)
    ]


def test_doctor_says_that_no_broker_is_configured_and_fails(town, settings):
    settings.REDIS_URL = ""
    said = StringIO()

    with pytest.raises(SystemExit) as end:
        call_command("doctor", stdout=said, no_color=True)

    assert end.value.code == 1
    assert said.getvalue().startswith("1: no broker is configured\n    Set REDIS_URL")
    assert connection.is_usable()
