"""/values.json: a page of a tensor's values as a heatmap, and some values over time as lines."""

import gzip
from functools import cache
from typing import Any

import numpy as np
import pytest
from app_client import TestClient
from framework_queries import STACKED, Query, query_id
from page_text import links, words
from pairing import in_turn, some
from plotly import graph_objects

from app.core.axes import axis
from app.core.cells import CELLS
from app.core.program import capture
from app.diagram.charts.downsampling import MOST
from app.diagram.charts.plotly_values_figure import MapAxis, ValueGrid, values_figure
from app.diagram.theme import LIGHT
from app.diagram.views import STEPPED, VIEWS
from app.frameworks.unit_slices import ALL, owned, read_by
from app.url_state.parsing import parse
from app.url_state_to_picture.tensor_values import COLUMNS, ROWS

EVERY = [{"cell": id} for id in CELLS] + [{"num_proj": 3}, {**STACKED, "layer": 1, "direction": "backward"}]


@cache
def fetched(client: TestClient, path: str, **query: Any) -> Any:
    """A JSON response. Cached, since several tests need the same ones."""
    response = client.get(path, params=query)
    assert response.status_code == 200, response.text
    return response.json()


def figure(client: TestClient, **query: Any) -> dict[str, Any]:
    found: dict[str, Any] = fetched(client, "/values.json", **query)
    return found


def plain(client: TestClient, **query: Any) -> Any:
    """The values of /tensor.json."""
    return np.array(fetched(client, "/tensor.json", **query)["values"], np.float32)


def tensors(client: TestClient, query: Query) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = fetched(client, "/trace.json", **query)["tensors"]
    return found


def steps_of(tensor: dict[str, Any]) -> range:
    """The steps at which a tensor has values of its own; for a tensor without steps only step 1."""
    return range(4) if tensor["per_step"] else range(1, 2)


@pytest.mark.parametrize("query", EVERY, ids=query_id)
def test_the_heatmap_has_the_recorded_values_and_the_names_of_the_axes(client: TestClient, query: Query) -> None:
    for tensor in some(tensors(client, query), 8):
        plot = figure(client, **query, tensor=tensor["id"], t=1)
        values = plain(client, **query, tensor=tensor["id"], t=1)
        sheet = np.atleast_2d(values[0] if values.ndim > 2 else values)[:ROWS, :COLUMNS]
        np.testing.assert_allclose(plot["data"][0]["z"], sheet, atol=1e-6)
        layout, (*others, across) = plot["layout"], tensor["axes"]
        assert layout["xaxis"]["title"]["text"].partition(",")[0] == across
        assert not others or layout["yaxis"]["title"]["text"].partition(",")[0] == others[-1]
        graph_objects.Figure(plot)  # Plotly knows every key


@pytest.mark.parametrize("query", EVERY, ids=query_id)
def test_the_colour_scale_is_symmetric_and_the_same_at_every_step(client: TestClient, query: Query) -> None:
    for tensor in some(tensors(client, query), 6):
        ends = {
            (m["zmin"], m["zmax"])
            for m in (figure(client, **query, tensor=tensor["id"], t=t)["data"][0] for t in steps_of(tensor))
        }
        largest = max(abs(plain(client, **query, tensor=tensor["id"], t=t)).max() for t in steps_of(tensor))
        assert len(ends) == 1
        assert ends.pop() == pytest.approx((-largest, largest))


CHOSEN: tuple[Query, ...] = ({"unit": 3}, {"sample": 2, "unit": 0})


@pytest.mark.parametrize(("chosen", "query"), in_turn(CHOSEN, EVERY))
def test_the_lines_follow_the_chosen_unit_over_all_steps(client: TestClient, query: Query, chosen: Query) -> None:
    for tensor in some((t for t in tensors(client, query) if t["per_step"]), 5):
        every = np.stack([plain(client, **query, tensor=tensor["id"], t=t) for t in range(4)])
        plot = figure(client, **query, **chosen, tensor=tensor["id"])
        _, *lines = plot["data"]
        assert bool(lines) == any(unit is not None for unit in plot["layout"]["meta"]["units"])
        for line in lines:
            b, k = map(int, line["name"].partition("[")[2].removesuffix("]").split(", "))
            np.testing.assert_allclose(line["y"], every[:, b, k], rtol=1e-6)
            assert line["x"] == [0, 1, 2, 3]
            assert "sample" not in chosen or b == chosen["sample"]
            assert k % 5 == chosen["unit"]


def test_a_unit_has_a_preactivation_for_each_gate(client: TestClient) -> None:
    plot = figure(client, tensor="a", unit=3, sample=1)
    assert [line["name"] for line in plot["data"][1:]] == ["a[1, 3]", "a[1, 8]", "a[1, 13]", "a[1, 18]"]
    marks = [s["x0"] for s in plot["layout"]["shapes"] if s["type"] == "rect" and s["x1"] - s["x0"] == 1]
    assert marks == [2.5, 7.5, 12.5, 17.5]
    seams = [s["x0"] for s in plot["layout"]["shapes"] if s["type"] == "line" and "xref" not in s]
    assert seams == [4.5, 9.5, 14.5]


def test_tensors_without_steps_have_no_lines_and_no_text_about_them(client: TestClient) -> None:
    for tensor in ("kernel", "bias", "X", "Y", "h_T", "x"):
        query = {"tensor": tensor, "unit": "1"}
        assert len(figure(client, **query)["data"]) == 1
        assert "Line" not in values_in_words(client.get("/", params={**query, "only": "page"}).text)


def test_without_a_unit_there_are_no_lines_and_no_text_about_them(client: TestClient) -> None:
    for query in ({"tensor": "h"}, {"tensor": "a", "sample": "1"}):
        assert len(figure(client, **query)["data"]) == 1
        html = client.get("/", params={**query, "only": "page"}).text
        assert "Line" not in values_in_words(html) and 'class="lines"' not in html


def test_of_a_tensor_with_all_steps_one_sample_is_shown(client: TestClient) -> None:
    for sample in (None, 0, 2):
        plot = figure(client, tensor="Y", **({} if sample is None else {"sample": sample}))
        np.testing.assert_allclose(plot["data"][0]["z"], plain(client, tensor="Y")[sample or 0], atol=1e-6)


def test_following_a_sample_or_unit_turns_to_its_page(client: TestClient) -> None:
    sizes: Query = {"batch_size": 30, "num_units": 50, "tensor": "h", "sample": 23, "unit": 47}
    html = client.get("/", params=sizes).text
    assert 'href="/?batch_size=30&amp;num_units=50&amp;tensor=h&amp;sample=24&amp;unit=47&amp;row=24"' in html
    assert 'href="/?batch_size=30&amp;num_units=50&amp;tensor=h&amp;sample=23&amp;unit=48&amp;column=48"' in html
    assert 'href="/?batch_size=30&amp;num_units=50&amp;tensor=h&amp;sample=22&amp;unit=47"' in html


@pytest.mark.parametrize("scale", [3e-12, 0.0789, 1.0, 456.0, 2e20])
def test_values_are_rounded_in_proportion_to_the_scale(scale: float) -> None:
    values = scale * np.array([[1.0, -0.1234567, 1e-3]], np.float32)
    sheet = ValueGrid(values, None, MapAxis(axis("num_units"), 0, 3), scale)
    z = np.array(values_figure(sheet, [], None, {"num_units": 3}, LIGHT)["data"][0]["z"])
    np.testing.assert_allclose(z, values, atol=1e-6 * scale)
    assert [float(f"{n:.8g}") for n in z[0].tolist()] == pytest.approx(z[0].tolist(), rel=1e-12, abs=0)


LARGE: Query = {"batch_size": 31, "time_step": 2, "features": 53, "num_units": 29}


def test_the_pages_together_have_all_values(client: TestClient) -> None:
    (rows, columns) = 29 + 53, 4 * 29
    pages = [
        [figure(client, **LARGE, tensor="kernel", row=r, column=c)["data"][0] for c in range(0, columns, COLUMNS)]
        for r in range(0, rows, ROWS)
    ]
    np.testing.assert_allclose(
        np.block([[np.array(p["z"]) for p in line] for line in pages]),
        plain(client, **LARGE, tensor="kernel"),
        atol=1e-6,
    )
    assert [n for p in pages[0] for n in p["x"]] == list(range(columns))
    assert [n for line in pages for n in line[0]["y"]] == list(range(rows))


@pytest.mark.parametrize("time_step", [MOST, MOST + 1, 9973])
def test_a_downsampled_line_keeps_its_minimum_and_maximum(client: TestClient, time_step: int) -> None:
    query = {"batch_size": 1, "time_step": time_step, "features": 1, "num_units": 2}
    whole = plain(client, **query, tensor="Y")[0, :, 1]
    (line,) = figure(client, **query, tensor="h", unit=1, sample=0)["data"][1:]
    assert len(line["x"]) <= MOST
    assert line["x"] == sorted(line["x"])
    np.testing.assert_allclose(line["y"], whole[line["x"]], rtol=1e-6)
    assert (min(line["y"]), max(line["y"])) == pytest.approx((whole.min(), whole.max()))


@pytest.mark.parametrize(
    "query",
    [
        {"batch_size": 1, "time_step": 10_000, "tensor": "h", "num_units": 7},
        {"batch_size": 512, "time_step": 1, "features": 16, "num_units": 900, "tensor": "a"},
        {"batch_size": 1, "time_step": 1, "features": 4096, "num_units": 300, "tensor": "kernel"},
    ],
    ids=query_id,
)
def test_the_document_of_any_tensor_is_small(client: TestClient, query: Query) -> None:
    response = client.get("/values.json", params=query)
    assert response.json()["layout"]["meta"]["executed"]
    assert len(gzip.compress(response.content)) < 100_000


def test_without_a_run_the_document_has_the_reason(client: TestClient) -> None:
    plot = figure(client, tensor="h", num_units=8192, features=4096, batch_size=1024, time_step=10_000)
    assert plot["data"] == []
    assert not plot["layout"]["meta"]["executed"] and "GFLOP" in plot["layout"]["meta"]["reason"]


def test_the_columns_of_a_heatmap_have_their_units(client: TestClient) -> None:
    assert figure(client, tensor="a")["layout"]["meta"]["units"] == [*range(5)] * 4
    assert figure(client, tensor="concat")["layout"]["meta"]["units"] == [*range(5), None, None]
    assert figure(client, tensor="x")["layout"]["meta"]["units"] == [None, None]


ABOVE: list[Query] = [
    {"num_layers": 2, "layer": 1, "bidirectional": both, "cell": cell} for cell in CELLS for both in (True, False)
] + [{"num_layers": 2, "layer": 1, "num_proj": 3}, {"num_layers": 2, "layer": 1, "num_proj": 5}]


def marked(plot: dict[str, Any]) -> tuple[list[float], list[float]]:
    """The framed rows and columns."""
    frames = [s for s in plot["layout"]["shapes"] if s["type"] == "rect"]
    wide = [s for s in frames if s["x1"] - s["x0"] > 1]
    return [s["y0"] + 0.5 for s in wide], [s["x0"] + 0.5 for s in frames if s not in wide]


@pytest.mark.parametrize("query", ABOVE, ids=query_id)
def test_inputs_from_the_layer_below_are_no_units_of_the_cell(client: TestClient, query: Query) -> None:
    """In weights, the slices of the unit are marked: app/frameworks/unit_slices.py."""
    url_state = parse([(name, str(value).lower()) for name, value in query.items()], strict=True)
    pieces = [*owned(url_state.shown_model, url_state.place, 3), *read_by(url_state.shown_model, url_state.place, 3)]
    for weight in url_state.program.weights:
        own = [piece.index for piece in pieces if piece.array.rpartition("/")[2] == weight.id]
        rows = [index[0] for index in own if len(index) == 2 and index[1] == ALL]
        columns = [index[-1] for index in own if index[-1] != ALL]
        assert marked(figure(client, **query, tensor=weight.id, unit=3)) == (rows, columns), weight.id
    for tensor in ("x", "X"):
        plot = figure(client, **query, tensor=tensor, unit=3)
        assert marked(plot)[1] == [] and set(plot["layout"]["meta"]["units"]) == {None}


@pytest.mark.parametrize("query", ABOVE, ids=query_id)
def test_the_part_of_h_in_the_concatenation_has_units(client: TestClient, query: Query) -> None:
    width = {"num_proj": 0, **query}["num_proj"]
    for tensor in tensors(client, query):
        if tensor["id"] in ("concat", "reset_concat"):
            units = figure(client, **query, tensor=tensor["id"])["layout"]["meta"]["units"]
            assert units == ([None] * width or [*range(5)]) + [None] * (tensor["shape"][-1] - (width or 5))


def values_in_words(html: str) -> str:
    return words(html.partition('<div id="values-summary"')[2].partition("</div>")[0])


@pytest.mark.parametrize(("tensor", "sample"), [("X", 0), ("Y", 2), ("h", 2), ("kernel", 0)])
def test_minimum_maximum_and_mean_are_those_of_the_shown_sample(client: TestClient, tensor: str, sample: int) -> None:
    values = plain(client, tensor=tensor, **({"t": 2} if tensor == "h" else {}))
    own = values[sample] if values.ndim > 2 else values
    shown = values_in_words(client.get("/", params={"tensor": tensor, "sample": sample, "only": "page"}).text).replace(
        "−", "-"
    )
    assert f"all values: {own.min():.3f} to {own.max():.3f}, mean {own.mean():.3f}" in shown
    assert (f"· sample {sample} ·" in shown) == (values.ndim > 2)


@pytest.mark.parametrize("cell", some(CELLS, 3))
def test_the_default_tensor_is_shown_like_a_selected_one(client: TestClient, cell: str) -> None:
    query: Query = {"cell": cell, "batch_size": 30, "num_units": 50, "sample": 23, "unit": 47}
    default, selected = (
        client.get("/", params={**query, **more, "only": "page"}).text for more in ({}, {"tensor": "h"})
    )
    assert values_in_words(default) == values_in_words(selected) and "rows 0–23 of 30" in values_in_words(default)
    (more_rows,) = (link for link in links(default) if link.endswith("row=24") and "sample=23" in link)
    assert "tensor=h" in more_rows
    next_unit = next(link for link in links(default) if "unit=48" in link)
    assert "tensor=h" in next_unit and "column=48" in next_unit
    assert all("tensor=" not in link for link in links(default) if "unit=46" in link)


@pytest.mark.parametrize("view", VIEWS)
def test_operations_are_listed_only_while_stepping(client: TestClient, view: str) -> None:
    html = client.get("/", params={"view": view, "stepping": "true", "tensor": "a", "only": "page"}).text
    assert ('class="operations"' in html) == (view in STEPPED)


@pytest.mark.parametrize("cell", some(CELLS, 3))
def test_the_operations_are_listed_once_in_the_order_of_computation(client: TestClient, cell: str) -> None:
    step = [t.id for t in capture(CELLS[cell]).step]
    for n, id in some(enumerate(step), 3):
        html = client.get("/", params={"cell": cell, "stepping": "true", "tensor": id, "only": "page"}).text
        items = html[html.index('<ol class="operations"') : html.index("</ol>", html.index('<ol class="operations"'))]
        states = [piece.partition('"')[0] for piece in items.split('<li class="')[1:]]
        assert states == ["made"] * n + ["now"] + ["later"] * (len(step) - n - 1)
        assert items.count("stepping=true") == items.count("<a ") == len(step)
        pictures = items.split("<li")[1:]
        assert all(
            ('class="heat' in picture) == (state != "later") for picture, state in zip(pictures, states, strict=True)
        )


@pytest.mark.parametrize("tensor", ["X", "Y"])
@pytest.mark.parametrize("t", [0, 1, 3])
def test_the_row_of_the_focused_step_is_framed(client: TestClient, tensor: str, t: int) -> None:
    (frame,) = (s for s in figure(client, tensor=tensor, t=t)["layout"]["shapes"] if s["type"] == "rect")

    assert (frame["y0"], frame["y1"]) == (t - 0.5, t + 0.5)


@pytest.mark.parametrize("tensor", ["X", "h_T", "kernel"])
def test_tensor_json_ignores_the_step_of_a_tensor_without_steps(client: TestClient, tensor: str) -> None:
    assert client.get("/tensor.json", params={"tensor": tensor, "t": 99}).status_code == 200
    assert client.get("/values.json", params={"tensor": tensor, "t": 99}).status_code == (422 if tensor == "X" else 200)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"tensor": "a"}, ["f", "i", "g", "o"]),
        ({"tensor": "bias"}, ["f", "i", "g", "o"]),
        ({"tensor": "kernel"}, ["f", "i", "g", "o", "h", "x"]),
        ({"tensor": "concat"}, ["h", "x"]),
        ({"tensor": "kernel", "num_units": 30, "column": 35}, ["i", "g", "h"]),
        ({"tensor": "kernel", "num_units": 30, "row": 31}, ["f", "i", "x"]),
        ({"tensor": "h"}, []),
    ],
    ids=str,
)
def test_the_parts_of_a_heatmap_have_names(client: TestClient, query: Query, names: list[str]) -> None:
    assert [note["text"] for note in figure(client, **query)["layout"]["annotations"]] == names


@pytest.mark.parametrize("rows", [1, 5, 15, 24])
def test_squares_have_numbers_only_if_these_are_legible(rows: int) -> None:
    side = MapAxis(axis("batch_size"), 0, rows), MapAxis(axis("num_units"), 0, 5)
    sheet = ValueGrid(np.zeros((rows, 5)), *side, 1.0)
    (drawn,) = values_figure(sheet, [], None, {"batch_size": rows, "num_units": 5}, LIGHT)["data"]

    assert ("texttemplate" in drawn) == (rows <= 15)
    assert "color" not in drawn.get("textfont", {})  # Plotly chooses a colour that contrasts with each square


@pytest.mark.parametrize(("query", "room"), [({"row": 100}, 216), ({"column": 500}, 200)], ids=str)
def test_the_name_of_an_axis_is_at_most_as_long_as_the_axis(client: TestClient, query: Query, room: int) -> None:
    sizes = {"features": 28, "num_units": 1028, "tensor": "kernel"}
    layout = figure(client, **sizes, **query)["layout"]

    for side in ("xaxis", "yaxis"):
        title = layout[side]["title"]
        assert 0.61 * title["font"]["size"] * len(title["text"]) <= room + 16, title


def test_several_lines_have_a_legend_and_one_has_none(client: TestClient) -> None:
    page = words(client.get("/?tensor=h&unit=3").text)

    for number in ("h[0, 3]", "h[1, 3]", "h[2, 3]"):
        assert number in page
    assert "h[1, 3]" not in words(client.get("/?tensor=h&unit=3&sample=0").text)
