"""PyTorch: torch/nn/modules/rnn.py, 2.13."""

from collections.abc import Iterator
from functools import cached_property

from ..core.axes import Axes, axis, shape
from ..core.cell import Cell
from ..core.cells import GRU, GRU_RESET_AFTER, LSTM, LSTM_COUPLED, LSTM_PEEPHOLE, RNN
from ..core.stack import Place, Stack
from ..translations.phrases import phrase
from .arrays import (
    IOArray,
    all_steps,
    axes_of,
    initial_state,
    input_array,
    last_steps,
    sequence,
    stacked_states,
)
from .framework_types import (
    DerivedSwitch,
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

MODULES: dict[Cell, FrameworkCell] = {
    LSTM: FrameworkCell("LSTM", "ifgo"),
    GRU_RESET_AFTER: FrameworkCell("GRU", "rzg", {"g": "n"}),
    RNN: FrameworkCell("RNN", "a"),
}


class PyTorchModel(Model):
    """One module for all layers and directions; transposed weights, and two biases, for cuDNN."""

    def limitations(self) -> Iterator[Limitation]:
        stack = self.stack
        if stack.cell is GRU:
            yield limitation(phrase("nn.GRU only supports reset after the product"), cell="gru_reset_after")
        elif stack.cell in (LSTM_PEEPHOLE, LSTM_COUPLED):
            yield limitation(phrase("nn.LSTM has neither peepholes nor coupled gates"), cell="lstm")
        elif stack.cell not in MODULES:
            yield no_such_cell(self.framework.title, stack, MODULES)
        if stack.num_proj >= stack.num_units:
            yield limitation(phrase("nn.LSTM requires proj_size < hidden_size"), num_proj=stack.num_units - 1)

    @cached_property
    def layout(self) -> WeightLayout:
        stack = self.stack
        module = MODULES[stack.cell]
        gates = tuple(module.gates)
        projection = (Parameter("weight_hr", ("w",), ("",), transposed=True),) if stack.num_proj else ()
        parameters = (
            Parameter("weight_ih", ("x",), gates, transposed=True),
            Parameter("weight_hh", ("h",), gates, transposed=True),
            Parameter("bias_ih", ("b",), gates, flat=True),
            Parameter("bias_hh", ("b_h",), gates, flat=True),
            *projection,
        )
        return WeightLayout(parameters, module.letters)

    def full_name(self, name: str, place: Place) -> str:
        """The key in ``state_dict()``."""
        layer, direction = place
        return f"{name}_l{layer}" + ("_reverse" if direction == "backward" else "")

    def new_bias(self, gate: str) -> NewBias:
        """All weights are uniform between -1/√num_units and 1/√num_units."""
        return NewBias(stored=None)

    @property
    def derived_switches(self) -> tuple[DerivedSwitch, ...]:
        stack = self.stack
        other = 0 if stack.num_proj else stack.num_units // 2
        if not stack.cell.can_be_projected or other == stack.num_proj:
            return ()
        return (
            DerivedSwitch(
                "proj_size", stack.num_proj, other, {"num_proj": other}, phrase("length of h; 0 means the same as c")
            ),
        )

    @cached_property
    def input(self) -> IOArray:
        return input_array("input", not self.settings["batch_first"])

    @cached_property
    def initial_states(self) -> tuple[IOArray, ...]:
        stack = self.stack
        return tuple(
            initial_state(f"{state}_0", state, stack.places, stack, _axes(stack, state)) for state in stack.states
        )

    @cached_property
    def outputs(self) -> tuple[IOArray, ...]:
        stack = self.stack
        top = stack.num_layers - 1
        time_major = not self.settings["batch_first"]
        output = sequence(
            "output", stack.output, lambda trace: trace.layer_output(top), time_major, all_steps(top, stack)
        )
        return (output, *(_state(stack, state) for state in stack.states))

    @property
    def _variable(self) -> str:
        """The name of the module in a program."""
        return MODULES[self.stack.cell].name.lower()

    @property
    def stored_arrays(self) -> Code:
        return f"{{name: tensor.numpy() for name, tensor in {self._variable}.state_dict().items()}}"

    def load(self, arrays: str) -> list[Code]:
        tensors = f"{{name: torch.tensor(array) for name, array in {arrays}.items()}}"
        return [call(f"{self._variable}.load_state_dict", tensors)]

    def code(self) -> str:
        stack = self.stack
        sizes = self.sizes
        input, returned = self.input, self.outputs
        module = MODULES[stack.cell].name
        name = self._variable
        sides = str(stack.features), str(stack.num_units)
        states = ", ".join(f"{state}_n" for state in stack.states)
        return program(
            opening(self.framework.title, stack),
            "import sys",
            "",
            "import numpy as np",
            "import torch",
            "",
            assign(name, call(f"torch.nn.{module}", *sides, **self._keywords())),
            commented(f"input = torch.rand{shape(input.axes, sizes)}", input.axes),
            LOAD,
            indented(
                "saved = {name: torch.from_numpy(array) for name, array in np.load(sys.argv[1]).items()}",
                'input = saved.pop("input", input)',
                f"{name}.load_state_dict(saved)",
            ),
            "",
            table("shapes", axes_of(self.weights), sizes),
            f"assert {{name: tuple(array.shape) for name, array in {name}.state_dict().items()}} == shapes",
            "",
            f"output, {f'({states})' if len(stack.states) > 1 else states} = {name}(input)",
            asserted(axes_of(returned), sizes),
            printed(self.printed_output),
        )

    def _keywords(self) -> dict[str, Setting]:
        """The arguments of the module besides its sizes."""
        stack = self.stack
        keywords = self.non_default("batch_first")
        if stack.num_layers > 1:
            keywords["num_layers"] = stack.num_layers
        if stack.bidirectional:
            keywords["bidirectional"] = True
        if stack.num_proj:
            keywords["proj_size"] = stack.num_proj
        return keywords


PYTORCH = Framework(
    id="pytorch",
    title="PyTorch",
    size_names=(
        ("time_step", "seq_len"),
        ("features", "input_size"),
        ("num_units", "hidden_size"),
        ("num_proj", "proj_size"),
    ),
    switches=(
        Switch("batch_first", False, (False, True), phrase("put batch_size before time_step; h_n is not affected")),
    ),
    model_type=PyTorchModel,
    default_cells={"gru": "gru_reset_after"},
    layer_names={
        "rnn": "RNN",
        "rnn_cell": "RNNCell",
        "dense": "Linear",
        "repeat": "repeat",
        "transpose": "transpose",
    },
)


def _axes(stack: Stack, state: str) -> Axes:
    """A state has one entry for each layer and direction; batch_size is the second axis, even with batch_first."""
    return (axis("num_layers").times(len(stack.directions)), *stack.states[state])


def _state(stack: Stack, state: str) -> IOArray:
    """h_n or c_n."""
    return IOArray(
        f"{state}_n",
        _axes(stack, state),
        lambda trace: stacked_states(trace, state, stack.places),
        f"{state}_T",
        last_steps(stack.places),
        is_state=True,
    )
