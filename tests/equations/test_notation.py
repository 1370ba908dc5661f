"""The notation of papers: what is read, what is assumed and asked, what is wrong, and LaTeX and MathML."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest
from paper_texts import PAPERS, Values

from app.core.initializers import stack_weights
from app.core.input_data import make_input
from app.core.run import run_stack
from app.core.stack import Stack
from app.equations.gallery import GALLERY, SHIPPED
from app.equations.notation import mathematics, read, to_latex
from app.equations.resolver import cell_of

PLACE = 0, "forward"
EVERY = {**SHIPPED, **GALLERY}


@pytest.mark.parametrize("id", PAPERS)
def test_a_text_as_a_paper_prints_it_gives_the_numbers_of_the_paper(id: str) -> None:
    text, step = PAPERS[id]
    cell = cell_of(read(text.strip("\n")).text)
    tied = "features" in cell.own_sizes
    stack = Stack(cell, 2, 4, 5 if tied else 3, 5)
    weights, X = stack_weights(stack, 7, "float64"), make_input(stack.sizes, 7, "float64")
    trace = run_stack(stack, weights, X).traces[PLACE]
    previous = {name: np.array(trace.array(f"{name}_prev", 0)) for name in cell.states}
    for t in range(4):
        made = step(Values(**weights[PLACE]), X[:, t], Values(**previous))
        np.testing.assert_allclose(trace.array("Y")[:, t], made["Y"], rtol=1e-12, atol=1e-13, err_msg=cell.text)
        previous = {name: made[name] for name in previous}


@pytest.mark.parametrize("id", EVERY)
def test_equations_set_in_latex_and_read_again_are_the_same(id: str) -> None:
    assert read(to_latex(EVERY[id])).text == EVERY[id]


@pytest.mark.parametrize("id", EVERY)
def test_each_equation_is_well_formed_mathml(id: str) -> None:
    found = mathematics(EVERY[id])
    lines = EVERY[id].split("\n")
    for formula in found:
        math = ET.fromstring(formula.mathml)
        assert "".join(math.itertext()).count("(") == "".join(math.itertext()).count(")")
        assert lines[formula.line - 1].startswith(formula.names[0])


@pytest.mark.parametrize("id", EVERY)
def test_our_own_language_is_not_changed(id: str) -> None:
    found = read(EVERY[id])
    assert found.text == EVERY[id] and found.is_own and not found.assumptions and not found.questions
