"""Words of accounts and of their programs."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeChoice(models.TextChoices):
    """How a member of staff hears of what happens in their queues."""

    AT_ONCE = "at_once", _("At once, by e-mail")
    DAILY = "daily", _("Once a day, in one e-mail")
    NONE = "none", _("Not by e-mail; I look into my queues")


class Scope(models.TextChoices):
    """What a program may do with the rights of the person whose key it holds."""

    FILE = "concerns:file", _("File concerns")
    READ = "tickets:read", _("Read tickets")
    WRITE = "tickets:write", _("Change tickets")
    CONTACT = "contact:read", _("Read contact data")
    DIRECTORY = "directory:read", _("Read departments, members, categories and rules")


class AccountNews(models.TextChoices):
    """What people are written to about their own account."""

    NEW_PASSWORD = "new_password"  # noqa: S105 - news of one
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    SECOND_FACTOR_SET_UP = "second_factor_set_up"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    SECOND_FACTOR_RESET = "second_factor_reset"
    CODES_RENEWED = "codes_renewed"
