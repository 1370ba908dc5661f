"""What the line that failed says about a step or a state in PyTorch that is joined in another order, or indexed like an
output of every step."""

import ast
from typing import NamedTuple

from ....facts_about_sizes import fact
from ...axes_of_arrays import RANK
from ...causes import cause
from ...code_lines.corrected_lines import Correction, Corrections
from ...code_lines.entries_of_states import indexed_states, value_of
from ...code_lines.program_nodes import CONCATENATIONS, name_of, nodes_of_line
from ...framework_messages.message_template import Found
from ...framework_messages.operations.axes import WITHOUT_STEPS
from ...mismatch import Mismatch, Shape, from_code, wrong_shape


def _replaced(code: str, node: ast.expr, text: str) -> Correction:
    """A line of code, and the same with a text in place of a node of it."""
    line = code.strip().encode()
    return code.strip(), (line[: node.col_offset] + text.encode() + line[node.end_col_offset :]).decode()


# -- joins -------------------------------------------------------------------------------------------------------------


class Exchanged(NamedTuple):
    """Two arrays of one step that a line joins: the one with the step first, and the one with the batch first."""

    of_step: ast.Name
    of_batch: ast.Name


def _exchanged(found: Found) -> Exchanged | None:
    """Both arrays of a join along the last axis, of which one has size 1 where the other has the batch; None for
    others."""
    calls = [one for one in nodes_of_line(found.code) if isinstance(one, ast.Call) and name_of(one) in CONCATENATIONS]
    sizes = {found.number("a"), found.number("b")}
    if len(calls) != 1 or not calls[0].args or 1 not in sizes or len(sizes) < 2:
        return None
    match calls[0].args[0]:
        case ast.Tuple([ast.Name() as one, ast.Name() as other]) | ast.List([ast.Name() as one, ast.Name() as other]):
            first = [name for name in (one, other) if _axis_of_step(found, name) == 0]
            second = [name for name in (one, other) if _axis_of_step(found, name) == 1]
            return Exchanged(first[0], second[0]) if len(first) == len(second) == 1 else None
    return None


def _axis_of_step(found: Found, name: ast.Name) -> int | None:
    """The axis of the only step of an array, by the line that makes it, where a product of batches of matrices has
    one row for each sample, or by the shape that the text says; None if it is not known."""
    match value_of(found.program.tree, name.id):
        case ast.Call(func=ast.Attribute(attr="unsqueeze"), args=[ast.Constant(int(axis))]) if axis in (0, 1):
            return axis
        case ast.Call(func=ast.Attribute(attr="bmm")):
            return 1
    said = found.surroundings.said_shapes.get(name.id.lower(), ())
    batch = max(found.number("a"), found.number("b"))
    places: dict[Shape, int] = {(1, batch): 0, (batch, 1): 1}
    return places.get(said[:2]) if len(said) == RANK else None


def _of_exchanged_join(found: Found, mismatch: Mismatch) -> Mismatch:
    """A step with the batch first that is joined with one with the step first."""
    is_of_join = found.framework == "pytorch" and mismatch.tensor in ("output", "x", None)
    if not found.template.id.startswith(("pytorch-join", "pytorch-0-join")) or not is_of_join or not _exchanged(found):
        return mismatch
    batch = max(found.number("a"), found.number("b"))
    shapes = ((1, batch, None), (batch, 1, None))
    wanted, got = reversed(shapes) if found.surroundings.flag("batch_first") else shapes
    facts = [*mismatch.facts, fact("batch_size", batch, "step"), fact("time_step", 1, "step")]
    tensor = mismatch.tensor or "output"
    return from_code(wrong_shape(tensor, "order", wanted, got, [cause("time_first", "pytorch")], facts))


def transposed_step(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that joins both arrays, with the one transposed that has not the order of the layer."""
    exchanged = _exchanged(found) if mismatch.axis == "order" else None
    if not exchanged:
        return ()
    wrong = exchanged.of_step if found.surroundings.flag("batch_first") else exchanged.of_batch
    return [_replaced(found.code, wrong, f"{wrong.id}.transpose(0, 1)")]


# -- indices -----------------------------------------------------------------------------------------------------------


def whole_state(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that indexes the state of one layer like an output of every step, without the index."""
    if [one.sentence for one in mismatch.causes] != [WITHOUT_STEPS]:
        return ()
    indexed = indexed_states(found.program.tree, found.code)
    return [_replaced(found.code, one, ast.unparse(one.value)) for one in indexed][:1]


RULES = (_of_exchanged_join,)

WITHOUT_CAUSES = (_of_exchanged_join,)

CORRECTIONS = {"time_first": transposed_step, "kept_last_step": whole_state}
"""Cause -> the lines that it corrects."""
