"""Who may do what: every act by every sort of person, through the action itself, against tables written by hand."""

import datetime as dt

import pytest

from common.actor import Actor, ActorKind
from common.clock import today
from concerns.actions.deciding import approve, decline, resolve, submit
from concerns.actions.filing import Filed
from concerns.actions.responsibility import hand_back, transfer
from concerns.actions.voicing import object_to_result
from concerns.actions.working import accept
from concerns.enums import Verb
from concerns.errors import NotAllowed, NotFound, Refused
from concerns.models import CircleMember, Ticket
from concerns.permissions import MAY
from departments.enums import Capability
from departments.models import Membership
from tests.factories.organisation import MembershipFactory
from tests.support.acts import ALL, Act, name_of
from tests.support.stages import CANNOT, FIXED, closed, in_progress, merged
from tests.support.town import Town, file
from tests.support.undo import try_out

ONE_DAY = dt.timedelta(days=1)
STAFF = ["dora", "dirk", "carl", "clara", "tess", "paul", "ada", "hanna", "max", "alma"]
STAFF += ["petra", "norman", "iris"]
OTHERS = ["system", "rita", "other", "nobody", "partner"]
WHO = [*STAFF, *OTHERS]


def actor_named(town: Town, name: str, filed: Filed, stranger: Filed) -> Actor:
    others = {
        "system": Actor.system(),
        "rita": Actor.citizen(filed.concern.pk),
        "other": Actor.citizen(stranger.concern.pk),
        "nobody": Actor.anonymous(),
        "partner": Actor(kind=ActorKind.PARTNER),
    }
    return others[name] if name in others else town.actor(name)


def verdict(town: Town, act: Act, actor: Actor, filed: Filed) -> str:
    """y: done · n: not allowed · -: not found · r: allowed but refused by the state of the matter."""
    try:
        try_out(lambda: act.do(town, actor, filed))
    except NotAllowed:
        return "n"
    except NotFound:
        return "-"
    except Refused:
        return "r"
    return "y"


def verdicts(town: Town, act: Act, filed: Filed) -> dict[str, str]:
    stranger = file(category="tree")
    return {
        name: verdict(town, act, actor_named(town, name, filed, stranger), filed) for name in WHO
    }


# Staff: dora dirk carl clara tess paul ada hanna max alma petra norman iris; then system, rita, other, nobody, partner.
WORKER = "yy yyy - nnnn --- nn---"
CLERK = "nn yyy - nnnn --- nn---"
DISPATCHER = "yy nnn - nnnn --- nn---"
LEAD = "yy nny - nnnn --- nn---"
ADMIN = "nn nnn - nnny --- nn---"
APPROVER = "nn nnn - ynnn --- nn---"
NORMAL: dict[Verb, str] = {
    Verb.TRANSFER: WORKER,
    Verb.HAND_BACK: WORKER,
    Verb.ACCEPT: CLERK,
    Verb.ASSIGN: WORKER,
    Verb.RELEASE: "yy yyy - nnnn --- yn---",
    Verb.SCHEDULE: CLERK,
    Verb.RESCHEDULE: CLERK,
    Verb.START: "nn yyy - nnnn --- yn---",
    Verb.ASK: CLERK,
    Verb.RECORD_ANSWER: CLERK,
    Verb.REFER: CLERK,
    Verb.REPORT_BACK: CLERK,
    Verb.RECALL: CLERK,
    Verb.SUBMIT: CLERK,
    Verb.APPROVE: APPROVER,
    Verb.REJECT: APPROVER,
    # Carl wrote the answer.
    Verb.RETRACT: "nn ynn - nnnn --- nn---",
    Verb.RESOLVE: CLERK,
    Verb.DECLINE: WORKER,
    Verb.REOPEN: WORKER,
    Verb.UPHOLD: LEAD,
    Verb.DECIDE_OBJECTION: LEAD,
    Verb.CLOSE_WITHDRAWN: WORKER,
    # Citizens see one ticket at most, never both of a pair.
    Verb.JOIN: "yy yyy - nnnn --- n----",
    Verb.COMPARE: "yy yyy - nnnn --- n----",
    Verb.DETACH: DISPATCHER,
    Verb.SPLIT: WORKER,
    Verb.DISCARD: DISPATCHER,
    Verb.RESTORE: DISPATCHER,
    Verb.PROPOSE_DISCARD: CLERK,
    Verb.DISMISS_DISCARD: DISPATCHER,
    Verb.MARK_SPAM: DISPATCHER,
    Verb.UNMARK_SPAM: DISPATCHER,
    Verb.CATEGORISE: WORKER,
    Verb.RELOCATE: WORKER,
    Verb.PRIORITISE: WORKER,
    Verb.MESSAGE: WORKER,
    Verb.SETTLE: WORKER,
    Verb.NOTE: WORKER,
    Verb.FOLLOW_UP: WORKER,
    Verb.FOLLOWED_UP: WORKER,
    # Rita corrects her own; «other» is the author of another concern.
    Verb.CORRECT_CONTACT: "yy yyy - nnnn --- ny---",
    # Not Rita herself: who took her link could take her PIN as well.
    Verb.RENEW_PROOF: WORKER,
    Verb.PUBLISH: WORKER,
    Verb.UNPUBLISH: WORKER,
    Verb.ENCIRCLE: WORKER,
    # Confidential to the team leads of Streets: for everybody else it does not exist.
    Verb.LIFT_CIRCLE: "-- --y - ---- --- nn---",
    Verb.EXCLUDE: LEAD,
    Verb.READMIT: LEAD,
    Verb.RESTRICT: ADMIN,
    # Restricted: only the administrator still sees it.
    Verb.UNRESTRICT: "-- --- - ---y --- nn---",
    Verb.HOLD: ADMIN,
    Verb.UNHOLD: ADMIN,
    # In triage without a department: dispatchers see it, nobody else of the staff.
    Verb.ROUTE: "yy --- - ---- --- yn---",
}
BY_CLOCK = {
    *(Verb.START_TRIAGE, Verb.REMIND, Verb.EXPIRE, Verb.CLOSE, Verb.REVIEW),
    *(Verb.DUE_SOON, Verb.OVERDUE, Verb.FAR_OVERDUE, Verb.UNACCEPTED, Verb.FOLLOW_UP_DUE),
}


def row(letters: str) -> dict[str, str]:
    return dict(zip(WHO, letters.replace(" ", ""), strict=True))


def test_every_verb_that_somebody_may_do_has_a_row_and_an_act() -> None:
    people_may = set(MAY) - BY_CLOCK - {Verb.PARTNER_WORD} | {Verb.APPROVE, Verb.REJECT}

    assert set(NORMAL) == people_may
    assert {act.verb for act in ALL} == people_may


@pytest.mark.parametrize("act", ALL, ids=name_of)
def test_who_may_act_in_streets(town: Town, act: Act) -> None:
    filed = act.stage(town)
    expected = row(NORMAL[act.verb])
    if act.stage is merged:
        expected |= dict.fromkeys(["rita"], "-")  # her concern is on the lead now

    assert verdicts(town, act, filed) == expected


@pytest.mark.parametrize("verb", sorted(BY_CLOCK))
def test_what_the_clock_does_nobody_else_may(town: Town, verb: Verb) -> None:
    filed, stranger = in_progress(town), file(category="tree")
    actors = {name: actor_named(town, name, filed, stranger) for name in WHO}
    ticket = Ticket.objects.get(pk=filed.ticket.pk)

    may = {name for name, actor in actors.items() if MAY[verb](actor, ticket)}

    assert may == {"system"}


# Confidential: the circle of personnel is Petra and the managers of the town (Max); here Dirk, a dispatcher, and
# Tess, a team lead, are admitted too. Columns: dirk tess max petra. Everybody else: not found; Rita and the system:
# not allowed.
IN_CIRCLE = ["dirk", "tess", "max", "petra"]
CIRCLE_WORKS = "yyyy"
CONFIDENTIAL: dict[Verb, str] = {
    Verb.TRANSFER: CIRCLE_WORKS,
    Verb.HAND_BACK: CIRCLE_WORKS,
    Verb.ACCEPT: CIRCLE_WORKS,
    Verb.RELEASE: CIRCLE_WORKS,
    Verb.SCHEDULE: CIRCLE_WORKS,
    Verb.RESCHEDULE: CIRCLE_WORKS,
    Verb.START: CIRCLE_WORKS,
    Verb.ASK: CIRCLE_WORKS,
    Verb.RECORD_ANSWER: CIRCLE_WORKS,
    Verb.REFER: CIRCLE_WORKS,
    Verb.REPORT_BACK: CIRCLE_WORKS,
    Verb.RECALL: CIRCLE_WORKS,
    Verb.SUBMIT: CIRCLE_WORKS,
    # Nobody of the circle but Dirk is an approver's substitute; Petra, who wrote the answer, never is.
    Verb.APPROVE: "ynnn",
    Verb.REJECT: "ynnn",
    Verb.RETRACT: "nnny",
    Verb.RESOLVE: CIRCLE_WORKS,
    Verb.DECLINE: CIRCLE_WORKS,
    Verb.REOPEN: CIRCLE_WORKS,
    Verb.UPHOLD: "yynn",
    Verb.DECIDE_OBJECTION: "yynn",
    Verb.CLOSE_WITHDRAWN: CIRCLE_WORKS,
    Verb.JOIN: CIRCLE_WORKS,
    Verb.COMPARE: CIRCLE_WORKS,
    Verb.DETACH: "ynnn",
    Verb.SPLIT: CIRCLE_WORKS,
    Verb.DISCARD: "ynnn",
    Verb.RESTORE: "ynnn",
    Verb.PROPOSE_DISCARD: CIRCLE_WORKS,
    Verb.DISMISS_DISCARD: "ynnn",
    Verb.MARK_SPAM: "ynnn",
    Verb.UNMARK_SPAM: "ynnn",
    Verb.CATEGORISE: CIRCLE_WORKS,
    Verb.RELOCATE: CIRCLE_WORKS,
    Verb.PRIORITISE: CIRCLE_WORKS,
    Verb.MESSAGE: CIRCLE_WORKS,
    Verb.SETTLE: CIRCLE_WORKS,
    Verb.NOTE: CIRCLE_WORKS,
    Verb.FOLLOW_UP: CIRCLE_WORKS,
    Verb.FOLLOWED_UP: CIRCLE_WORKS,
    Verb.CORRECT_CONTACT: CIRCLE_WORKS,
    Verb.RENEW_PROOF: CIRCLE_WORKS,
    # Allowed to work it, yet a confidential matter is never published.
    Verb.PUBLISH: "rrrr",
    Verb.ENCIRCLE: CIRCLE_WORKS,
    Verb.EXCLUDE: "yynn",
    Verb.READMIT: "yynn",
    Verb.RESTRICT: "nnnn",
    Verb.HOLD: "nnnn",
}
# Their stages need what no circle member may do, or another category.
NOT_IN_CIRCLE = {
    Verb.ROUTE,
    Verb.ASSIGN,
    Verb.UNPUBLISH,
    Verb.LIFT_CIRCLE,
    Verb.UNRESTRICT,
    Verb.UNHOLD,
}


@pytest.mark.parametrize("act", [act for act in ALL if act.verb not in NOT_IN_CIRCLE], ids=name_of)
def test_a_confidential_matter_is_worked_by_its_circle(town: Town, act: Act) -> None:
    for name in ("dirk", "tess"):
        CircleMember.objects.create(circle=town.circle, user=town.people[name])
    filed = act.stage(town, category="staff", worker="petra", dispatcher="dirk")
    known = dict(zip(IN_CIRCLE, CONFIDENTIAL[act.verb], strict=True))
    rita = {Verb.CORRECT_CONTACT: "y", Verb.JOIN: "-", Verb.COMPARE: "-"}.get(act.verb, "n")
    rita = "-" if act.stage is merged else rita
    system = "y" if act.verb in (Verb.RELEASE, Verb.START) else "n"

    assert verdicts(town, act, filed) == {
        **dict.fromkeys(WHO, "-"),
        **known,
        "rita": rita,
        "system": system,
    }


def test_every_verb_has_a_confidential_row() -> None:
    assert set(CONFIDENTIAL) | NOT_IN_CIRCLE == set(NORMAL)


# A new ticket in triage stands with no department; only dispatchers know of it.
IN_TRIAGE = {
    Verb.ROUTE: "y",
    Verb.TRANSFER: "y",
    Verb.HAND_BACK: "y",
    Verb.DECLINE: "y",
    Verb.DISCARD: "y",
    Verb.MARK_SPAM: "y",
    Verb.CATEGORISE: "y",
    Verb.RELOCATE: "y",
    Verb.PRIORITISE: "y",
    Verb.MESSAGE: "y",
    Verb.NOTE: "y",
    Verb.FOLLOW_UP: "y",
    Verb.FOLLOWED_UP: "r",
    Verb.CORRECT_CONTACT: "y",
    Verb.RENEW_PROOF: "y",
    Verb.PUBLISH: "y",
    Verb.ENCIRCLE: "y",
    Verb.EXCLUDE: "y",
    Verb.SPLIT: "y",
    # A person may: not without a department, not while somebody waits, not what nobody proposed.
    Verb.READMIT: "r",
    Verb.ASSIGN: "r",
    Verb.CLOSE_WITHDRAWN: "r",
    Verb.RELEASE: "r",
    Verb.SETTLE: "r",
    Verb.DISMISS_DISCARD: "r",
    Verb.UNPUBLISH: "r",
    Verb.UNMARK_SPAM: "r",
    Verb.RESTORE: "r",
    Verb.REOPEN: "r",
    Verb.LIFT_CIRCLE: "r",
    Verb.UPHOLD: "r",
    # A clerk's work begins when a department has it.
    Verb.ACCEPT: "n",
    Verb.SCHEDULE: "n",
    Verb.START: "n",
    Verb.ASK: "n",
    Verb.RECORD_ANSWER: "n",
    Verb.REFER: "n",
    Verb.REPORT_BACK: "n",
    Verb.RECALL: "n",
    Verb.SUBMIT: "n",
    Verb.RETRACT: "n",
    Verb.RESOLVE: "n",
    Verb.PROPOSE_DISCARD: "n",
    Verb.RESTRICT: "n",
    Verb.UNRESTRICT: "n",
    Verb.HOLD: "n",
    Verb.UNHOLD: "n",
}


@pytest.mark.parametrize("verb", sorted(IN_TRIAGE))
def test_a_new_ticket_in_triage_is_the_dispatchers_alone(town: Town, verb: Verb) -> None:
    filed = file(category="other", email="rita@people.example")
    act = next(act for act in ALL if act.verb == verb)

    said = {name: verdict(town, act, town.actor(name), filed) for name in STAFF}

    assert said == {**dict.fromkeys(STAFF, "-"), "dora": IN_TRIAGE[verb], "dirk": IN_TRIAGE[verb]}


# Ended tickets are not transferred; the others of these stand elsewhere already.
NOT_TRANSFERRED = {
    Verb.ROUTE,
    Verb.REOPEN,
    Verb.DETACH,
    Verb.RESTORE,
    Verb.LIFT_CIRCLE,
    Verb.UNRESTRICT,
    Verb.UNHOLD,
}


@pytest.mark.parametrize(
    "act", [act for act in ALL if act.verb not in NOT_TRANSFERRED], ids=name_of
)
def test_a_department_once_responsible_reads_but_acts_no_more(town: Town, act: Act) -> None:
    filed = act.stage(town)
    transfer(
        actor=town.actor("dora"),
        ticket_id=filed.ticket.pk,
        department_id=town.office("order").pk,
        reason="Noise after all.",
    )
    # The transfer has granted the objection; there is none left to decide.
    expected = "-" if act.verb == Verb.DECIDE_OBJECTION else "n"
    streets = ("carl", "clara", "tess")

    said = {name: verdict(town, act, town.actor(name), filed) for name in streets}

    assert said == dict.fromkeys(streets, expected)


def test_what_was_handed_back_is_decided_by_a_dispatcher(town: Town) -> None:
    """The department stays noted and reads on; whose it is and whether it is declined is not its to say."""
    filed = in_progress(town)
    hand_back(actor=town.actor("carl"), ticket_id=filed.ticket.pk, reason="Not ours.")
    acts = {act.verb: act for act in ALL}

    said = {
        (name, verb): verdict(town, acts[verb], town.actor(name), filed)
        for name in ("dora", "carl", "tess", "paul")
        for verb in (Verb.ROUTE, Verb.DECLINE, Verb.NOTE)
    }

    assert said == {
        ("dora", Verb.ROUTE): "y",
        ("dora", Verb.DECLINE): "y",
        ("dora", Verb.NOTE): "y",
        ("carl", Verb.ROUTE): "n",
        ("carl", Verb.DECLINE): "n",
        ("carl", Verb.NOTE): "y",
        ("tess", Verb.ROUTE): "n",
        ("tess", Verb.DECLINE): "n",
        ("tess", Verb.NOTE): "y",
        ("paul", Verb.ROUTE): "-",
        ("paul", Verb.DECLINE): "-",
        ("paul", Verb.NOTE): "-",
    }


@pytest.mark.parametrize("who", ["tess", "dora"])
def test_who_answered_never_decides_on_objections_to_it(town: Town, who: str) -> None:
    """The reviewer is another than the one who closed it (design.md §3)."""
    filed = file(email="rita@people.example")
    accept(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
    if who == "dora":
        decline(actor=town.actor("dora"), ticket_id=filed.ticket.pk, answer=CANNOT)
    else:
        resolve(actor=town.actor("tess"), ticket_id=filed.ticket.pk, answer=FIXED)
    object_to_result(concern_id=filed.concern.pk, text="It is still there.")
    acts = {act.verb: act for act in ALL}
    reviews = (Verb.UPHOLD, Verb.DECIDE_OBJECTION, Verb.REOPEN)

    said = {
        name: [verdict(town, acts[verb], town.actor(name), filed) for verb in reviews]
        for name in ("tess", "dora", "dirk", "carl")
    }

    allowed = {name: ["y"] * 3 for name in ("tess", "dora", "dirk")}
    assert said == {**allowed, who: ["n"] * 3, "carl": ["n"] * 3}


def test_who_approved_never_decides_on_objections_to_it(town: Town) -> None:
    """Dora stands in as approver, Carl wrote: neither reviews what they made together."""
    filed = file(category="appeal", email="rita@people.example")
    Membership.objects.filter(capability=Capability.APPROVER).delete()
    accept(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
    submit(actor=town.actor("carl"), ticket_id=filed.ticket.pk, answer=FIXED)
    approve(actor=town.actor("dora"), ticket_id=filed.ticket.pk)
    object_to_result(concern_id=filed.concern.pk, text="It is still there.")
    upholding = next(act for act in ALL if act.verb == Verb.UPHOLD)

    said = {
        name: verdict(town, upholding, town.actor(name), filed) for name in ("dora", "dirk", "tess")
    }

    assert said == {"dora": "n", "dirk": "y", "tess": "y"}


def test_a_closed_ticket_is_reopened_by_dispatchers_alone(town: Town) -> None:
    filed = closed(town)
    reopening = next(act for act in ALL if act.verb == Verb.REOPEN)

    said = {name: verdict(town, reopening, town.actor(name), filed) for name in STAFF}

    streets = dict.fromkeys(["carl", "clara", "tess", "ada", "hanna", "max", "alma"], "n")
    assert said == {**dict.fromkeys(STAFF, "-"), **streets, "dora": "y", "dirk": "y"}


def test_a_membership_above_counts_below_and_never_sideways(town: Town) -> None:
    """Hanna, made clerk of Public Works, works in Streets and Parks below it, but not in Order beside it."""
    MembershipFactory(
        user=town.people["hanna"],
        department=town.office("public-works"),
        capability=Capability.CLERK,
    )
    street, noise = file(), file(category="noise")
    accepting = next(act for act in ALL if act.verb == Verb.ACCEPT)

    said = [verdict(town, accepting, town.actor("hanna"), filed) for filed in (street, noise)]

    assert said == ["y", "-"]


@pytest.mark.parametrize(
    ("valid", "expected"),
    [
        ({"valid_until": today()}, "y"),
        ({"valid_until": today() - ONE_DAY}, "-"),
        ({"valid_from": today()}, "y"),
        ({"valid_from": today() + ONE_DAY}, "-"),
    ],
)
def test_a_membership_counts_from_its_first_to_its_last_day(
    town: Town, valid: dict[str, dt.date], expected: str
) -> None:
    Membership.objects.filter(user=town.people["carl"]).update(**valid)
    accepting = next(act for act in ALL if act.verb == Verb.ACCEPT)

    assert verdict(town, accepting, town.actor("carl"), file()) == expected


def test_a_deactivated_person_is_nobody(town: Town) -> None:
    town.people["carl"].is_active = False

    assert town.actor("carl") == Actor.anonymous()
