"""/open with pasted code: what the page says of models that are not read in full."""

import json

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
