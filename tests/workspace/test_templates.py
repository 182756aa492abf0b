"""The desk shows only what is allowed, sends the version it was drawn with, and loses no entry."""

import datetime as dt
import re
from types import SimpleNamespace

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

pytestmark = pytest.mark.urls("tests.common.doors")

AT = dt.datetime(2026, 11, 23, 17, 40, tzinfo=dt.UTC)
TICKET = SimpleNamespace(
    title="Pothole, High Street",
    state_sentence="Assigned to Roads.",
    version=7,
    marks=[],
    url="/t/",
)
ACCEPT = SimpleNamespace(label="Accept", url="/t/accept/", needs_input=False, key="a")
TRANSFER = SimpleNamespace(label="Transfer", url="/t/transfer/", needs_input=True, key="t")


class Answer(forms.Form):
    answer = forms.CharField(label="Answer", widget=forms.Textarea())


def draw(template: str, **context: object) -> str:
    request = RequestFactory().get("/workspace/")
    request.user = SimpleNamespace(get_full_name="Charlie Example")
    with translation.override("en"):
        return render_to_string(template, context, request)


def row(**more: object) -> SimpleNamespace:
    facts: dict[str, object] = {
        "url": "/t/",
        "title": "Pothole, High Street",
        "state": "Assigned",
        "deadline": SimpleNamespace(words="due today", tone="warning"),
        "district": "North",
        "concern_count": 37,
        "assignee": "",
        "last_event": "Routed",
        "last_at": AT,
        "marks": [],
    }
    return SimpleNamespace(**{**facts, **more})


def queue(**more: object) -> dict[str, object]:
    return {
        "queues": [
            SimpleNamespace(key="mine", label="Mine", count=1, url="/q/mine/", current=True),
            SimpleNamespace(key="all", label="All", count=None, url="/q/all/", current=False),
        ],
        "queue": SimpleNamespace(label="Mine", empty_sentence="Take one from “All”."),
        "tickets": [],
        "search": "",
        **more,
    }


def test_queue_row_tells_the_deadline_in_words():
    html = draw("workspace/queue.html", **queue(tickets=[row()]))

    cells = re.findall(r'<td role="cell"[^>]*>(.*?)</td>', html, flags=re.DOTALL)
    words = [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells]
    assert words == [
        "due today",
        "Pothole, High Street",
        "Assigned",
        "North",
        "37",
        "nobody yet",
        f"Routed {words[-1].removeprefix('Routed ')}",
    ]


def test_queue_says_which_list_is_open_and_how_many_wait():
    html = draw("workspace/queue.html", **queue())

    assert html.count('aria-current="page"') == 1
    assert re.findall(r'class="queues__count">([^<]*)<', html) == ["1"]


def test_empty_queue_says_what_to_do():
    html = draw("workspace/queue.html", **queue())

    assert "Take one from “All”." in html
    assert "<table" not in html


def test_search_without_a_match_repeats_the_words_escaped():
    html = draw("workspace/queue.html", **queue(search="<i>"))

    assert "Nothing you may see matches “&lt;i&gt;”." in html
    assert 'value="&lt;i&gt;"' in html


@pytest.mark.parametrize(
    ("links", "shown"),
    [({}, []), ({"next_url": "?after=9"}, ["next"]), ({"previous_url": "?before=3"}, ["prev"])],
)
def test_queue_pages_by_cursor(links: dict[str, str], shown: list[str]):
    html = draw("workspace/queue.html", **queue(tickets=[row()], **links))

    assert re.findall(r'rel="(next|prev)"', html) == shown


def test_ticket_press_carries_the_version_and_input_opens_a_page():
    html = draw(
        "workspace/ticket.html", **queue(ticket=TICKET, primary=ACCEPT, more_actions=[TRANSFER])
    )

    assert '<form method="post" action="/t/accept/">' in html
    assert '<input type="hidden" name="version" value="7">' in html
    assert re.findall(r'<a class="kern-btn kern-btn--tertiary" href="([^"]*)"', html) == [
        "/t/transfer/?version=7"
    ]
    assert re.findall(r'data-key="(\w)"', html) == ["a", "t"]


def test_ticket_without_a_right_offers_no_button():
    html = draw("workspace/ticket.html", **queue(ticket=TICKET))

    assert "there is nothing for you to do on it now" in html
    assert 'name="version"' not in html


@pytest.mark.parametrize(
    ("contact", "url", "said"),
    [
        ([("Name", "Erika Example")], "", "Erika Example"),
        (None, "/contact/", "Show contact data (this is logged)"),
        (None, "", "No contact data: this person can only read the answer"),
    ],
)
def test_ticket_shows_contact_data_only_where_it_was_given(contact, url, said):
    concern = SimpleNamespace(
        reference="K7M-4QX-9RT",
        kind="Defect",
        channel="Phone",
        language="German",
        filed_at=AT,
        standing="",
        words="A <hole>",
        items=[],
        facts=[],
        contact=contact,
        contact_url=url,
    )

    html = draw("workspace/ticket.html", **queue(ticket=TICKET, concerns=[concern]))

    assert said in html
    assert '<p class="words">A &lt;hole&gt;</p>' in html


def test_action_says_whom_it_reaches_before_the_button():
    html = draw(
        "workspace/action.html",
        **queue(
            ticket=TICKET,
            action=SimpleNamespace(label="Resolve", explanation=""),
            form=Answer(),
            version=7,
            consequence="34 people receive this answer.",
        ),
    )

    assert html.index("34 people receive this answer.") < html.index("kern-btn--primary")
    assert '<input type="hidden" name="version" value="7">' in html


def conflict(*, still_possible: bool) -> str:
    return draw(
        "workspace/conflict.html",
        **queue(
            ticket=TICKET,
            action=SimpleNamespace(label="Resolve", explanation=""),
            form=Answer({"answer": "We mended it."}),
            version=8,
            changed="Alice Example transferred this ticket at 14:05.",
            still_possible=still_possible,
            kept=[("Answer", "We mended it.")],
        ),
    )


def test_conflict_keeps_the_entry_and_offers_the_new_version():
    html = conflict(still_possible=True)

    assert "Alice Example transferred this ticket at 14:05." in html
    assert ">\nWe mended it.</textarea>" in html
    assert '<input type="hidden" name="version" value="8">' in html


def test_conflict_that_ends_the_action_leaves_the_entry_to_copy():
    html = conflict(still_possible=False)

    assert "<textarea" not in html
    assert '<dd class="kern-description-list-item__value">We mended it.</dd>' in html
    assert re.findall(r'<a class="kern-btn kern-btn--primary" href="([^"]*)"', html) == ["/t/"]
