"""Addresses below /api/v1/. The reverse names are the REST door's own."""

from django.urls import path

from concerns.api.acts import BY_SLUG
from concerns.api.views import categories, deadlines, directory, files, public, similar
from concerns.api.views.contact import OwnContactData
from concerns.api.views.filing import FileConcern
from concerns.api.views.own import VOICES, SayToConcern, ShowOwnConcern
from concerns.api.views.reporter import ShowReporter
from concerns.api.views.tickets import ActOnTicket, ListTickets, ShowTicket

urlpatterns = [
    path("categories/", categories.ListCategories.as_view(), name="api-categories"),
    path("categories/<slug:slug>/", categories.ShowCategory.as_view(), name="api-category"),
    path(
        "category-suggestions/",
        categories.SuggestCategories.as_view(),
        name="api-category-suggestions",
    ),
    path("published/", public.ListPublished.as_view(), name="api-published"),
    path("published.geojson", public.PublishedMap.as_view(), name="api-published-map"),
    path("published/<uuid:key>/", public.ShowPublished.as_view(), name="api-published-one"),
    path("published/<uuid:key>/follow/", public.FollowPublished.as_view(), name="api-follow"),
    path("nearby/", similar.Nearby.as_view(), name="api-nearby"),
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
    path("concerns/<str:reference>/contact/", OwnContactData.as_view(), name="api-own-contact"),
    path("concerns/<str:reference>/files/", files.OwnFiles.as_view(), name="api-own-files"),
    path(
        "concerns/<str:reference>/files/<uuid:file_id>/",
        files.OwnFile.as_view(),
        name="api-own-file",
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
    path(
        "tickets/<int:ticket_id>/deadline/",
        deadlines.Deadlines.as_view(),
        name="api-ticket-deadline",
    ),
    path(
        "tickets/<int:ticket_id>/similar/",
        similar.SimilarTickets.as_view(),
        name="api-ticket-similar",
    ),
    path("tickets/<int:ticket_id>/files/", files.TicketFiles.as_view(), name="api-ticket-files"),
    path(
        "tickets/<int:ticket_id>/files/<uuid:file_id>/",
        files.TicketFile.as_view(),
        name="api-ticket-file",
    ),
    path("departments/", directory.ListDepartments.as_view(), name="api-departments"),
    path("members/", directory.ListMembers.as_view(), name="api-members"),
    path("rules/", directory.ListRules.as_view(), name="api-rules"),
    path("causes/", directory.ListCauses.as_view(), name="api-causes"),
    path("circles/", directory.ListCircles.as_view(), name="api-circles"),
]
