"""A small population to try the product with, told by the city's data: people, concerns, and what became of them.

Every step is the action a person would have taken at that hour, so the demo's events, dates and mails are real ones.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from accounts.models import User
from common.actor import Actor
from common.clock import now, pretend
from concerns.actions import (
    deciding,
    ending,
    joining,
    safeguarding,
    voicing,
    waiting,
    words,
    working,
)
from concerns.actions.contact import confirm_address
from concerns.actions.filing import Filed, Filing, Place, file_concern
from concerns.actions.responsibility import hand_back, route, transfer
from concerns.enums import Channel
from concerns.queries.placements import ticket_id_of
from departments.models import Department, Membership
from departments.queries import actor_for

Step = Mapping[str, Any]
Act = Callable[[Actor, Filed, Step], object]


def ticket_id(filed: Filed) -> int:
    return ticket_id_of(filed.concern.pk)


def answer_in(step: Step) -> deciding.Answer:
    return deciding.Answer(
        step["outcome"], step["text"], step.get("body", ""), step.get("cause", "")
    )


def department_in(step: Step) -> int:
    return Department.objects.get(key=step["department"]).pk


def date_in(step: Step) -> dt.date:
    return now().date() + dt.timedelta(days=step["in_days"])


ACTS: dict[str, Act] = {
    "route": lambda who, it, s: route(
        actor=who, ticket_id=ticket_id(it), department_id=department_in(s)
    ),
    "accept": lambda who, it, _s: working.accept(actor=who, ticket_id=ticket_id(it)),
    "schedule": lambda who, it, s: working.schedule(
        actor=who, ticket_id=ticket_id(it), date=date_in(s)
    ),
    "ask": lambda who, it, s: waiting.ask(actor=who, ticket_id=ticket_id(it), text=s["text"]),
    "refer": lambda who, it, s: waiting.refer(
        actor=who, ticket_id=ticket_id(it), partner=s["partner"], text=s["text"]
    ),
    "submit": lambda who, it, s: deciding.submit(
        actor=who, ticket_id=ticket_id(it), answer=answer_in(s)
    ),
    "resolve": lambda who, it, s: deciding.resolve(
        actor=who, ticket_id=ticket_id(it), answer=answer_in(s)
    ),
    "decline": lambda who, it, s: deciding.decline(
        actor=who, ticket_id=ticket_id(it), answer=answer_in(s)
    ),
    "transfer": lambda who, it, s: transfer(
        actor=who, ticket_id=ticket_id(it), department_id=department_in(s), reason=s["text"]
    ),
    "hand_back": lambda who, it, s: hand_back(actor=who, ticket_id=ticket_id(it), reason=s["text"]),
    "note": lambda who, it, s: words.note(actor=who, ticket_id=ticket_id(it), text=s["text"]),
    "message": lambda who, it, s: words.send_message(
        actor=who, ticket_id=ticket_id(it), text=s["text"]
    ),
    "reopen": lambda who, it, s: ending.reopen(
        actor=who, ticket_id=ticket_id(it), reason=s["text"]
    ),
    "encircle": lambda who, it, s: safeguarding.encircle(
        actor=who, ticket_id=ticket_id(it), circle_key=s["circle"]
    ),
    "confirm_address": lambda _who, it, _s: confirm_address(concern_id=it.concern.pk),
    "reply": lambda _who, it, s: words.reply(concern_id=it.concern.pk, text=s["text"]),
    "object": lambda _who, it, s: voicing.object_to_result(
        concern_id=it.concern.pk, text=s["text"]
    ),
    "confirm": lambda _who, it, _s: voicing.confirm(concern_id=it.concern.pk),
    "rate": lambda _who, it, s: voicing.rate(concern_id=it.concern.pk, rating=s["rating"]),
    "withdraw": lambda _who, it, _s: voicing.withdraw(concern_id=it.concern.pk),
}


@transaction.atomic
def load_people(people: list[Mapping[str, Any]], *, password: str) -> dict[str, User]:
    """The demo's log-ins by short name; those that exist keep their rights and get the password again."""
    known = {}
    for person in people:
        user = User.objects.filter(email=person["email"]).first()
        if user is None:
            user = User.objects.create_user(person["email"], password, name=person["name"])
        for capability, department in person["duties"].items():
            Membership.objects.get_or_create(
                user=user, capability=capability, department=Department.objects.get(key=department)
            )
        known[person["key"]] = user
    return known


def play(concerns: list[Mapping[str, Any]], people: Mapping[str, User]) -> int:
    """File each concern on its day and let its steps happen; how many concerns there are now."""
    told: dict[str, Filed] = {}
    for story in sorted(concerns, key=lambda one: -float(one["days_ago"])):
        filed_at = now() - dt.timedelta(days=float(story["days_ago"]))
        with pretend(filed_at):
            filed = file_concern(actor=author_of(story, people), filing=filing_of(story))
        told[story.get("name", filed.concern.reference)] = filed
        for step in story.get("steps", []):
            with pretend(filed_at + dt.timedelta(days=float(step["after"]))):
                carry_out(step, filed, told, people)
    return len(told)


def author_of(story: Mapping[str, Any], people: Mapping[str, User]) -> Actor:
    return actor_for(people[story["by"]]) if "by" in story else Actor.anonymous()


def filing_of(story: Mapping[str, Any]) -> Filing:
    lon, lat = story.get("point", (None, None))
    return Filing(
        words=story["words"],
        channel=Channel(story.get("channel", Channel.PORTAL)),
        language=story.get("language", "de"),
        category=story.get("category", ""),
        place=Place(address=story.get("address", ""), lat=lat, lon=lon),
        answers=story.get("answers", {}),
        contact=story.get("contact", {}),
    )


def carry_out(
    step: Step, filed: Filed, told: Mapping[str, Filed], people: Mapping[str, User]
) -> None:
    actor = actor_for(people[step["by"]]) if "by" in step else Actor.citizen(filed.concern.pk)
    if step["do"] == "join":
        joining.join(actor=actor, ticket_id=ticket_id(filed), lead_id=ticket_id(told[step["to"]]))
        return
    ACTS[step["do"]](actor, filed, step)
