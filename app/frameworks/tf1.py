"""TensorFlow 1: tensorflow/python/ops/rnn_cell_impl.py; in TensorFlow 2 it is tf.compat.v1.nn.rnn_cell."""

from collections.abc import Iterator
from functools import cached_property

from ..core.axes import shape
from ..core.cell import Cell
from ..core.cells import GRU, GRU_RESET_AFTER, LSTM, LSTM_COUPLED, LSTM_PEEPHOLE, RNN
from ..core.stack import Place, Stack
from ..translations.phrases import phrase
from .arrays import IOArray, axes_of, initial_state, input_array, last_state, sequence
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
    HAS_FILE,
    LOAD,
    Brackets,
    Code,
    asserted,
    assign,
    call,
    commented,
    indented,
    opening,
    printed,
    program,
    table,
)
from .stack_in_framework import Model
from .weight_layout import Parameter, WeightLayout

PLAIN = FrameworkCell("BasicLSTMCell", "igfo", {"g": "j"})
"""The LSTM without peepholes and projection, which only ``LSTMCell`` has: the same arrays by another name."""

CELLS: dict[Cell, FrameworkCell] = {
    LSTM: FrameworkCell("LSTMCell", "igfo", {"g": "j"}),
    LSTM_PEEPHOLE: FrameworkCell("LSTMCell", "igfo", {"g": "j"}),
    GRU: FrameworkCell("GRUCell", "rzg", {"z": "u", "g": "c"}),
    RNN: FrameworkCell("BasicRNNCell", "a"),
}

SCOPES = {
    "BasicLSTMCell": "basic_lstm_cell",
    "LSTMCell": "lstm_cell",
    "GRUCell": "gru_cell",
    "BasicRNNCell": "basic_rnn_cell",
}
"""Class -> the scope of its variables."""

ENDS = {"forward": "fw", "backward": "bw"}
"""Direction -> its abbreviation in names."""

XH = ("x", "h")


def _cell_of(stack: Stack) -> FrameworkCell:
    return PLAIN if stack.cell is LSTM and not stack.num_proj else CELLS[stack.cell]


class TensorFlow1Model(Model):
    """One kernel for x and h, with the rows of x first; the forget bias is added in each step and not stored."""

    def limitations(self) -> Iterator[Limitation]:
        stack = self.stack
        if stack.cell is GRU_RESET_AFTER:
            yield limitation(phrase("GRUCell only supports reset before the product"), cell="gru")
        elif stack.cell is LSTM_COUPLED:
            yield limitation(
                phrase("tf.compat.v1 has no coupled gates; tf.contrib, removed in TensorFlow 2, had them"), cell="lstm"
            )
        elif stack.cell not in CELLS:
            yield no_such_cell(self.framework.title, stack, CELLS)

    @cached_property
    def layout(self) -> WeightLayout:
        stack = self.stack
        cell = _cell_of(stack)
        parameters = _gru() if cell.name == "GRUCell" else _joined(tuple(cell.gates))
        if stack.cell is LSTM_PEEPHOLE:
            parameters += tuple(Parameter(f"w_{gate}_diag", ("p",), (gate,), flat=True) for gate in "fio")
        if stack.num_proj:
            parameters += (Parameter("projection/kernel", ("w",), ("",)),)
        added = (("f", float(self.settings["forget_bias"])),) if "c" in stack.states else ()
        return WeightLayout(parameters, cell.letters, added)

    def full_name(self, name: str, place: Place) -> str:
        """The name of a variable in a checkpoint."""
        stack = self.stack
        layer, direction = place
        own = f"{SCOPES[_cell_of(stack).name]}/{name}"
        if stack.bidirectional:
            under = f"layer_{layer}/" if stack.num_layers > 1 else ""
            return f"{under}bidirectional_rnn/{ENDS[direction]}/{own}"
        return f"rnn/multi_rnn_cell/cell_{layer}/{own}" if stack.num_layers > 1 else f"rnn/{own}"

    def new_bias(self, gate: str) -> NewBias:
        """GRUCell's two gates start at 1, everything else at 0; the LSTM adds ``forget_bias`` in each step."""
        if self.stack.cell is GRU:
            return NewBias(stored=1.0 if gate in "rz" else 0.0)
        return NewBias(stored=0.0, added=float(self.settings["forget_bias"]) if gate == "f" else 0.0)

    @property
    def derived_switches(self) -> tuple[DerivedSwitch, ...]:
        stack = self.stack
        if not stack.cell.can_be_projected:
            return ()
        peephole = stack.cell is LSTM_PEEPHOLE
        size = 0 if stack.num_proj else max(1, stack.num_units // 2)
        other = {"cell": "lstm" if peephole else "lstm_peephole"}
        return (
            DerivedSwitch(
                "use_peepholes",
                peephole,
                not peephole,
                other,
                phrase("peepholes: each gate also sees its own unit’s cell state"),
            ),
            DerivedSwitch(
                "num_proj", stack.num_proj or "None", size or "None", {"num_proj": size}, phrase("length of h")
            ),
        )

    @cached_property
    def input(self) -> IOArray:
        return input_array("inputs", bool(self.settings["time_major"]))

    @cached_property
    def initial_states(self) -> tuple[IOArray, ...]:
        """The tuples of the last states, with c before h."""
        stack = self.stack
        return tuple(
            initial_state(f"initial_{_state_name(stack, place, state)}", state, (place,), stack)
            for place in stack.places
            for state in reversed(stack.states)
        )

    @cached_property
    def outputs(self) -> tuple[IOArray, ...]:
        stack = self.stack
        outputs = (_output(stack, direction, bool(self.settings["time_major"])) for direction in stack.directions)
        # LSTMStateTuple has c before h.
        states = (
            last_state(_state_name(stack, place, state), state, place, stack)
            for place in stack.places
            for state in reversed(stack.states)
        )
        return (*outputs, *states)

    stored_arrays = "session.run(variables)"

    def load(self, arrays: str) -> list[Code]:
        return [f"for name, array in {arrays}.items():", *indented("variables[name].load(array, session)")]

    def code(self) -> str:
        stack = self.stack
        sizes = self.sizes
        input = self.input
        fetches, results = _fetches(stack)
        return program(
            opening(self.framework.title, stack),
            "import os",
            "import sys",
            "",
            "import numpy as np",
            "",
            'os.environ["TF_USE_LEGACY_KERAS"] = "1"  # the cells are in the package tf_keras',
            "import tensorflow.compat.v1 as tf",
            "",
            "tf.disable_v2_behavior()",
            commented(f"inputs = np.random.random({shape(input.axes, sizes)})", input.axes),
            LOAD,
            indented("saved = np.load(sys.argv[1])", 'inputs = saved.get("inputs", inputs)'),
            "given = tf.placeholder(inputs.dtype, inputs.shape)",
            self._both() if stack.bidirectional else self._one(),
            "variables = {variable.op.name: variable for variable in tf.global_variables()}",
            "",
            table("shapes", axes_of(self.weights), sizes),
            "assert {name: tuple(variable.shape) for name, variable in variables.items()} == shapes",
            "",
            "session = tf.Session()",
            "session.run(tf.global_variables_initializer())",
            HAS_FILE,
            indented("for name, variable in variables.items():", indented("variable.load(saved[name], session)")),
            assign(results, call("session.run", f"({fetches})", "{given: inputs}")),
            asserted(axes_of(self.outputs), sizes),
            printed(self.printed_output),
        )

    def _cell(self) -> Brackets:
        """The constructor of a cell."""
        stack = self.stack
        name = _cell_of(stack).name
        keywords: dict[str, object] = {}
        if "c" in stack.states:
            keywords |= {word: float(value) for word, value in self.non_default("forget_bias").items()}
        if stack.cell is LSTM_PEEPHOLE:
            keywords["use_peepholes"] = True
        if stack.num_proj:
            keywords["num_proj"] = stack.num_proj
        return call(f"tf.nn.rnn_cell.{name}", str(stack.num_units), **keywords)

    def _one(self) -> list[Code]:
        """The run in one direction, with the cells of all layers as one cell."""
        stack = self.stack
        dynamic = call("tf.nn.dynamic_rnn", "cell", "given", "dtype=given.dtype", **self.non_default("time_major"))
        cell = self._cell()
        if stack.num_layers == 1:
            return [assign("cell", cell), assign("outputs, state", dynamic)]
        cells = Brackets("cells = [", (f"{cell} for _ in range({stack.num_layers})",), "]")
        return [cells, "cell = tf.nn.rnn_cell.MultiRNNCell(cells)", assign("outputs, state", dynamic)]

    def _both(self) -> list[Code]:
        """The run in both directions, which every layer above reads concatenated."""
        stack = self.stack
        below = "given" if stack.num_layers == 1 else "below"
        keywords = self.non_default("time_major")
        dynamic = call("tf.nn.bidirectional_dynamic_rnn", "fw", "bw", below, f"dtype={below}.dtype", **keywords)
        cell = self._cell()
        layer = [assign("fw", cell), assign("bw", cell), assign("outputs, states", dynamic)]
        if stack.num_layers == 1:
            return layer
        return [
            "below, state_fw, state_bw = given, [], []",
            f"for layer in range({stack.num_layers}):",
            '    with tf.variable_scope(f"layer_{layer}"):',
            *indented(layer, levels=2),
            "    below = tf.concat(outputs, axis=-1)",
            "    state_fw.append(states[0])",
            "    state_bw.append(states[1])",
        ]


TF1 = Framework(
    id="tf1",
    title="TensorFlow 1",
    size_names=(("time_step", "max_time"), ("features", "input_depth")),
    switches=(
        Switch("time_major", False, (False, True), phrase("put time_step before batch_size")),
        Switch(
            "forget_bias",
            1,
            (1, 0),
            phrase("constant added to the forget gate’s pre-activation at each step; not stored"),
            applies_to=lambda stack: "c" in stack.states,
        ),
    ),
    model_type=TensorFlow1Model,
    names_with_projection={f"lstm{end}": CELLS[LSTM].name for end in ("", "_cell")},
    layer_names={
        **{f"{cell.id}{end}": own.name for cell, own in CELLS.items() for end in ("", "_cell")},
        **{f"lstm{end}": PLAIN.name for end in ("", "_cell")},
        "embedding": "embedding_lookup",
        "dense": "dense",
        "dropout": "dropout",
        "flatten": "flatten",
        "convolution": "conv1d",
    },
)


def _joined(gates: tuple[str, ...]) -> tuple[Parameter, ...]:
    """One kernel and one bias for all gates."""
    return Parameter("kernel", XH, gates), Parameter("bias", ("b",), gates, flat=True)


def _gru() -> tuple[Parameter, ...]:
    """One kernel for the two gates, another for the candidate."""
    parts: dict[str, tuple[str, ...]] = {"gates": ("r", "z"), "candidate": ("g",)}
    return tuple(
        parameter
        for scope, gates in parts.items()
        for parameter in (
            Parameter(f"{scope}/kernel", XH, gates),
            Parameter(f"{scope}/bias", ("b",), gates, flat=True),
        )
    )


def _fetches(stack: Stack) -> tuple[str, str]:
    """The fetches of the session, and the names of the results."""
    if not stack.bidirectional:
        return "outputs, state", "outputs, state"
    if stack.num_layers == 1:
        return "outputs, states", "(output_fw, output_bw), (state_fw, state_bw)"
    return "outputs, state_fw, state_bw", "(output_fw, output_bw), state_fw, state_bw"


def _output(stack: Stack, direction: str, time_major: bool) -> IOArray:
    """The output of one direction. Two directions are a pair, not concatenated."""
    top = stack.num_layers - 1
    name = f"output_{ENDS[direction]}" if stack.bidirectional else "outputs"
    covered = ((top, direction, "every"),)
    return sequence(name, stack.state, lambda trace: trace.output(top, direction), time_major, covered)


def _state_name(stack: Stack, place: Place, state: str) -> str:
    """The name of a state of one cell: the LSTM has a pair of them, several layers a tuple."""
    layer, direction = place
    name = f"state_{ENDS[direction]}" if stack.bidirectional else "state"
    name += f"[{layer}]" if stack.num_layers > 1 else ""
    return name + (f".{state}" if "c" in stack.states else "")
