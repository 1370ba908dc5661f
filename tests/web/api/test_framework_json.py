"""The framework's part of /trace.json: names, axes, gates, and unsupported configurations."""

from typing import Any

import pytest
from app_client import TestClient
from framework_queries import FRAMEWORKS_WITH, STACKED, UNSUPPORTED, Query, query_id
from page_text import words
from pairing import some
from supported_queries import QUERIES

from app.core.axes import axis
from app.core.cells import CELLS
from app.frameworks import FRAMEWORKS

Document = dict[str, Any]
Shapes = dict[str, list[int]]


def part(client: TestClient, query: Query) -> Document:
    response = client.get("/trace.json", params=query)
    assert response.status_code == 200
    document: Document = response.json()["framework"]
    return document


def shapes(entries: list[Document]) -> Shapes:
    return {entry["name"]: entry["shape"] for entry in entries}


def test_our_own_framework_is_the_default(client: TestClient) -> None:
    assert part(client, {}) == {
        "id": "colah",
        "title": "NumPy (Colah)",
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


# framework, inputs, outputs, weights
LSTMS: tuple[tuple[str, Shapes, Shapes, Shapes], ...] = (
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


@pytest.mark.parametrize(("framework", "takes", "returns", "weights"), LSTMS, ids=[s[0] for s in LSTMS])
def test_an_lstm_has_the_names_and_shapes_of_the_framework(
    client: TestClient, framework: str, takes: Shapes, returns: Shapes, weights: Shapes
) -> None:
    framework_part = part(client, {"framework": framework})

    assert (framework_part["id"], framework_part["title"]) == (framework, FRAMEWORKS[framework].title)
    assert shapes(framework_part["takes"]) == takes
    assert shapes(framework_part["returns"]) == returns
    assert shapes(framework_part["weights"]) == weights


# a switch, and an output whose shape it changes
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


@pytest.mark.parametrize(
    ("query", "result", "off", "on"), SWITCHED, ids=[query_id(s[0]) + f" {s[1]}" for s in SWITCHED]
)
def test_a_switch_has_the_effect_that_it_has_in_the_framework(
    client: TestClient, query: Query, result: str, off: list[int] | None, on: list[int] | None
) -> None:
    without = {name: query[name] for name in ("framework", *STACKED) if name in query}

    assert shapes(part(client, without)["returns"]).get(result) == off
    assert shapes(part(client, query)["returns"]).get(result) == on


def test_the_switches_of_trace_json_have_the_frameworks_types(client: TestClient) -> None:
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
def test_gates_have_the_order_and_letters_of_the_framework(
    client: TestClient, cell: str, framework: str, gates: str
) -> None:
    pairs = [gate.partition("=") for gate in gates.split()]

    assert list(part(client, {"cell": cell, "framework": framework})["gates"].items()) == [
        (gate, letter or gate) for gate, _, letter in pairs
    ]


def test_every_weight_of_all_layers_and_directions_is_listed_once(client: TestClient) -> None:
    framework_part = part(client, {"framework": "pytorch", **STACKED})

    assert list(shapes(framework_part["weights"])) == [
        f"{kind}_{part}_l{layer}{end}"
        for layer in (0, 1)
        for end in ("", "_reverse")
        for kind, part in (("weight", "ih"), ("weight", "hh"), ("bias", "ih"), ("bias", "hh"))
    ]
    assert shapes(framework_part["weights"])["weight_ih_l1_reverse"] == [20, 10]
    assert shapes(framework_part["returns"]) == {"output": [4, 3, 10], "h_n": [4, 3, 5], "c_n": [4, 3, 5]}
    assert {e["name"]: e["axes"][0] for e in framework_part["returns"]}["h_n"] == "2*num_layers"


@pytest.mark.parametrize("query", QUERIES, ids=query_id)
def test_every_supported_cell_has_the_frameworks_names(client: TestClient, query: Query) -> None:
    response = client.get("/trace.json", params=query).json()
    framework_part, sizes = response["framework"], response["axes"]
    sizes |= {"directions": 1 + response["config"]["bidirectional"], "biases": 2}
    sizes |= {"num_layers": response["config"]["num_layers"]}

    assert response["executed"] and framework_part["refused"] is None and "nearest" not in framework_part
    assert framework_part["returns"] and framework_part["weights"] and framework_part["gates"]
    for entry in (*framework_part["takes"], *framework_part["returns"], *framework_part["weights"]):
        assert entry["shape"] == [axis(text).size(sizes) for text in entry["axes"]]
    for entries in (framework_part["returns"], framework_part["weights"]):
        assert len(shapes(entries)) == len(entries)


@pytest.mark.parametrize("query", UNSUPPORTED, ids=query_id)
def test_an_unsupported_configuration_has_a_reason_and_the_nearest_one(client: TestClient, query: Query) -> None:
    response = client.get("/trace.json", params=query).json()
    framework_part = response["framework"]

    assert list(framework_part) == ["id", "title", "switches", "refused", "nearest"]
    assert response["executed"] and response["tensors"]  # in our own names
    assert framework_part["id"] == query["framework"] and len(framework_part["refused"]) > 20
    assert framework_part["nearest"]
    there = part(client, {**query, **framework_part["nearest"]})
    assert there["refused"] is None
    assert all(response["config"][name] != value for name, value in framework_part["nearest"].items())


def test_a_framework_supports_a_cell_or_says_why_not(client: TestClient) -> None:
    supported = {
        cell: tuple(id for id in FRAMEWORKS if part(client, {"cell": cell, "framework": id})["refused"] is None)
        for cell in CELLS
    }

    assert supported == FRAMEWORKS_WITH


@pytest.mark.parametrize("query", some(UNSUPPORTED, 9), ids=query_id)
def test_the_page_of_an_unsupported_configuration_has_our_own_names_and_the_reason(
    client: TestClient, query: Query
) -> None:
    response = client.get("/", params={**query, "only": "page"})
    refused = part(client, query)["refused"]

    assert response.status_code == 200
    assert refused in words(response.text)
    assert "tensors recorded" in words(response.text)


def test_switches_have_the_frameworks_own_types(client: TestClient) -> None:
    assert part(client, {"framework": "onnx", "layout": "1"})["switches"] == {"layout": 1}
    assert part(client, {"framework": "keras"})["switches"]["go_backwards"] is False
