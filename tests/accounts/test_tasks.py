import datetime as dt

import pytest
from django.contrib.sessions.models import Session

from accounts.tasks import forget_sessions
from common.clock import now


@pytest.mark.django_db
def test_sessions_that_are_over_are_forgotten() -> None:
    hour = dt.timedelta(hours=1)
    Session.objects.create(session_key="over", session_data="", expire_date=now() - hour)
    Session.objects.create(session_key="alive", session_data="", expire_date=now() + hour)

    forget_sessions()

    assert list(Session.objects.values_list("session_key", flat=True)) == ["alive"]
