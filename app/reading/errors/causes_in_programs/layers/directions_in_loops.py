"""Layers of two directions that a loop makes one above the other, each for the features that a line of the loop keeps
for the next one: the units of one direction."""

import ast
from collections.abc import Iterator
from dataclasses import replace

from .....translations.phrases import phrase
from ....facts_about_sizes import GATES, Fact, fact
from ...axes_of_arrays import RANK, STEPS
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.made_layers import CELLS_OF_FLAX
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size
from .layers_of_loops import CALLED, LAYERS

DIRECTIONS = 2


def _loops(tree: ProgramTree, framework: str) -> Iterator[tuple[ast.For, ast.Call, ast.Name]]:
    """The loops of a program that make a layer or a cell for features with a name; with the call and the name."""
    for call in tree.calls_of(*(LAYERS if framework == "pytorch" else CELLS_OF_FLAX)):
        features = tree.argument(call, 0, CALLED[framework][0])
        loop = next((one for one in tree.above(call) if isinstance(one, ast.For)), None)
        if loop and isinstance(features, ast.Name):
            yield loop, call, features


def _kept(found: Found, mismatch: Mismatch) -> tuple[ast.Assign, ast.Call] | None:
    """The line of such a loop that keeps the units of one direction, and the call that makes a layer or a cell; None
    unless the layer that failed gets twice as many."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    is_of_features = (mismatch.tensor, mismatch.axis) == ("x", "features") and found.framework in CALLED
    if not is_of_features or not expected or got != DIRECTIONS * expected:
        return None
    for loop, call, features in _loops(tree, found.framework):
        units = tree.argument(call, 1, CALLED[found.framework][1])
        assigned = [one for one in loop.body if isinstance(one, ast.Assign)]
        lines = [one for one in assigned if [*map(ast.unparse, one.targets)] == [features.id]]
        if len(lines) != 1 or units is None or ast.unparse(lines[0].value) != ast.unparse(units):
            continue
        if _has_both_directions(loop) and tree.size_said(units) in (None, expected):
            return lines[0], call
    return None


def _has_both_directions(loop: ast.For) -> bool:
    """Whether a loop makes layers of two directions."""
    calls = [one for one in ast.walk(loop) if isinstance(one, ast.Call)]
    said = [ast.unparse(key.value) for one in calls for key in one.keywords if key.arg == "bidirectional"]
    return "True" in said or any(name_of(one) == "Bidirectional" for one in calls)


def _of_loop(found: Found, mismatch: Mismatch) -> Mismatch:
    """An upper layer, which was made for the units of one direction of the layer below."""
    if not (kept := _kept(found, mismatch)):
        return mismatch
    sentence = phrase("The layer below returns the units of both directions, so the layers above read twice as many.")
    likely = replace(cause("layer_below", found.framework, cell=found.cell), sentence=sentence)
    facts = [*mismatch.facts, *_facts(found, kept[1])]
    return replace(mismatch, causes=(likely,), facts=tuple(dict.fromkeys(facts)), is_of_equals=False)


def _facts(found: Found, made: ast.Call) -> Iterator[Fact]:
    """The cell of Flax that the loop makes, and the samples and the steps of the only array with three axes that a
    line of the traceback gives the network, whose layers keep both."""
    if found.framework != "flax":
        return
    tree = found.program.tree
    name = name_of(made).removesuffix("Cell").removeprefix("Optimized").lower().replace("simple", "rnn")
    if name in GATES:
        yield fact("gates", GATES[name], "class")
    given = (one for call in tree.calls_in_frames for one in call.args)
    arrays = {axes for one in given if len(axes := tree.axes_of_made(one)) == RANK}
    if len(arrays) == 1:
        sizes = zip(STEPS, arrays.pop(), strict=False)
        yield from (fact(axis, size, "x") for axis, size in sizes if isinstance(size, int))


def units_of_both(found: Found, mismatch: Mismatch) -> Corrections:
    """The line of the loop that keeps the features of the next layer, with those of both directions."""
    tree, kept = found.program.tree, _kept(found, mismatch)
    return tree.corrected((kept[0].value, tree.doubled(kept[0].value))) if kept else ()


RULES = (_of_loop,)
"""What the program says about the causes."""

CORRECTIONS = {"layer_below": units_of_both}
"""Cause -> the lines that it corrects."""
