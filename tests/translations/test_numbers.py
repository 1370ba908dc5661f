"""Numbers for readers: thousands in groups, in one place."""

import ast
import re
from collections.abc import Iterator
from gettext import NullTranslations
from pathlib import Path

from app.translations.numbers import grouped, two_digits
from app.translations.phrases import phrase, plural
from app.translations.translator import ENGLISH, Translator

ROOT = Path(__file__).parents[2]
HOME = {ROOT / "app/translations/numbers.py", ROOT / "static/js/page/numbers.js"}
GROUPS = re.compile(r"\{[^{}:\n]*:[+\d]*,[.\w]*\}")
"""A number in braces with its thousands in groups."""

PHRASE = r'\b(?:_|ngettext)\("[^"]*"(?:, "[^"]*")?'


def test_thousands_are_grouped_with_commas() -> None:
    assert [grouped(n) for n in (0, 999, 1000, 8_247_428)] == ["0", "999", "1,000", "8,247,428"]
    assert (grouped(-1000, "+,"), grouped(1000, "+,"), grouped(1234.567, ",.1f")) == ("-1,000", "+1,000", "1,234.6")


def test_a_number_has_two_significant_digits_as_scripts_write_it() -> None:
    numbers = (0.012345, 0.0199, 0.000012, 1.04, 12.4, 123, 5e-10, 1.5e-7, 9.99e-7, 0)  # of tests/js/training.test.js
    expected = "0.012 0.020 0.000012 1.0 12 120 5e-10 1.5e-7 0.0000010 0.0"
    assert [two_digits(n) for n in numbers] == expected.split()


def test_a_language_may_group_in_another_way() -> None:
    spaced = Translator(NullTranslations(), separator="\u202f")

    assert spaced(grouped(1024)) == "1\u202f024"
    assert (
        spaced(phrase("{n:,} of {all:,} in {name}", n=1024, all=2048, name="a,b")) == "1\u202f024 of 2\u202f048 in a,b"
    )
    assert (
        spaced(phrase("{rows}, {n}", rows=plural("{n:,} row", "{n:,} rows", 1024), n=1024)) == "1\u202f024 rows, 1024"
    )
    assert ENGLISH(grouped(1024)) == "1,024"


def test_nothing_else_groups_the_thousands_of_a_number() -> None:
    found = [
        f"{file.relative_to(ROOT)}: {text}"
        for files, grouping in (
            ("app/**/*.py", in_python),
            ("templates/**/*.html", in_template),
            ("static/js/**/*.js", in_script),
        )
        for file in sorted(ROOT.glob(files))
        if file not in HOME
        for text in grouping(file.read_text(encoding="utf-8"))
    ]
    assert not found, "use `grouped`, or a phrase:\n" + "\n".join(found)


def in_python(text: str) -> Iterator[str]:
    """Formats with a comma, beside those of phrases."""
    nodes = list(ast.walk(ast.parse(text)))
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    phrases = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in ("phrase", "plural")]
    translated = {id(argument) for call in phrases for argument in call.args}
    described = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if isinstance(node, ast.FormattedValue) and node.format_spec and "," in ast.unparse(node.format_spec):
            yield ast.unparse(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and GROUPS.search(node.value):
            if id(node) not in translated | described:
                yield node.value
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "format" and "','" in ast.unparse(node):
            yield ast.unparse(node)


def in_template(text: str) -> Iterator[str]:
    """The same in a template, where a phrase is what ``_`` or ``ngettext`` gets."""
    yield from GROUPS.findall(re.sub(PHRASE, "", text))


def in_script(text: str) -> Iterator[str]:
    yield from re.findall(r"\w*\.toLocaleString|NumberFormat", text)
