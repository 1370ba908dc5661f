"""Recurrent layers of Keras that a loop makes one above the other, each of which returns only its last step: all but
the last one must return every step, and the last one if what comes after the loop reads the steps."""

import ast
import re
from itertools import takewhile
from typing import NamedTuple

from ....code.frameworks.keras import RECURRENT
from ...axes_of_arrays import MATRIX, RANK
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch

Loop = ast.For | ast.comprehension

Parts = list[tuple[ast.AST, str]]
"""Nodes of the program, each with the text in its place."""

LAYERS = (*RECURRENT, "RNN")

READS_STEPS = re.compile(
    rf"{'|'.join(LAYERS)}|Bidirectional|TimeDistributed|Permute|Flatten|\w{{0,30}}Attention|\w{{0,30}}1D(?:Transpose)?"
)
"""Layers that read every step of what they get."""

ENDS = ("compile", "fit", "summary", "Sequential")
"""What ends the layers of a model in the same function."""


class Condition(NamedTuple):
    """What is true in all rounds of a loop but the last one, and the parts of the loop that count its rounds."""

    text: str
    parts: Parts


def _one_less(tree: ProgramTree, number: ast.expr) -> str:
    """A number less one, as the program would write it."""
    match number:
        case ast.Constant(int(n)):
            return str(n - 1)
        case ast.BinOp(left, ast.Sub(), ast.Constant(int(n))):
            return f"{tree.text(left)} - {n + 1}"
    return f"{tree.text(number)} - 1"


def _condition(tree: ProgramTree, loop: Loop) -> Condition | None:
    """The condition of a loop over a range or a list; None for others."""
    match loop.target, loop.iter:
        case ast.Name("_") as unnamed, ast.Call(func=ast.Name("range"), args=[*_, end]):
            i = _new_name(tree, loop)
            return Condition(f"{i} < {_one_less(tree, end)}", [(unnamed, i)])
        case ast.Name(i), ast.Call(func=ast.Name("range"), args=[*_, end]):
            return Condition(f"{i} < {_one_less(tree, end)}", [])
        case ast.Tuple([ast.Name(i), _]), ast.Call(func=ast.Name("enumerate"), args=[items]):
            return Condition(f"{i} < {_last_of(tree, items)}", [])
        case ast.Name(item), ast.Name() | ast.Attribute() | ast.List() | ast.Tuple():
            i = _new_name(tree, loop)
            counted: Parts = [(loop.target, f"{i}, {item}"), (loop.iter, f"enumerate({tree.text(loop.iter)})")]
            return Condition(f"{i} < {_last_of(tree, loop.iter)}", counted)
    return None


def _new_name(tree: ProgramTree, loop: Loop) -> str:
    """A name for the number of a round, which no other value of the function has."""
    function = tree.function_of(loop.target)
    used = {one.id for one in tree.nodes if isinstance(one, ast.Name) and tree.function_of(one) is function}
    return next((name for name in ("i", "n", "k") if name not in used), "number")


def _last_of(tree: ProgramTree, items: ast.expr) -> str:
    """The index of the last item of a list."""
    match items:
        case ast.List(elts) | ast.Tuple(elts) if not any(isinstance(one, ast.Starred) for one in elts):
            return str(len(elts) - 1)
    return f"len({tree.text(items)}) - 1"


def _rounds(tree: ProgramTree, loop: Loop) -> int | None:
    """How often a loop runs; None if that is not known."""
    match loop.iter:
        case ast.Call(func=ast.Name("range"), args=[end]):
            return tree.number(end)
        case ast.Call(func=ast.Name("range"), args=[start, end]):
            first, last = tree.number(start), tree.number(end)
            return None if first is None or last is None else last - first
        case ast.List(elts) | ast.Tuple(elts):
            return len(elts)
    return None


def _loop_of(tree: ProgramTree, made: ast.Call) -> Loop | None:
    """The loop in the function of a call that makes a layer in each round; None outside of a loop."""
    for above in tree.above(made):
        match above:
            case ast.For():
                return above if tree.function_of(above) is tree.function_of(made) else None
            case ast.ListComp(generators=[loop]) | ast.GeneratorExp(generators=[loop]):
                return loop if not loop.ifs else None
    return None


def _place(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _beside(tree: ProgramTree, made: ast.Call) -> list[ast.Call]:
    """The calls in the function of one, in the order in which the program writes them."""
    function = tree.function_of(made)
    return sorted((one for one in tree.calls if tree.function_of(one) is function), key=_place)


def _are_steps_read(tree: ProgramTree, made: ast.Call, end: tuple[int, int]) -> bool:
    """Whether the layers after a loop, which ends at a place, or the target of the model, have every step."""
    later = (one for one in _beside(tree, made) if _place(one) > end)
    for one in takewhile(lambda one: name_of(one) not in ENDS, later):
        if name_of(one) == "RepeatVector":
            return False
        if READS_STEPS.fullmatch(name_of(one)):
            return True
    return _has_target_of_steps(tree)


def _has_target_of_steps(tree: ProgramTree) -> bool:
    """Whether the only call of ``fit`` has a target with values for each step, or with as many classes as steps."""
    calls = [one for one in tree.calls_of("fit") if len(one.args) > 1]
    if len(calls) != 1:
        return False
    x, target = (tree.axes(one) or tree.axes_of_made(one) for one in calls[0].args[:2])
    if len(target) != MATRIX:
        return len(target) == RANK
    dense = [tree.number(one.args[0]) for one in tree.calls_of("Dense") if one.args]
    return len(x) == RANK and x[1] == target[1] not in (1, *dense[-1:])


def every_step_but_the_last(found: Found, mismatch: Mismatch) -> Corrections:
    """The line of a loop that makes the layers, with every step of all but the last one; also the line of the loop, if
    it does not count, and that of a layer below it."""
    tree = found.program.tree
    if (mismatch.tensor, mismatch.axis, found.framework) != ("x", "rank", "keras"):
        return ()
    in_loops = [(one, loop) for one in tree.calls_of(*LAYERS) if (loop := _loop_of(tree, one))]
    failed = [(one, loop) for one, loop in in_loops if one in tree.calls_of_failure(*LAYERS)] or in_loops
    made, loop = failed[0] if len(failed) == 1 else (None, None)
    if made is None or loop is None or _rounds(tree, loop) == 1:
        return ()
    condition, given = _condition(tree, loop), _every_step_of(made)
    if not condition or not _is_false(given) or made.end_lineno != made.lineno:
        return ()
    ends = [one for one in (loop, *tree.above(made)) if isinstance(one, (ast.For, ast.ListComp, ast.GeneratorExp))]
    is_read = _are_steps_read(tree, made, (ends[0].end_lineno or 0, ends[0].end_col_offset or 0))
    below = [one for one in _below(tree, made, loop) if _is_false(_every_step_of(one))]
    parts = [_with_steps(tree, one, "True") for one in below]
    parts += [] if is_read else condition.parts
    return tree.corrected(*parts, _with_steps(tree, made, "True" if is_read else condition.text))


def _every_step_of(made: ast.Call) -> ast.expr | None:
    return next((one.value for one in made.keywords if one.arg == "return_sequences"), None)


def _is_false(given: ast.expr | None) -> bool:
    """Whether a layer returns its last step: that is so without the argument."""
    return given is None or (isinstance(given, ast.Constant) and not given.value)


def _with_steps(tree: ProgramTree, made: ast.Call, value: str) -> tuple[ast.AST, str]:
    """The part of a call that says which steps a layer returns, and the same with a value."""
    given = _every_step_of(made)
    if given is not None:
        return given, value
    last = max((*made.args, *(one.value for one in made.keywords)), key=_place, default=made)
    return last, f"{tree.text(last)}, return_sequences={value}"


def _below(tree: ProgramTree, made: ast.Call, loop: Loop) -> list[ast.Call]:
    """The recurrent layer before a loop, if its output is what the first layer of the loop gets."""
    start = min(_place(loop.target), _place(made))
    for one in reversed([one for one in _beside(tree, made) if _place(one) < start]):
        if name_of(one) in LAYERS and one.args:
            return [one]
        if name_of(one) in ("RepeatVector", *ENDS) or READS_STEPS.fullmatch(name_of(one)):
            return []
    return []


CORRECTIONS = {"return_sequences": every_step_but_the_last}
"""Cause -> the lines that it corrects."""
