"""/tensor.json: the values of one tensor."""

from typing import Any

import numpy as np
import pytest
from counting import CountingRunner
from starlette.testclient import TestClient

from app.core.cells import CELLS
from app.core.program import capture
from app.core.scan import Trace, run
from app.core.weights import make_input, make_weights

PROGRAM = capture(CELLS["lstm"])
SIZES = {"batch_size": 3, "time_step": 4, "features": 2, "num_units": 5}


def executed(sizes: dict[str, int], seed: int = 0) -> Trace:
    return run(PROGRAM, sizes, make_weights(PROGRAM, sizes, seed), make_input(sizes, seed))


def document(client: TestClient, tensor: str, **query: Any) -> dict[str, Any]:
    answer = client.get("/tensor.json", params={"tensor": tensor, **query})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("t", range(4))
@pytest.mark.parametrize("tensor", PROGRAM.by_id)
def test_every_tensor_of_every_step_is_given_as_it_was_recorded(client: TestClient, tensor: str, t: int) -> None:
    found = document(client, tensor, t=t, seed=7)
    recorded = executed(SIZES, seed=7).array(tensor, t)

    assert found["executed"] and found["reason"] is None
    assert found["shape"] == list(recorded.shape) == list(np.shape(found["values"]))
    assert found["axes"] == [str(axis) for axis in PROGRAM.by_id[tensor].axes]
    np.testing.assert_array_equal(np.array(found["values"], np.float32), recorded)
    assert found["min"] == pytest.approx(recorded.min()) and found["max"] == pytest.approx(recorded.max())
    assert found["mean"] == pytest.approx(recorded.mean(), abs=1e-7)


@pytest.mark.parametrize("tensor", [t.id for t in PROGRAM.tensors if not t.per_step])
def test_the_step_is_ignored_by_what_has_none(client: TestClient, tensor: str) -> None:
    first = document(client, tensor, t=0)

    assert first["t"] is None
    assert document(client, tensor, t=3) == first


@pytest.mark.parametrize("t", ["999999", "4", "-1", "last", ""])
def test_a_step_that_there_is_not_is_ignored_too_by_what_has_none(client: TestClient, t: str) -> None:
    assert document(client, "kernel", t=t) == document(client, "kernel")
    refused = client.get("/tensor.json", params={"tensor": "h", "t": t})
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "t")


@pytest.mark.parametrize("tensor", [t.id for t in PROGRAM.step])
def test_the_step_is_named_by_what_has_one(client: TestClient, tensor: str) -> None:
    assert document(client, tensor)["t"] == 2
    assert document(client, tensor, t=3)["t"] == 3


def test_the_states_start_at_zero(client: TestClient) -> None:
    assert document(client, "h_prev", t=0)["values"] == document(client, "c_prev", t=0)["values"] == [[0.0] * 5] * 3


def test_the_output_holds_every_step_and_ends_with_the_last(client: TestClient) -> None:
    steps = [document(client, "h", t=t)["values"] for t in range(4)]

    assert document(client, "Y")["values"] == [list(of_one_sequence) for of_one_sequence in zip(*steps, strict=True)]
    assert document(client, "h_T")["values"] == steps[-1]


def test_another_seed_gives_other_values_and_the_same_seed_the_same(client: TestClient) -> None:
    values = [document(client, "kernel", seed=seed)["values"] for seed in (0, 1, 0)]

    assert values[0] == values[2] != values[1]


def test_a_hundred_thousand_numbers_are_nested_lists(client: TestClient) -> None:
    found = document(client, "h", batch_size=100, num_units=1000, features=1, time_step=1)

    assert np.shape(found["values"]) == (100, 1000)
    assert "pages" not in found


def test_more_are_given_in_pages_that_make_up_the_whole(client: TestClient) -> None:
    sizes = {"batch_size": 1, "time_step": 2, "features": 100, "num_units": 256}
    pages = [document(client, "kernel", **sizes, page=page) for page in range(4)]
    whole = executed(sizes).array("kernel").reshape(-1)

    assert [p["page"] for p in pages] == [0, 1, 2, 3]
    assert [p["offset"] for p in pages] == [0, 100_000, 200_000, 300_000]
    assert [len(p["values"]) for p in pages] == [100_000, 100_000, 100_000, whole.size - 300_000]
    assert {p["pages"] for p in pages} == {4} and {tuple(p["shape"]) for p in pages} == {(356, 1024)}
    np.testing.assert_array_equal(np.concatenate([np.array(p["values"], np.float32) for p in pages]), whole)
    assert {p["min"] for p in pages} == {pages[0]["min"]} and pages[0]["min"] == pytest.approx(whole.min())


def test_the_first_number_too_many_begins_a_page(client: TestClient) -> None:
    query = {"batch_size": 1, "time_step": 2, "features": 4096, "num_units": 25}  # X: 1 × 2 × 4096

    assert "pages" not in document(client, "X", **query)
    assert document(client, "kernel", **query)["pages"] == 5  # 4121 × 100


@pytest.mark.parametrize("tensor", PROGRAM.by_id)
def test_what_is_not_executed_has_its_shape_and_the_reason(client: TestClient, tensor: str) -> None:
    sizes = {"batch_size": 80, "time_step": 70, "features": 400, "num_units": 1150}
    found = document(client, tensor, **sizes)

    assert found["shape"] == list(PROGRAM.by_id[tensor].shape(sizes))
    assert found["executed"] is False
    assert found["reason"] == "needs 79.9 GFLOP, the limit is 4"
    assert found["values"] is found["min"] is found["max"] is found["mean"] is None


def test_one_question_is_one_run(client: TestClient, runner: CountingRunner) -> None:
    document(client, "h")

    assert runner.asked == 1
