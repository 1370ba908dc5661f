"""Messages about products of what follows a recurrent layer, in dense layers, and of any arrays.

Networks without recurrence raise them as well.
"""

import ast
import re
from dataclasses import replace

from .....translations.phrases import phrase
from ....code.operations import JOINS, Operation
from ....code.source_text import parse
from ....facts_about_sizes import GATES, fact
from ...causes import cause
from ...cell_classes import TF1_CELLS
from ...code_lines.called_layer import called_layer
from ...code_lines.handwritten_recurrence import computes_recurrence, is_step
from ...code_lines.program_nodes import factors_in, factors_of, name_of
from ...mismatch import Mismatch, NoShapeError, Shape, from_code, of_unknown_arrays, wrong_rank, wrong_shape, wrong_size
from ...names_of_layers import may_be_recurrent
from ..handwritten_cells import handwritten_cells, products_in_failed_line, products_of_handwritten_cells
from ..handwritten_cells.axes_of_handwritten_cells import has_joined_factor
from ..handwritten_cells.linear_functions import of_linear_function
from ..handwritten_cells.products_in_failed_line import HAS_PRODUCT
from ..inputs.keras_calls import of_arguments
from ..message_template import Found, MessageTemplate
from ..outputs import attention
from ..outputs.sums_of_outputs import DIRECTIONS
from ..states.numbers_of_states import one_tensor
from ..weights.causes_of_dense_layers import causes_by_program, causes_by_sizes, two_numbers

DENSE = re.compile(
    r"dense|^matmul(?:_\d+)?$|/(?:\w{1,30}_)?(?:logits?|scores|predictions?|projection|linear|fc\d?|xw_plus_b)(?:_\d+)?"
    r"(?:/matmul)?$"
)
"""Names of the product in a dense layer, or of one outside of layers, as programs for TensorFlow 1 have at the end."""

IN_CELL = re.compile(r"(?:lstm|gru|rnn)_?(?:cell|v\d)?(?:_\d+)?/(?:\w+/)*matmul(_1)?$")
"""The name of a product in a cell of Keras: that of x, or with a number that of h."""

OF_STEP = re.compile(r"\(strided_slice\w{0,4},kernel\)")
"""The product of one step of x, which a layer of Keras takes out of it; in the folded text."""

BEGINNING_OF_STEP = re.compile(r"(?:\([^()]{0,120}\))?\(strided_slice\w{0,4},ker")
"""The same in a message that was cut after it."""

OF_JOIN = re.compile(r"\((?:\w{1,60}/){0,9}(lstm)\w{0,30}/(?:(?:while|cell|rnn|lstm|step)\w{0,20}/){0,4}concat\w{0,9},")
"""The product of x and h as one array, which an LSTM of a program's own joins; in the folded text."""

FACTORS_IN_CELL = re.compile(r"dot\((inputs|h_tm1),self\.(?:recurrent_)?kernel\)")
"""The products of all gates in the lines of Keras' cells, in the folded text."""

IN_LAYER = re.compile(r"_vf\.(lstm|gru|rnn)(?:_tanh|_relu)?\(")
"""The call in PyTorch's recurrent layers that computes all steps, of which the arguments of a packed x are not checked
before; in the folded text."""

OF_LAYER: dict[str, int | str] = {"parts": "num_layers", "batch_axis": 0, "note": "  # x.size(1) without batch_first"}
"""Names for the sizes of a state of PyTorch that a message does not say."""

OF_X, OF_H = re.compile(r"\(inputs\)"), re.compile(r"\((?:h|carry)\)")
"""The products in the lines of Flax's cells."""


IN_CONCAT_CELL = re.compile(
    r"(?:(basic_(?:lstm|rnn)_cell)|(?:rnn|multi_rnn_cell|attention_wrapper|decoder_?step)/(?:\w+/)*(lstm_cell|gru_cell))"
    r"(?:_\d+)?/matmul(?:_\d+)?$"
)
"""Names of the product in a cell: of x and the kernel in Keras, of [x, h] and the kernel in TensorFlow 1."""


def _is_in_imported_network(found: Found) -> bool:
    """Whether the last line of the program in the traceback calls a network of another module, such as one for images,
    with what its own function gets: before it calls a recurrent layer, so the product is none of what that returns."""
    tree = found.program.tree
    called = tree.calls_in_frames[-1:]
    made = tree.assigned(called[0].func) if called and isinstance(called[0].func, ast.Name | ast.Attribute) else None
    if found.framework != "pytorch" or not isinstance(made, ast.Call) or tree.constructor(made):
        return False
    name = ast.unparse(made.func)
    if OF_PYTORCH.search(name) or may_be_recurrent(name):
        return False
    function = tree.function_of(called[0])
    given = [one for argument in called[0].args for one in ast.walk(argument) if isinstance(one, ast.Name)]
    return function is not None and bool(given) and all(one.id in tree.parameters(function) for one in given)


IN_DENSE_OF_CELL = re.compile(r"(?:lstm|gru|rnn)\w{0,20}cell(?:_\d+)?/dense(?:_\d+)?/matmul$")
"""The name of a product in a cell that is made of dense layers, one for all gates."""

OF_PYTORCH = re.compile(r"\bnn\.|\b(?i:lazy)?(?i:linear)\b")
"""What makes a layer of PyTorch."""


def product(found: Found) -> Mismatch:
    """A product of two matrices that do not fit."""
    left, right = _pair(found)
    operation = found.text("operation")
    if of_steps := attention.products_of_shapes(found, left, right):
        return of_steps
    if len(left) != 2 or len(right) != 2 or None in (left[1], *right) or 0 in (*left, *right):
        return of_unknown_arrays()
    if found.framework == "keras" and found.surroundings.called_own_cell:
        return of_unknown_arrays()  # whose kernels have columns of its own kind
    if (in_cell := IN_CONCAT_CELL.search(operation)) and (
        of_both := _product_of_concatenation(found, in_cell[1] or in_cell[2], left, right)
    ):
        return of_both
    if (of_join := OF_JOIN.search(found.text("arguments"))) and (
        of_both := _product_of_concatenation(found, f"{of_join[1]}_cell", left, right)
    ):
        units = [one.value for one in of_both.facts if one.terms == (("num_units",),)]
        below = [cause("layer_below", "tf1", units=one) for one in units if of_both.got == (one,)]
        return replace(of_both, causes=(*below, *of_both.causes))
    if OF_STEP.search(found.text("arguments")):
        return _product_of_input(found, left, right)
    if of_one := IN_CELL.search(operation):
        return _product_of_state(left, right) if of_one[1] else _product_of_input(found, left, right)
    if found.framework == "pytorch" and (in_layer := IN_LAYER.search(found.frames[-1])):
        is_square = right[1] == GATES[in_layer[1]] * (right[0] or 0)
        return (_product_of_input_or_state if is_square else _product_of_input)(found, left, right)
    if found.framework != "pytorch" and (factors := FACTORS_IN_CELL.findall(found.before)):
        is_of_h = factors[-1] == "h_tm1"
        return _product_of_state(left, right) if is_of_h else _product_of_input(found, left, right)
    if IN_DENSE_OF_CELL.search(operation) and right[1] in [gates * (left[1] or 0) for gates in GATES.values()]:
        return _product_of_input(replace(found, template=replace(found.template, framework="keras")), left, right)
    if found.called:
        return of_arguments(found, found.called) or _product_in_keras(found, _cell_of(found.called), left, right)
    if _is_in_own_cell(found):
        template = replace(found.template, framework="tensorflow cell")
        of_tensorflow = replace(found, template=template, code=_named_product(found))
        return handwritten_cells.product_of_cell(of_tensorflow) or of_unknown_arrays()
    if of_layer := _in_layer_of_fragment(found, left, right):
        return of_layer
    if found.framework != "pytorch" and not DENSE.search(operation):
        return of_unknown_arrays()
    if _is_in_imported_network(found):
        raise NoShapeError(phrase("a dense layer"))
    got, expected = left[1] or 0, right[0] or 0
    if call := found.program.call_of_dense(got, expected):
        if found.program.is_elsewhere(call):
            raise NoShapeError(phrase("a dense layer"))
        if _is_of_own_state(found, call) and right[1] in [gates * expected for gates in GATES.values()]:
            likely = cause("other_units", "cell", units=expected, units_got=got)
            return from_code(wrong_size("h_0", "num_units", expected, got, [likely]))
        causes = causes_by_program(found, got, expected, right[1], call)
        return replace(wrong_shape("dense_input", "features", (left[0], right[0]), left, causes), beside=right)
    is_of_program = found.framework == "pytorch" and not OF_TORCH.search(found.frames[-1])
    if is_of_program and (of_function := of_linear_function(found, left, right)):
        return of_function
    is_own = found.framework == "pytorch" and not found.surroundings.makes_layer_of_pytorch
    is_known = bool(found.code) or not MODULE_CALL.search(found.surroundings.text)
    found = products_in_failed_line.of_product(found, got, expected)
    if is_own and _may_be_own_product(found):
        return (products_of_handwritten_cells.product(found) if is_known else None) or of_unknown_arrays()
    if is_own and (of_cell := _in_handwritten_cell(found, got, expected, right[1] or 0)):
        return of_cell
    if found.framework == "pytorch" and _multiplies_output_of_layer(found):
        return of_unknown_arrays()
    causes = [*causes_by_sizes(found, left, right)]
    return replace(wrong_shape("dense_input", "features", (left[0], right[0]), left, causes), beside=right)


def product_of_step(found: Found) -> Mismatch:
    """The product of a step of x in a layer of Keras, of which a text has no shapes, but the beginning of the names of
    its factors."""
    if not BEGINNING_OF_STEP.match(found.after):
        raise NoShapeError()
    of_input = _product_of_input(found, (None, found.number("i")), (found.number("j"), None))
    return replace(of_input, facts=of_input.facts[:1])  # the columns of the kernel were cut off


def _multiplies_output_of_layer(found: Found) -> bool:
    """Whether the line that failed multiplies what a layer returns that it makes, as in ``nn.Linear(6, 2)(x) @ y``, and
    no frame of the layer follows."""
    first = [one for statement in parse(found.code).statements for one, _ in factors_in(statement)]
    is_of_layer = any(isinstance(one, ast.Call) and isinstance(one.func, ast.Call) for one in first)
    return is_of_layer and not OF_TORCH.search(found.frames[-1])


OF_TORCH = re.compile(r"torch[/\\]nn")
"""The path of a layer of PyTorch in a frame."""


def _is_in_own_cell(found: Found) -> bool:
    """Whether the product stands in a line of a cell that a program of TensorFlow computes itself."""
    if found.framework not in ("tf1", "tensorflow") or not HAS_PRODUCT.search(found.code):
        return False
    last = found.program.tree.frames[-1:]
    return (
        found.surroundings.failed_in_own_cell
        or any(is_step(one) for line in (*last, found.code) for one in parse(line).statements)
        or _multiplies_joined_state(found)
    )


def _multiplies_joined_state(found: Found) -> bool:
    """Whether a program without layers multiplies x and h in one array, and computes h from itself in a loop."""
    tree = found.program.tree
    factors = [one for both in tree.products_in(found.code) for one in both]
    is_join = any(isinstance(one, ast.Call) and name_of(one) in JOINS for one in factors)
    has_both = is_join or has_joined_factor(tree, found.code)
    return has_both and not found.program.made_layers and computes_recurrence(tree)


def _named_product(found: Found) -> str:
    """The product in the line that failed whose first factor has the name that the message says; the whole line without
    one."""
    named, statement = FIRST_FACTOR.search(found.text("arguments")), found.line.statement
    nodes = [one for one in ast.walk(statement) if isinstance(one, ast.expr)] if statement and named else []
    pairs = [(one, factors[0]) for one in nodes if (factors := factors_of(one))]
    same = [one for one, first in pairs if named and ast.unparse(first).lower() == named[1]]
    return ast.unparse(same[0]) if len(same) == 1 else found.code


FIRST_FACTOR = re.compile(r"\(([a-z_]\w{0,40}),[^()]{1,80}\)$")
"""The name of the first factor among the arguments of a product in a graph, in the folded text."""


def _is_of_own_state(found: Found, call: Operation) -> bool:
    """Whether a dense layer gets the state of a cell of the program's own, which no layer of a framework returns, and
    nothing that is joined with it."""
    state = call.operands[0]
    made = found.program.tree.assigned(state.node) if isinstance(state.node, ast.Name) else state.node
    is_joined = isinstance(made, ast.Call) and name_of(made) in JOINS
    return state.roles == {"h_0"} and not state.layers and not is_joined


def product_without_sizes(found: Found) -> Mismatch:
    """A product of two matrices whose sizes the message does not say: that of a dense layer whose sizes the program
    says, or by its call."""
    if (call := found.program.call_that_does_not_fit()) and call.layer:
        got, expected, outputs = (call.operands[0].axes[-1], *map(call.layer.size, ("features", "num_units")))
        if isinstance(got, int) and isinstance(expected, int):
            causes = causes_by_program(found, got, expected, outputs if isinstance(outputs, int) else None, call)
            return wrong_size("dense_input", "features", expected, got, causes)
    if not (LINEAR.search(found.frames[-1]) or CALL_OF_DENSE.search(found.code.lower())):
        return of_unknown_arrays()
    sentence = phrase("A dense layer was made for another number of features than it gets.")
    both = found.surroundings.flag("bidirectional")
    ids = (*(["dense_directions"] if both else []), "dense_features")
    return Mismatch(
        "dense_input",
        "features",
        sentence,
        causes=tuple(cause(id, "pytorch", got="output.size(-1)", outputs="outputs") for id in ids),
    )


LINEAR = re.compile(r"linear\.py|functional\.py")
CALL_OF_DENSE = re.compile(
    r"^(?![\w.]{1,40}\s?,[^()\n]{1,80}=)[^\n]{0,200}?\b(?:fc\w{0,6}|linear\w{0,6}|dense\w{0,6}|out|proj\w{0,8}|head|classifier|decoder)\("
)
"""The call of a dense layer by its name, in lower case. One that returns several arrays is none."""


def _may_be_own_product(found: Found) -> bool:
    """Whether what failed multiplies by weights of the program's own, or, if nothing tells what failed, whether the
    lines of code do so and make no dense layer."""
    lines = found.code.lower() or found.surroundings.text
    return bool(OF_WEIGHTS.search(lines)) and (bool(found.code) or not DENSE_LAYER.search(lines))


DENSE_LAYER = re.compile(r"linear|dense|fc\w{0,4}\(")
MODULE_CALL = re.compile(r"\bself\.\w{1,40}\([^)\s]")
"""A call that may be that of a dense layer, by any name."""


def _in_handwritten_cell(found: Found, got: int, expected: int, columns: int) -> Mismatch | None:
    """A dense layer of a cell of the program's own, which adds one of x and one of h: that of h has ``gates`` times as
    many columns as rows. None if the line that failed shows no such cell."""
    sums = [one for one in found.line.operations if one.kind == "sum" and one.name == "Add" and len(one.operands) == 2]
    are_both = any({array.role for array in one.operands if array.is_projected} == {"x", "h"} for one in sums)
    if not are_both or not found.line.makes_state:
        return None
    if columns in [gates * expected for gates in GATES.values()]:
        likely, facts = cause("other_units", "cell", units=expected), [fact("num_units", expected, "recurrent kernel")]
        return from_code(wrong_size("h_0", "num_units", expected, got, [likely], facts))
    likely = cause("other_features", "handwritten cell", got=got, expected=expected)
    one = wrong_size("x", "features", expected, got, [likely], [fact("features", expected, "kernel")])
    return from_code(one)


WEIGHTS = r"(?:self\.)?(?:w|u|weight|kernel)(?:_?[a-z]{0,8}|_\w{1,12})\b"
OF_WEIGHTS = re.compile(rf"(?:@|\b(?:mm|addmm|matmul|einsum)\((?:[^()]{{1,60}},)?)\s?{WEIGHTS}|(?<![\w.]){WEIGHTS}\s?@")
"""A product with a matrix that is called like the weights of a cell of the program's own."""


def _cell_of(called: str) -> str:
    """The cell of a class of Keras; of one with any cell, a simple RNN's."""
    return next((cell for cell in GATES if cell in called), "rnn")


def _pair(found: Found) -> tuple[Shape, Shape]:
    """The shapes of both matrices: in one list, or one number each."""
    if found.text("a"):
        return (found.number("a"), found.number("b")), (found.number("c"), found.number("d"))
    return found.shape("left"), found.shape("right")


def _product_in_keras(found: Found, cell: str, left: Shape, right: Shape) -> Mismatch:
    """x times the kernel, or h times the recurrent kernel. Keras lists the shapes of x and h, and so which of them."""
    x, h = found.surroundings.input_shape, found.surroundings.state_shape
    may_be_input = not x or x[-1] in (left[1], None)
    is_square = right[1] == GATES[cell] * (right[0] or 0)
    may_be_state = is_square and not found.surroundings.starts_from_zeros and (not h or h[-1] in (left[1], None))
    if may_be_state and (h or not may_be_input):  # a state with other units than these columns never fits
        return _product_of_state(left, right, h if len({*found.surroundings.state_shapes}) > 1 else ())
    if may_be_input and may_be_state and any(axes[-1:] == (left[1],) for axes in found.program.given_states):
        return _product_of_state(left, right)
    if may_be_input and may_be_state and not (x and not h):
        return _product_of_input_or_state(found, left, right)
    return _product_of_input(found, left, right) if may_be_input else of_unknown_arrays()


def _in_layer_of_fragment(found: Found, left: Shape, right: Shape) -> Mismatch | None:
    """x or a state times a kernel of a layer that a few lines of Keras make: only one of its kernels has these sizes,
    or the lines give a layer a state with the other size; None for other texts."""
    made = [one for one in found.program.made_layers if one.framework == "keras" and one.kind in GATES]
    if found.framework != "keras" or found.template.id != "tensorflow-product-run" or found.program.tree.frames:
        return None
    sizes = {(one.kind, one.size("features"), one.size("num_units")) for one in made}
    of_state = any(units == right[0] and GATES[cell] * (units or 0) == right[1] for cell, _, units in sizes)
    if of_state and any(axes[-1:] == (left[1],) for axes in found.program.given_states):
        return _product_of_state(left, right)
    of_x = [
        cell for cell, *of_layer in sizes if of_layer[0] == right[0] and GATES[cell] * (of_layer[1] or 0) == right[1]
    ]
    return _product_of_input(found, left, right) if of_x and not of_state else None


def _product_of_input(found: Found, left: Shape, right: Shape) -> Mismatch:
    """x times the kernel, which has ``gates*num_units`` columns."""
    (_, got), (expected, columns) = two_numbers(left), two_numbers(right)
    facts = [fact("features", expected, "kernel"), fact("gates*num_units", columns, "kernel")]
    x = found.surroundings.input_shape
    if (
        found.framework == "keras"
        and (cell := BUILT_CELL.search(found.code))
        and not INPUT.search(found.surroundings.text)
    ):
        likely = [cause("built_features", "keras", got=got, expected=expected, name=cell[1])]
        return wrong_size("x", "features", expected, got, likely, facts)
    is_transposed = (len(x) == 3 and x[1] == expected) or found.surroundings.transposes(expected, got)
    ids = ["features_first"] if is_transposed else []
    likely = [
        cause(id, found.framework, cell=found.cell, got=got, expected=expected) for id in (*ids, "other_features")
    ]
    return wrong_size("x", "features", expected, got, likely, facts)


BUILT_CELL = re.compile(r"(?<![\w.])((?:self\.)?\w{0,20}cell\w{0,20})\((?=[^\n]{1,200}\))", re.IGNORECASE)
"""The call of a cell of Keras, in the line that failed."""

INPUT = re.compile(r"\binput\(|\binput(?:_shape|layer)\b")
"""An input of a model of Keras, in lower case."""


def _product_of_state(left: Shape, right: Shape, h: Shape = ()) -> Mismatch:
    """h times the recurrent kernel. ``h``: its shape, if Keras lists another state with another one."""
    (_, got), (units, columns) = two_numbers(left), two_numbers(right)
    facts = [fact("num_units", units, "recurrent kernel"), fact("gates*num_units", columns, "recurrent kernel")]
    likely = [cause("other_units", "keras", units=units)]
    if len(h) == len(right) and None not in h:
        facts.append(fact("batch_size", h[0] or 0, "h"))
        return wrong_shape("h_0", "num_units", (h[0], units), h, likely, facts)
    return wrong_size("h_0", "num_units", units, got, likely, facts)


def _product_of_input_or_state(found: Found, left: Shape, right: Shape) -> Mismatch:
    """x times the kernel or h times the recurrent kernel: both have this shape, because features = num_units. A layer
    that gets no state makes one that fits."""
    sentence = phrase(
        "The layer has as many features as units, {n}: either x or the initial state has {got}.",
        n=right[0],
        got=left[1],
    )
    facts = (fact("features", right[0] or 0, "kernel"), fact("num_units", right[0] or 0, "recurrent kernel"))
    likely = cause("other_features", found.framework, cell=found.cell, got=left[1])
    calls = [one.node for one in found.program.failed_calls if isinstance(one.node, ast.Call)]
    if found.framework == "pytorch" and calls and all(len(one.args) == 1 and not one.keywords for one in calls):
        return wrong_size("x", "features", right[0] or 0, left[1], [likely], facts)
    return Mismatch(None, None, sentence, right[:1], left[1:], (likely,), facts)


def rank_of_a_product(found: Found) -> Mismatch:
    """A product of TensorFlow 1 whose first factor is no matrix: in a cell of Keras that is x or h."""
    left = found.shape("left")
    got, of_cell = found.number("got"), IN_CELL.search(found.text("operation"))
    if len(left) != got:
        return of_unknown_arrays()
    if of_cell and of_cell[1] and found.cell == "lstm" and got == 1:
        return one_tensor(found)
    if of_cell:
        return wrong_rank("h_0" if of_cell[1] else "x", 2, got, shapes=((), left))
    if got != 3 or not DENSE.search(found.text("operation")):
        return of_unknown_arrays()
    likely = cause("every_step", "tf1")
    if OF_BEAMS.search(found.text("operation")):
        is_transposed = left[-1] == found.shape("right")[-1]
        likely = cause("beams", "tf1", kernel="tf.transpose(kernel)" if is_transposed else "kernel")
    return wrong_rank("dense_input", 2, 3, [likely], shapes=((), left))


OF_BEAMS = re.compile(r"beamsearchdecoderstep/")
"""A step of a decoder that keeps several sequences of each sample, in the name of an operation in lower case."""


def rank_of_matrix(found: Found) -> Mismatch:
    """A factor of a product of TensorFlow before version 1 that is no matrix: the output of every step."""
    shape = found.shape("shape")
    if (found.number("expected"), len(shape)) != (2, 3) or not OF_EVERY_STEP.search(found.surroundings.text):
        return of_unknown_arrays()
    return wrong_rank("dense_input", 2, 3, [cause("every_step", "tf1")], shapes=((), shape))


OF_EVERY_STEP = re.compile(r"matmul\(\s?\w{0,20}(?:out|rnn|lstm|gru)\w{0,20},")
"""A product of the output of a recurrent layer, in a line of code in lower case."""


BLOCKS = {"basic_lstm_cell": 4, "lstm_cell": 4, "gru_cell": 2, "basic_rnn_cell": 1}
"""Scope of a cell in TensorFlow 1 -> blocks of units in the columns of its first kernel, which reads [x, h]."""


def _product_of_concatenation(found: Found, scope: str, left: Shape, right: Shape) -> Mismatch | None:
    """[x, h] times the kernel of a cell, whose columns tell the units; None if the sizes say that it is no such kernel.
    If x has as many features as the cell has units, the cell may be the same in all layers."""
    (_, length), (rows, columns) = two_numbers(left), two_numbers(right)
    units, rest = divmod(columns, BLOCKS[scope])
    expected, got = rows - units, length - units
    if rest or expected < 1 or got < 1:
        return None
    gates = GATES[found.cell] if found.cell else GATES["lstm"]
    facts = [
        fact("gates", gates, "class"),
        fact("num_units", units, "kernel"),
        fact("features", expected, "kernel"),
    ]
    ids = ["same_cell"] if got == units and "multi_rnn_cell/cell_0/" in found.text("operation") else []
    likely = [
        cause(id, "tf1", expected=expected, tf1_cell=TF1_CELLS[scope], units=units) for id in (*ids, "other_features")
    ]
    return wrong_size("x", "features", expected, got, likely, facts)


def rank_of_each_step(found: Found) -> Mismatch:
    """TimeDistributed got an array without a time axis."""
    shape = found.shape("shape")
    units = shape[-1] if shape else None
    likely = cause("return_sequences", "keras", cell=found.cell, units=units)
    return wrong_rank("dense_input", 3, len(shape), [likely], shapes=((), shape))


OF_WRAPPERS = re.compile(r"wrappers\.py")
"""The file of TimeDistributed in old versions of Keras, in the folded text."""


def rank_of_matrices(found: Found) -> Mismatch:
    """A product of what is no matrix, in old versions of PyTorch: a dense layer that gets all steps."""
    both = found.number("got"), found.number("other")
    called = called_layer(found.line) if both == (1, 2) else None
    if called and (named := RECURRENT.search(called.name.lower())):
        if named["cell"]:
            return from_code(wrong_rank("x", 2, 1))
        return from_code(wrong_rank("x", 3, 2, [cause("missing_axis", "pytorch")]))
    if both != (3, 2):
        return of_unknown_arrays()
    return wrong_rank("dense_input", 2, 3, [cause("every_step", "pytorch")])


RECURRENT = re.compile(r"(?:lstm|gru|rnn)_?(?P<cell>cell)?")
"""The name of a recurrent layer or cell, in lower case."""


def product_in_jax(found: Found) -> Mismatch:
    """x times the kernel of a cell of Flax, if Python underlined it: its line has that of h as well."""
    left, right = found.shape("left"), found.shape("right")
    if len(left) != 1 or len(right) != 1 or None in (*left, *right):
        return of_unknown_arrays()
    (got,), (expected,) = left, right
    if in_dense := _in_dense_layer(found, got or 0, expected or 0):
        return in_dense
    is_of_x, is_of_h = OF_X.search(found.underlined), OF_H.search(found.underlined)
    if (
        not is_of_h
        and "recurrent.py" in found.before
        and got in {shape[-1] for shape in found.surroundings.made_shapes}
    ):
        is_of_x = OF_X.search("(inputs)")
    if is_of_x and not is_of_h:
        return _of_features_of_flax(found, got or 0, expected or 0)
    if is_of_h and not is_of_x:
        likely = cause("other_units", "flax", units=expected)
        facts = [fact("num_units", expected or 0, "recurrent kernel")]
        return wrong_size("h_0", "num_units", expected or 0, got, [likely], facts)
    return (
        handwritten_cells.product_of_cell(found)
        or _product_of_made_cell(found, got or 0, expected or 0)
        or of_unknown_arrays()
    )


def _of_features_of_flax(found: Found, got: int, expected: int) -> Mismatch:
    """An x of a cell of Flax with other features. If the cell reads single numbers, the last axis may be that of the
    steps."""
    has_features = any(len(shape) > 2 and shape[-1] == got for shape in found.surroundings.made_shapes)
    ids = ("missing_features_axis", "other_features") if expected == 1 and not has_features else ("other_features",)
    likely = [cause(id, "flax", got=got, expected=expected, cell=found.cell) for id in ids]
    return wrong_size("x", "features", expected, got, likely, [fact("features", expected, "kernel")])


def _in_dense_layer(found: Found, got: int, expected: int) -> Mismatch | None:
    """The product of a dense layer of Flax that the program itself calls; None in a cell, which has such layers."""
    files = FILE_OF_FLAX.findall(found.before)
    if not files or files[-1] != "linear" or "recurrent" in files or not found.is_about_recurrence:
        return None
    source = found.program.source.strip()
    may_have_both = not source or DIRECTIONS.search(source) is not None
    is_double = got == 2 * expected and may_have_both and found.surroundings.flag("bidirectional") is not False
    id = "dense_directions" if is_double else "dense_features"
    likely = cause(id, "flax", got=got, expected=expected, outputs="outputs")
    return wrong_size("dense_input", "features", expected, got, [likely])


FILE_OF_FLAX = re.compile(r"flax[/\\](?:\w{1,20}[/\\]){1,2}(\w{1,20})\.py")
"""A file of Flax in a frame, in the folded text."""


def _product_of_made_cell(found: Found, got: int, expected: int) -> Mismatch | None:
    """The product with the kernel of a cell of Flax whose sizes stand in lines of code; None without such lines."""
    if "nnx" not in found.surroundings.text:
        return None
    size = found.surroundings.size_of_layer(expected)
    if size == "features":
        return _of_features_of_flax(found, got, expected)
    if size == "units":
        likely = cause("other_units", "flax", units=expected)
        facts = [fact("num_units", expected, "recurrent kernel")]
        return wrong_size("h_0", "num_units", expected, got, [likely], facts)
    return None


TEMPLATES = (
    MessageTemplate(
        "pytorch-product",
        "pytorch",
        "1.8-2",
        "mat1 and mat2 shapes cannot be multiplied ({a:n}x{b:n} and {c:n}x{d:n})",
        product,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-1-product",
        "pytorch",
        "1.5-1.7",
        "mat1 dim 1 must match mat2 dim 0",
        product_without_sizes,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-0-product",
        "pytorch",
        "0.3-1.7",
        "size mismatch, m1: [{a:n} x {b:n}], m2: [{c:n} x {d:n}]",
        product,
        anywhere=True,
    ),
    MessageTemplate(
        "tensorflow-product",
        "tf1",
        "1-2",
        "Dimensions must be equal, but are {i:n} and {j:n} for {operation:operation} (op: 'MatMul') with input shapes:"
        " {left:shape}, {right:shape}",
        product,
        anywhere=True,
    ),
    MessageTemplate(
        "tensorflow-2-product",
        "tf1",
        "2",
        "Dimensions must be equal, but are {i:n} and {j:n} for '{{node {operation:operation}}} ="
        " MatMul{arguments:operands}' with"
        " input shapes: {left:shape}, {right:shape}",
        product,
        anywhere=True,
    ),
    MessageTemplate(
        "tensorflow-2-product-cut",
        "tf1",
        "2",
        "Dimensions must be equal, but are {i:n} and {j:n} for '{{node {operation:operation}}} = MatMul",
        product_of_step,
        anywhere=True,
    ),
    MessageTemplate(
        "tensorflow-2-products",
        "tf1",
        "2",
        "Dimensions must be equal, but are {i:n} and {j:n} for '{{node {operation:operation}}} ="
        " BatchMatMulV2{arguments:operands}' with input shapes: {left:shape}, {right:shape}",
        product,
        anywhere=True,
    ),
    *(
        MessageTemplate(
            id,
            "tf1",
            versions,
            f"Matrix size-incompatible: In[0]: {{left:shape}}, In[1]: {{right:shape}}{node}",
            product,
            anywhere=True,
        )
        for id, versions, node in (
            ("tensorflow-product-run", "1-2", ""),
            ("tensorflow-product-of-node", "1.13-2", " [[{{node {operation:operation}"),
            ("tensorflow-0-product-of-node", "1", " [[Node: {operation:operation}"),
            ("tensorflow-2-product-of-node", "1.14-2", " [[node {operation:operation}"),
        )
    ),
    MessageTemplate(
        "tensorflow-products-run",
        "tf1",
        "2",
        "In[0] mismatch In[1] shape: {i:n} vs. {j:n}: {left:shape} {right:shape}",
        product,
        anywhere=True,
    ),
    *(
        MessageTemplate(id, "tf1", versions, text, rank_of_a_product, anywhere=True)
        for id, versions, text in (
            (
                "tf1-product-rank",
                "1",
                "Shape must be rank 2 but is rank {got:n} for '{operation:operation}' (op: 'MatMul') with input shapes:"
                " {left:shape}, {right:shape}",
            ),
            (
                "tf1-product-rank-2",
                "1.15-2",
                "Shape must be rank 2 but is rank {got:n} for '{{node {operation:operation}}} ="
                " MatMul{arguments:operands}' with input shapes: {left:shape}, {right:shape}",
            ),
        )
    ),
    MessageTemplate(
        "tf1-matrix",
        "tf1",
        "0",
        "Shape {shape:shape} must have rank {expected:last}",
        rank_of_matrix,
        anywhere=True,
    ),
    MessageTemplate(
        "jax-product",
        "jax",
        "0.1-0.10",
        "dot_general requires contracting dimensions to have the same shape, got {left:shape} and {right:shape}",
        product_in_jax,
        anywhere=True,
    ),
    MessageTemplate(
        "jax-batches-of-product",
        "jax",
        "0.1-0.10",
        "dot_general requires lhs batch dimensions and rhs batch dimensions to have the same shape, got {left:shape}"
        " and {right:shape}",
        lambda found: of_unknown_arrays(),
        anywhere=True,
    ),
    MessageTemplate(
        "numpy-product",
        "numpy",
        "1.16-2",
        "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature",
        lambda found: of_unknown_arrays(),
        anywhere=True,
    ),
    MessageTemplate(
        "keras-time-distributed",
        "keras",
        "2-3",
        "`TimeDistributed` Layer should be passed an `input_shape` with at least 3 dimensions, received: {shape:shape}",
        rank_of_each_step,
    ),
    MessageTemplate(
        "keras-1-time-distributed",
        "keras",
        "1-2.3",
        "assert len(input_shape) >= 3 AssertionError",
        lambda found: wrong_rank("dense_input", 3, 2, [cause("return_sequences", "keras", cell=found.cell)]),
        frame=OF_WRAPPERS,
    ),
    MessageTemplate(
        "pytorch-0-matrices",
        "pytorch",
        "0.1-1.0",
        "matrices expected, got {got:n}D, {other:n}D tensors",
        rank_of_matrices,
        anywhere=True,
    ),
)
