"""The catalogs' command on a small source tree of its own, and on ours."""

import gettext

import pytest
from django.core.management import CommandError, call_command

MODULE = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext
GREETING = gettext_lazy("Hello")
def say(name, count):
    return _("Good day, %(name)s") % {"name": name}, pgettext("month", "May"), ngettext(
        "%(count)d letter", "%(count)d letters", count)
"""
PAGE = """{% load i18n %}{% translate "Reference" %}
   {% blocktranslate trimmed %}
     Hello {{ name }},
     it's done
   {% endblocktranslate %}
{% blocktranslate count counter=n %}{{ counter }} day{% plural %}{{ counter }} days{% endblocktranslate %}
"""
GERMAN = {
    "Hello": "Hallo",
    "Reference": "Aktenzeichen",
    "Good day, %(name)s": "Guten Tag, %(name)s",
    "Hello %(name)s, it's done": "Hallo %(name)s, es ist fertig",
    "May": "Mai",
}
PLURALS = {"%(count)d letter": ("%(count)d Brief", "%(count)d Briefe")}
PLURALS |= {"%(counter)s day": ("%(counter)s Tag", "%(counter)s Tage")}


@pytest.fixture
def tree(tmp_path, settings):
    """A repository with one package, a tests package that does not count, and empty catalogs."""
    for package in ("post", "tests"):
        (tmp_path / package / "templates").mkdir(parents=True)
        (tmp_path / package / "__init__.py").touch()
    (tmp_path / "post" / "words.py").write_text(MODULE)
    (tmp_path / "post" / "templates" / "page.html").write_text(PAGE)
    (tmp_path / "tests" / "words.py").write_text('_("Only a test")')
    settings.BASE_DIR = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    return tmp_path


def german(tree):
    return tree / "locale" / "de" / "LC_MESSAGES" / "django.po"


def translate(tree, words=GERMAN):
    """Fill the German catalog as a translator would."""
    text = german(tree).read_text()
    for english, foreign in words.items():
        text = text.replace(
            f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{foreign}"'
        )
    for english, (one, many) in PLURALS.items():
        start = text.index(f'msgid "{english}"')
        rest = text[start:].replace('msgstr[0] ""', f'msgstr[0] "{one}"', 1)
        text = text[:start] + rest.replace('msgstr[1] ""', f'msgstr[1] "{many}"', 1)
    german(tree).write_text(text)


def complaints():
    with pytest.raises(CommandError) as refused:
        call_command("messages", "--check")
    assert refused.value.returncode == 1
    return str(refused.value).splitlines()[:-1]


def test_extract_finds_python_and_templates(tree):
    call_command("messages", "--extract")

    text = german(tree).read_text()
    found = sorted(line[7:-1] for line in text.splitlines() if line.startswith('msgid "'))
    assert found == sorted(["", *GERMAN, *PLURALS])
    assert 'msgctxt "month"\nmsgid "May"\nmsgstr ""' in text


def test_extract_writes_no_dates_and_no_line_numbers(tree):
    call_command("messages", "--extract")
    text = german(tree).read_text()
    (tree / "post" / "words.py").write_text("\n\n\n" + MODULE)

    call_command("messages", "--extract")

    assert german(tree).read_text() == text
    assert text.splitlines()[:8] == [
        'msgid ""',
        'msgstr ""',
        '"Language: de\\n"',
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"',
        '"MIME-Version: 1.0\\n"',
        '"Content-Type: text/plain; charset=utf-8\\n"',
        '"Content-Transfer-Encoding: 8bit\\n"',
        "",
    ]


def test_extract_keeps_translations_and_drops_what_is_gone(tree):
    call_command("messages", "--extract")
    translate(tree)
    (tree / "post" / "templates" / "page.html").write_text("")

    call_command("messages", "--extract")

    text = german(tree).read_text()
    assert 'msgid "Hello"\nmsgstr "Hallo"' in text
    assert text.count("Aktenzeichen") == 0


def test_check_lists_what_is_not_translated(tree):
    call_command("messages", "--extract")
    words = {english: foreign for english, foreign in GERMAN.items() if english != "Hello"}
    translate(tree, words)

    assert complaints() == ["de: untranslated: 'Hello'"]


def test_check_lists_missing_and_obsolete(tree):
    call_command("messages", "--extract")
    translate(tree)
    changed = MODULE.replace('"Hello"', '"Welcome"')
    (tree / "post" / "words.py").write_text(changed)

    assert complaints() == [
        f"{language}: {what}"
        for language in ("de", "en")
        for what in ("missing:  'Welcome'", "obsolete:  'Hello'")
    ]


def test_check_lists_fuzzy(tree):
    call_command("messages", "--extract")
    translate(tree)
    text = german(tree).read_text()
    german(tree).write_text(text.replace('msgid "Hello"\n', '#, fuzzy\nmsgid "Hello"\n'))

    assert complaints() == ["de: fuzzy: 'Hello'"]


@pytest.mark.parametrize(
    ("said", "differing"),
    [("Guten Tag, %(vorname)s", "%(name)s, %(vorname)s"), ("Guten Tag", "%(name)s")],
)
def test_check_refuses_lost_and_invented_placeholders(tree, said, differing):
    call_command("messages", "--extract")
    translate(tree, GERMAN | {"Good day, %(name)s": said})

    assert complaints() == [f"de: 'Good day, %(name)s': placeholders {differing} differ"]


def test_check_is_content_with_complete_catalogs(tree):
    call_command("messages", "--extract")
    translate(tree)

    assert call_command("messages", "--check") is None


def test_compile_makes_what_gettext_reads(tree):
    call_command("messages", "--extract")
    translate(tree)

    call_command("messages", "--compile")

    catalog = gettext.translation("django", tree / "locale", languages=["de"])
    assert catalog.gettext("Hello") == "Hallo"
    assert catalog.pgettext("month", "May") == "Mai"
    assert catalog.ngettext("%(count)d letter", "%(count)d letters", 2) == "%(count)d Briefe"


def test_our_own_catalogs_are_complete():
    assert call_command("messages", "--check") is None
