"""Whose ticket it is."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.clock import today
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


class JoinForm(ActForm):
    named = {"lead": "lead_id"}
    lead = forms.CharField(
        label=_("The other ticket"),
        max_length=60,
        help_text=_("Its number, or the reference of one of its concerns. Work goes on there."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Please name the other ticket.")},
    )

    def clean_lead(self) -> int:
        """The id of the other ticket, if this person may know of it."""
        try:
            return ticket_named(self.actor, self.cleaned_data["lead"], field="lead")
        except Invalid as refusal:
            raise forms.ValidationError(str(refusal.message)) from None


def departments() -> Choices:
    """The departments of today by name."""
    day = today()
    found = Department.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))
    return sorted(((one.pk, one.name) for one in found), key=lambda pair: str(pair[1]))
