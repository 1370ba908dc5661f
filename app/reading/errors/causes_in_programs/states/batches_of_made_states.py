"""The line of a pasted program that says the batch of a state, in the call of the function or the class that makes
it."""

import ast
from collections.abc import Iterator, Sequence

from ...code_lines.corrected_lines import Corrections, all_of
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
    for state in _given_states(found):
        for origin in tree.first_origins(state):
            sizes = tree.sizes_of(origin.made)
            size = where_said(tree, sizes[place], origin.calls) if len(sizes) == len(got) else None
            is_written = isinstance(size, (ast.Name, ast.Constant))
            if size is None or not is_written or batch is None or tree.number(size) != made_for:
                return ()
            text = size_text(tree, size, batch)
            lines[id(size)] = with_value(tree, size, batch) if text.isdecimal() else tree.corrected((size, text))
    return all_of([*dict.fromkeys(line for one in lines.values() for line in one)]) if all(lines.values()) else ()


def _given_states(found: Found) -> Iterator[ast.expr]:
    """The states that the lines of the traceback give a layer of Flax, or a model of ONNX by the names of its inputs:
    arrays with as many axes as states have."""
    for call in found.program.tree.calls_in_frames:
        if found.framework == "onnx":
            yield from (
                value
                for feed in call.args
                if isinstance(feed, ast.Dict)
                for key, value in zip(feed.keys, feed.values, strict=True)
                if isinstance(key, ast.Constant) and str(key.value).startswith("initial_")
            )
        else:
            yield from found.program.tree.keywords(call, "initial_carry")


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
