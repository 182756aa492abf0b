"""The house with /dev/mail/, which backend.urls mounts only where the runtime has named a folder of mails."""

from django.urls import include, path

from backend.urls import handler400, handler403, handler404, handler500
from backend.urls import urlpatterns as doors

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
mails = path("dev/mail/", include("backend.devmail.urls"))
urlpatterns = [mails, *(door for door in doors if getattr(door, "app_name", "") != "devmail")]
