"""Rules every template and style sheet of the house keeps, so that the strict content security policy holds."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("accounts", "backend", "common", "concerns", "portal", "workspace")
TEMPLATES = sorted(path for app in APPS for path in ROOT.glob(f"{app}/**/templates/**/*.html"))
# Mail is read in programs that know neither our style sheet nor our policy.
PAGES = [path for path in TEMPLATES if not {"mail", "notices", "letters"} & set(path.parts)]
STYLES = sorted((ROOT / "common" / "static" / "sachstand").glob("*.css"))
LONGEST_TEMPLATE = 130
FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>{%]*\sstyle\s*="),
    "a style element": re.compile(r"<style\b"),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)"),
    "an event handler": re.compile(r"<[^>{%]*\son[a-z]+\s*="),
    "something from another site": re.compile(r"\b(?:src|href)=\"(?:https?:)?//"),
    "a link that runs code": re.compile(r"href=\"javascript:"),
}
COLOURS = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|oklch|lab)\(|:\s*(?:white|black|red|blue|green|grey|gray)\b"
)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_template_asks_for_nothing_the_policy_forbids(path: Path):
    text = path.read_text(encoding="utf-8")

    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_template_is_short_and_its_comments_are_closed(path: Path):
    lines = path.read_text(encoding="utf-8").splitlines()

    assert len(lines) <= LONGEST_TEMPLATE
    # Django ends a {# comment #} at the end of the line and would print the rest.
    assert [line for line in lines if line.count("{#") != line.count("#}")] == []


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_style_sheet_names_no_colour_of_its_own(path: Path):
    rules = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)

    assert COLOURS.findall(rules) == []


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_style_sheet_uses_only_tokens_that_kern_or_we_define(path: Path):
    kern = ROOT / "node_modules" / "@kern-ux" / "native" / "dist" / "kern.css"
    if not kern.exists():
        pytest.skip("KERN is not installed: npm ci has not run, so its tokens cannot be compared")
    sheets = [kern.read_text(encoding="utf-8"), *(sheet.read_text() for sheet in STYLES)]
    defined = set(re.findall(r"(--[\w-]+)\s*:", "\n".join(sheets)))

    assert set(re.findall(r"var\((--[\w-]+)", path.read_text(encoding="utf-8"))) - defined == set()


def test_the_patterns_would_find_an_offence():
    page = '<p style="x" onclick="y"><style></style><script>z</script><a href="//cdn.test/a">'

    found = [what for what, pattern in FORBIDDEN.items() if pattern.search(page)]

    assert found == list(FORBIDDEN)[:5]
    assert COLOURS.findall("a { color: #fff; border-color: red; background: rgb(0 0 0); }") != []
