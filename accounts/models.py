"""People who sign in, the references events know them by, and the keys of their programs."""

import uuid
from typing import ClassVar

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property

from accounts.enums import NoticeChoice, Scope
from common.clock import now


class ActorRef(models.Model):
    """What an event keeps of a person: a random id. Retention empties `user`; the events stay true."""

    personal_fields: ClassVar[frozenset[str]] = frozenset({"user"})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="refs"
    )
    created_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return str(self.id)


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, email: str, password: str | None = None, *, name: str = "", language: str = "de"
    ) -> "User":
        """A person who may sign in, with the reference events will know them by."""
        user = self.model(email=self.normalize_email(email).lower(), name=name, language=language)
        user.set_password(password)
        user.ref = ActorRef.objects.create()
        user.save()
        user.ref.user = user
        user.ref.save(update_fields=["user"])
        return user


class User(AbstractBaseUser):
    """Somebody who works for the city. What they may do stands in their memberships, not here."""

    personal_fields: ClassVar[frozenset[str]] = frozenset({"email", "name", "password"})
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=5, default="de")
    is_active = models.BooleanField(default=True)
    # How they hear of new tickets, assignments and answers; alarms always come at once.
    notices = models.CharField(
        max_length=10, choices=NoticeChoice.choices, default=NoticeChoice.AT_ONCE
    )
    created_at = models.DateTimeField(default=now)
    ref = models.ForeignKey(ActorRef, on_delete=models.PROTECT, related_name="+")

    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def get_email_field_name(cls) -> str:
        return "email"

    @cached_property
    def has_second_factor(self) -> bool:
        """Whether signing in takes a code besides the password; `accounts.queries.staff` loads it along."""
        loaded: bool | None = getattr(self, "second_factor", None)
        if loaded is not None:
            return loaded
        factors = Authenticator.objects.filter(user=self, type=Authenticator.Type.TOTP)
        return bool(factors.exists())


class ApiKey(models.Model):
    """A program's proof of whose rights it acts with, as far as `scopes` reach; only its secret's hash is stored."""

    personal_fields: ClassVar[frozenset[str]] = frozenset({"label"})

    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    label = models.CharField(max_length=100)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices), default=list)
    requests_per_minute = models.PositiveIntegerField(default=120)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.label} ({self.prefix})"
