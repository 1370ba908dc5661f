"""A UrlState as a Jupyter notebook: text, the picture, the framework's program, and a comparison of its arrays' shapes
with those in the picture. If the picture hides the shapes, the notebook has an exercise instead: to fill them in."""

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from markupsafe import escape
from starlette.requests import Request
from starlette.responses import Response

from ...core.axes import shape
from ...diagram.painters.svg import svg
from ...diagram.theme import THEMES
from ...translations.languages import translator
from ...translations.phrases import phrase
from ...translations.translator import Translator
from ...url_state.url_state import UrlState
from ...url_state_to_picture.formulas import name as name_of
from ...url_state_to_picture.picture_of_state import picture_of
from ...url_state_to_picture.sentence_above_picture import alt_text
from ..requests_and_responses.absolute_urls import absolute
from ..requests_and_responses.responses import json, respond_in_turn, url_state_of
from ..sharing.markdown import escape_markdown
from .code import check_program, own_program_of, state_of_weights

NOTEBOOK_FILE = "unrolled.ipynb"
"""The name under which browsers save the file."""

Cell = dict[str, Any]


async def notebook_ipynb(request: Request) -> Response:
    """A Jupyter notebook with the picture, the program of /code and a check of the shapes."""
    state = url_state_of(request)
    check_program(state)
    link = absolute(request, "/", state.query())
    weights = absolute(request, "/weights.npz", state_of_weights(state).query())
    return await respond_in_turn(
        request, lambda: json(notebook(state, own_program_of(state), link, weights)), "large", state
    )


def notebook(state: UrlState, program: str, link: str, weights: str) -> dict[str, Any]:
    """The document, by nbformat 4.5. ``link``: the URL of the page; ``weights``: that of the program's weights."""
    translate = translator(state.language)
    rest = _exercise(state, translate) if state.labels == "hidden" else _run(state, program, weights, translate)
    cells = [{"id": f"cell-{n}", **cell} for n, cell in enumerate((*_introduction(state, link, translate), *rest))]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}, "title": alt_text(state, translate)}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _markdown(text: str) -> Cell:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def _code(text: str) -> Cell:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": text.strip()}


def _introduction(state: UrlState, link: str, translate: Translator) -> Iterator[Cell]:
    """The picture with its text. It is in a Markdown cell, since Jupyter hides the outputs of a notebook that is not
    trusted until it is executed."""
    text = escape_markdown(alt_text(state, translate))
    yield _markdown(f"# Unrolled\n\n{text}\n\n[{translate(OPEN)}]({link})")
    picture = picture_of(state, translate=translate)
    image = b64encode(svg(picture, THEMES[state.theme]).encode()).decode()
    alt = escape(alt_text(state, translate))
    yield _markdown(f'<img src="data:image/svg+xml;base64,{image}" alt="{alt}" width="{picture.width:g}">')


OPEN = phrase("Open it in Unrolled")

ARGUMENTS = """
import sys

sys.argv[1:] = []  # ["weights.npz"] for the numbers of the picture, once you have that file: {weights}
"""


def _run(state: UrlState, program: str, weights: str, translate: Translator) -> Iterator[Cell]:
    """The program, and the comparison of its arrays with the picture."""
    yield _markdown(translate(phrase("The program asserts every shape, so it stops with an error if one is wrong.")))
    yield _code(ARGUMENTS.format(weights=weights))
    yield _code(program)
    yield _markdown(translate(phrase("Inputs and outputs, compared with the picture:")))
    yield _code(_comparison(_io_shapes(state, program)))


def _io_shapes(state: UrlState, program: str) -> dict[str, tuple[int, ...]]:
    """The inputs and outputs that are variables of the program, with their shapes in the picture."""
    model = state.shown_model
    shapes = {array.name: shape(array.axes, model.sizes) for array in (model.input, *model.outputs)}
    return {name: it for name, it in shapes.items() if f"assert {name}.shape" in program or f"\n{name} = " in program}


def _comparison(shapes: dict[str, tuple[int, ...]]) -> str:
    """Code that compares the shapes of variables with these."""
    lines = "".join(f"    {name!r}: ({name}, {it}),\n" for name, it in shapes.items())
    return f"""
compared = {{
{lines}}}
for name, (array, expected) in compared.items():
    assert tuple(array.shape) == expected, f"{{name}} is {{tuple(array.shape)}}, not {{expected}}"
    print(name, expected)
"""


def _exercise(state: UrlState, translate: Translator) -> Iterator[Cell]:
    """Shapes to fill in, and code that checks them by hashes, which do not reveal a shape."""
    tensors = state.program.step
    width = max(len(t.id) for t in tensors) + 3
    blanks = "".join(f"    {f'{t.id!r}:':<{width}} (),  # {translate(name_of(state, t))}\n" for t in tensors)
    marks = "".join(f"    {t.id!r}: {hash_of(t.id, t.shape(state.sizes))!r},\n" for t in tensors)
    yield _markdown(
        translate(phrase("Fill in the shape of every tensor in a step, such as (3, 5), then run both cells."))
    )
    yield _code(f"shapes = {{\n{blanks}}}")
    yield _code(
        f"""
from hashlib import sha256

marks = {{
{marks}}}
for name, shape in shapes.items():
    right = sha256(f"{{name}} {{tuple(shape)}}".encode()).hexdigest()[:{DIGITS}] == marks[name]
    print("✓" if right else "✗", name, shape)
"""
    )


DIGITS = 12
"""Hexadecimal digits of a hash."""


def hash_of(name: str, shape: tuple[int, ...]) -> str:
    """A hash by which the notebook recognizes the right shape of a tensor."""
    return sha256(f"{name} {tuple(shape)}".encode()).hexdigest()[:DIGITS]
