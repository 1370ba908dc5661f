"""Programs with a mistake, what the real frameworks raise, and what is true about it.

In a program, a line with ``#!`` is wrong; behind that mark stands the right one, in which {fix} is the corrected line
of the explanation. ``make oracles ARGS=--record`` runs the programs and writes what they raise into provoked.json.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

RECORDED = Path(__file__).with_name("provoked.json")

ENVIRONMENTS = {
    **{name: name for name in ("pytorch", "keras", "tensorflow", "onnx", "tf1", "flax")},
    **{"numpy": "onnx", "keras2": "tf1", "keras1": "tf1", "jax": "flax"},
}
"""The framework of a program -> the framework whose environment runs it; tensorflow is Keras 3 on TensorFlow, keras2 is
tf_keras, and keras1 the same with the behavior of TensorFlow 1, in which models are trained as in Keras 1."""

Sizes = int | tuple[int | None, ...] | None

HIDDEN = "num_layers*directions"
GATES = "gates*num_units"


class Mistake(NamedTuple):
    """A program with a mistake; the tensor and axis that it is about, what was expected and got, and the cause.

    ``is_new``: the explanation was not written for it. ``with_code``: networks without recurrence raise the error, too,
    so people who paste only the traceback are asked for the code. ``other_fix``: why the corrected line does not run.
    """

    name: str
    framework: str
    program: str
    tensor: str | None
    axis: str | None
    expected: Sizes
    got: Sizes
    cause: str | None
    is_new: bool = False
    with_code: bool = False
    other_fix: str = ""

    def pasted(self, traceback: str) -> str:
        """What a person pastes."""
        return f"My code:\n\n{self.wrong}\nand the error:\n\n{traceback}" if self.with_code else traceback

    @property
    def wrong(self) -> str:
        """The program with its mistake."""
        return HEADS[self.framework] + re.sub(r" *#!.*", "", self.program).strip("\n") + "\n"

    def right(self, fix: str) -> str:
        """The program with a corrected line."""
        lines = self.program.strip("\n").split("\n")
        return HEADS[self.framework] + "\n".join(_corrected(line, fix) for line in lines) + "\n"


def _corrected(line: str, fix: str) -> str:
    wrong, mark, right = line.partition("#!")
    indentation = wrong[: len(wrong) - len(wrong.lstrip())]
    return indentation + right.strip().replace("{fix}", fix.partition("  #")[0]) if mark else line


HEADS = {
    "pytorch": "import torch\nfrom torch import nn\n"
    "from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence\n",
    "keras": "import numpy as np\nimport keras\nfrom keras import layers\n",
    "keras2": "import numpy as np\nimport tf_keras as keras\nfrom tf_keras import layers\n",
    "keras1": "import tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()\n"
    "import numpy as np\nimport tf_keras as keras\nfrom tf_keras import layers\n",
    "tf1": "import tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()\ntf.reset_default_graph()\n",
    "onnx": "import numpy as np\nimport onnxruntime\nfrom onnx import TensorProto, helper\n",
    "numpy": "import numpy as np\n",
    "flax": "import jax\nimport jax.numpy as jnp\nfrom flax import linen as nn\n",
    "jax": "import jax\nimport jax.numpy as jnp\n",
}
"""The imports of a framework's programs."""


def of(framework: str, kind: str, name: str, program: str, *values: Any, **more: Any) -> Mistake:
    """A mistake, with a name that is made of its framework, its kind and another part."""
    return Mistake("-".join(part for part in (framework, kind, name) if part), framework, program, *values, **more)


NET = """
input_size, hidden_size = {features}, {units}
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.{name} = nn.{cell}({arguments}){layer_fix}
        self.fc = nn.Linear({units}, 2)
    def forward(self, x):
        h_0 = {h}{h_fix}
        c_0 = torch.zeros_like(h_0)
        out, _ = self.{name}(x, {state}){call_fix}
        return out
net = Net()
net(torch.zeros({x}))
"""


def net(cell: str, arguments: str, x: str, h: str, **fixes: str) -> str:
    """A module whose forward pass makes the initial state."""
    parts = {name: f"  #! {fixes[name]}" if name in fixes else "" for name in ("layer_fix", "h_fix", "call_fix")}
    state = fixes.get("state", "(h_0, c_0)" if cell == "LSTM" else "h_0")
    known = {"cell": cell, "name": cell.lower(), "arguments": arguments, "x": x, "h": h}
    return NET.format(**known, units=20, features=7, state=state, **parts)


def states() -> Iterator[Mistake]:
    """Initial states in PyTorch."""
    fix = {"h_fix": "{fix}"}
    for cell in ("LSTM", "GRU", "RNN"):
        yield of(
            "pytorch",
            cell.lower(),
            "last-batch",
            net(cell, "7, 20, batch_first=True", "5, 9, 7", "torch.zeros(1, 32, 20)", **fix),
            *("h_0", "batch_size", (1, 5, 20), (1, 32, 20), "last_batch"),
        )
        yield of(
            "pytorch",
            cell.lower(),
            "batch-first",
            net(cell, "7, 20", "32, 9, 7", "torch.zeros(1, x.size(0), 20)", layer_fix=f"self.{cell.lower()} = {{fix}}"),
            *("h_0", "batch_size", (1, 9, 20), (1, 32, 20), "batch_first"),
        )
        yield of(
            "pytorch",
            cell.lower(),
            "batch-first-of-two",
            net(
                cell,
                *("7, 20, num_layers=2", "4, 15, 7", "torch.zeros(2, x.shape[0], 20)"),
                layer_fix=f"self.{cell.lower()} = {{fix}}",
            ),
            *("h_0", "batch_size", (2, 15, 20), (2, 4, 20), "batch_first"),
        )
        yield of(
            "pytorch",
            cell.lower(),
            "directions",
            net(cell, "7, 20, bidirectional=True", "9, 5, 7", "torch.zeros(1, x.size(1), 20)", **fix),
            *("h_0", HIDDEN, (2, 5, 20), (1, 5, 20), "directions"),
        )
        yield of(
            "pytorch",
            cell.lower(),
            "directions-of-two-layers",
            net(cell, "7, 20, 2, bidirectional=True", "9, 5, 7", "torch.zeros(2, x.size(1), 20)", **fix),
            *("h_0", HIDDEN, (4, 5, 20), (2, 5, 20), "directions"),
        )
        yield of(
            "pytorch",
            cell.lower(),
            "layers",
            net(cell, "7, 20, num_layers=3", "9, 5, 7", "torch.zeros(1, 5, 20)", **fix),
            *("h_0", HIDDEN, (3, 5, 20), (1, 5, 20), "layers"),
        )
        yield of(
            "pytorch",
            cell.lower(),
            "state-order",
            net(cell, "7, 20, 2, batch_first=True", "32, 9, 7", "torch.zeros(x.size(0), 2, 20)", h_fix="{fix}").replace(
                "  #! {fix}\n", "\n        pass  #! {fix}\n"
            ),
            *("h_0", "order", (2, 32, 20), (32, 2, 20), "state_order"),
        )
        yield of(
            "pytorch",
            cell.lower(),
            "other-units",
            net(cell, "7, 20", "9, 5, 7", "torch.zeros(1, 5, 64)", **fix),
            *("h_0", "num_units", (1, 5, 20), (1, 5, 64), "other_units"),
        )
        yield of(
            "pytorch",
            cell.lower(),
            "one-direction",
            net(
                cell,
                *("7, 20", "9, 5, 7", "torch.zeros(2, 5, 20)"),
                layer_fix=f"self.{cell.lower()} = {{fix}}",
            ),
            *("h_0", HIDDEN, (1, 5, 20), (2, 5, 20), "one_direction"),
        )
        yield of(
            "pytorch",
            cell.lower(),
            "two-axes",
            net(cell, "7, 20", "9, 5, 7", "torch.zeros(5, 20)").replace(
                "        out, _ = ", "        pass  #! {fix}\n        out, _ = "
            ),
            *("h_0", "rank", 3, 2, "unsqueeze"),
        )
        yield of(
            "pytorch",
            cell.lower(),
            "unbatched",
            net(cell, "7, 20", "9, 7", "torch.zeros(1, 1, 20)", h_fix="x").replace(
                "  #! x\n", "\n        pass  #! {fix}\n"
            ),
            *("x", "rank", 3, 2, "unbatched"),
        )
        yield of(
            "pytorch",
            cell.lower(),
            "encoder-directions",
            f"""
encoder = nn.{cell}(7, 10, bidirectional=True)
decoder = nn.{cell}(7, 20)
x = torch.zeros(9, 5, 7)
out, {"(h_n, c_n)" if cell == "LSTM" else "h_n"} = encoder(x)
h_0 = h_n  #! {{fix}}
c_0 = torch.zeros_like(h_0)
{cell.lower()}_out = decoder(x, {"(h_0, c_0)" if cell == "LSTM" else "h_0"})
""",
            *("h_0", HIDDEN, (1, 5, 20), (2, 5, 10), "encoder_directions"),
        )
    yield Mistake(
        "pytorch-lstm-c-only",
        "pytorch",
        net("LSTM", "7, 20", "9, 5, 7", "torch.zeros(1, 5, 20)").replace(
            "torch.zeros_like(h_0)", "torch.zeros(2, 5, 20)  #! c_0 = torch.zeros_like(h_0)"
        ),
        *("c_0", HIDDEN, (1, 5, 20), (2, 5, 20), "layers"),
        other_fix="the mistake is in c_0 alone",
        is_new=True,
    )
    for layers in (1, 2):
        yield Mistake(
            f"pytorch-lstm-h-for-h-c-{layers}",
            "pytorch",
            net("LSTM", f"7, 20, {layers}", "9, 5, 7", f"torch.zeros({layers}, 5, 20)", state="h_0").replace(
                "self.lstm(x, h_0)", "self.lstm(x, h_0)  #! out, _ = self.{fix}"
            ),
            "h_0",
            None if layers == 1 else "rank",
            (2,) if layers == 1 else 3,
            (1,) if layers == 1 else 2,
            "h_for_h_c",
        )


def inputs() -> Iterator[Mistake]:
    """x in PyTorch."""
    for cell in ("LSTM", "GRU", "RNN"):
        low = cell.lower()

        yield of(
            "pytorch",
            low,
            "features",
            f"hidden_size = 20\nx = torch.zeros(4, 9, 8)\n{low} = nn.{cell}(10, hidden_size)  #! {low} = {{fix}}\n"
            f"out, _ = {low}(x)\n",
            *("x", "features", (10,), (8,), "other_features"),
        )
        yield of(
            "pytorch",
            low,
            "four-axes",
            f"x = torch.zeros(4, 9, 2, 5)\npass  #! {{fix}}\n"
            f"{low} = nn.{cell}(10, 20, batch_first=True)\nout, _ = {low}(x)\n",
            *("x", "rank", 3, 4, "extra_axis"),
        )
        yield of(
            "pytorch",
            low,
            "cell-features",
            f"hidden_size = 20\n{low}_cell = nn.{cell}Cell(10, hidden_size)  #! {low}_cell = {{fix}}\n"
            f"state = {low}_cell(torch.zeros(3, 8))\n",
            *("x", "features", (10,), (8,), "other_features"),
        )
        yield of(
            "pytorch",
            low,
            "cell-time-axis",
            f"x = torch.zeros(9, 3, 10)\ncell = nn.{cell}Cell(10, 20)\nh = None\nh = cell(x)  #! {{fix}}\n",
            *("x", "rank", 2, 3, "one_step"),
        )
        pair = "(h, h)" if cell == "LSTM" else "h"
        yield of(
            "pytorch",
            low,
            "cell-last-batch",
            f"x_t = torch.zeros(5, 10)\nhidden_size = 20\ncell = nn.{cell}Cell(10, 20)\n"
            "h = torch.zeros(32, 20)  #! {fix}\n"
            f"cell(x_t, {pair})\n",
            *("h_0", "batch_size", (5,), (32,), "last_batch"),
        )
        yield of(
            "pytorch",
            low,
            "cell-units",
            f"x_t = torch.zeros(5, 10)\ncell = nn.{cell}Cell(10, 20)\nh = torch.zeros(5, 64)  #! {{fix}}\n"
            f"cell(x_t, {pair})\n",
            *("h_0", "num_units", (20,), (64,), "other_units"),
        )
        yield of(
            "pytorch",
            low,
            "cell-state-of-layers",
            f"x_t = torch.zeros(5, 10)\ncell = nn.{cell}Cell(10, 20)\nh_0 = c_0 = torch.zeros(1, 5, 20)\n"
            "pass  #! {fix}\n"
            f"cell(x_t, {'(h_0, c_0)' if cell == 'LSTM' else 'h_0'})\n",
            *("h_0", "rank", 2, 3, "squeeze"),
        )
        yield of(
            "pytorch",
            low,
            "checkpoint",
            f"""
input_size, hidden_size = 10, 20
old = nn.{cell}(10, 32)
new = nn.{cell}(10, 20)  #! new = {{fix}}
new.load_state_dict(old.state_dict())
""",
            *("kernel", GATES, None, None, "other_size"),
        )
    yield Mistake(
        "pytorch-lstm-projection",
        "pytorch",
        "input_size = 10\nhidden_size = 20\nlstm = nn.LSTM(input_size, hidden_size, proj_size=20)  #! lstm = {fix}\n",
        *("projection", "num_proj", None, None, "smaller_projection"),
    )
    yield Mistake(
        "pytorch-gru-projection",
        "pytorch",
        "input_size, hidden_size, proj_size = 10, 20, 5\n"
        "gru = nn.GRU(input_size, hidden_size, proj_size=5)  #! gru = {fix}\n",
        *("projection", "num_proj", None, None, "lstm_projection"),
    )


def sequences() -> Iterator[Mistake]:
    """Packed sequences in PyTorch."""
    head = "x = torch.zeros(4, 9, 7)\nrnn = nn.LSTM(7, 20, batch_first=True)\n"

    yield of(
        "pytorch",
        "packing",
        "not-batch-first",
        head + "lengths = torch.tensor([9, 7, 5, 2])\n"
        "packed = pack_padded_sequence(x, lengths)  #! packed = {fix}\nout, _ = rnn(packed)\n",
        *("lengths", "batch_size", (9,), (4,), "lengths"),
    )
    yield of(
        "pytorch",
        "packing",
        "unsorted",
        head.replace("4, 9", "9, 4") + "lengths = torch.tensor([5, 9, 2, 7])\n"
        "packed = pack_padded_sequence(x, lengths)  #! packed = {fix}\nout, _ = rnn(packed)\n",
        *("lengths", "order", None, None, "sort_lengths"),
    )
    yield of(
        "pytorch",
        "packing",
        "empty",
        head + "lengths = torch.tensor([9, 7, 5, 0])\npass  #! {fix}\n"
        "packed = pack_padded_sequence(x, lengths, batch_first=True)\nout, _ = rnn(packed)\n",
        *("lengths", "time_step", None, None, "empty_sequence"),
    )
    yield of(
        "pytorch",
        "packing",
        "lengths-with-two-axes",
        head + "lengths = torch.tensor([[9, 7, 5, 2]])\npass  #! {fix}\n"
        "packed = pack_padded_sequence(x, lengths, batch_first=True)\nout, _ = rnn(packed)\n",
        *("lengths", "rank", 1, 2, "lengths_axes"),
    )
    yield of(
        "pytorch",
        "packing",
        "total-length",
        head + "packed = pack_padded_sequence(x, [9, 7, 5, 2], batch_first=True)\nout, _ = rnn(packed)\npacked = out\n"
        "out = pad_packed_sequence(out, batch_first=True, total_length=5)  #! out = {fix}\n",
        *("output", "time_step", (9,), (5,), "total_length"),
    )


def dense() -> Iterator[Mistake]:
    """Dense layers and targets after a recurrent layer in PyTorch."""
    body = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(7, 20, batch_first=True{arguments})
        self.fc = nn.Linear({features}, 3){layer_fix}
    def forward(self, x):
        output, (h_n, c_n) = self.lstm(x)
        {line}
        return self.fc(output)
y = Net()(torch.zeros(4, 9, 7))
"""

    def after_lstm(name: str, line: str, *values: Any, arguments: str = "", features: int = 20) -> Mistake:
        layer_fix = "" if "#!" in line else "  #! self.fc = {fix}"
        program = body.format(arguments=arguments, features=features, line=line, layer_fix=layer_fix)
        return of("pytorch", "dense", name, program, *values, with_code=True)

    yield after_lstm(
        "directions",
        "output = output[:, -1]",
        *("dense_input", "features", (4, 20), (4, 40), "dense_directions"),
        arguments=", bidirectional=True",
    )
    yield after_lstm(
        "flattened",
        "output = output.reshape(4, -1)  #! {fix}",
        *("dense_input", "features", (4, 20), (4, 180), "dense_flattened"),
    )
    yield after_lstm(
        "other",
        "output = output[:, -1]",
        *("dense_input", "features", (4, 64), (4, 20), "dense_features"),
        features=64,
    )
    yield after_lstm(
        "every-step",
        "output = output",
        *("dense_input", "features", (36, 64), (36, 20), "dense_features"),
        features=64,
    )
    yield Mistake(
        "pytorch-target-of-every-step",
        "pytorch",
        """
criterion = nn.CrossEntropyLoss()
rnn = nn.GRU(7, 20, batch_first=True)
fc = nn.Linear(20, 3)
output, _ = rnn(torch.zeros(4, 9, 7))
target = torch.zeros(4, dtype=torch.long)
loss = criterion(fc(output).view(-1, 3), target)  #! {fix}
""",
        *("target", "batch_size", (36,), (4,), "not_return_sequences"),
        with_code=True,
    )
    yield Mistake(
        "pytorch-target-axis",
        "pytorch",
        """
import warnings
warnings.simplefilter("error")
criterion = nn.MSELoss()
rnn, fc = nn.GRU(7, 20, batch_first=True), nn.Linear(20, 1)
output = fc(rnn(torch.zeros(4, 9, 7))[0][:, -1])
target = torch.zeros(4)
loss = criterion(output, target)  #! {fix}
""",
        *("output", "rank", 1, 2, "target_axis"),
        with_code=True,
    )


def of_keras(framework: str) -> Iterator[Mistake]:
    """The same mistakes in Keras 3 and in Keras 2 (tf_keras)."""

    for cell in ("LSTM", "GRU", "SimpleRNN"):
        low = cell.lower()
        yield of(
            framework,
            "",
            f"{low}-two-axes",
            f"x = np.zeros((32, 7), 'float32')\npass  #! {{fix}}\nlayers.{cell}(20)(x)\n",
            *("x", "rank", 3, 2, "missing_axis"),
        )
        yield of(
            framework,
            "",
            f"{low}-return-sequences",
            f"""
model = keras.Sequential()
model.add(keras.Input((9, 7)))
first = layers.{cell}(20)  #! first = {{fix}}
model.add(first)
model.add(layers.{cell}(20))
""",
            *("x", "rank", 3, 2, "return_sequences"),
        )
        yield of(
            framework,
            "",
            f"{low}-four-axes",
            f"""
time_step = 9
model = keras.Sequential()
model.add(keras.Input((9, 7, 2)))
pass  #! model.add({{fix}})
model.add(layers.{cell}(20))
""",
            *("x", "rank", 3, 4, "extra_axis"),
        )
        yield of(
            framework,
            "",
            f"{low}-features",
            f"""
layer = layers.{cell}(20)
layer(np.zeros((4, 9, 7), 'float32'))
x = np.zeros((4, 9, 8), 'float32')
pass  #! layer = layers.{cell}(20)
layer(x)
""",
            *("x", "features"),
            *(((7,), (8,)) if framework == "keras" else ((None, None, 7), (4, 9, 8))),
            "other_features",
        )
        yield of(
            *(framework, ""),
            f"{low}-transposed-weights",
            f"""
layer = layers.{cell}(20)
layer.build((None, 9, 7))
kernel, recurrent, bias = layer.get_weights()
kernel = kernel.T
pass  #! {{fix}}
layer.set_weights([kernel, recurrent, bias])
""",
            *("kernel", "order", None, None, "transposed"),
        )
    yield of(
        framework,
        "",
        "functional-return-sequences",
        """
inputs = keras.Input((30,))
x = layers.Embedding(1000, 16)(inputs)
x = layers.LSTM(32)(x)  #! x = {fix}(x)
x = layers.LSTM(8)(x)
""",
        *("x", "rank", 3, 2, "return_sequences"),
        other_fix="the message does not say the units of the layer below",
    )
    yield of(
        framework,
        "",
        "number-of-weights",
        """
layer = layers.LSTM(20)
layer.build((None, 9, 7))
kernel, recurrent_kernel, bias_ih = layer.get_weights()
bias_hh = np.zeros(80)
layer.set_weights([kernel, recurrent_kernel, bias_ih, bias_hh])  #! {fix}
""",
        *("bias", None, (3,), (4,), "two_biases"),
    )
    if framework == "keras2":
        yield of(
            framework,
            "",
            "unroll",
            """
time_step, features = 9, 7
x = keras.Input((None, 7))  #! x = {fix}
layers.LSTM(20, unroll=True)(x)
""",
            *("x", "time_step", None, None, "static_steps"),
        )
    yield of(
        framework,
        "",
        "stateful",
        """
features = 7
x = keras.Input((9, 7))  #! x = {fix}
layers.LSTM(20, stateful=True)(x)
""",
        *("x", "batch_size", None, None, "static_batch"),
    )
    yield of(
        framework,
        "",
        "time-distributed",
        """
x = keras.Input((9, 7))
x = layers.LSTM(20)(x)  #! x = {fix}(x)
layers.TimeDistributed(layers.Dense(3))(x)
""",
        *("dense_input", "rank", 3, 2, "return_sequences"),
    )


def of_keras_3() -> Iterator[Mistake]:

    model = "model = keras.Sequential([keras.Input(({steps}, 7)), layers.{cell}(20), layers.Dense(1)])\n"
    yield of(
        "keras",
        "",
        "model-features",
        model.format(steps=9, cell="LSTM") + "model.predict(np.zeros((4, 9, 8)), verbose=0)\n",
        *("x", "features", (7,), (8,), "other_columns"),
        other_fix="the corrected line says which x the call needs",
    )
    yield of(
        "keras",
        "",
        "model-order",
        model.format(steps=9, cell="GRU") + "x = np.zeros((4, 7, 9))\npass  #! {fix}\nmodel(x)\n",
        *("x", "features", (7,), (9,), "features_first"),
    )
    yield of(
        "keras",
        "",
        "model-rank",
        model.format(steps="None", cell="LSTM") + "x = np.zeros((30, 7))\npass  #! {fix}\nmodel(x)\n",
        *("x", "rank", 3, 2, "missing_axis"),
        with_code=True,
    )
    yield of(
        "keras",
        "",
        "stateful-batch",
        """
model = keras.Sequential([keras.Input(batch_shape=(8, 9, 7)), layers.LSTM(20, stateful=True)])
x = np.zeros((5, 9, 7))
model.predict(x, verbose=0)
""",
        *("x", "batch_size", (8,), (5,), "whole_batches"),
        is_new=True,
        other_fix="no corrected line is declared",
    )
    yield of(
        "keras",
        "",
        "target-every-step",
        """
first = layers.LSTM(20, return_sequences=True)
model = keras.Sequential([keras.Input((9, 7)), first, layers.Dense(3, activation="softmax")])
model.compile(loss="categorical_crossentropy")
model.fit(np.zeros((4, 9, 7)), np.zeros((4, 3)), verbose=0)
""",
        *("output", "rank", 2, 3, "not_return_sequences"),
        with_code=True,
        other_fix="the corrected line replaces a part of another line",
    )
    yield of(
        *("keras", "", "target-classes"),
        """
model = keras.Sequential([keras.Input((9, 7)), layers.LSTM(20), layers.Dense(3, activation="softmax")])
model.compile(loss="categorical_crossentropy")
model.fit(np.zeros((4, 9, 7)), np.zeros((4, 5)), verbose=0)
""",
        *("target", None, (4, 3), (4, 5), "target_shape"),
        with_code=True,
        other_fix="the corrected line prints both shapes",
    )
    yield of(
        "keras",
        "",
        "mask",
        """
layer = layers.TimeDistributed(layers.Dense(3))
x, mask = np.zeros((4, 9, 20), "float32"), np.ones((4, 7), bool)
layer(x, mask=mask)
""",
        *("mask", "time_step", (4, 9), (4, 7), "short_mask"),
        other_fix="the program has no lengths",
    )
    yield of(
        "keras",
        "",
        "inputs-in-list",
        """
layer = layers.LSTM(20)
x, h, c = np.zeros((4, 9, 7), "float32"), np.zeros((4, 20), "float32"), np.zeros((4, 20), "float32")
layer(np.zeros((4, 9, 7), "float32"))
layer([x, h, c])  #! {fix}
""",
        *("x", None, (1,), (3,), "states_in_list"),
    )
    yield of(
        "keras",
        "",
        "initial-state-units",
        """
x = np.zeros((4, 9, 7), "float32")
layers.LSTM(20)(x, initial_state=[np.zeros((4, 32), "float32")] * 2)
""",
        *("h_0", "num_units", (20,), (32,), "other_units"),
        is_new=True,
        other_fix="the state is no variable of its own",
    )


def of_onnx() -> Iterator[Mistake]:
    body = """
node = helper.make_node("LSTM", ["X", "W", "R", "B", "", "initial_h", "initial_c"], ["Y"], hidden_size=5)
names = ["X", "W", "R", "B", "initial_h", "initial_c"]
X = np.zeros((4, 3, 2), np.float32)
W = np.zeros((1, 20, 2), np.float32)
R = np.zeros((1, 20, 5), np.float32)
B = np.zeros((1, 40), np.float32)
initial_h = np.zeros((1, 3, 5), np.float32)
initial_c = np.zeros((1, 3, 5), np.float32)
{line}
arrays = dict(X=X, W=W, R=R, B=B, initial_h=initial_h, initial_c=initial_c)
inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None] * arrays[name].ndim) for name in names]
graph = helper.make_graph([node], "g", inputs, [helper.make_tensor_value_info("Y", TensorProto.FLOAT, [None] * 4)])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
options = onnxruntime.SessionOptions()
options.log_severity_level = 4
session = onnxruntime.InferenceSession(model.SerializeToString(), options)
session.run(None, arrays)
"""
    for name, line, values in (
        (
            "kernel-features",
            "W = np.zeros((1, 20, 7), np.float32)",
            ("kernel", "features", (1, 20, 2), (1, 20, 7), "other_features"),
        ),
        (
            "kernel-gates",
            "W = np.zeros((1, 15, 2), np.float32)",
            ("kernel", GATES, (1, 20, 2), (1, 15, 2), "other_cell"),
        ),
        (
            "kernel-order",
            "W = np.zeros((1, 2, 20), np.float32)  #! W = np.zeros((1, 2, 20), np.float32); {fix}",
            ("kernel", "order", (1, 20, 2), (1, 2, 20), "transposed"),
        ),
        (
            "recurrent-gates",
            "R = np.zeros((1, 15, 5), np.float32)",
            ("recurrent_kernel", GATES, (1, 20, 5), (1, 15, 5), "other_cell"),
        ),
        (
            "bias",
            "B = np.zeros((1, 20), np.float32)  #! B = np.zeros((1, 20), np.float32); {fix}",
            ("bias", GATES, (1, 40), (1, 20), "one_bias"),
        ),
        (
            "state-batch",
            "initial_h = np.zeros((1, 7, 5), np.float32)  #! {fix}",
            ("h_0", "batch_size", (1, 3, 5), (1, 7, 5), "last_batch"),
        ),
        (
            "state-directions",
            "initial_c = np.zeros((2, 3, 5), np.float32)  #! {fix}",
            ("c_0", HIDDEN, (1, 3, 5), (2, 3, 5), "one_direction"),
        ),
        (
            "state-units",
            "initial_h = np.zeros((1, 3, 6), np.float32)  #! {fix}",
            ("h_0", "num_units", (1, 3, 5), (1, 3, 6), "other_units"),
        ),
        (
            "state-order",
            "initial_h = np.zeros((3, 1, 5), np.float32)  #! initial_h = np.zeros((3, 1, 5), np.float32); {fix}",
            ("h_0", "order", (1, 3, 5), (3, 1, 5), "state_order"),
        ),
        (
            "two-axes",
            "X = np.zeros((4, 2), np.float32)  #! X = np.zeros((4, 2), np.float32); {fix};"
            " initial_h = initial_c = initial_h[:, :1]",
            ("x", "rank", 3, None, "missing_axis"),
        ),
    ):
        is_line = "#!" not in line
        other = "the corrected line makes another model" if is_line else ""
        yield Mistake(f"onnx-{name}", "onnx", body.format(line=line), *values, other_fix=other)  # type: ignore


def of_tf1() -> Iterator[Mistake]:

    run = "outputs, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)\n"
    yield of(
        "tf1",
        "",
        "two-axes",
        "x = tf.placeholder(tf.float32, [None, 7])\npass  #! {fix}\ncell = tf.nn.rnn_cell.LSTMCell(20)\n" + run,
        *("x", "rank", 3, 2, "missing_axis"),
    )
    for cell in ("BasicLSTMCell", "LSTMCell", "GRUCell", "BasicRNNCell"):
        yield of(
            "tf1",
            "",
            f"same-cell-{cell.lower()}",
            f"""
num_layers = 2
x = tf.placeholder(tf.float32, [None, 9, 7])
cell = tf.nn.rnn_cell.{cell}(20)
cell = tf.nn.rnn_cell.MultiRNNCell([cell] * 2)  #! cell = {{fix}}
"""
            + run,
            *("x", "features", (7,), (20,), "same_cell"),
            is_new=True,
        )
    yield of(
        "tf1",
        "",
        "dense",
        """
x = tf.placeholder(tf.float32, [None, 9, 7])
cell = tf.nn.rnn_cell.BasicLSTMCell(20)
outputs, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
weights = tf.get_variable("w", [32, 3])
logits = tf.matmul(outputs[:, -1], weights)  #! logits = {fix}
""",
        *("dense_input", "features", (None, 32), (None, 20), "dense_features"),
        with_code=True,
    )
    yield of(
        "tf1",
        "",
        "unknown-features",
        "features = 7\ninputs = tf.placeholder(tf.float32, [None, 9, None])\npass  #! {fix}\n"
        "cell = tf.nn.rnn_cell.GRUCell(20)\noutputs, state = tf.nn.dynamic_rnn(cell, inputs, dtype=tf.float32)\n",
        *("x", "features", None, None, "static_features"),
    )


def of_flax() -> Iterator[Mistake]:

    for cell in ("OptimizedLSTMCell", "GRUCell", "SimpleCell"):
        yield of(
            "flax",
            "",
            f"features-{cell.lower()}",
            f"""
model = nn.RNN(nn.{cell}(20))
key = jax.random.PRNGKey(0)
x = jnp.zeros((4, 9, 7))
variables = model.init(key, x)
x = jnp.zeros((4, 9, 8))
pass  #! {{fix}}
model.apply(variables, x)
""",
            *("kernel", "features", (8, 20), (7, 20), "init_features"),
        )


def of_numpy() -> Iterator[Mistake]:
    yield Mistake(
        "numpy-lstm-product",
        "numpy",
        """
def lstm_step(x, h, W, U, b):
    gates = x @ W + h @ U + b
    return gates
lstm_step(np.zeros((4, 8)), np.zeros((4, 20)), np.zeros((7, 80)), np.zeros((20, 80)), np.zeros(80))
""",
        *("x", "features", (7,), (8,), "other_features"),
        other_fix="the kernel has another name",
    )
    yield Mistake(
        "jax-lstm-product",
        "jax",
        """
def lstm_step(x, h, W, U, b):
    return jnp.dot(x, W) + jnp.dot(h, U) + b
lstm_step(jnp.zeros((4, 8)), jnp.zeros((4, 20)), jnp.zeros((7, 80)), jnp.zeros((20, 80)), jnp.zeros(80))
""",
        *("x", "features", (7,), (8,), "other_features"),
        other_fix="the kernel has another name",
    )


NEW = """
def attend(query, keys):
    return torch.bmm(query, keys)
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(12, 20, batch_first=True)
        self.out = nn.Linear(20, 5)
    def forward(self, x, h, c, encoded):
        {line}
        out, (h, c) = self.lstm(x, (h, c))
        return self.out(out[:, -1])
decoder = Decoder()
decoder({arguments})
"""


def reshaped() -> Iterator[Mistake]:
    """Reshapes and normalizations of the output of a recurrent layer."""
    head = "lstm = nn.LSTM(7, 20, batch_first=True{arguments})\noutput, _ = lstm(torch.zeros(4, 9, 7))\n"

    def after_lstm(name: str, lines: str, *values: Any, arguments: str = "") -> Mistake:
        return of("pytorch", "", name, head.format(arguments=arguments) + lines, *values, with_code=True)

    for name, shape, needed, cause in (
        ("view-without-steps", "4, 20", 80, "reshape_steps"),
        ("view-of-another-batch", "5, 9, 20", 900, "reshape_batch"),
        ("view-of-another-length", "-1, 128", 128, "reshape_values"),
    ):
        yield after_lstm(
            name, f"output = output.view({shape})  #! {{fix}}\n", *("output", None, (720,), (needed,), cause)
        )
    yield after_lstm(
        "batch-norm-of-steps",
        "norm = nn.BatchNorm1d(20)\noutput = norm(output)  #! {fix}\n",
        *("output", "order", (None, 20, 9), (None, 9, 20), "channels_second"),
    )
    yield after_lstm(
        "layer-norm-of-one-direction",
        "norm = nn.LayerNorm(20)  #! norm = {fix}\noutput = norm(output)\n",
        *("output", "num_units", (4, 9, 20), (4, 9, 40), "norm_directions"),
        arguments=", bidirectional=True",
    )
    yield of(
        "keras",
        "",
        "reshape",
        """
output = layers.LSTM(20, return_sequences=True)(np.zeros((4, 9, 7), "float32"))
output = layers.Reshape((4, 20))(output)  #! output = {fix}(output)
""",
        *("output", None, (180,), (80,), "reshape_values"),
        with_code=True,
    )
    yield of(
        "numpy",
        "",
        "reshape",
        """
class LSTM:
    def __call__(self, x):
        return np.zeros((4, 9, 20))
output = LSTM()(np.zeros((4, 9, 7)))
output = output.reshape(4, 20)  #! {fix}
""",
        *("output", None, (720,), (80,), "reshape_steps"),
        with_code=True,
    )


def new_in_pytorch() -> Iterator[Mistake]:
    """Mistakes for which the explanation was not written."""
    zeros = "torch.zeros(3, 6, 12), torch.zeros(1, 3, 20), torch.zeros(1, 3, 20), torch.zeros(3, 8, 20)"
    for name, line, arguments, values in (
        (
            "c-of-another-batch",
            "pass",
            zeros.replace("(1, 3, 20), torch.zeros(3", "(1, 4, 20), torch.zeros(3"),
            ("c_0", "batch_size", (1, 3, 20), (1, 4, 20), "other_batch"),
        ),
        (
            "both-states-batch-first",
            "pass",
            zeros.replace("(1, 3, 20)", "(3, 1, 20)"),
            ("h_0", "order", (1, 3, 20), (3, 1, 20), "state_order"),
        ),
        ("x-is-flat", "pass", zeros.replace("(3, 6, 12)", "(12)"), ("x", "rank", 3, 1, None)),
        ("x-is-swapped", "x = x.transpose(1, 2)", zeros, ("x", "order", (3, 6, 12), (3, 12, 6), "features_first")),
        (
            "cat-of-context",
            "x = torch.cat((x, encoded), dim=2)",
            zeros,
            ("output", "time_step", (6,), (8,), "join_steps"),
        ),
        (
            "bmm-of-attention",
            "x = attend(x, encoded)",
            zeros,
            ("output", None, (3, 12, None), (3, 8, None), "transpose_keys"),
        ),
        ("view-of-batch", "x = x.view(4, -1, 12)", zeros, ("x", None, None, None, None)),
        ("states-stacked", "h, c = torch.stack((h, h)), c", zeros, ("h_0", "rank", 3, 4, None)),
        ("squeezed-batch", "x, h, c = x[:1].squeeze(), h, c", zeros, ("x", "rank", 3, 2, "unbatched")),
        (
            "sum-of-states",
            "h = h + encoded[:, 0, :12]",
            zeros,
            ("output", "num_units", (20,), (12,), "attention_units"),
        ),
    ):
        program = NEW.format(line=line, arguments=arguments)
        yield of("pytorch", "new", name, program, *values, is_new=True, with_code=True, other_fix="not declared")
    for cell, rows in (("LSTM", 80), ("GRU", 60)):
        low = cell.lower()
        yield of(
            *("pytorch", low, "new-checkpoint-features"),
            f"old = nn.{cell}(9, 20)\nnew = nn.{cell}(10, 20)\nnew.load_state_dict(old.state_dict())\n",
            *("kernel", "features", (rows, 10), (rows, 9), "other_size"),
            is_new=True,
            other_fix="the corrected line makes the model of the checkpoint",
        )
        yield of(
            *("pytorch", low, "new-unbatched-state"),
            f"{low} = nn.{cell}(10, 20)\nh = torch.zeros(20)\n"
            f"{low}(torch.zeros(9, 10), {'(h, h)' if cell == 'LSTM' else 'h'})\n",
            *("h_0", "rank", 2, 1, "unsqueeze"),
            is_new=True,
            other_fix="the state has another name",
        )
        yield of(
            *("pytorch", low, "new-two-mistakes"),
            f"{low} = nn.{cell}(10, 20, bidirectional=True)\nh = torch.zeros(1, 4, 20)\n"
            f"{low}(torch.zeros(9, 5, 10), {'(h, h)' if cell == 'LSTM' else 'h'})\n",
            *("h_0", HIDDEN, (2, 5, 20), (1, 4, 20), "directions"),
            is_new=True,
            other_fix="the state has another name",
        )
    yield of(
        *("pytorch", "", "new-projected-state"),
        "lstm = nn.LSTM(10, 20, proj_size=5)\nh = torch.zeros(1, 4, 20)\nlstm(torch.zeros(9, 4, 10), (h, h))\n",
        *("h_0", "num_proj", (1, 4, 5), (1, 4, 20), None),
        is_new=True,
        other_fix="not declared",
    )
    yield of(
        *("pytorch", "", "new-gru-into-lstm"),
        "old, new = nn.GRU(10, 20), nn.LSTM(10, 20)\nnew.load_state_dict(old.state_dict())\n",
        *("kernel", GATES, (80, 10), (60, 10), "other_cell"),
        is_new=True,
        other_fix="the corrected line makes the model of the checkpoint",
    )
    yield of(
        *("pytorch", "", "new-packed-with-wrong-features"),
        "gru = nn.GRU(10, 20)\ngru(pack_padded_sequence(torch.zeros(9, 4, 12), [9, 8, 2, 1]))\n",
        *("x", "features", (10,), (12,), "other_features"),
        is_new=True,
        other_fix="the layer has another name",
    )


def of_keras_1() -> Iterator[Mistake]:
    """Models that are trained as in Keras 1 and 2.3."""
    model = """
layer = layers.{cell}(20, return_sequences={sequences})
model = keras.Sequential([keras.Input(({steps}, 7)), layer, layers.Dense(3)])
model.compile(loss="{loss}")
"""
    every = model.format(cell="LSTM", sequences=True, steps=9, loss="categorical_crossentropy")
    last = model.format(cell="GRU", sequences=False, steps=9, loss="mse")
    yield of(
        *("keras1", "", "target-every-step"),
        every + "model.fit(np.zeros((4, 9, 7)), np.zeros((4, 3)), verbose=0)\n",
        *("target", "rank", 3, 2, "not_return_sequences"),
        with_code=True,
        other_fix="the corrected line replaces a part of another line",
    )
    yield of(
        *("keras1", "", "target-of-last-step"),
        last + "model.fit(np.zeros((4, 9, 7)), np.zeros((4, 9, 3)), verbose=0)\n",
        *("output", "rank", 3, 2, "return_sequences"),
        with_code=True,
        other_fix="the corrected line replaces a part of another line",
    )
    yield of(
        *("keras1", "", "two-axes"),
        last + "x = np.zeros((30, 7))\npass  #! {fix}\nmodel.fit(x, np.zeros((30, 3)), verbose=0)\n",
        *("x", "rank", 3, 2, "missing_axis"),
        with_code=True,
        other_fix="the model has nine steps",
    )
    yield of(
        *("keras1", "", "features"),
        last + "model.fit(np.zeros((4, 9, 8)), np.zeros((4, 3)), verbose=0)\n",
        *("x", "features", None, None, "other_features"),
        with_code=True,
        other_fix="the corrected line replaces a part of another line",
    )
    yield of(
        *("keras1", "", "order"),
        last + "x = np.zeros((4, 7, 9))\npass  #! {fix}\nmodel.fit(x, np.zeros((4, 3)), verbose=0)\n",
        *("x", "order", None, None, "features_first"),
        with_code=True,
    )
    yield of(
        *("keras1", "", "classes"),
        last + "model.fit(np.zeros((4, 9, 7)), np.zeros((4, 5)), verbose=0)\n",
        *("target", None, None, None, "target_shape"),
        with_code=True,
        other_fix="the corrected line prints both shapes",
    )


def rare() -> Iterator[Mistake]:
    """Mistakes of other kinds."""
    yield of(
        *("pytorch", "packing", "nothing"),
        "x, lengths = torch.zeros(9, 0, 7), torch.tensor([], dtype=torch.long)\npack_padded_sequence(x, lengths)\n",
        *("x", None, None, None, "empty_batch"),
        other_fix="the corrected line is about the data",
    )
    yield of(
        *("pytorch", "lstm", "checkpoint-projection"),
        "input_size, old = 10, nn.LSTM(10, 20, proj_size=6)\nnew = nn.LSTM(10, 20, proj_size=5)  #! new = {fix}\n"
        "new.load_state_dict(old.state_dict())\n",
        *("projection", "num_proj", (5, 20), (6, 20), "other_projection"),
    )
    yield of(
        *("keras1", "", "one-state"),
        """
x, h, c = keras.Input((9, 7)), keras.Input((20,)), keras.Input((20,))
layer = layers.LSTM(20)
layer(x, initial_state=[h])  #! {fix}
""",
        *("c_0", None, (2,), (1,), "h_for_h_c"),
    )
    yield of(
        *("keras", "", "convlstm"),
        "layers.ConvLSTM2D(8, 3)(keras.Input((5, None, None, 3)))\n",
        *("x", None, None, None, "static_images"),
        other_fix="the line has names instead of sizes",
    )
    yield of(
        *("tf1", "", "dense-while-running"),
        """
import numpy as np
x = tf.placeholder(tf.float32, [None, 9, 7])
outputs, state = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(20), x, dtype=tf.float32)
last = tf.placeholder_with_default(outputs[:, -1], [None, None])
logits = tf.matmul(last, tf.get_variable("w", [32, 3]))
session = tf.Session()
session.run(tf.global_variables_initializer())
session.run(logits, {x: np.zeros((4, 9, 7))})
""",
        *("dense_input", "features", (4, 32), (4, 20), "dense_features"),
        with_code=True,
        other_fix="no corrected line is declared",
        is_new=True,
    )


def second_round() -> Iterator[Mistake]:
    """More mistakes for which the explanation was not written."""

    def new(framework: str, name: str, program: str, *values: Any, with_code: bool = False) -> Mistake:
        other = "" if "#!" in program else "not declared"
        return of(framework, "", f"new-{name}", program, *values, is_new=True, with_code=with_code, other_fix=other)

    yield new(
        *("pytorch", "decoder-of-two-directions"),
        """
class Seq2Seq(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.LSTM(8, 16, num_layers=2, bidirectional=True)
        self.decoder = nn.LSTM(8, 16, num_layers=2)
    def forward(self, source, target):
        _, state = self.encoder(source)
        out, _ = self.decoder(target, state)
        return out
Seq2Seq()(torch.zeros(7, 3, 8), torch.zeros(6, 3, 8))
""",
        *("h_0", HIDDEN, (2, 3, 16), (4, 3, 16), "encoder_directions"),
    )
    yield new(
        *("pytorch", "cell-of-another-batch"),
        "cell = nn.LSTMCell(6, 9)\nx = torch.zeros(4, 6)\ncell(x, (torch.zeros(4, 9), torch.zeros(3, 9)))\n",
        *("c_0", "batch_size", (4,), (3,), "other_batch"),
    )
    yield new(
        *("pytorch", "packed-with-state"),
        "gru = nn.GRU(7, 20, batch_first=True)\nx = torch.zeros(4, 9, 7)\n"
        "packed = pack_padded_sequence(x, [9, 8, 3, 1], batch_first=True)\nh = torch.zeros(1, 9, 20)\ngru(packed, h)\n",
        *("h_0", "batch_size", (1, 4, 20), (1, 9, 20), "last_batch"),
    )
    yield new(
        *("pytorch", "target-of-sequence"),
        "lstm, criterion = nn.LSTM(7, 5, batch_first=True), nn.CrossEntropyLoss()\n"
        "output, _ = lstm(torch.zeros(4, 9, 7))\ntarget = torch.zeros(4, 9, dtype=torch.long)\n"
        "loss = criterion(output, target)  #! {fix}\n",
        *("output", "order", (4, 5, 9), (4, 9, 5), "classes_second"),
        with_code=True,
    )
    yield new(
        *("pytorch", "dense-of-all-states"),
        "lstm, fc = nn.LSTM(7, 20, 2), nn.Linear(20, 3)\nout, (h, c) = lstm(torch.zeros(9, 4, 7))\n"
        "fc(h.permute(1, 0, 2).reshape(4, -1))\n",
        *("dense_input", "features", (4, 20), (4, 40), "dense_directions"),
        with_code=True,
    )
    yield new(
        *("pytorch", "embedding-of-vectors"),
        "embed, gru = nn.Embedding(50, 8), nn.GRU(8, 20)\ngru(embed(torch.zeros(9, 4, 3, dtype=torch.long)))\n",
        *("x", "rank", 3, 4, "extra_axis"),
    )
    yield new(
        *("keras", "dense-input-of-lstm"),
        "layers.LSTM(16)(layers.Flatten()(keras.Input((9, 7))))\n",
        *("x", "rank", 3, 2, "flattened_steps"),
    )
    yield new(
        *("keras", "images"),
        "keras.Sequential([keras.Input((28, 28, 1)), layers.GRU(16)])\n",
        *("x", "rank", 3, 4, "extra_axis"),
    )
    yield new(
        *("keras", "transposed-recurrent-kernel"),
        "layer = layers.GRU(16)\nlayer.build((None, 9, 7))\nkernel, recurrent, bias = layer.get_weights()\n"
        "layer.set_weights([kernel, recurrent.T, bias])\n",
        *("recurrent_kernel", "order", (16, 48), (48, 16), "transposed"),
    )
    yield new(
        *("keras", "one-bias"),
        "layer = layers.GRU(16)\nlayer.build((None, 9, 7))\nkernel, recurrent, bias = layer.get_weights()\n"
        "layer.set_weights([kernel, recurrent, bias.sum(0)])\n",
        *("bias", "rank", 2, 1, "reset_after"),
    )
    yield new(
        *("keras", "lstm-weights-of-gru"),
        "lstm, gru = layers.LSTM(16), layers.GRU(16)\nlstm.build((None, 9, 7))\ngru.build((None, 9, 7))\n"
        "lstm.set_weights(gru.get_weights())\n",
        *("kernel", GATES, (7, 64), (7, 48), "other_cell"),
    )
    yield new(
        *("keras", "states-of-encoder"),
        """
x = np.zeros((4, 9, 7), "float32")
encoded, *states = layers.Bidirectional(layers.LSTM(10, return_state=True))(x)
layers.LSTM(20, return_sequences=True)(x, initial_state=states[:2])
""",
        *("h_0", "num_units", (20,), (10,), "other_units"),
    )
    yield new(
        *("keras2", "images"),
        "keras.Sequential([keras.Input((28, 28, 1)), layers.LSTM(16)])\n",
        *("x", "rank", 3, 4, "extra_axis"),
    )
    yield new(
        *("tf1", "state-of-another-batch"),
        """
import numpy as np
x = tf.placeholder(tf.float32, [None, 9, 7])
cell = tf.nn.rnn_cell.GRUCell(20)
initial_state = cell.zero_state(32, tf.float32)  #! {fix}
outputs, state = tf.nn.dynamic_rnn(cell, x, initial_state=initial_state)
session = tf.Session()
session.run(tf.global_variables_initializer())
session.run(outputs, {x: np.zeros((5, 9, 7))})
""",
        *("h_0", "batch_size", (5,), (32,), "last_batch"),
    )
    yield new(
        *("numpy", "dot"),
        "def rnn_step(x, h, W, U):\n    return np.tanh(np.dot(x, W) + np.dot(h, U))\n"
        "rnn_step(np.zeros((4, 8)), np.zeros((4, 20)), np.zeros((7, 20)), np.zeros((20, 20)))\n",
        *("x", "features", (7,), (8,), "other_features"),
    )
    yield new(
        *("flax", "carry-of-another-batch"),
        "cell = nn.GRUCell(20)\nkey = jax.random.PRNGKey(0)\nx = jnp.zeros((4, 7))\n"
        "variables = cell.init(key, jnp.zeros((4, 20)), x)\n"
        "carry = jnp.zeros((3, 20))  #! x_t = x; {fix}\ncell.apply(variables, carry, x)\n",
        *("h_0", "batch_size", (4,), (3,), "other_batch"),
    )
    yield new(
        *("pytorch", "packed-features"),
        "hidden_size = 6\nlstm = nn.LSTM(5, 6)  #! lstm = {fix}\n"
        "lstm(nn.utils.rnn.pack_sequence([torch.zeros(4, 3), torch.zeros(2, 3)]))\n",
        *("x", "features", (5,), (3,), "other_features"),
    )
    yield new(
        *("pytorch", "packed-with-states-of-another-batch"),
        "num_layers, hidden_size = 1, 6\nlstm = nn.LSTM(5, hidden_size, batch_first=True)\nx = torch.zeros(3, 8, 5)\n"
        "packed = pack_padded_sequence(x, [8, 5, 1], batch_first=True)\n"
        "h_0 = torch.zeros(num_layers, x.size(1), hidden_size)  #! {fix}\nlstm(packed, (h_0, h_0))\n",
        *("h_0", "batch_size", (3,), (8,), "last_batch"),
    )
    yield new(
        *("pytorch", "h-to-a-cell"),
        "lstm = nn.LSTMCell(8, 16)\nx, h_0, c_0 = torch.zeros(4, 8), torch.zeros(4, 16), torch.zeros(4, 16)\n"
        "lstm(x, h_0)  #! {fix}\n",
        *("h_0", None, (2,), (1,), "h_for_h_c"),
    )
    yield new(
        *("pytorch", "pair-to-a-gru"),
        "layer = nn.GRU(5, 6)\nx, h_0 = torch.zeros(2, 3, 5), torch.zeros(1, 3, 6)\nlayer(x, (h_0, h_0))  #! {fix}\n",
        *("h_0", None, (1,), (2,), "number_of_states"),
    )
    yield new(
        *("pytorch", "h-to-a-decoder"),
        "decoder = nn.LSTM(5, 6, 2)\nx, h = torch.zeros(7, 3, 5), torch.zeros(2, 3, 6)\ndecoder(x, h)\n",
        *("h_0", "rank", 3, 2, "h_for_h_c"),
    )
    yield new(
        *("pytorch", "series-without-axis"),
        "lstm = nn.LSTM(1, 6, batch_first=True)\nx = torch.zeros(3, 10)\npass  #! {fix}\nlstm(x)\n",
        *("x", "features", (1,), (10,), "missing_features_axis"),
    )
    yield new(
        *("pytorch", "decoder-without-batch-first"),
        "encoder = nn.LSTM(8, 32, batch_first=True)\ndecoder = nn.LSTM(8, 32)\n"
        "_, state = encoder(torch.zeros(16, 10, 8))\ndecoder(torch.zeros(16, 12, 8), state)\n",
        *("h_0", "batch_size", (1, 12, 32), (1, 16, 32), "batch_first"),
        with_code=True,
    )
    yield new(
        *("pytorch", "target-of-mean-squared-error"),
        "lstm = nn.LSTM(7, 20, batch_first=True)\noutput, _ = lstm(torch.zeros(4, 9, 7))\n"
        "target = torch.zeros(4, 5)\nnn.functional.mse_loss(output[:, -1], target)\n",
        *("target", None, (20,), (5,), "target_shape"),
        with_code=True,
    )
    yield new(
        *("keras", "mask-of-other-steps"),
        "layers.LSTM(4)(np.zeros((2, 5, 3), 'float32'), mask=np.ones((2, 4), bool))\n",
        *("mask", "time_step", (2, 5), (2, 4), "short_mask"),
    )
    yield new(
        *("keras", "target-of-classes"),
        "model = keras.Sequential([keras.Input((10, 3)), layers.LSTM(8), layers.Dense(5)])\n"
        "model.compile(loss='sparse_categorical_crossentropy')\n"
        "model.fit(np.zeros((20, 10, 3)), np.zeros((20, 10)), verbose=0)\n",
        *("output", "rank", 3, 2, "return_sequences"),
        with_code=True,
    )
    yield new(
        *("keras", "weights-of-another-file"),
        """
import os, tempfile
path = os.path.join(tempfile.mkdtemp(), "saved.weights.h5")
def model(units):
    return keras.Sequential([keras.Input((10, 3)), layers.LSTM(units, kernel_initializer="zeros")])
model(1).save_weights(path)
model(2).load_weights(path)
""",
        *("kernel", GATES, (3, 8), (3, 4), "other_size"),
    )


def third_round() -> Iterator[Mistake]:
    """Mistakes in the arguments of Keras, in losses, in cells of one's own and in data."""

    def new(framework: str, name: str, program: str, *values: Any, other_fix: str = "", **more: bool) -> Mistake:
        other = other_fix or ("" if "#!" in program else "not declared")
        return of(framework, "", f"third-{name}", program, *values, other_fix=other, **more)

    for framework in ("keras", "keras2"):
        yield new(
            *(framework, "other-number-of-samples"),
            "model = keras.Sequential([keras.Input((5, 2)), layers.LSTM(3), layers.Dense(1)])\n"
            "model.compile(loss='mse')\nx, y = np.zeros((8, 5, 2)), np.zeros((6, 1))\n"
            "pass  #! {fix}\nmodel.fit(x, y, verbose=0)\n",
            *("target", "batch_size", (8,), (6,), "other_samples"),
            with_code=True,
        )
        yield new(
            *(framework, "joined-outputs-of-other-steps"),
            "a, b = keras.Input((9, 2)), keras.Input((7, 2))\n"
            "layers.Concatenate()([layers.GRU(4, return_sequences=True)(one) for one in (a, b)])\n",
            *("output", "time_step", (None, 9, 4), (None, 7, 4), "other_steps"),
        )
        yield new(
            *(framework, "every-step-is-repeated"),
            "layers.RepeatVector(4)(layers.GRU(3, return_sequences=True)(keras.Input((9, 2))))\n",
            *("output", "rank", 2, 3, "repeated_every_step"),
        )
    yield new(
        *("keras", "cell-of-a-sequence"),
        "cell = layers.LSTMCell(7)\nx = np.zeros((2, 5, 3), 'float32')\n"
        "cell(x, [np.zeros((2, 7), 'float32')] * 2)  #! {fix}\n",
        *("x", "rank", 2, 3, "one_step"),
    )
    yield new(
        *("keras", "layer-of-a-cell-without-time"),
        "layer = layers.RNN(layers.GRUCell(12))\nx = np.zeros((16, 24), 'float32')\npass  #! {fix}\nlayer(x)\n",
        *("x", "rank", 3, 2, "missing_axis"),
    )
    yield new(
        *("keras", "state-of-a-layer-of-pytorch"),
        "layers.GRU(6)(np.zeros((2, 3, 4), 'float32'), initial_state=np.zeros((1, 2, 6), 'float32'))\n",
        *("h_0", "rank", 2, 3, "squeeze"),
    )
    yield new(
        *("keras", "one-state-of-an-lstm"),
        "layers.LSTM(6)(np.zeros((2, 3, 4), 'float32'), initial_state=np.zeros((2, 6), 'float32'))\n",
        *("c_0", None, (2,), (1,), "h_for_h_c"),
    )
    yield new(
        *("keras", "weights-without-bias"),
        "one, other = layers.LSTM(5, use_bias=False), layers.LSTM(5)\none.build((None, 3, 2))\n"
        "other.build((None, 3, 2))\nother.set_weights(one.get_weights())\n",
        *("bias", None, (3,), (2,), "use_bias"),
    )
    yield new(
        *("keras", "target-in-mean-squared-error"),
        "model = keras.Sequential([keras.Input((5, 2)), layers.LSTM(3), layers.Dense(2)])\n"
        "model.compile(loss='mse')\nmodel.fit(np.zeros((8, 5, 2)), np.zeros((8, 3)), verbose=0)\n",
        *("target", None, (2,), (3,), "target_shape"),
        with_code=True,
    )
    train = "model = keras.Sequential([layers.LSTM({layer}, input_shape=(7, 3)), layers.Dense({units})])\n"
    train += "model.compile(loss='{loss}')\nmodel.fit(np.zeros((8, 7, 3)), np.zeros({target}), verbose=0)\n"
    every = "4, return_sequences=True"
    for name, layer, units, loss, target, sizes in (
        ("classes-of-each-step", "4", 5, "sparse_categorical_crossentropy", (8, 7), ("batch_size", (8,), (56,))),
        (
            "one-class",
            "4, return_sequences=True",
            5,
            "sparse_categorical_crossentropy",
            (8,),
            ("batch_size", (56,), (8,)),
        ),
        ("logits", "4", "1, activation='sigmoid'", "binary_crossentropy", (8, 3), (None, (None, 1), (None, 3))),
        ("every-step-in-a-loss", every, 5, "mse", (8, 3), ("rank", 3, 2)),
        ("every-class-in-a-loss", "4", 5, "categorical_crossentropy", (8, 7, 5), ("rank", 3, 2)),
        ("units-in-a-loss", "4", 5, "mae", (8, 3), (None, (None, 5), (None, 3))),
    ):
        id = "target_shape"
        if sizes[0] is not None:
            id = "not_return_sequences" if "return" in layer else "return_sequences"
        yield new(
            *("keras2", name),
            train.format(layer=layer, units=units, loss=loss, target=target),
            *("output" if name == "every-class-in-a-loss" else "target", *sizes, id),
            with_code=True,
        )
    yield new(
        *("keras2", "kept-states-in-a-graph"),
        "model = keras.Sequential([layers.LSTM(4, batch_input_shape=(16, 6, 1), stateful=True)])\n"
        "model.compile(loss='mse')\nmodel.predict(np.zeros((10, 6, 1)), batch_size=16, verbose=0)\n",
        *("h_0", "batch_size", (10,), (16,), "last_batch"),
    )
    yield new(
        *("keras2", "states-of-a-call"),
        "import tensorflow as tf\nstates = [tf.zeros((4, 3))] * 2\n"
        "layers.LSTM(3)(np.zeros((2, 5, 4), 'float32'), initial_state=states)\n",
        *("h_0", "batch_size", (2,), (4,), "last_batch"),
    )
    yield new(
        *("keras2", "states-of-two-directions"),
        "import tensorflow as tf\nlayer = layers.Bidirectional(layers.LSTM(3))\n"
        "layer(np.zeros((2, 3, 4), 'float32'), initial_state=[tf.zeros((2, 3))] * 3)\n",
        *("h_0", None, None, None, "number_of_states"),
    )
    rnn = "from tf_keras.layers import GRUCell, LSTMCell\n"
    yield new(
        *("tf1", "lengths-of-a-graph"),
        rnn + "tf.nn.dynamic_rnn(GRUCell(4), tf.zeros((4, 6, 3)), sequence_length=[6, 5, 2], dtype=tf.float32)\n",
        *("lengths", "batch_size", (4,), (3,), "lengths"),
    )
    yield new(
        *("tf1", "lengths-of-a-run"),
        rnn + "lengths = tf.placeholder(tf.int32, [None])\n"
        "y, _ = tf.nn.dynamic_rnn(GRUCell(4), tf.zeros((4, 6, 3)), sequence_length=lengths, dtype=tf.float32)\n"
        "session = tf.Session()\nsession.run(tf.global_variables_initializer())\n"
        "session.run(y, {lengths: [6, 5, 2]})\n",
        *("lengths", "batch_size", (4,), (3,), "lengths"),
    )
    yield new(
        *("tf1", "array-for-a-list-of-steps"),
        rnn + "x = tf.zeros((4, 6, 3))\npass  #! {fix}\ntf.nn.static_rnn(GRUCell(4), x, dtype=tf.float32)\n",
        *("x", None, None, None, "list_of_steps"),
    )
    yield new(
        *("tf1", "state-of-another-batch"),
        rnn + "state = [tf.zeros((32, 8)), tf.zeros((32, 8))]\n"
        "tf.nn.dynamic_rnn(LSTMCell(8), tf.zeros((20, 5, 3)), initial_state=state)\n",
        *("h_0", "batch_size", (20,), (32,), "last_batch"),
    )
    yield new(
        *("tf1", "state-of-other-units"),
        rnn + "tf.nn.dynamic_rnn(GRUCell(4), tf.zeros((2, 6, 3)), initial_state=tf.zeros((2, 9)))\n",
        *("h_0", "num_units", (4,), (9,), "other_units"),
    )
    yield new(
        *("tf1", "one-state"),
        rnn + "tf.nn.dynamic_rnn(LSTMCell(4), tf.zeros((4, 6, 3)), initial_state=tf.zeros((4, 4)))\n",
        *("h_0", None, (2,), (1,), "h_for_h_c"),
    )
    yield new(
        *("tf1", "every-step-to-a-dense-layer"),
        "from tensorflow.python.ops import gen_math_ops\n"
        + rnn
        + "outputs, _ = tf.nn.dynamic_rnn(GRUCell(7), tf.zeros((3, 5, 2)), dtype=tf.float32)\n"
        "pass  #! {fix}\ngen_math_ops.mat_mul(outputs, tf.zeros((7, 4)))\n",
        *("dense_input", "rank", 2, 3, "every_step"),
        with_code=True,
    )
    for name, shape, id, shapes in (
        ("all-steps", 200, "dense_all_steps", ((4, 200), (4, 20))),
        ("both-directions", 40, "dense_one_direction", ((4, 40), (4, 20))),
    ):
        bidirectional = ", bidirectional=True" if shape == 40 else ""
        yield new(
            *("pytorch", f"dense-of-{name}"),
            f"gru, fc = nn.GRU(7, 20{bidirectional}), nn.Linear({shape}, 3)\n"
            "y, h = gru(torch.zeros(9, 4, 7))\nfc(h[-1])\n",
            *("dense_input", "features", *shapes, id),
            with_code=True,
        )
    yield new(
        *("pytorch", "layer-above-two-directions"),
        "low, high = nn.LSTM(7, 20, bidirectional=True), nn.LSTM(20, 6)\nhigh(low(torch.zeros(9, 4, 7))[0])\n",
        *("x", "features", (20,), (40,), "directions_below"),
        with_code=True,
        is_new=True,
    )
    yield new(
        *("pytorch", "c-as-short-as-a-projected-h"),
        "lstm = nn.LSTM(10, 20, proj_size=5)\nh = torch.zeros(1, 4, 5)\nlstm(torch.zeros(9, 4, 10), (h, h))\n",
        *("c_0", "num_units", (1, 4, 20), (1, 4, 5), "projected_state"),
    )
    yield new(
        *("pytorch", "logits"),
        "lstm = nn.LSTM(7, 20)\noutput = lstm(torch.zeros(9, 4, 7))[0][-1, :, :1]\ntarget = torch.ones(4)\n"
        "criterion = nn.BCEWithLogitsLoss()\nloss = criterion(output, target)  #! {fix}\n",
        *("output", "rank", 1, 2, "target_axis"),
        with_code=True,
    )
    yield new(
        *("pytorch", "target-with-two-axes"),
        "lstm = nn.LSTM(7, 20)\ny, _ = lstm(torch.zeros(9, 4, 7))\n"
        "nn.CrossEntropyLoss()(y[-1], torch.ones(4, 1).long())\n",
        *("target", "rank", 1, None, "target_shape"),
        with_code=True,
    )
    yield new(
        *("pytorch", "sequences-of-other-lengths"),
        "sequences = [torch.zeros(5, 3), torch.zeros(7, 3)]\nlstm = nn.LSTM(3, 6, batch_first=True)\n"
        "x = next(iter(torch.utils.data.DataLoader(sequences, batch_size=2)))  #! {fix}\nlstm(x)\n",
        *("x", "time_step", (5,), (7,), "collate"),
        with_code=True,
        other_fix="the corrected line replaces a part of another line",
    )
    yield new(
        *("pytorch", "lists-of-other-lengths"),
        "lstm = nn.LSTM(1, 6)\nlstm(torch.tensor([[1.0, 2.0, 3.0], [1.0, 2.0]]))\n",
        *("x", "time_step", (3,), (2,), "unequal_lengths"),
    )
    ctc = (
        "lstm = nn.LSTM(7, 20, batch_first=True)\nlog_probs = lstm(torch.zeros(4, 50, 7))[0].log_softmax(2)\n"
        "ctc_loss, targets = nn.CTCLoss(), torch.ones(4, 10).long()\n"
        "input_lengths, target_lengths = torch.full((4,), 50), torch.full((4,), 10)\n"
    )
    yield new(
        *("pytorch", "time-in-ctc"),
        ctc + "ctc_loss(log_probs, targets, input_lengths, target_lengths)  #! {fix}\n",
        *("lengths", "batch_size", None, None, "ctc_axes"),
        with_code=True,
    )
    yield new(
        *("pytorch", "lengths-in-ctc"),
        ctc + "ctc_loss(log_probs.transpose(0, 1), targets, input_lengths + 9, target_lengths)  #! {fix}\n",
        *("lengths", "time_step", (50,), (59,), "ctc_axes"),
        with_code=True,
    )
    yield new(
        *("flax", "h-for-h-and-c"),
        "cell = nn.LSTMCell(16)\nx, key = jnp.zeros((3, 7)), jax.random.PRNGKey(0)\n"
        "carry = jnp.zeros((3, 16))  #! x_t = x; {fix}\ncell.init(key, carry, x)\n",
        *("h_0", None, (2,), (1,), "h_for_h_c"),
    )
    step = (
        "def gru_step(h, x):\n    z = x @ Wx + h @ Wh\n    return z, z\n"
        "Wx, Wh = jnp.zeros((6, 20)), jnp.zeros((20, 20))\n"
    )
    for name, state, xs, said in (
        ("carry-of-one-sample", "(1, 20)", "jnp.zeros((10, 3, 6))", ("h_0", "batch_size", (3, 20), (1, 20), "carry")),
        ("state-of-other-units", "(3, 8)", "jnp.zeros((10, 3, 6))", ("h_0", "num_units", (20,), (8,), "other_units")),
        ("state-of-other-samples", "(4, 20)", "jnp.zeros((10, 3, 6))", ("h_0", "batch_size", (3,), (4,), "last_batch")),
    ):
        yield new("jax", name, step + f"jax.lax.scan(gru_step, jnp.zeros({state}), {xs})\n", *said)
    yield new(
        *("jax", "scan-of-other-steps"),
        step
        + "jax.lax.scan(lambda h, xy: gru_step(h, xy[0]), jnp.zeros((3, 20)), (jnp.zeros((10, 3, 6)), jnp.zeros(9)))\n",
        *("x", "time_step", (10,), (9,), "scan_steps"),
    )
    columns = "def rnn_step(W, U, x, h_prev):\n    return np.tanh(np.dot(W, x) + U @ h_prev)\n"
    for name, x, h, told in (
        ("columns-of-x", (6, 1), (8, 1), ("x", "features", (5,), (6,), "other_features")),
        ("columns-of-h", (5, 1), (7, 1), ("h_0", "num_units", (8,), (7,), "other_units")),
        ("samples-of-h", (5, 2), (8, 3), ("h_0", "batch_size", (2,), (3,), "last_batch")),
    ):
        call = f"rnn_step(np.zeros((8, 5)), np.zeros((8, 8)), np.zeros({x}), np.zeros({h}))\n"
        yield new("numpy", name, columns + call, *told)
    yield new(
        *("numpy", "samples-of-c"),
        "def lstm_step(f, i, g, c):\n    return f * c + i * g\n"
        "lstm_step(np.ones((4, 6)), np.ones((4, 6)), np.ones((4, 6)), np.ones((3, 6)))\n",
        *("c_0", "batch_size", (4,), (3,), "other_batch"),
    )


def fourth_round() -> Iterator[Mistake]:
    """Outputs that are indexed, added and multiplied, layers that remove the axis of time, and cells of one's own."""

    def new(framework: str, name: str, program: str, *values: Any, **more: bool) -> Mistake:
        other = "" if "#!" in program else "not declared"
        return of(framework, "", f"fourth-{name}", program, *values, other_fix=other, **more)

    yield new(
        *("pytorch", "attention-with-time-first"),
        """
class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(6, 6)
    def forward(self, x, output):
        rnn_out, _ = self.gru(x)
        return torch.bmm(rnn_out.transpose(0, 1), output.permute(0, 2, 1))
output, _ = nn.GRU(5, 6)(torch.zeros(7, 4, 5))
pass  #! {fix}
Attention()(torch.zeros(1, 4, 6), output)
""",
        *("output", "batch_size", (4,), (7,), "time_first"),
    )
    last = "output, _ = nn.LSTM(6, 10, batch_first=True)(torch.zeros(8, 7, 6))\n"
    yield new(
        *("pytorch", "last-sample-in-a-sum"),
        last + "pass  #! {fix}\noutput = output[-1] + torch.zeros(8, 10)  #! output + torch.zeros(8, 10)\n",
        *("output", "batch_size", (8,), (7,), "last_sample"),
        with_code=True,
    )
    yield new(
        *("pytorch", "last-sample-in-a-loss"),
        last + "output = output[-1]  #! {fix}\nnn.CrossEntropyLoss()(output, torch.zeros(8).long())\n",
        *("target", "batch_size", (7,), (8,), "last_sample"),
        with_code=True,
    )
    yield new(
        *("keras", "flattened-before-an-lstm"),
        "keras.Sequential([keras.Input((20, 3)), layers.Flatten(), layers.LSTM(6)])"
        "  #! keras.Sequential([keras.Input((20, 3)), {fix}, layers.LSTM(6)])\n",
        *("x", "rank", 3, 2, "flattened_steps"),
    )
    yield new(
        *("keras", "dense-of-one-direction"),
        "x = np.zeros((2, 5, 3), 'float32')\ndense = layers.Dense(1)\ndense(layers.LSTM(16)(x))\n"
        "dense(layers.Bidirectional(layers.LSTM(16))(x))\n",
        *("dense_input", "features", (16,), (32,), "dense_directions"),
    )
    for framework in ("keras", "keras2"):
        yield new(
            *(framework, "sum-of-outputs-of-other-steps"),
            "one, other = keras.Input((10, 2)), keras.Input((12, 2))\n"
            "layers.add([layer(x) for layer, x in (\n"
            "    (layers.LSTM(8, return_sequences=True), one), (layers.LSTM(8, return_sequences=True), other))])\n",
            *("output", "time_step", (None, 10, 8), (None, 12, 8), "other_steps"),
            with_code=True,
        )
    yield new(
        *("keras2", "last-batch-of-a-fixed-one"),
        "model = keras.Sequential([layers.LSTM(8, stateful=True, batch_input_shape=(4, 5, 2))])\n"
        "x = np.zeros((10, 5, 2))\n"
        "model.compile('sgd', 'mse')\nmodel.predict(x, batch_size=4, verbose=0)\n",
        *("h_0", "batch_size", (2,), (4,), "last_batch"),
    )
    yield new(
        *("keras1", "other-fixed-batch"),
        "model = keras.Sequential([layers.LSTM(8, stateful=True, batch_input_shape=(32, 5, 2))])\n"
        "model.compile('sgd', 'mse')\nmodel.predict(np.zeros((10, 5, 2)), batch_size=10, verbose=0)\n",
        *("x", "batch_size", (32,), (10,), "other_batch"),
        with_code=True,
    )
    yield new(
        *("numpy", "units-of-c"),
        "def lstm_step(f, i, g, c):\n    return sigmoid(f) * c + sigmoid(i) * np.tanh(g)\n"
        "def sigmoid(x):\n    return 1 / (1 + np.exp(-x))\nlstm_step(np.ones(8), np.ones(8), np.ones(8), np.ones(6))\n",
        *("c_0", "num_units", (8,), (6,), "other_units"),
    )
    yield new(
        *("numpy", "features-of-a-class"),
        """
class GRULayer:
    def __init__(self, n_in, n_hidden):
        self.Wz, self.Uz = np.zeros((n_in, n_hidden)), np.zeros((n_hidden, n_hidden))
    def forward(self, xs):
        h = np.zeros((xs.shape[1], len(self.Uz)))
        for x_t in xs:
            h = np.tanh(x_t @ self.Wz + h @ self.Uz)
        return h
GRULayer(4, 6).forward(np.ones((7, 2, 5)))
""",
        *("x", "features", (4,), (5,), "other_features"),
    )
    yield new(
        *("numpy", "bias-of-fewer-gates"),
        "def lstm_gates(x, h, W, U, b):\n    return x @ W + h @ U + b\n"
        "lstm_gates(np.ones((2, 3)), np.ones((2, 5)), np.ones((3, 20)), np.ones((5, 20)), np.ones(15))\n",
        *("bias", "gates*num_units", (20,), (15,), "bias_size"),
    )
    yield new(
        *("numpy", "x-and-h-in-one-array"),
        "def lstm_cell_forward(xt, a_prev, Wf):\n    concat = np.concatenate((a_prev, xt))\n"
        "    return np.dot(Wf, concat)\nlstm_cell_forward(np.ones((3, 10)), np.ones((5, 10)), np.ones((5, 9)))\n",
        *("x", "features", (4,), (3,), "other_features"),
    )
    yield new(
        *("jax", "bias-of-fewer-units"),
        "def rnn_cell(p, h, x):\n    return jnp.dot(x, p['wx']) + jnp.dot(h, p['wh']) + p['b']\n"
        "p = dict(wx=jnp.zeros((3, 8)), wh=jnp.zeros((8, 8)), b=jnp.zeros(7))\n"
        "rnn_cell(p, jnp.zeros((2, 8)), jnp.zeros((2, 3)))\n",
        *("bias", "gates*num_units", (8,), (7,), "bias_size"),
    )
    own = """
class GRUFromScratch(nn.Module):
    def __init__(self, n_in, n_hidden):
        super().__init__()
        self.W = nn.Parameter(torch.zeros(n_in, n_hidden))
        self.U = nn.Parameter(torch.zeros(n_hidden, n_hidden))
    def forward(self, x, h):
        return torch.mm(x, self.W) + torch.mm(h, self.U)
GRUFromScratch(4, 8)(torch.zeros{x}, torch.zeros{h})
"""
    yield new(
        *("pytorch", "target-of-other-steps"),
        "output, _ = nn.RNN(1, 4, batch_first=True)(torch.zeros(8, 12, 1))\ntarget = torch.zeros(8, 6, 4)\n"
        "(output - target).abs().mean()\n",
        *("target", "time_step", (12,), (6,), "target_shape"),
        with_code=True,
    )
    for name, x, h, said in (
        ("samples-of-a-cell-of-its-own", (2, 4), (3, 8), ("h_0", "batch_size", (2,), (3,), "last_batch")),
        ("x-of-a-cell-of-its-own", (3, 5), (3, 8), ("x", "features", (4,), (5,), "other_features")),
        ("h-of-a-cell-of-its-own", (3, 4), (3, 6), ("h_0", "num_units", (8,), (6,), "other_units")),
    ):
        yield new("pytorch", name, own.format(x=x, h=h), *said)
    yield new(
        *("pytorch", "decoder-above-two-directions"),
        """
class Stack(nn.Module):
    def __init__(self):
        super().__init__()
        self.below = nn.LSTM(7, 50, bidirectional=True)
        self.above = nn.LSTM(50, 25)  #! self.above = {fix}
    def forward(self, x):
        return self.above(self.below(x)[0])
hidden_size = 25
Stack()(torch.zeros(2, 9, 7))
""",
        *("x", "features", (50,), (100,), "directions_below"),
    )
    yield new(
        *("keras", "two-convolutional-lstms"),
        "x = layers.ConvLSTM2D(8, 3)(keras.Input((20, 16, 16, 3)))\nlayers.ConvLSTM2D(8, 3)(x)\n",
        *("x", "rank", 5, 4, "return_sequences"),
    )
    yield new(
        *("keras", "one-state-of-two-directions"),
        "x, h = np.zeros((5, 10, 4), 'float32'), np.zeros((5, 6), 'float32')\n"
        "layers.Bidirectional(layers.GRU(6))(x, initial_state=[h])\n",
        *("h_0", None, None, None, "number_of_states"),
    )
    yield new(
        *("keras", "products-of-other-units"),
        "query, key = keras.Input((5, 3)), keras.Input((9, 3))\n"
        "query = layers.GRU(16, return_sequences=True)(query)\n"
        "layers.dot([query, layers.GRU(20, return_sequences=True)(key)], (2, 2))\n",
        *("output", "num_units", (16,), (20,), "attention_units"),
    )
    yield new(
        *("tf1", "zero-state-of-another-batch"),
        "x = tf.placeholder(tf.float32, [20, 10, 9])\ncell = tf.nn.rnn_cell.BasicLSTMCell(16)\n"
        "state = cell.zero_state(32, tf.float32)\ntf.nn.dynamic_rnn(cell, x, initial_state=state)\n",
        *("h_0", "batch_size", (20,), (32,), "last_batch"),
    )


def fifth_round() -> Iterator[Mistake]:
    """Checkpoints of other layers, attention, joins and masks."""

    def new(framework: str, name: str, program: str, *facts: Any, **more: Any) -> Mistake:
        return of(framework, "", f"fifth-{name}", program, *facts, **{"other_fix": "not declared", **more})

    for name, made, model, sizes, likely in (
        ("fewer-layers", "", "num_layers=3", ((3,), (1,)), "checkpoint_layers"),
        ("more-layers", "num_layers=2, bidirectional=True", "bidirectional=True", ((2,), (4,)), "checkpoint_layers"),
        ("one-direction", "num_layers=2", "num_layers=2, bidirectional=True", ((4,), (2,)), "checkpoint_directions"),
        ("two-directions", "bidirectional=True", "", ((1,), (2,)), "checkpoint_directions"),
    ):
        yield new(
            *("pytorch", f"checkpoint-of-{name}"),
            f"input_size, hidden_size = 10, 20\nold = nn.GRU(10, 20, {made})\n"
            f"new = nn.GRU(10, 20, {model})  #! new = {{fix}}\nnew.load_state_dict(old.state_dict())\n",
            *("kernel", HIDDEN, *sizes, likely),
            other_fix="",
        )
    yield new(
        *("pytorch", "bmm-of-two-directions"),
        "def attend(encoder_outputs, hidden):\n"
        "    return torch.bmm(encoder_outputs, hidden.unsqueeze(2)).squeeze(2)\n"
        "encoder, decoder = nn.LSTM(7, 20, bidirectional=True, batch_first=True), nn.LSTMCell(7, 20)\n"
        "output, _ = encoder(torch.zeros(3, 9, 7))\nattend(output, decoder(torch.zeros(3, 7))[0])\n",
        *("output", "num_units", (40,), (20,), "attention_directions"),
        with_code=True,
    )
    yield new(
        *("pytorch", "einsum-of-other-units"),
        "encoder, decoder = nn.GRU(7, 24, batch_first=True), nn.GRUCell(7, 20)\n"
        "memory, _ = encoder(torch.zeros(3, 9, 7))\n"
        "torch.einsum('bth,bh->bt', memory, decoder(torch.zeros(3, 7)))\n",
        *("output", "num_units", (24,), (20,), "attention_units"),
        with_code=True,
    )
    yield new(
        *("pytorch", "state-without-steps-in-attention"),
        "encoder, W, U = nn.GRU(7, 20, batch_first=True), nn.Linear(20, 8), nn.Linear(20, 8)\n"
        "keys, h_n = encoder(torch.zeros(3, 9, 7))\nquery = h_n[-1]\npass  #! {fix}\n"
        "energy = torch.tanh(W(query) + U(keys))\n",
        *("output", "rank", 3, 2, "attention_axis"),
        with_code=True,
        other_fix="",
    )
    yield new(
        *("pytorch", "mask-of-all-steps"),
        "lstm, mask = nn.LSTM(7, 20, batch_first=True), torch.ones(3, 9)\n"
        "packed = pack_padded_sequence(torch.zeros(3, 9, 7), [8, 5, 2], batch_first=True)\n"
        "packed, _ = lstm(packed)\n"
        "output, _ = pad_packed_sequence(packed, batch_first=True)  #! output, _ = {fix}\n"
        "output = output * mask.unsqueeze(-1)\n",
        *("mask", "time_step", (8,), (9,), "packed_steps"),
        with_code=True,
        other_fix="",
    )
    yield new(
        *("pytorch", "packed-with-the-batch-second"),
        "packed = pack_padded_sequence(torch.zeros(3, 9, 7), torch.tensor([9, 5, 2]), enforce_sorted=False)\n"
        "nn.LSTM(7, 20)(packed)\n",
        *("lengths", "batch_size", None, None, "packed_axis"),
    )
    yield new(
        *("pytorch", "x-plus-output"),
        "class Block(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.lstm = nn.LSTM(7, 20, batch_first=True)  #! self.lstm = {fix}\n"
        "    def forward(self, x):\n        out, _ = self.lstm(x)\n        return x + out\n"
        "Block()(torch.zeros(3, 9, 7))\n",
        *("output", "num_units", (7,), (20,), "residual"),
        with_code=True,
        other_fix="",
    )
    yield new(
        *("pytorch", "x-and-h-of-other-batches"),
        "class RNN(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.i2h = nn.Linear(27, 20)\n"
        "    def forward(self, x, hidden):\n        return self.i2h(torch.cat((x, hidden), 1))\n"
        "RNN()(torch.zeros(3, 7), torch.zeros(1, 20))\n",
        *("h_0", "batch_size", (3,), (1,), "other_batch"),
    )
    yield new(
        *("keras", "weights-of-two-directions"),
        "num_units, both = 20, layers.Bidirectional(layers.GRU(20))\none = layers.GRU(20)  #! one = {fix}\n"
        "one.build((None, 9, 7)); both.build((None, 9, 7))\none.set_weights(both.get_weights())\n",
        *("kernel", HIDDEN, (3,), (6,), "weights_directions"),
        other_fix="",
    )
    yield new(
        *("keras", "output-plus-x"),
        "x = keras.Input((9, 20))\ny = layers.Bidirectional(layers.LSTM(20, return_sequences=True))(x)\n"
        "layers.add([x, y])\n",
        *("output", "num_units", (None, 9, 20), (None, 9, 40), "merge_directions"),
        with_code=True,
    )
    yield new(
        *("keras", "indices-of-classes"),
        "model = keras.Sequential([keras.Input((9, 7)), layers.LSTM(20), layers.Dense(5, activation='softmax')])\n"
        "model.compile('adam', 'categorical_crossentropy')  #! {fix}\n"
        "model.fit(np.zeros((8, 9, 7)), np.zeros((8, 1)), verbose=0)\n",
        *("target", None, (8, 5), (8, 1), "class_indices"),
        with_code=True,
        other_fix="",
    )
    yield new(
        *("keras2", "state-without-steps-in-attention"),
        "import tensorflow as tf\n"
        "keys, query = layers.GRU(20, return_sequences=True, return_state=True)(tf.zeros((3, 9, 7)))\npass  #! {fix}\n"
        "energy = tf.nn.tanh(layers.Dense(8)(query) + layers.Dense(8)(keys))\n",
        *("output", "rank", 3, 2, "attention_axis"),
        with_code=True,
        other_fix="",
    )
    yield new(
        *("keras2", "product-without-a-transposed-factor"),
        "import tensorflow as tf\n"
        "keys, query = (layers.LSTM(20, return_sequences=True)(tf.zeros((3, n, 7))) for n in (9, 6))\n"
        "scores = tf.matmul(query, keys)  #! {fix}\n",
        *("output", "order", (3, 20, 9), (3, 9, 20), "transpose_keys"),
        with_code=True,
        other_fix="",
    )
    yield new(
        *("jax", "einsum-of-other-units"),
        "def attend(encoder_outputs, decoder_hidden):\n"
        "    return jnp.einsum('bth,bh->bt', encoder_outputs, decoder_hidden)\n"
        "attend(jnp.zeros((3, 9, 40)), jnp.zeros((3, 20)))\n",
        *("output", "num_units", None, None, "attention_directions"),
    )
    yield new(
        *("numpy", "samples-in-rows"),
        "def rnn_cell_forward(xt, a_prev, Wax, Waa):\n    return np.tanh(np.dot(Waa, a_prev) + np.dot(Wax, xt))\n"
        "x = np.ones((10, 3))\npass  #! {fix}\n"
        "rnn_cell_forward(x, np.ones((5, 10)), np.ones((5, 3)), np.ones((5, 5)))\n",
        *("x", "order", (3, 10), (10, 3), "samples_in_columns"),
        other_fix="",
    )
    yield new(
        *("numpy", "gates-that-are-not-split"),
        "def gru_step(x, h, W, U):\n    gates = x @ W + h @ U\n    return gates * h\n"
        "gru_step(np.ones((3, 7)), np.ones((3, 20)), np.ones((7, 60)), np.ones((20, 60)))\n",
        *(None, None, None, None, "split_gates"),
    )


RETURNING = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        {layer}
        self.conv = nn.Conv1d(9, 2, 3)
        self.fc = nn.Linear(40, 2)
    def forward(self, x):
        {first}
        {second}
Net()(torch.zeros(3, 9, 10))
"""
"""A module that uses what its recurrent layer returns."""


def returned_pairs() -> Iterator[Mistake]:
    """What a recurrent layer returns, where one tensor belongs."""
    lstm, both = "self.lstm = nn.LSTM(10, 40, batch_first=True)", "self.rnn = nn.GRU(10, 20, bidirectional=True)"
    named, whole = "out = self.lstm(x)  #! {fix}", ("output", None, None, None, "whole_pair")
    for name, layer, first, second, cause, with_code in (
        ("nested", lstm, "", "return self.fc(self.lstm(x))  #! {fix}", "whole_pair", False),
        ("named", both, "x = self.rnn(x)  #! {fix}", "return self.fc(x)", "whole_pair", True),
        ("viewed", lstm, named, "return out.contiguous().view(-1, 40)", "whole_pair", True),
        ("indexed", lstm, named, "return self.fc(out[:, -1])", "whole_pair", True),
        ("convolved", lstm, named, "return self.conv(out)", "whole_pair", True),
        ("joined", lstm, named, "return torch.cat([out, x], dim=-1)", "whole_pair", True),
        (
            "stacked",
            lstm.replace("10", "40"),
            "out = self.lstm(self.lstm(x.repeat(1, 1, 4)))  #! {fix}",
            "",
            "whole_pair",
            False,
        ),
        ("of-states", lstm, "out, h = self.lstm(x)  #! {fix}", "return self.fc(h.squeeze(0))", "pair_of_states", True),
        ("of-three-names", lstm, "out, h, c = self.lstm(x)  #! {fix}", "", "names_of_pair", False),
        ("of-a-gru", "self.rnn = nn.GRU(10, 20)", "out, (h, c) = self.rnn(x)  #! {fix}", "", "names_of_pair", False),
    ):
        program = RETURNING.replace("{layer}", layer).replace("{first}", first).replace("{second}", second)
        yield of("pytorch", "pair", name, program, *whole[:-1], cause, with_code=with_code)
    program = "model = nn.Sequential(nn.LSTM(10, 20), nn.Linear(20, 2))  #! {fix}\nmodel(torch.zeros(9, 3, 10))\n"
    yield of("pytorch", "pair", "in-sequential", program, *whole[:-1], "pair_passed_on", with_code=True)
    program = (
        "lstm = nn.LSTM(10, 20)\noutput = lstm(torch.zeros(9, 3, 10))  #! {fix}\n"
        "nn.MSELoss()(output, torch.zeros(9, 3, 20))\n"
    )
    yield of("pytorch", "pair", "in-a-loss", program, *whole, with_code=True)
    program = (
        "x = keras.Input((9, 10))\nx = layers.LSTM(20, return_state=True)(x)  #! {fix}\noutputs = layers.Dense(2)(x)\n"
    )
    yield of("keras", "list", "of-states", program, "output", None, None, None, "list_of_states", with_code=True)


def in_sources() -> Iterator[Mistake]:
    """Mistakes whose messages stand in the sources of the frameworks, and that few programs make."""
    values: tuple[Any, ...]
    yield of(
        *("pytorch", "", "three-states"),
        """
lstm = nn.LSTM(7, 20)
x, h_0, c_0 = torch.zeros(9, 3, 7), torch.zeros(1, 3, 20), torch.zeros(1, 3, 20)
lstm(x, (h_0, c_0, c_0))  #! {fix}
""",
        *("h_0", None, None, None, "two_states"),
    )
    yield of(
        *("pytorch", "", "no-steps"),
        "gru = nn.GRU(7, 20)\ngru(torch.zeros(0, 3, 7))\n",
        *("x", "time_step", None, None, None),
        other_fix="the explanation has no corrected line",
    )
    yield of(
        *("pytorch", "", "array-of-objects"),
        """
import numpy as np
sequences = [torch.zeros(5, 7), torch.zeros(9, 7)]
x = torch.from_numpy(np.array([one.numpy() for one in sequences], dtype=object))  #! {fix}
output, h_n = nn.GRU(7, 20, batch_first=True)(x)
""",
        *("x", "time_step", None, None, "unequal_lengths"),
        with_code=True,
    )
    model = """
time_step, features, num_units = 9, 7, 20
model = keras.Sequential([
    {input}
    layers.LSTM(20, return_sequences=True),
    layers.Flatten(),
    layers.Dense(3),
])
"""
    yield of(
        *("keras", "", "unknown-features"),
        model.replace("{input}", "keras.Input((time_step, None)),  #! {fix},"),
        *("x", "features", None, None, "static_features"),
    )
    for framework in ("keras", "keras2"):
        yield of(
            *(framework, "", "flattened-unknown"),
            model.replace("{input}", "keras.Input((None, features)),  #! {fix},"),
            *("dense_input", "features", None, None, "flattened_unknown"),
            with_code=True,
        )
        yield of(
            *(framework, "", "list-for-array"),
            """
sequences = [[[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0]]]
x = sequences  #! {fix}
model = keras.Sequential([layers.LSTM(20), layers.Dense(1)])
model.compile("adam", "mse")
model.fit(x, np.zeros((2, 1)), verbose=0)
""",
            *("x", "time_step", None, None, "unequal_lengths"),
            with_code=True,
        )
        yield of(
            *(framework, "", "array-of-objects"),
            """
sequences = [np.zeros((5, 7)), np.zeros((9, 7))]
x = np.array(sequences, dtype=object)  #! {fix}
model = keras.Sequential([layers.LSTM(20), layers.Dense(1)])
model.compile("adam", "mse")
model.fit(x, np.zeros((2, 1)), verbose=0)
""",
            *("x", "time_step", None, None, "unequal_lengths"),
            with_code=True,
        )
        yield of(
            *(framework, "", "list-of-samples"),
            """
x = [np.zeros((9, 7)), np.zeros((8, 7))]
model = keras.Sequential([layers.LSTM(20), layers.Dense(1)])
model.compile("adam", "mse")
model.fit(x, np.zeros((2, 1)), verbose=0)
""",
            *("x", None, None, None, "list_of_samples"),
            with_code=True,
            other_fix="the samples have different numbers of steps",
        )
    yield of(
        *("keras2", "", "states-in-sequential"),
        """
num_units = 20
model = keras.Sequential([
    keras.Input((9, 7)),
    layers.LSTM(num_units, return_state=True),  #! {fix},
    layers.Dense(3),
])
""",
        *("output", None, None, None, "returned_states"),
        with_code=True,
    )
    kept = """
num_units = 4
layer = layers.LSTM(num_units, stateful=True)
model = keras.Sequential([keras.Input(batch_shape=(2, 9, 7)), layer])
h = np.zeros((3, 4), "float32")  #! {fix}
c = np.zeros((2, 4), "float32")
layer.reset_states([h, c])
"""
    yield of(*("keras2", "", "kept-state"), kept, *("h_0", "batch_size", (2,), (3,), "last_batch"))
    saved = """
import os, tempfile
num_units, path = 20, os.path.join(tempfile.mkdtemp(), "weights.h5")
keras.Sequential([keras.Input((9, 7)), {saved}]).save_weights(path)
layer = {layer}  #! layer = {fix}
keras.Sequential([keras.Input((9, 7)), layer]).load_weights(path)
"""
    for name, one, other, values in (
        ("units", "layers.LSTM(20)", "layers.LSTM(32)", ("kernel", GATES, (7, 128), (7, 80), "other_size")),
        (
            "directions",
            "layers.Bidirectional(layers.LSTM(20))",
            "layers.LSTM(20)",
            ("kernel", HIDDEN, (3,), (6,), "weights_directions"),
        ),
        (
            "reset-after",
            "layers.GRU(20, reset_after=False)",
            "layers.GRU(20)",
            ("bias", None, (2,), (1,), "reset_after"),
        ),
    ):
        program = saved.replace("{saved}", one).replace("{layer}", other)
        yield of("keras2", "saved", name, program, *values)
    lite = """
layer = layers.LSTM(4)
network = keras.Sequential([keras.Input((9, 7)), layer])
import tensorflow as tf
function = tf.function(network).get_concrete_function(tf.TensorSpec((1, 9, 7)))
model = tf.lite.TFLiteConverter.from_concrete_functions([function], network).convert()
interpreter = tf.lite.Interpreter(model_content=model)
interpreter.allocate_tensors()
index, x = interpreter.get_input_details()[0]["index"], np.zeros({shape}, np.float32)
"""
    yield of(
        *("keras2", "lite", "steps"),
        lite.replace("{shape}", "(1, 8, 7)")
        + "pass  #! {fix}; interpreter.allocate_tensors()\ninterpreter.set_tensor(index, x)\ninterpreter.invoke()\n",
        *("x", "time_step", (9,), (8,), "resized_input"),
        with_code=True,
    )
    yield of(
        *("keras2", "lite", "batch"),
        lite.replace("{shape}", "(2, 9, 7)") + "interpreter.set_tensor(index, x)  #! {fix}\ninterpreter.invoke()\n",
        *("x", "batch_size", (1,), (2,), "fixed_batch"),
        with_code=True,
    )
    yield of(
        *("keras2", "lite", "resized-batch"),
        lite.replace("{shape}", "(2, 9, 7)")
        + "interpreter.resize_tensor_input(index, x.shape)  #! pass\ninterpreter.allocate_tensors()\n"
        "interpreter.set_tensor(index, x[:1])  #! {fix}\n",
        *("x", "batch_size", (1,), (2,), "fixed_batch"),
    )
    x = "x = tf.placeholder(tf.float32, [5, 9, 7])\n"
    for name, lines, values in (
        (
            "stacked-state",
            "cell = tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.GRUCell(20) for _ in range(2)])\n"
            "initial_state = tf.zeros([5, 40])  #! {fix}\n"
            "tf.nn.dynamic_rnn(cell, x, initial_state=initial_state)\n",
            ("h_0", None, (2,), (1,), "state_of_each_cell"),
        ),
        (
            "state-is-tuple",
            "cells = [tf.nn.rnn_cell.LSTMCell(20) for _ in range(2)]\n"
            "cell = tf.nn.rnn_cell.MultiRNNCell(cells, state_is_tuple=False)  #! cell = {fix}\n"
            "tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)\n",
            ("h_0", None, None, None, "state_is_tuple"),
        ),
        (
            "one-state",
            "cell, c, h = tf.nn.rnn_cell.LSTMCell(20), tf.zeros([5, 20]), tf.zeros([5, 20])\n"
            "initial_state = h  #! {fix}\n"
            "tf.nn.dynamic_rnn(cell, x, initial_state=initial_state)\n",
            ("h_0", None, (2,), (1,), "h_for_h_c"),
        ),
    ):
        yield of("tf1", "", name, x + lines, *values)
    scan = """
def step(carry, x_t):
    h, c = carry
    c = c + x_t @ jnp.zeros((7, 20)) + h @ jnp.zeros((20, 20))
    h = jnp.tanh(c)
    {returned}
h = c = jnp.zeros((3, 20))
xs = jnp.zeros({shape})
jax.lax.scan(step, (h, c), xs{length}
"""
    right = {"returned": "return (h, c), h", "shape": "(9, 3, 7)", "length": ")"}
    for name, changed, values in (
        ("carry-structure", {"returned": "return h, h  #! {fix}"}, ("h_0", None, None, None, "carry_structure")),
        (
            "scan-length",
            {"shape": "(3, 9, 7)", "length": ", length=9)  #! {fix}"},
            ("x", "time_step", (9,), (3,), "scan_axis"),
        ),
    ):
        program = scan
        for part, text in (right | changed).items():
            program = program.replace(f"{{{part}}}", text)
        yield of("jax", "", name, program, *values)


MISTAKES: tuple[Mistake, ...] = (
    *states(),
    *inputs(),
    *sequences(),
    *dense(),
    *new_in_pytorch(),
    *of_keras("keras"),
    *of_keras("keras2"),
    *of_keras_3(),
    *of_onnx(),
    *reshaped(),
    *of_keras_1(),
    *of_tf1(),
    *of_flax(),
    *of_numpy(),
    *rare(),
    *second_round(),
    *third_round(),
    *fourth_round(),
    *fifth_round(),
    *returned_pairs(),
    *in_sources(),
)


@cache
def _stored() -> dict[str, dict[str, str]]:
    stored: dict[str, dict[str, str]] = json.loads(RECORDED.read_text(encoding="utf-8"))
    return stored


def recorded() -> dict[str, str]:
    """What each program raised: its traceback."""
    return _stored()["texts"]


def others() -> dict[str, str]:
    """What the programs of other_programs.py raised."""
    return _stored()["others"]
