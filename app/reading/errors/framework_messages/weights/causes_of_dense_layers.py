"""Why a dense layer gets another number of values than it was made for."""

import ast
import re
from collections.abc import Iterator
from math import gcd

from ....code.operations import Operand, Operation
from ....code.source_text import parse
from ....code.values import Constant, Layer
from ...causes import cause
from ...code_lines.layers_and_operands import what
from ...code_lines.program_nodes import last_name
from ...mismatch import Cause, Shape
from ...names_of_layers import is_recurrent
from ..message_template import Found


def causes_by_sizes(found: Found, left: Shape, right: Shape) -> Iterator[Cause]:
    """Why a dense layer gets another number of values."""
    (_, got), (expected, outputs) = two_numbers(left), two_numbers(right)
    read = OF_X_ITSELF.search(found.code.lower())
    is_of_x = read is not None and read[1] not in found.surroundings.returned_names
    is_of_x = is_of_x or PACKS_PRODUCT.search(found.code) is not None
    if found.framework == "pytorch" and not is_of_x:
        values = {"got": got, "expected": expected, "outputs": outputs}
        may_be_bidirectional = found.surroundings.flag("bidirectional") is not False
        if got == 2 * expected and may_be_bidirectional:
            yield cause("dense_directions", "pytorch", **values)
        if got > expected and got % expected == 0 and not _reads_last_step(found):
            yield cause("dense_flattened", "pytorch")
        if expected == 2 * got and may_be_bidirectional:
            yield cause("dense_one_direction", "pytorch")
        if got and expected > 2 * got and expected % got == 0:
            output = _output_of_all_steps(found)
            yield (
                cause("dense_unflattened", "pytorch", output=output)
                if output
                else cause("dense_all_steps", "pytorch", **values)
            )
    elif not is_of_x and got == 2 * expected and found.surroundings.flag("bidirectional") is not False:
        yield cause("dense_directions", found.framework, got=got, outputs=outputs)
    if not is_of_x and found.surroundings.names_two_directions and _may_be_second_direction(got - expected, expected):
        yield cause("dense_second_direction", found.framework, got=got, expected=expected, outputs=outputs)
    if FLATTENED.search(found.surroundings.text) and LEAST_UNITS <= gcd(got, expected) < min(got, expected):
        yield cause("dense_other_steps", found.framework)
    yield cause("dense_features", found.framework, got=got, expected=expected, outputs=outputs)


def _may_be_second_direction(more: int, expected: int) -> bool:
    """Whether so many values more than a dense layer was made for may be the units of a second direction, beside what
    is joined with the output."""
    return LEAST_UNITS <= more < expected and more % LEAST_UNITS == 0


def _output_of_all_steps(found: Found) -> str:
    """What a dense layer gets in the line that failed, if it is the output of every step that a recurrent layer returns
    in the same line: ``self.lstm(x)[0]``; "" for anything else."""
    code = found.code.strip()
    statements = parse(code).statements[:1]
    for one in (node for statement in statements for node in ast.walk(statement)):
        match one:
            case ast.Call(args=[ast.Subscript(ast.Call() as layer, ast.Constant(0)) as output], keywords=[]):
                if is_recurrent(last_name(layer.func).lower()):
                    return ast.get_source_segment(code, output) or ""
    return ""


def _reads_last_step(found: Found) -> bool:
    """Whether the line that failed gives a layer the last entry of an array, as it is, or one that a line before took:
    then no steps are flattened."""
    tree, line = found.program.tree, parse(found.code.strip()).statements[:1]
    calls = [one for statement in line for one in ast.walk(statement) if isinstance(one, ast.Call)]
    given = [one.args[0] for one in (*tree.calls_of_failure(), *calls) if len(one.args) == 1]
    made = (tree.assigned(one) for one in given if isinstance(one, ast.Name))
    return any(isinstance(one, ast.Subscript) and _is_last(one.slice) for one in (*given, *made))


def _is_last(index: ast.expr) -> bool:
    """Whether an index takes the last entry of the first axis, or of the second one for all samples."""
    return ast.unparse(index).strip("()").replace(" ", "").removeprefix(":,").removesuffix(",:") == "-1"


PACKS_PRODUCT = re.compile(r"\bpack(?:_padded)?_sequence\(\s?[\w.]{1,40}\(")
"""What a layer returns is packed for a recurrent layer."""

OF_X_ITSELF = re.compile(
    r"\((?!\w{0,20}(?:lstm|gru|rnn|enc|dec|out|hid))((?:\w{1,20}_)?(?:inputs?|inp|feats?|features?|images?|emb\w*))"
    r"(?:\.\w{1,12}\([^()\n]{0,40}\))?\)"
)
"""A layer that reads what usually no recurrent layer has returned."""


def causes_by_program(found: Found, got: int, expected: int, outputs: int | None, call: Operation) -> list[Cause]:
    """The same, if the program has the layer: what it gets tells how long the output of one step is."""
    (given,) = call.operands[:1]
    widths = {width for layer in given.layers if (width := merged_width(layer))}
    if any(_lacks_projection(layer, got, expected) for layer in given.layers):
        ids = ["dense_projection"]
    elif _joins_all_layers(found, given, got, expected):
        ids = ["dense_all_layers"]
    elif what(given) == "state":  # of both directions or of several layers
        layers = [layer for layer in given.layers if not layer.kind.endswith("_cell")]  # a cell has one direction
        may_be_both = any(layer.setting("bidirectional") is not False for layer in layers)
        ids = ["dense_all_layers"] if _are_all_layers(given.layers, got, expected) else []
        ids = ids or ([*_of_states(got, expected, may_be_both)] if layers else [])
    else:
        ids = [id for width in widths for id in _of_width(got, expected, width, given.layers)]
        if not FLATTENED.search(found.surroundings.text):  # then several outputs are joined
            ids = [id for id in ids if id != "dense_other_steps"]
    values = {"got": got, "expected": expected, "outputs": outputs or "units"}
    ids = [*dict.fromkeys(ids), *([] if "dense_projection" in ids else ["dense_features"])]
    return [cause(id, found.framework, **values) for id in ids]


def _lacks_projection(layer: Layer, got: int, expected: int) -> bool:
    """Whether a dense layer was made for the units of a layer, which returns those of its projection."""
    units, projected = layer.size("num_units"), layer.size("num_proj")
    if not isinstance(units, int) or not isinstance(projected, int) or projected in (0, units):
        return False
    return any((got, expected) == (n * projected, n * units) for n in (1, 2))


def _are_all_layers(layers: tuple[Layer, ...], got: int, expected: int) -> bool:
    """Whether a dense layer that was made for the last states of one layer gets those of all layers."""
    widths = [(merged_width(one), one.size("num_layers")) for one in layers]
    return any(isinstance(n, int) and n > 1 and (expected, got) == (width, n * width) for width, n in widths)


def _joins_all_layers(found: Found, given: Operand, got: int, expected: int) -> bool:
    """Whether a dense layer gets the states of all layers beside other arrays, and was made for those of one."""
    joins = [one for one in found.program.operations if one.kind == "join" and len(one.operands) > 1]
    states = [part for one in joins for part in one.operands if what(part) == "state" and part.layers == given.layers]
    widths = {part.axes[-1] for part in states}
    if len(widths) != 1 or not isinstance(width := widths.pop(), int):
        return False
    beside = got - width
    return beside > 0 and any(_are_all_layers(part.layers, width, expected - beside) for part in states)


def _of_states(got: int, expected: int, may_be_both: bool) -> Iterator[str]:
    """Causes, if the dense layer gets the last states of a layer, which may have two directions."""
    if got == 2 * expected and may_be_both:
        yield "dense_directions"
    elif expected == 2 * got and may_be_both:
        yield "dense_one_direction"
    elif expected % got == 0:
        yield "dense_all_steps"


def _of_width(got: int, expected: int, width: int, layers: tuple[Layer, ...]) -> Iterator[str]:
    """Causes, if recurrent layers return so many values for each step."""
    is_bidirectional = any(layer.setting("bidirectional") for layer in layers)
    one = width // 2 if is_bidirectional else width
    if is_bidirectional and got == 2 * expected and expected % one == 0:  # also of all steps, flattened
        yield "dense_directions"
    elif is_bidirectional and (got, expected) == (one, width):
        yield "dense_one_direction"
    elif got % width == 0 and expected % width == 0 and got > width and expected > width:
        yield "dense_other_steps"
    elif expected == width and got > width and got % width == 0:
        yield "dense_flattened"
    elif got == width and expected > width and expected % width == 0 and expected != 2 * width:
        yield "dense_all_steps"


def merged_width(layer: Layer) -> int:
    """How many values a recurrent layer returns for each step, as its directions are merged; 0 if that is not known."""
    units = layer.size("num_proj") or layer.size("num_units")
    if not isinstance(units, int) or layer.setting("bidirectional") is None:
        return units if isinstance(units, int) and layer.kind.endswith("_cell") else 0
    is_joined = layer.setting("bidirectional") and layer.config.get("merge_mode", CONCATENATED) == CONCATENATED
    return 2 * units if is_joined else units


CONCATENATED = Constant("concat")

FLATTENED = re.compile(r"flatten\(|(?:reshape|view)\([^()\n]{1,40}(?:\([^()\n]{0,10}\))?[^()\n]{0,10},\s?-1\)")
"""All steps of an output in one axis, in lines of code."""

LEAST_UNITS = 8
"""A common divisor of two lengths is rather by accident if it is smaller than the units of most layers."""


def two_numbers(shape: Shape) -> tuple[int, int]:
    """The sizes of a matrix; 0 for an unknown number of rows."""
    rows, columns = shape
    return rows or 0, columns or 0
