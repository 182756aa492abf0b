"""Lists of addresses as CSV: the city's own short one, or the official one of a surveying office."""

import csv
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass

from common.city_files import Problems

DELIMITERS = ";,\t|"
# More mistakes of one file than people read at a time.
MOST_PROBLEMS = 20
LONGEST_LABEL = 120
LONGEST_POSTCODE = 10


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what. A label is given as one column, or made of street, number and suffix."""

    label: str = ""
    street: str = ""
    number: str = ""
    suffix: str = ""
    postcode: str = ""
    x: str = "lon"
    y: str = "lat"

    @property
    def named(self) -> list[str]:
        every = (self.label, self.street, self.number, self.suffix, self.postcode, self.x, self.y)
        return [name for name in every if name]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list; `street` is "" where label and street are one. x and y as they stand there."""

    label: str
    street: str
    postcode: str
    x: float
    y: float


class Unusable(ValueError):
    """The list cannot be read at all; the words go behind its name."""


@dataclass(frozen=True, slots=True)
class Table:
    """The head of a list, and its lines with their numbers."""

    names: list[str]
    delimiter: str
    lines: list[tuple[int, str]]

    def cells(self, line: str) -> dict[str, str]:
        (values,) = csv.reader([line], delimiter=self.delimiter)
        return {name: value.strip() for name, value in zip(self.names, values, strict=False)}


def read_entries(
    problems: Problems, file: str, columns: Columns, encoding: str = "utf-8-sig"
) -> list[Entry]:
    """The entries of a list; lines that begin with # are remarks. What is wrong is reported with its line."""
    try:
        text = (problems.folder / file).read_bytes().decode(encoding)
        table = _table(text, columns)
    except OSError as error:
        problems.add(file, "the file", f"cannot be read ({error.strerror}).")
    except (UnicodeDecodeError, LookupError):
        what = f"is not in {encoding}. Store it as UTF-8, or name its encoding, for example cp1252."
        problems.add(file, "the file", what)
    except Unusable as refusal:
        problems.add(file, "the file", str(refusal))
    else:
        return list(_entries(problems, file, columns, table))
    return []


def _table(text: str, columns: Columns) -> Table:
    """The delimiter is the sign that the head has most of."""
    lines = [
        (nth, line)
        for nth, line in enumerate(io.StringIO(text, newline=None), start=1)
        if line.strip() and not line.startswith("#")
    ]
    if not lines:
        raise Unusable("is empty. The first line must name the columns.")
    head = lines[0][1]
    delimiter = max(DELIMITERS, key=head.count)
    names = [name.strip() for name in next(csv.reader([head], delimiter=delimiter))]
    if missing := [name for name in columns.named if name not in names]:
        raise Unusable(f"has no column {', '.join(missing)}. Its columns: {', '.join(names)}.")
    return Table(names, delimiter, lines[1:])


def _entries(problems: Problems, file: str, columns: Columns, table: Table) -> Iterator[Entry]:
    wrong = 0
    for nth, line in table.lines:
        try:
            yield _entry(table.cells(line), columns)
        except (ValueError, csv.Error) as error:
            wrong += 1
            if wrong > MOST_PROBLEMS:
                problems.add(file, "the file", "has more such lines. Correct these first.")
                return
            problems.add(file, f"line {nth}", str(error))


def _entry(cells: dict[str, str], columns: Columns) -> Entry:
    street = cells.get(columns.street, "")
    house = cells.get(columns.number, "") + cells.get(columns.suffix, "")
    label = cells.get(columns.label) or f"{street} {house}".strip()
    if not label:
        raise ValueError("names no place. Fill in its name, or remove the line.")
    if len(label) > LONGEST_LABEL:
        raise ValueError(f"names a place with more than {LONGEST_LABEL} characters. Shorten it.")
    return Entry(
        label=label,
        street=street if house else "",
        postcode=cells.get(columns.postcode, "")[:LONGEST_POSTCODE],
        x=_number(cells, columns.x),
        y=_number(cells, columns.y),
    )


def _number(cells: dict[str, str], column: str) -> float:
    """German programs write a comma."""
    text = cells.get(column, "")
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{column}: '{text}' is no number.")
    return number
