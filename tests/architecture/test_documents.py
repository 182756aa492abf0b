"""Documents tell the truth: links lead somewhere, the picture of the lifecycle is the machine's, addresses exist."""

import re

import pytest
from django.urls import get_resolver

from concerns.queries.picture import lifecycle_page
from tests.architecture.source import ROOT

DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "cities").rglob("*.md")]
)
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:|#)([^)#\s]+)")
URL_TAG = re.compile(r"""\{%\s*url\s+['"]([\w:-]+)['"]""")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_in_documents_lead_somewhere(document):
    targets = LINK.findall(document.read_text(encoding="utf-8"))

    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_the_picture_of_the_lifecycle_is_fresh():
    assert (ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8") == lifecycle_page(), (
        "Renew it: make schema"
    )


def test_every_address_a_template_names_exists():
    known = names(get_resolver())
    used = {
        name
        for app in ("portal", "workspace", "common")
        for path in (ROOT / app).rglob("*.html")
        for name in URL_TAG.findall(path.read_text(encoding="utf-8"))
    }

    assert used - known == set()
    assert used != set()


def names(resolver, prefix=""):
    found = set()
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            found |= names(pattern, space)
        elif pattern.name:
            found.add(f"{prefix}{pattern.name}")
    return found


def test_documents_speak_of_the_product_alone():
    forbidden = re.compile(
        r"/work/|/root/|\bissue #?\d|registry\.npmjs|pypi\.org/simple", re.IGNORECASE
    )
    found = [
        path.relative_to(ROOT).as_posix()
        for path in DOCUMENTS
        if forbidden.search(path.read_text(encoding="utf-8"))
    ]

    assert found == []
