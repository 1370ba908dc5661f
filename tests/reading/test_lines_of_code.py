"""A message without its program: what the line of code that failed, or a quoted line, says about it."""

import ast
from unittest.mock import patch

import pytest
from pytest import MonkeyPatch

from app.reading.code.interpreter import Interpreter
from app.reading.code.layers_in_order import read
from app.reading.errors.code_lines.failed_line import MOST_OPERATIONS
from app.reading.errors.code_lines.quoted_code import quoted_line
from app.reading.errors.explanation import Explanation, NotFoundError, explain
from app.reading.errors.framework_messages.outputs.returning_layers import ReturningLayer

SIZES = "RuntimeError: The size of tensor a ({}) must match the size of tensor b ({}) at non-singleton dimension {}"
JOINED = (
    "RuntimeError: Sizes of tensors must match except in dimension {2}. Expected size {0} but got size {1} for tensor"
    " number 1 in the list."
)

QUOTED = {
    "I use combined = torch.cat((x, hidden), 1) in forward.": "combined = torch.cat((x, hidden), 1)",
    "It fails in\n\n    return g * ys + (1 - g) * feats\n\nwhy?": "return g * ys + (1 - g) * feats",
    "My LSTM (two layers) fails in `out = self.fc(y[:, -1])`.": "out = self.fc(y[:, -1])",
    "The output y = h @ W_hy + b_y gives": "y = h @ W_hy + b_y",
    "My LSTM (bidirectional) fails. What is wrong?": "",
    "import torch\nlstm = torch.nn.LSTM(2, 3)\nlstm(x)": "",
    "a(1)\nb(2)\nc(3)\nd(4)": "",
}


@pytest.mark.parametrize("text", QUOTED)
def test_the_line_that_a_sentence_quotes_is_found(text: str) -> None:
    assert quoted_line(text, "", None) == QUOTED[text]


LAYERS = {
    "y = self.fc(h_n[-1])": ("3x20 and 40x120", "dense_input", False),
    "y = self.head(hidden)": ("3x128 and 64x256", "dense_input", False),
    "y = self.fc1(x) + self.fc2(h)": ("3x40 and 48x128", "dense_input", False),
    "h = torch.tanh(self.i2h(x) + self.h2h(h))": ("3x40 and 48x48", "h_0", True),
    "gates = self.x2h(x) + self.h2h(h)": ("3x40 and 48x128", "x", True),
}


@pytest.mark.parametrize("line", LAYERS)
def test_dense_layers_are_those_of_a_cell_if_one_of_x_and_one_of_h_are_added(line: str) -> None:
    shapes, tensor, is_of_line = LAYERS[line]
    frame = f'My LSTM fails\n  File "m.py", line 9, in forward\n    {line}\n'
    mismatch = explain(f"{frame}RuntimeError: mat1 and mat2 shapes cannot be multiplied ({shapes})").mismatch

    assert (mismatch.tensor, mismatch.note is not None) == (tensor, is_of_line)


NOTED = {
    "out = x @ self.W_xh + h @ self.W_hh": "RuntimeError: mat1 and mat2 shapes cannot be multiplied (3x40 and 20x80)",
    "out, _ = self.gru(self.bn(x))": "RuntimeError: running_mean should contain 7 elements not 20",
    "out = out.reshape(3, 4)": "RuntimeError: shape '[3, 4]' is invalid for input of size 20",
}


@pytest.mark.parametrize("line", NOTED)
def test_a_note_says_that_the_line_of_code_decided(line: str) -> None:
    said = explain(f'My GRU fails\n  File "m.py", line 9, in forward\n    {line}\n{NOTED[line]}').mismatch

    assert "this follows from the line of code" in str(said.note)


def test_an_array_that_gets_the_name_of_x_anew_may_be_an_output() -> None:
    frame = 'My GRU fails\n  File "m.py", line 9, in forward\n    x = self.bn(x)\n'

    assert explain(f"{frame}{NOTED['out, _ = self.gru(self.bn(x))']}").mismatch.tensor == "output"


LINES = {
    "y = x + out": ((40, 100, 2), ("output", "num_units", "residual")),
    "c = f * c_prev + i * g": ((12, 16, 0), ("c_0", "batch_size", "last_batch")),
    "h = torch.tanh(self.w(x_t) + self.u(h_prev))": ((3, 5, 0), ("h_0", "batch_size", "last_batch")),
    "e = torch.tanh(self.a(enc_out) + self.b(state))": ((20, 8, 1), ("output", "rank", "attention_axis")),
    "pooled = (out * valid.unsqueeze(-1)).sum(1)": ((9, 12, 1), ("mask", "time_step", "mask")),
    "loss = (pred - future).abs().mean()": ((5, 6, 1), ("target", None, "target_shape")),
    "return out + self.positions": ((50, 64, 1), ("output", "time_step", "join_steps")),
}


UNREAD = ("out = lstm_out + ()", "out = lstm_out @ ''", "out = -(-lstm_out)", "out = h + [] + {}", "loss += ()")


@pytest.mark.parametrize("line", UNREAD)
def test_a_line_with_any_values_is_read(line: str) -> None:
    frame = f'My LSTM fails\n  File "m.py", line 9, in forward\n    {line}\n'

    assert explain(frame + SIZES.format(64, 63, 1)).mismatch.sentence


def test_of_a_line_with_more_than_a_person_writes_the_first_operations_are_read(monkeypatch: MonkeyPatch) -> None:
    read_arrays: list[ast.AST] = []

    def written(node: ast.AST) -> str:
        read_arrays.append(node)
        return "h"

    monkeypatch.setattr(ast, "unparse", written)
    frame = f'My LSTM fails\n  File "m.py", line 9, in forward\n    a = {40 * "h @ W_h + "}h\n'
    explain(f"{frame}RuntimeError: mat1 and mat2 shapes cannot be multiplied (3x40 and 48x48)")

    assert 0 < len(read_arrays) <= 2 * MOST_OPERATIONS


@pytest.mark.parametrize("line", LINES)
def test_the_names_in_a_line_decide_what_a_sum_is_about(line: str) -> None:
    sizes, said = LINES[line]
    mismatch = explain(f"My LSTM network fails in `{line}`.\n{SIZES.format(*sizes)}").mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.first_cause) == said


UNKNOWN = {
    "z = mu + eps * std": SIZES,
    "reward = r + gamma * next_value * (1 - done)": SIZES,
    "img = img * alpha + bg * (1 - alpha)": SIZES,
    "out = q * scale + bias": SIZES,
    "z = a - b": SIZES,
    "best.copy_(new)": SIZES,
    "changed += (a == b).sum()": SIZES,
    "d = torch.cat([train_x, test_x], 0)": JOINED,
}


@pytest.mark.parametrize("axis", (0, 1, 2))
@pytest.mark.parametrize("line", UNKNOWN)
def test_arrays_that_may_be_of_any_program_are_not_said_to_be_of_a_layer(line: str, axis: int) -> None:
    mismatch = explain(f"My LSTM network fails in `{line}`.\n{UNKNOWN[line].format(32, 40, axis)}").mismatch

    assert (mismatch.tensor, mismatch.causes) == (None, ())


@pytest.mark.parametrize("compared", ("predicted == labels", "pred == y", "y == logits.argmax(1)", "pred.eq(y)"))
def test_a_comparison_with_a_target_is_about_the_target(compared: str) -> None:
    said = explain(f"My LSTM fails in `correct += ({compared}).sum()`.\n{SIZES.format(32, 5, 0)}").mismatch

    assert (said.tensor, "of a loss" in str(said.sentence)) == ("target", False)


def test_what_a_line_before_gives_a_name_counts_more_than_the_name() -> None:
    frame = '  File "m.py", line 9, in forward\n    x = x + skip\n'
    cell = "Cell In[4], line 9, in forward(self, x)\n      8     skip, _ = self.gru(x)\n----> 9     x = x + skip\n\n"
    named, shown = (explain(f"A GRU.\n{one}{SIZES.format(7, 9, 2)}").mismatch for one in (frame, cell))

    assert named.first_cause == "attention_units"  # a skip connection is another name for x
    assert shown.first_cause == "residual"
    assert shown.note is not None and "this follows from the line of code" in str(shown.note)


def test_the_axis_in_which_joined_arrays_differ_has_the_name_that_the_layer_gives_it() -> None:
    program = "import torch\nlstm = torch.nn.LSTM(4, 5{})\ny, (h, c) = lstm(torch.zeros({}))\ntorch.cat([y, h], -1)\n"
    time_first = explain(program.format("", "7, 3, 4") + JOINED.format(7, 1, 2)).mismatch
    batch_first = explain(program.format(", batch_first=True", "3, 7, 4") + JOINED.format(3, 1, 2)).mismatch

    assert (time_first.axis, batch_first.axis) == ("time_step", "batch_size")
    assert time_first.causes[0].fix == "context = context.expand(x.size(0), -1, -1)"


def test_arguments_of_a_layer_that_returns_a_pair_are_read_as_python() -> None:
    shapes = {
        arguments: ReturningLayer("lstm", False, arguments).output(None)
        for arguments in ("len(vocab), 20", "sizes.get('x', 3), 20, 2, batch_first=True", "*sizes, 20", "3, units")
    }

    assert [*shapes.values()] == [
        "(time_step, batch_size, 20)",
        "(batch_size, time_step, 20)",
        "(time_step, batch_size, directions*num_units)",
        "(time_step, batch_size, num_units)",
    ]


def test_the_program_after_many_loops_that_do_the_same_each_time_is_read() -> None:
    network = (
        "class {0}(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.rnn = nn.GRU(3, 4)\n"
        + ("    def forward(self, x):\n        return self.rnn(x)[0]\n{1} = {0}()\n")
    )
    loop = "for step in range(16):\n    out = a(torch.zeros(2, 3, 3))\n    loss = out.mean()\n"
    source = "import torch\nfrom torch import nn\n" + network.format("A", "a") + 60 * loop + network.format("B", "b")
    last = read(source + "b(torch.zeros(9, 2, 3))\n").layers[-1]

    assert last.input == (9, 2, 3)


NETWORK = """
class Net{0}(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb, self.rnn, self.fc = nn.Embedding(9, 3), nn.GRU(3, 4, batch_first=True), nn.Linear(4, 2)
    def forward(self, x):
        h = self.rnn(self.emb(x))[0]
        return self.fc(h[:, -1] * 2 + h.mean(1) - h.sum(1))
net{0} = Net{0}()
for n in range(3):
    out = net{0}(torch.zeros(4, 7).long())
"""


def test_of_a_program_that_is_too_long_the_models_that_were_read_are_shown() -> None:
    reading = read("import torch\nfrom torch import nn\n" + "".join(map(NETWORK.format, range(160))))

    assert not reading.is_whole
    assert [layer.kind for layer in reading.layers] == (["embedding", "gru", "dense"] * 67)[:200]
    assert [str(one.reason) for one in reading.unknown] == ["after 200 layers no further ones are read"]


def test_a_loop_is_followed_once_if_the_model_keeps_nothing() -> None:
    source = "import torch\nfrom torch import nn\n" + NETWORK.format(0)
    with patch.object(Interpreter, "call_instance", autospec=True, side_effect=Interpreter.call_instance) as called:
        read(source)

    assert called.call_count == 1


def test_a_loop_is_followed_again_if_the_model_keeps_something() -> None:
    keeping = """
from torch import nn, zeros
class Keeping(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.fc = nn.GRU(3, 4, batch_first=True), nn.Linear(4, 2)
        self.last = None
    def forward(self, x):
        if self.last is not None:
            self.fc(self.last)
        self.last = self.rnn(x)[0]
        return self.last
net = Keeping()
for n in range(3):
    out = net(zeros(2, 5, 3))
"""
    assert "dense" in [layer.kind for layer in read(keeping).layers]


BLOCK = "layers.append(nn.LSTM(8, 8))"
GROWING = {
    "a function": f"def add_block():\n    {BLOCK}\n\nfor n in range(4):\n    add_block()\n",
    "another name for it": f"def add_block():\n    {BLOCK}\n\nfor n in range(4):\n    add = add_block\n    add()\n",
    "a function without a name": f"add = [lambda: {BLOCK}]\nfor n in range(4):\n    add[0]()\n",
    "a method": f"class A:\n    def grow(self):\n        {BLOCK}\n\nnet = A()\nfor n in range(4):\n    net.grow()\n",
}


@pytest.mark.parametrize("called", GROWING)
def test_a_loop_that_calls_a_function_of_the_program_is_followed_each_time(called: str) -> None:
    source = f"from torch import nn\nlayers = []\n{GROWING[called]}nn.Sequential(*layers)\n"

    assert len(read(source).layers) == 4


CONVOLUTION = (
    'ValueError: Input 0 of layer "conv1d" is incompatible with the layer: expected min_ndim=3, found ndim=2. Full'
    " shape received: (None, 20)"
)


@pytest.mark.parametrize(
    ("lines", "is_of_output"),
    [
        ("inp = layers.Input((20,))\ny = layers.Conv1D(3, 2)(inp)\nz = layers.LSTM(4)(y)", False),
        ("My CNN-LSTM fails: `h = Conv1D(32, 3)(h)`", False),
        ("My CNN-LSTM fails: `h = Conv1D(32, 3)(lstm_out)`", True),
        ("h = LSTM(20)(x)\nh = Dropout(0.1)(h)\ny = Conv1D(3, 2)(h)", True),
    ],
)
def test_a_convolution_gets_an_output_only_if_the_text_says_it(lines: str, is_of_output: bool) -> None:
    if is_of_output:
        assert explain(f"{lines}\n{CONVOLUTION}").mismatch.tensor == "output"
    else:
        with pytest.raises(NotFoundError, match="about another layer than the recurrent one"):
            explain(f"{lines}\n{CONVOLUTION}")


REPEATED = "RuntimeError: Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor"


def test_a_repeated_state_of_one_layer_has_no_axis_of_layers_left() -> None:
    all_layers, last = (explain(f"My LSTM fails in `y = {h}.repeat(7)`.\n{REPEATED}").mismatch for h in ("h", "h[-1]"))

    assert all_layers.axis == last.axis == "rank"
    assert (all_layers.causes[0].fix, last.causes) == ("hidden = hidden[-1]", ())
    with pytest.raises(NotFoundError, match="but about an array that is repeated"):
        explain(f"My LSTM fails in `m = mask.repeat(7)`.\n{REPEATED}")


def test_an_entry_that_a_program_takes_of_a_state_is_one_that_it_lacks() -> None:
    lines = "from torch import nn\nlstm = nn.LSTM(10, 20)\nout, (h_n, c_n) = lstm(x)\nlast = h_n[1]\n"
    mismatch = explain(f"{lines}IndexError: index 1 is out of bounds for dimension 0 with size 1").mismatch

    assert (mismatch.tensor, mismatch.axis) == ("output", "num_layers*directions")


def test_of_several_lines_the_one_that_raises_the_message_is_read() -> None:
    lines = "outs = []\nfor x in batches:\n    out, _ = lstm(x)\n    outs.append(out)\ny = torch.stack(outs)\n"
    sizes = "[32, 5, 10] at entry 0 and [7, 5, 10] at entry 3"
    mismatch = explain(f"{lines}RuntimeError: stack expects each tensor to be equal size, but got {sizes}").mismatch

    assert (mismatch.tensor, mismatch.axis) == ("output", "batch_size")


def failed(line: str, message: str, before: str = "") -> Explanation:
    frame = f'  File "/home/me/run.py", line 11, in forward\n    {line}\n'
    return explain(f"{before}\nTraceback (most recent call last):\n{frame}{message}")


def fixes(explanation: Explanation) -> list[tuple[str, str]]:
    return [(one.id, one.fix) for one in explanation.mismatch.causes]


def test_both_states_of_a_cell_lose_their_axis() -> None:
    message = "ValueError: LSTMCell: Expected hx[0] to be 1D or 2D, got 3D instead"
    pair = [("squeeze", "h_0, c_0 = h_0.squeeze(0), c_0.squeeze(0)")]
    assert fixes(failed("h, c = cell(x[t], (h, c))", message)) == pair
    of_gru = "ValueError: GRUCell: Expected hidden to be 1D or 2D, got 3D instead"
    assert fixes(failed("h = cell(x[t], h)", of_gru)) == [("squeeze", "h_0 = h_0.squeeze(0)")]
    of_c = message.replace("hx[0]", "hx[1]")
    assert fixes(failed("h, c = cell(x[t], (h, c))", of_c)) == [("squeeze", "c_0 = c_0.squeeze(0)")]


TWO_AXES = "RuntimeError: For batched 3-D input, hx and cx should also be 3-D but got (2-D, 2-D) tensors"


PAIR = ("unsqueeze", "h_0, c_0 = h_0.unsqueeze(0), c_0.unsqueeze(0)")


def test_both_states_of_a_layer_get_an_axis() -> None:
    assert fixes(failed("y, _ = self.lstm(self.emb(ids), (h, torch.zeros_like(h)))", TWO_AXES)) == [PAIR]
    assert fixes(failed("y, _ = self.lstm(x, state)", TWO_AXES))[0] == PAIR
    assert [id for id, _ in fixes(failed("y, _ = self.lstm(x, state)", TWO_AXES))] == ["unsqueeze", "h_for_h_c"]


@pytest.mark.parametrize(("given", "cause"), [(3, "missing_length"), (5, "lengths"), (1, "lengths")])
def test_real_lengths_are_kept(given: int, cause: str) -> None:
    message = f"InvalidArgument: Input sequence_lens must have shape {{4}}. Actual:{{{given}}}"
    assert [one.id for one in explain(message).mismatch.causes] == [cause]


UNROLL = (
    "ValueError: Exception encountered when calling LSTM.call().\n\nCannot unroll a RNN if the time dimension is"
    " undefined."
)


def test_sequences_of_words_are_not_unrolled() -> None:
    words = failed("model.fit(data)", UNROLL, "model.add(keras.layers.Embedding(2003, 32))")
    assert fixes(words) == [
        ("unrolled", "keras.layers.LSTM(num_units)"),
        ("static_steps", "keras.Input((time_step,))"),
    ]
    assert [id for id, _ in fixes(failed("model.fit(x)", UNROLL))] == ["static_steps", "unrolled"]
    source = "h = layers.LSTM(29, unroll=True)(layers.Embedding(2003, 32)(text))"
    assert fixes(failed("model.fit(data)", UNROLL, source))[0][1] == source.replace(", unroll=True", "")


def test_cell_without_a_class_may_be_any() -> None:
    message = "RuntimeError: input has inconsistent input_size: got 11 expected 13"
    assert fixes(explain(message))[0][1] == "nn.LSTMCell(11, hidden_size)  # or nn.GRUCell, nn.RNNCell"
    assert fixes(explain(f"cell = nn.GRUCell(13, 25)\n{message}"))[0][1] == "nn.GRUCell(11, hidden_size)"


def test_layer_keeps_its_batch_first() -> None:
    message = "RuntimeError: input.size(-1) must be equal to input_size. Expected 64, got 48"
    (_, fix), *_ = fixes(failed("y, _ = self.lstm(x)", message, "My nn.LSTM has batch_first=True."))
    assert fix == "self.lstm = nn.LSTM(48, hidden_size, batch_first=True)"
    (_, fix), *_ = fixes(failed("y, _ = self.lstm(x)", message))
    assert fix == "self.lstm = nn.LSTM(48, hidden_size)"


def test_weights_with_a_row_for_each_unit_are_transposed() -> None:
    message = (
        "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
        " (n?,k),(k,m?)->(n?,m?) (size 10 is different from 3)"
    )
    line = "return np.tanh(x @ self.Wxh + h @ self.Whh)\n                   ~~^~~~~~~~~~"
    explanation = failed(line, message, "net = VanillaRNN(3, 10)")
    assert fixes(explanation) == [("kernel_order", "self.Wxh = self.Wxh.T")]
    assert (explanation.mismatch.expected, explanation.mismatch.got) == ((3, 10), (10, 3))


def test_layer_below_one_that_reads_every_step_returns_every_step() -> None:
    message = (
        "ValueError: Error when checking target: expected {} to have 3 dimensions, but got array with shape (9, 5)"
    )
    ids = [id for id, _ in fixes(explain("lstm.fit(X, Y)\n" + message.format("time_distributed_1")))]
    assert ids == ["target_shape"]
    ids = [id for id, _ in fixes(explain("lstm.fit(X, Y)\n" + message.format("dense_1")))]
    assert ids == ["not_return_sequences", "target_shape"]


def test_mask_of_a_layer_of_cudnn_has_a_remedy() -> None:
    with pytest.raises(NotFoundError) as refused:
        explain("model.add(CuDNNLSTM(64))\nValueError: Masking is not supported for CuDNN RNNs.")
    assert "make an LSTM or a GRU in their place" in str(refused.value.sentence)
