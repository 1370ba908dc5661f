"""/open with pasted code: what the page says of models that are not read in full."""

import json

import pytest
from app_client import TestClient
from selectolax.lexbor import LexborHTMLParser as Page

NET = """import torch.nn as nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(10, 20)
    def forward(self, x):
        return self.rnn(x)[0]
"""


def opened(client: TestClient, source: str, **fields: str) -> Page:
    response = client.post("/open", data={"source": source, **fields})
    assert response.status_code == 200
    return Page(response.text)


def text(page: Page, selector: str) -> str:
    return " ".join(" ".join(node.text(separator=" ").split()) for node in page.css(selector))


def notebook(*sources: str) -> str:
    cells = [{"cell_type": "code", "outputs": [], "source": source.splitlines(keepends=True)} for source in sources]
    return json.dumps({"cells": cells, "nbformat": 4})


def test_the_page_of_a_notebook_shows_its_code(client: TestClient) -> None:
    page = opened(client, notebook("%matplotlib inline", NET))

    assert text(page, "#code .made") == "self.rnn = nn.LSTM(10, 20)"
    assert "The lines are those of the notebook’s code cells" in text(page, ".hint")
    assert "notebook" not in text(opened(client, NET), ".hint")


def test_a_part_of_a_notebook_is_said_to_be_one(client: TestClient) -> None:
    page = opened(client, notebook(NET)[:-9])

    assert "Paste the cells of the notebook, or its whole file." in text(page, "main")


def test_the_panel_of_a_layer_that_is_called_again_says_why_it_has_no_parameters(client: TestClient) -> None:
    source = NET.replace("return self.rnn(x)[0]", "return self.rnn(self.fc(self.rnn(x)[0]))[0]").replace(
        "    def forward", "        self.fc = nn.Linear(20, 10)\n    def forward"
    )
    panels = [text(opened(client, source, part=part), ".count-formula") for part in "012"]

    assert [panel.partition("weights of")[1] for panel in panels] == ["", "", "weights of"]
    assert panels[2].startswith("0 weights of an earlier layer")


def test_cells_of_tensorflow_1_have_the_names_that_the_program_says(client: TestClient) -> None:
    source = (
        "import tensorflow as tf\nx = tf.placeholder(tf.float32, [None, 20, 26])\n"
        "y, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.{name}(128), x, dtype=tf.float32)\nz = tf.layers.dense(y[:, -1], 5)\n"
    )
    for name in ("LSTMCell", "BasicLSTMCell", "LSTMBlockCell", "GRUCell"):
        page = opened(client, source.format(name=name))
        assert name in text(page, "#layer h2, .model-panel, #panel, main").split()
        assert ("BasicLSTMCell" in text(page, "main table")) == (name == "BasicLSTMCell")


def test_a_cell_that_runs_under_its_own_name_is_not_said_to_be_shown_as_itself(client: TestClient) -> None:
    source = (
        "import tensorflow as tf\nx = tf.placeholder(tf.float32, [20, 26])\ncell = tf.nn.rnn_cell.{name}(128)\n"
        "y, state = cell(x, cell.zero_state(20, tf.float32))\nz = tf.layers.dense(y, 5)\n"
    )
    said = "The picture shows it as BasicLSTMCell"
    assert said not in text(opened(client, source.format(name="BasicLSTMCell")), "main")
    assert said in text(opened(client, source.format(name="LSTMCell")), "main")


def test_a_size_that_two_calls_of_a_layer_have_counts_once(client: TestClient) -> None:
    source = (
        "from keras import Input, Model\nfrom keras.layers import LSTM, Concatenate, Dense, Embedding\n"
        "embed, rnn = Embedding(len(vocab), 300), LSTM(50)\na, b = Input((20,)), Input((20,))\n"
        "both = Concatenate()([rnn(embed(a)), rnn(embed(b))])\nmodel = Model([a, b], Dense(1)(both))\n"
    )
    page = opened(client, source)
    fields = [node.attributes["name"] for node in page.css("input[name^=size]")]

    assert "1 size is not known" in text(page, "main")
    assert fields == ["size0"]
    assert "300 · ?" not in text(opened(client, source, size0="1000"), "main table")


def test_the_features_that_a_first_layer_leaves_open_can_be_written(client: TestClient) -> None:
    source = (
        "from keras import Input, Model\nfrom keras.layers import LSTM, Dense\n"
        "x = Input((None, n))\nmodel = Model(x, Dense(3)(LSTM(16)(x)))\n"
    )
    page = opened(client, source)

    assert "1 size is not known" in text(page, "main")
    assert [node.attributes["name"] for node in page.css("input[name^=size]")] == ["size0"]
    assert "1,408" in text(opened(client, source, size0="5"), "main"), "4 × (5 × 16 + 16 × 16 + 16)"


ROWS = {
    "PyTorch": """import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(11, 14, batch_first=True)
        self.fc = nn.Linear(14, 5)
    def forward(self, x):
        _, (h, _) = self.rnn(x.view(24, 9, 11))
        return self.fc(h[-1].view(8, 3, 14))
Net()(torch.zeros(8, 3, 9, 11))
""",
    "TensorFlow 1": """import tensorflow as tf
x = tf.reshape(tf.placeholder(tf.float32, [8, 3, 9, 11]), [24, 9, 11])
_, (_, h) = tf.nn.dynamic_rnn(tf.nn.rnn_cell.LSTMCell(14), x, dtype=tf.float32)
y = tf.layers.dense(tf.reshape(h, [8, 3, 14]), 5)
""",
    "Keras": """import keras
from keras import layers, ops
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.rnn, self.fc = layers.LSTM(14), layers.Dense(5)
    def call(self, x):
        h = self.rnn(ops.reshape(x, (24, 9, 11)))
        return self.fc(ops.reshape(h, (8, 3, 14)))
Net()(ops.zeros((8, 3, 9, 11)))
""",
}
ROWS["PyTorch, the time first"] = ROWS["PyTorch"].replace(", batch_first=True", "").replace("24, 9", "9, 24")
ROWS["TensorFlow 1, the time first"] = (
    ROWS["TensorFlow 1"].replace("[24, 9", "[9, 24").replace("dtype=", "time_major=True, dtype=")
)


@pytest.mark.parametrize("framework", ROWS)
def test_samples_that_are_reshaped_to_two_axes_are_no_batch_of_the_recurrent_layer(
    client: TestClient, framework: str
) -> None:
    last, *_ = opened(client, ROWS[framework]).css("main table tbody tr")

    assert " ".join(last.text(separator=" ").split()).endswith("8 × 3 × 14 8 × 3 × 5 75")


@pytest.mark.parametrize(
    ("view", "batch"),
    [("x.view(b * s, w)", "6"), ("x[:, 0]", "6"), ("torch.cat([x[:, 0], x[:, 1]], 1)", "6")],
    ids=["samples of sentences", "a part", "two parts"],
)
def test_the_batch_is_that_of_the_model_where_layers_have_another_one(
    client: TestClient, view: str, batch: str
) -> None:
    source = f"""import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(300, 10)
        self.words = nn.GRU(10, 12, batch_first=True)
        self.sentences = nn.GRU(12, 14, batch_first=True)
        self.fc = nn.Linear(14, 2)
    def forward(self, x):
        b, s, w = x.shape
        h, _ = self.words(self.embed({view}))
        h, _ = self.sentences(h[:, -1].view(b, -1, 12))
        return self.fc(h[:, -1])
Net()(torch.zeros(6, 4, 11, dtype=torch.long))
"""
    page = opened(client, source)

    assert f"{batch} × 4 × 11" in text(page, "#sentence"), "the input of the model"
    assert f"{batch} × 2" in text(page, "#sentence"), "what it returns"
    assert page.css_first("input[name=batch_size]") is None


def test_a_part_of_a_sequential_has_the_lines_of_its_own_call(client: TestClient) -> None:
    lines = ["from torch import nn", "m = nn.Sequential(nn.Linear(6, 9), nn.Tanh(),", "nn.Linear(9,", "7), nn.ReLU())"]
    found = opened(client, "\n".join(lines))

    assert [line.attributes["data-parts"] for line in found.css("#code .made")] == ["0 1", "2", "2 3"]


TWO_OUTPUTS = """from keras import Input, Model, layers as L
x = Input((14, 5))
y = L.GRU(9, return_sequences=True)(x)
tags = L.Dense(7)(y)
mood = L.Dense(3)(L.LSTM(6)(y))
model = Model(x, OUTPUTS)
"""


def test_what_a_model_of_keras_returns_beside_its_last_layer_is_said(client: TestClient) -> None:
    both = opened(client, TWO_OUTPUTS.replace("OUTPUTS", "[tags, mood]"))
    one = opened(client, TWO_OUTPUTS.replace("OUTPUTS", "mood"))

    assert text(both, "#other-outputs").replace("\xa0", " ") == "It also returns ? × 14 × 7 ."
    assert "It also returns" not in text(one, "main")


def test_several_models_with_other_outputs_say_none(client: TestClient) -> None:
    source = TWO_OUTPUTS.replace("OUTPUTS", "[tags, mood]") + "other = Model(x, mood)\n"

    assert "It also returns" not in text(opened(client, source), "main")


def test_a_model_of_which_no_number_of_parameters_is_known_says_so(client: TestClient) -> None:
    source = (
        NET.replace("10, 20", "10, size").replace("return self.rnn", "return self.fc(self.rnn").replace("[0]", "[0])")
    )
    source = source.replace("    def forward", "        self.fc = nn.Linear(size, size)\n    def forward")

    assert text(opened(client, source), "#sentence").startswith("How many parameters the model has is not known.")
    assert "known" not in text(opened(client, NET), "#sentence")
