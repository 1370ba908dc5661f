"""The text under the gradients: the shape and the norm of every gradient, and the norms over time."""

import re

import numpy as np
import pytest
from app_client import TestClient
from framework_queries import STACKED, Query, query_id
from page_text import links, words

from app.core.cells import CELLS
from app.core.work_limits import MAX_GRADIENT_STEPS
from app.web.pages.parts.below_picture.gradients import rounded

VIEW: Query = {"view": "gradients", "only": "page"}
LONG: Query = {"time_step": MAX_GRADIENT_STEPS + 1, "batch_size": 1, "features": 1, "num_units": 1}
LARGE: Query = {"batch_size": 1024, "time_step": 10_000, "features": 4096, "num_units": 8192}


def rows(page: str) -> dict[str, tuple[str, str]]:
    """The shape and the norm of each gradient in the table."""
    table = page.split('<table class="gradients">')[1].split("</table>")[0]
    found = {}
    for line in re.findall(r"<tr.*?</tr>", table, re.DOTALL)[1:]:
        cells = [words(cell) for cell in re.split(r"<td.*?>", line)]
        found[cells[0].removeprefix("∂")] = (cells[1], cells[2])
    return found


@pytest.mark.parametrize("query", [*({"cell": cell} for cell in CELLS), STACKED, {"num_proj": 3}], ids=query_id)
def test_the_table_equals_gradients_json(client: TestClient, query: Query) -> None:
    document = client.get("/gradients.json", params=query).json()
    table = rows(client.get("/", params=query | VIEW).text)

    assert [*table] == [t["id"] for t in document["tensors"]][::-1]
    for t in document["tensors"]:
        written, norm = table[t["id"]]
        value = t["norm"][2] if isinstance(t["norm"], list) else t["norm"]
        assert norm == rounded(value)
        numbers = written.split(" summed over ")[0]
        assert ("summed over batch_size and time_step" in written) == (t["summed_over"] != [])
        sizes = [3, 4, *t["shape"]] if t["summed_over"] else t["shape"]
        shape = re.sub(r"\s", "", numbers).replace("·", "*").split("×")
        assert [eval(part) for part in shape] == sizes  # our own digits, + and *


@pytest.mark.parametrize("query", [{}, {"tensor": "concat"}, {"tensor": "c"}, {"tensor": "kernel"}], ids=query_id)
def test_the_chart_has_the_selected_tensor_and_the_states(client: TestClient, query: Query) -> None:
    page = client.get("/", params=query | VIEW).text
    followed = {"concat": "concat, h, c", "c": "c, h"}.get(query.get("tensor", ""), "h, c")
    assert f'aria-label="Norms of the gradients of {followed} at every step"' in page


def test_a_vanishing_gradient_is_described_in_words(client: TestClient) -> None:
    query: Query = {"time_step": 30}
    h = next(t["norm"] for t in client.get("/gradients.json", params=query).json()["tensors"] if t["id"] == "h")
    assert f"∂h from {rounded(h[-1])} to {rounded(h[0])}" in words(client.get("/", params=query | VIEW).text)


def test_a_single_step_has_no_text_about_backpropagation_through_time(client: TestClient) -> None:
    page = words(client.get("/", params={"time_step": 1, "t": 0} | VIEW).text)
    assert "Size (L2 norm) of each gradient" in page
    assert "From step 0 back" not in page and "vanishing" not in page


def test_a_reversed_direction_is_described_in_the_order_of_time(client: TestClient) -> None:
    page = words(client.get("/", params=STACKED | VIEW | {"direction": "backward"}).text)
    assert "From step 0 back to step 3:" in page and "No gradient flows" not in page


@pytest.mark.parametrize(
    "query", [{"bidirectional": True}, {**STACKED, "layer": 1, "time_step": 7}, {"bidirectional": True, **LARGE}]
)
def test_the_page_says_that_no_gradient_flows_if_the_last_output_was_computed_first(
    client: TestClient, query: Query
) -> None:
    """If the page says so, the gradients of every other step are 0."""
    for direction in ("forward", "backward"):
        fields = query | VIEW | {"direction": direction}
        page = words(client.get("/", params=fields).text)
        assert ("No gradient flows to the other steps" in page) == (direction == "backward")
        assert "is a vanishing gradient" not in page or direction == "forward"
        for t in client.get("/gradients.json", params=query | {"direction": direction}).json()["tensors"]:
            if isinstance(t["norm"], list) and t["id"] in ("h", "c"):
                assert (t["norm"][:-1] == [0] * (len(t["norm"]) - 1)) == (direction == "backward")


def test_a_single_step_has_no_such_note(client: TestClient) -> None:
    query: Query = {"bidirectional": True, "direction": "backward", "time_step": 1}
    assert "No gradient flows" not in words(client.get("/", params=query | VIEW).text)


@pytest.mark.parametrize(
    ("query", "reason"), [(LONG, "needs 2,001 backward steps (limit: 2,000)"), (LARGE, "nothing was executed")]
)
def test_beyond_the_limits_there_are_only_shapes_and_a_reason(client: TestClient, query: Query, reason: str) -> None:
    page = client.get("/", params=query | VIEW).text
    assert f"without norms: {reason}" in words(page)
    assert "Norms of the gradients" not in page
    assert {norm for _, norm in rows(page).values()} == {"–"}


def test_a_norm_that_underflows_is_called_small_and_not_zero(client: TestClient) -> None:
    small = "A norm of 0 here is less than 10⁻³⁸"
    assert small in words(client.get("/", params=VIEW | {"time_step": 500, "t": 0}).text)
    assert small not in words(client.get("/", params=VIEW).text)
    nothing: Query = {"bidirectional": True, "direction": "backward"}
    assert small not in words(client.get("/", params=VIEW | nothing).text)


def test_each_gradient_links_to_its_tensor_and_the_page_to_gradients_json(client: TestClient) -> None:
    there = links(client.get("/", params=VIEW).text)
    assert "/?view=gradients&tensor=tanh_c" in there
    assert "/gradients.json?view=gradients" in there


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.0, "0"), (0.012345, "0.0123"), (3.8729, "3.87"), (123.4, "123"), (1.234e-5, "1.23 × 10⁻⁵"), (1e12, "1 × 10¹²")],
)
def test_a_norm_has_three_digits(value: float, written: str) -> None:
    assert rounded(value) == written
    assert rounded(float(np.float64(value))) == written
