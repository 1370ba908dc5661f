"""What a pasted program of PyTorch says about an output whose steps it puts into one axis with the values of each step,
for a target with one value for each sample."""

from dataclasses import replace

from ....code.operations import Operation
from ....facts_about_sizes import fact
from ...axes_of_arrays import RANK, STEPS, steps_in_order
from ...causes import cause
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch


def _flattened(found: Found, mismatch: Mismatch) -> Operation | None:
    """The last operation of the program, if it flattens what a recurrent layer returns; None for another one."""
    is_of_steps = (mismatch.tensor, mismatch.first_cause) == ("target", "not_return_sequences")
    last = [one for one in found.program.operations if one.operands][-1:]
    if found.framework != "pytorch" or not is_of_steps or not last or len(found.program.calls) != 1:
        return None
    (one,) = last
    (array, *_) = one.operands
    is_flat = one.layer is not None and one.layer.kind == "flatten"
    is_output = "output" in array.roles and len(array.axes) == RANK and isinstance(array.axes[-1], int)
    return one if is_flat and is_output else None


def _of_flattened_steps(found: Found, mismatch: Mismatch) -> Mismatch:
    """An output with the values of all steps in one axis: an index of its last step is taken before it is flat."""
    flat, shape = _flattened(found, mismatch), mismatch.shapes[0]
    if not flat or len(shape) != len(STEPS) or shape[-1] is None:
        return mismatch
    values, layer = flat.operands[0].axes[-1], found.program.calls[0].layer
    is_batch_first = layer.setting("batch_first") if layer else None
    if not isinstance(values, int) or shape[-1] % values or not isinstance(is_batch_first, bool):
        return mismatch
    sizes = zip(steps_in_order(is_batch_first), (shape[0], shape[-1] // values), strict=True)
    facts = (one for one in mismatch.facts if one.terms != (("batch_size",),))
    known = (fact(name, size, "output") for name, size in sizes if size)
    likely = cause("not_return_sequences", "pytorch flattened", cell=found.cell)
    return replace(mismatch, causes=(likely, *mismatch.causes[1:]), facts=(*facts, *known))


RULES = (_of_flattened_steps,)
"""What the program says about an output that it flattens."""
