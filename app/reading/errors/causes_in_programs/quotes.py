"""The line of a pasted program that a cause corrects, found by its text."""

import re
from collections.abc import Callable

from ...code.values import Layer
from ...facts_about_sizes import GATES
from ..code_lines import corrected_lines
from ..code_lines.corrected_lines import RECURRENT, Correction
from ..framework_messages.message_template import Found
from ..mismatch import Mismatch, batches_of, last_size, only_size
from .likely_causes import only_join, unused_embedding

SIZES_OF_STATE = ("directions", "layers", "other_units", "state_order")
"""Causes in which a state was made with other sizes than the message expects."""


CONVERTED = re.compile(r"\.(?:float|double|to|type)\([\w.]{0,40}\)$")


def _called_with_embedding(found: Found, mismatch: Mismatch) -> Correction | None:
    call, embedding = found.program.calls[0], unused_embedding(found.program.source)
    x = call.operands[0].text
    line = found.program.statement(call).strip()
    if not x or x not in line or "\n" in line:
        return None
    return line, line.replace(x, f"{embedding}({CONVERTED.sub('', x)})", 1)


def _joined_of_sequence(found: Found, mismatch: Mismatch) -> Correction | None:
    """The join with the output of the same sequence in place of the first array: the only one with its steps."""
    if not (join := only_join(found)):
        return None
    first, second = join.operands
    names = {
        operand.text
        for one in found.program.operations
        for operand in one.operands
        if operand.text.isidentifier() and "output" in operand.roles and operand.axes[:2] == second.axes[:2]
    } - {first.text, second.text}
    line = found.program.statement(join).strip()
    if len(names) != 1 or "\n" in line:
        return None
    return line, re.sub(rf"\[\s?{re.escape(first.text)}\b", f"[{names.pop()}", line)


def _layer(found: Found) -> Layer | None:
    """The only recurrent layer of the program."""
    layers = {one.layer for one in found.program.calls if one.layer and one.layer.framework == "pytorch"}
    return layers.pop() if len(layers) == 1 else None


def _line(found: Found, layer: Layer | None) -> str:
    """The line that makes a layer; "" without one."""
    return found.program.line_of(layer) if layer else ""


def _placed(found: Found, layer: Layer | None, correction: Correction | None) -> Correction | None:
    """The corrected line of a layer, told from others that are equal."""
    if not correction or not layer:
        return None
    return correction[0], correction[1] + found.program.tree.place(layer.line)


def _batch_first(found: Found, mismatch: Mismatch) -> Correction | None:
    layer = _layer(found) or _time_first_layer(found)
    return _placed(found, layer, corrected_lines.with_argument(_line(found, layer), "batch_first=True"))


def _time_first_layer(found: Found) -> Layer | None:
    """The only recurrent layer that reads time first, of those in the line that failed or of the whole program."""
    for calls in (found.program.failed_calls, found.program.calls):
        made = {one.layer.line: one.layer for one in calls if one.layer and one.layer.framework == "pytorch"}
        layers = [one for one in made.values() if one.setting("batch_first") is False]
        if len(layers) == 1:
            return layers[0]
    return None


def _features(found: Found, mismatch: Mismatch) -> Correction | None:
    """The line that makes the layer of PyTorch with the features of the message."""
    layer, expected, got = _layer(found), only_size(mismatch.expected), only_size(mismatch.got)
    if mismatch.axis == "order":
        expected, got = last_size(mismatch.expected), last_size(mismatch.got)
    if not layer or got is None or mismatch.tensor != "x" or layer.size("features") != expected:
        return None
    return _placed(found, layer, corrected_lines.with_first(_line(found, layer), RECURRENT, got))


def _state(found: Found, mismatch: Mismatch) -> Correction | None:
    """The line that makes a state with the sizes of the message."""
    expected, got = mismatch.expected, mismatch.got
    if not isinstance(expected, tuple) or not isinstance(got, tuple) or None in (*expected, *got):
        return None
    return corrected_lines.with_sizes(found.program.code_lines, got, expected) if len(got) == 3 else None


def _units_of_weights(found: Found, mismatch: Mismatch) -> Correction | None:
    """The line with the number of units of the layer, and with that of the weights."""
    cell, expected, got = found.cell, mismatch.expected, mismatch.got
    if not cell or mismatch.axis != "gates*num_units" or not isinstance(expected, tuple) or not isinstance(got, tuple):
        return None
    rows = [max(size or 0 for size in shape) for shape in (expected, got)]
    if any(size % GATES[cell] for size in rows) or mismatch.tensor != "kernel":
        return None
    units, made = (size // GATES[cell] for size in rows)
    return corrected_lines.with_number(found.program.code_lines, units, made)


def _batch_of_model(found: Found, mismatch: Mismatch) -> Correction | None:
    """The line that fixes the batch of a model with the batch of x."""
    expected, got = batches_of(mismatch)
    batch = re.compile(rf"(batch_(?:input_)?shape\s?=\s?[(\[]\s?){expected}\b")
    lines = [line for line in found.program.code_lines if batch.search(line)]
    if mismatch.tensor != "x" or got is None or len(lines) != 1:
        return None
    return lines[0], batch.sub(rf"\g<1>{got}", lines[0])


QUOTES: dict[str, Callable[[Found, Mismatch], Correction | None]] = {
    **dict.fromkeys(SIZES_OF_STATE, _state),
    "batch_first": _batch_first,
    "other_features": _features,
    "directions_below": _features,
    "other_size": _units_of_weights,
    "other_batch": _batch_of_model,
    "unused_embedding": _called_with_embedding,
    "other_sequence": _joined_of_sequence,
}
"""Cause -> the line of the program that it corrects."""
