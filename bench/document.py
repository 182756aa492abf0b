"""`python -m bench.document RESULT.json …`: docs/benchmarks.md from kept figures."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.table import table

FOLDER = Path(__file__).parents[1] / "docs"
TEXT = """# Benchmarks

Figures of `make bench SIZE=10000` and `make bench SIZE=1000000`, written here by `python -m bench.document RESULT.json
…` (the results lie under `VAR/bench-SIZE/`; those shown are kept in `docs/benchmarks/`).

**How it is measured.** gunicorn with two sync workers under production settings, database connections kept, an API key
with rights, limits and idempotency on. wrk sends prepared requests one and eight at once, five seconds a line. Right
before each line the yardstick is measured the same way on the same machine: Django with one JsonResponse, no
middleware, no database. A ratio of 1/25 says that the yardstick answers 25 requests in the time of one of ours; ✗
marks a target that is missed. Beside it stand the processor's milliseconds for a request, of the web workers, of
PostgreSQL and of the generator. Every answer is checked for what it must hold before its line is measured, and an
error ends the run.

The population are copies of what a year of real actions left (`bench/population.py`), with places, times, people and
chains of events of their own. Beside it stand 12,000 tickets that wait to be accepted and 200 with twenty events.

"""


def main(results: Sequence[str]) -> None:
    reports = [json.loads(Path(one).read_text(encoding="utf-8")) for one in results]
    kept = FOLDER / "benchmarks"
    kept.mkdir(exist_ok=True)
    parts = [TEXT.rstrip()]
    for report in sorted(reports, key=lambda one: one["size"]):
        text = json.dumps(report, indent=1) + "\n"
        (kept / f"{report['size']}.json").write_text(text, encoding="utf-8")
        parts.append(f"## {report['size']:,} tickets\n\n{table(report)}")
    parts.append((kept / "notes.md").read_text(encoding="utf-8").strip())
    (FOLDER / "benchmarks.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
