"""The text under the weights: the parameters of a unit, checked with NumPy; ticks and the effect of doubling."""

from re import DOTALL, findall, search, sub
from typing import Any

import numpy as np
import pytest
from app_client import TestClient
from framework_queries import STACKED, SUPPORTED, Query, query_id
from pairing import some
from supported_queries import QUERIES

from app.core.cells import CELLS, PROJECTED
from app.core.input_data import make_input
from app.core.ops import Array
from app.core.run import run_stack
from app.core.seeded_weights import Weights, stack_weights
from app.core.trace import StackTrace
from app.frameworks import OURS
from app.frameworks.stored_weights import stored_weights
from app.frameworks.unit_slices import owned, read_by
from app.frameworks.weight_layout import heights
from app.url_state.parsing import parse
from app.url_state.url_state import UrlState

ONE_OF_EACH = {"batch_size": 2, "time_step": 1, "features": 3, "num_units": 5}


def url_state_of(query: Query) -> UrlState:
    words = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in query.items()}
    return parse(words.items(), strict=True)


def arrays_of(state: UrlState) -> dict[str, Array]:
    """All arrays of the framework, in float64, in its layout."""
    weights = stack_weights(state.stack, 3, np.float64)
    return {name: array.copy() for name, array in stored_weights(state.shown_model, weights).items()}


def our_weights(state: UrlState, arrays: dict[str, Array]) -> Weights:
    """The framework's arrays as our own, cell by cell."""
    stack, model = state.stack, state.shown_model
    layout, mine, found = model.layout, OURS.model(stack).layout, {}
    for place in stack.places:
        own = {}
        for p in layout.parameters:
            array = arrays[model.full_name(p.name, place)]
            both = state.framework == "onnx"  # the only framework with both directions in one array
            own[p.name] = array[stack.directions.index(place[1])] if both else array
        blocks = layout.unpack(own, heights(stack, place))
        found[place] = {p.name: mine.array(p, blocks) for p in mine.parameters}
    return found


def run(state: UrlState, arrays: dict[str, Array]) -> StackTrace:
    return run_stack(
        state.stack, our_weights(state, arrays), make_input(state.stack.sizes, 3, np.float64), state.goes_backwards
    )


def gates(state: UrlState) -> list[str]:
    """The tensors that a step computes with the weights of the cell."""
    return [
        id
        for id in ("f", "i", "g", "o", "r", "z", "a")
        if id in state.program.by_id and (id != "a" or state.cell == "rnn")
    ]


EVERY = [{**query, **ONE_OF_EACH} for query in QUERIES]


@pytest.mark.parametrize("query", EVERY, ids=query_id)
def test_exactly_a_units_own_parameters_change_its_gates(query: Query) -> None:
    state, unit = url_state_of(query), 3
    arguments = state.shown_model, state.place, unit
    before = run(state, arrays_of(state))

    changed = arrays_of(state)
    for piece in owned(*arguments):
        changed[piece.array][piece.index] += 0.5
    after = run(state, changed)

    others = {name: array + 0.5 for name, array in arrays_of(state).items()}
    original = arrays_of(state)
    for piece in owned(*arguments):
        others[piece.array][piece.index] = original[piece.array][piece.index]
    elsewhere = run(state, others)

    for gate in gates(state):
        was, now, other = (trace.array(gate, state.place, 0) for trace in (before, after, elsewhere))
        assert (was != now).any(axis=0).tolist() == [k == unit for k in range(state.num_units)], gate
        assert (was != other).any(axis=0).tolist() == [k != unit for k in range(state.num_units)], gate


@pytest.mark.parametrize("query", EVERY, ids=query_id)
def test_every_parameter_belongs_to_one_unit_except_for_projections_and_unused_blocks(query: Query) -> None:
    state = url_state_of(query)
    arrays = {name: np.zeros(array.shape, int) for name, array in arrays_of(state).items()}
    counted = 0
    for unit in range(state.num_units):
        for piece in owned(state.shown_model, state.place, unit):
            arrays[piece.array][piece.index] += 1
            counted += piece.count
    assert sum(int(array.sum()) for array in arrays.values()) == counted
    assert {int(n) for array in arrays.values() for n in np.unique(array)} <= {0, 1}

    cell = state.shown_model.layout
    gates, used = len(cell.gates), len(cell.gates) - len(cell.opposite)
    own = [p for p in cell.parameters if "w" not in p.parts]
    names = {state.shown_model.full_name(p.name, state.place) for p in own}
    share = len(state.stack.directions) if state.framework == "onnx" else 1
    held = sum(arrays[name].size for name in names) // share
    assert counted * gates == held * used


@pytest.mark.parametrize("query", EVERY, ids=query_id)
def test_the_parameters_that_read_a_unit_are_those_multiplied_by_its_h(query: Query) -> None:
    """A change of it has no effect in the first step, where h is 0, unless a projection comes after it."""
    state, unit = url_state_of({**query, "time_step": 2}), 3
    pieces = read_by(state.shown_model, state.place, unit)
    changed = arrays_of(state)
    for piece in pieces:
        assert changed[piece.array][piece.index].size == piece.count
        changed[piece.array][piece.index] += 0.5
    first, second = state.ends
    before, after = run(state, arrays_of(state)), run(state, changed)

    def moved(id: str, t: int) -> bool:
        return bool((before.array(id, state.place, t) != after.array(id, state.place, t)).any())

    output = "m" if state.num_proj else "h"
    assert not moved(output, first)
    assert moved(output, second)
    assert moved("h", first) == bool(state.num_proj)


def page(client: TestClient, query: Query) -> str:
    return client.get("/", params={"view": "weights", "only": "page", **query}).text


def plain(html: str) -> str:
    return " ".join(sub("<[^>]*>", "", html).split())


@pytest.mark.parametrize("query", some(SUPPORTED, 12), ids=query_id)
def test_the_page_lists_a_units_parameters_by_array(client: TestClient, query: Query) -> None:
    state = url_state_of(query)
    html = page(client, {**query, "unit": 3})
    counted = sum(p.count for p in owned(state.shown_model, state.place, 3))
    (formula, count) = search(r"Unit 3 owns (.*?) = <strong>([\d,]+)</strong> parameters", html, DOTALL).groups()  # type: ignore[union-attr]
    assert int(count) == counted == eval(plain(formula).replace("×", "*"))
    (table,) = findall(r'<table class="slices">(.*?)</table>', html, DOTALL)
    for piece in owned(state.shown_model, state.place, 3):
        assert f"{piece.written}</code> of {piece.gate}" in table
    assert sum(int(n.replace(",", "")) for n in findall(r"<td>([\d,]+)</td></tr>", table)) == counted


def ticked(html: str) -> tuple[list[str], dict[str, list[bool]]]:
    (table,) = findall(r'<table class="ticks">(.*?)</table>', html, DOTALL)
    head, body = table.split("<tbody>")
    names = [plain(cell) for cell in findall(r"<th.*?</th>", head)][1:]
    rows = {}
    for row in findall(r"<tr.*?</tr>", body, DOTALL):
        rows[plain(findall(r"<th.*?</th>", row)[0])] = ["yes" in plain(cell) for cell in findall(r"<td.*?</td>", row)]
    return names, rows


@pytest.mark.parametrize(
    "query",
    [{"cell": cell} for cell in CELLS]
    + [{"cell": cell, "num_proj": 3} for cell in PROJECTED]
    + [{**STACKED, "layer": 1}],
    ids=query_id,
)
def test_a_tensor_has_a_tick_for_each_size_that_its_axes_name(client: TestClient, query: Query) -> None:
    names, rows = ticked(page(client, query))
    document: dict[str, Any] = client.get("/trace.json", params=query).json()

    assert [tensor["id"] for tensor in document["tensors"]] == list(rows)
    for tensor in document["tensors"]:
        words = set(findall(r"[a-z_]+", " ".join(tensor["axes"])))
        assert rows[tensor["id"]] == [name in words for name in names], tensor["id"]
    assert {id for id, ticks in rows.items() if ticks[names.index("time_step")]} == {"X", "Y"}


@pytest.mark.parametrize("query", [{"cell": cell} for cell in CELLS] + [{"num_proj": 3}], ids=query_id)
def test_the_effect_of_doubling_equals_the_doubled_model(client: TestClient, query: Query) -> None:
    html = page(client, query)
    sizes = {
        "batch_size": 3,
        "time_step": 4,
        "features": 2,
        "num_units": 5,
        **{k: v for k, v in query.items() if k != "cell"},
    }
    total = client.get("/trace.json", params=query).json()["parameters"]["total"]
    for name, size in sizes.items():
        (item,) = (plain(line) for line in findall(r"<li>.*?</li>", html) if plain(line).startswith(f"{name} "))
        twice = client.get("/trace.json", params={**query, name: 2 * size}).json()
        learned = twice["parameters"]["total"]
        assert f"{name} {size} → {2 * size}: " in item
        assert (f"still {total} parameters" if learned == total else f"{total} → {learned} parameters") in item
        before = {t["id"]: t["shape"] for t in client.get("/trace.json", params=query).json()["tensors"]}
        grow = {t["id"] for t in twice["tensors"] if t["shape"] != before[t["id"]]}
        read = item.partition("; ")[2]
        if read.startswith("every tensor except "):
            rest = read.removeprefix("every tensor except ").removesuffix(".").rpartition(" grows")[0]
            left = (
                {t["id"] for t in twice["tensors"] if t["role"] == "weight"}
                if rest == "the weights"
                else set(findall(r"\w+", rest)) - {"and"}
            )
            assert grow == set(before) - left
            assert len(left) <= len(grow), "the tensors that grow are fewer, so they are named"
        else:
            assert grow == set(findall(r"\w+", read.partition(" grow")[0])) - {"and", "only"}


def test_a_unit_can_be_chosen_by_links(client: TestClient) -> None:
    few, many = (page(client, {"num_units": num_units, "time_step": 10_000}) for num_units in (12, 8192))
    (reading,) = findall(r'<section class="unit-note".*?</section>', few, DOTALL)
    assert [f'view=weights&amp;unit={k}"' in reading for k in range(13)] == [True] * 12 + [False]
    assert all(f"unit={k}" in many for k in (0, 4096, 8191)) and many.count("unit=") < 120

    chosen = page(client, {"unit": 4})
    assert 'href="/?view=weights&amp;unit=3" aria-label="previous unit"' in chosen and '"next unit"' not in chosen
    assert 'href="/?view=weights" aria-label="no unit">none</a>' in chosen


def test_any_of_many_units_can_be_reached_by_few_links(client: TestClient) -> None:
    query: Query = {"num_units": 8192, "time_step": 10_000}
    target, at, steps = 5389, 4096, 0
    while at != target:
        html = page(client, {**query, "unit": at})
        (reading,) = findall(r'<section class="unit-note".*?</section>', html, DOTALL)
        there = {int(k) for k in findall(r'href="/[^"]*[;&]unit=(\d+)(?:&amp;column=\d+)?"', reading)}
        at, steps = min(there, key=lambda k: abs(k - target)), steps + 1
        assert 'aria-label="100 units back">−100</a>' in reading
    assert steps <= 2 + 3 + 2 + 3

    assert "−10" in page(client, {"num_units": 11, "unit": 10}) and "Jump" not in page(client, {"unit": 4})
    last = page(client, {**query, "unit": 8191})
    assert 'units back"' in last and 'units forward"' not in last


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "20 parameters, one for each gate of each unit."),
        ("cell=rnn", "5 parameters, one for each unit."),
        ("cell=rnn&num_units=1", "1 parameter, for the one unit."),
        ("num_proj=3", "3 parameters, one for each component of h."),
        ("num_proj=1", "1 parameter, for the one component of h."),
        ("cell=lstm_coupled", "15 parameters, one for each gate of each unit except i, which has no weights."),
        (
            "cell=lstm_coupled&framework=onnx",
            "15 parameters, one for each gate of each unit except f, whose block nothing reads.",
        ),
    ],
)
def test_the_parameters_that_read_a_unit_are_counted_in_the_frameworks_layout(
    client: TestClient, query: str, words: str
) -> None:
    assert words in client.get(f"/?view=weights&unit=0&{query}").text
