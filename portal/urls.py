"""The citizens' addresses. Links stand in letters for years: they are never renamed, only added to."""

from django.urls import path

from portal.views import (
    contact,
    files,
    filing,
    pages,
    places,
    proving,
    published,
    referrals,
    standing,
)

app_name = "portal"
urlpatterns = [
    path("", filing.start, name="start"),
    path("report/", filing.report, name="report"),
    path("places/", places.suggest, name="places"),
    path("published/", published.show, name="published"),
    path("published/<uuid:key>/", published.one, name="published-one"),
    path("concerns/", proving.lookup, name="lookup"),
    path("concerns/<str:reference>/", standing.status, name="status"),
    path("concerns/<str:reference>/done/", standing.done, name="done"),
    path("concerns/<str:reference>/contact/", contact.show, name="contact"),
    path("concerns/<str:reference>/files/<uuid:file_id>/", files.show, name="file"),
    path("concerns/<str:reference>/t/<str:token>/", proving.enter, name="enter"),
    path("concerns/<str:reference>/confirm/<str:token>/", proving.confirm, name="confirm"),
    path("referrals/<uuid:key>/<str:token>/", referrals.show, name="referral"),
    path(
        "referrals/<uuid:key>/<str:token>/files/<uuid:file_id>/",
        referrals.file,
        name="referral-file",
    ),
    path("pages/<slug:page>/", pages.text, name="text"),
]
