"""/gradients.json: shapes and norms of the gradients of every tensor."""

import tracemalloc
from typing import Any

import numpy as np
import pytest
from framework_queries import STACKED, Query, named
from page_text import words
from starlette.testclient import TestClient

from app.core.cells import CELLS
from app.core.gradients import objective_gradients
from app.query.parsing import parse
from app.query.run import MOST_GRADIENT_STEPS, gradient_norms, run_view

LONG: Query = {"time_step": MOST_GRADIENT_STEPS + 1, "batch_size": 1, "features": 1, "num_units": 1}


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


def norms(client: TestClient, **query: Any) -> dict[str, Any]:
    tensors = client.get("/gradients.json", params=query).json()["tensors"]
    return {t["id"]: t["norm"] for t in tensors}


@pytest.mark.parametrize("cell", CELLS)
def test_the_input_has_one_gradient_whichever_direction_is_in_focus(client: TestClient, cell: str) -> None:
    query: Query = {"cell": cell, "bidirectional": True, "time_step": 5}
    forward, backward = (norms(client, **query, direction=direction) for direction in ("forward", "backward"))

    assert forward["X"] == backward["X"] and forward["x"] == backward["x"]
    assert forward["X"] == pytest.approx(sum(x * x for x in forward["x"]) ** 0.5, rel=1e-5)
    assert forward["kernel"] != backward["kernel"]


def test_the_gradient_is_that_of_what_keras_makes_of_two_directions(client: TestClient) -> None:
    """All of one run: what one link asks for may not answer another."""
    query: Query = {"framework": "keras", "bidirectional": True, "return_sequences": True}
    last = {
        direction: client.get("/tensor.json", params={**query, "direction": direction, "tensor": "h", "t": 3}).json()
        for direction in ("forward", "backward")
    }
    size = {direction: float(np.linalg.norm(document["values"])) for direction, document in last.items()}
    h = {mode: norms(client, **query, merge_mode=mode)["h"][-1] for mode in ("concat", "sum", "mul", "ave", "none")}

    whole = 15**0.5
    expected = {"concat": whole, "sum": whole, "none": whole, "ave": whole / 2, "mul": size["backward"]}
    assert h == pytest.approx(expected, rel=1e-5)
    turned = norms(client, **query, merge_mode="mul", direction="backward")["h"]
    assert turned == pytest.approx([0, 0, 0, size["forward"]], rel=1e-5)


OF: dict[str, tuple[Query, str]] = {
    "of both": (
        {"framework": "pytorch", "bidirectional": True},
        "the sum of the output of both directions at the last",
    ),
    "of one": ({"framework": "keras", "merge_mode": "concat"}, "the sum of the output at the last step"),
    "multiplied": (
        {"framework": "keras", "bidirectional": True, "merge_mode": "mul"},
        "the sum of the output at the last step, which multiplies both directions",
    ),
    "turned": ({"framework": "keras", "go_backwards": True}, "the sum of the output at step 0, which is made last"),
    "turned twice": (
        {"framework": "keras", "go_backwards": True, "num_layers": 2},
        "the sum of the output at the last step",
    ),
    "turned at once": (
        {"framework": "keras", "go_backwards": True, "time_step": 1},
        "the sum of the output at the last step",
    ),
}
STEPS = {
    "of both": {"forward": 3, "backward": 3},
    "of one": {"forward": 3},
    "multiplied": {"forward": 3, "backward": 3},
}


@pytest.mark.parametrize("name", OF)
def test_it_says_what_is_differentiated_and_at_which_steps_of_time(client: TestClient, name: str) -> None:
    query, said = OF[name]
    document = client.get("/gradients.json", params=query).json()
    page = words(client.get("/", params={**query, "view": "gradients"}).text)

    assert document["of"].startswith(said)
    assert f"Backpropagation starts from {document['of']}." in page
    steps = {"turned": {"forward": 0}, "turned twice": {"forward": 3}, "turned at once": {"forward": 0}, **STEPS}[name]
    assert document["steps"] == steps
    assert ("Both directions read X" in page) == ("backward" in steps)
    h = {d: norms(client, **query, layer=int(query.get("num_layers", 1)) - 1, direction=d)["h"] for d in steps}
    assert all(np.argmax(h[d]) == step for d, step in steps.items())


def test_it_says_that_keras_returns_another_array_without_return_sequences(client: TestClient) -> None:
    query: Query = {"framework": "keras", "bidirectional": True}
    without = client.get("/gradients.json", params=query).json()
    assert "Without it, Keras’ Bidirectional returns the last h of each direction" in without["note"]
    assert without["note"] in words(client.get("/", params={**query, "view": "gradients"}).text)
    for more in ({"return_sequences": True}, {"time_step": 1}, {"bidirectional": False}, {"framework": "pytorch"}):
        assert client.get("/gradients.json", params={**query, **more}).json()["note"] is None


@pytest.mark.parametrize(
    ("query", "marks"),
    [
        ({"direction": "backward", "t": 3}, 1),
        ({"direction": "backward", "t": 0}, 0),
        ({"direction": "forward", "t": 3}, 1),
        ({"num_layers": 2, "layer": 0, "t": 3}, 0),
        ({"num_layers": 2, "layer": 1, "t": 3}, 1),
    ],
    ids=str,
)
def test_the_picture_marks_the_step_whose_output_is_summed(client: TestClient, query: Query, marks: int) -> None:
    """In the narrow format the picture has a single step."""
    asked = {"bidirectional": True, "view": "gradients", "format": "narrow", **query}
    assert client.get("/diagram.svg", params=asked).text.count("from here") == marks


def test_of_a_run_only_the_norms_are_kept() -> None:
    """Each gradient is as large as its tensor, and all of them as all that a run may record."""
    pairs = {"num_units": "499", "time_step": "3", "num_layers": "2", "bidirectional": "true"}
    view = parse(pairs.items(), strict=True)
    trace = run_view(view)
    tracemalloc.start()
    norms, _ = gradient_norms(view, trace, "")
    kept, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert norms
    assert kept < 1_000_000 < most


def test_a_long_answer_has_six_digits_for_each_number(client: TestClient) -> None:
    query: Query = {"time_step": 997, "batch_size": 2}
    answer = client.get("/gradients.json", params=query)
    view = parse([(name, str(value)) for name, value in query.items()], strict=True)
    found = objective_gradients(run_view(view), view.model.objective)[0, "forward"].norms
    for t in answer.json()["tensors"]:
        if isinstance(t["norm"], list):
            np.testing.assert_allclose(t["norm"], found[t["id"]], rtol=1e-5)
            assert all(len(f"{norm!r}".partition("e")[0].replace(".", "").lstrip("0")) <= 7 for norm in t["norm"])


@pytest.mark.parametrize("query", [LONG, {"num_units": 8192}], ids=["long", "large"])
def test_past_the_limits_there_are_shapes_only_and_a_reason(client: TestClient, query: Query) -> None:
    document = client.get("/gradients.json", params=query).json()

    assert not document["executed"] and document["reason"]
    assert all(t["norm"] is None and t["shape"] for t in document["tensors"])
