"""Messages of PyTorch before version 0.4 about arrays that have another number of elements than others."""

from ....facts_about_sizes import fact
from ...causes import batch_id, cause
from ...mismatch import Mismatch, of_unknown_arrays, wrong_size
from ..message_template import Found, MessageTemplate
from .products import OF_LAYER


def products_of_step(found: Found) -> Mismatch:
    """The sum of what a layer makes of x (batch_size, gates*num_units) and of h, if h has another batch. These versions
    compare no state with x before."""
    left, right = found.shape("left"), found.shape("right")
    (expected, *columns), (got, *others) = left or (None,), right or (None,)
    is_of_layer = "rnn.py" in found.frames[-1] or (found.program.has_calls and not found.frames[-1])
    if not is_of_layer or not expected or not got or expected == got or columns != others or len(columns) != 1:
        return of_unknown_arrays()
    facts = [fact("batch_size", expected, "x")]
    if found.cell == "rnn":
        facts.append(fact("num_units", columns[0] or 0, "sum"))
    units = columns[0] if found.cell == "rnn" else None
    likely = cause(batch_id(expected, got), "pytorch", cell=found.cell, **OF_LAYER, batch_got=got, units=units)
    return wrong_size("h_0", "batch_size", expected, got, [likely], facts)


TEMPLATES = tuple(
    MessageTemplate(
        id,
        "pytorch",
        "0.1-0.3",
        f"inconsistent tensor size, expected {arrays} to have the same number of elements, but got {numbers} elements",
        products_of_step,
        anywhere=True,
    )
    for id, arrays, numbers in (
        (
            "pytorch-0-elements-of-three",
            "{result:name} [{size:product}], {first:name} [{left:product}] and {second:name} [{right:product}]",
            "{i:n}, {a:n} and {b:n}",
        ),
        (
            "pytorch-0-elements",
            "{first:name} [{left:product}] and {second:name} [{right:product}]",
            "{a:n} and {b:n}",
        ),
    )
)
