"""Small complete programs that fail as a message says, and run with the corrected lines.

``make oracles`` executes them in the real frameworks.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import prod
from textwrap import dedent
from typing import NamedTuple

from ...facts_about_sizes import GATES, Configuration
from ..causes_in_programs.likely_causes import stacked
from ..causes_in_programs.outputs.joined_outputs import joined_output
from ..cell_classes import CLASSES, KERAS_CLASSES
from ..explanation import Explanation
from ..framework_messages.inputs import inputs_of_models
from ..framework_messages.states.causes_of_states import AXES as STATE_AXES
from ..mismatch import Cause, Mismatch, Shape, Size
from .listing import Listing
from .small_programs_in_flax import FLAX
from .small_programs_in_jax import JAX, JAX_C, JAX_OTHERS
from .small_programs_in_keras import KERAS
from .small_programs_in_keras_2 import KERAS_1, KERAS_2, KERAS_2_OTHERS, KERAS_2_STATES
from .small_programs_in_keras_models import MODELS, OTHER_MODELS
from .small_programs_in_numpy import NUMPY, NUMPY_COLUMNS, NUMPY_JOINED, NUMPY_OTHER_COLUMNS, NUMPY_OTHERS
from .small_programs_in_onnx import ONNX, ONNX_OTHERS, ONNX_RANKS
from .small_programs_in_pytorch import JOINED_OUTPUT, PYTORCH
from .small_programs_in_pytorch_cells import CELLS
from .small_programs_in_pytorch_outputs import OTHER_OUTPUTS, OUTPUTS, PAIRS
from .small_programs_in_pytorch_weights import JOINED_CELLS, OF_CELLS, OWN_CELLS, WEIGHTS
from .small_programs_in_tensorflow_1 import TENSORFLOW_1, TENSORFLOW_1_CELLS, TENSORFLOW_1_OTHERS


class Sizes(tuple[int | None, ...]):
    """The sizes of a shape, of which a program has one in braces by its axis: {got_at[0]}. Raises KeyError for one that
    is unknown."""

    def __getitem__(self, axis: object) -> int:  # type: ignore[override]
        if not isinstance(axis, int) or (size := tuple.__getitem__(self, axis)) is None:
            raise KeyError(axis)
        return size

    @property
    def last(self) -> int:
        """The size of the last axis."""
        return self[len(self) - 1]

    @property
    def before(self) -> int:
        """The size of the axis before the last one."""
        return self[len(self) - 2]


class ProgramLine(NamedTuple):
    """A line of a program. ``sign``: - for a line that makes it fail, + for one that corrects it, "" for the others."""

    sign: str
    text: str


@dataclass(frozen=True)
class Program:
    """A program in a framework; ``printed`` is what it prints once it is corrected. ``framework`` is that in which it
    runs: Keras 3, tf_keras (``keras2``) and Keras 3 on TensorFlow (``tensorflow``) are three."""

    framework: str
    lines: tuple[ProgramLine, ...]
    printed: str

    @property
    def failing(self) -> str:
        """The program that fails."""
        return self._without("+")

    @property
    def running(self) -> str:
        """The program that runs."""
        return self._without("-")

    def _without(self, sign: str) -> str:
        return "".join(f"{line.text}\n" for line in self.lines if line.sign != sign)


Value = int | str | Sizes | dict[str, Sizes]
"""What stands in a program for a name in braces."""

MOST_VALUES = 2_000_000
"""Values of all arrays of a program: a larger one is not shown."""

DEFAULTS = {"batch": 3, "time": 5, "features": 10, "units": 20}
"""Sizes that the message does not say."""

DENSE_OUTPUTS = 10
"""Values that a dense layer returns, if the message does not say it."""

JOINED = {True: "output, other", False: "other, output"}
"""An output and what is joined with it, by whether it comes first."""

FLAX_CELLS = {"lstm": "OptimizedLSTMCell", "gru": "GRUCell", "rnn": "SimpleCell"}
"""The cells of Flax."""

TF1_CELLS = {"lstm": "LSTMCell", "gru": "GRUCell", "rnn": "BasicRNNCell"}
"""The cells of TensorFlow 1."""

GATE_NAMES = {"lstm": "i, f, g, o", "gru": "r, z, n", "rnn": "z"}
"""Names of gates, in the order in which PyTorch stores them."""

LONGEST_LINE = 46
"""Characters of a line that makes a layer; a longer one is broken."""

Condition = Callable[[Explanation], bool]

CONDITIONS: dict[str, Condition] = {
    "": lambda explanation: True,
    "state": lambda explanation: (
        _count(explanation) == (3, 3) and _parts(explanation) == _sizes(explanation.mismatch)[0][0]
    ),
    "units of a state": lambda explanation: _differing(explanation) == {"num_units"},
    "h without c": lambda explanation: (
        _cell(explanation) == "lstm" and (explanation.mismatch.axis == "rank") == (_parts(explanation) > 1)
    ),
    "one layer of an LSTM": lambda explanation: (
        _cell(explanation) == "lstm"
        and _sizes(explanation.mismatch)[0][:1] == (1,)
        and _differing(explanation) == {"num_layers*directions", "num_units"}
    ),
    "the batch of h_0": lambda explanation: (
        explanation.mismatch.tensor == "h_0" and _differing(explanation) == {"batch_size"}
    ),
    "one direction of h_0": lambda explanation: (
        explanation.mismatch.tensor == "h_0"
        and not (explanation.configuration and explanation.configuration.bidirectional)
        and _differing(explanation) == {"num_layers*directions"}
    ),
    "2 axes of a state": lambda explanation: (
        (explanation.mismatch.expected, explanation.mismatch.got) == (3, 2) and _parts(explanation) == 1
    ),
    "several units": lambda explanation: not explanation.configuration or explanation.configuration.num_units != 1,
    "batch of x": lambda explanation: (explanation.mismatch.tensor, explanation.mismatch.axis) == ("x", "batch_size"),
    "x": lambda explanation: explanation.mismatch.tensor == "x",
    "batch first": lambda explanation: bool(explanation.batch_first),
    "c_0": lambda explanation: explanation.mismatch.tensor == "c_0",
    "factors of rows": lambda explanation: _is_of_rows(explanation) is True,
    "factors of columns": lambda explanation: _is_of_rows(explanation) is False,
    "x joined with h": lambda explanation: (
        explanation.mismatch.tensor == "x" and _is_of_rows(explanation) is None and bool(_left(explanation))
    ),
    "h_0 in rows": lambda explanation: (
        explanation.mismatch.tensor == "h_0" and _left(explanation)[:1] == explanation.mismatch.expected
    ),
    "h_0 in columns": lambda explanation: (
        explanation.mismatch.tensor == "h_0" and _left(explanation)[1:] == explanation.mismatch.expected
    ),
    "all gates": lambda explanation: _cell(explanation) != "rnn",
    "h_0": lambda explanation: explanation.mismatch.tensor == "h_0",
    "one feature": lambda explanation: _sizes(explanation.mismatch)[0] == (1,),
    "both directions": lambda explanation: bool(explanation.configuration and explanation.configuration.bidirectional),
    "2 axes": lambda explanation: _ranks(explanation) == ("x", 3, 2),
    "2 axes of a layer": lambda explanation: _ranks(explanation) == ("x", 3, 2) and not _is_of_model(explanation),
    "2 axes of a model": lambda explanation: _ranks(explanation) == ("x", 3, 2) and _is_of_model(explanation),
    "3 axes": lambda explanation: _ranks(explanation) == ("x", 2, 3),
    "4 axes": lambda explanation: _ranks(explanation) == ("x", 3, 4),
    "number of lengths": lambda explanation: _count(explanation) == (1, 1),
    "lengths of a batch that is not first": lambda explanation: (
        _count(explanation) == (1, 1) and not explanation.batch_first
    ),
    "features of a kernel": lambda explanation: (
        (explanation.mismatch.tensor, explanation.mismatch.axis) == ("kernel", "features")
    ),
    "kernel": lambda explanation: explanation.mismatch.tensor == "kernel",
    "stateful": lambda explanation: (explanation.mismatch.tensor, explanation.mismatch.axis) == ("x", "batch_size"),
    "target": lambda explanation: explanation.mismatch.tensor == "target" and _count(explanation) == (1, 1),
    "output": lambda explanation: explanation.mismatch.tensor == "output" and _count(explanation) == (1, 1),
    "mask": lambda explanation: explanation.mismatch.tensor == "mask" and _count(explanation) == (1, 1),
    "projection": lambda explanation: explanation.mismatch.tensor == "projection" and _count(explanation) == (2, 2),
    "a target of no steps": lambda explanation: (
        explanation.mismatch.tensor == "target"
        and explanation.mismatch.axis is None
        and _count(explanation) == (1, 1)
        and 1 not in (*_sizes(explanation.mismatch)[0], *_sizes(explanation.mismatch)[1])
    ),
    "a target of several values": lambda explanation: _sizes_of(explanation)["batch"] != _sizes_of(explanation)["time"],
    "both directions of keys": lambda explanation: (
        _count(explanation) == (1, 1)
        and _sizes(explanation.mismatch)[0][0] == 2 * _sizes(explanation.mismatch)[1][0]
    ),
    "several steps and samples": lambda explanation: (
        len({1, _sizes_of(explanation)["batch"], _sizes_of(explanation)["time"]}) == 3
    ),
    "keys without units": lambda explanation: (
        (explanation.mismatch.tensor, explanation.mismatch.axis) == ("output", None) and _count(explanation) == (2, 2)
    ),
    "a squeezed pair": lambda explanation: "'squeeze'" in explanation.message,
    "three names": lambda explanation: _cell(explanation) == "lstm" and "expected 3, got 2" in explanation.message,
    "a pair of one state": lambda explanation: "expected 2, got 1" in explanation.message,
    "gates": lambda explanation: explanation.mismatch.axis == "gates*num_units" and _count(explanation) == (2, 2),
    "directions of a checkpoint": lambda explanation: (
        explanation.mismatch.axis == "num_layers*directions"
        and (explanation.found.template.id != "pytorch-load-weight_ih" or _parts(explanation) > 2)
    ),
    "packed with batch_first": lambda explanation: (
        _count(explanation) == (1, 1) and "batch_first=True" in explanation.mismatch.causes[0].fix
    ),
    "order of x": lambda explanation: (
        (explanation.mismatch.tensor, explanation.mismatch.axis) == ("x", "order") and _count(explanation) == (3, 3)
    ),
    "one layer with one state": lambda explanation: (
        _cell(explanation) != "lstm"
        and _sizes(explanation.mismatch)[0][:1] == (1,)
        and _differing(explanation) == {"num_layers*directions", "num_units"}
    ),
    "both directions of a state": lambda explanation: (
        explanation.mismatch.tensor == "h_0"
        and _differing(explanation) == {"num_layers*directions"}
        and not (explanation.configuration and explanation.configuration.bidirectional)
        and _sizes(explanation.mismatch)[1][0] == 2 * _sizes(explanation.mismatch)[0][0]
    ),
    "the state of a packed x": lambda explanation: (
        explanation.mismatch.tensor == "h_0" and _count(explanation) == (1, 1) and _is_packed(explanation)
        and _sizes(explanation.mismatch)[0][0] > 1
    ),
    "a packed x": lambda explanation: (
        explanation.mismatch.tensor == "x"
        and _count(explanation) == (1, 1)
        and explanation.found.shape("right")[1:] == (GATES[_cell(explanation)] * _sizes_of(explanation)["units"],)
    ),
    "x of an own cell": lambda explanation: (
        explanation.mismatch.tensor == "x" and not CONDITIONS["a packed x"](explanation)
    ),
    "the state of an own cell": lambda explanation: (
        explanation.mismatch.tensor == "h_0" and _count(explanation) == (1, 1) and not _is_packed(explanation)
    ),
    "recurrent kernel": lambda explanation: (
        (explanation.mismatch.tensor, explanation.mismatch.axis) == ("recurrent_kernel", "order")
    ),
    "2 biases of a GRU": lambda explanation: (
        explanation.mismatch.tensor == "bias" and len(explanation.mismatch.shapes[0]) == 2 and _cell(explanation) == "gru"
    ),
    "every step for one target": lambda explanation: list(map(len, explanation.mismatch.shapes)) == [2, 3],
    "target of other classes": lambda explanation: _count(explanation) == (2, 2),
    "a list of outputs": lambda explanation: explanation.mismatch.tensor == "output",
    "twice the units": lambda explanation: (
        bool(_sizes(explanation.mismatch)[0])
        and _sizes(explanation.mismatch)[1][-1] == 2 * _sizes(explanation.mismatch)[0][-1]
    ),
    "output of every step": lambda explanation: (
        explanation.mismatch.tensor == "output" and len(explanation.mismatch.shapes[1]) == 3
    ),
    "both directions of a dense layer": lambda explanation: (
        explanation.mismatch.tensor == "dense_input"
        and _count(explanation) == (1, 1)
        and _sizes(explanation.mismatch)[1][0] == 2 * _sizes(explanation.mismatch)[0][0]
    ),
    "x of a cell": lambda explanation: explanation.mismatch.tensor == "x" and len(explanation.mismatch.shapes[1]) == 3,
    "a state of 3 axes": lambda explanation: (
        explanation.mismatch.tensor == "h_0" and len(explanation.mismatch.shapes[1]) == 3
    ),
    "states of both directions of a GRU": lambda explanation: (
        _cell(explanation) == "gru" and CONDITIONS["both directions"](explanation)
    ),
    "mask of steps": lambda explanation: explanation.mismatch.tensor == "mask" and _count(explanation) == (2, 2),
    "3 sizes of x": lambda explanation: (
        explanation.mismatch.tensor == "x" and len(_size_of(explanation.mismatch.got)) == 3
    ),
    "a smaller batch": lambda explanation: (
        explanation.mismatch.tensor == "h_0"
        and _count(explanation) == (1, 1)
        and _cell(explanation) == "lstm"
        and _sizes(explanation.mismatch)[0] < _sizes(explanation.mismatch)[1]
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
        explanation.mismatch.tensor == "target" and len(_size_of(explanation.mismatch.got)) == 2
    ),
    "order of an input": lambda explanation: (
        (explanation.mismatch.tensor, explanation.mismatch.axis) == ("x", "order") and _count(explanation) == (2, 2)
    ),
    "features of an input": lambda explanation: (
        (explanation.mismatch.tensor, explanation.mismatch.axis) == ("x", "features")
        and len(_size_of(explanation.mismatch.got)) == 3
    ),
    "dense input": lambda explanation: explanation.mismatch.tensor == "dense_input",
    "dense": lambda explanation: explanation.mismatch.tensor == "dense_input" and _count(explanation) == (1, 1),
}
"""What must be true of a message, so that a program fails in the same way."""


OF_KERAS_1 = ("keras-1-check-rank", "keras-1-check-shape", "keras-2-target", "keras-2-fixed-batch", "keras-state-sizes")
OF_KERAS_2 = ("keras-shapes", "keras-unknown", "keras-kept-h_0", "keras-kept-c_0", "keras-3-number-in-order")
"""Messages of tf_keras; the former only in graphs."""

IN_GRAPHS = "import tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()\n"

HEADS = {
    "keras2": {"import keras\n": "import tf_keras as keras\n"},
    "keras1": {"import keras\n": f"{IN_GRAPHS}import tf_keras as keras\n"},
}
"""Framework -> what stands in a program in place of the import of Keras."""

OF_TENSORFLOW_1 = (TENSORFLOW_1, TENSORFLOW_1_OTHERS, TENSORFLOW_1_CELLS)

LISTINGS: Mapping[str, tuple[Mapping[str, Listing], ...]] = {
    "pytorch": (PYTORCH, OUTPUTS, OTHER_OUTPUTS, WEIGHTS, OWN_CELLS, JOINED_CELLS, *PAIRS),
    "keras": (KERAS, MODELS, OTHER_MODELS, KERAS_2, KERAS_2_OTHERS, KERAS_2_STATES, KERAS_1, *OF_TENSORFLOW_1),
    "tf1": (*OF_TENSORFLOW_1, KERAS_2, KERAS_2_OTHERS),
    "onnx": (ONNX, ONNX_OTHERS, ONNX_RANKS),
    "flax": (FLAX,),
    "jax": (JAX, JAX_OTHERS, JAX_C),
    "numpy": (NUMPY, NUMPY_COLUMNS, NUMPY_OTHERS, NUMPY_OTHER_COLUMNS, NUMPY_JOINED),
}
"""Framework -> cause -> the programs, the first of which that fits is shown."""

OF_PYTORCH_CELLS: tuple[Mapping[str, Listing], ...] = (CELLS, OF_CELLS)
"""The same for the cells of PyTorch, which compute one step."""


def program(explanation: Explanation, cause: Cause) -> Program | None:
    """The program that fails for a cause; None if there is none for the sizes of the message, or for its layer."""
    if not explanation.configuration:
        return None
    values = dict(_values(explanation))
    if _values_of_arrays(values) > MOST_VALUES:
        return None
    framework = _library(explanation)
    written = (_written(framework, one, values) for one in _listings(explanation, cause.id))
    return next(filter(None, written), None)


def _listings(explanation: Explanation, cause: str) -> Iterator[Listing]:
    """The programs that fail for a cause with the message that was read."""
    if cause == "dense_features" and joined_output(explanation.found, explanation.mismatch):
        yield JOINED_OUTPUT
        return
    is_cell = explanation.framework == "pytorch" and explanation.is_of_one_step
    for of_causes in OF_PYTORCH_CELLS if is_cell else LISTINGS.get(explanation.framework, ()):
        one = of_causes.get(cause)
        if one and (not one.of or explanation.found.template.id in one.of) and CONDITIONS[one.when](explanation):
            yield one


def _library(explanation: Explanation) -> str:
    """The framework, or the version of Keras, that raises a message."""
    id = explanation.found.template.id
    if explanation.framework not in ("keras", "tf1"):
        return explanation.framework
    if id in OF_KERAS_1:
        return "keras1"
    return "keras2" if id in OF_KERAS_2 or id.startswith(("keras-2-", "tensorflow-", "tf1-")) else "keras"


def _written(framework: str, listing: Listing, values: Mapping[str, object]) -> Program | None:
    """A program with its sizes; None if the message does not say one of them."""
    text = dedent(listing.lines)
    for name, value in HEADS.get(listing.runs_in or framework, {}).items():
        text = text.replace(name, value)
    try:
        lines = [line.format_map(values) for line in text.splitlines()]
        printed = listing.printed.format_map(values)
    except (KeyError, IndexError):
        return None
    found = Program(listing.runs_in or framework, tuple(_signed(lines)), printed)
    return found if found.failing != found.running else None


def first_program(explanation: Explanation) -> Program | None:
    """The program of the most likely cause; None if there is none."""
    causes = explanation.mismatch.causes
    return program(explanation, causes[0]) if causes else None


def _signed(lines: list[str]) -> Iterator[ProgramLine]:
    """Lines with their signs. A line that is broken has one sign."""
    for whole in filter(str.strip, lines):
        sign, text = (whole[0], whole[2:]) if whole[:2] in ("- ", "+ ") else ("", whole)
        for line in text.split("\n"):
            yield ProgramLine(sign, line)


def _values_of_arrays(values: Mapping[str, Value]) -> int:
    """About as many values as the largest array of a program has: that of all steps, or a matrix."""
    largest = max((value for value in values.values() if isinstance(value, int)), default=1)
    batch, time, units = (size for name in ("batch", "time", "units") if isinstance(size := values[name], int))
    return largest * max(batch * time, units)


def _sizes_of(explanation: Explanation) -> dict[str, int]:
    return _sizes_of_network(explanation.configuration)


def _is_packed(explanation: Explanation) -> bool:
    """Whether x is a packed sequence, as the corrected line or the program says."""
    return any("pack" in text for text in (explanation.mismatch.causes[0].fix, explanation.found.program.source))


def _left(explanation: Explanation) -> Shape:
    """The shape of the first factor or summand that the message says."""
    return explanation.found.shape("left")


def _is_of_rows(explanation: Explanation) -> bool | None:
    """Whether the samples are rows of the array that does not fit the weights, which is then the first factor of their
    product; None if neither factor has its size."""
    expected, got = _sizes(explanation.mismatch)
    outer, left = explanation.found.number("outer"), _left(explanation)
    if _count(explanation) != (1, 1) or not (outer or left):
        return None
    if outer:
        return True if (outer,) == expected else False if (outer,) == got else None
    first, second = left[-1:], explanation.found.shape("right")[:1]
    return True if (first, second) == (got, expected) else False if (first, second) == (expected, got) else None


def _cell(explanation: Explanation) -> str:
    network = explanation.configuration
    return network.cell if network and network.cell else "lstm"


def _parts(explanation: Explanation) -> int:
    """The layers times directions."""
    network = explanation.configuration
    return (network.num_layers or 1) * (1 + bool(network.bidirectional)) if network else 1


def _size_of(shape: Size) -> Shape:
    """A shape; () for a number of axes."""
    return shape if isinstance(shape, tuple) else ()


def _sizes(mismatch: Mismatch) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The expected and the given sizes that the message says."""
    shapes = (shape if isinstance(shape, tuple) else () for shape in (mismatch.expected, mismatch.got))
    expected, got = (tuple(size for size in shape if size is not None) for shape in shapes)
    return expected, got


def _count(explanation: Explanation) -> tuple[int, int]:
    """The numbers of sizes that the message says."""
    expected, got = _sizes(explanation.mismatch)
    return len(expected), len(got)


def _differing(explanation: Explanation) -> set[str]:
    """The axes that differ of a state with three axes; none if the network has another number of layers and
    directions."""
    if not CONDITIONS["state"](explanation):
        return set()
    sizes = zip(STATE_AXES, *_sizes(explanation.mismatch), strict=True)
    return {axis for axis, expected, got in sizes if expected != got}


def _is_of_model(explanation: Explanation) -> bool:
    """Whether a model of Keras compares x with the shape of its input, before its first layer."""
    return explanation.found.template.read is inputs_of_models.shape


def _ranks(explanation: Explanation) -> tuple[str | None, object, object]:
    mismatch = explanation.mismatch
    return mismatch.tensor, mismatch.expected, mismatch.got


def _values(explanation: Explanation) -> Iterator[tuple[str, Value]]:
    """What the lines of a program say in braces, by name; sizes that the message does not say have defaults."""
    mismatch, cell = explanation.mismatch, _cell(explanation)
    of_x = mismatch.shapes[1] if mismatch.tensor == "x" and len(mismatch.shapes[1]) == 2 else (None, None)
    sizes = _sizes_of_network(explanation.configuration)
    sizes["batch"] = of_x[0] or sizes["batch"]
    if mismatch.tensor in ("h_0", "c_0") and _count(explanation) == (3, 3):
        sizes["batch"] = _sizes(mismatch)[0][1]
    if explanation.framework == "onnx" and mismatch.tensor == "bias" and (of_bias := _sizes(mismatch)[0]):
        sizes["units"] = max(1, of_bias[-1] // (2 * GATES[cell]))  # ONNX has two biases
    if (mismatch.tensor, mismatch.axis) == ("x", "features") and (of_layer := _sizes(mismatch)[0]):
        sizes["features"] = of_layer[-1]
    yield from _words_of_cell(cell)
    for name, size in (("features_of_x", "features"), ("steps_of_x", "time"), ("units_below", "units")):
        yield name, of_x[1] or sizes[size]
    yield from sizes.items()
    yield "features_below", sizes["features"]
    yield from _layer_below(explanation, cell, of_x[1] or sizes["units"])
    yield "half_units", str(max(1, sizes["units"] // 2))
    yield "gates", GATES[cell]
    yield "columns", str(GATES[cell] * sizes["units"])
    yield from _values_of_message(explanation)
    yield from _values_of_layer(explanation, cell, sizes)
    if mismatch.tensor in ("h_0", "c_0"):
        yield from _values_of_state(explanation, sizes, cell == "lstm")


def _layer_below(explanation: Explanation, cell: str, units: int) -> Iterator[tuple[str, str]]:
    """The layer of Keras whose output a recurrent one gets, with its last step and with every one."""
    both, is_double = stacked(explanation.found), False
    if both and isinstance(known := both.below.size("num_units"), int):
        cell, units, is_double = both.below.kind, known, bool(both.below.setting("bidirectional"))
    features = both.input[-1] if both and both.input else None
    if isinstance(features, int):
        yield "features_below", str(features)
    for name, argument in (("below", ""), ("below_with_steps", ", return_sequences=True")):
        layer = f"keras.layers.{KERAS_CLASSES[cell]}({units}{argument})"
        yield name, f"keras.layers.Bidirectional({layer})" if is_double else layer


def _sizes_of_network(network: Configuration | None) -> dict[str, int]:
    """The sizes of a network, with defaults for those that are not known."""
    sizes = dict(DEFAULTS)
    for name, size in (
        ("batch", "batch_size"),
        ("time", "time_step"),
        ("features", "features"),
        ("units", "num_units"),
    ):
        sizes[name] = getattr(network, size) or sizes[name]
    return sizes


def _words_of_cell(cell: str) -> Iterator[tuple[str, str]]:
    """The names of a layer, and of its outputs and states."""
    is_lstm = cell == "lstm"
    yield from (("class", CLASSES[cell]), ("keras_class", KERAS_CLASSES[cell]), ("name", CLASSES[cell].lower()))
    yield "outputs", "output, (h_n, c_n)" if is_lstm else "output, h_n"
    yield "states", "(h_0, c_0)" if is_lstm else "h_0"
    yield "both_states", "h_0 = c_0" if is_lstm else "h_0"
    yield "both_short", "h = c" if is_lstm else "h"
    yield "short_states", "(h, c)" if is_lstm else "h"
    yield "squeezed", "(h.squeeze(0), c.squeeze(0))" if is_lstm else "h.squeeze(0)"
    yield "h_of_state", "state[0]" if is_lstm else "state"
    yield from (("flax_cell", FLAX_CELLS[cell]), ("flax_carry", "(h, h)" if is_lstm else "h"))
    yield from (("tf1_cell", TF1_CELLS[cell]), ("tf1_gru", TF1_CELLS["gru" if is_lstm else cell]))
    yield "last_h", "h_n[0][-1]" if is_lstm else "h_n[-1]"
    yield from (("one_class", CLASSES["gru" if is_lstm else cell]), ("one_name", CLASSES["gru" if is_lstm else cell].lower()))
    yield "states_of_one_layer", "(h_0.unsqueeze(0), c_0.unsqueeze(0))" if is_lstm else "h_0.unsqueeze(0)"
    yield from (("own", cell), ("of_encoder", "(h_0, c_0)" if is_lstm else "h_0"))
    yield "states_of_list", "h, h" if is_lstm else "h"
    yield "keras_state", "[h, h]" if is_lstm else "h"
    yield from (("gate_names", GATE_NAMES[cell]), ("gate_of_h", "f" if is_lstm else "z"))


def _values_of_message(explanation: Explanation) -> Iterator[tuple[str, Value]]:
    """The sizes that the message says."""
    mismatch = explanation.mismatch
    expected, got = _sizes(mismatch)
    sizes = _sizes_of(explanation)
    yield "ctc_batch", sizes["batch"]
    shapes = (mismatch.expected, mismatch.got, mismatch.beside, *mismatch.shapes)
    names = ("expected_at", "got_at", "beside", "expected_shape", "got_shape")
    yield from ((name, Sizes(shape) if isinstance(shape, tuple) else Sizes()) for name, shape in zip(names, shapes, strict=True))
    yield "message", {name: Sizes(explanation.found.shape(name)) for name in explanation.found.values}
    yield "expected", ", ".join(map(str, expected))
    yield "got", ", ".join(map(str, got))
    if _count(explanation) == (1, 1):
        yield "expected_1", expected[0]
        yield "got_1", got[0]
        yield "product_1", str(expected[0] * got[0])
        yield "all_samples", str(expected[0] + got[0])
    if mismatch.axis == "features" and expected and got:
        yield "features_got", got[-1]
        if got[-1] > expected[-1]:
            yield "features_more", str(got[-1] - expected[-1])
    if mismatch.tensor == "x" and mismatch.axis == "rank" and len(mismatch.shapes[1]) == 2:
        yield from (("flat_x", ", ".join(map(str, mismatch.shapes[1]))), ("flat_steps", str(mismatch.shapes[1][0])))
    if mismatch.axis == "gates*num_units" and len(got) > 1 and explanation.configuration:
        units = explanation.configuration.num_units
        if got[0] % GATES[_cell(explanation)] == 0:
            yield "units_saved", str(got[0] // GATES[_cell(explanation)])
        of_gates = got[1] if explanation.framework == "onnx" else got[0]
        yield from (("other_class", CLASSES[cell]) for cell, gates in GATES.items() if units and of_gates == gates * units)
    if explanation.found.template.id == "flax-h-for-h-c-of-one":
        yield "flax_batch", "1"
    else:
        yield "flax_batch", str(max(3, _sizes_of_network(explanation.configuration)["batch"]))
    if left := _left(explanation):
        yield from (("batch_of_sum", str(left[0])), ("batch_of_joined", str(explanation.found.shape("right")[-1])))
    if _count(explanation) == (1, 1):
        yield "longer", str(max(expected[0], got[0]))
        yield "steps_of_packed", str(sizes["time"] + expected[0] - 1)
        if expected[0] % (got[0] or 1) == 0:
            yield "times", str(expected[0] // (got[0] or 1))
        yield from _values_of_view(explanation, expected[0])
    yield from _values_of_checkpoint(explanation)
    yield from _values_of_merge(explanation)
    if len(flat := mismatch.shapes[1]) == 2 and flat[1]:
        width = next(n for n in (3, 2, 5, 7, 1) if flat[1] % n == 0)
        yield from (("flat_time", str(flat[1] // width)), ("flat_features", str(width)))
    yield "steps_of_two", str(2 * sizes["time"])
    if shape := next((one for one in mismatch.shapes if one and one[0]), ()):
        yield from (("target_batch", str(shape[0])), ("rows_of_x", str(prod(filter(None, mismatch.shapes[1][:2])))))
    if mismatch.axis == "order" and _count(explanation) == (3, 3):
        yield from zip(("keys_batch", "keys_steps", "keys_units"), got, strict=True)
    if mismatch.tensor == "dense_input" and expected and got:
        yield from (("dense", expected[-1]), ("dense_got", got[-1]), ("dense_rows", expected[0] or 1))
        yield from _values_of_dense(explanation, expected[0] or 1)
        yield "dense_outputs", (mismatch.beside[-1] if mismatch.beside else None) or DENSE_OUTPUTS
        rows = "None" if expected[:-1] == () else str(expected[0])
        yield from (("tf1_rows", rows), ("tf1_rows_printed", rows.replace("None", "?")))
        yield "dense_steps", str(got[-1] // expected[-1])
        if joined := joined_output(explanation.found, mismatch):
            yield from (("joined", joined.other), ("parts_joined", JOINED[joined.is_first]))


def _values_of_view(explanation: Explanation, values: int) -> Iterator[tuple[str, str]]:
    """The shape of an output with so many values, and the wrong one: that of the network, or else that of one
    sample."""
    beside, sizes = explanation.mismatch.beside, _sizes_of(explanation)
    network = explanation.configuration
    width = sizes["units"] * (1 + bool(network and network.bidirectional))
    is_of_network = sizes["batch"] * sizes["time"] * width == values
    units = width if values % width == 0 else 1
    batch = sizes["batch"] if is_of_network else 1
    yield from (("view_old", ", ".join("-1" if size is None else str(size) for size in beside)), ("view_units", str(units)))
    yield "view_steps", str(values // units)
    yield from (("view_x", f"{batch}, {values // units // batch}"), ("view_rows", str(values // units)))
    rest = prod(size or 0 for size in beside[1:])
    if beside and rest and values % rest == 0:
        yield "batch_of_view", str(values // rest)


def _values_of_merge(explanation: Explanation) -> Iterator[tuple[str, str]]:
    """The sizes of outputs that are added or joined, and of what a target has."""
    mismatch = explanation.mismatch
    if mismatch.axis == "time_step" and _count(explanation) == (2, 2):
        (steps, units), (other, _) = _sizes(mismatch)
        yield from (("expected_steps", str(steps)), ("got_steps", str(other)))
        yield from (("units_of_merge", str(units)), ("twice_merge", str(2 * units)))
    if mismatch.axis == "gates*num_units" and _count(explanation) == (2, 2):
        gates = GATES[_cell(explanation)]
        width = _sizes(mismatch)[1][-1]
        if width % gates == 0:
            yield "keras_units_saved", str(width // gates)
        units = _sizes_of(explanation)["units"]
        yield from (("other_keras_class", KERAS_CLASSES[id]) for id, n in GATES.items() if width == n * units)
    if mismatch.tensor == "bias" and mismatch.axis == "rank" and (biases := mismatch.shapes[0]):
        yield "units_of_biases", str((biases[-1] or 3) // 3)
    yield from _values_of_loss(explanation)
    if mismatch.tensor == "target" and _count(explanation) == (1, 1):
        (output,), (target,) = _sizes(mismatch)
        yield from (("output_of_two", str(output)), ("target_of_two", str(target)))
    yield "dense_of_unknown", str(next(iter(mismatch.beside), None) or 3)


LOSS = re.compile(r"`?(categorical_crossentropy|binary_crossentropy|mean_squared_error|mean_absolute_error)`?")
"""The loss that a message names."""


def _values_of_loss(explanation: Explanation) -> Iterator[tuple[str, str]]:
    """The loss of a model, the steps of its input and of its target, and the units of what is added."""
    mismatch, left = explanation.mismatch, _left(explanation)
    named = LOSS.search(explanation.message)
    loss = "mae" if explanation.found.template.id == "tensorflow-difference" else "mse"
    yield "loss_of_message", named[1] if named else loss
    if len(shape := _size_of(mismatch.expected)) == 3:
        yield "steps_of_model", str(shape[1])
    yield "got_known", ", ".join(map(str, _sizes(mismatch)[1]))
    if _count(explanation) == (1, 1) and (samples := _sizes(mismatch)[0][0]) and _sizes(mismatch)[1][0] % samples == 0:
        yield "times_of_target", str(_sizes(mismatch)[1][0] // samples)
    if left and (width := left[-1]):
        yield "width_of_sum", str(width)
        if width % 4 == 0:
            yield "lstm_of_sum", str(width // 4)
    if mismatch.beside and mismatch.beside[0]:
        yield "batch_of_target", str(mismatch.beside[0])


def _values_of_checkpoint(explanation: Explanation) -> Iterator[tuple[str, str]]:
    """The layers and the directions of a layer and of the one that made its checkpoint."""
    expected, got = _sizes(explanation.mismatch)
    network = explanation.configuration
    if explanation.mismatch.axis != "num_layers*directions" or _count(explanation) != (1, 1) or not network:
        return
    directions = 1 + bool(network.bidirectional)
    yield "bidirectional", ", bidirectional=True" if directions == 2 else ""
    yield from (("made_layers", str(expected[0] // directions)), ("saved_layers", str(got[0] // directions)))
    both = ("", ", bidirectional=True")
    yield from (("made_directions", both[directions == 2]), ("saved_directions", both[directions == 1]))
    yield "stacked_layers", str(expected[0] // directions)


def _values_of_dense(explanation: Explanation, rows: int) -> Iterator[tuple[str, str]]:
    """The x of a program whose dense layer gets so many rows: every step of a network with so many, or else the last
    step of so many samples."""
    network = explanation.configuration
    steps = _sizes_of_network(network)["time"]
    if network and network.batch_size and network.time_step and network.batch_size * network.time_step == rows:
        shape = f"{network.batch_size}, {steps}"
        yield from (("dense_x", shape), ("dense_output", "output"), ("dense_shape", shape))
    else:
        yield from (("dense_x", f"{rows}, {steps}"), ("dense_output", "output[:, -1]"), ("dense_shape", str(rows)))


def _values_of_layer(explanation: Explanation, cell: str, sizes: dict[str, int]) -> Iterator[tuple[str, int | str]]:
    """The lines that make a layer, and the shapes of its tensors."""
    network = explanation.configuration
    parts = _parts(explanation)
    directions = 1 + bool(network and network.bidirectional)
    leading = ("{batch}, {time}" if explanation.batch_first else "{time}, {batch}").format_map(sizes)
    layers, units = parts // directions, sizes["units"]
    yield "parts", parts
    yield "directions", str(directions)
    yield "onnx_direction", ', direction = "bidirectional"' if directions == 2 else ""
    yield "leading", leading
    yield "batch_axis", 0 if explanation.batch_first else 1
    yield "leading_of_one", ("1, {time}" if explanation.batch_first else "{time}, 1").format_map(sizes)
    yield "x", f"{leading}, {sizes['features']}"
    yield "width", str(directions * units)
    yield "width_of_two", str(2 * directions * units)
    yield from zip(("first_axis", "second_axis"), leading.split(", "), strict=True)
    attribute = explanation.found.text("name")
    yield from _values_of_attribute(attribute, leading, directions * units)
    yield "double_width", str(2 * units)
    yield "shape_of_output", f"({leading}, {directions * units})"
    yield "shape_of_h", f"({parts}, {sizes['batch']}, {units})"
    options = {"num_layers": layers if layers > 1 else None, "bidirectional": directions == 2 or None}
    first = explanation.batch_first or None
    yield "layer", _layer(cell, sizes, **options, batch_first=first)
    expected, got = _sizes(explanation.mismatch)
    for_x = {**sizes, "features": got[-1]} if explanation.mismatch.axis == "features" and got else sizes
    yield "layer_for_x", _layer(cell, for_x, **options, batch_first=first)
    yield "layer_time_first", _layer(cell, sizes, **options)
    yield "layer_batch_first", _layer(cell, sizes, **options, batch_first=True)
    if _differing(explanation) == {"num_units"}:
        is_h = explanation.mismatch.tensor == "h_0"
        projection = expected[-1] if is_h else got[-1]
        if projection < units:
            yield "layer_projected", _layer(cell, sizes, **options, batch_first=first, proj_size=projection)
        yield from (("projection", projection), ("width_projected", str(directions * projection)))
        yield from (("projected", explanation.mismatch.tensor or ""), ("h_before_c", ""), ("c_after_h", ""))
        other = ("c_after_h", "c_0", units) if is_h else ("h_before_c", "h_0", projection)
        yield other[0], f"{other[1]} = torch.zeros({parts}, {sizes['batch']}, {other[2]})"
    if network and network.num_proj:
        yield "layer_of_projection", _layer(cell, sizes, **options, batch_first=True, proj_size=network.num_proj)
    yield (
        "layer_bidirectional",
        _layer(cell, sizes, num_layers=options["num_layers"], bidirectional=True, batch_first=first),
    )


def _values_of_attribute(name: str, leading: str, width: int) -> Iterator[tuple[str, str]]:
    """The call of a method of an output, and the shape that it returns."""
    first, second = leading.split(", ")
    calls = {
        **dict.fromkeys(("view", "reshape"), (f"(-1, {width})", (int(first) * int(second), width))),
        **dict.fromkeys(("squeeze", "contiguous", "detach", "float", "relu", "sigmoid", "tanh"), ("()", (first, second, width))),
        **dict.fromkeys(("permute",), ("(1, 0, 2)", (second, first, width))),
        **dict.fromkeys(("transpose",), ("(0, 1)", (second, first, width))),
        **dict.fromkeys(("mean", "sum"), ("(dim=1)", (first, width))),
        "unsqueeze": ("(0)", (1, first, second, width)),
        "flatten": ("(1)", (first, int(second) * width)),
    }
    if name in calls and "1" not in (first, second):
        arguments, shape = calls[name]
        yield from (("attribute", name + arguments), ("shape_of_attribute", f"({', '.join(map(str, shape))})"))


def _values_of_state(explanation: Explanation, sizes: dict[str, int], is_lstm: bool) -> Iterator[tuple[str, int | str]]:
    """The same for an initial state. An error in h_0 is raised first, so c_0 may be wrong as well."""
    expected, got = _sizes(explanation.mismatch)
    is_c = explanation.mismatch.tensor == "c_0"
    wrong = ["c_0"] if is_c else ["h_0", "c_0"] if is_lstm else ["h_0"]
    right = ", ".join(map(str, expected))
    yield "state", " = ".join(wrong)
    yield "other_state", f"h_0 = torch.zeros({right})" if is_c else ""
    yield "other_state_of_one_layer", f"h_0 = torch.zeros(1, {sizes['batch']}, {sizes['units']})" if is_c else ""
    names = ", ".join(wrong)
    yield "transpose", f"{names} = {', '.join(f'{name}.transpose(0, 1).contiguous()' for name in wrong)}"
    yield "unsqueeze", f"{names} = {', '.join(f'{name}.unsqueeze(0)' for name in wrong)}"
    if len(expected) == len(got) == 3:
        summed = f"view({expected[0]}, 2, {expected[1]}, {got[2]}).sum(1)"
        yield "joined_directions", f"h_0, c_0 = (s.{summed} for s in (h_0, c_0))" if is_lstm else f"h_0 = h_0.{summed}"
        yield from (("batch_read", expected[1]), ("batch_got", got[1]), ("units_got", got[2]))
        yield from (("wrong", ", ".join(map(str, got))), ("right", right))
        axis = 0 if explanation.batch_first else 1
        yield "right_of_x", f"{expected[0]}, x.size({axis}), {expected[2]}"


def _layer(cell: str, sizes: dict[str, int], **options: object) -> str:
    """The line that makes a layer, with the options that are not None. A long one is broken."""
    start = f"{CLASSES[cell].lower()} = torch.nn.{CLASSES[cell]}({sizes['features']}, {sizes['units']}"
    rest = [f"{name}={value}" for name, value in options.items() if value is not None]
    line = ", ".join([start, *rest]) + ")"
    if len(line) <= LONGEST_LINE:
        return line
    return ", ".join([start, rest[0]]) + ",\n    " + ", ".join(rest[1:]) + ")" if rest[1:] else line
