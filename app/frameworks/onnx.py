"""ONNX: onnx/defs/rnn/defs.cc, operators LSTM, GRU and RNN of opset 22."""

from collections.abc import Iterator, Mapping
from functools import cached_property, partial

import numpy as np

from ..core.axes import BATCH_SIZE, TIME_STEP, Axes, axis, shape
from ..core.cell import Cell
from ..core.cells import GRU, GRU_RESET_AFTER, LSTM, LSTM_COUPLED, LSTM_PEEPHOLE, RNN
from ..core.ops import Array
from ..core.stack import Place, Stack
from ..core.trace import StackTrace
from ..translations.phrases import phrase
from .arrays import (
    IOArray,
    StoredArray,
    all_steps,
    axes_of,
    initial_state,
    input_array,
    last_steps,
    stacked_states,
)
from .framework_types import (
    DerivedSwitch,
    Framework,
    FrameworkCell,
    Limitation,
    NewBias,
    Switch,
    limitation,
    no_such_cell,
)
from .program_text import (
    LOAD,
    Brackets,
    Code,
    asserted,
    call,
    commented,
    indented,
    literal,
    opening,
    printed,
    program,
    table,
    unpack,
)
from .stack_in_framework import Model
from .weight_layout import Blocks, Parameter, WeightLayout, widths

OPERATORS: dict[Cell, FrameworkCell] = {
    LSTM: FrameworkCell("LSTM", "iofg", {"g": "c"}),
    LSTM_PEEPHOLE: FrameworkCell("LSTM", "iofg", {"g": "c"}),
    LSTM_COUPLED: FrameworkCell("LSTM", "iofg", {"g": "c"}),
    GRU: FrameworkCell("GRU", "zrg", {"g": "h"}),
    GRU_RESET_AFTER: FrameworkCell("GRU", "zrg", {"g": "h"}),
    RNN: FrameworkCell("RNN", "a"),
}

DIRECTIONS = axis("directions")

ONLY_LAYOUT_0 = phrase(
    "ONNX Runtime supports only layout 0, and the ONNX reference evaluator does not support input_forget"
)
INPUT_FORGET = phrase("1: the forget gate is 1 minus the input gate")
BEFORE_RESET = phrase("1: the product with R comes before the reset gate")


class OnnxModel(Model):
    """One node for each layer; both directions in one array, along an axis of their own, in weights and in outputs."""

    def limitations(self) -> Iterator[Limitation]:
        stack = self.stack
        if stack.cell not in OPERATORS:
            yield no_such_cell(self.framework.title, stack, OPERATORS)
        if stack.num_proj:
            yield limitation(phrase("the ONNX LSTM operator has no projection"), num_proj=0)
        if stack.cell is LSTM_COUPLED and self.settings["layout"]:
            yield limitation(
                ONLY_LAYOUT_0,
                layout=0,
            )

    @cached_property
    def layout(self) -> WeightLayout:
        stack = self.stack
        operator = OPERATORS[stack.cell]
        gates = tuple(operator.gates)
        peepholes = [Parameter("P", ("p",), tuple("iof"), flat=True)] if stack.cell is LSTM_PEEPHOLE else []
        parameters = (
            Parameter("W", ("x",), gates, transposed=True),
            Parameter("R", ("h",), gates, transposed=True),
            Parameter("B", ("b", "b_h"), gates, flat=True),
            *peepholes,
        )
        # With ``input_forget`` f is 1 − i; in our cell i is 1 − f.
        opposite = (("i", "f"),) if stack.cell is LSTM_COUPLED else ()
        return WeightLayout(parameters, operator.letters, opposite=opposite)

    def full_name(self, name: str, place: Place) -> str:
        """The name of an input of the operator, with the number of the layer if there are several."""
        return _numbered(name, place[0], self.stack)

    @cached_property
    def weights(self) -> tuple[StoredArray, ...]:
        stack = self.stack
        layout = self.layout
        return tuple(
            StoredArray(
                _numbered(parameter.name, layer, stack),
                (DIRECTIONS, *parameter.axes(widths(stack.program(layer)))),
                partial(_stacked, layout, parameter, [(layer, direction) for direction in stack.directions]),
            )
            for layer in range(stack.num_layers)
            for parameter in layout.parameters
        )

    def expression(self, name: str, place: Place) -> str:
        return f"{super().expression(name, place)}[{self.stack.directions.index(place[1])}]"

    def assignment(self, name: str, place: Place, array: Code) -> Code:
        """Collect the arrays of both directions in a list, which ``finished`` stacks."""
        arrays = f'made["{self.full_name(name, place)}"]'
        return Brackets(f"{arrays} = [", (array,), "]") if place[1] == "forward" else call(f"{arrays}.append", array)

    finished = "{name: np.stack(arrays) for name, arrays in made.items()}"

    def new_bias(self, gate: str) -> NewBias | None:
        """None: a graph holds weights that were trained elsewhere."""
        return None

    @property
    def derived_switches(self) -> tuple[DerivedSwitch, ...]:
        stack = self.stack
        switches = {
            LSTM: DerivedSwitch("input_forget", 0, 1, {"cell": "lstm_coupled", "layout": 0}, INPUT_FORGET),
            LSTM_COUPLED: DerivedSwitch("input_forget", 1, 0, {"cell": "lstm"}, INPUT_FORGET),
            GRU: DerivedSwitch("linear_before_reset", 0, 1, {"cell": "gru_reset_after"}, BEFORE_RESET),
            GRU_RESET_AFTER: DerivedSwitch("linear_before_reset", 1, 0, {"cell": "gru"}, BEFORE_RESET),
        }
        return (switches[stack.cell],) if stack.cell in switches else ()

    @cached_property
    def input(self) -> IOArray:
        return input_array("X", time_major=self.settings["layout"] == 0)

    @cached_property
    def initial_states(self) -> tuple[IOArray, ...]:
        stack = self.stack
        return tuple(
            initial_state(
                _numbered(f"initial_{state}", layer, stack), state, self._places(layer), stack, self._state_axes(state)
            )
            for layer in range(stack.num_layers)
            for state in stack.states
        )

    @cached_property
    def outputs(self) -> tuple[IOArray, ...]:
        stack = self.stack
        states = [self._state(layer, state) for layer in range(stack.num_layers) for state in stack.states]
        return (self._output(), *states)

    stored_arrays = "{array.name: numpy_helper.to_array(array) for array in model.graph.initializer}"

    def load(self, arrays: str) -> list[Code]:
        copied = f"array.CopyFrom(numpy_helper.from_array({arrays}[array.name], array.name))"
        # With several layers there is one more array, the shape of a Reshape.
        body = [f"if array.name in {arrays}:", *indented(copied)] if self.stack.num_layers > 1 else [copied]
        return ["for array in model.graph.initializer:", *indented(body)]

    def code(self) -> str:
        stack = self.stack
        sizes = self.sizes
        input, returned = self.input, axes_of(self.outputs)
        runtime = self.settings["layout"] == 0
        nodes = [node for layer in range(stack.num_layers) for node in self._nodes(layer)]
        return program(
            opening(self.framework.title, stack),
            "import sys",
            "",
            "import numpy as np",
            "import onnx",
            ["import onnxruntime", "from onnx import helper, numpy_helper"]
            if runtime
            else "from onnx import helper, numpy_helper, reference",
            "",
            "random = np.random.default_rng(0)",
            table("shapes", axes_of(self.weights), sizes),
            "weights = {name: random.random(shape, np.float32) for name, shape in shapes.items()}",
            commented(f"X = random.random({shape(input.axes, sizes)}, np.float32)", input.axes),
            LOAD,
            indented("weights = dict(np.load(sys.argv[1]))", 'X = weights.pop("X", X)'),
            "assert {name: array.shape for name, array in weights.items()} == shapes",
            "",
            JOINED_SHAPE if stack.num_layers > 1 else [],
            Brackets("nodes = [", tuple(nodes), "]"),
            table("results", returned, sizes),
            "kind = helper.np_dtype_to_tensor_dtype(X.dtype)",
            "graph = helper.make_graph(",
            indented(
                "nodes,",
                f'"{stack.cell.id}",',
                '[helper.make_tensor_value_info("X", kind, X.shape)],',
                "[helper.make_tensor_value_info(name, kind, shape) for name, shape in results.items()],",
                "[numpy_helper.from_array(array, name) for name, array in weights.items()],",
            ),
            ")",
            'model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)], ir_version=10)',
            "onnx.checker.check_model(model)",
            "",
            "session = onnxruntime.InferenceSession(model.SerializeToString())"
            if runtime
            else "session = reference.ReferenceEvaluator(model)  # ONNX Runtime knows layout 0 only",
            unpack(returned, call("session.run", "list(results)", '{"X": X}')),
            asserted(returned, sizes),
            printed(self.printed_output),
        )

    def _nodes(self, layer: int) -> list[Code]:
        """The operator of a layer, and those that concatenate both directions for the layer above."""
        stack = self.stack
        names = [parameter.name for parameter in self.layout.parameters]
        inputs = [f"side_by_side_{layer - 1}" if layer else "X", *(_numbered(n, layer, stack) for n in names)]
        if stack.cell is LSTM_PEEPHOLE:
            inputs[-1:] = ["", "", "", inputs[-1]]  # no sequence_lens, initial_h, initial_c
        top = layer == stack.num_layers - 1
        Y = "Y" if top else f"Y_{layer}"
        outputs = [Y, *(self._state(layer, state).name for state in stack.states)]
        operator = _node(OPERATORS[stack.cell].name, inputs, outputs, **self._attributes())
        if top:
            return [operator]
        if self.settings["layout"]:
            return [operator, _node("Reshape", [Y, "wide"], [f"side_by_side_{layer}"])]
        return [
            operator,
            _node("Transpose", [Y], [f"{Y}_turned"], perm=[0, 2, 1, 3]),
            _node("Reshape", [f"{Y}_turned", "wide"], [f"side_by_side_{layer}"]),
        ]

    def _output(self) -> IOArray:
        """Y. Directions have an axis of their own, after time_step; they are not concatenated."""
        stack = self.stack
        top = stack.num_layers - 1
        covered = all_steps(top, stack)
        if self.settings["layout"]:
            axes: Axes = (BATCH_SIZE, TIME_STEP, DIRECTIONS, stack.state)
            return IOArray("Y", axes, lambda trace: _directions(trace, top, 2), "Y", covered)
        axes = (TIME_STEP, DIRECTIONS, BATCH_SIZE, stack.state)
        return IOArray("Y", axes, lambda trace: _directions(trace, top, 1).swapaxes(0, 2), "Y", covered)

    def _places(self, layer: int) -> tuple[Place, ...]:
        return tuple((layer, direction) for direction in self.stack.directions)

    def _state_axes(self, state: str) -> Axes:
        """A state has both directions of a layer, along a first axis; layout 1 puts batch_size before it."""
        batch_size, width = self.stack.states[state]
        return (batch_size, DIRECTIONS, width) if self.settings["layout"] else (DIRECTIONS, batch_size, width)

    def _state(self, layer: int, state: str) -> IOArray:
        """Y_h or Y_c of a layer."""
        places = self._places(layer)
        name = _numbered(f"Y_{state}", layer, self.stack)

        def array(trace: StackTrace) -> Array:
            stacked = stacked_states(trace, state, places)
            return stacked.swapaxes(0, 1) if self.settings["layout"] else stacked

        return IOArray(name, self._state_axes(state), array, f"{state}_T", last_steps(places), True)

    def _attributes(self) -> dict[str, object]:
        """The attributes of an operator that differ from its defaults."""
        stack = self.stack
        attributes: dict[str, object] = {"hidden_size": stack.num_units}
        if stack.bidirectional:
            attributes["direction"] = "bidirectional"
        if stack.cell is LSTM_COUPLED:
            attributes["input_forget"] = 1
        if stack.cell is GRU_RESET_AFTER:
            attributes["linear_before_reset"] = 1
        if self.settings["layout"]:
            attributes["layout"] = self.settings["layout"]
        return attributes


ONNX = Framework(
    id="onnx",
    title="ONNX",
    size_names=(("time_step", "seq_length"), ("features", "input_size"), ("num_units", "hidden_size")),
    switches=(Switch("layout", 0, (0, 1), phrase("with 1, batch_size comes first, in the states too")),),
    model_type=OnnxModel,
    layer_names={
        **{f"{cell.id}{end}": own.name for cell, own in OPERATORS.items() for end in ("", "_cell")},
        "embedding": "Gather",
        "dense": "MatMul + Add",
        "convolution": "Conv",
        "transpose": "Transpose",
        "swap": "Transpose",
    },
    names_by_axes={("dense", 2): "Gemm"},  # which takes matrices alone
    names_by_operation={
        ("gemm", True): "Gemm",
        ("gemm", False): "Gemm",
        ("matmul", True): "MatMul + Add",
        ("matmul", False): "MatMul",
        ("", False): "MatMul",
    },
)


JOINED_SHAPE = 'weights["wide"] = np.array([0, 0, -1])  # makes one axis of directions and num_units'
"""The shape that joins both directions along the last axis, for the layer above."""


def _node(operator: str, inputs: list[str], outputs: list[str], **attributes: object) -> Code:
    return call("helper.make_node", literal(operator), literal(inputs), literal(outputs), **attributes)


def _numbered(name: str, layer: int, stack: Stack) -> str:
    return f"{name}_{layer}" if stack.num_layers > 1 else name


def _stacked(layout: WeightLayout, parameter: Parameter, places: list[Place], blocks: Mapping[Place, Blocks]) -> Array:
    """The arrays of both directions, stacked along a new first axis."""
    return np.stack([layout.array(parameter, blocks[place]) for place in places])


def _directions(trace: StackTrace, layer: int, at: int) -> Array:
    """Y of both directions, batch_size × time_step × num_units, with a new axis for them."""
    return np.stack([trace.output(layer, d) for d in trace.stack.directions], axis=at)
