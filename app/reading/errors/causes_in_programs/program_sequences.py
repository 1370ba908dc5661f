"""What a pasted program says about its sequences: how they were padded, which one attends to which, how a dataset gives
them, and for how many of them a model was made."""

import ast
import copy
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

from ....translations.phrases import phrase
from ...code.values import Axes
from ...facts_about_sizes import fact
from ..causes import cause
from ..code_lines.array_origins import MAKERS
from ..code_lines.corrected_lines import Corrections, all_of
from ..code_lines.made_layers import CELLS_OF_FLAX
from ..code_lines.program_nodes import last_name, name_of
from ..code_lines.program_tree import ProgramTree
from ..framework_messages.message_template import HANDWRITTEN_CELLS, Found
from ..mismatch import Mismatch, only_size, wrong_shape, wrong_size
from .program_data import batch_of_model, call_of_model
from .program_networks import TARGET

# -- padded sequences --------------------------------------------------------------------------------------------------

PADDING = frozenset({"pad_sequence"})


def _is_time_first(tree: ProgramTree, made: ast.Call) -> bool:
    """Whether a call pads sequences with time first."""
    first = tree.argument(made, 1, "batch_first")
    return first is None or ast.unparse(first) == "False"


def _paddings(tree: ProgramTree, name: ast.Name) -> list[ast.Call]:
    """The calls that pad the sequences of an array, also in the function by which a DataLoader makes its batches."""
    if made := [one.made for one in tree.origins(name, makers=PADDING)]:
        return made
    for loop in (one for one in tree.above(name) if isinstance(one, ast.For)):
        target, iterated = loop.target, loop.iter
        if isinstance(iterated, ast.Call) and name_of(iterated) == "enumerate" and isinstance(target, ast.Tuple):
            target, iterated = target.elts[-1], iterated.args[0]
        names = [last_name(one) for one in target.elts] if isinstance(target, ast.Tuple) else []
        loader = tree.assigned(iterated) if isinstance(iterated, ast.Name) else iterated
        collate = tree.argument(loader, MOST_ARGUMENTS, "collate_fn") if isinstance(loader, ast.Call) else None
        function = tree.function_called(ast.Call(collate, [], [])) if collate is not None else None
        returned = tree.returned_by(function) if function else None
        if name.id in names and returned is not None:
            return [one.made for one in tree.origins(returned, (names.index(name.id),), makers=PADDING)]
    return []


MOST_ARGUMENTS = 6
"""The arguments of a DataLoader before its collate_fn."""


def _has_batch_first(found: Found) -> bool | None:
    """Whether all layers of PyTorch that a program calls have the batch first; None if they differ, or without any."""
    first = {one.layer.setting("batch_first") for one in found.program.calls if one.layer}
    return first.pop() if len(first) == 1 else None


def _padded(found: Found) -> tuple[ast.Name, ast.Call, bool] | None:
    """The only array in the sum or product that failed that was padded with its axes in another order than the layers
    have, the call that pads it, and whether it is in the first of both arrays."""
    tree, is_first = found.program.tree, _has_batch_first(found)
    for one in tree.nodes_in(tree.frames[-1]) if tree.frames and is_first is not None else []:
        if not isinstance(one, ast.BinOp) or tree.text(one) not in found.code:
            continue
        sides = [
            (node, made, side is one.left)
            for side in (one.left, one.right)
            for node in ast.walk(side)
            if isinstance(node, ast.Name)
            for made in _paddings(tree, node)
        ]
        wrong = [part for part in sides if _is_time_first(tree, part[1]) == is_first]
        if len(wrong) == 1:
            return wrong[0]
    return None


def _of_padded_mask(found: Found, mismatch: Mismatch) -> Mismatch:
    """A mask or a target that was padded with its axes in another order than the output has."""
    if found.template.id != "pytorch-broadcast" or found.number("i") != 1 or not (padded := _padded(found)):
        return mismatch
    a, b = found.number("a"), found.number("b")
    own, other = (a, b) if padded[2] else (b, a)
    tensor = "target" if TARGET.search(padded[0].id) else "mask"
    batch, steps = (own, other) if _has_batch_first(found) else (other, own)
    facts = [*mismatch.facts, fact("batch_size", batch, "mask"), fact("time_step", steps, "mask")]
    if _has_batch_first(found):
        likely = [cause("padded_beside_output", "pytorch", name=padded[0].id)]
        return wrong_shape(tensor, "order", (batch, steps), (steps, batch), likely, facts)
    sentence = phrase(
        "Both arrays need the same size along one axis, and have {expected} and {got}.", expected=a, got=b
    )
    late = cause("padded_batch_first", "pytorch", name=padded[0].id)
    return Mismatch(tensor, "order", sentence, causes=(late,), facts=tuple(facts))


def padded_as_output(found: Found, mismatch: Mismatch) -> Corrections:
    """The call that pads the sequences, with their axes in the order of the output."""
    tree, padded = found.program.tree, _padded(found)
    return all_of([tree.with_argument(padded[1], "batch_first", str(_has_batch_first(found)))]) if padded else ()


def _padded_x(found: Found) -> tuple[ast.Name, ast.Call] | None:
    """The array that the traceback gives a network whose layers of PyTorch all have the batch first, if it was padded
    with time first, and the call that pads it."""
    tree = found.program.tree
    layers = [one.layer for one in found.program.calls if one.layer]
    if not layers or not all(one.framework == "pytorch" and one.setting("batch_first") for one in layers):
        return None
    names = [one for call in tree.calls_in_frames for one in call.args[:1] if isinstance(one, ast.Name)]
    padded = [(name, made) for name in names for made in _paddings(tree, name) if _is_time_first(tree, made)]
    return padded[0] if len({id(made) for _, made in padded}) == 1 else None


def _of_padded_x(found: Found, mismatch: Mismatch) -> Mismatch:
    """Sequences that were padded with time first, for a layer with the batch first, which takes steps for samples."""
    steps, batch = (one[0] if isinstance(one, tuple) and one else None for one in (mismatch.expected, mismatch.got))
    is_of_batch = (mismatch.tensor, mismatch.axis) == ("target", "batch_size")
    if not is_of_batch or not steps or not batch or not _padded_x(found):
        return mismatch
    facts = [*mismatch.facts, fact("batch_size", batch, "target"), fact("time_step", steps, "output")]
    facts = [one for one in facts if one.terms != (("batch_size",),) or one.value == batch]
    return wrong_shape("x", "order", (batch, steps), (steps, batch), [cause("padded_for_layer", "pytorch")], facts)


def padded_for_layer(found: Found, mismatch: Mismatch) -> Corrections:
    """The call that pads the sequences of x, with the batch first."""
    tree, padded = found.program.tree, _padded_x(found)
    return all_of([tree.with_argument(padded[1], "batch_first", "True")]) if padded else ()


OF_STEPS = re.compile(r"mask|valid|keep|observed|present|\bpad", re.IGNORECASE)
"""The name of an array with a value for each step, by which losses are multiplied."""


def _mask_of_losses(found: Found) -> tuple[ast.Name, ast.Name, int, int] | None:
    """A mask by which the line that failed multiplies losses, both with two axes, the losses, and the steps of the
    losses and of the mask."""
    tree, left, right = found.program.tree, found.shape("left"), found.shape("right")
    if found.template.id == "pytorch-broadcast" and found.number("i") == 1:
        sizes = found.number("a"), found.number("b")
    elif len(left) == len(right) == 2 and left[0] == right[0] and left[1] and right[1]:
        sizes = left[1], right[1]
    else:
        return None
    for one in tree.nodes_in(tree.frames[-1]) if tree.frames else []:
        match one:
            case ast.BinOp(left=ast.Name() as a, op=ast.Mult(), right=ast.Name() as b) if tree.text(one) in found.code:
                masks = [bool(OF_STEPS.search(name.id)) for name in (a, b)]
                if masks == [False, True]:
                    return b, a, *sizes
                if masks == [True, False]:
                    return a, b, *sizes[::-1]
    return None


def _of_mask_of_losses(found: Found, mismatch: Mismatch) -> Mismatch:
    """A mask with other steps than the losses of each step have."""
    if mismatch.tensor is not None or not (both := _mask_of_losses(found)):
        return mismatch
    _, _, expected, got = both
    if not found.program.calls or not got or not expected:
        return mismatch
    batch = (found.shape("left") or (None,))[0]
    facts = [fact("time_step", expected, "losses"), *([fact("batch_size", batch, "losses")] if batch else [])]
    return wrong_size("mask", "time_step", expected, got, [cause("mask", found.framework)], facts)


def steps_of_losses(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes a mask, with the steps of the losses, or of the other arrays that its function makes."""
    tree, both = found.program.tree, _mask_of_losses(found)
    if not both or mismatch.tensor != "mask":
        return ()
    mask, losses, _, got = both
    made = [one.made for one in tree.origins(mask, makers=MASKS)]
    if len(made) != 1:
        return ()
    sizes = (
        [made[0].args[1]] if name_of(made[0]) == "sequence_mask" and len(made[0].args) > 1 else tree.sizes_of(made[0])
    )
    wrong = [one for one in sizes[-1:] if tree.number(one) in (None, got)]
    if not wrong or len(sizes) > len(AXES):
        return ()
    is_same = tree.function_of(losses) is tree.function_of(made[0])
    if is_same and tree.is_known_at(losses, made[0].lineno):
        return tree.corrected((wrong[0], f"{losses.id}.shape[1]"))
    beside = {
        ast.unparse(tree.sizes_of(one)[1])
        for one in tree.calls
        if tree.is_maker(one)
        and tree.function_of(one) is tree.function_of(made[0])
        and len(tree.sizes_of(one)) > 1
        and ast.unparse(tree.sizes_of(one)[0]) == ast.unparse(sizes[0])
    } - {ast.unparse(wrong[0])}
    return tree.corrected((wrong[0], beside.pop())) if len(beside) == 1 and len(sizes) == len(AXES) else ()


AXES = ("batch_size", "time_step")

MASKS = MAKERS | {"sequence_mask"}
"""Functions that make a mask."""

# -- reshaped sequences ------------------------------------------------------------------------------------------------


def _exchanging_reshape(tree: ProgramTree) -> tuple[ast.expr, ast.expr] | None:
    """The last two sizes of the only reshape that exchanges those of an array with three axes."""
    found = []
    for call in tree.calls_of("reshape"):
        sizes = call.args[-1].elts if call.args and isinstance(call.args[-1], (ast.Tuple, ast.List)) else call.args
        match sizes[-2:]:
            case [
                ast.Subscript(value=ast.Attribute(attr="shape") as a, slice=ast.Constant(2)) as first,
                ast.Subscript(value=ast.Attribute(attr="shape") as b, slice=ast.Constant(1)) as second,
            ] if ast.unparse(a) == ast.unparse(b):
                found.append((first, second))
    return found[0] if len(found) == 1 else None


def _of_reshape(found: Found, mismatch: Mismatch) -> Mismatch:
    """An x that a reshape gives its features before its steps."""
    likely = [one for one in mismatch.causes if one.id == "features_first"]
    expected, got = only_size(mismatch.expected), only_size(mismatch.got)
    is_of_features = (mismatch.tensor, mismatch.axis) == ("x", "features") and expected is not None and got is not None
    if not likely or not is_of_features or not _exchanging_reshape(found.program.tree):
        return mismatch
    facts = [*mismatch.facts, fact("time_step", got or 0, "x")]
    return wrong_shape("x", "order", (None, got, expected), (None, expected, got), likely, facts)


def sizes_in_order(found: Found, mismatch: Mismatch) -> Corrections:
    """The line of the reshape, with the sizes in the order of the array."""
    tree, sizes = found.program.tree, _exchanging_reshape(found.program.tree)
    if not sizes or mismatch.axis != "order":
        return ()
    first, second = sizes
    return tree.corrected((first, tree.text(second)), (second, tree.text(first)))


# -- attention ---------------------------------------------------------------------------------------------------------

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
    if len(context) != len(("batch", "steps", "units")):
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
    return replace(said, sentence=sentence, is_of_equals=True)


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
    sentence = phrase(
        "Both arrays need the same size along one axis, and have {expected} and {got}.",
        expected=only_size(mismatch.expected),
        got=only_size(mismatch.got),
    )
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
    arrays = [arg for line in tree.frames[-1:] for call in tree.calls_in(line) for arg in call.args]
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


# -- datasets ----------------------------------------------------------------------------------------------------------

OF_SAMPLES = ("from_tensor_slices", "from_generator", "from_tensors", "unbatch")
"""What makes a dataset of TensorFlow that gives single samples."""

BATCHES = ("batch", "padded_batch", "ragged_batch", "bucket_by_sequence_length", "timeseries_dataset_from_array")

AT_THE_END = ("prefetch", "repeat", "cache", "with_options")
"""What a dataset does after it makes batches."""


def _datasets(found: Found) -> Iterator[list[ast.Call]]:
    """The calls that make each dataset that a model of Keras gets, the last one first."""
    tree = found.program.tree
    call = call_of_model(tree) if found.framework == "keras" else None
    given = [call.args[0], *(one.value for one in call.keywords if one.arg == "validation_data")] if call else []
    yield from ([*tree.links(one)] for one in given)


def _unbatched(found: Found) -> list[ast.Call]:
    """The calls that make the dataset of a model of Keras, the last one first, if none of them makes batches."""
    for links in _datasets(found):
        names = [*map(name_of, links)]
        after = {*(names[: names.index("unbatch") + 1] if "unbatch" in names else names)}
        if after & {*OF_SAMPLES} and not after & {*BATCHES}:
            return links
    return []


def _second_batches(found: Found) -> ast.Call | None:
    """The last of two calls that make batches of the dataset of a model of Keras; None unless there are two."""
    for links in _datasets(found):
        batches = [one for one in links if name_of(one) in BATCHES]
        if len(batches) == 2 and "unbatch" not in map(name_of, links) and isinstance(batches[0].func, ast.Attribute):
            return batches[0]
    return None


def _of_dataset(found: Found, mismatch: Mismatch) -> Mismatch:
    """A dataset that gives single samples to a model of Keras, or batches of batches."""
    expected, got = mismatch.shapes
    if (mismatch.tensor, mismatch.axis) == ("x", "rank") and len(got) == len(expected) + 1 and _second_batches(found):
        return replace(mismatch, causes=(cause("twice_batched_dataset", "keras"),))
    if (mismatch.tensor, mismatch.axis) != ("x", "rank") or got != expected[1:] or not _unbatched(found):
        return mismatch
    return replace(mismatch, causes=(cause("unbatched_dataset", "keras"),))


def batched(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the dataset, with batches."""
    tree = found.program.tree
    for link in _unbatched(found):
        if name_of(link) not in AT_THE_END:
            line, column = link.end_lineno or 0, link.end_col_offset or 0
            end = ast.Name("", lineno=line, col_offset=column, end_lineno=line, end_col_offset=column)
            return tree.corrected((end, f".batch({_size_of_batch(tree)})"))
    return ()


def batched_once(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes batches of batches, without doing so."""
    tree, call = found.program.tree, _second_batches(found)
    dataset = call.func.value if call and isinstance(call.func, ast.Attribute) else None
    return tree.corrected((call, tree.text(dataset))) if call and dataset is not None else ()


def _size_of_batch(tree: ProgramTree) -> str:
    """The only name of the module for the size of a batch, or else the number that Keras takes."""
    nodes = (one for one in tree.nodes if isinstance(one, ast.Name) and re.fullmatch(r"(?i)batch(_?size)?|bs", one.id))
    names = {one.id for one in nodes if tree.is_in_module(one.id)}
    return names.pop() if len(names) == 1 else "32"


# -- inputs of models --------------------------------------------------------------------------------------------------


def _exchanged_inputs(found: Found) -> tuple[ast.expr, ast.expr] | None:
    """The first two arrays that a model of Keras with two inputs gets, if their axes are those of the other one."""
    tree = found.program.tree
    call = call_of_model(tree) if found.framework == "keras" else None
    data = call.args[0] if call else None
    made = tree.assigned(call.func.value) if call and isinstance(call.func, ast.Attribute) else None
    inputs = tree.argument(made, 0, "inputs") if isinstance(made, ast.Call) else None
    if not isinstance(data, (ast.List, ast.Tuple)) or not isinstance(inputs, (ast.List, ast.Tuple)):
        return None
    wanted, given = ([tree.axes(one)[1:] for one in arrays.elts] for arrays in (inputs, data))
    if len(wanted) != len(given) or len(given) != 2 or not all((*wanted, *given)) or wanted[0] == wanted[1]:
        return None
    return (data.elts[0], data.elts[1]) if _fit(given[::-1], wanted) and not _fit(given, wanted) else None


def _fit(given: list[Axes], wanted: list[Axes]) -> bool:
    """Whether arrays have the axes of inputs, as far as these are known."""
    return all(
        len(one) == len(other) and all(b in (None, a) for a, b in zip(one, other, strict=True))
        for one, other in zip(given, wanted, strict=True)
    )


def _of_exchanged_inputs(found: Found, mismatch: Mismatch) -> Mismatch:
    """Arrays in another order than the inputs of a model of Keras."""
    if mismatch.tensor != "x" or not found.template.id.startswith("keras") or not _exchanged_inputs(found):
        return mismatch
    return replace(mismatch, causes=(cause("exchanged_inputs", "keras"),))


def inputs_of_model(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of a model, with its arrays in the order of its inputs."""
    tree, both = found.program.tree, _exchanged_inputs(found)
    return tree.corrected((both[0], tree.text(both[1])), (both[1], tree.text(both[0]))) if both else ()


# -- stateful models ---------------------------------------------------------------------------------------------------


def model_of_one(found: Found, mismatch: Mismatch) -> Corrections:
    """A second model for one sample, with the weights of a stateful one, for the call that predicts; or this call with
    the sample repeated, if the model is not made in one expression."""
    tree, batch, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    call = call_of_model(tree)
    is_of_batch = (mismatch.tensor, mismatch.axis, found.framework) == ("x", "batch_size", "keras")
    if (
        not call
        or not is_of_batch
        or name_of(call) != "predict"
        or got != 1
        or not isinstance(call.func, ast.Attribute)
    ):
        return ()
    model, is_alone = call.func.value, len(call.args) == 1 and all(one.arg != "batch_size" for one in call.keywords)
    made = tree.assigned(model) if isinstance(model, ast.Name) else None
    if isinstance(made, ast.Call) and (new := _made_for_one(tree, made, batch)):
        name = "single" if not tree.is_assigned("single") else f"single_{tree.text(model)}"
        loops = [one for one in tree.above(call) if isinstance(one, (ast.For, ast.While))]
        place = f"  # before: {tree.line(loops[-1] if loops else call)}"
        of_weights = f"{name}.set_weights({tree.text(model)}.get_weights())"
        return [("", f"{name} = {new}{place}"), ("", f"{of_weights}{place}"), *tree.corrected((model, name))]
    if not is_alone or "np" not in tree.imported:
        return ()
    size = batch_of_model(tree, batch)
    others = [f"{one.arg}={tree.text(one.value)}" for one in call.keywords if one.arg]
    arguments = ", ".join((f"np.repeat({tree.text(call.args[0])}, {size}, axis=0)", f"batch_size={size}", *others))
    return tree.corrected((call, f"{tree.text(call.func)}({arguments})[:1]"))


def _made_for_one(tree: ProgramTree, made: ast.Call, batch: int | None) -> str:
    """The expression that makes a model, with a batch of one sample; "" if it does not say the batch, or not once."""
    shapes = [
        one.value.elts[0]
        for call in ast.walk(made)
        if isinstance(call, ast.Call)
        for one in call.keywords
        if one.arg in ("batch_shape", "batch_input_shape") and isinstance(one.value, (ast.Tuple, ast.List))
    ]
    function = tree.function_called(made) if isinstance(made.func, ast.Name) else None
    given = [*made.args, *(one.value for one in made.keywords)] if function else shapes
    of_batch = [one for one in given if tree.number(one) == batch]
    if len(of_batch) != 1:
        return ""
    place = next(n for n, node in enumerate(ast.walk(made)) if node is of_batch[0])
    new = copy.deepcopy(made)
    of_new = next(node for n, node in enumerate(ast.walk(new)) if n == place)
    return ast.unparse(_Replaced(of_new).visit(new))


class _Replaced(ast.NodeTransformer):
    """Puts 1 in the place of a node."""

    def __init__(self, node: ast.AST) -> None:
        self._node = node

    def visit(self, node: ast.AST) -> ast.AST:
        """The node, or 1 for the one that is replaced."""
        return ast.Constant(1) if node is self._node else self.generic_visit(node)


RULES = (
    _of_padded_mask,
    _of_padded_x,
    _of_reshape,
    _of_exchanged_query,
    _of_other_units,
    _of_dataset,
    _of_exchanged_inputs,
)
"""What the program says about the causes in its sequences."""

WITHOUT_CAUSES = (_of_padded_mask, _of_mask_of_losses, _of_exchanged_query)
"""The same for messages of which nothing else says a cause."""

CORRECTIONS = {
    **dict.fromkeys(("padded_beside_output", "padded_batch_first"), padded_as_output),
    "padded_for_layer": padded_for_layer,
    "mask": steps_of_losses,
    "features_first": sizes_in_order,
    "exchanged_query": query_first,
    "attention_units": units_of_cell,
    "unbatched_dataset": batched,
    "twice_batched_dataset": batched_once,
    "exchanged_inputs": inputs_of_model,
    "other_batch": model_of_one,
}
"""Cause -> the lines that it corrects."""
