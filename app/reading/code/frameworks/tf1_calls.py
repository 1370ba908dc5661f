"""Calls of TensorFlow 1: they make cells, run them over time, and multiply by variables."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager

from ..axes_of_operations import tensor_of
from ..layer_calls import LayerCalls
from ..program_state import joined_origin, tensors_in
from ..signatures import Arguments
from ..values import (
    ANY,
    NONE,
    UNKNOWN,
    Axis,
    Constant,
    Layer,
    List,
    Recording,
    Step,
    Tensor,
    Tuple,
    Value,
    axis,
    changed,
    last,
    plus,
    size,
)
from . import keras_convolutions, tf1, tf1_cudnn
from .tf1 import Cells, Graph, Variable, cells_of

BOTH = {
    "bidirectional_dynamic_rnn": "pair",
    "stack_bidirectional_dynamic_rnn": "joined",
    "static_bidirectional_rnn": "joined",
    "bidirectional_rnn": "joined",
}
"""By function, whether the outputs of both directions are a pair, or are joined."""

OF_JOINED = ("stack_bidirectional_dynamic_rnn",)
"""Functions whose layers read the outputs of both directions of the layer below, not only of their own."""

LISTS_OF_STEPS = ("static_rnn", "rnn", "raw_rnn", "static_bidirectional_rnn", "bidirectional_rnn")
"""Functions that take a list of steps, or one after the other."""


class TensorFlow1Calls(LayerCalls):
    """Calls what TensorFlow 1 defines."""

    def tf1_call(self, name: str, arguments: Arguments, node: ast.Call) -> Value | None:
        """Call a function or class by its last name; None for an unknown one."""
        if name == "LSTMBlockFusedCell":
            return self.made_layer(tf1.fused(arguments, node.lineno), node)
        if name in tf1_cudnn.KINDS:
            return self.made_layer(tf1_cudnn.layer(name, arguments, node.lineno), node)
        if name == "TimeReversedFusedRNN":
            return self.made_layer(tf1.reversed_fused(arguments.get("cell", 0, UNKNOWN), node.lineno), node)
        if name in tf1.PARAMETERS:
            return self.made_layer(tf1.cell(name, arguments, node.lineno), node)
        if not arguments.is_complete:
            return None
        match name:
            case "DropoutWrapper" | "DeviceWrapper" | "ResidualWrapper" | "HighwayWrapper":
                return self.wrapped_cell(name, arguments)
            case "MultiRNNCell":
                return cells_of(arguments.get("cells", 0, UNKNOWN))
            case "LSTMStateTuple":
                return Tuple((arguments.get("c", 0, UNKNOWN), arguments.get("h", 1, UNKNOWN)))
            case "dynamic_rnn" | "static_rnn" | "rnn":
                return self.run_cells(name, arguments, node)
            case "raw_rnn":
                found = self.run_cells(name, Arguments((arguments.get("cell", 0, UNKNOWN),)), node)
                self.unknown.add(node.lineno)  # a function says what it gets
                return Tuple((UNKNOWN, *found.items[1:], UNKNOWN)) if isinstance(found, Tuple) else None
            case "Variable" | "get_variable":
                made = tf1.variable(name, arguments, node.lineno)
                self.free_variables.add(id(made))
                self.note_origin(made, frozenset())  # keeps it, since another one may get its id
                return made
            case "Graph":
                return Graph(Recording(self.active[-1].line, self.uncertain))
            case "reset_default_graph":
                self.begin_graph()
                return NONE
            case "matmul" | "xw_plus_b":
                return self.multiply(arguments, node)
            case "add" | "bias_add":
                self.note_bias(*([*arguments.positional, *arguments.named.values(), UNKNOWN, UNKNOWN][:2]))
            case "embedding_lookup":
                return self.look_up(arguments, node)
            case "reshape":
                return self.reshape(arguments)
            case "Dense":
                layer = tf1.dense(None, arguments.get("units", 0, UNKNOWN), Constant(True), node.lineno)
                return self.made_layer(layer, node)
            case "dropout" if any(layer.framework == tf1.FRAMEWORK for layer in self.layers):
                return self.call_dropout(arguments, node)
            case "dense" | "fully_connected" | "linear":
                return self.call_dense(arguments, node)
        if name in BOTH:
            return self.run_both(name, arguments, node)
        return tf1.called(name, arguments)

    def call_over_axes(self, name: str, arguments: Arguments, node: ast.Call) -> Value:
        """``tf.layers.conv1d(inputs, filters, kernel_size)``: the layer of Keras with the same name, called."""
        named = {key: value for key, value in arguments.named.items() if key != "inputs"}
        start = 0 if "inputs" in arguments.named else 1
        given = Arguments(arguments.positional[start:], named, arguments.is_complete)
        layer = keras_convolutions.layer(tf1.OVER_AXES[name], given, node.lineno)
        if layer is None:
            return UNKNOWN
        self.made_layer(changed(layer, framework=tf1.FRAMEWORK), node)
        return self.call_layer(self.layers[-1], Arguments((arguments.get("inputs", 0, UNKNOWN),)), node.lineno)

    def call_layer(self, layer: Layer, arguments: Arguments, line: int) -> Value:
        """Call a layer. Those of cuDNN say the order of their axes then."""
        if layer.framework == tf1.FRAMEWORK and layer.class_name in tf1_cudnn.KINDS:
            layer.config["time_major"] = arguments.named.get("time_major", Constant(True))
        return super().call_layer(layer, arguments, line)

    def begin_graph(self) -> None:
        """What is made from here on, outside of objects that are models, is in a graph of its own."""
        recording = self.active[-1]
        if not recording.owner and self.uncertain <= recording.level and not self.repeated and recording.steps:
            self.active[-1] = Recording(recording.line, recording.level)
            self.recordings.append(self.active[-1])

    @contextmanager
    def in_graph(self, graph: Graph) -> Iterator[None]:
        """Within this context what is made outside of objects that are models is in a graph."""
        default = self.active[-1]
        if not default.owner:
            self.active[-1] = graph.recording
        if graph.recording not in self.recordings:
            self.recordings.append(graph.recording)
        try:
            yield
        finally:
            self.active[-1] = default

    def wrapped_cell(self, name: str, arguments: Arguments) -> Value | None:
        """A cell with dropout, or that adds its input; of several, the last one has the dropout."""
        found = cells_of(arguments.get("cell", 0, UNKNOWN))
        if found is None or name == "DeviceWrapper":
            return None if found is None else arguments.get("cell", 0, UNKNOWN)
        *below, top = found.cells
        if name == "DropoutWrapper":
            wrapped = tf1.dropped(top, arguments.get("output_keep_prob", 2, Constant(1.0)))
        else:
            below, wrapped = [tf1.wrapped(name, one) for one in below], tf1.wrapped(name, top)
            self.layers += below
        self.layers.append(wrapped)
        return Cells([*below, wrapped], found.count) if found.has_tuple else wrapped

    def run_cells(self, name: str, arguments: Arguments, node: ast.Call) -> Value | None:
        """Run cells over the steps of a sequence: a tensor, or a list of its steps."""
        cells = cells_of(arguments.get("cell", 0, UNKNOWN))
        if cells is None:
            return None
        output, batch = self.run_layers(
            name, cells, arguments.get("inputs", 1, UNKNOWN), arguments, node, is_bidirectional=False
        )
        states = states_of(cells, batch)
        self.note_origin(states, self.origin(output))
        return Tuple((output, states))

    def run_both(self, name: str, arguments: Arguments, node: ast.Call) -> Value | None:
        """Run cells in both directions."""
        directions = [
            cells_of(arguments.get(cell, n, arguments.named.get(cells, UNKNOWN)))
            for n, (cell, cells) in enumerate((("cell_fw", "cells_fw"), ("cell_bw", "cells_bw")))
        ]
        forward, backward = directions
        if forward is None or backward is None or not _are_alike(forward, backward):
            return None
        inputs = arguments.get("inputs", 2, UNKNOWN)
        output, batch = self.run_layers(name, forward, inputs, arguments, node, is_bidirectional=True)
        for cell in backward.cells:
            cell.is_used = True
        states = states_of(forward, batch), states_of(backward, batch)
        self.note_origin(Tuple(states), self.origin(output))
        if BOTH[name] == "pair":
            return Tuple((Tuple((output, output)), Tuple(states)))
        return Tuple((output, *states))

    def run_layers(
        self,
        name: str,
        cells: Cells,
        inputs: Value,
        arguments: Arguments,
        node: ast.Call,
        *,
        is_bidirectional: bool,
    ) -> tuple[Tensor, Axis]:
        """Record the layers of cells. The output of the last one, and the axis of the batch."""
        is_time_major = Constant(True) if name in LISTS_OF_STEPS else arguments.get("time_major", 99, Constant(False))
        given, batch, output = steps_of(inputs), None, Tensor()
        axes, transposed_first = given.axes, given.transposed_first
        is_list = isinstance(inputs, (Tuple, List)) and inputs.items
        origin = joined_origin(map(self.origin, tensors_in(inputs))) if is_list else self.origin(inputs)
        gets = self.origin_of_all(arguments.all)
        for cell in cells.cells:
            cell.is_used = True
        layers, is_joined = tf1.layers_of(cells, is_time_major, is_bidirectional), BOTH.get(name) == "joined"
        has_own_stacks = is_bidirectional and name not in OF_JOINED and (cells.count != NONE or len(cells.cells) > 1)
        if has_own_stacks:
            tf1.note_own_stacks(layers)
            self.unknown.add(node.lineno)
        if made_in := max(self.in_loops.get(cell, 0) for cell in cells.cells):
            self.in_loops |= dict.fromkeys(layers, made_in)
        if not self.in_branches.isdisjoint(cells.cells):
            self.in_branches.update(layers)
        for layer in layers:
            read, axes, batch = tf1.sequence(layer, axes)
            if is_joined and (layer is layers[-1] or not has_own_stacks):
                axes = (*axes[:2], plus(axes[2], axes[2]))
            output = Tensor(axes)
            step = Step(layer, read, axes, node.lineno, reads=origin, gets=joined_origin([gets, origin]))
            self.record(changed(step, transposed_first=transposed_first), output)
            origin, transposed_first = frozenset({layer}), None
        return output, batch

    def call_cells(self, cells: Cells, arguments: Arguments, line: int) -> Value | None:
        """Call a MultiRNNCell for one step."""
        if cells.count != NONE:
            return None
        given, states = arguments.get("inputs", 0, UNKNOWN), list[Value]()
        for cell in cells.cells:
            output = self.call_layer(cell, Arguments((given,)), line)
            given, state = output.items if isinstance(output, Tuple) else (UNKNOWN, UNKNOWN)
            states.append(state)
        return Tuple((given, Tuple(tuple(states))))

    def multiply(self, arguments: Arguments, node: ast.Call) -> Value:
        """A product; by a variable, it is a dense layer."""
        by = arguments.get("b", 1, arguments.named.get("weights", UNKNOWN))
        given = tensor_of(arguments.get("a", 0, arguments.named.get("x", UNKNOWN)))
        is_transposed = not arguments.named.keys().isdisjoint(("transpose_a", "transpose_b"))
        if not isinstance(by, Variable) or len(by.axes) != 2 or ANY in by.axes or is_transposed:
            return Tensor(tf1.product(arguments))
        features, units = by.axes
        bias = arguments.get("c", 2, arguments.named.get("biases", UNKNOWN))
        layer = self.of_variable(by, tf1.dense(features, size(units), UNKNOWN, by.line))
        output = self.call_layer(layer, Arguments((given,)), node.lineno)
        self.products[id(output)] = output, layer
        self.note_bias(output, bias)
        return output

    def of_variable(self, matrix: Variable, layer: Layer) -> Layer:
        """The layer of a matrix: the same one for each product, and another one for each lookup."""
        self.free_variables.discard(id(matrix))
        known = self.variables.setdefault((id(matrix), layer.kind), (matrix, layer))[1]
        others = [one for (of, kind), (_, one) in self.variables.items() if of == id(matrix) and kind != layer.kind]
        if known is layer:
            layer.name, layer.tied_to = matrix.name, others[0] if others else None
            self.layers.append(layer)
        return known

    def note_bias(self, one: Value, other: Value) -> None:
        """Note that a variable is added to a product."""
        for product, bias in ((one, other), (other, one)):
            _, layer = self.products.get(id(product), (None, None))
            if layer and isinstance(bias, Variable) and bias.axes in ((layer.size("num_units"),), (None,)):
                layer.config["bias"] = Constant(True)
                self.free_variables.discard(id(bias))

    def reshape(self, arguments: Arguments) -> Value:
        """A reshape. What it makes of the output of the last layer ends a graph, which returns nothing, if it has more
        axes: a reshape to fewer ones may be only for a loss."""
        made, recording = tf1.called("reshape", arguments), self.active[-1]
        origin = self.origin(next(iter(arguments.all), UNKNOWN))
        if recording.steps and origin == frozenset({recording.steps[-1].layer}) and self.uncertain <= recording.level:
            axes, before = tensor_of(made or UNKNOWN).axes, recording.steps[-1].output
            if ANY not in axes and ANY not in before and len(axes) > len(before):
                recording.divided[recording.steps[-1].layer] = axes
        return made or UNKNOWN

    def look_up(self, arguments: Arguments, node: ast.Call) -> Value:
        """An embedding."""
        matrix, ids = tensor_of(arguments.get("params", 0, UNKNOWN)), tensor_of(arguments.get("ids", 1, UNKNOWN))
        layer = tf1.embedding(matrix.axes, matrix.line if isinstance(matrix, Variable) else node.lineno)
        if isinstance(matrix, Variable):
            layer = self.of_variable(matrix, layer)
        self.made_layer(layer, node)
        return self.call_layer(layer, Arguments((ids,)), node.lineno)

    def call_dense(self, arguments: Arguments, node: ast.Call) -> Value:
        """tf.layers.dense(inputs, units), tf.contrib.layers.fully_connected(inputs, num_outputs)."""
        given = tensor_of(arguments.get("inputs", 0, UNKNOWN))
        units = arguments.get("units", 1, arguments.named.get("num_outputs", UNKNOWN))
        bias = arguments.named.get("use_bias", Constant(True))
        layer = tf1.dense(last(given.axes), units, bias, node.lineno)
        name = arguments.named.get("name")
        layer.name = name.value if isinstance(name, Constant) and isinstance(name.value, str) else None
        self.made_layer(layer, node)
        return self.call_layer(layer, Arguments((given,)), node.lineno)

    def call_dropout(self, arguments: Arguments, node: ast.Call) -> Value:
        """tf.layers.dropout(inputs, rate), tf.nn.dropout(x, keep_prob)."""
        given = tensor_of(next(iter(arguments.all), UNKNOWN))
        layer = tf1.dropout(arguments, node.lineno)
        self.made_layer(layer, node)
        return self.call_layer(layer, Arguments((given,)), node.lineno)


def zero_state(cells: Cells, arguments: Arguments) -> Value:
    """``cell.zero_state(batch_size, dtype)``."""
    return states_of(cells, axis(arguments.get("batch_size", 0, UNKNOWN)))


def states_of(cells: Cells, batch: Axis) -> Value:
    """The states of cells: a tuple of them for a MultiRNNCell."""
    if cells.count != NONE:
        return UNKNOWN
    states = [tf1.state_of(cell, batch) for cell in cells.cells]
    return Tuple(tuple(states)) if cells.has_tuple else states[0]


def steps_of(inputs: Value) -> Tensor:
    """A list of steps as a tensor whose first axis counts them."""
    if isinstance(inputs, (Tuple, List)) and inputs.items:
        axes = tensor_of(inputs.items[0]).axes
        return Tensor((len(inputs.items), *axes)) if ANY not in axes else Tensor()
    return tensor_of(inputs)


def _are_alike(one: Cells, other: Cells) -> bool:
    """Whether both directions have the same cells."""
    pairs = zip(one.cells, other.cells, strict=False)
    return len(one.cells) == len(other.cells) and all(tf1.are_alike(*pair) for pair in pairs)
