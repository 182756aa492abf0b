"""`python -m backend.runtime run | servers | exec [--share] -- COMMAND… | status | clean`; VAR and PORT say where."""

import argparse
import os
import sys

from backend.runtime import commands
from backend.runtime.errors import ChildDiedError, RefusedError, StopRequestedError
from backend.runtime.paths import layout_from
from backend.runtime.terminal import complain

REFUSED = 2
DIED = 1


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m backend.runtime", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("run", help="servers, mail sink, worker, beat and web until Ctrl-C")
    actions.add_parser("servers", help="only PostgreSQL and Valkey until Ctrl-C")
    execute = actions.add_parser("exec", help="the servers for as long as a command runs")
    execute.add_argument("--share", action="store_true", help="use the servers of a run that is up")
    execute.add_argument("command", nargs="+", metavar="COMMAND")
    actions.add_parser("status", help="what runs under VAR")
    actions.add_parser("clean", help="remove the data under VAR")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """The exit status: 0 also after INT, TERM or HUP; 1 if a process died by itself; 2 if refused."""
    wish = parse(arguments)
    layout = layout_from(os.environ)
    meaning = {
        "run": lambda: commands.run(layout, os.environ),
        "servers": lambda: commands.serve(layout, os.environ),
        "exec": lambda: commands.execute(layout, os.environ, wish.command, share=wish.share),
        "status": lambda: commands.status(layout),
        "clean": lambda: commands.clean(layout),
    }
    try:
        return meaning[wish.action]()
    except ChildDiedError as error:
        complain(str(error))
        return DIED
    except (RefusedError, StopRequestedError) as error:
        complain(str(error))
        return REFUSED
    except PermissionError as error:
        complain(
            f"No permission for {error.filename}. Choose a folder of your own: VAR=~/sachstand"
        )
        return REFUSED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
