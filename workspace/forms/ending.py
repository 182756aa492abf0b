"""How it ends, and how it comes back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.actions.deciding import Answer
from concerns.enums import DECLINING_OUTCOMES, RESOLVING_OUTCOMES, Outcome, Verdict
from concerns.models import Cause
from workspace.forms.base import ActForm, Choices, ReasonForm, choice, words
from workspace.forms.responsibility import departments


class AnswerForm(ActForm):
    """Any ending; `outcomes` narrows which."""

    outcomes: tuple[Outcome, ...] = (*RESOLVING_OUTCOMES, *DECLINING_OUTCOMES)
    outcome = choice(_("Result"))
    text = words(_("Answer"), hint=_("Everybody placed on the ticket reads exactly this."))
    responsible_body = forms.CharField(
        label=_("Who is responsible instead?"),
        required=False,
        max_length=200,
        help_text=_("Needed if the city is not responsible."),
    )
    cause = choice(_("Cause"), required=False)

    def prepare(self) -> None:
        named: Choices = [(outcome.value, outcome.label) for outcome in self.outcomes]
        self.choose("outcome", [("", _("Please choose")), *named])
        if Outcome.NOT_RESPONSIBLE not in self.outcomes:
            del self.fields["responsible_body"]
        causes: Choices = [
            (cause.key, str(cause)) for cause in Cause.objects.filter(retired=False).order_by("key")
        ]
        if causes and self.outcomes != DECLINING_OUTCOMES:
            self.choose("cause", [("", _("not known")), *causes])
        else:
            del self.fields["cause"]

    def keywords(self) -> dict[str, Any]:
        return {"answer": Answer(**self.cleaned_data)}


class ResolveForm(AnswerForm):
    outcomes = RESOLVING_OUTCOMES


class DeclineForm(AnswerForm):
    outcomes = DECLINING_OUTCOMES


class UpholdForm(ActForm):
    text = words(_("Decision"), hint=_("Only the person who objected reads this."))


class DecideForm(ActForm):
    verdict = choice(_("Decision"), coerce=Verdict)
    text = words(_("Reason"), hint=_("Only the person who objected reads this."))

    def prepare(self) -> None:
        meant: Choices = [
            (Verdict.UPHELD, _("The answer stands")),
            (Verdict.REOPENED, _("Take the whole ticket up again")),
            (Verdict.DETACHED, _("Handle this concern separately")),
        ]
        if self.ticket.concern_count < 2:  # noqa: PLR2004 - detaching needs somebody who stays
            meant = meant[:2]
        self.choose("verdict", [("", _("Please choose")), *meant])


class ReopenForm(ReasonForm):
    named = {"department": "department_id"}
    department = choice(_("Department"), required=False, coerce=int)

    def prepare(self) -> None:
        self.choose("department", [("", _("as before")), *departments()])
