"""What stands in a small program for names in braces: sizes of the message and of the network, and parts of lines."""

import re
from collections.abc import Iterator
from math import prod

from ...facts_about_sizes import GATES, Configuration
from ..causes_in_programs.layers.stacked_layers import stacked
from ..causes_in_programs.outputs.joined_outputs import joined_output
from ..cell_classes import CLASSES, KERAS_CLASSES
from ..explanation import Explanation
from .facts_of_message import (
    cell_of,
    counts,
    differing_axes,
    first_shape,
    known_sizes,
    parts_of,
    shape_of,
    sizes_of,
    sizes_of_network,
)


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


Value = int | str | Sizes | dict[str, Sizes]
"""What stands in a program for a name in braces."""

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


def values_of(explanation: Explanation) -> Iterator[tuple[str, Value]]:
    """What the lines of a program say in braces, by name; sizes that the message does not say have defaults."""
    mismatch, cell = explanation.mismatch, cell_of(explanation)
    of_x = mismatch.shapes[1] if mismatch.tensor == "x" and len(mismatch.shapes[1]) == 2 else (None, None)
    sizes = sizes_of_network(explanation.configuration)
    sizes["batch"] = of_x[0] or sizes["batch"]
    if mismatch.tensor in ("h_0", "c_0") and counts(explanation) == (3, 3):
        sizes["batch"] = known_sizes(mismatch)[0][1]
    if explanation.framework == "onnx" and mismatch.tensor == "bias" and (of_bias := known_sizes(mismatch)[0]):
        sizes["units"] = max(1, of_bias[-1] // (2 * GATES[cell]))  # ONNX has two biases
    if (mismatch.tensor, mismatch.axis) == ("x", "features") and (of_layer := known_sizes(mismatch)[0]):
        sizes["features"] = of_layer[-1]
    yield from _words_of_cell(cell)
    for name, size in (("features_of_x", "features"), ("steps_of_x", "time"), ("units_below", "units")):
        yield name, of_x[1] or sizes[size]
    yield from sizes.items()
    is_of_units = mismatch.first_cause == "return_sequences"  # the features are the units of the layer below
    yield "features_below", sizes_of_network(Configuration())["features"] if is_of_units else sizes["features"]
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
    yield from (
        ("one_class", CLASSES["gru" if is_lstm else cell]),
        ("one_name", CLASSES["gru" if is_lstm else cell].lower()),
    )
    yield "states_of_one_layer", "(h_0.unsqueeze(0), c_0.unsqueeze(0))" if is_lstm else "h_0.unsqueeze(0)"
    yield from (("own", cell), ("of_encoder", "(h_0, c_0)" if is_lstm else "h_0"))
    yield "states_of_list", "h, h" if is_lstm else "h"
    yield "keras_state", "[h, h]" if is_lstm else "h"
    yield from (("gate_names", GATE_NAMES[cell]), ("gate_of_h", "f" if is_lstm else "z"))


def _values_of_message(explanation: Explanation) -> Iterator[tuple[str, Value]]:
    """The sizes that the message says."""
    mismatch = explanation.mismatch
    expected, got = known_sizes(mismatch)
    sizes = sizes_of(explanation)
    yield "ctc_batch", sizes["batch"]
    shapes = (mismatch.expected, mismatch.got, mismatch.beside, *mismatch.shapes)
    names = ("expected_at", "got_at", "beside", "expected_shape", "got_shape")
    yield from (
        (name, Sizes(shape) if isinstance(shape, tuple) else Sizes()) for name, shape in zip(names, shapes, strict=True)
    )
    yield "message", {name: Sizes(explanation.found.shape(name)) for name in explanation.found.values}
    yield "expected", ", ".join(map(str, expected))
    yield "got", ", ".join(map(str, got))
    if counts(explanation) == (1, 1):
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
        if got[0] % GATES[cell_of(explanation)] == 0:
            yield "units_saved", str(got[0] // GATES[cell_of(explanation)])
        of_gates = got[1] if explanation.framework == "onnx" else got[0]
        yield from (
            ("other_class", CLASSES[cell]) for cell, gates in GATES.items() if units and of_gates == gates * units
        )
    if explanation.found.template.id == "flax-h-for-h-c-of-one":
        yield "flax_batch", "1"
    else:
        yield "flax_batch", str(max(3, sizes_of_network(explanation.configuration)["batch"]))
    left, right = first_shape(explanation), explanation.found.shape("right")
    if left and right:
        yield from (("batch_of_sum", str(left[0])), ("batch_of_joined", str(right[-1])))
    if counts(explanation) == (1, 1):
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
    dense = [
        one.layer for one in explanation.found.program.failed_operations if one.layer and one.layer.kind == "dense"
    ]
    values = dense[0].size("num_units") if len(dense) == 1 else None
    yield "values", values if isinstance(values, int) else DENSE_OUTPUTS
    yield "steps_of_two", str(2 * sizes["time"])
    if shape := next((one for one in mismatch.shapes if one and one[0]), ()):
        yield from (("target_batch", str(shape[0])), ("rows_of_x", str(prod(filter(None, mismatch.shapes[1][:2])))))
    if mismatch.axis == "order" and counts(explanation) == (3, 3):
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
    beside, sizes = explanation.mismatch.beside, sizes_of(explanation)
    network = explanation.configuration
    width = sizes["units"] * (1 + bool(network and network.bidirectional))
    is_of_network = sizes["batch"] * sizes["time"] * width == values
    units = width if values % width == 0 else 1
    batch = sizes["batch"] if is_of_network else 1
    yield from (
        ("view_old", ", ".join("-1" if size is None else str(size) for size in beside)),
        ("view_units", str(units)),
    )
    yield "view_steps", str(values // units)
    yield from (("view_x", f"{batch}, {values // units // batch}"), ("view_rows", str(values // units)))
    rest = prod(size or 0 for size in beside[1:])
    if beside and rest and values % rest == 0:
        yield "batch_of_view", str(values // rest)


def _values_of_merge(explanation: Explanation) -> Iterator[tuple[str, str]]:
    """The sizes of outputs that are added or joined, and of what a target has."""
    mismatch = explanation.mismatch
    if mismatch.axis == "time_step" and counts(explanation) == (2, 2):
        (steps, units), (other, _) = known_sizes(mismatch)
        yield from (("expected_steps", str(steps)), ("got_steps", str(other)))
        yield from (("units_of_merge", str(units)), ("twice_merge", str(2 * units)))
    if mismatch.axis == "gates*num_units" and counts(explanation) == (2, 2):
        gates = GATES[cell_of(explanation)]
        width = known_sizes(mismatch)[1][-1]
        if width % gates == 0:
            yield "keras_units_saved", str(width // gates)
        units = sizes_of(explanation)["units"]
        yield from (("other_keras_class", KERAS_CLASSES[id]) for id, n in GATES.items() if width == n * units)
    if mismatch.tensor == "bias" and mismatch.axis == "rank" and (biases := mismatch.shapes[0]):
        yield "units_of_biases", str((biases[-1] or 3) // 3)
    yield from _values_of_loss(explanation)
    if mismatch.tensor == "target" and counts(explanation) == (1, 1):
        (output,), (target,) = known_sizes(mismatch)
        yield from (("output_of_two", str(output)), ("target_of_two", str(target)))
    yield "dense_of_unknown", str(next(iter(mismatch.beside), None) or 3)


LOSS = re.compile(r"`?(categorical_crossentropy|binary_crossentropy|mean_squared_error|mean_absolute_error)`?")
"""The loss that a message names."""


def _values_of_loss(explanation: Explanation) -> Iterator[tuple[str, str]]:
    """The loss of a model, the steps of its input and of its target, and the units of what is added."""
    mismatch, left = explanation.mismatch, first_shape(explanation)
    named = LOSS.search(explanation.message)
    loss = "mae" if explanation.found.template.id == "tensorflow-difference" else "mse"
    yield "loss_of_message", named[1] if named else loss
    if len(shape := shape_of(mismatch.expected)) == 3:
        yield "steps_of_model", str(shape[1])
    yield "got_known", ", ".join(map(str, known_sizes(mismatch)[1]))
    if (
        counts(explanation) == (1, 1)
        and (samples := known_sizes(mismatch)[0][0])
        and known_sizes(mismatch)[1][0] % samples == 0
    ):
        yield "times_of_target", str(known_sizes(mismatch)[1][0] // samples)
    if left and (width := left[-1]):
        yield "width_of_sum", str(width)
        if width % 4 == 0:
            yield "lstm_of_sum", str(width // 4)
    if mismatch.beside and mismatch.beside[0]:
        yield "batch_of_target", str(mismatch.beside[0])


def _values_of_checkpoint(explanation: Explanation) -> Iterator[tuple[str, str]]:
    """The layers and the directions of a layer and of the one that made its checkpoint."""
    expected, got = known_sizes(explanation.mismatch)
    network = explanation.configuration
    if explanation.mismatch.axis != "num_layers*directions" or counts(explanation) != (1, 1) or not network:
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
    steps = sizes_of_network(network)["time"]
    if network and network.batch_size and network.time_step and network.batch_size * network.time_step == rows:
        shape = f"{network.batch_size}, {steps}"
        yield from (("dense_x", shape), ("dense_output", "output"), ("dense_shape", shape))
    else:
        yield from (("dense_x", f"{rows}, {steps}"), ("dense_output", "output[:, -1]"), ("dense_shape", str(rows)))


def _values_of_layer(explanation: Explanation, cell: str, sizes: dict[str, int]) -> Iterator[tuple[str, int | str]]:
    """The lines that make a layer, and the shapes of its tensors."""
    network = explanation.configuration
    parts = parts_of(explanation)
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
    expected, got = known_sizes(explanation.mismatch)
    for_x = {**sizes, "features": got[-1]} if explanation.mismatch.axis == "features" and got else sizes
    yield "layer_for_x", _layer(cell, for_x, **options, batch_first=first)
    yield "layer_time_first", _layer(cell, sizes, **options)
    yield "layer_batch_first", _layer(cell, sizes, **options, batch_first=True)
    if differing_axes(explanation) == {"num_layers*directions"} and got[0] % directions == 0:
        for_state = {**options, "num_layers": got[0] // directions if got[0] > directions else None}
        yield "layer_for_state", _layer(cell, sizes, **for_state, batch_first=first)
        yield "shape_of_state", f"({got[0]}, {sizes['batch']}, {units})"
    if differing_axes(explanation) == {"num_units"}:
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
        **dict.fromkeys(
            ("squeeze", "contiguous", "detach", "float", "relu", "sigmoid", "tanh"), ("()", (first, second, width))
        ),
        "permute": ("(1, 0, 2)", (second, first, width)),
        "transpose": ("(0, 1)", (second, first, width)),
        **dict.fromkeys(("mean", "sum"), ("(dim=1)", (first, width))),
        "unsqueeze": ("(0)", (1, first, second, width)),
        "flatten": ("(1)", (first, int(second) * width)),
    }
    if name in ("dim", "size"):
        yield "question", f"{name}()"
    if name in calls and "1" not in (first, second):
        arguments, shape = calls[name]
        yield from (("attribute", name + arguments), ("shape_of_attribute", f"({', '.join(map(str, shape))})"))


def _values_of_state(explanation: Explanation, sizes: dict[str, int], is_lstm: bool) -> Iterator[tuple[str, int | str]]:
    """The same for an initial state. An error in h_0 is raised first, so c_0 may be wrong as well."""
    expected, got = known_sizes(explanation.mismatch)
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
