"""What an administrator says of people: who they are, and what they may do where."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from common.actor import Actor
from departments.enums import Capability
from departments.models import Department
from workspace.forms.base import choice


class DutyForm(forms.Form):
    """A capability in one of the departments this administrator is in charge of."""

    department_id = choice(_("Department"), coerce=int)
    capability = choice(_("Capability"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = actor.departments([Capability.ADMIN])
        found = [one for one in Department.objects.filter(pk__in=mine) if not one.is_retired]
        named = sorted(((one.pk, one.name) for one in found), key=lambda pair: pair[1])
        first = ("", _("Please choose"))
        self.fields["department_id"].choices = [first, *named]  # type: ignore[attr-defined]
        self.fields["capability"].choices = [first, *Capability.choices]  # type: ignore[attr-defined]


class NewcomerForm(DutyForm):
    """Somebody who has no account yet."""

    field_order = ("name", "email", "language", "department_id", "capability")
    name = forms.CharField(
        label=_("Name"), max_length=200, error_messages={"required": _("Please enter a name.")}
    )
    email = forms.CharField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(),
        error_messages={"required": _("Please enter an e-mail address.")},
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
