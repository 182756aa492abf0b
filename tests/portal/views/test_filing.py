"""The report, page by page: nothing typed is lost, whatever is pressed and whatever is wrong."""

from collections.abc import Callable

import pytest
from django.db import connection

from common.clock import today
from concerns.models import Concern, Ticket
from concerns.references import pin, tracking_token
from geography.models import District
from tests.support.pages import Page, Visitor
from tests.support.sql import statements
from tests.support.town import Town

WORDS = "A tree\n\nhas <b>fallen</b> {{ secret }} & blocks \u202eus.  "
STEPS = ["What", "Where", "Details", "Contact", "Check"]
Walk = Callable[..., Page]


def begun(visitor: Visitor, words: str = WORDS) -> Page:
    """The first step, right after the first page."""
    page = visitor.open("/")
    return visitor.press(page, page.form("once"), "go=next", words=words)


def on(
    visitor: Visitor, page: Page, button: str = "go=next", **filled: str | list[str] | None
) -> Page:
    """The next page after filling in this one."""
    return visitor.press(page, page.form("step"), button, **filled)


def at_check(visitor: Visitor, words: str = WORDS, category: str = "tree", **said: str) -> Page:
    """All steps filled in, nothing wrong."""
    page = on(visitor, begun(visitor, words), category=category)
    page = on(visitor, page, address=said.get("address", "Quay Street 5"))
    if page.form("step")["step"] == "details":
        page = on(
            visitor, page, **{"answer-blocks-road": "yes", "answer-broken": ["trunk", "branch"]}
        )
    return on(visitor, page, email=said.get("email", "rita@people.example"))


def step_of(page: Page) -> str:
    return page.form("step")["step"]


def test_report_is_filed_step_by_step(asking: Town, visitor: Visitor) -> None:
    titles = []
    page = begun(visitor)
    titles.append(page.title)
    page = on(visitor, page, category="tree")
    titles.append(page.title)
    page = on(visitor, page, address="Quay Street 5", latitude="54.05", longitude="-0.95")
    titles.append(page.title)
    page = on(visitor, page, **{"answer-blocks-road": "yes", "answer-since": today().isoformat()})
    titles.append(page.title)
    page = on(visitor, page, name="Rita Roe", email="rita@people.example", phone="01632 960123")
    titles.append(page.title)
    page = on(visitor, page)

    assert titles == [f"Step {n} of 5: {name} – Northmoor" for n, name in enumerate(STEPS, start=1)]
    concern = Concern.objects.get()
    assert page.url == f"/concerns/{concern.reference}/done/"
    assert concern.words == WORDS
    assert concern.category == asking.categories["tree"]
    assert (concern.address, concern.lat, concern.lon) == ("Quay Street 5", 54.05, -0.95)
    assert concern.answers == {"blocks-road": True, "since": today().isoformat()}
    assert (concern.channel, concern.language) == ("portal", "en")
    assert concern.reporter is not None
    assert concern.reporter.has_email
    assert concern.words_consent_at is None


def test_report_in_german_is_a_concern_in_german(asking: Town) -> None:
    visitor = Visitor(language="de")

    page = on(visitor, at_check(visitor))

    assert page.heading == "Danke. Wir haben Ihr Anliegen erhalten."
    assert Concern.objects.get().language == "de"


def test_category_without_questions_has_no_step_of_details(town: Town, visitor: Visitor) -> None:
    page = on(visitor, begun(visitor, "It is loud."), category="noise")
    page = on(visitor, page, address="")

    assert page.title == "Step 3 of 4: Contact – Northmoor"
    assert step_of(on(visitor, page, "go=back")) == "where"


def test_back_loses_nothing_even_to_the_first_page(asking: Town, visitor: Visitor) -> None:
    page = on(visitor, begun(visitor), category="tree")
    page = on(visitor, page, address="Quay Street 5")
    details = {
        "answer-blocks-road": "no",
        "answer-broken": ["branch", "trunk"],
        "answer-height": "2.5",
    }
    page = on(visitor, page, **details)

    back = on(visitor, page, "go=back", name="Rita", publish_words="on")
    assert {name: back.form("step").fields[name] for name in details} == {
        "answer-blocks-road": ["no"],
        "answer-broken": ["branch", "trunk"],
        "answer-height": ["2.5"],
    }
    back = on(visitor, on(visitor, back, "go=back"), "go=back")
    assert (step_of(back), back.form("step")["category"]) == ("what", "tree")
    first = on(visitor, back, "go=back", words="Other words.")

    assert first.heading == "What would you like to tell the city?"
    assert first.form("once")["words"] == "Other words."
    again = visitor.press(first, first.form("once"), "go=next")
    for _step in ("what", "where", "details"):
        again = on(visitor, again)
    form = again.form("step")
    assert (step_of(again), form["name"], form["publish_words"]) == ("contact", "Rita", "on")
    assert form["address"] == "Quay Street 5"


def test_check_jumps_to_a_step_and_shows_what_was_said(asking: Town, visitor: Visitor) -> None:
    page = at_check(visitor)

    assert "Quay Street 5" in page.words
    assert "Does it block a road? Yes" in page.words
    assert "What is broken? A branch, The trunk" in page.words
    assert "rita@people.example" in page.words
    jumped = on(visitor, page, "go=where")
    assert (step_of(jumped), jumped.form("step")["address"]) == ("where", "Quay Street 5")
    assert jumped.form("step")["email"] == "rita@people.example"


def test_another_category_drops_the_answers_of_the_first(asking: Town, visitor: Visitor) -> None:
    page = on(visitor, at_check(visitor), "go=what")
    page = on(visitor, page, category="noise")
    for _step in ("where", "contact", "check"):
        page = on(visitor, page)

    concern = Concern.objects.get()
    assert (concern.category, concern.answers) == (asking.categories["noise"], {})


def test_first_page_asks_for_words(town: Town, visitor: Visitor) -> None:
    first = visitor.open("/")

    page = visitor.press(first, first.form("once"), "go=next", words=" \n ")

    assert page.status == 422
    assert page.error("words") == "Please write what you would like to tell the city."
    assert page.form("words")["once"] == first.form("once")["once"]
    assert page.title.startswith("Error: ")


@pytest.mark.parametrize(
    ("step", "name", "typed", "said"),
    [
        ("what", "words", "", "Please write what you would like to tell the city."),
        (
            "what",
            "words",
            "x" * 10_001,
            "This text is too long. Please shorten it to 10000 characters; it has 10001.",
        ),
        (
            "what",
            "words",
            "a\0b",
            "This text contains signs that cannot be stored. Please remove them.",
        ),
        ("what", "category", "no-such", "Please choose a kind of concern from the list."),
        ("what", "category", "it-incident", "Please choose a kind of concern from the list."),
        ("where", "address", "", "Please tell us where it is: an address or coordinates."),
        (
            "where",
            "address",
            "x" * 301,
            "Ensure this value has at most 300 characters (it has 301).",
        ),
        ("where", "address", "Quay\0Street", "Null characters are not allowed."),
        ("where", "latitude", "NaN", "Please enter degrees as a number, like 51.2562."),
        ("where", "latitude", "inf", "Please enter degrees as a number, like 51.2562."),
        ("where", "latitude", "north", "Please enter degrees as a number, like 51.2562."),
        ("where", "latitude", "54.05", ""),
        ("details", "answer-blocks-road", None, "Please answer this question."),
        (
            "details",
            "answer-blocks-road",
            "maybe",
            "Select a valid choice. maybe is not one of the available choices.",
        ),
        ("details", "answer-height", "NaN", "Enter a number."),
        ("details", "answer-height", "1e13", "This number is too large. Please check it."),
        (
            "contact",
            "email",
            "rita@",
            "This is no complete e-mail address. Please check it, like name@example.org.",
        ),
        (
            "contact",
            "phone",
            "12",
            "This is no complete phone number. Please enter it with its area code.",
        ),
        ("contact", "name", "Ri\0ta", "Null characters are not allowed."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept(
    asking: Town, visitor: Visitor, step: str, name: str, typed: str | None, said: str
) -> None:
    page = on(visitor, at_check(visitor), f"go={step}")

    refused = on(visitor, page, **{name: typed})

    assert (refused.status, step_of(refused)) == (422, step)
    if said:
        assert refused.error(name) == said
    else:
        assert refused.error("longitude") == "A point needs both latitude and longitude."
    form = refused.form("step")
    assert form.fields.get(name, []) == {
        "no-such": [""],
        "it-incident": [""],
        "maybe": [],
        None: [],
    }.get(typed, [typed])
    others = {field: values for field, values in page.form("step").fields.items() if field != name}
    kept = {field: values for field, values in form.fields.items() if field != name}
    assert {**kept, "csrfmiddlewaretoken": []} == {**others, "csrfmiddlewaretoken": []}
    assert Concern.objects.count() == 0


def test_what_only_the_action_can_refuse_returns_to_its_step(
    asking: Town, visitor: Visitor
) -> None:
    refused = on(visitor, at_check(visitor), latitude="10.0", longitude="10.0")

    assert (refused.status, step_of(refused)) == (422, "where")
    assert refused.error("latitude") == (
        "This place lies outside the city. Please check it, or ask the municipality it belongs to."
    )
    form = refused.form("step")
    assert (form["latitude"], form["address"], form["words"]) == ("10.0", "Quay Street 5", WORDS)
    assert Concern.objects.count() == Ticket.objects.count() == 0


def test_a_point_outside_is_refused_at_its_own_step(asking: Town, visitor: Visitor) -> None:
    where = on(visitor, at_check(visitor), "go=where")

    refused = on(visitor, where, latitude="10.0", longitude="10.0")

    assert (refused.status, step_of(refused)) == (422, "where")
    assert refused.error("latitude").startswith("This place lies outside the city.")
    inside = on(visitor, refused, latitude="54.05", longitude="-0.95")
    assert step_of(inside) == "details"


@pytest.mark.parametrize("schematic", [True, False])
def test_a_refusal_at_a_border_says_when_it_is_drawn_roughly(
    asking: Town, visitor: Visitor, *, schematic: bool
) -> None:
    District.objects.update(schematic=schematic)
    where = on(visitor, at_check(visitor), "go=where")

    refused = on(visitor, where, latitude="10.0", longitude="10.0")

    rough = "The city's border is drawn roughly so far: if the place belongs to the city, please describe it in words."
    assert refused.error("latitude").endswith(rough) is schematic


def test_check_that_was_tampered_with_leads_to_the_first_step_that_is_wrong(
    asking: Town, visitor: Visitor
) -> None:
    refused = on(visitor, at_check(visitor), email="nobody", address="")

    assert (refused.status, step_of(refused)) == (422, "where")
    assert Concern.objects.count() == 0


@pytest.mark.parametrize("step", ["", "nowhere", "start2"])
def test_unknown_step_is_the_first(town: Town, visitor: Visitor, step: str) -> None:
    page = on(visitor, begun(visitor), step=step, category="other")

    assert step_of(page) == "where"


def test_report_without_a_form_starts_anew(town: Town, visitor: Visitor) -> None:
    assert visitor.open("/report/").url == "/"


def test_words_propose_a_category_with_the_reason(town: Town, visitor: Visitor) -> None:
    page = begun(visitor, "The tree at the pothole makes noises.")

    assert page.form("step")["category"] == "pothole"
    assert "This looks like: Pothole ." in page.words
    assert "You wrote “Pothole”." in page.words
    assert "It may also be: Noise; Tree." in page.words


def test_done_gives_reference_pin_and_link(asking: Town, visitor: Visitor) -> None:
    page = on(visitor, at_check(visitor))

    concern = Concern.objects.get()
    assert page.heading == "Thank you. We have your concern."
    assert concern.reference in page.words
    assert pin(concern.pk, concern.generation) in page.words
    assert page.links["Show my concern"] == f"/concerns/{concern.reference}/"
    assert "You hear from us by" in page.words
    assert "Please confirm your e-mail address" in page.words
    cookie = visitor.client.cookies["concern"]
    assert cookie.value == tracking_token(concern.pk, concern.generation)
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (
        f"/concerns/{concern.reference}/",
        True,
        "Lax",
    )


def test_done_without_an_address_says_how_to_hear_of_it(asking: Town, visitor: Visitor) -> None:
    page = on(visitor, at_check(visitor, email=""))

    assert "You left no e-mail address, so please look here from time to time." in page.words
    assert "Please confirm" not in page.words
    assert Concern.objects.get().reporter is None


def test_consent_is_kept_with_the_version_of_the_text_shown(asking: Town, visitor: Visitor) -> None:
    page = on(visitor, at_check(visitor), "go=contact")
    assert "The city may publish my words with the location." in page.words

    page = on(visitor, page, publish_words="on")
    assert "The city may publish my words with the location." in page.words
    on(visitor, page)

    concern = Concern.objects.get()
    assert concern.words_consent_version == "2026-1"
    assert concern.words_consent_at is not None


def test_second_press_leads_to_the_same_thanks(asking: Town, visitor: Visitor) -> None:
    check = at_check(visitor)

    first, second = on(visitor, check), on(visitor, check)

    assert second.url == first.url == f"/concerns/{Concern.objects.get().reference}/done/"
    assert Ticket.objects.count() == 1


def test_other_words_with_the_same_key_are_another_concern(asking: Town, visitor: Visitor) -> None:
    check = at_check(visitor)
    on(visitor, check)

    second = on(visitor, check, words="There is a second tree.")

    assert list(Concern.objects.order_by("pk").values_list("words", flat=True)) == [
        WORDS,
        "There is a second tree.",
    ]
    assert second.url == f"/concerns/{Concern.objects.latest('pk').reference}/done/"


def test_refused_report_can_be_sent_after_it_was_mended(asking: Town, visitor: Visitor) -> None:
    check = at_check(visitor)
    refused = on(visitor, check, latitude="10.0", longitude="10.0")

    page = on(visitor, refused, latitude="54.05", longitude="-0.95")
    for _step in ("details", "contact", "check"):
        page = on(visitor, page)

    assert page.heading == "Thank you. We have your concern."
    assert Concern.objects.get().lat == 54.05


def test_everybody_starts_with_a_key_of_their_own(town: Town) -> None:
    keys = {Visitor().open("/").form("once")["once"] for _person in range(3)}

    assert len(keys) == 3
    answer = Visitor()
    answer.open("/")
    assert "no-store" in answer.answer["Cache-Control"]


def test_too_many_reports_from_one_network_lose_nothing(asking: Town, settings) -> None:
    settings.FILINGS_PER_NETWORK_PER_HOUR = 1
    visitor = Visitor()
    on(visitor, at_check(visitor))

    refused = on(visitor, at_check(visitor, "Another tree."))

    assert (refused.status, step_of(refused)) == (429, "check")
    assert "Many concerns came from your network just now." in refused.words
    assert refused.form("step")["words"] == "Another tree."
    assert Concern.objects.count() == 1


def test_hostile_words_stay_words(asking: Town, visitor: Visitor) -> None:
    hostile = "<script>alert(1)</script>{% load x %}{{ settings.SECRET_KEY }}\"'>&lt;"

    check = at_check(visitor, hostile, address=hostile)
    assert "<script>alert" not in check.html
    assert check.form("step")["words"] == hostile
    on(visitor, check)

    concern = Concern.objects.get()
    assert (concern.words, concern.address) == (hostile, hostile)
    status = visitor.open(f"/concerns/{concern.reference}/")
    assert "<script>alert" not in status.html
    assert "{% load x %}{{ settings.SECRET_KEY }}" in status.words


@pytest.mark.parametrize("step", ["start", "what", "where", "details", "contact", "check"])
def test_report_whose_token_went_with_the_cookies_is_sent_by_the_next_press(
    asking: Town, visitor: Visitor, step: str
) -> None:
    page = visitor.open("/") if step == "start" else at_check(visitor)
    page = page if step in ("start", "check") else on(visitor, page, f"go={step}", uploads=None)
    said = dict(page.form("once").fields)
    visitor.client.cookies.clear()

    refused = visitor.press(page, page.form("once"), "go=next", words=WORDS, uploads=None)

    assert (refused.status, Concern.objects.count()) == (400, 0)
    assert "nothing you wrote is lost" in refused.words
    form = refused.form("once")
    new = {"csrfmiddlewaretoken": [form["csrfmiddlewaretoken"]], "words": [WORDS]}
    assert form.fields == said | new
    assert visitor.press(refused, form, "go=next").status == 200
    assert Concern.objects.count() == (step == "check")


@pytest.mark.parametrize("secure", [True, False])
def test_a_report_of_another_site_is_not_drawn(town: Town, visitor: Visitor, secure: bool) -> None:
    said = {"step": "start", "words": "Words of somebody else."}
    elsewhere = {"referer": "https://evil.example/"} | (
        {} if secure else {"origin": "https://evil.example"}
    )
    visitor.open("/")

    answer = visitor.client.post("/report/", said, headers=elsewhere, secure=secure)

    assert (answer.status_code, "somebody else" in answer.content.decode()) == (400, False)


def test_filing_costs_at_most_fifteen_statements(asking: Town, visitor: Visitor) -> None:
    check = at_check(visitor)
    visitor.client.get("/healthz-warm-up/")  # whatever is read once per process
    connection.ensure_connection()

    with statements() as said:
        body = dict(check.form("step").fields)
        answer = visitor.client.post("/report/", {**body, "go": "next"})

    assert answer.status_code == 302
    assert len(said) <= 15, "\n".join(said)
