"""What the panel says of a tensor, against what the run recorded, also where the last step is taken first."""

from re import DOTALL, findall, search
from urllib.parse import parse_qs, urlsplit

import pytest
from framework_queries import Query, named
from starlette.testclient import TestClient

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


def links(client: TestClient, query: Query, tensor: str, t: int, said: str) -> list[tuple[str, str]]:
    """Where the panel leads under a heading, and what it calls that; without a link, only what it says."""
    html = client.get("/", params={**query, "tensor": tensor, "t": t, "only": "page"}).text
    found = search(rf"<dt>{said}</dt><dd>(.*?)</dd>", html, DOTALL)
    return findall(r'<a href="/(\??[^"]*)"[^>]*>(.*?)</a>', found[1]) or [("", found[1])] if found else []


def step(link: str, usual: int = 2) -> int:
    return int(parse_qs(urlsplit(link.replace("&amp;", "&")).query).get("t", [str(usual)])[0])


@pytest.mark.parametrize("t", range(4))
@pytest.mark.parametrize("query", ORDERS, ids=named)
def test_a_state_comes_from_the_step_whose_state_it_is_or_is_zero(client: TestClient, query: Query, t: int) -> None:
    ((link, words),) = links(client, query, "h_prev", t, "made from")
    carried = values(client, query, "h_prev", t)

    if link:
        assert words == f"step {step(link)}"
        assert values(client, query, "h", step(link)) == carried
    else:
        assert words == "zeros"
        assert carried == [[0] * 5] * 3


@pytest.mark.parametrize("t", range(4))
@pytest.mark.parametrize("query", ORDERS, ids=named)
def test_a_state_goes_to_the_step_that_gets_it_and_at_the_end_out_of_the_run(
    client: TestClient, query: Query, t: int
) -> None:
    onward = [link for link, words in links(client, query, "h", t, "used by") if words.startswith("step ")]
    state = values(client, query, "h", t)

    for link in onward:
        assert values(client, query, "h_prev", step(link)) == state
    assert bool(onward) != (values(client, query, "h_T", t) == state)


@pytest.mark.parametrize("t", range(4))
@pytest.mark.parametrize("layers", [2, 3])
def test_a_layer_above_reads_at_a_step_what_the_layer_below_made_there_also_backwards(
    client: TestClient, layers: int, t: int
) -> None:
    query = {"framework": "keras", "go_backwards": True, "num_layers": layers}
    for layer in range(1, layers):
        assert values(client, {**query, "layer": layer}, "x", t) == values(
            client, {**query, "layer": layer - 1}, "h", t
        )


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "0.000"),
        (-0.0, "0.000"),
        (0.25, "0.250"),
        (-1.2345, "−1.234"),
        (0.0004, "0.0004"),
        (-0.0000312, "−0.000031"),
    ],
)
def test_a_value_that_is_not_0_is_not_said_to_be(value: float, said: str) -> None:
    assert measured(value) == said
