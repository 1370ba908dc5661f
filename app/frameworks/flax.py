"""Flax: flax/linen/recurrent.py, 0.12."""

from collections.abc import Iterator

from app.core.axes import shape
from app.core.cell import Cell
from app.core.cells import GRU, GRU_RESET_AFTER, LSTM, LSTM_COUPLED, LSTM_PEEPHOLE, RNN
from app.core.stack import Place, Stack
from app.frameworks.framework import (
    Framework,
    FrameworkCell,
    Limitation,
    NewBias,
    Settings,
    Switch,
    limitation,
    no_such_cell,
)
from app.frameworks.io_arrays import IOArray, all_steps, axes_of, input_array, last_state, sequence
from app.frameworks.program_text import (
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

CELLS: dict[Cell, FrameworkCell] = {
    LSTM: FrameworkCell("OptimizedLSTMCell", "ifgo"),
    GRU_RESET_AFTER: FrameworkCell("GRUCell", "rzg", {"g": "n"}),
    RNN: FrameworkCell("SimpleCell", "a"),
}


class Flax(Framework):
    """An array for each gate and side; one bias, at h in the LSTM and at x elsewhere."""

    id = "flax"
    title = "Flax"
    size_names = (("num_units", "features"),)
    switches = (
        Switch("time_major", False, (False, True), phrase("whether time_step stands before batch_size")),
        Switch("return_carry", False, (False, True), phrase("whether the last carry comes back, too")),
    )

    def limitations(self, stack: Stack, settings: Settings) -> Iterator[Limitation]:
        if stack.cell is GRU:
            yield limitation(phrase("GRUCell resets after the product only"), cell="gru_reset_after")
        elif stack.cell in (LSTM_PEEPHOLE, LSTM_COUPLED):
            yield limitation(phrase("Flax’ LSTM has neither peepholes nor coupled gates"), cell="lstm")
        elif stack.cell not in CELLS:
            yield no_such_cell(self.title, stack, CELLS)
        if stack.num_proj:
            yield limitation(phrase("Flax’ LSTM has no projection"), num_proj=0)

    def layout(self, stack: Stack, settings: Settings) -> WeightLayout:
        cell = CELLS[stack.cell]
        return WeightLayout(tuple(p for gate in cell.gates for p in _arrays(stack.cell, gate)), cell.letters)

    def full_name(self, name: str, place: Place, stack: Stack) -> str:
        """The path in the tree of parameters."""
        layer, direction = place
        under = [f"layers_{layer}"] if stack.num_layers > 1 else []
        if stack.bidirectional:
            under.append(f"{direction}_rnn")
        return "/".join((*under, "cell", name))

    def new_bias(self, gate: str, stack: Stack, settings: Settings) -> NewBias:
        """Biases begin at 0."""
        return NewBias(stored=0.0)

    def takes(self, stack: Stack, settings: Settings) -> IOArray:
        return input_array("inputs", bool(settings["time_major"]))

    def returns(self, stack: Stack, settings: Settings) -> tuple[IOArray, ...]:
        top = stack.num_layers - 1
        time_major = bool(settings["time_major"])
        outputs = sequence(
            "outputs", stack.output, lambda trace: trace.layer_output(top), time_major, all_steps(top, stack)
        )
        if not settings["return_carry"]:
            return (outputs,)
        # The carry has c before h, and comes before the outputs.
        carries = [(direction, state) for direction in stack.directions for state in reversed(stack.states)]
        return (*(last_state(_carried(stack, d, state), state, (top, d), stack) for d, state in carries), outputs)

    def code(self, stack: Stack, settings: Settings) -> str:
        sizes = self.sizes(stack)
        given = self.takes(stack, settings)
        return program(
            opening(self.title, stack),
            "import sys",
            "",
            "import flax.linen as nn",
            "import jax",
            "import numpy as np",
            "from flax.traverse_util import flatten_dict, unflatten_dict",
            "",
            self._model(stack, settings),
            commented(f"inputs = jax.random.uniform(jax.random.key(0), {shape(given.axes, sizes)})", given.axes),
            'params = model.init(jax.random.key(1), inputs)["params"]',
            LOAD,
            indented(
                "saved = dict(np.load(sys.argv[1]))",
                'inputs = saved.pop("inputs", inputs)',
                'params = unflatten_dict(saved, sep="/")',
            ),
            "",
            table("shapes", axes_of(self.stored(stack, settings)), sizes),
            'assert {name: array.shape for name, array in flatten_dict(params, sep="/").items()} == shapes',
            "",
            assign(_back(stack, settings), call("model.apply", '{"params": params}', "inputs")),
            asserted(axes_of(self.returns(stack, settings)), sizes),
            printed(self.printed_output(stack, settings)),
        )

    def _model(self, stack: Stack, settings: Settings) -> list[Code]:
        """The layers; all but the top one hand on their outputs alone."""
        top = self._layer(stack, self.non_default(settings, "time_major", "return_carry"))
        if stack.num_layers == 1:
            return [assign("model", top)]
        below = [self._layer(stack, self.non_default(settings, "time_major"))] * (stack.num_layers - 1)
        return [Brackets("layers = [", (*below, top), "]"), "model = nn.Sequential(layers)"]

    def _layer(self, stack: Stack, words: Settings) -> Brackets:
        cell = call(f"nn.{CELLS[stack.cell].name}", str(stack.num_units))
        if stack.bidirectional:
            return call("nn.Bidirectional", call("nn.RNN", cell), call("nn.RNN", cell), **words)
        return call("nn.RNN", cell, **words)


def _arrays(cell: Cell, gate: str) -> tuple[Parameter, ...]:
    """The arrays of a gate: ``ii`` is the input gate's kernel of the input, ``hi`` that of h.

    The LSTM's bias stands at h, the others' at x; GRUCell's candidate has one more at h, which r multiplies.
    """
    letter = "" if cell is RNN else CELLS[cell].letters.get(gate, gate)
    x, h = f"i{letter}", f"h{letter}"
    kernels = Parameter(f"{x}/kernel", ("x",), (gate,)), Parameter(f"{h}/kernel", ("h",), (gate,))
    bias = Parameter(f"{h if cell is LSTM else x}/bias", ("b",), (gate,), flat=True)
    if cell is GRU_RESET_AFTER and gate == "g":
        return (*kernels, bias, Parameter(f"{h}/bias", ("b_h",), (gate,), flat=True))
    return (*kernels, bias)


def _carried(stack: Stack, direction: str, state: str) -> str:
    """What a state of the last carry is called."""
    return f"{direction}_{state}" if stack.bidirectional else state


def _back(stack: Stack, settings: Settings) -> str:
    """What comes back: ``(c, h), outputs``, and for two directions a pair of such carries."""
    if not settings["return_carry"]:
        return "outputs"
    carries = [_tuple([_carried(stack, d, state) for state in reversed(stack.states)]) for d in stack.directions]
    return f"{_tuple(carries)}, outputs"


def _tuple(names: list[str]) -> str:
    """Several things are a tuple, one is itself."""
    return names[0] if len(names) == 1 else f"({', '.join(names)})"
