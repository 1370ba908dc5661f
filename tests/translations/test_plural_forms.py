"""A language with three plural forms: Polish has one for 1, one for 2, 3, 4, 22 and so on, one for the rest."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from app_client import TestClient

from app.main import create_app
from app.teaching.around_picture.sentences import sentence
from app.teaching.lessons.order import LESSONS
from app.teaching.placeholders import plain, tokens
from app.teaching.text_page import in_language
from app.translations import languages
from app.translations.languages import LANGUAGES, translator
from app.translations.phrases import phrase, plural
from app.translations.translator import ENGLISH, Translator
from app.url_state.parsing import parse
from app.url_state_to_picture.picture_of_state import picture_of
from app.web.pages.rendering import templates

PO = r"""
msgid ""
msgstr ""
"Language: pl\n"
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\n"

msgid "{n:,} step"
msgid_plural "{n:,} steps"
msgstr[0] "{n:,} krok"
msgstr[1] "{n:,} kroki"
msgstr[2] "{n:,} kroków"

msgid "{steps} here"
msgstr "tutaj {steps}"

msgid "One {cell} cell with one set of weights, applied {time_step} [time_step:time|times]."
msgstr "Jedna komórka, {time_step} [time_step:krok|kroki|kroków]."

msgid "A lesson"
msgstr "Lekcja"

msgid "{features} [features:row|rows] of {num_units}"
msgstr "{features} [features:wiersz|wiersze|wierszy] po {num_units}"

msgid "{n:,} character,"
msgid_plural "{n:,} characters,"
msgstr[0] "{n:,} znak,"
msgstr[1] "{n:,} znaki,"
msgstr[2] "{n:,} znaków,"

msgid "{n} window"
msgid_plural "{n} windows"
msgstr[0] "{n} okno"
msgstr[1] "{n} okna"
msgstr[2] "{n} okien"

msgid "window"
msgid_plural "windows"
msgstr[0] "okno"
msgstr[1] "okna"
msgstr[2] "okien"
"""

FORM = {0: 2, 1: 0, 2: 1, 5: 2, 12: 2, 22: 1, 25: 2}
"""The plural form of each number, from a grammar of Polish."""

LESSON = LESSONS["what-is-num-units"].pages[1]


@pytest.fixture(autouse=True)
def polish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Translator]:
    (tmp_path / "pl.po").write_text(PO, encoding="utf-8")
    monkeypatch.setattr(languages, "CATALOGS", tmp_path)
    monkeypatch.setitem(LANGUAGES, "pl", "Polski")
    yield translator("pl")
    translator.cache_clear()


def test_a_phrase_has_the_plural_form_of_its_number(polish: Translator) -> None:
    for n, form in FORM.items():
        steps = plural("{n:,} step", "{n:,} steps", n)
        expected = f"{n} {('krok', 'kroki', 'kroków')[form]}"

        assert polish(steps) == expected
        assert polish(phrase("{steps} here", steps=steps)) == f"tutaj {expected}"


def test_a_template_uses_plural_forms() -> None:
    page = templates.from_string('{{ ngettext("{n} window", "{n} windows", n) }}')
    for n, form in FORM.items():
        assert page.render(n=n, lang="pl") == f"{n} {('okno', 'okna', 'okien')[form]}"


def test_phrases_that_are_equal_in_english_may_differ_in_a_template() -> None:
    page = templates.from_string("{{ _(what) }}, {{ _('{steps} here', steps=what) }}")
    for n in (2, 5):
        window = ("okno", "okna", "okien")[FORM[n]]
        assert page.render(what=plural("window", "windows", n), lang="pl") == f"{window}, tutaj {window}"


def test_a_lesson_uses_plural_forms(polish: Translator) -> None:
    text = "{features} [features:row|rows] of {num_units}"
    for n, form in FORM.items():
        word = ("wiersz", "wiersze", "wierszy")[form]
        assert polish.inflect(polish(text), {"features": n}.__getitem__) == f"{{features}} {word} po {{num_units}}"
        if n:
            stack = parse([("features", str(n))], strict=True).stack
            assert plain(tokens(polish(text), stack, translate=polish), stack) == f"{n} {word} po {stack.num_units}"


def test_a_lesson_that_is_not_translated_keeps_the_english_forms(polish: Translator) -> None:
    text = in_language(LESSON, "pl").paragraphs[0]
    for n in (1, 2, 5, 22):
        stack = parse([("features", str(n)), ("batch_size", str(n))], strict=True).stack
        assert plain(tokens(text, stack, translate=polish), stack) == plain(tokens(text, stack), stack)
    assert [polish.inflect("[n:row|rows]", {"n": n}.__getitem__) for n in (0, 1, 2, 5)] == [
        "rows",
        "row",
        "rows",
        "rows",
    ]


def test_a_picture_and_its_sentence_use_plural_forms(polish: Translator) -> None:
    for n, form in FORM.items():
        if n > 1:
            state = parse([("time_step", str(n)), ("view", "batch")], strict=True)
            word = ("krok", "kroki", "kroków")[form]
            assert f" {n} {word}" in picture_of(state, translate=polish).title
            assert "".join(text for text, _ in sentence(state.stack, polish)).startswith(f"Jedna komórka, {n} {word}. ")


def test_a_count_on_the_page_uses_plural_forms() -> None:
    client = TestClient(create_app())
    for n, form in FORM.items():
        if n:
            link = f"/?data=text&text={'a' * n}&time_step=3"
            page = client.get(link, headers={"Accept-Language": "pl"}).text
            assert '<html lang="pl"' in page
            assert f"{n} {('znak', 'znaki', 'znaków')[form]}," in page


def test_exactly_one_is_distinguished_from_other_numbers_in_every_language(polish: Translator) -> None:
    text = "[n=1:the only [n:krok|kroki|kroków]|all {n} [n:krok|kroki|kroków]]"
    texts = [polish.inflect(text, {"n": n}.__getitem__) for n in (1, 2, 5)]

    assert texts == ["the only krok", "all {n} kroki", "all {n} kroków"]
    assert ENGLISH.inflect("[n=1:the row|{n} [n:row|rows]]", {"n": 1}.__getitem__) == "the row"
