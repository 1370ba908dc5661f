"""The picture of an error: the network as far as the text says it, with the tensor that does not fit in red."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ..core.axes import SIZES
from ..diagram.charts import layer_states
from ..diagram.charts.layer_states import LayerStates, StateShape
from ..diagram.elements import Picture
from ..diagram.transforms.relabeling import in_language
from ..diagram.transforms.unknown_sizes import with_unknown_sizes
from ..diagram.transforms.wrong_tensor import WrongTensor, with_wrong_tensor
from ..reading.errors.comparison import PARTS, Comparison
from ..reading.errors.explanation import Explanation
from ..reading.facts import Configuration
from ..translations.translator import Translator
from . import configuration as configurations
from .picture import picture_of
from .view import View

Subject = Literal["states", "cell", "network"]
"""What a picture shows: a layer with its states, a cell with a tensor in red, or a network in which nothing is red."""


@dataclass(frozen=True)
class ErrorPicture:
    """The picture for a page and for a phone."""

    subject: Subject
    wide: Picture
    narrow: Picture


IDS = {"x": ("x",), "h_0": ("h_prev",), "c_0": ("c_prev",)}
"""The tensors that come into a cell, by their names in explanations."""

WEIGHTS = {"kernel": "features", "recurrent_kernel": "num_units", "bias": ""}
"""Tensors that are weights, with the size that their rows have."""


def error_picture(
    explanation: Explanation, network: Configuration, shapes: Comparison | None, translate: Translator
) -> ErrorPicture | None:
    """The picture of an explained error for a configuration. None if a size is larger than a picture can be."""
    if states := _states(explanation, network, shapes):
        pictures = (states(format).picture() for format in (layer_states.WIDE, layer_states.NARROW))
        return ErrorPicture("states", *(in_language(picture, translate) for picture in pictures))
    is_of_state = explanation.mismatch.tensor in ("h_0", "c_0")
    last = (network.time_step or 2) - 1
    fields = {"t": 0 if is_of_state else min(1, last)}
    if not (view := configurations.view_of(network, explanation.framework, explanation.batch_first, **fields)):
        return None
    wrong = _wrong(explanation, view, shapes)
    unknown = {name for name in SIZES if getattr(network, name) is None}

    def drawn(format: str) -> Picture:
        picture = with_unknown_sizes(picture_of(view, format, translate, arrays=False), unknown)
        return with_wrong_tensor(picture, wrong) if wrong else picture

    return ErrorPicture("cell" if wrong else "network", drawn("column"), drawn("narrow column"))


def _states(
    explanation: Explanation, network: Configuration, shapes: Comparison | None
) -> Callable[[layer_states.Format], LayerStates] | None:
    """The picture of a layer with its states, in a format; None if the error is not about their shape."""
    mismatch = explanation.mismatch
    if mismatch.tensor not in ("h_0", "c_0") or not shapes or shapes.axes[:1] != (PARTS,):
        return None
    expected, got = _sheets(shapes.expected), _sheets(shapes.got)
    if not expected or not got or not network.num_layers:
        return None
    name = f"initial_{mismatch.tensor[0]}" if explanation.framework == "onnx" else mismatch.tensor
    sizes = {name: getattr(network, name) for name in SIZES}
    directions = 2 if network.bidirectional else 1
    return lambda format: LayerStates(network.num_layers or 1, directions, sizes, name, expected, got, format)


def _sheets(shape: tuple[int | None, ...]) -> StateShape | None:
    """A state as sheets: one for each layer and direction. A state without that axis is one sheet."""
    known = [size for size in shape if size]
    if len(known) != len(shape) or len(shape) not in (2, 3):
        return None
    sheets, rows, units = known if len(known) == 3 else (1, *known)
    return StateShape(sheets, rows, units)


def _wrong(explanation: Explanation, view: View, shapes: Comparison | None) -> WrongTensor | None:
    """The tensor in red; None if it is not in the picture of a cell."""
    tensor = explanation.mismatch.tensor or ""
    if tensor in IDS:
        ids = set(IDS[tensor])
    elif tensor in WEIGHTS:
        weights = [t for t in view.program.tensors if t.role == "weight"]
        ids = {t.id for t in weights if WEIGHTS[tensor] in {name for axis in t.axes[:-1] for name in axis.names}}
        ids = ids or {t.id for t in weights if (len(t.axes) == 1) == (tensor == "bias")}
    else:
        return None
    sizes = _differing(shapes) if shapes else {}
    length = next((size for name, size in sizes.items() if name in ("features", "num_units")), None)
    return WrongTensor(ids, sizes, length)


def _differing(shapes: Comparison) -> dict[str, int | None]:
    """The sizes that differ as they came, by the names of their axes; empty if the axes cannot be told."""
    if shapes.shift is None:
        return {}
    return {
        axis: shapes.got[n - shapes.shift]
        for n, axis in enumerate(shapes.axes)
        if axis and n in shapes.differing and n >= shapes.shift
    }
