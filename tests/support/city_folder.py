"""A copy of Northmoor's folder that a test may change."""

import shutil
from pathlib import Path

from django.conf import settings


class CityFolder:
    """The files of the invented city in a folder of their own."""

    def __init__(self, parent: Path) -> None:
        self.path = parent / "northmoor"
        shutil.copytree(settings.CITY_FOLDER, self.path)

    def replace(self, file: str, old: str, new: str) -> None:
        """Change the one place in a file that reads `old`; an old text that is not there once is a mistake."""
        text = self.read(file)
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        self.write(file, text.replace(old, new))

    def read(self, file: str) -> str:
        return (self.path / file).read_text(encoding="utf-8")

    def write(self, file: str, text: str) -> None:
        (self.path / file).write_text(text, encoding="utf-8")

    def problem(self, file: str, rest: str) -> str:
        """How a problem with one of the files reads."""
        return f"{self.path / file}: {rest}"
