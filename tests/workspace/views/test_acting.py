"""Every act through its page: asked, said to whom it happens, done once; what is refused keeps what was written."""

import datetime as dt

import pytest

from common.actor import Actor
from common.clock import today
from common.models import ViewLog
from concerns.actions.filing import Filed
from concerns.actions.foretelling import OUTLOOKS
from concerns.actions.responsibility import transfer
from concerns.actions.safeguarding import hold
from concerns.actions.words import note
from concerns.actions.working import accept
from concerns.enums import State, Verb
from concerns.models import Concern, Event, Message, Note, Objection, Placement, Ticket
from concerns.queries.contact import contact_of
from concerns.references import pin
from tests.factories.crowd import crowd
from tests.support.acts import ALL, Act, name_of
from tests.support.pages import Form, Page
from tests.support.rows import snapshot
from tests.support.stages import assigned, in_progress, merged
from tests.support.town import Town, file, fresh
from tests.workspace.conftest import Desk
from workspace.labels import BUTTONS

SAID = "zebrafinch"
LATER = today().replace(year=today().year + 1, day=1).isoformat()
# Acts on one concern: their links stand with it.
ON_CONCERN = {
    *(Verb.SPLIT, Verb.MARK_SPAM, Verb.UNMARK_SPAM, Verb.CORRECT_CONTACT, Verb.RENEW_PROOF),
}


def begun(town: Town, act: Act) -> tuple[Filed, Ticket]:
    """What the act is done to, in a state in which its button is there, and the ticket whose page that is."""
    if act.verb == Verb.SUBMIT:
        filed = act.stage(town, category="appeal")
    elif act.verb == Verb.EXCLUDE:
        filed = next(one for one in ALL if one.verb == Verb.LIFT_CIRCLE).stage(town)
    else:
        filed = act.stage(town)
    if act.stage is merged:
        return filed, filed.ticket
    return filed, Placement.objects.open().get(concern=filed.concern).ticket


def door_to(act: Act, filed: Filed, page: Page) -> str | Form:
    """The link or the button on the ticket's page for this act."""
    code = act.verb.value.replace("_", "-")
    if act.verb == Verb.DECIDE_OBJECTION:
        return page.links[f"{BUTTONS[act.verb]}"]
    on_concern = act.verb in ON_CONCERN or (act.verb == Verb.DETACH and act.stage is not merged)
    where = f"concerns/{filed.concern.pk}" if on_concern else f"tickets/{filed.ticket.pk}"
    path = f"/workspace/{where}/{code}/"
    found = [href for href in page.links.values() if href.partition("?")[0] == path]
    return found[0] if found else next(one for one in page.forms if one.action == path)


def filled(form: Form, town: Town, filed: Filed) -> dict[str, str]:
    """Something right for every field an act may ask for."""
    other = Ticket.objects.exclude(pk=filed.ticket.pk).order_by("pk").values_list("pk", flat=True)
    values = {
        "text": SAID,
        "reason": "claims" if "reason" in form.options else SAID,
        "words": SAID,
        "partner": SAID,
        "department": str(town.office("parks").pk),
        "assignee": str(town.people["clara"].pk),
        "person": str(town.people["paul"].pk),
        "date": LATER,
        "until": LATER,
        "outcome": "fixed" if "fixed" in form.options.get("outcome", []) else "cannot_do",
        "verdict": "upheld",
        "category": "noise",
        "circle": "personnel",
        "lead": str(other[0]) if other else "",
        "other": str(other[0]) if other else "",
        "finding": "different",
        "priority": "1",
        "address": "Hill Road 9",
        "lat": "54.05",
        "lon": "-0.85",
        "name": "Rita Roe",
        "email": "new@people.example",
    }
    return {name: value for name, value in values.items() if name in form.fields}


def meanwhile(town: Town, act: Act, ticket: Ticket) -> str:
    """Something that somebody else who sees the ticket does to it; how the timeline calls it."""
    if act.verb == Verb.UNRESTRICT:
        hold(
            actor=town.actor("alma"),
            ticket_id=ticket.pk,
            reason="audit",
            until=dt.date.fromisoformat(LATER),
        )
        return "Kept from erasure"
    somebody = "tess" if act.verb in (Verb.LIFT_CIRCLE, Verb.EXCLUDE) else "dora"
    note(actor=town.actor(somebody), ticket_id=ticket.pk, text="Meanwhile.")
    return "Note added"


def test_every_button_has_an_act_here() -> None:
    assert {act.verb for act in ALL} == set(BUTTONS)


@pytest.mark.parametrize("act", ALL, ids=name_of)
def test_act_is_done_through_its_page(town: Town, desk: Desk, act: Act) -> None:
    filed, ticket = begun(town, act)
    visitor = desk(act.by)
    page = visitor.open(f"/workspace/tickets/{ticket.pk}/")
    assert page.status == 200
    before = Event.objects.latest("pk").pk

    door = door_to(act, filed, page)
    if isinstance(door, Form):
        after = visitor.press(page, door)
    else:
        asked = visitor.open(door)
        assert asked.heading == BUTTONS[act.verb]
        form = asked.form("version")
        assert (("preview", "1") in form.buttons) == (act.verb in OUTLOOKS)
        after = visitor.press(asked, form, **filled(form, town, filed))

    assert after.status == 200, after.words
    if act.verb == Verb.RENEW_PROOF:
        concern = Concern.objects.get(pk=filed.concern.pk)
        assert pin(concern.pk, concern.generation) in after.words
        assert concern.generation == 2
    else:
        assert after.url in (f"/workspace/tickets/{ticket.pk}/", "/workspace/")
    assert act.verb in Event.objects.filter(pk__gt=before).values_list("verb", flat=True)
    assert Event.objects.filter(pk__gt=before, actor_ref=town.actor(act.by).ref).exists()


@pytest.mark.parametrize("act", [one for one in ALL if one.verb != Verb.NOTE], ids=name_of)
def test_stale_page_changes_nothing_and_keeps_the_input(town: Town, desk: Desk, act: Act) -> None:
    filed, ticket = begun(town, act)
    visitor = desk(act.by)
    page = visitor.open(f"/workspace/tickets/{ticket.pk}/")
    door = door_to(act, filed, page)
    asked = page if isinstance(door, Form) else visitor.open(door)
    form = door if isinstance(door, Form) else asked.form("version")
    said = filled(form, town, filed)
    happens = meanwhile(town, act, ticket)
    unchanged = snapshot()

    refused = visitor.press(asked, form, **said)

    assert (refused.status, refused.title) == (409, "Somebody else was faster – Northmoor")
    assert f"Last: {happens} (" in refused.words
    assert snapshot() == unchanged
    again = refused.form("version")
    assert again["version"] == str(fresh(ticket).version)
    assert {name: again[name] for name in said} == said
    done = visitor.press(refused, again)
    assert done.status == 200, done.words


def test_note_is_true_whatever_happened_meanwhile(town: Town, desk: Desk) -> None:
    filed = in_progress(town)
    visitor = desk("carl")
    asked = visitor.open(f"/workspace/tickets/{filed.ticket.pk}/note/")
    note(actor=town.actor("clara"), ticket_id=filed.ticket.pk, text="Meanwhile.")

    page = visitor.press(asked, asked.form("version"), text="The lamp is dark, too.")

    assert page.url == f"/workspace/tickets/{filed.ticket.pk}/"
    written = Note.objects.filter(ticket=filed.ticket).order_by("pk")
    assert list(written.values_list("text", flat=True)) == ["Meanwhile.", "The lamp is dark, too."]


def test_ticket_that_changed_on_the_way_to_the_form_says_so(town: Town, desk: Desk) -> None:
    filed = in_progress(town)
    visitor = desk("carl")
    page = visitor.open(f"/workspace/tickets/{filed.ticket.pk}/")
    note(actor=town.actor("clara"), ticket_id=filed.ticket.pk, text="Meanwhile.")

    asked = visitor.open(page.links["Answer and finish"])

    assert "This ticket has changed since you opened it" in asked.words
    assert "Last: Note added (Clara, " in asked.words
    assert asked.form("version")["version"] == str(fresh(filed.ticket).version)


def test_invalid_entry_does_not_hide_a_change(town: Town, desk: Desk) -> None:
    filed = in_progress(town)
    visitor = desk("carl")
    asked = visitor.open(f"/workspace/tickets/{filed.ticket.pk}/resolve/")
    note(actor=town.actor("clara"), ticket_id=filed.ticket.pk, text="Meanwhile.")

    invalid = visitor.press(asked, asked.form("version"), outcome="fixed", text="")
    refused = visitor.press(invalid, invalid.form("version"), text="It is filled.")

    assert invalid.status == 422
    assert invalid.error("text") == "Please write something."
    assert refused.title == "Somebody else was faster – Northmoor"
    assert fresh(filed.ticket).state == State.IN_PROGRESS


def test_what_is_no_longer_possible_can_be_copied(town: Town, desk: Desk) -> None:
    filed = in_progress(town)
    visitor = desk("carl")
    asked = visitor.open(f"/workspace/tickets/{filed.ticket.pk}/resolve/")
    resolve = asked.form("version")
    other = desk("clara")
    theirs = other.open(f"/workspace/tickets/{filed.ticket.pk}/decline/")
    other.press(theirs, theirs.form("version"), outcome="cannot_do", text="The frost.")

    refused = visitor.press(asked, resolve, outcome="fixed", text="It is filled.")

    assert refused.status == 409
    assert "Nothing was saved, and this is no longer possible." in refused.words
    assert "It is filled." in refused.words
    assert "Last: Declined (Clara, " in refused.words
    assert [one for one in refused.forms if "version" in one.fields] == [refused.forms[-1]]
    assert fresh(filed.ticket).state == State.DECLINED


def test_right_that_was_lost_meanwhile_keeps_the_input(town: Town, desk: Desk) -> None:
    filed = in_progress(town)
    visitor = desk("carl")
    asked = visitor.open(f"/workspace/tickets/{filed.ticket.pk}/note/")
    transfer(
        actor=town.actor("dora"),
        ticket_id=filed.ticket.pk,
        department_id=town.office("parks").pk,
        reason="Trees.",
    )

    refused = visitor.press(asked, asked.form("version"), text="A long observation.")

    assert refused.status == 403
    assert "You may not do this." in refused.words
    assert "A long observation." in refused.words
    assert Note.objects.filter(text="A long observation.").count() == 0


@pytest.mark.parametrize(
    ("verb", "filled_in", "field", "said"),
    [
        ("resolve", {"outcome": "", "text": "Done."}, "outcome", "Please choose one."),
        ("resolve", {"outcome": "cannot_do", "text": "x"}, "outcome", "Select a valid choice."),
        ("resolve", {"outcome": "fixed", "text": "x" * 10_001}, "text", "This text is too long."),
        ("resolve", {"outcome": "fixed", "text": "a\0b"}, "text", "This text contains signs"),
        ("decline", {"outcome": "not_responsible", "text": "x"}, "responsible_body", "Please"),
        ("schedule", {"date": "2020-01-01"}, "date", "This date lies in the past."),
        ("schedule", {"date": "tomorrow"}, "date", "Enter a valid date."),
        ("schedule", {"date": "99999-01-01"}, "date", "Enter a valid date."),
        ("assign", {"assignee": "999999999999999999999"}, "assignee", "Select a valid choice."),
        ("transfer", {"department": "x", "reason": "y"}, "department", "Select a valid choice."),
        ("join", {"lead": "4711"}, "lead", "You see no ticket of this number or reference."),
        ("join", {"lead": "9" * 60}, "lead", "You see no ticket of this number or reference."),
        ("join", {"lead": "nonsense"}, "lead", "You see no ticket of this number or reference."),
        ("join", {"lead": ""}, "lead", "Please name the other ticket."),
        ("compare", {"other": "4711"}, "other", "You see no ticket of this number or reference."),
        ("compare", {"finding": ""}, "finding", "Please choose one."),
        ("relocate", {"lat": "10", "lon": "10"}, "lat", "This place lies outside the city."),
        ("relocate", {"lat": "NaN", "lon": "1"}, "lat", "Enter a number."),
        ("refer", {"partner": "", "text": "x"}, "partner", "Please name the body."),
        ("ask", {"text": " \n"}, "text", "Please write something."),
    ],
)
def test_wrong_entry_is_said_at_its_field_and_kept(
    town: Town, desk: Desk, verb: str, filled_in: dict[str, str], field: str, said: str
) -> None:
    filed = in_progress(town)
    visitor = desk("carl")
    asked = visitor.open(f"/workspace/tickets/{filed.ticket.pk}/{verb}/")

    refused = visitor.press(asked, asked.form("version"), **filled_in)

    assert refused.status in (409, 422)
    assert refused.error(field).startswith(said)
    form = refused.form("version")
    for name, value in filled_in.items():
        assert form[name] == (
            value if name not in form.options or value in form.options[name] else ""
        )
    assert fresh(filed.ticket).version == Ticket.objects.get(pk=filed.ticket.pk).version


def test_join_takes_number_or_reference(town: Town, desk: Desk) -> None:
    lead = file()
    visitor = desk("carl")
    for typed in (str(lead.ticket.pk), f"#{lead.ticket.pk}", lead.concern.reference.lower()):
        filed = assigned(town)
        asked = visitor.open(f"/workspace/tickets/{filed.ticket.pk}/join/")

        page = visitor.press(asked, asked.form("version"), lead=typed)

        assert page.url == f"/workspace/tickets/{filed.ticket.pk}/"
        assert fresh(filed.ticket).merged_into_id == lead.ticket.pk


def test_join_to_a_ticket_one_may_not_see_is_no_different_from_none(town: Town, desk: Desk) -> None:
    filed, tree = assigned(town), file(category="tree")
    visitor = desk("carl")
    asked = visitor.open(f"/workspace/tickets/{filed.ticket.pk}/join/")

    pages = [
        visitor.press(asked, asked.form("version"), lead=lead)
        for lead in (str(tree.ticket.pk), tree.concern.reference, "99999", "K7M-4QX-9R1")
    ]

    assert {page.error("lead") for page in pages} == {
        "You see no ticket of this number or reference. Please check it."
    }


@pytest.mark.parametrize(
    ("name", "verb", "status"),
    [
        ("paul", "accept", 404),
        ("carl", "route", 403),
        ("ada", "transfer", 403),
        ("carl", "start", 409),
        ("carl", "publish", 200),
        ("carl", "fly", 404),
        ("carl", "remind", 404),
        ("carl", "accept_", 404),
    ],
)
def test_page_of_an_act_opens_only_for_whom_and_when_it_is_possible(
    town: Town, desk: Desk, name: str, verb: str, status: int
) -> None:
    filed = in_progress(town)

    assert desk(name).open(f"/workspace/tickets/{filed.ticket.pk}/{verb}/").status == status


@pytest.mark.parametrize("path", ["tickets/{0}/note/", "concerns/{0}/split/", "objections/{0}/"])
@pytest.mark.parametrize("pk", ["0", "4711", "9" * 30])
def test_things_that_do_not_exist_are_pages_that_do_not(
    town: Town, desk: Desk, path: str, pk: str
) -> None:
    assert desk("carl").open(f"/workspace/{path.format(pk)}").status == 404


def test_clerk_of_another_department_changes_nothing(town: Town, desk: Desk) -> None:
    filed = in_progress(town)
    mine = desk("carl").open(f"/workspace/tickets/{filed.ticket.pk}/note/")
    paul = desk("paul")
    paul.open("/workspace/")
    form = mine.form("version")
    form.fields["csrfmiddlewaretoken"] = [paul.client.cookies["csrftoken"].value]
    unchanged = snapshot()

    refused = paul.press(mine, form, text="Trespass.")

    assert (refused.status, refused.heading) == (404, "This page does not exist")
    assert snapshot()["concerns_note"] == unchanged["concerns_note"]


def test_confidential_ticket_vanishes_for_whom_the_circle_leaves_out(
    town: Town, desk: Desk
) -> None:
    filed = in_progress(town)
    visitor = desk("carl")
    asked = visitor.open(f"/workspace/tickets/{filed.ticket.pk}/encircle/")
    assert "Only the circle will see this ticket" in asked.words

    page = visitor.press(asked, asked.form("version"), circle="personnel")

    assert page.url == "/workspace/"
    assert visitor.open(f"/workspace/tickets/{filed.ticket.pk}/").status == 404
    assert desk("petra").open(f"/workspace/tickets/{filed.ticket.pk}/").status == 200


@pytest.mark.parametrize(
    ("verb", "sentence"),
    [
        ("resolve", "37 people are answered. 3 of them left no address"),
        ("decline", "37 people are answered. 3 of them left no address"),
        ("message", "34 people are told by mail."),
        ("transfer", "34 people are told by mail."),
        ("schedule", "34 people are told by mail."),
        ("ask", "The clock of the resolution stands still until somebody answers."),
        ("publish", "Everybody will see category, rough place and public state of this matter"),
        ("join", "The people of this ticket hear that others reported the same"),
    ],
)
def test_act_says_beforehand_what_happens_to_whom(
    town: Town, desk: Desk, verb: str, sentence: str
) -> None:
    filed = in_progress(town)
    silent = crowd(filed.ticket, 36)[:3]
    for one in silent:
        one.reporter = None
        one.save()

    page = desk("carl").open(f"/workspace/tickets/{filed.ticket.pk}/{verb}/")

    assert sentence in page.words


def test_message_goes_to_those_chosen(town: Town, desk: Desk) -> None:
    filed = in_progress(town)
    crowd(filed.ticket, 2)
    visitor = desk("carl")
    asked = visitor.open(f"/workspace/tickets/{filed.ticket.pk}/message/")
    form = asked.form("version")
    assert len(form.options["concerns"]) == 3

    visitor.press(asked, form, text="Only for you.", concerns=[str(filed.concern.pk)])

    assert list(Message.objects.values_list("concern", "text")) == [
        (filed.concern.pk, "Only for you.")
    ]


def test_contact_data_are_corrected_from_what_is_there(town: Town, desk: Desk) -> None:
    filed = file(name="Rita Roe", email="rita@people.example")
    visitor = desk("carl")
    page = visitor.open(f"/workspace/tickets/{filed.ticket.pk}/")

    asked = visitor.open(page.links["Correct contact data"])
    form = asked.form("version")
    assert (form["name"], form["email"]) == ("Rita Roe", "rita@people.example")
    visitor.press(asked, form, phone="01632 960123")

    filed.concern.refresh_from_db()
    assert filed.concern.reporter is not None
    contact = contact_of(Actor.system(), filed.concern.reporter, purpose="own")
    assert contact == {
        "name": "Rita Roe",
        "email": "rita@people.example",
        "phone": "+441632960123",
    }
    log = ViewLog.objects.filter(purpose="correction")
    assert list(log.values_list("actor_ref", flat=True)) == [town.actor("carl").ref]


def test_wrong_contact_data_are_kept_and_replace_nothing(town: Town, desk: Desk) -> None:
    filed = file(name="Rita Roe", email="rita@people.example")
    visitor = desk("carl")
    asked = visitor.open(f"/workspace/concerns/{filed.concern.pk}/correct-contact/")

    refused = visitor.press(asked, asked.form("version"), email="rita@")

    assert refused.status == 409
    assert refused.error("email").startswith("This is no complete e-mail address.")
    assert refused.form("version")["email"] == "rita@"


def test_answer_is_written_with_the_words_in_sight(town: Town, desk: Desk) -> None:
    filed = file("There is <b>a hole</b>.")
    accept(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
    crowd(filed.ticket, 2)
    visitor = desk("carl")

    for path in (f"tickets/{filed.ticket.pk}/resolve", f"concerns/{filed.concern.pk}/split"):
        page = visitor.open(f"/workspace/{path}/")
        assert f"{filed.concern.reference} There is <b>a hole</b>." in page.words
    assert "a hole" not in visitor.open(f"/workspace/tickets/{filed.ticket.pk}/note/").words


def test_approval_shows_what_people_will_read(town: Town, desk: Desk) -> None:
    act = next(one for one in ALL if one.verb == Verb.APPROVE)
    filed = act.stage(town)

    page = desk("ada").open(f"/workspace/tickets/{filed.ticket.pk}/approve/")

    assert "This is what people will read The hole is filled." in page.words


def test_decided_objection_cannot_be_decided_again(town: Town, desk: Desk) -> None:
    act = next(one for one in ALL if one.verb == Verb.DECIDE_OBJECTION)
    filed = act.stage(town)
    objection = Objection.objects.get(concern=filed.concern)
    visitor = desk("tess")
    asked = visitor.open(f"/workspace/objections/{objection.pk}/")
    form = asked.form("version")
    assert form.options["verdict"] == ["", "upheld", "reopened"]
    visitor.press(asked, form, verdict="reopened", text="You are right.")

    assert visitor.open(f"/workspace/objections/{objection.pk}/").status == 404
    assert visitor.press(asked, form, verdict="upheld", text="No.").status == 404
    objection.refresh_from_db()
    assert objection.verdict == "reopened"


@pytest.mark.parametrize("name", ["carl", "paul", "dora"])
def test_objection_is_decided_only_by_whom_it_is_for(town: Town, desk: Desk, name: str) -> None:
    act = next(one for one in ALL if one.verb == Verb.DECIDE_OBJECTION)
    filed = act.stage(town)
    objection = Objection.objects.get(concern=filed.concern)

    page = desk(name).open(f"/workspace/objections/{objection.pk}/")

    assert page.status == {"carl": 403, "paul": 404, "dora": 200}[name]
