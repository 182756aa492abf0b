"""The report as a walk through five steps. Nothing is kept on the server: answers travel with the page."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from common.actor import Actor
from common.city import city
from concerns.actions.filing import Consent, Filing, Place, locate_in_city
from concerns.enums import Channel
from concerns.errors import Invalid, Stopped
from concerns.forms import DetailsForm, name_of
from concerns.models import Category
from concerns.parsing import LONGEST_WORDS, redirect_for
from concerns.queries.categories import Guess, choosable, guesses
from geography.gazetteer import fold
from geography.models import Address
from geography.queries import find_addresses
from portal.forms import (
    NO_CANDIDATE,
    PHOTO_FIELDS,
    CheckForm,
    ContactForm,
    WhatForm,
    WhereForm,
)

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

STEPS = ("what", "where", "details", "contact", "check")
NAMES: Mapping[str, StrOrPromise] = {
    "what": _("What"),
    "where": _("Where"),
    "details": _("Details"),
    "contact": _("Contact"),
    "check": _("Check"),
}
# The page between the steps that asks whether the matter is known; its answer: the key of a published one, or none.
HINT, SAME, UNLIKE = "hint", "same", "none"
LONGEST_ADDRESS = 300
# Which field of the first step shows the refusal of which field of a filing.
FIELD_OF = {"description": "words", "category": "category"}


@dataclass
class Walk:
    """One person's way through the report: what they have said so far, and where they are."""

    data: QueryDict
    language: str
    files: "MultiValueDict[str, UploadedFile[bytes]]" = field(default_factory=MultiValueDict)
    categories: list[Category] = field(default_factory=lambda: choosable(Actor.anonymous()))

    @property
    def step(self) -> str:
        said = self.data.get("step", "")
        # What comes before the last look leads on to it, and back to where it leads back.
        return "check" if said == HINT else said if said in STEPS else "what"

    @property
    def was_hinted(self) -> bool:
        """Whether they said already if their matter is one that is known."""
        return bool(self.data.get(SAME))

    @property
    def same(self) -> UUID | None:
        """The key of the published matter they said is theirs, too."""
        with suppress(ValueError):
            return UUID(self.data.get(SAME, ""))
        return None

    @cached_property
    def category(self) -> Category | None:
        """What they chose; before they were asked, what their words point to and the form proposes."""
        if "category" not in self.data:
            return self.guessed[0].category if self.guessed else None
        return next((one for one in self.categories if one.slug == self.data["category"]), None)

    @property
    def questions(self) -> list[Mapping[str, Any]]:
        return self.category.questions if self.category else []

    @property
    def steps(self) -> list[str]:
        """The steps of this walk: without questions there are no details."""
        return [step for step in STEPS if step != "details" or self.questions]

    @cached_property
    def guessed(self) -> list[Guess]:
        # What is longer is refused anyway; to look through megabytes would cost seconds.
        return guesses(self.data.get("words", "")[:LONGEST_WORDS], self.categories)

    @cached_property
    def known(self) -> list[Address]:
        """Places of the gazetteer that the address typed may mean; none where a point was given."""
        typed = self.data.get("address", "").strip()
        pointed = any(self.data.get(name, "").strip() for name in ("latitude", "longitude"))
        return [] if pointed else find_addresses(typed[:LONGEST_ADDRESS])

    @property
    def candidates(self) -> list[Address]:
        """What the person must choose from: several places, none of them called exactly what they wrote."""
        return [] if self.exact else self.known

    @property
    def exact(self) -> Address | None:
        typed = fold(self.data.get("address", ""))
        same = [one for one in self.known if one.search == typed]
        return same[0] if len(same) == 1 else None

    @property
    def unclear(self) -> bool:
        """Whether the person still has to say which known place they mean."""
        answers = {NO_CANDIDATE, *(str(one.pk) for one in self.candidates)}
        return bool(self.candidates) and self.data.get("candidate") not in answers

    @property
    def place(self) -> Place:
        """Where it is, as the person said or chose; a known place brings its point along."""
        said = self.checked("where")
        chosen = said.get("candidate")
        found = self.exact or next((one for one in self.known if str(one.pk) == chosen), None)
        if found:
            return Place(found.label, found.lat, found.lon)
        return Place(said["address"], said["latitude"], said["longitude"])

    @cached_property
    def misplaced(self) -> Invalid | None:
        """Why the point typed cannot be used: better said at its step than after the last one."""
        said = self.checked("where")
        if said["latitude"] is None or said["longitude"] is None:
            return None
        try:
            locate_in_city(said["latitude"], said["longitude"])
        except Invalid as refusal:
            return refusal
        return None

    def form(self, step: str, *, bound: bool) -> forms.Form:
        """The form of a step, checked (bound) or only filled with what was said before."""
        source: dict[str, Any] = {"data": self.data} if bound else {"initial": self.said(step)}
        if step == "what":
            return WhatForm(categories=self.categories, guessed=self.guessed, **source)
        if step == "where":
            needed = self.category is not None and self.category.needs_place
            source |= {"files": self.files if bound else None}
            return WhereForm(needed=needed, candidates=self.candidates, **source)
        if step == "details":
            return DetailsForm(questions=self.questions, **source)
        if step == "contact":
            return ContactForm(**source)
        return CheckForm(files=self.files if bound else None, **source)

    def said(self, step: str) -> dict[str, Any]:
        lists = {name_of(one) for one in self.questions if one["type"] == "choices"}
        mine = [name for name in names_of(step, self.questions) if name in self.data]
        return {
            name: self.data.getlist(name) if name in lists else self.data[name] for name in mine
        }

    def hidden(self, step: str) -> list[tuple[str, str]]:
        """Name and value of everything said in other steps, to travel with this step's page."""
        return [("step", step), *self.all_but(*names_of(step, self.questions))]

    def all_but(self, *names: str) -> list[tuple[str, str]]:
        """Name and value of everything said, the named fields and what steers the walk left out."""
        own = {*names, *PHOTO_FIELDS, "step", "go", "csrfmiddlewaretoken"}
        return [
            (name, value)
            for name, values in self.data.lists()
            if name not in own
            for value in values
        ]

    def after(self, step: str) -> str:
        return self.steps[min(self.steps.index(step) + 1, len(self.steps) - 1)]

    def before(self, step: str) -> str:
        return self.steps[max(self.steps.index(step) - 1, 0)]

    def first_unfinished(self) -> tuple[str, forms.Form] | None:
        """The first step with something missing, checked; None when the report can be sent."""
        for step in self.steps:
            form = self.form(step, bound=True)
            if not form.is_valid():
                return step, form
        return None

    def filing(self) -> Filing:
        """What is sent. All steps must have been checked."""
        contact = self.checked("contact")
        details = self.form("details", bound=True)
        answers = details.answers if isinstance(details, DetailsForm) and details.is_valid() else {}
        return Filing(
            words=self.data.get("words", ""),
            channel=Channel.PORTAL,
            language=self.language,
            category=self.category.slug if self.category else "",
            place=self.place,
            answers=answers,
            contact={key: contact[key] for key in ("name", "email", "phone")},
            consent=Consent(words=contact["publish_words"], version=city().consent_version),
            uploads=self.checked("check")["uploads"],
        )

    def stop(self, step: str) -> Stopped | None:
        """What was said in this step that makes it no matter to file here; None when the walk goes on."""
        if step == "what" and self.category:
            return redirect_for(self.category.redirect)
        form = self.form(step, bound=True)
        if not isinstance(form, DetailsForm):
            return None
        form.full_clean()
        return form.stop

    def checked(self, step: str) -> dict[str, Any]:
        form = self.form(step, bound=True)
        form.full_clean()
        return form.cleaned_data

    def refused(self, refusal: Invalid) -> tuple[str, forms.Form]:
        """The step a refusal is about, checked, with the refusal at its field."""
        step, name = self.place_of(refusal.field)
        form = self.form(step, bound=True)
        form.is_valid()
        form.add_error(name if name in form.fields else None, str(refusal.message))
        return step, form

    def place_of(self, refused: str) -> tuple[str, str]:
        """Which step and which field of it show what an action refused."""
        head, _dot, rest = refused.partition(".")
        if head == "answers":
            return "details", f"answer-{rest}"
        if head == "contact":
            return "contact", rest or "email"
        if head == "files":
            return "check", "uploads"
        if head in ("place", "asset"):
            pointed = bool(self.data.get("latitude", "").strip()) and rest != "address"
            return "where", "latitude" if pointed else "address"
        return "what", FIELD_OF.get(refused, "words")


def names_of(step: str, questions: list[Mapping[str, Any]]) -> list[str]:
    """The names of a step's fields."""
    if step == "details":
        return [name_of(question) for question in questions]
    if step == "what":
        return ["words", "category"]
    plain: Mapping[str, type[forms.Form]] = {"where": WhereForm, "contact": ContactForm}
    fields = plain[step].base_fields if step in plain else ()
    return [name for name in fields if name not in PHOTO_FIELDS]
