"""The REST door: /api/v1/, its description, and problems for everything else."""

from django.urls import include, path, re_path

from backend.api.schema import Description
from backend.api.views import NothingHere

urlpatterns = [
    path("v1/", include("concerns.api.urls")),
    path("schema/", Description.as_view(), name="api-schema"),
    re_path("", NothingHere.as_view()),
]
