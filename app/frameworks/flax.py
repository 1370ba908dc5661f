"""Flax: flax/linen/recurrent.py, 0.12."""

from collections.abc import Iterator
from functools import cached_property

from ..core.axes import shape
from ..core.cell import Cell
from ..core.cells import GRU, GRU_RESET_AFTER, LSTM, LSTM_COUPLED, LSTM_PEEPHOLE, RNN
from ..core.stack import Place, Stack
from ..translations.phrases import phrase
from .arrays import IOArray, all_steps, axes_of, initial_state, input_array, last_state, sequence
from .framework_types import (
    Framework,
    FrameworkCell,
    Limitation,
    NewBias,
    Setting,
    Switch,
    limitation,
    no_such_cell,
)
from .program_text import (
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

CELLS: dict[Cell, FrameworkCell] = {
    LSTM: FrameworkCell("OptimizedLSTMCell", "ifgo"),
    GRU_RESET_AFTER: FrameworkCell("GRUCell", "rzg", {"g": "n"}),
    RNN: FrameworkCell("SimpleCell", "a"),
}


class FlaxModel(Model):
    """An array for each gate of x and of h; one bias, with h in the LSTM and with x elsewhere."""

    def limitations(self) -> Iterator[Limitation]:
        stack = self.stack
        if stack.cell is GRU:
            yield limitation(phrase("GRUCell only supports reset after the product"), cell="gru_reset_after")
        elif stack.cell in (LSTM_PEEPHOLE, LSTM_COUPLED):
            yield limitation(phrase("Flax’s LSTM has neither peepholes nor coupled gates"), cell="lstm")
        elif stack.cell not in CELLS:
            yield no_such_cell(self.framework.title, stack, CELLS)
        if stack.num_proj:
            yield limitation(phrase("Flax’s LSTM has no projection"), num_proj=0)

    @cached_property
    def layout(self) -> WeightLayout:
        stack = self.stack
        cell = CELLS[stack.cell]
        return WeightLayout(tuple(p for gate in cell.gates for p in _arrays(stack.cell, gate)), cell.letters)

    def full_name(self, name: str, place: Place) -> str:
        """The path of a parameter in the tree of parameters."""
        stack = self.stack
        layer, direction = place
        under = [f"layers_{layer}"] if stack.num_layers > 1 else []
        if stack.bidirectional:
            under.append(f"{direction}_rnn")
        return "/".join((*under, "cell", name))

    def new_bias(self, gate: str) -> NewBias:
        """Biases start at 0."""
        return NewBias(stored=0.0)

    @cached_property
    def input(self) -> IOArray:
        return input_array("inputs", bool(self.settings["time_major"]))

    @cached_property
    def initial_states(self) -> tuple[IOArray, ...]:
        """The carry of one call for each layer: c before h, and for two directions a pair of such carries."""
        stack = self.stack
        states = tuple(reversed(stack.states))
        return tuple(
            initial_state(
                "initial_carry"
                + (f"[{stack.directions.index(direction)}]" if stack.bidirectional else "")
                + (f"[{states.index(state)}]" if len(states) > 1 else ""),
                state,
                ((layer, direction),),
                stack,
            )
            for layer in range(stack.num_layers)
            for direction in stack.directions
            for state in states
        )

    @cached_property
    def outputs(self) -> tuple[IOArray, ...]:
        stack = self.stack
        top = stack.num_layers - 1
        time_major = bool(self.settings["time_major"])
        outputs = sequence(
            "outputs", stack.output, lambda trace: trace.layer_output(top), time_major, all_steps(top, stack)
        )
        if not self.settings["return_carry"]:
            return (outputs,)
        # The carry has c before h, and is returned before the outputs.
        carries = [(direction, state) for direction in stack.directions for state in reversed(stack.states)]
        return (*(last_state(_carried(stack, d, state), state, (top, d), stack) for d, state in carries), outputs)

    stored_arrays = '{name: np.asarray(array) for name, array in flatten_dict(params, sep="/").items()}'

    def load(self, arrays: str) -> list[Code]:
        return [assign("params", call("unflatten_dict", arrays, sep="/"))]

    def code(self) -> str:
        sizes = self.sizes
        input = self.input
        return program(
            opening(self.framework.title, self.stack),
            "import sys",
            "",
            "import flax.linen as nn",
            "import jax",
            "import numpy as np",
            "from flax.traverse_util import flatten_dict, unflatten_dict",
            "",
            self._model(),
            commented(f"inputs = jax.random.uniform(jax.random.key(0), {shape(input.axes, sizes)})", input.axes),
            'params = model.init(jax.random.key(1), inputs)["params"]',
            LOAD,
            indented(
                "saved = dict(np.load(sys.argv[1]))",
                'inputs = saved.pop("inputs", inputs)',
                'params = unflatten_dict(saved, sep="/")',
            ),
            "",
            table("shapes", axes_of(self.weights), sizes),
            'assert {name: array.shape for name, array in flatten_dict(params, sep="/").items()} == shapes',
            "",
            assign(self._results(), call("model.apply", '{"params": params}', "inputs")),
            asserted(axes_of(self.outputs), sizes),
            printed(self.printed_output),
        )

    def _model(self) -> list[Code]:
        """The layers. All but the top one return only their outputs."""
        stack = self.stack
        top = self._layer(self.non_default("time_major", "return_carry"))
        if stack.num_layers == 1:
            return [assign("model", top)]
        below = [self._layer(self.non_default("time_major"))] * (stack.num_layers - 1)
        return [Brackets("layers = [", (*below, top), "]"), "model = nn.Sequential(layers)"]

    def _layer(self, keywords: dict[str, Setting]) -> Brackets:
        stack = self.stack
        cell = call(f"nn.{CELLS[stack.cell].name}", str(stack.num_units))
        if stack.bidirectional:
            return call("nn.Bidirectional", call("nn.RNN", cell), call("nn.RNN", cell), **keywords)
        return call("nn.RNN", cell, **keywords)

    def _results(self) -> str:
        """The names of the outputs: ``(c, h), outputs``, and for two directions a pair of such carries."""
        stack = self.stack
        if not self.settings["return_carry"]:
            return "outputs"
        carries = [_tuple([_carried(stack, d, state) for state in reversed(stack.states)]) for d in stack.directions]
        return f"{_tuple(carries)}, outputs"


FLAX = Framework(
    id="flax",
    title="Flax",
    size_names=(("num_units", "features"),),
    size_note=phrase("In Flax, features is the length of the state; the length of x is inferred from the data."),
    switches=(
        Switch("time_major", False, (False, True), phrase("put time_step before batch_size")),
        Switch("return_carry", False, (False, True), phrase("also return the last carry")),
    ),
    model_type=FlaxModel,
    default_cells={"gru": "gru_reset_after"},
    layer_names={
        **{f"{cell.id.partition('_')[0]}{end}": own.name for cell, own in CELLS.items() for end in ("", "_cell")},
        "embedding": "Embed",
        "convolution": "Conv",
        "transpose": "transpose",
    },
)


def _arrays(cell: Cell, gate: str) -> tuple[Parameter, ...]:
    """The arrays of a gate: ``ii`` is the input gate's kernel for the input, ``hi`` the one for h.

    The LSTM's bias belongs to h, that of others to x; GRUCell's candidate has one more for h, which r multiplies.
    """
    letter = "" if cell is RNN else CELLS[cell].letters.get(gate, gate)
    x, h = f"i{letter}", f"h{letter}"
    kernels = Parameter(f"{x}/kernel", ("x",), (gate,)), Parameter(f"{h}/kernel", ("h",), (gate,))
    bias = Parameter(f"{h if cell is LSTM else x}/bias", ("b",), (gate,), flat=True)
    if cell is GRU_RESET_AFTER and gate == "g":
        return (*kernels, bias, Parameter(f"{h}/bias", ("b_h",), (gate,), flat=True))
    return (*kernels, bias)


def _carried(stack: Stack, direction: str, state: str) -> str:
    """The name of a state in the last carry."""
    return f"{direction}_{state}" if stack.bidirectional else state


def _tuple(names: list[str]) -> str:
    """Several names as a tuple; a single one is returned unchanged."""
    return names[0] if len(names) == 1 else f"({', '.join(names)})"
