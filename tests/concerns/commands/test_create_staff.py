from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from departments.models import Membership
from tests.support.town import Town


def create(*args: str) -> str:
    out = StringIO()
    call_command("create_staff", *args, stdout=out)
    return out.getvalue()


def test_the_first_administrator_needs_nobody_else(town: Town, settings) -> None:
    said = create("Anna@Northmoor.example", "--name", "Anna Example")

    membership = Membership.objects.get(user__email="anna@northmoor.example")
    assert (membership.capability, membership.department.key) == ("admin", "town")
    assert (membership.user.name, membership.user.has_usable_password()) == ("Anna Example", False)
    assert said == (
        f"Anna Example chooses a password at {settings.PUBLIC_URL}/workspace/ "
        "with “I have forgotten my password”.\n"
    )


def test_others_are_placed_where_they_work(town: Town) -> None:
    create(
        "bert@northmoor.example",
        *("--name", "Bert", "--capability", "clerk", "--department", "parks", "--language", "en"),
    )

    membership = Membership.objects.get(user__email="bert@northmoor.example")
    assert (membership.capability, membership.department.key) == ("clerk", "parks")
    assert membership.user.language == "en"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (
            ["carl@northmoor.example", "--name", "Carl"],
            "Somebody with this e-mail address is known",
        ),
        (["x@northmoor.example", "--name", "X", "--department", "no"], "no department 'no'"),
        (["nonsense", "--name", "X"], "mail address"),
    ],
)
def test_what_cannot_be_is_refused(town: Town, args: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        create(*args)
