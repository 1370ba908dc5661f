"""Other languages: every text has a translation, and it names exactly what the English names."""

import re
from collections import Counter

import pytest

from app.translations.languages import LANGUAGES, said_in, translations
from scripts.words import english

OTHERS = [language for language in LANGUAGES if language != "en"]
ENGLISH = [str(one.id) for one in english() if one.id]

every_language = pytest.mark.parametrize("language", OTHERS)


@every_language
def test_no_text_lacks_a_translation_and_none_is_left_over(language: str) -> None:
    known = translations(language)

    assert [text for text in ENGLISH if text not in known] == [], "run `make words` and translate"
    assert [text for text in known if text not in ENGLISH] == [], "run `make words`"


def put_in(text: str) -> Counter[str]:
    """What a text has in braces, as code or as a number to be put in."""
    return Counter(re.findall(r"\{[^{}]*\}|`[^`]*`", text))


@every_language
def test_a_translation_names_what_the_english_names(language: str) -> None:
    say = said_in(language)

    assert [text for text in ENGLISH if put_in(say(text)) != put_in(text)] == []
    stressed = {text: re.sub(r"\{[^{}]*\}|`[^`]*`|\d\*\w", "", say(text)).count("*") for text in ENGLISH}
    assert [text for text, stars in stressed.items() if stars % 2] == []


@every_language
def test_most_of_it_is_really_another_language(language: str) -> None:
    same = [text for text in ENGLISH if said_in(language)(text) == text]

    assert len(same) < len(ENGLISH) / 100, same


def test_what_has_no_translation_stays_english() -> None:
    assert said_in("es")("Something that nobody says") == "Something that nobody says"
    assert said_in("en")("Right.") == "Right."
