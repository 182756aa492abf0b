"""Where a photo was taken, if a person asks us to look: shown to them before it is used. Of the photo nothing stays."""

from typing import TYPE_CHECKING

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from common.photos import Unreadable, place_in
from concerns.actions.filing import locate_in_city
from concerns.actions.uploads import check_one
from concerns.errors import Invalid
from portal.wizard import Walk

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

PHOTO = "place_photo"
# About a metre.
DECIMALS = 5


def at_its_place(walk: Walk, photo: "UploadedFile[bytes]") -> tuple[Walk, str]:
    """The walk with the point of the photo as if it had been typed, and a sentence that says so.

    Raises Invalid with words for the field of the photo.
    """
    lat, lon = taken_at(photo)
    area = locate_in_city(lat, lon)
    part = area.quarter or area.district
    data = walk.data.copy()
    data["latitude"], data["longitude"] = (number_format(one, DECIMALS) for one in (lat, lon))
    data.pop("candidate", None)
    words = _(
        "The photo was taken here: %(lat)s, %(lon)s, in %(part)s. Please check it; you can change it below."
    )
    said = {
        "lat": data["latitude"],
        "lon": data["longitude"],
        "part": part.name if part else _("the city"),
    }
    sentence = words % said
    if part and part.schematic:
        sentence = f"{sentence} {_('Borders are drawn roughly so far.')}"
    return Walk(data, walk.language), sentence


def taken_at(photo: "UploadedFile[bytes]") -> tuple[float, float]:
    seen = check_one(photo, PHOTO)
    try:
        place = place_in(photo, seen.media_type)
    except Unreadable:
        place = None
    if place is None:
        words = _(
            "No place is stored in this photo; many phones leave it out. Please write where it is, or continue without."
        )
        raise Invalid(words, field=PHOTO)
    return place
