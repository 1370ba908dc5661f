"""What a pasted program says about a dense layer whose output gets a new shape, and returns too few values for each
sample, and about one that gets all steps of an output in one axis."""

import ast
from dataclasses import replace
from math import prod

from ....facts_about_sizes import fact
from ...axes_of_arrays import RANK
from ...causes import cause
from ...code_lines.called_layer import NAMED_LIKE_LAYER
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...framework_messages.outputs.reshapes_and_norms import sequence_of_values
from ...mismatch import Mismatch, only_size

MOST_LINES = 3
"""Names and calls between the dense layer and the new shape."""


def _outputs(found: Found, mismatch: Mismatch) -> tuple[ast.expr, int] | None:
    """The size of a dense layer of PyTorch whose output gets a new shape with several axes for each sample, in the line
    that makes it, and the factor that it lacks; None for another reshape."""
    one, size = found.program.reshape(), only_size(mismatch.expected)
    batch, *rest = mismatch.beside or (None,)
    is_of_output = (mismatch.tensor, mismatch.axis, found.framework) == ("output", None, "pytorch")
    if not one or not size or not is_of_output or len(rest) < 2 or None in rest or not one.operands:
        return None
    (returned, *_), axes = one.operands, one.operands[0].axes
    width = axes[-1] if len(axes) == 2 else None
    needed = prod(axis or 0 for axis in rest)
    if not isinstance(width, int) or not width or size % width or batch not in (None, size // width):
        return None
    factor, left = divmod(needed, width)
    if left or factor < 2 or not {factor, width} & {*rest} or returned.node is None:
        return None
    argument = _size_of_dense(found.program.tree, returned.node, width)
    return (argument, factor) if argument is not None else None


def _size_of_dense(tree: ProgramTree, node: ast.expr | None, width: int) -> ast.expr | None:
    """The number of outputs in the line that makes the dense layer whose output an array is; None for another array."""
    for _ in range(MOST_LINES):
        if isinstance(node, ast.Name):
            node = tree.assigned(node)
        elif isinstance(node, ast.Call) and (layer := tree.layer(node.func)):
            made = tree.made_layer(layer) if layer.kind == "dense" else None
            size = tree.argument(made, 1, "out_features") if made else None
            return size if size is not None and tree.number(size) == width else None
    return None


def _units_of_keras(found: Found) -> tuple[ast.expr, list[ast.expr]] | None:
    """The units of the dense layer of Keras before a Reshape, in the line that makes it, and the new sizes, one of
    which they are; None for another reshape."""
    tree, given, shape = found.program.tree, found.shape("input"), found.shape("shape")
    if found.framework != "keras" or len(given) != 1 or len(shape) < 2 or None in (*given, *shape):
        return None
    reshapes = [one for one in tree.calls_of("Reshape") if one.args and isinstance(one.args[0], (ast.Tuple, ast.List))]
    sizes = [one.args[0].elts for one in reshapes if isinstance(one.args[0], (ast.Tuple, ast.List))]
    of_shape = [(one, new) for one, new in zip(reshapes, sizes, strict=True) if (*map(tree.number, new),) == shape]
    if len(of_shape) != 1 or given[0] not in shape:
        return None
    ((reshape, new),) = of_shape
    before = [one for one in tree.calls_of("Dense") if one.lineno < reshape.lineno]
    before = [one for one in before if tree.function_of(one) is tree.function_of(reshape)]
    last = max(before, key=lambda one: one.lineno, default=None)
    units = tree.argument(last, 0, "units") if last else None
    return (units, new) if units is not None and tree.number(units) == given[0] else None


def _of_dense(found: Found, mismatch: Mismatch) -> Mismatch:
    """A dense layer that returns too few values for each sample of a new shape, whose first size is the batch."""
    if _units_of_keras(found):
        (width,), needed = found.shape("input"), prod(axis or 0 for axis in found.shape("shape"))
        return replace(mismatch, causes=(cause("outputs_of_shape", "keras", needed=needed, got=width),))
    if not (outputs := _outputs(found, mismatch)):
        return mismatch
    rest = prod(axis or 0 for axis in mismatch.beside[1:])
    likely = cause("outputs_of_shape", "pytorch", needed=rest, got=rest // outputs[1])
    return replace(mismatch, causes=(likely,))


def outputs_of_shape(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the dense layer, with as many outputs as the new shape has values for each sample."""
    tree, outputs = found.program.tree, _outputs(found, mismatch)
    if units := _units_of_keras(found):
        return tree.corrected((units[0], " * ".join(map(tree.operand, units[1]))))
    if not outputs:
        return ()
    size, factor = outputs
    function = tree.function_of(size)
    here = [one for one in tree.nodes if isinstance(one, ast.Name) and tree.function_of(one) is function]
    names = {one.id for one in here if one.id in tree.parameters(function) and tree.number(one) == factor}
    if isinstance(size, ast.Constant):
        return tree.corrected((size, f"{tree.text(size)} * {factor}"))
    return tree.corrected((size, f"{tree.operand(size)} * {names.pop() if len(names) == 1 else factor}"))


def _flattened(found: Found) -> tuple[ast.expr, ast.expr] | None:
    """The call that flattens what the dense layer of the line that failed reads, in that line or before, and the array
    that it flattens: twice the array if a layer in a Sequential flattens it; None without one."""
    tree, failed = found.program.tree, found.program.failed_operations
    read = [one.operands[0].node for one in failed if one.layer and one.operands]
    called = tree.calls_of_failure()
    names = [*read] if len(read) == 1 else []
    names += [one.args[0] for one in called if len(one.args) == 1]
    values = (tree.assigned(one) for one in names if isinstance(one, ast.Name))
    calls = [*values, *read, *(one.node for one in failed if one.kind == "reshape"), *called]
    for one in calls:
        match one:
            case ast.Call(func=ast.Attribute(ast.Name("torch"), "flatten" | "reshape"), args=[of, *_]):
                return one, of
            case ast.Call(func=ast.Attribute(of, "flatten" | "reshape" | "view")):
                return one, of
            case ast.Call(func=layer, args=[of]):
                made = tree.assigned(layer)
                if isinstance(made, ast.Call) and name_of(made) == "Flatten":
                    return one, of
                if isinstance(made, ast.Call) and name_of(made) == "Sequential" and _flattens_first(made):
                    return of, of
    return None


def _flattens_first(sequential: ast.Call) -> bool:
    """Whether a Sequential flattens what it gets before its first dense layer."""
    names = [name_of(one) for one in sequential.args if isinstance(one, ast.Call)]
    return next((one for one in names if one in ("Flatten", "Linear")), "") == "Flatten"


def last_step(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that flattens the steps of an output of PyTorch with the batch first, with its last step."""
    tree, flattened = found.program.tree, _flattened(found)
    is_of_dense = (mismatch.tensor, found.framework) == ("dense_input", "pytorch")
    if not flattened or not is_of_dense:
        return ()
    call, output = flattened
    axes, expected = tree.axes(output), mismatch.expected[-1:] if isinstance(mismatch.expected, tuple) else ()
    first = {one.layer.setting("batch_first") for one in found.program.calls if one.layer}
    is_shown = len(axes) == 3 and axes[-1:] == expected and first == {True}
    if not is_shown and not _flattens_steps(found, mismatch, output):
        return ()
    return tree.corrected((call, f"{tree.operand(output)}[:, -1]"))


def _flattens_steps(found: Found, mismatch: Mismatch, output: ast.expr) -> bool:
    """Whether an array that is flattened is the output of a layer that the text does not make, and has as many steps of
    the width that the dense layer expects as the x in the traceback: its rows are the samples, the first axis of x."""
    tree, got, expected = found.program.tree, mismatch.got, mismatch.expected
    if found.program.made_layers or not isinstance(got, tuple) or not isinstance(expected, tuple):
        return False
    outer = [one for one in tree.calls_in_frames if tree.function_of(one) is None]
    shapes = {axes for call in outer for one in call.args[:1] if len(axes := tree.axes(one)) == RANK}
    if len(shapes) != 1 or not isinstance(output, ast.Name) or len(got) != len(expected) or None in (*got, *expected):
        return False
    (samples, steps, _) = shapes.pop()
    is_of_samples = got[0] == samples != steps and got[-1] == (expected[-1] or 0) * (steps or 0)
    made = [one.value for one in tree.nodes if isinstance(one, ast.Assign) and _is_first_of_pair(one, output.id)]
    return is_of_samples and len(made) == 1 and isinstance(made[0], ast.Call) and _is_named_recurrent(made[0])


def _is_first_of_pair(statement: ast.Assign, name: str) -> bool:
    """Whether a statement takes a pair apart, the first item of which gets a name."""
    match statement.targets:
        case [ast.Tuple([ast.Name(first), _])]:
            return first == name
    return False


def _is_named_recurrent(call: ast.Call) -> bool:
    """Whether a call is that of a recurrent layer, by the name of this."""
    return NAMED_LIKE_LAYER.search(name_of(call)) is not None


def _of_flat_steps(found: Found, mismatch: Mismatch) -> Mismatch:
    """All steps of an output in one axis, for a dense layer that was made for one: that is as wide as the layer."""
    flattened = _flattened(found) if mismatch.first_cause == "dense_flattened" else None
    if not flattened or not _flattens_steps(found, mismatch, flattened[1]):
        return mismatch
    width = mismatch.expected[-1] if isinstance(mismatch.expected, tuple) else None
    facts = [fact("directions*num_units", width, "output")] if width else []
    return replace(mismatch, facts=(*mismatch.facts, *facts))


def sequence_of_shape(found: Found, mismatch: Mismatch) -> Corrections:
    """The line with the only Reshape of Keras to the steps and the features of the message in a few lines of code, with
    the one of both that its values make."""
    tree, old = found.program.tree, mismatch.beside
    size = only_size(mismatch.expected)
    new = sequence_of_values(found, size, old) if found.framework == "keras" and size else ()
    shapes = [tree.argument(one, 0, "target_shape") for one in tree.calls_of("Reshape")]
    written = [one.elts for one in shapes if isinstance(one, (ast.Tuple, ast.List)) and len(one.elts) == len(old)]
    fitting = [sizes for sizes in written if (*map(tree.number, sizes),) == old]
    if tree.frames or not new or len(fitting) != 1:
        return ()
    pairs = zip(fitting[0], old, new, strict=True)
    return tree.corrected(*((node, str(wanted)) for node, given, wanted in pairs if given != wanted))


RULES = (_of_dense, _of_flat_steps)
"""What the program says about the causes in new shapes of outputs."""

CORRECTIONS = {"outputs_of_shape": outputs_of_shape, "dense_flattened": last_step, "reshape_values": sequence_of_shape}
"""Cause -> the lines that it corrects."""
