"""The text of a set of rules, and what to do with it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.clock import today
from concerns.actions.rule_sets import LONGEST_NOTE, LONGEST_SOURCE

LINES = 24
DAYS = 90


class RuleSetForm(forms.Form):
    note = forms.CharField(label=_("What is different"), required=False, max_length=LONGEST_NOTE)
    source = forms.CharField(
        label=_("Rules"),
        help_text=_("Written like rules.yaml in the city's data."),
        max_length=LONGEST_SOURCE,
        strip=False,
        widget=forms.Textarea({"rows": LINES, "spellcheck": "false", "class": "code"}),
    )
    days = forms.TypedChoiceField(
        label=_("Try with the tickets of"),
        coerce=int,
        choices=[(30, _("30 days")), (DAYS, _("90 days")), (365, _("a year"))],
        initial=DAYS,
    )
    valid_from = forms.DateField(
        label=_("In force from"),
        help_text=_("Empty: at once. Else from the beginning of that day."),
        required=False,
        widget=forms.DateInput({"type": "date"}),
    )

    def clean_valid_from(self) -> object:
        day = self.cleaned_data["valid_from"]
        if day and day <= today():
            raise forms.ValidationError(
                _("Please choose a day to come, or leave it empty for at once.")
            )
        return day
