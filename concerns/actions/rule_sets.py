"""Sets of rules: drafted, put in force now or on a day, and taken up again."""

import datetime as dt
import logging
from collections.abc import Iterable
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from common.actor import Actor
from common.city_files import CityDataRefused, Problems, Record, Sheet
from common.clock import now
from concerns.actions.city_rules import contents, read_rules, retire_rules, write_rules
from concerns.enums import RuleSetState
from concerns.errors import Invalid, NotFound, Refused
from concerns.models import Category, Circle, RoutingRule, RuleSet
from concerns.queries.rule_sets import must_administer_rules
from departments.models import Department
from geography.models import District

log = logging.getLogger(__name__)

FILE = "rules.yaml"
# Two loads of a city at once, or a load and a set of rules, would each see rows the other is about to write; the number
# means nothing else.
LOCK = 7_032_011
LONGEST_SOURCE = 500_000
LONGEST_NOTE = 200
# What is not in force yet can be changed.
OPEN = (RuleSetState.DRAFT, RuleSetState.PLANNED)


def hold_city() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


@transaction.atomic
def draft_rules(*, actor: Actor, source: str, note: str = "") -> RuleSet:
    """A new draft, however wrong it still is. Raises Invalid for one too long."""
    must_administer_rules(actor)
    hold_city()
    return new_set(actor, fitting(source), note)


@transaction.atomic
def change_draft(*, actor: Actor, number: int, source: str, note: str) -> RuleSet:
    """Another text for a draft; one that is planned waits for its day no longer."""
    found = held(actor, number, OPEN)
    found.source, found.note = fitting(source), note[:LONGEST_NOTE]
    found.state, found.valid_from, found.problem = RuleSetState.DRAFT, None, ""
    found.written_by, found.written_at = actor.ref, now()
    found.save()
    return found


@transaction.atomic
def activate_rules(*, actor: Actor, number: int, valid_from: dt.datetime | None = None) -> RuleSet:
    """Put a draft in force, now or at a moment to come.

    One that was in force before is taken up as a new set: what held when is never changed. Raises CityDataRefused
    with everything that is wrong with it; the rules in force stay then.
    """
    found = held(actor, number, (*OPEN, RuleSetState.REPLACED))
    sheet = checked(found.source)
    if found.state == RuleSetState.REPLACED:
        again = _("Set %(number)s again") % {"number": found.number}
        found = new_set(actor, found.source, again)
    if valid_from and valid_from > now():
        found.state, found.valid_from, found.problem = RuleSetState.PLANNED, valid_from, ""
        found.save()
        return found
    put_in_force(found, sheet)
    log.warning("%s put rule set %s in force", actor.ref, found.number)
    return found


def activate_due() -> int:
    """Put in force what is due, the earliest first; how many there were. What no longer fits becomes a draft again."""
    with transaction.atomic():
        hold_city()
        due = RuleSet.objects.filter(state=RuleSetState.PLANNED, valid_from__lte=now())
        found = list(due.order_by("valid_from", "number"))
        for one in found:
            try:
                put_in_force(one, checked(one.source))
            except CityDataRefused as refusal:
                one.state, one.problem = RuleSetState.DRAFT, str(refusal)
                one.save()
                log.error("rule set %s could not be put in force", one.number)  # noqa: TRY400 - its texts are the city's
        return len(found)


def keep_loaded(source: str) -> None:
    """The rules as a load of the city's files brought them, as a set that is in force."""
    active = RuleSet.objects.filter(state=RuleSetState.ACTIVE).first()
    if active is None or active.source != source:
        mark_active(new_set(Actor.system(), source, _("From the city's files")))


def put_in_force(chosen: RuleSet, sheet: Sheet) -> None:
    retire_rules(sheet, write_rules(sheet))
    mark_active(chosen)


def mark_active(chosen: RuleSet) -> None:
    moment = now()
    RuleSet.objects.filter(state=RuleSetState.ACTIVE).update(
        state=RuleSetState.REPLACED, replaced_at=moment
    )
    chosen.state, chosen.activated_at, chosen.problem = RuleSetState.ACTIVE, moment, ""
    chosen.save()


def held(actor: Actor, number: int, states: tuple[RuleSetState, ...]) -> RuleSet:
    """The set, nobody else writing; Refused where it is in none of these states."""
    must_administer_rules(actor)
    hold_city()
    found = RuleSet.objects.filter(number=number).first()
    if found is None:
        raise NotFound
    if found.state not in states:
        raise Refused
    return found


def new_set(actor: Actor, source: str, note: str) -> RuleSet:
    last = RuleSet.objects.aggregate(last=Max("number"))["last"] or 0
    return RuleSet.objects.create(
        number=last + 1, source=source, note=note[:LONGEST_NOTE], written_by=actor.ref
    )


def fitting(source: str) -> str:
    text = source.replace("\r\n", "\n").replace("\0", "")
    if len(text) > LONGEST_SOURCE:
        raise Invalid(_("These are too many rules for one set."), field="source")
    return text


def checked(source: str) -> Sheet:
    """The rules of a text, against the city as it is loaded; raises CityDataRefused with everything wrong."""
    problems = Problems(Path(), {FILE: source})
    sheet = read_rules(
        problems,
        categories=known_categories(problems),
        departments=known_departments(problems),
        districts=known_districts(problems),
        circles=sheet_of(problems, "circles", Circle.objects.values_list("key", flat=True)),
    )
    problems.raise_any()
    return sheet


def rules_in(sheet: Sheet) -> list[RoutingRule]:
    """Rules as they would be in force, with department and circle; nothing is stored."""
    departments, circles = Department.objects.in_bulk(), Circle.objects.in_bulk()
    rules = [RoutingRule(key=key, **said) for key, said in contents(sheet).items()]
    for rule in rules:
        rule.department = departments[rule.department_id]
        rule.circle = circles.get(rule.circle_id or 0)
    return rules


def sheet_of(problems: Problems, file: str, keys: Iterable[str]) -> Sheet:
    return Sheet(problems, file, "", {key: Record(key, {}) for key in keys})


def known_categories(problems: Problems) -> Sheet:
    found = Category.objects.filter(retired=False).values_list("slug", "questions")
    records = {slug: Record(slug, {"questions": questions}) for slug, questions in found}
    return Sheet(problems, "categories", "category", records)


def known_departments(problems: Problems) -> Sheet:
    found = Department.objects.values_list("key", "valid_until", "successor__key")
    records = {
        key: Record(key, {"valid_until": until and until.isoformat(), "successor": successor})
        for key, until, successor in found
    }
    return Sheet(problems, "departments", "department", records)


def known_districts(problems: Problems) -> Sheet:
    found = District.objects.values_list("key", "level", "geometry")
    records = {key: Record(key, {"level": level, "geometry": drawn}) for key, level, drawn in found}
    return Sheet(problems, "districts", "district", records)
