"""A discarded ticket with everything a person may leave on one, and a look for traces of them."""

import datetime as dt
from dataclasses import dataclass

import time_machine
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import connection

from common.actor import Actor
from common.clock import now
from concerns.actions.attaching import attach
from concerns.actions.correcting import publish
from concerns.actions.filing import Filed
from concerns.actions.screening import discard
from concerns.actions.words import note, reply
from concerns.models import Attachment, Ticket
from notifications.expansion import expand_due
from tests.support.files import upload
from tests.support.town import Place, Town, file

MARK = "Zyxmark"


@dataclass(frozen=True)
class Traces:
    filed: Filed
    file_name: str

    @property
    def ticket(self) -> Ticket:
        return Ticket.objects.get(pk=self.filed.ticket.pk)


def left_behind(town: Town, mark: str = MARK) -> Traces:
    """Filed, written on, noted, published, attached, told of by letters, and then discarded."""
    place = Place(address=f"{mark} Street 5", lat=54.05, lon=-0.95)
    filed = file(
        f"{mark} said this.", email=f"{mark}@people.example", name=f"Rita {mark}", place=place
    )
    author = Actor.citizen(filed.concern.pk)
    reply(concern_id=filed.concern.pk, text=f"{mark} adds.")
    attach(actor=author, concern_id=filed.concern.pk, uploads=[text_of(mark)])
    note(actor=town.actor("carl"), ticket_id=filed.ticket.pk, text=f"{mark} called.")
    publish(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
    expand_due()
    discard(actor=town.actor("dora"), ticket_id=filed.ticket.pk, reason=f"{mark} is spam.")
    return Traces(filed, Attachment.objects.get(concern=filed.concern).file.name)


def text_of(mark: str) -> ContentFile:
    return upload(f"{mark} wrote this.".encode(), name=f"{mark}.txt")


def later(days: int) -> time_machine.travel:
    return time_machine.travel(now() + dt.timedelta(days=days), tick=True)


def tables_with(mark: str) -> list[str]:
    """The tables in which any row, whole and as JSON, holds the mark in any case."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')
            if any(mark.lower() in row.lower() for (row,) in cursor.fetchall()):
                found.append(table)
    return sorted(found)
