"""Forms come out in KERN's markup, tied together for screen readers, whatever widget a field has."""

import datetime as dt
import re

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict

from common.forms import DateInput, filled_with


class Report(forms.Form):
    words = forms.CharField(label="Words", help_text="What happened?", widget=forms.Textarea())
    place = forms.CharField(
        label="Place", required=False, widget=forms.TextInput(attrs={"class": "short"})
    )
    kind = forms.ChoiceField(choices=[("a", "Defect"), ("b", "Idea")])
    lane = forms.ChoiceField(
        label="Lane", widget=forms.RadioSelect, choices=[("r", "Road"), ("c", "Cycle path")]
    )
    dangers = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, choices=[("b", "Cyclists")]
    )
    publish = forms.BooleanField(label="Publish my words", required=False)
    since = forms.DateField(required=False, widget=DateInput())
    token = forms.CharField(widget=forms.HiddenInput())

    def clean(self) -> None:
        if self.data.get("words") == "nothing":
            raise forms.ValidationError("Say a little more.")


def tag(html: str, name: str) -> dict[str, str]:
    """The attributes of the only element of that name."""
    (found,) = re.findall(rf"<{name}\b([^>]*)>", html)
    return dict(re.findall(r'([\w-]+)="([^"]*)"', found))


def test_text_field_ties_label_and_hint_to_the_control():
    html = Report()["words"].as_field_group()

    control = tag(html, "textarea")
    assert control["class"] == "kern-form-input__input"
    assert control["aria-describedby"] == "id_words_helptext"
    assert re.search(r'<label class="kern-label" for="id_words">Words\s*</label>', html)
    assert '<div class="kern-hint" id="id_words_helptext">What happened?</div>' in html


def test_refused_text_field_says_so_to_eye_and_ear():
    html = Report({})["words"].as_field_group()

    control = tag(html, "textarea")
    assert control["class"] == "kern-form-input__input kern-form-input__input--error"
    assert control["aria-invalid"] == "true"
    assert control["aria-describedby"] == "id_words_helptext id_words_error"
    assert 'class="kern-form-input kern-form-input--error"' in html
    assert html.count('id="id_words_error"') == 1
    assert html.count("kern-icon--danger") == 1


@pytest.mark.parametrize(("name", "marks"), [("words", 0), ("place", 1)])
def test_only_an_optional_field_is_marked(name: str, marks: int):
    html = Report()[name].as_field_group()

    assert html.count("kern-label__optional") == marks


def test_a_class_of_the_widget_is_kept():
    html = Report()["place"].as_field_group()

    assert tag(html, "input")["class"] == "short kern-form-input__input"


def test_select_stands_in_its_wrapper():
    html = Report()["kind"].as_field_group()

    assert '<div class="kern-form-input__select-wrapper"><select' in html
    assert tag(html, "select")["class"] == "kern-form-input__select"


def test_radios_are_a_named_group():
    html = Report()["lane"].as_field_group()

    assert '<legend class="kern-label">Lane' in html
    assert tag(html, "fieldset")["role"] == "radiogroup"
    assert html.count('class="kern-form-check__radio"') == 2
    assert '<label class="kern-label" for="id_lane_1">Cycle path</label>' in html


def test_refused_radios_are_invalid_as_a_group_not_one_by_one():
    html = Report({})["lane"].as_field_group()

    group = tag(html, "fieldset")
    assert group["class"] == "kern-fieldset kern-fieldset--error"
    assert group["aria-invalid"] == "true"
    assert group["aria-describedby"] == "id_lane_error"
    assert html.count("aria-invalid") == 1


def test_several_checkboxes_are_a_group_of_checkboxes():
    html = Report()["dangers"].as_field_group()

    assert "role" not in tag(html, "fieldset")
    assert tag(html, "input")["class"] == "kern-form-check__checkbox"


def test_one_checkbox_stands_before_its_label():
    html = Report()["publish"].as_field_group()

    assert html.startswith('<div class="kern-form-check">')
    assert tag(html, "input")["class"] == "kern-form-check__checkbox"
    assert html.index("<input") < html.index("Publish my words")


def test_date_is_given_to_the_browser_in_iso_whatever_the_language():
    html = Report(initial={"since": dt.date(2026, 12, 3)})["since"].as_field_group()

    control = tag(html, "input")
    assert control["type"] == "date"
    assert control["value"] == "2026-12-03"


def test_hidden_field_is_drawn_once_and_bare():
    html = str(Report(initial={"token": "x"}))

    assert html.count('<input type="hidden" name="token" value="x" id="id_token">') == 1
    assert 'for="id_token"' not in html


def test_error_summary_links_to_each_refused_field():
    html = render_to_string("kern/error_summary.html", {"form": Report({"kind": "a"})})

    assert re.findall(r'href="#([^"]*)"', html) == ["id_words", "id_lane_0"]
    assert 'role="alert"' in html
    assert 'tabindex="-1"' in html


def test_error_summary_names_what_belongs_to_no_field():
    form = Report({"words": "nothing", "kind": "a", "lane": "r", "token": "x"})

    html = render_to_string("kern/error_summary.html", {"form": form})

    assert "<li>Say a little more.</li>" in html


@pytest.mark.parametrize("data", [None, {"words": "x", "kind": "a", "lane": "r", "token": "x"}])
def test_error_summary_is_silent_without_errors(data: dict[str, str] | None):
    html = render_to_string("kern/error_summary.html", {"form": Report(data)})

    assert html.strip() == ""


def test_what_people_typed_is_escaped():
    html = Report({"words": "</textarea><script>"})["words"].as_field_group()

    assert "<script>" not in html
    assert "&lt;/textarea&gt;&lt;script&gt;" in html


TYPED = {"words": ["A hole"], "lane": ["c"], "dangers": [], "since": ["2026-03-02"], "place": [""]}


def test_empty_form_shows_what_was_typed_before():
    form = Report(initial={"place": "Quay Street 5", "publish": True})
    with filled_with(MultiValueDict(TYPED)):
        values = {
            name: form[name].value() for name in ("words", "lane", "since", "place", "publish")
        }

    assert values == {
        "words": "A hole",
        "lane": "c",
        "since": "2026-03-02",
        "place": "",
        "publish": False,
    }
    assert form["place"].value() == "Quay Street 5"


def test_form_that_was_sent_shows_what_was_sent():
    with filled_with(MultiValueDict(TYPED)):
        assert Report({"words": "A tree"})["words"].value() == "A tree"


def test_form_of_another_page_shows_its_own():
    with filled_with(MultiValueDict({"note": ["Hm"]})):
        assert Report(initial={"words": "Hello"})["words"].value() == "Hello"


def test_prefix_keeps_two_forms_apart():
    typed = MultiValueDict({"one-words": ["A hole"]})
    with filled_with(typed):
        assert Report(prefix="one")["words"].value() == "A hole"
        assert Report(prefix="two")["words"].value() is None
