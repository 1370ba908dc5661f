"""/gradients.json: shapes and norms of the gradients of every tensor."""

import tracemalloc
from typing import Any

import numpy as np
import pytest
from app_client import TestClient
from framework_queries import STACKED, Query, query_id
from page_text import words

from app.core.cells import CELLS
from app.core.gradients import objective_gradients
from app.core.work_limits import MAX_GRADIENT_STEPS
from app.url_state.parsing import parse
from app.url_state_to_picture.run_and_gradients import gradient_norms, trace_of

LONG: Query = {"time_step": MAX_GRADIENT_STEPS + 1, "batch_size": 1, "features": 1, "num_units": 1}


@pytest.mark.parametrize("query", [*({"cell": cell} for cell in CELLS), STACKED, {"num_proj": 3}], ids=query_id)
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


def test_the_gradient_of_the_last_output_is_all_ones_and_earlier_ones_are_smaller(client: TestClient) -> None:
    document = client.get("/gradients.json", params={"time_step": 30}).json()
    (h,) = (t["norm"] for t in document["tensors"] if t["id"] == "h")

    assert h[-1] == pytest.approx(15**0.5)
    assert h[0] < 0.01 * h[-1]


def test_norms_of_a_reversed_direction_are_in_the_order_of_time(client: TestClient) -> None:
    """It computes the last step first, so the output there depends on no other step."""
    query: Query = {"bidirectional": "true", "direction": "backward", "time_step": 30}
    document = client.get("/gradients.json", params=query).json()
    (h,) = (t["norm"] for t in document["tensors"] if t["id"] == "h")

    assert h[-1] == pytest.approx(15**0.5)
    assert h[:-1] == [0] * 29


def norms(client: TestClient, **query: Any) -> dict[str, Any]:
    tensors = client.get("/gradients.json", params=query).json()["tensors"]
    return {t["id"]: t["norm"] for t in tensors}


@pytest.mark.parametrize("cell", CELLS)
def test_the_input_has_the_same_gradient_in_both_directions(client: TestClient, cell: str) -> None:
    query: Query = {"cell": cell, "bidirectional": True, "time_step": 5}
    forward, backward = (norms(client, **query, direction=direction) for direction in ("forward", "backward"))

    assert forward["X"] == backward["X"] and forward["x"] == backward["x"]
    assert forward["X"] == pytest.approx(sum(x * x for x in forward["x"]) ** 0.5, rel=1e-5)
    assert forward["kernel"] != backward["kernel"]


def test_the_gradient_is_that_of_kerass_merged_output(client: TestClient) -> None:
    """All queries share one run, but must not share the cached norms."""
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
def test_the_document_names_the_differentiated_quantity_and_its_steps(client: TestClient, name: str) -> None:
    query, of = OF[name]
    document = client.get("/gradients.json", params=query).json()
    page = words(client.get("/", params={**query, "view": "gradients"}).text)

    assert document["of"].startswith(of)
    assert f"Backpropagation starts from {document['of']}." in page
    steps = {"turned": {"forward": 0}, "turned twice": {"forward": 3}, "turned at once": {"forward": 0}, **STEPS}[name]
    assert document["steps"] == steps
    assert ("Both directions read X" in page) == ("backward" in steps)
    h = {d: norms(client, **query, layer=int(query.get("num_layers", 1)) - 1, direction=d)["h"] for d in steps}
    assert all(np.argmax(h[d]) == step for d, step in steps.items())


def test_a_note_says_that_keras_returns_another_array_without_return_sequences(client: TestClient) -> None:
    query: Query = {"framework": "keras", "bidirectional": True}
    without = client.get("/gradients.json", params=query).json()
    assert "Without it, Keras’s Bidirectional returns the last h of each direction" in without["note"]
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
def test_the_picture_marks_the_step_with_the_summed_output(client: TestClient, query: Query, marks: int) -> None:
    """In the narrow format the picture has a single step."""
    query_of_picture = {"bidirectional": True, "view": "gradients", "format": "narrow", **query}
    assert client.get("/diagram.svg", params=query_of_picture).text.count("starts here") == marks


def test_only_the_norms_of_a_run_are_cached() -> None:
    """Gradients are as large as their tensors, together as large as all that a run may record."""
    pairs = {"num_units": "499", "time_step": "3", "num_layers": "2", "bidirectional": "true"}
    state = parse(pairs.items(), strict=True)
    trace = trace_of(state)
    tracemalloc.start()
    norms, _ = gradient_norms(state, trace, "")
    cached, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert norms
    assert cached < 1_000_000 < most


def test_norms_have_six_digits(client: TestClient) -> None:
    query: Query = {"time_step": 997, "batch_size": 2}
    response = client.get("/gradients.json", params=query)
    state = parse([(name, str(value)) for name, value in query.items()], strict=True)
    found = objective_gradients(trace_of(state), state.shown_model.objective)[0, "forward"].norms
    for t in response.json()["tensors"]:
        if isinstance(t["norm"], list):
            np.testing.assert_allclose(t["norm"], found[t["id"]], rtol=1e-5)
            assert all(len(f"{norm!r}".partition("e")[0].replace(".", "").lstrip("0")) <= 7 for norm in t["norm"])


@pytest.mark.parametrize("query", [LONG, {"num_units": 8192}], ids=["long", "large"])
def test_beyond_the_limits_there_are_only_shapes_and_a_reason(client: TestClient, query: Query) -> None:
    document = client.get("/gradients.json", params=query).json()

    assert not document["executed"] and document["reason"]
    assert all(t["norm"] is None and t["shape"] for t in document["tensors"])
