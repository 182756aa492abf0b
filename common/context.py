"""What every template may say about the city."""

from django.http import HttpRequest

from common.city import City
from common.city import city as this_city


def city(_request: HttpRequest) -> dict[str, City]:
    """`city` in every template: its name, contact and texts (common.city.City)."""
    return {"city": this_city()}
