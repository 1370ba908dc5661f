"""Translations: every text has one in all plural forms, with the placeholders of the English text."""

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
    """The messages without the header."""
    return [message for message in catalog if message.id]


def ids(message: Message) -> tuple[str, ...]:
    """The English text, or its singular and plural."""
    return message.id if isinstance(message.id, tuple) else (str(message.id),)


@cache
def english_texts() -> list[tuple[str, ...]]:
    """Every text to translate. All sources are read once for all languages."""
    return [ids(one) for one in messages_of(english())]


def placeholders(text: str) -> Counter[str]:
    """The placeholders and the code in a text."""
    return Counter(re.findall(r"\{[^{}]*\}|`[^`]*`", text))


@every_language
def test_every_text_has_a_translation_and_no_translation_is_unused(language: str) -> None:
    translated = [ids(one) for one in messages_of(catalog_of(language)) if all(strings(one)) and not one.fuzzy]
    texts = english_texts()

    untranslated, unused = {*texts} - {*translated}, {*translated} - {*texts}
    assert sorted(untranslated) == [], "run `make translations` and translate"
    assert sorted(unused) == [], "run `make translations`"


@every_language
def test_every_text_has_the_plural_forms_of_its_language(language: str) -> None:
    catalog = catalog_of(language)
    expected = Catalog(Locale(language))  # from the data of Unicode
    errors = [(message.id, found) for message, found in catalog.check()]

    assert (catalog.num_plurals, catalog.plural_expr) == (expected.num_plurals, expected.plural_expr)
    assert errors == []
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
def test_a_translation_has_the_placeholders_of_the_english_text(language: str) -> None:
    """In every plural form, except that a form only for 1 may omit the number."""
    catalog = catalog_of(language)
    form = translator(language).plural_form
    only_one = {form(1)} - {form(n) for n in range(1000) if n != 1}
    errors = []
    for message in messages_of(catalog):
        one, many = (ids(message) * 2)[:2]
        for k, text in enumerate(strings(message)):
            allowed = [placeholders(many)] + [placeholders(one)] * (k in only_one)
            stars = re.sub(r"\{[^{}]*\}|`[^`]*`|\d\*\w", "", text).count("*")
            if placeholders(text) not in allowed or stars % 2:
                errors.append(text)

    assert errors == []


@every_language
def test_most_translations_differ_from_the_english_text(language: str) -> None:
    messages = messages_of(catalog_of(language))
    same = [message.id for message in messages if set(strings(message)) & set(ids(message))]

    assert len(same) < len(messages) / 100, same


def test_an_unknown_text_stays_english() -> None:
    assert translator("es")("Something that nobody says") == "Something that nobody says"
    assert translator("en")("Right.") == "Right."
