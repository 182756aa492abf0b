"""The page about the REST interface: everything the description holds, and an anchor for every problem."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from backend.api.kinds import KINDS, REMEDIES, TITLES
from backend.api.schema import described
from tests.support.rest import Rest
from tests.support.sql import budget

ADDRESS = "/api/docs/"


def page(language="en"):
    answer = Client().get(ADDRESS, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def ids_in(html):
    return re.findall(r'\bid="([^"]+)"', html)


def test_every_operation_stands_there_once():
    html = page()
    operations = [
        (one["operationId"], method.upper(), path)
        for path, methods in described("en")["paths"].items()
        for method, one in methods.items()
    ]

    shown = re.findall(
        r'<details class="kern-accordion" id="(\w+)">.*?<strong>(\w+)</strong> (\S+?)</code>',
        html,
        flags=re.DOTALL,
    )

    assert sorted(shown) == sorted(operations)


def test_the_type_of_a_problem_leads_to_its_place(db):
    told = Rest().get("tickets/").json()

    address, _hash, place = told["type"].partition("#")
    assert address == f"{settings.PUBLIC_URL}{reverse('api-docs')}"
    assert place in ids_in(page())


def test_every_problem_has_a_place_a_title_and_a_remedy():
    html = page()

    assert [found for found in ids_in(html) if found.startswith("problem-")] == [
        f"problem-{code}" for code in KINDS
    ]
    assert TITLES.keys() == REMEDIES.keys() == KINDS.keys()


def test_no_id_stands_twice_and_every_link_on_the_page_leads_somewhere():
    html = page()
    ids = ids_in(html)

    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) - set(ids) == set()


def test_what_a_list_wants_is_unfolded():
    html = page()
    listed = html[html.index('id="list_tickets"') :]
    listed = " ".join(re.sub(r"<[^>]+>", " ", listed[: listed.index("</details>")]).split())

    assert "A key needs the scope tickets:read ." in listed
    assert "deadline &quot;overdue&quot; | &quot;none&quot;" in listed
    assert "created_from date or date-time" in listed
    assert "results[].department.key string" in listed
    assert "results[].closed_at date-time or null" in listed


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "Programming interface"), ("de", "Programmierschnittstelle")]
)
def test_the_page_is_in_the_readers_language_and_says_what_is_in_english(language, heading):
    html = page(language)

    assert f'<html lang="{language}"' in html
    assert f'<h1 class="kern-heading-large">{heading}</h1>' in html
    assert '<span class="operation__summary" lang="en">File a concern</span>' in html


def test_the_page_needs_no_script_no_style_of_its_own_and_nobody_elses(db):
    answer = Client().get(ADDRESS)
    html = answer.content.decode()

    assert re.findall(r"<style|\sstyle=|<script(?! type=\"module\" src=\"/static/)", html) == []
    assert re.findall(r'(?:src|action)="(https?:)?//', html) == []
    assert "unsafe-inline" not in answer["Content-Security-Policy"]


def test_the_page_asks_the_database_nothing(db):
    page()

    with budget(0):
        page()


def test_only_reading_is_possible():
    assert Client().post(ADDRESS).status_code == 405
