"""What a pasted program says about the arrays that it feeds to a model by a dictionary, as in TensorFlow 1 and ONNX: a
reshape with two sizes exchanged, an axis that x lacks, and the number of lengths; the causes that this leaves, and the
lines that they correct."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from ....facts_about_sizes import fact
from ...axes_of_arrays import RANK
from ...code_lines.array_origins import MAKERS
from ...code_lines.corrected_lines import Corrections
from ...code_lines.names_of_sizes import STEPS
from ...code_lines.onnx_nodes import sizes_of_onnx_node
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch


def _fed(tree: ProgramTree) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The keys and the arrays in the dictionary of the line that failed; without a traceback, of the only call that
    runs a model."""
    calls = [] if tree.frames else tree.calls_of("run")
    for one in ast.walk(calls[0]) if len(calls) == 1 else tree.nodes_of_failure:
        if isinstance(one, ast.Dict):
            yield from ((key, value) for key, value in zip(one.keys, one.values, strict=True) if key is not None)


# -- a reshape ---------------------------------------------------------------------------------------------------------


def _new_sizes(tree: ProgramTree, array: ast.expr) -> list[ast.expr]:
    """The sizes of the reshape that makes an array; [] without one."""
    made = tree.assigned(array) if isinstance(array, ast.Name) else array
    if not isinstance(made, ast.Call) or name_of(made) != "reshape":
        return []
    is_function = isinstance(made.func, ast.Attribute) and ast.unparse(made.func.value) in tree.imported
    given = made.args[is_function:]
    return given[0].elts if len(given) == 1 and isinstance(given[0], (ast.Tuple, ast.List)) else given


def steps_before_features(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that reshapes what is fed, its last two sizes in the other order; or the line that feeds an array that
    is made otherwise, with these axes exchanged."""
    tree, got = found.program.tree, mismatch.got
    if (mismatch.axis, found.framework) != ("order", "tf1") or not isinstance(got, tuple) or len(got) != RANK:
        return ()
    reshaped = {id(value): _new_sizes(tree, value) for _, value in _fed(tree)}
    fitting = [one for one in reshaped.values() if [*map(tree.number, one[1:])] == [*got[1:]]]
    if len(fitting) == 1:
        _, first, second = fitting[0]
        return tree.corrected((first, tree.text(second)), (second, tree.text(first)))
    arrays = [value for _, value in _fed(tree) if tree.axes(value) == got]
    if not arrays and not tree.frames:
        arrays = [value for _, value in _fed(tree)]
    return tree.corrected((arrays[0], f"{tree.operand(arrays[0])}.swapaxes(1, 2)")) if len(arrays) == 1 else ()


# -- a missing axis ----------------------------------------------------------------------------------------------------


def _lacking(found: Found, mismatch: Mismatch) -> ast.expr | None:
    """The array with two axes that is fed to an input of ONNX for three; None for others."""
    ranks = (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got, found.framework)
    if ranks != ("x", "rank", RANK, RANK - 1, "onnx"):
        return None
    tree, name = found.program.tree, found.text("layer")
    fed = [*_fed(tree)]
    named = [value for key, value in fed if isinstance(key, ast.Constant) and str(key.value).lower() == name]
    arrays = named or [value for _, value in fed]
    return arrays[0] if len(arrays) == 1 else None


def _of_features(found: Found, mismatch: Mismatch) -> Mismatch:
    """An array that is fed without an axis, although it has the features: it lacks the steps or the batch."""
    array, tree = _lacking(found, mismatch), found.program.tree
    axes = tree.axes(array) or tree.axes_of_made(array) if array is not None else ()
    features = sizes_of_onnx_node(tree, found.cell).get("features")
    if array is None or len(axes) != RANK - 1 or not features or axes[-1] != features:
        return mismatch
    likely = tuple(one for one in mismatch.causes if one.id == "missing_axis")
    made = [one.made for one in tree.origins(array, makers={*MAKERS, "rand"})]
    first = tree.argument(made[0], 0) if len(made) == 1 else None
    written = first.elts[0] if isinstance(first, (ast.Tuple, ast.List)) and first.elts else first
    steps = axes[0] if written is not None and OF_STEPS.search(ast.unparse(written)) else None
    facts = [fact("time_step", steps, "array")] if isinstance(steps, int) else []
    return replace(mismatch, causes=likely or mismatch.causes, facts=(*mismatch.facts, *facts))


OF_STEPS = re.compile(f"{STEPS.pattern}|frames", re.IGNORECASE)
"""The size of an axis of steps, by its name."""


def axis_of_fed_array(index: str) -> Callable[[Found, Mismatch], Corrections]:
    """The line that feeds the array, with a new axis."""

    def rule(found: Found, mismatch: Mismatch) -> Corrections:
        tree, array = found.program.tree, _lacking(found, mismatch)
        if array is None:
            return ()
        new = "np.newaxis" if "np" in tree.imported else "None"
        return tree.corrected((array, f"{tree.operand(array)}{index.format(new)}"))

    return rule


# -- lengths -----------------------------------------------------------------------------------------------------------


def number_of_lengths(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes equal lengths for a model of ONNX, one for each sample of the x in the same dictionary."""
    tree, expected, got = found.program.tree, mismatch.expected, mismatch.got
    if (found.framework, mismatch.axis) != ("onnx", "batch_size") or not isinstance(expected, tuple):
        return ()
    arrays = [value for _, value in _fed(tree)]
    sequences = [one for one in arrays if len(axes := tree.axes(one)) == RANK and axes[1:2] == expected[:1]]
    numbers = [size for one in arrays if (size := _number_of_equal(tree, one)) and (tree.number(size),) == got]
    if len(sequences) != 1 or len(numbers) != 1 or not isinstance(x := sequences[0], ast.Name):
        return ()
    is_known = tree.function_of(numbers[0]) is tree.function_of(x) and tree.is_known_at(x, numbers[0].lineno)
    if is_known:
        return tree.corrected((numbers[0], f"{x.id}.shape[1]"))
    made = tree.made_by(x)
    samples = tree.sizes_of(made)[1:2] if made else []
    return tree.corrected((numbers[0], tree.text(samples[0]))) if samples and _is_of_module(tree, samples[0]) else ()


def _number_of_equal(tree: ProgramTree, array: ast.expr) -> ast.expr | None:
    """The number of values in an array that a program fills with one value: ``np.full(n, 7)``, ``np.array([7] *
    n)``; None for another array."""
    made = tree.assigned(array) if isinstance(array, ast.Name) else array
    while isinstance(made, ast.Call) and name_of(made) == "astype" and isinstance(made.func, ast.Attribute):
        made = made.func.value
    match made:
        case ast.Call(args=[ast.BinOp(ast.List([_]), ast.Mult(), number), *_]) if name_of(made) in ("array", "asarray"):
            return number
        case ast.Call(args=[_, number, *_]) if name_of(made) == "repeat":
            return number
        case ast.Call() if tree.is_maker(made) and len(tree.axes(made)) == 1:
            sizes = tree.sizes_of(made)
            return sizes[0] if sizes else None
    return None


def _is_of_module(tree: ProgramTree, size: ast.expr) -> bool:
    """Whether a size is a number, or a name that the module gives a value."""
    return isinstance(size, ast.Constant) or (isinstance(size, ast.Name) and tree.is_in_module(size.id))


# -- names -------------------------------------------------------------------------------------------------------------


def of_dictionary(tree: ProgramTree, line: str) -> str:
    """A general line that gives an input of a model of ONNX a value, for the dictionary from which the call that failed
    takes this input: ``feeds["B"]`` in place of ``B``."""
    given = CHANGED.match(line)
    fed = {one.id for call in tree.calls_of_failure("run") for one in call.args[1:] if isinstance(one, ast.Name)}
    name = fed.pop() if len(fed) == 1 else ""
    if not given or not name or not _has_key(tree, name, given[1]):
        return line
    return re.sub(rf"(?<![\w.\"']){given[1]}\b(?![\"'(])", f'{name}["{given[1]}"]', line)


CHANGED = re.compile(r"(\w{1,40}) = ")
"""The beginning of a line that gives a name a value."""


def _has_key(tree: ProgramTree, name: str, key: str) -> bool:
    """Whether the program writes an array for a key into a dictionary with a name."""
    for one in tree.nodes:
        match one:
            case ast.Assign(targets=[ast.Name(id), *_], value=ast.Dict(keys=keys)) if id == name:
                written = keys
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id), slice=place), *_]) if id == name:
                written = [place]
            case _:
                continue
        if any(isinstance(place, ast.Constant) and place.value == key for place in written):
            return True
    return False


RULES = (_of_features,)
"""What the program says about the axes of the arrays that it feeds."""

CORRECTIONS = {
    "lengths": number_of_lengths,
    "features_first": steps_before_features,
    "missing_axis": axis_of_fed_array("[:, {}]"),
    "missing_features_axis": axis_of_fed_array("[..., {}]"),
}
"""Cause -> the lines that it corrects."""
