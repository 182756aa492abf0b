"""Addresses below /api/v1/. The reverse names are the REST door's own."""

from django.urls import path

from concerns.api.acts import BY_SLUG
from concerns.api.views import directory
from concerns.api.views.filing import FileConcern
from concerns.api.views.own import VOICES, SayToConcern, ShowOwnConcern
from concerns.api.views.reporter import ShowReporter
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
            f"tickets/<int:ticket_id>/{slug}/",
            ActOnTicket.as_view(slug=slug),
            name=f"api-ticket-{slug}",
        )
        for slug in BY_SLUG
    ),
    path(
        "tickets/<int:ticket_id>/contact/<str:reference>/",
        ShowReporter.as_view(),
        name="api-ticket-contact",
    ),
    path("departments/", directory.ListDepartments.as_view(), name="api-departments"),
    path("members/", directory.ListMembers.as_view(), name="api-members"),
    path("rules/", directory.ListRules.as_view(), name="api-rules"),
    path("causes/", directory.ListCauses.as_view(), name="api-causes"),
    path("circles/", directory.ListCircles.as_view(), name="api-circles"),
]
