"""Whose ticket it is."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from common.clock import today
from concerns.enums import DECIDED
from concerns.errors import Invalid
from concerns.queries.approval import assignable_to
from concerns.queries.named import ticket_named
from departments.models import Department
from workspace.forms.base import ActForm, Choices, choice, words


class DepartmentForm(ActForm):
    named = {"department": "department_id"}
    department = choice(_("Department"), coerce=int)

    def prepare(self) -> None:
        self.choose("department", [("", _("Please choose")), *departments()])


class TransferForm(DepartmentForm):
    reason = words(_("Reason"), hint=_("For colleagues; it is kept as a note."))


class AssignForm(ActForm):
    named = {"assignee": "user_id"}
    assignee = choice(_("Person"), coerce=int)

    def prepare(self) -> None:
        people = assignable_to(self.ticket).order_by("name").values_list("pk", "name")
        self.choose("assignee", [("", _("Please choose")), *people])


def other_ticket(hint: StrOrPromise) -> forms.CharField:
    return forms.CharField(
        label=_("The other ticket"),
        max_length=60,
        help_text=hint,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Please name the other ticket.")},
    )


class JoinForm(ActForm):
    named = {"lead": "lead_id"}
    lead = other_ticket(
        _("Its number, or the reference of one of its concerns. Work goes on there.")
    )

    def clean_lead(self) -> int:
        return ticket_meant(self, "lead")


class CompareForm(ActForm):
    named = {"other": "other_id"}
    other = other_ticket(_("Its number, or the reference of one of its concerns."))
    finding = choice(_("What is it?"))

    def prepare(self) -> None:
        self.choose(
            "finding", [("", _("Please choose")), *((one.value, one.label) for one in DECIDED)]
        )

    def clean_other(self) -> int:
        return ticket_meant(self, "other")


def ticket_meant(form: ActForm, field: str) -> int:
    """The id of the other ticket, if this person may know of it."""
    try:
        return ticket_named(form.actor, form.cleaned_data[field], field=field)
    except Invalid as refusal:
        raise forms.ValidationError(str(refusal.message)) from None


def departments() -> Choices:
    """The departments of today by name."""
    day = today()
    found = Department.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))
    return sorted(((one.pk, one.name) for one in found), key=lambda pair: str(pair[1]))
