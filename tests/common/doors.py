"""Stand-ins for the doors the shared templates link to, so that they are tested without the doors' views."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def nothing(request: HttpRequest, **_kwargs: str) -> HttpResponse:
    return HttpResponse()


portal = [
    path("", nothing, name="start"),
    path("report/", nothing, name="report"),
    path("lookup/", nothing, name="lookup"),
    path("places/", nothing, name="places"),
    path("published/", nothing, name="published"),
    path("concerns/<str:reference>/contact/", nothing, name="contact"),
    path("concerns/<str:reference>/files/<uuid:file_id>/", nothing, name="file"),
    path("<slug:page>/", nothing, name="text"),
]
workspace = [
    path("", nothing, name="queue"),
    path("account/", nothing, name="account"),
    path("files/<uuid:file_id>/", nothing, name="file"),
]
urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("workspace/sign-out/", nothing, name="account_logout"),
    path("workspace/", include((workspace, "workspace"))),
    path("", include((portal, "portal"))),
]
