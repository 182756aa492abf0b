"""What is known already: only what was released, and following it needs no words of one's own."""

import re

import pytest

from concerns.actions.correcting import publish
from concerns.actions.filing import Filed
from concerns.models import Category, Concern, Placement, Publication
from geography.models import District
from tests.support.pages import Visitor
from tests.support.sql import statements
from tests.support.stages import in_progress, resolved
from tests.support.town import Town, file


def published(town: Town, filed: Filed) -> str:
    publish(actor=town.actor("dora"), ticket_id=filed.ticket.pk)
    return f"/published/{Publication.objects.get(ticket=filed.ticket).key}/"


def test_only_what_was_released_is_listed(town: Town, visitor: Visitor) -> None:
    shown = in_progress(town)
    file(words="A secret hole.", category="tree")
    path = published(town, shown)

    page = visitor.open("/published/")

    leading = [href for href in page.links.values() if href.startswith("/published/")]
    assert leading == ["/published/", path]
    assert shown.concern.words not in page.words
    assert shown.concern.reference not in page.html


def test_an_empty_list_says_what_to_do(town: Town, visitor: Visitor) -> None:
    assert "Nothing has been published here." in visitor.open("/published/").words


@pytest.mark.parametrize("query", ["?district=nowhere", "?state=nonsense", "?before=x", "?after="])
def test_a_filter_nobody_offers_shows_all(town: Town, visitor: Visitor, query: str) -> None:
    path = published(town, in_progress(town))

    assert path in visitor.open(f"/published/{query}").links.values()


def test_filters_narrow(town: Town, visitor: Visitor) -> None:
    path = published(town, in_progress(town))

    assert path in visitor.open("/published/?district=harbour&state=in_progress").links.values()
    assert path not in visitor.open("/published/?district=hill").links.values()
    assert path not in visitor.open("/published/?state=done").links.values()


def test_a_matter_has_the_icon_of_its_category_beside_its_name(
    town: Town, visitor: Visitor
) -> None:
    Category.objects.filter(slug="pothole").update(icon="road")
    path = published(town, in_progress(town))

    for page in (visitor.open("/published/"), visitor.open(path)):
        icons = re.findall(r'<span class="kern-icon kern-icon--road[^>]*>', page.html)
        assert [' aria-hidden="true"' in icon for icon in icons] == [True]


@pytest.mark.parametrize("schematic", [True, False])
def test_districts_drawn_roughly_say_so(town: Town, visitor: Visitor, *, schematic: bool) -> None:
    District.objects.update(schematic=schematic)

    assert ("Borders are drawn roughly" in visitor.open("/published/").words) is schematic


def test_the_list_goes_on_page_by_page(town: Town, visitor: Visitor) -> None:
    paths = [published(town, file()) for _nth in range(32)]
    first = visitor.open("/published/")
    second = visitor.open(f"/published/{first.links['Older ones']}")
    back = visitor.open(f"/published/{second.links['Newer ones']}")

    shown = [[path for path in paths if path in page.html] for page in (first, second, back)]
    assert shown == [paths[2:], paths[:2], paths[2:]]
    assert "Older ones" not in second.links
    assert "Newer ones" not in first.links


def test_the_list_costs_the_same_for_one_and_thirty(town: Town, visitor: Visitor) -> None:
    published(town, file())
    with statements() as few:
        visitor.open("/published/")
    for _nth in range(20):
        published(town, file())
    with statements() as many:
        visitor.open("/published/")

    assert len(few) == len(many) <= 6


def test_following_gives_reference_and_pin_of_ones_own(town: Town, visitor: Visitor) -> None:
    filed = in_progress(town)
    page = visitor.open(published(town, filed))
    page = visitor.press(page, page.form("email"), email="leo@people.example")

    follower = Concern.objects.get(is_follow=True)
    assert page.url == f"/concerns/{follower.reference}/done/"
    assert follower.reference in page.words
    assert Placement.objects.open().get(concern=follower).ticket == filed.ticket


def test_pressed_twice_one_follows_once(town: Town, visitor: Visitor) -> None:
    page = visitor.open(published(town, in_progress(town)))
    for _press in range(2):
        visitor.press(page, page.form("email"), email="")

    assert Concern.objects.filter(is_follow=True).count() == 1


def test_a_wrong_address_is_said_and_kept(town: Town, visitor: Visitor) -> None:
    page = visitor.open(published(town, in_progress(town)))
    page = visitor.press(page, page.form("email"), email="leo@")

    assert (page.status, page.form("email")["email"]) == (422, "leo@")
    assert not Concern.objects.filter(is_follow=True).exists()


def test_what_is_settled_cannot_be_followed(town: Town, visitor: Visitor) -> None:
    page = visitor.open(published(town, resolved(town)))

    assert "This is settled." in page.words
    assert all("email" not in form.fields for form in page.forms)


@pytest.mark.parametrize("key", ["018f0000-0000-7000-8000-000000000000"])
def test_what_is_not_published_is_not_there(town: Town, visitor: Visitor, key: str) -> None:
    assert visitor.open(f"/published/{key}/").status == 404
