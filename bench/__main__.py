"""`python -m bench SIZE [--seconds 5] [--only WORD]`, inside `backend.runtime exec`; see `make bench`."""

import argparse
import json
import os
import platform
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench import environment
from bench.load import EIGHT, ONE, Measured, measure, refuse_without_wrk
from bench.servers import Server, serving
from bench.table import table

SMALLEST = 1_000
# From so many tickets on the targets of a million hold.
MANY = 100_000
WARM_UP_SECONDS = 1
STEERING = "steering"
# Above what two workers can serve in a second.
MOST_PER_SECOND = 700


def main() -> int:
    wish = arguments()
    refuse_without_wrk()
    folder = Path(os.environ["VAR"]).resolve()
    environment.set_up(folder)
    report = measured(wish, folder)
    if wish.only in ("", STEERING):
        from bench import steering  # noqa: PLC0415 - needs settings

        report["steering"] = steering.measured()
    keep(report, folder)
    if not wish.only:
        from bench import mails  # noqa: PLC0415 - needs settings

        report["mails"] = mails.measured(folder, environment.served(folder), report.pop("key"))
        keep(report, folder)
    sys.stdout.write(table(report) + "\n")
    return 0


def keep(report: dict[str, Any], folder: Path) -> None:
    """Write the figures down, without the key they were taken with."""
    kept = {name: value for name, value in report.items() if name != "key"}
    (folder / "result.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("size", type=int, help="how many tickets")
    parser.add_argument("--seconds", type=int, default=5, help="how long a line is measured")
    parser.add_argument(
        "--only", default="", help=f"only lines whose name holds this, or {STEERING}"
    )
    wish = parser.parse_args()
    if wish.size < SMALLEST:
        parser.error(f"SIZE must be at least {SMALLEST}: pages of 100 rows have to be full.")
    return wish


def measured(wish: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """All figures of a run."""
    from django.core.management import call_command  # noqa: PLC0415 - needs settings

    from bench import lines, stage  # noqa: PLC0415 - they import models

    call_command("migrate", verbosity=0)
    environment.collect_static(folder)
    population = stage.population_of(wish.size, folder / "population.json")
    key = stage.new_key()
    chosen = [line for line in lines.lines(key, population) if wish.only in line.name]
    served = environment.served(folder)
    # What does not do its whole work must show before minutes are spent on the rest.
    costs = {line.name: lines.proven(line) for line in chosen}
    yardstick = serving("yardstick", "bench.yardstick:application", {})
    product = serving("product", "backend.wsgi:application", served)
    large = population.tickets > MANY
    with yardstick as least, product as ours:
        rows = [
            {
                "name": line.name,
                "target": line.large if large else line.small,
                "sql": costs[line.name][0],
                "rows": costs[line.name][1],
                "most_sql": line.most_sql,
                "at": {
                    str(concurrency): pair(line, least, ours, concurrency, wish.seconds)
                    for concurrency in (ONE, EIGHT)
                },
            }
            for line in chosen
        ]
        memory = ours.megabytes()
    return {
        "key": key,
        "size": wish.size,
        "tickets": population.tickets,
        "machine": machine(),
        "lines": rows,
        "worker_megabytes": [round(one) for one in memory],
    }


def pair(
    line: Any,  # noqa: ANN401 - bench.lines imports models
    least: Server,
    ours: Server,
    concurrency: int,
    seconds: int,
) -> dict[str, Any]:
    """The line and, right before it, the yardstick; both warmed up."""
    from bench.load import Load, get  # noqa: PLC0415

    again = Load((get("/"),), again=True)
    most = int(MOST_PER_SECOND * seconds / (1 if concurrency > ONE else 2))
    measure(least, again, concurrency=concurrency, seconds=WARM_UP_SECONDS)
    yardstick = measure(least, again, concurrency=concurrency, seconds=seconds)
    measure(ours, line.load(most // 5), concurrency=concurrency, seconds=WARM_UP_SECONDS)
    found = measure(ours, line.load(most), concurrency=concurrency, seconds=seconds)
    return {
        "ratio": round(yardstick.per_second / found.per_second, 1),
        "yardstick": shown(yardstick),
        "line": shown(found),
    }


def shown(one: Measured) -> dict[str, float]:
    figures = {name: round(value, 3) for name, value in asdict(one).items()}
    return {"per_second": round(one.per_second, 1), **figures}


def machine() -> str:
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main())
