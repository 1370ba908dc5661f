"""The chain of a model that was read from source code."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..core.chain.chain import Chain
from ..core.chain.layer import KINDS, MERGES, AxisSize, Layer
from ..core.chain.shapes import REST, Shape, numbers
from ..core.chain.text import LARGEST, MOST_AXES, MOST_STACKED, chain_text
from ..reading.code.chain import ReadLayer, Setting
from ..reading.code.values import ANY, Axes


@dataclass(frozen=True)
class ReadChain:
    """A chain, with the line of the source that makes each of its layers; None for a gap between two layers, in which
    something is not known. ``framework`` is that of its layers, ``batch_first`` whether PyTorch's layers read the batch
    first. ``is_whole``: whether all layers are in it."""

    chain: Chain
    lines: tuple[int | None, ...]
    framework: str
    batch_first: bool
    is_whole: bool = True


def read_chain(layers: Sequence[ReadLayer], longest: int) -> ReadChain:
    """The chain of the layers of a model, as many as its text of at most ``longest`` characters has."""
    found: list[Layer] = []
    lines: list[int | None] = []
    input: tuple[AxisSize, ...] | None = None
    for read in layers:
        layer = _layer(read)
        coming = _axes(read.input)
        if not found:
            input = _input(layer, coming)
        else:
            gap = _gap(found, input, coming)
            if gap:
                found.append(gap)
                lines.append(None)
        found.append(_without_known_features(Chain((*found, layer), input)) if found else layer)
        lines.append(read.line)
    firsts = [read.config["batch_first"] for read in layers if "batch_first" in read.config]
    chain = Chain(tuple(found), input)
    whole = len(found)
    while len(chain.layers) > 1 and len(chain_text(chain)) > longest:
        chain = replace(chain, layers=chain.layers[:-1])
    known = len(chain.layers)
    return ReadChain(chain, tuple(lines[:known]), layers[0].framework, bool(firsts and firsts[0]), known == whole)


def _layer(read: ReadLayer) -> Layer:
    """A layer of the chain. One whose settings are not certain is of another kind: then only its output is known."""
    config = read.config
    if read.kind not in KINDS or (read.kind in ("convolution", "pooling") and read.framework == "pytorch"):
        return Layer(read.kind if read.kind in KINDS else "other")  # its channels come before the steps
    family = KINDS[read.kind]
    if family == "axes":
        return Layer(read.kind, axes=_axes(read.output))
    if family == "repeat":
        steps = _axes(read.output)
        return Layer(read.kind, num_units=_size(steps[0] if steps and steps[0] != "t" else None))
    features, units = (_size(config.get(name)) for name in ("features", "num_units"))
    if family in ("same", "flatten"):
        return Layer(read.kind)
    bias = config.get("bias", True)
    if family != "recurrent":
        return Layer(read.kind, features, units, bias=bias is not False)
    both, merge = config.get("bidirectional"), config.get("merge_mode", MERGES[0])
    every_step = config.get("return_sequences", True)
    reset_after = config.get("reset_after", True)
    backwards = config.get("go_backwards", False)
    if both and merge not in MERGES:  # two tensors
        return Layer("other")
    if None in (both, every_step, reset_after, backwards, bias):
        return Layer("other", axes=_axes(read.output))
    return Layer(
        read.kind,
        features,
        units,
        bidirectional=bool(both),
        merge_mode=str(merge) if both else MERGES[0],
        every_step=bool(every_step),
        go_backwards=bool(backwards),
        reset_after=bool(reset_after),
        bias=bool(bias),
        num_layers=_size(config.get("num_layers", 1), MOST_STACKED),
        num_proj=0 if config.get("num_proj", 0) == 0 else _size(config["num_proj"]),
    )


def _size(value: Setting | AxisSize, largest: int = LARGEST) -> int | None:
    """A size that the text of a chain can have; None for another value."""
    return value if type(value) is int and 1 <= value <= largest else None


def _axes(axes: Axes) -> tuple[AxisSize, ...] | None:
    """The axes after the batch; None if their number is not known."""
    if ANY in axes or not 2 <= len(axes) <= 1 + MOST_AXES:
        return None
    return tuple(_size(axis) if isinstance(axis, int) else None for axis in axes[1:])


def _input(layer: Layer, axes: tuple[AxisSize, ...] | None) -> tuple[AxisSize, ...] | None:
    """The axes of the first input, if they are other ones than those that the layer has usually."""
    usual = numbers(Chain((layer,)).shape_of_input(None, None))[1:]
    if axes is None or list(axes) == usual:
        return None
    has_steps = len(axes) > 1 or layer.family == "embedding"
    return ("t", *axes[1:]) if axes and has_steps and axes[0] is None else axes


def _gap(found: list[Layer], input: tuple[AxisSize, ...] | None, axes: tuple[AxisSize, ...] | None) -> Layer | None:
    """What is between the last layer and the next one, which gets tensors with these axes: nothing, or something that
    is not known. A recurrent layer, of which the next one gets one step, is changed accordingly."""
    *_, last = Chain(tuple(found), input).passed(None, None)
    if last.misfit:
        return None
    if axes is None:  # the next layer gets something else
        return None if last.output[-1].name == REST or last.output[1].name == REST else Layer("other")
    if _agree(last.output, axes):
        return None
    if last.layer.kind == "other" and last.layer.axes is None:
        found[-1] = replace(last.layer, axes=axes)
        return None
    if last.layer.family == "recurrent" and last.layer.every_step and len(axes) == 1:
        once = replace(last.layer, every_step=False)
        *_, changed = Chain((*found[:-1], once), input).passed(None, None)
        if _agree(changed.output, axes):
            found[-1] = once
            return None
    return Layer("other", axes=axes)


def _agree(shape: Shape, axes: tuple[AxisSize, ...]) -> bool:
    """Whether a tensor can have these axes after the batch, as far as they are known."""
    if shape[-1].name == REST:
        return False
    if shape[1].name == REST:
        return bool(axes) and (axes[-1] is None or shape[-1].number in (None, axes[-1]))
    known = shape[1:]
    return len(known) == len(axes) and all(
        size.number is None or axis is None or size.number == axis for size, axis in zip(known, axes, strict=True)
    )


def _without_known_features(chain: Chain) -> Layer:
    """The last layer; without the length of its input, if the chain has the same."""
    layer = chain.layers[-1]
    *_, before = Chain(chain.layers[:-1], chain.input).passed(None, None)
    is_declared = layer.family in ("recurrent", "cell", "dense")
    if is_declared and before.output[-1].number == layer.features is not None:
        return replace(layer, features=None)
    return layer
