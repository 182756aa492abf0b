"""What an act asks of the person who does it; one small form for each."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.models import User
from common.actor import Actor
from common.clock import today
from common.forms import DateInput, WordsField
from concerns.enums import DECLINING_OUTCOMES, RESOLVING_OUTCOMES, Outcome, Verb, Verdict
from concerns.errors import Invalid
from concerns.models import Category, Cause, Circle, Concern, Ticket
from concerns.parsing import clean_words
from concerns.queries.approval import assignable_to
from concerns.queries.named import ticket_named
from concerns.queries.placements import concerns_on, reachable_concerns
from departments.models import Department

Choices = Sequence[tuple[Any, StrOrPromise]]


class ActForm(forms.Form):
    """A form that knows the ticket it is about and who fills it."""

    def __init__(self, *args: Any, ticket: Ticket, actor: Actor, **kwargs: Any) -> None:
        self.ticket, self.actor = ticket, actor
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Fill choices from the ticket."""

    def choose(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(choices)


def sayable(text: str) -> None:
    """Raise ValidationError for words the actions would refuse."""
    try:
        clean_words(text)
    except Invalid as refusal:
        raise forms.ValidationError(str(refusal.message)) from None


def words(label: StrOrPromise, *, required: bool = True, hint: StrOrPromise = "") -> WordsField:
    return WordsField(
        label=label,
        required=required,
        check=sayable,
        help_text=hint,
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": _("Please write something.")},
    )


def choice(
    label: StrOrPromise, *, required: bool = True, coerce: Callable[[Any], Any] = str
) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        required=required,
        coerce=coerce,
        empty_value=None if coerce is int else "",
        error_messages={"required": _("Please choose one.")},
    )


class ReasonForm(ActForm):
    reason = words(_("Reason"), hint=_("For colleagues; it is kept as a note."))


class NoteForm(ActForm):
    text = words(_("Note"), hint=_("For colleagues only."))


class SettleForm(ActForm):
    text = words(_("What was done?"), required=False, hint=_("For colleagues only."))


class DepartmentForm(ActForm):
    department = choice(_("Department"), coerce=int)

    def prepare(self) -> None:
        self.choose("department", [("", _("Please choose")), *departments()])


class TransferForm(DepartmentForm):
    reason = words(_("Reason"), hint=_("For colleagues; it is kept as a note."))


class AssignForm(ActForm):
    assignee = choice(_("Person"), coerce=int)

    def prepare(self) -> None:
        people = assignable_to(self.ticket).order_by("name").values_list("pk", "name")
        self.choose("assignee", [("", _("Please choose")), *people])


class ScheduleForm(ActForm):
    date = forms.DateField(
        label=_("Date"), widget=DateInput(), help_text=_("People placed on the ticket are told.")
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

    text = words(_("Message"))
    concerns = forms.TypedMultipleChoiceField(
        label=_("To"),
        required=False,
        coerce=int,
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


class ResolveForm(AnswerForm):
    outcomes = RESOLVING_OUTCOMES


class DeclineForm(AnswerForm):
    outcomes = DECLINING_OUTCOMES


class UpholdForm(ActForm):
    text = words(_("Decision"), hint=_("Only the person who objected reads this."))


class ReopenForm(ReasonForm):
    department = choice(_("Department"), required=False, coerce=int)

    def prepare(self) -> None:
        self.choose("department", [("", _("as before")), *departments()])


class JoinForm(ActForm):
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


class CategoryForm(ActForm):
    category = choice(_("Category"))

    def prepare(self) -> None:
        found = Category.objects.filter(audience=self.ticket.audience, retired=False).order_by(
            "path"
        )
        self.choose(
            "category", [("", _("Please choose")), *((one.slug, one.name) for one in found)]
        )


class PlaceForm(ActForm):
    address = forms.CharField(label=_("Address or place"), required=False, max_length=300)
    lat = forms.FloatField(
        label=_("Latitude"), required=False, localize=True, widget=forms.TextInput()
    )
    lon = forms.FloatField(
        label=_("Longitude"), required=False, localize=True, widget=forms.TextInput()
    )

    def prepare(self) -> None:
        self.initial = {
            "address": self.ticket.address,
            "lat": self.ticket.lat,
            "lon": self.ticket.lon,
            **self.initial,
        }


class CircleForm(ActForm):
    circle = choice(_("Circle"))

    def prepare(self) -> None:
        self.choose(
            "circle",
            [
                ("", _("Please choose")),
                *((one.key, one.name) for one in Circle.objects.order_by("key")),
            ],
        )


class PersonForm(ActForm):
    person = choice(_("Person the matter is about"), coerce=int)

    def prepare(self) -> None:
        people = User.objects.filter(is_active=True).order_by("name")
        self.choose("person", [("", _("Please choose")), *((one.pk, one.name) for one in people)])


class CodeForm(ActForm):
    reason_code = choice(_("Reason"))

    def prepare(self) -> None:
        reasons: Choices = [
            ("accuracy", _("Accuracy contested")),
            ("objection", _("Objection to processing")),
            ("claims", _("Needed for legal claims")),
            ("audit", _("Audit")),
        ]
        self.choose("reason_code", [("", _("Please choose")), *reasons])


class HoldForm(CodeForm):
    until = forms.DateField(label=_("Until"), widget=DateInput())


class SplitForm(ActForm):
    words = words(_("The second matter"), hint=_("Copy the part of the text that is about it."))
    category = choice(_("Category"), required=False)

    def prepare(self) -> None:
        found = Category.objects.filter(audience=self.ticket.audience, retired=False).order_by(
            "path"
        )
        self.choose("category", [("", _("not known")), *((one.slug, one.name) for one in found)])


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


class ContactForm(ActForm):
    name = forms.CharField(label=_("Name"), required=False, max_length=200)
    email = forms.CharField(
        label=_("E-mail address"), required=False, max_length=254, widget=forms.EmailInput()
    )
    phone = forms.CharField(label=_("Phone number"), required=False, max_length=40)


def departments() -> Choices:
    """The departments of today by name."""
    day = today()
    found = Department.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))
    return sorted(((one.pk, one.name) for one in found), key=lambda pair: str(pair[1]))


FORMS: Mapping[Verb, type[ActForm]] = {
    Verb.ROUTE: DepartmentForm,
    Verb.TRANSFER: TransferForm,
    Verb.HAND_BACK: ReasonForm,
    Verb.ASSIGN: AssignForm,
    Verb.SCHEDULE: ScheduleForm,
    Verb.RESCHEDULE: RescheduleForm,
    Verb.ASK: AskForm,
    Verb.RECORD_ANSWER: HeardForm,
    Verb.RECALL: ReasonForm,
    Verb.REFER: ReferForm,
    Verb.REPORT_BACK: HeardForm,
    Verb.RESOLVE: ResolveForm,
    Verb.DECLINE: DeclineForm,
    Verb.SUBMIT: AnswerForm,
    Verb.REJECT: ReasonForm,
    Verb.REOPEN: ReopenForm,
    Verb.UPHOLD: UpholdForm,
    Verb.CLOSE_WITHDRAWN: ReasonForm,
    Verb.JOIN: JoinForm,
    Verb.DISCARD: ReasonForm,
    Verb.RESTORE: ReasonForm,
    Verb.PROPOSE_DISCARD: ReasonForm,
    Verb.DISMISS_DISCARD: ReasonForm,
    Verb.CATEGORISE: CategoryForm,
    Verb.RELOCATE: PlaceForm,
    Verb.MESSAGE: ToPeopleForm,
    Verb.SETTLE: SettleForm,
    Verb.NOTE: NoteForm,
    Verb.ENCIRCLE: CircleForm,
    Verb.LIFT_CIRCLE: ReasonForm,
    Verb.EXCLUDE: PersonForm,
    Verb.RESTRICT: CodeForm,
    Verb.HOLD: HoldForm,
}
