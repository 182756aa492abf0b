"""What is asked when an employee files: for somebody on the phone or at the counter, or for themselves."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from concerns.actions.filing import Filing, Place
from concerns.enums import Audience, Channel
from concerns.errors import Stopped
from concerns.models import Category
from concerns.parsing import CONTACT_FIELDS, redirect_for
from geography.gazetteer import fold
from geography.queries import find_addresses
from workspace.forms.base import choice, words

HEARD = (Channel.PHONE, Channel.COUNTER, Channel.LETTER, Channel.MAIL)


class IntakeForm(forms.Form):
    """Everything but the category's questions, which stand on the page once there is a category."""

    words = words(_("What is it about?"), hint=_("In the person's own words; they will read them."))
    category = choice(_("Category"), required=False)
    address = forms.CharField(
        label=_("Address or place"),
        required=False,
        max_length=300,
        widget=forms.TextInput({"autocomplete": "off", "list": "known-places"}),
    )
    channel = forms.ChoiceField(
        label=_("How it came in"), choices=[(one.value, one.label) for one in HEARD]
    )
    language = forms.ChoiceField(label=_("Language of the person"), choices=settings.LANGUAGES)
    name = forms.CharField(label=_("Name"), required=False, max_length=200)
    email = forms.CharField(
        label=_("E-mail address"), required=False, max_length=254, widget=forms.EmailInput()
    )
    phone = forms.CharField(label=_("Phone number"), required=False, max_length=40)

    def __init__(self, *args: Any, categories: Sequence[Category], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {one.slug: one for one in categories}
        self.fields["category"].choices = grouped(categories)  # type: ignore[attr-defined]

        if self.chosen and self.chosen.audience == Audience.INTERNAL:
            # The employee's own matter: nobody else is named, and it came in by this page.
            for name in ("channel", "language", *CONTACT_FIELDS):
                del self.fields[name]

    @property
    def chosen(self) -> Category | None:
        """The category as it stands in the form, checked or not."""
        return self.known.get(str(self["category"].value() or ""))

    @property
    def asks(self) -> str:
        """The category whose questions belong on the page."""
        return self.chosen.slug if self.chosen else ""

    @property
    def questions(self) -> list[Mapping[str, Any]]:
        return self.chosen.questions if self.chosen else []

    @property
    def redirected(self) -> Stopped | None:
        return redirect_for(self.chosen.redirect) if self.chosen else None

    def filing(self, answers: dict[str, Any], language: str) -> Filing:
        """What is filed; the form must be valid. An address the gazetteer knows brings its point along."""
        said = self.cleaned_data
        return Filing(
            words=said["words"],
            channel=Channel(said.get("channel", Channel.PORTAL)),
            language=said.get("language", language),
            category=said["category"],
            place=place_named(said["address"]),
            answers=answers,
            contact={name: said.get(name, "") for name in CONTACT_FIELDS},
        )


def grouped(categories: Sequence[Category]) -> list[tuple[str, Any]]:
    """All categories below the names of their parents."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in categories:
        heading = one.parent.name if one.parent else str(_("Other matters"))
        groups.setdefault(heading, []).append((one.slug, one.name))
    return [("", _("Not known; triage decides")), *groups.items()]


def place_named(address: str) -> Place:
    same = [one for one in find_addresses(address) if one.search == fold(address)]
    if len(same) == 1:
        return Place(same[0].label, same[0].lat, same[0].lon)
    return Place(address)
