"""Queries built once: the same answers as when they are built anew, and statements that the server keeps."""

import pytest
from django.db import connection
from django.db.models import Count, F, Q

from accounts.models import User
from common.prepared import Given, Prepared
from departments.models import Department, Membership
from tests.factories.organisation import DepartmentFactory, UserFactory
from tests.support.sql import statements

pytestmark = pytest.mark.django_db

NAMED = Prepared(lambda: User.objects.filter(name=Given("name")).order_by("pk"))


def kept() -> int:
    """How many statements the server keeps for this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        return int(cursor.fetchone()[0])


def test_each_asking_fills_the_gaps_anew():
    ann, bob = UserFactory(name="Ann"), UserFactory(name="Bob")

    assert (NAMED.all(name="Ann"), NAMED.all(name="Bob")) == ([ann], [bob])
    assert (NAMED.first(name="Ann"), NAMED.first(name="Carl")) == (ann, None)


@pytest.mark.parametrize(
    "name", ["", "100 %", "%s", "'; DROP TABLE accounts_user; --", "Ł ü 🚲", "{curly}", "\\"]
)
def test_values_are_values_whatever_stands_in_them(name):
    user = UserFactory(name=name)

    assert NAMED.all(name=name) == [user]


def test_constants_of_the_query_stand_in_its_sql_with_all_their_signs():
    user = UserFactory(name="100 % 'of' %s")
    query = Prepared(lambda: User.objects.filter(Q(name="100 % 'of' %s"), pk=Given("pk")))

    assert query.all(pk=user.pk) == [user]


def test_the_server_keeps_the_plan_unless_it_shall_not():
    fresh = Prepared(lambda: User.objects.filter(email=Given("email")), keep_plan=False)
    before = kept()

    fresh.all(email="a@city.example")
    assert kept() == before
    Prepared(lambda: User.objects.filter(email=Given("email"))).all(email="a@city.example")
    assert kept() == before + 1


def test_it_is_one_statement_that_wrappers_see():
    with statements() as said:
        NAMED.all(name="Ann")

    assert len(said) == 1


def test_any_number_of_values_is_the_same_query():
    users = [UserFactory() for _ in range(3)]
    query = Prepared(lambda: User.objects.filter(pk__one_of=Given("ids")).order_by("pk"))

    for some in ([], users[:1], users):
        assert query.all(ids=[one.pk for one in some]) == some


def test_one_of_works_without_gaps_and_across_relations():
    here, there = DepartmentFactory(), DepartmentFactory()
    held = [
        Membership.objects.create(user=UserFactory(), department=one, capability="clerk")
        for one in (here, there)
    ]

    assert list(Membership.objects.filter(department__one_of=[here.pk])) == held[:1]
    assert list(Membership.objects.filter(department__one_of=[])) == []


def test_rows_come_with_what_was_joined_annotated_and_left_out():
    department = DepartmentFactory()
    query = Prepared(
        lambda: (
            Department.objects.select_related("calendar")
            .annotate(people=Count("memberships"), doubled=F("pk") * 2)
            .defer("mailbox")
            .filter(pk=Given("pk"))
        )
    )
    query.all(pk=department.pk)

    with statements() as said:
        found = query.first(pk=department.pk)
        assert (found.calendar, found.people, found.doubled) == (
            department.calendar,
            0,
            2 * found.pk,
        )
    assert len(said) == 1
    assert found.get_deferred_fields() == {"mailbox"}


def test_values_and_lists_of_values_too():
    user = UserFactory(name="Ann")

    as_rows = Prepared(lambda: User.objects.filter(pk=Given("pk")).values("name"))
    flat = Prepared(lambda: User.objects.filter(pk=Given("pk")).values_list("name", flat=True))

    assert as_rows.all(pk=user.pk) == [{"name": "Ann"}]
    assert flat.all(pk=user.pk) == ["Ann"]


def test_what_can_have_no_rows_asks_nobody():
    with statements() as said:
        assert Prepared(User.objects.none).all() == []

    assert said == []
