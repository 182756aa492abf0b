import re

from notifications import defects


def test_name_tells_class_and_place_but_not_the_words():
    try:
        {}["Anna Schmidt"]
    except KeyError as error:
        found = defects.name(error)

    assert re.fullmatch(r"KeyError at notifications/test_defects\.py:\d+", found)


def test_name_of_an_error_never_raised_is_its_class():
    assert defects.name(ValueError("Anna Schmidt")) == "ValueError"
