"""/gradients.json: shapes and norms of what every tensor weighs in the last output."""

import tracemalloc

import numpy as np
import pytest
from asking import STACKED, Query, named
from starlette.testclient import TestClient

from app.core.backward import of_last_output
from app.core.cells import CELLS
from app.web.gradients import MOST_STEPS, norms_of
from app.web.runs import execute
from app.web.view import parse

LONG: Query = {"time_step": MOST_STEPS + 1, "batch_size": 1, "features": 1, "num_units": 1}


@pytest.mark.parametrize("query", [*({"cell": cell} for cell in CELLS), STACKED, {"num_proj": 3}], ids=named)
def test_every_gradient_has_the_shape_of_its_tensor(client: TestClient, query: Query) -> None:
    trace = client.get("/trace.json", params=query).json()
    document = client.get("/gradients.json", params=query).json()
    shapes = {t["id"]: (t["axes"], t["shape"]) for t in trace["tensors"] if t["role"] != "output"}

    assert document["executed"] and document["reason"] is None
    assert {t["id"]: (t["axes"], t["shape"]) for t in document["tensors"]} == shapes
    for t in document["tensors"]:
        steps = next(one["per_step"] for one in trace["tensors"] if one["id"] == t["id"])
        assert len(t["norm"]) == 4 if steps else t["norm"] >= 0
        role = next(one["role"] for one in trace["tensors"] if one["id"] == t["id"])
        assert t["summed_over"] == (["batch_size", "time_step"] if role == "weight" else [])


def test_the_last_output_weighs_one_for_each_of_its_numbers_and_earlier_ones_less(client: TestClient) -> None:
    document = client.get("/gradients.json", params={"time_step": 30}).json()
    (h,) = (t["norm"] for t in document["tensors"] if t["id"] == "h")

    assert h[-1] == pytest.approx(15**0.5)
    assert h[0] < 0.01 * h[-1]


def test_a_direction_that_goes_back_weighs_its_steps_in_the_order_of_time(client: TestClient) -> None:
    """Its last step is the first in time, and that alone is in no other direction's last output."""
    query: Query = {"bidirectional": "true", "direction": "backward", "time_step": 30}
    document = client.get("/gradients.json", params=query).json()
    (h,) = (t["norm"] for t in document["tensors"] if t["id"] == "h")

    # the output at the last step of time has the h of the first step that this direction takes
    assert h[-1] == pytest.approx(15**0.5)
    assert h[:-1] == [0] * 29


def test_of_a_run_only_the_norms_are_kept() -> None:
    """Each gradient is as large as its tensor, and all of them as all that a run may record."""
    pairs = {"num_units": "499", "time_step": "3", "num_layers": "2", "bidirectional": "true"}
    view = parse(pairs.items(), strict=True)
    trace = execute(view)
    tracemalloc.start()
    norms, _ = norms_of(view, trace, "")
    kept, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert norms
    assert kept < 1_000_000 < most


def test_a_long_answer_has_six_digits_for_each_number(client: TestClient) -> None:
    query: Query = {"time_step": 997, "batch_size": 2}
    answer = client.get("/gradients.json", params=query)
    view = parse([(name, str(value)) for name, value in query.items()], strict=True)
    found = of_last_output(execute(view))[0, "forward"].norms
    for t in answer.json()["tensors"]:
        if isinstance(t["norm"], list):
            np.testing.assert_allclose(t["norm"], found[t["id"]], rtol=1e-5)
            assert all(len(f"{norm!r}".partition("e")[0].replace(".", "").lstrip("0")) <= 7 for norm in t["norm"])


@pytest.mark.parametrize("query", [LONG, {"num_units": 8192}], ids=["long", "large"])
def test_past_the_limits_there_are_shapes_only_and_a_reason(client: TestClient, query: Query) -> None:
    document = client.get("/gradients.json", params=query).json()

    assert not document["executed"] and document["reason"]
    assert all(t["norm"] is None and t["shape"] for t in document["tensors"])
