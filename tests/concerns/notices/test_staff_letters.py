"""What stands in letters to the city's people, what they cost, and that each reaches them once."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.enums import NoticeChoice
from concerns import links
from concerns.actions.contact import correct_contact
from concerns.actions.filing import Place
from concerns.actions.informing import inform
from concerns.actions.tending import tend
from concerns.actions.voicing import object_to_result
from concerns.actions.words import reply, send_message
from concerns.actions.working import accept
from concerns.enums import Channel, Verb
from concerns.models import Event, Objection
from concerns.notices import TOPIC
from concerns.notices.writer import NoticeWriter
from notifications import delivery
from notifications.enums import DeliveryState, EnvelopeState
from notifications.models import Delivery, Envelope
from tests.concerns.notices.staff import at_once, choose, readers, said, to_staff
from tests.factories.crowd import crowd
from tests.support import stages
from tests.support.sql import statements
from tests.support.stories import at
from tests.support.town import file

WEEK = dt.timedelta(days=7)
MONDAY = dt.datetime(2026, 11, 16, 10, tzinfo=dt.UTC)


def ignored(**_told: object) -> None:
    pass


def only(mails, name):
    """The one mail to a person of the city."""
    [mail] = [mail for mail in to_staff(mails) if mail.to.startswith(f"{name}@")]
    return mail


def german(person):
    person.language = "de"
    person.save(update_fields=["language"])


def test_a_letter_says_the_matter_the_news_and_the_way_there(town, post):
    at_once(town.people["carl"])
    filed = file()

    mail = only(post.out(), "carl")

    assert (mail.subject, mail.language) == ("Pothole, Quay Street 5: new in Streets", "en")
    assert said(mail) == [
        "A new ticket has come to Streets.",
        "Pothole, Quay Street 5",
        f"Ticket {filed.ticket.pk}, due by 19 November",
        "You can go on here:",
        f"https://northmoor.example/workspace/tickets/{filed.ticket.pk}/",
    ]
    assert mail.text.rstrip().splitlines()[-6:] == [
        "Please do not reply to this e-mail, for nobody would read it.",
        "How you hear of news is your choice:",
        "https://northmoor.example/workspace/account/",
        "",
        "Northmoor",
        "For people who work for the city",
    ]


def test_it_is_written_in_the_persons_language(town, post):
    at_once(town.people["carl"])
    german(town.people["carl"])
    filed = file()

    mail = only(post.out(), "carl")

    assert (mail.subject, mail.language) == ("Pothole, Quay Street 5: neu bei Straßenamt", "de")
    assert said(mail) == [
        "Ein neuer Vorgang ist da, zuständig: Straßenamt.",
        "Pothole, Quay Street 5",
        f"Vorgang {filed.ticket.pk}, fällig bis 19. November",
        "Hier geht es weiter:",
        f"https://northmoor.example/workspace/tickets/{filed.ticket.pk}/",
    ]
    assert mail.html.splitlines()[1] == '<html lang="de" dir="ltr">'
    assert mail.html.count(f'href="https://northmoor.example/workspace/tickets/{filed.ticket.pk}/"')


def test_what_people_wrote_and_who_they_are_never_stands_in_it(town, post):
    at_once()
    filed = file("zebrafinch", email="zebrafinch@people.example", name="Rita Zebrafinch")
    reply(concern_id=filed.concern.pk, text="zebrafinch again")
    stages.resolved(town)

    mails = to_staff(post.out())

    assert readers(mails) != []
    assert [
        one for one in mails if "zebrafinch" in (one.subject + one.text + one.html).lower()
    ] == []


def test_a_place_cannot_be_markup(town, post):
    at_once(town.people["carl"])
    place = Place(address="<b>Quay</b> & 5", lat=54.05, lon=-0.95)
    file(place=place)

    mail = only(post.out(), "carl")

    assert mail.subject == "Pothole, <b>Quay</b> & 5: new in Streets"
    assert mail.html.count("&lt;b&gt;Quay&lt;/b&gt; &amp; 5") >= 1
    assert mail.html.count("<b>") == 0


def test_a_place_turns_no_subject_around(town, post):
    at_once(town.people["carl"])
    file(place=Place(address="Quay \u202egpj.exe", lat=54.05, lon=-0.95))

    assert only(post.out(), "carl").subject == "Pothole, Quay gpj.exe: new in Streets"


def test_links_lead_to_pages_there_are(settings):
    settings.PUBLIC_URL = ""

    assert links.ticket_url(7) == reverse("workspace:ticket", args=[7])
    assert links.queue_url("mine") == reverse("workspace:named-queue", args=["mine"])
    assert links.desk_url() == reverse("workspace:queue")
    assert links.account_url() == reverse("workspace:account")
    assert links.deliveries_url() == reverse("workspace:deliveries")


# --- what nobody presses a button for ----------------------------------------------------------------------------


def test_a_wait_that_ran_out_is_told_to_the_assignee(town, post):
    at_once()
    stages.waiting_reporter(town)
    post.out()
    for weeks in (2, 3):
        with at(MONDAY + weeks * WEEK + dt.timedelta(hours=weeks)):
            tend()
            mails = post.out()

    assert only(mails, "carl").subject == "Pothole, Quay Street 5: no answer came"
    assert readers(mails) == ["carl"]


def test_a_refused_address_alarms_who_is_responsible(town, post):
    choose(NoticeChoice.NONE)
    filed = file(email="rita@people.example", channel=Channel.MAIL)
    accept(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
    post.sink.refused.add("rita@people.example")
    post.out()

    mails = post.out()

    assert [(mail.to, mail.subject) for mail in mails] == [
        ("carl@northmoor.example", "Urgent: Pothole, Quay Street 5: our e-mail did not arrive")
    ]
    assert said(mails[0])[:2] == [
        "An e-mail to a person came back: their address does not take it.",
        "Please reach them another way, by phone for instance.",
    ]
    assert "Alarms always come by e-mail, whatever you have chosen." in mails[0].text.splitlines()


def test_an_address_that_was_corrected_alarms_again(town, post):
    filed = file(email="rita@people.example", channel=Channel.MAIL)
    post.sink.refused |= {"rita@people.example", "r@people.example"}
    post.out()
    post.out()
    correct_contact(
        actor=town.actor("carl"), concern_id=filed.concern.pk, contact={"email": "r@people.example"}
    )
    post.out()

    assert readers(post.out()) == ["carl", "clara", "tess"]


def test_a_refused_address_of_staff_is_kept_for_the_administrators(town, post):
    at_once(town.people["carl"])
    post.sink.refused.add("carl@northmoor.example")
    file()
    post.out()

    states = Delivery.objects.values_list("recipient", "state")
    assert list(states) == [(f"user:{town.people['carl'].pk}", DeliveryState.FAILED)]
    assert Event.objects.filter(verb=Verb.BOUNCE).count() == 0


def test_a_message_that_waits_too_long_alarms_assignee_and_team_lead(town, post):
    filed = stages.in_progress(town)
    reply(concern_id=filed.concern.pk, text="Is anybody coming?")
    post.out()
    with at(MONDAY + WEEK):
        inform()
        mails = post.out()

    assert readers(mails) == ["carl", "tess"]
    assert mails[0].subject == (
        "Urgent: Pothole, Quay Street 5: a message waits for an answer since 16 November"
    )


def test_an_alarm_that_comes_too_late_is_none(town, post):
    filed = stages.in_progress(town)
    reply(concern_id=filed.concern.pk, text="Is anybody coming?")
    post.out()
    with at(MONDAY + WEEK):
        inform()
        send_message(actor=town.actor("carl"), ticket_id=filed.ticket.pk, text="Tomorrow.")

        assert readers(post.out()) == []


def test_an_objection_overdue_alarms_those_who_may_decide(town, post):
    filed = stages.resolved(town, worker="tess")
    object_to_result(concern_id=filed.concern.pk, text="No.")
    post.out()
    with at(Objection.objects.get().due):
        inform()
        mails = post.out()

    assert readers(mails) == ["dirk", "dora"]
    assert mails[0].subject == ("Urgent: Pothole, Quay Street 5: decision on an objection overdue")


def test_dead_letters_alarm_the_administrators(town, post):
    file()
    Envelope.objects.update(state=EnvelopeState.DEAD)
    with at(MONDAY + WEEK):
        inform()
        mails = post.out()

    assert [(mail.to, mail.subject) for mail in mails] == [
        ("alma@northmoor.example", "Urgent: 1 letter could not be delivered")
    ]
    assert said(mails[0]) == [
        "1 letter was tried again and again and did not get through.",
        "Nobody tries them any more. Please look why, and send them again or give them up.",
        "You can go on here:",
        "https://northmoor.example/workspace/deliveries/",
    ]


# --- what it costs, and once only ---------------------------------------------------------------------------------


def envelope_of(verb):
    event = Event.objects.filter(verb=verb).latest("pk")
    return Envelope.objects.get(topic=TOPIC, subject_id=event.pk)


def letters(envelope, after=""):
    writer = NoticeWriter(note_bounce=ignored, note_unreachable=ignored)
    return [one.recipient for one in writer.letters(envelope, after)]


def test_telling_the_desk_costs_the_same_with_1_and_100_concerns(town):
    at_once()
    alone, among = stages.in_progress(town), stages.in_progress(town)
    crowd(among.ticket, 99)
    costs = []
    for filed in (alone, among):
        with statements() as acting:
            reply(concern_id=filed.concern.pk, text="Is anybody coming?")
        with statements() as writing:
            assert letters(envelope_of(Verb.REPLY)) == [f"user:{town.people['carl'].pk}"]
        costs.append((len(acting), len(writing)))

    assert costs[0] == costs[1]
    assert costs[0][0] <= 15


def test_letters_to_people_outside_come_first_and_go_on_from_any_of_them(town):
    at_once()
    file(email="rita@people.example", channel=Channel.MAIL)
    envelope = envelope_of(Verb.FILED)

    everybody = letters(envelope)

    desk = [f"user:{town.people[name].pk}" for name in ("carl", "clara", "tess")]
    assert [one.partition(":")[0] for one in everybody] == ["concern", "user", "user", "user"]
    assert everybody[1:] == sorted(desk, key=lambda name: int(name.removeprefix("user:")))
    assert [letters(envelope, after) for after in everybody] == [
        everybody[1:],
        everybody[2:],
        everybody[3:],
        [],
    ]


@pytest.mark.usefixtures("town")
def test_opening_an_envelope_again_writes_to_nobody_twice(post):
    at_once()
    file(email="rita@people.example", channel=Channel.MAIL)
    first = post.recipients()
    Envelope.objects.update(state=EnvelopeState.PENDING, cursor="")

    post.expand()
    delivery.deliver_due()

    assert first == [
        "carl@northmoor.example",
        "clara@northmoor.example",
        "rita@people.example",
        "tess@northmoor.example",
    ]
    assert sorted(mail.to for mail in post.sink.mails) == first
