"""What the buttons say, and what an act does to whom before anybody presses one."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_stubs_ext import StrOrPromise

from concerns.enums import Verb
from concerns.queries.placements import Company

BUTTONS: Mapping[Verb, StrOrPromise] = {
    Verb.ROUTE: gettext_lazy("Give to a department"),
    Verb.TRANSFER: gettext_lazy("Transfer"),
    Verb.HAND_BACK: gettext_lazy("Hand back"),
    Verb.ACCEPT: gettext_lazy("Accept"),
    Verb.ASSIGN: gettext_lazy("Assign"),
    Verb.RELEASE: gettext_lazy("Release to the department"),
    Verb.SCHEDULE: gettext_lazy("Plan a date"),
    Verb.RESCHEDULE: gettext_lazy("Plan another date"),
    Verb.START: gettext_lazy("Start work"),
    Verb.ASK: gettext_lazy("Ask a question"),
    Verb.RECORD_ANSWER: gettext_lazy("Record the answer"),
    Verb.RECALL: gettext_lazy("End the wait"),
    Verb.REFER: gettext_lazy("Pass to a partner"),
    Verb.REPORT_BACK: gettext_lazy("Partner reported back"),
    Verb.RESOLVE: gettext_lazy("Answer and finish"),
    Verb.DECLINE: gettext_lazy("Decline"),
    Verb.SUBMIT: gettext_lazy("Submit for approval"),
    Verb.APPROVE: gettext_lazy("Approve the answer"),
    Verb.REJECT: gettext_lazy("Send back"),
    Verb.RETRACT: gettext_lazy("Take the answer back"),
    Verb.REOPEN: gettext_lazy("Reopen"),
    Verb.UPHOLD: gettext_lazy("Uphold the answer"),
    Verb.CLOSE_WITHDRAWN: gettext_lazy("Close after withdrawal"),
    Verb.JOIN: gettext_lazy("Join to another ticket"),
    Verb.COMPARE: gettext_lazy("Compare with another ticket"),
    Verb.DETACH: gettext_lazy("Detach"),
    Verb.SPLIT: gettext_lazy("Split off a second matter"),
    Verb.DISCARD: gettext_lazy("Discard as spam"),
    Verb.RESTORE: gettext_lazy("Restore"),
    Verb.PROPOSE_DISCARD: gettext_lazy("Propose as spam"),
    Verb.DISMISS_DISCARD: gettext_lazy("This is no spam"),
    Verb.MARK_SPAM: gettext_lazy("This concern is spam"),
    Verb.UNMARK_SPAM: gettext_lazy("This concern is no spam"),
    Verb.CATEGORISE: gettext_lazy("Correct the category"),
    Verb.RELOCATE: gettext_lazy("Correct the place"),
    Verb.PRIORITISE: gettext_lazy("Change the priority"),
    Verb.MESSAGE: gettext_lazy("Write a message"),
    Verb.SETTLE: gettext_lazy("Message is dealt with"),
    Verb.NOTE: gettext_lazy("Add a note"),
    Verb.FOLLOW_UP: gettext_lazy("Plan a follow-up"),
    Verb.FOLLOWED_UP: gettext_lazy("Follow-up is done"),
    Verb.ENCIRCLE: gettext_lazy("Make confidential"),
    Verb.LIFT_CIRCLE: gettext_lazy("Lift confidentiality"),
    Verb.EXCLUDE: gettext_lazy("Exclude a person"),
    Verb.READMIT: gettext_lazy("Admit an excluded person again"),
    Verb.PUBLISH: gettext_lazy("Publish"),
    Verb.UNPUBLISH: gettext_lazy("Withdraw publication"),
    Verb.RESTRICT: gettext_lazy("Restrict processing"),
    Verb.UNRESTRICT: gettext_lazy("Lift the restriction"),
    Verb.HOLD: gettext_lazy("Keep from erasure"),
    Verb.UNHOLD: gettext_lazy("No longer keep from erasure"),
    Verb.CORRECT_CONTACT: gettext_lazy("Correct contact data"),
    Verb.RENEW_PROOF: gettext_lazy("New link and PIN"),
    Verb.DECIDE_OBJECTION: gettext_lazy("Decide the objection"),
}
KEYS: Mapping[Verb, str] = {Verb.ACCEPT: "a", Verb.ASSIGN: "z", Verb.TRANSFER: "t"}
# The likely next step, first one that is allowed; then what stands beside it.
PRIMARY = (
    Verb.ROUTE,
    Verb.ACCEPT,
    Verb.APPROVE,
    Verb.RECORD_ANSWER,
    Verb.REPORT_BACK,
    Verb.START,
    Verb.SUBMIT,
    Verb.RESOLVE,
    Verb.UPHOLD,
    Verb.RESTORE,
)
BESIDE = (
    Verb.SETTLE,
    Verb.FOLLOWED_UP,
    Verb.REJECT,
    Verb.RETRACT,
    Verb.ASK,
    Verb.SCHEDULE,
    Verb.RESCHEDULE,
    Verb.REFER,
    Verb.DECLINE,
    Verb.REOPEN,
    Verb.MESSAGE,
    Verb.NOTE,
    Verb.FOLLOW_UP,
    Verb.TRANSFER,
    Verb.ASSIGN,
    Verb.DISMISS_DISCARD,
    Verb.CLOSE_WITHDRAWN,
)
# Acts that ask for nothing but that people should think about first.
WEIGHED = frozenset({Verb.APPROVE, Verb.PUBLISH, Verb.DETACH})
# Acts on one concern; they stand with it, not with the ticket.
ON_A_CONCERN = frozenset(
    {Verb.SPLIT, Verb.MARK_SPAM, Verb.UNMARK_SPAM, Verb.CORRECT_CONTACT, Verb.RENEW_PROOF}
)
ANSWERING = frozenset({Verb.RESOLVE, Verb.DECLINE, Verb.APPROVE})
TOLD = frozenset(
    {Verb.SCHEDULE, Verb.RESCHEDULE, Verb.REFER, Verb.REOPEN, Verb.TRANSFER, Verb.MESSAGE}
)


def consequence(verb: Verb, there: Company) -> str:
    """What will happen to whom, in a sentence; "" where it stays inside."""
    if verb in ANSWERING:
        said = ngettext(
            "%(count)d person is answered", "%(count)d people are answered", there.active
        ) % {"count": there.active}
        unreachable = there.active - there.reachable
        if not unreachable:
            return f"{said}."
        unable = ngettext(
            "%(count)d of them left no address and reads the answer only with reference and PIN.",
            "%(count)d of them left no address and read the answer only with reference and PIN.",
            unreachable,
        )
        return f"{said}. {unable % {'count': unreachable}}"
    if verb in TOLD:
        told = ngettext(
            "%(count)d person is told by mail.",
            "%(count)d people are told by mail.",
            there.mailed,
        )
        return told % {"count": there.mailed}
    return {
        Verb.ASK: _("The clock of the resolution stands still until somebody answers."),
        Verb.SUBMIT: _("Nobody outside reads this before a second person has approved it."),
        Verb.DISCARD: _("Nobody is told. The contents are erased after 30 days."),
        Verb.PUBLISH: _(
            "Everybody will see category, rough place and public state of this matter: no words, no names."
        ),
        Verb.DETACH: _("The concerns that came with this ticket come back to it, in triage."),
        Verb.MARK_SPAM: _("This person hears nothing more. The matter goes on for the others."),
        Verb.CORRECT_CONTACT: _(
            "What you leave empty is deleted. A new e-mail address has to be confirmed again."
        ),
        Verb.RENEW_PROOF: _(
            "The old link and PIN stop working at once. You see the new PIN once, to tell the person."
        ),
        Verb.ENCIRCLE: _(
            "Only the circle will see this ticket; your department may lose sight of it."
        ),
        Verb.JOIN: _(
            "The people of this ticket hear that others reported the same, and get the lead's answer."
        ),
    }.get(verb, "")
