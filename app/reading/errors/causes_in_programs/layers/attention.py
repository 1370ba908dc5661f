"""What a pasted program says about attention: which sequence attends to which, and how many units both have."""

import ast
import re
from dataclasses import replace
from itertools import permutations

from .....translations.phrases import phrase
from ....facts_about_sizes import fact
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.made_layers import CELLS_OF_FLAX
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import HANDWRITTEN_CELLS, Found
from ...mismatch import Mismatch, equal_sizes_needed, only_size, wrong_shape

ATTENTION = ("Attention", "AdditiveAttention", "MultiHeadAttention")
"""Layers of Keras that get a query and values, and return a step for each of the query."""

OF_DECODER = re.compile(r"dec|tgt|target|quer|trg", re.IGNORECASE)


def _attention(tree: ProgramTree, node: ast.expr) -> tuple[ast.expr, ast.expr] | None:
    """The query and the values of the layer of attention that returns an array; None for another array."""
    call = tree.assigned(node) if isinstance(node, ast.Name) else node
    if not isinstance(call, ast.Call) or not call.args:
        return None
    made = call.func if isinstance(call.func, ast.Call) else tree.assigned(call.func)
    if not isinstance(made, ast.Call) or name_of(made) not in ATTENTION:
        return None
    given = call.args[0].elts if isinstance(call.args[0], (ast.List, ast.Tuple)) else call.args
    return (given[0], given[1]) if len(given) > 1 else None


def _exchanged_query(found: Found) -> tuple[ast.expr, ast.expr, int] | None:
    """The query and the values of attention whose context is joined with the values, and the place of the context in
    the join; None if the query is that of a decoder."""
    tree = found.program.tree
    for call in tree.calls_in(tree.frames[-1]) if tree.frames else []:
        arrays = call.args[0].elts if call.args and isinstance(call.args[0], (ast.List, ast.Tuple)) else []
        for n, (context, other) in enumerate((arrays, arrays[::-1]) if len(arrays) == 2 else ()):
            both = _attention(tree, context)
            if not both or ast.unparse(both[1]) != ast.unparse(other):
                continue
            if _is_of_decoder(tree, both[1]) or not _is_of_decoder(tree, both[0]):
                return *both, n
    return None


def _is_of_decoder(tree: ProgramTree, node: ast.expr) -> bool:
    """Whether an array is what a layer with a given initial state returns, or is called like that."""
    if OF_DECODER.search(ast.unparse(node)):
        return True
    call = tree.assigned(node) if isinstance(node, ast.Name) else None
    return isinstance(call, ast.Call) and any(one.arg == "initial_state" for one in call.keywords)


def _of_exchanged_query(found: Found, mismatch: Mismatch) -> Mismatch:
    """A context with a step for each of the encoder, which is joined with the output of the decoder."""
    shapes = mismatch.expected, mismatch.got
    if mismatch.tensor != "output" or mismatch.axis != "time_step" or not (exchanged := _exchanged_query(found)):
        return mismatch
    context, other = shapes[exchanged[2]], shapes[1 - exchanged[2]]
    if not isinstance(context, tuple) or not isinstance(other, tuple) or len(context) != len(other):
        return mismatch
    if len(context) != 3:
        return mismatch
    query, values, _ = exchanged
    sentence = phrase(
        "The context has {got} steps, as many as its query {query}, but is joined with {values}, which has {expected}.",
        got=context[1],
        query=ast.unparse(query),
        values=ast.unparse(values),
        expected=other[1],
    )
    likely = [cause("exchanged_query", "keras")]
    said = wrong_shape("output", "time_step", (*other[:-1], context[-1]), context, likely, mismatch.facts)
    return replace(said, sentence=sentence)


def query_first(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of attention with its query first."""
    tree, exchanged = found.program.tree, _exchanged_query(found)
    if not exchanged:
        return ()
    query, values, _ = exchanged
    return tree.corrected((query, tree.text(values)), (values, tree.text(query)))


def _other_units(found: Found, mismatch: Mismatch) -> tuple[ast.Call, ast.expr, ast.expr] | None:
    """The call that makes the weights of one of two handwritten cells, its number of units, and that of the other call
    of the same function, which are the sizes of the message: the decoder gets the units of the encoder, or else the
    cell with fewer units those of the other one."""
    tree, sizes = found.program.tree, {only_size(mismatch.expected), only_size(mismatch.got)}
    calls = [one for one in tree.calls if tree.function_called(one) or tree.constructor(one)]
    pairs = [
        (one, size, other)
        for one, call in permutations(calls, 2)
        if name_of(one) == name_of(call)
        for size, other in zip(one.args, call.args, strict=False)
        if {tree.number(size), tree.number(other)} == sizes and len(sizes) == 2
    ]
    if len(pairs) != 2:
        return None
    of_decoder = [pair for pair in pairs if OF_DECODER.search(_target(tree, pair[0]))]
    return of_decoder[0] if len(of_decoder) == 1 else min(pairs, key=lambda pair: tree.number(pair[1]) or 0)


def _target(tree: ProgramTree, call: ast.Call) -> str:
    """The name that gets the value of a call; "" without one."""
    above = next(tree.above(call), None)
    return ast.unparse(above.targets[0]) if isinstance(above, ast.Assign) and above.value is call else ""


def _of_other_units(found: Found, mismatch: Mismatch) -> Mismatch:
    """Outputs of two handwritten cells, or layers of Flax, with other numbers of units, over which a product sums."""
    ids = [one.id for one in mismatch.causes]
    if ids != ["attention_units"] or found.framework not in ("flax", *HANDWRITTEN_CELLS):
        return mismatch
    units = _other_units(found, mismatch)
    if not units and not _projected(found, mismatch):
        return mismatch
    facts = list(mismatch.facts)
    if units:
        facts.append(fact("num_units", found.program.tree.number(units[2]) or 0, "call"))
    sentence = equal_sizes_needed(only_size(mismatch.expected), only_size(mismatch.got))
    return replace(mismatch, sentence=sentence, facts=tuple(facts), is_of_equals=True)


def units_of_cell(found: Found, mismatch: Mismatch) -> Corrections:
    """The call that makes the weights of a handwritten cell, and the state that is given with them, with the units of
    the other cell; or the product of two outputs of layers of Flax, with the wider one projected."""
    tree = found.program.tree
    if found.framework not in ("flax", *HANDWRITTEN_CELLS):
        return ()
    if projected := _projected(found, mismatch):
        return tree.corrected(projected)
    if not (units := _other_units(found, mismatch)):
        return ()
    made, size, other = units
    given = [one for one in tree.calls if any(ast.unparse(arg) == _target(tree, made) for arg in one.args)]
    arrays = [arg for one in given for arg in one.args if isinstance(arg, ast.Call) and tree.is_maker(arg)]
    states = [tree.sizes_of(one)[-1] for one in arrays if tree.sizes_of(one)]
    wrong = [one for one in states if tree.number(one) == tree.number(size)]
    return tree.corrected(*((one, tree.text(other)) for one in (size, *wrong)))


def _projected(found: Found, mismatch: Mismatch) -> tuple[ast.expr, str] | None:
    """The output of a layer of linen in the product that failed, and its projection to the units of the other layer,
    whose output is narrower; None for other arrays."""
    tree, sizes = found.program.tree, {only_size(mismatch.expected), only_size(mismatch.got)}
    if found.surroundings.is_nnx or len(sizes) != 2 or None in sizes:
        return None
    arrays = [arg for call in tree.calls_of_failure() for arg in call.args]
    units = {id(one): (one, of_cell) for one in arrays if (of_cell := _units_of_output(tree, one)) is not None}
    by_size = {tree.size_said(of_cell): (one, of_cell) for one, of_cell in units.values()}
    if {*by_size} != sizes or len(units) != 2:
        return None
    (_, narrow), (wide, _) = (by_size[size] for size in sorted(by_size, key=lambda one: one or 0))
    return wide, f"nn.Dense({tree.text(narrow)})({tree.text(wide)})"


def _units_of_output(tree: ProgramTree, node: ast.expr) -> ast.expr | None:
    """The number of units of the cell of the layer of Flax that returns an array; None for another array."""
    call = tree.assigned(node) if isinstance(node, ast.Name) else None
    layer = call.func if isinstance(call, ast.Call) else None
    cell = layer.args[0] if isinstance(layer, ast.Call) and name_of(layer) == "RNN" and layer.args else None
    is_cell = isinstance(cell, ast.Call) and name_of(cell) in CELLS_OF_FLAX
    return tree.argument(cell, 0, "features") if is_cell and isinstance(cell, ast.Call) else None


def axes_of_product(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the product of a model of Keras, with the axes that have the same size."""
    tree, axes = found.program.tree, next(iter(mismatch.causes)).fix.partition("axes=")[2].removesuffix(")")
    calls = tree.calls_of_failure()
    made = [one.func if isinstance(one.func, ast.Call) else tree.assigned(one.func) for one in calls]
    products = [one for one in dict.fromkeys((*made, *calls)) if isinstance(one, ast.Call) and name_of(one) in PRODUCTS]
    if len(products) != 1 or not (given := tree.argument(products[0], PRODUCTS[name_of(products[0])], "axes")):
        return ()
    return tree.corrected((given, axes))


PRODUCTS = {"Dot": 0, "dot": 1}
"""What multiplies two arrays in Keras -> the place of its axes."""

RULES = (_of_exchanged_query, _of_other_units)
"""What the program says about the causes in its attention."""

WITHOUT_CAUSES = (_of_exchanged_query,)
"""The same for messages of which nothing else says a cause."""

CORRECTIONS = {
    "exchanged_query": query_first,
    "attention_units": units_of_cell,
    "axes_of_product": axes_of_product,
}
"""Cause -> the lines that it corrects."""
