"""What must be true of a message, so that a small program fails in the same way."""

import re
from collections.abc import Callable
from functools import partial

from ...facts_about_sizes import GATES
from ..cell_classes import CLASSES
from ..explanation import Explanation
from .facts_of_message import (
    cell_of,
    counts,
    differing_axes,
    first_shape,
    fits_state,
    is_of_model,
    is_of_rows,
    is_packed,
    known_sizes,
    parts_of,
    ranks,
    shape_of,
    sizes_of,
)

Condition = Callable[[Explanation], bool]


def _has_axis_of_size_one(explanation: Explanation, axis: int, is_first: bool) -> bool:
    """Whether the first cause removes an axis of size 1 from the x of a layer that takes the batch, or time, first."""
    is_removed = f".squeeze({axis})" in explanation.mismatch.causes[0].fix
    return ranks(explanation) == ("x", 3, 4) and is_removed and bool(explanation.batch_first) == is_first


CONDITIONS: dict[str, Condition] = {
    "": lambda explanation: True,
    "state": fits_state,
    "units of a state": lambda explanation: differing_axes(explanation) == {"num_units"},
    "h without c": lambda explanation: (
        cell_of(explanation) == "lstm" and (explanation.mismatch.axis == "rank") == (parts_of(explanation) > 1)
    ),
    "one layer of an LSTM": lambda explanation: (
        cell_of(explanation) == "lstm"
        and known_sizes(explanation.mismatch)[0][:1] == (1,)
        and differing_axes(explanation) == {"num_layers*directions", "num_units"}
    ),
    "the batch of h_0": lambda explanation: (
        explanation.mismatch.tensor == "h_0" and differing_axes(explanation) == {"batch_size"}
    ),
    "one direction of h_0": lambda explanation: (
        explanation.mismatch.tensor == "h_0"
        and not (explanation.configuration and explanation.configuration.bidirectional)
        and differing_axes(explanation) == {"num_layers*directions"}
    ),
    "states with a batch": lambda explanation: ranks(explanation) in (("x", 3, 2), ("h_0", 2, 3), ("c_0", 2, 3)),
    "2 axes of a state": lambda explanation: (
        (explanation.mismatch.expected, explanation.mismatch.got) == (3, 2) and parts_of(explanation) == 1
    ),
    "several units": lambda explanation: not explanation.configuration or explanation.configuration.num_units != 1,
    "batch of x": lambda explanation: (explanation.mismatch.tensor, explanation.mismatch.axis) == ("x", "batch_size"),
    "x": lambda explanation: explanation.mismatch.tensor == "x",
    "batch first": lambda explanation: bool(explanation.batch_first),
    "c_0": lambda explanation: explanation.mismatch.tensor == "c_0",
    "factors of rows": lambda explanation: is_of_rows(explanation) is True,
    "factors of columns": lambda explanation: is_of_rows(explanation) is False,
    "x joined with h": lambda explanation: (
        explanation.mismatch.tensor == "x" and is_of_rows(explanation) is None and bool(first_shape(explanation))
    ),
    "h_0 in rows": lambda explanation: (
        explanation.mismatch.tensor == "h_0" and first_shape(explanation)[:1] == explanation.mismatch.expected
    ),
    "h_0 in columns": lambda explanation: (
        explanation.mismatch.tensor == "h_0" and first_shape(explanation)[1:] == explanation.mismatch.expected
    ),
    "all gates": lambda explanation: cell_of(explanation) != "rnn",
    "h_0": lambda explanation: explanation.mismatch.tensor == "h_0",
    "one feature": lambda explanation: known_sizes(explanation.mismatch)[0] == (1,),
    "both directions": lambda explanation: bool(explanation.configuration and explanation.configuration.bidirectional),
    "2 axes of a layer": lambda explanation: ranks(explanation) == ("x", 3, 2) and not is_of_model(explanation),
    "2 axes of a model": lambda explanation: ranks(explanation) == ("x", 3, 2) and is_of_model(explanation),
    "3 axes": lambda explanation: ranks(explanation) == ("x", 2, 3),
    "4 axes": lambda explanation: ranks(explanation) == ("x", 3, 4),
    "number of lengths": lambda explanation: counts(explanation) == (1, 1),
    "lengths of a batch that is not first": lambda explanation: (
        counts(explanation) == (1, 1) and not explanation.batch_first
    ),
    "features of a kernel": lambda explanation: (
        (explanation.mismatch.tensor, explanation.mismatch.axis) == ("kernel", "features")
    ),
    "kernel": lambda explanation: explanation.mismatch.tensor == "kernel",
    "stateful": lambda explanation: (explanation.mismatch.tensor, explanation.mismatch.axis) == ("x", "batch_size"),
    "a smaller batch of a call": lambda explanation: (
        known_sizes(explanation.mismatch)[1] < known_sizes(explanation.mismatch)[0]
        and "batch_size=" in explanation.mismatch.causes[0].fix
    ),
    "layers of a layer": lambda explanation: (
        explanation.mismatch.tensor == "h_0"
        and differing_axes(explanation) == {"num_layers*directions"}
        and re.search(rf"\b({'|'.join(CLASSES.values())})\(", explanation.mismatch.causes[0].fix) is not None
    ),
    "target": lambda explanation: explanation.mismatch.tensor == "target" and counts(explanation) == (1, 1),
    "output": lambda explanation: explanation.mismatch.tensor == "output" and counts(explanation) == (1, 1),
    "mask": lambda explanation: explanation.mismatch.tensor == "mask" and counts(explanation) == (1, 1),
    "projection": lambda explanation: explanation.mismatch.tensor == "projection" and counts(explanation) == (2, 2),
    "a target of no steps": lambda explanation: (
        explanation.mismatch.tensor == "target"
        and explanation.mismatch.axis is None
        and counts(explanation) == (1, 1)
        and 1 not in (*known_sizes(explanation.mismatch)[0], *known_sizes(explanation.mismatch)[1])
    ),
    "a target of several values": lambda explanation: sizes_of(explanation)["batch"] != sizes_of(explanation)["time"],
    "both directions of keys": lambda explanation: (
        counts(explanation) == (1, 1)
        and known_sizes(explanation.mismatch)[0][0] == 2 * known_sizes(explanation.mismatch)[1][0]
    ),
    "several steps and samples": lambda explanation: (
        len({1, sizes_of(explanation)["batch"], sizes_of(explanation)["time"]}) == 3
    ),
    "keys without units": lambda explanation: (
        (explanation.mismatch.tensor, explanation.mismatch.axis) == ("output", None) and counts(explanation) == (2, 2)
    ),
    "a squeezed pair": lambda explanation: "'squeeze'" in explanation.message,
    "three names": lambda explanation: cell_of(explanation) == "lstm" and "expected 3, got 2" in explanation.message,
    "a pair of one state": lambda explanation: "expected 2, got 1" in explanation.message,
    "too long": lambda explanation: (
        counts(explanation) == (1, 1) and known_sizes(explanation.mismatch)[0] < known_sizes(explanation.mismatch)[1]
    ),
    "weights with a bias": lambda explanation: explanation.mismatch.expected == (3,),
    "gates of a kernel": lambda explanation: (
        (explanation.mismatch.tensor, explanation.mismatch.axis) == ("kernel", "gates*num_units")
    ),
    "gates": lambda explanation: explanation.mismatch.axis == "gates*num_units" and counts(explanation) == (2, 2),
    "directions of a checkpoint": lambda explanation: (
        explanation.mismatch.axis == "num_layers*directions"
        and (explanation.found.template.id != "pytorch-load-weight_ih" or parts_of(explanation) > 2)
    ),
    "packed with batch_first": lambda explanation: (
        counts(explanation) == (1, 1) and "batch_first=True" in explanation.mismatch.causes[0].fix
    ),
    **{
        f"an axis of size 1 at {axis} of {order}": partial(
            _has_axis_of_size_one, axis=axis, is_first=order == "batches"
        )
        for axis in (1, 2)
        for order in ("batches", "steps")
    },
    "samples in the first axis": lambda explanation: "[:, " not in explanation.mismatch.causes[0].fix,
    "samples in the second axis": lambda explanation: "[:, " in explanation.mismatch.causes[0].fix,
    "order of x": lambda explanation: (
        (explanation.mismatch.tensor, explanation.mismatch.axis) == ("x", "order") and counts(explanation) == (3, 3)
    ),
    "one layer with one state": lambda explanation: (
        cell_of(explanation) != "lstm"
        and known_sizes(explanation.mismatch)[0][:1] == (1,)
        and differing_axes(explanation) == {"num_layers*directions", "num_units"}
    ),
    "both directions of a state": lambda explanation: (
        explanation.mismatch.tensor == "h_0"
        and differing_axes(explanation) == {"num_layers*directions"}
        and not (explanation.configuration and explanation.configuration.bidirectional)
        and known_sizes(explanation.mismatch)[1][0] == 2 * known_sizes(explanation.mismatch)[0][0]
    ),
    "the state of a packed x": lambda explanation: (
        explanation.mismatch.tensor == "h_0"
        and counts(explanation) == (1, 1)
        and is_packed(explanation)
        and known_sizes(explanation.mismatch)[0][0] > 1
    ),
    "a packed x": lambda explanation: (
        explanation.mismatch.tensor == "x"
        and counts(explanation) == (1, 1)
        and explanation.found.number("d") == GATES[cell_of(explanation)] * sizes_of(explanation)["units"]
        and is_packed(explanation)
        and explanation.found.number("a") > 2
    ),
    "x of an own cell": lambda explanation: (
        explanation.mismatch.tensor == "x" and not CONDITIONS["a packed x"](explanation)
    ),
    "the state of an own cell": lambda explanation: (
        explanation.mismatch.tensor == "h_0" and counts(explanation) == (1, 1) and not is_packed(explanation)
    ),
    "recurrent kernel": lambda explanation: (
        (explanation.mismatch.tensor, explanation.mismatch.axis) == ("recurrent_kernel", "order")
    ),
    "2 biases of a GRU": lambda explanation: (
        explanation.mismatch.tensor == "bias"
        and len(explanation.mismatch.shapes[0]) == 2
        and cell_of(explanation) == "gru"
    ),
    "every step for one target": lambda explanation: list(map(len, explanation.mismatch.shapes)) == [2, 3],
    "target of other classes": lambda explanation: counts(explanation) == (2, 2),
    "a list of outputs": lambda explanation: explanation.mismatch.tensor == "output",
    "twice the units": lambda explanation: (
        bool(known_sizes(explanation.mismatch)[0])
        and known_sizes(explanation.mismatch)[1][-1] == 2 * known_sizes(explanation.mismatch)[0][-1]
    ),
    "output of every step": lambda explanation: (
        explanation.mismatch.tensor == "output" and len(explanation.mismatch.shapes[1]) == 3
    ),
    "both directions of a dense layer": lambda explanation: (
        explanation.mismatch.tensor == "dense_input"
        and counts(explanation) == (1, 1)
        and known_sizes(explanation.mismatch)[1][0] == 2 * known_sizes(explanation.mismatch)[0][0]
    ),
    "x of a cell": lambda explanation: explanation.mismatch.tensor == "x" and len(explanation.mismatch.shapes[1]) == 3,
    "a state of 3 axes": lambda explanation: (
        explanation.mismatch.tensor == "h_0" and len(explanation.mismatch.shapes[1]) == 3
    ),
    "states of both directions of a GRU": lambda explanation: (
        cell_of(explanation) == "gru" and CONDITIONS["both directions"](explanation)
    ),
    "mask of steps": lambda explanation: explanation.mismatch.tensor == "mask" and counts(explanation) == (2, 2),
    "3 sizes of x": lambda explanation: (
        explanation.mismatch.tensor == "x" and len(shape_of(explanation.mismatch.got)) == 3
    ),
    "a smaller batch": lambda explanation: (
        explanation.mismatch.tensor == "h_0"
        and counts(explanation) == (1, 1)
        and cell_of(explanation) == "lstm"
        and known_sizes(explanation.mismatch)[0] < known_sizes(explanation.mismatch)[1]
    ),
    "order of keys": lambda explanation: (
        (explanation.mismatch.tensor, explanation.mismatch.axis) == ("output", "order")
    ),
    "an output of one step": lambda explanation: (
        explanation.mismatch.tensor == "output" and list(map(len, explanation.mismatch.shapes)) == [3, 2]
    ),
    "a target without steps": lambda explanation: (
        explanation.mismatch.tensor == "target"
        and list(map(len, explanation.mismatch.shapes)) == [3, 2]
        and explanation.mismatch.shapes[0][-1] == explanation.mismatch.shapes[1][-1]
    ),
    "a target with one axis of values": lambda explanation: (
        explanation.mismatch.tensor == "target" and len(shape_of(explanation.mismatch.got)) == 2
    ),
    "order of an input": lambda explanation: (
        (explanation.mismatch.tensor, explanation.mismatch.axis) == ("x", "order") and counts(explanation) == (2, 2)
    ),
    "features of an input": lambda explanation: (
        (explanation.mismatch.tensor, explanation.mismatch.axis) == ("x", "features")
        and len(shape_of(explanation.mismatch.got)) == 3
    ),
    "steps of a target": lambda explanation: (
        (explanation.mismatch.tensor, explanation.mismatch.axis) == ("target", "time_step")
        and counts(explanation) == (1, 1)
    ),
    "steps of two shapes": lambda explanation: (
        (explanation.mismatch.tensor, explanation.mismatch.axis) == ("target", "time_step")
        and counts(explanation) == (2, 2)
    ),
    "dense input": lambda explanation: explanation.mismatch.tensor == "dense_input",
    "dense": lambda explanation: explanation.mismatch.tensor == "dense_input" and counts(explanation) == (1, 1),
}
"""What must be true of a message, so that a program fails in the same way."""
