"""A person says something: the concern, its ticket, and who is responsible — in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from common import storing
from common.actor import Actor
from common.city import city
from common.clock import now
from common.prepared import Given, Prepared
from common.words import in_language
from concerns.actions.attaching import files_with_rows, put_on
from concerns.actions.contact import new_reporter
from concerns.actions.desk import happened, record, write_down
from concerns.actions.leading import known_ticket, lead_for, takes_in
from concerns.actions.responsibility import take_responsibility
from concerns.actions.uploads import Upload, checked
from concerns.enums import INTERNAL_KINDS, Audience, Channel, Kind, PlacementReason, Verb
from concerns.errors import Conflict, Invalid, Refused
from concerns.models import Asset, Category, Concern, Event, Placement, Ticket
from concerns.parsing import clean_answers, clean_contact, clean_line, clean_words, redirect_for
from concerns.references import new_reference
from geography.errors import NoSuchPoint, OutsideCity
from geography.queries import Location, drawn_roughly, locate

REFERENCE_TRIES = 3
LONGEST_LINE = 300


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is, as said: an address, a point in degrees WGS84, or both."""

    address: str = ""
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """What the person agreed to have published; `version` names the text they read."""

    words: bool = False
    photos: bool = False
    version: str = ""


@dataclass(
    frozen=True, slots=True, repr=False
)  # a repr would carry words and address into tracebacks
class Filing:
    """Everything a door knows of a new concern."""

    words: str
    channel: Channel
    language: str
    kind: str = ""
    category: str = ""
    place: Place = field(default_factory=Place)
    answers: Mapping[str, Any] = field(default_factory=dict)
    contact: Mapping[str, str] = field(default_factory=dict)
    consent: Consent = field(default_factory=Consent)
    asset: str = ""
    uploads: Sequence[Upload] = ()


@dataclass(frozen=True, slots=True)
class Filed:
    """A stored concern with the ticket it was placed on."""

    concern: Concern
    ticket: Ticket


@files_with_rows()
@transaction.atomic
def file_concern(*, actor: Actor, filing: Filing, onto: int | None = None) -> Filed:
    """Store what a person said, open its ticket and give it to the department responsible.

    `onto` names the ticket that is about the same matter, as they say: then it is placed there if that may be
    (`leading.lead_for`).

    Anybody may file; a signed-in employee's concern about internal matters points to them instead of to contact
    data. Raises Invalid naming the field, Stopped where the city says that this is no matter to file, and StoreAway
    where files cannot be kept; nothing is stored then.
    """
    category = category_named(filing.category, actor)
    if category and (stop := redirect_for(category.redirect)):
        raise stop
    audience = category.audience if category else Audience.PUBLIC
    concern = Concern(
        audience=audience,
        channel=filing.channel,
        language=filing.language,
        words=clean_words(filing.words),
        kind=kind_named(filing.kind, category),
        category=category,
        answers=clean_answers(category.questions if category else [], filing.answers),
        address=clean_line(filing.place.address, field="place.address", longest=LONGEST_LINE),
        privacy_version=city().privacy_version,
    )
    location = put_place(concern, filing, category)
    put_consent(concern, filing.consent)
    put_author(concern, actor, filing)
    files = checked(filing.uploads) if filing.uploads else []
    store(concern)
    ticket, events = placed(actor, concern, location, onto)
    if files:
        _stored, event = put_on(concern, ticket, actor, files)
        events.append(event)
    write_down(events)
    return Filed(concern, ticket)


@transaction.atomic
def follow_ticket(
    *, actor: Actor, ticket_id: int, channel: Channel, language: str, contact: Mapping[str, str]
) -> Filed:
    """«Me too»: a concern without words of its own on a published ticket (or, for staff, one they see).

    Raises Refused when the ticket is no longer open, and NotFound as `known_ticket`.
    """
    ticket = known_ticket(actor, ticket_id)
    if not takes_in(ticket):
        raise Refused
    concern = Concern(
        audience=ticket.audience,
        channel=channel,
        language=language,
        kind=ticket.kind,
        category=ticket.category,
        is_follow=True,
        privacy_version=city().privacy_version,
    )
    concern.reporter = new_reporter(clean_contact(contact), confirmed=False)
    store(concern)
    place_on(concern, ticket, actor, PlacementReason.FOLLOWED)
    record(ticket, Verb.FOLLOWED, actor, concern_id=concern.pk)
    return Filed(concern, ticket)


def category_named(slug: str, actor: Actor) -> Category | None:
    """The category, or None when none was chosen; internal ones are for employees. Raises Invalid for others."""
    if not slug:
        return None
    category = OFFERED.first(slug=slug)
    if category is None or (category.audience == Audience.INTERNAL and not actor.is_staff):
        raise Invalid(
            _("There is no such kind of concern. Please choose one from the list."),
            field="category",
        )
    return category


OFFERED = Prepared(
    lambda: Category.objects.select_related("default_department__calendar", "circle").filter(
        slug=Given("slug"), retired=False
    )
)


def kind_named(kind: str, category: Category | None) -> str:
    """The kind asked for, else the category's. Incidents and orders are kinds of internal categories alone."""
    if not kind:
        return category.kind if category else Kind.REQUEST
    internal = category is not None and category.audience == Audience.INTERNAL
    if kind not in Kind.values or (kind in INTERNAL_KINDS and not internal):
        raise Invalid(_("This kind is not known. Please choose one from the list."), field="kind")
    return kind


def put_place(concern: Concern, filing: Filing, category: Category | None) -> Location:
    """Put point, districts and asset on the concern. Raises Invalid(field="place") for a place we cannot use."""
    place = filing.place
    if (
        category
        and category.needs_place
        and not (concern.address or place.lat is not None or filing.asset)
    ):
        raise Invalid(_("Please tell us where it is: an address or coordinates."), field="place")
    if filing.asset:
        concern.asset = Asset.objects.filter(key=filing.asset).first()
        if concern.asset is None:
            raise Invalid(
                _("We do not know this object. Please describe the place instead."), field="asset"
            )
    must_be_whole(place)
    if place.lat is None or place.lon is None:
        return Location(None, None)
    location = locate_in_city(place.lat, place.lon)
    concern.lat, concern.lon = place.lat, place.lon
    concern.district = location.quarter or location.district
    return location


def must_be_whole(place: Place) -> None:
    if (place.lat is None) != (place.lon is None):
        raise Invalid(_("A point needs both latitude and longitude."), field="place")


def locate_in_city(lat: float, lon: float) -> Location:
    try:
        return locate(lat=lat, lon=lon)
    except NoSuchPoint:
        raise Invalid(
            _("These coordinates are no place on earth. Please check them."), field="place"
        ) from None
    except OutsideCity:
        words = _(
            "This place lies outside the city. Please check it, or ask the municipality it belongs to."
        )
        if drawn_roughly():
            rough = _(
                "The city's border is drawn roughly so far: if the place belongs to the city, please describe it in "
                "words."
            )
            words = f"{words} {rough}"
        raise Invalid(words, field="place") from None


def put_consent(concern: Concern, consent: Consent) -> None:
    moment = now()
    version = consent.version or city().consent_version
    if consent.words:
        concern.words_consent_version, concern.words_consent_at = version, moment
    if consent.photos:
        concern.photos_consent_version, concern.photos_consent_at = version, moment


def put_author(concern: Concern, actor: Actor, filing: Filing) -> None:
    """Who said it: an employee for internal matters, else the reporter whose contact data are sealed."""
    if concern.audience == Audience.INTERNAL:
        concern.author_id = actor.user_id
        return
    concern.reporter = new_reporter(
        clean_contact(filing.contact), confirmed=filing.channel == Channel.MAIL
    )


def store(concern: Concern) -> None:
    """Give the concern a reference nobody has and save it."""
    for _attempt in range(REFERENCE_TRIES):
        concern.reference = new_reference()
        if storing.insert_new([concern]):
            return
    raise Conflict


def placed(
    actor: Actor, concern: Concern, location: Location, onto: int | None
) -> tuple[Ticket, list[Event]]:
    """Put a concern on the ticket it is about, else on one of its own; `write_down` must follow."""
    lead = lead_for(actor, concern, location, onto) if onto else None
    if lead is None:
        return open_ticket(actor, concern, location)
    place_on(concern, lead, actor, PlacementReason.ADDED)
    return lead, [happened(lead, Verb.ADDED, actor, concern_id=concern.pk)]


def open_ticket(actor: Actor, concern: Concern, location: Location) -> tuple[Ticket, list[Event]]:
    """A ticket of its own for a concern, placed and given to whom it concerns; `write_down` must follow."""
    ticket = new_ticket(concern, location)
    place_on(concern, ticket, actor, PlacementReason.FILED)
    return ticket, take_responsibility(actor, ticket, concern=concern, location=location)


def new_ticket(concern: Concern, location: Location) -> Ticket:
    return Ticket(
        pk=next_ticket_id(),
        audience=concern.audience,
        kind=concern.kind,
        category=concern.category,
        answers=concern.answers,
        title=title_for(concern.category, concern.address, location),
        address=concern.address,
        lat=concern.lat,
        lon=concern.lon,
        district=concern.district,
        asset=concern.asset,
    )


def next_ticket_id() -> int:
    """The number of a ticket that `write_down` will store: its events name it, so it must be known before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('concerns_ticket', 'id'))")
        return int(cursor.fetchone()[0])


def place_on(concern: Concern, ticket: Ticket, actor: Actor, reason: PlacementReason) -> None:
    ticket.concern_count += 1
    ticket.active_count += concern.is_active
    placement = Placement(concern=concern, ticket=ticket, actor_ref=actor.ref, reason=reason)
    storing.insert([placement])


def title_for(category: Category | None, address: str, location: Location) -> str:
    """«Pothole, High Street 5» in the city's language: made from category and place, never from a person's words."""
    language = city().languages[0]
    with translation.override(language):
        about = (
            in_language(category.names, language) if category else _("Concern without a category")
        )
    area = location.quarter or location.district
    where = address or (in_language(area.names, language) if area else "")
    return ", ".join(part for part in (about, where) if part)[:300]
