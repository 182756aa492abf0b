"""The figures of a run as a table for people."""

from collections.abc import Mapping
from typing import Any

HEAD = (
    "| request | target | 1 at once | 8 at once | requests/s | p95 ms | CPU ms: workers | database | generator | SQL |",
    "|---|---|---|---|---|---|---|---|---|---|",
)


def table(report: Mapping[str, Any]) -> str:
    """Markdown: one row a line, ratios as 1/n of the yardstick."""
    rows = [row_of(line) for line in report["lines"]]
    said = [
        f"{report['tickets']:,} tickets; {report['machine']}",
        "",
        *HEAD,
        *rows,
        "",
        f"Memory (PSS) per web worker: {', '.join(f'{one} MB' for one in report['worker_megabytes'])}",
    ]
    if steering := report.get("steering"):
        said += steering_lines(steering)
    if mails := report.get("mails"):
        said.append(
            f"From filing to the SMTP sink at {mails['rate']} filings/s: median {mails['p50_seconds']} s, "
            f"p95 {mails['p95_seconds']} s, {mails['delivered']} of {mails['filed']} delivered"
        )
    return "\n".join(said)


def row_of(line: Mapping[str, Any]) -> str:
    alone, many = line["at"]["1"], line["at"]["8"]
    figures = many["line"]
    cells = (
        f"{line['name']} ({line['rows']:,} given)" if "map" in line["name"] else line["name"],
        f"1/{line['target']}",
        ratio(alone["ratio"], line["target"]),
        ratio(many["ratio"], line["target"]),
        f"{figures['per_second']:.0f}",
        f"{figures['p95_ms']:.0f}",
        f"{figures['workers_ms']:.1f}",
        f"{figures['database_ms']:.1f}",
        f"{figures['generator_ms']:.2f}",
        f"{line['sql']} of {line['most_sql']}",
    )
    return f"| {' | '.join(cells)} |"


def ratio(found: float, target: int) -> str:
    """With a mark where the target is missed."""
    return f"1/{found:.1f}" + ("" if found <= target else " ✗")


def steering_lines(found: Mapping[str, Any]) -> list[str]:
    """What bench/steering.py found."""
    routing, hint, sweep = found["routing"], found["hint"], found["sweep"]
    return [
        f"Routing decision, {routing['rules']} rules: median {routing['p50_ms']} ms, p95 {routing['p95_ms']} ms",
        f"Hint before filing: median {hint['p50_ms']} ms, p95 {hint['p95_ms']} ms, {hint['sql']} SQL",
        f"Sweep for alarms: {sweep['seconds']} s for {sweep['open']:,} open tickets ({sweep['found']:,} to be told)",
    ]
