from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories.organisation import UserFactory
from tests.support.second_factor import set_up

pytestmark = pytest.mark.django_db


def reset(email: str) -> str:
    out = StringIO()
    call_command("reset_second_factor", email, stdout=out)
    return out.getvalue()


def test_somebody_who_lost_everything_signs_in_with_the_password_again() -> None:
    carl = UserFactory(name="Carl")
    set_up(carl)

    said = reset("CARL@northmoor.example")

    assert said == "Carl signs in with the password alone until a new one is set up.\n"
    assert not type(carl).objects.get(email="carl@northmoor.example").has_second_factor


def test_a_stranger_is_refused() -> None:
    with pytest.raises(CommandError, match=r"Nobody has the address x@northmoor\.example\."):
        reset("x@northmoor.example")


def test_somebody_without_one_is_refused() -> None:
    UserFactory(name="Carl")

    with pytest.raises(CommandError, match="Carl has no second factor"):
        reset("carl@northmoor.example")
