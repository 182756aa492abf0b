"""People in a real Chromium. It lives in a thread of its own, because Playwright keeps an event loop running in its
thread and Django refuses its database to such a thread: a test hands over what shall happen on a page and waits.
"""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
    sync_playwright,
)

NAMES = ("chromium", "chromium-browser", "google-chrome")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
NARROWEST = 320
# Chromium notes every page that answers 4xx; those are refusals we asked for.
EXPECTED = "Failed to load resource: the server responded with a status of 4"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
Result = TypeVar("Result")


def chromium_here() -> str | None:
    """The path of the machine's Chromium, or None."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@dataclass
class Person:
    """One browser window and everything in it that should not have happened."""

    thread: ThreadPoolExecutor
    page: Page
    home: str
    faults: list[str] = field(default_factory=list)

    def does(self, what: Callable[..., Result], *args: Any) -> Result:
        """Let `what(page, …)` happen in the browser and give back what it says."""
        return self.thread.submit(what, self.page, *args).result()

    def opens(self, path: str) -> str:
        """Go to an address of the site; the main heading found there."""
        return self.does(lambda page: (page.goto(self.home + path), heading(page))[1])

    def watch(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("request", self._asked)
        self.page.on("response", self._got)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(EXPECTED):
            self.faults.append(f"console: {message.text} on {self.page.url}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.home, "data:")):
            self.faults.append(f"foreign: {request.url} on {self.page.url}")

    def _got(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            self.faults.append(f"missing: {response.url} is {response.status}")


def heading(page: Page) -> str:
    return " ".join(page.locator("h1").first.inner_text().split())


def press(page: Page, name: str) -> str:
    """Press the button or link of this name; the heading of the page it leads to."""
    page.get_by_role("button", name=name, exact=True).or_(
        page.get_by_role("link", name=name, exact=True)
    ).first.click()
    page.wait_for_load_state()
    return heading(page)


def path_of(page: Page) -> str:
    return urlsplit(page.url).path


def broken_rules(page: Page, *, only: list[str] | None = None) -> list[str]:
    """What axe finds on the page: rule, element and page."""
    wanted: dict[str, Any] = (
        {"type": "rule", "values": only} if only else {"type": "tag", "values": TAGS}
    )
    found = Axe().run(page, options={"runOnly": wanted, "resultTypes": ["violations"]})
    return [
        f"axe {one['id']}: {node['html'][:120]} on {page.url}"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]


def inspected(page: Page) -> list[str]:
    """Everything that is wrong with a page as it stands: rules, contrast in the dark, sideways scrolling."""
    size = page.viewport_size or DESKTOP
    faults = broken_rules(page)
    page.emulate_media(color_scheme="dark")
    faults += [f"dark {one}" for one in broken_rules(page, only=["color-contrast"])]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": NARROWEST, "height": size["height"]})
    if (beyond := page.evaluate(OVERFLOW)) > 0:
        faults.append(f"scrolls sideways by {beyond} px at {NARROWEST} px: {page.url}")
    page.set_viewport_size(size)
    return faults


class Chromium:
    """The browser; `person` opens a window that shares nothing with the others."""

    def __init__(self, path: str) -> None:
        self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="chromium")
        self.playwright, self.browser = self.thread.submit(self._started, path).result()

    def _started(self, path: str) -> tuple[Playwright, Browser]:
        playwright = sync_playwright().start()
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        return playwright, playwright.chromium.launch(executable_path=path, args=arguments)

    @contextmanager
    def person(self, home: str, **context: Any) -> Iterator[Person]:
        """Somebody at a phone, in German, unless the context says otherwise; nothing unwanted may have happened."""
        given = {"viewport": PHONE, "locale": "de-DE", "color_scheme": "light", **context}
        window: BrowserContext = self.thread.submit(self.browser.new_context, **given).result()
        page = self.thread.submit(window.new_page).result()
        person = Person(self.thread, page, home)
        self.thread.submit(person.watch).result()
        try:
            yield person
        finally:
            self.thread.submit(window.close).result()
        assert person.faults == [], "\n".join(person.faults)

    def lets(self, home: str, what: Callable[[Person], object], **context: Any) -> None:
        """The same for one person alone."""
        with self.person(home, **context) as person:
            what(person)

    def stop(self) -> None:
        self.thread.submit(self.browser.close).result()
        self.thread.submit(self.playwright.stop).result()
        self.thread.shutdown()
