"""TensorFlow 1: tensorflow/python/ops/rnn_cell_impl.py; in TensorFlow 2 it is tf.compat.v1.nn.rnn_cell."""

from collections.abc import Iterator

from app.core.axes import shape
from app.core.cell import Cell
from app.core.cells import GRU, GRU_RESET_AFTER, LSTM, LSTM_COUPLED, LSTM_PEEPHOLE, RNN
from app.core.stack import Place, Stack
from app.frameworks.framework import (
    DerivedSwitch,
    Framework,
    FrameworkCell,
    Limitation,
    NewBias,
    Settings,
    Switch,
    limitation,
    no_such_cell,
)
from app.frameworks.io_arrays import IOArray, axes_of, input_array, last_state, sequence
from app.frameworks.program_text import (
    GIVEN,
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
from app.frameworks.weight_layout import Parameter, WeightLayout
from app.translations.phrases import phrase

PLAIN = FrameworkCell("BasicLSTMCell", "igfo", {"g": "j"})
"""The LSTM without peepholes and without a projection, which want ``LSTMCell``: the same arrays by another name."""

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
"""Under what name the variables of a class stand."""

ENDS = {"forward": "fw", "backward": "bw"}
"""What the directions are called."""

XH = ("x", "h")


def _theirs(stack: Stack) -> FrameworkCell:
    return PLAIN if stack.cell is LSTM and not stack.num_proj else CELLS[stack.cell]


class TensorFlow1(Framework):
    """One kernel for x and h, rows of x first; the forget bias is added in each step and not stored."""

    id = "tf1"
    title = "TensorFlow 1"
    size_names = (("time_step", "max_time"), ("features", "input_depth"))
    switches = (
        Switch("time_major", False, (False, True), phrase("whether time_step stands before batch_size")),
        Switch(
            "forget_bias",
            1,
            (1, 0),
            phrase("what the LSTM adds to its forget gate in each step; it is not stored"),
            applies_to=lambda stack: "c" in stack.states,
        ),
    )

    def limitations(self, stack: Stack, settings: Settings) -> Iterator[Limitation]:
        if stack.cell is GRU_RESET_AFTER:
            yield limitation(phrase("GRUCell resets before the product only"), cell="gru")
        elif stack.cell is LSTM_COUPLED:
            yield limitation(phrase("LSTMCell has no coupled gates"), cell="lstm")
        elif stack.cell not in CELLS:
            yield no_such_cell(self.title, stack, CELLS)

    def layout(self, stack: Stack, settings: Settings) -> WeightLayout:
        cell = _theirs(stack)
        parameters = _gru() if cell.name == "GRUCell" else _joined(tuple(cell.gates))
        if stack.cell is LSTM_PEEPHOLE:
            parameters += tuple(Parameter(f"w_{gate}_diag", ("p",), (gate,), flat=True) for gate in "fio")
        if stack.num_proj:
            parameters += (Parameter("projection/kernel", ("w",), ("",)),)
        added = (("f", float(settings["forget_bias"])),) if "c" in stack.states else ()
        return WeightLayout(parameters, cell.letters, added)

    def full_name(self, name: str, place: Place, stack: Stack) -> str:
        """The variable's name in a checkpoint."""
        layer, direction = place
        own = f"{SCOPES[_theirs(stack).name]}/{name}"
        if stack.bidirectional:
            under = f"layer_{layer}/" if stack.num_layers > 1 else ""
            return f"{under}bidirectional_rnn/{ENDS[direction]}/{own}"
        return f"rnn/multi_rnn_cell/cell_{layer}/{own}" if stack.num_layers > 1 else f"rnn/{own}"

    def new_bias(self, gate: str, stack: Stack, settings: Settings) -> NewBias:
        """GRUCell's two gates begin at 1, all else at 0; the LSTM adds ``forget_bias`` in each step."""
        if stack.cell is GRU:
            return NewBias(stored=1.0 if gate in "rz" else 0.0)
        return NewBias(stored=0.0, added=float(settings["forget_bias"]) if gate == "f" else 0.0)

    def derived(self, stack: Stack) -> tuple[DerivedSwitch, ...]:
        if not stack.cell.can_be_projected:
            return ()
        peephole = stack.cell is LSTM_PEEPHOLE
        size = 0 if stack.num_proj else max(1, stack.num_units // 2)
        other = {"cell": "lstm" if peephole else "lstm_peephole"}
        return (
            DerivedSwitch(
                "use_peepholes", peephole, not peephole, other, phrase("whether gates see the cell state, unit by unit")
            ),
            DerivedSwitch(
                "num_proj", stack.num_proj or "None", size or "None", {"num_proj": size}, phrase("how wide h is")
            ),
        )

    def takes(self, stack: Stack, settings: Settings) -> IOArray:
        return input_array("inputs", bool(settings["time_major"]))

    def returns(self, stack: Stack, settings: Settings) -> tuple[IOArray, ...]:
        outputs = (_output(stack, direction, bool(settings["time_major"])) for direction in stack.directions)
        # LSTMStateTuple has c before h.
        states = (_state(stack, place, state) for place in stack.places for state in reversed(stack.states))
        return (*outputs, *states)

    def code(self, stack: Stack, settings: Settings) -> str:
        sizes = self.sizes(stack)
        given = self.takes(stack, settings)
        asked, back = _asked(stack)
        return program(
            opening(self.title, stack),
            "import os",
            "import sys",
            "",
            "import numpy as np",
            "",
            'os.environ["TF_USE_LEGACY_KERAS"] = "1"  # the cells are in the package tf_keras',
            "import tensorflow.compat.v1 as tf",
            "",
            "tf.disable_v2_behavior()",
            commented(f"inputs = np.random.random({shape(given.axes, sizes)})", given.axes),
            LOAD,
            indented("saved = np.load(sys.argv[1])", 'inputs = saved.get("inputs", inputs)'),
            "given = tf.placeholder(inputs.dtype, inputs.shape)",
            self._both(stack, settings) if stack.bidirectional else self._one(stack, settings),
            "variables = {variable.op.name: variable for variable in tf.global_variables()}",
            "",
            table("shapes", axes_of(self.stored(stack, settings)), sizes),
            "assert {name: tuple(variable.shape) for name, variable in variables.items()} == shapes",
            "",
            "with tf.Session() as session:",
            indented(
                "session.run(tf.global_variables_initializer())",
                GIVEN,
                indented("for name, variable in variables.items():", indented("variable.load(saved[name], session)")),
                assign(back, call("session.run", f"({asked})", "{given: inputs}")),
            ),
            asserted(axes_of(self.returns(stack, settings)), sizes),
            printed(self.printed_output(stack, settings)),
        )

    def _cell(self, stack: Stack, settings: Settings) -> Brackets:
        """The constructor of a cell."""
        name = _theirs(stack).name
        keywords: dict[str, object] = {}
        if "c" in stack.states:
            keywords |= {word: float(value) for word, value in self.non_default(settings, "forget_bias").items()}
        if stack.cell is LSTM_PEEPHOLE:
            keywords["use_peepholes"] = True
        if stack.num_proj:
            keywords["num_proj"] = stack.num_proj
        return call(f"tf.nn.rnn_cell.{name}", str(stack.num_units), **keywords)

    def _one(self, stack: Stack, settings: Settings) -> list[Code]:
        """One direction: the cells of all layers are one cell."""
        dynamic = call(
            "tf.nn.dynamic_rnn", "cell", "given", "dtype=given.dtype", **self.non_default(settings, "time_major")
        )
        cell = self._cell(stack, settings)
        if stack.num_layers == 1:
            return [assign("cell", cell), assign("outputs, state", dynamic)]
        cells = Brackets("cells = [", (f"{cell} for _ in range({stack.num_layers})",), "]")
        return [cells, "cell = tf.nn.rnn_cell.MultiRNNCell(cells)", assign("outputs, state", dynamic)]

    def _both(self, stack: Stack, settings: Settings) -> list[Code]:
        """Two directions, which every layer reads side by side."""
        below = "given" if stack.num_layers == 1 else "below"
        words = self.non_default(settings, "time_major")
        dynamic = call("tf.nn.bidirectional_dynamic_rnn", "fw", "bw", below, f"dtype={below}.dtype", **words)
        cell = self._cell(stack, settings)
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


def _joined(gates: tuple[str, ...]) -> tuple[Parameter, ...]:
    """One kernel and one bias for all gates."""
    return Parameter("kernel", XH, gates), Parameter("bias", ("b",), gates, flat=True)


def _gru() -> tuple[Parameter, ...]:
    """The two gates have a kernel, the candidate another."""
    parts: dict[str, tuple[str, ...]] = {"gates": ("r", "z"), "candidate": ("g",)}
    return tuple(
        parameter
        for scope, gates in parts.items()
        for parameter in (
            Parameter(f"{scope}/kernel", XH, gates),
            Parameter(f"{scope}/bias", ("b",), gates, flat=True),
        )
    )


def _asked(stack: Stack) -> tuple[str, str]:
    """What the session is asked for, and what it gives back."""
    if not stack.bidirectional:
        return "outputs, state", "outputs, state"
    if stack.num_layers == 1:
        return "outputs, states", "(output_fw, output_bw), (state_fw, state_bw)"
    return "outputs, state_fw, state_bw", "(output_fw, output_bw), state_fw, state_bw"


def _output(stack: Stack, direction: str, time_major: bool) -> IOArray:
    """Two directions are a pair, not side by side."""
    top = stack.num_layers - 1
    name = f"output_{ENDS[direction]}" if stack.bidirectional else "outputs"
    covered = ((top, direction, "every"),)
    return sequence(name, stack.state, lambda trace: trace.output(top, direction), time_major, covered)


def _state(stack: Stack, place: Place, state: str) -> IOArray:
    """A state of one cell: the LSTM's are a pair, those of several layers a tuple."""
    layer, direction = place
    name = f"state_{ENDS[direction]}" if stack.bidirectional else "state"
    name += f"[{layer}]" if stack.num_layers > 1 else ""
    name += f".{state}" if "c" in stack.states else ""
    return last_state(name, state, place, stack)
