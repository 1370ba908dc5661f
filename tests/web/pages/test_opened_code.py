"""The page about a model that is read from code."""

from itertools import pairwise
from urllib.parse import unquote

import pytest
from app_client import TestClient
from model_page import link, opened, page, sizes, text
from selectolax.lexbor import LexborHTMLParser as Page

from app.reading.pasted_text_limits import MAX_SOURCE_BYTES
from app.web.pages.open_model import EXAMPLE

OPEN_SIZES = "from keras import Sequential\nfrom keras.layers import *\nm = Sequential([" + "Dense(n)," * 21 + "])\n"
"""Code that leaves more sizes open than a form had fields."""


def test_the_link_of_code_keeps_that_a_layer_has_another_activation(client: TestClient) -> None:
    module = "class M(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    for layer, word in (("nn.RNN(24, 10, nonlinearity='relu')", ",own"), ("nn.RNN(24, 10)", "")):
        code = f"{module}        self.r = {layer}\n    def forward(self, x):\n        return self.r(x)[0]\n"
        found = opened(client, f"import torch.nn as nn\n{code}")

        assert f"rnn(24,10,seq{word})" in unquote(link(found, ".submit a"))


def test_code_is_shown_with_the_lines_that_made_a_layer(client: TestClient) -> None:
    found = opened(client, batch_size="32", time_step="200")

    assert text(found, "#sentence").startswith("4 layers turn 32 × 200 ids into 32 × 10.")
    assert [line.attributes["data-parts"] for line in found.css("#code .made")] == ["0", "1", "1", "2", "3"]
    assert [line.text() for line in found.css("#code .chosen")] == EXAMPLE.splitlines()[5:7]
    assert "lines 6–7" in text(found, ".chain-panel")


def opened_layer(client: TestClient, source: str) -> str | None:
    """The page about the selected layer of a source."""
    node = opened(client, source).css_first("#open-layer")
    return node.attributes["href"] if node else None


def test_a_layer_of_code_opens_only_as_exactly_that_layer(client: TestClient) -> None:
    tensorflow1 = "import tensorflow.compat.v1 as tf\nx = tf.placeholder(tf.float32, [None, 9, 10])\n"
    cell = "y, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.LSTMCell(64, forget_bias=0.0, name='a'), x)"

    assert "forget_bias=0" in (opened_layer(client, tensorflow1 + cell) or "")
    assert opened_layer(client, "from torch import nn\nm = nn.RNN(10, 20)(x)")
    relu = "from torch import nn\nm = nn.RNN(10, 20, nonlinearity='relu')(x)"
    assert not opened_layer(client, relu)
    assert "No picture shows exactly this layer" in text(opened(client, relu), ".chain-panel")


def test_a_layer_without_a_bias_opens_with_a_note(client: TestClient) -> None:
    source = "from torch import nn\nm = nn.GRU(10, 20, bias=False)(x)"

    assert "cell=gru_reset_after" in (opened_layer(client, source) or "")
    assert "This layer has no bias" in text(opened(client, source), ".chain-panel")
    assert "cell=gru" in link(page(client, model="gru(3,4,nobias)", framework="keras"), "#open-layer")


def test_a_long_model_ends_with_what_is_unknown(client: TestClient) -> None:
    layers = "nn.Linear(8, 8), " * 250
    found = opened(client, f"from torch import nn\nm = nn.Sequential({layers} nn.Linear(8, 3))")

    assert "its first 200 layers are shown" in found.body.text()  # type: ignore[union-attr]
    assert "into ?" in text(found, "#sentence")


def test_brackets_in_strings_do_not_end_a_layer(client: TestClient) -> None:
    source = EXAMPLE.replace("LSTM(64,", 'LSTM(64, name="a) # (b(",')

    assert [line.text() for line in opened(client, source).css("#code .chosen")] == source.splitlines()[5:7]


def test_code_without_layers_says_so_and_keeps_the_text(client: TestClient) -> None:
    found = opened(client, source="print('hello')  # <b>")

    assert text(found, "#sentence").startswith("No layers were found in this code.")
    assert text(found, "#source") == "print('hello') # <b>"


def test_code_that_is_not_python_says_in_which_line(client: TestClient) -> None:
    found = opened(client, source="import torch\nclass M(nn.Module:\n    def __init__(self)\n")

    assert text(found, "#sentence") == "No layers were found in this code. Line 2 is not Python."


DEEP = "".join(f"{'  ' * n}if a[{n}]:\n" for n in range(90))
ROWS, SUMS = "1,\n" * 16_000, "total = total + count[0] * 2\n" * 4_000


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (
            f"from torch import nn\n\n{DEEP}{'  ' * 90}net = nn.GRU(3, 4)\n",
            "The statement in line 3 is too long or too deeply nested.",
        ),
        (
            f"from torch import nn\nnet = nn.GRU({'(' * 50}3{')' * 50}, 4)\n",
            "The statement in line 2 is too long or too deeply nested.",
        ),
        (
            f"from torch import nn\nrows = [\n{ROWS}]\nnet = nn.GRU(3, 4)\n",
            "The program is longer than what is read here.",
        ),
        (
            f"from torch import nn\n{SUMS}net = nn.GRU(3, 4)\n",
            "The program is longer than what is read here.",
        ),
    ],
    ids=["branches", "brackets", "tokens", "steps"],
)
def test_code_that_is_not_read_says_why(client: TestClient, source: str, reason: str) -> None:
    found = opened(client, source=source)

    assert text(found, "#sentence") == f"No layers were found in this code. {reason}"


def test_an_error_message_in_the_field_for_code_leads_to_its_explanation(client: TestClient) -> None:
    error = "RuntimeError: input.size(-1) must be equal to input_size. Expected 10, got 12"
    found = opened(
        client, source=f'Traceback (most recent call last):\n  File "train.py", line 3, in <module>\n{error}'
    )
    form = found.css_first("form[data-leaves]")

    assert text(found, "#sentence") == "This is an error message, not the code of a model."
    assert form and form.attributes["action"] == "/explain"
    assert error in str([field.attributes["value"] for field in form.css("input")])


def test_of_several_models_the_first_recurrent_one_is_shown_and_all_have_their_names(client: TestClient) -> None:
    source = """import torch
from torch import nn
head = nn.Sequential(nn.Linear(9, 5), nn.ReLU())
class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(9, 5)
    def forward(self, x):
        return self.rnn(x)[0]
"""
    found = opened(client, source=source)

    assert [option.text() for option in found.css("#number option")] == ["1 head", "2 Tagger"]
    assert "gru(9,5,seq)" in link_to_model(found)
    assert "dense(9,5)" in link_to_model(opened(client, source=source, number="0"))


def test_a_first_axis_that_may_not_be_the_batch_can_be_written(client: TestClient) -> None:
    source = """from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.fc = nn.GRU(9, 4, batch_first=True), nn.Linear(4, 2)
    def forward(self, x):
        b, t, _ = x.shape
        return self.fc(self.rnn(x)[0].reshape(b * t, -1))
"""
    sizes = {"batch_size": "8", "time_step": "5"}
    found = opened(client, source=source, **sizes)
    text_of_model = "gru(9,4,seq).other(4,params=0).dense(2,batch=?)"

    assert "8 × 5 × 4" in text(found, "#layers") and "8 × 2" not in text(found, "#layers")
    assert "Linear: first axis" in text(found, "main")
    written = opened(client, source=source, model=text_of_model, size0="40", **sizes)
    assert "40 × 4 40 × 2" in text(written, "#layers")


def test_code_for_another_library_is_said_not_to_be_read(client: TestClient) -> None:
    source = "import flax.linen as nn\nclass Net(nn.Module):\n  def __call__(self, x):\n    return nn.Dense(5)(x)\n"
    found = opened(client, source=source)

    assert text(found, "#sentence") == "No layers were found in this code. Flax is not read."
    assert text(found, ".unknown-lines li") == "line 2 class Net(nn.Module): Flax is not read"


def test_two_calls_of_one_model_have_the_lines_that_call_it(client: TestClient) -> None:
    source = """from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.head = nn.GRU(9, 5), nn.Linear(5, 2)
    def forward(self, x, short=False):
        y = self.rnn(x)[0]
        return y if short else self.head(y)
net = Net()
states = net(x, short=True)
scores = net(x)
"""
    found = opened(client, source=source)

    assert [option.text() for option in found.css("#number option")] == [
        "1 Net, called in line 10",
        "2 Net, called in line 11",
    ]


def test_batch_normalizations_have_numbers_that_are_not_counted(client: TestClient) -> None:
    """Keras counts 5 * 4 + 4 parameters of the dense layer and 4 * 4 of the normalization, of which it trains half."""
    head = "from keras import Input, Sequential, layers\n"
    source = f"{head}Sequential([Input((5,)), layers.Dense(4), layers.BatchNormalization()])\n"
    found = opened(client, source=source)

    assert "They have 32 parameters" in text(found, "#sentence")
    assert "These are the trained ones; count_params() is 40." in text(found, "#sentence")
    assert "8 + 8 not trained" in text(found, ".layer-table")
    note = "Not counted: 8 means and variances of batch normalizations, which are no trained parameters."
    assert note in [one.text() for one in found.css(".note")]
    found = opened(client, source=source.replace("Dense(4)", "Dense(4), layers.Dense(n)"))
    assert "count_params" not in text(found, "#sentence"), "not all parameters are known"


def test_the_share_of_a_wrapped_layer_is_that_of_its_kind(client: TestClient) -> None:
    source = """from keras import Input, Sequential, layers
layer = layers.Bidirectional(layers.GRU(40, return_sequences=True))
Sequential([Input((9, 6)), layer, layers.GRU(40), layers.Dense(8)])
"""
    assert text(opened(client, source=source), "#sentence").endswith("99 % of them in 2 × GRU.")


def test_the_parameters_of_a_model_are_known_if_no_line_is_uncertain(client: TestClient) -> None:
    """Between its layers are only operations, unless the model has weights of its own."""
    source = """import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(9, 4), nn.Linear(8, 2)
    def forward(self, x):
        y = self.a(x)
        return self.b(torch.cat([y, y * self.a.weight.sum()], 1))
"""
    own = source.replace("super().__init__()", "super().__init__(); self.scale = nn.Parameter(torch.ones(4))")

    assert "They have 58 parameters" in text(opened(client, source=source), "#sentence")
    assert "58 of its parameters are known." in text(opened(client, source=own), "#sentence")


def test_the_sentence_names_every_input_of_code(client: TestClient) -> None:
    source = """from keras import Input, Model, layers
steps, fixed = Input((96, 8)), Input((12,))
x = layers.Concatenate()([steps, layers.RepeatVector(96)(layers.Dense(32)(fixed))])
model = Model([steps, fixed], layers.LSTM(9)(x))
"""

    assert text(opened(client, source=source), "#sentence").endswith("It also gets ? × 96 × 8.")


def test_code_is_in_no_link_and_no_log(client: TestClient, logged: list[str]) -> None:
    source = EXAMPLE + "secret_name = Dense(secret_size)\n"
    found = opened(client, source=source)
    links = [link.attributes["href"] or "" for link in found.css("a")]

    assert links and not any("secret" in link for link in links)
    assert "secret" not in "".join(logged)


@pytest.mark.parametrize(
    ("fields", "status", "problem"),
    [
        ({"batch_size": "x"}, 422, "batch_size must be a whole number from 1 to 1,024, not “x”."),
        ({"size0": "x"}, 422, "size0 must be a whole number from 1 to 2,147,483,647, not “x”."),
        ({"source": "x" * (MAX_SOURCE_BYTES + 1)}, 413, "The code is longer than 256 KB; paste a part of it."),
    ],
)
def test_a_form_that_is_not_valid_is_shown_again_and_not_stored(
    client: TestClient, fields: dict[str, str], status: int, problem: str
) -> None:
    response = client.post("/open", data={"source": OPEN_SIZES, **fields})
    found = Page(response.text)

    assert (response.status_code, response.headers["cache-control"]) == (status, "no-store")
    assert text(found, "#problem") == problem
    assert text(found, "#source") == " ".join(fields.get("source", OPEN_SIZES).split())


def test_sizes_that_were_written_stay_and_keep_their_places(client: TestClient) -> None:
    first = opened(client, source=OPEN_SIZES, size20="7")
    form = {
        i.attributes["name"] or "": i.attributes["value"] or "" for i in first.css("input[form=sizes], #sizes input")
    }
    second = opened(client, **{"source": OPEN_SIZES, **form, "size1": "9"})

    assert len(sizes(second)) == 21
    assert {n: value for n, value in sizes(second).items() if value} == {"size1": "9", "size20": "7"}
    assert "dense(9).dense(?)" in link_to_model(second)
    assert link_to_model(second).endswith("dense(7)")


def link_to_model(found: Page) -> str:
    return unquote(next(a.attributes["href"] or "" for a in found.css(".submit a"))).partition("&part")[0]


def test_sizes_of_other_code_are_not_put_into_its_layers(client: TestClient) -> None:
    assert not any(sizes(opened(client, source=OPEN_SIZES, model="lstm(?)", size0="9")).values())


LOOPS = {
    "for t in range(x.size(1)):\n            h = self.a(x[:, t], h)\n        h = self.b(h)": "The model has",
    "for t in range(9):\n            h = self.a(x[:, t], h)\n            y.append(self.b(h))": "The model has",
    "for one in [self.a, self.a2]:\n            h = self.d(one(h, None))\n        h = self.b(h)": "5 layers turn",
}
"""Forward passes, and how the sentence about the model begins."""


@pytest.mark.parametrize("forward", LOOPS)
def test_of_a_loop_over_steps_it_is_not_said_what_one_call_turns_into_what(client: TestClient, forward: str) -> None:
    """The layers turn what they get into what they return for each step, and the model all steps."""
    source = f"""
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.a2, self.b, self.d = nn.GRUCell(4, 4), nn.GRUCell(4, 4), nn.Linear(4, 2), nn.Dropout()
    def forward(self, x):
        h, y = torch.zeros(2, 4), []
        {forward}
        return h, y
"""
    sentence = text(opened(client, source), "#sentence")

    assert sentence.startswith(LOOPS[forward]), sentence
    assert ("turn" in sentence) == ("t in range" not in forward)


SCALED = """
import torch
from torch import nn
class Scale(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.weight = WEIGHT
    def forward(self, x):
        return x * self.weight
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.scale, self.fc = nn.GRU(6, 12, batch_first=True), Scale(12), nn.Linear(12, 3)
    def forward(self, x):
        return self.fc(self.scale(self.rnn(x)[0]))
Net()(torch.zeros(2, 5, 6))
"""


def test_code_with_weights_that_no_layer_has_is_not_called_completely_known(client: TestClient) -> None:
    plain, own = (SCALED.replace("WEIGHT", weight) for weight in ("2.0", "nn.Parameter(torch.ones(n))"))

    assert text(opened(client, source=plain), ".proof") == "✓ 2 layers, nothing unknown"
    own_page = opened(client, source=own)
    assert text(own_page, ".proof") == "2 layers, and weights that no layer has"
    assert "weights that no layer has" in text(own_page, ".unknown-lines")
    normed = plain.replace("nn.Linear(12, 3)", "nn.utils.weight_norm(nn.Linear(12, 3))")
    assert "They have 762 parameters" in text(opened(client, source=normed), "#sentence"), "3 lengths of rows"


def test_layers_that_are_never_called_are_said_with_their_parameters_and_not_counted(client: TestClient) -> None:
    unused = SCALED.replace("WEIGHT", "2.0").replace(
        "nn.Linear(12, 3)", "nn.Linear(12, 3)\n        self.b = nn.GRU(5, 7)"
    )
    found = opened(client, source=unused)

    assert "759 of its parameters are known." in text(found, "#sentence")
    assert "a layer that is never called ·294 parameters that are not counted" in text(found, ".unknown-lines")
    found = opened(client, source=f"{unused}        x = self.b(x\n")
    assert "not known whether this layer is called" in text(found, ".unknown-lines")
    assert "294" not in text(found, ".unknown-lines")
    assert "They have" not in text(found, "#sentence")


@pytest.mark.parametrize(("sizes", "said"), [(("21", "size"), "at least 42"), (("21", "9"), "60"), (("size", "n"), "")])
def test_means_and_variances_of_a_normalization_without_a_known_size_are_not_counted(
    client: TestClient, sizes: tuple[str, str], said: str
) -> None:
    one, other = sizes
    source = f"""from torch import nn
from sizes import size, n
class M(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.Sequential(nn.Linear(5, {one}), nn.BatchNorm1d({one}), nn.Linear({one}, {other}))
        self.n = nn.BatchNorm1d({other})
    def forward(self, x):
        return self.n(self.l(x))
"""
    words = text(opened(client, source=source), "main")

    assert (f"Not counted: {said} means and variances" in words) == bool(said)
    assert said or "Not counted" not in words


TWO_INPUTS = """
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.fc = nn.GRU(6, 12, batch_first=True), nn.Linear(20, 3)
    def forward(self, x, beside):
        return self.fc(torch.cat((self.a(x)[1][-1], beside), 1))
Net()(torch.randn(4, 9, 6), torch.randn(4, 8))
"""


def test_a_model_also_gets_the_other_tensors_that_it_is_called_with(client: TestClient) -> None:
    unknown = TWO_INPUTS.replace("torch.randn(4, 8)", "load()")

    assert "It also gets 4 × 8." in text(opened(client, source=TWO_INPUTS), "#sentence")
    assert "It also gets" not in text(opened(client, source=unknown), "#sentence")


SHARED = """
import keras
from keras import layers
inner = keras.Input((24,))
a, b = keras.Input((24,)), keras.Input((24,))
encode = ENCODER
keras.Model([a, b], layers.Dense(1)(layers.concatenate([encode(a), encode(b)])))
"""


@pytest.mark.parametrize(
    "encoder",
    [
        "keras.Sequential([inner, layers.Embedding(8000, 50), layers.LSTM(28)])",
        "keras.Model(inner, layers.LSTM(28)(layers.Embedding(8000, 50)(inner)))",
        "keras.Model(a, layers.LSTM(28)(layers.Embedding(8000, 50)(a)))",
    ],
)
def test_a_model_does_not_get_the_input_of_a_part_that_it_calls(client: TestClient, encoder: str) -> None:
    found = opened(client, source=SHARED.replace("ENCODER", encoder))

    assert text(found, "#sentence").endswith("It also gets ? × 24.")


def test_the_data_of_a_training_leaves_operations_without_parameters(client: TestClient) -> None:
    loader = "data = torch.utils.data.DataLoader(torch.randn(90, 9, 6), 4)\n"
    found = opened(client, source=TWO_INPUTS + loader)

    assert "They have 783 parameters" in text(found, "#sentence")
    assert "unknown" not in text(found, ".layer-table")
    assert "unknown" in text(opened(client, source=TWO_INPUTS + loader.replace("torch.utils.", "my.")), ".layer-table")


ORDERS = """
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.GRU(14, 20, batch_first=FIRST), nn.GRU(20, 24, batch_first=SECOND)
    def forward(self, x):
        return self.second(self.first(x)[0].transpose(0, 1))[0]
"""


@pytest.mark.parametrize(
    ("first", "second", "note"),
    [("True", "False", "the batch first"), ("False", "True", "the steps first"), ("True", "True", "")],
)
def test_code_whose_layers_differ_in_batch_first_says_the_order_of_the_axes_that_are_shown(
    client: TestClient, first: str, second: str, note: str
) -> None:
    source = ORDERS.replace("FIRST", first).replace("SECOND", second).replace(".transpose(0, 1)", "")
    found = opened(client, source=source)

    said = f"Some layers have the batch first, others the steps. All shapes here have {note}."
    assert (said in text(found, "main")) == bool(note)
    assert note or "All shapes here" not in text(found, "main")


@pytest.mark.parametrize(
    ("first", "layer", "shapes"),
    [
        ("nn.GRU(14, 20, batch_first=True)(x)[0]", "", ["3 × 5 × 14", "3 × 5 × 20", "5 × 3 × 20", "5 × 3 × 24"]),
        ("nn.Embedding(14, 20)(x)", "", ["3 × 5", "3 × 5 × 20", "5 × 3 × 20", "5 × 3 × 24"]),
        (
            "nn.GRU(14, 20)(x)[0]",
            ", batch_first=True",
            ["5 × 3 × 14", "5 × 3 × 20", "3 × 5 × 20", "3 × 5 × 24"],
        ),
    ],
)
@pytest.mark.parametrize("swap", ["transpose(0, 1)", "permute(1, 0, 2)", "swapaxes(1, 0)"])
def test_code_that_swaps_the_batch_and_the_steps_shows_that_as_a_step(
    client: TestClient, first: str, layer: str, shapes: list[str], swap: str
) -> None:
    made, called = first.removesuffix("[0]").removesuffix("(x)"), first[first.index("(x)") :]
    source = ORDERS.replace("nn.GRU(14, 20, batch_first=FIRST)", made).replace(", batch_first=SECOND", layer)
    source = source.replace("(x)[0].transpose(0, 1)", f"{called}.{swap}")
    found = opened(client, source=source, batch_size="3", time_step="5")
    rows = [" ".join(row.text(separator=" ").split()) for row in found.css(".layer-table tbody tr")][::-1]

    assert "All shapes here" not in text(found, "main")
    assert "transpose" in rows[1]
    for row, (given, returned) in zip(rows, pairwise(shapes), strict=True):
        assert f"{given} {returned}" in row


@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_the_empty_page_says_how_a_model_in_memory_is_traced(client: TestClient, language: str) -> None:
    shown = Page(client.get(f"/open?lang={language}").text)

    assert "import unrolledunrolled.trace(model, x)" in [one.text() for one in shown.css("aside pre")]


BESIDE_ANOTHER = """import torch
from torch import nn
class Scaled(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.scale = nn.GRU(5, 7), nn.Parameter(torch.ones(7))
        self.never = nn.Linear(7, 2)
    def forward(self, x):
        return self.rnn(x)[0] * self.scale
other = nn.Sequential(nn.Linear(4, 6), nn.Tanh(), PART)
PROGRAM
"""


@pytest.mark.parametrize(
    ("part", "number", "is_complete"),
    [("nn.Linear(6, 2)", 1, True), ("nn.Linear(6, 2)", 0, False), ("nn.Linear(6, 5), Scaled()", 1, False)],
)
def test_weights_and_layers_of_one_model_are_none_of_another(
    client: TestClient, part: str, number: int, is_complete: bool
) -> None:
    source = BESIDE_ANOTHER.replace("PART", part).replace("PROGRAM", "Scaled()(torch.zeros(3, 4, 5))")
    found = opened(client, source=source, number=str(number))

    assert ("of its parameters are known" in text(found, "#sentence")) != is_complete
    assert ("They have" in text(found, "#sentence")) == is_complete


TURNED_GRAPH = """import tensorflow.compat.v1 as tf
x = tf.placeholder(tf.float32, [None, 12, 6])
cell, back = tf.nn.rnn_cell.GRUCell(8), tf.nn.rnn_cell.GRUCell(8)
FIRST
top = tf.nn.rnn_cell.BasicLSTMCell(11)
y, _ = tf.nn.dynamic_rnn(top, tf.transpose(y, [1, 0, 2]), time_major=True, dtype=tf.float32)
"""
BOTH_WAYS = """(one, other), _ = tf.nn.bidirectional_dynamic_rnn(cell, back, x, dtype=tf.float32)
y = tf.concat([one, other], 2)"""


@pytest.mark.parametrize("first", ["y, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)", BOTH_WAYS])
def test_a_graph_that_transposes_batch_and_steps_shows_that_as_a_step_and_links_to_layers_of_both_orders(
    client: TestClient, first: str
) -> None:
    found = opened(client, source=TURNED_GRAPH.replace("FIRST", first), batch_size="5")
    model = link(found, ".submit a")
    fields = dict(one.split("=", 1) for one in unquote(model).partition("?")[2].split("&"))
    layers = [link(page(client, **fields | {"part": part}), "#open-layer").lstrip("/") for part in ("0", "2")]

    features = "2·8" if first == BOTH_WAYS else "8"
    assert ".swap.lstm(11,seq)" in unquote(model)
    assert f"12 × 5 × {features} 12 × 5 × 11" in text(found, ".layer-table").replace("· ", "·")
    assert ["time_major=True" in client.get(f"/code{layer}").text for layer in layers] == [False, True]


@pytest.mark.parametrize(("layer", "axes"), [("Conv2d(33, 20, 3)", "b, c, h, w"), ("Conv1d(33, 20, 3)", "b, c, w")])
def test_the_channels_that_a_convolution_takes_are_no_open_size(client: TestClient, layer: str, axes: str) -> None:
    source = f"""import torch
from torch import nn
class Cell(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.{layer}
    def forward(self, x, h):
        {axes} = x.shape
        return self.conv(torch.cat([x, h.view({axes.replace("c", "-1")})], 1))
"""
    found = opened(client, source=source)
    pictures = axes.count(",") - 1

    assert text(found, ".layer-table tbody tr td") == " × ".join(["?", "33", *"?" * pictures])
    labels = [one.text().strip() for one in found.css(".unknown-size label") if "input" in one.text()]
    assert labels == (["input: height", "input: width"] if pictures == 2 else ["input"])


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("from tools import *\nmodel = Stack(4)\n", "What comes from “tools” is not known."),
        ("from torch import nn\nfrom tools import run\ny = run(nn.GRU(6, 9), nn.LSTM(6, 9))\n", "What line 3 makes is"),
        ("four = 2 + 2\n", "Is it a PyTorch module or a Keras model?"),
    ],
)
def test_code_without_layers_says_what_stands_in_the_way(client: TestClient, source: str, why: str) -> None:
    assert why in text(opened(client, source), "#sentence")


def test_the_layers_that_only_one_branch_calls_are_not_the_whole_model(client: TestClient) -> None:
    source = (
        "from torch import nn\nclass Reader(nn.Module):\n    def __init__(self, way):\n        super().__init__()\n"
        "        self.near, self.far, self.way = nn.LSTM(6, 11), nn.GRU(6, 13), way\n    def forward(self, x):\n"
        "        return self.near(x) if self.way else self.far(x)\n"
    )
    found = opened(client, source=source)

    assert text(found, ".proof") == "1 layer, which only one branch calls"
    assert "836 of its parameters are known." in text(found, "#sentence")
    assert "a layer that only one branch calls" in text(found, ".unknown-lines")
