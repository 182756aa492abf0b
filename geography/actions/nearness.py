"""Whether what a file draws lies in this city at all."""

from common.city_files import Problems
from geography.models import District
from geography.parsing.coordinates import Bounds


def check_nearness(problems: Problems, file: str, bounds: Bounds) -> None:
    """Report a file whose places lie wholly outside the box of the city: of another city, or with axes swapped."""
    city = District.objects.filter(level=District.Level.CITY, west__lte=180).first()
    if city is None:
        what = (
            "cannot be placed: no city is loaded. Load its folder first, with manage.py load_city."
        )
        problems.add(file, "the file", what)
        return
    west, south, east, north = bounds
    if west > city.east or east < city.west or south > city.north or north < city.south:
        here = f"longitude {west:.3f} to {east:.3f}, latitude {south:.3f} to {north:.3f}"
        what = f"lies nowhere near {city.name} ({here}). Are the two swapped, or is it another city's file?"
        problems.add(file, "the file", what)
