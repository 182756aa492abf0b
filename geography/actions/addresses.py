"""The gazetteer: the short list in a city's folder, and the official one of all its houses."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from common.city_files import Problems
from common.city_rows import Tally, put
from geography.actions.nearness import check_nearness
from geography.gazetteer import HOUSE, PLACE, fold, rank_of
from geography.models import Address
from geography.parsing.addresses import Columns, Entry, read_entries
from geography.parsing.coordinates import UnknownSystem, system_of, to_degrees
from geography.queries import districts_of

FILE = "addresses.csv"
FOLDER_COLUMNS = Columns(label="label", postcode="postcode")
BATCH = 5_000
# Few letters grow when they are folded, «ß» to «ss», but the column must hold them all.
LONGEST_SEARCH = 200

Key = tuple[str, str]
Watch = Callable[[list[list[Address]]], Iterable[list[Address]]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many entries an official list brought."""

    entries: int
    streets: int  # found in the houses, besides
    twice: int  # lines left out, because the place stood further up
    replaced: int


def read_gazetteer(problems: Problems) -> list[Address]:
    """The entries of a city's addresses.csv, if it has one."""
    if not (problems.folder / FILE).exists():
        return []
    entries = in_degrees(problems, FILE, read_entries(problems, FILE, FOLDER_COLUMNS))
    seen: dict[Key, str] = {}
    for entry in entries:
        if (key := key_of(entry)) in seen:
            what = (
                f"stands here twice (as '{seen[key]}'). Remove one, or give both their postcodes."
            )
            problems.add(FILE, f"place '{entry.label}'", what)
        seen[key] = entry.label
    return entries


def write_gazetteer(entries: Sequence[Address]) -> Tally:
    """Entries that left the file go. Of the official list, loaded besides, nothing is touched or told twice."""
    tally = Tally("addresses")
    place(entries)
    searches = [entry.search for entry in entries]
    official = set(
        Address.objects.filter(official=True, search__in=searches).values_list("search", flat=True)
    )
    wanted = {key_of(entry): entry for entry in entries if entry.search not in official}
    rows = {key_of(row): row for row in Address.objects.filter(official=False)}
    for key, entry in wanted.items():
        put(rows.get(key) or Address(), entry.label, _values(entry), tally)
    for key in rows.keys() - wanted.keys():
        rows[key].delete()
    tally.deleted = sorted(rows[key].label for key in rows.keys() - wanted.keys())
    return tally


@transaction.atomic
def load_addresses(
    *,
    file: Path,
    columns: Columns,
    encoding: str = "utf-8-sig",
    watch: Watch = iter,
) -> Loaded:
    """Take over the official list. It replaces the one loaded before, and what the folder says of the same places.

    Where it names street and number apart, each street becomes an entry, too. `watch` sees the batches go by. Raises
    common.city_files.CityDataRefused with every problem found; nothing is written then.
    """
    problems = Problems(file.parent)
    listed = read_entries(problems, file.name, columns, encoding)
    houses = in_degrees(problems, file.name, listed)
    if houses:
        lons, lats = [one.lon for one in houses], [one.lat for one in houses]
        check_nearness(problems, file.name, (min(lons), min(lats), max(lons), max(lats)))
    elif not problems.found:
        problems.add(file.name, "the file", "lists no places.")
    problems.raise_any()
    streets = streets_of(listed, houses)
    arriving: dict[Key, Address] = {}
    for entry in (*streets, *houses):
        arriving.setdefault(key_of(entry), entry)
    replaced = _remove({search for search, _ in arriving})
    _store(list(arriving.values()), watch)
    twice = len(streets) + len(houses) - len(arriving)
    return Loaded(len(houses) - twice, len(streets), twice, replaced)


def _store(entries: list[Address], watch: Watch) -> None:
    place(entries)
    for entry in entries:
        entry.official = True
    for batch in watch([entries[at : at + BATCH] for at in range(0, len(entries), BATCH)]):
        Address.objects.bulk_create(batch)
    # Until PostgreSQL knows how many entries there are now, it reads them all. It does so by itself in a minute.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE geography_address")


def _remove(arriving: Collection[str]) -> int:
    """Make room: the official entries of before, and what the folder says of the places that are coming."""
    rows = Address.objects.values_list("pk", "search", "official")
    gone = [pk for pk, search, official in rows if official or search in arriving]
    Address.objects.filter(pk__in=gone).delete()
    return len(gone)


def in_degrees(problems: Problems, file: str, listed: Sequence[Entry]) -> list[Address]:
    """Unsaved rows for what a file lists, whatever its coordinates; reported and none when nobody knows them."""
    if not listed:
        return []
    xs, ys = [entry.x for entry in listed], [entry.y for entry in listed]
    try:
        system = system_of((min(xs), min(ys), max(xs), max(ys)))
    except UnknownSystem as error:
        problems.add(file, "the file", str(error))
        return []
    lons, lats = to_degrees(system)(xs, ys)
    return [
        Address(
            label=entry.label,
            search=fold(entry.label)[:LONGEST_SEARCH],
            rank=HOUSE if entry.street else rank_of(entry.label),
            postcode=entry.postcode,
            lon=round(lon, 7),
            lat=round(lat, 7),
        )
        for entry, lon, lat in zip(listed, lons, lats, strict=True)
    ]


def streets_of(listed: Sequence[Entry], houses: Sequence[Address]) -> list[Address]:
    """An entry for each street with houses in the list, at the house in its middle."""
    by_street: dict[str, list[tuple[str, Address]]] = {}
    for entry, house in zip(listed, houses, strict=True):
        if entry.street:
            by_street.setdefault(fold(entry.street), []).append((entry.street, house))
    return [_street(search, found) for search, found in by_street.items()]


def _street(search: str, found: Sequence[tuple[str, Address]]) -> Address:
    """Long streets have several postcodes; then the entry has none."""
    houses = [house for _, house in found]
    lon = sum(house.lon for house in houses) / len(houses)
    lat = sum(house.lat for house in houses) / len(houses)
    middle = min(houses, key=lambda one: (one.lon - lon) ** 2 + (one.lat - lat) ** 2)
    postcodes = {house.postcode for house in houses}
    return Address(
        label=found[0][0],
        search=search,
        rank=PLACE,
        postcode=postcodes.pop() if len(postcodes) == 1 else "",
        lon=middle.lon,
        lat=middle.lat,
    )


def place(entries: Sequence[Address]) -> list[Address]:
    """Give each entry the district it lies in; those that moved."""
    moved = []
    found = districts_of([(entry.lon, entry.lat) for entry in entries])
    for entry, district_id in zip(entries, found, strict=True):
        if entry.district_id != district_id:
            entry.district_id = district_id
            moved.append(entry)
    return moved


def place_all() -> None:
    """Find the districts of the whole gazetteer anew, after they have moved."""
    moved = place(list(Address.objects.all()))
    Address.objects.bulk_update(moved, ["district"], batch_size=BATCH)


def key_of(entry: Address) -> Key:
    return entry.search, entry.postcode


def _values(entry: Address) -> dict[str, Any]:
    names = ("label", "search", "rank", "postcode", "lat", "lon", "district_id")
    return {name: getattr(entry, name) for name in names}
