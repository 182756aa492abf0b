"""Mounted at dev/mail/ by a trial only."""

from django.urls import path, re_path

from backend.devmail import mails, views

app_name = "devmail"
urlpatterns = [
    path("", views.mail_list, name="list"),
    re_path(rf"^(?P<name>{mails.NAME})/$", views.mail, name="mail"),
    re_path(rf"^(?P<name>{mails.NAME})/html/$", views.mail_html, name="html"),
]
