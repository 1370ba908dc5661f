"""Other languages: every text has a translation in all plural forms, and it names exactly what the English names."""

import re
from collections import Counter
from functools import cache

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from app.translations.languages import CATALOGS, LANGUAGES, translator
from scripts.translations import english, strings

OTHERS = [language for language in LANGUAGES if language != "en"]

every_language = pytest.mark.parametrize("language", OTHERS)


@cache
def catalog_of(language: str) -> Catalog:
    with (CATALOGS / f"{language}.po").open("rb") as file:
        return read_po(file)


def messages_of(catalog: Catalog) -> list[Message]:
    """All of them but the header."""
    return [message for message in catalog if message.id]


def ids(message: Message) -> tuple[str, ...]:
    """The English text, or its singular and its plural."""
    return message.id if isinstance(message.id, tuple) else (str(message.id),)


def put_in(text: str) -> Counter[str]:
    """What a text has in braces, as code or as a number to be filled in."""
    return Counter(re.findall(r"\{[^{}]*\}|`[^`]*`", text))


@every_language
def test_no_text_lacks_a_translation_and_none_is_left_over(language: str) -> None:
    translated = [ids(one) for one in messages_of(catalog_of(language)) if all(strings(one)) and not one.fuzzy]
    texts = [ids(one) for one in messages_of(english())]

    assert [text for text in texts if text not in translated] == [], "run `make translations` and translate"
    assert [text for text in translated if text not in texts] == [], "run `make translations`"


@every_language
def test_every_text_has_the_plural_forms_of_its_language(language: str) -> None:
    catalog = catalog_of(language)
    usual = Catalog(Locale(language))  # as Unicode's data have it
    faults = [(message.id, errors) for message, errors in catalog.check()]

    assert (catalog.num_plurals, catalog.plural_expr) == (usual.num_plurals, usual.plural_expr)
    assert faults == []
    assert [m.id for m in messages_of(catalog) if m.pluralizable and len(strings(m)) != catalog.num_plurals] == []


@every_language
def test_every_word_in_brackets_has_the_plural_forms_of_its_language(language: str) -> None:
    catalog = catalog_of(language)
    texts = [text for message in messages_of(catalog) for text in strings(message)]
    forms = {found: found.count("|") + 1 for text in texts for found in re.findall(r"\[\w+:[^\[\]]*\]", text)}
    alternatives = [found for text in texts for found in re.findall(r"\[\w+=1:[^\[\]]*\]", text)]

    assert {found for found, n in forms.items() if n != catalog.num_plurals} == set()
    assert [found for found in alternatives if found.count("|") != 1] == []
    assert alternatives


@every_language
def test_a_translation_names_what_the_english_names(language: str) -> None:
    """In every plural form; only one that is for 1 alone may do without the number."""
    catalog = catalog_of(language)
    form = translator(language).plural_form
    only_one = {form(1)} - {form(n) for n in range(1000) if n != 1}
    faults = []
    for message in messages_of(catalog):
        one, many = (ids(message) * 2)[:2]
        for k, text in enumerate(strings(message)):
            allowed = [put_in(many)] + [put_in(one)] * (k in only_one)
            stars = re.sub(r"\{[^{}]*\}|`[^`]*`|\d\*\w", "", text).count("*")
            if put_in(text) not in allowed or stars % 2:
                faults.append(text)

    assert faults == []


@every_language
def test_most_of_it_is_really_another_language(language: str) -> None:
    messages = messages_of(catalog_of(language))
    same = [message.id for message in messages if set(strings(message)) & set(ids(message))]

    assert len(same) < len(messages) / 100, same


def test_what_has_no_translation_stays_english() -> None:
    assert translator("es")("Something that nobody says") == "Something that nobody says"
    assert translator("en")("Right.") == "Right."
