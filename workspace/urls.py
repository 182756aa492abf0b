"""The addresses of the workspace."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from workspace.views import acting, objections, queue, sign_in, ticket

app_name = "workspace"
urlpatterns = [
    path("", queue.show, name="queue"),
    path("queues/<slug:name>/", queue.show, name="named-queue"),
    path("sign-in/", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("tickets/<int:ticket_id>/", ticket.show, name="ticket"),
    path("tickets/<int:ticket_id>/<slug:verb>/", acting.act, name="act"),
    path("concerns/<int:concern_id>/<slug:verb>/", acting.act_on_concern, name="act-on-concern"),
    path("objections/<int:objection_id>/", objections.decide, name="decide-objection"),
]
