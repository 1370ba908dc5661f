"""The layers of a chain with the shapes that were recorded in one call of a model.

What a chain says about shapes follows from its text, in which all layers have one batch. In a call they need not: a
model may have the words of all sentences as one batch, and then the sentences of each text."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ..core.model.shapes import REST, Shape
from ..reading.code.reading_result import ReadLayer
from ..reading.code.values import Axes
from ..url_state_to_picture.model.picture_of_model import NamedLayer


def with_recorded_shapes(
    layers: Sequence[NamedLayer], reads: Sequence[ReadLayer | None], time_major: bool
) -> list[NamedLayer]:
    """Layers with recorded shapes. ``reads``: what was recorded of each, None for a gap between two layers, which gets
    what the layer before it returned and returns what the one after it takes."""
    found: list[NamedLayer] = []
    for named, read in zip(layers, reads, strict=True):
        passed = named.passed
        if read:
            taken = _recorded(passed.input, read.input, time_major)
            returned = _recorded(_with_batch(passed.output, taken), read.output, time_major)
            passed = replace(passed, input=taken, output=returned)
        elif found:
            passed = replace(passed, input=found[-1].passed.output)
        found.append(replace(named, passed=passed))
    return list(_with_outputs_of_gaps(found, reads))


def _with_outputs_of_gaps(layers: Sequence[NamedLayer], reads: Iterable[ReadLayer | None]) -> Iterator[NamedLayer]:
    for named, read, next_one in zip(layers, reads, (*layers[1:], None), strict=True):
        if read is None and next_one:
            named = replace(named, passed=replace(named.passed, output=next_one.passed.input))
        yield named


def _with_batch(shape: Shape, other: Shape) -> Shape:
    """A shape with the batch of another one."""
    return (other[0], *shape[1:])


def _recorded(shape: Shape, axes: Axes, time_major: bool) -> Shape:
    """A shape with recorded sizes, if it has as many axes. An axis that differs between calls has no size."""
    if len(shape) != len(axes) or any(size.name == REST for size in shape):
        return shape
    if time_major and len(shape) > 1 and shape[1].name == "time_step":
        axes = (axes[1], axes[0], *axes[2:])
    return tuple(
        size if size.number == axis else replace(size, value=axis if isinstance(axis, int) else None, times=1)
        for size, axis in zip(shape, axes, strict=True)
    )
