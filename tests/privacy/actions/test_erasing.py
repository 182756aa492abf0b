"""After erasure nobody is left in what is kept, and the record still proves itself whole."""

import datetime as dt

import pytest
from django.db import connection

from backend.celery import app
from common.actor import Actor
from common.clock import today
from concerns.actions.joining import join
from concerns.actions.screening import discard, restore
from concerns.actions.words import note
from concerns.errors import NotAllowed, Refused
from concerns.models import Attachment, Concern, Event, Message, Note, Publication, Reporter, Ticket
from concerns.models.attachment import attachment_storage
from concerns.queries.audit import broken_chains
from notifications.enums import DeliveryState
from notifications.models import Delivery
from privacy import tasks
from privacy.actions import erasing, journal
from privacy.actions.erasing import erase_ticket, replay, sweep
from privacy.actions.journal import Entry
from privacy.erasure import emptied
from tests.support.erasing import MARK, Traces, later, left_behind, tables_with
from tests.support.town import Town, file

TRACES = [
    "concerns_attachment",
    "concerns_concern",
    "concerns_message",
    "concerns_note",
    "concerns_ticket",
]


def swept(days: int = 31) -> int:
    with later(days):
        return sweep()


def test_nobody_is_left_after_thirty_days(town: Town, django_capture_on_commit_callbacks) -> None:
    traces = left_behind(town)
    before = list(Event.objects.order_by("pk").values())
    assert tables_with(MARK) == TRACES
    assert attachment_storage().exists(traces.file_name)

    with django_capture_on_commit_callbacks(execute=True):
        assert swept() == 1

    assert tables_with(MARK) == []
    assert not attachment_storage().exists(traces.file_name)
    assert (Reporter.objects.count(), Attachment.objects.count()) == (0, 0)
    assert list(Event.objects.order_by("pk").values()) == before
    assert list(broken_chains()) == []


def test_what_is_left_says_what_it_was_about_and_in_which_quarter(town: Town) -> None:
    traces = left_behind(town)
    version = traces.ticket.version

    swept()

    ticket = traces.ticket
    concern = Concern.objects.get()
    assert (ticket.title, ticket.district.key) == ("Pothole, Harbour", "harbour")
    assert (ticket.address, ticket.lat, ticket.lon) == ("", None, None)
    assert (concern.words, concern.address, concern.lat, concern.reporter) == ("", "", None, None)
    assert (concern.category.slug, concern.district.key) == ("pothole", "harbour")
    assert set(Message.objects.values_list("text", "author")) == {("", None)}
    assert set(Note.objects.values_list("text", "author")) == {("", None)}
    assert Publication.objects.values_list("lat", "lon").get() == (None, None)
    assert None not in (ticket.erased_at, concern.erased_at)
    assert ticket.version == version + 1


def test_letters_are_emptied_and_those_waiting_do_not_leave(town: Town) -> None:
    left_behind(town)
    waiting = Delivery.objects.exclude(key_id="")
    assert waiting.count() > 0

    swept()

    assert waiting.count() == 0
    assert set(Delivery.objects.values_list("sealed", flat=True)) == {b""}
    assert Delivery.objects.filter(state=DeliveryState.SENT).count() == 0


@pytest.mark.parametrize(("days", "done"), [(29, 0), (31, 1)])
def test_thirty_days_are_kept(town: Town, days: int, done: int) -> None:
    left_behind(town)

    assert swept(days) == done


def test_other_tickets_stay_as_they_are(town: Town) -> None:
    left_behind(town)
    other = file("Something else.", email="anna@people.example")

    swept()

    assert Concern.objects.get(pk=other.concern.pk).words == "Something else."
    assert Reporter.objects.get() == other.concern.reporter


def test_a_reporter_stays_while_another_concern_has_them(town: Town) -> None:
    traces = left_behind(town)
    other = file("Something else.")
    Concern.objects.filter(pk=other.concern.pk).update(reporter=traces.filed.concern.reporter)

    swept()

    assert Reporter.objects.get() == traces.filed.concern.reporter
    assert Concern.objects.get(pk=traces.filed.concern.pk).reporter is None


def test_tickets_joined_into_it_and_their_people_go_along(town: Town) -> None:
    lead = file("The first.", email="anna@people.example")
    joined = file(f"{MARK} too.", email="rita@people.example")
    note(actor=town.actor("carl"), ticket_id=joined.ticket.pk, text=MARK)
    join(actor=town.actor("carl"), ticket_id=joined.ticket.pk, lead_id=lead.ticket.pk)
    discard(actor=town.actor("dora"), ticket_id=lead.ticket.pk, reason="Spam.")

    assert swept() == 1

    assert tables_with(MARK) == []
    assert Reporter.objects.count() == 0
    assert Ticket.objects.filter(erased_at__isnull=False).count() == 2


@pytest.mark.parametrize("where", [Ticket, Concern])
@pytest.mark.parametrize(
    "kept", [{"restricted_at": "now"}, {"hold_until": 40}], ids=["restricted", "held"]
)
def test_what_is_held_back_is_kept(town: Town, where: type, kept: dict[str, object]) -> None:
    traces = left_behind(town)
    days = kept.get("hold_until")
    change = (
        {"hold_until": today() + dt.timedelta(days=days)}
        if isinstance(days, int)
        else {"restricted_at": traces.ticket.created_at}
    )
    where.objects.update(**change)

    assert swept() == 0
    assert swept(42) == (1 if isinstance(days, int) else 0)


def test_what_was_restored_is_kept(town: Town) -> None:
    traces = left_behind(town)
    restore(actor=town.actor("dora"), ticket_id=traces.ticket.pk, reason="No spam.")

    assert swept() == 0
    with pytest.raises(Refused):
        erase_ticket(actor=Actor.system(), ticket_id=traces.ticket.pk)
    assert tables_with(MARK) == TRACES


def test_people_do_not_erase_by_hand(town: Town) -> None:
    traces = left_behind(town)

    with later(31), pytest.raises(NotAllowed):
        erase_ticket(actor=town.actor("alma"), ticket_id=traces.ticket.pk)


def test_what_was_erased_is_not_restored(town: Town) -> None:
    traces = left_behind(town)
    swept()

    with pytest.raises(NotAllowed):
        restore(actor=town.actor("dora"), ticket_id=traces.ticket.pk, reason="Back.")


def test_a_second_round_does_nothing(town: Town) -> None:
    left_behind(town)
    swept()
    before = list(journal.read())

    assert swept(33) == 0
    assert list(journal.read()) == before


def test_every_erasure_is_written_down_by_id_alone(town: Town, journal_file) -> None:
    traces = left_behind(town)
    made = [traces.ticket.created_at.isoformat(), traces.filed.concern.created_at.isoformat()]

    swept()

    assert list(journal.read()) == [
        Entry("ticket", traces.ticket.pk, made[0]),
        Entry("concern", traces.filed.concern.pk, made[1]),
    ]
    assert MARK not in journal_file.read_text()
    assert journal_file.stat().st_mode & 0o777 == 0o600


def test_without_a_journal_nothing_is_erased(town: Town, settings, tmp_path) -> None:
    left_behind(town)
    (tmp_path / "file").write_text("")
    settings.ERASURE_JOURNAL = tmp_path / "file" / "erasures.jsonl"

    with pytest.raises(OSError, match="file"):
        swept()

    assert tables_with(MARK) == TRACES


def test_a_ticket_that_cannot_be_erased_keeps_no_other_from_it(
    town: Town, monkeypatch, caplog
) -> None:
    first, second = left_behind(town), left_behind(town, "Otherword")
    emptying = erasing.empty_ticket

    def broken(ticket: Ticket) -> None:
        if ticket.pk == first.ticket.pk:
            raise ZeroDivisionError(MARK)
        emptying(ticket)

    monkeypatch.setattr(erasing, "empty_ticket", broken)

    assert swept() == 1
    assert (first.ticket.erased_at, second.ticket.erased_at is None) == (None, False)
    assert tables_with(MARK) == TRACES
    assert f"erasing failed at ticket {first.ticket.pk}: ZeroDivisionError" in caplog.text
    assert MARK not in caplog.text


def test_a_store_that_is_away_keeps_nobody_from_erasing(
    town: Town, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    left_behind(town)

    def away(_name: str) -> None:
        raise OSError(MARK)

    monkeypatch.setattr(attachment_storage(), "delete", away)

    with django_capture_on_commit_callbacks(execute=True):
        assert swept() == 1
    assert tables_with(MARK) == []


def brought_back(traces: Traces) -> None:
    """As a backup would: the person is in it again."""
    Concern.objects.filter(pk=traces.filed.concern.pk).update(words=MARK, erased_at=None)
    Ticket.objects.filter(pk=traces.ticket.pk).update(title=MARK, erased_at=None)


def test_the_journal_erases_again_what_a_backup_brought_back(town: Town) -> None:
    traces = left_behind(town)
    swept()
    brought_back(traces)

    assert replay() == (2, 0)
    assert tables_with(MARK) == []
    assert replay() == (0, 0)


def test_the_journal_erases_no_other_row_of_the_same_id(town: Town) -> None:
    """A restored database gives ids a second time."""
    traces = left_behind(town)
    swept()
    brought_back(traces)
    moment = traces.ticket.created_at + dt.timedelta(microseconds=1)
    Concern.objects.update(created_at=moment)
    Ticket.objects.update(created_at=moment)

    assert replay() == (0, 0)


def test_half_a_line_is_no_entry_and_spoils_no_other(town: Town, journal_file) -> None:
    traces = left_behind(town)
    journal_file.parent.mkdir()
    journal_file.write_text('{"kind": "concern", "id": 1')
    swept()
    brought_back(traces)

    assert replay() == (2, 1)


def test_the_beat_rings_for_it(town: Town, settings) -> None:
    left_behind(town)
    entry = settings.CELERY_BEAT_SCHEDULE[tasks.erase.name.replace(".", "-")]

    with later(31):
        app.tasks[entry["task"]].apply().get()

    assert tables_with(MARK) == []
    assert entry["schedule"] == 24 * 3600


def test_every_declared_field_can_be_emptied(town: Town) -> None:
    """The database takes the values: what is empty by declaration is so by constraint."""
    left_behind(town)
    for model in (Concern, Message, Note, Ticket):
        values = emptied(model)
        assert values.keys() == model.personal_fields
        if model is not Concern:
            model.objects.update(**values)
    connection.check_constraints()
