"""What a pasted program says about an output whose units its layer projects: the axis that differs is num_proj."""

from dataclasses import replace

from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, last_size, only_size, wrong_shape, wrong_size


def _of_projection(found: Found, mismatch: Mismatch) -> Mismatch:
    """An output with another size along its last axis, of which all recurrent layers of the program project their
    units to one of both sizes, in one or two directions."""
    layers = found.program.made_layers
    projections = {one.size("num_proj") for one in layers if one.kind != "dense"}
    expected, got = mismatch.expected, mismatch.got
    if (mismatch.tensor, mismatch.axis) != ("output", "num_units") or len(projections) != 1:
        return mismatch
    if projections.isdisjoint({size // n for size in map(last_size, (expected, got)) if size for n in (1, 2)}):
        return mismatch
    if (one := only_size(expected)) and (other := only_size(got)):
        new = wrong_size("output", "num_proj", one, other)
    elif isinstance(expected, tuple) and isinstance(got, tuple) and len(expected) == len(got):
        new = wrong_shape("output", "num_proj", expected, got)
    else:
        return mismatch
    is_of_units = mismatch.sentence.values.get("axis") == "num_units"
    return replace(mismatch, axis="num_proj", sentence=new.sentence if is_of_units else mismatch.sentence)


RULES = (_of_projection,)
"""What the program says about the units of an output."""
