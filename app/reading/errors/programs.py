"""Small complete programs that fail as a message says, and run with the corrected lines.

``make oracles`` executes them in the real frameworks.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import prod
from textwrap import dedent
from typing import NamedTuple

from .causes import CLASSES, KERAS_CLASSES
from .explanation import Explanation
from .mismatch import Cause, Mismatch
from .states import AXES as STATE_AXES


class ProgramLine(NamedTuple):
    """A line of a program. ``sign``: - for a line that makes it fail, + for one that corrects it, "" for the others."""

    sign: str
    text: str


@dataclass(frozen=True)
class Program:
    """A program in a framework; ``printed`` is what it prints once it is corrected."""

    framework: str
    lines: tuple[ProgramLine, ...]
    printed: str

    @property
    def failing(self) -> str:
        """The program that fails."""
        return self._without("+")

    @property
    def running(self) -> str:
        """The program that runs."""
        return self._without("-")

    def _without(self, sign: str) -> str:
        return "".join(f"{line.text}\n" for line in self.lines if line.sign != sign)


class Listing(NamedTuple):
    """The lines of a program, with sizes in braces, and what it prints. A line may begin with ``-`` or ``+``.

    ``when`` names a condition of ``CONDITIONS`` without which the program would fail in another way.
    """

    lines: str
    printed: str
    when: str = ""


MOST_VALUES = 2_000_000
"""Values of all arrays of a program: a larger one is not shown."""

DEFAULTS = {"batch": 3, "time": 5, "features": 10, "units": 20}
"""Sizes that the message does not say."""

LONGEST_LINE = 46
"""Characters of a line that makes a layer; a longer one is broken."""

STATES = "{shape_of_output} {shape_of_h}"
PRINT = "print(tuple(output.shape), tuple(h_n.shape))"
PRINT_OUTPUT = "print(tuple(output.shape))"

WRONG_STATE = Listing(
    """
    import torch
    {layer}
    x = torch.zeros({x})
    {other_state}
    - {state} = torch.zeros({wrong})
    + {state} = torch.zeros({right})
    {outputs} = {name}(x, {states})
    """
    + PRINT,
    STATES,
)

PYTORCH: dict[str, Listing] = {
    **dict.fromkeys(("state_order", "directions", "layers", "other_units"), WRONG_STATE._replace(when="state")),
    **dict.fromkeys(
        ("last_batch", "other_batch"),
        WRONG_STATE._replace(lines=WRONG_STATE.lines.replace("{right}", "{right_of_x}"), when="state"),
    ),
    "state_transposed": Listing(
        """
        import torch
        {layer}
        x = torch.zeros({x})
        {other_state}
        {state} = torch.zeros({wrong})
        + {transpose}
        {outputs} = {name}(x, {states})
        """
        + PRINT,
        STATES,
        when="state",
    ),
    "batch_first": Listing(
        """
        import torch
        - {layer_time_first}
        + {layer_batch_first}
        x = torch.zeros({batch_got}, {batch}, {features})
        {state} = torch.zeros({got})
        {outputs} = {name}(x, {states})
        """
        + PRINT,
        "({batch_got}, {batch}, {width}) ({got})",
        when="the batch of h_0",
    ),
    "one_direction": Listing(
        """
        import torch
        - {layer}
        + {layer_bidirectional}
        x = torch.zeros({x})
        {state} = torch.zeros({got})
        {outputs} = {name}(x, {states})
        """
        + PRINT,
        "({leading}, {double_width}) ({got})",
        when="one direction of h_0",
    ),
    "encoder_directions": Listing(
        """
        import torch
        encoder = torch.nn.LSTM({features}, {units_got}, bidirectional=True)
        lstm = torch.nn.LSTM({features}, {units})
        x = torch.zeros({time}, {batch}, {features})
        _, (h_0, c_0) = encoder(x)
        + h_0, c_0 = (torch.cat((s[-2], s[-1]), dim=-1).unsqueeze(0) for s in (h_0, c_0))
        output, (h_n, c_n) = lstm(x, (h_0, c_0))
        """
        + PRINT,
        "({time}, {batch}, {units}) (1, {batch}, {units})",
        when="one layer of an LSTM",
    ),
    "unsqueeze": Listing(
        """
        import torch
        {name} = torch.nn.{class}({features}, {units})
        x = torch.zeros({time}, {batch}, {features})
        {other_state_of_one_layer}
        {state} = torch.zeros({batch}, {units})
        + {unsqueeze}
        {outputs} = {name}(x, {states})
        """
        + PRINT,
        "({time}, {batch}, {units}) (1, {batch}, {units})",
        when="2 axes of a state",
    ),
    "h_for_h_c": Listing(
        """
        import torch
        {layer}
        x = torch.zeros({x})
        h_0 = c_0 = torch.zeros({parts}, {batch}, {units})
        - output, (h_n, c_n) = lstm(x, h_0)
        + output, (h_n, c_n) = lstm(x, (h_0, c_0))
        """
        + PRINT,
        STATES,
        when="h without c",
    ),
    "other_features": Listing(
        """
        import torch
        - {name} = torch.nn.{class}({features}, {units})
        + {name} = torch.nn.{class}({features_got}, {units})
        x = torch.zeros({time}, {batch}, {features_got})
        {outputs} = {name}(x)
        """
        + PRINT,
        "({time}, {batch}, {units}) (1, {batch}, {units})",
    ),
    "features_first": Listing(
        """
        import torch
        {name} = torch.nn.{class}({features}, {units}, batch_first=True)
        x = torch.zeros({batch}, {features}, {features_got})
        - {outputs} = {name}(x)
        + {outputs} = {name}(x.transpose(1, 2))
        """
        + PRINT,
        "({batch}, {features_got}, {units}) (1, {batch}, {units})",
    ),
    "extra_axis": Listing(
        """
        import torch
        {name} = torch.nn.{class}(10, {units})
        x = torch.zeros({time}, {batch}, 2, 5)
        - {outputs} = {name}(x)
        + {outputs} = {name}(x.flatten(2))
        """
        + PRINT,
        "({time}, {batch}, {units}) (1, {batch}, {units})",
        when="4 axes",
    ),
    "unbatched": Listing(
        """
        import torch
        {name} = torch.nn.{class}({features}, {units})
        x = torch.zeros({time}, {features})
        {both_states} = torch.zeros(1, 1, {units})
        - {outputs} = {name}(x, {states})
        + {outputs} = {name}(x.unsqueeze(1), {states})
        """
        + PRINT,
        "({time}, 1, {units}) (1, 1, {units})",
    ),
    "lengths": Listing(
        """
        import torch
        from torch.nn.utils.rnn import pack_padded_sequence
        x = torch.zeros({got_1}, {expected_1}, {features})
        lengths = torch.full(({got_1},), {expected_1})
        - packed = pack_padded_sequence(x, lengths)
        + packed = pack_padded_sequence(x, lengths, batch_first=True)
        output = packed.data
        """
        + PRINT_OUTPUT,
        "({product_1}, {features})",
        when="number of lengths",
    ),
    "sort_lengths": Listing(
        """
        import torch
        from torch.nn.utils.rnn import pack_padded_sequence
        x = torch.zeros(5, 3, {features})
        lengths = torch.tensor([2, 5, 3])
        - packed = pack_padded_sequence(x, lengths)
        + packed = pack_padded_sequence(x, lengths, enforce_sorted=False)
        output = packed.data
        """
        + PRINT_OUTPUT,
        "(10, {features})",
    ),
    "total_length": Listing(
        """
        import torch
        from torch.nn.utils.rnn import pack_sequence, pad_packed_sequence
        packed = pack_sequence([torch.zeros({expected_1}, {features})])
        - output, lengths = pad_packed_sequence(packed, total_length={got_1})
        + output, lengths = pad_packed_sequence(packed, total_length={expected_1})
        """
        + PRINT_OUTPUT,
        "({expected_1}, 1, {features})",
    ),
    "dense_directions": Listing(
        """
        import torch
        lstm = torch.nn.LSTM({features}, {dense}, bidirectional=True, batch_first=True)
        - dense = torch.nn.Linear({dense}, 10)
        + dense = torch.nn.Linear({dense_got}, 10)
        output, _ = lstm(torch.zeros({dense_rows}, {time}, {features}))
        output = dense(output[:, -1])
        """
        + PRINT_OUTPUT,
        "({dense_rows}, 10)",
    ),
    "dense_flattened": Listing(
        """
        import torch
        lstm = torch.nn.LSTM({features}, {dense}, batch_first=True)
        dense = torch.nn.Linear({dense}, 10)
        output, _ = lstm(torch.zeros({dense_rows}, {dense_steps}, {features}))
        - output = dense(output.flatten(1))
        + output = dense(output[:, -1])
        """
        + PRINT_OUTPUT,
        "({dense_rows}, 10)",
    ),
    "dense_features": Listing(
        """
        import torch
        lstm = torch.nn.LSTM({features}, {dense_got}, batch_first=True)
        - dense = torch.nn.Linear({dense}, 10)
        + dense = torch.nn.Linear({dense_got}, 10)
        output, _ = lstm(torch.zeros({dense_rows}, {time}, {features}))
        output = dense(output[:, -1])
        """
        + PRINT_OUTPUT,
        "({dense_rows}, 10)",
    ),
    "other_size": Listing(
        """
        import torch
        saved = torch.nn.{class}({features_got}, {units}).state_dict()
        - {name} = torch.nn.{class}({features}, {units})
        + {name} = torch.nn.{class}({features_got}, {units})
        {name}.load_state_dict(saved)
        {outputs} = {name}(torch.zeros({time}, {batch}, {features_got}))
        """
        + PRINT,
        "({time}, {batch}, {units}) (1, {batch}, {units})",
        when="features of a kernel",
    ),
    "smaller_projection": Listing(
        """
        import torch
        - lstm = torch.nn.LSTM({features}, {units}, proj_size={units})
        + lstm = torch.nn.LSTM({features}, {units}, proj_size={half_units})
        output, (h_n, c_n) = lstm(torch.zeros({time}, {batch}, {features}))
        """
        + PRINT,
        "({time}, {batch}, {half_units}) (1, {batch}, {half_units})",
        when="several units",
    ),
    "lstm_projection": Listing(
        """
        import torch
        - rnn = torch.nn.GRU({features}, {units}, proj_size={half_units})
        + rnn = torch.nn.LSTM({features}, {units}, proj_size={half_units})
        output, (h_n, c_n) = rnn(torch.zeros({time}, {batch}, {features}))
        """
        + PRINT,
        "({time}, {batch}, {half_units}) (1, {batch}, {half_units})",
        when="several units",
    ),
}
"""Cause -> the program in PyTorch."""

CELLS: dict[str, Listing] = {
    "other_features": Listing(
        """
        import torch
        - cell = torch.nn.{class}Cell({features}, {units})
        + cell = torch.nn.{class}Cell({features_got}, {units})
        state = cell(torch.zeros({batch}, {features_got}))
        h = {h_of_state}
        print(tuple(h.shape))
        """,
        "({batch}, {units})",
    ),
    **dict.fromkeys(
        ("last_batch", "other_batch"),
        Listing(
            """
            import torch
            cell = torch.nn.{class}Cell({features}, {units})
            x_t = torch.zeros({expected_1}, {features})
            - {both_short} = torch.zeros({got_1}, {units})
            + {both_short} = torch.zeros(x_t.size(0), {units})
            state = cell(x_t, {short_states})
            h = {h_of_state}
            print(tuple(h.shape))
            """,
            "({expected_1}, {units})",
            when="h_0",
        ),
    ),
    "other_units": Listing(
        """
        import torch
        cell = torch.nn.{class}Cell({features}, {units})
        x_t = torch.zeros({batch}, {features})
        - {both_short} = torch.zeros({batch}, {got_1})
        + {both_short} = torch.zeros({batch}, {units})
        state = cell(x_t, {short_states})
        h = {h_of_state}
        print(tuple(h.shape))
        """,
        "({batch}, {units})",
        when="h_0",
    ),
    "one_step": Listing(
        """
        import torch
        cell = torch.nn.{class}Cell({features}, {units})
        x = torch.zeros({time}, {batch}, {features})
        state = None
        - state = cell(x, state)
        + for x_t in x.unbind(0): state = cell(x_t, state)
        h = {h_of_state}
        print(tuple(h.shape))
        """,
        "({batch}, {units})",
        when="3 axes",
    ),
    "squeeze": Listing(
        """
        import torch
        cell = torch.nn.{class}Cell({features}, {units})
        x_t = torch.zeros({batch}, {features})
        {both_short} = torch.zeros(1, {batch}, {units})
        - state = cell(x_t, {short_states})
        + state = cell(x_t, {squeezed})
        h = {h_of_state}
        print(tuple(h.shape))
        """,
        "({batch}, {units})",
        when="h_0",
    ),
}
"""The same for the cells of PyTorch, which compute one step."""

KERAS: dict[str, Listing] = {
    "missing_axis": Listing(
        """
        import keras
        import numpy as np
        x = np.zeros(({batch}, {features_of_x}))
        - output = keras.layers.{keras_class}({units})(x)
        + output = keras.layers.{keras_class}({units})(x[:, np.newaxis])
        """
        + PRINT_OUTPUT,
        "({batch}, {units})",
        when="2 axes",
    ),
    "missing_features_axis": Listing(
        """
        import keras
        import numpy as np
        x = np.zeros(({batch}, {steps_of_x}))
        - output = keras.layers.{keras_class}({units})(x)
        + output = keras.layers.{keras_class}({units})(x[..., np.newaxis])
        """
        + PRINT_OUTPUT,
        "({batch}, {units})",
        when="2 axes",
    ),
    "return_sequences": Listing(
        """
        import keras
        model = keras.Sequential([
            keras.Input(({time}, {features})),
        -     keras.layers.{keras_class}({units_below}),
        +     keras.layers.{keras_class}({units_below}, return_sequences=True),
            keras.layers.{keras_class}({units}),
        ])
        print(model.output_shape)
        """,
        "(None, {units})",
        when="x",
    ),
    "extra_axis": Listing(
        """
        import keras
        import numpy as np
        x = np.zeros(({batch}, {time}, 2, 5))
        - output = keras.layers.{keras_class}({units})(x)
        + output = keras.layers.{keras_class}({units})(keras.layers.Reshape(({time}, -1))(x))
        """
        + PRINT_OUTPUT,
        "({batch}, {units})",
        when="4 axes",
    ),
    "other_features": Listing(
        """
        import keras
        import numpy as np
        model = keras.Sequential([
        -     keras.Input((None, {features})),
        +     keras.Input((None, {features_got})),
            keras.layers.{keras_class}({units}),
        ])
        output = model(np.zeros(({batch}, {time}, {features_got})))
        """
        + PRINT_OUTPUT,
        "({batch}, {units})",
    ),
    "features_first": Listing(
        """
        import keras
        import numpy as np
        model = keras.Sequential([keras.Input((None, {features})), keras.layers.{keras_class}({units})])
        x = np.zeros(({batch}, {features}, {features_got}))
        - output = model(x)
        + output = model(x.swapaxes(1, 2))
        """
        + PRINT_OUTPUT,
        "({batch}, {units})",
    ),
    "last_batch": Listing(
        """
        import keras
        import numpy as np
        layer = keras.layers.{keras_class}({units}, stateful=True)
        x = np.zeros(({all_samples}, {time}, {features}))
        + x = x[: len(x) // {expected_1} * {expected_1}]
        for n in range(0, len(x), {expected_1}):
            output = layer(x[n : n + {expected_1}])
        """
        + PRINT_OUTPUT,
        "({expected_1}, {units})",
        when="stateful",
    ),
    "static_batch": Listing(
        """
        import keras
        model = keras.Sequential([
        -     keras.Input(({time}, {features})),
        +     keras.Input(({time}, {features}), batch_size=1),
            keras.layers.{keras_class}({units}, stateful=True),
        ])
        print(model.output_shape)
        """,
        "(1, {units})",
    ),
    "transposed": Listing(
        """
        import keras
        import numpy as np
        layer = keras.layers.{keras_class}({units})
        layer.build((None, None, {features}))
        kernel = np.zeros(({got}))
        recurrent_kernel, bias = layer.get_weights()[1:]
        - layer.set_weights([kernel, recurrent_kernel, bias])
        + layer.set_weights([kernel.T, recurrent_kernel, bias])
        print(layer.get_weights()[0].shape)
        """,
        "({expected})",
        when="kernel",
    ),
    "dense_features": Listing(
        """
        import keras
        import numpy as np
        x = np.zeros(({batch}, {time}, {features}))
        output = keras.layers.LSTM({dense_got})(x)
        dense = keras.layers.Dense(10)
        - dense.build((None, {dense}))
        + dense.build((None, {dense_got}))
        output = dense(output)
        """
        + PRINT_OUTPUT,
        "({batch}, 10)",
        when="dense",
    ),
}
"""Cause -> the program in Keras."""


Condition = Callable[[Explanation], bool]

CONDITIONS: dict[str, Condition] = {
    "": lambda explanation: True,
    "state": lambda explanation: (
        _count(explanation) == (3, 3) and _parts(explanation) == _sizes(explanation.mismatch)[0][0]
    ),
    "h without c": lambda explanation: (
        _cell(explanation) == "lstm" and (explanation.mismatch.axis == "rank") == (_parts(explanation) > 1)
    ),
    "one layer of an LSTM": lambda explanation: (
        _cell(explanation) == "lstm"
        and _sizes(explanation.mismatch)[0][:1] == (1,)
        and _differing(explanation) == {"num_layers*directions", "num_units"}
    ),
    "the batch of h_0": lambda explanation: (
        explanation.mismatch.tensor == "h_0" and _differing(explanation) == {"batch_size"}
    ),
    "one direction of h_0": lambda explanation: (
        explanation.mismatch.tensor == "h_0"
        and not (explanation.configuration and explanation.configuration.bidirectional)
        and _differing(explanation) == {"num_layers*directions"}
    ),
    "2 axes of a state": lambda explanation: (
        (explanation.mismatch.expected, explanation.mismatch.got) == (3, 2) and _parts(explanation) == 1
    ),
    "several units": lambda explanation: not explanation.configuration or explanation.configuration.num_units != 1,
    "x": lambda explanation: explanation.mismatch.tensor == "x",
    "h_0": lambda explanation: explanation.mismatch.tensor == "h_0",
    "2 axes": lambda explanation: _ranks(explanation) == ("x", 3, 2),
    "3 axes": lambda explanation: _ranks(explanation) == ("x", 2, 3),
    "4 axes": lambda explanation: _ranks(explanation) == ("x", 3, 4),
    "number of lengths": lambda explanation: _count(explanation) == (1, 1),
    "features of a kernel": lambda explanation: (
        (explanation.mismatch.tensor, explanation.mismatch.axis) == ("kernel", "features")
    ),
    "kernel": lambda explanation: explanation.mismatch.tensor == "kernel",
    "stateful": lambda explanation: (explanation.mismatch.tensor, explanation.mismatch.axis) == ("x", "batch_size"),
    "dense": lambda explanation: explanation.mismatch.tensor == "dense_input" and _count(explanation) == (1, 1),
}
"""What must be true of a message, so that a program fails in the same way."""


def program(explanation: Explanation, cause: Cause) -> Program | None:
    """The program that fails for a cause; None if there is none for the sizes of the message, or for its layer."""
    listings = {"pytorch": CELLS if explanation.is_of_one_step else PYTORCH, "keras": KERAS}
    listing = listings.get(explanation.framework, {}).get(cause.id)
    if not listing or not explanation.configuration or not CONDITIONS[listing.when](explanation):
        return None
    values = dict(_values(explanation))
    if _values_of_arrays(values) > MOST_VALUES:
        return None
    try:
        lines = [line.format_map(values) for line in dedent(listing.lines).splitlines()]
        printed = listing.printed.format_map(values)
    except KeyError:  # the message does not say a size
        return None
    found = Program(explanation.framework, tuple(_signed(lines)), printed)
    return found if found.failing != found.running else None


def first_program(explanation: Explanation) -> Program | None:
    """The program of the most likely cause that has one."""
    found = (program(explanation, cause) for cause in explanation.mismatch.causes)
    return next(filter(None, found), None)


def _signed(lines: list[str]) -> Iterator[ProgramLine]:
    """Lines with their signs. A line that is broken has one sign."""
    for whole in filter(str.strip, lines):
        sign, text = (whole[0], whole[2:]) if whole[:2] in ("- ", "+ ") else ("", whole)
        for line in text.split("\n"):
            yield ProgramLine(sign, line)


def _values_of_arrays(values: dict[str, int | str]) -> int:
    """About as many values as the largest array of a program has: that of all steps, or a matrix."""
    largest = max((value for value in values.values() if isinstance(value, int)), default=1)
    return largest * max(prod(int(values[name]) for name in ("batch", "time")), int(values["units"]))


def _cell(explanation: Explanation) -> str:
    network = explanation.configuration
    return network.cell if network and network.cell else "lstm"


def _parts(explanation: Explanation) -> int:
    """The layers times directions."""
    network = explanation.configuration
    return (network.num_layers or 1) * (1 + bool(network.bidirectional)) if network else 1


def _sizes(mismatch: Mismatch) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The expected and the given sizes that the message says."""
    shapes = (shape if isinstance(shape, tuple) else () for shape in (mismatch.expected, mismatch.got))
    expected, got = (tuple(size for size in shape if size is not None) for shape in shapes)
    return expected, got


def _count(explanation: Explanation) -> tuple[int, int]:
    """The numbers of sizes that the message says."""
    expected, got = _sizes(explanation.mismatch)
    return len(expected), len(got)


def _differing(explanation: Explanation) -> set[str]:
    """The axes that differ of a state with three axes; none if the network has another number of layers and
    directions."""
    if not CONDITIONS["state"](explanation):
        return set()
    sizes = zip(STATE_AXES, *_sizes(explanation.mismatch), strict=True)
    return {axis for axis, expected, got in sizes if expected != got}


def _ranks(explanation: Explanation) -> tuple[str | None, object, object]:
    mismatch = explanation.mismatch
    return mismatch.tensor, mismatch.expected, mismatch.got


def _values(explanation: Explanation) -> Iterator[tuple[str, int | str]]:
    """What the lines of a program say in braces, by name; sizes that the message does not say have defaults."""
    network, mismatch = explanation.configuration, explanation.mismatch
    expected, got = _sizes(mismatch)
    cell = _cell(explanation)
    is_lstm = cell == "lstm"
    yield from (("class", CLASSES[cell]), ("keras_class", KERAS_CLASSES[cell]), ("name", CLASSES[cell].lower()))
    yield "outputs", "output, (h_n, c_n)" if is_lstm else "output, h_n"
    yield "states", "(h_0, c_0)" if is_lstm else "h_0"
    yield "both_states", "h_0 = c_0" if is_lstm else "h_0"
    yield "both_short", "h = c" if is_lstm else "h"
    yield "short_states", "(h, c)" if is_lstm else "h"
    yield "squeezed", "(h.squeeze(0), c.squeeze(0))" if is_lstm else "h.squeeze(0)"
    yield "h_of_state", "state[0]" if is_lstm else "state"
    sizes = dict(DEFAULTS)
    for name, size in (
        ("batch", "batch_size"),
        ("time", "time_step"),
        ("features", "features"),
        ("units", "num_units"),
    ):
        sizes[name] = getattr(network, size) or sizes[name]
    of_x = mismatch.shapes[1] if mismatch.tensor == "x" and len(mismatch.shapes[1]) == 2 else (None, None)
    sizes["batch"] = of_x[0] or sizes["batch"]
    for name, size in (("features_of_x", "features"), ("steps_of_x", "time"), ("units_below", "units")):
        yield name, of_x[1] or sizes[size]
    yield from sizes.items()
    yield "half_units", str(max(1, sizes["units"] // 2))
    yield "expected", ", ".join(map(str, expected))
    yield "got", ", ".join(map(str, got))
    if _count(explanation) == (1, 1):
        yield "expected_1", expected[0]
        yield "got_1", got[0]
        yield "product_1", str(expected[0] * got[0])
        yield "all_samples", str(expected[0] + got[0])
    if mismatch.axis == "features" and expected and got:
        yield "features_got", got[-1]
    if mismatch.tensor == "dense_input" and expected and got:
        yield from (("dense", expected[-1]), ("dense_got", got[-1]), ("dense_rows", expected[0] or 1))
        yield "dense_steps", str(got[-1] // expected[-1])
    parts = _parts(explanation)
    directions = 1 + bool(network and network.bidirectional)
    leading = ("{batch}, {time}" if explanation.batch_first else "{time}, {batch}").format_map(sizes)
    layers, units = parts // directions, sizes["units"]
    yield "parts", parts
    yield "leading", leading
    yield "x", f"{leading}, {sizes['features']}"
    yield "width", str(directions * units)
    yield "double_width", str(2 * units)
    yield "shape_of_output", f"({leading}, {directions * units})"
    yield "shape_of_h", f"({parts}, {sizes['batch']}, {units})"
    options = {"num_layers": layers if layers > 1 else None, "bidirectional": directions == 2 or None}
    first = explanation.batch_first or None
    yield "layer", _layer(cell, sizes, **options, batch_first=first)
    yield "layer_time_first", _layer(cell, sizes, **options)
    yield "layer_batch_first", _layer(cell, sizes, **options, batch_first=True)
    yield (
        "layer_bidirectional",
        _layer(cell, sizes, num_layers=options["num_layers"], bidirectional=True, batch_first=first),
    )
    if mismatch.tensor in ("h_0", "c_0"):
        yield from _values_of_state(explanation, sizes, is_lstm)


def _values_of_state(explanation: Explanation, sizes: dict[str, int], is_lstm: bool) -> Iterator[tuple[str, int | str]]:
    """The same for an initial state. An error in h_0 is raised first, so c_0 may be wrong as well."""
    expected, got = _sizes(explanation.mismatch)
    is_c = explanation.mismatch.tensor == "c_0"
    wrong = ["c_0"] if is_c else ["h_0", "c_0"] if is_lstm else ["h_0"]
    right = ", ".join(map(str, expected))
    yield "state", " = ".join(wrong)
    yield "other_state", f"h_0 = torch.zeros({right})" if is_c else ""
    yield "other_state_of_one_layer", f"h_0 = torch.zeros(1, {sizes['batch']}, {sizes['units']})" if is_c else ""
    names = ", ".join(wrong)
    yield "transpose", f"{names} = {', '.join(f'{name}.transpose(0, 1).contiguous()' for name in wrong)}"
    yield "unsqueeze", f"{names} = {', '.join(f'{name}.unsqueeze(0)' for name in wrong)}"
    if len(expected) == len(got) == 3:
        yield from (("batch_got", got[1]), ("units_got", got[2]))
        yield from (("wrong", ", ".join(map(str, got))), ("right", right))
        axis = 0 if explanation.batch_first else 1
        yield "right_of_x", f"{expected[0]}, x.size({axis}), {expected[2]}"


def _layer(cell: str, sizes: dict[str, int], **options: object) -> str:
    """The line that makes a layer, with the options that are not None. A long one is broken."""
    start = f"{CLASSES[cell].lower()} = torch.nn.{CLASSES[cell]}({sizes['features']}, {sizes['units']}"
    rest = [f"{name}={value}" for name, value in options.items() if value is not None]
    line = ", ".join([start, *rest]) + ")"
    if len(line) <= LONGEST_LINE:
        return line
    return ", ".join([start, rest[0]]) + ",\n    " + ", ".join(rest[1:]) + ")" if rest[1:] else line
