"""What the citizens' pages ask. Rules stand in the actions; a form only carries and shows."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.city import city
from common.forms import DateInput, WordsField
from common.words import in_language
from concerns.enums import Reported
from concerns.errors import Invalid
from concerns.models import Category
from concerns.parsing import CONTACT_FIELDS, clean_contact, clean_words
from concerns.queries.categories import Guess
from geography.models import Address

# Chosen when the gazetteer knows something like it but not the place that is meant.
NO_CANDIDATE = "none"
NO_DEGREES = _("Please enter degrees as a number, like 51.2562.")


def sayable(text: str) -> None:
    """Raise ValidationError for words the actions would refuse."""
    try:
        clean_words(text)
    except Invalid as refusal:
        raise forms.ValidationError(str(refusal.message)) from None


class WordsForm(forms.Form):
    words = WordsField(
        label=_("What would you like to tell the city?"),
        check=sayable,
        widget=forms.Textarea({"rows": 7}),
        error_messages={"required": _("Please write what you would like to tell the city.")},
    )


class BarrierForm(WordsForm):
    """The same question where people look for it when something is not accessible to them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = _("Which barrier did you meet, and where?")


class WhatForm(WordsForm):
    """The words again, and what they are about: the guesses first, everything else in a list."""

    category = forms.ChoiceField(
        label=_("Kind of concern"),
        required=False,
        error_messages={"invalid_choice": _("Please choose a kind of concern from the list.")},
    )

    def __init__(
        self, *args: Any, categories: Sequence[Category], guessed: Sequence[Guess], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        first = [(guess.category.slug, guess.category.name) for guess in guessed]
        groups: dict[str, list[tuple[str, str]]] = {}
        for category in categories:
            heading = category.parent.name if category.parent else str(_("Other matters"))
            groups.setdefault(heading, []).append((category.slug, category.name))
        choices: list[Any] = [("", _("I do not know, please decide for me"))]
        if first:
            choices.append((str(_("Fits your words")), first))
            choices += [
                (heading, [one for one in group if one not in first])
                for heading, group in groups.items()
            ]
            self.fields["category"].initial = first[0][0]
        else:
            choices += list(groups.items())
        self.fields["category"].choices = [choice for choice in choices if choice[1]]  # type: ignore[attr-defined]


# A photo that is only asked where it was taken; it and the consent to it are no answers that travel along.
PHOTO_FIELDS = ("place_photo", "use_place")


class WhereForm(forms.Form):
    address = forms.CharField(
        label=_("Address or place"),
        required=False,
        max_length=300,
        widget=forms.TextInput({"autocomplete": "off", "list": "known-places"}),
        help_text=_("For example: High Street 5, or: bus stop at the town hall"),
        error_messages={"required": _("Please tell us where it is: an address or coordinates.")},
    )
    candidate = forms.ChoiceField(
        label=_("Which of these do you mean?"), required=False, widget=forms.RadioSelect
    )
    latitude = forms.FloatField(
        label=_("Latitude"),
        required=False,
        localize=True,
        error_messages={"invalid": NO_DEGREES},
        widget=forms.TextInput({"inputmode": "decimal"}),
    )
    longitude = forms.FloatField(
        label=_("Longitude"),
        required=False,
        localize=True,
        error_messages={"invalid": NO_DEGREES},
        widget=forms.TextInput({"inputmode": "decimal"}),
    )

    place_photo = forms.FileField(
        label=_("Photo taken there"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput({"accept": "image/*"}),
        help_text=_(
            "We read only where it was taken, show you the place, and keep nothing of the photo. You send photos at "
            "the end."
        ),
    )
    use_place = forms.BooleanField(label=_("Use the place stored in the photo"), required=False)

    def __init__(
        self, *args: Any, needed: bool, candidates: Sequence[Address] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.needed = needed
        if candidates:
            known = [(str(one.pk), one.label) for one in candidates]
            none = (NO_CANDIDATE, _("None of these; keep what I wrote"))
            self.fields["candidate"].choices = [*known, none]  # type: ignore[attr-defined]
            # The page asks until one is chosen; an answer of an earlier page cannot have chosen yet.
            self.fields["candidate"].required = not self.is_bound
        else:
            del self.fields["candidate"]
        pointed = self.typed("latitude") or self.typed("longitude")
        self.fields["address"].required = needed and not (pointed or self.files.get("place_photo"))

    def clean(self) -> dict[str, Any]:
        """What can be said at once; whether a point lies in the city only the action decides."""
        cleaned = super().clean() or {}
        given = [name for name in ("latitude", "longitude") if self.typed(name)]
        if len(given) == 1:
            missing = "longitude" if given == ["latitude"] else "latitude"
            self.add_error(missing, _("A point needs both latitude and longitude."))
        if cleaned.get("place_photo") and not cleaned["use_place"]:
            words = _(
                "Please tick this if we may read the place. If not, continue without a photo here."
            )
            self.add_error("use_place", words)
        if cleaned.get("use_place") and "place_photo" not in self.files:
            self.add_error("place_photo", _("Please choose the photo."))
        return cleaned

    def typed(self, name: str) -> bool:
        """Whether anything stands in a field, right or wrong."""
        said = self.data if self.is_bound else self.initial
        return bool(str(said.get(name, "")).strip())


class PersonForm(forms.Form):
    """How a person can be reached; each may be left out."""

    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    email = forms.CharField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
        help_text=_("We write to you when something happens."),
    )
    phone = forms.CharField(
        label=_("Phone number"),
        required=False,
        max_length=40,
        widget=forms.TextInput({"autocomplete": "tel", "type": "tel"}),
        help_text=_("We call only if we have a question."),
    )


class ContactForm(PersonForm):
    publish_words = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The very words whose version is kept with the consent.
        self.fields["publish_words"].label = in_language(city().consent_to_words)

    def clean(self) -> dict[str, Any]:
        """What is no address or number is said here and not after the last step."""
        cleaned = super().clean() or {}
        try:
            clean_contact({name: cleaned.get(name, "") for name in CONTACT_FIELDS})
        except Invalid as refusal:
            self.add_error(refusal.field.removeprefix("contact."), str(refusal.message))
        return cleaned


class LookupForm(forms.Form):
    reference = forms.CharField(
        label=_("Reference"),
        max_length=60,
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Please enter the reference.")},
    )
    pin = forms.CharField(
        label=_("PIN"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"required": _("Please enter the PIN.")},
    )


class TextForm(forms.Form):
    text = WordsField(
        label=_("Your message"),
        check=sayable,
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": _("Please write something.")},
    )


class AnswerForm(TextForm):
    """The same, to a question of the city."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Your answer")


class RateForm(forms.Form):
    rating = forms.TypedChoiceField(
        label=_("How satisfied are you?"),
        coerce=int,
        choices=[
            (5, _("Very satisfied")),
            (4, _("Satisfied")),
            (3, _("Neither nor")),
            (2, _("Dissatisfied")),
            (1, _("Very dissatisfied")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose how satisfied you are.")},
    )
    text = WordsField(
        label=_("What should we know?"),
        required=False,
        check=sayable,
        widget=forms.Textarea({"rows": 3}),
    )


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; what they may be, the action decides."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:  # noqa: ANN401 - Django's signature
        chosen = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in chosen if one]


class CheckForm(forms.Form):
    """The last look. A browser sends files once, with the button below them, so they are chosen last."""

    uploads = FilesField(
        label=_("Photos and files"),
        required=False,
        allow_empty_file=True,
        help_text=_("Up to 10 files of at most 20 MB each: photos, PDF, text, ODT or DOCX."),
    )


class FilesForm(CheckForm):
    """Files alone."""

    def clean_uploads(self) -> list[Any]:
        files: list[Any] = self.cleaned_data["uploads"]
        if not files:
            raise forms.ValidationError(_("Please choose at least one file."))
        return files


class OwnContactForm(PersonForm):
    wants_mail = forms.BooleanField(label=_("Write to me when something happens"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _("A new address has to be confirmed with a link.")


class FollowForm(forms.Form):
    email = forms.CharField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
        help_text=_("Without one you look yourself, with reference and PIN."),
    )


class NoQuestionForm(forms.Form):
    """A button without a question."""


class PartnerForm(forms.Form):
    """What a partner says of the ticket it was passed."""

    DATE, WORD = "date", "word"
    said = forms.ChoiceField(
        label=_("What do you say?"),
        choices=[
            *Reported.choices,
            (DATE, _("It will be done by a date")),
            (WORD, _("I only want to tell you something")),
        ],
        widget=forms.RadioSelect(),
        error_messages={"required": _("Please choose one.")},
    )
    date = forms.DateField(
        label=_("Date"),
        required=False,
        widget=DateInput(),
        help_text=_("Only if it will be done by a date."),
    )
    text = WordsField(
        label=_("Your words to the city"),
        required=False,
        check=sayable,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("If it is not yours: whose is it?"),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("said") == self.DATE and not said.get("date") and "date" not in self.errors:
            self.add_error("date", _("Please choose a date."))
        if said.get("said") in (Reported.NOT_OURS, self.WORD) and not said.get("text"):
            self.add_error("text", _("Please write something."))
        return said
