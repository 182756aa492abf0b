"""What is put right, and who may know."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.forms import DateInput
from concerns.actions.filing import Place
from concerns.enums import Priority
from concerns.models import Category, Circle
from concerns.queries.approval import excluded_from
from workspace.forms.base import ActForm, Choices, ReasonForm, choice, words


class CategoryForm(ActForm):
    category = choice(_("Category"))

    def prepare(self) -> None:
        found = Category.objects.filter(audience=self.ticket.audience, retired=False).order_by(
            "path"
        )
        self.choose(
            "category", [("", _("Please choose")), *((one.slug, one.name) for one in found)]
        )


class PriorityForm(ReasonForm):
    field_order = ("priority", "reason")
    priority = choice(_("Priority"), coerce=int)

    def prepare(self) -> None:
        others = [one for one in Priority.choices if one[0] != self.ticket.priority]
        self.choose("priority", [("", _("Please choose")), *others])


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

    def keywords(self) -> dict[str, Any]:
        return {"place": Place(**self.cleaned_data)}


class SplitForm(ActForm):
    words = words(_("The second matter"), hint=_("Copy the part of the text that is about it."))
    category = choice(_("Category"), required=False)

    def prepare(self) -> None:
        found = Category.objects.filter(audience=self.ticket.audience, retired=False).order_by(
            "path"
        )
        self.choose("category", [("", _("not known")), *((one.slug, one.name) for one in found)])


class ContactForm(ActForm):
    name = forms.CharField(label=_("Name"), required=False, max_length=200)
    email = forms.CharField(
        label=_("E-mail address"), required=False, max_length=254, widget=forms.EmailInput()
    )
    phone = forms.CharField(label=_("Phone number"), required=False, max_length=40)

    def keywords(self) -> dict[str, Any]:
        return {"contact": self.cleaned_data}


class CircleForm(ActForm):
    named = {"circle": "circle_key"}
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
    named = {"person": "user_id"}
    person = choice(_("Person the matter is about"), coerce=int)

    def prepare(self) -> None:
        people = User.objects.filter(is_active=True).order_by("name")
        self.choose("person", [("", _("Please choose")), *((one.pk, one.name) for one in people)])


class ReadmitForm(ActForm):
    named = {"person": "user_id"}
    person = choice(_("Person the matter is not about after all"), coerce=int)

    def prepare(self) -> None:
        people = [(one.pk, one.name) for one in excluded_from(self.ticket)]
        self.choose("person", [("", _("Please choose")), *people])


class CodeForm(ActForm):
    reason = choice(_("Reason"))

    def prepare(self) -> None:
        reasons: Choices = [
            ("accuracy", _("Accuracy contested")),
            ("objection", _("Objection to processing")),
            ("claims", _("Needed for legal claims")),
            ("audit", _("Audit")),
        ]
        self.choose("reason", [("", _("Please choose")), *reasons])


class HoldForm(CodeForm):
    until = forms.DateField(
        label=_("Until"),
        widget=DateInput(),
        error_messages={"required": _("Please choose a date.")},
    )
