"""Messages of Flax about parameters that were made for other sizes, or for another carry."""

import re
from dataclasses import replace

from .....translations.phrases import phrase
from ....facts_about_sizes import fact
from ...causes import cause
from ...mismatch import Mismatch, NoShapeError, Shape, written
from ..message_template import Found, MessageTemplate
from .weights import Axes, of_another_shape, sizes_as_facts

OF_FLAX: dict[str, tuple[str, Axes]] = {
    **{name: ("kernel", ("features", "num_units")) for name in ("ii", "if", "ig", "io", "ir", "iz", "in", "i")},
    **{
        name: ("recurrent_kernel", ("num_units", "num_units"))
        for name in ("hi", "hf", "hg", "ho", "hr", "hz", "hn", "h")
    },
}
"""By the name of a part of a cell, the tensor and its axes."""


def is_of_gate(found: Found) -> bool:
    """Whether the part that a message names is that of a gate of a cell. A layer for an input may be called "in", "i"
    or "h", so these need a cell with its default name, such as ``GRUCell_0``, around them."""
    scope, _, name = found.text("layer").strip("./").rpartition("/")
    return name in OF_FLAX and ((len(name) == 2 and name != "in") or bool(CELL_BY_DEFAULT.search(scope)))


CELL_BY_DEFAULT = re.compile(r"(?:^|[/(])(?:\w*LSTM|GRU|Simple)Cell_\d+\)?$")
"""The scope of a cell that has no name of its own."""


CANDIDATES = {"n": "g"}
"""Flax’s letter for a gate -> ours, if it is another one."""


def flax_parameter(found: Found) -> Mismatch:
    """A parameter that was initialized for other sizes."""
    name = found.text("layer").strip("./").rpartition("/")[2]
    tensor, axes = OF_FLAX.get(name, ("", ()))
    if found.text("parameter") == "bias":
        tensor, axes = "bias", ("num_units",)
    elif found.text("parameter") != "kernel" or not tensor:
        raise NoShapeError(phrase("weights of a layer that is not recurrent"))
    expected, got = found.shape("expected"), found.shape("got")
    if read := _of_carry(found, expected, got):
        return read
    mismatch = of_another_shape(found, tensor, axes, expected, got, sizes_as_facts(axes, expected, tensor))
    if mismatch.axis == "features" and tensor == "kernel":
        mismatch = replace(mismatch, causes=(cause("init_features", "flax"),))
    if mismatch.axis == "num_units" and got and (cell := FLAX_CELLS.get(found.cell)):
        made = f"nn.RNN(nn.{cell}({got[-1]}))"
        of_module = (replace(one, fix=made) if one.id == "other_size" else one for one in mismatch.causes)
        mismatch = replace(mismatch, causes=tuple(of_module))
    if mismatch.axis == "num_units" and _passes_carry(found):  # a cell has as many units as its carry
        causes = (*mismatch.causes, cause("other_units", "flax", units=got[-1] if got else None))
        mismatch = replace(mismatch, causes=causes)
    return replace(mismatch, gate=CANDIDATES.get(name[1:], name[1:]) or None)


FLAX_CELLS = {"lstm": "OptimizedLSTMCell", "gru": "GRUCell", "rnn": "SimpleCell"}
"""The class of each cell in Flax."""


def _of_carry(found: Found, of_carry: Shape, of_weights: Shape) -> Mismatch | None:
    """A carry of another size than the weights, if the text passes one: a cell of linen reads its number of units from
    the carry. None for other weights."""
    if len(of_carry) != 2 or len(of_weights) != 2 or not _passes_carry(found):
        return None
    units, made = of_weights[-1], of_carry[-1]
    if not units or not made or units == made:
        return None
    sentence = phrase(
        "A cell has as many units as the carry that it gets, {made}, but its weights are {weights}: they were made for"
        " {units} units.",
        made=made,
        weights=written(of_weights),
        units=units,
    )
    causes = (cause("other_units", "flax", units=units), cause("other_size", "flax"))
    facts = [fact("num_units", units, "weights")]
    rows = of_weights[0]
    if rows and found.text("layer").rpartition("/")[2][:1] == "i":
        facts.append(fact("features", rows, "weights"))
    return Mismatch("h_0", "num_units", sentence, (units,), (made,), causes, tuple(facts))


def _passes_carry(found: Found) -> bool:
    """Whether the program passes a cell of linen a carry; its RNN makes one for the units of the cell."""
    frames = found.program.tree.frames
    if frames and WHOLE_RNN.search(frames[-1]):
        return INITIAL_CARRY in frames[-1]
    return "carry" in "\n".join((found.program.source or found.surroundings.text, *frames))


WHOLE_RNN, INITIAL_CARRY = re.compile(r"\bRNN\(.{1,200}\)\("), "initial_carry"
"""The call of a layer that computes all steps of a cell, and the argument that gives it a carry."""


TEMPLATES = (
    MessageTemplate(
        "flax-parameter",
        "flax",
        "0.4-0.12",
        'For parameter "{parameter:word}" in "{layer:scope}", the given initializer is expected to generate shape'
        " {expected:shape}, but the existing parameter it received has shape {got:shape}",
        flax_parameter,
        anywhere=True,
        is_of_recurrence=is_of_gate,
    ),
    *(
        MessageTemplate(id, "flax", versions, text, flax_parameter, anywhere=True, is_of_recurrence=is_of_gate)
        for id, versions, text in (
            (
                "flax-1-parameter",
                "0.4-0.5",
                "Initializer expected to generate shape {expected:shape} but got shape {got:shape} instead for"
                ' parameter "{parameter:word}" in "{layer:operation}',
            ),
            (
                "flax-0-parameter",
                "0.3",
                'Inconsistent shapes between value and initializer for parameter "{parameter:word}" in "{layer:scope}":'
                " {got:shape}, {expected:shape}",
            ),
        )
    ),
)
