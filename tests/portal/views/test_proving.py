"""Who may look: by link, by reference and PIN, never by guessing; and whose address it is."""

from urllib.parse import urlsplit

import pytest

from common.limits import TooManyAttempts
from concerns.actions.filing import Filed
from concerns.actions.proving import prove
from concerns.enums import Verb
from concerns.models import Event
from concerns.notices import TOPIC
from concerns.notices.announcing import recipient_of
from concerns.references import confirmation_url_mark, pin, tracking_token
from notifications.writers import writer_for
from tests.support.pages import Page, Visitor
from tests.support.town import Town, file

WRONG = "Reference and PIN do not belong together. Please check both."


def pin_of(filed: Filed) -> str:
    return pin(filed.concern.pk, filed.concern.generation)


def wrong_pin_of(filed: Filed) -> str:
    return f"{(int(pin_of(filed)) + 1) % 1_000_000:06}"


def link_of(filed: Filed) -> str:
    token = tracking_token(filed.concern.pk, filed.concern.generation)
    return f"/concerns/{filed.concern.reference}/t/{token}/"


def confirmation_of(filed: Filed) -> str:
    """The link as the post office puts it into the first mail."""
    filled = writer_for(TOPIC).fill(recipient_of(filed.concern.pk), confirmation_url_mark(1))
    return urlsplit(filled).path


def looked_up(visitor: Visitor, reference: str, digits: str) -> Page:
    page = visitor.open("/concerns/")
    return visitor.press(page, page.form("reference", "pin"), reference=reference, pin=digits)


def test_reference_and_pin_open_the_concern(town: Town, visitor: Visitor) -> None:
    filed = file()

    page = looked_up(visitor, f" {filed.concern.reference.lower()} ", pin_of(filed))

    assert page.url == f"/concerns/{filed.concern.reference}/"
    assert page.heading == "In progress with Streets."


def test_first_page_leads_there_too(town: Town, visitor: Visitor) -> None:
    filed = file()
    first = visitor.open("/")

    form = first.form("reference", "pin")
    page = visitor.press(first, form, reference=filed.concern.reference, pin=pin_of(filed))

    assert page.heading == "In progress with Streets."


def test_wrong_pair_does_not_say_which_is_wrong(town: Town, visitor: Visitor) -> None:
    filed, other = file(), file()
    nobodys = other.concern.reference
    pages = [
        looked_up(visitor, filed.concern.reference, wrong_pin_of(filed)),
        looked_up(visitor, nobodys, pin_of(filed)),
        looked_up(visitor, "K7M-4QX-9R1", pin_of(filed)),
    ]

    assert {page.status for page in pages} == {422}
    assert [WRONG in page.words for page in pages] == [True, True, True]
    assert pages[0].form("pin")["reference"] == filed.concern.reference


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Please enter the reference."),
        (
            "K7M-4QX-9R2",
            (
                "This reference does not exist: a character is wrong or two are swapped. "
                "Please compare it with your letter or e-mail."
            ),
        ),
        (
            "short",
            "A reference has nine letters and digits. Please check whether one is missing or too many.",
        ),
    ],
)
def test_what_cannot_be_a_reference_is_said_at_once(
    town: Town, visitor: Visitor, typed: str, said: str
) -> None:
    page = looked_up(visitor, typed, "123456")

    assert page.status == 422
    assert page.error("reference") == said
    assert page.form("pin")["reference"] == typed


def test_ten_wrong_pins_lock_the_right_one_out_at_every_door(town: Town) -> None:
    filed = file()
    for _attempt in range(10):
        assert looked_up(Visitor(), filed.concern.reference, wrong_pin_of(filed)).status == 422

    locked = looked_up(Visitor(), filed.concern.reference, pin_of(filed))

    assert locked.status == 429
    assert "There were too many attempts." in locked.words
    with pytest.raises(TooManyAttempts):
        prove(reference=filed.concern.reference, pin=pin_of(filed), network="198.51.100.1")
    opened = Visitor().open(link_of(filed))
    assert opened.heading == "In progress with Streets."


def test_wrong_pins_at_another_door_count_here(town: Town, visitor: Visitor) -> None:
    filed = file()
    rest = Visitor()
    for _attempt in range(10):
        headers = {"concern-pin": wrong_pin_of(filed)}
        rest.client.get(f"/api/v1/concerns/{filed.concern.reference}/", headers=headers)

    assert looked_up(visitor, filed.concern.reference, pin_of(filed)).status == 429


def test_link_leaves_its_token_out_of_the_address(town: Town, visitor: Visitor) -> None:
    filed = file()
    token = tracking_token(filed.concern.pk, filed.concern.generation)

    answer = visitor.client.get(link_of(filed))

    assert (answer.status_code, answer["Location"]) == (
        302,
        f"/concerns/{filed.concern.reference}/",
    )
    cookie = answer.cookies["concern"]
    assert (cookie.value, cookie["path"]) == (token, f"/concerns/{filed.concern.reference}/")
    assert cookie["max-age"] == ""
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]
    page = visitor.open(f"/concerns/{filed.concern.reference}/")
    assert token not in page.html
    assert "no-store" in visitor.answer["Cache-Control"]


def test_foreign_token_opens_nothing(town: Town, visitor: Visitor) -> None:
    filed, other = file(), file()
    token = tracking_token(other.concern.pk, other.concern.generation)

    page = visitor.open(f"/concerns/{filed.concern.reference}/t/{token}/")

    assert (page.status, page.heading) == (404, "This page does not exist")
    assert "concern" not in visitor.client.cookies


def test_status_without_proof_asks_for_the_pin_alike(town: Town, visitor: Visitor) -> None:
    filed = file()

    known = visitor.open(f"/concerns/{filed.concern.reference}/")
    unknown = visitor.open("/concerns/K7M-4QX-9R1/")

    assert known.url == f"/concerns/?reference={filed.concern.reference}"
    assert unknown.url == "/concerns/?reference=K7M-4QX-9R1"
    assert known.form("pin")["reference"] == filed.concern.reference
    assert visitor.open(f"/concerns/{filed.concern.reference}/done/").url == known.url


def test_message_sent_without_proof_stays_in_sight(town: Town, visitor: Visitor) -> None:
    filed = file()
    page = visitor.open(link_of(filed))
    visitor.client.cookies.pop("concern")

    refused = visitor.press(page, page.form("message"), **{"message-text": "It is <deep>."})

    assert refused.status == 403
    assert "What you wrote was not sent" in refused.words
    assert "It is <deep>." in refused.words
    assert refused.form("pin")["reference"] == filed.concern.reference


def test_opening_the_link_of_the_mail_confirms_nothing(town: Town, visitor: Visitor) -> None:
    filed = file(email="rita@people.example")

    page = visitor.open(confirmation_of(filed))

    assert page.heading == "Confirm your e-mail address"
    filed.concern.reporter.refresh_from_db()
    assert filed.concern.reporter.address_confirmed_at is None
    assert "concern" not in visitor.client.cookies


def test_pressing_the_button_confirms_once(town: Town, visitor: Visitor) -> None:
    filed = file(email="rita@people.example")
    page = visitor.open(confirmation_of(filed))
    form = page.forms[-1]

    first, second = visitor.press(page, form), visitor.press(page, form)

    assert first.heading == second.heading == "Your e-mail address is confirmed"
    filed.concern.reporter.refresh_from_db()
    assert filed.concern.reporter.address_confirmed_at is not None
    assert Event.objects.filter(verb=Verb.CONFIRM_ADDRESS).count() == 1
    assert visitor.open(first.links["Show my concern"]).heading == "In progress with Streets."


@pytest.mark.parametrize("token", ["nonsense", "A" * 22])
def test_wrong_confirmation_opens_nothing(town: Town, visitor: Visitor, token: str) -> None:
    filed = file(email="rita@people.example")

    page = visitor.open(f"/concerns/{filed.concern.reference}/confirm/{token}/")

    assert page.status == 404
    filed.concern.reporter.refresh_from_db()
    assert filed.concern.reporter.address_confirmed_at is None


def test_tracking_link_confirms_no_address(town: Town, visitor: Visitor) -> None:
    filed = file(email="rita@people.example")
    token = tracking_token(filed.concern.pk, filed.concern.generation)

    assert visitor.open(f"/concerns/{filed.concern.reference}/confirm/{token}/").status == 404
