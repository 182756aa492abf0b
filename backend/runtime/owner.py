"""Who the servers run as: oneself, or for root an unprivileged system user, because PostgreSQL refuses root."""

import os
import pwd
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from backend.runtime.errors import RefusedError

UNPRIVILEGED = "nobody"


@dataclass(frozen=True)
class Owner:
    """The identity of the servers. `drops` says whether a child must give up root to become it."""

    name: str
    uid: int
    gid: int
    drops: bool

    def become(self) -> None:
        """Give up root for good. Only for a forked child that will run nothing of ours afterwards."""
        if self.drops:
            os.setgroups([])
            os.setgid(self.gid)
            os.setuid(self.uid)

    def give(self, path: Path) -> None:
        """Hand something we have just made over to the servers."""
        if self.drops:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def owner_from(environment: Mapping[str, str]) -> Owner:
    """The owner for the invoking person; root may name another than `nobody` in RUNTIME_USER."""
    root = os.geteuid() == 0
    name = environment.get("RUNTIME_USER") or UNPRIVILEGED
    try:
        entry = pwd.getpwnam(name) if root else pwd.getpwuid(os.geteuid())
    except KeyError:
        who = f"user {name}" if root else f"user id {os.geteuid()}"
        raise RefusedError(
            f"This system does not know {who}, and PostgreSQL needs a name. "
            "Add the user, or as root name another: RUNTIME_USER=<name>"
        ) from None
    if root and entry.pw_uid == 0:
        raise RefusedError(f"RUNTIME_USER={name} is root, and PostgreSQL does not run as root.")
    return Owner(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid, drops=root)


def readable_by(owner: Owner, trees: Iterable[Path]) -> bool:
    """Whether the servers can read every file of the trees.

    Permission bits alone do not answer that (parents, lists, mount options), so a forked child becomes the
    owner and tries. Only root forks; anyone else runs the servers as oneself.
    """
    if not owner.drops:
        return True
    child = os.fork()
    if child == 0:  # pragma: no cover - runs in the forked child
        readable = False
        try:
            owner.become()
            readable = all(_readable(tree) for tree in trees)
        finally:
            os._exit(0 if readable else 1)
    return os.waitpid(child, 0)[1] == 0


def _readable(tree: Path) -> bool:
    if not tree.is_dir():
        return os.access(tree, os.R_OK)
    if not os.access(tree, os.R_OK | os.X_OK):
        return False
    return all(_readable(entry) for entry in tree.iterdir())
