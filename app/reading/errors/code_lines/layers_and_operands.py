"""What the recurrent layers of a pasted program return, and what the arrays in its operations are."""

import re
from collections.abc import Iterable, Iterator

from ...code.operations import Operand, Operation
from ...code.values import Axes, Layer, Tensor

STATES = frozenset({"h_0", "c_0"})

X = re.compile(r"x[a-z\d]?|x_(?:t|step|batch)|inp|inputs?(?:_t)?")
H = re.compile(r"h[a-z\d]?|h_?(?:t|tm1|prev|last|old)|prev_?h|hidden(?:_state)?|(?:prev_?)?state")
"""Names of x and h."""


def role_of(name: str) -> str:
    """What an array is called like that the program does not make."""
    return "x" if X.fullmatch(name) else "h_0" if H.fullmatch(name) else "mask" if "mask" in name else ""


def is_recurrent(one: Operation) -> bool:
    """Whether an operation is the call of a recurrent layer."""
    return one.layer is not None and one.layer.kind in ("lstm", "gru", "rnn") and len(one.operands) > 0


def are_alike(layers: Iterable[Layer | None]) -> bool:
    """Whether layers are of the same kind, with the same sizes."""
    return len({(one.kind, one.setting("bidirectional"), *map(one.size, SIZES)) for one in layers if one}) == 1


SIZES = ("features", "num_units", "num_layers", "num_proj")


def axes_of(value: object) -> Axes:
    """The axes of a tensor; () for anything else."""
    return value.axes if isinstance(value, Tensor) else ()


def takes_batch_first(layer: Layer) -> bool | None:
    """Whether a recurrent layer reads the samples along the first axis; None if that is not known."""
    if layer.framework == "keras":
        return True
    if layer.framework == "tf1":
        is_time_first = layer.setting("time_major")
        return None if is_time_first is None else not is_time_first
    return layer.setting("batch_first")


def has_two_directions(layer: Layer) -> bool | None:
    """Whether a layer has two directions; None if that is not known, as of a cell that something else runs over
    time."""
    if not layer.kind.endswith("_cell"):
        return layer.setting("bidirectional")
    return None if layer.framework == "tf1" else False


def units_of(layer: Layer) -> int | None:
    """The number of units of a layer; None if it is not known."""
    units = layer.size("num_units")
    return units if isinstance(units, int) else None


def width_of(layer: Layer) -> int | None:
    """How many values a recurrent layer returns for each step; None if that is not known."""
    units = layer.size("num_proj") or layer.size("num_units")
    both = False if layer.kind.endswith("_cell") else layer.setting("bidirectional")
    return units * (1 + both) if isinstance(units, int) and both is not None else None


def parts_of(layer: Layer) -> int | None:
    """The number of layers and directions of a recurrent layer; None if it is not known."""
    number, both = layer.size("num_layers"), layer.setting("bidirectional")
    return number * (1 + both) if isinstance(number, int) and both is not None else None


def directions_of(layer: Layer, parts: int, units: int) -> Iterator[bool]:
    """Whether a layer has two directions, if it may have so many units, layers and directions."""
    number, both, own = layer.size("num_layers"), layer.setting("bidirectional"), layer.size("num_units")
    if both is not None and number in (None, parts // (1 + both)) and own in (None, units):
        yield bool(both)


def makes_x(one: Operation) -> bool:
    """Whether an operation computes the x of a recurrent layer, of nothing that another one returns."""
    given = frozenset().union(*(operand.roles for operand in one.operands))
    return "x" in one.makes | given and not (one.makes | given) & {"output", *STATES}


def what(operand: Operand) -> str:
    """What an operand is: mask, output, state or x; "" if the program does not say it."""
    if "mask" in operand.roles or "mask" in operand.text.lower():
        return "mask"
    if "output" in operand.roles:
        return "output"
    return "state" if operand.roles & STATES else "x" if "x" in operand.roles else ""
