"""`python -m bench.faults [--filings 2000] [--rounds 2]`; see `make faults`. VAR names an empty folder."""

import argparse
import os
import sys

from backend.runtime.errors import ChildDiedError, RefusedError, StopRequestedError
from backend.runtime.paths import layout_from
from backend.runtime.terminal import complain, say
from bench.faults.campaign import Wish, campaign, fresh


def wish_from(arguments: list[str]) -> Wish:
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--filings", type=int, default=2000, help="how many people file")
    parser.add_argument("--rounds", type=int, default=2, help="how often each process is killed")
    parser.add_argument("--away", type=float, default=2, help="seconds until it is started again")
    parser.add_argument(
        "--hurry", action="store_true", help="do not wait for the leases of a killed worker"
    )
    return Wish(**vars(parser.parse_args(arguments)))


def main(arguments: list[str]) -> int:
    """0 if every promise was kept, 1 if not or if a process died by itself, 2 if the campaign cannot start."""
    wish = wish_from(arguments)
    try:
        report = campaign(fresh(layout_from(os.environ).var), wish)
    except ChildDiedError as error:
        complain(str(error))
        return 1
    except (RefusedError, StopRequestedError) as error:
        complain(str(error))
        return 2
    say("\n".join([report.table, "", *report.notes]))
    return 0 if report.kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
