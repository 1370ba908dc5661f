"""What ``unrolled.trace`` shows of a model. tests/oracles compares what it records with the real frameworks."""

import re
from dataclasses import replace
from urllib.parse import parse_qsl, unquote

import pytest
from app_client import TestClient
from selectolax.lexbor import LexborHTMLParser

import app
from app.main import create_app
from app.notebook.traced_model import TracedLayer, TracedModel
from app.reading.code.reading_result import ReadLayer, Setting
from app.translations.phrases import joined_with_or, phrase
from app.url_state.parsing import parse

EMBEDDING = ReadLayer(
    "<b>words</b>",
    "embedding",
    "pytorch",
    {"features": 100, "num_units": 8},
    (4, 7),
    (4, 7, 8),
    None,
    True,
)
LSTM = ReadLayer(
    "encoder.lstm",
    "lstm",
    "pytorch",
    {
        "features": 8,
        "num_units": 16,
        "num_layers": 2,
        "bidirectional": True,
        "num_proj": 0,
        "batch_first": True,
        "bias": True,
        "dropout": 0.0,
    },
    (4, 7, 8),
    (4, 7, 32),
    None,
    True,
    follows=True,
)
DENSE = ReadLayer(
    None,
    "dense",
    "pytorch",
    {"features": 32, "num_units": 10, "bias": True},
    (4, 32),
    (4, 10),
    None,
    True,
    given=(4, 32),
)
MODEL = TracedModel(
    [
        TracedLayer(replace(EMBEDDING, parameters=1800), "Embedding"),
        TracedLayer(LSTM, "LSTM", 3.2e-8),
        TracedLayer(LSTM, "LSTM", None, "it computes in bfloat16"),
        TracedLayer(DENSE, "Linear"),
    ]
)


def test_a_terminal_prints_an_aligned_table() -> None:
    assert repr(MODEL).splitlines() == [
        "name          layer      input      output      parameters  replay",
        "<b>words</b>  Embedding  4 × 7      4 × 7 × 8   1,800",
        "encoder.lstm  LSTM       4 × 7 × 8  4 × 7 × 32              replayed, largest difference 3e-8",
        "encoder.lstm  LSTM       4 × 7 × 8  4 × 7 × 32              not replayed: it computes in bfloat16",
        "              Linear     4 × 32     4 × 10",
    ]


def test_the_picture_has_the_shapes_of_the_table_also_of_layers_with_different_batches() -> None:
    """The words of 2 · 12 sentences are one batch of 24, and then the 12 sentences of each text are a sequence."""
    texts = replace(LSTM, config=LSTM.config | {"features": 32}, input=(2, 12, 32), output=(2, 12, 32), follows=False)
    words = [replace(EMBEDDING, input=(24, 7), output=(24, 7, 8)), replace(LSTM, input=(24, 7, 8), output=(24, 7, 32))]
    model = TracedModel([TracedLayer(read, "") for read in (*words, texts)])

    picture = LexborHTMLParser(model._repr_html_()).css("svg")[0].text()
    shapes = ["24×7", "24×7×8", "24×7×2·16", "2×12×32", "2×12×2·16"]
    assert [shape for shape in shapes if shape not in picture] == []
    assert "24×12" not in picture and "batch_size" not in (model.link or "batch_size")


def test_a_layer_that_reads_another_one_than_the_one_before_says_which() -> None:
    model = TracedModel([TracedLayer(LSTM, "LSTM", 3.2e-8, reads="words"), TracedLayer(DENSE, "Linear", reads="lstm")])

    first, second = repr(model).splitlines()[1:]
    assert first.endswith("reads words, replayed, largest difference 3e-8") and second.endswith("  reads lstm")


def test_a_layer_in_a_loop_says_how_often_it_ran() -> None:
    model = TracedModel([TracedLayer(LSTM, "LSTM", 3.2e-8, "", "x, head", 12), TracedLayer(DENSE, "Linear", times=12)])

    first, second = repr(model).splitlines()[1:]
    assert first.endswith("  reads x, head, ran 12 times, replayed, largest difference 3e-8")
    assert second.endswith("  ran 12 times")


@pytest.mark.parametrize("places", [(4, 49, 12), (49, 4, 12)])
def test_cells_say_which_axis_of_the_layers_around_them_is_the_batch(places: tuple[int, ...]) -> None:
    config: dict[str, Setting] = {"features": 12, "num_units": 32, "bias": True}
    dense = replace(DENSE, config=config, input=places, given=places, output=(*places[:2], 32))
    cell = ReadLayer("cell", "gru_cell", "pytorch", config, (4, 12), (4, 32), None, True, False, (4, 12))
    link = unquote(TracedModel([TracedLayer(dense, "Linear"), TracedLayer(cell, "GRUCell")]).link or "")

    assert "model=input(49,12).dense(12,32)" in link
    assert ("batch_first=true" in link) == (places[0] == 4)


def test_each_recurrent_layer_has_a_difference_or_a_reason() -> None:
    assert MODEL.differences == [3.2e-8, None]
    assert MODEL.reasons == ["", "it computes in bfloat16"]


def test_layers_have_the_keys_of_read_json() -> None:
    code = "import torch.nn as nn\nlstm = nn.LSTM(8, 16)\nlstm(x)"
    read = TestClient(create_app()).post("/read.json", json={"source": code}).json()["layers"]

    assert MODEL.layers[1].keys() == read[0].keys()
    assert MODEL.layers[1]["config"].keys() == read[0]["config"].keys()
    assert MODEL.layers[1]["input"] == [4, 7, 8]


def test_the_link_leads_to_the_same_shapes_and_has_no_names() -> None:
    link = TracedModel(
        [TracedLayer(EMBEDDING, "Embedding"), TracedLayer(LSTM, "LSTM"), TracedLayer(DENSE, "Linear")]
    ).link
    assert link is not None and "words" not in unquote(link) and "encoder" not in link
    client = TestClient(create_app())

    document = client.get(link.replace("/model?", "/model.json?")).json()
    assert client.get(link).status_code == 200
    assert [layer["output"] for layer in document["layers"]] == [[4, 7, 8], [4, 32], [4, 10]]


def test_layers_whose_sizes_the_link_leaves_out_are_named_below_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "http://127.0.0.1:8000")
    called_twice = replace(EMBEDDING, input=(4, None), output=(4, None, 8), given=(4, None))
    layers = [TracedLayer(LSTM, "LSTM"), TracedLayer(DENSE, "Linear")]
    some = TracedModel([TracedLayer(called_twice, "Embedding", times=2), *layers])
    every = TracedModel([TracedLayer(EMBEDDING, "Embedding"), *layers])

    assert some.left_out == [LSTM.name] and every.left_out == []
    assert f"does not have all sizes of {LSTM.name}." in some._repr_html_()
    assert "does not have all sizes" not in every._repr_html_()


def test_a_model_without_layers_has_no_link_and_no_picture() -> None:
    empty = TracedModel([])

    assert empty.link is None
    assert "<svg" not in empty._repr_html_()


def test_a_batch_larger_than_any_picture_is_left_out_of_the_link() -> None:
    large = ReadLayer(
        None, "dense", "pytorch", {"features": 3, "num_units": 2, "bias": True}, (5000, 3), (5000, 2), None, True
    )

    assert "batch_size" not in (TracedModel([TracedLayer(large, "Linear")]).link or "")


def test_a_notebook_shows_a_picture_and_a_table_without_scripts() -> None:
    html = MODEL._repr_html_()
    page = LexborHTMLParser(html)

    assert len(page.css("svg")) == 1
    assert page.css("tbody td")[0].text() == "<b>words</b>"
    assert not page.css("b, script") and not re.search(r"\son\w+=|https?://(?!www\.w3\.org)", html)
    assert not page.css("a")


def test_a_notebook_links_to_the_server_that_public_url_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "http://127.0.0.1:8000/")
    links = [link.attributes["href"] or "" for link in LexborHTMLParser(MODEL._repr_html_()).css("a")]
    assert [link.removeprefix("http://127.0.0.1:8000") for link in links] == [
        f"/{MODEL.layers[1]['query']}",
        f"/{MODEL.layers[2]['query']}",
        MODEL.link,
    ]

    monkeypatch.setenv("PUBLIC_URL", "javascript:alert(1)")
    assert not LexborHTMLParser(MODEL._repr_html_()).css("a")


@pytest.mark.parametrize(
    "model, what",
    [("lstm", "a str"), (3, "an int"), (None, "a NoneType"), (dict, "the class dict; make an object of it")],
    ids=str,
)
def test_something_else_than_a_model_is_rejected(model: object, what: str) -> None:
    with pytest.raises(TypeError, match=f"trace needs a PyTorch module or a Keras model, not {what}"):
        app.trace(model)


def test_a_batch_without_samples_is_not_in_the_link() -> None:
    empty = replace(LSTM, input=(0, 7, 8), output=(0, 7, 32))
    assert "batch_size" not in (TracedModel([TracedLayer(empty, "LSTM")]).link or "batch_size")


def test_a_model_is_shown_in_the_chosen_language() -> None:
    reason = phrase("its activation is {name}; a replay has {only}", name="elu", only=joined_with_or(("tanh", "relu")))
    model = TracedModel([TracedLayer(LSTM, "LSTM", 3.2e-8), TracedLayer(LSTM, "LSTM", None, reason)])

    head, *rows = repr(model.in_language("es")).splitlines()

    assert head.split() == ["nombre", "capa", "entrada", "salida", "parámetros", "repetición"]
    assert rows[0].endswith("repetida, diferencia máxima 3e-8")
    assert rows[1].endswith("no repetida: su activación es elu; la repetición tiene tanh o relu")
    assert "La pasada hacia delante" in TracedModel([]).in_language("es")._repr_html_()
    assert "lang=es" in (model.in_language("es").link or "") and "lang" not in (model.link or "lang")
    assert model.reasons[1] == "its activation is elu; a replay has tanh or relu"
    with pytest.raises(ValueError, match="lang"):
        model.in_language("klingon")


@pytest.mark.parametrize("difference, text", [(0.0, "0"), (3.2e-8, "3e-8"), (float("nan"), "nan")])
def test_a_difference_has_one_digit(difference: float, text: str) -> None:
    assert repr(TracedModel([TracedLayer(LSTM, "LSTM", difference)])).endswith(f"largest difference {text}")


def test_the_link_of_a_cell_opens_it_in_its_framework() -> None:
    """In PyTorch a cell has two biases, in NumPy one."""
    cell = ReadLayer(
        "dec", "lstm_cell", "pytorch", {"features": 32, "num_units": 24, "bias": True}, (4, 32), (4, 24), None, True
    )
    [layer] = TracedModel([TracedLayer(cell, "LSTMCell")]).layers
    state = parse(parse_qsl(layer["query"].removeprefix("?")), strict=True)

    assert (state.framework, state.shown_model.parameter_count) == ("pytorch", 4 * 24 * (32 + 24 + 2))


def test_an_embedding_of_one_vector_for_each_sample_is_no_sequence() -> None:
    words = replace(
        EMBEDDING, name="tgt", input=(4,), given=(4,), output=(4, 8), line=None, follows=False, parameters=800
    )
    link = TracedModel([TracedLayer(LSTM, "LSTM"), TracedLayer(words, "Embedding")]).link

    assert link is not None
    assert (
        unquote(link)
        .partition("model=")[2]
        .startswith("input(7,8).lstm(8,16,bi,seq,layers=2).elsewhere.embedding(100,8,one)")
    )


def test_the_link_says_how_often_layers_run_and_nothing_about_what_becomes_of_the_last_one() -> None:
    """The module stacks the outputs of six calls, so it does not return what the last layer does."""
    config: dict[str, Setting] = {"features": 3, "num_units": 32, "bias": True}
    cell = ReadLayer("cell", "lstm_cell", "pytorch", config, (4, 3), (4, 32), None, True, False, (4, 3))
    dense = replace(DENSE, input=(4, 32), given=(4, 32), follows=True)
    model = TracedModel([TracedLayer(cell, "LSTMCell", times=6), TracedLayer(dense, "Linear", times=6)])
    once = TracedModel([TracedLayer(cell, "LSTMCell", times=6), TracedLayer(dense, "Linear")])
    client = TestClient(create_app())
    page = LexborHTMLParser(client.get(f"{model.link}&part=0").text)
    sentence, proof, table, cell_link = (
        page.css(selector)[0] for selector in ("#sentence", ".proof", ".layer-table", "#open-layer")
    )

    assert "lstm_cell(3,32,runs=6).dense(10,runs=6)" in unquote(model.link or "")
    assert table.text().count("runs 6 times") == 2 and "✓" not in proof.text()
    assert "turn" not in sentence.text() and "The last one runs 6 times" in sentence.text()
    assert dict(parse_qsl((cell_link.attributes["href"] or "").partition("?")[2]))["time_step"] == "6"
    last_runs_once = LexborHTMLParser(client.get(once.link or "").text).css("#sentence")[0].text()
    assert "2 layers turn" in " ".join(last_runs_once.split())


def test_the_link_has_the_batch_of_each_layer_if_they_differ() -> None:
    """The words of 2 · 12 sentences are one batch of 24. The second embedding does not say which axis that is."""
    words = [replace(EMBEDDING, input=(24, 7), output=(24, 7, 8)), replace(LSTM, input=(24, 7, 8), output=(24, 7, 32))]
    other = replace(EMBEDDING, input=(2, 12), output=(2, 12, 8), follows=False)
    texts = replace(LSTM, config=LSTM.config | {"features": 32}, input=(2, 12, 32), output=(2, 12, 32), follows=False)
    link = TracedModel([TracedLayer(read, "") for read in (*words, other, texts)]).link or ""
    document = TestClient(create_app()).get(link.replace("/model?", "/model.json?")).json()
    layers = [layer for layer in document["layers"] if layer["kind"] in ("lstm", "embedding")]

    assert [layer["output"][0] for layer in layers] == [24, 24, None, 2]
    sizes = [dict(parse_qsl(layer["query"][1:])) for layer in layers if layer["kind"] == "lstm"]
    assert [size["batch_size"] for size in sizes] == ["24", "2"]
    assert all("batch_size" not in layer["assumed"] for layer in layers if layer["kind"] == "lstm")
