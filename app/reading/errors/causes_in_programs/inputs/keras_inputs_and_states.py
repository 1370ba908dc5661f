"""What a pasted program says about the shape of a sample of a model of Keras whose axes are exchanged, about one-hot
vectors for an embedding, and about the states of cells that one layer stacks."""

import ast
from dataclasses import replace

from .....translations.phrases import phrase
from ....facts_about_sizes import GATES, fact
from ...causes import cause
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.names_of_sizes import FEATURES, STEPS
from ...code_lines.program_nodes import last_name, name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...framework_messages.outputs.pairs_of_output_and_states import layer_without_states
from ...framework_messages.states.stateful_layers import batch_of_a_stateful_layer
from ...mismatch import Mismatch, Shape, of_unknown_arrays, only_size, wrong_shape
from ...sizes_of_data import batch_of_data
from .calls_with_data import FITS, SLICES, call_of_model, names_of_x
from .keras_shapes import AXES, inputs, of_named_input

# -- samples -----------------------------------------------------------------------------------------------------------


def _exchanged(found: Found, mismatch: Mismatch) -> tuple[ast.expr, ast.expr] | None:
    """The steps and the features of the only input, which have the features of x first; None for another input."""
    expected, got, tree = mismatch.expected, mismatch.got, found.program.tree
    if mismatch.axis == "order" and isinstance(expected, tuple):
        sizes: Shape = expected[-2:]
    else:
        sizes = (only_size(got), only_size(expected)) if mismatch.axis == "features" else ()
    is_of_x = (mismatch.tensor, found.framework) == ("x", "keras") and len(sizes) == len(AXES) and None not in sizes
    shapes = inputs(tree) if is_of_x else []
    known = [(tree.number(one), size) for one, size in zip(shapes[0], sizes, strict=True)] if len(shapes) == 1 else []
    are_same = [n == size for n, size in known if n is not None or mismatch.axis == "features"]
    return shapes[0] if are_same and all(are_same) else None


def _of_exchanged_shape(found: Found, mismatch: Mismatch) -> Mismatch:
    """The shape of a sample with the features first, as x has as many as its steps say; or x itself has them first."""
    if not _exchanged(found, mismatch):
        return mismatch
    of_shape, got = cause("exchanged_shape", "keras"), mismatch.got
    if mismatch.axis == "features" and (named := _named_in_order(found, mismatch)):
        return _of_exchanged_x(found, mismatch, named)
    if mismatch.axis == "features":
        sentence = phrase(
            "The layer takes {steps} features and x has {features}: the shape of the input has both sizes the other way"
            " round.",
            **_sizes_of_x(mismatch),
        )
        return replace(_with_sizes_of_x(mismatch), sentence=sentence, causes=(of_shape,))
    is_open = [one.id for one in mismatch.causes] == ["features_first"] and len(found.shape("expected")) > 1
    if not isinstance(got, tuple) or not is_open:  # or the program has exchanged the axes of x
        return mismatch
    has_more_steps = (got[-2] or 0) > (got[-1] or 0)  # as most series have
    causes = (of_shape, *mismatch.causes) if has_more_steps else (*mismatch.causes, of_shape)
    return replace(mismatch, causes=causes)


def _named_in_order(found: Found, mismatch: Mismatch) -> tuple[ast.expr, ast.expr] | None:
    """The steps and the features of the only input, if they are called so: the data have them the other way round. None
    for numbers and other names."""
    tree, both = found.program.tree, _exchanged(found, mismatch)
    if not both:
        return None
    return both if _are_named(both) and _data(tree) else None


def _are_named(sizes: tuple[ast.expr, ast.expr]) -> bool:
    """Whether two sizes are called steps and features."""
    are_called = [(bool(STEPS.search(one)), bool(FEATURES.search(one))) for one in map(last_name, sizes)]
    return are_called == [(True, False), (False, True)]


def _of_exchanged_x(found: Found, mismatch: Mismatch, named: tuple[ast.expr, ast.expr]) -> Mismatch:
    """An x with its features before its steps, as the names in the shape of the input say."""
    steps, features = only_size(mismatch.got), only_size(mismatch.expected)
    batch, tree = batch_of_data(found), found.program.tree
    causes = [cause("features_first", "keras"), cause("exchanged_shape", "keras")]
    facts = [*mismatch.facts_without("features", "time_step")]
    facts += [fact("time_step", steps or 0, "input"), fact("features", features or 0, "input")]
    note = phrase(
        "The numbers do not say whether x or the shape of the input has its axes the other way round; the names {steps}"
        " and {features} say that it is x.",
        steps=tree.text(named[0]),
        features=tree.text(named[1]),
    )
    shapes = (batch, steps, features), (batch, features, steps)
    return replace(wrong_shape("x", "order", *shapes, causes, facts), note=note)


def _data(tree: ProgramTree) -> list[ast.Name]:
    """The arrays of samples that a program gives its model of Keras, by their names: also those of which its only
    dataset is made."""
    if not call_of_model(tree):
        return []
    slices = tree.calls_of(SLICES)
    if not slices:
        calls = [one for one in tree.calls_of(*FITS) if one.args]
        names = [names_of_x(one) for one in calls]
        return [one for each in names for one in each] if all(names) else []
    given = slices[0].args[0] if len(slices) == 1 and slices[0].args else None
    x = given.elts[0] if isinstance(given, ast.Tuple) and given.elts else given
    return [x] if isinstance(x, ast.Name) else []


def steps_before_features(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that give a model of Keras, or its dataset, the samples, with the steps before the features."""
    tree = found.program.tree
    is_of_x = found.framework == "keras" and mismatch.axis == "order" and any(map(_are_named, inputs(tree)))
    return tree.corrected(*((one, f"{one.id}.swapaxes(1, 2)") for one in _data(tree))) if is_of_x else ()


def _of_steps_as_features(found: Found, mismatch: Mismatch) -> Mismatch:
    """Without the program: a layer that takes as many features as x has steps, which are more, as most series have."""
    x = found.surroundings.input_shape or found.shape("shape")
    sizes = (only_size(mismatch.expected), only_size(mismatch.got))
    is_of_x = (mismatch.tensor, mismatch.axis, found.framework) == ("x", "features", "keras")
    if not is_of_x or None in sizes or x[1:] != sizes or (sizes[0] or 0) <= (sizes[1] or 0):
        return mismatch
    if found.program.has_code or mismatch.first_cause != "features_first":
        return mismatch
    sentence = phrase(
        "The layer takes {steps} features, as many as x has steps. x has {features} features.", **_sizes_of_x(mismatch)
    )
    causes = (cause("exchanged_shape", "keras"), *mismatch.causes)
    return replace(_with_sizes_of_x(mismatch), sentence=sentence, causes=causes)


def _sizes_of_x(mismatch: Mismatch) -> dict[str, int]:
    """The steps and the features of an x for which a layer was made with both exchanged."""
    return {"steps": only_size(mismatch.expected) or 0, "features": only_size(mismatch.got) or 0}


def _with_sizes_of_x(mismatch: Mismatch) -> Mismatch:
    """The same with the sizes of x, which is not wrong, in place of those for which the layer was made."""
    steps, features = _sizes_of_x(mismatch).values()
    of_layer = mismatch.facts_without("features", "time_step")
    facts = (fact("time_step", steps, "x"), fact("features", features, "x"), *of_layer)
    return replace(mismatch, facts=facts, is_of_equals=True)


def exchanged_shape(found: Found, mismatch: Mismatch) -> Corrections:
    """The line with the shape of a sample, its axes in the other order."""
    if not (both := _exchanged(found, mismatch)):
        return ()
    tree, (first, second) = found.program.tree, both
    return tree.corrected((first, tree.text(second)), (second, tree.text(first)))


ONE_HOT = ("to_categorical", "one_hot", "eye")
"""What makes one-hot vectors of numbers."""


def _embedded(found: Found, mismatch: Mismatch) -> tuple[ast.expr, ast.expr] | None:
    """The x with four axes of the layer that failed, and the one-hot vectors of which an embedding has made it; None
    for another x."""
    tree = found.program.tree
    if (mismatch.tensor, mismatch.axis, mismatch.got, found.framework) != ("x", "rank", 4, "keras"):
        return None
    layers = [call for call in tree.calls_of_failure() if isinstance(call.func, ast.Call)]
    x = layers[0].args[0] if len(layers) == 1 and layers[0].args else None
    made = tree.assigned(x) if isinstance(x, ast.Name) else x
    if x is None or not isinstance(made, ast.Call) or not isinstance(made.func, ast.Call) or not made.args:
        return None
    is_of_numbers = name_of(made.func) == "Embedding" and tree.calls_of(*ONE_HOT)
    return (x, made.args[0]) if is_of_numbers else None


def _of_one_hot(found: Found, mismatch: Mismatch) -> Mismatch:
    """One-hot vectors, of which an embedding makes a vector for each of their entries."""
    if not _embedded(found, mismatch):
        return mismatch
    return replace(mismatch, causes=(cause("one_hot_embedding", "keras", cell=found.cell),))


def without_embedding(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of the layer with the one-hot vectors themselves."""
    tree, both = found.program.tree, _embedded(found, mismatch)
    return tree.corrected((both[0], tree.text(both[1]))) if both else ()


def any_steps(found: Found, mismatch: Mismatch) -> Corrections:
    """The line with the shape of a sample, for any number of steps."""
    expected, got, tree = mismatch.expected, mismatch.got, found.program.tree
    if found.framework != "keras" or not isinstance(expected, tuple) or not isinstance(got, tuple):
        return ()
    if mismatch.axis != "time_step" or len(expected) != len(got) or len(expected) < len(AXES):
        return ()
    shapes = [one for one in inputs(tree) if tuple(map(tree.number, one)) == expected[-len(AXES) :]]
    steps = of_named_input(tree, [one for one, _ in shapes], found.text("n"))
    steps = steps or _steps_of_specifications(tree, expected)
    return tree.corrected((steps[0], "None")) if len(steps) == 1 else ()


def _steps_of_specifications(tree: ProgramTree, expected: Shape) -> list[ast.expr]:
    """The steps in the shapes that a program says for the x of layers itself, where these are the expected ones."""
    given = [tree.argument(one, 1, "shape") for one in tree.calls_of("InputSpec")]
    shapes = [one.elts for one in given if isinstance(one, (ast.Tuple, ast.List))]
    return [one[-len(AXES)] for one in shapes if tuple(map(tree.number, one)) == expected]


# -- batches -----------------------------------------------------------------------------------------------------------


def batch_of_call(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that trains a stateful model, with batches of as many samples as its states have."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    is_of_states = found.template.read is batch_of_a_stateful_layer and found.framework == "keras"
    calls = [one for one in tree.calls_in_frames if name_of(one) in ("fit", "predict", "evaluate")]
    sizes = [one for call in calls for one in tree.keywords(call, "batch_size") if tree.number(one) == got]
    if not is_of_states or len(sizes) != 1 or not expected:
        return ()
    call = next(one for one in calls if tree.keywords(one, "batch_size"))
    if not _has_whole_batches(tree, call, expected):
        return _model_of_batch(tree, call, expected, got)
    return tree.corrected((sizes[0], tree.name_in_module(sizes[0], expected) or str(expected)))


def _has_whole_batches(tree: ProgramTree, call: ast.Call, batch: int) -> bool:
    """Whether the data of a call may be whole batches: unless its samples, as the program makes them, are others. An
    array that is chosen by an array of indices has its samples."""
    data = call.args[0] if call.args else None
    made = tree.assigned(data) if isinstance(data, ast.Name) else data
    chosen = isinstance(made, ast.Subscript) and isinstance(made.slice, ast.Call)
    of = made.slice if chosen and isinstance(made, ast.Subscript) else data
    samples = (*tree.axes_of_made(of), None)[0] if of is not None else None
    return not isinstance(samples, int) or samples % batch == 0


def _model_of_batch(tree: ProgramTree, call: ast.Call, batch: int, samples: int | None) -> Corrections:
    """The line that gives the model of a call another name, with a model for these samples: a function of the program
    makes it for the batch of a parameter."""
    model = call.func.value if isinstance(call.func, ast.Attribute) else None
    given = tree.given_to(model) if isinstance(model, ast.Name) else None
    other = tree.assigned(given[1]) if given else None
    made = tree.assigned(other) if isinstance(other, ast.Name) else None
    function = tree.function_called(made) if isinstance(made, ast.Call) else None
    if other is None or not function or not isinstance(made, ast.Call) or made.keywords or not samples:
        return ()
    parameters = [*function.args.args][-len(function.args.defaults) :] if function.args.defaults else []
    pairs = zip(parameters, function.args.defaults, strict=True)
    of_batch = [one.arg for one, default in pairs if tree.number(default) == batch]
    names = tree.parameters(function)
    if len(of_batch) != 1 or names.index(of_batch[0]) < len(made.args):
        return ()
    arguments = [*map(tree.text, made.args), f"{of_batch[0]}={samples}"]
    return tree.corrected((other, f"{tree.text(made.func)}({', '.join(arguments)})"))


# -- stacked cells -----------------------------------------------------------------------------------------------------


def _state_of_one_cell(found: Found) -> ast.Subscript | None:
    """The entry of the states that a layer with a list of cells gets alone; None without one."""
    tree = found.program.tree
    given = tree.values_of_keyword("initial_state")
    if len(given) != 1 or not isinstance(given[0], ast.Subscript) or isinstance(given[0].slice, ast.Slice):
        return None
    call = next((one for one in tree.above(given[0]) if isinstance(one, ast.Call)), None)
    made = tree.assigned(call.func) if call and isinstance(call.func, (ast.Name, ast.Attribute)) else None
    cells = tree.argument(made, 0, "cell") if isinstance(made, ast.Call) else None
    return given[0] if cells is not None and _is_list(tree, cells) else None


def _is_list(tree: ProgramTree, cells: ast.expr) -> bool:
    """Whether cells are a list of them, also of a name."""
    value = tree.assigned(cells) if isinstance(cells, (ast.Name, ast.Attribute)) else cells
    return isinstance(value, (ast.List, ast.Tuple, ast.ListComp))


def only_state_of_cell(found: Found) -> ast.Call | None:
    """The call that makes the only array in the list of first states of a cell of Keras that the program calls itself;
    None for other states."""
    tree = found.program.tree
    calls = [one for one in tree.calls_of_failure() if len(one.args) == 2]
    layers = [tree.layer(one.func) for one in calls]
    if found.framework != "keras" or len(calls) != 1 or not layers[0] or not layers[0].kind.endswith("_cell"):
        return None
    given = calls[0].args[1]
    match tree.assigned(given) if isinstance(given, ast.Name) else given:
        case ast.List([ast.Call() as made]) if tree.is_maker(made):
            return made
    return None


def _of_stacked_cells(found: Found, mismatch: Mismatch) -> Mismatch:
    """The states of one cell for a layer that stacks several, or one state of a cell that the program calls itself."""
    if mismatch.first_cause == "h_for_h_c" and only_state_of_cell(found):
        return replace(mismatch, causes=mismatch.causes[:1])
    is_of_states = mismatch.first_cause in ("h_for_h_c", "number_of_states")
    if not is_of_states or found.framework != "keras" or not _state_of_one_cell(found):
        return mismatch
    return replace(mismatch, causes=(cause("state_of_each_cell", "keras"),))


def states_of_all_cells(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of the layer, with the states of all cells."""
    tree, state = found.program.tree, _state_of_one_cell(found)
    return tree.corrected((state, tree.text(state.value))) if state else ()


def with_states(found: Found, _: Mismatch) -> Corrections:
    """The line that makes the layer, which returns its states as well."""
    tree, layer = found.program.tree, layer_without_states(found)
    made = tree.made_layer(layer) if layer else None
    return all_of([tree.with_argument(made, "return_state", "True")]) if made else ()


def _calls_of_built_cell(found: Found, mismatch: Mismatch) -> tuple[ast.Call, ast.Call] | None:
    """The first call of a cell, which builds it, and the one that failed with other features; None if the program
    builds the cell, or calls it once."""
    tree = found.program.tree
    if [one.id for one in mismatch.causes] not in (["built_features"], ["called_features"]):
        return None
    calls = tree.calls_of_failure() or tree.calls_in(found.code)  # a session quotes no line in its traceback
    failed = [one for one in calls if one.args and "cell" in name_of(one).lower()]
    if len({*map(ast.unparse, failed)}) != 1:
        return None
    cell = ast.unparse(failed[0].func)
    same = [one for one in tree.calls if ast.unparse(one.func) == cell and tree.function_of(one) is None]
    is_built = any(ast.unparse(one.func) == f"{cell}.build" for one in tree.calls)
    first = min(same, key=lambda one: one.lineno, default=failed[0])
    return (first, failed[0]) if not is_built and first.lineno < failed[0].lineno else None


def _of_called_cell(found: Found, mismatch: Mismatch) -> Mismatch:
    """A cell that an earlier line calls, which builds it for the features of its x."""
    if not _calls_of_built_cell(found, mismatch):
        return mismatch
    gates, columns = GATES.get(found.cell, 0), [one.value for one in mismatch.facts if one.terms == ALL_GATES]
    units = columns[0] // gates if gates and columns else None
    likely = cause("called_features", "keras", got=only_size(mismatch.got), units=units, cell=found.cell or None)
    return replace(mismatch, causes=(likely,))


ALL_GATES = (("gates", "num_units"),)


def features_of_first_call(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the x of a cell, with the features for which its first call has built it."""
    tree, both = found.program.tree, _calls_of_built_cell(found, mismatch)
    expected, got = only_size(mismatch.expected), only_size(mismatch.got)
    made = tree.made_by(both[1].args[0]) if both else None
    sizes = tree.sizes_of(made) if made else []
    if expected is None or not sizes or tree.number(sizes[-1]) != got:
        return ()
    return tree.corrected((sizes[-1], tree.name_of_size(sizes[-1], expected)))


def _of_build(found: Found, mismatch: Mismatch) -> Mismatch:
    """What fails while a model is built, before it has an output or a loss."""
    is_of_build = "unable to automatically build the model" in found.surroundings.text
    return of_unknown_arrays() if is_of_build and mismatch.tensor == "target" else mismatch


def features_of_signature(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that says the features in the only signature of a function, with those of x."""
    tree, expected, got = found.program.tree, found.shape("expected"), found.shape("got")
    shapes = [tree.argument(one, 0, "shape") for one in tree.calls_of("TensorSpec")]
    last = [one.elts[-1] for one in shapes if isinstance(one, (ast.Tuple, ast.List)) and one.elts]
    if mismatch.axis != "features" or len(last) != 1:
        return ()
    said = tree.assigned(last[0]) if isinstance(last[0], ast.Name) else last[0]
    is_of_features = isinstance(said, ast.Constant) and said.value == expected[-1]
    return tree.corrected((said, str(got[-1]))) if said and is_of_features else ()


RULES = (_of_called_cell, _of_exchanged_shape, _of_steps_as_features, _of_one_hot, _of_stacked_cells, _of_build)
"""What the program says about the causes in an input and in the states of a model of Keras."""

WITHOUT_CAUSES = (_of_build,)
"""The same for messages of which nothing else says a cause."""

CORRECTIONS = {
    "called_features": features_of_first_call,
    "exchanged_shape": exchanged_shape,
    "features_first": steps_before_features,
    **dict.fromkeys(("fixed_batch", "other_batch"), batch_of_call),
    "one_hot_embedding": without_embedding,
    "other_steps": any_steps,
    "return_state": with_states,
    "signature": features_of_signature,
    "state_of_each_cell": states_of_all_cells,
}
"""Cause -> the lines that it corrects."""
