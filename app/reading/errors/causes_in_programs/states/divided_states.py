"""Batches of which each of several devices gets a part, for a cell that a program of PyTorch computes itself."""

from dataclasses import replace

from ...causes import cause
from ...framework_messages.divided_batches import divides_batch
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size


def _of_devices(found: Found, mismatch: Mismatch) -> Mismatch:
    """A state that has several times the samples of x, as it is not divided, or an x that has those of the state, as it
    is divided along another axis."""
    is_of_batch = (mismatch.tensor, mismatch.axis, found.framework) == ("h_0", "batch_size", "pytorch")
    x, h = only_size(mismatch.expected), only_size(mismatch.got)
    if not is_of_batch or mismatch.first_cause not in ("other_batch", "last_batch") or not x or not h:
        return mismatch
    if max(x, h) % min(x, h) or not divides_batch(found):
        return mismatch
    likely = cause("undivided_x", "pytorch") if x > h else cause("divided_batch", "cell")
    others = (one for one in mismatch.causes if one.id == "other_batch")
    return replace(mismatch, causes=(likely, *others))


RULES = (_of_devices,)
"""What devices that share a batch say about a state."""
