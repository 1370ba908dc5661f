"""What the page says under the way back: every gradient's shape and size, and the sizes over time."""

import re

import numpy as np
import pytest
from framework_queries import STACKED, Query, named
from page_text import links, words
from starlette.testclient import TestClient

from app.core.cells import CELLS
from app.query.run import MOST_GRADIENT_STEPS
from app.web.pages.parts.notes.gradients import rounded

VIEW: Query = {"view": "gradients"}
LONG: Query = {"time_step": MOST_GRADIENT_STEPS + 1, "batch_size": 1, "features": 1, "num_units": 1}
LARGE: Query = {"batch_size": 1024, "time_step": 10_000, "features": 4096, "num_units": 8192}


def rows(page: str) -> dict[str, tuple[str, str]]:
    """Of each gradient of the table its shape and its norm."""
    table = page.split('<table class="gradients">')[1].split("</table>")[0]
    found = {}
    for line in re.findall(r"<tr.*?</tr>", table, re.DOTALL)[1:]:
        cells = [words(cell) for cell in re.split(r"<td.*?>", line)]
        found[cells[0].removeprefix("∂")] = (cells[1], cells[2])
    return found


@pytest.mark.parametrize("query", [*({"cell": cell} for cell in CELLS), STACKED, {"num_proj": 3}], ids=named)
def test_the_table_says_what_the_document_says(client: TestClient, query: Query) -> None:
    document = client.get("/gradients.json", params=query).json()
    table = rows(client.get("/", params=query | VIEW).text)

    assert [*table] == [t["id"] for t in document["tensors"]][::-1]
    for t in document["tensors"]:
        said, norm = table[t["id"]]
        value = t["norm"][2] if isinstance(t["norm"], list) else t["norm"]
        assert norm == rounded(value)
        numbers = said.split(" summed over ")[0]
        assert ("summed over batch_size and time_step" in said) == (t["summed_over"] != [])
        sizes = [3, 4, *t["shape"]] if t["summed_over"] else t["shape"]
        shape = re.sub(r"\s", "", numbers).replace("·", "*").split("×")
        assert [eval(part) for part in shape] == sizes  # our own digits, + and *


@pytest.mark.parametrize("query", [{}, {"tensor": "concat"}, {"tensor": "c"}, {"tensor": "kernel"}], ids=named)
def test_the_selected_tensor_and_the_states_are_followed(client: TestClient, query: Query) -> None:
    page = client.get("/", params=query | VIEW).text
    followed = {"concat": "concat, h, c", "c": "c, h"}.get(query.get("tensor", ""), "h, c")
    assert f'aria-label="Norms of the gradients of {followed} at every step"' in page


def test_what_vanishes_is_said_in_words(client: TestClient) -> None:
    query: Query = {"time_step": 30}
    h = next(t["norm"] for t in client.get("/gradients.json", params=query).json()["tensors"] if t["id"] == "h")
    assert f"∂h from {rounded(h[-1])} to {rounded(h[0])}" in words(client.get("/", params=query | VIEW).text)


def test_of_a_single_step_nothing_is_said_of_a_way_back(client: TestClient) -> None:
    page = words(client.get("/", params={"time_step": 1, "t": 0} | VIEW).text)
    assert "How large the gradients are" in page
    assert "From step 0 back" not in page and "on its way back" not in page


def test_the_direction_that_goes_back_is_told_in_the_order_of_time(client: TestClient) -> None:
    page = words(client.get("/", params=STACKED | VIEW | {"direction": "backward"}).text)
    assert "From step 0 back to step 3:" in page and "nothing flows" not in page


@pytest.mark.parametrize(
    "query", [{"bidirectional": True}, {**STACKED, "layer": 1, "time_step": 7}, {"bidirectional": True, **LARGE}]
)
def test_where_the_last_output_is_the_first_that_was_made_it_says_that_nothing_flows(
    client: TestClient, query: Query
) -> None:
    """And where it says so, every other step's gradients are 0."""
    for direction in ("forward", "backward"):
        asked = query | VIEW | {"direction": direction}
        page = words(client.get("/", params=asked).text)
        assert ("nothing flows to another step" in page) == (direction == "backward")
        assert "is a gradient that vanishes" not in page or direction == "forward"
        for t in client.get("/gradients.json", params=asked).json()["tensors"]:
            if isinstance(t["norm"], list) and t["id"] in ("h", "c"):
                assert (t["norm"][:-1] == [0] * (len(t["norm"]) - 1)) == (direction == "backward")


def test_a_single_step_has_nothing_to_flow_to(client: TestClient) -> None:
    query: Query = {"bidirectional": True, "direction": "backward", "time_step": 1}
    assert "nothing flows" not in words(client.get("/", params=query | VIEW).text)


@pytest.mark.parametrize(
    ("query", "reason"), [(LONG, "takes 2,001 steps back, the limit is 2,000"), (LARGE, "nothing was executed")]
)
def test_past_the_limits_there_are_shapes_only_and_a_reason(client: TestClient, query: Query, reason: str) -> None:
    page = client.get("/", params=query | VIEW).text
    assert f"Shapes only: {reason}" in words(page)
    assert "Norms of the gradients" not in page
    assert {norm for _, norm in rows(page).values()} == {"–"}


def test_a_norm_that_float32_cannot_hold_is_said_to_be_small_and_not_to_be_nothing(client: TestClient) -> None:
    small = "A norm of 0 here is less than 10⁻³⁸"
    assert small in words(client.get("/", params=VIEW | {"time_step": 500, "t": 0}).text)
    assert small not in words(client.get("/", params=VIEW).text)
    nothing: Query = {"bidirectional": True, "direction": "backward"}
    assert small not in words(client.get("/", params=VIEW | nothing).text)


def test_each_gradient_selects_its_tensor_and_the_document_is_near(client: TestClient) -> None:
    there = links(client.get("/", params=VIEW).text)
    assert "/?view=gradients&tensor=tanh_c" in there
    assert "/gradients.json?view=gradients" in there


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "0"), (0.012345, "0.0123"), (3.8729, "3.87"), (123.4, "123"), (1.234e-5, "1.23 × 10⁻⁵"), (1e12, "1 × 10¹²")],
)
def test_a_norm_has_three_digits(value: float, said: str) -> None:
    assert rounded(value) == said
    assert rounded(float(np.float64(value))) == said
