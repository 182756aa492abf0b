"""The addresses of the workspace."""

from django.urls import path

from workspace.views import (
    absences,
    account,
    acting,
    categories,
    deadline,
    deliveries,
    files,
    intake,
    members,
    objections,
    queue,
    rules,
    similar,
    ticket,
)

app_name = "workspace"
urlpatterns = [
    path("", queue.show, name="queue"),
    path("queues/<slug:name>/", queue.show, name="named-queue"),
    path("account/", account.show, name="account"),
    path("new/", intake.new, name="new"),
    path("new/done/", intake.done, name="filed"),
    path("own/", intake.own, name="own"),
    path("absences/", absences.show, name="absences"),
    path("absences/take-over/", absences.take_over, name="take-over"),
    path("absences/<int:absence_id>/end/", absences.end, name="absence-end"),
    path("categories/", categories.show, name="categories"),
    path("categories/<slug:slug>/", categories.one, name="category"),
    path("rules/", rules.show, name="rules"),
    path("rules/draft/", rules.draft, name="rules-draft"),
    path("rules/<int:number>/", rules.one, name="rule-set"),
    path("members/", members.show, name="members"),
    path("members/add/", members.add, name="member-add"),
    path("members/<int:user_id>/", members.one, name="member"),
    path("members/<int:user_id>/close/", members.close, name="member-close"),
    path("members/<int:user_id>/reopen/", members.reopen, name="member-reopen"),
    path(
        "members/<int:user_id>/duties/<int:membership_id>/end/",
        members.dismiss,
        name="member-dismiss",
    ),
    path("tickets/<int:ticket_id>/", ticket.show, name="ticket"),
    path("deadline/<int:ticket_id>/", deadline.show, name="deadline"),
    path("similar/<int:ticket_id>/", similar.show, name="similar"),
    path("files/<uuid:file_id>/", files.show, name="file"),
    path("tickets/<int:ticket_id>/<slug:verb>/", acting.act, name="act"),
    path("concerns/<int:concern_id>/<slug:verb>/", acting.act_on_concern, name="act-on-concern"),
    path("objections/<int:objection_id>/", objections.decide, name="decide-objection"),
    path("deliveries/", deliveries.show, name="deliveries"),
    path(
        "deliveries/<uuid:errand_id>/try-again/",
        deliveries.try_again,
        name="delivery-try-again",
    ),
    path("deliveries/<uuid:errand_id>/give-up/", deliveries.give_up, name="delivery-give-up"),
]
