"""Nothing of any city stands in code."""

import re

from tests.architecture.source import PACKAGES, ROOT

CITIES = re.compile(r"wuppertal|konstanz|northmoor|schwebebahn", re.IGNORECASE)
# The one place that names the folder of the first city, as a default an operator overrides.
DEFAULT = "backend/settings/city.py"


def test_no_city_is_named_in_code():
    sources = [
        path
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*"))
        if path.suffix in {".py", ".html", ".txt", ".js", ".css"}
    ]
    named = [
        path.relative_to(ROOT).as_posix()
        for path in sources
        if CITIES.search(path.read_text(encoding="utf-8"))
    ]

    assert named in ([DEFAULT], [DEFAULT, "backend/settings/test.py"])
