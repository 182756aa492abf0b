"""Reading accounts: people with what their sign-in takes."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User


def staff() -> QuerySet[User]:
    """People, each with `has_second_factor` loaded in the same statement."""
    factor = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    return User.objects.annotate(second_factor=Exists(factor))


def lacks_second_factor(user: User) -> bool:
    """Whether this person has to set up a second factor before they may work here."""
    return settings.STAFF_MFA_REQUIRED and not user.has_second_factor
