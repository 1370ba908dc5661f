"""The signs in the picture of a typed cell that need an explanation: a small picture of each, with its words."""

from collections.abc import Iterator
from typing import NamedTuple

from ...core.axes import Axis, Sizes
from ...core.program import Program
from ...translations.phrases import CommaSeparated, phrase
from ..array_names import our_naming
from ..drawing import Drawing
from ..elements import Box, Outline, Picture, Shape
from ..graph import Form
from ..layouts.typed_cells.operation_sizes import SIGN_HEIGHT
from ..layouts.typed_cells.operations import DrawnOperation
from ..layouts.typed_cells.placement import plan_of
from ..matrix_axes import drawn_axes, edges, layer_axes
from ..shape_labels import lettering
from ..signs_of_typed_cells import (
    SQUARE,
    TRAPEZOID,
    choice_width,
    is_only_number,
    joined_axes,
    reduction_width,
    width_of,
    word_of,
)
from ..size_notation import OURS, Notation
from ..theme import axis_role

SIZE = 48.0, 36.0
"""The least width, and the height of each picture."""


class SignEntry(NamedTuple):
    """A sign and its meaning."""

    picture: Picture
    words: str


def sign_legend(program: Program, sizes: Sizes, notation: Notation = OURS, opened: str = "") -> list[SignEntry]:
    """The signs that occur in the picture of a typed cell, each once: ribbons, outer products, sums over an axis,
    choices, signs whose inputs have an order, and layers of the cell."""
    naming = our_naming(program)
    d = Drawing(program, sizes, lettering("numbers", notation, 13.0, 12.0), naming)
    return list(_entries(d, opened))


def _entries(d: Drawing, opened: str) -> Iterator[SignEntry]:
    width, height = SIZE
    operations = plan_of(d.program, opened).arranged.drawn
    if ribbon := next((t for t in d.program.step if edges(d.program, t.axes)), None):
        begin, end = (d.port("exit", ribbon.id, x, height / 2) for x in (1.0, width - 1))
        d.wire(ribbon.id, begin, end, head=False)
        first, second = drawn_axes(d.program, ribbon.axes)[-2:]
        words = phrase(
            "a matrix: an edge for {first}, one for {second}", first=_name(d, first), second=_name(d, second)
        )
        yield SignEntry(_picture(d, words), words)
    if outer := next((o for o in operations if o.sign == "outer"), None):
        first, second = drawn_axes(d.program, d.axes(outer.result))[-2:]
        words = phrase(
            "outer product: each number of {first} times each of {second}",
            first=_name(d, first),
            second=_name(d, second),
        )
        yield _entry(d, "outer", outer, SQUARE, SQUARE, words)
    known: set[str] = set()
    for o in operations:
        if o.sign == "reduction" and (meaning := _reduction_words(d, o)) not in known:
            known.add(meaning)
            wide = reduction_width(d.program, o.shown)
            yield _entry(d, "reduction", o, wide, TRAPEZOID[1], meaning)
    if choice := next((o for o in operations if o.sign == "choice"), None):
        words = phrase("the number at 1 where ? is true, that at 0 elsewhere")
        yield _entry(d, "choice", choice, choice_width(d.program, choice.shown), SQUARE, words)
    ordered = {word_of(d.program, o.shown): o for o in operations if o.first}
    if ordered:
        forms = CommaSeparated(f"a {sign} b" for sign in ordered)
        words = phrase("{forms}: a comes straight, b from the side", forms=forms)
        o = next(iter(ordered.values()))
        yield _entry(d, "sign", o, width_of(d.program, o.shown), SIGN_HEIGHT, words)
    for axis in layer_axes(d.program)[:1]:
        d.shapes += _layers(axis_role(axis.names[0], d.sizes))
        words = phrase("a layer of the cell for each of the {axis}", axis=_name(d, axis))
        yield SignEntry(_picture(d, words), words)


def _entry(d: Drawing, form: Form, o: DrawnOperation, wide: float, high: float, words: str) -> SignEntry:
    """The sign of an operation."""
    width, height = SIZE
    width = max(width, wide + 2)
    d.draw(d.operation(form, o.shown, width / 2, height / 2, wide, high))
    return SignEntry(_picture(d, words, width), words)


def _reduction_words(d: Drawing, o: DrawnOperation) -> str:
    over = CommaSeparated(_name(d, axis) for axis in joined_axes(d.program, d.tensor(o.shown)))
    if len(o.inputs) > 1 or d.tensor(o.shown).operation.kind == "contraction":
        return phrase("multiplied, then summed over {axes}", axes=over)
    if is_only_number(d.program, d.tensor(o.shown)):
        return phrase("the only number along an axis of size 1")
    return phrase("one number of all along {axes}", axes=over)


def _name(d: Drawing, axis: Axis) -> str:
    return "+".join(d.lettering.notation.name(name) for name in axis.names)


def _layers(role: str) -> list[Shape]:
    """Two layers of a cell, one behind the other."""
    behind = 14.0, 3.0, 28.0, 22.0, 6.0
    return [Box("cell", *behind), Outline(role, *behind, 1.3), Box("cell", 8.0, 9.0, 28.0, 22.0, 6.0)]


def _picture(d: Drawing, words: str, width: float = SIZE[0]) -> Picture:
    """What was drawn since the last picture."""
    shapes = tuple(d.shapes)
    d.shapes.clear()
    return Picture(width, SIZE[1], shapes, words)
