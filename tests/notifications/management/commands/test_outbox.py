import io

import pytest
from django.core.management import CommandError, call_command

from common.ids import uuid7
from notifications import tasks
from notifications.enums import DeliveryState


def run(*arguments):
    written = io.StringIO()
    call_command("outbox", *arguments, stdout=written)
    return written.getvalue()


@pytest.mark.django_db
def test_list_dead_shows_id_reason_and_tries_but_no_address(deliveries):
    [row] = deliveries("concern:1", state=DeliveryState.DEAD, attempts=7, last_error="timeout")

    assert run("list-dead") == (
        f"{row.pk}  delivery  dead  {row.created_at:%Y-%m-%d %H:%M}Z  7 tries  timeout"
        "  acknowledgement to concern:1 by email\n"
    )


@pytest.mark.django_db
def test_list_dead_says_so_when_nothing_was_given_up(deliveries):
    deliveries("concern:1", state=DeliveryState.SENT)

    assert run("list-dead") == "Nothing was given up.\n"


@pytest.mark.django_db
def test_retry_puts_given_up_letters_on_their_way(deliveries, mail_server, states):
    rows = deliveries("concern:1", "concern:2", state=DeliveryState.DEAD, attempts=7)

    written = run("retry", *[str(row.pk) for row in rows])
    tasks.deliver()

    assert written == "".join(f"{row.pk} is on its way again.\n" for row in rows)
    assert mail_server.recipients == {"concern-1@example.org": 1, "concern-2@example.org": 1}


@pytest.mark.django_db
def test_retry_of_an_unknown_id_says_where_to_look():
    unknown = uuid7()

    with pytest.raises(CommandError, match=f"{unknown} is not stuck"):
        run("retry", str(unknown))
