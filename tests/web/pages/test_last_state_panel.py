"""What the map and the panel say about last states, in the words of each framework."""

import re
from html import unescape

import pytest
from app_client import TestClient
from framework_queries import Query

BOTH: Query = {
    "num_layers": 2,
    "bidirectional": True,
    "batch_size": 3,
    "time_step": 5,
    "features": 10,
    "num_units": 20,
    "only": "page",
}


def region(client: TestClient, query: Query, id: str, end: str) -> str:
    """The text of a region of the page, in one line."""
    html = client.get("/", params=query).text.split(f'id="{id}"')[1].split(end)[0]
    html = re.sub(r"<svg.*?</svg>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html.partition(">")[2])).split())


def under_the_map(client: TestClient, query: Query) -> str:
    return region(client, query, "map", '<div class="jump"')


def panel(client: TestClient, query: Query) -> str:
    return region(client, query, "selected", '<section class="inspector"')


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        (
            {"framework": "pytorch"},
            [
                "Where the last states of layer 1 are:",
                "→ ends at step 4 h_n[2] = output[-1, :, :20]",
                "← ends at step 0 h_n[3] = output[0, :, 20:]",
                "c_n has the order of h_n .",
            ],
        ),
        ({"framework": "pytorch", "batch_first": True}, ["← ends at step 0 h_n[3] = output[:, 0, 20:]"]),
        ({"framework": "pytorch", "bidirectional": False}, ["→ ends at step 4 h_n[1] = output[-1]"]),
        ({"framework": "pytorch", "num_layers": 1}, ["Where the last states are:", "h_n[1] = output[0, :, 20:]"]),
        ({"framework": "keras"}, ["→ ends at step 4 output[:, :20]", "← ends at step 0 output[:, 20:]"]),
        ({"framework": "keras", "merge_mode": "sum"}, ["← ends at step 0 not returned alone"]),
        (
            {"framework": "keras", "bidirectional": False, "num_layers": 1, "go_backwards": True, "return_state": True},
            [],
        ),
        ({}, ['← ends at step 0 h_T["layer_1/backward"] = Y[:, 0, 20:]']),
        ({"labels": "hidden", "framework": "pytorch"}, ["h_n[3] = output[0, :, ?:]"]),
    ],
)
def test_under_the_map_are_the_last_states_of_the_top_layer(client: TestClient, query: Query, lines: list[str]) -> None:
    text = under_the_map(client, {**BOTH, **query})
    assert [line for line in lines if line not in text] == []
    assert bool(text) == bool(lines)


def test_a_last_state_says_its_place_its_slice_and_the_common_mistake(client: TestClient) -> None:
    query = {**BOTH, "framework": "pytorch", "layer": 1, "direction": "backward", "tensor": "h_T", "t": 0}
    text = panel(client, query)
    assert "h_n[3] , last hidden state of layer 1, backward" in text
    assert "This direction reads step 4 first and step 0 last. So in output this state is at step 0:" in text
    assert "output[0, :, 20:] Not output[-1, :, 20:] : there this direction has read one step only." in text
    assert "Order of h_n, c_n 0 layer 0 → 1 layer 0 ← 2 layer 1 → 3 layer 1 ←" in text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"layer": 0, "direction": "forward"}, "output has the top layer only."),
        ({"tensor": "c_T"}, "output has h only."),
        ({"framework": "keras", "return_sequences": True, "return_state": True, "merge_mode": "sum"}, "output merges"),
        ({"framework": "keras", "layer": 0}, "Keras does not return this state alone."),
    ],
)
def test_a_state_that_is_not_in_the_output_says_why(client: TestClient, query: Query, sentence: str) -> None:
    own = {"framework": "pytorch", "layer": 1, "direction": "backward", "tensor": "h_T"}
    text = panel(client, {**BOTH, **own, **query})
    assert sentence in text
    assert "So in" not in text


def test_hidden_shapes_hide_the_length_of_the_state_in_its_expression_and_on_the_map(client: TestClient) -> None:
    own = {"framework": "keras", "num_units": 77, "layer": 1, "direction": "backward", "tensor": "h_T"}
    query: Query = {**BOTH, **own, "labels": "hidden"}
    assert "output[:, ?:] , last hidden state of layer 1, backward" in panel(client, query)
    assert "output[:, 77:]" not in client.get("/", params=query).text


def test_a_single_cell_has_no_map_and_an_ordinary_panel(client: TestClient) -> None:
    query: Query = {"framework": "pytorch", "tensor": "h_T", "only": "page"}
    assert under_the_map(client, query) == ""
    assert "layer" not in panel(client, query)


@pytest.mark.parametrize("bidirectional", [False, True])
def test_two_directions_come_with_questions_about_them(client: TestClient, bidirectional: bool) -> None:
    questions = region(client, {"bidirectional": bidirectional}, "related-questions", 'id="kernels"')
    assert ("Bidirectional: is the last step of output the summary?" in questions) == bidirectional


@pytest.mark.parametrize("time_step", [1, 2])
def test_the_last_step_is_a_mistake_unless_it_is_also_the_first(client: TestClient, time_step: int) -> None:
    html = client.get("/", params={**BOTH, "framework": "pytorch", "time_step": time_step}).text
    assert ("output, last step only" in html) == (time_step > 1)
