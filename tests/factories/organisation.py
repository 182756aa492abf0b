"""Departments, people and places that do not exist, built row by row."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.enums import NoticeChoice
from accounts.models import ActorRef, User
from common.clock import today
from departments.models import Absence, Calendar, Department, Membership
from geography.models import District


class CalendarFactory(DjangoModelFactory):
    class Meta:
        model = Calendar
        django_get_or_create = ("key",)

    key = "office"
    country = "GB"
    subdivision = "ENG"
    weekly_hours = factory.LazyFunction(
        lambda: {str(day): [["08:00", "16:00"]] for day in range(5)}
    )


class DepartmentFactory(DjangoModelFactory):
    class Meta:
        model = Department
        django_get_or_create = ("key",)
        skip_postgeneration_save = True

    key = factory.Sequence(lambda n: f"department-{n}")
    names = factory.LazyAttribute(
        lambda me: {"en": me.key.replace("-", " ").title(), "de": me.key.title()}
    )
    calendar = factory.SubFactory(CalendarFactory)

    @factory.post_generation
    def path(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        self.path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        self.save(update_fields=["path"])


class ActorRefFactory(DjangoModelFactory):
    class Meta:
        model = ActorRef


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        django_get_or_create = ("email",)
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.LazyAttribute(
        lambda me: f"{me.name.lower().replace(' ', '.')}@northmoor.example"
    )
    language = "en"
    # Their mailboxes stay empty but for alarms, unless a test is about what they hear.
    notices = NoticeChoice.NONE
    ref = factory.SubFactory(ActorRefFactory)

    @factory.post_generation
    def known(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        ActorRef.objects.filter(pk=self.ref_id).update(user=self)

    @factory.post_generation
    def password(self, create: bool, extracted: str | None, **kwargs: Any) -> None:
        self.set_password(extracted or "northmoor-demo-pass")
        self.save(update_fields=["password"])


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership


class DistrictFactory(DjangoModelFactory):
    """A square of the invented city; `box` is (west, south, east, north) in degrees."""

    class Meta:
        model = District
        django_get_or_create = ("key",)

    class Params:
        box = (-1.0, 54.0, -0.9, 54.1)

    key = factory.Sequence(lambda n: f"district-{n}")
    names = factory.LazyAttribute(lambda me: {"en": me.key.title(), "de": me.key.title()})
    level = District.Level.DISTRICT
    west = factory.LazyAttribute(lambda me: me.box[0])
    south = factory.LazyAttribute(lambda me: me.box[1])
    east = factory.LazyAttribute(lambda me: me.box[2])
    north = factory.LazyAttribute(lambda me: me.box[3])
    geometry = factory.LazyAttribute(
        lambda me: {
            "type": "Polygon",
            "coordinates": [
                [
                    [me.box[0], me.box[1]],
                    [me.box[2], me.box[1]],
                    [me.box[2], me.box[3]],
                    [me.box[0], me.box[3]],
                    [me.box[0], me.box[1]],
                ]
            ],
        }
    )


class AbsenceFactory(DjangoModelFactory):
    class Meta:
        model = Absence

    user = factory.SubFactory(UserFactory)
    deputy = factory.SubFactory(UserFactory)
    starts = factory.LazyFunction(today)
    ends = factory.LazyFunction(today)
