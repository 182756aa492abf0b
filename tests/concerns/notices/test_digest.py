"""The daily mail: what stands in it for whom, in numbers and lines, and what does not."""

import datetime as dt

import pytest

from accounts.enums import NoticeChoice
from concerns.actions.deciding import reject
from concerns.actions.informing import inform
from concerns.actions.safeguarding import encircle
from concerns.actions.voicing import object_to_result
from concerns.actions.words import reply
from concerns.actions.working import accept, assign
from concerns.enums import Channel
from concerns.notices import gathered
from concerns.notices.digest import DigestWriter
from concerns.notices.staff_occasions import DIGEST_TOPIC
from notifications.models import Delivery, Envelope
from tests.concerns.notices.staff import at_once, choose, readers, said, to_staff
from tests.support import stages
from tests.support.sql import statements
from tests.support.stories import at
from tests.support.town import file

# Five past seven in the city, the day after the Monday all of it happens on.
TUESDAY = dt.datetime(2026, 11, 17, 7, 5, tzinfo=dt.UTC)
LINK = "  https://northmoor.example/workspace/tickets/{}/"
NEXT_DAY = dt.timedelta(days=1)


@pytest.fixture
def morning(post):
    """What reaches the city's people on a morning."""

    def mails(moment=TUESDAY):
        post.out()
        with at(moment):
            inform()
            return to_staff(post.out())

    return mails


@pytest.fixture(autouse=True)
def everybody_reads_daily(town):
    choose(NoticeChoice.DAILY)


def of(mails, name):
    [mail] = [mail for mail in mails if mail.to == f"{name}@northmoor.example"]
    return mail


def by(town, name, act, filed, **given):
    act(actor=town.actor(name), ticket_id=filed.ticket.pk, **given)


def test_new_tickets_are_told_to_the_departments_desk_in_one_mail(town, morning):
    first, second = file(), file()

    mails = morning()

    assert readers(mails) == ["carl", "clara", "tess"]
    mail = of(mails, "carl")
    assert mail.subject == "2 new tickets"
    assert said(mail)[:-1] == [
        "For you today: 2 new tickets.",
        "New in your department (2)",
        f"- Pothole, Quay Street 5, Ticket {first.ticket.pk}, due by 19 November",
        LINK.format(first.ticket.pk),
        f"- Pothole, Quay Street 5, Ticket {second.ticket.pk}, due by 19 November",
        LINK.format(second.ticket.pk),
        "All of it stands in your queues:",
    ]
    assert said(mail)[-1] == "https://northmoor.example/workspace/"


def test_it_is_written_in_the_persons_language(town, morning):
    town.people["carl"].language = "de"
    town.people["carl"].save(update_fields=["language"])
    filed = file()

    mail = of(morning(), "carl")

    assert (mail.language, mail.subject) == ("de", "1 neuer Vorgang")
    assert said(mail)[:4] == [
        "Heute für Sie: 1 neuer Vorgang.",
        "Neu in Ihrer Stelle (1)",
        f"- Pothole, Quay Street 5, Vorgang {filed.ticket.pk}, fällig bis 19. November",
        LINK.format(filed.ticket.pk),
    ]
    assert mail.html.splitlines()[1] == '<html lang="de" dir="ltr">'


def assigned(town):
    by(town, "tess", assign, stages.assigned(town), user_id=town.people["clara"].pk)


def written_to(town):
    reply(concern_id=stages.in_progress(town).concern.pk, text="Is anybody coming?")


def answered(town):
    reply(concern_id=stages.waiting_reporter(town).concern.pk, text="The left side.")


def objected(town):
    object_to_result(concern_id=stages.resolved(town).concern.pk, text="No.")


def sent_back(town):
    by(town, "ada", reject, stages.pending_approval(town), reason="Say when.")


SECTIONS = [
    (stages.in_triage, {"dirk": "1 ticket waits for you", "dora": "1 ticket waits for you"}),
    (assigned, {"clara": "1 new ticket"}),
    (written_to, {"carl": "1 ticket waits for you"}),
    (answered, {"carl": "1 ticket waits for you"}),
    (
        objected,
        {
            "dirk": "1 ticket waits for you",
            "dora": "1 ticket waits for you",
            "tess": "1 ticket waits for you",
        },
    ),
    (stages.pending_approval, {"ada": "1 ticket waits for you"}),
    (sent_back, {"carl": "1 ticket waits for you"}),
    (stages.resolved, {}),
    (stages.waiting_external, {}),
]


@pytest.mark.parametrize(("happens", "told"), SECTIONS, ids=[one[0].__name__ for one in SECTIONS])
def test_what_concerns_whom(town, morning, happens, told):
    happens(town)

    assert {mail.to.partition("@")[0]: mail.subject for mail in morning()} == told


def test_what_is_overdue_is_named_last_and_told_until_it_is_done(town, morning):
    stages.in_progress(town)
    late = dt.datetime(2026, 12, 1, 7, 5, tzinfo=dt.UTC)

    assert [mail.subject for mail in morning(late)] == ["1 ticket overdue"]
    with at(late + dt.timedelta(hours=1)):
        file()
    assert of(morning(late + NEXT_DAY), "carl").subject == "1 new ticket, 1 overdue"


def test_what_was_overdue_yesterday_is_no_news_today(town, morning):
    stages.in_progress(town)
    late = dt.datetime(2026, 12, 1, 7, 5, tzinfo=dt.UTC)
    morning(late)

    assert morning(late + NEXT_DAY) == []


def test_without_news_there_is_no_mail_and_no_row(town, morning):
    file()
    morning()
    rows = Delivery.objects.count()

    assert morning(TUESDAY + NEXT_DAY) == []
    assert Delivery.objects.count() == rows


def test_those_who_chose_otherwise_get_none(town, morning):
    at_once(town.people["carl"])
    choose(NoticeChoice.NONE, town.people["clara"])
    file()

    assert readers(morning()) == ["tess"]


def test_nobody_who_left_gets_one(town, morning):
    file()
    town.people["carl"].is_active = False
    town.people["carl"].save(update_fields=["is_active"])

    assert readers(morning()) == ["clara", "tess"]


def test_what_somebody_took_or_did_themselves_is_not_new(town, morning):
    by(town, "carl", accept, file())
    by(town, "clara", assign, file(), user_id=town.people["clara"].pk)

    assert morning() == []


def test_what_a_person_may_no_longer_see_is_left_out(town, morning):
    filed, other = file(), file()
    by(town, "carl", encircle, filed, circle_key="personnel")

    mails = morning()

    assert readers(mails) == ["carl", "clara", "max", "petra", "tess"]
    assert of(mails, "carl").subject == "1 new ticket"
    assert said(of(mails, "carl"))[3] == LINK.format(other.ticket.pk)


def test_of_a_protected_ticket_stands_its_number_alone(town, morning):
    filed = file(category="staff")

    mails = morning()

    assert readers(mails) == ["max", "petra"]
    assert said(of(mails, "petra"))[2:4] == [
        f"- Protected ticket {filed.ticket.pk}",
        LINK.format(filed.ticket.pk),
    ]
    assert [mail for mail in mails if "Quay" in mail.text + mail.html] == []


def test_citizens_words_and_names_never_stand_in_it(town, morning):
    file("zebrafinch", email="zebrafinch@people.example", name="Rita Zebrafinch")

    mails = morning()

    assert readers(mails) == ["carl", "clara", "tess"]
    assert [mail for mail in mails if "zebrafinch" in (mail.text + mail.html).lower()] == []


def test_a_long_section_names_the_first_and_counts_the_rest(town, morning, monkeypatch):
    monkeypatch.setattr(gathered, "LINES", 2)
    filed = [file() for _ in range(5)]

    mail = of(morning(), "carl")

    assert mail.subject == "5 new tickets"
    assert said(mail)[1:8] == [
        "New in your department (5)",
        f"- Pothole, Quay Street 5, Ticket {filed[0].ticket.pk}, due by 19 November",
        LINK.format(filed[0].ticket.pk),
        f"- Pothole, Quay Street 5, Ticket {filed[1].ticket.pk}, due by 19 November",
        LINK.format(filed[1].ticket.pk),
        "- and 3 more",
        "  https://northmoor.example/workspace/queues/department/",
    ]


def test_one_persons_mail_costs_the_same_with_one_and_with_thirty_tickets(town, morning):
    choose(NoticeChoice.NONE)
    choose(NoticeChoice.DAILY, town.people["carl"])
    file(email="rita@people.example", channel=Channel.MAIL)
    morning()
    with at(TUESDAY + dt.timedelta(hours=1)):
        for _ in range(30):
            file()
    morning(TUESDAY + NEXT_DAY)
    envelopes = Envelope.objects.filter(topic=DIGEST_TOPIC).order_by("subject_id")

    costs = [writing(envelope) for envelope in envelopes]

    # Counting is one more where a section does not fit.
    assert (len(costs), costs[1] - costs[0]) == (2, 1)


def writing(envelope):
    """How many statements it takes to write the one letter of an envelope."""
    with statements() as said:
        assert len(list(DigestWriter().letters(envelope, ""))) == 1
    return len(said)
