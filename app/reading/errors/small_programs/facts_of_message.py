"""What small programs need to know of an explained message: its sizes, its axes, and the network."""

from ...facts_about_sizes import Configuration
from ..axes_of_arrays import AXES_OF_STATE
from ..explanation import Explanation
from ..framework_messages.inputs import inputs_of_models
from ..mismatch import Mismatch, Shape, Size

DEFAULTS = {"batch": 3, "time": 5, "features": 10, "units": 20}
"""Sizes that the message does not say."""


def sizes_of(explanation: Explanation) -> dict[str, int]:
    return sizes_of_network(explanation.configuration)


def is_packed(explanation: Explanation) -> bool:
    """Whether x is a packed sequence, as the corrected line or the program says."""
    return any(
        "packed" in text.lower() or "pack_" in text for text in (explanation.mismatch.causes[0].fix, explanation.before)
    )


def first_shape(explanation: Explanation) -> Shape:
    """The shape of the first factor or summand that the message says."""
    return explanation.found.shape("left")


def is_of_rows(explanation: Explanation) -> bool | None:
    """Whether the samples are rows of the array that does not fit the weights, which is then the first factor of their
    product; None if neither factor has its size."""
    expected, got = known_sizes(explanation.mismatch)
    outer, left = explanation.found.number("outer"), first_shape(explanation)
    if counts(explanation) != (1, 1) or not (outer or left):
        return None
    if outer:
        return True if (outer,) == expected else False if (outer,) == got else None
    first, second = left[-1:], explanation.found.shape("right")[:1]
    return True if (first, second) == (got, expected) else False if (first, second) == (expected, got) else None


def cell_of(explanation: Explanation) -> str:
    network = explanation.configuration
    return network.cell if network and network.cell else "lstm"


def parts_of(explanation: Explanation) -> int:
    """The layers times directions."""
    network = explanation.configuration
    return (network.num_layers or 1) * (1 + bool(network.bidirectional)) if network else 1


def shape_of(shape: Size) -> Shape:
    """A shape; () for a number of axes."""
    return shape if isinstance(shape, tuple) else ()


def known_sizes(mismatch: Mismatch) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The expected and the given sizes that the message says."""
    shapes = (shape if isinstance(shape, tuple) else () for shape in (mismatch.expected, mismatch.got))
    expected, got = (tuple(size for size in shape if size is not None) for shape in shapes)
    return expected, got


def counts(explanation: Explanation) -> tuple[int, int]:
    """The numbers of sizes that the message says."""
    expected, got = known_sizes(explanation.mismatch)
    return len(expected), len(got)


def fits_state(explanation: Explanation) -> bool:
    """Whether the message says a state with three axes, and the network has as many layers and directions."""
    return counts(explanation) == (3, 3) and parts_of(explanation) == known_sizes(explanation.mismatch)[0][0]


def differing_axes(explanation: Explanation) -> set[str]:
    """The axes that differ of a state with three axes; none if the network has another number of layers and
    directions."""
    if not fits_state(explanation):
        return set()
    sizes = zip(AXES_OF_STATE, *known_sizes(explanation.mismatch), strict=True)
    return {axis for axis, expected, got in sizes if expected != got}


def is_of_model(explanation: Explanation) -> bool:
    """Whether a model of Keras compares x with the shape of its input, before its first layer."""
    return explanation.found.template.read is inputs_of_models.shape


def ranks(explanation: Explanation) -> tuple[str | None, object, object]:
    mismatch = explanation.mismatch
    return mismatch.tensor, mismatch.expected, mismatch.got


def sizes_of_network(network: Configuration | None) -> dict[str, int]:
    """The sizes of a network, with defaults for those that are not known."""
    sizes = dict(DEFAULTS)
    for name, size in (
        ("batch", "batch_size"),
        ("time", "time_step"),
        ("features", "features"),
        ("units", "num_units"),
    ):
        sizes[name] = getattr(network, size) or sizes[name]
    return sizes
