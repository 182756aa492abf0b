import pytest

from notifications.channels import NoChannel, channel_named
from notifications.channels.email import EmailChannel


def test_channel_named_finds_the_module_of_that_name():
    assert isinstance(channel_named("email"), EmailChannel)


def test_channel_named_refuses_what_no_module_registered():
    with pytest.raises(NoChannel):
        channel_named("pigeon")
