"""The lines of a pasted program that pad a packed output again, for as many steps as the arrays beside it have."""

import ast

from ..code_lines.corrected_lines import Corrections, all_of
from ..code_lines.program_tree import ProgramTree
from ..framework_messages.message_template import Found
from ..mismatch import Mismatch


def total_length(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that pads the output, for as many steps as an array of its function has."""
    tree = found.program.tree
    padded = tree.calls_of("pad_packed_sequence")
    longer = mismatch.expected if mismatch.tensor == "output" else mismatch.got
    steps = max((size or 0 for size in longer), default=0) if isinstance(longer, tuple) else None
    if len(padded) != 1:
        return ()
    function = tree.function_of(padded[0])
    names = {
        one.id
        for one in tree.nodes
        if isinstance(one, ast.Name)
        and one.lineno < padded[0].lineno
        and tree.function_of(one) is function
        and tree.axes(one)[1:2] == (steps,)
    }
    parameters = [one.arg for one in function.args.args if one.arg in names] if function else sorted(names)
    known = [*parameters, *_packed(tree, padded[0])]
    return all_of([tree.with_argument(padded[0], "total_length", f"{known[0]}.size(1)")]) if known else ()


def _packed(tree: ProgramTree, padded: ast.Call) -> list[str]:
    """The parameter of the function that pads an output that it packs, itself or its embedding; [] without one."""
    function = tree.function_of(padded)
    packed = [one for one in tree.calls_of("pack_padded_sequence") if tree.function_of(one) is function and one.args]
    if len(packed) != 1 or not any(key.arg == "batch_first" for key in padded.keywords):
        return []
    x = packed[0].args[0]
    x = x.args[0] if isinstance(x, ast.Call) and x.args else x
    if not isinstance(x, ast.Name) or x.id not in tree.parameters(function) or tree.place_of(x):
        return []
    return [] if any(x.id in tree.targets_of(one) for one in (*packed, padded)) else [x.id]


CORRECTIONS = {"packed_steps": total_length}
"""Cause -> the lines that it corrects."""
