"""Words of the organisation."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Capability(models.TextChoices):
    """What a membership lets a person do in a department and everything below it."""

    CLERK = "clerk", _("Clerk")
    TEAM_LEAD = "team_lead", _("Team lead")
    DISPATCHER = "dispatcher", _("Dispatcher")
    APPROVER = "approver", _("Approver")
    MANAGER = "manager", _("Manager")
    ADMIN = "admin", _("Administrator")
