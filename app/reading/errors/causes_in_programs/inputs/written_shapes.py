"""What a pasted program says about arrays whose shape it writes in numbers, and that do not fit a layer which it made
for others: the lines that make them."""

import ast
from collections.abc import Iterator, Sequence

from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size

Sizes = Sequence[int | None]


def _with_sizes(tree: ProgramTree, array: ast.expr, expected: Sizes, got: Sizes) -> Corrections:
    """The line that makes an array with the given sizes, with the expected ones; () unless it writes those that differ
    as numbers. Sizes that are None are any."""
    made = tree.made_by(array)
    sizes = tree.sizes_of(made) if made and tree.is_maker(made) else []
    if len(sizes) != len(got) or len(expected) != len(got):
        return ()
    pairs = zip(sizes, expected, got, strict=True)
    parts = [(size, new, old) for size, new, old in pairs if None not in (new, old) and new != old]
    if not all(isinstance(size, ast.Constant) and size.value == old for size, _, old in parts):
        return ()
    return tree.corrected(*((size, str(new)) for size, new, _ in parts))


def _calls_of_layer(found: Found) -> list[ast.Call]:
    """The calls of the same layer of Keras in the program, the one that failed last; [] if that is not known."""
    tree = found.program.tree
    failed = [one for one in tree.calls_of_failure() if tree.layer(one.func)]
    if found.framework != "keras" or len(failed) != 1:
        return []
    same = [one for one in tree.calls if ast.unparse(one.func) == ast.unparse(failed[0].func)]
    before = [one for one in same if one.lineno < failed[0].lineno and tree.function_of(one) is None]
    return [*before, failed[0]]


def features_of_later_x(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the x of a layer of Keras, with the features for which an earlier call has built it."""
    calls, tree = _calls_of_layer(found), found.program.tree
    sizes = [one[-1] if isinstance(one, tuple) and one else None for one in (mismatch.expected, mismatch.got)]
    if len(calls) < 2 or mismatch.axis != "features" or not all(one.args for one in calls):
        return ()
    (expected, got), x = sizes, calls[-1].args[0]
    first = tree.axes_of_made(calls[0].args[0])
    if expected is None or first[-1:] != (expected,):
        return ()
    rank = len(first)
    return _with_sizes(tree, x, (*(None,) * (rank - 1), expected), (*(None,) * (rank - 1), got))


def batch_of_later_x(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the x of a layer of Keras that keeps its state, with the samples of an earlier call."""
    calls, tree = _calls_of_layer(found), found.program.tree
    expected, got = only_size(mismatch.expected), only_size(mismatch.got)
    if len(calls) < 2 or (mismatch.tensor, mismatch.axis) != ("x", "batch_size") or not all(one.args for one in calls):
        return ()
    first = tree.axes_of_made(calls[0].args[0])
    others = (None,) * (len(first) - 1)
    if expected is None or first[:1] != (expected,):
        return ()
    return _with_sizes(tree, calls[-1].args[0], (expected, *others), (got, *others))


def shape_of_mask(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the mask which a layer of Keras gets, with the samples and the steps of its x."""
    tree, expected, got = found.program.tree, mismatch.expected, mismatch.got
    masks = [key.value for one in tree.calls_of_failure() for key in one.keywords if key.arg == "mask"]
    if not isinstance(expected, tuple) or not isinstance(got, tuple) or mismatch.tensor != "mask" or len(masks) != 1:
        return ()
    return _with_sizes(tree, masks[0], expected, got)


def _fed_arrays(tree: ProgramTree) -> Iterator[ast.expr]:
    """The arrays that the line which failed feeds to a model of ONNX by a dictionary."""
    for given in (one for call in tree.calls_of_failure("run") for one in call.args[1:]):
        fed = tree.assigned(given) if isinstance(given, ast.Name) else given
        yield from fed.values if isinstance(fed, ast.Dict) else ()
        for one in tree.nodes:
            match one:
                case ast.Assign(targets=[ast.Subscript(value=ast.Name(id))]) if id == ast.unparse(given):
                    yield one.value


def shape_of_fed_states(found: Found, mismatch: Mismatch) -> Corrections:
    """The lines that make the states of a model of ONNX, with the sizes of the message; () if more arrays have those
    that it refuses than a cell has states."""
    tree, expected, got = found.program.tree, mismatch.expected, mismatch.got
    is_of_states = found.framework == "onnx" and mismatch.tensor in ("h_0", "c_0")
    if not is_of_states or not isinstance(expected, tuple) or not isinstance(got, tuple):
        return ()
    made = {
        id(one): array for array in _fed_arrays(tree) if (one := tree.made_by(array)) and tree.shape_made(one) == got
    }
    if len(made) > 1 + (found.cell == "lstm"):
        return ()
    return all_of([line for one in made.values() for line in _with_sizes(tree, one, expected, got)])


CORRECTIONS = {
    "other_features": features_of_later_x,
    **dict.fromkeys(("directions", "other_units"), shape_of_fed_states),
    **dict.fromkeys(
        ("last_batch", "other_batch"),
        lambda found, mismatch: shape_of_fed_states(found, mismatch) or batch_of_later_x(found, mismatch),
    ),
    **dict.fromkeys(("short_mask", "mask"), shape_of_mask),
}
"""Cause -> the lines that it corrects."""
