"""What people change about their own accounts, and what is done to them from outside."""

import logging

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.enums import AccountNews, NoticeChoice
from accounts.models import User
from accounts.notices import announce

log = logging.getLogger(__name__)


def choose(*, user: User, language: str, notices: NoticeChoice) -> None:
    """In which language a person reads, and how they hear of what happens in their queues."""
    user.language, user.notices = language, notices
    user.save(update_fields=["language", "notices"])


def set_password(*, user: User, password: str) -> None:
    """Django ends every session that was begun with the old one."""
    user.set_password(password)
    user.save(update_fields=["password"])


@transaction.atomic
def tell(*, user: User, news: AccountNews) -> None:
    """Write to a person about their account, whoever did it: that is how they notice that it was somebody else."""
    announce(user, news)


@transaction.atomic
def reset_second_factor(*, user: User) -> bool:
    """Forget app and recovery codes, for somebody who has lost both; whether there were any."""
    deleted, _by_model = Authenticator.objects.filter(user=user).delete()
    if deleted:
        log.warning("the second factor of %s was reset by an administrator", user.ref_id)
        announce(user, AccountNews.SECOND_FACTOR_RESET)
    return bool(deleted)
