"""What a pasted program says about its samples, their targets and lengths, and what x is made of: the causes that this
leaves, and the lines that they correct."""

import ast
import re
from dataclasses import replace
from typing import NamedTuple

from .....translations.phrases import phrase
from ....code.source_text import parse
from ....code.values import ANY
from ....facts_about_sizes import fact
from ...causes import cause
from ...code_lines.array_origins import MOST_LINKS, UNCHANGED
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.made_layers import CELLS_OF_FLAX
from ...code_lines.program_nodes import CONCATENATIONS, name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size, wrong_shape, wrong_size

FITS = ("fit", "predict", "evaluate", "train_on_batch", "predict_on_batch")
"""The methods of a model of Keras that get data."""

LOSS = re.compile(r"loss|entropy|crit|nll|mse|bce|huber", re.IGNORECASE)

FEWER_ROWS = re.compile(r"pack_padded_sequence\([^\n]{1,200}enforce_sorted\s?=\s?False")
"""A line that packs the samples that have a length, in any order."""

PADDED = "pad_packed_sequence"
"""The function that returns the output of every step, whose rows may be steps."""

ONE_HOT = re.compile(r"one_?hot|to_categorical", re.IGNORECASE)

ALONG_FEATURES = ("-1", "2")
"""The axis of the features of x, as a join says it."""

FLATTENING = ("reshape", "view", "flatten", "contiguous", "transpose", "permute", "swapaxes", "ravel")
"""Methods of an array that move its values to other axes."""


# -- calls -------------------------------------------------------------------------------------------------------------


def call_of_model(tree: ProgramTree) -> ast.Call | None:
    """The call of a model of Keras in the traceback: ``model.fit(x, y)``."""
    calls = tree.calls_in_frames
    return next((one for one in calls if name_of(one) in FITS and one.args), None)


def call_of_loss(found: Found) -> ast.Call | None:
    """The call of a loss of PyTorch in the traceback, or of one that is made where it is called."""
    tree = found.program.tree
    calls = [one for line in reversed(tree.frames) for one in tree.calls_in(line) if len(one.args) > 1]
    named = [(one, name_of(one.func if isinstance(one.func, ast.Call) else one)) for one in calls]
    return next((one for one, name in named if LOSS.search(name)), None) if found.framework == "pytorch" else None


def _data(call: ast.Call) -> list[ast.Name]:
    """The names of the x of training and of validation in the call of a model."""
    tuples = [one.value for one in call.keywords if one.arg == "validation_data" and isinstance(one.value, ast.Tuple)]
    data = [call.args[0], *(one.elts[0] for one in tuples if one.elts)]
    return [one for one in data if isinstance(one, ast.Name)]


# -- x -----------------------------------------------------------------------------------------------------------------


def _of_first_layer(found: Found, mismatch: Mismatch) -> Mismatch:
    """An x with two axes, although all layers below another one return every step: it is that of the first layer."""
    made = found.program.made_layers
    is_of_model = (mismatch.tensor, mismatch.axis, found.framework) == ("x", "rank", "keras")
    if not is_of_model or len(made) < 2 or not all(one.setting("return_sequences") for one in made[:-1]):
        return mismatch
    return replace(mismatch, causes=tuple(one for one in mismatch.causes if one.id != "return_sequences"))


def features_axis(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the data of a model of Keras, or gives it to the model, with an axis of features."""
    tree = found.program.tree
    if not (call := call_of_model(tree)):
        return ()
    if not (data := _data(call)):
        return _new_axis_of_parts(tree, call.args[0])
    if slices := [one for name in data for one in tree.links(name) if name_of(one) in DATASETS]:
        return _features_in_slices(tree, slices)
    if name_of(call) == "fit" and len(call.args) == 1 and all(one.arg != "y" for one in call.keywords):
        return ()  # a dataset, whose targets are in it
    return _with_axis(tree, call, data, "[..., None]")


def _with_axis(tree: ProgramTree, call: ast.Call, data: list[ast.Name], index: str) -> Corrections:
    """The line that makes the data of a model, or else all that give it to the model, with another axis."""
    made = {id(one): one for name in data if (one := _made(tree, name)) is not None}
    if len(made) == 1 and (lines := tree.corrected(*((one, f"{tree.text(one)}{index}") for one in made.values()))):
        return lines
    others = [one for one in tree.calls_of(*FITS) if one.args]
    all_data = {id(one): one for of in (call, *others) for one in _data(of) if one.id in {name.id for name in data}}
    return tree.corrected(*((one, f"{one.id}{index}") for one in all_data.values()))


def time_axis(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make the data of a model of Keras, or give it to the model, with an axis of time for one step; ()
    if the model says how many steps it has, or if the values of a sample are rather steps."""
    tree, call = found.program.tree, call_of_model(found.program.tree)
    is_first = [one.id for one in mismatch.causes[:1]] == ["missing_axis"]
    is_table = found.framework == "keras" and not any(mismatch.shapes[0]) and len(mismatch.shapes[1]) == 2
    data = [name for of in tree.calls_of(*FITS) if of.args for name in _data(of)] if is_first and is_table else []
    if not call or not data or any(name_of(one) in DATASETS for name in data for one in tree.links(name)):
        return ()
    has_target = name_of(call) != "fit" or len(call.args) > 1 or any(one.arg == "y" for one in call.keywords)
    return _with_axis(tree, call, data, "[:, None]") if has_target else ()


def _features_in_slices(tree: ProgramTree, slices: list[ast.Call]) -> Corrections:
    """The line that makes the array of which a dataset gives slices, with an axis of features, or gives it to the
    dataset: datasets have no axes. () for other datasets, and for several ones."""
    arrays = slices[0].args[0] if len(slices) == 1 and name_of(slices[0]) == SLICES and slices[0].args else None
    x = arrays.elts[0] if isinstance(arrays, ast.Tuple) and arrays.elts else arrays
    if not isinstance(x, ast.Name):
        return ()
    made = _made(tree, x)
    return tree.corrected((made, f"{tree.text(made)}[..., None]") if made else (x, f"{x.id}[..., None]"))


SLICES = "from_tensor_slices"
DATASETS = (SLICES, "from_generator", "from_tensors", "timeseries_dataset_from_array", "window", "zip")
"""What makes a dataset of TensorFlow."""


def _new_axis_of_parts(tree: ProgramTree, part: ast.expr) -> Corrections:
    """A new line after the one that makes the array of which a model gets some samples, with an axis of features."""
    array = part.value if isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Slice) else None
    place = tree.place_of(array) if isinstance(array, ast.Name) else None
    statement = next((one for one in tree.above(place) if isinstance(one, ast.stmt)), None) if place else None
    after = tree.line_after(statement) if isinstance(statement, ast.Assign) else ""
    return [("", f"{place.id} = {place.id}[..., None]  # before: {after}")] if place and after else ()


def _made(tree: ProgramTree, name: ast.Name) -> ast.expr | None:
    """The call that makes an array of which a name is the whole, or some of its samples; or a part of what it makes."""
    value = tree.assigned(name)
    if isinstance(value, ast.Subscript) and isinstance(value.value, ast.Name) and isinstance(value.slice, ast.Slice):
        return _made(tree, value.value)
    inner = value.value if isinstance(value, ast.Subscript) else value
    return value if isinstance(inner, ast.Call) else None


def _of_one_hot(found: Found, mismatch: Mismatch) -> Mismatch:
    """An x with four axes, of an embedding that got vectors in place of numbers."""
    is_of_vectors = (mismatch.tensor, mismatch.expected, mismatch.got) == ("x", 3, 4) and _has_one_hot_x(found)
    if not is_of_vectors:
        return mismatch
    return replace(mismatch, causes=(cause("one_hot_embedding", found.framework), *mismatch.causes))


def _has_one_hot_x(found: Found) -> bool:
    """Whether the program has an embedding, and an x that it encodes, or whose last axis is that of the words."""
    tree = found.program.tree
    calls = [one for one in tree.calls if one.args]
    words = {ast.unparse(one.args[0]) for one in calls if name_of(one) == "Embedding"}
    if not words:
        return False
    sizes = (tree.sizes_of(one) for one in calls if tree.is_maker(one))
    data = [tree.assigned(one) for one in _data(call)] if (call := call_of_model(tree)) else []
    made = [one for value in data if value is not None for one in ast.walk(value) if isinstance(one, ast.Call)]
    is_encoded = any(ONE_HOT.search(name_of(one)) for one in made)
    return is_encoded or any(len(one) == 3 and ast.unparse(one[-1]) in words for one in sizes)


def numbers_of_words(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of the model, with the numbers of the words."""
    tree = found.program.tree
    data = _data(call) if (call := call_of_model(tree)) else []
    return tree.corrected(*((one, f"{one.id}.argmax(-1)") for one in data))


class Join(NamedTuple):
    """What joins x of several arrays, and the last size of each, None if it is not known."""

    call: ast.Call
    sizes: tuple[int | None, ...]


def _join(found: Found) -> Join | None:
    """The join along the features that makes the x of the layer that failed; None without one."""
    tree = found.program.tree
    nodes = [one.node for one in found.program.failed_calls if isinstance(one.node, ast.Call)]
    nodes = nodes or (tree.calls_of_failure() if found.framework == "flax" else [])
    for call in nodes or [n for one in parse(found.code).statements for n in ast.walk(one) if isinstance(n, ast.Call)]:
        x = call.args[0] if call.args else None
        made = tree.assigned(x) if isinstance(x, ast.Name) else x
        if not isinstance(made, ast.Call) or name_of(made) not in CONCATENATIONS or not made.args:
            continue
        parts, along = made.args[0], tree.argument(made, 1, "dim") or tree.argument(made, 1, "axis")
        if isinstance(parts, (ast.List, ast.Tuple)) and (ast.unparse(along) if along else "") in ALONG_FEATURES:
            last = [(tree.axes(one) or (None,))[-1] for one in parts.elts]
            return Join(made, tuple(one if isinstance(one, int) else None for one in last))
    return None


def _of_joined_x(found: Found, mismatch: Mismatch) -> Mismatch:
    """An x that is joined from several arrays, for a layer that is made for one of them."""
    is_of_features = (mismatch.tensor, mismatch.axis) == ("x", "features") and found.framework in ("pytorch", "flax")
    expected, got = only_size(mismatch.expected), only_size(mismatch.got)
    if not is_of_features or expected is None or got is None or got <= expected or not (join := _join(found)):
        return mismatch
    known = [one for one in join.sizes if one is not None]
    if len(known) == len(join.sizes) and sum(known) != got:
        return mismatch
    framework = "cell" if "cell" in found.template.id else found.framework
    likely = cause("joined_features", framework, cell=found.cell, expected=expected, got=got)
    return replace(mismatch, causes=(likely,))


def sum_of_features(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the layer, with the size of what is joined to its x."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    layers = {one.layer for one in found.program.failed_calls if one.layer}
    made = tree.made_layer(next(iter(layers))) if len(layers) == 1 else None
    size = tree.argument_of_size(made, expected) if made else None
    if found.framework == "flax":
        made, size = _cell_of_features(tree, expected)
    if not made or size is None or expected is None or got is None:
        return ()
    argument = tree.argument_of_size(made, got - expected)
    others = _parameters_of_size(tree, made, got - expected)
    if len(others) == 1:  # what is joined is rather that than the units of the layer itself
        more = others[0]
    else:
        more = tree.text(argument) if argument is not None else tree.name_of_size(size, got - expected)
    is_number = more.isdecimal() and (found.framework != "flax" or isinstance(size, ast.Constant))
    return tree.corrected((size, str(got) if is_number else f"{tree.text(size)} + {more}"))


def _cell_of_features(tree: ProgramTree, features: int | None) -> tuple[ast.Call | None, ast.expr | None]:
    """What makes the only cell of Flax for so many features, and this size; both None without one."""
    cells = [(one, tree.argument(one, 0, "in_features")) for one in tree.calls_of(*CELLS_OF_FLAX)]
    fitting = [(one, size) for one, size in cells if size is not None and tree.size_said(size) == features]
    return fitting[0] if len(fitting) == 1 and "nnx." in ast.unparse(fitting[0][0].func) else (None, None)


def _parameters_of_size(tree: ProgramTree, made: ast.Call, size: int) -> list[str]:
    """The other parameters of the function that makes a layer which are a number."""
    function = tree.function_of(made)
    given = {ast.unparse(one) for one in (*made.args, *(key.value for key in made.keywords))}
    names = {
        one.id: one
        for one in tree.nodes
        if isinstance(one, ast.Name) and tree.function_of(one) is function and one.id in tree.parameters(function)
    }
    return [name for name, one in names.items() if name not in given and tree.number(one) == size]


# -- targets and lengths -----------------------------------------------------------------------------------------------


def _of_lost_rows(found: Found, mismatch: Mismatch) -> Mismatch:
    """An output with fewer samples than the target, because the samples without a length were not packed."""
    sizes = [one[0] for one in (mismatch.expected, mismatch.got) if isinstance(one, tuple) and one]
    is_of_samples = mismatch.tensor == "target" and len(sizes) == 2 and None not in sizes
    source = found.program.source
    if not is_of_samples or found.framework != "pytorch" or not FEWER_ROWS.search(source) or PADDED in source:
        return mismatch
    rows, samples = sizes
    losses = [one.operands[0].axes[:1] for one in found.program.operations if one.kind == "loss"]
    if (rows or 0) >= (samples or 0) or (rows,) in losses:  # a size that the program says is not that of lengths
        return mismatch
    facts = [fact("batch_size", samples or 0, "target")]
    return wrong_shape("lengths", "batch_size", (samples,), (rows,), [cause("lost_rows", "pytorch")], facts)


def all_lengths(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes a set of the lengths, with a list of them, in their order."""
    tree = found.program.tree
    sets = [
        one
        for one in tree.nodes
        if isinstance(one, ast.SetComp) and isinstance(one.elt, ast.Call) and name_of(one.elt) == "len"
    ]
    if len(sets) != 1:
        return ()
    (lengths,) = sets
    outer: ast.expr = lengths
    for one in tree.above(lengths):
        if not isinstance(one, ast.Call) or name_of(one) not in ("sorted", "list", "tuple"):
            break
        outer = one
    return tree.corrected((outer, f"[{tree.text(lengths)[1:-1].strip()}]"))


def _packed(found: Found) -> tuple[ast.expr, ast.expr] | None:
    """The x and the lengths in the only call that packs sequences in the line that failed."""
    tree = found.program.tree
    calls = tree.calls_of_failure("pack_padded_sequence")
    x, lengths = (tree.argument(calls[0], n, name) for n, name in PACKED) if len(calls) == 1 else (None, None)
    return (x, lengths) if x is not None and lengths is not None else None


PACKED = ((0, "input"), (1, "lengths"))
"""The first arguments of the function that packs sequences."""


def _source_of_samples(tree: ProgramTree, node: ast.expr | None) -> ast.expr | None:
    """The expression from which an array has its first axis: a name, or a part of an array, that a line makes."""
    for _ in range(MOST_LINKS):
        match node:
            case ast.Name():
                given = tree.given_to(node)
                value = given[1] if given else tree.assigned(node)
                is_other = isinstance(value, (ast.Name, ast.Subscript)) or _is_of_layer(value)
                if value is None or not (given or is_other):
                    return node
                node = value
            case ast.Call(args=[x]) if _is_of_layer(node):
                node = x
            case ast.Call(func=ast.Attribute(value=owner, attr=name)) if name in UNCHANGED:
                node = owner
            case _:
                return node
    return None


def _is_of_layer(node: ast.expr | None) -> bool:
    """Whether an expression is what a layer of a network returns for one array."""
    return isinstance(node, ast.Call) and ast.unparse(node.func).startswith("self.") and len(node.args) == 1


def _number_of_samples(tree: ProgramTree, node: ast.expr | None) -> int | None:
    """How many samples an array or a list has, also one with an item for each of another; None if that is not known."""
    for _ in range(MOST_LINKS):
        if node is None or (tree.axes(node) and tree.axes(node)[0] is not None):
            break
        match node:
            case ast.Name():
                node = tree.assigned(node)
            case ast.Call(args=[of, *_]) if name_of(node) in LISTS:
                node = of
            case ast.ListComp(generators=[ast.comprehension(iter=of, ifs=[])]):
                node = of
            case ast.Subscript(slice=ast.Slice(ast.Name(start), ast.BinOp(ast.Name(name), ast.Add(), size), None)) if (
                start == name
            ):
                return tree.number(size)
            case _:
                return None
    first = tree.axes(node)[0] if node is not None and tree.axes(node) else None
    return first if isinstance(first, int) else None


LISTS = ("tensor", "as_tensor", "LongTensor", "list")
"""What has an item for each of a list."""


def _of_all_lengths(found: Found, mismatch: Mismatch) -> Mismatch:
    """More lengths than samples, whose numbers the program says."""
    if not mismatch.causes or mismatch.causes[-1].id != "more_lengths" or not (packed := _packed(found)):
        return mismatch
    tree = found.program.tree
    expected, got = (_number_of_samples(tree, _source_of_samples(tree, one)) for one in packed)
    if expected is None or got is None or expected >= got:
        return mismatch
    likely = [cause("more_lengths", "pytorch")]
    return wrong_size("lengths", "batch_size", expected, got, likely, [fact("batch_size", expected, "x")])


class OtherList(NamedTuple):
    """The line that makes lengths, the list in it, and the part of this list that another line pads."""

    made: ast.Assign
    counted: ast.Name
    padded: ast.Name
    padding: ast.Call


def _other_list(found: Found) -> OtherList | None:
    """The lengths of a list of which only a part is padded: a filter or a slice of it, without other lengths."""
    tree, packed = found.program.tree, _packed(found)
    x, lengths = (_source_of_samples(tree, one) for one in packed) if packed else (None, None)
    padding = tree.assigned(x) if isinstance(x, ast.Name) else x
    value = tree.assigned(lengths) if isinstance(lengths, ast.Name) else None
    made = next(tree.above(value), None) if value is not None else None
    if not isinstance(padding, ast.Call) or name_of(padding) != "pad_sequence" or not isinstance(made, ast.Assign):
        return None
    padded, counted = tree.argument(padding, 0, "sequences"), _counted(made.value)
    if not isinstance(padded, ast.Name) or counted is None:
        return None
    match tree.assigned(padded):
        case (
            ast.ListComp(generators=[ast.comprehension(iter=ast.Name(whole), ifs=[_, *_])])
            | ast.Subscript(value=ast.Name(whole), slice=ast.Slice())
        ) if whole == counted.id != padded.id:
            return OtherList(made, counted, padded, padding)
    return None


def _counted(lengths: ast.expr) -> ast.Name | None:
    """The only list of whose items an expression has the lengths."""
    loops = [one.iter for node in ast.walk(lengths) for one in getattr(node, "generators", ())]
    maps = [one for one in ast.walk(lengths) if isinstance(one, ast.Call) and name_of(one) == "map"]
    lists = [*loops, *(one.args[1] for one in maps if len(one.args) > 1)]
    return lists[0] if len(lists) == 1 and isinstance(lists[0], ast.Name) else None


def _of_other_list(found: Found, mismatch: Mismatch) -> Mismatch:
    """The lengths of a list of which only a part is padded."""
    is_of_lengths = bool(mismatch.causes) and mismatch.causes[-1].id in ("more_lengths", "lengths")
    if not is_of_lengths or found.framework != "pytorch" or not _other_list(found):
        return mismatch
    return replace(mismatch, causes=(cause("lengths_of_list", "pytorch"),))


def lengths_of_list(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the lengths, with the list that is padded; before the line that pads it, if that list is made
    after the lengths."""
    tree, other = found.program.tree, _other_list(found)
    if not other:
        return ()
    if tree.is_known_at(other.padded, other.made.lineno):
        return tree.corrected((other.counted, other.padded.id))
    value = tree.text_with(other.made.value, (other.counted, other.padded.id))
    name = ast.unparse(other.made.targets[0])
    return [("", f"{name} = {value}  # before: {tree.line(other.padding)}")] if value else ()


def lengths_of_batch(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that gives the network all lengths, with those of the part of the data that it also gives."""
    tree, packed = found.program.tree, _packed(found)
    x, lengths = (_source_of_samples(tree, one) for one in packed) if packed else (None, None)
    if not isinstance(x, ast.Subscript) or not isinstance(x.slice, ast.Slice) or not isinstance(lengths, ast.Name):
        return ()
    if tree.function_of(x) is not tree.function_of(lengths) or x.lineno > lengths.lineno:
        return ()
    return tree.corrected((lengths, f"{lengths.id}[{tree.text(x.slice)}]"))


def packed_batch_first(found: Found, mismatch: Mismatch) -> Corrections:
    """The only line that packs the sequences, which does not say that the batch is first."""
    tree = found.program.tree
    packing = tree.calls_of("pack_padded_sequence")
    return _with_batch_first(tree, packing[0]) if len(packing) == 1 else ()


def padded_batch_first(found: Found, mismatch: Mismatch) -> Corrections:
    """The first line that pads sequences and does not say that the batch is first."""
    tree = found.program.tree
    return next(filter(None, (_with_batch_first(tree, one) for one in tree.calls_of("pad_sequence"))), ())


def _with_batch_first(tree: ProgramTree, call: ast.Call) -> Corrections:
    """The line of a call with batch_first=True; () if the call says it, or something else than False."""
    said = [*map(ast.unparse, tree.keywords(call, "batch_first"))]
    return all_of([tree.with_argument(call, "batch_first", "True")]) if said in ([], ["False"]) else ()


def steps_of_mask(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the only mask of lengths, for as many steps as the argument has of which x is made, or as the
    padded array beside it."""
    tree = found.program.tree
    masks = tree.calls_of("sequence_mask")
    if not masks:
        return _steps_of_range(found, mismatch)
    function = tree.function_of(masks[0]) if len(masks) == 1 else None
    call = found.program.call_with("mask")
    x = call.node.args[0] if call and isinstance(call.node, ast.Call) and call.node.args else None
    value = tree.assigned(x) if isinstance(x, ast.Name) else x
    while isinstance(value, ast.Call) and value.args:
        value = value.args[0]
    if not function or "tf" not in tree.imported or not isinstance(value, ast.Name):
        return ()
    if value.id not in tree.parameters(function):
        return ()
    new, length = f"tf.shape({value.id})[1]", tree.argument(masks[0], 1, "maxlen")
    return tree.corrected((length, new)) if length else all_of([tree.with_argument(masks[0], "maxlen", new)])


def _steps_of_range(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that compares ``arange`` of the longest length with lengths, with the steps for which a line of the same
    function makes an array."""
    tree, steps = found.program.tree, mismatch.expected[-1] if isinstance(mismatch.expected, tuple) else None
    compared = [one for one in tree.nodes if isinstance(one, ast.Compare)]
    ranges = [node for one in compared for node in ast.walk(one) if isinstance(node, ast.Call) and node.args]
    ranges = [one for one in ranges if name_of(one) == "arange" and _is_longest(one.args[0])]
    if len(ranges) != 1 or not steps or mismatch.axis != "time_step":
        return ()
    function = tree.function_of(ranges[0])
    makers = (one for one in tree.calls if tree.is_maker(one) and tree.function_of(one) is function)
    sizes = [size for one in makers for size in tree.sizes_of(one)[1:2] if tree.number(size) == steps]
    return tree.corrected((ranges[0].args[0], tree.text(sizes[0]))) if sizes else ()


def _is_longest(node: ast.expr) -> bool:
    """Whether an expression is the maximum of an array: ``lengths.max()``, ``max(lengths)``."""
    while isinstance(node, ast.Call) and name_of(node) in ("int", "item"):
        inner = node.func.value if isinstance(node.func, ast.Attribute) else next(iter(node.args), None)
        if inner is None:
            return False
        node = inner
    return isinstance(node, ast.Call) and name_of(node) in ("max", "amax")


class Shifted(NamedTuple):
    """The steps of an output and a target that differ by one, their axis, and the longer one of both."""

    output: int
    target: int
    axis: int
    longer: ast.expr


def _shifted(found: Found) -> Shifted | None:
    """The output and the target of the loss that failed, if they differ by one step; None for any others."""
    if not (call := call_of_loss(found)):
        return None
    arrays = [_before_flattening(one) for one in call.args[:2]]
    output, target = (found.program.tree.axes(one) for one in arrays)
    of_loss = found.shape("expected") if found.template.id == "pytorch-target-size" else ()
    steps = 2 if len(output) == 3 and of_loss[-1:] == output[2:] != output[1:2] else 1  # after the classes
    pairs = [*zip((*output[:1], *output[steps : steps + 1]), target[:2], strict=False)]
    differing = [n for n, (one, other) in enumerate(pairs) if one != other]
    is_known = len(pairs) == 2 and len(output) in (2, 3) and all(isinstance(one, int) for pair in pairs for one in pair)
    if not is_known or ANY in output or len(differing) != 1:
        return None
    (axis,) = differing
    one, other = pairs[axis]
    if not isinstance(one, int) or not isinstance(other, int) or abs(one - other) != 1:
        return None
    return Shifted(one, other, axis * steps if one > other else axis, arrays[0 if one > other else 1])


def _before_flattening(node: ast.expr) -> ast.expr:
    """The array whose axes an expression puts together or exchanges."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in FLATTENING:
        node = node.func.value
    return node


def _of_shifted_target(found: Found, mismatch: Mismatch) -> Mismatch:
    """An output of every step, and a target that begins one step later, or lacks the last one."""
    if mismatch.tensor != "target" or not (shifted := _shifted(found)):
        return mismatch
    output, target = shifted.output, shifted.target
    of_steps = wrong_size("target", "time_step", output, target, [cause("target_steps", "pytorch")])
    sentence = phrase("The output has {output} steps, and the target has {target}.", output=output, target=target)
    return replace(of_steps, sentence=sentence, is_of_equals=True)


def cut_steps(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of the loss, without the last step of a longer output, or the first one of a longer target."""
    if not (shifted := _shifted(found)):
        return ()
    tree = found.program.tree
    steps = ":-1" if shifted.output > shifted.target else "1:"
    return tree.corrected((shifted.longer, f"{tree.operand(shifted.longer)}[{':, ' * shifted.axis}{steps}]"))


def _other_target(found: Found) -> tuple[ast.Name, str] | None:
    """The target in the call of the model, and the name of that of the part of the data to which x belongs: ``y_train``
    for ``X_train``; None if it is that."""
    call = call_of_model(found.program.tree)
    match call.args[:2] if call else []:
        case [ast.Name(x), ast.Name(y) as target]:
            of_x, of_y = PART.search(x), PART.search(y)
            if of_x and of_y and of_x[0] != of_y[0]:
                name = y.replace(of_y[0], of_x[0])
                return (target, name) if found.program.tree.is_assigned(name) else None
    return None


PART = re.compile(r"(?<![^\W_])(?:train(?:ing)?|val(?:id(?:ation)?)?|dev|test)(?![^\W_])")
"""The part of the data in the name of an array."""


def _of_other_part(found: Found, mismatch: Mismatch) -> Mismatch:
    """A target of another part of the data than x, by their names."""
    if not mismatch.causes or mismatch.causes[0].id != "other_samples" or not _other_target(found):
        return mismatch
    return replace(mismatch, causes=(cause("other_part", "keras"),))


def target_of_part(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of the model, with the target of the same part of the data."""
    return found.program.tree.corrected(other) if (other := _other_target(found)) else ()


def as_many_samples(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of the model, without the first targets that no window precedes, or the last windows without a
    target."""
    tree = found.program.tree
    call = call_of_model(tree)
    if not call or len(call.args) < 2 or not all(isinstance(one, ast.Name) for one in call.args[:2]):
        return ()
    x, y = call.args[:2]
    samples, targets = only_size(mismatch.expected), only_size(mismatch.got)
    is_of_windows = samples and targets and abs(samples - targets) <= MOST_LEFT * samples
    if not is_of_windows or samples is None or targets is None or not WINDOWS.search(found.program.source):
        return ()
    one, other = tree.text(x), tree.text(y)
    return tree.corrected((y, f"{other}[-len({one}):]") if targets > samples else (x, f"{one}[:len({other})]"))


WINDOWS = re.compile(r"(?i:window|time_?series|look_?back)|range\([^()\n]{0,40}len\([^()\n]{1,40}\) ?-")
"""What tells that samples are windows of a series."""

MOST_LEFT = 0.1
"""The part of all samples that windows may lack at the ends of a series."""


def loss_of_classes(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that compiles a model of Keras, with the loss for the other kind of target."""
    tree = found.program.tree
    losses = [one for one in tree.nodes if isinstance(one, ast.Constant) and one.value in OTHER_LOSS]
    return tree.corrected(*((one, f'"{OTHER_LOSS[str(one.value)]}"') for one in losses)) if len(losses) == 1 else ()


OTHER_LOSS = {
    "categorical_crossentropy": "sparse_categorical_crossentropy",
    "sparse_categorical_crossentropy": "categorical_crossentropy",
}
"""The loss for a value for each class, and the one for indices."""


def batch_of_model(tree: ProgramTree, batch: int | None) -> str:
    """A number as the only name of the module that is called like a batch and has it, or else as it is."""
    named = {one.id for one in tree.nodes if isinstance(one, ast.Name) and tree.number(one) == batch}
    named = {one for one in named if "batch" in one.lower() and tree.is_in_module(one)}
    return named.pop() if len(named) == 1 else str(batch)


def _of_prediction(found: Found, mismatch: Mismatch) -> Mismatch:
    """Fewer samples than a stateful model takes, for which a prediction is wanted, so that none may be dropped."""
    batch = only_size(mismatch.expected)
    is_of_batch = (mismatch.tensor, mismatch.axis, found.framework) == ("x", "batch_size", "keras")
    is_last = bool(mismatch.causes) and mismatch.causes[0].id == "last_batch"
    if not is_of_batch or not is_last or ".predict(" not in found.code:
        return mismatch
    return replace(mismatch, causes=(cause("whole_batches", "keras", batch_size=batch), *mismatch.causes[1:]))


def filled_batch(found: Found, mismatch: Mismatch) -> Corrections:
    """The call that predicts, with the last sample repeated for a whole batch."""
    tree, batch = found.program.tree, only_size(mismatch.expected)
    call = call_of_model(tree)
    if not call or not batch or "np" not in tree.imported or len(call.args) != 1:
        return ()
    x, size = tree.operand(call.args[0]), batch_of_model(tree, batch)
    whole = f"np.append({x}, np.repeat({x}[-1:], -len({x}) % {size}, axis=0), axis=0)"
    others = [f"{one.arg}={tree.text(one.value)}" for one in call.keywords if one.arg not in (None, "batch_size")]
    arguments = ", ".join((whole, f"batch_size={size}", *others))
    return tree.corrected((call, f"{tree.text(call.func)}({arguments})[: len({x})]"))


def factor_axis(found: Found, mismatch: Mismatch) -> Corrections:
    """The product whose second factor gets a last axis."""
    one = found.program.product_of_ranks(None, 2)
    node = one.operands[1].node if one else None
    tree = found.program.tree
    return tree.corrected((node, f"{tree.operand(node)}.unsqueeze(2)")) if node is not None else ()


RULES = (
    _of_first_layer,
    _of_one_hot,
    _of_joined_x,
    _of_lost_rows,
    _of_all_lengths,
    _of_other_list,
    _of_shifted_target,
    _of_other_part,
    _of_prediction,
)
"""What the program says about the causes in its data."""

CORRECTIONS = {
    "missing_features_axis": features_axis,
    "missing_axis": time_axis,
    "one_hot_embedding": numbers_of_words,
    "joined_features": sum_of_features,
    "lost_rows": all_lengths,
    "more_lengths": lengths_of_batch,
    "lengths_of_list": lengths_of_list,
    **dict.fromkeys(("lengths", "packed_axis"), packed_batch_first),
    "padded_time_first": padded_batch_first,
    "short_mask": steps_of_mask,
    "target_steps": cut_steps,
    "other_samples": as_many_samples,
    "other_part": target_of_part,
    **dict.fromkeys(("class_indices", "one_hot_target"), loss_of_classes),
    "factor_axis": factor_axis,
    "whole_batches": filled_batch,
}
"""Cause -> the lines that it corrects."""
