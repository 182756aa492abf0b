"""Which events the city's people hear of, and which of them; beside occasions.py, which is for those outside.

| event | news | who hears |
|---|---|---|
| filed; restore, detach | new, or triage without a department | the department's desk, or the dispatchers |
| route by a person, transfer | new | the department's desk |
| hand_back | triage; from the second on the alarm ping_pong | the dispatchers |
| reopen | reopened | the assignee, else the department's desk |
| assign | assigned | who has it now |
| reply, answer | message, answered | the assignee, else the department's desk |
| added | added | the assignee, else the department's desk |
| expire, report_back | no_reply, reported | the assignee, else the department's desk |
| object | objection | who may decide on it |
| submit | approval | who may approve it |
| reject | rejected | who submitted it |
| bounce | alarm: bounce, once for an address | the assignee, else the department's desk |
| due_soon | due_soon | the assignee, else the department's desk |
| follow_up_due | follow_up | the assignee, else the department's desk |
| overdue, unaccepted | alarms of the same names | the department's team leads |
| far_overdue | alarm: far_overdue | the managers of the department or above |

And what no event says, found by the clock (actions/informing.py), always alarms:
| a message waits too long | unanswered | the assignee and the team leads |
| an objection is not decided in time | objection_overdue | who may decide on it |
| letters are given up | post | the administrators |

Nobody hears of what they did themselves. Alarms reach everybody at once; of the rest each person chooses: at once, in
one mail a day (digest.py), or not at all. In triage the dispatchers take the place of the department's desk. Routing by
rule is silent, for filing says it, and so is `review`, for `object` says it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto

from common.actor import ActorKind
from concerns.enums import Verb
from concerns.models import Event
from concerns.notices.facts import Facts

TOO_OFTEN_HANDED_BACK = 2
DIGEST_TOPIC = "concerns.digest"
UNANSWERED_TOPIC = "concerns.alarm.unanswered"
OBJECTION_TOPIC = "concerns.alarm.objection"
POST_TOPIC = "concerns.alarm.post"


class News(StrEnum):
    """What a letter to staff says; also its purpose in the post office."""

    NEW = "staff_new"
    TRIAGE = "staff_triage"
    REOPENED = "staff_reopened"
    ASSIGNED = "staff_assigned"
    MESSAGE = "staff_message"
    ANSWERED = "staff_answered"
    ADDED = "staff_added"
    NO_REPLY = "staff_no_reply"
    REPORTED = "staff_reported"
    PARTNER = "staff_partner"
    OBJECTION = "staff_objection"
    APPROVAL = "staff_approval"
    REJECTED = "staff_rejected"
    PING_PONG = "alarm_ping_pong"
    BOUNCE = "alarm_bounce"
    DUE_SOON = "staff_due_soon"
    FOLLOW_UP = "staff_follow_up"
    OVERDUE = "alarm_overdue"
    FAR_OVERDUE = "alarm_far_overdue"
    UNACCEPTED = "alarm_unaccepted"
    UNANSWERED = "alarm_unanswered"
    OBJECTION_OVERDUE = "alarm_objection_overdue"
    POST = "alarm_post"
    DIGEST = "staff_digest"


class Hearers(StrEnum):
    DESK = auto()  # clerks and team leads of the very department
    RESPONSIBLE = auto()  # the assignee, else the desk
    RESPONSIBLE_AND_LEADS = auto()  # the assignee, else the desk, and the department's team leads
    LEADS = auto()  # the department's team leads, else those above, else its desk
    HEADS = auto()  # the managers of the department, else those above, else its team leads
    DISPATCHERS = auto()
    ASSIGNED = auto()  # whom the event names
    REVIEWERS = auto()  # who may decide on an objection
    APPROVERS = auto()
    SUBMITTER = auto()  # whose answer it was
    ADMINISTRATORS = auto()


@dataclass(frozen=True, slots=True)
class StaffOccasion:
    news: News
    hearers: Hearers
    alarm: bool = False


NEW = StaffOccasion(News.NEW, Hearers.DESK)
TRIAGE = StaffOccasion(News.TRIAGE, Hearers.DISPATCHERS)
PING_PONG = StaffOccasion(News.PING_PONG, Hearers.DISPATCHERS, alarm=True)

STAFF_OCCASIONS: Mapping[Verb, StaffOccasion] = {
    Verb.FILED: NEW,
    Verb.ROUTE: NEW,
    Verb.TRANSFER: NEW,
    Verb.HAND_BACK: TRIAGE,
    Verb.DETACH: TRIAGE,
    Verb.RESTORE: TRIAGE,
    Verb.REOPEN: StaffOccasion(News.REOPENED, Hearers.RESPONSIBLE),
    Verb.ASSIGN: StaffOccasion(News.ASSIGNED, Hearers.ASSIGNED),
    Verb.REPLY: StaffOccasion(News.MESSAGE, Hearers.RESPONSIBLE),
    Verb.ANSWER: StaffOccasion(News.ANSWERED, Hearers.RESPONSIBLE),
    Verb.ADDED: StaffOccasion(News.ADDED, Hearers.RESPONSIBLE),
    Verb.EXPIRE: StaffOccasion(News.NO_REPLY, Hearers.RESPONSIBLE),
    Verb.REPORT_BACK: StaffOccasion(News.REPORTED, Hearers.RESPONSIBLE),
    Verb.PARTNER_WORD: StaffOccasion(News.PARTNER, Hearers.RESPONSIBLE),
    Verb.OBJECT: StaffOccasion(News.OBJECTION, Hearers.REVIEWERS),
    Verb.SUBMIT: StaffOccasion(News.APPROVAL, Hearers.APPROVERS),
    Verb.REJECT: StaffOccasion(News.REJECTED, Hearers.SUBMITTER),
    Verb.BOUNCE: StaffOccasion(News.BOUNCE, Hearers.RESPONSIBLE, alarm=True),
    Verb.DUE_SOON: StaffOccasion(News.DUE_SOON, Hearers.RESPONSIBLE),
    Verb.FOLLOW_UP_DUE: StaffOccasion(News.FOLLOW_UP, Hearers.RESPONSIBLE),
    Verb.OVERDUE: StaffOccasion(News.OVERDUE, Hearers.LEADS, alarm=True),
    Verb.FAR_OVERDUE: StaffOccasion(News.FAR_OVERDUE, Hearers.HEADS, alarm=True),
    Verb.UNACCEPTED: StaffOccasion(News.UNACCEPTED, Hearers.LEADS, alarm=True),
}
# By the topic of their envelopes; whose subject it is stands in actions/informing.py.
ALARMS: Mapping[str, StaffOccasion] = {
    UNANSWERED_TOPIC: StaffOccasion(News.UNANSWERED, Hearers.RESPONSIBLE_AND_LEADS, alarm=True),
    OBJECTION_TOPIC: StaffOccasion(News.OBJECTION_OVERDUE, Hearers.REVIEWERS, alarm=True),
    POST_TOPIC: StaffOccasion(News.POST, Hearers.ADMINISTRATORS, alarm=True),
}


def staff_hear(event: Event) -> bool:
    """Whether the event is news for anybody of the city."""
    by_rule = event.verb == Verb.ROUTE and event.actor_kind == ActorKind.SYSTEM
    return event.verb in STAFF_OCCASIONS and not by_rule


def occasion_of(facts: Facts) -> StaffOccasion | None:
    """The occasion of an event, as its particulars make it; None for what the city's people do not hear of."""
    verb = facts.verb
    if verb == Verb.FILED and facts.department is None:
        return TRIAGE
    if verb == Verb.HAND_BACK and facts.data.get("count", 0) >= TOO_OFTEN_HANDED_BACK:
        return PING_PONG
    return STAFF_OCCASIONS.get(verb)
