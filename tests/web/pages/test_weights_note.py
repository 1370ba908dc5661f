"""What is said under the weights: a unit's numbers are the unit's, by NumPy; ticks and doublings follow the shapes."""

from re import DOTALL, findall, search, sub
from typing import Any

import numpy as np
import pytest
from framework_queries import STACKED, THERE, Query, named
from starlette.testclient import TestClient

from app.core.cells import CELLS, PROJECTED
from app.core.initializers import Weights, stack_weights
from app.core.input_data import make_input
from app.core.ops import Array
from app.core.run import run_stack
from app.core.trace import StackTrace
from app.frameworks import OURS
from app.frameworks.exported_weights import stored_weights
from app.frameworks.unit_slices import owned, read_by
from app.frameworks.weight_layout import heights
from app.query.parsing import parse
from app.query.view import View

ONE_OF_EACH = {"batch_size": 2, "time_step": 1, "features": 3, "num_units": 5}


def view_of(query: Query) -> View:
    words = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in query.items()}
    return parse(words.items(), strict=True)


def arrays_of(view: View) -> dict[str, Array]:
    """All arrays of the framework, in float64, as it keeps them."""
    weights = stack_weights(view.stack, 3, np.float64)
    return {name: array.copy() for name, array in stored_weights(view.model, weights).items()}


def ours(view: View, arrays: dict[str, Array]) -> Weights:
    """The framework's arrays as our own, cell by cell."""
    stack, model = view.stack, view.model
    layout, mine, found = model.layout, OURS.model(stack).layout, {}
    for place in stack.places:
        own = {}
        for p in layout.parameters:
            array = arrays[model.full_name(p.name, place)]
            both = view.framework == "onnx"  # the only one that keeps both directions in one array
            own[p.name] = array[stack.directions.index(place[1])] if both else array
        blocks = layout.unpack(own, heights(stack, place))
        found[place] = {p.name: mine.array(p, blocks) for p in mine.parameters}
    return found


def run(view: View, arrays: dict[str, Array]) -> StackTrace:
    return run_stack(view.stack, ours(view, arrays), make_input(view.stack.sizes, 3, np.float64), view.goes_backwards)


def gates(view: View) -> list[str]:
    """What a step computes with the weights of the cell."""
    return [
        id
        for id in ("f", "i", "g", "o", "r", "z", "a")
        if id in view.program.by_id and (id != "a" or view.cell == "rnn")
    ]


EVERY = [{**query, **ONE_OF_EACH} for query in THERE] + [{**query, **ONE_OF_EACH, **STACKED} for query in THERE]


@pytest.mark.parametrize("query", EVERY, ids=named)
def test_a_units_own_numbers_change_its_gates_alone_and_nothing_else_changes_them(query: Query) -> None:
    view, unit = view_of(query), 3
    asked = view.model, view.place, unit
    before = run(view, arrays_of(view))

    changed = arrays_of(view)
    for piece in owned(*asked):
        changed[piece.array][piece.index] += 0.5
    after = run(view, changed)

    others = {name: array + 0.5 for name, array in arrays_of(view).items()}
    kept = arrays_of(view)
    for piece in owned(*asked):
        others[piece.array][piece.index] = kept[piece.array][piece.index]
    elsewhere = run(view, others)

    for gate in gates(view):
        was, now, other = (trace.array(gate, view.place, 0) for trace in (before, after, elsewhere))
        assert (was != now).any(axis=0).tolist() == [k == unit for k in range(view.num_units)], gate
        assert (was != other).any(axis=0).tolist() == [k != unit for k in range(view.num_units)], gate


@pytest.mark.parametrize("query", EVERY, ids=named)
def test_every_number_of_a_cell_is_one_units_own_but_for_the_projection_and_what_nothing_reads(query: Query) -> None:
    view = view_of(query)
    arrays = {name: np.zeros(array.shape, int) for name, array in arrays_of(view).items()}
    counted = 0
    for unit in range(view.num_units):
        for piece in owned(view.model, view.place, unit):
            arrays[piece.array][piece.index] += 1
            counted += piece.count
    assert sum(int(array.sum()) for array in arrays.values()) == counted
    assert {int(n) for array in arrays.values() for n in np.unique(array)} <= {0, 1}

    cell = view.model.layout
    gates, used = len(cell.gates), len(cell.gates) - len(cell.opposite)
    own = [p for p in cell.parameters if "w" not in p.parts]
    names = {view.model.full_name(p.name, view.place) for p in own}
    share = len(view.stack.directions) if view.framework == "onnx" else 1
    held = sum(arrays[name].size for name in names) // share
    assert counted * gates == held * used


@pytest.mark.parametrize("query", EVERY, ids=named)
def test_what_reads_a_unit_is_what_its_number_of_h_is_multiplied_by(query: Query) -> None:
    """Changed, it changes nothing in the first step, where h is 0, unless a projection has still to make h."""
    view, unit = view_of({**query, "time_step": 2}), 3
    pieces = read_by(view.model, view.place, unit)
    changed = arrays_of(view)
    for piece in pieces:
        assert changed[piece.array][piece.index].size == piece.count
        changed[piece.array][piece.index] += 0.5
    first, second = view.ends
    before, after = run(view, arrays_of(view)), run(view, changed)

    def moved(id: str, t: int) -> bool:
        return bool((before.array(id, view.place, t) != after.array(id, view.place, t)).any())

    made = "m" if view.num_proj else "h"
    assert not moved(made, first)
    assert moved(made, second)
    assert moved("h", first) == bool(view.num_proj)


def page(client: TestClient, query: Query) -> str:
    return client.get("/", params={"view": "weights", "only": "page", **query}).text


def plain(html: str) -> str:
    return " ".join(sub("<[^>]*>", "", html).split())


@pytest.mark.parametrize("query", THERE, ids=named)
def test_the_page_counts_what_a_unit_owns_and_lists_it_by_array(client: TestClient, query: Query) -> None:
    view = view_of(query)
    html = page(client, {**query, "unit": 3})
    counted = sum(p.count for p in owned(view.model, view.place, 3))
    (formula, said) = search(r"Unit 3 owns (.*?) = <strong>([\d,]+)</strong> numbers", html, DOTALL).groups()  # type: ignore[union-attr]
    assert int(said) == counted == eval(plain(formula).replace("×", "*"))
    (table,) = findall(r'<table class="slices">(.*?)</table>', html, DOTALL)
    for piece in owned(view.model, view.place, 3):
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
    ids=named,
)
def test_a_tensor_has_a_tick_for_each_size_that_its_axes_name(client: TestClient, query: Query) -> None:
    names, rows = ticked(page(client, query))
    document: dict[str, Any] = client.get("/trace.json", params=query).json()

    assert [tensor["id"] for tensor in document["tensors"]] == list(rows)
    for tensor in document["tensors"]:
        words = set(findall(r"[a-z_]+", " ".join(tensor["axes"])))
        assert rows[tensor["id"]] == [name in words for name in names], tensor["id"]
    assert {id for id, ticks in rows.items() if ticks[names.index("time_step")]} == {"X", "Y"}


@pytest.mark.parametrize("query", [{"cell": cell} for cell in CELLS] + [{"num_proj": 3}], ids=named)
def test_what_doubles_is_counted_as_the_doubled_model_counts_it(client: TestClient, query: Query) -> None:
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
        (said,) = (plain(line) for line in findall(r"<li>.*?</li>", html) if plain(line).startswith(f"{name} "))
        twice = client.get("/trace.json", params={**query, name: 2 * size}).json()
        learned = twice["parameters"]["total"]
        assert f"{name} {size} → {2 * size}: " in said
        assert (f"still {total} numbers" if learned == total else f"{total} → {learned} numbers") in said
        before = {t["id"]: t["shape"] for t in client.get("/trace.json", params=query).json()["tensors"]}
        grow = {t["id"] for t in twice["tensors"] if t["shape"] != before[t["id"]]}
        told = said.partition("; ")[2]
        if told.startswith("every tensor grows but "):
            rest = told.removeprefix("every tensor grows but ").rstrip(".")
            left = (
                {t["id"] for t in twice["tensors"] if t["role"] == "weight"}
                if rest == "the weights"
                else set(findall(r"\w+", rest)) - {"and"}
            )
            assert grow == set(before) - left
        else:
            assert grow == set(findall(r"\w+", told.partition(" grow")[0])) - {"and"}


def test_a_unit_is_chosen_by_links(client: TestClient) -> None:
    few, many = page(client, {}), page(client, {"num_units": 8192, "time_step": 10_000})
    assert [f'href="/?view=weights&amp;unit={k}"' in few for k in range(6)] == [True] * 5 + [False]
    assert all(f"unit={k}" in many for k in (0, 4096, 8191)) and many.count("unit=") < 120

    chosen = page(client, {"unit": 4})
    assert 'href="/?view=weights&amp;unit=3"' in chosen and 'unit=5"' not in chosen
    assert 'href="/?view=weights" rel="nofollow" aria-label="any unit">any</a>' in chosen


def test_any_unit_of_many_is_reached_in_few_steps_by_links(client: TestClient) -> None:
    query: Query = {"num_units": 8192, "time_step": 10_000}
    wanted, at, steps = 5389, 4096, 0
    while at != wanted:
        html = page(client, {**query, "unit": at})
        (reading,) = findall(r'<section class="unit-note".*?</section>', html, DOTALL)
        there = {int(k) for k in findall(r'href="/[^"]*[;&]unit=(\d+)(?:&amp;column=\d+)?"', reading)}
        at, steps = min(there, key=lambda k: abs(k - wanted)), steps + 1
        assert 'aria-label="100 units back">−100</a>' in reading
    assert steps <= 2 + 3 + 2 + 3

    assert "−10" in page(client, {"num_units": 11, "unit": 10}) and "Farther" not in page(client, {"unit": 4})
    last = page(client, {**query, "unit": 8191})
    assert 'units back"' in last and 'units on"' not in last


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "20 numbers, one for every gate of every unit."),
        ("cell=rnn", "5 numbers, one for every unit."),
        ("cell=rnn&num_units=1", "1 number, for the one unit."),
        ("num_proj=3", "3 numbers, one for every number of h."),
        ("num_proj=1", "1 number, for the one number of h."),
        ("cell=lstm_coupled", "15 numbers, one for every gate of every unit but i, which has no weights."),
        (
            "cell=lstm_coupled&framework=onnx",
            "15 numbers, one for every gate of every unit but f, whose block nothing reads.",
        ),
    ],
)
def test_what_reads_a_unit_is_counted_as_it_is_stored(client: TestClient, query: str, words: str) -> None:
    assert words in client.get(f"/?view=weights&unit=0&{query}").text
