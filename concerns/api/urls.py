"""Addresses below /api/v1/. The reverse names are the REST door's own."""

from django.urls import path

from concerns.api.acts import TABLE
from concerns.api.views.filing import FileConcern
from concerns.api.views.own import VOICES, SayToConcern, ShowOwnConcern
from concerns.api.views.tickets import ActOnTicket, ListTickets, ShowTicket

urlpatterns = [
    path("concerns/", FileConcern.as_view(), name="api-concerns"),
    path("concerns/<str:reference>/", ShowOwnConcern.as_view(), name="api-own-concern"),
    *(
        path(
            f"concerns/<str:reference>/{voice.slug}/",
            SayToConcern.as_view(voice=voice),
            name=f"api-own-concern-{voice.slug}",
        )
        for voice in VOICES
    ),
    path("tickets/", ListTickets.as_view(), name="api-tickets"),
    path("tickets/<int:ticket_id>/", ShowTicket.as_view(), name="api-ticket"),
    *(
        path(
            f"tickets/<int:ticket_id>/{act.slug}/",
            ActOnTicket.as_view(act=act),
            name=f"api-ticket-{act.slug}",
        )
        for act in TABLE
    ),
]
