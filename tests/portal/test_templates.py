"""Citizens' pages say what they must and offer only what the person may do now."""

import datetime as dt
import re
from types import SimpleNamespace

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

pytestmark = pytest.mark.urls("tests.common.doors")

FILED = dt.datetime(2026, 11, 23, 17, 40, tzinfo=dt.UTC)
WORDS = "A hole.\n\nMy neighbour <b>fell</b>   & is hurt."


class Text(forms.Form):
    text = forms.CharField(label="Your message", widget=forms.Textarea())


class Nothing(forms.Form):
    pass


def draw(template: str, **context: object) -> str:
    request = RequestFactory().get("/somewhere/")
    with translation.override("en"):
        return render_to_string(template, context, request)


def status(**more: object) -> dict[str, object]:
    own = SimpleNamespace(words=WORDS, filed_at=FILED, items=[("Category", "Pothole")])
    return {
        "reference": "K7M-4QX-9RT",
        "title": "Pothole, High Street",
        "state_sentence": "In progress with Roads.",
        "next_sentence": "We will tell you by 1 December.",
        "own": own,
        "course": [SimpleNamespace(at=FILED, sentence="We received your concern.")],
        **more,
    }


def acts(html: str) -> list[str]:
    return re.findall(r'name="act" value="(\w+)"', html)


def test_own_words_are_shown_as_typed():
    html = draw("portal/status.html", **status())

    shown = "A hole.\n\nMy neighbour &lt;b&gt;fell&lt;/b&gt;   &amp; is hurt."
    assert f'<p class="words">{shown}</p>' in html


def test_status_begins_with_the_state_as_a_sentence():
    html = draw("portal/status.html", **status())

    assert "<title>In progress with Roads. – " in html
    assert re.findall(r"<h1[^>]*>([^<]*)</h1>", html) == ["In progress with Roads."]
    assert html.index("In progress with Roads.</h1>") < html.index("We will tell you by 1 Dec")


def test_status_offers_nothing_where_nothing_is_allowed():
    html = draw("portal/status.html", **status())

    assert acts(html) == []
    assert "What you can do now" not in html


def test_status_offers_exactly_what_is_allowed():
    html = draw(
        "portal/status.html",
        **status(confirm_form=Nothing(), object_form=Text(prefix="object")),
    )

    assert acts(html) == ["confirm", "object"]
    assert html.count("csrfmiddlewaretoken") == 3  # two acts and the language switch


def test_open_question_stands_first_and_open():
    html = draw(
        "portal/status.html",
        **status(
            question=SimpleNamespace(text="Which side?"),
            answer_form=Text(prefix="answer"),
            message_form=Text(prefix="message"),
        ),
    )

    assert acts(html) == ["answer", "message"]
    assert html.index("Which side?") < html.index("<details")


def test_refused_act_is_open_and_named_in_the_summary():
    refused = Text({}, prefix="object")

    html = draw("portal/status.html", **status(object_form=refused, form=refused))

    assert re.search(r'<details class="kern-accordion" open>', html)
    assert 'href="#id_object-text"' in html


def test_step_carries_earlier_answers_and_continues_on_enter():
    html = draw(
        "portal/report/where.html",
        form=type("Where", (forms.Form,), {"address": forms.CharField()})(),
        hidden_fields=[("step", "where"), ("words", 'He said "no"')],
        step_number=2,
        step_total=5,
        step_name="Where",
    )

    assert '<input type="hidden" name="words" value="He said &quot;no&quot;">' in html
    assert "Step 2 of 5: Where" in html
    assert re.findall(r'name="go" value="(\w+)"', html) == ["next", "back"]


def test_step_has_no_link_that_would_lose_the_report():
    html = draw("portal/report/details.html", form=Nothing(), hidden_fields=[])

    assert "site-nav" not in html
    assert 'action="/i18n/setlang/"' not in html


def test_check_leads_back_to_each_step():
    sections = [
        SimpleNamespace(step="what", title="What", words=WORDS, items=[]),
        SimpleNamespace(step="where", title="Where", words="", items=[]),
    ]

    html = draw("portal/report/check.html", form=Nothing(), sections=sections)

    assert re.findall(r'name="go" value="(\w+)"', html) == ["what", "where", "next", "back"]
    assert html.count("Nothing given.") == 1


def test_address_is_confirmed_by_a_press_not_by_opening_the_link():
    html = draw("portal/confirm.html", reference="K7M-4QX-9RT")

    assert re.findall(r'<form class="stack column" method="(\w+)">', html) == ["post"]
    assert "csrfmiddlewaretoken" in html


@pytest.mark.parametrize("waiting", [True, False])
def test_done_asks_for_confirmation_only_when_it_is_needed(waiting):
    html = draw(
        "portal/done.html", reference="K7M-4QX-9RT", pin="482913", awaits_confirmation=waiting
    )

    assert ("Please confirm your e-mail address" in html) is waiting
    assert re.findall(r'class="proof__value">([^<]*)<', html) == ["K7M-4QX-9RT", "482913"]


@pytest.mark.parametrize(
    ("code", "title"),
    [
        (403, "You may not see this page"),
        (404, "This page does not exist"),
        (409, "Somebody else was faster"),
        (429, "Too many attempts"),
        (500, "Something went wrong on our side"),
    ],
)
def test_problem_says_what_is_wrong_and_what_to_do(code: int, title: str):
    html = draw("portal/problem.html", status=code, explanation="You tried ten PINs.")

    assert f">{title}\n</h1>" in html
    assert "You tried ten PINs." in html
    assert 'href="/lookup/"' in html


def test_citys_words_are_paragraphs_without_markup():
    html = draw("portal/text.html", page="imprint", page_title="Imprint", text="One <b>\n\nTwo")

    assert "<p>One &lt;b&gt;</p>\n\n<p>Two</p>" in html
