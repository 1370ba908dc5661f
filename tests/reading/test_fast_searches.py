"""What makes reading long texts fast finds the same as searching for everything everywhere."""

import sys
from functools import cache

import pytest
from handwritten_cells import PROGRAMS as HANDWRITTEN_CELLS
from hypothesis import given
from hypothesis import strategies as st
from networks import PROGRAMS as NETWORKS
from provoked import others, recorded

from app.reading.errors import explanation
from app.reading.errors.fragments import LENGTH, FragmentsOfTemplates
from app.reading.errors.pasted_text import BLOCK, PastedText
from app.reading.errors.pattern_with_word import PatternWithWord

TEXTS = [*recorded().values(), *others().values()]

PATTERNS = {
    f"{variable} of {name.rpartition('.')[2]}": [one for one in values if isinstance(one, PatternWithWord)]
    for name, module in sorted(sys.modules.items())
    if name.startswith(explanation.__name__.rpartition(".")[0])
    for variable, value in vars(module).items()
    for values in [value if isinstance(value, tuple) else (value,)]
    if any(isinstance(one, PatternWithWord) for one in values)
}


def test_every_template_that_a_recorded_text_has_is_possible_in_it() -> None:
    fragments = FragmentsOfTemplates([one.literals for one in explanation.TEMPLATES])
    found = 0
    for text in TEXTS:
        folded = PastedText(text).folded
        possible = [*fragments.possible_in(folded)]
        there = [n for n, one in enumerate(explanation.TEMPLATES) if one.last(folded)]
        found += len(there)
        assert {*there} <= {*possible}
        assert possible == sorted(possible)

    assert found >= len(recorded())


@given(st.text(max_size=40), st.text(max_size=12), st.text(max_size=40))
def test_a_text_is_possible_wherever_it_stands(before: str, text: str, after: str) -> None:
    assert [*FragmentsOfTemplates([[text]]).possible_in(before + text + after)] == [0]


def test_templates_with_a_fragment_that_a_text_lacks_are_not_possible() -> None:
    templates = [["hidden"], ["size"], ["hidden", "sizes"], ["a" * (LENGTH - 1)], ["é−×"]]

    assert [*FragmentsOfTemplates(templates).possible_in("expected hidden size")] == [0, 1, 3]


@pytest.mark.parametrize("patterns", PATTERNS.values(), ids=PATTERNS)
def test_everything_that_a_pattern_matches_has_one_of_its_words(patterns: list[PatternWithWord]) -> None:
    for pattern in patterns:
        for line in _lines():
            matches = [match.span() for match in pattern.pattern.finditer(line)]
            assert [match.span() for match in pattern.finditer(line)] == matches


@cache
def _lines() -> frozenset[str]:
    """The lines of the recorded texts, and of the programs that people paste, in the forms in which they are
    searched."""
    texts = [*TEXTS, *map(NETWORKS.wrong, NETWORKS.stems), *map(HANDWRITTEN_CELLS.wrong, HANDWRITTEN_CELLS.stems)]
    lines = {line for text in texts for line in text.split("\n")}
    return frozenset({*lines, *map(str.lower, lines), *(line.replace(" ", "").lower() for line in lines)})


@pytest.mark.parametrize("text", ["x", "  x  ", "LSTM (1, 2)\n" * BLOCK, "a" + " " * 3 * BLOCK + "b\n\n"])
def test_a_position_is_that_of_the_character(text: str) -> None:
    pasted = PastedText(text)
    places = [n for n, character in enumerate(pasted.readable) if not character.isspace()]

    assert [pasted.position(n) for n in range(len(pasted.folded))] == places
