"""Dates, questions, messages and notes."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from common.clock import today
from common.forms import DateInput
from concerns.models import Concern
from concerns.queries.placements import concerns_on, reachable_concerns
from workspace.forms.base import ActForm, words


class NoteForm(ActForm):
    text = words(_("Note"), hint=_("For colleagues only."))


class SettleForm(ActForm):
    text = words(_("What was done?"), required=False, hint=_("For colleagues only."))


class FollowUpForm(ActForm):
    date = forms.DateField(
        label=_("Day"),
        widget=DateInput(),
        help_text=_("The ticket comes up again then, and you hear of it."),
        error_messages={"required": _("Please choose a date.")},
    )
    text = words(_("What is to be looked at then?"), hint=_("For colleagues only."))


class ScheduleForm(ActForm):
    date = forms.DateField(
        label=_("Date"),
        widget=DateInput(),
        help_text=_("People placed on the ticket are told."),
        error_messages={"required": _("Please choose a date.")},
    )

    def clean_date(self) -> dt.date:
        date: dt.date = self.cleaned_data["date"]
        if date < today():
            raise forms.ValidationError(
                _("This date lies in the past. Please choose today or a later day.")
            )
        return date


class RescheduleForm(ScheduleForm):
    reason = words(_("Reason"), hint=_("For colleagues; it is kept as a note."))


class ToPeopleForm(ActForm):
    """Words to all people placed on the ticket, or to some of them."""

    named = {"concerns": "concern_ids"}
    text = words(_("Message"))
    concerns = forms.TypedMultipleChoiceField(
        label=_("To"),
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave all open to write to everybody."),
    )

    def prepare(self) -> None:
        people = [(concern.pk, concern.reference) for concern in self.people()]
        if len(people) > 1:
            self.choose("concerns", people)
        else:
            del self.fields["concerns"]

    def people(self) -> list[Concern]:
        return list(concerns_on(self.ticket))


class AskForm(ToPeopleForm):
    text = words(_("Question"), hint=_("The people asked read exactly this."))

    def people(self) -> list[Concern]:
        return list(reachable_concerns(self.ticket))


class HeardForm(ActForm):
    text = words(_("What was said?"), hint=_("It is kept as a note."))


class ReferForm(ActForm):
    partner = forms.CharField(
        label=_("Body"), max_length=200, error_messages={"required": _("Please name the body.")}
    )
    text = words(_("What do they need to know?"), hint=_("It is kept as a note."))
