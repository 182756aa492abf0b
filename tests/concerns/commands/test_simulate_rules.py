"""A draft tried with past tickets, from the command line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from concerns.actions.rule_sets import draft_rules
from concerns.models import Event, RoutingRule
from tests.support.town import Place, Town, file

PARKS = """
- {key: holes, category: pothole, department: parks}
- {key: holes-by-phone, category: pothole, channel: phone, department: streets}
"""


def told(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("simulate_rules", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue().splitlines()


def test_it_tells_what_would_be_different_and_changes_nothing(town: Town, tmp_path) -> None:
    tickets = [file().ticket.pk for _ in range(2)]
    file(category="noise")
    file(category="other", place=Place())
    before = (Event.objects.count(), RoutingRule.objects.count())
    draft = tmp_path / "draft.yaml"
    draft.write_text(PARKS, encoding="utf-8")

    assert told(str(draft)) == [
        "Tickets: 4; rules in force: 2, in the draft: 2",
        "",
        "                                              in force     draft",
        "went where the ticket is today                       3         1",
        "to triage                                            1         1",
        "  of these: rules equally sure                       0         0",
        "  of these: no rule, no department                   1         1",
        "another department                                             2",
        "another priority                                               0",
        "another circle                                                 0",
        "",
        "Moves, with some of the tickets:",
        f"       2  streets → parks  ({tickets[1]}, {tickets[0]})",
        "",
        "Department                                    in force     draft    change",
        "(triage)                                             1         1        +0",
        "order                                                1         1        +0",
        "parks                                                0         2        +2",
        "streets                                              2         0        -2",
        "",
        "Rules that no ticket met (1): holes-by-phone",
    ]
    assert (Event.objects.count(), RoutingRule.objects.count()) == before


def test_it_takes_the_number_of_a_set(town: Town) -> None:
    file()
    made = draft_rules(actor=town.actor("alma"), source=PARKS)

    assert told(str(made.number))[0] == "Tickets: 1; rules in force: 2, in the draft: 2"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["4711"], "There is no rule set 4711."),
        (["/no/such/file.yaml"], "/no/such/file.yaml cannot be read"),
        (["{draft}", "--since", "2020-01-01", "--until", "2020-02-01"], "No ticket was filed"),
        (["{draft}", "--since", "2020-02-01", "--until", "2020-01-01"], "The period ends before"),
        (["{draft}", "--since", "yesterday"], "'yesterday' is no day. Write it like 2026-01-31."),
        (
            ["{wrong}"],
            "rule 'a': department 'street' is not in departments. Did you mean 'streets'?",
        ),
    ],
)
def test_what_cannot_be_done_is_said(town: Town, tmp_path, arguments, problem) -> None:
    files = {"draft": PARKS, "wrong": "- {key: a, department: street}"}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    names = {name: str(tmp_path / name) for name in files}

    with pytest.raises(CommandError) as refusal:
        told(*(one.format(**names) for one in arguments))

    assert problem in str(refusal.value)
