"""What a pasted program says about what a model of Keras gets: how a dataset makes batches, in which order its inputs
are, and for how many samples it was made."""

import ast
import copy
import re
from collections.abc import Iterator
from dataclasses import replace

from ....code.source_text import parse
from ....code.values import Axes
from ....facts_about_sizes import fact
from ...causes import cause
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.program_nodes import cut_of, name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size, wrong_rank
from .calls_with_data import batch_of_model, call_of_model

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
    is_of_rank = (mismatch.tensor, mismatch.axis) == ("x", "rank")
    if is_of_rank and not expected and len(got) == len(SAMPLE) and _sample(found) == got:  # no batch and no steps of it
        facts = [one for one in mismatch.facts if one.terms != (("batch_size",),)]
        facts += [fact(name, size, "x") for name, size in zip(SAMPLE, got, strict=True) if size]
        likely = cause("unbatched_dataset", "keras")
        return wrong_rank("x", len(got) + 1, len(got), [likely], facts, ((None, *got), got))
    if not is_of_rank or got != expected[1:] or not _unbatched(found):
        return mismatch
    return replace(mismatch, causes=(cause("unbatched_dataset", "keras"),))


SAMPLE = ("time_step", "features")
"""The axes of a sample."""


def _sample(found: Found) -> Axes:
    """The axes of a sample of the dataset that gives single samples to a model of Keras; () if they are not known."""
    tree = found.program.tree
    made = [one for one in _unbatched(found) if name_of(one) == "from_tensor_slices" and one.args]
    data = made[0].args[0] if made else None
    x = data.elts[0] if isinstance(data, (ast.Tuple, ast.List)) and data.elts else data
    return tree.axes_of_made(x)[1:] if x is not None else ()


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


def _is_smaller_batch(found: Found, mismatch: Mismatch) -> bool:
    """Whether a stateful model of Keras got a batch with fewer samples than it was made for."""
    batch, got = only_size(mismatch.expected), only_size(mismatch.got)
    is_of_batch = (mismatch.tensor, mismatch.axis, found.framework) == ("x", "batch_size", "keras")
    return is_of_batch and mismatch.first_cause == "last_batch" and (got or 0) < (batch or 0)


def _of_batch_of_dataset(found: Found, mismatch: Mismatch) -> Mismatch:
    """A batch that a program gives a model itself: it has no whole batches to which it could be cut."""
    if not _is_smaller_batch(found, mismatch) or not found.code or WHOLE_DATA.search(found.code):
        return mismatch
    first, *others = mismatch.causes
    nodes = (node for line in found.program.tree.frames for one in parse(line).statements for node in ast.walk(one))
    if cut := next(filter(None, map(cut_of, nodes)), None):
        batch = only_size(mismatch.expected)
        fix = f"for {cut.start} in range(0, len({ast.unparse(cut.array)}) // {batch} * {batch}, {batch}):"
        return replace(mismatch, causes=(replace(first, fix=fix), *others))
    fix = f"dataset = dataset.unbatch().batch({only_size(mismatch.expected)}, drop_remainder=True)"
    return replace(mismatch, causes=(replace(first, fix=fix), *others))


WHOLE_DATA = re.compile(r"\.(?:fit|predict|evaluate)\(")
"""The call of a model of Keras with data that it takes in batches itself."""


def whole_batches(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the batches of a dataset, or that loops over it, without a smaller last batch."""
    tree, batch = found.program.tree, only_size(mismatch.expected)
    if not _is_smaller_batch(found, mismatch):
        return ()
    nodes = (node for line in tree.frames for node in tree.nodes_in(line))
    loops = {id(one): one for node in nodes for one in tree.above(node) if isinstance(one, ast.For)}
    call = call_of_model(tree)
    given = [*(one.iter for one in loops.values()), *(call.args[:1] if call else ())]
    for one in given:
        batches = [link for link in tree.links(one) if name_of(link) in BATCHES]
        is_method = bool(batches) and name_of(batches[0]) == "batch"
        sizes = [*tree.keywords(batches[0], "batch_size"), *(batches[0].args[:is_method])] if batches else []
        size = sizes[0] if sizes else None
        if size is None or tree.number(size) != batch:
            continue
        if is_method:
            return all_of([tree.with_argument(batches[0], "drop_remainder", "True")])
        return tree.corrected((one, f"{tree.operand(one)}.unbatch().batch({tree.text(size)}, drop_remainder=True)"))
    return ()


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
        or name_of(call) not in ("predict", ON_BATCH)
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
    of_batch = [f"batch_size={size}"] if name_of(call) != ON_BATCH else []
    arguments = ", ".join((f"np.repeat({tree.text(call.args[0])}, {size}, axis=0)", *of_batch, *others))
    return tree.corrected((call, f"{tree.text(call.func)}({arguments})[:1]"))


ON_BATCH = "predict_on_batch"
"""The call of a model of Keras that takes one batch."""


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


RULES = (_of_dataset, _of_batch_of_dataset, _of_exchanged_inputs)
"""What the program says about the causes in the data of its models."""

CORRECTIONS = {
    "unbatched_dataset": batched,
    "twice_batched_dataset": batched_once,
    "last_batch": whole_batches,
    "exchanged_inputs": inputs_of_model,
    "other_batch": model_of_one,
}
"""Cause -> the lines that it corrects."""
