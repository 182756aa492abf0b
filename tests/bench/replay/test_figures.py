from bench.replay.figures import at, commonest, figures, mail_figures
from bench.replay.filing import Outcome, Way
from bench.replay.names import Names
from bench.replay.reports import Report

NAMES = Names({"schlagloch": "pothole", "baum": "tree"}, {"tiefbau": "streets", "parks": "parks"})
REFUSAL = "422 /place Outside."


def report(number: int, category: str, office: str, district: str = "Harbour") -> Report:
    return Report(f"r{number}", "x", "Straßen", category, "", None, None, district, office)


HOLE, OTHER, LOST = (
    report(1, "Schlagloch", "Tiefbau"),
    report(2, "Schlagloch", "Parks"),
    report(3, "Gulli", ""),
)


def test_figures_count_what_became_of_each():
    outcomes = [
        Outcome(HOLE, "pothole", 0.1, same=True, office="streets"),
        Outcome(OTHER, "tree", 0.3, same=False, office="streets"),
        Outcome(LOST, "", 0.2, same=True),
        Outcome(report(4, "Baum", "Parks"), "tree", 0.1, refusal=REFUSAL),
    ]

    found = figures(Way.GUESSED, outcomes, NAMES)

    assert {name: found[name] for name in found if name != "reached"} == {
        "categories": "guessed",
        "reports": 4,
        "filed": 3,
        "to_an_office": 2,
        "to_triage": 1,
        "refused": {REFUSAL: 1},
        "refused_ids": ["r4"],
        "changed_ids": ["r2"],
        "seconds": {"median": 0.2, "p95": 0.3},
        "category_found": {"hits": 2, "of": 3, "share": 0.6667},
    }
    assert found["reached"]["all"] == {
        "of_all": {"hits": 1, "of": 4, "share": 0.25},
        "of_known": {"hits": 1, "of": 3, "share": 0.3333},
        "baseline_category": {"hits": 2, "of": 4, "share": 0.5},
        "baseline_category_district": {"hits": 2, "of": 4, "share": 0.5},
    }


def test_an_office_nobody_noted_is_never_reached():
    """Neither by who is in triage nor by the baseline."""
    outcomes = [Outcome(LOST, "", 0.1, same=True)] * 3

    found = figures(Way.GIVEN, outcomes, NAMES)["reached"]["all"]

    assert [share["hits"] for share in found.values()] == [0, 0, 0, 0]


def test_the_half_held_out_stands_by_itself():
    reports = [report(n, "Schlagloch", "Tiefbau") for n in range(100)]
    outcomes = [
        Outcome(one, "pothole", 0.1, same=True, office="streets" if one.held_out else "parks")
        for one in reports
    ]

    reached = figures(Way.GIVEN, outcomes, NAMES)["reached"]

    held_out = sum(one.held_out for one in reports)
    assert reached["held_out"]["of_all"] == {"hits": held_out, "of": held_out, "share": 1.0}
    assert reached["all"]["of_all"]["hits"] == held_out


def test_the_baseline_names_the_commonest_of_each_group():
    reports = [
        *(report(n, "Schlagloch", "Tiefbau") for n in range(3)),
        *(report(n, "Schlagloch", "Parks", "Hill") for n in range(3, 5)),
        report(5, "Baum", "Parks"),
    ]

    assert commonest(reports, lambda one: one.category) == 4
    assert commonest(reports, lambda one: (one.category, one.district)) == 6


def test_percentiles_of_nothing_are_nothing():
    assert (at([], 0.5), at([1.0], 0.95), at([1.0, 2.0, 3.0], 0.5)) == (0.0, 1.0, 2.0)


def test_mails_are_told_with_the_addresses_they_reached():
    assert mail_figures([2, 1], 3) == {"addresses": 3, "reached": 2, "mails": 3}
