"""The framework's part of /trace.json: its names, its axes, its gates, and what it does not have."""

from typing import Any

import pytest
from framework_queries import HAVING, NOT_THERE, STACKED, THERE, Query, named
from page_text import words
from pairing import some
from starlette.testclient import TestClient

from app.core.axes import axis
from app.core.cells import CELLS
from app.frameworks import FRAMEWORKS

Document = dict[str, Any]
Shapes = dict[str, list[int]]


def part(client: TestClient, query: Query) -> Document:
    answer = client.get("/trace.json", params=query)
    assert answer.status_code == 200
    document: Document = answer.json()["framework"]
    return document


def shapes(entries: list[Document]) -> Shapes:
    return {entry["name"]: entry["shape"] for entry in entries}


def test_by_itself_our_own_names_are_spoken(client: TestClient) -> None:
    assert part(client, {}) == {
        "id": "colah",
        "title": "Colah’s figure",
        "switches": {},
        "refused": None,
        "derived": {},
        "takes": [{"name": "X", "axes": ["batch_size", "time_step", "features"], "shape": [3, 4, 2]}],
        "returns": [
            {"name": "Y", "axes": ["batch_size", "time_step", "num_units"], "shape": [3, 4, 5]},
            {"name": "h_T", "axes": ["batch_size", "num_units"], "shape": [3, 5]},
            {"name": "c_T", "axes": ["batch_size", "num_units"], "shape": [3, 5]},
        ],
        "weights": [
            {"name": "kernel", "axes": ["num_units+features", "4*num_units"], "shape": [7, 20]},
            {"name": "bias", "axes": ["4*num_units"], "shape": [20]},
        ],
        "parameters": 160,
        "gates": {"f": "f", "i": "i", "g": "g", "o": "o"},
    }


# framework, what goes in, what comes out, what is learned
SPOKEN: tuple[tuple[str, Shapes, Shapes, Shapes], ...] = (
    (
        *("tf1", {"inputs": [3, 4, 2]}, {"outputs": [3, 4, 5], "state.c": [3, 5], "state.h": [3, 5]}),
        {"rnn/basic_lstm_cell/kernel": [7, 20], "rnn/basic_lstm_cell/bias": [20]},
    ),
    (
        *("keras", {"inputs": [3, 4, 2]}, {"output": [3, 5]}),
        {"lstm/lstm_cell/kernel": [2, 20], "lstm/lstm_cell/recurrent_kernel": [5, 20], "lstm/lstm_cell/bias": [20]},
    ),
    (
        *("pytorch", {"input": [4, 3, 2]}, {"output": [4, 3, 5], "h_n": [1, 3, 5], "c_n": [1, 3, 5]}),
        {"weight_ih_l0": [20, 2], "weight_hh_l0": [20, 5], "bias_ih_l0": [20], "bias_hh_l0": [20]},
    ),
    (
        *("onnx", {"X": [4, 3, 2]}, {"Y": [4, 1, 3, 5], "Y_h": [1, 3, 5], "Y_c": [1, 3, 5]}),
        {"W": [1, 20, 2], "R": [1, 20, 5], "B": [1, 40]},
    ),
    (
        *("flax", {"inputs": [3, 4, 2]}, {"outputs": [3, 4, 5]}),
        {
            f"cell/{side}{gate}/{array}": [5] if array == "bias" else [2 if side == "i" else 5, 5]
            for gate in "ifgo"
            for side, array in (("i", "kernel"), ("h", "kernel"), ("h", "bias"))
        },
    ),
)


@pytest.mark.parametrize(("framework", "takes", "returns", "weights"), SPOKEN, ids=[s[0] for s in SPOKEN])
def test_an_lstm_has_the_names_and_shapes_of_the_framework(
    client: TestClient, framework: str, takes: Shapes, returns: Shapes, weights: Shapes
) -> None:
    spoken = part(client, {"framework": framework})

    assert (spoken["id"], spoken["title"]) == (framework, FRAMEWORKS[framework].title)
    assert shapes(spoken["takes"]) == takes
    assert shapes(spoken["returns"]) == returns
    assert shapes(spoken["weights"]) == weights


# a switch, and a result whose shape it changes
SWITCHED: tuple[tuple[Query, str, list[int] | None, list[int] | None], ...] = (
    ({"framework": "pytorch", "batch_first": True}, "output", [4, 3, 5], [3, 4, 5]),
    ({"framework": "pytorch", "batch_first": True}, "h_n", [1, 3, 5], [1, 3, 5]),
    ({"framework": "tf1", "time_major": True}, "outputs", [3, 4, 5], [4, 3, 5]),
    ({"framework": "flax", "time_major": True}, "outputs", [3, 4, 5], [4, 3, 5]),
    ({"framework": "flax", "return_carry": True}, "c", None, [3, 5]),
    ({"framework": "keras", "return_sequences": True}, "output", [3, 5], [3, 4, 5]),
    ({"framework": "keras", "return_state": True}, "state_c", None, [3, 5]),
    ({"framework": "keras", "merge_mode": "sum", **STACKED}, "output", [3, 10], [3, 5]),
    ({"framework": "keras", "merge_mode": "none", **STACKED}, "forward_output", None, [3, 5]),
    ({"framework": "onnx", "layout": "1"}, "Y", [4, 1, 3, 5], [3, 4, 1, 5]),
    ({"framework": "onnx", "layout": "1"}, "Y_h", [1, 3, 5], [3, 1, 5]),
)


@pytest.mark.parametrize(("query", "result", "off", "on"), SWITCHED, ids=[named(s[0]) + f" {s[1]}" for s in SWITCHED])
def test_a_switch_changes_what_it_changes_in_the_framework(
    client: TestClient, query: Query, result: str, off: list[int] | None, on: list[int] | None
) -> None:
    without = {name: query[name] for name in ("framework", *STACKED) if name in query}

    assert shapes(part(client, without)["returns"]).get(result) == off
    assert shapes(part(client, query)["returns"]).get(result) == on


def test_the_switches_are_said_in_the_frameworks_own_types(client: TestClient) -> None:
    assert part(client, {"framework": "onnx", "layout": "1"})["switches"] == {"layout": 1}
    assert part(client, {"framework": "tf1", "time_major": True})["switches"] == {"time_major": True, "forget_bias": 1}
    assert part(client, {"framework": "pytorch"})["switches"] == {"batch_first": False}
    assert part(client, {"framework": "pytorch", "num_proj": 3})["derived"] == {"proj_size": 3}
    assert part(client, {"framework": "keras", "cell": "gru"})["derived"] == {"reset_after": False}


@pytest.mark.parametrize(
    ("cell", "framework", "gates"),
    [
        ("lstm", "colah", "f i g o"),
        ("lstm", "tf1", "i g=j f o"),
        ("lstm", "keras", "i f g=c o"),
        ("lstm", "pytorch", "i f g o"),
        ("lstm", "onnx", "i o f g=c"),
        ("lstm", "flax", "i f g o"),
        ("lstm_coupled", "onnx", "i o f g=c"),
        ("gru", "colah", "r z g"),
        ("gru", "tf1", "r z=u g=c"),
        ("gru", "keras", "z r g=h"),
        ("gru_reset_after", "pytorch", "r z g=n"),
        ("gru_reset_after", "onnx", "z r g=h"),
        ("gru_reset_after", "flax", "r z g=n"),
        ("rnn", "pytorch", "a"),
    ],
)
def test_gates_come_in_the_order_of_the_framework_with_its_letters(
    client: TestClient, cell: str, framework: str, gates: str
) -> None:
    pairs = [gate.partition("=") for gate in gates.split()]

    assert list(part(client, {"cell": cell, "framework": framework})["gates"].items()) == [
        (ours, theirs or ours) for ours, _, theirs in pairs
    ]


def test_of_all_layers_and_directions_every_weight_is_there_once(client: TestClient) -> None:
    spoken = part(client, {"framework": "pytorch", **STACKED})

    assert list(shapes(spoken["weights"])) == [
        f"{kind}_{part}_l{layer}{end}"
        for layer in (0, 1)
        for end in ("", "_reverse")
        for kind, part in (("weight", "ih"), ("weight", "hh"), ("bias", "ih"), ("bias", "hh"))
    ]
    assert shapes(spoken["weights"])["weight_ih_l1_reverse"] == [20, 10]
    assert shapes(spoken["returns"]) == {"output": [4, 3, 10], "h_n": [4, 3, 5], "c_n": [4, 3, 5]}
    assert {e["name"]: e["axes"][0] for e in spoken["returns"]}["h_n"] == "2*num_layers"


@pytest.mark.parametrize("query", [*THERE, *({**query, **STACKED} for query in THERE)], ids=named)
def test_every_cell_that_a_framework_has_is_told_in_its_words(client: TestClient, query: Query) -> None:
    answer = client.get("/trace.json", params=query).json()
    spoken, sizes = answer["framework"], answer["axes"]
    sizes |= {"directions": 1 + answer["config"]["bidirectional"], "biases": 2}
    sizes |= {"num_layers": answer["config"]["num_layers"]}

    assert answer["executed"] and spoken["refused"] is None and "nearest" not in spoken
    assert spoken["returns"] and spoken["weights"] and spoken["gates"]
    for entry in (*spoken["takes"], *spoken["returns"], *spoken["weights"]):
        assert entry["shape"] == [axis(text).size(sizes) for text in entry["axes"]]
    for entries in (spoken["returns"], spoken["weights"]):
        assert len(shapes(entries)) == len(entries)


@pytest.mark.parametrize("query", NOT_THERE, ids=named)
def test_what_a_framework_does_not_have_is_said_with_the_nearest_that_it_has(client: TestClient, query: Query) -> None:
    answer = client.get("/trace.json", params=query).json()
    spoken = answer["framework"]

    assert list(spoken) == ["id", "title", "switches", "refused", "nearest"]
    assert answer["executed"] and answer["tensors"]  # in our own names
    assert spoken["id"] == query["framework"] and len(spoken["refused"]) > 20
    assert spoken["nearest"]
    there = part(client, {**query, **spoken["nearest"]})
    assert there["refused"] is None
    assert all(answer["config"][name] != value for name, value in spoken["nearest"].items())


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_framework_has_a_cell_or_says_that_it_has_not(client: TestClient, cell: str, framework: str) -> None:
    there = part(client, {"cell": cell, "framework": framework})["refused"] is None

    assert there == (framework in HAVING[cell])


@pytest.mark.parametrize("query", some(NOT_THERE, 9), ids=named)
def test_the_page_draws_in_our_names_what_the_framework_does_not_have_and_says_so(
    client: TestClient, query: Query
) -> None:
    answer = client.get("/", params={**query, "only": "page"})
    refused = part(client, query)["refused"]

    assert answer.status_code == 200
    assert refused in words(answer.text)
    assert "tensors recorded" in words(answer.text)
