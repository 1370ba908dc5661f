"""What a pasted program says about the slices of a handwritten cell, of which one is not that of its gate."""

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from .....translations.phrases import phrase
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch

FEWEST = 3
"""Slices of the gates of a cell."""


class GateSlice(NamedTuple):
    """A slice of columns: its node, the array, its bounds, and all columns of the array."""

    node: ast.Slice
    array: str
    start: int
    end: int
    columns: int

    @property
    def bounds(self) -> tuple[int, int]:
        return self.start, self.end

    @property
    def width(self) -> int:
        return self.end - self.start


class WrongSlice(NamedTuple):
    """A slice that is not that of its gate, the columns of each gate, and the text of the right slice."""

    wrong: GateSlice
    width: int
    right: str


def _slices(found: Found) -> Iterator[list[GateSlice]]:
    """The slices of columns of each array, in the function that failed."""
    tree, by_array = found.program.tree, dict[str, list[GateSlice]]()
    functions = {tree.function_of(node) for node in tree.nodes_of_failure}
    for one in tree.nodes:
        if isinstance(one, ast.Subscript) and tree.function_of(one) in functions and (part := _of_columns(tree, one)):
            by_array.setdefault(part.array, []).append(part)
    yield from by_array.values()


def _of_columns(tree: ProgramTree, node: ast.Subscript) -> GateSlice | None:
    """The slice of columns of a matrix whose sizes are known; None for another part."""
    match node.slice:
        case ast.Tuple([ast.Slice(None, None, None), ast.Slice(lower, upper, None) as part]):
            axes = tree.axes(node.value)
        case _:
            return None
    columns = axes[1] if len(axes) == 2 else None
    start = tree.number(lower) if lower else 0
    end = tree.number(upper) if upper else columns
    if not isinstance(columns, int) or not isinstance(end, int) or start is None:
        return None
    return GateSlice(part, ast.unparse(node.value), start, end, columns)


def _gap(slices: Sequence[GateSlice], columns: int) -> tuple[int, int] | None:
    """The only columns that slices of equal widths side by side leave; None for other slices."""
    bounds = sorted({one.bounds for one in slices})
    ends = [(0, 0), *bounds, (columns, columns)]
    gaps = [(one[1], other[0]) for one, other in pairwise(ends) if one[1] != other[0]]
    widths = {end - start for start, end in (*bounds, *gaps)}
    return gaps[0] if len(gaps) == len(widths) == 1 and widths.pop() > 0 else None


def _wrong_slice(found: Found) -> WrongSlice | None:
    """The only slice without which the others leave the columns of one gate."""
    tree, wrong = found.program.tree, list[WrongSlice]()
    for slices in _slices(found):
        for one in slices if len({each.bounds for each in slices}) >= FEWEST else ():
            others = [each for each in slices if each.bounds != one.bounds]
            gap = _gap(others, one.columns)
            if gap and gap != one.bounds:
                wrong.append(WrongSlice(one, gap[1] - gap[0], _text(tree, others, gap, one.columns)))
    return (
        wrong[0] if len({one.wrong.bounds for one in wrong}) == len({one.wrong.array for one in wrong}) == 1 else None
    )


def _text(tree: ProgramTree, others: Sequence[GateSlice], gap: tuple[int, int], columns: int) -> str:
    """The slice of a gap, with the bounds of the slices beside it."""
    start, end = gap
    before = next((tree.text(one.node.upper) for one in others if one.end == start and one.node.upper), "")
    after = next((tree.text(one.node.lower) for one in others if one.start == end and one.node.lower), "")
    return f"{before if start else ''}:{after if end < columns else ''}"


def _of_wrong_slice(found: Found, mismatch: Mismatch) -> Mismatch:
    """The sum or the product of a gate with another one, which has other columns."""
    is_of_sum = "sum" in found.template.id or "broadcast" in found.template.id or found.framework == "jax"
    if not is_of_sum or not (one := _wrong_slice(found)):
        return mismatch
    sentence = phrase(
        "Each gate has {width} columns of {array}, but one slice has {got}.",
        width=one.width,
        array=one.wrong.array,
        got=one.wrong.width,
    )
    gate = _gate_of(found.program.tree, one.wrong.node) if found.cell in ("lstm", "gru") else None
    likely = (cause("gate_slice", found.framework),)
    if one.wrong.width < 1:  # an empty array has no axis to compare
        return Mismatch(None, None, sentence, causes=likely, gate=gate)
    return Mismatch(None, "num_units", sentence, (one.width,), (one.wrong.width,), likely, gate=gate)


def _gate_of(tree: ProgramTree, part: ast.Slice) -> str | None:
    """The letter of the gate that a slice is of, by the name that its line gives to it; None for another name."""
    line = next((one for one in tree.above(part) if isinstance(one, ast.Assign)), None)
    match line.targets if line else []:
        case [ast.Name(name)] if letter := OF_GATE.fullmatch(name):
            return letter[1]
    return None


OF_GATE = re.compile(r"(?:gate_?|a_?)?([ifogrz])(?:_?t|_gate)?")
"""The name of a gate."""


def slice_of_gate(found: Found, _: Mismatch) -> Corrections:
    """The line with the slice, with the columns of its gate."""
    one = _wrong_slice(found)
    return found.program.tree.corrected((one.wrong.node, one.right)) if one else ()


RULES = WITHOUT_CAUSES = (_of_wrong_slice,)
"""What the program says about the slices of its gates; also for messages of which nothing else says a cause."""

CORRECTIONS = {"gate_slice": slice_of_gate}
"""Cause -> the lines that it corrects."""
