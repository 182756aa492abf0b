"""The repository's own text, read once for the tests of its structure."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = PROJECT["tool"]["importlinter"]["root_packages"]
STOREYS = PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of ours but migrations, parsed, by its path from the root."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "/migrations/" not in name:
                found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call with the module it stands in."""
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield name, node


def called(node: ast.Call) -> str:
    """The last part of what is called: `update` of `rows.filter(…).update(…)`."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def storey_of(package: str) -> int:
    """How high a package stands: 0 is the top."""
    return next(
        height
        for height, names in enumerate(STOREYS)
        if package in names.replace(" ", "").split("|")
    )
