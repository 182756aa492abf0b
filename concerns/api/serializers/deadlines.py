"""The dates of a ticket as lines of codes and values."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rest_framework import serializers

from concerns.explaining import Line
from concerns.queries.clock import OFFICES, Explanation

CODES = {
    "started": "since when the time runs: `by` filed, detached or reopened, then with the `former_due`",
    "target": "`amount`, `unit` and `roll_forward`, owed by `category` and `priority`",
    "calendar": "the key of the `calendar` it is counted in",
    "counted": "the date that alone leads to; of working time with the days on which nobody worked: how many weekdays "
    "are `unstaffed`, and which days are `holidays` or `closed`",
    "rolled": "moved off a Saturday, Sunday or public holiday",
    "paused": "others kept us waiting: `reason` is the state, `since`, `given_back` in seconds, of `working_time` or "
    "not, and such days",
    "transfer": "from one department to another: `from_department`, `department`, by name",
    "handed_over": "what was left goes on in another calendar: `left`, `taken`",
    "categorise": "the category was corrected; the target is that of the new one for all the time",
    "prioritise": "the priority was changed; the target of the new one holds for all the time",
    "joined": "the earlier date of another `ticket` holds for both",
    "promised": "an earlier date that people were told stays",
    "differs": "hours, holidays or closed days were corrected since; the date stays as it was counted",
    "waiting": "a wait that still lasts; it moves the date when it ends",
    "due": "the date",
}

MOMENT = serializers.DateTimeField()


class DeadlineLine(serializers.Serializer[Any]):
    code = serializers.ChoiceField(
        choices=sorted(CODES),
        help_text="\n".join(f"- `{code}`: {meaning}" for code, meaning in CODES.items()),
    )
    at = serializers.DateTimeField(allow_null=True)
    due = serializers.DateTimeField(allow_null=True, help_text="The date after this line.")
    moved_seconds = serializers.IntegerField(
        help_text="By how much the line moved the date; 0 while there is none to move."
    )
    values = serializers.DictField()


class DeadlineOutput(serializers.Serializer[Any]):
    due = serializers.DateTimeField(allow_null=True)
    lines = DeadlineLine(many=True)


class DeadlinesOutput(serializers.Serializer[Any]):
    first_response = DeadlineOutput()
    resolution = DeadlineOutput()


def told(explained: Explanation) -> dict[str, Any]:
    """What `DeadlinesOutput` draws."""
    ticket, names = explained.ticket, explained.departments
    first, resolution = explained.first_response, explained.resolution
    return {
        "first_response": {"due": ticket.first_response_due, "lines": [*said(first, names)]},
        "resolution": {"due": ticket.resolution_due, "lines": [*said(resolution, names)]},
    }


def said(lines: Sequence[Line], names: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    before: dt.datetime | None = None
    for line in lines:
        moved = line.due - before if line.due and before else dt.timedelta()
        before = line.due or before
        offices = {name: names.get(line.values[name]) for name in OFFICES if name in line.values}
        moments = {
            name: MOMENT.to_representation(value)
            for name, value in line.values.items()
            if isinstance(value, dt.datetime)
        }
        yield {
            "code": line.code,
            "at": line.at,
            "due": line.due,
            "moved_seconds": moved.total_seconds(),
            "values": {**line.values, **offices, **moments},
        }
