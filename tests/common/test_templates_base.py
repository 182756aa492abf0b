"""The frame of every page: language, landmarks, help and the switch that works without JavaScript."""

import re

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from common.city import city

pytestmark = pytest.mark.urls("tests.common.doors")


class Lookup(forms.Form):
    reference = forms.CharField()


def draw(template: str, language: str = "en", **context: object) -> str:
    request = RequestFactory().get("/somewhere/?page=2")
    with translation.override(language):
        return render_to_string(template, {"messages": [], **context}, request)


@pytest.mark.parametrize("language", ["en", "de"])
def test_page_names_its_language(language: str):
    assert f'<html lang="{language}" dir="ltr">' in draw("common/base.html", language)


def test_title_ends_with_the_citys_name():
    html = draw("portal/lookup.html")

    assert f"<title>Where does my concern stand? – {city().name}</title>" in html


def test_title_of_a_refused_form_begins_with_the_error():
    html = draw("portal/lookup.html", form=Lookup({}))

    assert f"<title>Error: Where does my concern stand? – {city().name}</title>" in html


def test_keyboard_reaches_the_content_first():
    html = draw("common/base.html")

    assert re.findall(r"<(?:a|button|input)\b[^>]*>", html)[0] == (
        '<a class="skip-link kern-link" href="#main">'
    )
    assert '<main id="main" class="page" tabindex="-1">' in html


def test_language_switch_is_a_form_that_comes_back_here():
    html = draw("common/base.html")

    assert '<form class="languages" method="post" action="/i18n/setlang/">' in html
    assert '<input type="hidden" name="next" value="/somewhere/?page=2">' in html
    assert re.findall(r'name="language" value="(\w+)"', html) == ["de"]
    assert "csrfmiddlewaretoken" in html


def test_every_page_leads_to_help_and_to_the_pages_the_law_asks_for():
    html = draw("common/base.html")

    links = re.findall(r'<a class="site-footer__link" href="([^"]*)">', html)
    assert links == [
        "/accessibility/",
        "/plain-language/",
        "/sign-language/",
        "/privacy/",
        "/imprint/",
        "/languages/",
    ]
    contact = city().contact
    assert f'href="tel:{contact.phone.replace(" ", "")}">{contact.phone}</a>' in html
    assert f'href="mailto:{contact.email}">{contact.email}</a>' in html
    assert contact.opening_hours["en"] in html


@pytest.mark.parametrize(
    ("level", "tone", "role"),
    [(constants.SUCCESS, "success", "status"), (constants.ERROR, "danger", "alert")],
)
def test_message_is_drawn_as_an_alert(level: int, tone: str, role: str):
    html = draw("common/base.html", messages=[Message(level, "Your answer <b> was sent.")])

    assert f'<div class="kern-alert kern-alert--{tone}" role="{role}">' in html
    assert "Your answer &lt;b&gt; was sent." in html
