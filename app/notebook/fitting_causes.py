"""Which causes of an error fit the layers of the program that raised it: these are objects, of which more is known than
a message and its traceback say."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from ..reading.errors.causes import cause
from ..reading.errors.mismatch import Cause, Mismatch, Size
from ..reading.errors.recurrent_call import RecurrentCall


@dataclass(frozen=True)
class KnownLayers:
    """What the program has. ``outputs``: for each recurrent layer the length of its output at one step, and its
    directions; ``embeddings``: the lengths of what embeddings return; ``compared``: the shape of the output that a loss
    compares, () without one; ``packed``: how many lengths sequences are packed with, and how many steps or samples they
    have along the axis that is not packed as the batch."""

    outputs: Sequence[tuple[int, int]] = ()
    embeddings: Set[int] = frozenset()
    compared: tuple[int, ...] = ()
    packed: tuple[int, int] | None = None


MOST_JOINED = 4
"""Outputs of one step that programs join for a dense layer, such as the last one, their mean and their maximum, or the
states of two layers with two directions. More of them are steps."""


def fitting_causes(mismatch: Mismatch, call: RecurrentCall | None, known: KnownLayers) -> tuple[Cause, ...]:
    """The causes that the layers leave: those that are certain, or else all that are not ruled out. If none is left,
    the layers are not those of the message, and all stay."""
    ids = [cause.id for cause in mismatch.causes]
    certain = {*_certain(mismatch, call, known)}.intersection(ids)
    ruled_out = {*_ruled_out(ids, mismatch, call, known)}
    left = [one for one in mismatch.causes if (one.id in certain if certain else one.id not in ruled_out)]
    return tuple(_with_axis(one, mismatch, known) for one in left or mismatch.causes)


def _with_axis(one: Cause, mismatch: Mismatch, known: KnownLayers) -> Cause:
    """Another number of lengths than samples, if not even the other axis has as many."""
    if one.id not in ("lengths", "packed_axis") or known.packed is None or not isinstance(mismatch.expected, tuple):
        return one
    count, other = known.packed
    samples = _last(mismatch.expected)
    if count == other or samples is None:
        return one
    return cause("missing_length" if count < samples else "more_lengths", "pytorch")


def may_read_outputs(mismatch: Mismatch, known: KnownLayers) -> bool:
    """Whether a layer that is not recurrent may have got what a recurrent one returned, by its length."""
    got = _last(mismatch.got) if mismatch.tensor in ("dense_input", "output") else None
    return got is not None and any(got % length == 0 for length, _ in known.outputs)


def _certain(mismatch: Mismatch, call: RecurrentCall | None, known: KnownLayers) -> Iterator[str]:
    """Causes that the sizes of the layers show."""
    expected, got = _last(mismatch.expected), _last(mismatch.got)
    if mismatch.tensor == "x" and call and len(call.input) == 3 and call.input[1] == expected != got:
        yield "features_first"
    if mismatch.tensor in ("dense_input", "output") and expected and got:
        for length, directions in known.outputs:
            if got == length == 2 * expected and directions == 2:
                yield from ("dense_directions", "norm_directions")
            elif got == length:
                yield "dense_features"
            elif got % length == 0 and got > MOST_JOINED * length:
                if expected == length:
                    yield "dense_flattened"
                elif expected % length == 0 and expected > MOST_JOINED * length:
                    yield "dense_other_steps"
    if mismatch.tensor == "h_0" and call and not call.arguments.get("bidirectional"):
        of_both = 2 * (call.arguments.get("proj_size") or call.arguments.get("hidden_size", 0))
        if (of_both, 2) in known.outputs:
            yield "encoder_directions"
    of_target = mismatch.got[1:] if isinstance(mismatch.got, tuple) else None
    if mismatch.tensor == "target" and len(known.compared) > 2 and known.compared[1:-1] == of_target:
        yield "classes_second"


def _ruled_out(ids: Sequence[str], mismatch: Mismatch, call: RecurrentCall | None, known: KnownLayers) -> Iterator[str]:
    """Causes that the layers contradict, and those that say less than another one."""
    if call:
        is_one = call.arguments.get("num_layers", 1) == 1
        if not call.arguments.get("bidirectional"):
            yield "directions"
        elif is_one and "directions" in ids:
            yield "layers"
        if known.outputs and _last(mismatch.got) not in known.embeddings:  # of Keras no layers are known
            yield "embedding"
    if len(ids) > 1:
        yield "target_shape"


def _last(size: Size) -> int | None:
    return size[-1] if isinstance(size, tuple) and size else None
