"""The line of a pasted program that says the batch of a state, in the call of the function or the class that makes
it."""

import ast
from collections.abc import Iterator, Sequence

from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.names_of_sizes import SAMPLES
from ...code_lines.program_tree import ProgramTree
from ...code_lines.written_sizes import size_text, with_value
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch

MOST_CALLS = 4
"""Functions through which a size is given on."""


def batchwhere_said(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that say the batch of the states of a layer of Flax, or of a model of ONNX, with that of x; () unless
    they write it as a number or a name, for all states."""
    tree, expected, got = found.program.tree, mismatch.expected, mismatch.got
    if mismatch.axis != "batch_size" or not isinstance(expected, tuple) or not isinstance(got, tuple):
        return ()
    pairs = [*zip(expected, got, strict=False)]
    differing = [n for n, (one, other) in enumerate(pairs) if one != other]
    if len(differing) != 1 or len(expected) != len(got):
        return ()
    (place,) = differing
    batch, made_for = pairs[place]
    lines: dict[int, Corrections] = {}
    for state in _given_states(found, got):
        for origin in tree.first_origins(state):
            sizes = tree.sizes_of(origin.made)
            size = where_said(tree, sizes[place], origin.calls) if len(sizes) == len(got) else None
            is_written = isinstance(size, (ast.Name, ast.Constant))
            if size is None or not is_written or batch is None or tree.number(size) != made_for:
                return ()
            text = size_text(tree, size, batch)
            text = (_name_of_samples(tree, size, batch) if text.isdecimal() else "") or text
            lines[id(size)] = with_value(tree, size, batch) if text.isdecimal() else tree.corrected((size, text))
    return all_of([*dict.fromkeys(line for one in lines.values() for line in one)]) if all(lines.values()) else ()


def _given_states(found: Found, shape: Sequence[int | None]) -> Iterator[ast.expr]:
    """The states that the lines of the traceback give a layer of Flax, or a model of ONNX by the names of its inputs,
    or with the shape that the message says."""
    tree = found.program.tree
    for call in tree.calls_in_frames:
        if found.framework == "onnx":
            yield from (
                value
                for feed in call.args
                if isinstance(feed, ast.Dict)
                for key, value in zip(feed.keys, feed.values, strict=True)
                if isinstance(key, ast.Constant)
                and (str(key.value).startswith("initial_") or _has_shape(tree, value, shape))
            )
        else:
            yield from tree.keywords(call, "initial_carry")


def _name_of_samples(tree: ProgramTree, near: ast.expr, batch: int) -> str:
    """The only name of a batch that the module gives a size before the line of an expression; "" without one."""
    known = {
        one.id
        for one in tree.nodes
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load) and SAMPLES.search(one.id)
        if tree.is_in_module(one.id) and tree.number(one) == batch and tree.places_of(one)[0].lineno < near.lineno
    }
    return known.pop() if len(known) == 1 else ""


def _has_shape(tree: ProgramTree, state: ast.expr, shape: Sequence[int | None]) -> bool:
    """Whether all arrays that the program makes for a state first have a shape."""
    shapes = [[*map(tree.number, tree.sizes_of(one.made))] for one in tree.first_origins(state)]
    return bool(shapes) and all(one == [*shape] for one in shapes)


def where_said(tree: ProgramTree, size: ast.expr, followed: Sequence[ast.Call]) -> ast.expr:
    """What the calls of functions give for a size that is their parameter: those that were ``followed`` to the array,
    or else the only ones."""
    for _ in range(MOST_CALLS):
        function = tree.function_of(size)
        if not isinstance(size, ast.Name) or not function or size.id not in tree.parameters(function):
            break
        calls = [one for one in followed if tree.function_called(one) is function]
        calls = calls or [one for one in tree.calls if function in (tree.constructor(one), tree.function_called(one))]
        given = tree.argument_for(calls[0], function, size) if len(calls) == 1 else None
        if given is None:
            break
        size = given
    return size


CORRECTIONS = dict.fromkeys(("carry", "other_batch"), batchwhere_said)
"""Cause -> the lines that it corrects."""
