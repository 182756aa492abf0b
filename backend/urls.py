"""The doors of the house, each with URLs of its own."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

handler400 = "backend.problems.bad_request"
handler403 = "backend.problems.permission_denied"
handler404 = "backend.problems.page_not_found"
handler500 = "backend.problems.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("backend.api.urls")),
    path("", include("backend.monitoring.urls")),
    path("", include("portal.urls")),
    path("workspace/", include("workspace.account_urls")),
    path("workspace/", include("workspace.urls")),
    path("language/", set_language, name="set_language"),
]
if getattr(settings, "MAIL_SINK", None):
    urlpatterns += [path("dev/mail/", include("backend.devmail.urls"))]
