"""What kill -9 of a supervisor leaves behind, and how the next start ends it.

The kernel tells the children when their supervisor dies, so usually nothing is left but a folder of sockets. What
is still there is known by process number together with start time, or by the run's secret in its environment;
nothing else is ever signalled. The lock that all children inherit shows when the last one is gone.
"""

import shutil
import signal
from pathlib import Path

from backend.runtime import locks, processes, state
from backend.runtime.errors import RefusedError
from backend.runtime.locks import Lock
from backend.runtime.paths import Layout

GRACE_SECONDS = 20.0
KILL_SECONDS = 10.0
FOLDER_PREFIX = "sachstand-"


def end(layout: Layout) -> Lock:
    """End what an earlier run left and return the children's lock. The caller holds the supervisor's lock.

    Raises RefusedError if something that cannot be identified still uses the data.
    """
    earlier = state.load(layout.state)
    if earlier is not None:
        if earlier.boot == processes.boot():
            _end_processes(earlier)
        _remove_folder(Path(earlier.folder))
        layout.state.unlink(missing_ok=True)
    lock = locks.acquire(layout.children_lock, seconds=GRACE_SECONDS)
    if lock is None:
        raise RefusedError(
            f"A process of an earlier run still uses {layout.var} and could not be identified. "
            f"Find it with: fuser -v {layout.children_lock}"
        )
    return lock


def _end_processes(earlier: state.State) -> None:
    known = {child.pid for child in earlier.children}
    strays = [one for one in processes.processes_with(earlier.marker) if one.pid not in known]
    alive = [child for child in [*strays, *earlier.children] if child.lives()]
    for process in alive:
        process.send(processes.stop_signal(process.name))
    for process in processes.wait_until_gone(alive, GRACE_SECONDS):
        process.send(signal.SIGKILL)
    processes.wait_until_gone(alive, KILL_SECONDS)


def _remove_folder(folder: Path) -> None:
    # The state file is ours, but a wrong path in it must not cost anybody a folder.
    if folder.name.startswith(FOLDER_PREFIX) and folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder, ignore_errors=True)
