"""A pasted program tells which of its arrays a message is about, whatever they are called.

The messages are those of PyTorch 2.13, Keras 3.15 and NumPy 2.4 for these programs. No line says where the error arose.
"""

import pytest
from pasted_programs import TORCH, TORCH_WITH_PACKING, pasted
from time_limit import time_limit

from app.reading.code.operations import Operation, operations
from app.reading.errors.code_lines.failed_operations import LONGEST_SOURCE
from app.reading.errors.code_lines.pasted_operations import PastedProgram
from app.reading.errors.explanation import NotFoundError, explain
from app.reading.errors.pasted_text import PastedText
from app.url_state.state_of_configuration import state_of_error

KERAS = "import numpy as np\nfrom keras import Input, Sequential, layers\n"
NUMPY = "import numpy as np\n"

ONE_SIZE = "RuntimeError: The size of tensor a ({}) must match the size of tensor b ({}) at non-singleton dimension {}"
PRODUCTS = "RuntimeError: Expected size for first two dimensions of batch2 tensor to be: {} but got: {}."
DENSE = "RuntimeError: mat1 and mat2 shapes cannot be multiplied ({} and {})"

TWO = "p, q = nn.LSTM(6, 30, batch_first=True), nn.LSTM(6, 50, batch_first=True)\nu = torch.zeros(2, 9, 6)\n"
MASKED = """
u = nn.GRU(6, 12, batch_first=True)
lengths = torch.tensor([17, 5, 9])
v = torch.arange(20)[None, :] < lengths[:, None]
s, _ = u(pack_padded_sequence(torch.zeros(3, 20, 6), lengths, batch_first=True, enforce_sorted=False))
s, _ = pad_packed_sequence(s, batch_first=True)
s.sum(2).masked_fill(~v, 0)
"""
GRU = "u = nn.GRU(16, 20, batch_first=True)\ns, t = u(torch.zeros(12, 25, 16))\n"
GRU_IN_NUMPY = """
k = {"W": np.zeros((4, 7)), "U": np.zeros((7, 7))}
def gru(xb, hb, k):
    gx, gh = xb @ k["W"], hb @ k["U"]
    return gx + gh
"""
JOINED = """
class LSTMCell:
    def __init__(self, m, n):
        self.K = np.random.randn(4 * n, m + n)
    def step(self, x, h):
        v = np.vstack([h, x])
        return self.K @ v
LSTMCell(4, 6).step(np.zeros((3, 2)), np.zeros((6, 2)))
"""
CORE = (
    "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
    " (n?,k),(k,m?)->(n?,m?) (size {} is different from {})"
)

CASES = {
    "a packed sequence with the state of one layer": (
        TORCH_WITH_PACKING
        + "r = nn.LSTM(5, 6, 3)\np = nn.utils.rnn.pack_sequence([torch.zeros(n, 5) for n in (6, 4, 2)])\n"
        "t = torch.zeros(1, 3, 6)\nr(p, (t, t))\n",
        "RuntimeError: Expected more hidden states in stacked_rnn",
        ("h_0", "num_layers*directions", (3,), (1,), "layers"),
    ),
    "channels of a convolution before the steps": (
        TORCH_WITH_PACKING
        + "d = nn.Conv1d(6, 32, 3)(torch.zeros(4, 100, 6).permute(0, 2, 1))\nnn.GRU(32, 16, batch_first=True)(d)\n",
        "RuntimeError: input.size(-1) must be equal to input_size. Expected 32, got 98",
        ("x", "order", (4, 98, 32), (4, 32, 98), "features_first"),
    ),
    "two layers with other units, multiplied": (
        TORCH_WITH_PACKING + TWO + "p(u)[0].sigmoid() * q(u)[0]\n",
        ONE_SIZE.format(30, 50, 2),
        ("output", "num_units", (30,), (50,), "attention_units"),
    ),
    "x and both directions, added in place": (
        TORCH_WITH_PACKING + "r = nn.GRU(26, 26, bidirectional=True)\nd = nn.Linear(3, 26)(torch.zeros(2, 9, 3))\n"
        "s, _ = r(d)\ns += d\n",
        ONE_SIZE.format(52, 26, 2),
        ("output", "num_units", (26,), (52,), "merge_directions"),
    ),
    "a mask for all steps of a packed sequence": (
        TORCH_WITH_PACKING + MASKED,
        ONE_SIZE.format(20, 17, 1),
        ("mask", "time_step", (17,), (20,), "packed_steps"),
    ),
    "a mask with the batch first": (
        TORCH_WITH_PACKING + MASKED.replace("(s, batch_first=True)", "(s)"),
        ONE_SIZE.format(20, 3, 1),
        ("mask", "batch_size", (3,), (20,), "time_first"),
    ),
    "weights without an axis of units": (
        TORCH_WITH_PACKING + GRU + "k = nn.Linear(20, 1)(s).squeeze(-1).softmax(1)\nk * s\n",
        ONE_SIZE.format(25, 20, 2),
        ("output", "rank", 3, 2, "weights_axis"),
    ),
    "a state that is added to all steps": (
        TORCH_WITH_PACKING + GRU + "f, g = nn.Linear(20, 20), nn.Linear(20, 20)\nf(t[-1]) + g(s)\n",
        ONE_SIZE.format(12, 25, 1),
        ("output", "rank", 3, 2, "attention_axis"),
    ),
    "outputs of other steps, joined": (
        TORCH_WITH_PACKING + TWO + "torch.cat([p(u)[0], q(u[:, :7])[0]], dim=-1)\n",
        "RuntimeError: Sizes of tensors must match except in dimension 2. Expected size 9 but got size 7 for tensor"
        " number 1 in the list.",
        ("output", "time_step", (9,), (7,), "join_steps"),
    ),
    "a product with time first": (
        TORCH_WITH_PACKING
        + "r = nn.LSTM(16, 40)\ns, (t, _) = r(torch.zeros(25, 8, 16))\ntorch.bmm(s, t[-1].unsqueeze(2))\n",
        PRODUCTS.format([25, 40], [8, 40]),
        ("output", "batch_size", (25,), (8,), "time_first"),
    ),
    "attention of another width": (
        TORCH_WITH_PACKING
        + "r = nn.LSTM(16, 32, batch_first=True, bidirectional=True)\nm = nn.MultiheadAttention(32, 4)\n"
        "s, _ = r(torch.zeros(3, 10, 16))\nm(s, s, s)\n",
        "AssertionError: was expecting embedding dimension of 32, but got 64",
        ("output", "num_units", (32,), (64,), "attention_directions"),
    ),
    "a convolution over the steps": (
        TORCH_WITH_PACKING + GRU + "nn.Conv1d(20, 8, 3)(s)\n",
        "RuntimeError: Given groups=1, weight of size [8, 20, 3], expected input[12, 25, 20] to have 20 channels, but"
        " got 25 channels instead",
        ("output", "order", (12, 20, 25), (12, 25, 20), "channels_second"),
    ),
    "a projection before a dense layer": (
        TORCH_WITH_PACKING
        + "r, d = nn.LSTM(20, 64, proj_size=16), nn.Linear(64, 30)\nd(r(torch.zeros(11, 4, 20))[0][-1])\n",
        DENSE.format("4x16", "64x30"),
        ("dense_input", "features", (4, 64), (4, 16), "dense_projection"),
    ),
    "static values joined to a state": (
        TORCH_WITH_PACKING + GRU + "nn.Linear(20, 5)(torch.cat((t[-1], torch.zeros(12, 20)), 1))\n",
        DENSE.format("12x40", "20x5"),
        ("dense_input", "features", (12, 20), (12, 40), "dense_features"),
    ),
    "the last sample as the last step": (
        TORCH_WITH_PACKING
        + "r, d = nn.LSTM(4, 10), nn.Linear(10, 3)\na, b = torch.zeros(8, 12, 4), torch.zeros(8).long()\n"
        "nn.CrossEntropyLoss()(d(r(a)[0][-1]), b)\n",
        "ValueError: Expected input batch_size (12) to match target batch_size (8).",
        ("target", "batch_size", (12,), (8,), "batch_first"),
    ),
    "a difference that is a loss": (
        TORCH_WITH_PACKING + GRU + "(nn.Linear(20, 6)(t[0]) - torch.zeros(12, 9)).abs().mean()\n",
        ONE_SIZE.format(6, 9, 1),
        ("target", None, (6,), (9,), "dense_outputs"),
    ),
    "a dense layer of Keras for other steps": (
        KERAS + "m = Sequential([Input((30, 5)), layers.LSTM(16, return_sequences=True), layers.Flatten(),"
        " layers.Dense(1)])\nm(np.zeros((2, 25, 5)))\n",
        "ValueError: Input 0 with name 'None' of layer 'dense' is incompatible with the layer: expected axis -1 of"
        " input shape to have value 480, but received input with shape (2, 400)",
        ("dense_input", "features", (480,), (400,), "input_steps"),
    ),
    "attention of Keras": (
        KERAS + "q, v = np.zeros((2, 7, 10)), np.zeros((2, 9, 10))\nr = layers.LSTM(32, return_sequences=True)\n"
        "layers.Attention()([r(q), layers.Bidirectional(layers.LSTM(32, return_sequences=True))(v)])\n",
        "RuntimeError: Exception encountered when calling Attention.call().\n\nExpected size for first two dimensions"
        " of batch2 tensor to be: [2, 32] but got: [2, 64].\n\nArguments received by Attention.call():\n  •"
        " inputs=['torch.Tensor(shape=torch.Size([2, 7, 32]), dtype=float32)', 'torch.Tensor(shape=torch.Size([2, 9,"
        " 64]), dtype=float32)']",
        ("output", "num_units", (32,), (64,), "attention_directions"),
    ),
    "the last batch in names of one's own": (
        NUMPY + GRU_IN_NUMPY + "for hb in (np.zeros((6, 7)), np.zeros((32, 7))):\n    gru(np.zeros((6, 4)), hb, k)\n",
        "ValueError: operands could not be broadcast together with shapes (6,7) (32,7)",
        ("h_0", "batch_size", (6,), (32,), "last_batch"),
    ),
    "a state and the samples of a step": (
        TORCH_WITH_PACKING
        + "r = nn.GRU(4, 8)\ns, t = r(torch.zeros(20, 3, 4))\ntorch.cat([t[-1], s.mean(dim=1)], dim=1)\n",
        "RuntimeError: Sizes of tensors must match except in dimension 1. Expected size 3 but got size 20 for tensor"
        " number 1 in the list.",
        ("output", "batch_size", (3,), (20,), "time_first"),
    ),
    "an input of a model of Keras that is a state": (
        KERAS + "from keras import Model\nq, s = Input((None, 9)), Input((24,))\n"
        "m = Model([q, s], layers.GRU(24)(q, initial_state=s))\nm([np.zeros((1, 2, 9)), np.zeros((1, 48))])\n",
        "ValueError: Input 1 with name 'input_layer_2' of layer 'functional_1' is incompatible with the layer: expected"
        " shape=(None, 24), found shape=(1, 48)",
        ("h_0", "num_units", (None, 24), (1, 48), "other_units"),
    ),
    "a row of a table as x": (
        NUMPY + "E, W_p, U = np.zeros((100, 16)), np.zeros((20, 32)), np.zeros((32, 32))\n"
        "def rnn(words, h):\n    for n in words:\n        h = np.tanh(E[n] @ W_p + h @ U)\nrnn([3, 5], np.zeros(32))\n",
        CORE.format(20, 16),
        ("x", "features", (20,), (16,), "other_features"),
    ),
    "x and h in one array": (
        NUMPY + JOINED,
        CORE.format(9, 10),
        ("x", "features", (4,), (3,), "other_features"),
    ),
}
"""A program, its message, and what is true: the tensor, its axis, both sizes and the cause."""


def without_line(program: str, message: str) -> str:
    """What is pasted without a traceback."""
    return f"{program}\n{message}"


@pytest.mark.parametrize("name", CASES)
def test_the_arrays_of_a_program_decide(name: str) -> None:
    program, message, true = CASES[name]
    explanation = explain(without_line(program, message))

    said = explanation.mismatch
    assert (said.tensor, said.axis, said.expected, said.got, said.first_cause) == true


def test_the_program_may_stand_behind_its_error() -> None:
    program, message, (tensor, axis, *_) = CASES["outputs of other steps, joined"]
    explanation = explain(f"I get this:\n\n{message}\n\nThe code:\n\n```python\n{program}```\nThanks!")

    assert (explanation.mismatch.tensor, explanation.mismatch.axis) == (tensor, axis)


def test_a_branch_that_no_recurrent_layer_is_in_is_not_explained() -> None:
    program = f"""{TORCH_WITH_PACKING}
lstm = nn.LSTM(10, 32, batch_first=True)
picture = nn.Sequential(nn.Conv2d(3, 8, 3), nn.Flatten(), nn.Linear(100, 32))
torch.cat([picture(torch.zeros(2, 3, 16, 16)), lstm(torch.zeros(2, 5, 10))[0][:, -1]], 1)
"""

    with pytest.raises(NotFoundError, match="about a dense layer"):
        explain(without_line(program, DENSE.format("2x1568", "100x32")))


FORECASTER = """
class Forecaster(nn.Module):
    def __init__(self, hidden=64, layers=2):
        super().__init__()
        self.hidden, self.layers = hidden, layers
        self.gru = nn.GRU(6, hidden, layers, batch_first={})

    def forward(self, x):
        {}
        out, hn = self.gru(x, h0)
        return out

Forecaster()(torch.randn(16, 30, 6))
"""


@pytest.mark.parametrize(
    ("batch_first", "made", "wrong", "fix"),
    [
        (
            True,
            "h0 = torch.zeros(self.layers, x.size(1), self.hidden)",
            "h0 = torch.zeros(self.layers, x.size(1), self.hidden)",
            "h0 = torch.zeros(self.layers, x.size(0), self.hidden)",
        ),
        (
            True,
            "steps = x.shape[1]\n        h0 = torch.zeros(self.layers, steps, self.hidden)",
            "steps = x.shape[1]",
            "steps = x.shape[0]",
        ),
    ],
)
def test_a_state_with_the_steps_as_batch_is_corrected_in_its_own_line(
    batch_first: bool, made: str, wrong: str, fix: str
) -> None:
    message = "RuntimeError: Expected hidden size (2, 16, 64), got [2, 30, 64]"
    explanation = explain(f"{TORCH_WITH_PACKING}{FORECASTER.format(batch_first, made)}\n{message}")
    first, network = explanation.mismatch.causes[0], explanation.configuration

    assert (first.wrong, first.fix) == (wrong, fix)
    assert first.sentence.endswith("is time_step, because the layer has batch_first=True.")
    assert network and (network.batch_size, network.time_step, network.features) == (16, 30, 6)


def test_sizes_of_the_program_that_the_message_does_not_say_are_in_the_picture() -> None:
    program = "m = nn.LSTM(100, 128, 2, batch_first=True, bidirectional=True)\nf = nn.Linear(128, 2)\n"
    called = "f(m(torch.randn(32, 40, 100))[0][:, -1])\n"
    network = explain(f"{TORCH_WITH_PACKING}{program}{called}{DENSE.format('32x256', '128x2')}").configuration

    assert network and (network.batch_size, network.time_step, network.features, network.num_units) == (
        32,
        40,
        100,
        128,
    )


def test_an_embedding_is_no_cause_in_a_program_without_one() -> None:
    message = "RuntimeError: input.size(-1) must be equal to input_size. Expected 40, got 64"
    program = "m = nn.LSTM(40, 96, batch_first=True)\nm(torch.randn(8, 200, 64))\n"

    assert "embedding" in [cause.id for cause in explain(message).mismatch.causes]
    assert [cause.id for cause in explain(f"{TORCH_WITH_PACKING}{program}{message}").mismatch.causes] == [
        "other_features"
    ]


def test_a_traceback_without_its_module_is_answered_with_the_module_that_is_missing() -> None:
    frame = '  File "/home/me/model.py", line 14, in forward\n    return self.fc(out[:, -1])\n'
    text = f"Traceback (most recent call last):\n{frame}{DENSE.format('32x256', '128x2')}"

    with pytest.raises(NotFoundError, match="Paste the source as well"):
        explain(text)
    with pytest.raises(NotFoundError, match="Does it come from an LSTM"):
        explain(DENSE.format("32x256", "128x2"))


def test_only_bold_text_of_markdown_loses_its_stars() -> None:
    for text in ("return forward_call(*args, **kwargs)", "f(**a, **b)", "    **kwargs,", "x ** 2 ** y", "2**3**4"):
        assert PastedText(text).readable == text
    assert PastedText("**RuntimeError:** a **b c**, (**d**)").readable == "RuntimeError: a b c, (d)"
    assert PastedText("**RuntimeError: a\nb**").readable == "RuntimeError: a\nb"


def in_program(text: str) -> list[Operation]:
    return list(operations(TORCH_WITH_PACKING + text).operations)


def test_an_operation_knows_what_its_arrays_are_computed_from() -> None:
    *_, one = in_program("r = nn.LSTM(3, 4)\na, (b, c) = r(torch.zeros(5, 2, 3))\na.relu()[:, :1] * b[0]\n")

    assert (one.kind, one.text) == ("sum", "a.relu()[:, :1] * b[0]")
    assert [(set(operand.roles), operand.axes) for operand in one.operands] == [
        ({"output"}, (5, 1, 4)),
        ({"h_0"}, (2, 4)),
    ]


def test_only_the_part_of_a_long_program_around_the_line_that_failed_is_followed() -> None:
    line = "r = nn.GRU(3, 4)\nv = r(torch.zeros(5, 2, 3))[0] + torch.zeros(5, 2, 9)\n"
    rest = "w = 1\n" * LONGEST_SOURCE
    failed = "v = r(torch.zeros(5, 2, 3))[0] + torch.zeros(5, 2, 9)"

    assert PastedProgram(TORCH_WITH_PACKING + rest + line + rest, failed).sum_of_sizes(2, 4, 9)
    assert not PastedProgram(TORCH_WITH_PACKING + line + rest).sum_of_sizes(2, 4, 9)


def test_a_program_that_reads_many_sizes_is_searched_once_for_the_states_that_it_makes() -> None:
    sizes = "".join(f"n{k} = x.size(1)\n" for k in range(4000))
    made = "n9000 = x.size(1)\nh = torch.zeros(2, n9000, 3)\n"

    with time_limit():
        assert PastedProgram(sizes + made).line_of_state(0) == ("n9000 = x.size(1)", "x.size(1)", "n9000 = x.size(0)")


GATES_OF_STEP = """Traceback (most recent call last):
  File "/home/me/lstm.py", line 19, in lstm_forward
    c = f * c + i * g
                ~~^~~
ValueError: operands could not be broadcast together with shapes (6,13) (6,26)"""


@pytest.mark.parametrize(
    "source",
    [
        "\n\ndef lstm_forward(x, gates, c):\n    i, f, g = gates\n    c = f * c + i * g\n    return c\n",
        "\n\ni, f, g = gates\nc = f * c + i * g\n",
    ],
)
def test_a_message_without_a_cause_asks_for_the_source(source: str) -> None:
    asked, known = (explain(GATES_OF_STEP + more).mismatch for more in ("", source))

    assert asked.causes == ()
    assert str(asked.note).startswith("Paste the source as well: the lines that make the weights and the data")
    assert known.note is None


MLP = f"{TORCH}mlp = nn.Sequential(nn.Linear(20, 64), nn.Linear(32, 2))\nprint(mlp(torch.zeros(5, 20)))\n"


SHAPES = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (5x64 and 32x2)"


def test_a_whole_program_without_recurrence_is_declined_and_not_asked_for() -> None:
    with pytest.raises(NotFoundError, match="this program has no recurrent layer"):
        explain(pasted(MLP, ["print(mlp(torch.zeros(5, 20)))"], SHAPES))


@pytest.mark.parametrize(
    "text",
    [
        pasted("from layers import Net\n" + MLP, ["print(mlp(torch.zeros(5, 20)))"], SHAPES),
        pasted(MLP, ["print(Other()(torch.zeros(5, 20)))"], SHAPES),
    ],
)
def test_a_program_that_may_lack_the_layer_is_asked_for_it(text: str) -> None:
    with pytest.raises(NotFoundError, match=r"Does it come from|Paste the source"):
        explain(text)


def test_the_program_after_an_error_is_no_part_of_its_message() -> None:
    text = pasted(MLP, ["print(mlp(torch.zeros(5, 20)))"], "IndexError: index out of range in self")
    with pytest.raises(NotFoundError) as error:
        explain(text)

    assert error.value.message == "IndexError: index out of range in self"
    assert error.value.about is None


STACK = """import keras
from keras import layers
model = keras.Sequential([keras.Input((24, 3)), layers.GRU(64), layers.GRU(32{})])
"""


TWO_AXES = "ValueError: Input 0 of layer 'gru_1' is incompatible with the layer: expected ndim=3, found ndim=2."


@pytest.mark.parametrize(("setting", "cell"), [("", "gru_reset_after"), (", reset_after=False", "gru")])
def test_the_linked_picture_is_that_of_the_layer_that_fails(setting: str, cell: str) -> None:
    explanation = explain(pasted(STACK.format(setting), ["model = keras.Sequential(["], TWO_AXES))
    assert explanation.configuration
    state = state_of_error(explanation, explanation.configuration)

    assert state
    assert (state["cell"], state["features"], state["num_units"]) == (cell, 64, 32)
