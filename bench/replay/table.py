"""The figures as a table for people: one column a run."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

TITLES = {"given": "category given", "guessed": "category guessed from the words"}
Figures = Mapping[str, Any]


def table(runs: Sequence[Figures]) -> str:
    """Markdown."""
    head = ["", *(TITLES[run["categories"]] for run in runs)]
    rows = [[name, *(show(run) for run in runs)] for name, show in ROWS]
    lines = [head, ["---", *("---:" for _run in runs)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def count(name: str) -> Callable[[Figures], str]:
    return lambda run: f"{run[name]:,}"


def share(part: str, name: str) -> Callable[[Figures], str]:
    return lambda run: f"{run['reached'][part][name]['share']:.3f}"


def mails(run: Figures) -> str:
    told = run.get("mails")
    if not told:
        return "not counted"
    return f"{told['mails']:,} to {told['reached']:,} of {told['addresses']:,} addresses"


def times(run: Figures) -> str:
    return f"{run['seconds']['median']:.2f} / {run['seconds']['p95']:.2f}"


ROWS: tuple[tuple[str, Callable[[Figures], str]], ...] = (
    ("reports", count("reports")),
    ("filed", count("filed")),
    ("refused", lambda run: f"{len(run['refused_ids']):,}"),
    ("words that came back otherwise, of those filed", lambda run: f"{len(run['changed_ids']):,}"),
    ("with an office at once", count("to_an_office")),
    ("to triage", count("to_triage")),
    ("filed under the category chosen then", lambda run: f"{run['category_found']['share']:.3f}"),
    ("**reached the office that dealt with it, of all**", share("all", "of_all")),
    ("… of those whose office is known", share("all", "of_known")),
    ("… of the half held out, of all", share("held_out", "of_all")),
    ("baseline in-sample: commonest office of the category", share("all", "baseline_category")),
    (
        "baseline in-sample: of category and district",
        share("all", "baseline_category_district"),
    ),
    (
        "baseline in-sample, half held out: of the category",
        share("held_out", "baseline_category"),
    ),
    ("seconds per concern, median / p95", times),
    ("mails delivered", mails),
)


def remarks(runs: Sequence[Figures], unknown: Mapping[str, Mapping[str, int]]) -> str:
    """What the table only counts: reasons of refusals, ids, names nobody knows."""
    lines = [
        f"Unknown to the city ({kind}): {name}, {number} reports"
        for kind, names in unknown.items()
        for name, number in names.items()
    ]
    for run in runs:
        title = TITLES[run["categories"]]
        lines += [f"Refused ({title}), {n}: {why}" for why, n in run["refused"].items()]
        for name, ids in (("Refused", "refused_ids"), ("Changed", "changed_ids")):
            if run[ids]:
                lines.append(f"{name} ({title}), by id: {', '.join(run[ids])}")
    return "\n".join(lines)
