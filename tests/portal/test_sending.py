"""The last button pressed twice at once: one concern, one thanks."""

import threading

import pytest
from django.db import connection, connections
from django.http import QueryDict

from common.idempotency import AlreadyInProgress, Answer, Once, answer_once, new_key
from concerns.models import Concern
from portal import sending
from portal.sending import Receipt, filed, named, send
from portal.wizard import Walk
from tests.support.files import JPEG, PNG, upload
from tests.support.town import Town

BODY = "words=It+is+loud.&category=noise&step=check&go=next"


def walk(body: str = BODY, key: str = "k" * 22) -> Walk:
    return Walk(QueryDict(f"{body}&once={key}"), "en")


def test_filing_with_another_photo_is_another_one(town: Town) -> None:
    def with_files(*contents: bytes) -> Once:
        return named(walk().data, "report", [upload(content) for content in contents])

    assert with_files(PNG, JPEG) == with_files(PNG, JPEG)
    others = [with_files(), with_files(PNG), with_files(JPEG, PNG), with_files(PNG, PNG)]
    assert [one == with_files(PNG, JPEG) for one in others] == [False] * 4


@pytest.mark.parametrize(
    ("body", "same"),
    [
        (BODY.replace("step=check&go=next", "go=next&step=what"), True),
        (f"{BODY}&csrfmiddlewaretoken=another", True),
        (BODY.replace("loud", "quiet"), False),
        (f"{BODY}&email=rita%40people.example", False),
    ],
)
def test_filing_is_named_by_key_and_content(town: Town, body: str, *, same: bool) -> None:
    assert (named(walk(body).data, "report") == named(walk().data, "report")) is same


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "ä" * 22, "a b" * 8])
def test_key_that_is_none_of_ours_counts_as_a_new_one(town: Town, key: str) -> None:
    assert named(walk(key=key).data, "report").key != named(walk(key=key).data, "report").key


def test_keys_are_long_enough_not_to_be_guessed() -> None:
    assert len({new_key() for _each in range(100)}) == 100
    assert len(new_key()) == 22


def test_replay_derives_the_proof_and_stores_none(town: Town) -> None:
    first, second = send(walk()), send(walk())

    assert first == second
    concern = Concern.objects.get()
    assert first == Receipt(concern.reference, concern.pk, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT body::text || filling::text FROM common_idempotentrequest")
        assert first.token not in cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_file_one_concern(town: Town) -> None:
    start = threading.Barrier(2)
    receipts: list[Receipt] = []

    def press() -> None:
        start.wait()
        try:
            receipts.append(send(walk()))
        finally:
            connections.close_all()

    presses = [threading.Thread(target=press) for _each in range(2)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()

    concern = Concern.objects.get()
    assert receipts == [Receipt(concern.reference, concern.pk, 1)] * 2


@pytest.mark.django_db(transaction=True)
def test_press_that_cannot_wait_longer_says_so(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PAUSES", (0.01,))
    held, let_go = threading.Event(), threading.Event()

    def slowly() -> Answer:
        answer = filed(walk())
        held.set()
        let_go.wait(10)
        return answer

    def hold() -> None:
        """Files, and does not commit before it is told to."""
        try:
            answer_once(named(walk().data, "report"), slowly)
        finally:
            connections.close_all()

    first = threading.Thread(target=hold)
    first.start()
    assert held.wait(10)
    try:
        with pytest.raises(AlreadyInProgress):
            send(walk())
    finally:
        let_go.set()
        first.join()

    assert Concern.objects.count() == 1
