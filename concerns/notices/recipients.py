"""To whom an event is told: the concerns, in batches, in ascending order of id.

Who chose to look at the status page themselves (`wants_mail`) is sent nothing of what happens; what they are asked
stands on that page, and `queries/placements.py` counts them among those who can be asked.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping

from django.db.models import Q, QuerySet

from concerns.enums import Direction, MessageKind, PlacementReason, Standing, Verb
from concerns.models import Concern, Event, Message, Placement
from concerns.notices.facts import Facts
from concerns.notices.occasions import OCCASIONS, Whom

BATCH = 200
# Placements are stamped moments after their join's event, in the same transaction.
ONE_TRANSACTION = dt.timedelta(minutes=1)
REACHABLE = Q(reporter__has_email=True, reporter__undeliverable_since__isnull=True) | Q(
    author__is_active=True
)
WANT_MAIL = Q(reporter__isnull=True) | Q(reporter__wants_mail=True)
# Told to everybody: that an address or the proofs of a concern changed, so that nobody takes it over unnoticed.
UNASKED = frozenset({Verb.CORRECT_CONTACT, Verb.RENEW_PROOF})
NOBODY = Q(pk__in=[])


def batches(facts: Facts, after: int) -> Iterator[list[Concern]]:
    """The concerns whose people are told, beginning behind the id `after` (0: all); one statement a batch."""
    wanted = Q() if facts.verb in UNASKED else WANT_MAIL
    told = with_persons(concerned(facts).filter(REACHABLE, wanted)).order_by("pk")
    batch = list(told.filter(pk__gt=after)[:BATCH])
    while batch:
        yield batch
        full = len(batch) == BATCH
        batch = list(told.filter(pk__gt=batch[-1].pk)[:BATCH]) if full else []


def concerned(facts: Facts) -> QuerySet[Concern]:
    """The concerns whose people the event is news for, whether a letter reaches them or not."""
    found = Concern.objects.filter(theirs(facts), standing=standing(facts.verb))
    return found.exclude(pk__in=hearing_otherwise(facts))


def with_persons(concerns: QuerySet[Concern]) -> QuerySet[Concern]:
    """With all that a letter is written from."""
    return concerns.select_related("reporter", "author", "district")


def standing(verb: Verb) -> Standing:
    """Spam and withdrawn concerns hear nothing more but for the receipt of the withdrawal."""
    return Standing.WITHDRAWN if verb == Verb.WITHDRAW else Standing.ACTIVE


def theirs(facts: Facts) -> Q:
    occasion = OCCASIONS.get(facts.verb)
    return GROUPS[occasion.whom](facts) if occasion and is_news(facts) else NOBODY


def placed(facts: Facts) -> Q:
    """All who were placed on the ticket at the event's moment."""
    there = Placement.objects.filter(ticket=facts.ticket, since__lte=facts.at)
    there = there.filter(Q(until__isnull=True) | Q(until__gt=facts.at))
    return Q(pk__in=there.values("concern"))


def named(facts: Facts) -> Q:
    to = facts.data.get("to")
    return placed(facts) if to is None else Q(pk__in=to)


def asked(facts: Facts) -> Q:
    questions = Message.objects.filter(
        ticket=facts.ticket,
        concern__isnull=False,
        direction=Direction.OUT,
        kind=MessageKind.QUESTION,
        created_at__gte=facts.state_since,
    )
    return Q(pk__in=questions.values("concern"))


def own(facts: Facts) -> Q:
    return Q(pk__in=[facts.concern] if facts.concern else [])


def came(facts: Facts) -> Q:
    """Those whom this join brought to the lead."""
    came_by = Placement.objects.filter(
        ticket=facts.about,
        origin=facts.ticket,
        reason=PlacementReason.JOINED,
        since__range=(facts.at, facts.at + ONE_TRANSACTION),
    )
    return Q(pk__in=came_by.values("concern"))


def part(facts: Facts) -> Q:
    return Q(pk=facts.data["concern"])


def confirmed(facts: Facts) -> Q:
    return Q(pk__in=[facts.concern, *map(int, facts.held)])


GROUPS: Mapping[Whom, Callable[[Facts], Q]] = {
    Whom.PLACED: placed,
    Whom.NAMED: named,
    Whom.ASKED: asked,
    Whom.OWN: own,
    Whom.CAME: came,
    Whom.PART: part,
    Whom.CONFIRMED: confirmed,
}


def is_news(facts: Facts) -> bool:
    """Whether the event says anything its people have not been told (occasions.py)."""
    if facts.verb in (Verb.ACCEPT, Verb.TRANSFER):
        told = department_told(facts.ticket, facts.sequence)
        return told != facts.department and (facts.verb == Verb.ACCEPT or told is not None)
    if facts.verb == Verb.CORRECT_CONTACT:
        return bool(facts.data.get("new_address"))
    return True


def department_told(ticket_id: int, sequence: int) -> int | None:
    """The department that people on the ticket were last told of before that event; None if of none."""
    named_by = (Verb.ROUTE, Verb.TRANSFER, Verb.ACCEPT, Verb.REOPEN, Verb.DETACH)
    before = Event.objects.filter(ticket=ticket_id, sequence__lt=sequence, verb__in=named_by)
    told: int | None = None
    department: int | None = None
    for verb, data in before.order_by("sequence").values_list("verb", "data"):
        department = data.get("department", department)
        if verb == Verb.DETACH:
            told = None
        elif verb in (Verb.ACCEPT, Verb.REOPEN) or (verb == Verb.TRANSFER and told is not None):
            told = department
    return told


def hearing_otherwise(facts: Facts) -> list[int]:
    """Concerns that hear of this event by another letter."""
    if facts.verb == Verb.FILED:
        split_off = Concern.objects.filter(own(facts), part_of__isnull=False)
        return list(split_off.values_list("pk", flat=True))
    if facts.verb == Verb.REOPEN:
        return decided_by(facts.ticket, facts.sequence - 1)
    if facts.verb == Verb.DETACH:
        left = Event.objects.filter(
            ticket=facts.data["lead"],
            verb=Verb.GIVE_UP,
            data__ticket=facts.ticket,
            at__lte=facts.at,
        )
        last = left.order_by("-sequence").values_list("sequence", flat=True).first()
        return decided_by(facts.data["lead"], last - 1) if last else []
    return []


def decided_by(ticket_id: int, sequence: int) -> list[int]:
    """The concern whose objection the event with this number decided, if it is such a one."""
    decisions = Event.objects.filter(
        ticket=ticket_id, sequence=sequence, verb=Verb.DECIDE_OBJECTION, concern_ref__isnull=False
    )
    return [one for one in decisions.values_list("concern_ref", flat=True) if one is not None]
