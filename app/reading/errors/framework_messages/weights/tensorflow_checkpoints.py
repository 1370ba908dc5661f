"""Messages of TensorFlow 1 about a checkpoint: variables of a cell that are missing or have another size."""

import re
from dataclasses import replace

from .....translations.phrases import phrase
from ....facts_about_sizes import GATES, fact
from ...causes import cause
from ...cell_classes import TF1_CELLS
from ...code_lines.program_nodes import name_of
from ...mismatch import Mismatch, NoShapeError, Shape, wrong_shape
from ...pasted_text import folded
from ..message_template import Found, MessageTemplate
from .checkpoints import of_parts

PLACE = re.compile(r"(?:multi_rnn_cell/cell_(\d{1,2})|bidirectional_rnn/(bw))/")
"""A part of the name of a variable: the index of a cell in a stack, or the backward direction."""

VARIABLE = re.compile(
    rf"loc:@[\w./-]{{0,160}}?\b({'|'.join(TF1_CELLS)})(?:_\d+)?/(?:(gates|candidate)/)?(kernel|weights|bias|biases)\b"
)
"""The variable of a cell that a node of the graph assigns: the scope of the cell, the part of a GRU, and the array,
which had other names before version 1.2."""

GATES_OF_GRU = {"gates": 2, "candidate": 1}
"""Array of a GRU -> the gates whose weights it holds."""


def variable(found: Found) -> Mismatch:
    """A variable of a cell that a checkpoint lacks."""
    place = PLACE.search(found.text("variable"))
    if not place or place[1] == "0":
        raise NoShapeError()
    if place[2]:
        return of_parts(2, 1, [cause("checkpoint_directions", "tf1")], [fact("directions", 2, "model")])
    layers = int(place[1]) + 1
    return of_parts(layers, int(place[1]), [cause("checkpoint_layers", "tf1", made=int(place[1]))])


def restored(found: Found) -> Mismatch:
    """A variable of a cell that has another shape in the checkpoint: a kernel of features + num_units rows, with a
    column for each unit of each gate, or a bias.

    Source: ``LayerRNNCell`` of tf.nn.rnn_cell; ``Saver.restore`` assigns what it reads.
    """
    if of_output := _of_output(found):
        return of_output
    named = VARIABLE.findall(_text_of_variable(found))
    by_sizes = None if named else _kernel_of_sizes(found)
    scope, part, array = named[-1] if named else by_sizes or (_scope_of_kernel(found), "", "kernel")
    if not scope or "num_proj" in found.surroundings.text:  # a projection changes the rows
        raise NoShapeError(phrase("weights of a layer that is not recurrent"))
    cell, expected, got = _cell(scope), found.shape("expected"), found.shape("got")
    is_kernel = array in ("kernel", "weights")
    gates = GATES_OF_GRU.get(part, GATES[cell])
    units, made = (_units(shape, gates, is_kernel) for shape in (expected, got))
    if not units or not made:
        raise NoShapeError(phrase("weights of a layer that is not recurrent"))
    facts = [fact("gates", GATES[cell], "cell"), fact("num_units", units, "variable")]
    sizes: dict[str, int | str | None] = {"units": made, "cell": cell, "tf1_cell": TF1_CELLS[scope]}
    if not is_kernel:
        return wrong_shape("bias", "gates*num_units", expected, got, [cause("other_size", "tf1", **sizes)], facts)
    if _is_first(found):
        facts.append(fact("features", (expected[0] or 0) - units, "variable"))
    if units == made:
        likely = cause("other_size", "tf1 features", features=(got[0] or 0) - made, **sizes)
        return wrong_shape("kernel", "features", expected, got, [likely], facts)
    mismatch = wrong_shape("kernel", "gates*num_units", expected, got, [cause("other_size", "tf1", **sizes)], facts)
    return replace(mismatch, note=FROM_SIZES_OF_KERNEL) if by_sizes else mismatch


FROM_SIZES_OF_KERNEL = phrase("The message does not name the array; its sizes are those of a kernel.")

OUTPUT = re.compile(r"\b(?i:output_?projection_?wrapper)(?:_\d+)?/(?:[Ll]inear/)?(?:kernel|weights|Matrix)\b")
"""The weights with which OutputProjectionWrapper makes outputs of h, in all versions."""


def _of_output(found: Found) -> Mismatch | None:
    """The kernel of the outputs of a cell with another number of rows, one for each unit; None for another array."""
    expected, got, text = found.shape("expected"), found.shape("got"), found.surroundings.original
    output, cell = (max((one.start() for one in of.finditer(text)), default=-1) for of in (OUTPUT, VARIABLE))
    if output <= cell or len(expected) != 2 or len(got) != 2 or None in (*expected, *got):
        return None
    if expected[1:] != got[1:] or "num_proj" in found.surroundings.text:
        return None
    facts = [fact("num_units", expected[0] or 0, "variable")]
    likely = cause("other_size", "tf1", units=got[0], cell=found.cell)
    return wrong_shape("dense_kernel", "num_units", expected, got, [likely], facts)


def _text_of_variable(found: Found) -> str:
    """The text in which a node of the graph assigns the variable; the variable itself if the message says its name."""
    variable = found.text("variable")
    return f"loc:@{variable}" if variable else found.surroundings.original


def _cell(scope: str) -> str:
    return next(cell for cell in GATES if cell in scope)


def _scope_of_kernel(found: Found) -> str:
    """The scope of the only cell that the program makes, if the variable of the graph has the columns of its kernel;
    "" otherwise. TensorFlow 2 does not name the variable. A GRU has two kernels."""
    tree, scopes = found.program.tree, {name: scope for scope, name in TF1_CELLS.items()}
    cells = [one for one in tree.calls if name_of(one) in scopes]
    if len(cells) != 1 or "loc:@" in found.surroundings.original:
        return ""
    scope, size = scopes[name_of(cells[0])], tree.argument(cells[0], 0, "num_units")
    units = tree.number(size) if size else None
    columns = units * GATES[_cell(scope)] if units and scope != "gru_cell" else None
    return scope if columns and found.shape("expected")[1:] == (columns,) else ""


def _kernel_of_sizes(found: Found) -> tuple[str, str, str] | None:
    """The scope, the part and the name of an array that nothing names, if both shapes are those of kernels of the cell
    in the text: for the same features, with other units. None for another array."""
    expected, got, scope = found.shape("expected"), found.shape("got"), SCOPES.get(found.cell)
    if not scope or "loc:@" in found.surroundings.original or found.text("variable"):
        return None
    gates = GATES_OF_GRU["gates"] if found.cell == "gru" else GATES[found.cell]
    units, made = (_units(shape, gates, is_kernel=True) for shape in (expected, got))
    if not units or not made or units == made or (expected[0] or 0) - units != (got[0] or 0) - made:
        return None
    return scope, "gates" if found.cell == "gru" else "", "kernel"


SCOPES = {"lstm": "lstm_cell", "gru": "gru_cell", "rnn": "basic_rnn_cell"}
"""The usual scope of each cell."""


def _is_first(found: Found) -> bool:
    """Whether the variable is that of a first layer, whose rows beyond num_units are the features of x."""
    place = PLACE.search(folded(_text_of_variable(found).rpartition("loc:@")[2]))
    return not place or place[1] in (None, "0")


def _units(shape: Shape, gates: int, is_kernel: bool) -> int:
    """The number of units of an array whose last axis has those of all gates; 0 if it is no such array."""
    if len(shape) != (2 if is_kernel else 1) or None in shape:
        return 0
    units, rest = divmod(shape[-1] or 0, gates)
    return 0 if rest or (is_kernel and (shape[0] or 0) <= units) else units


TEMPLATES = (
    MessageTemplate("tf1-missing-variable", "tf1", "1", "Key {variable:operation} not found in checkpoint", variable),
    MessageTemplate(
        "tf1-restore",
        "tf1",
        "1",
        "Assign requires shapes of both tensors to match. lhs shape= {expected:shape} rhs shape= {got:shape}",
        restored,
    ),
    MessageTemplate(
        "tf1-reader",
        "tf1",
        "1",
        "Shape of variable {variable:scope} ({expected:shape}) doesn't match with shape of tensor {tensor:scope}"
        " ({got:shape}) from checkpoint reader",
        restored,
    ),
)
