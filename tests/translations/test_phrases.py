"""Phrases: English strings that can be translated later."""

import json

from markupsafe import Markup, escape

from app.translations.compiled_catalogs import compiled
from app.translations.languages import read_translator
from app.translations.phrases import (
    CommaSeparated,
    joined_sentences,
    joined_with_and,
    joined_with_commas,
    phrase,
    plural,
)
from app.translations.translator import ENGLISH

PO = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\nLanguage: es\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "{n:,} of {unit}"
msgstr "de {unit}, {n:,}"

msgid "unit"
msgstr "unidad"

msgid ", "
msgstr "、"

msgid "{sentence} {next}"
msgstr "{sentence}{next}"

msgid "{n} step"
msgid_plural "{n} steps"
msgstr[0] "{n} paso"
msgstr[1] "{n} pasos"

msgid "{one} and {other}"
msgstr "{one} y {other}"

msgid "a & b of {what}"
msgstr "a y b & de {what}"

msgid "{n} × {num_units}"
msgstr "{num_units} × {n}"

#, fuzzy
msgid "last"
msgstr "primero"

msgid "first"
msgstr ""
"""

translate = read_translator(compiled(PO.encode()))


def test_a_phrase_is_an_english_string() -> None:
    text = phrase("{n:,} of {unit}", n=1000, unit="unit")

    assert text == "1,000 of unit" and text in {"1,000 of unit"}
    assert json.dumps(text) == '"1,000 of unit"'
    assert [plural("{n} step", "{n} steps", n) for n in (0, 1, 2)] == ["0 steps", "1 step", "2 steps"]


def test_a_name_without_a_value_stays_in_its_braces() -> None:
    assert phrase("{n} × {num_units}", n=3) == "3 × {num_units}"
    assert translate(phrase("{n} × {num_units}", n=3)) == "{num_units} × 3"
    assert phrase("{h.shape} of {n:,} {t}", t=1) == "{h.shape} of {n:,} 1"
    assert translate(phrase("{h.shape} {t}", t=1), escape) == "{h.shape} 1"


def test_a_phrase_is_translated_with_its_nested_phrases_but_not_names() -> None:
    assert translate(phrase("{n:,} of {unit}", n=1000, unit=phrase("unit"))) == "de unidad, 1,000"
    assert translate(phrase("{n:,} of {unit}", n=1, unit="unit")) == "de unit, 1"
    assert translate(phrase("{ids}", ids=CommaSeparated(["h", phrase("unit")]))) == "h、unidad"
    assert translate(joined_with_commas(["h", "c"])) == "h、c" and joined_with_commas(["h", "c"]) == "h, c"


def test_sentences_stand_one_after_the_other_as_the_language_has_them() -> None:
    sentences = joined_sentences([phrase("Here is a {unit}.", unit=phrase("unit")), "Two.", "Three."])

    assert sentences == "Here is a unit. Two. Three."
    assert translate(sentences) == "Here is a unidad.Two.Three."
    assert joined_sentences(["One."]) == "One."


def test_a_text_without_a_translation_or_with_a_fuzzy_one_stays_english() -> None:
    assert translate(phrase("not known {n}", n=1)) == "not known 1"
    assert translate(plural("{n} more", "{n} more", 2)) == "2 more"
    assert [translate(text) for text in ("last", "first", "")] == ["last", "first", ""]


def test_singular_and_plural_are_translated() -> None:
    text = [translate(plural("{n} step", "{n} steps", n)) for n in (0, 1, 2)]

    assert text == ["0 pasos", "1 paso", "2 pasos"]
    assert translate(joined_with_and(["h", "c", "x"])) == "h、c y x"


def test_templates_and_values_are_escaped_but_html_is_not() -> None:
    text = phrase("a & b of {what}", what=joined_with_and(["<script>", Markup("<i>h</i>")]))

    assert ENGLISH(text, escape) == "a &amp; b of &lt;script&gt; and <i>h</i>"
    assert translate(text, escape) == "a y b &amp; de &lt;script&gt; y <i>h</i>"
    assert ENGLISH(phrase("{ids}", ids=CommaSeparated(["x's", "h"])), escape) == "x&#39;s, h"
