"""Targets in words."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_stubs_ext import StrPromise

from concerns.deadlines import Targets
from concerns.models import Category
from departments.targets import Target, Unit

UNITS: Mapping[Unit, StrPromise] = {
    Unit.WORKING_HOURS: gettext_lazy("working hours"),
    Unit.WORKING_DAYS: gettext_lazy("working days"),
    Unit.CALENDAR_DAYS: gettext_lazy("calendar days"),
    Unit.MONTHS: gettext_lazy("months"),
}


def owed(category: Category) -> dict[str, str]:
    """The targets of a category, those of single priorities left out."""
    targets = Targets.of(category.targets)
    return {
        "first_response": in_words(targets.first_response),
        "resolution": in_words(targets.resolution),
    }


def in_words(target: Target) -> str:
    """«3 working days», and whether a free day at its end is passed over."""
    amount = AMOUNTS[target.unit](target.amount) % {"amount": target.amount}
    if not target.roll_forward:
        return amount
    return _("%(amount)s, never ending on a Saturday, Sunday or public holiday") % {
        "amount": amount
    }


AMOUNTS: Mapping[Unit, Callable[[int], str]] = {
    Unit.WORKING_HOURS: lambda many: ngettext(
        "%(amount)d working hour", "%(amount)d working hours", many
    ),
    Unit.WORKING_DAYS: lambda many: ngettext(
        "%(amount)d working day", "%(amount)d working days", many
    ),
    Unit.CALENDAR_DAYS: lambda many: ngettext(
        "%(amount)d calendar day", "%(amount)d calendar days", many
    ),
    Unit.MONTHS: lambda many: ngettext("%(amount)d month", "%(amount)d months", many),
}
