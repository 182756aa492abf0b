import pytest
from django.test import RequestFactory

from common.network import network_of


def network(settings, *, proxies, socket="192.0.2.1", forwarded=None):
    settings.TRUSTED_PROXIES = proxies
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    return network_of(RequestFactory().get("/", REMOTE_ADDR=socket, headers=headers))


def test_without_proxies_the_socket_counts_and_a_header_is_not_believed(settings):
    assert network(settings, proxies=0, forwarded="203.0.113.7") == "192.0.2.1"


def test_with_one_proxy_the_last_entry_counts_and_what_the_client_wrote_does_not(settings):
    forwarded = "198.51.100.1, 10.0.0.1, 203.0.113.7"

    assert network(settings, proxies=1, forwarded=forwarded) == "203.0.113.7"


def test_with_two_proxies_the_entry_of_the_outer_one_counts(settings):
    forwarded = "spoofed, 203.0.113.7, 192.0.2.9"

    assert network(settings, proxies=2, forwarded=forwarded) == "203.0.113.7"


@pytest.mark.parametrize(
    "forwarded",
    [None, "", "203.0.113.7", "garbage, 203.0.113.7", " , 203.0.113.7", "1.2.3.4.5, 203.0.113.7"],
)
def test_an_entry_that_is_missing_or_no_address_gives_way_to_the_socket(settings, forwarded):
    assert network(settings, proxies=2, forwarded=forwarded) == "192.0.2.1"


@pytest.mark.parametrize("address", ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::", "2001:DB8:1:2::ff"])
def test_ipv6_is_cut_to_the_network_of_64_bits(settings, address):
    assert network(settings, proxies=0, socket=address) == "2001:db8:1:2::/64"


def test_neighbouring_ipv6_networks_differ(settings):
    assert network(settings, proxies=0, socket="2001:db8:1:3::1") == "2001:db8:1:3::/64"


def test_ipv4_on_an_ipv6_socket_is_the_ipv4_address(settings):
    assert network(settings, proxies=0, socket="::ffff:192.0.2.1") == "192.0.2.1"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("203.0.113.7:4711", "203.0.113.7"),
        ("[2001:db8:1:2::5]:4711", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::5]", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
def test_ports_and_zones_that_proxies_append_are_dropped(settings, entry, expected):
    assert network(settings, proxies=1, forwarded=entry) == expected


def test_a_unix_socket_without_proxy_is_one_unknown_network(settings):
    assert network(settings, proxies=0, socket="") == "unknown"
