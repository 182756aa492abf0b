"""Narrowing a queue. Categories are found by the search: a ticket's title begins with its category."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.enums import Kind, State
from geography.models import District
from geography.queries import areas


class FilterForm(forms.Form):
    """Codes and one list of districts (one statement); whatever is not offered filters nothing."""

    # Nothing of it has to be filled in, which need not be said of every field.
    is_filter = True

    state = forms.ChoiceField(label=_("State"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    district = forms.ChoiceField(label=_("District"), required=False)
    assignee = forms.ChoiceField(
        label=_("Assigned to"),
        required=False,
        choices=[("", _("all")), ("me", _("me")), ("none", _("nobody"))],
    )
    deadline = forms.ChoiceField(
        label=_("Deadline"),
        required=False,
        choices=[("", _("all")), ("overdue", _("overdue")), ("none", _("without one"))],
    )
    flag = forms.ChoiceField(
        label=_("Mark"),
        required=False,
        choices=[
            ("", _("all")),
            ("unanswered", _("unanswered message")),
            ("objected", _("objection waits")),
            ("joined", _("others joined to it")),
            ("confidential", _("confidential")),
            ("no_reply", _("question stayed unanswered")),
            ("discard_proposed", _("perhaps spam")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.areas = areas()
        named = sorted(
            (one.name, one.key) for one in self.areas if one.level == District.Level.DISTRICT
        )
        offered: dict[str, list[Any]] = {
            "state": list(State.choices),
            "kind": list(Kind.choices),
            "district": [(key, name) for name, key in named],
        }
        self.drawn_roughly = any(one.schematic for one in self.areas)
        for name, choices in offered.items():
            self.fields[name].choices = [("", _("all")), *choices]  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """What `listing.FILTERS` understands; districts with the quarters in them, by id."""
        self.full_clean()
        said = {name: value for name, value in self.cleaned_data.items() if value}
        for name in ("state", "kind", "flag"):
            if name in said:
                said[name] = [said[name]]
        if key := said.pop("district", ""):
            top = {one.pk for one in self.areas if one.key == key}
            below = {one.pk for one in self.areas if one.parent_id in top}
            said["district"] = sorted(top | below)
        return said
