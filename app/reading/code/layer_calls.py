"""Layers and chains of layers of the frameworks: how they are made, called and recorded."""

import ast
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce

from .axes_of_operations import axes_of_first, is_tensor, tensor_of
from .frameworks import keras, keras_cells, pytorch
from .frameworks.pytorch_functions import called
from .joined_values import joined
from .program_state import Origin, ProgramState, joined_origin, tensors_in
from .samples import OTHERS, SAME, are_moved
from .signatures import Arguments, Partial
from .values import (
    ANY,
    NONE,
    OTHER,
    UNKNOWN,
    Axes,
    Chained,
    Constant,
    Dictionary,
    Function,
    Functional,
    Instance,
    Layer,
    List,
    Maybe,
    Method,
    ModelOfTensors,
    Packed,
    Part,
    Reference,
    Repeated,
    Step,
    Tensor,
    Tuple,
    Unknown,
    Value,
    axis,
    last,
    layers_of,
)

ORDERED = ("lstm", "gru", "rnn")
"""The kinds of layers that say which of their axes is that of the samples."""


def _is_read(layer: Layer) -> bool:
    """Whether a layer has a kind, or settings that say what it computes. One of Keras of another kind is read if the
    number of its weights is known, as of most attentions."""
    if layer.kind != OTHER:
        return True
    return layer.parameters is not None if layer.framework == keras.FRAMEWORK else bool(layer.config)


class LayerCalls(ProgramState):
    """Makes, calls and records layers."""

    def made_layer(self, layer: Layer | None, node: ast.Call, inner: Iterable[Value] = ()) -> Value:
        """A new layer, which runs ``inner`` ones. It is unknown if a size is, but not if the size is an argument."""
        if layer is None:
            return UNKNOWN
        self.layers.append(layer)
        layer.last_line = node.end_lineno if layer.line == node.lineno else None
        if self.level:
            self.in_loops[layer] = self.repeated
            self.in_branches |= set() if self.repeated or self.uncounted else {layer}
        for one in inner:
            if isinstance(one, Layer) and one in self.in_loops:
                self.in_loops[layer] = max(self.in_loops.get(layer, 0), self.in_loops.pop(one))
                self.in_branches |= {layer} if one in self.in_branches and not self.in_loops[layer] else set()
        if layer.is_uncertain or not _is_read(layer):
            (self.of_layers if self.is_run else self.unsure).add(node.lineno)
        return layer

    def is_filled(self, owner: List | Dictionary, value: Value) -> bool:
        """Whether a list or a dictionary certainly holds layers alone after a loop puts one into it, as in each of an
        unknown number of times."""
        items = owner.items.values() if isinstance(owner.items, dict) else owner.items
        known = [owner.each or UNKNOWN] if items is None else [*items]
        if not isinstance(value, Layer) or not self.in_loops.get(value) or not all(isinstance(n, Layer) for n in known):
            return False
        start: Value = value
        owner.items, owner.each = None, reduce(joined, known, start)
        return True

    def one_of(self, each: Value | None) -> Value:
        """A layer that a loop makes an unknown number of times; unknown in such a loop, which may call several."""
        return UNKNOWN if each is None or self.repeated > self.active[-1].repeated else each

    def torch_module(self, name: str, arguments: Arguments, node: ast.Call) -> Value | None:
        if name in ("Sequential", "ModuleList"):
            first = arguments.positional[0] if arguments.positional else Tuple(())
            items: Sequence[Value] | None = arguments.positional if arguments.is_complete else None
            if name == "ModuleList":
                parts = first.items if isinstance(first, (Tuple, List)) else None
                if not arguments.positional:
                    parts = []
                each = first.item if isinstance(first, Repeated) and isinstance(first.item, Layer) else None
                return List(self.level, None if parts is None else list(parts), each=each)
            named = first.items if isinstance(first, Dictionary) else {}
            if (isinstance(first, (Reference, Unknown)) and len(arguments.positional) == 1) or named is None:
                items = None  # the only argument may be a dictionary
            elif named:
                items = list(named.values())
            if items is None:
                self.unknown.add(node.lineno)
                return UNKNOWN
            chain = Chained(self.level, list(items), pytorch.FRAMEWORK, node.lineno, names=list(named or ()))
            self.chains.append(chain)
            return chain
        if name == "ModuleDict":
            return self.ordered(arguments)
        for argument in arguments.positional:
            if isinstance(argument, Layer):
                argument.is_used = True
        if name.endswith("Loss"):
            return Partial(Reference("torch.nn.functional.any_loss"), Arguments(named=arguments.named))
        self.own_weights |= {node.lineno} if name.startswith("Parameter") else set()
        if name == "Parameter":
            return tensor_of(arguments.get("data", 0, UNKNOWN))
        return self.made_layer(pytorch.layer(name, arguments, node.lineno), node)

    def keras_object(self, name: str, arguments: Arguments, node: ast.Call) -> Value | None:
        if name == "Sequential":
            return self.keras_sequential(arguments, node)
        if name in ("Input", "InputLayer"):
            shape = arguments.get("shape", 0, UNKNOWN)
            batch = axis(arguments.get("batch_size", 1, UNKNOWN))
            is_shape = isinstance(shape, (Tuple, List))
            axes = keras.axes_of(shape, (batch,)) if is_shape else keras.input_of(arguments) or (ANY,)
            made = Tensor(axes)
            self.symbolic[id(made)] = made
            return made
        if name == "Model" and len(arguments.positional) + len(arguments.named.keys() & {"inputs", "outputs"}) > 1:
            self.inputs_of_models.append(arguments.get("inputs", 0, UNKNOWN))
            outputs = arguments.get("outputs", 1, UNKNOWN)
            self.note_model(outputs, node.lineno)
            return Functional(outputs, self.inputs_of_models[-1])
        if name in ("Model", "Layer"):
            return UNKNOWN
        if name in ("Concatenate", "Dot", *keras.MERGES):
            return Partial(
                Method(Constant(name), "merged"),
                Arguments(
                    (),
                    {"axes": arguments.get("axes", 0, UNKNOWN)}
                    if name == "Dot"
                    else {"axis": arguments.get("axis", 0, Constant(-1))},
                ),
            )
        if name[:1].islower():
            return self.keras_function(name, arguments)
        if name == "StackedRNNCells":
            return arguments.get("cells", 0, UNKNOWN)
        if name in keras_cells.CELLS:
            return self.made_layer(keras_cells.cell(name, arguments, node.lineno), node)
        if name == "RNN" and (cells := keras_cells.cells_in(arguments.get("cell", 0, UNKNOWN))):
            return self.cells_over_time(cells, arguments, node)
        if name == "RNN" and isinstance(arguments.get("cell", 0, UNKNOWN), Instance):
            return self.made_layer(keras_cells.own_cell_over_time(arguments, node.lineno), node)
        if name == "Lambda":
            return self.made_layer(self.of_function(arguments, node), node)
        inner = arguments.get("layer", 0, UNKNOWN)
        if name == "TimeDistributed" and isinstance(inner, Functional):
            self.active[-1].calls_models = True
            return self.made_layer(_model_at_each_step(inner, arguments, node.lineno), node)
        if name == "TimeDistributed" and isinstance(inner, Chained):
            return self.chain_at_each_step(inner, arguments, node)
        if self.data_format != NONE and name[-1:] in "De" and "data_format" not in arguments.named:
            named = {**arguments.named, "data_format": self.data_format}
            arguments = Arguments(arguments.positional, named, arguments.is_complete)
        layer = keras.layer(name, arguments, node.lineno)
        if name in keras.LOOKUPS:
            self.vocabularies[id(layer)] = keras.vocabulary_size(name, arguments)
        return self.made_layer(layer, node, (inner, arguments.named.get("backward_layer", NONE)))

    def note_model(self, outputs: Value, line: int) -> None:
        """Note the line that makes a model of Keras from tensors, if it has the layer that was called last."""
        recording = self.active[-1]
        held = outputs.items if isinstance(outputs, (Tuple, List, Dictionary)) else None
        items = held.values() if isinstance(held, dict) else held
        origin = joined_origin(map(self.origin, items or (outputs,)))
        is_whole = bool(recording.steps) and recording.steps[-1].layer in layers_of(origin or ())
        end = self.end_of(recording, outputs)
        returned = self.outputs_in(outputs if items is None else Tuple(tuple(items)))
        given = tensors_in(self.inputs_of_models[-1])
        inputs = frozenset(map(id, given)) if given and all(id(one) in self.symbolic for one in given) else None
        recording.models.append(ModelOfTensors(line, len(recording.steps), is_whole, end, returned, inputs))

    def cells_over_time(self, cells: Sequence[Layer], arguments: Arguments, node: ast.Call) -> Value | None:
        """RNN(cells): a layer, or a chain of them."""
        found = keras_cells.over_time(cells, arguments, node.lineno)
        if found is None:
            return self.made_layer(keras.plain(OTHER, node.lineno, pytorch.unknown_axes), node)
        made = [self.made_layer(layer, node, (cell,)) for layer, cell in zip(found, cells, strict=True)]
        if len(made) == 1:
            return made[0]
        gives_states = arguments.get("return_state", 2, Constant(False)) == Constant(True)
        return Chained(self.level, made, keras.FRAMEWORK, node.lineno, is_used=True, gives_states=gives_states)

    def of_function(self, arguments: Arguments, node: ast.Call) -> Layer:
        """Lambda(function)."""
        function = arguments.get("function", 0, UNKNOWN)
        followed = function if isinstance(function, Function) and "arguments" not in arguments.named else None
        shape = arguments.get("output_shape", 1, NONE)
        is_said = isinstance(shape, (Tuple, List)) and shape.items is not None

        def call(layer: Layer, axes: Axes) -> Value:
            given = Tensor(axes)
            self.note_origin(given, frozenset({layer}))
            found = self.call_function(followed, Arguments((given,))) if followed else UNKNOWN
            if isinstance(found, Tensor) and found.axes != (ANY,):
                return found
            return Tensor(keras.axes_of(shape, axes[:1] if ANY not in axes[:1] else (None,))) if is_said else Tensor()

        return keras.plain(OTHER, node.lineno, call)

    def chain_at_each_step(self, inner: Chained, arguments: Arguments, node: ast.Call) -> Chained:
        """TimeDistributed of a chain: its layers, each at each step."""
        inner.is_used = True
        chain = Chained(self.level, [], keras.FRAMEWORK, node.lineno, is_used=True)
        chain.input = keras.input_of(arguments) or keras.at_each_step(inner.input)
        for item in inner.items:
            match item:
                case Layer():
                    chain.items.append(keras.time_distributed(item, Arguments(), item.line))
                case Chained():
                    chain.items.append(self.chain_at_each_step(item, Arguments(), node))
                case _:
                    chain.items.append(UNKNOWN)
        return chain

    def keras_function(self, name: str, arguments: Arguments) -> Value | None:
        if name in ("concatenate", "add", "multiply", "average", "dot", "maximum", "subtract"):
            parts = arguments.get("inputs", 0, UNKNOWN)
            rest = Arguments(arguments.positional[1:], arguments.named, arguments.is_complete)
            return self.merge(name.capitalize(), parts, rest)
        return called(name, arguments.positional, arguments.named) if name in ("relu", "tanh", "sigmoid") else None

    def merge(self, name: str, parts: Value, arguments: Arguments) -> Value:
        if not isinstance(parts, (Tuple, List)) or not parts.items:
            return Tensor()
        return keras.merged(name, [tensor_of(part).axes for part in parts.items], arguments)

    def keras_sequential(self, arguments: Arguments, node: ast.Call) -> Value:
        chain = Chained(self.level, [], keras.FRAMEWORK, node.lineno)
        self.chains.append(chain)
        layers = arguments.get("layers", 0, Tuple(()))
        items = layers.items if isinstance(layers, (Tuple, List)) else None
        if items is None and layers != NONE:
            self.unknown.add(node.lineno)
        for item in items or ():
            self.add(chain, item, node.lineno)
        return chain

    def add(self, chain: Chained, item: Value, line: int) -> None:
        """Add a layer to a chain."""
        if isinstance(item, Tensor) and not chain.items:
            chain.input, chain.tensor = item.axes, item
            self.inputs_of_models.append(item)
        elif self.level > chain.level:
            chain.items.append(Maybe(item))
            self.unknown.add(line)
        else:
            chain.items.append(item)

    def call_layer(self, layer: Layer, arguments: Arguments, line: int) -> Value:
        """Call a layer, and record that."""
        layer.is_used = True
        if layer.options:
            self.steps -= 2 * len(layer.options)
            for option in layer.options:
                option.is_used = True
            self.of_layers |= set() if layer.is_exact else {option.line for option in layer.options}
        given = arguments.positional[0] if arguments.positional else next(iter(arguments.named.values()), UNKNOWN)
        if layer.several:
            given = _query(arguments)
        if isinstance(given, Packed):
            return self.call_with_packed(layer, given, line)
        axes = tensor_of(given).axes
        shown = layer.takes(layer, axes)
        whole = self.axes_of_last_output(given) if layer.kind == OTHER else axes
        if _contradicts(layer, shown) or (len(shown) != len(axes) and ANY not in axes):
            self.unknown.add(line)
            self.contradictions.add(line)
        noted = len(self.origins)
        output = layer.call(layer, shown)
        tensor = tensor_of(given)
        reads = self.origin_of_given(layer, given)
        returned = axes_of_first(output)
        samples = self.samples_of(given) if self.samples else SAME
        is_own = samples is OTHERS or (are_moved(samples) and layer.kind not in ORDERED)
        if is_own:
            self.note_samples(tensors_in(output), samples)
        gets = self.origin_of_all(arguments.all) if layer.framework != pytorch.FRAMEWORK else None
        where = (are_moved(samples), tensor.transposed_first, self.sites, tensor, noted, None, gets)
        self.record(
            Step(layer, shown, returned, line, None, whole, reads, tensor.transposed_last, is_own, *where), output
        )
        return output

    def origin_of_given(self, layer: Layer, given: Value) -> Origin:
        """The layers that the input of a layer comes from. One without sizes computes its output from all tensors of a
        list."""
        if layer.kind == OTHER and isinstance(given, (Tuple, List)) and given.items:
            return joined_origin(map(self.origin, given.items))
        return self.origin(given)

    def axes_of_last_output(self, given: Value) -> Axes:
        """The axes of a tensor, or of that in a list which the layer that was called last returns."""
        steps = self.active[-1].steps
        if isinstance(given, (Tuple, List)) and given.items and steps:
            outputs = (one for one in tensors_in(given) if steps[-1].layer in (self.origin(one) or ()))
            return next((one.axes for one in outputs if isinstance(one, Tensor)), (ANY,))
        return tensor_of(given).axes

    def call_with_packed(self, layer: Layer, given: Packed, line: int) -> Value:
        """A recurrent layer reads a packed sequence in the order in which it was packed."""
        ways = layer.options or (layer,)
        if {way.kind for way in ways} - {*ORDERED}:
            self.unknown.add(line)
            return self.call_layer(layer, Arguments((Unknown(),)), line)
        if len(given.axes) == 3:
            batch, steps, features = given.axes
        else:
            self.unknown.add(line)
            self.contradictions |= set() if ANY in given.axes else {line}
            batch, steps, features = None, None, last(given.axes) if ANY in given.axes else None
        axes = (batch, steps, features) if given.batch_first else (steps, batch, features)
        shown = layer.takes(layer, axes)
        outputs = [pytorch.outputs_of(way, (batch,)) for way in ways]
        size = outputs[0][0] if len({size for size, _ in outputs}) == 1 else None
        states = reduce(joined, (states for _, states in outputs))
        output = Tuple((Packed((batch, steps, size), given.batch_first), states))
        step = Step(layer, shown, (*shown[:2], size), line, reads=self.origin(given), sites=self.sites)
        self.record(replace(step, transposed_first=given.transposed_first, packed_first=given.batch_first), output)
        return output

    def record(self, step: Step, output: Value) -> None:
        """Record a call in the forward pass, and that what it returns is the layer's, unless it is uncertain."""
        recording = self.active[-1]
        if self.uncertain > recording.level:
            self.record_in_branch(step, self.uncertain)
            self.note_origin(output, None)  # not that of what the layer gets
            return
        self.note_outputs(step.layer, output)
        recording.add(step)
        self.recorded.add(step.layer)
        if self.repeated > recording.repeated:
            recording.in_loops.add(step.layer)
        if self.in_loops.get(step.layer, 0) > recording.repeated:
            self.several.add(step.layer)

    def note_outputs(self, layer: Layer, output: Value) -> None:
        """Note that what a layer returns is its own. A recurrent layer of PyTorch also returns its last states."""
        if isinstance(output, Tuple) and layer.kind in ORDERED and layer.framework == pytorch.FRAMEWORK:
            output, *states = output.items
            self.sequences[id(output)] = layer
            self.note_origin(Tuple(tuple(states)), frozenset({Part(layer, "states")}))
        self.note_origin(output, frozenset({layer}))

    def call_chain(self, chain: Chained, arguments: Arguments) -> Value:
        """Call each layer of a chain with the output of the one before it."""
        value = arguments.positional[0] if arguments.positional else UNKNOWN
        if chain.input is not None and not is_tensor(value):
            value = Tensor(chain.input)
        states = list[Value]()
        self.note_inner(chain, chain.tensor, arguments)
        for item in list(chain.items):
            layer = item.layer if isinstance(item, Maybe) else item
            if isinstance(layer, Instance) and isinstance(layer.layer, Layer) and not is_tensor(value):
                value = Tensor(layer.layer.input or (ANY,))
            if isinstance(layer, Layer) and layer.input is not None and not is_tensor(value):
                value = Tensor(layer.input)
            if isinstance(item, Maybe):
                with self.doubt():
                    value = joined(value, self.call_item(layer, value, chain.line))
            else:
                value = self.call_item(layer, value, chain.line)
            if chain.gives_states and isinstance(value, Tuple):
                value, *own = value.items
                states.append(own[0] if len(own) == 1 else Tuple(tuple(own)))
        return Tuple((value, *states)) if chain.gives_states else value

    def call_item(self, layer: Value, value: Value, line: int) -> Value:
        """Call a part of a chain that was made at a line."""
        arguments = Arguments((value,))
        match layer:
            case Layer():
                return self.call_layer(layer, arguments, layer.line)
            case Chained():
                layer.is_used = True
                return self.call_chain(layer, arguments)
            case Instance():
                return self.call_instance(layer, arguments, line, is_part=True) or Tensor()
        self.unknown.add(line)
        return Tensor()


def _model_at_each_step(model: Functional, arguments: Arguments, line: int) -> Layer:
    axes = tensor_of(model.outputs).axes

    def call(layer: Layer, given: Axes) -> Value:
        return Tensor((*given[:2], *axes[1:])) if ANY not in axes and ANY not in given and len(given) > 1 else Tensor()

    layer = keras.plain(OTHER, line, call)
    layer.input = keras.input_of(arguments) or keras.at_each_step(tensor_of(model.inputs).axes)
    return layer


def _query(arguments: Arguments) -> Value:
    """The tensor that says the output of a layer that takes several; unknown if another one says it, or if the layer
    gets no other one."""
    first = arguments.get("inputs", 0, UNKNOWN)
    items = first.items if isinstance(first, (Tuple, List)) else None
    is_alone = items is None and len(arguments.positional) < 2 and "value" not in arguments.named
    if is_alone or "return_attention_scores" in arguments.named:
        return UNKNOWN
    if items is None:
        return arguments.get("query", 0, UNKNOWN)
    return items[0] if len(items) == 2 else UNKNOWN


def _contradicts(layer: Layer, axes: Axes) -> bool:
    """Whether the last axis of the input is not the one that a layer says."""
    said = layer.size("features")
    if layer.kind in ("embedding", "convolution", OTHER) or not axes:
        return False
    return isinstance(said, int) and isinstance(axes[-1], int) and axes[-1] != said
