"""Signing in by the pages, as people do."""

from tests.support.pages import Page, Visitor
from tests.support.second_factor import code_of

PASSWORD = "northmoor-demo-pass"


def signed_in(
    visitor: Visitor, email: str, password: str = PASSWORD, path: str = "/workspace/"
) -> Page:
    """From a page of the workspace through the sign-in; where that leads."""
    page = visitor.open(path)
    return visitor.press(page, page.form("login"), login=email, password=password)


def with_code(visitor: Visitor, page: Page, secret: str, *, steps: int = 0) -> Page:
    """Answer a page that asks for a code."""
    return visitor.press(page, page.form("code"), code=code_of(secret, steps=steps))
