"""What a person can ask of the runtime. Each command returns an exit status."""

import os
import shutil
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

from backend.runtime import household, leftovers, state
from backend.runtime.errors import RefusedError, StopRequestedError
from backend.runtime.paths import Layout
from backend.runtime.servers import start_servers
from backend.runtime.supervisor import Supervisor, acquire_supervisor_lock
from backend.runtime.terminal import complain, say

DEFAULT_PORT = 8000
NOT_RUNNING = 3  # as an init script's `status` says it
PAGES = (
    ("Report a concern", "/"),
    ("Workspace of the staff", "/workspace/"),
    ("Mails of this trial", "/dev/mail/"),
)


def run(layout: Layout, environment: Mapping[str, str]) -> int:
    """Everything a trial needs, until somebody ends it."""
    port = port_from(environment)
    url = f"http://{household.HOST}:{port}/"
    with Supervisor(layout, {"PUBLIC_URL": url.rstrip("/"), **environment}) as supervisor:
        try:
            household.refuse_taken_port(port)
            say(f"Starting under {layout.var}. Logs: {layout.log}")
            start_servers(supervisor)
            household.start_sink(supervisor)
            household.prepare(supervisor)
            household.start_household(supervisor, port)
            supervisor.state.url = url
            supervisor.save()
            say(welcome(layout, url))
            supervisor.watch()
        except StopRequestedError as request:
            say(f"{request}: stopping. The data stay in {layout.var}")
    return 0


def serve(layout: Layout, environment: Mapping[str, str]) -> int:
    """Only the servers, for somebody who starts the rest by hand."""
    with Supervisor(layout, environment) as supervisor:
        try:
            start_servers(supervisor)
            for name, value in supervisor.state.environment.items():
                say(f"export {name}='{value}'")
            say("ready")
            supervisor.watch()
        except StopRequestedError:
            return 0
    return 0


def welcome(layout: Layout, url: str) -> str:
    """Pages, log-ins if the demo left some, and the line that scripts wait for."""
    lines = ["", *(f"  {words:<24}{url.rstrip('/')}{path}" for words, path in PAGES), ""]
    if layout.logins.exists():
        lines += [layout.logins.read_text(encoding="utf-8").rstrip(), ""]
    return "\n".join([*lines, "Ctrl-C stops everything and keeps the data.", f"ready {url}"])


def port_from(environment: Mapping[str, str]) -> int:
    text = environment.get("PORT") or str(DEFAULT_PORT)
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text) < 1 << 16:
        raise RefusedError(f"PORT={text} is not a port. Use a number from 1 to 65535.")
    return int(text)


def execute(
    layout: Layout, environment: Mapping[str, str], command: Sequence[str], *, share: bool
) -> int:
    """Run a command with the servers up for as long as it takes; its exit status.

    With `share`, a run that is already on this folder lends its servers.
    """
    if share and (earlier := running(layout)):
        os.environ.update(earlier.environment)
        os.execvp(command[0], list(command))  # noqa: S606 - the person's own command
    with Supervisor(layout, environment) as supervisor:
        try:
            start_servers(supervisor)
            child = supervisor.start(
                "command", command, folder=Path.cwd(), stdin=None, logged=False
            )
            return supervisor.finish(child)
        except StopRequestedError as request:
            return 128 + signal.Signals[str(request)]


def running(layout: Layout) -> state.State | None:
    """The run that is up on this folder, if one is."""
    current = state.load(layout.state)
    return current if current is not None and current.supervisor.lives() else None


def status(layout: Layout) -> int:
    current = running(layout)
    if current is None:
        say(f"Nothing runs on {layout.var}")
        return NOT_RUNNING
    say(f"{current.url or 'servers only'} on {layout.var}, process {current.supervisor.pid}")
    for child in current.children:
        say(f"  {child.name:<12}{child.pid:>8}  {'up' if child.lives() else 'DOWN'}")
    return 0


def clean(layout: Layout) -> int:
    """Remove what a trial wrote, after making sure that nothing runs on it.

    Only names the layout knows: VAR may point anywhere, and nobody's other files must be lost.
    """
    for one in (layout.test, layout):
        if one.var.exists():
            _clean(one)
    say(f"Removed the data under {layout.var}")
    return 0


def _clean(layout: Layout) -> None:
    layout.prepare()
    lock = acquire_supervisor_lock(layout)
    children_lock = leftovers.end(layout)
    for folder in (layout.data, layout.mail, layout.files, layout.log, layout.schedule):
        shutil.rmtree(folder)
    for file in (
        layout.logins,
        layout.erasures,
        layout.state,
        layout.children_lock,
        layout.lock,
    ):
        file.unlink(missing_ok=True)
    children_lock.release()
    lock.release()
    if any(layout.var.iterdir()):
        complain(
            f"Left what is not ours: {', '.join(sorted(p.name for p in layout.var.iterdir()))}"
        )
    else:
        layout.var.rmdir()
