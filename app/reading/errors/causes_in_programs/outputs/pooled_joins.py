"""What a pasted program says about sequences with other numbers of steps that Keras joins along their features: each is
reduced to one vector first."""

import ast
import re
from dataclasses import replace
from typing import NamedTuple

from ...causes import cause
from ...code_lines.array_origins import MOST_LINKS
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch
from ..inputs.keras_shapes import INPUTS
from ..likely_causes import only_join
from ..quotes import QUOTES

POOLING = re.compile(r"Global(?:Average|Max)(?:imum)?Pool(?:ing)?1D")

POOLING_OF_FEW = re.compile(r"(?:Average|Max)Pool(?:ing)?1D")
"""A layer of Keras that pools a few steps at a time."""

LAST_STEP = ":, -1"


def _class(tree: ProgramTree, call: ast.Call) -> str:
    """The class of the layer that a call calls; "" if that is not known."""
    made = call.func if isinstance(call.func, ast.Call) else tree.assigned(call.func)
    return name_of(made) if isinstance(made, ast.Call) else ""


def _join(found: Found) -> tuple[ast.Call, list[ast.expr]] | None:
    """The only call in the line that failed that joins arrays by a layer of Keras, and the arrays."""
    tree = found.program.tree
    calls = [
        (one, one.args[0].elts)
        for one in tree.calls_of_failure()
        if one.args and isinstance(one.args[0], (ast.List, ast.Tuple))
        if name_of(one) == "concatenate" or _class(tree, one) == "Concatenate"
    ]
    return calls[0] if len(calls) == 1 else None


class Reduction(NamedTuple):
    """What reduces the steps of an array to one vector, that array, and what stands before and after it."""

    whole: ast.expr
    array: ast.expr
    before: str
    after: str


def _reduction(tree: ProgramTree, joined: ast.Call) -> Reduction | None:
    """What reduces the joined steps: in the same line, or in the only one that reads the name of the join."""
    array = _only_use(tree, joined)
    above = next(tree.above(array), None)
    match above:
        case ast.Call(args=[only]) if only is array and POOLING.fullmatch(_class(tree, above)):
            return Reduction(above, array, f"{tree.text(above.func)}(", ")")
        case ast.Subscript(value=of) if of is array and ast.unparse(above.slice).strip("()") == LAST_STEP:
            return Reduction(above, array, "", f"[{LAST_STEP}]")
    return None


def _only_use(tree: ProgramTree, joined: ast.Call) -> ast.expr:
    """The only later name of what a call returns; the call itself if it has no name, or several uses."""
    statement = next(tree.above(joined), None)
    target = statement.targets[0] if isinstance(statement, ast.Assign) else None
    if not isinstance(target, ast.Name):
        return joined
    function = tree.function_of(joined)
    names = (one for one in tree.nodes if isinstance(one, ast.Name) and one.id == target.id)
    own = (one for one in names if isinstance(one.ctx, ast.Load) and tree.function_of(one) is function)
    read = [one for one in own if one.lineno > joined.lineno]
    return read[0] if len(read) == 1 else joined


def _of_joined_sequences(found: Found, mismatch: Mismatch) -> Mismatch:
    """Sequences with other numbers of steps that are joined along their features, and then reduced to one vector; or in
    a model that has no input whose steps could be others."""
    is_of_steps = (mismatch.tensor, mismatch.axis, found.framework) == ("output", "time_step", "keras")
    ids = [one.id for one in mismatch.causes]
    if not is_of_steps or ids not in OF_OTHER_STEPS or not (join := _join(found)):
        return mismatch
    if ids == ["other_sequence"] and QUOTES["other_sequence"](found, mismatch):
        return mismatch
    is_subclassed = ids == ["other_steps"] and found.program.is_whole and not found.program.tree.calls_of(*INPUTS)
    if not is_subclassed and not _reduction(found.program.tree, join[0]):
        is_of_pooled = any(_poolings(found.program.tree, one) for one in join[1])
        is_other = ids == ["other_sequence"] and is_of_pooled
        return replace(mismatch, causes=(cause("pooled_branch", "keras"),)) if is_other else mismatch
    return replace(mismatch, causes=(cause("pooled_join", "keras"),))


def _poolings(tree: ProgramTree, array: ast.expr) -> list[ast.Call]:
    """The calls that make the layers of Keras that pool a few steps at a time, among those that compute an array one
    after the other."""
    value: ast.expr | None = array
    poolings = []
    for _ in range(MOST_LINKS):
        value = tree.assigned(value) if isinstance(value, ast.Name) else value
        if not isinstance(value, ast.Call) or not value.args:
            break
        made = value.func if isinstance(value.func, ast.Call) else tree.assigned(value.func)
        if isinstance(made, ast.Call) and POOLING_OF_FEW.fullmatch(name_of(made)):
            poolings.append(made)
        value = value.args[0]
    return poolings


def _of_branches(found: Found, mismatch: Mismatch) -> Mismatch:
    """Sequences with other numbers of steps that a few lines without an encoder and a decoder join: branches of which
    each becomes one vector."""
    is_of_two = not found.program.tree.frames and [one.id for one in mismatch.causes] == ["other_sequence"]
    if not is_of_two or OF_DECODERS.search(found.surroundings.text) or not last_steps(found, mismatch):
        return mismatch
    return replace(mismatch, causes=(cause("pooled_join", "keras"),))


OF_DECODERS = re.compile(r"encod|decod|attention|seq2seq|context")
"""What a text with an encoder and a decoder says, in lower case."""


def last_steps(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make the layers whose outputs the only join gets, each of which returns its last step alone; () if
    another layer is between."""
    tree, join = found.program.tree, only_join(found)
    arrays = [tree.assigned(one.node) for one in join.operands if isinstance(one.node, ast.Name)] if join else []
    layers = [tree.layer(one.func) for one in arrays if isinstance(one, ast.Call)]
    made = [tree.made_layer(one) for one in layers if one]
    given = [value for one in made if one for value in tree.keywords(one, "return_sequences")]
    if tree.frames or not join or not len(join.operands) == len(made) == len(given):
        return ()
    return tree.corrected(*((one, "False") for one in given))


OF_OTHER_STEPS = (["other_steps"], ["other_sequence"])
"""The causes of sequences with other numbers of steps."""


def pooled_parts(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that joins the sequences, with the vector of each, and the line that reduced the join."""
    tree, join = found.program.tree, _join(found)
    reduction = _reduction(tree, join[0]) if join else None
    if not join or not reduction:
        return ()
    (call, arrays), (whole, array, before, after) = join, reduction
    parts = [(one, f"{before}{tree.text(one) if before else tree.operand(one)}{after}") for one in arrays]
    if array is not call:
        return tree.corrected(*parts, (whole, tree.text(array)))
    new = tree.text_with(call, *parts)
    return tree.corrected((whole, new)) if new else ()


def pooling_of_all_steps(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the only layer that pools, so that it returns as many steps as it gets."""
    tree, join = found.program.tree, _join(found)
    made = [one for array in join[1] for one in _poolings(tree, array)] if join else []
    given = {one.arg for pooling in made for one in pooling.keywords}
    if len(made) != 1 or len(made[0].args) > 1 or not given <= {"pool_size"}:
        return ()
    (pooling,) = made
    size = [*pooling.args, *(one.value for one in pooling.keywords)]
    before = f"{'pool_size=' if pooling.keywords else ''}{tree.text(size[0])}" if size else "2"
    return tree.corrected((pooling, f'{tree.text(pooling.func)}({before}, strides=1, padding="same")'))


def vectors_of_parts(found: Found, mismatch: Mismatch) -> Corrections:
    return pooled_parts(found, mismatch) or last_steps(found, mismatch)


RULES = (_of_joined_sequences, _of_branches)
"""What the program says about the causes in joined sequences."""

CORRECTIONS = {"pooled_join": vectors_of_parts, "pooled_branch": pooling_of_all_steps}
"""Cause -> the lines that it corrects."""
