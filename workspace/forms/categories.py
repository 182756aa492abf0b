"""What an administrator may change of a category."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.actor import Actor
from departments.enums import Capability
from departments.models import Department
from workspace.forms.base import choice


class CategoryAdjustForm(forms.Form):
    department_id = choice(_("Department where no rule says otherwise"), required=False, coerce=int)
    first_response_days = forms.IntegerField(
        label=_("First answer within"),
        help_text=_("In working days."),
        widget=forms.TextInput({"inputmode": "numeric"}),
    )
    resolution_days = forms.IntegerField(
        label=_("Result within"),
        help_text=_("In working days."),
        widget=forms.TextInput({"inputmode": "numeric"}),
    )
    needs_approval = forms.BooleanField(
        label=_("Answers need approval by a second person"), required=False
    )
    offered = forms.BooleanField(label=_("Can be chosen for new concerns"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = actor.departments([Capability.ADMIN])
        found = [one for one in Department.objects.filter(pk__in=mine) if not one.is_retired]
        named = sorted(((one.pk, one.name) for one in found), key=lambda pair: pair[1])
        self.fields["department_id"].choices = [("", _("none; triage decides")), *named]  # type: ignore[attr-defined]
