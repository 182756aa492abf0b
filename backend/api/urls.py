"""The REST door: /api/v1/, its description for programs and for people, and problems for everything else."""

from django.urls import include, path, re_path

from backend.api import docs
from backend.api.schema import Description
from backend.api.views import NothingHere

urlpatterns = [
    path("v1/", include("concerns.api.urls")),
    path("schema/", Description.as_view(), name="api-schema"),
    path("docs/", docs.show, name="api-docs"),
    re_path("", NothingHere.as_view()),
]
