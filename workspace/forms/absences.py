"""Being away, and taking over what a colleague has."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.actor import Actor
from common.forms import DateInput
from concerns.queries.colleagues import with_tickets
from departments.queries import colleagues_of, works_for
from workspace.forms.base import choice

PLEASE_CHOOSE = ("", _("Please choose"))


def day(label: Any) -> forms.DateField:  # noqa: ANN401 - lazy words
    return forms.DateField(
        label=label,
        widget=DateInput(),
        error_messages={"required": _("Please choose a date.")},
    )


class AbsenceForm(forms.Form):
    """Who is away, from and until, and who stands in; people without a team speak for themselves alone."""

    user_id = choice(_("Who is away"), coerce=int)
    starts = day(_("First day"))
    ends = day(_("Last day"))
    deputy_id = choice(_("Who stands in"), coerce=int)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = [(one.pk, one.name) for one in colleagues_of(actor)]
        led = set(works_for(actor).values_list("user", flat=True)) | {actor.user_id}
        mine = [(pk, name) for pk, name in colleagues if pk in led]
        self.fields["user_id"].choices = mine  # type: ignore[attr-defined]
        self.fields["user_id"].initial = actor.user_id
        self.fields["deputy_id"].choices = [PLEASE_CHOOSE, *colleagues]  # type: ignore[attr-defined]


class TakeOverForm(forms.Form):
    """Whose open tickets go to whom."""

    holder_id = choice(_("Whose tickets"), coerce=int)
    new_id = choice(_("Who takes them over"), coerce=int)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        holders = [(one.pk, f"{one.name} ({held})") for one, held in with_tickets(actor)]
        self.fields["holder_id"].choices = [PLEASE_CHOOSE, *holders]  # type: ignore[attr-defined]
        people = [(one.pk, one.name) for one in colleagues_of(actor)]
        self.fields["new_id"].choices = people  # type: ignore[attr-defined]
        self.fields["new_id"].initial = actor.user_id
