"""What is true of every recurrent layer that an error may be about: of those of a framework, and of those that the
program makes."""

import ast
import re
from collections.abc import Iterator

from ..code.operations import Operation
from ..code.values import ANY, Axis, Layer
from ..facts_about_sizes import GATES, Fact, fact
from .axes_of_arrays import RANK, STEPS, steps_in_order
from .code_lines.handwritten_recurrence import LOOPS, SCANS
from .code_lines.layers_and_operands import SIZES, has_two_directions, takes_batch_first
from .code_lines.loops_of_own_cells import REPEATED, computes_one_state, has_one_loop_of_own_cell
from .framework_messages.message_template import HANDWRITTEN_CELLS, Found

OF_ONE_LAYER = ("keras", "flax")
"""Frameworks whose layers compute no others above them."""


def facts_of_all_layers(found: Found) -> Iterator[Fact]:
    """The facts that do not depend on which layer it is; none about a cell that the program writes itself."""
    layers = _layers(found)
    if not layers and _computes_one_layer(found):
        yield from (fact(name, 1, "program") for name in ("num_layers", "directions"))
    elif not layers and _runs_own_cell_forwards(found):
        yield fact("directions", 1, "program")
    are_cells = bool(layers) and all(one.kind.endswith("_cell") for one in layers)
    if found.framework in OF_ONE_LAYER or found.program.tree.sizes_of_flax_cell or are_cells:
        yield fact("num_layers", 1, "class")
    if not layers or found.surroundings.has_own_cell:
        return
    for name in SIZES:
        sizes = {one.size(name) for one in layers}
        if len(sizes) == 1 and isinstance(size := sizes.pop(), int) and size:
            yield fact(name, size, "program")
    kinds = {one.kind.removesuffix("_cell") for one in layers}
    if len(kinds) == 1 and (gates := GATES.get(kinds.pop())):
        yield fact("gates", gates, "program")
    both = {*map(has_two_directions, layers)}
    if len(both) == 1 and (is_both := both.pop()) is not None:
        yield fact("directions", 1 + is_both, "program")


def _computes_one_layer(found: Found) -> bool:
    """Whether a program shows the loop in which it computes the steps of a cell of its own, and names neither layers
    nor directions."""
    tree = found.program.tree
    if not tree.nodes_of_failure or OF_SEVERAL.search(found.program.source):
        return False
    made = [tree.calls_of(one.name) for one in tree.nodes if isinstance(one, ast.ClassDef)]
    if any(len(calls) > 1 for calls in made):  # one cell for each of several layers
        return False
    if found.framework in HANDWRITTEN_CELLS:
        return any(isinstance(one, LOOPS) for one in tree.nodes) or bool(tree.calls_of(*SCANS))
    is_repeated = any(isinstance(above, REPEATED) for calls in made for one in calls for above in tree.above(one))
    return not is_repeated and (has_one_loop_of_own_cell(tree) or computes_one_state(tree))


def _runs_own_cell_forwards(found: Found) -> bool:
    """Whether RNN of Keras runs a cell that the program defines, and nothing in the program may be of the other
    direction."""
    tree = found.program.tree
    runs = [one for one in tree.calls_of("RNN") if one.args and not tree.constructor(one)]
    cells = [cell for one in runs if isinstance(cell := tree.assigned(one.args[0]) or one.args[0], ast.Call)]
    is_own = len(runs) == len(cells) == 1 and tree.constructor(cells[0]) is not None
    return found.framework == "keras" and is_own and not OF_DIRECTIONS.search(found.program.source)


DIRECTIONS = r"bidirect|revers|flip|::-1|(?<![a-z])(?:[fb]wd?|forwards|backwards)(?![a-z])|(?<!\.)backward(?!\()"

OF_DIRECTIONS = re.compile(DIRECTIONS, re.IGNORECASE)
"""Words of a program that may compute both directions."""

OF_SEVERAL = re.compile(
    r"(?<!import )(?<!\.)\blayers\b(?!\.)|layer_|_layers?\b|\bcells\b|ModuleList|stacked|" + DIRECTIONS, re.IGNORECASE
)
"""Words of a program that may compute layers above each other, or both directions."""


def _layers(found: Found) -> set[Layer]:
    """The recurrent layers of a program, without those that are parts of others: the cells that TensorFlow 1 runs, and
    the layers that Keras runs in both directions."""
    called = {one.layer for one in found.program.calls if one.layer}
    layers = called | {*found.program.made_layers}
    whole = {(one.kind, one.size("num_units")) for one in layers if one.setting("bidirectional")}
    runs_cells = any(one.framework == "tf1" for one in called)
    return called | {
        one
        for one in layers
        if not (runs_cells and one.kind.endswith("_cell"))
        and not (one.framework == "keras" and one.is_used and (one.kind, one.size("num_units")) in whole)
    }


def facts_of_all_calls(found: Found) -> Iterator[Fact]:
    """The batch and the steps of x, if they are those of every call of a recurrent layer."""
    has_cells = any(one.kind.endswith("_cell") and one.framework != "tf1" for one in found.program.made_layers)
    shapes = [] if has_cells else [_sizes_of_x(one) for one in found.program.calls]
    for name in STEPS:
        sizes = {one.get(name) for one in shapes}
        if len(sizes) == 1 and isinstance(size := sizes.pop(), int) and size:
            yield fact(name, size, "data")


def _sizes_of_x(call: Operation) -> dict[str, Axis]:
    """The batch and the steps of the x that a recurrent layer gets; {} if they are not certain."""
    layer, axes = call.layer, call.operands[0].axes
    is_batch_first = takes_batch_first(layer) if layer else None
    if len(axes) != RANK or ANY in axes or is_batch_first is None:
        return {}
    return dict(zip(steps_in_order(is_batch_first), axes, strict=False))
