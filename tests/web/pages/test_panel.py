"""The links of the panel, compared with the recorded values, also in reversed directions."""

from html import unescape
from re import DOTALL, findall, search
from urllib.parse import parse_qs, urlsplit

import pytest
from app_client import TestClient
from framework_queries import Query, query_id
from page_text import words
from pairing import some

from app.web.pages.parts.formatting import measured

ORDERS: list[Query] = [
    {},
    {"bidirectional": True, "direction": "backward"},
    {"num_layers": 2, "layer": 1, "bidirectional": True, "direction": "backward"},
    {"framework": "keras", "go_backwards": True},
    {"framework": "keras", "go_backwards": True, "num_layers": 2, "layer": 1},
]


def values(client: TestClient, query: Query, tensor: str, t: int) -> object:
    return client.get("/tensor.json", params={**query, "tensor": tensor, "t": t}).json()["values"]


def links(client: TestClient, query: Query, tensor: str, t: int, heading: str) -> list[tuple[str, str]]:
    """The links under a heading of the panel, with their texts; without a link, only the text."""
    html = client.get("/", params={**query, "tensor": tensor, "t": t, "only": "page"}).text
    found = search(rf"<dt>{heading}</dt><dd>(.*?)</dd>", html, DOTALL)
    return findall(r'<a href="/(\??[^"]*)"[^>]*>(.*?)</a>', found[1]) or [("", found[1])] if found else []


def step(link: str, usual: int = 2) -> int:
    return int(parse_qs(urlsplit(link.replace("&amp;", "&")).query).get("t", [str(usual)])[0])


@pytest.mark.parametrize("t", some(range(4), 3))
@pytest.mark.parametrize("query", ORDERS, ids=query_id)
def test_a_previous_state_links_to_its_step_or_is_zero(client: TestClient, query: Query, t: int) -> None:
    ((link, words),) = links(client, query, "h_prev", t, "comes from")
    carried = values(client, query, "h_prev", t)

    if link:
        assert words == f"step {step(link)}"
        assert values(client, query, "h", step(link)) == carried
    else:
        assert words == "zeros"
        assert carried == [[0] * 5] * 3


@pytest.mark.parametrize("t", some(range(4), 3))
@pytest.mark.parametrize("query", ORDERS, ids=query_id)
def test_a_state_links_to_the_next_step_and_at_the_end_to_the_final_state(
    client: TestClient, query: Query, t: int
) -> None:
    onward = [link for link, words in links(client, query, "h", t, "used by") if words.startswith("step ")]
    state = values(client, query, "h", t)

    for link in onward:
        assert values(client, query, "h_prev", step(link)) == state
    assert bool(onward) != (values(client, query, "h_T", t) == state)


@pytest.mark.parametrize("t", range(4))
@pytest.mark.parametrize("layers", [2, 3])
def test_a_layer_links_to_the_layer_below_at_the_same_step_in_both_directions(
    client: TestClient, layers: int, t: int
) -> None:
    query = {"framework": "keras", "go_backwards": True, "num_layers": layers}
    for layer in range(1, layers):
        assert values(client, {**query, "layer": layer}, "x", t) == values(
            client, {**query, "layer": layer - 1}, "h", t
        )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.000"),
        (-0.0, "0.000"),
        (0.25, "0.250"),
        (-1.2345, "−1.234"),
        (0.0004, "0.0004"),
        (-0.0000312, "−0.000031"),
    ],
)
def test_a_small_value_is_not_shown_as_0(value: float, text: str) -> None:
    assert measured(value) == text


@pytest.mark.parametrize(
    "settings, name",
    [
        ({}, "hidden state; the last one is also the output"),
        ({"return_sequences": True}, "hidden state, also the output"),
        ({"return_sequences": True, "bidirectional": True}, "hidden state, also the output"),
        ({"return_sequences": True, "bidirectional": True, "merge_mode": "sum"}, "hidden state"),
        ({"return_state": True, "bidirectional": True, "merge_mode": "ave"}, "hidden state"),
        ({"return_sequences": True, "bidirectional": True, "merge_mode": "none"}, "hidden state, also the output"),
    ],
)
def test_the_hidden_state_is_called_the_output_only_where_keras_returns_it(
    client: TestClient, settings: Query, name: str
) -> None:
    query = {"framework": "keras", "tensor": "h", **settings}

    (found,) = (one["name"] for one in client.get("/trace.json", params=query).json()["tensors"] if one["id"] == "h")
    assert found == name


def test_the_hidden_state_of_a_lower_layer_is_the_input_of_the_next_one(client: TestClient) -> None:
    lower, top = {"num_layers": 2}, {"num_layers": 2, "layer": 1}

    assert "hidden state, also the input of layer 1" in words(client.get("/", params=lower).text)
    assert "hidden state, also the output" in words(client.get("/", params=top).text)
    assert [text for _, text in links(client, lower, "h", 2, "used by")] == ["step 3", "layer 1"]
    assert [text for _, text in links(client, top, "h", 2, "used by")] == ["step 3", "<i>Y</i>"]
    (query,) = (query for query, text in links(client, lower, "h", 3, "used by") if text == "layer 1")
    fields = parse_qs(unescape(query).removeprefix("?"))
    assert (fields["layer"], fields["tensor"]) == (["1"], ["x"])
