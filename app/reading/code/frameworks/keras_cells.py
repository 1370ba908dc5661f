"""Keras's cells, and RNN, which runs them over time."""

from collections.abc import Sequence

from ..signatures import REQUIRED, Arguments
from ..values import (
    ANY,
    NONE,
    OTHER,
    UNKNOWN,
    Axes,
    Config,
    Constant,
    Instance,
    Layer,
    List,
    Tensor,
    Tuple,
    Value,
    axis,
)
from . import keras
from .pytorch import unknown_axes

CELLS = {"LSTMCell": "lstm", "GRUCell": "gru", "SimpleRNNCell": "rnn"}


def cell(name: str, arguments: Arguments, line: int) -> Layer:
    """LSTMCell, GRUCell, SimpleRNNCell."""
    of = keras.recurrent({"rnn": "SimpleRNN"}.get(CELLS[name], CELLS[name].upper()), arguments, line)
    names = ("features", "num_units", "bias", "dropout", "reset_after")
    config: Config = {name: of.config[name] for name in names if name in of.config}
    made = Layer(f"{CELLS[name]}_cell", keras.FRAMEWORK, config, line, _output, _input)
    made.is_exact = of.is_exact
    return made


def _input(layer: Layer, axes: Axes) -> Axes:
    """A cell has as many features as the first step that it reads."""
    if ANY not in axes and len(axes) == 2 and isinstance(axes[-1], int):
        layer.config["features"] = Constant(axes[-1])
    return axes


def _output(layer: Layer, axes: Axes) -> Value:
    """The output and the states: those of an LSTM are a list of two."""
    h = Tensor((*axes[:-1], layer.size("num_units")))
    return Tuple((h, Tuple((h, h)) if layer.kind == "lstm_cell" else UNKNOWN))


def cells_in(value: Value) -> Sequence[Layer] | None:
    """A cell or several; None if something else is among them."""
    items: Sequence[Value] = (value,)
    if isinstance(value, (Tuple, List)):
        items = value.items or ()
    cells = [item for item in items if isinstance(item, Layer) and item.kind.endswith("_cell")]
    return cells if cells and len(cells) == len(items) else None


def over_time(cells: Sequence[Layer], arguments: Arguments, line: int) -> Sequence[Layer] | None:
    """RNN(cells): a layer for each cell, of which those below the last one return every step. None if it is not known
    whether the states of several are returned."""
    if len(cells) > 1 and not isinstance(arguments.get("return_state", 2, Constant(False)), Constant):
        return None
    found = []
    for n, one in enumerate(cells):
        one.is_used = True
        found.append(_layer(one, arguments, line, is_last=n == len(cells) - 1))
        found[-1].is_exact &= len(cells) == 1 or found[-1].config["go_backwards"] == Constant(False)
    found[0].input = keras.input_of(arguments)
    return found


def own_cell_over_time(arguments: Arguments, line: int) -> Layer:
    """RNN(cell) with a cell of a class of the source, which says the length of its output or of its state."""
    cell = arguments.get("cell", 0, UNKNOWN)
    attributes = cell.attributes if isinstance(cell, Instance) else {}
    size = attributes.get("output_size", attributes.get("state_size", UNKNOWN))
    items = size.items if isinstance(size, (Tuple, List)) else None
    units = axis(items[0] if items else size)
    sequences, state = (
        arguments.get(name, n, Constant(False)) for n, name in ((1, "return_sequences"), (2, "return_state"))
    )

    def call(layer: Layer, axes: Axes) -> Value:
        batch, steps = axes[:2] if ANY not in axes and len(axes) == 3 else (None, None)
        if state != Constant(False) or not isinstance(sequences, Constant):
            return Tensor()
        return Tensor((batch, steps, units) if sequences.value else (batch, units))

    made = keras.plain(OTHER, line, call, {"own_cell": Constant(True)})
    made.input = keras.input_of(arguments)
    return made


def _layer(of: Layer, arguments: Arguments, line: int, is_last: bool) -> Layer:
    places = ("", "return_sequences", "return_state", "go_backwards", "stateful")
    switches = {
        name: arguments.get(name, places.index(name), default)
        for name, default in keras.SWITCHES.items()
        if name in places
    }
    if not is_last:
        switches |= {"return_sequences": Constant(True), "go_backwards": Constant(False)}
    config: Config = {"features": UNKNOWN, "num_units": REQUIRED, "bidirectional": Constant(False), "merge_mode": NONE}
    made = keras.recurrent("LSTM", Arguments(), line)
    made.wraps = of
    made.kind, made.config = of.kind.removesuffix("_cell"), config | switches | of.config
    made.is_exact = of.is_exact and arguments.is_complete and arguments.named.keys() <= {*switches, "cell", "name"}
    if "time_major" in arguments.named:
        made.call = unknown_axes
    return made
