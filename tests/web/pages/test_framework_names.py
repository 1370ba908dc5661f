"""Names of a framework and of a notation on the page, in images and in figures."""

import re
from html import unescape
from re import findall, sub

import pytest
from app_client import TestClient
from framework_queries import Query, query_id
from supported_queries import QUERIES

from app.teaching.around_picture.sentences import sentence
from app.translations.languages import translator
from app.url_state.parsing import parse
from app.web.pages.parts.framework import switches


@pytest.mark.parametrize("query", QUERIES, ids=query_id)
def test_weight_matrices_have_the_frameworks_names(client: TestClient, query: Query) -> None:
    html = unescape(sub("<wbr>", "", client.get("/", params={**query, "only": "page"}).text))
    shown = findall(r'<h2 class="name">(.*), to scale</h2>', html)
    stored = {e["name"]: e["shape"] for e in client.get("/trace.json", params=query).json()["framework"]["weights"]}

    assert shown
    for name in shown:
        first, _, last = name.partition(" … ")
        for array in (first, last or first):
            assert array in stored
            *_, rows, columns = stored[array]
            if not last:
                assert f"The {name} to scale: {rows} rows" in html and f"by {columns} columns" in html


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, "160"),
        ({"framework": "pytorch"}, "180"),
        ({"framework": "keras"}, "160"),
        ({"framework": "keras", "cell": "gru_reset_after"}, "135"),
        ({"framework": "flax", "cell": "gru_reset_after"}, "125"),
        ({"framework": "onnx", "cell": "lstm_peephole"}, "195"),
    ],
    ids=str,
)
def test_the_parameters_are_those_of_the_framework(client: TestClient, query: Query, numbers: str) -> None:
    assert f"<strong>{numbers}</strong> <a " in client.get("/", params={**query, "only": "page"}).text


def row(client: TestClient, query: Query, tensor: str) -> str:
    html = client.get("/", params={**query, "only": "page"}).text
    (found,) = findall(rf'<tr data-tensor="{tensor}".*?</tr>', html.replace("\n", " "))
    return str(sub("<[^>]*>", "", found))


@pytest.mark.parametrize(
    ("query", "tensor", "name"),
    [
        ({"framework": "pytorch"}, "kernel", "PyTorch: weight_ih_l0, weight_hh_l0"),
        ({"framework": "pytorch"}, "bias", "PyTorch: bias_ih_l0, bias_hh_l0"),
        ({"framework": "pytorch"}, "h_T", "PyTorch: h_n"),
        ({"framework": "pytorch"}, "X", "PyTorch: input"),
        ({"framework": "keras"}, "g", "Keras: c"),
        ({"framework": "keras", "return_sequences": True}, "Y", "Keras: output"),
        ({"framework": "flax"}, "kernel", "Flax: cell/ii/kernel … cell/ho/kernel"),
        ({"framework": "onnx", "cell": "lstm_coupled"}, "kernel", "ONNX: W, R"),
        ({"framework": "tf1", "num_proj": 2}, "projection", "TensorFlow 1: rnn/lstm_cell/projection/kernel"),
    ],
    ids=str,
)
def test_the_table_has_the_frameworks_names(client: TestClient, query: Query, tensor: str, name: str) -> None:
    assert name in row(client, query, tensor)


def test_each_switch_has_one_current_value_which_links_to_the_same_page() -> None:
    for query in QUERIES:
        words = {name: str(value).lower() if value is True else str(value) for name, value in query.items()}
        state = parse(words.items(), strict=True)
        for switch in switches(state):
            assert [link for _, link, is_current in switch.links if is_current] == [state.query()], switch.name


def test_our_own_framework_adds_no_names(client: TestClient) -> None:
    assert "framework-name" in client.get("/?framework=pytorch").text and "framework-name" not in client.get("/").text


@pytest.mark.parametrize(
    ("language", "last"),
    [
        ("es", "última salida, a menudo lo único que se usa:"),
        ("zh", "最后一个输出，常常只用它："),
        ("en", "last output, often all that is used:"),
    ],
)
def test_figure_and_image_are_in_the_language_of_their_link(client: TestClient, language: str, last: str) -> None:
    figure = client.get("/diagram.json", params={"lang": language}).json()
    image = client.get("/diagram.svg", params={"lang": language}).text

    assert last in figure["data"][0]["text"] and last in image
    words = "".join(text for text, _ in figure["layout"]["meta"]["sentence"])
    assert words == "".join(text for text, _ in sentence(parse([], strict=True).stack, translator(language)))


def test_page_and_figure_have_the_names_of_the_notation(client: TestClient) -> None:
    page = client.get("/?notation=hidden_size&tensor=x").text
    figure = client.get("/diagram.json?notation=hidden_size").json()

    assert ["hidden_size", "num_units"] in figure["layout"]["meta"]["sentence"]
    for size, name in (("num_units", "hidden_size"), ("time_step", "seq_len"), ("features", "input_size")):
        assert re.search(f'<label [^>]*for="{size}" data-tip="{name}[^"]*">{name} ', page)
        assert f'class="{size}">{name}<' in page and f'class="{size}">{size}<' not in page
