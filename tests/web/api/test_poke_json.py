"""/poke.json and the text under the units: the effect of changing one number."""

import re
from html import unescape

import pytest
from app_client import TestClient
from framework_queries import Query
from pairing import in_turn

from app.core.cells import CELLS
from app.core.effects_of_a_change import AMOUNT, FOLLOWING
from app.web.api.poke import MOST_VALUES
from app.web.pages.parts.below_picture.units import _cell, _remaining


def by_id(document: dict[str, object], key: str = "tensors") -> dict[str, dict[str, object]]:
    return {t["id"]: t for t in document[key]}  # type: ignore[attr-defined]


@pytest.mark.parametrize(("id", "cell"), [*in_turn(["x", "h_prev"], CELLS), ("h_prev", "lstm")])
def test_above_the_first_layer_x_has_a_table_of_its_own(client: TestClient, cell: str, id: str) -> None:
    """x is as long as num_units, but has no units of this cell."""
    query: Query = {"cell": cell, "num_layers": 2, "layer": 1, "view": "units", "poke": id, "unit": 3, "only": "page"}
    tables = client.get("/", params=query).text.split('<table class="values strip">')[1:]
    kinds = ["component", "unit"] if id == "x" else ["unit"]
    assert [re.findall(r"<caption>Change in each (\w+)", table)[0] for table in tables] == kinds
    assert len(re.findall('<th scope="row">', tables[0])) == 1 or id != "x"


@pytest.mark.parametrize("query", [{"time_step": 3}, {"time_step": 4, "seed": 3}, {"time_step": 5, "seed": 3}])
def test_the_remaining_change_in_words_is_not_less_than_the_real_one(client: TestClient, query: Query) -> None:
    query = {**query, "poke": "h_prev", "t": 0}
    most = by_id(client.get("/poke.json", params=query).json()["following"][-1], "states")["h"]["max"]
    page = client.get("/", params={**query, "view": "units", "only": "page"}).text
    sentence = float(re.findall(r"no value of h differs by more than ([\d.]+\d)", page)[0])
    assert most <= sentence < most + 0.001  # type: ignore[operator]


@pytest.mark.parametrize("cell", CELLS)
def test_every_tensor_of_the_step_has_the_number_and_the_indices_of_changes(client: TestClient, cell: str) -> None:
    document = client.get("/poke.json", params={"cell": cell, "poke": "h_prev", "component": 3, "sample": 2}).json()
    trace = client.get("/trace.json", params={"cell": cell}).json()

    assert document["executed"] and document["reason"] is None
    assert document["amount"] == AMOUNT and document["sample"] == 2 and document["component"] == 3
    assert [t["id"] for t in document["tensors"]] == [t["id"] for t in trace["tensors"] if t["per_step"]]
    for t in document["tensors"]:
        assert t["size"] == len(t["values"])
        assert t["which"] == [k for k, value in enumerate(t["values"]) if value]
        assert t["changed"] == len(t["which"]) and t["max"] == max(abs(value) for value in t["values"])
    assert by_id(document)["h_prev"]["which"] == [3]
    assert by_id(document)["h"]["changed"] == 5


def test_cell_states_of_other_units_change_only_at_the_next_step(client: TestClient) -> None:
    document = client.get("/poke.json?poke=c_prev&component=2&t=0").json()

    assert by_id(document)["h"]["which"] == by_id(document)["c"]["which"] == [2]
    assert [step["t"] for step in document["following"]] == [1, 2, 3]
    assert all(state["changed"] == 5 for state in document["following"][0]["states"])


@pytest.mark.parametrize(
    "query", [{"bidirectional": "true", "direction": "backward"}, {"framework": "keras", "go_backwards": "true"}]
)
def test_following_steps_are_in_the_order_of_computation(client: TestClient, query: Query) -> None:
    document = client.get("/poke.json", params={"poke": "x", "t": 2, **query}).json()

    assert [step["t"] for step in document["following"]] == [1, 0]
    x = client.get("/tensor.json", params={"tensor": "x", "t": 2, **query}).json()["values"]
    assert len(by_id(document)["x"]["values"]) == len(x[0])  # type: ignore[arg-type]


def test_the_default_sample_is_the_first_one(client: TestClient) -> None:
    none, first, second = (client.get(f"/poke.json?poke=x{sample}").json() for sample in ("", "&sample=0", "&sample=1"))

    assert none == first
    assert by_id(first)["h"]["values"] != by_id(second)["h"]["values"]


def test_large_tensors_have_their_first_numbers_and_the_count_of_all(client: TestClient) -> None:
    response = client.get("/poke.json?poke=h_prev&num_units=1000&time_step=28&t=0&batch_size=1")
    document = response.json()

    assert by_id(document)["h"]["size"] == 1000 and len(by_id(document)["h"]["values"]) == MOST_VALUES  # type: ignore[arg-type]
    assert len(document["following"]) == FOLLOWING
    assert len(response.content) < 500_000


def test_without_poke_the_error_lists_the_vectors(client: TestClient) -> None:
    response = client.get("/poke.json?cell=gru")

    assert response.status_code == 422
    assert response.json()["error"]["field"] == "poke"
    assert response.json()["error"]["allowed"] == ["x", "h_prev"]


def test_beyond_the_budget_there_are_only_sizes_and_a_reason(client: TestClient) -> None:
    document = client.get("/poke.json?poke=c_prev&num_units=8192&batch_size=1024").json()

    assert not document["executed"] and document["reason"] and document["following"] == []
    assert all(t["values"] is None and t["size"] for t in document["tensors"])


def text(client: TestClient, query: str) -> str:
    """The text under the picture, without HTML tags."""
    page = client.get(f"/?only=page&view=units&{query}").text
    (part,) = re.findall(r'<div id="view-note".*?</section>\s*</div>', page, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", "", part))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("poke=h_prev&component=2", "changed all 5 units of h2 and all 5 units of c2."),
        ("poke=c_prev&component=2", "changed only unit 2 of h2 and only unit 2 of c2."),
        ("poke=x", "Every gate of every unit reads all of it."),
        ("poke=c_prev", "Each unit uses only its own component of it."),
        ("poke=c_prev&t=3", "This is the last step, so nothing follows."),
        ("poke=c_prev&component=1&num_proj=3", "changed all 3 components of h2 and only unit 1 of c2."),
        ("poke=x&num_units=1", "changed the one unit of h2 and the one unit of c2."),
        ("poke=x&sample=1", "in sample 1"),
        ("cell=gru&poke=h_prev&bidirectional=true&direction=backward", "Adding 1 to component 0 of h3"),
        ("poke=x&cell=rnn", "Every unit reads all of it."),
        ("poke=x&num_units=8192&batch_size=1024", "These sizes are too large to run"),
    ],
)
def test_the_page_says_in_words_what_changed(client: TestClient, query: str, words: str) -> None:
    assert words in text(client, query)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "It has 4 × (5 + 2 + 1) = 32 trainable parameters of its own"),
        ("cell=gru", "It has 3 × (5 + 2 + 1) = 24 trainable parameters of its own"),
        ("cell=rnn", "It has 1 × (5 + 2 + 1) = 8 trainable parameters of its own"),
    ],
)
def test_the_page_says_what_a_followed_unit_owns_and_reads(client: TestClient, query: str, words: str) -> None:
    sentence = text(client, f"unit=3&{query}")

    assert words in sentence
    assert "It reads all 5 values of h" in sentence
    assert ("only its own value of c" in sentence) == (query == "")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("num_units=1", "It reads the one value of h, all 2 of x, and only its own value of c"),
        ("features=1", "It reads all 5 values of h, the one of x, and only its own value of c"),
        (
            "num_layers=2&layer=1&bidirectional=true",
            "It reads all 5 values of h, all 2 × 5 of x, and only its own value of c",
        ),
    ],
)
def test_the_numbers_that_a_unit_reads_are_counted(client: TestClient, query: str, words: str) -> None:
    assert words in text(client, f"unit=0&{query}")


@pytest.mark.parametrize("seed", [3, 6])
def test_the_sentence_about_the_last_step_agrees_with_the_numbers(client: TestClient, seed: int) -> None:
    """Up to 0.0006 and 0.00099, which the table rounds to 0.001."""
    sentence = text(client, f"poke=x&time_step=8&t=1&seed={seed}")
    last = sentence.rpartition("h7")[2].partition("c7")[0]

    assert "6 steps later, no value of h differs by more than 0.001." in sentence
    assert set(re.findall(r"[+−](\d\.\d{3})", last)) == {"0.001"}


@pytest.mark.parametrize("most", [0.0, 1e-9, 0.00049, 0.0005, 0.00051, 0.00099, 0.001, 0.0014, 0.0016, 1.2345])
def test_no_shown_number_exceeds_the_bound_in_the_sentence(most: float) -> None:
    sentence, (shown, _) = _remaining(most), _cell(most)
    limits = [float(number) for number in re.findall(r"\d\.\d+", sentence)]

    if "more than" in sentence:
        assert float(shown) <= limits[0]
    elif most:
        assert shown == "+<.001" and limits == [0.001]
    else:
        assert (sentence, shown) == ("no value of h differs", "0")


def test_every_number_can_be_reached_by_links(client: TestClient) -> None:
    def links(query: str) -> dict[str, str]:
        found = re.findall(
            r'href="([^"]*)" aria-label="(previous|next) component"',
            client.get(f"{query}&only=page").text,
        )
        return {name: unescape(link) for link, name in found}

    at, count = "/?view=units&poke=h_prev&num_units=4", 1
    assert "previous" not in links(at)
    while "next" in (found := links(at)):
        at, count = found["next"], count + 1
    assert count == 4 and "previous" in links(at)


def test_some_of_many_units_are_shown_including_the_changed_one(client: TestClient) -> None:
    page = client.get("/?only=page&view=units&num_units=128&poke=h_prev&component=77").text

    assert "117 not shown" in page
    assert '<th scope="col" class="num_units">77</th>' in page
