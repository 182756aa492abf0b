import re
import threading

import pytest
import time_machine
from aiosmtpd.smtp import AuthResult
from django.db import connection

from common.clock import now
from notifications import delivery, tasks
from notifications.channels import ChannelError
from notifications.enums import DeliveryState
from notifications.models import ChannelPause, Delivery

MINUTE = 60
GREETING = (b"220 mx\r\n", b"250 mx\r\n", b"250 OK\r\n", b"250 OK\r\n")
GO_AHEAD = b"354 go ahead\r\n"


def later(seconds):
    return time_machine.travel(now().timestamp() + seconds)


@pytest.mark.django_db
def test_deliver_sends_a_batch_over_one_connection(deliveries, mail_server, states):
    deliveries(*[f"concern:{number}" for number in range(60)])

    tasks.deliver()

    assert set(mail_server.recipients.values()) == {1}
    assert len(mail_server.mails) == 60
    assert mail_server.connections == 2  # two batches: 50 and 10
    assert set(states().values()) == {(DeliveryState.SENT, "")}


@pytest.mark.django_db
def test_deliver_notes_when_and_what_the_server_said(deliveries, mail_server):
    deliveries("concern:1")

    with time_machine.travel(now(), tick=False):
        moment = now()
        tasks.deliver()

    row = Delivery.objects.get()
    assert (row.sent_at, row.provider_note, row.attempts, row.locked_until) == (
        moment,
        "250 2.0.0",
        1,
        None,
    )


@pytest.mark.django_db
def test_deliver_leaves_what_is_not_due(deliveries, mail_server):
    moment = now()
    deliveries("concern:1", next_attempt_at=moment.replace(year=moment.year + 1))
    for state in set(DeliveryState) - {DeliveryState.PENDING, DeliveryState.SENDING}:
        deliveries(state.value, state=state)

    tasks.deliver()

    assert mail_server.mails == []


@pytest.mark.django_db
@pytest.mark.parametrize("reply", ["550 5.1.1 unknown", "550 unknown", "552 5.2.2 full"])
def test_refusal_of_the_recipient_is_final_and_told_to_the_writer(
    deliveries, author, mail_server, states, reply
):
    deliveries("concern:1", "concern:2")
    mail_server.rcpt_replies["concern-1@example.org"] = reply
    code = " ".join(word for word in reply.split() if word[0].isdigit())

    tasks.deliver()

    assert states() == {
        "concern:1": (DeliveryState.FAILED, code),
        "concern:2": (DeliveryState.SENT, ""),
    }
    assert author.bounces == [("concern:1", "email", code)]
    with later(48 * 60 * MINUTE):
        tasks.sweep()
    assert mail_server.recipients == {"concern-2@example.org": 1}


@pytest.mark.django_db
def test_refusal_of_the_content_is_final(deliveries, author, mail_server, states):
    deliveries("concern:1")
    mail_server.data_replies["concern-1@example.org"] = "554 5.6.0 no"

    tasks.deliver()

    assert states() == {"concern:1": (DeliveryState.FAILED, "554 5.6.0")}
    assert author.bounces == [("concern:1", "email", "554 5.6.0")]


@pytest.mark.django_db
@pytest.mark.parametrize("phase", ["rcpt_replies", "data_replies"])
def test_passing_refusal_is_tried_again_after_a_minute(
    deliveries, author, mail_server, states, phase
):
    deliveries("concern:1")
    getattr(mail_server, phase)["concern-1@example.org"] = "451 4.7.1 greylisted"

    tasks.deliver()
    assert states() == {"concern:1": (DeliveryState.PENDING, "451 4.7.1")}
    with later(40):
        tasks.deliver()
    assert mail_server.mails == []
    getattr(mail_server, phase).clear()
    with later(80):
        tasks.deliver()

    assert states() == {"concern:1": (DeliveryState.SENT, "")}
    assert mail_server.recipients == {"concern-1@example.org": 1}
    assert author.bounces == []


@pytest.mark.django_db
def test_delivery_is_dead_after_seven_passing_refusals(deliveries, author, mail_server, states):
    deliveries("concern:1")
    mail_server.rcpt_replies["concern-1@example.org"] = "451 later"

    for day in range(9):
        with later(day * 48 * 60 * MINUTE):
            tasks.deliver()

    assert states() == {"concern:1": (DeliveryState.DEAD, "451")}
    assert Delivery.objects.get().attempts == 7
    assert author.bounces == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("phase", "reply"),
    [
        ("rcpt", "530 5.7.0 authentication required"),
        ("rcpt", "554 5.7.1 relay access denied"),
        ("rcpt", "550 5.7.606 sender blocked"),
        ("sender", "550 5.1.8 sender unknown"),
        ("sender", "553 no"),
    ],
)
def test_refusal_for_our_own_fault_does_not_blame_the_recipient(
    deliveries, author, mail_server, states, phase, reply
):
    deliveries("concern:1")
    if phase == "rcpt":
        mail_server.rcpt_replies["concern-1@example.org"] = reply
    else:
        mail_server.sender_reply = reply

    tasks.deliver()

    assert states()["concern:1"][0] == DeliveryState.PENDING
    assert author.bounces == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("server", "code"),
    [
        ({}, "SMTPNotSupportedError"),
        (
            {
                "authenticator": lambda *_: AuthResult(success=False, handled=False),
                "auth_require_tls": False,
            },
            "SMTPAuthenticationError 535",
        ),
    ],
)
def test_log_in_that_fails_pauses_the_channel_and_blames_nobody(
    deliveries, author, mail_server, settings, server, code
):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "city", "wrong"
    mail_server.options.update(server)
    mail_server.restart()
    deliveries("concern:1", "concern:2")

    tasks.deliver()

    tried, untried = Delivery.objects.order_by("-attempts")
    assert (tried.state, tried.attempts, tried.last_error) == (DeliveryState.PENDING, 1, code)
    assert (untried.state, untried.attempts, untried.last_error) == (DeliveryState.PENDING, 0, "")
    assert ChannelPause.objects.get().code == code
    assert author.bounces == []


@pytest.mark.django_db
def test_log_lines_hold_ids_and_codes_but_no_address(deliveries, mail_server, post_office_lines):
    first, second, _third = deliveries("concern:1", "concern:2", "concern:3", attempts=6)
    mail_server.rcpt_replies["concern-1@example.org"] = "550 <concern-1@example.org> unknown"
    mail_server.rcpt_replies["concern-2@example.org"] = "451 <concern-2@example.org> later"

    tasks.deliver()

    assert post_office_lines() == [
        f"delivery {first.pk} refused for good: 550",
        f"delivery {second.pk} is dead after 7 tries: 451",
    ]


@pytest.mark.django_db
def test_closed_port_pauses_the_channel_and_the_letters_go_when_it_is_open_again(
    deliveries, mail_server, states
):
    port = mail_server.port
    mail_server.stop()
    deliveries(*[f"concern:{number}" for number in range(20)])

    tasks.deliver()
    assert ChannelPause.objects.get().code == "ConnectionRefusedError"
    assert sorted(Delivery.objects.values_list("attempts", flat=True)) == [0] * 19 + [1]
    mail_server.start(port)
    with later(50):
        tasks.deliver()
    assert mail_server.mails == []  # the pause holds
    with later(75):
        tasks.deliver()

    assert len(mail_server.mails) == 20
    assert set(states().values()) == {(DeliveryState.SENT, "")}


@pytest.mark.django_db
def test_server_that_never_greets_costs_one_time_out_for_all(deliveries, talking_server, states):
    talking_server(then="silence")
    deliveries("concern:1", "concern:2", "concern:3")

    tasks.deliver()

    assert sorted(states().values()) == [(DeliveryState.PENDING, "")] * 2 + [
        (DeliveryState.PENDING, "timeout")
    ]
    assert ChannelPause.objects.get().code == "timeout"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("script", "then", "code"),
    [
        (GREETING, "silence", "timeout"),
        ((*GREETING, GO_AHEAD), "silence", "timeout"),
        ((*GREETING, GO_AHEAD), "close", "SMTPServerDisconnected"),
        ((*GREETING, b"451 busy\r\n"), "close", "451"),
        ((*GREETING, b"nonsense\r\n"), "close", "-1"),  # smtplib's number for no reply at all,
    ],
)
def test_server_that_fails_in_the_middle_is_tried_again(
    deliveries, author, talking_server, states, script, then, code
):
    talking_server(*script, then=then)
    deliveries("concern:1")

    tasks.deliver()

    assert states() == {"concern:1": (DeliveryState.PENDING, code)}
    assert author.bounces == []
    assert ChannelPause.objects.count() == 0


@pytest.mark.django_db
def test_next_letter_goes_out_after_the_server_hung_up(deliveries, mail_server, states):
    deliveries("concern:1", "concern:2")
    mail_server.rcpt_replies["concern-1@example.org"] = "421 4.3.2 too many mails"

    tasks.deliver()

    assert states() == {
        "concern:1": (DeliveryState.PENDING, "421 4.3.2"),
        "concern:2": (DeliveryState.SENT, ""),
    }


@pytest.mark.django_db
def test_letter_whose_body_was_erased_lapses(deliveries, mail_server, states):
    deliveries("concern:1", sealed=b"", key_id="")

    tasks.deliver()

    assert mail_server.mails == []
    assert states() == {"concern:1": (DeliveryState.LAPSED, "emptied")}


@pytest.mark.django_db
def test_letter_of_a_lost_key_waits_and_does_not_hold_up_others(
    deliveries, mail_server, settings, states
):
    deliveries("concern:1")
    new_key = "bmV3LWtleS1uZXcta2V5LW5ldy1rZXktbmV3LWtleS0="
    settings.MASTER_KEYS = {"new": new_key}
    deliveries("concern:2")

    tasks.deliver()

    found = states()
    assert found["concern:2"] == (DeliveryState.SENT, "")
    assert found["concern:1"][0] == DeliveryState.PENDING
    assert re.fullmatch(r"UnknownKey at common/crypto\.py:\d+", found["concern:1"][1])


@pytest.mark.django_db
def test_bounce_the_writer_stumbles_over_is_told_again_later(
    deliveries, author, mail_server, states, monkeypatch
):
    deliveries("concern:1")
    mail_server.rcpt_replies["concern-1@example.org"] = "550 5.1.1 unknown"
    with monkeypatch.context() as stumbling:
        stumbling.setattr(author, "bounced", None)
        tasks.deliver()
    state, code = states()["concern:1"]
    assert state == DeliveryState.PENDING
    assert re.fullmatch(r"TypeError at notifications/delivery\.py:\d+", code)

    with later(80):
        tasks.deliver()

    assert states() == {"concern:1": (DeliveryState.FAILED, "550 5.1.1")}
    assert author.bounces == [("concern:1", "email", "550 5.1.1")]


@pytest.mark.django_db
def test_letter_for_a_channel_nobody_installed_waits(deliveries, mail_server, states):
    deliveries("concern:1", channel="pigeon")
    deliveries("concern:2")

    tasks.deliver()

    assert states() == {
        "concern:1": (DeliveryState.PENDING, "no such channel"),
        "concern:2": (DeliveryState.SENT, ""),
    }


@pytest.mark.django_db
def test_letter_that_kills_its_workers_ends_dead(deliveries, mail_server, states):
    deliveries("concern:1", attempts=7)

    tasks.deliver()

    assert mail_server.mails == []
    assert states() == {"concern:1": (DeliveryState.DEAD, "worker lost")}


@pytest.mark.django_db
def test_claimed_letter_is_taken_again_only_after_its_lease(deliveries, mail_server):
    deliveries("concern:1")
    [claimed] = delivery.claim(limit=10)

    assert delivery.claim(limit=10) == []
    with later(5 * MINUTE + 1):
        [again] = delivery.claim(limit=10)

    assert (claimed.attempts, again.attempts) == (1, 2)
    assert again.message_id == claimed.message_id


@pytest.mark.django_db
def test_worker_that_lost_its_lease_changes_nothing_but_a_success(deliveries, mail_server, states):
    deliveries("concern:1")
    [slow] = delivery.claim(limit=10)
    with later(5 * MINUTE + 1):
        [quick] = delivery.claim(limit=10)

        delivery._refused(slow, ChannelError(permanent=False, code="timeout"))
        assert states() == {"concern:1": (DeliveryState.SENDING, "")}
        delivery._sent(slow, "250")
        delivery._refused(quick, ChannelError(permanent=False, code="timeout"))

    assert states() == {"concern:1": (DeliveryState.SENT, "")}


@pytest.mark.django_db(transaction=True)
def test_letter_taken_while_the_database_dies_is_marked_when_it_is_there_again(
    deliveries, mail_server, states, monkeypatch
):
    deliveries("concern:1")
    monkeypatch.setattr(mail_server, "taken", cut_connection())

    tasks.deliver()
    with later(5 * MINUTE + 1):
        tasks.sweep()

    assert states() == {"concern:1": (DeliveryState.SENT, "")}
    assert mail_server.recipients == {"concern-1@example.org": 1}


def cut_connection():
    """Ends this thread's connection to the database from another one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]

    def cut():
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        other.close()

    return cut


@pytest.mark.django_db
def test_run_out_of_time_gives_the_rest_back_without_costing_an_attempt(deliveries, mail_server):
    deliveries("concern:1", "concern:2")

    assert delivery.deliver_due(seconds=0) is True

    rows = Delivery.objects.values_list("state", "attempts", "locked_until")
    assert list(rows) == [(DeliveryState.PENDING, 0, None)] * 2


@pytest.mark.django_db(transaction=True)
def test_four_deliverers_at_once_send_each_letter_once(deliveries, mail_server, states):
    deliveries(*[f"concern:{number}" for number in range(300)])
    start = threading.Barrier(4)

    def work():
        start.wait()
        delivery.deliver_due()
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(mail_server.mails) == 300
    assert set(mail_server.recipients.values()) == {1}
    assert set(states().values()) == {(DeliveryState.SENT, "")}
