"""What an administrator may change of a category."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from common.actor import Actor
from concerns.deadlines import Targets
from concerns.models import Category
from departments.enums import Capability
from departments.models import Department
from departments.targets import AMOUNTS, WORKING_UNITS, Target, Unit
from workspace.forms.base import choice
from workspace.presenting.targets import UNITS

PARTS = ("amount", "unit", "roll_forward")
TARGETS = ("first_response", "resolution")


def amount(label: StrPromise) -> forms.IntegerField:
    return forms.IntegerField(label=label, widget=forms.TextInput({"inputmode": "numeric"}))


def unit(label: StrPromise) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[(one.value, UNITS[one]) for one in Unit])


def roll_forward(label: StrPromise) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)


class CategoryAdjustForm(forms.Form):
    department_id = choice(
        gettext_lazy("Department where no rule says otherwise"), required=False, coerce=int
    )
    first_response_amount = amount(gettext_lazy("First answer within"))
    first_response_unit = unit(gettext_lazy("The first answer is counted in"))
    first_response_roll_forward = roll_forward(
        gettext_lazy("The first answer is never due on a Saturday, Sunday or public holiday")
    )
    resolution_amount = amount(gettext_lazy("Result within"))
    resolution_unit = unit(gettext_lazy("The result is counted in"))
    resolution_roll_forward = roll_forward(
        gettext_lazy("The result is never due on a Saturday, Sunday or public holiday")
    )
    needs_approval = forms.BooleanField(
        label=gettext_lazy("Answers need approval by a second person"), required=False
    )
    offered = forms.BooleanField(
        label=gettext_lazy("Can be chosen for new concerns"), required=False
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = actor.departments([Capability.ADMIN])
        found = [one for one in Department.objects.filter(pk__in=mine) if not one.is_retired]
        named = sorted(((one.pk, one.name) for one in found), key=lambda pair: pair[1])
        choices = [("", _("none; triage decides")), *named]
        self.fields["department_id"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Amount, unit and rolling forward become a target, or a complaint at the amount."""
        said = dict(self.cleaned_data)
        for name in TARGETS:
            parts = {part: said.pop(f"{name}_{part}", None) for part in PARTS}
            if None not in parts.values():
                said[name] = self.target_of(name, parts)
        return said

    def target_of(self, name: str, parts: Mapping[str, Any]) -> Target | None:
        amount, counted = parts["amount"], Unit(parts["unit"])
        fitting = AMOUNTS[counted]
        if amount in fitting:
            return Target(amount, counted, parts["roll_forward"] and counted not in WORKING_UNITS)
        words = _("Please enter a number of %(unit)s from %(least)d to %(most)d.")
        limits = {"unit": UNITS[counted], "least": fitting[0], "most": fitting[-1]}
        self.add_error(f"{name}_amount", words % limits)
        return None


def said_of(category: Category) -> dict[str, Any]:
    """What the form says before anybody changes it."""
    targets = Targets.of(category.targets).stored
    known = {f"{name}_{part}": value for name in TARGETS for part, value in targets[name].items()}
    return {
        "department_id": category.default_department_id,
        "needs_approval": category.needs_approval,
        "offered": not category.retired,
        **known,
    }
