"""What must be right before the installation starts."""

from django.core.checks import CheckMessage, Error

from common.city import city, zone_mismatch
from common.city_files import CityDataRefused

TAG = "city"


def check_city(**_options: object) -> list[CheckMessage]:
    """The city's folder can be read, and its time zone is the one the settings name."""
    try:
        found = city()
    except CityDataRefused as refusal:
        return [Error(problem, id="common.E001") for problem in refusal.problems]
    mismatch = zone_mismatch(found.zone)
    return [Error(f"city.yaml: {mismatch}", id="common.E002")] if mismatch else []
