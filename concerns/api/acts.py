"""What the REST door asks for each act, and the address below a ticket at which it is done."""

from collections.abc import Mapping

from concerns.actions.by_verb import ACTS, BY_VERB, Act
from concerns.api.serializers import acts as wants
from concerns.api.serializers.fields import Nothing, Strict
from concerns.api.slugs import SHARED, slug_of
from concerns.enums import Verb

WANTS: Mapping[Verb, type[Strict]] = {
    Verb.ROUTE: wants.RouteInput,
    Verb.TRANSFER: wants.TransferInput,
    Verb.HAND_BACK: wants.ReasonInput,
    Verb.ASSIGN: wants.AssignInput,
    Verb.SCHEDULE: wants.ScheduleInput,
    Verb.ASK: wants.MessageInput,
    Verb.RECORD_ANSWER: wants.TextInput,
    Verb.REFER: wants.ReferInput,
    Verb.REPORT_BACK: wants.ReportBackInput,
    Verb.RECALL: wants.ReasonInput,
    Verb.RESOLVE: wants.ResolveInput,
    Verb.DECLINE: wants.DeclineInput,
    Verb.SUBMIT: wants.AnswerInput,
    Verb.REJECT: wants.ReasonInput,
    Verb.REOPEN: wants.ReopenInput,
    Verb.UPHOLD: wants.TextInput,
    Verb.DECIDE_OBJECTION: wants.DecideInput,
    Verb.CLOSE_WITHDRAWN: wants.ReasonInput,
    Verb.JOIN: wants.JoinInput,
    Verb.COMPARE: wants.CompareInput,
    Verb.SPLIT: wants.SplitInput,
    Verb.DISCARD: wants.ReasonInput,
    Verb.RESTORE: wants.ReasonInput,
    Verb.PROPOSE_DISCARD: wants.ReasonInput,
    Verb.DISMISS_DISCARD: wants.ReasonInput,
    Verb.MESSAGE: wants.MessageInput,
    Verb.SETTLE: wants.SettleInput,
    Verb.NOTE: wants.TextInput,
    Verb.FOLLOW_UP: wants.FollowUpInput,
    Verb.FOLLOWED_UP: wants.FollowedUpInput,
    Verb.CATEGORISE: wants.CategoriseInput,
    Verb.RELOCATE: wants.RelocateInput,
    Verb.PRIORITISE: wants.PrioritiseInput,
    Verb.CORRECT_CONTACT: wants.CorrectContactInput,
    Verb.ENCIRCLE: wants.CircleInput,
    Verb.LIFT_CIRCLE: wants.ReasonInput,
    Verb.EXCLUDE: wants.ExcludeInput,
    Verb.READMIT: wants.ExcludeInput,
    Verb.RESTRICT: wants.RestrictInput,
    Verb.HOLD: wants.HoldInput,
}


def wanted_by(act: Act) -> type[Strict]:
    """What the body of a request holds: at least which concern is meant, if it is not the ticket of the address."""
    return WANTS.get(act.verb, wants.ConcernInput if act.on == "concern_id" else Nothing)


def slug_for(act: Act) -> str:
    """The verb; a concern that is treated by the same verb as its ticket has an address beside it."""
    beside = act.on == "concern_id" and ("ticket_id", act.verb) in BY_VERB
    return f"{slug_of(act.verb)}-concern" if beside else slug_of(act.verb)


BY_SLUG: Mapping[str, Act] = {slug_for(act): act for act in ACTS if act.verb not in SHARED}
