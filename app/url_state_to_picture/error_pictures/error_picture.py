"""The picture of an error: the network as far as the text says it, with the tensor that does not fit in red."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import parse_qsl

from ...core.axes import SIZES
from ...diagram.charts import layer_states, sequences
from ...diagram.charts.layer_states import LayerStates, StateShape
from ...diagram.charts.sequences import EXAMPLES, Lengths, Mask
from ...diagram.charts.two_shapes import WIDE, Width, two_shapes
from ...diagram.elements import Box, Label, Picture, Text
from ...diagram.model.model_picture import draw
from ...diagram.transforms.relabeling import in_language
from ...diagram.transforms.unknown_sizes import UNKNOWN, with_unknown_sizes
from ...diagram.transforms.wrong_tensor import (
    WrongTensor,
    with_output,
    with_returned,
    with_wrong_arrays,
    with_wrong_tensor,
)
from ...diagram.views.weights.weights import CHOOSE
from ...reading.errors.expected_and_given_shape import PARTS, ROWS, Axes, Comparison, is_time_first
from ...reading.errors.explanation import Explanation
from ...reading.errors.framework_messages.handwritten_cells.products_in_failed_line import shapes_of_factors
from ...reading.errors.framework_messages.inputs.packing_and_masks import known_lengths
from ...reading.errors.framework_messages.message_template import HANDWRITTEN_CELLS
from ...reading.errors.framework_messages.outputs.pairs_of_output_and_states import CAUSES
from ...reading.errors.mismatch import Mismatch, Shape, only_size
from ...reading.facts_about_sizes import Configuration
from ...translations.translator import Translator
from ...url_state import state_of_configuration as configurations
from ...url_state.parsing import parse
from ...url_state.url_state import UrlState
from ..picture_of_state import picture_of
from .layers_around_error import error_chain

Subject = Literal["states", "cell", "gates", "weights", "chain", "sequences", "returned", "output", "network"]
"""What a picture shows: a layer with its states, the sequences of a batch, a cell with a tensor in red, or with the
gates in red whose weights are wrong, the arrays of weights, a chain of layers with a wire in red, a cell with all that
the layer returns in red, or only its output, which what comes after it does not fit, or a cell in which nothing is red,
because the message does not say which tensor is wrong."""


@dataclass(frozen=True)
class ErrorPicture:
    """The picture for a page and for a phone; ``red``: the tensor that is red in a cell, "" if the gates are that
    themselves; ``states``: the expected and the given state that it shows, if any; ``is_example``: whether the
    sequence in red is an example, since the text does not say which one is wrong; ``has_unknown_sizes``: whether a size
    in a chain is a question mark."""

    subject: Subject
    wide: Picture
    narrow: Picture
    red: str = ""
    states: tuple[StateShape, StateShape] | None = None
    is_example: bool = False
    has_unknown_sizes: bool = False


USUAL_STEPS = 3
"""Steps in the picture of a cell if their number is unknown: one before the whole one, and one after it."""

IDS = {"x": ("x",), "h_0": ("h_prev",), "c_0": ("c_prev",)}
"""The tensors that come into a cell, by their names in explanations."""

WEIGHTS = {"kernel": "features", "recurrent_kernel": "num_units", "bias": ""}
"""Tensors that are weights, with the size that their rows have."""


def error_picture(
    explanation: Explanation, network: Configuration, shapes: Comparison | None, translate: Translator
) -> ErrorPicture | None:
    """The picture of an explained error for a configuration. None if a size is larger than a picture can be, or if the
    network was never called."""
    if any(cause.id == "collate" for cause in explanation.mismatch.causes):  # the DataLoader failed
        return None
    if states := _states(explanation, network, shapes):
        pictures = (replace(states, format=format).picture() for format in (layer_states.WIDE, layer_states.NARROW))
        wide, narrow = (in_language(picture, translate) for picture in pictures)
        return ErrorPicture("states", wide, narrow, states=(states.expected, states.got))
    if batch := _sequences(explanation, network, shapes):
        pictures = (replace(batch, format=format).picture() for format in (sequences.WIDE, sequences.NARROW))
        wide, narrow = (in_language(picture, translate) for picture in pictures)
        is_example = isinstance(batch, Lengths) and batch.wrong in EXAMPLES and not batch.wrong_samples
        return ErrorPicture("sequences", wide, narrow, is_example=is_example)
    is_of_loss = explanation.mismatch.tensor == "target" and explanation.mismatch.beside
    is_one_wrong = is_of_loss or not explanation.mismatch.leaves_open
    if is_one_wrong and (scene := error_chain(explanation, network, shapes)):
        pictures = (draw(one).picture for one in (scene, replace(scene, format="narrow")))
        wide, narrow = (in_language(picture, translate) for picture in pictures)
        return ErrorPicture("chain", wide, narrow, has_unknown_sizes=_has_unknown_sizes(wide))
    network = _as_built(explanation.mismatch, network, shapes)
    steps = network.time_step or USUAL_STEPS
    t = 0 if explanation.mismatch.tensor in ("h_0", "c_0") else min(1, steps - 1)
    given = (network, explanation.framework, explanation.batch_first)
    state = configurations.state_of_configuration(
        *given,
        resets_after=explanation.resets_after,
        has_peepholes=explanation.has_peepholes,
        time_step=steps,
        t=t,
        **configurations.layer_of_error(explanation, network),
    )
    if not state:
        return None
    unknown = {name for name in SIZES if getattr(network, name) is None}
    if shapes and shapes.verdict == "exchanged" and explanation.mismatch.tensor in ROLES:
        return _weights(explanation, state, shapes, unknown, translate)
    red = PEEPHOLES if explanation.has_peepholes else _red(explanation.mismatch)
    wrong = _wrong(explanation, red, state, shapes)
    if wrong and not _has_tensor(picture_of(state, "column", arrays=False), wrong):
        wrong = None

    subject: Subject = "network"
    if any(cause.id in CAUSES for cause in explanation.mismatch.causes):
        subject = "returned"
    elif wrong:
        subject = "gates" if red in (*WEIGHTS, GATES, PEEPHOLES) else "cell"
    elif _is_of_output(explanation, network):
        subject = "output"

    def drawn(format: str) -> Picture:
        picture = with_unknown_sizes(picture_of(state, format, arrays=False), unknown)
        if subject == "returned":
            picture = with_returned(picture)
        elif subject == "output":
            picture = with_output(picture)
        elif wrong:
            picture = with_wrong_tensor(picture, wrong)
        return in_language(picture, translate)

    return ErrorPicture(subject, drawn("column"), drawn("narrow column"), "" if red == GATES else red)


def _as_built(mismatch: Mismatch, network: Configuration, shapes: Comparison | None) -> Configuration:
    """The network that failed, which expects the exchanged axes of x, and not the one that x is for."""
    if not shapes or (mismatch.tensor, shapes.verdict) != ("x", "exchanged"):
        return network
    sizes = dict(zip(shapes.axes, shapes.expected, strict=True))
    features, steps = (sizes.get(name) or getattr(network, name) for name in ("features", "time_step"))
    return replace(network, features=features, time_step=steps)


def _has_tensor(picture: Picture, wrong: WrongTensor) -> bool:
    """Whether anything in a picture is red if a tensor is wrong: a layer whose text does not say its projection has
    none."""
    return with_wrong_tensor(picture, wrong) != picture


def _has_unknown_sizes(picture: Picture) -> bool:
    """Whether a shape in a picture has a question mark."""
    labels = (shape for shape in picture.shapes if isinstance(shape, Label))
    return any(span.text == UNKNOWN for label in labels for line in label.lines for span in line)


GATES = "gates"
"""What is red if the gates were taken from the wrong axis."""

PEEPHOLES = "P"
"""What the operator of ONNX calls the weights of peepholes."""

OF_PEEPHOLES = ("p_i", "p_f", "p_o")
"""The weights of peepholes in the picture of a cell."""

CERTAIN = {
    **{"joined_rows": "x", "joined_weights": "kernel", "packed_axis": "x", "split_axis": GATES},
    **{"h_for_h_c": "h_0", "same_cell": "kernel"},
}
"""Causes that say, as the only ones, which tensor does not fit, where the message names none, or two."""

AFTER_OUTPUT = ("kernel_order", "axes_of_product")
"""Causes in a product of what a layer returns."""


def _red(mismatch: Mismatch) -> str:
    """The tensor that is wrong; "" if nothing says which one."""
    if mismatch.gate and mismatch.first_cause == "gate_slice":
        return GATES
    if len(mismatch.causes) == 1 and not mismatch.lacks_state and (certain := CERTAIN.get(mismatch.first_cause)):
        return certain
    return "" if mismatch.leaves_open else mismatch.tensor or ""


def _is_of_output(explanation: Explanation, network: Configuration) -> bool:
    """Whether what the layer returns has its axes in another order than what it meets; or a product of it failed, and
    not one of a gradient, which has no axis of the units."""
    mismatch, factors = explanation.mismatch, [*filter(None, shapes_of_factors(explanation.found))]
    if (mismatch.tensor, mismatch.first_cause) == ("output", "time_first") and len(mismatch.causes) == 1:
        return mismatch.causes[0].is_own
    if mismatch.first_cause not in AFTER_OUTPUT or mismatch.tensor not in ("output", "dense_kernel"):
        return False
    if mismatch.tensor == "output" or mismatch.got not in factors or not network.num_units:
        return True
    factors.remove(mismatch.got)
    widths = (network.num_units, network.num_units * (1 + bool(network.bidirectional)))
    return any(size is None or size in widths for size in factors[0]) if factors else True


def picture_of_shapes(shapes: Comparison, width: Width = WIDE) -> Picture:
    """Both shapes under one another."""
    given = (shapes.axes, shapes.expected, shapes.got, shapes.words, shapes.differing, shapes.shift)
    return two_shapes(*given, width, shapes.got_axes)


ROLES = {"kernel": "x", "recurrent_kernel": "h"}
"""The role of the blocks of an array in the picture of the weights."""


def _weights(
    explanation: Explanation, state: UrlState, sizes: Comparison, unknown: Collection[str], translate: Translator
) -> ErrorPicture:
    """The arrays of weights as the framework stores them, with the one that was passed transposed in red, and the
    ``sizes`` that it has. ``unknown``: the names of the sizes of the network that are unknown."""
    tensor = explanation.mismatch.tensor or ""
    weights = parse([("view", "weights"), *parse_qsl(state.query().removeprefix("?"))], strict=True)
    picture = with_unknown_sizes(picture_of(weights, "narrow", arrays=False), unknown)
    shapes = (
        s for s in picture.shapes if not (isinstance(s, Text) and any(s.text in hint for hint in CHOOSE.values()))
    )
    picture = in_language(replace(picture, shapes=tuple(shapes)), translate)  # there are no links over it
    ids = {s.tensor for s in picture.shapes if isinstance(s, Box) and s.role == ROLES[tensor]}
    for id in ids:
        picture = with_wrong_arrays(picture, id, ROLES[tensor], sizes.expected, sizes.got)
    return ErrorPicture("weights", picture, picture)


def _states(explanation: Explanation, network: Configuration, shapes: Comparison | None) -> LayerStates | None:
    """The picture of a layer with its states; None if the error is not about their shape."""
    mismatch = explanation.mismatch
    if mismatch.tensor not in ("h_0", "c_0") or not shapes or shapes.shift is None or not network.num_layers:
        return None
    if explanation.framework in HANDWRITTEN_CELLS:  # the cell is drawn, with the state in its place
        return None
    expected, got = _sheets(shapes.axes, shapes.expected), _sheets(shapes.axes[shapes.shift :], shapes.got)
    if not expected or not got:
        return None
    name = f"initial_{mismatch.tensor[0]}" if explanation.framework == "onnx" else mismatch.tensor
    sizes = {name: getattr(network, name) for name in SIZES}
    is_exchanged = (network.batch_size, network.time_step) == (got.rows, expected.rows)
    if mismatch.first_cause == "batch_first" and is_exchanged:  # x as the layer reads it: its samples are steps
        sizes |= {"batch_size": network.time_step, "time_step": network.batch_size}
    directions, time_first = 2 if network.bidirectional else 1, is_time_first(explanation)
    return LayerStates(network.num_layers, directions, sizes, name, expected, got, time_first)


def _sequences(explanation: Explanation, network: Configuration, shapes: Comparison | None) -> Lengths | Mask | None:
    """The picture of a batch with its lengths or its mask; None if the error is not about these."""
    mismatch = explanation.mismatch
    sizes, features = (network.batch_size, network.time_step), network.features
    is_first = is_time_first(explanation)
    match mismatch.tensor, mismatch.axis:
        case "lengths", "batch_size":
            is_known = shapes and None not in (shapes.expected[0], shapes.got[0])
            if mismatch.first_cause == "padded_time_first" and not is_known and sizes[0]:  # x as it is packed
                return Lengths(sizes[1], sizes[0], "batch_size", sizes[0], features=features)
            if not shapes or not is_known:
                return None
            if sizes == (shapes.got[0], shapes.expected[0]):  # packed along the steps: its samples are taken for steps
                return Lengths(*sizes[::-1], "batch_size", shapes.got[0], True, features=features)
            return Lengths(shapes.expected[0], sizes[1], "batch_size", shapes.got[0], is_first, features=features)
        case "lengths", "order" | "time_step" | "rank" as wrong:
            length = shapes.got[0] if shapes and wrong == "time_step" else None
            lengths = known_lengths(explanation.found)
            if mismatch.first_cause == "longer_sequence":
                return Lengths(*sizes, "longer", None, is_first, features=features, lengths=lengths)
            several = mismatch.shapes[1] if wrong == "rank" else ()
            return Lengths(*sizes, wrong, length, is_first, features=features, lengths=lengths, shape=several)
        case "mask", "batch_size" | "time_step" | "rank" | "order" if shapes and len(shapes.expected) == len(sizes):
            return Mask(shapes.expected, shapes.got, features=features)
        case "mask", "time_step" if mismatch.is_of_equals and len(known := _both(mismatch)) == 2:
            both = (sizes[0], known[0]), (sizes[0], known[1])
            if mismatch.first_cause == "packed_steps":
                return Mask(
                    *both, num_units=network.num_proj or network.num_units, directions=1 + bool(network.bidirectional)
                )
            return Mask(*both, features=features)
        case "mask", "time_step":
            return Lengths(*sizes, "padding", features=features)
    return None


def _both(mismatch: Mismatch) -> tuple[int, ...]:
    """The sizes of both arrays that must be equal; fewer if the message does not say them."""
    both = (only_size(mismatch.expected), only_size(mismatch.got))
    return tuple(size for size in both if size)


def _sheets(axes: Axes, sizes: Shape) -> StateShape | None:
    """A state as sheets: one for each layer and direction, with a row for each sample. None if a size is unknown."""
    known = {axis: size for axis, size in zip(axes, sizes, strict=True) if axis and size}
    units = known.get("num_proj", known.get("num_units"))
    if len(known) < len(sizes) or not units:
        return None
    return StateShape(known.get(PARTS, 1), known.get("batch_size", 1), units)


def _wrong(explanation: Explanation, tensor: str, state: UrlState, shapes: Comparison | None) -> WrongTensor | None:
    """The tensor in red; None if it is not in the picture of a cell."""
    if tensor in IDS:
        ids = set(IDS[tensor])
        of_states = explanation.found.surroundings.state_shapes
        are_both = any(one.id == "state_axes" and one.others for one in explanation.mismatch.causes[:1])
        of_carry = explanation.framework == "flax" and explanation.mismatch.first_cause == "state_of_other_data"
        if tensor == "h_0" and (are_both or of_carry or (len(of_states) > 1 and len(set(of_states)) == 1)):
            ids.update(IDS["c_0"])
        if explanation.mismatch.first_cause == "joined_rows":
            ids.update(IDS["h_0"])
    elif tensor == "projection":
        ids = {tensor}
    elif tensor == PEEPHOLES:
        return WrongTensor(OF_PEEPHOLES, is_in_labels=False)
    elif tensor == GATES:
        ids = {t.id for t in state.program.tensors if t.role == "weight"}
        return WrongTensor(ids, gate=explanation.mismatch.gate, is_in_labels=False)
    elif tensor in WEIGHTS:
        weights = [t for t in state.program.tensors if t.role == "weight"]
        ids = {t.id for t in weights if WEIGHTS[tensor] in {name for axis in t.axes[:-1] for name in axis.names}}
        ids = ids or {t.id for t in weights if (len(t.axes) == 1) == (tensor == "bias")}
    else:
        return None
    sizes = _differing(shapes, explanation.configuration) if shapes else _of_sample(explanation)
    if tensor == "recurrent_kernel" and ROWS not in sizes and "num_units" in sizes:
        sizes["num_units"] = None  # its other axis has as many units as the cell, in the same label
    place = None
    if explanation.mismatch.is_of_shared_cell:  # whose rows for x are the second ones: those for h are right
        sizes, place = {"num_units": only_size(explanation.mismatch.expected)}, 1
    length = next((size for name, size in sizes.items() if name in ("features", "num_units")), None)
    has_other_axes = tensor in IDS and shapes is not None and len(shapes.got) != len(shapes.expected)
    shape = shapes.got if shapes and has_other_axes and _is_of_label(explanation) else ()
    gate = None if explanation.mismatch.first_cause in OF_ALL_GATES else explanation.mismatch.gate
    return WrongTensor(ids, sizes, length, gate, tensor != "bias", shape, place)


OF_ALL_GATES = ("init_features",)
"""Causes by which the weights of all gates are wrong, of which a message names the first."""


def _is_of_label(explanation: Explanation) -> bool:
    """Whether the label of a tensor that comes into the cell shows all its axes: that of a state of one layer, or of x
    of one step."""
    return explanation.is_of_one_step or explanation.mismatch.tensor != "x"


def _of_sample(explanation: Explanation) -> dict[str, int | None]:
    """The size that differs in x, if a loop takes the steps of a sample for the samples of a step; empty for any other
    order of axes."""
    is_of_sample = explanation.mismatch.first_cause in OF_SAMPLES
    if explanation.mismatch.sentence.values.get("second") == 1:  # axes 0 and 1
        is_of_sample = any(cause.id == "exchanged_axes" for cause in explanation.mismatch.causes)
    is_order = (explanation.mismatch.tensor, explanation.mismatch.axis) == ("x", "order") and is_of_sample
    if not is_order and [cause.id for cause in explanation.mismatch.causes] != ["packed_axis"]:
        return {}
    return {"batch_size": explanation.configuration.time_step if explanation.configuration else None}


OF_SAMPLES = ("scan_axis", "step_axis", "first_axis_step")
"""Causes in a loop or an index that takes a sample for a step."""


def _differing(shapes: Comparison, network: Configuration | None) -> dict[str, int | None]:
    """The sizes that differ as they came, by the names of their axes; empty if the axes cannot be told. With another
    number of rows, the units of each gate are red as they are: the rows may be those of other gates."""
    if shapes.shift is None:
        return {}
    sizes = {shapes.axes[n]: shapes.got[n - shapes.shift] for n in shapes.differing if n >= shapes.shift}
    if ROWS in sizes:
        sizes.setdefault("num_units", network.num_units if network else None)
    return {axis: size for axis, size in sizes.items() if axis}
