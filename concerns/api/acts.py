"""Everything a person can do with a ticket, as one table: address, action, what it wants to know.

`on` says what the action is asked for: the ticket of the address, or a concern or objection placed on it that the
body names.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from concerns.actions import (
    contact,
    correcting,
    deciding,
    ending,
    joining,
    responsibility,
    safeguarding,
    screening,
    waiting,
    words,
    working,
)
from concerns.api.serializers import acts as wants
from concerns.api.serializers.fields import Nothing, Strict


@dataclass(frozen=True, slots=True)
class Act:
    """One address below a ticket."""

    slug: str
    action: Callable[..., object]
    wants: type[Strict]
    on: Literal["ticket", "part"] = "ticket"

    @property
    def story(self) -> str:
        return inspect.getdoc(self.action) or ""


TABLE = (
    # Who does it
    Act("route", responsibility.route, wants.RouteInput),
    Act("transfer", responsibility.transfer, wants.TransferInput),
    Act("hand-back", responsibility.hand_back, wants.ReasonInput),
    Act("accept", working.accept, Nothing),
    Act("assign", working.assign, wants.AssignInput),
    Act("release", working.release, Nothing),
    # Work and waits
    Act("schedule", working.schedule, wants.ScheduleInput),
    Act("start", working.start, Nothing),
    Act("ask", waiting.ask, wants.MessageInput),
    Act("record-answer", waiting.record_answer, wants.TextInput),
    Act("refer", waiting.refer, wants.ReferInput),
    Act("report-back", waiting.report_back, wants.TextInput),
    Act("recall", waiting.recall, wants.ReasonInput),
    # The answer
    Act("resolve", deciding.resolve, wants.ResolveInput),
    Act("decline", deciding.decline, wants.DeclineInput),
    Act("submit", deciding.submit, wants.AnswerInput),
    Act("approve", deciding.approve, Nothing),
    Act("reject", deciding.reject, wants.ReasonInput),
    Act("retract", deciding.retract, Nothing),
    # After it
    Act("reopen", ending.reopen, wants.ReopenInput),
    Act("uphold", ending.uphold, wants.TextInput),
    Act("decide-objection", ending.decide_objection, wants.DecideInput, on="part"),
    Act("close-withdrawn", ending.close_withdrawn, wants.ReasonInput),
    # The same matter, two matters, no matter
    Act("join", joining.join, wants.JoinInput),
    Act("detach", joining.detach, Nothing),
    Act("detach-concern", joining.detach_concern, wants.ConcernInput, on="part"),
    Act("split", joining.split, wants.SplitInput, on="part"),
    Act("discard", screening.discard, wants.ReasonInput),
    Act("restore", screening.restore, wants.ReasonInput),
    Act("propose-discard", screening.propose_discard, wants.ReasonInput),
    Act("dismiss-discard", screening.dismiss_discard, wants.ReasonInput),
    Act("mark-spam", screening.mark_spam, wants.ConcernInput, on="part"),
    Act("unmark-spam", screening.unmark_spam, wants.ConcernInput, on="part"),
    # Words and corrections
    Act("message", words.send_message, wants.MessageInput),
    Act("settle", words.settle, wants.SettleInput),
    Act("note", words.note, wants.TextInput),
    Act("categorise", correcting.categorise, wants.CategoriseInput),
    Act("relocate", correcting.relocate, wants.RelocateInput),
    Act("correct-contact", contact.correct_contact, wants.CorrectContactInput, on="part"),
    # Who may know, and what is kept
    Act("publish", correcting.publish, Nothing),
    Act("unpublish", correcting.unpublish, Nothing),
    Act("encircle", safeguarding.encircle, wants.CircleInput),
    Act("lift-circle", safeguarding.lift_circle, wants.ReasonInput),
    Act("exclude", safeguarding.exclude, wants.ExcludeInput),
    Act("restrict", safeguarding.restrict, wants.RestrictInput),
    Act("unrestrict", safeguarding.unrestrict, Nothing),
    Act("hold", safeguarding.hold, wants.HoldInput),
    Act("unhold", safeguarding.unhold, Nothing),
)
ACTS: Mapping[str, Act] = {act.slug: act for act in TABLE}


def arguments(
    act: Act, ticket_id: int, version: int | None, values: Mapping[str, Any]
) -> dict[str, Any]:
    """The keywords of an action beside its actor."""
    given = {**values, "version": version}
    if act.on == "ticket":
        given["ticket_id"] = ticket_id
    return given
