"""Weights of another network than the recurrent one of a pasted program: their sizes fit none of its layers."""

from .....translations.phrases import phrase
from ....code.values import Axis
from ....facts_about_sizes import GATES
from ...code_lines.layers_and_operands import units_of, width_of
from ..message_template import Found

OF_OTHER_LAYER = phrase("weights of a layer that is not recurrent")
"""What a message about such weights is about."""


def is_read_elsewhere(found: Found, features: Axis) -> bool:
    """Whether a dense layer that reads so many features is of another network: the program says how many its dense
    layers read and its recurrent ones return, or two of these joined, and none has so many."""
    tree, layers = found.program.tree, found.program.made_layers
    if not layers or tree.calls_of("LazyLinear"):
        return False
    given = [tree.argument(one, 0, "in_features") for one in tree.calls_of("Linear")]
    read: set[Axis] = {tree.number(one) if one is not None else None for one in given}
    widths = [width_of(one) for one in layers]
    returned: set[Axis] = {n * width if width else None for width in widths for n in (1, 2)}
    return _lacks(read | returned, features)


def is_embedded_elsewhere(found: Found, components: Axis) -> bool:
    """Whether an embedding of words as so many components is of another network: the program says how many its
    embeddings return and its recurrent layers read, and none has so many."""
    tree, layers = found.program.tree, found.program.made_layers
    names = ("embedding_dim", "output_dim")
    made = [
        next((size for name in names if (size := tree.argument(one, 1, name)) is not None), None)
        for one in tree.calls_of("Embedding")
    ]
    returned: set[Axis] = {tree.number(one) if one is not None else None for one in made}
    read = {one.size("features") for one in layers if one.framework != "keras" or not made}
    return bool(layers) and _lacks(returned | read, components)


def has_other_gates(found: Found, columns: Axis) -> bool:
    """Whether a kernel of so many columns is of no recurrent layer of the program, which says the units of all."""
    made = {(one.kind, units_of(one)) for one in found.program.made_layers}
    return bool(made) and _lacks({units and GATES[kind.removesuffix("_cell")] * units for kind, units in made}, columns)


def _lacks(sizes: set[Axis], size: Axis) -> bool:
    """Whether sizes are all known, and another one is none of them."""
    return all(isinstance(one, int) for one in sizes) and size not in sizes
