"""A real browser against a real server with a real database."""

from collections.abc import Iterator

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.support.browser import Chromium, chromium_here
from tests.support.town import Town, build_town

MISSING = (
    "NO BROWSER: the journeys through the pages were NOT tested. "
    "Install Chromium (Debian: apt-get install --no-install-recommends chromium) and run again."
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    path = chromium_here()
    if path is None:
        pytest.skip(MISSING)
    browser = Chromium(path)
    yield browser
    browser.stop()


@pytest.fixture
def site(live_server: LiveServer, settings) -> str:
    """The address of the running site."""
    settings.PUBLIC_URL = live_server.url
    # Everybody in these journeys comes from one network, again and again.
    settings.FILINGS_PER_NETWORK_PER_HOUR = 10_000
    settings.SIGN_IN_ATTEMPTS_PER_NETWORK = 10_000
    return live_server.url


@pytest.fixture
def northmoor(site: str) -> Town:
    """The invented city, stored where the site's own connections see it."""
    return build_town()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it again at the very end: a skip between hundreds of dots is overlooked."""
    skipped = terminalreporter.stats.get("skipped", [])
    if any(MISSING in str(report.longrepr) for report in skipped):
        terminalreporter.write_sep("!", MISSING, red=True)
