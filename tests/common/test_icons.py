import re
from pathlib import Path

from django.contrib.staticfiles import finders

from common.icons import CATEGORY_ICONS, KERN_ICONS, OUR_ICONS


def drawn_in(file: str) -> set[str]:
    sheet = Path(finders.find(file)).read_text(encoding="utf-8")
    return set(re.findall(r"\.kern-icon--([a-z-]+)", sheet))


def test_every_icon_of_ours_is_drawn_and_none_else() -> None:
    assert drawn_in("sachstand/icons.css") == set(OUR_ICONS)


def test_every_icon_of_kern_is_drawn_there_and_not_by_us() -> None:
    theirs = drawn_in("kern/kern.min.css")

    assert [name for name in KERN_ICONS if name not in theirs] == []
    assert [name for name in OUR_ICONS if name in theirs] == []


def test_no_icon_stands_twice() -> None:
    assert len(set(CATEGORY_ICONS)) == len(CATEGORY_ICONS)
