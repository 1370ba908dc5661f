"""What a pasted program says about layers with a projection: an output whose axis that differs is num_proj, and a layer
that cannot have one."""

from dataclasses import replace

from ...code_lines.corrected_lines import Corrections
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


def lstm_of_projection(found: Found, mismatch: Mismatch) -> Corrections:
    """The only line that makes another layer with a projection, with an LSTM, if the traceback does not show it."""
    tree = found.program.tree
    made = [one for one in tree.calls_of("GRU", "RNN") if tree.keywords(one, "proj_size")]
    if len(made) != 1:
        return ()
    *owner, _ = tree.text(made[0].func).split(".")
    return tree.corrected((made[0].func, ".".join((*owner, "LSTM"))))


CORRECTIONS = {"lstm_projection": lstm_of_projection}
"""Cause -> the lines that it corrects."""
