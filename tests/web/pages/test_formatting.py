"""Plain mathematics as HTML."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_text import text_of
from pairing import ALL_COMBINATIONS

from app.core.cells import CELLS
from app.core.program import capture
from app.web.pages.parts.formatting import mathematics


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("X", "<i>X</i>"),
        ("xₜ", "<i>x</i><sub>2</sub>"),
        ("hₜ₋₁", "<i>h</i><sub>1</sub>"),
        ("a_f", "<i>a</i><sub><i>f</i></sub>"),
        ("fₜ = σ(a_f)", "<i>f</i><sub>2</sub> = <i>σ</i>(<i>a</i><sub><i>f</i></sub>)"),
        ("tanh(cₜ)", "tanh(<i>c</i><sub>2</sub>)"),
        ("[hₜ₋₁, xₜ]", "[<i>h</i><sub>1</sub>, <i>x</i><sub>2</sub>]"),
    ],
)
def test_letters_are_italic_and_subscripts_are_subscripts(text: str, html: str) -> None:
    assert mathematics(text, 2) == html


def test_the_step_before_the_first_is_minus_one() -> None:
    assert mathematics("cₜ₋₁", 0) == "<i>c</i><sub>−1</sub>"


@pytest.mark.parametrize("text", ["<script>", "a & b", "\"'", "&lt;", "&#39;"])
def test_markup_is_escaped(text: str) -> None:
    assert text_of(f"<p>{mathematics(text, 2)}") == text


@settings(max_examples=100 if ALL_COMBINATIONS else 30)
@given(st.text())
def test_formatting_keeps_every_character(text: str) -> None:
    plain = text.replace("ₜ", "").replace("\r", "").replace("\0", "").replace("_", "")

    assert text_of(f"<p>{mathematics(plain, 2)}") == plain


@pytest.mark.parametrize("cell", CELLS)
def test_no_plain_notation_is_left_in_a_formula(cell: str) -> None:
    program = capture(CELLS[cell])

    for t in program.tensors:
        html = mathematics(program.formula(t), 3)
        assert not set("ₜ₋₁") & set(html)
        assert not t.symbol.count("_") or "<sub>" in html
