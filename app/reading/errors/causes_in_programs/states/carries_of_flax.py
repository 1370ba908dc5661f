"""The lines of a pasted program that make the carry of a layer of Flax, for the batch and the units that it needs."""

import ast
import re

from ...code_lines.array_origins import Origin, sizes_of_origin
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.program_nodes import base_of, name_of
from ...code_lines.program_tree import ProgramTree
from ...code_lines.written_sizes import size_text
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, last_size, only_size


def made_for_steps(tree: ProgramTree) -> list[tuple[ast.expr, str]]:
    """The sizes of the arrays of a carry that a program reads from the second axis of x, that of the steps, in place of
    the first one, and what they should be; [] for another carry, or if what the layer returns has time first."""
    for call in reversed(tree.calls_in(tree.frames[-1]) if tree.frames else []):
        given = tree.keywords(call, "initial_carry")
        if not given or not call.args or _has_time_first(tree, call):
            continue
        made_by = tree.assigned(given[0]) if isinstance(given[0], (ast.Name, ast.Attribute)) else given[0]
        if isinstance(call.args[0], ast.Name) and (shape := shape_of_steps(tree, call.args[0].id, made_by)):
            return [shape]
        x, made = tree.text(call.args[0]), {id(one.made): one.made for one in tree.origins(given[0])}
        sizes = [tree.sizes_of(one)[:1] for one in made.values() if len(tree.sizes_of(one)) == BATCH_AND_UNITS]
        batches = [size for (size,) in sizes]
        values = [tree.assigned(one) or one if isinstance(one, ast.Name) else one for one in batches]
        if values and all(ast.unparse(one) == f"{x}.shape[1]" for one in values):
            return [(one, f"{x}.shape[0]") for one in batches]
    return []


ONE_STEP = "[:, 0].shape"
"""The shape of one step of an x with the batch first, behind its name."""


def shape_of_steps(tree: ProgramTree, x: str, made: ast.expr | None) -> tuple[ast.expr, str] | None:
    """The shape for which a call makes a carry, or its first size, if it is that of one sample in place of one step of
    x; and what it should be. None for another one."""
    if not isinstance(made, ast.Call) or name_of(made) != "initialize_carry":
        return None
    for one in (*made.args, *(one.value for one in made.keywords)):
        shape = tree.assigned(one) or one if isinstance(one, ast.Name) else one
        if ast.unparse(shape) in (f"{x}.shape[1:]", f"{x}[0].shape"):
            return one, f"{x}{ONE_STEP}"
        first = shape.elts[0] if isinstance(shape, (ast.Tuple, ast.List)) and shape.elts else None
        if first is not None and tree.is_size_of(first, x, 1):
            return first, f"{x}.shape[0]"
    return None


def steps_in(size: ast.expr, right: str) -> str:
    """The steps in a size, or in the shape, that should be another one, as the program may write them."""
    return f"{right.removesuffix(ONE_STEP)}.shape[1]" if right.endswith(ONE_STEP) else ast.unparse(size)


def _has_time_first(tree: ProgramTree, call: ast.Call) -> bool:
    """Whether a program takes the last step of what a call returns from the first axis."""
    return any(
        ast.unparse(one.slice) == "-1"
        and (one.value is call or (isinstance(one.value, ast.Name) and tree.assigned(one.value) is call))
        for one in tree.nodes
        if isinstance(one, ast.Subscript)
    )


def carry(found: Found, mismatch: Mismatch) -> Corrections:
    """The carry of a layer of Flax, made for the batch of x in the line that calls the network."""
    tree, got, expected = found.program.tree, only_size(mismatch.got), only_size(mismatch.expected)
    for call in tree.calls_in(tree.frames[-1]) if mismatch.axis == "num_units" and tree.frames else ():
        for one in tree.keywords(call, "initial_carry") or call.args[:1]:  # of a layer, or of a cell
            if lines := _units_of_carry(tree, one, last_size(mismatch.got), last_size(mismatch.expected)):
                return lines
            if projected := projected_part(found, mismatch):
                return tree.corrected(projected)
    for line in reversed(tree.frames):
        for call in tree.calls_in(line):
            arguments = [*call.args, *(one.value for one in call.keywords)]
            names = [one for one in arguments if isinstance(one, ast.Name)]
            x = [one for one in names if tree.axes_of_made(one)[:1] == (expected,)]
            for one in sorted(arguments, key=lambda one: len(tree.axes_of_made(one)) > BATCH_AND_UNITS):  # x last
                if isinstance(one, ast.Name) and tree.given_to(one):  # made where the network is called
                    continue
                made = tree.assigned(one) if isinstance(one, ast.Name) else None
                if mismatch.axis == "num_units" and (lines := _units_of_carry(tree, one, got, expected)):
                    return lines
                if x and isinstance(made, ast.Call) and name_of(made) == "initialize_carry" and got != expected:
                    shape = f"{x[0].id}[:, 0].shape" if len(tree.axes_of_made(x[0])) == 3 else f"{x[0].id}.shape"
                    n = 0 if found.surroundings.is_nnx else 1
                    return tree.corrected((one, tree.call_with(made, n, "input_shape", shape)))
                if x and got != expected and (new := _made_for(tree, made, got, x[0].id)):
                    return tree.corrected((one, new))
                if x and made and (lines := _batch_where_made(tree, made, got, x[0])):
                    return lines
                if x and isinstance(one, ast.Name) and got != expected and (zeros := _first_value(tree, one, got)):
                    (batch, *_), text = tree.sizes_of(zeros), tree.text(zeros)
                    return tree.corrected((one, text.replace(tree.text(batch), f"{x[0].id}.shape[0]", 1)))
    return _part_of_carry(tree, got, expected)


def projected_part(found: Found, mismatch: Mismatch) -> tuple[ast.expr, str] | None:
    """The array of a carry that a dense layer of linen makes with other units than the cell has, and its projection to
    those; None for any other carry."""
    tree, units = found.program.tree, last_size(mismatch.expected)
    if found.surroundings.is_nnx or not tree.frames or not units or mismatch.axis != "num_units":
        return None
    given = [one for call in tree.calls_in(tree.frames[-1]) for one in tree.keywords(call, "initial_carry")]
    carries = [tree.assigned(one) or one if isinstance(one, ast.Name) else one for one in given]
    parts = [part for one in carries for part in (one.elts if isinstance(one, ast.Tuple) else [one])]
    wrong = [one for one in parts if _units_of_dense(tree, one) == last_size(mismatch.got)]
    if len(wrong) != 1:
        return None
    name = tree.attribute_of_size(wrong[0], units) or tree.name_of_size(wrong[0], units)
    return wrong[0], f"nn.Dense({name})({tree.text(wrong[0])})"


def _units_of_dense(tree: ProgramTree, node: ast.expr) -> int | None:
    """The units of the dense layer of linen that makes an array, also before an activation; None for another array."""
    call = tree.assigned(node) if isinstance(node, ast.Name) else node
    while isinstance(call, ast.Call) and len(call.args) == 1:
        layer, (inner,) = call.func, call.args
        if isinstance(layer, ast.Call) and name_of(layer) == "Dense":
            units = tree.argument(layer, 0, "features")
            return tree.size_said(units) if units is not None else None
        call = inner
    return None


def _part_of_carry(tree: ProgramTree, got: int | None, expected: int | None) -> Corrections:
    """The array for whole batches that a line of the traceback passes to a network, after x, of which a smaller batch
    takes a part."""
    if not got or not expected or expected >= got:
        return ()
    for call in reversed(tree.calls_in_frames):
        for n, one in enumerate(call.args):
            made, x = tree.made_by(one), _x_before(call, n)
            if not isinstance(one, ast.Name) or not x or made is None:
                continue
            axes = tree.axes(made)
            if tree.is_maker(made) and len(axes) == BATCH_AND_UNITS and axes[0] == got:
                return tree.corrected((one, f"{tree.text(one)}[: len({x})]"))
    return ()


def _x_before(call: ast.Call, n: int) -> str:
    """The first name that a call gives a network before an argument, after its parameters; "" without one."""
    first = 1 if name_of(call) == "apply" else 0
    names = [one.id for one in call.args[first:n] if isinstance(one, ast.Name)]
    return next((one for one in names if not PARAMETERS.fullmatch(one)), "")


PARAMETERS = re.compile(r"(?:\w+_)?(?:params?|variables|vars|weights|theta)|[pw]|rngs?|key", re.IGNORECASE)
"""The name of the parameters of a network, which are no array."""

BATCH_AND_UNITS = 2
"""The axes of a carry."""


def _made_for(tree: ProgramTree, made: ast.expr | None, batch: int | None, x: str) -> str:
    """The call of a function of the program that makes a carry for a batch, for that of x; "" for anything else."""
    function = tree.function_called(made) if isinstance(made, ast.Call) else None
    value = tree.returned_by(function) if function else None
    is_carry = isinstance(value, ast.Call) and (name_of(value) == "initialize_carry" or tree.is_maker(value))
    if not is_carry or not isinstance(made, ast.Call) or batch is None:
        return ""
    places = [n for n, one in enumerate(made.args) if tree.number(one) == batch]
    return tree.call_with(made, places[0], "", f"len({x})") if len(places) == 1 else ""


def _batch_where_made(tree: ProgramTree, made: ast.expr, got: int | None, x: ast.Name) -> Corrections:
    """The line that makes a carry, with the batch of x, if x is known there: other calls may get the same carry."""
    sizes = tree.sizes_of(made) if isinstance(made, ast.Call) and tree.is_maker(made) else []
    is_known = tree.function_of(made) is tree.function_of(x) and tree.is_known_at(x, made.lineno)
    if not got or not is_known or len(sizes) < 2 or tree.number(sizes[0]) != got:
        return ()
    return tree.corrected((sizes[0], f"{x.id}.shape[0]"))


def _first_value(tree: ProgramTree, name: ast.Name, batch: int | None) -> ast.Call | None:
    """The call that makes the array for a batch of which a name has the value first."""
    made = (one for one in tree.nodes if isinstance(one, ast.Assign) and isinstance(one.value, ast.Call))
    calls = (one.value for one in made if any(base_of(target) == name.id for target in one.targets))
    known = (one for one in calls if isinstance(one, ast.Call) and tree.is_maker(one))
    return next((one for one in known if batch and tree.axes(one)[:1] == (batch,) and tree.sizes_of(one)), None)


def _units_of_carry(tree: ProgramTree, given: ast.expr, got: int | None, expected: int | None) -> Corrections:
    """The line that makes a carry, or each of its arrays, with as many units as the cell has."""
    lines = []
    for one in tree.origins(given):
        sizes, axes = _sizes_of_carry(tree, one), tree.axes(one.made)
        is_said = len(sizes) == BATCH_AND_UNITS and not axes and tree.size_said(sizes[-1]) == got
        if got and sizes and (is_said or (axes[-1:] == (got,) and len(sizes) == len(axes))):
            is_of_call = tree.function_of(sizes[-1]) is not tree.function_of(one.made)
            name = tree.attribute_of_size(sizes[-1], expected) if expected else ""
            if is_of_call and expected and not name:
                name = tree.name_in_module(sizes[-1], expected) or tree.name_of_size(sizes[-1], expected)
            lines.append(tree.replaced((sizes[-1], name or size_text(tree, sizes[-1], expected))))
    return all_of(list(dict.fromkeys(lines)))


def _sizes_of_carry(tree: ProgramTree, origin: Origin) -> list[ast.expr]:
    """The sizes of an array of a carry: what the call gives for them, if other calls of its function give others."""
    functions = [tree.function_called(one) for one in origin.calls[-1:]]
    is_of_others = any(one and len(tree.calls_by_function.get(one, [])) > 1 for one in functions)
    return sizes_of_origin(tree, origin) if is_of_others else tree.sizes_of(origin.made)
