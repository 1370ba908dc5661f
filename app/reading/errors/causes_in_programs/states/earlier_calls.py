"""What a pasted program says about the calls before the one that failed: of the network with other data, of a cell with
fewer samples, and of what loads batches and weights."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from ....code.values import Layer
from ....facts_about_sizes import fact
from ...axes_of_arrays import AXES_OF_X, RANK
from ...causes import cause
from ...code_lines.array_origins import MODULES
from ...code_lines.axes_of_x import axes_of_parts
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...code_lines.written_sizes import with_value
from ...framework_messages.message_template import Found
from ...framework_messages.weights.checkpoints import other_rows
from ...mismatch import Mismatch, Size, only_size, wrong_size
from ..inputs.calls_with_data import call_of_model

# -- other steps -------------------------------------------------------------------------------------------------------


def _width(found: Found) -> int | None:
    """How many values each step has of the only recurrent layer, whose steps are flattened for a dense layer."""
    layers: set[Layer] = {one.layer for one in found.program.calls if one.layer}
    widths = {one.size("num_units") for one in layers if not one.setting("bidirectional")}
    width = widths.pop() if len(widths) == 1 else None
    return width if isinstance(width, int) else None


def _other_length(found: Found, mismatch: Mismatch) -> tuple[ast.expr, str] | None:
    """The steps of the data that do not fit, in the only call that makes them, and those in another call of the same
    function, for which the dense layer was made."""
    tree, expected, got = found.program.tree, mismatch.expected, mismatch.got
    width = _width(found)
    if not isinstance(expected, tuple) or not isinstance(got, tuple) or not width:
        return None
    (needed, rest), (steps, other_rest) = divmod(expected[-1] or 0, width), divmod(got[-1] or 0, width)
    if rest or other_rest:
        return None
    said = {size: [*_arguments(found, size)] for size in (needed, steps)}
    pairs = [
        (one, tree.text(other))
        for name, place, one in said[steps]
        for other_name, other_place, other in said[needed]
        if (name, place) == (other_name, other_place)
    ]
    return pairs[0] if len({id(one) for one, _ in pairs}) == 1 else None


def _arguments(found: Found, size: int) -> Iterator[tuple[str, str | int, ast.expr]]:
    """The arguments of functions of the program that are a number: the function, the place or the name, and the
    argument."""
    tree = found.program.tree
    for call in (one for one in tree.calls if isinstance(one.func, ast.Name)):
        if tree.function_called(call):
            given: list[tuple[str | int, ast.expr]] = [*enumerate(call.args)]
            given += [(one.arg, one.value) for one in call.keywords if one.arg]
            yield from ((name_of(call), place, one) for place, one in given if tree.number(one) == size)


def _of_other_length(found: Found, mismatch: Mismatch) -> Mismatch:
    """Data with another number of steps than other data that the same function makes: the dense layer fits those."""
    likely = [one for one in mismatch.causes if one.id == "dense_other_steps"]
    is_certain = likely and (_other_length(found, mismatch) or _longer(found, mismatch))
    return replace(mismatch, causes=tuple(likely)) if is_certain else mismatch


def same_length(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the data, with as many steps; or that calls the network, with the last steps of the data, or
    with zeros before the first one."""
    tree = found.program.tree
    if other := _other_length(found, mismatch):
        return tree.corrected(other)
    if not (longer := _longer(found, mismatch)):
        return ()
    x, steps, needed = longer
    if steps > needed:
        return tree.corrected((x, f"{tree.operand(x)}[:, -{needed}:]"))
    return tree.corrected((x, f"torch.nn.functional.pad({tree.text(x)}, (0, 0, {needed - steps}, 0))"))


def _longer(found: Found, mismatch: Mismatch) -> tuple[ast.expr, int, int] | None:
    """The array with another number of steps in a call of a network of PyTorch, this number, and that of the data of an
    earlier call, for which the dense layer was made; None for other arrays."""
    tree, expected, got, width = found.program.tree, mismatch.expected, mismatch.got, _width(found)
    if found.framework != "pytorch" or not isinstance(expected, tuple) or not isinstance(got, tuple) or not width:
        return None
    (needed, rest), (steps, other_rest) = divmod(expected[-1] or 0, width), divmod(got[-1] or 0, width)
    axes = {one.operands[0].axes[1] for one in found.program.calls_of_all_runs if len(one.operands[0].axes) == RANK}
    is_first = all(one.layer.setting("batch_first") for one in found.program.calls if one.layer)
    if rest or other_rest or not is_first or not {needed, steps} <= axes:
        return None
    given = [one.args[0] for one in tree.calls_in_frames if one.args]
    arrays = [one for one in given if tree.function_of(one) is None and tree.axes(one)[1:2] == (steps,)]
    of_x = [one for one in arrays if len(tree.axes(one)) == RANK and isinstance(one, ast.Name)]
    return (of_x[0], steps, needed) if len(of_x) == 1 else None


# -- states of fewer samples -------------------------------------------------------------------------------------------


def _state_of_one(found: Found, mismatch: Mismatch) -> tuple[ast.Name, ast.expr] | None:
    """The state of one sample in the call of a cell, or of the function that calls it, which an earlier call has
    returned, and the x with more samples; None for a state that was made for this call."""
    tree, expected = found.program.tree, only_size(mismatch.expected)
    if found.template.framework != "pytorch" or only_size(mismatch.got) != 1 or not expected:
        return None
    for line in tree.frames:
        for call in tree.calls_in(line):
            arguments = [*call.args, *(one.value for one in call.keywords)]
            states = [one for one in arguments if isinstance(one, ast.Name) and _is_returned(found, one)]
            x = [one for one in arguments if isinstance(one, ast.Name) and tree.axes(one)[:1] == (expected,)]
            others = [one for one in x if one not in states]
            if len(states) == len(others) == 1:
                return states[0], others[0]
    return None


def _is_returned(found: Found, state: ast.Name) -> bool:
    """Whether a call before gets a state by this name and returns another one."""
    tree = found.program.tree
    given = tree.place_of(state)
    statement = next((one for one in tree.above(given) if isinstance(one, ast.Assign)), None) if given else None
    call = statement.value if statement else None
    return isinstance(call, ast.Call) and any(
        isinstance(one, ast.Name) and one.id == state.id
        for one in (*call.args, *(keyword.value for keyword in call.keywords))
    )


def _of_state_of_one(found: Found, mismatch: Mismatch) -> Mismatch:
    """The state of one sequence, which several go on with."""
    is_of_batch = mismatch.axis == "batch_size" and mismatch.tensor == "h_0"
    if is_of_batch and found.framework == "pytorch" and _made_for_one(found, mismatch):
        return replace(mismatch, causes=(cause("state_of_one", "pytorch"),))
    if "-cell-" not in found.template.id or not is_of_batch or not _state_of_one(found, mismatch):
        return mismatch
    return replace(mismatch, causes=(cause("state_of_one", "cell"),))


def _made_for_one(found: Found, mismatch: Mismatch) -> tuple[ast.Call, ast.expr, bool] | None:
    """The call of a function that makes the state of one sample, in a call of a network with several samples, the x of
    this call, and whether the layer has the batch first; None for another state."""
    tree, call, expected, got = found.program.tree, found.program.failed_call, mismatch.expected, mismatch.got
    first = call.layer.setting("batch_first") if call and call.layer else None
    state = call.operands[1].node if call and len(call.operands) > 1 else None
    if not isinstance(expected, tuple) or not isinstance(got, tuple) or not len(expected) == len(got) == 3:
        return None
    if first is None or got[1] != 1 or mismatch.axis != "batch_size" or not isinstance(state, ast.Name):
        return None
    given = tree.given_to(state)
    if not given or not isinstance(made := given[1], ast.Call) or not given[0].args or given[0].args[0] is made:
        return None
    function = tree.function_called(made)
    origins = [*tree.origins(made)]
    sizes = [tree.sizes_of(one.made) for one in origins]
    is_of_one = bool(sizes) and all(len(one) == 3 and tree.number(one[1]) == 1 for one in sizes)
    return (made, given[0].args[0], bool(first)) if function and is_of_one and not made.args else None


def repeated_made_state(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of a network, with the state of one sample repeated for each sample of x."""
    tree, one = found.program.tree, _made_for_one(found, mismatch)
    if not one:
        return ()
    made, x, first = one
    batch = f"{tree.operand(x)}.size({0 if first else 1})"
    is_pair = found.cell == "lstm"
    repeated = f"tuple(s.repeat(1, {batch}, 1) for s in {tree.text(made)})"
    return tree.corrected((made, repeated if is_pair else f"{tree.text(made)}.repeat(1, {batch}, 1)"))


def repeated_state(found: Found, mismatch: Mismatch) -> Corrections:
    """The call with the state repeated for each sample."""
    if lines := repeated_made_state(found, mismatch):
        return lines
    if not (both := _state_of_one(found, mismatch)):
        return ()
    state, x = both
    return found.program.tree.corrected((state, f"{state.id}.expand(len({found.program.tree.text(x)}), -1)"))


# -- batches and weights -----------------------------------------------------------------------------------------------


def whole_batches(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the loader over which the program loops where it failed, without a smaller last batch."""
    tree = found.program.tree
    nodes = (node for line in tree.frames for node in tree.nodes_in(line))
    loops = {id(one): one for node in nodes for one in tree.above(node) if isinstance(one, ast.For)}
    names = [one for loop in loops.values() for one in ast.walk(loop.iter) if isinstance(one, ast.Name)]
    given = [(one, tree.given_to(one)) for one in names]  # to the function that has the loop
    outer = [argument[1] if argument else one for one, argument in given]
    made = {id(one): one for name in outer if isinstance(one := tree.assigned(name), ast.Call)}
    made |= {id(one.made): one.made for name in outer for one in tree.origins(name, makers=LOADERS)}
    made |= {id(loop.iter): loop.iter for loop in loops.values() if isinstance(loop.iter, ast.Call)}
    loaders = [one for one in made.values() if name_of(one) in LOADERS]
    if not loaders:
        links = {
            id(link): link for one in (*(loop.iter for loop in loops.values()), *outer) for link in tree.links(one)
        }
        batches = [one for one in links.values() if name_of(one) == "batch" and one.args]
        return all_of([tree.with_argument(batches[0], "drop_remainder", "True")]) if len(batches) == 1 else ()
    return all_of([tree.with_argument(loaders[0], "drop_last", "True")]) if len(loaders) == 1 else ()


LOADERS = ("DataLoader",)
"""What makes the batches over which a program loops."""


def transposed_weights(found: Found, mismatch: Mismatch) -> Corrections:
    """The call that gives a layer of Keras its weights, with both kernels transposed, unless they are; the one that
    copies weights to a parameter of PyTorch."""
    tree = found.program.tree
    copies = tree.calls_of_failure("copy_") if mismatch.axis == "order" else []
    if len(copies) == 1 and copies[0].args and not _is_transposed(tree, copies[0].args[0]):
        return tree.corrected((copies[0].args[0], f"{tree.operand(copies[0].args[0])}.t()"))
    if mismatch.axis == "order" and found.framework in ("numpy", "jax", "flax"):
        return transposed_factor(found)
    calls = tree.calls_of_failure("set_weights")
    given = [tree.assigned(one.args[0]) or one.args[0] for one in calls if len(one.args) == 1]
    lists = [one for one in given if isinstance(one, ast.List)]
    if len(lists) != 1 or len(lists[0].elts) not in (len(KERNELS), len(KERNELS) + 1):
        return ()
    kernels = lists[0].elts[: len(KERNELS)]
    other = [one for one in kernels if not _is_transposed(tree, one)]
    return tree.corrected(*((one, f"{tree.operand(one)}.T") for one in other))


def transposed_factor(found: Found) -> Corrections:
    """The line of the only product in a piece of code that failed, with its weights transposed."""
    tree = found.program.tree
    products = [
        [one for one in factors if found.line.array(one).role not in ("x", "h", "xh")]
        for factors in tree.products_in(found.code)
    ]
    weights = products[0] if len(products) == 1 else []
    if len(weights) != 1 or not isinstance(weights[0], (ast.Name, ast.Attribute, ast.Subscript)):
        return ()
    return tree.corrected((weights[0], f"{tree.text(weights[0])}.T"))


def _is_transposed(tree: ProgramTree, weights: ast.expr) -> bool:
    """Whether the program transposes an array, also before it has its name."""
    node: ast.expr | None = weights
    for _ in range(MOST_NAMES):
        match node:
            case ast.Attribute(attr="T" | "mT"):
                return True
            case ast.Call() if name_of(node) in TRANSPOSES:
                return True
            case ast.Name():
                given = tree.given_to(node)
                node = given[1] if given else tree.assigned(node)
            case ast.Call(func=ast.Attribute(value=ast.Name(module)), args=[inner, *_]) if module in MODULES:
                node = inner
            case ast.Call(func=ast.Attribute(value=inner)):
                node = inner
            case ast.Subscript(slice=ast.Constant()) if (value := tree.assigned(node)) is not None:
                node = value
            case _:
                return False
    return False


TRANSPOSES = ("t", "transpose", "swapaxes", "permute")
"""Functions and methods that exchange the axes of a matrix."""


KERNELS = ("kernel", "recurrent_kernel")
"""The first weights of a recurrent layer of Keras; a bias may come after them."""

# -- other features ----------------------------------------------------------------------------------------------------


def _other_x(found: Found, mismatch: Mismatch) -> ast.expr | None:
    """The x of the call of Flax that failed, if it is another one than that for which init has made the weights, with
    which the program calls the network, too."""
    tree = found.program.tree
    made = [one.args[1] for one in tree.calls_of("init") if len(one.args) > 1]
    applied = [one.args[1] for one in tree.calls_of("apply") if len(one.args) > 1]
    failed = [one for line in tree.frames for one in tree.calls_in(line) if name_of(one) in APPLIES]
    x = [one.args[1] for one in failed if len(one.args) > 1]
    if len(made) != 1 or len(x) != 1 or not isinstance(made[0], (ast.Name, ast.Call)):
        return None
    of_init = ast.unparse(made[0])
    is_used = any(ast.unparse(one) == of_init for one in applied)
    is_used = is_used or _trained_x(found, x[0]) is not None
    return x[0] if is_used and ast.unparse(x[0]) != of_init else None


APPLIES = ("apply", "apply_fn")
"""Methods that call a network of Flax with its weights."""


def _trained_x(found: Found, x: ast.expr) -> ast.expr | None:
    """An array with as many features as the weights of a network of Flax have rows, which the program gives a function
    that calls the network before the call with x that failed."""
    tree, rows = found.program.tree, found.shape("got")[:1]
    calls_network = {above for one in tree.calls_of(*APPLIES) for above in tree.above(one)}
    for call in tree.calls:
        if tree.function_called(call) not in calls_network or tree.function_of(call) is not tree.function_of(x):
            continue
        for one in call.args if call.lineno < x.lineno else ():
            axes = tree.axes_of_made(one) if isinstance(one, ast.Name) else ()
            if len(axes) == RANK and axes[-1:] == rows:
                return one
    return None


def _other_data(found: Found, expected: int, got: int) -> tuple[ast.expr, ast.expr] | None:
    """The argument of the function that makes the data of a call in the traceback, which is their number of features,
    and the one with which the program makes data for which the weights were made; None without them."""
    tree = found.program.tree
    for call in tree.calls_in_frames:
        for given in (one.value if isinstance(one, ast.Starred) else one for one in call.args):
            made = _value_with(tree, given.id) if isinstance(given, ast.Name) else None
            function = tree.function_called(made) if isinstance(made, ast.Call) else None
            if not function or not isinstance(made, ast.Call):
                continue
            others = [one for one in tree.calls if one is not made and tree.function_called(one) is function]
            for name in map(ast.Name, tree.parameters(function)):
                one, *rest = (tree.argument_for(each, function, name) for each in (made, *others))
                known = [wanted for wanted in rest if wanted is not None and tree.number(wanted) == expected]
                if one is not None and tree.number(one) == got and known and len(known) == len(rest):
                    return one, known[0]
    return None


def _value_with(tree: ProgramTree, name: str) -> ast.expr | None:
    """The only value that gives a name, or several names at once, what they are."""
    made = [one for one in tree.nodes if isinstance(one, ast.Assign)]
    values = [
        one.value
        for one in made
        if any(isinstance(part, ast.Name) and part.id == name for target in one.targets for part in ast.walk(target))
    ]
    return values[0] if len(values) == 1 else None


def _of_other_x(found: Found, mismatch: Mismatch) -> Mismatch:
    """Other features than those of the data with which a network of Flax was trained."""
    is_of_init = mismatch.first_cause == "init_features"
    features, made_for = mismatch.expected, mismatch.got
    if not is_of_init or not isinstance(features, tuple) or not isinstance(made_for, tuple):
        return mismatch
    x, tree = _other_x(found, mismatch), found.program.tree
    if not (expected := made_for[0]) or not (got := features[0]):
        return mismatch
    if x is None and _other_data(found, expected, got):
        applied = [one.args[1] for one in tree.calls_in_frames if name_of(one) == "apply" and len(one.args) > 1]
        return _other_columns(found, mismatch, applied[0] if len(applied) == 1 else None, expected, got)
    if x is None:  # without the call of init, either of them may have other features
        is_applied = any(".apply(" in line for line in tree.frames) and not tree.calls_of("init")
        causes = (*mismatch.causes, cause("other_columns", "flax", expected=expected))
        return replace(mismatch, causes=causes) if is_applied else mismatch
    return _other_columns(found, mismatch, x, expected, got)


def _other_columns(found: Found, mismatch: Mismatch, x: ast.expr | None, expected: int, got: int) -> Mismatch:
    """An x of a network of Flax with other features than the data of its training."""
    others = (one for one in mismatch.facts if one.terms != (("features",),))
    axes = found.program.tree.axes_of_made(x) if x is not None else ()
    known = zip(AXES_OF_X[:-1], axes[:-1], strict=True) if len(axes) == RANK else ()
    facts = [*others, *(fact(name, size, "x") for name, size in known if isinstance(size, int))]
    likely = cause("other_columns", "flax", expected=expected)
    return wrong_size("x", "features", expected, got, [likely], [*facts, fact("features", expected, "kernel")])


def columns_of_x(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the data for a network of Flax, with the features of its training; or the one that leaves
    out columns for a model of Keras, with all of them."""
    tree, expected, got = found.program.tree, _last(mismatch.expected), _last(mismatch.got)
    if found.framework == "keras":
        call = call_of_model(tree)
        trained = [one.args[0] for one in tree.calls_of("fit") if one.args]
        given = _as_in_training(tree, call.args[0], trained, expected) if call else ()
        return given or _with_all_columns(tree, expected, got) or _without_column(tree, expected, got)
    x = _other_x(found, mismatch) if found.framework == "flax" else None
    trained = [one.args[1] for one in tree.calls_of("init") if len(one.args) > 1]
    if x is not None and (given := _as_in_training(tree, x, trained, expected)):
        return given
    if x is None and expected and got and (data := _other_data(found, expected, got)):
        return tree.corrected((data[0], tree.text(data[1])))
    made = tree.made_by(x) if x is not None else None
    sizes = tree.sizes_of(made) if made else []
    if x is None or not sizes or not expected or tree.number(sizes[-1]) != got:
        return ()
    return with_value(tree, sizes[-1], expected, _name_in_training(found, x))


def _name_in_training(found: Found, x: ast.expr) -> str:
    """What the line that makes the x of the training says for its features, in the function of another x; "" if that
    is a number."""
    tree, trained = found.program.tree, _trained_x(found, x)
    made = tree.made_by(trained) if trained is not None else None
    size = tree.sizes_of(made)[-1] if made else None
    is_near = size is not None and tree.function_of(size) is tree.function_of(x)
    return tree.text(size) if size is not None and is_near and not isinstance(size, ast.Constant) else ""


def _as_in_training(tree: ProgramTree, x: ast.expr, trained: list[ast.expr], features: int | None) -> Corrections:
    """The call of a function that makes x, with the switch or the list of columns that it gets for the x of training;
    () unless the two calls differ in one of these."""
    call = tree.assigned(x) if isinstance(x, ast.Name) else x
    made = {ast.unparse(one): one for x in trained if (one := tree.assigned(x) if isinstance(x, ast.Name) else x)}
    other = next(iter(made.values())) if len(made) == 1 else None
    if not isinstance(call, ast.Call) or not isinstance(other, ast.Call):
        return ()
    function = tree.function_called(call)
    if not function or tree.function_called(other) is not function or tree.function_of(call) != tree.function_of(other):
        return ()
    names = map(ast.Name, tree.parameters(function))
    pairs = [(tree.argument_for(call, function, one), tree.argument_for(other, function, one)) for one in names]
    wrong = [
        (given, wanted)
        for given, wanted in pairs
        if given is not None and wanted is not None and ast.unparse(given) != ast.unparse(wanted)
        if _is_switch(given, wanted) or _has_entries(tree, wanted, features)
    ]
    return tree.corrected((wrong[0][0], tree.text(wrong[0][1]))) if len(wrong) == 1 else ()


def _is_switch(*values: ast.expr) -> bool:
    return all(isinstance(one, ast.Constant) and isinstance(one.value, bool) for one in values)


def _has_entries(tree: ProgramTree, node: ast.expr, count: int | None) -> bool:
    """Whether an expression is a list with so many entries, also of a name."""
    value = tree.assigned(node) if isinstance(node, ast.Name) else node
    return isinstance(value, (ast.List, ast.Tuple)) and len(value.elts) == count


def vocabulary_of_checkpoint(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the network that loads a checkpoint, with as many words as that has."""
    tree, is_keras = found.program.tree, found.framework == "keras"
    listed = [] if is_keras else other_rows(found)
    words = found.shape("got")[0] if is_keras else listed[0].checkpoint[0] if listed else None
    loads = [one for one in tree.calls_in_frames if name_of(one) in ("load_state_dict", "load_weights")]
    owner = loads[0].func.value if loads and isinstance(loads[0].func, ast.Attribute) else None
    network = tree.assigned(owner) if owner else None
    if not words or not isinstance(network, ast.Call):
        return ()
    function = tree.constructor(network) or tree.function_called(network)
    made = [tree.argument(one, 0, "input_dim" if is_keras else "num_embeddings") for one in tree.calls_of("Embedding")]
    sizes = {one.id for one in made if isinstance(one, ast.Name) and tree.function_of(one) is function}
    names = [one for one in sizes if one in tree.parameters(function)]
    if not function or len(names) != 1:
        return ()
    return all_of([tree.with_parameter(network, function, names[0], str(words))])


def _last(size: Size) -> int | None:
    """The last size of a shape."""
    return size[-1] if isinstance(size, tuple) and size else None


def _with_all_columns(tree: ProgramTree, expected: int | None, got: int | None) -> Corrections:
    """The only part of an array from which the x of a model is made, and which lacks columns of it."""
    call, parts = call_of_model(tree), list[ast.Subscript]()
    left: list[ast.expr] = [call.args[0]] if call else []
    followed = set[str]()
    while left and len(followed) < MOST_NAMES:
        nodes = [*ast.walk(left.pop())]
        parts += [one for one in nodes if isinstance(one, ast.Subscript) and _lacks_columns(tree, one, expected, got)]
        names = {one.id: one for one in nodes if isinstance(one, ast.Name) and one.id not in followed}
        followed |= names.keys()
        left += [value for one in names.values() if (value := tree.assigned(one)) is not None]
    if len(parts) != 1 or not isinstance(index := parts[0].slice, ast.Tuple):
        return ()
    rows = [tree.text(one) for one in index.elts[:-1]]
    index_of_rows = "" if {*rows} == {":"} else f"[{', '.join(rows)}]"
    return tree.corrected((parts[0], tree.text(parts[0].value) + index_of_rows))


MOST_NAMES = 20
"""Names from which x may be made."""


def _lacks_columns(tree: ProgramTree, part: ast.Subscript, expected: int | None, got: int | None) -> bool:
    """Whether a part of an array with as many columns as expected has as many as the message says."""
    axes = tree.axes_of_made(part.value)
    is_of_columns = isinstance(part.slice, ast.Tuple) and len(part.slice.elts) == len(axes) > 1
    return is_of_columns and axes[-1] == expected and axes_of_parts(tree, axes, [part])[-1:] == (got,)


def _without_column(tree: ProgramTree, expected: int | None, got: int | None) -> Corrections:
    """The only array of which the function that failed makes x, without the column that another function leaves out for
    the training."""
    call, left_out = call_of_model(tree), [one for one in tree.calls if _leaves_column_out(tree, one)]
    if not call or not expected or got != expected + 1 or len(left_out) != 1:
        return ()
    function, arrays, nodes = tree.function_of(call), dict[int, ast.Name](), list[ast.expr]([call.args[0]])
    for node in islice(nodes, MOST_NAMES):  # which grow in the loop
        for one in (name for name in ast.walk(node) if isinstance(name, ast.Name)):
            if one.id in tree.parameters(function):
                arrays[id(one)] = one
            elif (value := tree.assigned(one)) is not None:
                nodes.append(value)
    text = _call_elsewhere(tree, left_out[0], next(iter(arrays.values()))) if len(arrays) == 1 else ""
    return tree.corrected((next(iter(arrays.values())), text)) if text else ()


def _leaves_column_out(tree: ProgramTree, call: ast.Call) -> bool:
    """Whether a call returns a table without one of its columns."""
    axis = tree.argument(call, 2, "axis")
    is_part = isinstance(tree.argument(call, 1, "obj"), (ast.Name, ast.Attribute, ast.Constant, ast.Call, ast.UnaryOp))
    return name_of(call) == "delete" and is_part and axis is not None and ast.unparse(axis) in ("1", "-1")


def _call_elsewhere(tree: ProgramTree, call: ast.Call, array: ast.Name) -> str:
    """A call with another array, as another function writes it: with the values of its names; "" if that lacks one."""
    parts = list[tuple[ast.expr, str]]()
    classes = [next((of for of in tree.above(one) if isinstance(of, ast.ClassDef)), None) for one in (call, array)]
    for n, argument in enumerate(call.args):
        if n == 0:
            parts.append((argument, array.id))
        elif isinstance(argument, ast.Name) and not tree.is_in_module(argument.id):
            value = tree.assigned(argument)
            names = [one.id for one in ast.walk(value) if isinstance(one, ast.Name)] if value is not None else [""]
            if value is None or any(one != "self" and not tree.is_in_module(one) for one in names):
                return ""
            parts.append((argument, tree.text(value)))
    return tree.text_with(call, *parts) if classes[0] is classes[1] else ""


RULES = (_of_other_length, _of_state_of_one, _of_other_x)
"""What the program says about the causes in its other calls."""

CORRECTIONS = {
    "dense_other_steps": same_length,
    "other_columns": columns_of_x,
    "state_of_one": repeated_state,
    "transposed": transposed_weights,
    "checkpoint_vocabulary": vocabulary_of_checkpoint,
}
"""Cause -> the lines that it corrects."""
