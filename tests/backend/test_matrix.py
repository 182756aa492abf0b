"""Who gets what at which address: every address, every role, every sort of ticket.

An address that is not named here fails: whoever adds one says who may see it.
"""

import re
from collections.abc import Iterator, Mapping
from uuid import uuid4

import pytest
from django.conf import settings as configured
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse

from concerns.actions.by_verb import ACTS
from concerns.actions.filing import Filed
from concerns.actions.safeguarding import restrict
from concerns.actions.working import accept
from concerns.references import tracking_token
from tests.support.rest import some_network
from tests.support.town import Town, file

NOBODY = "nobody"
PEOPLE = (
    *("carl", "tess", "paul", "ada", "hanna", "dora", "max", "alma", "petra", "iris", "norman"),
)
# Which sorts of tickets each person sees: of Streets, of Parks, of a circle, of IT, without a department, restricted.
SEES: Mapping[str, set[str]] = {
    NOBODY: set(),
    "carl": {"streets"},
    "tess": {"streets"},
    "paul": {"parks"},
    "ada": {"streets"},
    "hanna": {"streets", "parks"},
    "dora": {"streets", "parks", "internal", "triage"},
    "max": {"streets", "parks", "internal", "confidential"},
    "alma": {"streets", "parks", "internal", "restricted"},
    "petra": {"confidential"},
    "iris": {"internal"},
    "norman": set(),
}
KINDS = ("streets", "parks", "confidential", "internal", "triage", "restricted")

# Addresses without a ticket in them, by who gets an answer.
FOR_ALL = {
    "portal:start", "portal:published", "portal:published-one",
    "portal:report", "portal:places", "portal:lookup", "portal:text",
    "api-categories", "api-category", "api-category-suggestions",
    "api-published", "api-published-map", "api-published-one", "api-nearby",
    "api-follow", "api-concerns", "api-schema", "api-docs", "set_language",
    "account_login", "account_logout", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "mfa_authenticate", "healthz", "readyz",
}  # fmt: skip
FOR_THE_AUTHOR = {
    "portal:status", "portal:contact", "portal:file",
    "portal:done", "portal:enter", "portal:confirm", "api-own-concern",
    "api-own-concern-messages", "api-own-concern-confirm", "api-own-concern-object",
    "api-own-concern-withdraw", "api-own-concern-rate", "api-own-contact", "api-own-files",
    "api-own-file",
}  # fmt: skip
FOR_STAFF = {
    "workspace:queue", "workspace:named-queue", "workspace:account", "workspace:new",
    "workspace:filed", "workspace:own", "workspace:absences", "workspace:absence-end", "workspace:take-over",
    "api-tickets", "api-departments", "api-members",
    "api-rules", "api-causes", "api-circles", "account_change_password", "account_reauthenticate",
    "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes",
    "mfa_download_recovery_codes", "mfa_generate_recovery_codes",
}  # fmt: skip
FOR_ADMINISTRATORS = {
    "workspace:members", "workspace:member-add", "workspace:member", "workspace:member-close",
    "workspace:member-reopen", "workspace:member-dismiss", "workspace:categories",
    "workspace:category", "workspace:deliveries", "workspace:delivery-try-again",
    "workspace:delivery-give-up", "workspace:rules", "workspace:rules-draft", "workspace:rule-set",
}  # fmt: skip
OF_A_TICKET = {
    "workspace:ticket", "workspace:file", "workspace:act", "workspace:act-on-concern", "workspace:decide-objection",
    "api-ticket", "api-ticket-contact", "api-ticket-files", "api-ticket-file", "api-ticket-similar",
    "workspace:similar", "workspace:deadline", "api-ticket-deadline",
}  # fmt: skip
FOR_THE_HOLDER_OF_THE_TOKEN = {"metrics"}
FOR_A_PARTNER = {"portal:referral", "portal:referral-file"}
GROUPS = (
    FOR_ALL,
    FOR_THE_AUTHOR,
    FOR_STAFF,
    FOR_ADMINISTRATORS,
    OF_A_TICKET,
    FOR_THE_HOLDER_OF_THE_TOKEN,
    FOR_A_PARTNER,
)


def addresses(resolver=None, space: str = "") -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            inside = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern, inside)
        elif pattern.name:
            yield f"{space}{pattern.name}"


def acts_of_rest() -> set[str]:
    return {name for name in addresses() if name.startswith("api-ticket-")} - OF_A_TICKET


def test_every_address_says_who_may_see_it() -> None:
    named = set().union(*GROUPS)

    assert set(addresses()) - acts_of_rest() == named
    assert sum(len(group) for group in GROUPS) == len(named)


@pytest.fixture
def tickets(town: Town) -> dict[str, Filed]:
    """One ticket of each sort, all worked on as far as they can be."""
    found = {
        "streets": file(email="rita@people.example"),
        "parks": file(category="tree", email="rita@people.example"),
        "confidential": file(category="staff", email="rita@people.example"),
        "internal": file(category="it-incident", actor=town.actor("norman")),
        "triage": file(category="other", email="rita@people.example"),
        "restricted": file(email="rita@people.example"),
    }
    accept(actor=town.actor("carl"), ticket_id=found["streets"].ticket.pk)
    alma = town.actor("alma")
    restrict(actor=alma, ticket_id=found["restricted"].ticket.pk, reason="accuracy")
    return found


def browser(town: Town, name: str) -> Client:
    client = Client(headers={"accept-language": "en"}, REMOTE_ADDR=some_network())
    if name != NOBODY:
        client.force_login(town.people[name])
    return client


def outcome(response: HttpResponse) -> str:
    """Seen, hidden (as if it did not exist), refused, or sent to the sign-in."""
    if response.status_code == 302 and response["Location"].startswith("/workspace/sign-in/"):
        return "sign in"
    return {401: "sign in", 403: "refused", 404: "hidden"}.get(response.status_code, "seen")


# Tickets


@pytest.mark.parametrize("name", [NOBODY, *PEOPLE])
def test_each_person_sees_exactly_their_sorts_of_tickets(
    town: Town, tickets: dict[str, Filed], name: str
) -> None:
    client = browser(town, name)
    hidden = "sign in" if name == NOBODY else "hidden"
    expected = {kind: "seen" if kind in SEES[name] else hidden for kind in KINDS}

    for address in (
        *("workspace:ticket", "workspace:similar", "workspace:deadline"),
        *("api-ticket", "api-ticket-files", "api-ticket-similar", "api-ticket-deadline"),
    ):
        got = {
            kind: outcome(client.get(reverse(address, args=[filed.ticket.pk])))
            for kind, filed in tickets.items()
        }
        assert got == expected, address


@pytest.mark.parametrize("name", PEOPLE)
def test_lists_searches_and_counters_hold_the_same_and_no_more(
    town: Town, tickets: dict[str, Filed], name: str
) -> None:
    client = browser(town, name)
    mine = {tickets[kind].ticket.pk for kind in SEES[name]}

    listed = client.get(reverse("api-tickets")).json()["results"]
    page = client.get(reverse("workspace:named-queue", args=["all"])).content.decode()
    assert {row["id"] for row in listed} == mine
    assert {int(pk) for pk in re.findall(r"/workspace/tickets/(\d+)/", page)} == mine
    for kind, filed in tickets.items():
        reference = filed.concern.reference
        found = client.get(reverse("api-tickets"), {"q": reference}).json()["results"]
        assert [row["id"] for row in found] == ([filed.ticket.pk] if kind in SEES[name] else [])


@pytest.mark.parametrize("name", ["carl", "petra", "norman"])
def test_what_one_may_not_see_answers_as_if_it_were_not_there(
    town: Town, tickets: dict[str, Filed], name: str, settings
) -> None:
    """Every act of both doors on a hidden ticket says word for word what it says of a number nobody has."""
    settings.REQUESTS_PER_MINUTE_PER_PERSON = 10_000
    client = browser(town, name)
    none = 10**9
    hidden = [tickets[kind].ticket for kind in KINDS if kind not in SEES[name]]

    for address in sorted(acts_of_rest()):
        said = told(client, reverse(address, args=[none]))
        for ticket in hidden:
            assert told(client, reverse(address, args=[ticket.pk])) == said, address
    for act in ACTS:
        verb = act.verb.value.replace("_", "-")
        if act.on == "ticket_id":
            for ticket in hidden:
                page = client.get(reverse("workspace:act", args=[ticket.pk, verb]))
                assert page.status_code == 404, verb


def told(client: Client, path: str) -> tuple[int, object]:
    response = client.post(
        path, "{}", content_type="application/json", headers={"If-Match": '"v1"'}
    )
    said = response.json()
    said.pop("instance")
    said.pop("request_id")
    assert response.status_code >= 400
    return response.status_code, said


@pytest.mark.parametrize("name", PEOPLE)
def test_a_concern_goes_where_its_ticket_goes(
    town: Town, tickets: dict[str, Filed], name: str
) -> None:
    client = browser(town, name)
    reference = tickets["streets"].concern.reference
    nowhere = client.get(reverse("api-ticket-contact", args=[10**9, reference])).status_code

    assert nowhere in (404, 422)
    for kind, filed in tickets.items():
        split = client.get(reverse("workspace:act-on-concern", args=[filed.concern.pk, "split"]))
        contact = reverse("api-ticket-contact", args=[filed.ticket.pk, filed.concern.reference])
        opened = client.get(contact).status_code
        assert (split.status_code == 404) == (kind not in SEES[name]), kind
        if kind not in SEES[name]:
            assert opened == nowhere, kind


# Everything else


def path_of(name: str, tickets: Mapping[str, Filed]) -> str:
    """An address with what it needs to lead somewhere."""
    concern = tickets["streets"].concern
    needed: dict[str, list[object]] = {
        "portal:text": ["imprint"],
        "api-category": ["pothole"],
        "api-published-one": [uuid4()],
        "portal:published-one": [uuid4()],
        "portal:file": [concern.reference, uuid4()],
        "api-follow": [uuid4()],
        "workspace:named-queue": ["mine"],
        "workspace:category": ["pothole"],
        "workspace:rule-set": [1],
        "workspace:absence-end": [1],
        "workspace:member": [1],
        "workspace:member-close": [1],
        "workspace:member-reopen": [1],
        "workspace:member-dismiss": [1, 1],
        "workspace:delivery-try-again": [uuid4()],
        "workspace:delivery-give-up": [uuid4()],
        "account_reset_password_from_key": ["x", "y-z"],
        "portal:enter": [concern.reference, "0" * 22],
        "portal:confirm": [concern.reference, "0" * 22],
        "api-own-file": [concern.reference, uuid4()],
    }
    own = [concern.reference] if name in FOR_THE_AUTHOR else []
    return reverse(name, args=needed.get(name, own))


@pytest.mark.parametrize("name", [NOBODY, *PEOPLE])
def test_what_is_for_all_asks_nobody_to_sign_in(
    town: Town, tickets: dict[str, Filed], name: str
) -> None:
    client = browser(town, name)

    got = {one: outcome(client.get(path_of(one, tickets))) for one in FOR_ALL}
    got.pop("mfa_authenticate")  # its page is the second half of the sign-in
    assert {one for one, what in got.items() if what in ("refused", "sign in")} == set()


@pytest.mark.parametrize("name", [NOBODY, *PEOPLE])
def test_what_is_for_staff_is_for_staff(town: Town, tickets: dict[str, Filed], name: str) -> None:
    client = browser(town, name)
    expected = {"sign in"} if name == NOBODY else {"seen"}
    # Led to prove themselves once more, or without a factor to remove or codes to show: all of it is their own.
    own = {
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_generate_recovery_codes",
    }

    for one in FOR_STAFF:
        got = outcome(client.get(path_of(one, tickets)))
        assert got in expected | ({"hidden"} if one in own and name != NOBODY else set()), one


@pytest.mark.parametrize("name", [NOBODY, *PEOPLE])
def test_what_is_for_administrators_is_for_them_alone(
    town: Town, tickets: dict[str, Filed], name: str
) -> None:
    client = browser(town, name)

    for one in FOR_ADMINISTRATORS:
        path = path_of(one, tickets)
        got = {outcome(client.get(path)), outcome(client.post(path))} - {"seen"}
        if name == "alma":
            assert got <= {"hidden"}, one
        elif name == NOBODY:
            assert got == {"sign in"}, one
        else:
            assert got == {"refused"}, one


@pytest.mark.parametrize("name", [NOBODY, *PEOPLE])
def test_what_is_for_the_author_is_for_nobody_else(
    town: Town, tickets: dict[str, Filed], name: str
) -> None:
    """Signed in or not: only the proof counts. Whoever has none is asked for it."""
    client = browser(town, name)

    for one in FOR_THE_AUTHOR:
        response = client.get(path_of(one, tickets))
        lookup = response.status_code == 302 and "/concerns/?reference=" in response["Location"]
        assert lookup or response.status_code in (401, 404, 405), one


def test_the_author_sees_their_own_and_no_other(town: Town, tickets: dict[str, Filed]) -> None:
    mine, other = tickets["streets"].concern, tickets["parks"].concern
    token = tracking_token(mine.pk, mine.generation)
    proof = {"Authorization": f"Concern {token}"}
    client = browser(town, NOBODY)

    assert (
        client.get(reverse("api-own-concern", args=[mine.reference]), headers=proof).status_code
        == 200
    )
    assert (
        client.get(reverse("api-own-concern", args=[other.reference]), headers=proof).status_code
        == 404
    )
    client.get(reverse("portal:enter", args=[mine.reference, token]))
    assert client.get(reverse("portal:status", args=[mine.reference])).status_code == 200
    assert client.get(reverse("portal:status", args=[other.reference])).status_code == 302
    assert configured.SESSION_COOKIE_NAME not in client.cookies


@pytest.mark.parametrize("name", [NOBODY, *PEOPLE])
def test_what_is_for_machines_is_not_there_for_people(town: Town, name: str) -> None:
    client = browser(town, name)

    assert {outcome(client.get(reverse(one))) for one in FOR_THE_HOLDER_OF_THE_TOKEN} == {"hidden"}
