"""A form from a category's questions, for every page that asks them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import DateInput
from common.words import in_language
from concerns.errors import Invalid, Stopped
from concerns.parsing import clean_answers, stop_in


class DetailsForm(forms.Form):
    """One field for each question of the category; `concerns/parsing.py` decides what an answer is."""

    def __init__(self, *args: Any, questions: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        # What an answer leads to instead of a concern; known once the form was checked.
        self.stop: Stopped | None = None
        for question in questions:
            self.fields[name_of(question)] = field_for(question)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.stop = stop_in(self.questions, self.answers)
        if self.stop:
            return cleaned
        try:
            clean_answers(self.questions, self.answers)
        except Invalid as refusal:
            name = refusal.field.replace("answers.", "answer-", 1)
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, str(refusal.message))
        return cleaned

    @property
    def answers(self) -> dict[str, Any]:
        """The answers given, by the question's key."""
        given = {
            question["key"]: self.cleaned_data.get(name_of(question)) for question in self.questions
        }
        return {key: value for key, value in given.items() if value not in (None, "", [])}


def name_of(question: Mapping[str, Any]) -> str:
    return f"answer-{question['key']}"


def field_for(question: Mapping[str, Any]) -> forms.Field:
    """A field that draws the question and hands its answer on in the type parsing expects."""
    shared: dict[str, Any] = {
        "label": in_language(question["labels"]),
        "required": False,
        "help_text": in_language(question.get("hints", {})),
    }
    options = [
        (option["key"], in_language(option["labels"])) for option in question.get("options", [])
    ]
    kind = question["type"]
    if kind == "choice":
        return forms.ChoiceField(choices=options, widget=forms.RadioSelect, **shared)
    if kind == "choices":
        return forms.MultipleChoiceField(
            choices=options, widget=forms.CheckboxSelectMultiple, **shared
        )
    if kind == "yes_no":
        yes_no = [("yes", _("Yes")), ("no", _("No"))]
        return forms.TypedChoiceField(
            choices=yes_no,
            widget=forms.RadioSelect,
            coerce=lambda said: said == "yes",
            empty_value=None,
            **shared,
        )
    if kind == "number":
        return forms.FloatField(
            localize=True, widget=forms.TextInput({"inputmode": "decimal"}), **shared
        )
    if kind == "date":
        return forms.CharField(widget=DateInput(), **shared)
    return forms.CharField(widget=forms.Textarea({"rows": 3}), **shared)
