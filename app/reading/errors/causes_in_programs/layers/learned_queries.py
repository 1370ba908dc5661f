"""Attention whose query is a parameter of the program, with the values of one direction, for an output of both."""

import ast
from dataclasses import replace

from .....translations.phrases import phrase
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import base_of, name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size
from ..states.batches_of_made_states import where_said

DIRECTIONS = 2

OF_ATTENTION = ("attention_directions", "attention_units")

RESHAPED = ("expand", "repeat", "unsqueeze", "view", "reshape", "expand_as", "to", "contiguous")
"""Methods that keep the values of a query."""

MOST_LINKS = 6


def _parameter(tree: ProgramTree, factor: ast.expr) -> ast.Call | None:
    """The call that makes the parameter of which a factor has the values; None for another array."""
    node: ast.expr | None = factor
    for _ in range(MOST_LINKS):
        match node:
            case ast.Name() | ast.Attribute():
                node = tree.assigned(node)
            case ast.Call(func=ast.Attribute(value=of, attr=name)) if name in RESHAPED and base_of(of) != "torch":
                node = of
            case ast.Subscript(value=of):
                node = of
            case ast.Call() if name_of(node) == "Parameter":
                return node
            case _:
                return None
    return None


def _size(found: Found, mismatch: Mismatch) -> ast.expr | None:
    """The values of the query, in the line that makes it or in the call of its class; None for other attention, and
    unless the output has twice as many."""
    tree, (units, got) = found.program.tree, (only_size(mismatch.expected), only_size(mismatch.got))
    if mismatch.first_cause not in OF_ATTENTION or found.framework != "pytorch" or not units or not got:
        return None
    small, large = sorted((units, got))
    made = [one for factors in tree.products_in(found.code) for each in factors if (one := _parameter(tree, each))]
    if len(made) != 1 or large != DIRECTIONS * small:
        return None
    makers = [one for one in ast.walk(made[0]) if isinstance(one, ast.Call) and tree.is_maker(one)]
    sizes = tree.sizes_of(makers[0]) if len(makers) == 1 else []
    if not sizes:
        return None
    said = sizes[-1] if _is_read_again(tree, sizes[-1]) else where_said(tree, sizes[-1], ())
    return said if tree.size_said(said) in (None, small) else None


def _is_read_again(tree: ProgramTree, size: ast.expr) -> bool:
    """Whether the function of a size reads its name elsewhere, such as for a layer with the units of one direction."""
    function = tree.function_of(size)
    same = (one for one in ast.walk(function) if isinstance(one, ast.Name)) if function else ()
    return sum(isinstance(size, ast.Name) and one.id == size.id for one in same) > 1


def _of_query(found: Found, mismatch: Mismatch) -> Mismatch:
    """A query that is a parameter, which the program makes for one direction."""
    if _size(found, mismatch) is None:
        return mismatch
    sentence = phrase("The query is a parameter of its own, made for the units of one direction: make it for both.")
    return replace(mismatch, causes=(replace(cause("attention_directions", "pytorch"), sentence=sentence),))


def query_of_both(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that says the values of the query, with those of both directions."""
    size = _size(found, mismatch)
    return found.program.tree.corrected((size, found.program.tree.doubled(size))) if size is not None else ()


RULES = (_of_query,)
"""What the program says about the causes."""

CORRECTIONS = {"attention_directions": query_of_both}
"""Cause -> the lines that it corrects."""
