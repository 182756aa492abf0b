"""What every act's form is made of: it knows its ticket and who fills it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from common.actor import Actor
from common.forms import WordsField
from concerns.errors import Invalid
from concerns.models import Ticket
from concerns.parsing import clean_words

Choices = Sequence[tuple[Any, StrOrPromise]]


class ActForm(forms.Form):
    """A form that knows the ticket it is about and who fills it."""

    # What the action calls a field that has a name of its own here.
    named: ClassVar[Mapping[str, str]] = {}

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

    def keywords(self) -> dict[str, Any]:
        """What was said, as the action's parameters."""
        return {self.named.get(name, name): value for name, value in self.cleaned_data.items()}


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
