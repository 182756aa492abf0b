"""What the city's people hear by the clock: the daily mail, and alarms that no event says. Safe at any time, twice.

Each is an envelope that can exist only once: of a day, of a message, of an objection. So a clock that stood still tells
it late, and two clocks tell it once.
"""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import OuterRef, Subquery

from common.clock import city_zone, now
from concerns.actions.desk import counted_in
from concerns.deadlines import ANSWER_WORKING_DAYS, answer_due
from concerns.enums import Direction
from concerns.models import Message, Objection, Ticket
from concerns.notices.staff_occasions import (
    DIGEST_TOPIC,
    OBJECTION_TOPIC,
    POST_TOPIC,
    UNANSWERED_TOPIC,
)
from notifications import outbox
from notifications.queries import backlog, latest, posted

Facts = Mapping[int, Mapping[str, object]]

# The city's time at which its people's day of news begins.
DAY_BEGINS = dt.timedelta(hours=7)
ONE_DAY = dt.timedelta(days=1)
# What is being written down at this very moment, with the time it began, belongs to the next day's mail.
UNFINISHED = dt.timedelta(minutes=5)


def inform() -> None:
    """Post what is due: the day's mail and the alarms."""
    post_digest()
    sound(UNANSWERED_TOPIC, unanswered())
    sound(OBJECTION_TOPIC, overdue_objections())
    sound(POST_TOPIC, dead_letters())


def news_day() -> int:
    """The number of the day whose news is told now; it begins in the morning, not at midnight."""
    return (now().astimezone(city_zone()).replace(tzinfo=None) - DAY_BEGINS).toordinal()


@transaction.atomic
def post_digest() -> None:
    """Post the day's envelope if it is not there yet; it tells what happened since the last one."""
    day, last = news_day(), latest(DIGEST_TOPIC)
    if last and last[0] >= day:
        return
    until = now() - UNFINISHED
    since = last[1]["until"] if last else (until - ONE_DAY).isoformat()
    facts = {"since": since, "until": until.isoformat()}
    outbox.post_once(topic=DIGEST_TOPIC, facts={day: facts})


@transaction.atomic
def sound(topic: str, found: Facts) -> None:
    """Post an alarm for each subject that has none yet."""
    known = posted(topic, list(found)) if found else set()
    if news := {pk: facts for pk, facts in found.items() if pk not in known}:
        outbox.post_once(topic=topic, facts=news)


def unanswered() -> Facts:
    """People's messages that wait for longer than they should, by the id of the first on its ticket."""
    coming = Message.objects.filter(
        concern__placements__ticket=OuterRef("pk"),
        concern__placements__until__isnull=True,
        direction=Direction.IN,
        created_at__gte=OuterRef("unanswered_since"),
    ).order_by("created_at", "pk")
    waiting = Ticket.objects.filter(unanswered_since__lte=now() - ANSWER_WORKING_DAYS * ONE_DAY)
    waiting = waiting.annotate(message=Subquery(coming.values("pk")[:1])).order_by("pk")
    found = {}
    for ticket in waiting.select_related("calendar"):
        since = ticket.unanswered_since
        if since and ticket.message and answer_due(counted_in(ticket), since) <= now():
            found[ticket.message] = {"ticket": ticket.pk, "since": since.isoformat()}
    return found


def overdue_objections() -> Facts:
    overdue = Objection.objects.filter(verdict="", due__lte=now()).order_by("pk")
    return {
        one.pk: {"ticket": one.ticket_id, "objection": one.pk, "due": one.due.isoformat()}
        for one in overdue
    }


def dead_letters() -> Facts:
    """What the post office gave up, once a day for as long as nobody has looked after it."""
    stuck = backlog()
    count = stuck.deliveries_dead + stuck.envelopes_dead
    return {news_day(): {"count": count}} if count else {}
