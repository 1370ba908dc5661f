"""Phrases: English strings that can be said in another language."""

import json

from markupsafe import Markup, escape

from app.translations.phrases import Listed, phrase, plural, together, translated

SPANISH = {
    "{n:,} of {unit}": "de {unit}, {n:,}",
    "unit": "unidad",
    "{n} step": "{n} paso",
    "{n} steps": "{n} pasos",
    "{one} and {other}": "{one} y {other}",
    "a & b of {what}": "a y b & de {what}",
}


def test_a_phrase_is_an_english_string() -> None:
    said = phrase("{n:,} of {unit}", n=1000, unit="unit")

    assert said == "1,000 of unit" and said in {"1,000 of unit"}
    assert json.dumps(said) == '"1,000 of unit"'


def test_what_has_no_value_is_left_for_who_sets_it() -> None:
    assert phrase("{n} × {num_units}", n=3) == "3 × {num_units}"
    assert translated(phrase("{n} × {num_units}", n=3), {"{n} × {num_units}": "{num_units} × {n}"}) == "{num_units} × 3"


def test_it_is_translated_with_the_phrases_in_it_and_names_stay() -> None:
    assert translated(phrase("{n:,} of {unit}", n=1000, unit=phrase("unit")), SPANISH) == "de unidad, 1,000"
    assert translated(phrase("{n:,} of {unit}", n=1, unit="unit"), SPANISH) == "de unit, 1"
    assert translated(phrase("{ids}", ids=Listed(["h", phrase("unit")])), SPANISH) == "h, unidad"
    assert translated(phrase("not known {n}", n=1), SPANISH) == "not known 1"


def test_one_and_many_have_words_of_their_own() -> None:
    said = [translated(plural(n, "{n} step", "{n} steps"), SPANISH) for n in (0, 1, 2)]

    assert said == ["0 pasos", "1 paso", "2 pasos"]
    assert translated(together(["h", "c", "x"]), SPANISH) == "h y c y x"


def test_as_html_words_and_values_are_escaped_and_html_is_not() -> None:
    said = phrase("a & b of {what}", what=together(["<script>", Markup("<i>h</i>")]))

    assert translated(said, {}, escape) == "a &amp; b of &lt;script&gt; and <i>h</i>"
    assert translated(said, SPANISH, escape) == "a y b &amp; de &lt;script&gt; y <i>h</i>"


def test_what_is_listed_is_escaped_once_and_names_of_any_form_stay() -> None:
    assert translated(phrase("{ids}", ids=Listed(["x's", "h"])), {}, escape) == "x&#39;s, h"
    assert phrase("{h.shape} of {n:,} {t}", t=1) == "{h.shape} of {n:,} 1"
    assert translated(phrase("{h.shape} {t}", t=1), {}, escape) == "{h.shape} 1"
