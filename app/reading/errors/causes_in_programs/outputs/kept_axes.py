"""What a pasted program says about a dense layer of PyTorch that reads every step of an output, or a state of all
layers, although the target of its loss has one value for each sample."""

import ast
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from ....code.operations import Operand, Operation
from ....code.values import Layer
from ....facts_about_sizes import fact
from ...axes_of_arrays import STEPS
from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, Size, only_size, wrong_rank
from ...sizes_of_data import batch_of_data
from ..inputs.calls_with_data import call_of_loss
from ..layers.layers_around import is_exchange

WITH_AXIS = 3
"""The axes of an output of every step, and of a state with its layers."""

STATES = {"h_0"}, {"c_0"}


class Kept(NamedTuple):
    """What a dense layer reads, the recurrent layer that returns it, and how many axes the output of the loss has."""

    read: Operand
    layer: Layer
    rank: int

    @property
    def is_state(self) -> bool:
        return self.read.roles in STATES


def _kept(found: Found) -> Kept | None:
    """What the first dense layer before the loss that failed reads, if it has all steps, or all layers of one
    direction."""
    loss = call_of_loss(found)
    losses = [one for one in found.program.operations if loss and one.kind == "loss" and one.node is loss]
    if not losses:
        return None
    output, operations = losses[0].operands[0], found.program.operations
    reads = [
        _given(found.program.tree, one)
        for one in operations
        if one.layer and one.layer.kind == "dense" and one.operands
    ]
    of_output = [one for one in reads if one.roles == output.roles and len(one.axes) == WITH_AXIS]
    if not of_output or len((read := of_output[0]).layers) != 1:
        return None
    kept = Kept(read, read.layers[0], len(output.axes))
    is_certain = kept.layer.setting("bidirectional") is False if kept.is_state else read.roles == {"output"}
    return kept if is_certain and kept.layer.framework == "pytorch" else None


def _given(tree: ProgramTree, dense: Operation) -> Operand:
    """What a dense layer reads; one in a Sequential reads what this gets, if both have the same axes."""
    read = dense.operands[0]
    if read.node is not None:
        return read
    calls = [one for one in tree.calls if len(one.args) == 1 and _is_sequential(tree.assigned(one.func))]
    given = [one.args[0] for one in calls if isinstance(one.args[0], ast.Name) and tree.axes(one.args[0]) == read.axes]
    return replace(read, node=given[0]) if len(given) == 1 else read


def _is_sequential(made: ast.expr | None) -> bool:
    return isinstance(made, ast.Call) and name_of(made) == "Sequential"


def _lacks_layers(kept: Kept, mismatch: Mismatch) -> bool:
    """Whether the target lacks the axis of layers of the output."""
    layers, output = kept.read.axes[0], mismatch.shapes[0] or mismatch.expected
    return isinstance(layers, int) and layers == _first(output) != _first(mismatch.shapes[1] or mismatch.got)


def _lacks_steps(found: Found, mismatch: Mismatch) -> bool:
    """Whether the target lacks the axis of steps of the output: its last axis is that of the batch."""
    sizes = only_size(mismatch.expected), only_size(mismatch.got)
    return found.template.id == "pytorch-broadcast" and None not in sizes and sizes[1] == batch_of_data(found)


def _first(size: Size) -> int | None:
    return size[0] if isinstance(size, tuple) and size else None


def _of_kept_axis(found: Found, mismatch: Mismatch) -> Mismatch:
    """An output with an axis of steps or of layers that the target lacks."""
    if found.framework != "pytorch" or mismatch.tensor != "target" or not (kept := _kept(found)):
        return mismatch
    facts = [*mismatch.facts_without("batch_size", "time_step")]
    ranks = kept.rank - 1, kept.rank
    if kept.is_state and _lacks_layers(kept, mismatch):
        id = "layers_of_state" if kept.read.roles == {"h_0"} else "pair_of_states"
        return wrong_rank("output", *ranks, [cause(id, "pytorch", fix="h_n, _ = states", wrong="h_n = states")], facts)
    if kept.is_state or not _lacks_steps(found, mismatch):
        return mismatch
    sizes = zip(STEPS[::-1], (mismatch.expected, mismatch.got), strict=True)
    facts += [fact(name, size, "output") for name, shape in sizes if (size := only_size(shape))]
    return wrong_rank("output", *ranks, [cause("not_return_sequences", "pytorch", cell=found.cell)], facts)


def last_step(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of the dense layer with the last step of the output; () if the layer reads time first, and the steps are
    in the second axis all the same."""
    kept, tree = _kept(found), found.program.tree
    if found.framework != "pytorch" or not kept or kept.is_state or (node := kept.read.node) is None:
        return ()
    is_batch_first = kept.layer.setting("batch_first")
    if not is_batch_first and found.template.id == "pytorch-broadcast":
        return ()
    last = f"{tree.operand(node)}[{':, -1' if is_batch_first else '-1'}]"
    if exchanged := _exchanged(tree, node):  # its axes, of which the last step has only two
        exchange, dense = exchanged
        return tree.corrected((exchange, tree.text_with(dense, (node, last))))
    return tree.corrected((node, last), *_column(found))


def _exchanged(tree: ProgramTree, node: ast.expr) -> tuple[ast.Call, ast.Call] | None:
    """The call that exchanges the steps and the classes that a dense layer returns, and the call of the layer, which
    reads a node; None without them."""
    match [*islice(tree.above(node), 3)]:
        case [ast.Call() as dense, ast.Attribute(), ast.Call() as exchange] if is_exchange(exchange):
            return exchange, dense
    return None


def _column(found: Found) -> list[tuple[ast.expr, str]]:
    """The target of a loss that is a column of classes, and the same as a vector."""
    call, tree = call_of_loss(found), found.program.tree
    is_column = found.template.id == "pytorch-target-size" and found.shape("got")[1:] == (1,)
    return [(call.args[1], f"{tree.operand(call.args[1])}[:, 0]")] if call and is_column else []


def last_layer(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of the dense layer with the state of the last layer."""
    kept, tree = _kept(found), found.program.tree
    if found.framework != "pytorch" or not kept or kept.read.roles != {"h_0"} or (node := kept.read.node) is None:
        return ()
    return tree.corrected((node, f"{tree.operand(node)}[-1]"))


def first_of_pair(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that gives both states of an LSTM one name, of which the dense layer reads the last one, c."""
    kept, tree = _kept(found), found.program.tree
    if not kept or kept.read.roles != {"c_0"} or kept.read.node is None:
        return ()
    names = {one.id: one for one in ast.walk(kept.read.node) if isinstance(one, ast.Name) and one.id != "self"}
    place = tree.place_of(next(iter(names.values()))) if len(names) == 1 else None
    is_second = place is not None and isinstance(next(tree.above(place), None), ast.Tuple)
    return tree.corrected((place, f"({place.id}, _)")) if place and is_second else ()


RULES = (_of_kept_axis,)
"""What the program says about the causes in the axes of an output."""

CORRECTIONS = {"not_return_sequences": last_step, "layers_of_state": last_layer, "pair_of_states": first_of_pair}
"""Cause -> the lines that it corrects."""
