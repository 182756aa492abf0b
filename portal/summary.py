"""What a person is about to send, section by section, for their last look."""

from dataclasses import dataclass, field

from django.forms import Form
from django.utils.translation import gettext as _

from common.city import city
from common.words import in_language
from portal.hint import chosen
from portal.wizard import HINT, NAMES, Walk


@dataclass(frozen=True, slots=True)
class Section:
    step: str
    title: str
    items: list[tuple[str, str]] = field(default_factory=list)
    words: str = ""


def sections(walk: Walk) -> list[Section]:
    """One section for each step of the walk but the last."""
    drawn = {"what": what, "where": where, "details": details, "contact": contact}
    said = [drawn[step](walk) for step in walk.steps if step in drawn]
    return [*said, same(walk)] if walk.same else said


def same(walk: Walk) -> Section:
    """The matter they said is theirs, too; one that is settled meanwhile is no place for their words."""
    heading = _("Known already")
    matter = chosen(walk)
    if matter is None:
        gone = _("It is no longer open. We handle your concern on its own.")
        return Section(HINT, heading, [(_("What you chose"), gone)])
    about = ", ".join(filter(None, (matter["title"], matter["district"])))
    return Section(HINT, heading, [(_("Handled together with"), about)])


def what(walk: Walk) -> Section:
    kind = walk.category.name if walk.category else _("We decide for you")
    return Section(
        "what", str(NAMES["what"]), [(_("Kind of concern"), kind)], walk.data.get("words", "")
    )


def where(walk: Walk) -> Section:
    place = walk.place
    # A point the gazetteer brought along is our business; one the person gave is shown to them.
    pointed = place.lat is not None and not walk.known
    point = f"{place.lat}, {place.lon}" if pointed else ""
    return Section(
        "where",
        str(NAMES["where"]),
        given((_("Address"), place.address), (_("Coordinates"), point)),
    )


def details(walk: Walk) -> Section:
    form = walk.form("details", bound=True)
    form.full_clean()
    shown = [(str(form.fields[bound.name].label), said(bound.name, form)) for bound in form]
    return Section("details", str(NAMES["details"]), given(*shown))


def said(name: str, form: Form) -> str:
    """An answer as its question words it."""
    value = form.cleaned_data.get(name)
    options = dict(getattr(form.fields[name], "choices", []))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(str(label) for key, label in options.items() if key in value)
    return "" if value is None else str(options.get(value, value))


def contact(walk: Walk) -> Section:
    said = walk.checked("contact")
    items = given(
        (_("Name"), said.get("name")),
        (_("E-mail"), said.get("email")),
        (_("Phone"), said.get("phone")),
    )
    if said.get("publish_words"):
        items.append((_("Consent"), in_language(city().consent_to_words)))
    return Section("contact", str(NAMES["contact"]), items)


def given(*items: tuple[str, str | None]) -> list[tuple[str, str]]:
    return [(label, value) for label, value in items if value]
