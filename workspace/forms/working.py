"""Dates, questions, messages and notes."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.clock import today
from common.forms import DateInput
from concerns.models import Concern, Partner
from concerns.queries.placements import concerns_on, reachable_concerns
from workspace.forms.base import ActForm, choice, words


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
    partner_key = choice(_("Partner"), required=False)
    partner = forms.CharField(
        label=_("Another body"),
        max_length=200,
        required=False,
        help_text=_("Nobody is written to then; please tell them yourself."),
    )
    text = words(
        _("What do they need to know?"),
        hint=_("A partner reads it. No names or contact data of people, please."),
    )
    with_files = forms.BooleanField(
        label=_("Photos and other files go along"),
        required=False,
        help_text=_("Please look first whether people can be recognised."),
    )

    def prepare(self) -> None:
        known = Partner.objects.filter(retired=False)
        named = sorted(((one.key, one.name) for one in known), key=lambda pair: pair[1])
        self.choose("partner_key", [("", _("None of these")), *named])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("partner_key") and not said.get("partner"):
            self.add_error("partner", _("Please name the body."))
        return said
