"""Keras 3: keras/src/layers/rnn/lstm.py, gru.py, simple_rnn.py and bidirectional.py, 3.15."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise, product

import numpy as np

from ..core.axes import BATCH_SIZE, shape
from ..core.cell import Cell
from ..core.cells import GRU, GRU_RESET_AFTER, LSTM, LSTM_COUPLED, LSTM_PEEPHOLE, RNN
from ..core.gradient_objective import BOTH_OUTPUTS_SUM, Objective, Outputs, gradient_of_sum
from ..core.ops import Array
from ..core.stack import Place, Stack
from ..core.trace import StackTrace
from ..translations.phrases import phrase
from .arrays import (
    IOArray,
    all_steps,
    axes_of,
    initial_state,
    input_array,
    last_state,
    last_steps,
    sequence,
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
    assign,
    call,
    commented,
    indented,
    opening,
    printed,
    program,
    table,
    unpack,
)
from .stack_in_framework import Model
from .weight_layout import Parameter, WeightLayout

LAYERS: dict[Cell, FrameworkCell] = {
    LSTM: FrameworkCell("LSTM", "ifgo", {"g": "c"}),
    GRU: FrameworkCell("GRU", "zrg", {"g": "h"}),
    GRU_RESET_AFTER: FrameworkCell("GRU", "zrg", {"g": "h"}),
    RNN: FrameworkCell("SimpleRNN", "a"),
}

WORDS = {"LSTM": "lstm", "GRU": "gru", "SimpleRNN": "simple_rnn"}
"""The class name as Keras writes it in the names of layers and weights."""


@dataclass(frozen=True)
class Merge:
    """How two directions are merged into one array, batch_size × time_step × num_units, or without time_step.

    ``name`` describes the sum of its last step; ``gradient`` computes the gradient of that sum from both outputs at
    that step.
    """

    join: Callable[[Array, Array], Array]
    name: str = BOTH_OUTPUTS_SUM
    gradient: Callable[[Outputs], Outputs] = gradient_of_sum


def _of_product(outputs: Outputs) -> Outputs:
    """The gradient of each direction is the output of the other."""
    return {"forward": outputs["backward"], "backward": outputs["forward"]}


def _of_mean(outputs: Outputs) -> Outputs:
    return {direction: gradient / 2 for direction, gradient in gradient_of_sum(outputs).items()}


MERGES: dict[str, Merge] = {
    "concat": Merge(lambda forward, backward: np.concatenate([forward, backward], axis=-1)),
    "sum": Merge(np.add, phrase("the sum of the output at the last step, which adds both directions")),
    "mul": Merge(
        np.multiply, phrase("the sum of the output at the last step, which multiplies both directions"), _of_product
    ),
    "ave": Merge(
        lambda forward, backward: (forward + backward) / 2,
        phrase("the sum of the output at the last step, which averages both directions"),
        _of_mean,
    ),
}
"""Keras’s merge modes."""

SEPARATE = "none"
"""The merge mode that returns the directions separately; Keras writes it None."""


FIRST_STEP_SUM = phrase("the sum of the output at step 0, which is made last")

OTHER_STEPS = phrase(
    "This is the output with return_sequences. Without it, Keras’s Bidirectional returns the last h of each direction, "
    "and that of the backward direction belongs to step 0."
)

RESET_AFTER = phrase("apply the reset gate after the product with the recurrent kernel, which then has its own bias")


class KerasModel(Model):
    """One object for each layer; separate kernels, one bias, and by default only the last step as output."""

    def limitations(self) -> Iterator[Limitation]:
        stack = self.stack
        if stack.cell in (LSTM_PEEPHOLE, LSTM_COUPLED):
            yield limitation(phrase("Keras’s LSTM has neither peepholes nor coupled gates"), cell="lstm")
        elif stack.cell not in LAYERS:
            yield no_such_cell(self.framework.title, stack, LAYERS)
        if stack.num_proj:
            yield limitation(phrase("Keras’s LSTM has no projection"), num_proj=0)
        if stack.bidirectional and self.settings["go_backwards"]:
            yield limitation(
                phrase("Bidirectional reverses one copy itself, so the wrapped layer must run forward"),
                go_backwards=False,
            )

    @cached_property
    def layout(self) -> WeightLayout:
        stack = self.stack
        layer = LAYERS[stack.cell]
        gates = tuple(layer.gates)
        two_biases = stack.cell is GRU_RESET_AFTER
        bias = Parameter("bias", ("b", "b_h"), gates) if two_biases else Parameter("bias", ("b",), gates, flat=True)
        kernels = Parameter("kernel", ("x",), gates), Parameter("recurrent_kernel", ("h",), gates)
        return WeightLayout((*kernels, bias), layer.letters)

    def full_name(self, name: str, place: Place) -> str:
        """The ``path`` of a variable, in a program without other layers."""
        stack = self.stack
        layer, direction = place
        word = WORDS[LAYERS[stack.cell].name]
        under = [_numbered(f"{direction}_{word}", layer)] if stack.bidirectional else []
        return "/".join((_object(stack, layer), *under, f"{word}_cell", name))

    @property
    def goes_backwards(self) -> bool:
        return bool(self.settings["go_backwards"])

    @property
    def objective(self) -> Objective:
        """The sum of the last entry of the output with ``return_sequences``. Without it ``Bidirectional`` merges the
        last output of each direction, which belong to different steps of time; a note says so."""
        stack = self.stack
        merge = str(self.settings["merge_mode"])
        last = super().objective
        if stack.bidirectional and merge != SEPARATE:
            last = replace(last, name=MERGES[merge].name, gradient=MERGES[merge].gradient)
        elif not stack.bidirectional and last.steps[stack.num_layers - 1, "forward"] < stack.time_step - 1:
            last = replace(last, name=FIRST_STEP_SUM)
        is_other = stack.bidirectional and stack.time_step > 1 and not self.settings["return_sequences"]
        return replace(last, note=OTHER_STEPS) if is_other else last

    def new_bias(self, gate: str) -> NewBias:
        """``unit_forget_bias`` puts ones into the LSTM's bias; everything else starts at 0."""
        ones = gate == "f" and bool(self.settings["unit_forget_bias"])
        return NewBias(stored=1.0 if ones else 0.0)

    @property
    def derived_switches(self) -> tuple[DerivedSwitch, ...]:
        stack = self.stack
        if stack.cell is GRU:
            return (DerivedSwitch("reset_after", False, True, {"cell": "gru_reset_after"}, RESET_AFTER),)
        if stack.cell is GRU_RESET_AFTER:
            return (DerivedSwitch("reset_after", True, False, {"cell": "gru"}, RESET_AFTER),)
        return ()

    @cached_property
    def input(self) -> IOArray:
        return input_array("inputs")

    @cached_property
    def initial_states(self) -> tuple[IOArray, ...]:
        """A list of one call for each layer: the forward direction first, in each h before c."""
        stack = self.stack
        return tuple(
            initial_state(f"initial_state[{n}]", state, ((layer, direction),), stack)
            for layer in range(stack.num_layers)
            for n, (direction, state) in enumerate(product(stack.directions, stack.states))
        )

    @cached_property
    def outputs(self) -> tuple[IOArray, ...]:
        outputs = tuple(self._outputs())
        return (*outputs, *_states(self.stack)) if self.settings["return_state"] else outputs

    def _outputs(self) -> Iterator[IOArray]:
        """The outputs of the top layer: its directions merged, or separate."""
        stack, merge = self.stack, str(self.settings["merge_mode"])
        if not stack.bidirectional:
            yield self._output("output", ("forward",))
        elif merge == SEPARATE:
            for direction in stack.directions:
                yield self._output(f"{direction}_output", (direction,))
        else:
            yield self._output("output", stack.directions, merge)

    def _output(self, name: str, directions: tuple[str, ...], merge: str = "concat") -> IOArray:
        """One array: every step of these directions of the top layer, or the last one that each computes."""
        stack, top = self.stack, self.stack.num_layers - 1
        axis = stack.state.times(len(directions)) if merge == "concat" else stack.state

        def merged(arrays: Iterator[Array]) -> Array:
            first, *others = arrays
            return MERGES[merge].join(first, *others) if others else first

        if self.settings["return_sequences"]:
            covered = tuple(cell for cell in all_steps(top, stack) if cell[1] in directions)
            return sequence(name, axis, lambda trace: merged(trace.output(top, d) for d in directions), covered=covered)
        places = tuple((top, d) for d in directions)

        def last_h(trace: StackTrace) -> Array:
            return merged(trace.last("h", place) for place in places)

        return IOArray(name, (BATCH_SIZE, axis), last_h, "h_T", last_steps(places))

    @property
    def stored_arrays(self) -> Code:
        names = "[weight.path for weight in model.weights]"
        return call("dict", call("zip", names, "model.get_weights()", strict=True))

    def load(self, arrays: str) -> list[Code]:
        return [f"model.set_weights([{arrays}[weight.path] for weight in model.weights])"]

    def code(self) -> str:
        stack = self.stack
        sizes = self.sizes
        input, returned = self.input, self.outputs
        return program(
            opening(self.framework.title, stack),
            "import sys",
            "",
            "import keras",
            "import numpy as np",
            "",
            [assign(_object(stack, layer), self._constructor(layer)) for layer in range(stack.num_layers)],
            f"given = keras.Input(batch_shape={shape(input.axes, sizes)})",
            _chained([_object(stack, layer) for layer in range(stack.num_layers)]),
            "",
            commented(f"inputs = np.random.random({shape(input.axes, sizes)})", input.axes),
            LOAD,
            indented(
                "saved = np.load(sys.argv[1])",
                'inputs = saved.get("inputs", inputs)',
                "model.set_weights([saved[weight.path] for weight in model.weights])",
            ),
            "",
            table("shapes", axes_of(self.weights), sizes),
            "assert {weight.path: tuple(weight.shape) for weight in model.weights} == shapes",
            "",
            unpack([array.name for array in returned], call("model", "inputs")),
            asserted(axes_of(returned), sizes),
            printed(self.printed_output),
        )

    def _constructor(self, layer: int) -> Brackets:
        """The constructor of a layer. All but the top one return every step, both directions concatenated."""
        stack = self.stack
        top = layer == stack.num_layers - 1
        keywords = self.non_default("return_sequences", "return_state") if top else {"return_sequences": True}
        keywords |= self.non_default("go_backwards")
        if stack.cell is GRU:
            keywords["reset_after"] = False
        if stack.cell is LSTM:
            keywords |= self.non_default("unit_forget_bias")
        layer_call = call(f"keras.layers.{LAYERS[stack.cell].name}", str(stack.num_units), **keywords)
        if not stack.bidirectional:
            return layer_call
        merge = self.non_default("merge_mode") if top else {}
        written = {name: None if value == SEPARATE else value for name, value in merge.items()}
        return call("keras.layers.Bidirectional", layer_call, **written)


KERAS = Framework(
    id="keras",
    title="Keras",
    size_names=(("batch_size", "batch"), ("time_step", "timesteps"), ("num_units", "units")),
    switches=(
        Switch("return_sequences", False, (False, True), phrase("return every step’s output, not only the last")),
        Switch("return_state", False, (False, True), phrase("also return the last states")),
        Switch(
            "go_backwards",
            False,
            (False, True),
            phrase("read the steps in reverse and return them reversed"),
        ),
        Switch(
            "merge_mode",
            "concat",
            (*MERGES, SEPARATE),
            phrase("how the top layer combines its two directions"),
            applies_to=lambda stack: stack.bidirectional,
        ),
        Switch(
            "unit_forget_bias",
            True,
            (True, False),
            phrase("initialise the forget-gate bias to 1; it is stored"),
            applies_to=lambda stack: stack.cell is LSTM,
        ),
    ),
    model_type=KerasModel,
    default_cells={"gru": "gru_reset_after"},
)


def _object(stack: Stack, layer: int) -> str:
    """The name of a layer: ``lstm``, ``lstm_1``. It is also the prefix of the names of its weights."""
    return _numbered("bidirectional" if stack.bidirectional else WORDS[LAYERS[stack.cell].name], layer)


def _numbered(word: str, layer: int) -> str:
    """Keras numbers equal names from the second one on."""
    return f"{word}_{layer}" if layer else word


def _chained(objects: list[str]) -> list[Code]:
    """Each layer called with the output of the one below, and the model of all."""
    inputs = ["given", *["hidden"] * (len(objects) - 1)]
    calls = [f"{layer}({below})" for layer, below in zip(objects, inputs, strict=True)]
    return [*(f"hidden = {call}" for call, _ in pairwise(calls)), f"model = keras.Model(given, {calls[-1]})"]


def _states(stack: Stack) -> Iterator[IOArray]:
    """h, and the LSTM's c, of the top layer: the forward direction first."""
    for direction in stack.directions:
        for state in stack.states:
            name = f"{direction}_{state}" if stack.bidirectional else f"state_{state}"
            yield last_state(name, state, (stack.num_layers - 1, direction), stack)
