"""Messages that a recurrent layer of Keras raises in its call: Keras lists the arguments, whatever its backend says."""

from collections.abc import Iterator

from ....facts_about_sizes import Fact, fact
from ...axes_of_arrays import AXES_OF_X
from ...causes import batch_id, cause
from ...mismatch import Mismatch, NoShapeError, Shape, wrong_rank, wrong_shape, wrong_size
from ...names_of_layers import is_recurrent
from ..message_template import Found, MessageTemplate
from ..states.numbers_of_states import gives_both_directions, states_of_two_directions, wrong_number_of_states


def of_arguments(found: Found, called: str) -> Mismatch | None:
    """What does not fit in the arguments of a call; None if that is not to be seen. ``called``: the class of the layer
    or cell, in lower case."""
    return next(_misfits(found, called), None)


def _misfits(found: Found, called: str) -> Iterator[Mismatch]:
    """Each argument that does not fit, x first."""
    around = found.surroundings
    x, h, mask, states = around.input_shape, around.state_shape, around.mask_shape, around.number_of_states
    is_cell, is_lstm = "cell" in called, "lstm" in called
    if len(x) > 1 and len(x) != (2 if is_cell else 3):
        yield _wrong_rank_of_x(found, x, is_cell)
        return
    if states is not None and states != 1 + is_lstm and (is_lstm or "gru" in called or "simple" in called):
        is_half = states == 0 and around.has_bidirectional_wrapper
        if is_half or gives_both_directions(found):  # the wrapper gives each direction half of the states
            yield states_of_two_directions(found)
        yield wrong_number_of_states(found, 1 + is_lstm, states)
    if x and len(h) in (1, 3):
        causes = [cause("unsqueeze" if len(h) == 1 else "squeeze", "keras", state="h")]
        yield wrong_rank("h_0", 2, len(h), causes, _facts(x), ((x[0], None), h))
    if x and len(h) == 2 and None not in (x[0], h[0]) and x[0] != h[0]:
        (expected, *_), (got, units) = x, h
        facts = [*_facts(x), *([fact("num_units", units, "h")] if units else [])]
        likely = [cause(batch_id(expected or 0, got or 0), "keras states", units=units)]
        if is_cell and min(expected or 0, got or 0) > 1:
            likely.append(cause("scan_axis", "keras"))
        yield wrong_size("h_0", "batch_size", expected or 0, got, likely, facts)
    if len(x) == len(mask) == 3 and x[:2] == mask[:2]:
        yield wrong_rank("mask", 2, 3, [cause("mask_features", "keras")], _facts(x), (x[:2], mask))
    if len(x) == 3 and len(mask) == 2 and None not in (*x, *mask) and x[:2] != mask:
        if mask == x[1::-1]:
            yield wrong_shape("mask", "order", x[:2], mask, [cause("exchanged_mask", "keras")], _facts(x))
        axis = "time_step" if x[0] == mask[0] else "batch_size"
        is_longer = axis == "time_step" and (mask[1] or 0) > (x[1] or 0)
        is_shorter = axis == "time_step" and not is_longer
        ids = ("cut_mask", "mask") if is_longer else ("short_mask",) if is_shorter else ("mask",)
        yield wrong_shape("mask", axis, x[:2], mask, [cause(id, "keras") for id in ids], _facts(x))


def _wrong_rank_of_x(found: Found, x: Shape, is_cell: bool) -> Mismatch:
    if is_cell:
        causes = [cause("one_step", "keras")] if len(x) == 3 else []
        return wrong_rank("x", 2, len(x), causes, shapes=((), x))
    ids = ("missing_axis", "missing_features_axis") if len(x) < 3 else ("extra_axis",)
    return wrong_rank("x", 3, len(x), [cause(id, "keras", cell=found.cell) for id in ids], shapes=((), x))


def _facts(x: Shape) -> list[Fact]:
    """The sizes of x, with or without an axis of time."""
    axes = AXES_OF_X if len(x) == 3 else (AXES_OF_X[0], AXES_OF_X[2])
    return [fact(axis, size, "x") for axis, size in zip(axes, x, strict=False) if size]


def any_message(found: Found) -> Mismatch:
    """A call that failed with a message of the backend that no other template knows."""
    called = found.text("layer")
    mismatch = of_arguments(found, called) if is_recurrent(called) else None
    if not mismatch:
        raise NoShapeError()
    return mismatch


TEMPLATES = (
    MessageTemplate("keras-call", "keras", "3", "Exception encountered when calling {layer:name}.call()", any_message),
    MessageTemplate(
        "keras-2-call",
        "keras",
        "2.6-2.15",
        "Exception encountered when calling layer {name:name} (type {layer:name})",
        any_message,
    ),
)
