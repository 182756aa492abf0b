"""A session counts at the REST door as it counts at the desk."""

from accounts.models import User
from tests.support.rest import Rest, problem_in, program_of
from tests.support.second_factor import set_up
from tests.support.town import Town

NEEDED = "Your account needs a second factor first. Please sign in to the workspace, which leads you to it."


def session_of(user: User) -> Rest:
    browser = Rest()
    browser.client.force_login(user)
    return browser


def test_where_a_second_factor_is_demanded_a_session_without_is_refused(
    town: Town, settings
) -> None:
    settings.STAFF_MFA_REQUIRED = True

    told = problem_in(session_of(town.people["carl"]).get("tickets/"))

    assert told == (403, "not_allowed", NEEDED)


def test_with_a_second_factor_it_reads(town: Town, settings) -> None:
    settings.STAFF_MFA_REQUIRED = True
    set_up(town.people["carl"])

    assert session_of(town.people["carl"]).get("tickets/").status_code == 200


def test_where_none_is_demanded_a_password_is_enough(town: Town) -> None:
    assert session_of(town.people["carl"]).get("tickets/").status_code == 200


def test_programs_need_none(town: Town, settings) -> None:
    settings.STAFF_MFA_REQUIRED = True

    assert program_of(town.people["carl"]).get("tickets/").status_code == 200


def test_asking_for_it_costs_no_statement_of_its_own(
    town: Town, settings, django_assert_num_queries
) -> None:
    settings.STAFF_MFA_REQUIRED = True
    set_up(town.people["carl"])
    browser = session_of(town.people["carl"])
    browser.get("tickets/")

    with django_assert_num_queries(10, exact=False) as said:
        browser.get("tickets/?limit=0")

    assert len([one for one in said if "mfa_authenticator" in one["sql"]]) == 1
    assert len([one for one in said if "accounts_user" in one["sql"]]) == 1
