"""Small complete programs that fail as a message says, and run with the corrected lines.

``make oracles`` executes them in the real frameworks.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import prod
from textwrap import dedent
from typing import NamedTuple

from ...facts_about_sizes import Configuration
from ..causes_in_programs.likely_causes import stacked
from ..causes_in_programs.outputs.joined_outputs import joined_output
from ..cell_classes import CLASSES, KERAS_CLASSES
from ..explanation import Explanation
from ..framework_messages.inputs import inputs_of_models
from ..framework_messages.states.causes_of_states import AXES as STATE_AXES
from ..mismatch import Cause, Mismatch
from .small_program_lines import CELLS, JOINED_OUTPUT, PYTORCH
from .small_programs_in_keras import KERAS


class ProgramLine(NamedTuple):
    """A line of a program. ``sign``: - for a line that makes it fail, + for one that corrects it, "" for the others."""

    sign: str
    text: str


@dataclass(frozen=True)
class Program:
    """A program in a framework; ``printed`` is what it prints once it is corrected."""

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


MOST_VALUES = 2_000_000
"""Values of all arrays of a program: a larger one is not shown."""

DEFAULTS = {"batch": 3, "time": 5, "features": 10, "units": 20}
"""Sizes that the message does not say."""

DENSE_OUTPUTS = 10
"""Values that a dense layer returns, if the message does not say it."""

JOINED = {True: "output, other", False: "other, output"}
"""An output and what is joined with it, by whether it comes first."""

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
    "x": lambda explanation: explanation.mismatch.tensor == "x",
    "batch first": lambda explanation: bool(explanation.batch_first),
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
    "dense": lambda explanation: explanation.mismatch.tensor == "dense_input" and _count(explanation) == (1, 1),
}
"""What must be true of a message, so that a program fails in the same way."""


def program(explanation: Explanation, cause: Cause) -> Program | None:
    """The program that fails for a cause; None if there is none for the sizes of the message, or for its layer."""
    listings = {"pytorch": CELLS if explanation.is_of_one_step else PYTORCH, "keras": KERAS}
    listing = listings.get(explanation.framework, {}).get(cause.id)
    if cause.id == "dense_features" and joined_output(explanation.found, explanation.mismatch):
        listing = JOINED_OUTPUT
    if not listing or not explanation.configuration or not CONDITIONS[listing.when](explanation):
        return None
    values = dict(_values(explanation))
    if _values_of_arrays(values) > MOST_VALUES:
        return None
    try:
        lines = [line.format_map(values) for line in dedent(listing.lines).splitlines()]
        printed = listing.printed.format_map(values)
    except KeyError:  # the message does not say a size
        return None
    found = Program(explanation.framework, tuple(_signed(lines)), printed)
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


def _values_of_arrays(values: dict[str, int | str]) -> int:
    """About as many values as the largest array of a program has: that of all steps, or a matrix."""
    largest = max((value for value in values.values() if isinstance(value, int)), default=1)
    return largest * max(prod(int(values[name]) for name in ("batch", "time")), int(values["units"]))


def _cell(explanation: Explanation) -> str:
    network = explanation.configuration
    return network.cell if network and network.cell else "lstm"


def _parts(explanation: Explanation) -> int:
    """The layers times directions."""
    network = explanation.configuration
    return (network.num_layers or 1) * (1 + bool(network.bidirectional)) if network else 1


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


def _values(explanation: Explanation) -> Iterator[tuple[str, int | str]]:
    """What the lines of a program say in braces, by name; sizes that the message does not say have defaults."""
    mismatch, cell = explanation.mismatch, _cell(explanation)
    of_x = mismatch.shapes[1] if mismatch.tensor == "x" and len(mismatch.shapes[1]) == 2 else (None, None)
    sizes = _sizes_of_network(explanation.configuration)
    sizes["batch"] = of_x[0] or sizes["batch"]
    if (mismatch.tensor, mismatch.axis) == ("x", "features") and (of_layer := _sizes(mismatch)[0]):
        sizes["features"] = of_layer[-1]
    yield from _words_of_cell(cell)
    for name, size in (("features_of_x", "features"), ("steps_of_x", "time"), ("units_below", "units")):
        yield name, of_x[1] or sizes[size]
    yield from sizes.items()
    yield "features_below", sizes["features"]
    yield from _layer_below(explanation, cell, of_x[1] or sizes["units"])
    yield "half_units", str(max(1, sizes["units"] // 2))
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


def _values_of_message(explanation: Explanation) -> Iterator[tuple[str, int | str]]:
    """The sizes that the message says."""
    mismatch = explanation.mismatch
    expected, got = _sizes(mismatch)
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
    if mismatch.axis == "order" and _count(explanation) == (3, 3):
        yield from zip(("keys_batch", "keys_steps", "keys_units"), got, strict=True)
    if mismatch.tensor == "dense_input" and expected and got:
        yield from (("dense", expected[-1]), ("dense_got", got[-1]), ("dense_rows", expected[0] or 1))
        yield from _values_of_dense(explanation, expected[0] or 1)
        yield "dense_outputs", (mismatch.beside[-1] if mismatch.beside else None) or DENSE_OUTPUTS
        yield "dense_steps", str(got[-1] // expected[-1])
        if joined := joined_output(explanation.found, mismatch):
            yield from (("joined", joined.other), ("parts_joined", JOINED[joined.is_first]))


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
    yield "leading", leading
    yield "batch_axis", 0 if explanation.batch_first else 1
    yield "leading_of_one", ("1, {time}" if explanation.batch_first else "{time}, 1").format_map(sizes)
    yield "x", f"{leading}, {sizes['features']}"
    yield "width", str(directions * units)
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
