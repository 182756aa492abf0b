"""Template words of the design system: icons, tones, short dates, the city's texts in the reader's language."""

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from common import clock
from common.words import in_language

register = template.Library()

register.filter("in_language", in_language)

MESSAGE_TONES = {"debug": "info", "info": "info", "success": "success", "warning": "warning"}
URGENT_TONES = {"warning", "danger"}


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """A KERN icon, hidden from screen readers because a word always stands beside it."""
    sized = f" kern-icon--{size}" if size else ""
    return format_html(
        '<span class="kern-icon kern-icon--{}{}" aria-hidden="true"></span>', name, sized
    )


@register.filter
def message_tone(level_tag: str) -> str:
    """KERN's tone for a level of Django's messages; an unknown level is as grave as an error."""
    return MESSAGE_TONES.get(level_tag, "danger")


@register.filter
def alert_role(tone: str) -> str:
    """Bad news interrupts a screen reader, good news waits for a pause."""
    return "alert" if tone in URGENT_TONES else "status"


@register.filter
def day(value: dt.date | dt.datetime | None) -> SafeString | str:
    """A date as people say it ("Wed 25 Nov"), with the year unless it is this one; nothing for nothing."""
    if value is None:
        return ""
    local = timezone.localtime(value).date() if isinstance(value, dt.datetime) else value
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), _short_date(local))


@register.filter
def moment(value: dt.datetime | None) -> SafeString | str:
    """Date and time in the city's zone ("Wed 25 Nov, 14:05"); nothing for nothing."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    words = f"{_short_date(local.date())}, {date_format(local, 'H:i')}"
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), words)


def _short_date(date: dt.date) -> str:
    if date.year == clock.today().year:
        return date_format(date, pgettext("date format, this year", "D j M"))
    return date_format(date, pgettext("date format, another year", "D j M Y"))
