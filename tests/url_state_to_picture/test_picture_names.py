"""The picture with the names of a framework and of a notation."""

import pytest
from framework_queries import SUPPORTED, UNSUPPORTED, Query, query_id
from pairing import in_turn

from app.core.axes import SIZES
from app.diagram.elements import Label, Picture, Text
from app.diagram.format_names import FORMATS
from app.diagram.size_notation import NOTATIONS, Notation
from app.diagram.views import VIEWS
from app.frameworks import FRAMEWORKS
from app.url_state.parsing import parse
from app.url_state.url_state import UrlState
from app.url_state_to_picture.picture_of_state import naming, picture_of


def url_state_of(query: Query) -> UrlState:
    return parse(
        [(name, str(value).lower() if isinstance(value, bool) else str(value)) for name, value in query.items()], True
    )


def words(picture: Picture) -> list[str]:
    return [shape.text for shape in picture.shapes if isinstance(shape, Text)]


def dimensions(query: Query) -> dict[str, str]:
    """The names of arrays in the picture, and the shape below each name."""
    state = url_state_of(query)
    picture = picture_of(state)
    arrays = naming(state)
    assert arrays
    found = {}
    for name in (array.name for array in arrays.arrays):
        (at,) = ((s.x, s.y) for s in picture.shapes if isinstance(s, Text) and s.text == name and s.anchor == "start")
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
def test_the_picture_has_the_shapes_of_the_frameworks_arrays(query: Query, shapes: dict[str, str]) -> None:
    assert dimensions(query) == shapes


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
def test_gates_have_the_frameworks_letters(query: Query, letters: str) -> None:
    shown = [text for text in words(picture_of(url_state_of(query))) if len(text) == 1 and text in "figojcruzh"]

    assert [letter for letter in letters if letter not in shown] == []
    assert "g" in shown or "g" not in letters


@pytest.mark.parametrize(("format", "query"), in_turn(FORMATS, SUPPORTED), ids=str)
def test_only_text_differs_from_our_own_picture(format: str, query: Query) -> None:
    own = {name: value for name, value in query.items() if name != "framework"}
    framework_picture, own_picture = (picture_of(url_state_of(q), format) for q in (query, own))

    def without_text(picture: Picture) -> list[object]:
        return [shape for shape in picture.shapes if not isinstance(shape, Text | Label)]

    assert without_text(framework_picture) == without_text(own_picture)


@pytest.mark.parametrize("query", UNSUPPORTED, ids=query_id)
def test_an_unsupported_configuration_keeps_our_own_names(query: Query) -> None:
    found = naming(url_state_of(query))

    assert found is None or (found.letters == {} and {array.name for array in found.arrays} >= {"Y", "X"})


DIRECTIONS = " ↓→"
"""The signs of the direction of an axis, beside its name."""


@pytest.mark.parametrize("notation", NOTATIONS.values(), ids=NOTATIONS)
@pytest.mark.parametrize("view", [view for view in VIEWS if view != "training"])  # which has no shapes of tensors
def test_every_size_has_the_name_of_the_notation(notation: Notation, view: str) -> None:
    query: Query = {"notation": notation.id, "view": view, "labels": "names", "format": "page"}
    runs = [
        run for s in picture_of(url_state_of(query)).shapes if isinstance(s, Label) for line in s.lines for run in line
    ]
    names = {(run.role, run.text.strip(DIRECTIONS)) for run in runs if run.role in SIZES and not run.text.isdigit()}
    names = {(size, text) for size, text in names if text}

    assert names
    for size, text in names:
        assert text in (notation.name(size), notation.letter(size, {}))


def test_notations_have_the_frameworks_names_of_sizes() -> None:
    for notation, framework in (("units", "keras"), ("hidden_size", "pytorch")):
        for size, name in FRAMEWORKS[framework].size_names:
            assert NOTATIONS[notation].name(size) == name
