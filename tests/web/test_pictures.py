"""The picture in the framework's words: letters of gates, names of arrays; wires and boxes stay where they are."""

from html import unescape
from re import findall, sub

import pytest
from framework_queries import NOT_THERE, STACKED, THERE, Query, named
from starlette.testclient import TestClient

from app.core.axes import SIZES
from app.diagram.scene import FORMATS
from app.diagram.shapes import Label, Picture, Text
from app.diagram.size_notation import NOTATIONS, Notation
from app.diagram.views import VIEWS
from app.frameworks import FRAMEWORKS
from app.lessons.sentence import sentence
from app.query.parsing import parse
from app.query.picture import naming, picture_of
from app.query.view import View
from app.translations.languages import translator


def view_of(query: Query) -> View:
    return parse(
        [(name, str(value).lower() if isinstance(value, bool) else str(value)) for name, value in query.items()], True
    )


def words(picture: Picture) -> list[str]:
    return [shape.text for shape in picture.shapes if isinstance(shape, Text)]


def strip(query: Query) -> dict[str, str]:
    """What is named in the dimensions, and the shape below each name."""
    view = view_of(query)
    picture = picture_of(view)
    arrays = naming(view)
    assert arrays
    found = {}
    for name in (array.name for array in arrays.arrays):
        (at,) = ((s.x, s.y) for s in picture.shapes if isinstance(s, Text) and s.text == name)
        (line,) = (s for s in picture.shapes if isinstance(s, Label) and (s.x, s.y) == (at[0], at[1] + 20))
        found[name] = " ".join(run.text for run in line.lines[0])
    return found


@pytest.mark.parametrize(
    ("query", "shapes"),
    [
        (
            {"framework": "pytorch"},
            {"output": "4 × 3 × 5", "h_n": "1 × 3 × 5", "c_n": "1 × 3 × 5", "input": "4 × 3 × 2"},
        ),
        (
            {"framework": "pytorch", "batch_first": True},
            {"output": "3 × 4 × 5", "h_n": "1 × 3 × 5", "c_n": "1 × 3 × 5", "input": "3 × 4 × 2"},
        ),
        ({"framework": "keras"}, {"output": "3 × 5", "inputs": "3 × 4 × 2"}),
        (
            {"framework": "keras", "return_state": True},
            {"output, state_h": "3 × 5", "state_c": "3 × 5", "inputs": "3 × 4 × 2"},
        ),
        (
            {"framework": "onnx", "layout": 1},
            {"Y": "3 × 4 × 1 × 5", "Y_h": "3 × 1 × 5", "Y_c": "3 × 1 × 5", "X": "3 × 4 × 2"},
        ),
        (
            {"framework": "tf1", "num_proj": 2},
            {"outputs": "3 × 4 × 2", "state.c": "3 × 5", "state.h": "3 × 2", "inputs": "3 × 4 × 2"},
        ),
        (
            {"framework": "pytorch", "num_layers": 2},
            {"to layer 1": "4 × 3 × 5", "h_n": "2 × 3 × 5", "c_n": "2 × 3 × 5", "input": "4 × 3 × 2"},
        ),
        (
            {"framework": "pytorch", "num_layers": 2, "layer": 1},
            {"output": "4 × 3 × 5", "h_n": "2 × 3 × 5", "c_n": "2 × 3 × 5", "from layer 0": "4 × 3 × 5"},
        ),
    ],
    ids=str,
)
def test_the_dimensions_are_those_of_the_frameworks_own_arrays(query: Query, shapes: dict[str, str]) -> None:
    assert strip(query) == shapes


@pytest.mark.parametrize(
    ("query", "letters"),
    [
        ({"framework": "pytorch"}, "figo"),
        ({"framework": "tf1"}, "fijo"),
        ({"framework": "keras"}, "fico"),
        ({"framework": "keras", "cell": "gru"}, "rzh"),
        ({"framework": "tf1", "cell": "gru"}, "ruc"),
    ],
    ids=str,
)
def test_the_gates_have_the_frameworks_letters(query: Query, letters: str) -> None:
    shown = [text for text in words(picture_of(view_of(query))) if len(text) == 1 and text in "figojcruzh"]

    assert [letter for letter in letters if letter not in shown] == []
    assert "g" in shown or "g" not in letters


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("query", THERE, ids=named)
def test_every_shape_but_words_stands_where_it_stands_in_our_own_picture(query: Query, format: str) -> None:
    ours = {name: value for name, value in query.items() if name != "framework"}
    theirs, mine = (picture_of(view_of(q), format) for q in (query, ours))

    def drawn(picture: Picture) -> list[object]:
        return [shape for shape in picture.shapes if not isinstance(shape, Text | Label)]

    assert drawn(theirs) == drawn(mine)


@pytest.mark.parametrize("query", NOT_THERE, ids=named)
def test_what_the_framework_does_not_have_is_drawn_in_our_own_words(query: Query) -> None:
    said = naming(view_of(query))

    assert said is None or (said.letters == {} and {array.name for array in said.arrays} >= {"Y", "X"})


@pytest.mark.parametrize("query", [*THERE, *({**query, **STACKED} for query in THERE)], ids=named)
def test_every_cell_of_every_framework_has_its_matrices_to_scale_by_their_names(
    client: TestClient, query: Query
) -> None:
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
def test_the_numbers_to_learn_are_those_of_the_framework(client: TestClient, query: Query, numbers: str) -> None:
    assert f"= <strong>{numbers}</strong> numbers to learn" in client.get("/", params=query).text


def row(client: TestClient, query: Query, tensor: str) -> str:
    (found,) = findall(rf'<tr data-tensor="{tensor}".*?</tr>', client.get("/", params=query).text.replace("\n", " "))
    return str(sub("<[^>]*>", "", found))


@pytest.mark.parametrize(
    ("query", "tensor", "theirs"),
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
def test_the_table_has_the_frameworks_names_beside_ours(
    client: TestClient, query: Query, tensor: str, theirs: str
) -> None:
    assert theirs in row(client, query, tensor)


def test_in_our_own_words_nothing_stands_beside_them(client: TestClient) -> None:
    assert "theirs" not in client.get("/").text


@pytest.mark.parametrize(("language", "last"), [("es", "últ. salida"), ("zh", "最后的输出"), ("en", "last output")])
def test_figure_and_image_are_in_the_language_of_their_link(client: TestClient, language: str, last: str) -> None:
    figure = client.get("/diagram.json", params={"lang": language}).json()
    image = client.get("/diagram.svg", params={"lang": language}).text

    assert last in figure["data"][0]["text"] and last in image
    said = "".join(text for text, _ in figure["layout"]["meta"]["sentence"])
    assert said == "".join(text for text, _ in sentence(parse([], strict=True).stack, translator(language)))


@pytest.mark.parametrize("notation", NOTATIONS.values(), ids=NOTATIONS)
@pytest.mark.parametrize("view", VIEWS)
def test_a_picture_calls_every_size_as_its_notation_does(notation: Notation, view: str) -> None:
    query: Query = {"notation": notation.id, "view": view, "labels": "names", "format": "page"}
    runs = [run for s in picture_of(view_of(query)).shapes if isinstance(s, Label) for line in s.lines for run in line]
    said = {(run.role, run.text) for run in runs if run.role in SIZES and not run.text.isdigit()}

    assert said
    for size, text in said:
        assert text in (notation.name(size), notation.letter(size, {}))


def test_page_and_figure_say_the_sizes_in_the_notation(client: TestClient) -> None:
    page = client.get("/?notation=hidden_size&tensor=x").text
    figure = client.get("/diagram.json?notation=hidden_size").json()

    assert ["hidden_size", "num_units"] in figure["layout"]["meta"]["sentence"]
    for size, name in (("num_units", "hidden_size"), ("time_step", "seq_len"), ("features", "input_size")):
        assert f'<label for="{size}" title="{size}">{name} ' in page
        assert f'class="{size}">{name}<' in page and f'class="{size}">{size}<' not in page


def test_notations_call_sizes_as_the_frameworks_do() -> None:
    for notation, framework in (("units", "keras"), ("hidden_size", "pytorch")):
        for ours, theirs in FRAMEWORKS[framework].size_names:
            assert NOTATIONS[notation].name(ours) == theirs
