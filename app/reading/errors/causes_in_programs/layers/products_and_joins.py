"""What a pasted program says about products and joins of what recurrent layers return: which of the arrays has its axes
in another order, or one too many."""

import ast
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from .....translations.phrases import phrase
from ....code.operations import Operand, with_two_operands
from ....code.values import ANY, Layer
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.layers_and_operands import what
from ...code_lines.program_nodes import Functions, name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...framework_messages.outputs.attention import axis_too_many, operand_of_einsum
from ...framework_messages.outputs.joins import repeated_state
from ...mismatch import Mismatch, Shape, written
from .arrays_beside_layers import beside
from .layers_around import is_exchange

MATRICES = 3
"""The axes of an array with a matrix for each sample."""

SAME_AXES = re.compile(r"softmax|exp|tanh|relu|sigmoid|dropout|clip|where|asarray|array|maximum|copy|astype")
"""Functions that return an array with the axes of their first argument, by their names."""

# -- products ----------------------------------------------------------------------------------------------------------


def _shape(operand: Operand) -> Shape:
    return tuple(one if isinstance(one, int) else None for one in operand.axes)


def _exchanged(found: Found) -> tuple[Operand, Operand] | None:
    """The factors of the product that failed, of which the first one fits only with its last two axes exchanged: it has
    as many rows as the second one."""
    sizes = {int(size) for value in found.values.values() for size in re.findall(r"\b\d{1,9}\b", value)}
    for one in with_two_operands(found.program.failed_operations, "product"):
        left, right = one.operands
        if len(left.axes) != MATRICES or len(right.axes) != MATRICES or ANY in (*left.axes, *right.axes):
            continue
        (_, rows, inner), (_, outer, columns) = _shape(left), _shape(right)
        if None in (rows, inner, outer, columns) or inner == outer or not {inner, outer} <= sizes:
            continue
        if rows == outer and inner != columns:
            return left, right
    return None


def _of_exchanged_factor(found: Found, mismatch: Mismatch) -> Mismatch:
    """A product for each sample whose first factor, as the weights of attention, has its last two axes exchanged."""
    if "product" not in found.template.id or not (both := _exchanged(found)):
        return mismatch
    sentence = phrase(
        "The product sums over the last axis of {left}, with shape {of_left}, and the second axis of {right}, with"
        " shape {of_right}.",
        left=both[0].text,
        of_left=written(_shape(both[0])),
        right=both[1].text,
        of_right=written(_shape(both[1])),
    )
    return Mismatch(None, None, sentence, causes=(cause("exchanged_factor", found.framework),), facts=mismatch.facts)


def _column(found: Found) -> Operand | None:
    """The first factor of the only product that failed, if it is a column of which the program does not say the other
    axes; None for any other."""
    left, right = found.shape("left"), found.shape("right")
    products = with_two_operands(found.program.failed_operations, "product")
    known = [one for one in products if one.operands[1].axes[1:2] == right[-1:] and ANY in one.operands[0].axes]
    return known[0].operands[0] if len(products) == len(known) == 1 and left[-1:] == (1,) else None


def exchanged_factor(found: Found, mismatch: Mismatch) -> Corrections:
    """The line of the product, whose first factor gets its new axis before the other one, or is transposed."""
    tree, both = found.program.tree, _exchanged(found)
    operand = both[0] if both else _column(found)
    factor = operand.node if operand else None
    is_column = operand is not None and operand.axes[-1:] in ((1,), (ANY,))
    match factor:
        case None:
            return ()
        case ast.Call(func=ast.Attribute(attr="unsqueeze"), args=[axis]) if is_column:
            return tree.corrected((axis, "1"))
        case ast.Subscript(value=array, slice=ast.Tuple(elts=[*_, ast.Constant(value=None)])):
            return tree.corrected((factor, f"{tree.operand(array)}[:, None]"))
        case ast.Call(func=ast.Attribute(value=array)) if is_exchange(factor) and tree.axes(array):
            return tree.corrected((factor, tree.text(array)))
    return tree.corrected((factor, with_last_axes_exchanged(found, factor)))


def with_last_axes_exchanged(found: Found, factor: ast.expr) -> str:
    """A factor with three axes, of which the last two are exchanged."""
    tree, exchange = found.program.tree, LAST_AXES_TRANSPOSED.get(found.framework, ".swapaxes(1, 2)")
    return exchange.format(tree.text(factor)) if "{" in exchange else f"{tree.operand(factor)}{exchange}"


LAST_AXES_TRANSPOSED = {
    "pytorch": ".transpose(1, 2)",
    **dict.fromkeys(("keras", "tf1", "tensorflow"), "tf.transpose({}, (0, 2, 1))"),
}
"""Framework -> how the last two of three axes are exchanged."""


def product_of_heads(found: Found, mismatch: Mismatch) -> Corrections:
    """The products for each sample in the function that failed, with any number of axes before the last two."""
    tree, calls = found.program.tree, found.program.tree.calls_of_failure("bmm")
    function = tree.function_of(calls[0]) if calls else None
    same = [one for one in tree.calls_of("bmm") if calls and tree.function_of(one) is function]
    return tree.corrected(*((one.func, f"{tree.text(one.func).removesuffix('bmm')}matmul") for one in same))


def shorter_factor(found: Found, mismatch: Mismatch) -> Corrections:
    """The product for each sample, whose factor with four axes loses one of size 1."""
    tree, n = found.program.tree, found.number("i")
    one = found.program.product_of_ranks(*((4, 3) if n == 1 else (3, 4)))
    place = axis_too_many(one, n) if one else None
    if not one or not place or (node := one.operands[n - 1].node) is None:
        return ()
    axes = one.operands[n - 1].axes
    match node:
        case ast.Call(func=ast.Attribute(value=array, attr="unsqueeze")):
            if tree.axes(array) == axes[:place] + axes[place + 1 :]:
                return tree.corrected((node, tree.text(array)))
    return tree.corrected((node, f"{tree.operand(node)}.squeeze({place})"))


def operand_with_letters(found: Found, mismatch: Mismatch) -> Corrections:
    """The einsum, with the state of the last layer in place of those of all layers of one direction."""
    state, tree = operand_of_einsum(found), found.program.tree
    if state is None or state.node is None or what(state) != "state" or len(state.axes) != MATRICES:
        return ()
    is_one_more = found.number("letters") == len(state.axes) - 1
    is_of_pytorch = {(one.framework, one.setting("bidirectional")) for one in state.layers} == {("pytorch", False)}
    return tree.corrected((state.node, f"{tree.operand(state.node)}[-1]")) if is_one_more and is_of_pytorch else ()


def _vectors(found: Found) -> tuple[ast.BinOp, Operand, Operand] | None:
    """The product that failed of an array with a matrix for each sample and one with a vector for each sample, which
    NumPy takes for one matrix, and its factors; None for any other."""
    for one in with_two_operands(found.program.failed_operations, "product"):
        if not isinstance(one.node, ast.BinOp):
            continue
        left, right = one.operands
        if len(left.axes) != MATRICES or len(right.axes) != MATRICES - 1 or ANY in (*left.axes, *right.axes):
            continue
        sizes = right.axes[0], left.axes[-1]
        if right.axes[1] == left.axes[-1] != right.axes[0] and sizes == (found.number("outer"), found.number("inner")):
            return one.node, left, right
    return None


def _of_vectors(found: Found, mismatch: Mismatch) -> Mismatch:
    """A product of the outputs of every step and a state, as in attention."""
    if found.template.id != "numpy-product-sizes" or not (product := _vectors(found)):
        return mismatch
    _, left, right = product
    sentence = phrase(
        "The product sums over the last axis of {left}, with {inner}, and the first axis of {right}, with {outer},"
        " which is the batch.",
        left=left.text,
        inner=left.axes[-1],
        right=right.text,
        outer=right.axes[0],
    )
    return Mismatch(None, None, sentence, causes=(cause("vector_factor", found.framework),), facts=mismatch.facts)


def product_of_vectors(found: Found, mismatch: Mismatch) -> Corrections:
    """The line of the product, as an einsum."""
    tree, product = found.program.tree, _vectors(found)
    if not product or "np" not in tree.imported:
        return ()
    node = product[0]
    return tree.corrected((node, f'np.einsum("btu,bu->bt", {tree.text(node.left)}, {tree.text(node.right)})'))


class Lettered(NamedTuple):
    """The factors of a product, and the letters that an einsum of the same function gives to their axes; ``einsum``:
    how the program calls it."""

    product: ast.expr
    left: ast.expr
    right: ast.expr
    letters: tuple[str, str]
    einsum: str


def _lettered(found: Found) -> Lettered | None:
    """The product that failed, if a letter of the last axis of its first factor is that of another axis of the second
    one than it sums over."""
    tree = found.program.tree
    for left, right in tree.products_in(found.code) if tree.calls_of("einsum") else ():
        letters, einsum = _letters(tree, tree.function_of(left))
        of_both = letters.get(ast.unparse(left), ""), letters.get(ast.unparse(right), "")
        product = next(tree.above(left), None)
        if min(map(len, of_both)) < 2 or not isinstance(product, ast.expr):
            continue
        if of_both[0][-1] in of_both[1] and of_both[0][-1] != of_both[1][-2]:
            return Lettered(product, left, right, of_both, einsum)
    return None


def _letters(tree: ProgramTree, function: Functions | None) -> tuple[dict[str, str], str]:
    """The letters of the axes of arrays in the lines of a function, by their text, and how it calls einsum."""
    letters, called = dict[str, str](), ""
    calls = [one for one in tree.calls_of("einsum") if tree.function_of(one) is function and len(one.args) > 1]
    for call in calls:
        equation = call.args[0].value if isinstance(call.args[0], ast.Constant) else None
        if not isinstance(equation, str) or not EQUATION.fullmatch(equation.replace(" ", "")):
            continue
        inputs, _, output = equation.replace(" ", "").partition("->")
        called = tree.text(call.func)
        letters |= zip(map(ast.unparse, call.args[1:]), inputs.split(","), strict=False)
        above = next(tree.above(call), None)
        if isinstance(above, ast.Assign) and isinstance(above.targets[0], ast.Name):
            letters[above.targets[0].id] = output
    assigned = [one for one in tree.nodes if isinstance(one, ast.Assign) and tree.function_of(one) is function]
    for one in sorted(assigned, key=lambda one: one.lineno) if letters else ():
        match one.targets[0], one.value:
            case ast.Name(id=name), ast.Call(args=[first, *_]) as call if SAME_AXES.search(name_of(call)):
                if axes := letters.get(ast.unparse(first)):
                    letters[name] = axes
    return letters, called


EQUATION = re.compile(r"[a-z]{1,6}(?:,[a-z]{1,6})+->[a-z]{1,6}")


def _of_letters(found: Found, mismatch: Mismatch) -> Mismatch:
    """A product over the last axis of its first factor, which is not the second last one of the second factor, as an
    einsum of the same function says."""
    if "product" not in found.template.id and found.template.id != "numpy-dot":
        return mismatch
    if not (one := _lettered(found)):
        return mismatch
    sentence = phrase(
        "The product sums over the last axis of {left}, and the second last one of {right}: an einsum calls their axes"
        " {of_left} and {of_right}.",
        left=ast.unparse(one.left),
        right=ast.unparse(one.right),
        of_left=one.letters[0],
        of_right=one.letters[1],
    )
    return Mismatch(None, None, sentence, causes=(cause("other_axis_summed", found.framework),), facts=mismatch.facts)


def lettered_product(found: Found, mismatch: Mismatch) -> Corrections:
    """The line of the product, as an einsum."""
    tree = found.program.tree
    if not (one := _lettered(found)):
        return ()
    left, right = one.letters
    result = "".join(letter for letter in left + right if letter != left[-1])
    result = "".join(dict.fromkeys(result))
    new = f'{one.einsum}("{left},{right}->{result}", {tree.text(one.left)}, {tree.text(one.right)})'
    return tree.corrected((one.product, new))


def _of_batch_in_product(found: Found, mismatch: Mismatch) -> Mismatch:
    """Weights of attention with steps last, for an output with its batch where the steps should be."""
    got = mismatch.got[0] if isinstance(mismatch.got, tuple) and len(mismatch.got) == 1 else None
    if mismatch.first_cause != "attention_steps" or not got:
        return mismatch
    if found.program.sizes_of_handwritten_cell.get("batch_size") != got:
        return mismatch
    sentence = phrase(
        "The product sums over steps, {expected}, but the second factor has the batch there, {got}.",
        expected=mismatch.expected[0] if isinstance(mismatch.expected, tuple) else None,
        got=got,
    )
    return Mismatch(
        "output", "order", sentence, causes=(cause("other_axis_summed", found.framework),), is_of_equals=True
    )


# -- sums --------------------------------------------------------------------------------------------------------------


def _time_first(found: Found) -> tuple[Operand, Operand, Layer] | None:
    """The output of a layer of PyTorch with time first that the line that failed adds to an array with the batch first,
    or multiplies by it for each sample, this array and the layer."""
    operations, sizes = found.program.failed_operations, _first_sizes(found)
    for one in (*with_two_operands(operations, "sum"), *with_two_operands(operations, "product")):
        for output, other in (one.operands, one.operands[::-1]):
            layers = [layer for layer in output.layers if layer.framework == "pytorch"]
            has_time_first = len(layers) == 1 and layers[0].setting("batch_first") is False
            if "output" not in output.roles or not has_time_first or "output" in other.roles:
                continue
            if len(output.axes) != MATRICES or len(other.axes) != MATRICES or ANY in (*output.axes, *other.axes):
                continue
            steps, batch = output.axes[:2]
            has_batch_first = other.axes[0] == batch and (one.kind == "product" or other.axes[1] == 1)
            if sizes == {steps, batch} and has_batch_first and steps != batch:
                return output, other, layers[0]
    return None


def _first_sizes(found: Found) -> set[int | None]:
    """The sizes of the first axes of two arrays, as a message about their sum or their product says them."""
    shapes = {*found.shape("left")[:1], *found.shape("right")[:1]}
    return shapes or {found.number("a"), found.number("b")}


OF_FIRST_AXIS = ("pytorch-broadcast", "pytorch-products")
"""Messages that say the sizes of the first axes of two arrays."""


def _of_time_first(found: Found, mismatch: Mismatch) -> Mismatch:
    """Outputs with time first, which attention adds to a state with the batch first, or multiplies by it."""
    if found.template.id not in OF_FIRST_AXIS or found.number("i") or not (both := _time_first(found)):
        return mismatch
    output, other, _ = both
    sentence = phrase(
        "{one} has time first, {of_one}, and {other} has the batch first, {of_other}.",
        one=output.text,
        of_one=written(_shape(output)),
        other=other.text,
        of_other=written(_shape(other)),
    )
    likely = cause("time_first", found.framework)
    return Mismatch("output", "order", sentence, causes=(likely,), facts=mismatch.facts, is_of_equals=True)


def batch_first_output(found: Found, mismatch: Mismatch) -> Corrections:
    """A line after the call of the layer, which puts the batch first in its output."""
    tree, both = found.program.tree, _time_first(found)
    calls = [one.node for one in found.program.calls if both and one.layer is both[2] and one.node]
    statement = next((one for call in calls for one in tree.above(call) if isinstance(one, ast.Assign)), None)
    target = statement.targets[0] if statement else None
    name = target.elts[0] if isinstance(target, ast.Tuple) and target.elts else target
    if not statement or not isinstance(name, ast.Name) or not (after := tree.line_after(statement)):
        return ()
    return [("", f"{name.id} = {name.id}.transpose(0, 1)  # before: {after}")]


# -- joins -------------------------------------------------------------------------------------------------------------


def _joined_state(found: Found) -> tuple[Operand, Operand, Layer] | None:
    """The state of a layer of PyTorch, with its axis of layers, that the line that failed joins with arrays with two
    axes, the first of these arrays and the layer."""
    if sorted((found.number("a"), found.number("b"))) != [2, MATRICES]:
        return None
    for one in found.program.failed_operations:
        parts = one.operands if one.kind == "join" else ()
        states = [part for part in parts if part.roles == {"h_0"} and _has_layers(part, parts)]
        others = [part for part in parts if part not in states]
        layers = [layer for part in states for layer in part.layers if layer.framework == "pytorch"]
        if len(states) == len(layers) == 1 and others:
            return states[0], others[0], layers[0]
    return None


def _has_layers(state: Operand, parts: Sequence[Operand]) -> bool:
    """Whether a state that is joined with other arrays has its axis of layers: one of them may be an entry of it."""
    if ANY not in state.axes:
        return len(state.axes) == MATRICES
    return bool(_entries(state, parts))


def _entries(state: Operand, parts: Sequence[Operand]) -> list[str]:
    """The indices of the entries of a state that are joined with it."""
    nodes = [one.node for one in parts]
    entries = [one for one in nodes if isinstance(one, ast.Subscript) and ast.unparse(one.value) == state.text]
    return [ast.unparse(one.slice) for one in entries]


def _of_joined_state(found: Found, mismatch: Mismatch) -> Mismatch:
    """A state, which has an axis of layers, that is joined with one vector for each sample."""
    if found.framework != "pytorch" or "join" not in found.template.id or not (joined := _joined_state(found)):
        return mismatch
    sentence = phrase(
        "Arrays that are joined need the same number of axes: {one} has 3, and {other} has 2.",
        one=joined[0].text,
        other=joined[1].text,
    )
    facts = tuple(one for one in mismatch.facts if mismatch.tensor != "x")
    return Mismatch(None, None, sentence, causes=(cause("layers_of_state", "pytorch"),), facts=facts)


def last_layer(found: Found, mismatch: Mismatch) -> Corrections:
    """The line of the join, with the state of the last layer, of both directions if it has two; or with those that are
    not joined already."""
    tree, joined = found.program.tree, _joined_state(found)
    if not joined or (state := joined[0].node) is None or (both := joined[2].setting("bidirectional")) is None:
        return ()
    parts = [part for one in found.program.failed_operations for part in one.operands]
    entries, text = _entries(joined[0], parts), tree.operand(state)
    last = ("0", "1") if {*entries} & {"0", "1"} else ("-2", "-1") if both else ("-1",)
    left = [one for one in last if one not in entries]
    return tree.corrected((state, ", ".join(f"{text}[{one}]" for one in left))) if left else ()


def _single_step(found: Found) -> tuple[Operand, Operand, int] | None:
    """The array with one step that the line that failed joins along the features with one of several steps, this one,
    and the axis of the steps."""
    sizes = found.number("a"), found.number("b")
    for one in with_two_operands(found.program.failed_operations, "join"):
        if sizes.count(1) != 1:
            continue
        single, other = one.operands if sizes[0] == 1 else one.operands[::-1]
        if len(single.axes) != MATRICES or len(other.axes) != MATRICES or ANY in (*single.axes, *other.axes):
            continue
        places = [n for n in (0, 1) if single.axes[n] == 1 and other.axes[n] in (None, max(sizes))]
        if len(places) == 1 and found.number("i") == MATRICES - 1:
            return single, other, places[0]
    return None


def _of_single_step(found: Found, mismatch: Mismatch) -> Mismatch:
    """An array with one step that is joined with one of several steps."""
    is_of_steps = mismatch.first_cause == "join_steps"
    if found.framework != "pytorch" or not is_of_steps or not (both := _single_step(found)):
        return mismatch
    if _axis_of_features(found, both[0], both[1]) is None:
        return replace(mismatch, causes=(cause("single_step", "pytorch"),))
    sentence = phrase(
        "Each of these arrays has the {features} features of the layer that gets both, so they are joined along their"
        " steps.",
        features=both[0].axes[-1],
    )
    return replace(mismatch, causes=(replace(cause("joined_axis", "pytorch"), sentence=sentence),))


def _axis_of_features(found: Found, one: Operand, other: Operand) -> ast.expr | None:
    """The axis in the join of the line that failed along the features of two arrays, if each has those of the layers
    that get the array which this line makes; None for other arrays."""
    tree, width = found.program.tree, one.axes[-1]
    joins = [join.node for join in with_two_operands(found.program.failed_operations, "join")]
    node = joins[0] if len({*map(id, joins)}) == 1 else None
    targets = tree.targets_of(node) if isinstance(node, ast.Call) else set()
    read = [
        call.layer.size("features")
        for call in found.program.calls
        if call.layer and isinstance(x := call.operands[0].node, ast.Name) and x.id in targets
        if node is not None and tree.function_of(x) is tree.function_of(node)
    ]
    if not isinstance(node, ast.Call) or not read or {*read, other.axes[-1]} != {width}:
        return None
    return tree.argument(node, 1, "dim")


def along_steps(found: Found, mismatch: Mismatch) -> Corrections:
    """The line of the join, along the steps."""
    both = _single_step(found)
    axis = _axis_of_features(found, both[0], both[1]) if both else None
    return found.program.tree.corrected((axis, str(both[2]))) if both and axis is not None else ()


def repeated_step(found: Found, mismatch: Mismatch) -> Corrections:
    """The line of the join, with the array of one step repeated for each step of the other one."""
    tree, both = found.program.tree, _single_step(found)
    if not both or both[0].node is None or both[1].node is None:
        return ()
    single, other, axis = both[0].node, both[1].node, both[2]
    sizes = ["-1", "-1", "-1"]
    sizes[axis] = f"{tree.operand(other)}.size({axis})"
    return tree.corrected((single, f"{tree.operand(single)}.expand({', '.join(sizes)})"))


def state_with_steps(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that repeats a state for each step, with an axis for the steps in the state."""
    tree, joins = found.program.tree, with_two_operands(found.program.failed_operations, "join")
    arrays = [operand.node for one in joins for operand in one.operands if operand.node is not None]
    states = [state for one in arrays if (state := repeated_state(tree, one)) is not None]
    return tree.corrected((states[0], f"{tree.operand(states[0])}.unsqueeze(1)")) if len(states) == 1 else ()


def step_of_vector(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that joins a vector for each sample and an array with one step, with an axis of steps in the vector."""
    tree, shapes = found.program.tree, (found.shape("left"), found.shape("right"))
    for one in with_two_operands(found.program.failed_operations, "join"):
        if sorted(map(len, shapes)) != [MATRICES - 1, MATRICES]:
            continue
        n = 0 if len(shapes[0]) < MATRICES else 1
        vector = one.operands[n].node
        if shapes[1 - n][1] == 1 and shapes[n][0] == shapes[1 - n][0] and vector is not None:
            return tree.corrected((vector, f"{tree.operand(vector)}[:, None]"))
    return ()


def transposed_weights(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of a layer of Keras that merges arrays, with the one that is no output of a recurrent layer itself
    transposed."""
    tree = found.program.tree
    outputs = {(one.size("num_units"), bool(one.setting("bidirectional"))) for one in found.program.made_layers}
    widths = {units * (1 + both) for units, both in outputs if isinstance(units, int)}
    merges = [
        one for one in found.program.failed_operations if len(one.operands) == 2 and isinstance(one.node, ast.Call)
    ]
    for one in merges:
        first, second = one.operands
        if len(first.axes) != MATRICES or first.axes[1:] != second.axes[1:][::-1]:
            continue
        wrong = [operand for operand in one.operands if operand.axes[-1] not in widths and operand.axes[1] in widths]
        layer = beside(tree, one.node, "Permute") if isinstance(one.node, ast.Call) else ""
        if len(wrong) == 1 and wrong[0].node is not None and layer:
            return tree.corrected((wrong[0].node, f"{layer}((2, 1))({tree.text(wrong[0].node)})"))
    return ()


RULES = (
    _of_exchanged_factor,
    _of_vectors,
    _of_letters,
    _of_batch_in_product,
    _of_joined_state,
    _of_time_first,
    _of_single_step,
)
"""What the program says about the causes in its products and joins."""

WITHOUT_CAUSES = (_of_exchanged_factor, _of_vectors, _of_letters, _of_joined_state, _of_time_first)
"""The same for messages of which nothing else says a cause."""

CORRECTIONS = {
    "exchanged_factor": exchanged_factor,
    "product_of_heads": product_of_heads,
    "letters_of_operand": operand_with_letters,
    "longer_factor": shorter_factor,
    "other_axis_summed": lettered_product,
    "vector_factor": product_of_vectors,
    "layers_of_state": last_layer,
    "time_first": batch_first_output,
    "single_step": repeated_step,
    "joined_axis": along_steps,
    "repeated_state": state_with_steps,
    "join_axis": step_of_vector,
    "transposed_factor": transposed_weights,
}
"""Cause -> the lines that it corrects."""
