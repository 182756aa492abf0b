"""What a request costs at the very least here: Django, one JsonResponse, no middleware, no database."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path


def answer(_request: HttpRequest) -> JsonResponse:
    return JsonResponse({"ready": True})


urlpatterns = [path("", answer)]
settings.configure(
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    ALLOWED_HOSTS=["*"],
    SECRET_KEY="nothing is signed here",  # noqa: S106
)
application = get_wsgi_application()
