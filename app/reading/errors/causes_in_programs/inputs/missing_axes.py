"""What a pasted program says about arrays whose axes are those of samples, steps and layers: which of them is missing,
or at another place."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from .....translations.phrases import phrase
from ....code.operations import Operand, Operation, with_two_operands
from ....code.values import ANY
from ....facts_about_sizes import Fact, fact
from ...axes_of_arrays import AXES_OF_X, RANK
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import cut_of, is_new_axis, name_of
from ...code_lines.program_tree import between
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, Shape, only_size, written, wrong_rank
from .calls_with_data import FITS, call_of_model

STEPS_AND_FEATURES = 2

BATCHED = ("bmm", "baddbmm")
"""Products for each sample."""


def _sizes(operand: Operand) -> Shape:
    return tuple(one if isinstance(one, int) else None for one in operand.axes)


# -- x without a batch -------------------------------------------------------------------------------------------------


def _inputs(found: Found) -> set[Shape]:
    """The steps and the features in the shapes of the inputs of a model of Keras."""
    tree = found.program.tree
    calls = tree.calls
    shapes = [tree.argument(one, 0, "shape") for one in calls if name_of(one) in ("Input", "InputLayer")]
    shapes += [key.value for one in calls for key in one.keywords if key.arg == "input_shape"]
    return {tuple(map(tree.number, one.elts)) for one in shapes if isinstance(one, (ast.Tuple, ast.List))}


OF_ROWS = r"(?:rows|steps|lengths?|frames|words|tokens)"
ANY_STEPS = re.compile(
    rf"\b(?:var(?:y|ies|ying|iable)|different|changing) (?:number of )?(?:time ?)?{OF_ROWS}\b"
    rf"|\b{OF_ROWS}[^.\n]{{0,30}} (?:not (?:constant|fixed|the same)|var(?:y|ies|ying|iable)|differs?|different)\b"
)
"""Sequences of any length, in words in lower case: each array is one of them."""


def _of_one_sample(found: Found, mismatch: Mismatch) -> Mismatch:
    """One sample with the steps and the features that a model of Keras expects, without the axis of samples."""
    is_of_rank = (mismatch.tensor, mismatch.expected, mismatch.got) == ("x", 3, STEPS_AND_FEATURES)
    expected, got = mismatch.shapes
    if _sample_of_fragment(found, mismatch):
        return replace(mismatch, causes=(cause("missing_batch", "keras"),), note=None)
    if not is_of_rank or found.framework != "keras" or len(got) != STEPS_AND_FEATURES or None in got:
        return mismatch
    if _call_in_loop(found):  # the message says a part of the steps, as many as a batch has samples
        of_features = (fact("features", got[1] or 0, "x"),)
        return replace(mismatch, causes=(cause("missing_batch", "keras"),), facts=of_features)
    if _inputs(found) == {(None, got[1])} and ANY_STEPS.search(found.surroundings.text):
        of_features = (fact("features", got[1] or 0, "x"),)
        likely = tuple(cause(id, "keras") for id in ("missing_batch", "missing_axis"))
        return replace(mismatch, causes=likely, facts=of_features, note=None)
    is_of_model = expected[1:] == got or got in _inputs(found) or got[0] == _listed_steps(found)
    if not is_of_model and not _call_with_sample(found):
        return mismatch
    facts = tuple(fact(name, size or 0, "x") for name, size in zip(("time_step", "features"), got, strict=True))
    likely = (cause("missing_batch", "keras"),)
    return replace(mismatch, causes=likely, facts=facts, shapes=((None, *got), got), note=None)


def _sample_of_fragment(found: Found, mismatch: Mismatch) -> ast.expr | None:
    """The only sample ``X[0]`` that a few lines of code give a model of Keras, as many numbers as this has steps with
    one feature, which Keras adds itself; None for other arrays."""
    expected, got = mismatch.shapes
    tree, is_of_x = found.program.tree, (mismatch.tensor, mismatch.axis, found.framework) == ("x", "rank", "keras")
    if not is_of_x or tree.frames or len(got) != 1 or expected[1:] != (*got, 1):
        return None
    samples = [one.args[0] for one in tree.calls_of("predict", "predict_on_batch") if one.args]
    samples = [one for one in samples if isinstance(one, ast.Subscript) and INDEX.fullmatch(ast.unparse(one.slice))]
    return samples[0] if len(samples) == 1 else None


def _listed_steps(found: Found) -> int | None:
    """The number of steps of the first recurrent layer in the list of the layers of a model of Keras; None without
    one."""
    row = LISTED_LAYER.search(found.surroundings.original)
    return int(row[1]) if row and found.text("layer").removesuffix("_input") in row[0].lower() else None


LISTED_LAYER = re.compile(
    r"^[ │]{0,9}\w{1,40} \((?:LSTM|GRU|SimpleRNN)\)[ │]{1,40}\(None, (\d{1,9}), \d{1,9}\)", re.MULTILINE
)
"""A recurrent layer that returns its steps, in the list that Keras prints."""


def _call_in_loop(found: Found) -> ast.Call | None:
    """The call of a model that gets each of the samples with which the program trains it, in a loop over them; None for
    other calls."""
    tree = found.program.tree
    samples = {ast.unparse(one.args[0]) for one in tree.calls_of(*FITS) if one.args}
    for call in tree.calls_in_frames:
        x = [one.id for one in call.args[:1] if isinstance(one, ast.Name)]
        for loop in (above for above in tree.above(call) if isinstance(above, ast.For)):
            array = loop.iter.value if isinstance(loop.iter, ast.Subscript) else loop.iter
            if [ast.unparse(loop.target)] == x and ast.unparse(array) in samples:
                return call
    return None


def _call_with_sample(found: Found) -> ast.Call | None:
    """The call of a model that gets one of the samples with which the program trains it: ``model(X[-1])``; None for
    other calls."""
    tree = found.program.tree
    samples = {ast.unparse(one.args[0]) for one in tree.calls_of(*FITS) if one.args}
    for call in tree.calls_in_frames:
        x = tree.assigned(call.args[0]) or call.args[0] if call.args else None
        if isinstance(x, ast.Subscript) and ast.unparse(x.value) in samples and INDEX.fullmatch(ast.unparse(x.slice)):
            return call
    return None


INDEX = re.compile(r"-?\d+")
"""The number of a sample."""


def batch_of_one(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of a model of Keras with one sample, as a batch."""
    tree = found.program.tree
    if sample := _sample_of_fragment(found, mismatch):
        return tree.corrected((sample, f"{tree.operand(sample)}[None]"))
    in_loop = _call_in_loop(found)
    call = in_loop or _call_with_sample(found) or call_of_model(tree)
    if not call or (not in_loop and mismatch.shapes[1] != mismatch.shapes[0][1:]):
        return ()
    if any("Dataset" in ast.unparse(one.func) for one in tree.links(call.args[0])):
        return ()  # a dataset has no axes
    return tree.corrected((call.args[0], f"{tree.operand(call.args[0])}[None]"))


# -- steps -------------------------------------------------------------------------------------------------------------


def _index_of_loop(found: Found) -> tuple[ast.Subscript, Shape] | None:
    """What a loop gives a cell of PyTorch: an index of the first axis of an array, and the sizes of the array, () if
    they are not known; None for another x."""
    tree = found.program.tree
    calls = [one.node for one in found.program.failed_calls if isinstance(one.node, ast.Call)]
    x = calls[0].args[0] if calls and calls[0].args else None
    x = tree.assigned(x) if isinstance(x, ast.Name) else x
    if "-cell-" not in found.template.id or not isinstance(x, ast.Subscript) or not isinstance(x.slice, ast.Name):
        return None
    loops = [name for above in tree.above(x) for name, _ in _loops(above)]
    axes = tuple(one if isinstance(one, int) else None for one in tree.axes_of_made(x.value))
    return (x, axes if len(axes) == STEPS_AND_FEATURES + 1 else ()) if x.slice.id in loops else None


def _of_sample_of_loop(found: Found, mismatch: Mismatch) -> Mismatch:
    """A cell of PyTorch that gets all steps of a sample in place of a step of all samples; or a step, as it should."""
    steps, batch = only_size(mismatch.expected), only_size(mismatch.got)
    is_of_batch = (mismatch.tensor, mismatch.axis) in (("h_0", "batch_size"), ("c_0", "batch_size"))
    if not is_of_batch or batch == steps or not (one := _index_of_loop(found)) or not one[1]:
        return mismatch
    x, axes = one
    if axes[:2] != (batch, steps):
        return replace(mismatch, causes=tuple(one for one in mismatch.causes if one.id != "step_axis"))
    sentence = phrase(
        "{x} is a sample: the first axis of {array}, with shape {shape}, is the batch, as in the state.",
        x=ast.unparse(x),
        array=ast.unparse(x.value),
        shape=written(axes),
    )
    names = zip(AXES_OF_X, axes, strict=True)
    facts = tuple(fact(name, size, "x") for name, size in names if size)
    return Mismatch("x", "order", sentence, causes=(cause("step_axis", found.framework),), facts=facts)


def step_of_samples(found: Found, mismatch: Mismatch) -> Corrections:
    """The index of a step, in the second axis."""
    one = _index_of_loop(found) if found.framework == "pytorch" and mismatch.tensor == "x" else None
    return found.program.tree.corrected((one[0].slice, f":, {ast.unparse(one[0].slice)}")) if one else ()


# -- axes of attention -------------------------------------------------------------------------------------------------


def _joined(found: Found) -> tuple[Operation, Operand, Operand] | None:
    """The join that failed of an array with three axes, of which that of steps has one, and one with two axes."""
    joins = with_two_operands(found.program.failed_operations, "join")
    for one in joins:
        known = [operand for operand in one.operands if ANY not in operand.axes]
        by_rank = sorted(known, key=lambda operand: len(operand.axes))
        if [len(operand.axes) for operand in by_rank] == [2, 3] and by_rank[1].axes[1] == 1:
            return one, by_rank[1], by_rank[0]
    return None


def _of_query_axis(found: Found, mismatch: Mismatch) -> Mismatch:
    """A context of attention that keeps the axis of its one query, and is joined with a state; not one that gets this
    axis in the line that failed, as x should have it, too."""
    if not (joined := _joined(found)) or not joined[1].roles & {"output", "h_0"} or _gets_axis(joined[1].node):
        return mismatch
    context, other = map(_sizes, joined[1:])
    sentence = phrase(
        "Arrays that are joined need the same number of axes: {one} has 3, and {other} has 2.",
        one=joined[1].text,
        other=joined[2].text,
    )
    likely = cause("query_axis", found.framework)
    rank = wrong_rank("output", 2, 3, [likely], mismatch.facts, (other, context))
    return replace(rank, sentence=sentence)


def _gets_axis(node: ast.expr | None) -> bool:
    """Whether an expression gives an array a new axis."""
    match node:
        case ast.Call(func=ast.Attribute(attr="expand_dims" | "unsqueeze")):
            return True
        case ast.Subscript(slice=ast.Tuple(elts=elts)):
            return any(map(is_new_axis, elts))
    return False


def without_query_axis(found: Found, mismatch: Mismatch) -> Corrections:
    tree, joined = found.program.tree, _joined(found)
    node = joined[1].node if joined else None
    if node is None:
        return ()
    return tree.corrected((node, f"{tree.operand(node)}{'.squeeze(1)' if found.framework == 'pytorch' else '[:, 0]'}"))


def _layers_first(found: Found) -> tuple[Operand, Operand] | None:
    """The state of a layer of PyTorch, which has its layers first, in a product for each sample with an array that has
    its batch first, and this array."""
    products = with_two_operands(found.program.failed_operations, "product")
    both = (pair for one in products if one.name in BATCHED for pair in (one.operands, one.operands[::-1]))
    for state, other in both:
        is_state = state.roles == {"h_0"} and len(state.axes) == len(other.axes) == 3
        if not is_state or ANY in (*state.axes, *other.axes):
            continue
        if state.axes[1] == other.axes[0] != state.axes[0] and isinstance(state.axes[0], int):
            return state, other
    return None


def _of_layers_first(found: Found, mismatch: Mismatch) -> Mismatch:
    """A product for each sample of a state, which has its layers first."""
    if found.template.id != "pytorch-products" or not (both := _layers_first(found)):
        return mismatch
    state, _ = both
    sentence = phrase(
        "A product for each sample needs the batch first, but {state} is a state with shape {got}, whose first axis is"
        " that of its layers.",
        state=state.text,
        got=written(_sizes(state)),
    )
    likely = cause("layers_first", "pytorch")
    facts = (*mismatch.facts, *_facts_of_encoder(*both))
    return Mismatch("h_0", "order", sentence, causes=(likely,), facts=facts, is_of_equals=True)


def _facts_of_encoder(state: Operand, other: Operand) -> Iterator[Fact]:
    """The sizes of the layer that has returned both a state and the outputs of every step."""
    (batch, steps, _), layers = _sizes(other), {*state.layers, *other.layers}
    layer = layers.pop() if len(layers) == 1 else None
    if "output" in other.roles and layer and other.axes[2] == state.axes[2] != other.axes[1]:
        known = {"batch_size": batch, "time_step": steps, "features": layer.size("features")}
        yield from (fact(name, size, "output") for name, size in known.items() if isinstance(size, int))


def batch_of_state_first(found: Found, mismatch: Mismatch) -> Corrections:
    tree, both = found.program.tree, _layers_first(found)
    node = both[0].node if both else None
    if not both or node is None:
        return ()
    is_one, is_right = both[0].axes[0] == 1, both[1].axes[2] == both[0].axes[2] and _is_second(found, node)
    if is_right:  # the units of both are summed
        new = ".permute(1, 2, 0)" if is_one else "[-1].unsqueeze(2)"
    else:
        new = ".transpose(0, 1)" if is_one else "[-1].unsqueeze(1)"
    return tree.corrected((node, f"{tree.operand(node)}{new}"))


def _is_second(found: Found, node: ast.expr) -> bool:
    """Whether an expression is the second factor of the product that failed."""
    return any(one.kind == "product" and one.operands[1].node is node for one in found.program.failed_operations)


def axis_of_index(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that gathers the last steps by an index with batch and units, with an axis for the steps between."""
    tree = found.program.tree
    calls = tree.calls_of_failure("gather")
    index = calls[0].args[-1] if len(calls) == 1 and len(calls[0].args) > 1 else None
    along = tree.number(calls[0].args[-2]) if index is not None else None
    value = tree.assigned(index) if isinstance(index, ast.Name) else index
    is_expanded = isinstance(value, ast.Call) and name_of(value) == "expand" and len(value.args) == STEPS_AND_FEATURES
    if index is None or not is_expanded or along not in (0, 1):
        return ()
    return tree.corrected((index, f"{tree.operand(index)}.unsqueeze({along})"))


# -- windows -----------------------------------------------------------------------------------------------------------


def _window(found: Found) -> tuple[ast.expr, str, str] | None:
    """The end of the range of a loop that cuts windows ``series[start : start + width]`` up to the end of a series, the
    series and the width; None without one."""
    tree = found.program.tree
    for one in tree.nodes:
        if not (cut := cut_of(one)):
            continue
        series = ast.unparse(cut.array)
        for _, stop in (loop for above in tree.above(one) for loop in _loops(above) if loop[0] == cut.start):
            if ast.unparse(stop) in (f"len({series})", f"{series}.shape[0]"):
                return stop, series, tree.text(cut.size)
    return None


def _loops(node: ast.AST) -> list[tuple[str, ast.expr]]:
    """The names and the ends of the ranges of a loop."""
    loops = [(node.target, node.iter)] if isinstance(node, ast.For) else []
    if isinstance(node, (ast.ListComp, ast.GeneratorExp)):
        loops = [(one.target, one.iter) for one in node.generators]
    return [
        (target.id, range_.args[min(1, len(range_.args) - 1)])
        for target, range_ in loops
        if isinstance(target, ast.Name) and isinstance(range_, ast.Call) and name_of(range_) == "range" and range_.args
    ]


def _of_windows(found: Found, mismatch: Mismatch) -> Mismatch:
    """Windows of a series of which the last ones are cut short by its end."""
    is_of_lengths = mismatch.first_cause in ("unequal_lengths", "collate")
    if mismatch.tensor != "x" or not is_of_lengths or not _window(found):
        return mismatch
    return replace(mismatch, causes=(cause("short_windows", found.framework),))


def whole_windows(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that cuts the windows, with the last start from which a whole one is left."""
    if not (window := _window(found)):
        return ()
    stop, _, width = window
    tree = found.program.tree
    width = width if re.fullmatch(r"[\w.]+", width) else f"({width})"
    return tree.corrected((stop, f"{tree.text(stop)} - {width} + 1"))


def whole_batches(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that cuts a data set into batches, without the last one, which is smaller."""
    return whole_windows(found, mismatch) if mismatch.first_cause == "last_batch" else ()


def features_of_shape(found: Found, mismatch: Mismatch) -> Corrections:
    """The only line that reshapes the samples of a layer of Keras to steps with two axes, with one axis for both."""
    tree, given = found.program.tree, mismatch.shapes[1] if mismatch.shapes else ()
    shapes = [tree.argument(one, 0, "target_shape") for one in tree.calls_of("Reshape")]
    tuples = [one.elts for one in shapes if isinstance(one, (ast.Tuple, ast.List))]
    fitting = [one for one in tuples if len(one) == RANK and tuple(map(tree.number, one)) == given[1:]]
    if found.framework != "keras" or len(tuples) != 1 or len(fitting) != 1:
        return ()
    _, columns, channels = fitting[0]
    both = "" if tree.number(channels) == 1 else f"{tree.operand(columns)} * {tree.operand(channels)}"
    return tree.corrected((between(columns, channels, of_last=True), both or tree.text(columns)))


RULES = (_of_one_sample, _of_sample_of_loop, _of_query_axis, _of_layers_first, _of_windows)
"""What the program says about the causes in the axes of samples, steps and layers."""

CORRECTIONS = {
    "extra_axis": features_of_shape,
    "missing_batch": batch_of_one,
    "step_axis": step_of_samples,
    "query_axis": without_query_axis,
    "layers_first": batch_of_state_first,
    "gather_axis": axis_of_index,
    "short_windows": whole_windows,
}
"""Cause -> the lines that it corrects."""
