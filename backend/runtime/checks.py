"""The checks of `make test` and, with --fast, of `make check`: each step says its name, the first failure ends."""

import os
import subprocess
import sys
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path

from backend.runtime.paths import REPOSITORY
from backend.runtime.terminal import complain, say

PROGRAMS = Path(sys.executable).parent
MANAGE = (sys.executable, "manage.py")
Step = tuple[str, tuple[str, ...]]


def fast_steps() -> list[Step]:
    """What needs no server."""
    return [
        ("format", (_program("ruff"), "format", "--check", ".")),
        ("lint", (_program("ruff"), "check", ".")),
        ("import contracts", (_program("lint-imports"), "--no-cache")),
        ("types", (_program("mypy"),)),
        ("security lint", (_program("bandit"), "-q", "-c", "pyproject.toml", "-r", *_packages())),
    ]


def slow_steps() -> list[Step]:
    """What needs servers, and the tests last, so that their own summary closes the output.

    Tests are handed to whichever process is idle: the few that start real servers or a browser take as long as
    hundreds of others, and a fixed share by file would leave one process waiting for the other.
    """
    templates = _templates()
    workers = str(min(4, os.cpu_count() or 1))
    return [
        ("migrations", (*MANAGE, "makemigrations", "--check", "--dry-run")),
        ("translations", (*MANAGE, "messages", "--check")),
        # The catalogs Django reads are not in the repository, and tests read German pages.
        ("translations compiled", (*MANAGE, "messages", "--compile")),
        ("templates: idiom", (_program("djade"), "--check", *templates)),
        ("templates: lint", (_program("djlint"), "--lint", "--quiet", *templates)),
        ("system checks", (*MANAGE, "check", "--fail-level", "WARNING")),
        ("tests", (_program("pytest"), "-n", workers, "--dist", "worksteal", "-rs")),
    ]


def _packages() -> list[str]:
    """Everything of ours that runs in an installation."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    packages: list[str] = project["tool"]["importlinter"]["root_packages"]
    return [*packages, "deploy", "manage.py"]


def _templates() -> list[str]:
    """Ours only: of apps, and of apps inside apps."""
    patterns = ("[a-z]*/templates/**/*.html", "[a-z]*/[a-z]*/templates/**/*.html")
    found = [path for pattern in patterns for path in REPOSITORY.glob(pattern)]
    return sorted(str(path.relative_to(REPOSITORY)) for path in found)


def _program(name: str) -> str:
    return str(PROGRAMS / name)


def take(steps: Sequence[Step]) -> int:
    """Take the steps in order; 0, or the status of the first that failed."""
    for name, command in steps:
        say(f"== {name}")
        began = time.monotonic()
        status = subprocess.run(command, cwd=REPOSITORY, check=False).returncode  # noqa: S603 - ours
        if status:
            complain(f"== {name} failed with status {status}. Repeat it alone: {_shown(command)}")
            return status
        if name != "tests":
            say(f"   {time.monotonic() - began:.1f} s")
    return 0


def _shown(command: Sequence[str]) -> str:
    text = " ".join(command).replace(f"{PROGRAMS}{os.sep}", ".venv/bin/")
    return text if len(text) < 200 else f"{text[:200]} …"  # noqa: PLR2004 - a line of a terminal


if __name__ == "__main__":
    sys.exit(take(fast_steps() if "--fast" in sys.argv else fast_steps() + slow_steps()))
