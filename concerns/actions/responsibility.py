"""Finding the department: by rule when a ticket opens, by a dispatcher from triage, by clerks among each other."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from shapely.geometry import Point

from common.actor import Actor
from common.clock import city_zone, now
from common.prepared import Given, Prepared
from concerns.actions.desk import happened, move, record, take
from concerns.actions.words import write_note
from concerns.conditions import Matter, ids_in
from concerns.deadlines import start_clocks
from concerns.enums import State, Verb, Verdict
from concerns.errors import Invalid
from concerns.keywords import Text
from concerns.models import Concern, Event, Involvement, Objection, RoutingRule, Ticket
from concerns.queries.approval import waiting_objections
from concerns.routing import Decision, decide
from departments.models import Department
from departments.queries import calendar_of
from geography.queries import Location


def take_responsibility(
    actor: Actor, ticket: Ticket, *, concern: Concern, location: Location
) -> list[Event]:
    """Route a new ticket by the city's rules, or give it to triage; two events: what came, and what was decided.

    First response and resolution are counted in the calendar of the department found, else in the city's first.
    """
    matter = matter_of(concern, location)
    decision = decide(matter, rules_for(matter))
    ticket.circle = decision.circle
    if decision.ticket_priority is not None:
        ticket.priority = decision.ticket_priority
    department = living(decision.department)
    calendar = calendar_of(department)
    start_clocks(ticket, calendar)
    opened = {"calendar": calendar.pk}
    filed = happened(ticket, Verb.FILED, actor, before="", concern_id=concern.pk, data=opened)
    system = Actor.system()
    if department is None:
        before = move(ticket, Verb.START_TRIAGE)
        retired = {"retired": decision.department.pk} if decision.department else {}
        data = {"why": decision.why | retired}
        decided = happened(ticket, Verb.START_TRIAGE, system, before=before, data=data)
    else:
        hand_to(ticket, department)
        before = move(ticket, Verb.ROUTE)
        decided = happened(
            ticket, Verb.ROUTE, system, before=before, data=routed(decision, department)
        )
    return [filed, decided]


def matter_of(concern: Concern, location: Location) -> Matter:
    """A stored concern as rules look at it."""
    return Matter(
        category=concern.category,
        kind=concern.kind,
        audience=concern.audience,
        area_ids=tuple(area.pk for area in (location.district, location.quarter) if area),
        text=Text(concern.words),
        at=concern.created_at.astimezone(city_zone()),
        channel=concern.channel,
        point=point_of(concern),
        answers=concern.answers,
    )


def point_of(concern: Concern) -> Point | None:
    if concern.lat is None or concern.lon is None:
        return None
    return Point(concern.lon, concern.lat)


def rules_for(matter: Matter) -> list[RoutingRule]:
    """Active rules that could match (one statement); how well they do, and by which words, is decided in Python."""
    category = ids_in(matter.category.path) if matter.category else []
    return POSSIBLE.all(
        kind=matter.kind,
        audience=matter.audience,
        channel=matter.channel,
        category=category,
        areas=[*matter.area_ids],
    )


def possible() -> QuerySet[RoutingRule]:
    fits = (
        Q(kind="") | Q(kind=Given("kind")),
        Q(audience="") | Q(audience=Given("audience")),
        Q(channel="") | Q(channel=Given("channel")),
        Q(category=None) | Q(category__one_of=Given("category")),
        Q(district=None) | Q(district__one_of=Given("areas")),
    )
    return RoutingRule.objects.filter(*fits, active=True).select_related(
        "department__calendar", "circle"
    )


POSSIBLE = Prepared(possible)


def routed(decision: Decision, department: Department) -> dict[str, object]:
    return {"department": department.pk, "why": decision.why}


def living(department: Department | None) -> Department | None:
    return None if department is None or department.is_retired else department


def hand_to(ticket: Ticket, department: Department) -> None:
    """Make a department responsible: nobody in it has the ticket yet. The one it leaves may read on for ever."""
    if ticket.department_id == department.pk:
        return
    if ticket.department:
        Involvement.objects.bulk_create(
            [Involvement(ticket=ticket, department=ticket.department)], ignore_conflicts=True
        )
    put_at(ticket, department)


def put_at(ticket: Ticket, department: Department) -> None:
    if ticket.department_id != department.pk:
        ticket.department, ticket.assignee = department, None


def department_given(department_id: int) -> Department:
    """A department that exists today; Invalid names the field otherwise."""
    department = Department.objects.select_related("calendar").filter(pk=department_id).first()
    if department is None or department.is_retired:
        raise Invalid(_("Please choose a department that exists today."), field="department")
    return department


def another_department(ticket: Ticket, department_id: int) -> Department:
    department = department_given(department_id)
    if department.pk == ticket.department_id:
        raise Invalid(
            _("The ticket is already there. Please choose another department."), field="department"
        )
    return department


@transaction.atomic
def route(
    *, actor: Actor, ticket_id: int, department_id: int, version: int | None = None
) -> Ticket:
    """A dispatcher decides from triage who is responsible."""
    ticket = take(actor, ticket_id, Verb.ROUTE, version)
    department = department_given(department_id)
    hand_to(ticket, department)
    before = move(ticket, Verb.ROUTE)
    record(
        ticket,
        Verb.ROUTE,
        actor,
        before=before,
        data={"department": department.pk, "why": {"by": "person"}},
    )
    return ticket


@transaction.atomic
def transfer(
    *, actor: Actor, ticket_id: int, department_id: int, reason: str, version: int | None = None
) -> Ticket:
    """Give the ticket to another department: counted, a wait is cancelled and its sums are kept."""
    ticket = take(actor, ticket_id, Verb.TRANSFER, version)
    department = another_department(ticket, department_id)
    left = ticket.department_id
    drop_plans(ticket)
    end_review(ticket, actor, Verdict.REOPENED)
    hand_to(ticket, department)
    ticket.assignee = None
    ticket.transfers += 1
    before = move(ticket, Verb.TRANSFER)
    data = {
        "from_department": left,
        "department": department.pk,
        "note": keep_reason(ticket, actor, reason),
    }
    record(ticket, Verb.TRANSFER, actor, before=before, data=data)
    return ticket


@transaction.atomic
def hand_back(*, actor: Actor, ticket_id: int, reason: str, version: int | None = None) -> Ticket:
    """«Not ours»: back to triage with a reason. The department stays noted until a dispatcher finds the right one."""
    ticket = take(actor, ticket_id, Verb.HAND_BACK, version)
    drop_plans(ticket)
    end_review(ticket, actor, Verdict.REOPENED)
    ticket.assignee = None
    ticket.hand_backs += 1
    before = move(ticket, Verb.HAND_BACK)
    data = {
        "department": ticket.department_id,
        "count": ticket.hand_backs,
        "note": keep_reason(ticket, actor, reason),
    }
    record(ticket, Verb.HAND_BACK, actor, before=before, data=data)
    return ticket


def drop_plans(ticket: Ticket) -> None:
    """What the old department had under way no longer holds: its wait, its date, its unreleased answer."""
    ticket.wait_until = ticket.reminded_at = ticket.scheduled_for = None
    ticket.partner = ""
    forget_answer(ticket)


def end_review(ticket: Ticket, actor: Actor, verdict: Verdict) -> None:
    """The ticket leaves its review by another way than a decision: no objection to it waits any longer."""
    if ticket.state == State.REOPEN_REQUESTED:
        end_objections(waiting_objections(ticket), actor, verdict)
        ticket.review_due = None


def end_objections(waiting: QuerySet[Objection], actor: Actor, verdict: Verdict) -> None:
    """Decide objections by what happens to their matter (one statement)."""
    waiting.update(verdict=verdict, decided_at=now(), decided_by=actor.user_id)


def forget_answer(ticket: Ticket) -> None:
    """The ticket has no answer any more; the words stay in the conversation if they were released."""
    ticket.outcome, ticket.answer_message, ticket.responsible_body = "", None, ""
    ticket.decided_by = ticket.cause = ticket.answered_at = None
    ticket.no_reply = False


def keep_reason(ticket: Ticket, actor: Actor, reason: str) -> int:
    """Store a reason in words as a note (events keep ids only); the note's id. Raises Invalid when it is empty."""
    return write_note(ticket, actor, reason, field="reason").pk
