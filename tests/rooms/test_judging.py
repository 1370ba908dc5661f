"""Predictions in a room: every shape in a picture is a right answer as it is written there, and in no other order."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain, combinations, permutations
from random import Random
from urllib.parse import parse_qsl, urlencode

import pytest
from framework_queries import SUPPORTED
from pairing import ALL_COMBINATIONS

from app.diagram.elements import Label
from app.diagram.shape_labels import LABELS
from app.diagram.size_notation import NOTATIONS
from app.diagram.text_lines import Lines
from app.diagram.views import VIEWS
from app.frameworks import FRAMEWORKS
from app.rooms.judged_answers import judge_answer, shape_of, state
from app.rooms.room import RoomError
from app.url_state.field_types import FieldError
from app.url_state.names_in_framework import names
from app.url_state.parsing import parse
from app.url_state.url_state import UrlState
from app.url_state_to_picture.picture_of_state import picture_of

Query = dict[str, str | int]

SIZES: tuple[Query, ...] = (
    {"batch_size": 3, "time_step": 7, "features": 2, "num_units": 5},
    {"batch_size": 1, "time_step": 4, "features": 1, "num_units": 11},
    {"batch_size": 2, "time_step": 2, "features": 13, "num_units": 4},
)


def message(query: str, tensor: str, text: str) -> str:
    return judge_answer(query, tensor, text).verdict.message


def choices(framework: str) -> dict[str, list[Query]]:
    """The settings of a framework in a room, each by its own name."""
    switches: dict[str, list[Query]] = {
        s.name: [{s.name: str(one).lower()} for one in s.choices] for s in FRAMEWORKS[framework].switches
    }
    ends: list[Query] = [{}, {"num_layers": 3, "layer": 0}, {"num_layers": 3, "layer": 2}]
    both: list[Query] = [{}, {"bidirectional": "true"}, {"bidirectional": "true", "direction": "backward"}]
    return switches | {
        "cell": [
            {name: it for name, it in query.items() if name != "framework"}
            for query in SUPPORTED
            if query["framework"] == framework
        ],
        "sizes": list(SIZES),
        "layers": ends,
        "directions": both,
        "view": [{"view": view} for view in VIEWS if view != "training"],  # whose task sets sizes
        "labels": [{"labels": labels} for labels in LABELS if labels != "hidden"],
        "notation": [{"notation": notation} for notation in NOTATIONS],
        "format": [{"format": "page"}, {"format": "narrow"}],
    }


@cache
def rooms(framework: str) -> list[str]:
    """Queries that have every pair of choices together that the framework supports together."""
    random, fields = Random(7), choices(framework)

    def query(one: dict[str, int]) -> str:
        chosen = [fields[name][place].items() for name, place in one.items()]
        return urlencode({"framework": framework, **dict(chain(*chosen))})

    places = {name: range(len(values)) for name, values in fields.items()}
    left = {frozenset(((a, i), (b, j))) for a, b in combinations(fields, 2) for i in places[a] for j in places[b]}
    found: list[str] = []
    while left:
        seed = min(left, key=lambda pair: sorted(pair))
        tries = [{name: random.choice(of) for name, of in places.items()} | dict(seed) for _ in range(30)]
        supported = [one for one in tries if not state(query(one)).chosen_model.unsupported]
        left.discard(seed)
        if supported:
            best = max(supported, key=lambda one: len(left & pairs(one)))
            left -= pairs(best)
            found.append(query(best))
    return found


def pairs(one: dict[str, int]) -> set[frozenset[tuple[str, int]]]:
    return {frozenset(pair) for pair in combinations(one.items(), 2)}


def shapes(url_state: UrlState) -> Iterator[tuple[str, str]]:
    """Each shape in the picture as it is written there, with the id of its tensor."""
    labels = [shape for shape in picture_of(url_state).shapes if isinstance(shape, Label)]
    weights = {weight.id for weight in url_state.program.weights}
    for label, after in zip(labels, [*labels[1:], None], strict=True):
        if label.tensor:
            yield from ((label.tensor, text) for text in written(label.lines))
            if after and not after.tensor and after.x == label.x and label.tensor not in weights:  # its names, below
                yield from ((label.tensor, text) for text in written(after.lines))
        elif url_state.view == "weights":
            yield from titled(url_state, label)


def titled(url_state: UrlState, label: Label) -> Iterator[tuple[str, str]]:
    """The shape under the name of an array of weights, with the id of each tensor that has that name on the page."""
    lines = list(label.lines)
    name = ""
    while lines and len(lines[0]) == 1 and lines[0][0].role == "ink":
        name += lines.pop(0)[0].text
    if lines and lines[0][0].role == "ink" and not lines[0][1].text.strip():
        name, lines[0] = lines[0][0].text, lines[0][2:]
    first = name.partition(" … ")[0].partition("[")[0]
    for tensor in url_state.program.weights:
        called = names(url_state).get(tensor.id, [first] if first.rpartition("/")[2] == tensor.id else [])
        if first and first in called:
            yield from ((tensor.id, text) for text in written(tuple(lines)))


def written(lines: Lines) -> list[str]:
    """The shapes of a label, in numbers and names. A line that begins with a sign continues the previous one."""
    found: list[str] = []
    for line in lines:
        text = "".join(run.text for run in line).removeprefix("→\u00a0")
        if found and text[0] in "×+":
            found[-1] += text
        else:
            found += text.split("\u00a0\u00a0")
    return found


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_shape_in_the_picture_is_right_and_no_other_order_is(framework: str) -> None:
    tried: set[str] = set()
    for query in rooms(framework):
        url_state = state(query)
        for tensor, text in dict.fromkeys(shapes(url_state)):
            assert message(query, tensor, text) == "Right.", f"{query} {tensor} {text}"
        revealed = {shape_of(query, tensor): tensor for tensor in url_state.program.by_id}
        untried = {text: tensor for text, tensor in revealed.items() if text not in tried or ALL_COMBINATIONS}
        tried |= revealed.keys()
        for text, tensor in untried.items():  # one tensor of each shape
            right = {numbers(one) for one in text.split("; ")}
            for shape in right:
                for other in orders(shape):
                    is_right = judge_answer(query, tensor, " x ".join(map(str, other))).verdict.right
                    assert is_right == (other in right), f"{query} {tensor} {other}"


def orders(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The sizes in every order; more than three in their own, with each two exchanged, and rotated."""
    if len(shape) <= 3 or ALL_COMBINATIONS:
        return list(dict.fromkeys(permutations(shape)))
    rotated = [shape[n:] + shape[:n] for n in range(len(shape))]
    exchanged = [list(shape) for _ in combinations(shape, 2)]
    for other, (a, b) in zip(exchanged, combinations(range(len(shape)), 2), strict=True):
        other[a], other[b] = other[b], other[a]
    return list(dict.fromkeys([*rotated, *map(tuple, exchanged)]))


def numbers(text: str) -> tuple[int, ...]:
    """``weight_ih_l0 20 × 2 (4*num_units × features)`` as (20, 2)."""
    shape = text.rpartition(" (")[0] if text.endswith(")") else text
    return tuple(map(int, re.findall(r"(?:(?<= )|^)\d+(?= ×|$| \()", shape)))


@pytest.mark.parametrize(
    ("query", "tensor", "shape"),
    [
        ("", "X", "3 × 4 × 2 (batch_size × time_step × features)"),
        ("framework=pytorch", "X", "4 × 3 × 2 (time_step × batch_size × features)"),
        ("framework=pytorch&batch_first=true", "X", "3 × 4 × 2 (batch_size × time_step × features)"),
        ("framework=pytorch", "h_T", "1 × 3 × 5 (num_layers × batch_size × num_units)"),
        ("framework=pytorch&bidirectional=true", "Y", "4 × 3 × 10 (time_step × batch_size × 2*num_units)"),
        ("bidirectional=true", "Y", "3 × 4 × 10 (batch_size × time_step × 2*num_units)"),
        ("framework=tf1&time_major=true", "X", "4 × 3 × 2 (time_step × batch_size × features)"),
        ("framework=keras&bidirectional=true", "h_T", "3 × 10 (batch_size × 2*num_units)"),
        ("framework=onnx&layout=1", "h_T", "3 × 1 × 5 (batch_size × directions × num_units)"),
        ("framework=onnx", "Y", "4 × 1 × 3 × 5 (time_step × directions × batch_size × num_units)"),
        ("framework=flax&time_major=true&notation=H", "X", "4 × 3 × 2 (T × N × D)"),
        ("framework=pytorch&notation=hidden_size", "h", "3 × 5 (batch × hidden_size)"),
        (
            "framework=pytorch&view=weights",
            "kernel",
            "weight_ih_l0 20 × 2 (4*num_units × features); weight_hh_l0 20 × 5 (4*num_units × num_units)",
        ),
    ],
)
def test_the_revealed_shape_is_that_of_the_frameworks_array(query: str, tensor: str, shape: str) -> None:
    assert shape_of(f"?{query}", tensor) == shape


@pytest.mark.parametrize(
    ("query", "tensor", "text", "hint"),
    [
        ("framework=pytorch", "X", "3x4x2", "Right sizes, wrong order."),
        (
            "framework=pytorch",
            "X",
            "4 x 2",
            "That is for one sample; this tensor has a row for each sample of the batch.",
        ),
        ("framework=pytorch", "X", "3 x 2", "That is for one step; this tensor has all steps."),
        (
            "framework=pytorch",
            "h_T",
            "3 x 5",
            "That is for one cell. This array has an axis for layers or directions as well.",
        ),
        (
            "bidirectional=true",
            "Y",
            "3 x 4 x 5",
            "That is for one direction. The third axis holds both directions side by side.",
        ),
        (
            "bidirectional=true&num_layers=2&layer=1",
            "x",
            "3 x 5",
            "That is for one direction. The second axis holds both directions side by side.",
        ),
        ("framework=onnx", "Y", "4 x 1 x 3 x 7", "The fourth axis is not right yet."),
        ("notation=hidden_size", "h", "3 x 4", "That is seq_len; the second axis is hidden_size."),
        ("notation=H", "h", "3 x 4 x 5", "T is not in its shape: it is recomputed at each step."),
        ("framework=pytorch&num_layers=2", "h_T", "B x 2 x U", "Right sizes, wrong order."),
    ],
)
def test_a_hint_names_the_axes_of_the_picture(query: str, tensor: str, text: str, hint: str) -> None:
    assert message(f"?{query}", tensor, text) == hint


@pytest.mark.parametrize(
    ("query", "tensor", "text"),
    [
        ("framework=pytorch&num_layers=3&bidirectional=true", "h_T", "num_directions*num_layers x N x H"),
        ("framework=pytorch&num_layers=3&bidirectional=true", "h_T", "(6, batch, hidden_size)"),
        ("framework=pytorch&bidirectional=true", "Y", "seq_len x batch x num_directions*hidden_size"),
        ("framework=tf1&time_major=true", "X", "max_time x batch_size x input_depth"),
    ],
)
def test_layers_and_directions_may_be_typed_as_names_or_numbers(query: str, tensor: str, text: str) -> None:
    assert message(f"?{query}", tensor, text) == "Right."


@pytest.mark.parametrize("query", ["?num_units=0", "?cell=none", "?t=4", "?num_units=5&num_units=6"])
def test_an_invalid_query_is_rejected_with_the_message_of_its_field(query: str) -> None:
    with pytest.raises(FieldError) as expected:
        parse(parse_qsl(query.removeprefix("?")), strict=False)
    with pytest.raises(RoomError, match=f"^{re.escape(expected.value.message)}$"):
        state(query)


def test_a_shape_is_stored_in_one_spelling_and_other_words_are_not() -> None:
    typed = ["3x5", "(3, 5)", "3*5", "B by U", "[n, 4H]", "(U+F) x 3", "your mother", ""]

    assert [judge_answer("", "h", text).text for text in typed] == [
        *(["3 × 5"] * 3),
        "batch_size × num_units",
        "batch_size × 4·num_units",
        "(num_units+features) × 3",
        *([""] * 2),
    ]
    assert judge_answer("?notation=H", "h", "B by U").text == "N × H"


def test_unknown_names_in_a_query_are_ignored() -> None:
    assert state("?num_units=7&unknown=1") == state("?num_units=7")
