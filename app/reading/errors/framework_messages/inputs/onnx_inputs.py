"""Messages of ONNX Runtime about an input of a model: x or an initial state, by its name; and those of ONNX's own
inference of shapes, which is about x and what a graph declares for an output."""

import re
from dataclasses import replace

from .....translations.phrases import phrase
from ....facts_about_sizes import fact
from ...axes_of_arrays import RANK, axes_of_x_in_order
from ...causes import cause
from ...mismatch import NOT_RECURRENT, Cause, Mismatch, NoShapeError, of_unknown_arrays, written, wrong_rank, wrong_size
from ..message_template import Found, MessageTemplate
from .inputs import rank

OTHER_INDEX = re.compile(r"index:(\d{1,2}) ?got:(\d{1,9}) ?expected:(\d{1,9})")
"""Another axis in a message of ONNX Runtime; in the folded text."""

STATE = re.compile(r"(?:^|_|initial)([hc])(?:_?[0n]|_in|x)?$")
"""Names of initial states of ONNX models."""

OF_STATE = re.compile(r"(?:^|_)(?:in_?)?state(?:_?in)?$|(?:^|_)hidden(?:_state|_in)?$")
"""Names of initial states of ONNX models that do not say whether they are h or c."""

UNKNOWN_STATE = "state"
"""An initial state of an LSTM of which the name does not say whether it is h or c."""


def _state_of_onnx(found: Found) -> str:
    """Which initial state an input of an ONNX model is, by its name; "" for x."""
    name = found.text("layer").lower()
    if state := STATE.search(name):
        return f"{state[1]}_0"
    if not OF_STATE.search(name):
        return ""
    return "h_0" if "hidden" in name or found.cell in ("gru", "rnn") else UNKNOWN_STATE


def rank_of_input(found: Found) -> Mismatch:
    """An input of an ONNX model with another number of axes: x or an initial state, by its name."""
    state, got = _state_of_onnx(found), found.number("got")
    if state == UNKNOWN_STATE:
        values = {"expected": found.number("expected"), "got": got}
        sentence = phrase("An initial state needs {expected} axes, but it has {got}.", **values)
        causes = [_extra_axis(found)] if got == found.number("expected") + 1 else []
        return replace(wrong_rank("h_0", found.number("expected"), got, causes), sentence=sentence)  # or c_0, alike
    if not state:
        return rank(found)
    causes = [cause("unsqueeze", "onnx", state=found.text("layer"))] if got == 2 else []
    return wrong_rank(state, found.number("expected"), got, causes)


def _extra_axis(found: Found) -> Cause:
    """An axis too many of a state."""
    sentence = phrase("The state has one axis more than the model takes, often one of size 1 in front: remove it.")
    folded = found.text("layer")
    written = re.search(re.escape(folded), found.surroundings.original, re.IGNORECASE)
    state = written[0] if written else folded
    return replace(cause("extra_state_axis", "onnx", state=state), sentence=sentence)


def sizes_of_input(found: Found) -> Mismatch:
    """An input of an ONNX model with other sizes than the model has. The last axis counts, or else the first one that
    differs."""
    differing, state = _differing(found), _state_of_onnx(found)
    if max(differing) > LAST_AXIS:
        raise NoShapeError(phrase("an input that is not of a recurrent layer"))
    axes = axes_of_x_in_order(_is_batch_first(found))
    if (exchanged := _exchanged(found)) and not state:
        return _of_exchanged_axes(found, exchanged, axes)
    index = LAST_AXIS if LAST_AXIS in differing else min(differing)
    got, expected = differing[index]
    tensor = "x"
    if state:
        tensor, axes = "h_0" if state == UNKNOWN_STATE else state, ("num_layers*directions", "batch_size", "num_units")
    is_of_one = expected == 1 and index < LAST_AXIS and tensor == "x"  # most examples of an export have one sample
    axis = "batch_size" if is_of_one else axes[index]
    id = FIXED.get(axis, "exported_sizes")
    indices = ", ".join(map(str, sorted(differing)))
    sizes: dict[str, int | str] = {"state": found.text("layer"), "parts": "num_layers", "units": expected}
    likely = cause(id, "onnx", input=found.text("layer"), index=indices, expected=expected, **sizes)
    if state == UNKNOWN_STATE:
        values = {"axis": axis, "expected": expected, "got": got}
        sentence = phrase("An initial state needs {axis} = {expected}, but it has {got}.", **values)
        return Mismatch(None, None, sentence, causes=(likely,))
    return wrong_size(tensor, axis, expected, got, [likely], [fact(axis, expected, tensor)])


FIXED = {"features": "other_features", "num_units": "other_units"}
"""An axis of which the weights say the size, so that no export makes it any other -> the cause."""


def _differing(found: Found) -> dict[int, tuple[int, int]]:
    """The axes that differ, each with the size that it has and the one that the model needs."""
    others = (tuple(map(int, match.groups())) for match in OTHER_INDEX.finditer(found.after[:MOST_AFTER]))
    return {index: (got, expected) for index, got, expected in (*others, _first(found))}


def _first(found: Found) -> tuple[int, int, int]:
    return found.number("i"), found.number("got"), found.number("expected")


def _exchanged(found: Found) -> tuple[int, ...]:
    """The two axes that differ, if each has the size of the other one; () for others."""
    differing = _differing(found)
    sizes = [*differing.values()]
    return tuple(sorted(differing)) if len(sizes) == 2 and sizes[0] == sizes[1][::-1] else ()


def exchanges_steps(found: Found) -> bool:
    """Whether the first two axes are exchanged, those of the batch and the steps, which other networks do not have."""
    sizes = (size for pair in _differing(found).values() for size in pair)
    return _exchanged(found) == (0, 1) and 1 not in sizes


def _is_batch_first(found: Found) -> bool:
    """Whether x has the batch first, and an export or a node before the layer puts time first."""
    return bool(found.surroundings.flag("batch_first") or TIME_PUT_FIRST.search(found.surroundings.text))


def _of_exchanged_axes(found: Found, exchanged: tuple[int, ...], axes: tuple[str, ...]) -> Mismatch:
    """Two axes of x in the other order than the model has them."""
    differing = _differing(found)
    expected, got = (tuple(differing[n][which] for n in exchanged) for which in (1, 0))
    values = {"first": exchanged[0], "second": exchanged[1], "got": written(got), "expected": written(expected)}
    sentence = phrase(
        "Axes {first} and {second} of the input x are exchanged: they have the sizes {got}, and the model needs"
        " {expected}.",
        **values,
    )
    likely = cause("exchanged_axes", "onnx", input=found.text("layer"), first=exchanged[0], second=exchanged[1])
    is_known = _is_batch_first(found) or exchanged != (0, 1)
    known = [(axes[n], differing[n][1]) for n in exchanged if is_known]
    return Mismatch("x", "order", sentence, causes=(likely,), facts=tuple(fact(name, n, "x") for name, n in known))


def declared_rank(found: Found) -> Mismatch:
    """An output of a recurrent operator for which the graph declares another number of axes."""
    _check_operator(found)
    return wrong_rank("output", found.number("expected"), found.number("got"))


def declared_size(found: Found) -> Mismatch:
    """An output of a recurrent operator for which the graph declares another size. Y has four axes and the last states
    have three: the fourth one, and any with as many values as the operator has units, is that of the units."""
    _check_operator(found)
    expected = found.number("expected")
    if found.number("i") != AXIS_OF_UNITS and expected != found.surroundings.number("hidden_size"):
        raise NoShapeError()
    return wrong_size("output", "num_units", expected, found.number("got"), (), [fact("num_units", expected, "output")])


def _check_operator(found: Found) -> None:
    """Raises NoShapeError if the shapes of an operator are inferred that is not recurrent."""
    if not is_of_operator(found):
        raise NoShapeError(NOT_RECURRENT)


def is_of_operator(found: Found) -> bool:
    """Whether the shapes of a recurrent operator are inferred."""
    operators = OPERATOR.findall(found.before[-MOST_AFTER:])
    return operators[-1:] in (["lstm"], ["gru"], ["rnn"])


OPERATOR = re.compile(r"\(op_type:([a-z]{1,40})")
"""The operator whose shapes are inferred, in the folded text."""

AXIS_OF_UNITS = 3
"""The index of the units in Y, whose axes are the steps, the directions, the batch and the units."""

MOST_AFTER = 200
"""Characters after a message in which its other axes stand, or before it in which its operator stands."""

TIME_PUT_FIRST = re.compile(r"[\"']transpose[\"'][^\n]{0,80}\bperm\s?=\s?[\[(]\s?1\s?,\s?0\b")
"""The node of a graph that puts time before the batch, in lower case."""

LAST_AXIS = 2
"""The index of the last axis of x and of a state."""


def negative_size(found: Found) -> Mismatch:
    """An input with a size of -1, which a model says for an axis that may have any size. If the text lists the sizes of
    the only input, which has three axes, and speaks of the batch, this is the free axis, first or second."""
    sizes = [int(size) for size in LISTED_SIZES.findall(found.surroundings.text)]
    if len(sizes) != RANK or sizes.count(-1) != 1 or sizes[-1] == -1 or "batch" not in found.surroundings.text:
        return of_unknown_arrays()
    sentence = phrase("The framework expected a positive batch_size of x, but got -1.")
    axes = axes_of_x_in_order(is_batch_first=sizes[0] == -1)
    facts = tuple(fact(name, size, "X") for name, size in zip(axes, sizes, strict=True) if size > 0)
    return Mismatch("x", "batch_size", sentence, None, (-1,), (cause("negative_batch", "onnx"),), facts)


LISTED_SIZES = re.compile(r"\bdim[ _]?\d[ ]?[=:][ ]?(-?\d{1,9})\b")
"""A size in the list that ONNX Runtime's example of an inference writes, in lower case."""

TEMPLATES = (
    *(
        MessageTemplate(f"onnx-negative-{id}", "onnx", "1", text, negative_size, anywhere=True)
        for id, text in (
            ("size", "shape.Size() must >=0"),
            ("value", "tried creating tensor with negative value in shape"),
        )
    ),
    MessageTemplate(
        "onnx-input-rank",
        "onnx",
        "1",
        "Invalid rank for input: {layer:name} Got: {got:n} Expected: {expected:n}",
        rank_of_input,
        anywhere=True,
    ),
    MessageTemplate(
        "onnx-input-size",
        "onnx",
        "1",
        "Got invalid dimensions for input: {layer:name} for the following indices index: {i:n} Got: {got:n} Expected:"
        " {expected:n}",
        sizes_of_input,
        anywhere=True,
        is_of_recurrence=exchanges_steps,
    ),
    MessageTemplate(
        "onnx-node-rank",
        "onnx",
        "1",
        "Input 0 expected to have rank {expected:n} but has rank {got:n} in node",
        rank,
        anywhere=True,
        is_of_recurrence=is_of_operator,
    ),
    *(
        MessageTemplate(
            f"onnx-declared-{id}",
            "onnx",
            "1",
            f"Inferred shape and existing shape differ in {text}: ({{expected:n}}) vs ({{got:n}})",
            read,
            anywhere=True,
            is_of_recurrence=is_of_operator,
        )
        for id, text, read in (("rank", "rank", declared_rank), ("size", "dimension {i:n}", declared_size))
    ),
)
