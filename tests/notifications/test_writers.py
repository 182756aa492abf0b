import pytest

from notifications.writers import Letter, NoWriter, register_writer, writer_for


def test_register_writer_refuses_a_second_writer_for_a_topic(author):
    with pytest.raises(ValueError, match="has a writer already"):
        register_writer(author.topic, object())

    assert writer_for(author.topic) is author


def test_register_writer_twice_with_the_same_writer_changes_nothing(author):
    register_writer(author.topic, author)

    assert writer_for(author.topic) is author


def test_writer_for_an_unknown_topic_is_refused():
    with pytest.raises(NoWriter):
        writer_for("nobody.writes")


def test_letter_without_text_is_refused():
    with pytest.raises(ValueError, match="has no text"):
        Letter("concern:1", "email", "de", "answer", "a@example.org", "S", " \n", "<p>x</p>")


def test_letter_shows_no_words_when_printed():
    letter = Letter("concern:1", "email", "de", "answer", "a@example.org", "S", "secret")

    assert "secret" not in repr(letter)
