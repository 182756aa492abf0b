# ruff: noqa: E501 - the tables hold whole sentences
from pathlib import Path

import pytest
from django.core.checks import Error
from django.utils import translation

from common.checks import check_city
from common.city import PAGES, Body, Contact, city
from common.city_files import CityDataRefused
from tests.support.city_folder import CityFolder


@pytest.fixture
def folder(tmp_path: Path, settings) -> CityFolder:
    """A copy of the invented city's folder, and the one this installation serves."""
    copy = CityFolder(tmp_path)
    settings.CITY_FOLDER = copy.path
    return copy


def problems_of(folder: CityFolder) -> list[str]:
    with pytest.raises(CityDataRefused) as refusal:
        city()
    return refusal.value.problems


def test_city_says_what_its_file_says() -> None:
    northmoor = city()

    assert (northmoor.key, northmoor.zone, northmoor.country, northmoor.state) == (
        "northmoor",
        "Europe/London",
        "GB",
        "ENG",
    )
    assert northmoor.languages == ("en", "de")
    assert northmoor.consent_version == "2026-1"
    assert northmoor.contact == Contact(
        phone="01632 960000",
        email="help@northmoor.example",
        address="Town Hall, 1 Market Square, Northmoor",
        opening_hours={
            "en": "Monday to Friday, 9 am to 5 pm",
            "de": "Montag bis Freitag, 9 bis 17 Uhr",
        },
    )
    assert northmoor.bodies[1] == Body(
        key="highways",
        names={"en": "National Highways", "de": "Fernstraßenamt"},
        website="",
        phone="",
    )


@pytest.mark.parametrize(
    ("language", "body", "imprint"),
    [
        ("en", "Mere Water", "Northmoor is an invented city.\n\nNobody lives here.\n"),
        ("de", "Wasserwerk Mere", "Northmoor ist eine erfundene Stadt.\n\nHier wohnt niemand.\n"),
    ],
)
def test_city_speaks_the_language_of_the_reader(language: str, body: str, imprint: str) -> None:
    with translation.override(language):
        assert city().name == "Northmoor"
        assert city().bodies[0].name == body
        assert city().text("imprint") == imprint


def test_city_text_of_a_page_it_has_not_written_is_empty() -> None:
    assert [city().text(page) for page in (*PAGES, "no-such-page")][-3:] == ["", "", ""]


def test_city_is_read_once(folder: CityFolder) -> None:
    first = city()
    folder.write("city.yaml", "nonsense")

    assert city() is first


def test_city_can_do_without_texts_and_bodies(folder: CityFolder) -> None:
    whole = folder.read("city.yaml")
    folder.write("city.yaml", whole[: whole.index("texts:")] + "texts: {}\n")

    assert city().bodies == ()
    assert city().text("privacy") == ""


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("key: northmoor", "key: North Moor", "city: key: must be small letters, digits and single hyphens, at most 50 characters."),
        ("zone: Europe/London", "zone: Europe/Londn", "city: zone: 'Europe/Londn' is no time zone. Write an IANA name like Europe/Berlin."),
        ("country: GB", "country: England", "city: country: must be two capital letters (ISO 3166), like DE."),
        ("country: GB\n", "", "city: 'country' is missing. Add it."),
        ("country: GB", "contry: GB\ncountry: GB", "city: 'contry' is not known here. Did you mean 'country'?"),
        ("website: https://northmoor", "website: northmoor", "city: website: must be a web address that begins with https://."),
        ("languages: [en, de]", "languages: [en, de, fr]", "languages: 'fr' is not one of de, en."),
        ("names: {en: Northmoor, de: Northmoor}", "names: {en: Northmoor}", "city: names: the text in de is missing. Add it."),
        ("names: {en: Northmoor, de: Northmoor}", "names: {en: Northmoor, de: N, fr: N}", "city: names: fr is no language of this city. Remove it, or add it to languages in city.yaml."),
        ("names: {en: Northmoor, de: Northmoor}", "names: Northmoor", "city: names: must be a map by language: en, de."),
        ("names: {en: Northmoor, de: Northmoor}", "names: {en: '', de: N}", "city: names: must not be empty."),
        ("email: help@northmoor.example", "email: help", "contact: email: 'help' is no e-mail address (An email address must have an @-sign.)"),
        ('  version: "2026-1"\n', "", "consent: 'version' is missing. Add it."),
        ('  version: "2026-1"\n', "  version: 2026\n", "consent: version: must be text. Put it in quotation marks."),
        ("  imprint:", "  imprnt:", "texts: 'imprnt' is not known here. Did you mean 'imprint'?"),
        ("  - key: highways", "  - key: water-company", "bodies, entry 2: 'water-company' stands here twice. Give one another key."),
        ("bodies:", "bodies: {}\nothers:", "city: 'others' is not known here."),
    ],
)  # fmt: skip
def test_city_refuses_with_file_key_and_remedy(
    folder: CityFolder, old: str, new: str, problem: str
) -> None:
    folder.replace("city.yaml", old, new)

    assert folder.problem("city.yaml", problem) in problems_of(folder)


def test_city_refuses_a_contact_nobody_can_reach(folder: CityFolder) -> None:
    folder.replace("city.yaml", '  phone: "01632 960000"\n', "")
    folder.replace("city.yaml", "  email: help@northmoor.example\n", "")

    wanted = "contact: needs a phone or an email, so that people find help."
    assert problems_of(folder) == [folder.problem("city.yaml", wanted)]


def test_city_refuses_everything_at_once(folder: CityFolder) -> None:
    folder.write("city.yaml", "key: town\nlanguages: []\n")

    missing = [
        "names",
        "zone",
        "country",
        "contact",
        "emergency",
        "privacy_sentence",
        "privacy_version",
        "consent",
        "texts",
    ]
    assert problems_of(folder) == [
        folder.problem("city.yaml", "languages: must be a list of at least one of de, en."),
        *(folder.problem("city.yaml", f"city: '{name}' is missing. Add it.") for name in missing),
        folder.problem(
            "city.yaml", "contact: needs a phone or an email, so that people find help."
        ),
    ]


def test_city_refuses_a_missing_file(folder: CityFolder) -> None:
    (folder.path / "city.yaml").unlink()

    what = "the file: is missing. Create it; another city's shows what belongs in it."
    assert problems_of(folder) == [folder.problem("city.yaml", what)]


def test_check_city_is_content_with_a_city_in_the_zone_of_the_settings() -> None:
    assert check_city() == []


def test_check_city_finds_another_zone_than_the_settings(settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"

    assert check_city() == [
        Error(
            "city.yaml: zone 'Europe/London' is not the installation's ('Europe/Berlin'). "
            "Set TIME_ZONE=Europe/London in the environment, or correct the file.",
            id="common.E002",
        )
    ]


def test_check_city_finds_a_city_that_cannot_be_read(folder: CityFolder) -> None:
    folder.replace("city.yaml", "country: GB", "country: gb")

    what = "city: country: must be two capital letters (ISO 3166), like DE."
    assert check_city() == [Error(folder.problem("city.yaml", what), id="common.E001")]
