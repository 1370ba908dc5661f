"""The likeliest cause of a message corrects the one part of a program that is wrong: an index, a size or an argument.

The real frameworks raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import TORCH_WITH_PACKING, likely, pasted

from app.reading.errors.explanation import NotFoundError, explain

# -- the last step and the last layer ----------------------------------------------------------------------------------

FORECAST = f"""{TORCH_WITH_PACKING}
from torch.utils.data import DataLoader, TensorDataset


class Forecast(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.{{layer}}
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(28, 1)

    def forward(self, x):
        {{call}}
        return {{head}}


x, y = read()
net = Forecast()
for xb, yb in DataLoader(TensorDataset(x, y), batch_size=32):
    loss = {{loss}}
"""
GRU, LSTM = "GRU(6, 28, batch_first=True)", "LSTM(6, 28, batch_first=True)"
OF_OUTPUT, OF_STATE = "out, _ = self.rnn(x)", "_, h = self.rnn(x)"
ENTROPY = "nn.functional.cross_entropy(net(xb), yb)"
MSE, LOGITS = "nn.functional.mse_loss(net(xb), yb)", "nn.functional.binary_cross_entropy_with_logits(net(xb), yb)"
BROADCAST = "RuntimeError: The size of tensor a ({}) must match the size of tensor b ({}) at non-singleton dimension 1"
TARGET = "ValueError: Target size (torch.Size([{}])) must be the same as input size (torch.Size([{}]))"
SAMPLES = "ValueError: Expected input batch_size ({}) to match target batch_size ({})."


def of_forecast(layer: str, call: str, head: str, loss: str, error: str) -> str:
    program = FORECAST.format(layer=layer, call=call, head=head, loss=loss)
    return pasted(program, [f"loss = {loss}"], error)


@pytest.mark.parametrize(
    ("layer", "head", "corrected"),
    [
        (GRU, "self.head(out)", "self.head(out[:, -1])"),
        (GRU, "self.head(self.drop(out)).squeeze(-1)", "self.head(self.drop(out)[:, -1]).squeeze(-1)"),
    ],
)
def test_a_dense_layer_reads_the_last_step_for_a_target_with_one_value_for_each_sample(
    layer: str, head: str, corrected: str
) -> None:
    text = of_forecast(layer, OF_OUTPUT, head, MSE, BROADCAST.format(24, 32))
    mismatch = explain(text).mismatch

    assert (mismatch.tensor, mismatch.axis) == ("output", "rank")
    assert likely(text) == (["not_return_sequences"], {f"return {head}": f"return {corrected}"})


def test_a_dense_layer_reads_the_last_step_of_an_output_with_time_first() -> None:
    text = of_forecast("GRU(6, 28)", OF_OUTPUT, "self.head(out)", LOGITS, TARGET.format("32, 1", "24, 32, 1"))
    assert likely(text)[1] == {"return self.head(out)": "return self.head(out[-1])"}


def test_steps_in_the_second_axis_are_not_those_of_a_layer_that_reads_time_first() -> None:
    text = of_forecast("GRU(6, 28)", OF_OUTPUT, "self.head(out)", MSE, BROADCAST.format(24, 32))
    assert likely(text)[1] == {}


def test_steps_that_differ_from_the_target_are_no_last_step_without_its_batch() -> None:
    text = of_forecast(GRU, OF_OUTPUT, "self.head(out)", MSE, BROADCAST.format(24, 12))
    assert "not_return_sequences" not in likely(text)[0]


@pytest.mark.parametrize(
    ("loss", "error"),
    [
        (
            LOGITS,
            "ValueError: Target size (torch.Size([32, 1])) must be the same as input size (torch.Size([1, 32, 1]))",
        ),
        ("nn.functional.cross_entropy(net(xb), yb)", SAMPLES.format(1, 32)),
    ],
)
def test_a_dense_layer_reads_the_state_of_the_last_layer(loss: str, error: str) -> None:
    text = of_forecast(GRU, OF_STATE, "self.head(h)", loss, error)
    mismatch = explain(text).mismatch

    assert (mismatch.tensor, mismatch.axis) == ("output", "rank")
    assert likely(text) == (["layers_of_state"], {"return self.head(h)": "return self.head(h[-1])"})


def test_the_last_one_of_both_states_is_no_layer() -> None:
    text = of_forecast(LSTM, OF_STATE, "self.head(h[-1])", ENTROPY, SAMPLES.format(1, 32))
    assert likely(text) == (["pair_of_states"], {OF_STATE: "_, (h, _) = self.rnn(x)"})


# -- two sizes in the other order --------------------------------------------------------------------------------------

TAGGER = f"""{TORCH_WITH_PACKING}
class Tagger(nn.Module):
    def __init__(self, n_words=500, width=40, hidden=64):
        super().__init__()
        self.emb = nn.Embedding(n_words, width)
        self.lstm = {{lstm}}
        self.score = {{score}}

    def forward(self, words):
        out, _ = self.lstm(self.emb(words))
        return self.score(out)


Tagger()(torch.randint(0, 500, (8, 12)))
"""
FEATURES = "RuntimeError: input.size(-1) must be equal to input_size. Expected {}, got {}"
PRODUCT = "RuntimeError: mat1 and mat2 shapes cannot be multiplied ({}x{} and {}x{})"


def of_tagger(lstm: str, score: str, failed: str, error: str) -> str:
    return pasted(TAGGER.format(lstm=lstm, score=score), ["Tagger()(torch.randint(0, 500, (8, 12)))", failed], error)


@pytest.mark.parametrize(
    ("lstm", "score", "failed", "error", "corrected"),
    [
        (
            *(
                "nn.LSTM(hidden, width, batch_first=True)",
                "nn.Linear(hidden, 9)",
                "out, _ = self.lstm(self.emb(words))",
            ),
            *(FEATURES.format(64, 40), ("lstm", "nn.LSTM(width, hidden, batch_first=True)")),
        ),
        (
            *("nn.LSTM(width, hidden, batch_first=True)", "nn.Linear(9, hidden)", "return self.score(out)"),
            *(PRODUCT.format(96, 64, 9, 64), ("", "")),
        ),
        (
            *("nn.LSTM(width, hidden, batch_first=True)", "nn.Linear(1, hidden)", "return self.score(out)"),
            *(PRODUCT.format(96, 64, 1, 64), ("score", "nn.Linear(hidden, 1)")),
        ),
        (
            *("nn.LSTM(width, hidden, batch_first=True)", "nn.Linear(hidden, 40)"),
            *("out, _ = self.lstm(self.emb(words))", FEATURES.format(40, 64), ("", "")),
        ),
        (
            *("nn.LSTM(width, hidden, batch_first=True)", "nn.Linear(2 * hidden, hidden)", "return self.score(out)"),
            *(PRODUCT.format(96, 64, 128, 64), ("", "")),
        ),
    ],
)
def test_a_layer_that_gets_as_many_features_as_it_returns_has_its_sizes_exchanged(
    lstm: str, score: str, failed: str, error: str, corrected: tuple[str, str]
) -> None:
    ids, lines = likely(of_tagger(lstm, score, failed, error))
    name, line = corrected

    assert (ids[0] == "exchanged_sizes") == bool(name)
    assert not name or list(lines.values()) == [f"self.{name} = {line}"]


CELL = f"""{TORCH_WITH_PACKING}
cell = nn.LSTMCell(6, 20)
x = torch.randn(18, 25, 6)
h, c = torch.zeros({{h}}), torch.zeros({{c}})
for t in range(25):
    h, c = cell(x[:, t], (h, c))
"""


@pytest.mark.parametrize(
    ("h", "c", "number", "corrected"),
    [
        ("18, 20", "20, 18", 1, ("18, 20", "18, 20")),
        ("20, 18", "18, 20", 0, ("18, 20", "18, 20")),
        ("20, 18", "20, 18", 0, ("18, 20", "18, 20")),
        ("12, 20", "18, 20", 0, None),
    ],
)
def test_a_state_of_a_cell_with_as_many_samples_as_units_has_its_axes_exchanged(
    h: str, c: str, number: int, corrected: tuple[str, str] | None
) -> None:
    got = (h, c)[number].partition(",")[0]
    error = f"RuntimeError: Input batch size 18 doesn't match hidden{number} batch size {got}"
    text = pasted(CELL.format(h=h, c=c), ["h, c = cell(x[:, t], (h, c))"], error)
    ids, lines = likely(text)
    mismatch = explain(text).mismatch

    assert ((mismatch.tensor, mismatch.axis) == (("h_0", "c_0")[number], "order")) == bool(corrected)
    assert (ids == ["state_axes"]) == bool(corrected)
    if corrected:
        assert list(lines.values()) == ["h, c = torch.zeros({}), torch.zeros({})".format(*corrected)]


# -- the entries of a state --------------------------------------------------------------------------------------------

JOINED = f"""{TORCH_WITH_PACKING}
class Both(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(6, 24, batch_first=True, bidirectional=True)
        self.out = nn.Linear({{width}}, 1)

    def forward(self, x, profile):
        _, (h, _) = self.lstm(x)
        return self.out(torch.cat([{{parts}}], dim=-1))


model = Both()
model(torch.zeros(5, 9, 6), torch.zeros(5, 3))
"""
RANKS = "RuntimeError: Tensors must have same number of dimensions: got {} and {}"


@pytest.mark.parametrize(
    ("parts", "ranks", "corrected"),
    [
        ("h[-2], h", (2, 3), "h[-2], h[-1]"),
        ("h, h[-1]", (3, 2), "h[-2], h[-1]"),
        ("h, h[1]", (3, 2), "h[0], h[1]"),
        ("h[-2], h, profile", (2, 3), "h[-2], h[-1], profile"),
        ("h, profile", (3, 2), "h[-2], h[-1], profile"),
    ],
)
def test_a_state_is_joined_by_the_entries_that_are_not_joined_already(
    parts: str, ranks: tuple[int, int], corrected: str
) -> None:
    line = f"return self.out(torch.cat([{parts}], dim=-1))"
    text = pasted(JOINED.format(width=48, parts=parts), [line], RANKS.format(*ranks))
    assert likely(text) == (["layers_of_state"], {line: line.replace(parts, corrected)})


# -- the first axis ----------------------------------------------------------------------------------------------------

TRANSLATOR = f"""{TORCH_WITH_PACKING}
class Translator(nn.Module):
    def __init__(self, width=32, units=64):
        super().__init__()
        self.src, self.tgt = nn.Embedding(300, width), nn.Embedding(280, width)
        self.reader = nn.GRU(width, units, {{reader}})
        self.writer = nn.GRU(width, units, {{writer}})
        self.out = nn.Linear(units, 280)

    def forward(self, src, tgt):
        _, state = self.reader(self.src(src))
        y, _ = self.writer(self.tgt(tgt), state)
        return self.out(y)


model = Translator()
src, tgt = torch.randint(0, 300, (20, 11)), torch.randint(0, 280, (20, 12))
logits = model(src, tgt)
"""
STATE = "RuntimeError: Expected hidden size (1, {}, 64), got [1, {}, 64]"


@pytest.mark.parametrize(
    ("reader", "writer", "sizes", "wrong"),
    [
        ("batch_first=True", "batch_first=False", (12, 20), "writer"),
        ("batch_first=False", "batch_first=True", (20, 11), "reader"),
    ],
)
def test_the_only_layer_that_reads_time_first_lacks_batch_first(
    reader: str, writer: str, sizes: tuple[int, int], wrong: str
) -> None:
    frames = ["logits = model(src, tgt)", "y, _ = self.writer(self.tgt(tgt), state)"]
    text = pasted(TRANSLATOR.format(reader=reader, writer=writer), frames, STATE.format(*sizes))
    made = f"self.{wrong} = nn.GRU(width, units, batch_first={{}})"
    network = explain(text).configuration

    assert network and (network.batch_size, network.time_step) == (20, 12)
    assert likely(text)[1] == {made.format(False): made.format(True)}


PACKER = f"""{TORCH_WITH_PACKING}
from torch.nn.utils.rnn import pad_sequence


class Flags(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(7, 32, batch_first=True)

    def forward(self, x, lengths):
        packed = pack_padded_sequence({{packing}})
        return self.lstm(packed)[1][0]


def collate(samples):
    return pad_sequence({{padding}}), torch.tensor([len(one) for one in samples])


x, lengths = collate(samples())
Flags()(x, lengths)
"""
OUT_OF_X = "RuntimeError: start (231) + length (11) exceeds dimension size (231)."
IN_LAYER = '\n  File "torch/nn/modules/rnn.py", line 1138, in forward\n    result = _VF.lstm('
IN_PACKING = '\n  File "torch/nn/utils/rnn.py", line 331, in pack_padded_sequence\n    input = input.index_select('
MORE_LENGTHS = "RuntimeError: INDICES element is out of DATA bounds, id=5 axis_dim=5"


@pytest.mark.parametrize(
    ("packing", "padding", "failed", "corrected"),
    [
        ("x, lengths, batch_first=False", "samples, batch_first=True", False, "packed"),
        ("x, lengths, batch_first=True", "samples, batch_first=False", False, "return"),
        ("x, lengths, enforce_sorted=False", "samples, batch_first=True", True, "packed"),
    ],
)
def test_sequences_are_packed_and_padded_with_the_batch_first(
    packing: str, padding: str, failed: bool, corrected: str
) -> None:
    packs, computes = f"packed = pack_padded_sequence({packing})", "return self.lstm(packed)[1][0]"
    frame = packs + IN_PACKING if failed else computes + IN_LAYER
    program = PACKER.format(packing=packing, padding=padding)
    _, lines = likely(pasted(program, [frame], MORE_LENGTHS if failed else OUT_OF_X))
    ((wrong, fix),) = lines.items()

    assert wrong.startswith(corrected) and "batch_first=True" not in wrong and "batch_first=True" in fix


# -- pairs -------------------------------------------------------------------------------------------------------------

ATTENDING = f"""{TORCH_WITH_PACKING}
class Attention(nn.Module):
    def forward(self, query, memory):
        return torch.bmm(query, memory.transpose(1, 2))


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = Attention()
        self.gru = nn.GRU(32, 48, batch_first=True)

    def forward(self, words, h, memory):
        for t in range(words.size(1)):
            step = self.gru(words[:, t : t + 1], h)  # (batch, 1, units)
            context = self.attention(step, memory)
        return context


Decoder()(words, h, memory)
"""


def test_a_pair_that_a_function_gets_is_unpacked_where_the_layer_returns_it() -> None:
    frames = ["Decoder()(words, h, memory)", "context = self.attention(step, memory)"]
    failed = "return torch.bmm(query, memory.transpose(1, 2))"
    error = "TypeError: bmm(): argument 'input' (position 1) must be Tensor, not tuple"
    call = "= self.gru(words[:, t : t + 1], h)"
    assert likely(pasted(ATTENDING, [*frames, failed], error)) == (
        ["whole_pair"],
        {f"step {call}": f"step, h {call}"},
    )


def test_a_layer_of_pytorch_is_no_class_of_the_program_with_its_name() -> None:
    program = (
        f"{TORCH_WITH_PACKING}\nclass LSTM(nn.Module):\n    def __init__(self):\n        self.lstm = nn.LSTM(4, 5)\n\n"
    )
    program += "    def forward(self, x):\n        out = self.lstm(x)\n        return out[:, -1, :]\n\n\nLSTM()(x)\n"
    error = "TypeError: tuple indices must be integers or slices, not tuple"
    text = pasted(program, ["LSTM()(x)", "return out[:, -1, :]"], error)
    assert likely(text) == (["whole_pair"], {"out = self.lstm(x)": "out, _ = self.lstm(x)"})


# -- rows and axes of size 1 -------------------------------------------------------------------------------------------

MODEL = f"""{TORCH_WITH_PACKING}
class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb, self.lstm, self.out = nn.Embedding(60, 8), nn.LSTM(8, 20, batch_first=True), nn.Linear(20, 60)

    def forward(self, words):
        return self.out(self.lstm(self.emb(words))[0])


words = torch.randint(0, 60, (10, 14))
logits = Words()(words[:, :-1])
"""


@pytest.mark.parametrize(
    ("output", "target", "sizes", "id", "corrected"),
    [
        ("logits.reshape(-1, 60)", "words[:, 1:]", (130, 10), "one_flat", ("", "words[:, 1:].reshape(-1)")),
        ("logits", "words[:, 1:].flatten()", (10, 130), "one_flat", ("logits.flatten(0, 1)", "")),
        ("logits.view(60, -1)", "words[:, 1:].flatten()", (60, 130), "exchanged_rows", ("logits.view(-1, 60)", "")),
    ],
)
def test_the_output_and_the_target_of_a_loss_are_flattened_in_the_same_way(
    output: str, target: str, sizes: tuple[int, int], id: str, corrected: tuple[str, str]
) -> None:
    loss = f"loss = nn.functional.cross_entropy({output}, {target})"
    mismatch = explain(text := pasted(f"{MODEL}{loss}\n", [loss], SAMPLES.format(*sizes))).mismatch
    fixed = f"loss = nn.functional.cross_entropy({corrected[0] or output}, {corrected[1] or target})"

    assert mismatch.axis is None and all(str(size) in str(mismatch.sentence) for size in sizes)
    assert likely(text) == ([id], {loss: fixed})


ATTENTION = f"""{TORCH_WITH_PACKING}
class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru, self.score = nn.GRU(6, 24, batch_first=True), nn.Linear(48, 1)

    def forward(self, x):
        keys, h = self.gru(x)
        query = {{query}}
        weights = self.score(torch.cat((query, keys), dim=2)).squeeze(2)
        return {{context}}


Attention()(torch.zeros(5, 9, 6))
"""
QUERY = "h[-1].unsqueeze(1).expand(-1, keys.size(1), -1)"


def test_the_size_of_an_expanded_axis_goes_to_the_axis_of_size_1() -> None:
    wrong = QUERY.replace("keys.size(1), -1", "-1, keys.size(1)")
    error = "RuntimeError: The expanded size of the tensor (9) must match the existing size (24) at non-singleton"
    error += " dimension 2.  Target sizes: [-1, -1, 9].  Tensor sizes: [5, 1, 24]"
    program = ATTENTION.format(query=wrong, context="torch.bmm(weights.unsqueeze(1), keys)")
    text = pasted(program, [f"query = {wrong}"], error)
    assert likely(text) == (["expanded_axis"], {f"query = {wrong}": f"query = {QUERY}"})
    assert "num_units" not in str(explain(text).mismatch.sentence)


def test_the_weights_of_a_product_of_matrices_are_rows() -> None:
    line = "return torch.bmm(weights, keys)"
    program = ATTENTION.format(query=QUERY, context="torch.bmm(weights, keys)")
    text = pasted(program, [line], "RuntimeError: batch1 must be a 3D tensor")
    assert likely(text) == (["weights_axis"], {line: "return torch.bmm(weights.unsqueeze(1), keys)"})


# -- weights -----------------------------------------------------------------------------------------------------------

OWN = """
import numpy as np

rng = np.random.default_rng(0)


class LSTM:
    def __init__(self, D, H):
        self.W = rng.normal(size=({weights})) * 0.1
        self.U = rng.normal(size=(H, 4 * H)) * 0.1
        self.b = np.zeros(4 * H)
        self.V = rng.normal(size=({outputs})) * 0.1

    def step(self, x, h, c):
        a = x @ self.W + self.b + h @ self.U
        i, f, g, o = np.split(a, 4, axis=1)
        c = f * c + i * np.tanh(g)
        return np.tanh(c), c

    def scores(self, h):
        return h @ self.V

    def gradient(self, d):
        return d @ self.V{transposed}


cell = LSTM(9, 14)
h, c = cell.step(np.zeros((5, 9)), np.zeros((5, 14)), np.zeros((5, 14)))
dh = cell.gradient(cell.scores(h))
"""
RIGHT = {"weights": "D, 4 * H", "outputs": "H, 3", "transposed": ".T"}
OF_SUM = "ValueError: operands could not be broadcast together with shapes {} {}"
OF_FACTORS = (
    "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
    " (n?,k),(k,m?)->(n?,m?) (size {} is different from {})"
)


@pytest.mark.parametrize(
    ("wrong", "frames", "error", "id", "corrected"),
    [
        (
            *({"weights": "D, H"}, ["h, c = cell.step(x, h, c)", "a = x @ self.W + self.b + h @ self.U"]),
            *(OF_SUM.format("(5,14)", "(56,)"), "gates_of_weights"),
            ("self.W = rng.normal(size=(D, H)) * 0.1", "self.W = rng.normal(size=(D, 4 * H)) * 0.1"),
        ),
        (
            *({"outputs": "3, H", "transposed": ""}, ["s = cell.scores(h)", "return h @ self.V"]),
            *(OF_FACTORS.format(3, 14), "kernel_order"),
            ("return h @ self.V", "return h @ self.V.T"),
        ),
        (
            *({"transposed": ""}, ["dh = cell.gradient(d)", "return d @ self.V"]),
            *(OF_FACTORS.format(14, 3), "kernel_order"),
            ("return d @ self.V", "return d @ self.V.T"),
        ),
    ],
)
def test_weights_have_all_gates_and_the_order_of_the_product(
    wrong: dict[str, str], frames: list[str], error: str, id: str, corrected: tuple[str, str]
) -> None:
    ids, lines = likely(pasted(OWN.format_map(RIGHT | wrong), frames, error))
    assert (ids[0], lines) == (id, dict([corrected]))


RNN = """
rng = np.random.default_rng(0)
Wx, Wh, b = rng.normal(size=(9, 14)), rng.normal(size=(14, 14)), np.zeros(14)
V = rng.normal(size=(3, 14))
x, h = np.zeros((5, 7, 9)), np.zeros((5, 14))
for t in range(7):
    h = np.tanh(x[:, t] @ Wx + h @ Wh + b)
"""


def test_weights_that_are_used_once_are_made_in_the_other_order() -> None:
    program = f"import numpy as np\n\n{RNN}scores = h @ V\n"
    text = pasted(program, ["scores = h @ V"], OF_FACTORS.format(3, 14))
    assert likely(text) == (["kernel_order"], {"V = rng.normal(size=(3, 14))": "V = rng.normal(size=(14, 3))"})


NODE = """
import numpy as np
import onnxruntime
from onnx import helper, numpy_helper

UNITS, INPUT = 20, 8
rng = np.random.default_rng(0)
W = numpy_helper.from_array(rng.normal(size=(1, {rows}, INPUT)).astype("f"), "W")
R = numpy_helper.from_array(rng.normal(size=(1, 3 * UNITS, UNITS)).astype("f"), "R")
node = helper.make_node("GRU", ["x", "W", "R"], ["y"], hidden_size=UNITS)
y = onnxruntime.InferenceSession(model(node, W, R)).run(None, dict(x=x))
"""


@pytest.mark.parametrize("rows", [20, 40])
def test_weights_of_onnx_with_as_many_rows_as_units_lack_the_other_gates(rows: int) -> None:
    error = "onnxruntime.capi.onnxruntime_pybind11_state.InvalidArgument: [ONNXRuntimeError] : 2 : INVALID_ARGUMENT :"
    error += " Non-zero status code returned while running GRU node. Name:'' Status Message: Input W must have shape"
    error += f" {{1,60,8}}. Actual:{{1,{rows},8}}"
    program = NODE.format(rows={20: "UNITS", 40: "2 * UNITS"}[rows])
    ids, lines = likely(
        pasted(program, ["y = onnxruntime.InferenceSession(model(node, W, R)).run(None, dict(x=x))"], error)
    )

    assert (ids == ["gates_of_weights"]) == (rows == 20)
    assert rows != 20 or [*lines.values()] == [next(one for one in lines).replace("UNITS", "3 * UNITS")]


SLICED = """
import numpy as np

D, H = 9, 14
rng = np.random.default_rng(0)
W, U = rng.normal(size=(D, 4 * H)), rng.normal(size=(H, 4 * H))


def lstm_step(x, h, c):
    z = x @ W + h @ U
    i, f = np.tanh(z[:, :H]), np.tanh(z[:, {forget}])
    g = np.tanh(z[:, 2 * H : 3 * H])
    o = np.tanh(z[:, {output}])
    c = f * c + i * g
    return o * np.tanh(c), c


h, c = lstm_step(np.zeros((5, D)), np.zeros((5, H)), np.zeros((5, H)))
"""


@pytest.mark.parametrize(
    ("forget", "output", "failed", "shapes", "corrected"),
    [
        ("H : 2 * H", "H:", "return o * np.tanh(c), c", ("(5,42)", "(5,14)"), {"z[:, H:]": "z[:, 3 * H:]"}),
        ("H:H", "3 * H :", "c = f * c + i * g", ("(5,0)", "(5,14)"), {"z[:, H:H]": "z[:, H:2 * H]"}),
        ("H : 3 * H", "3 * H :", "c = f * c + i * g", ("(5,28)", "(5,14)"), {"z[:, H : 3 * H]": "z[:, H:2 * H]"}),
    ],
)
def test_the_slice_of_a_gate_begins_where_the_one_before_it_ends(
    forget: str, output: str, failed: str, shapes: tuple[str, str], corrected: dict[str, str]
) -> None:
    program = SLICED.format(forget=forget, output=output)
    ids, lines = likely(pasted(program, ["h, c = lstm_step(x, h, c)", failed], OF_SUM.format(*shapes)))
    ((wrong, right),) = corrected.items()

    assert ids == ["gate_slice"]
    assert {line.replace(wrong, right) for line in lines} == {*lines.values()} != {*lines}


# -- the order of factors ----------------------------------------------------------------------------------------------


def test_weights_are_the_factor_that_they_are_in_the_other_products() -> None:
    right = "a = x @ self.W + self.b + h @ self.U"
    wrong = right.replace("h @ self.U", "self.U @ h")
    program = OWN.format_map(RIGHT | {"weights": "D, 4 * H"}).replace(right, wrong)
    text = pasted(program, ["h, c = cell.step(x, h, c)", wrong], OF_FACTORS.format(5, 56))
    assert likely(text) == (["factor_order"], {wrong: right})


def test_matrices_of_each_sample_that_fit_only_exchanged_are_exchanged() -> None:
    program = ATTENTION.format(query="h[-1].unsqueeze(2)", context="torch.bmm(query, keys)")
    error = "RuntimeError: Expected size for first two dimensions of batch2 tensor to be: [5, 1] but got: [5, 9]."
    line = "return torch.bmm(query, keys)"
    text = pasted(program, ["Attention()(torch.zeros(5, 9, 6))", line], error)
    assert likely(text) == (["factor_order"], {line: "return torch.bmm(keys, query)"})


# -- inputs of Keras ---------------------------------------------------------------------------------------------------

INPUTS = """
import numpy as np
import keras
from keras import layers

past = keras.Input((28, 5), name="past")
words = keras.Input((None, 5), name="words")
h = layers.Concatenate()([layers.LSTM(48)(past), layers.GRU(16)(words)])
model = keras.Model([past, words], layers.Dense(1)(h))
model.compile("adam", "mse")
model.fit([x, w], y)
"""


@pytest.mark.parametrize(
    ("name", "expected", "found", "corrected"),
    [
        ("words", "(None, None, 5)", "(32, 12, 9)", ("(None, 5)", "(None, 9)")),
        ("past", "(None, 28, 5)", "(32, 14, 5)", ("(28, 5)", "(None, 5)")),
    ],
)
def test_the_input_of_keras_that_a_message_names_is_corrected(
    name: str, expected: str, found: str, corrected: tuple[str, str]
) -> None:
    error = f"ValueError: Input 0 with name '{name}' of layer 'functional' is incompatible with the layer:"
    text = pasted(INPUTS, ["model.fit([x, w], y)"], f"{error} expected shape={expected}, found shape={found}")
    ((wrong, right),) = likely(text)[1].items()

    assert wrong.startswith(f"{name} = ") and wrong.replace(*corrected) == right


NNX = """
import jax.numpy as jnp
from flax import nnx


class Encoder(nnx.Module):
    def __init__(self, width, units, rngs):
        self.cell = nnx.GRUCell({sizes}, rngs=rngs)
        self.score = nnx.Linear(units, 1, rngs=rngs)
        self.units = units

    def __call__(self, x):
        h = jnp.zeros((x.shape[0], self.units))
        for t in range(x.shape[1]):
            h, _ = self.cell(h, x[:, t])
        return self.score(h)


encoder = Encoder(width=18, units=72, rngs=nnx.Rngs(0))
scores = encoder(jnp.zeros((10, 6, 18)))
"""
IN_NNX = '\n  File "/site-packages/flax/nnx/nn/recurrent.py", line 721, in __call__\n    x = self.dense_i(inputs)'


def test_the_sizes_of_a_cell_of_nnx_are_exchanged() -> None:
    frames = [NNX.strip().split("\n")[-1], f"h, _ = self.cell(h, x[:, t]){IN_NNX}"]
    error = "TypeError: dot_general requires contracting dimensions to have the same shape, got (18,) and (72,)."
    ids, lines = likely(pasted(NNX.format(sizes="units, width"), frames, error))
    made = "self.cell = nnx.GRUCell({}, rngs=rngs)"

    assert ids[0] == "exchanged_sizes"
    assert lines == {made.format("units, width"): made.format("width, units")}


# -- axes of operations ------------------------------------------------------------------------------------------------

LETTERS = f"""{TORCH_WITH_PACKING}
class Letters(nn.Module):
    def __init__(self):
        super().__init__()
        self.words, self.letters = nn.Embedding(300, 100), nn.Embedding(30, 25)
        self.lstm = nn.LSTM(125, 32, batch_first=True)

    def forward(self, words, letters):
        x = torch.cat([self.words(words), self.letters(letters)], dim=1)
        return self.lstm(x)[0]


Letters()(torch.zeros(8, 17, dtype=torch.long), torch.zeros(8, {{steps}}, dtype=torch.long))
"""


@pytest.mark.parametrize("steps", [17, 19])
def test_arrays_that_differ_in_their_last_axis_are_joined_along_it(steps: int) -> None:
    line = "x = torch.cat([self.words(words), self.letters(letters)], dim=1)"
    error = "RuntimeError: Sizes of tensors must match except in dimension 1. Expected size 100 but got size 25"
    ids, lines = likely(pasted(LETTERS.format(steps=steps), [line], f"{error} for tensor number 1 in the list."))

    assert (ids == ["joined_axis"]) == (steps == 17)
    assert steps != 17 or lines == {line: line.replace("dim=1", "dim=-1")}


SOFTMAX = f"import numpy as np\n{RNN}scores = h @ np.zeros((14, 4))\ne = np.exp(scores - scores.{{}})\n"


def test_a_maximum_keeps_its_axis_to_be_subtracted() -> None:
    line = "e = np.exp(scores - scores.max(1))"
    text = pasted(SOFTMAX.format("max(1)"), [line], OF_SUM.format("(5,4)", "(5,)"))
    assert likely(text) == (["dropped_axis"], {line: line.replace("max(1)", "max(1, keepdims=True)")})


CONTEXT = f"""{TORCH_WITH_PACKING}
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb, self.gru = nn.Embedding(40, 50), nn.GRU(122, 72, batch_first=True)

    def forward(self, word, state):
        x = torch.cat((self.emb(word).unsqueeze(1), state.unsqueeze(1)), dim=-1)
        return self.gru(x, state)


_, state = nn.GRU(20, 72, batch_first=True{{both}})(torch.randn(10, 18, 20))
scores = Decoder()(torch.zeros(10, dtype=torch.long), state)
"""


@pytest.mark.parametrize("both", ["", ", bidirectional=True"])
def test_a_state_of_one_direction_is_that_of_its_last_layer(both: str) -> None:
    line = "x = torch.cat((self.emb(word).unsqueeze(1), state.unsqueeze(1)), dim=-1)"
    frames = ["scores = Decoder()(torch.zeros(10, dtype=torch.long), state)", line]
    mismatch = explain(text := pasted(CONTEXT.format(both=both), frames, RANKS.format(3, 4))).mismatch

    assert bool(mismatch.causes) != bool(both)
    if not both:
        fixed = line.replace("state.unsqueeze", "state[-1].unsqueeze")
        assert likely(text) == (["layers_of_state"], {line: fixed})


def test_what_fails_while_a_model_is_built_is_no_loss() -> None:
    program = "import keras\n\n\nclass Cell(keras.Layer):\n    def call(self, x, states):\n"
    program += "        return x + self.bias, states\n\n\n"
    program += "model = keras.Sequential([keras.layers.RNN(Cell(16))])\nmodel.fit(x, y)\n"
    error = f"RuntimeError: Unable to automatically build the model. Error encountered: '{BROADCAST.format(32, 16)}'"
    mismatch = explain(pasted(program, ["model.fit(x, y)"], error)).mismatch
    assert mismatch.tensor is None and "loss" not in str(mismatch.sentence)


# -- states of Keras ---------------------------------------------------------------------------------------------------

STATES = """
import tensorflow as tf


class Decoder(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.emb = tf.keras.layers.Embedding(90, 20)
        self.rnn = tf.keras.layers.{layer}

    def call(self, words, states):
        {names} = self.rnn(self.emb(words), initial_state=states)
        return y


Decoder()(tf.ones((24, 15), tf.int32), states)
"""


@pytest.mark.parametrize(
    ("layer", "names", "corrected"),
    [
        ("GRU(40, return_sequences=True)", "y, h", "GRU(40, return_sequences=True, return_state=True)"),
        ("LSTM(40, return_state=False)", "y, h, c", "LSTM(40, return_state=True)"),
        ("LSTM(40, return_state=True)", "y, h", ""),
    ],
)
def test_a_layer_of_keras_whose_states_get_names_returns_them(layer: str, names: str, corrected: str) -> None:
    line = f"{names} = self.rnn(self.emb(words), initial_state=states)"
    number = names.count(",") + 1
    error = "ValueError: Exception encountered when calling Decoder.call().\n\ntoo many values to unpack"
    frames = ["Decoder()(tf.ones((24, 15), tf.int32), states)", line]
    text = pasted(STATES.format(layer=layer, names=names), frames, f"{error} (expected {number})")
    made = "self.rnn = tf.keras.layers.{}"

    if corrected:
        assert likely(text) == (["return_state"], {made.format(layer): made.format(corrected)})
    else:
        with pytest.raises(NotFoundError):
            explain(text)
