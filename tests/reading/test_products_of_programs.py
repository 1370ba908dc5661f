"""Products of what layers return: which factor has its axes in another order, and what else must change.

PyTorch 2.13, Keras 3.15, TensorFlow 2.21, Flax 0.12, JAX 0.10 and NumPy 2.4 raised the messages for such programs,
which run with the corrected lines.
"""

import pytest
from pasted_programs import (
    KERAS_WITH_OPS,
    TORCH,
    TORCH_WITH_PACKING,
    causes_and_lines,
    first_cause_and_lines,
    likely,
    pasted,
)

from app.reading.errors.explanation import explain

QUERY = f"""{TORCH}
class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.W = nn.Linear(36, 36)
        self.encoder = nn.GRU(24, 36, batch_first=True)
    def forward(self, x):
        memory, h = self.encoder(x)
        return torch.bmm(memory, self.W(h[0]))

Attention()(torch.zeros(8, 11, 24))
"""


ATTENTION = f"""{KERAS_WITH_OPS}
src, tgt = keras.Input((12, 5)), keras.Input((9, 5))
enc = layers.GRU(32, return_sequences=True)(src)
dec = layers.GRU(64, return_sequences=True)(tgt)
context = layers.Attention()([dec, enc])
keras.Model([src, tgt], context).fit(a, b)
"""


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
        (
            pasted(QUERY, ["return torch.bmm(memory, self.W(h[0]))"], "RuntimeError: batch2 must be a 3D tensor"),
            (None, None, "factor_axis"),
            {"return torch.bmm(memory, self.W(h[0]))": "return torch.bmm(memory, self.W(h[0]).unsqueeze(2))"},
        ),
        (
            pasted(
                ATTENTION,
                ["keras.Model([src, tgt], context).fit(a, b)"],
                "ValueError: Exception encountered when calling"
                " Attention.call().\n\nDimensions must be equal, but are 64 and 32 for '{{node"
                " functional_1/attention_1/MatMul}} = BatchMatMulV2[T=DT_FLOAT](functional_1/gru_1_2/transpose_1,"
                " functional_1/attention_1/transpose)' with input shapes: [32,9,64], [32,32,12].",
            ),
            ("output", "num_units", "attention_units"),
            {
                "context = layers.Attention()([dec, enc])": (
                    "context = layers.Attention()([dec, layers.Dense(64)(enc)])"
                )
            },
        ),
    ],
)
def test_the_likeliest_cause_corrects_the_lines_of_the_program(
    text: str, said: tuple[str | None, str | None, str], lines: dict[str, str]
) -> None:
    assert first_cause_and_lines(text) == (said, lines)


TIME_FIRST_KEYS = f"""{TORCH}
class Stations(nn.Module):
    def __init__(self, units=32):
        super().__init__()
        self.encoder = nn.GRU(8, units)
        self.of_query, self.of_key = nn.Linear(units, units), nn.Linear(units, units)

    def score(self, query, keys):
        return torch.tanh(self.of_query(query).unsqueeze(1) + self.of_key(keys)).sum(-1).softmax(1)

    def forward(self, days):
        keys, last = self.encoder(days)
        weights = self.score(last[-1], keys)
        return (weights.unsqueeze(-1) * keys).sum(1)


Stations()(torch.zeros(28, 9, 8))
"""


TIME_FIRST_MEMORY = f"""{TORCH}
x = torch.zeros(21, 4, 5)
memory, last = nn.GRU(5, 16)(x)
query = last[-1].unsqueeze(2)
energies = {{}}
"""


FACTORS = f"""{TORCH}
memory, hidden = nn.GRU(64, 128, batch_first=True)(torch.zeros(10, 18, 64))
query, _ = nn.GRU(64, 128, batch_first=True)(torch.zeros(10, 1, 64))
energies = torch.bmm(memory, query)
"""


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
        (
            pasted(
                TIME_FIRST_KEYS,
                [
                    "Stations()(torch.zeros(28, 9, 8))",
                    "weights = self.score(last[-1], keys)",
                    "return torch.tanh(self.of_query(query).unsqueeze(1) + self.of_key(keys)).sum(-1).softmax(1)",
                ],
                "RuntimeError: The size of tensor a (9) must match the size of tensor b (28) at non-singleton dimension"
                " 0",
            ),
            ("output", "order", ["time_first"]),
            {"": "keys = keys.transpose(0, 1)  # before: weights = self.score(last[-1], keys)"},
        ),
        *(
            (
                pasted(TIME_FIRST_MEMORY.format(product), [f"energies = {product}"], f"RuntimeError: {error}"),
                ("output", "order", ["time_first"]),
                {"": "memory = memory.transpose(0, 1)  # before: query = last[-1].unsqueeze(2)"},
            )
            for product, error in (
                (
                    "torch.bmm(memory, query)",
                    "Expected size for first two dimensions of batch2 tensor to be: [21, 16] but got: [4, 16].",
                ),
                (
                    "memory @ query",
                    "The size of tensor a (21) must match the size of tensor b (4) at non-singleton dimension 0",
                ),
            )
        ),
        (
            pasted(
                FACTORS,
                ["energies = torch.bmm(memory, query)"],
                "RuntimeError: Expected size for first two dimensions of batch2 tensor to be: [10, 128] but got: [10,"
                " 1].",
            ),
            ("output", "order", ["transpose_keys"]),
            {"energies = torch.bmm(memory, query)": "energies = torch.bmm(memory, query.transpose(1, 2))"},
        ),
    ],
)
def test_the_lines_of_a_whole_program_are_corrected(
    text: str, said: tuple[str, str, list[str]], lines: dict[str, str]
) -> None:
    assert causes_and_lines(text) == (said, lines)


FOUR_AXES = """import torch
from torch import nn

class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(5, 12, batch_first=True)

    def forward(self, x):
        out, (h, c) = self.lstm(x)
        heads = out.view(4, 9, 3, 4).transpose(1, 2)
        query = h[-1].unsqueeze(1)
        one = query.unsqueeze(2)
        weights = {}
        return torch.bmm(weights, heads)

Attention()(torch.randn(4, 9, 5))
"""


@pytest.mark.parametrize(
    ("product", "n", "factor", "cause", "fixed"),
    [
        (
            "torch.bmm(one, out.transpose(1, 2))",
            1,
            "one",
            "longer_factor",
            ["torch.bmm(one.squeeze(1), out.transpose(1, 2))"],
        ),
        (
            "torch.bmm(query, out.transpose(1, 2).unsqueeze(1))",
            2,
            "out.transpose(1, 2).unsqueeze(1)",
            "longer_factor",
            ["torch.bmm(query, out.transpose(1, 2))"],
        ),
        (
            "heads.bmm(heads.transpose(-2, -1))",
            1,
            "heads",
            "product_of_heads",
            ["heads.matmul(heads.transpose(-2, -1))", "torch.matmul(weights, heads)"],
        ),
    ],
)
def test_a_product_of_arrays_with_four_axes_names_them(
    product: str, n: int, factor: str, cause: str, fixed: list[str]
) -> None:
    line = f"weights = {product}"
    mismatch = explain(
        pasted(FOUR_AXES.format(product), [line], f"RuntimeError: batch{n} must be a 3D tensor")
    ).mismatch

    assert mismatch.sentence == f"torch.bmm needs two arrays with 3 axes, but {factor} has 4."
    assert [one.id for one in mismatch.causes] == [cause]
    assert [fix.partition(" ")[2].removeprefix("= ") for _, fix in mismatch.causes[0].lines] == fixed


def test_a_factor_with_four_axes_that_would_not_fit_with_three_has_no_corrected_line() -> None:
    product = "torch.bmm(out, h.unsqueeze(2))"
    text = pasted(FOUR_AXES.format(product), [f"weights = {product}"], "RuntimeError: batch2 must be a 3D tensor")
    mismatch = explain(text).mismatch

    assert mismatch.sentence == "torch.bmm needs two arrays with 3 axes, but h.unsqueeze(2) has 4."
    assert mismatch.causes == ()


OF_LETTERS = """import torch
from torch import nn

class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(5, 12, batch_first=True)

    def forward(self, x):
        out, h = self.rnn(x)
        return torch.einsum("{}->bt", out, {})

Attention()(torch.randn(4, 9, 5))
"""


@pytest.mark.parametrize(
    ("letters", "operand", "numbers", "fixed"),
    [("bth,bh", "h", (2, 3), "h[-1]"), ("bth,bqh", "h[-1]", (3, 2), ""), ("bth,b", "h", (1, 3), "")],
)
def test_einsum_reads_a_letter_for_each_axis(letters: str, operand: str, numbers: tuple[int, int], fixed: str) -> None:
    line = f'return torch.einsum("{letters}->bt", out, {operand})'
    error = (
        "RuntimeError: einsum(): the number of subscripts in the equation ({}) does not match the number of dimensions"
        " ({}) for operand 1 and no ellipsis was given"
    )
    mismatch = explain(pasted(OF_LETTERS.format(letters, operand), [line], error.format(*numbers))).mismatch
    (likely,) = mismatch.causes

    assert mismatch.sentence.values == {"letters": numbers[0], "n": 1, "got": numbers[1]}
    assert (likely.id, likely.is_own) == ("letters_of_operand", bool(fixed))
    assert not fixed or likely.lines == ((line, line.replace("out, h", f"out, {fixed}")),)


WEIGHTED_KEYS = f"""{TORCH_WITH_PACKING}
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


EXPANDED_QUERY = "h[-1].unsqueeze(1).expand(-1, keys.size(1), -1)"


def test_the_size_of_an_expanded_axis_goes_to_the_axis_of_size_1() -> None:
    wrong = EXPANDED_QUERY.replace("keys.size(1), -1", "-1, keys.size(1)")
    error = "RuntimeError: The expanded size of the tensor (9) must match the existing size (24) at non-singleton"
    error += " dimension 2.  Target sizes: [-1, -1, 9].  Tensor sizes: [5, 1, 24]"
    program = WEIGHTED_KEYS.format(query=wrong, context="torch.bmm(weights.unsqueeze(1), keys)")
    text = pasted(program, [f"query = {wrong}"], error)
    assert likely(text) == (["expanded_axis"], {f"query = {wrong}": f"query = {EXPANDED_QUERY}"})
    assert "num_units" not in str(explain(text).mismatch.sentence)


def test_the_weights_of_a_product_of_matrices_are_rows() -> None:
    line = "return torch.bmm(weights, keys)"
    program = WEIGHTED_KEYS.format(query=EXPANDED_QUERY, context="torch.bmm(weights, keys)")
    text = pasted(program, [line], "RuntimeError: batch1 must be a 3D tensor")
    assert likely(text) == (["weights_axis"], {line: "return torch.bmm(weights.unsqueeze(1), keys)"})


def test_matrices_of_each_sample_that_fit_only_exchanged_are_exchanged() -> None:
    program = WEIGHTED_KEYS.format(query="h[-1].unsqueeze(2)", context="torch.bmm(query, keys)")
    error = "RuntimeError: Expected size for first two dimensions of batch2 tensor to be: [5, 1] but got: [5, 9]."
    line = "return torch.bmm(query, keys)"
    text = pasted(program, ["Attention()(torch.zeros(5, 9, 6))", line], error)
    assert likely(text) == (["factor_order"], {line: "return torch.bmm(keys, query)"})


DOT_ATTENTION = """from tensorflow import keras
from tensorflow.keras import layers as L

def translator():
    source, target = L.Input((30,)), L.Input((10,))
    states, last = L.GRU(32, return_sequences=True, return_state=True)(L.Embedding(37, 24)(source))
    steps = L.GRU(32, return_sequences=True)(L.Embedding(11, 16)(target), initial_state=last)
    weights = L.Softmax()(L.Dot(axes=(2, 2))([steps, states]))
    context = L.Dot(axes=(1, 1))([weights, states])
    return keras.Model([source, target], context)

model = translator()
"""


def test_the_layer_of_a_product_is_the_one_whose_output_is_a_factor() -> None:
    error = (
        "ValueError: Incompatible input shapes: axis values 10 (at axis 1) != 30 (at axis 1). Full input shapes:"
        " (None, 10, 30), (None, 30, 32)"
    )
    frames = ["model = translator()", "context = L.Dot(axes=(1, 1))([weights, states])"]
    network = explain(pasted(DOT_ATTENTION, frames, error)).configuration

    assert network and (network.time_step, network.features, network.num_units) == (30, 24, 32)


@pytest.mark.parametrize(
    ("factors", "expected"),
    [
        ("z = backend.dot(inputs, self.kernel)", ("x", "features", (50,), (100,))),
        ("z += backend.dot(h_tm1, self.recurrent_kernel)", ("h_0", "num_units", (50,), (100,))),
    ],
)
def test_a_line_of_a_cell_of_keras_tells_its_factors(factors: str, expected: tuple[object, ...]) -> None:
    text = (
        'Traceback (most recent call last):\n  File "sales.py", line 9, in <module>\n    h, c = cell(x, [h, c])\n'
        f'  File "/usr/lib/python3/site-packages/keras/layers/recurrent.py", line 2400, in call\n    {factors}\n'
        "tensorflow.python.framework.errors_impl.InvalidArgumentError: Matrix size-incompatible: In[0]: [32,100],"
        " In[1]: [50,200] [Op:MatMul]"
    )
    mismatch = explain(text).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == expected


def test_an_error_with_the_arguments_of_a_layer_is_one_of_keras() -> None:
    error = "InvalidArgumentError: Matrix size-incompatible: In[0]: [32,100], In[1]: [50,512] [Op:MatMul]\n"
    arguments = 'Call arguments received by layer "lstm_cell" (type LSTMCell):\n  - inputs=tf.Tensor(shape=(32, 100))'
    explanation = explain(error + arguments)

    assert (explanation.framework, explanation.mismatch.causes[0].fix) == ("keras", "keras.Input((None, 100))")
