"""/training.json and /training: the same epochs, and what every path does with ``trained=true``."""

import json
import re
from io import BytesIO
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest
from app_client import TestClient
from fastapi import FastAPI
from prometheus_client import REGISTRY

from app.core.work_limits import Budget
from app.main import create_app
from app.settings import Settings
from app.url_state.parsing import parse
from app.url_state_to_picture.training.cached_trainings import trained_network
from app.web.server import training_queue as queues
from app.web.server.training_process import TrainingProcess
from app.web.server.training_queue import TrainingQueue

TINY = "num_units=2&epochs=2&examples=64&seed=75"
TRAINED = f"{TINY}&trained=true"


def events(text: str) -> list[tuple[str, dict[str, object]]]:
    """The names and data of server-sent events, without comments."""
    blocks = [block.splitlines() for block in text.split("\n\n") if block.strip(":\n ")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


def test_the_stream_has_the_epochs_of_the_document_and_then_the_rest_of_it(client: TestClient) -> None:
    stream, document = client.get(f"/training?{TINY}"), client.get(f"/training.json?{TINY}").json()
    sent = events(stream.text)

    assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert (stream.headers["cache-control"], stream.headers["x-accel-buffering"]) == ("no-store", "no")
    assert [name for name, _ in sent] == ["wait", "epoch", "epoch", "result"] and sent[0][1] == {"before": 0}
    assert [data for name, data in sent if name == "epoch"] == document["epochs"]
    assert {**sent[-1][1], "epochs": document["epochs"]} == document
    assert events(client.get(f"/training?{TINY}").text) == sent[1:], "its result is known"


def test_a_page_sees_between_the_epochs_what_the_network_believes_about_an_example_of_the_test(
    client: TestClient,
) -> None:
    other, shown = "num_units=2&epochs=1&examples=64&seed=78", "view=training&sample=396"
    sent = events(client.get(f"/training?{other}&{shown}&picture=narrow&lang=es").text)

    believed = next(data for name, data in sent if name == "beliefs")
    assert (believed["example"], believed["last"]) == (396, 396)
    assert believed["words"] == "ejemplo 396 de los no vistos (0–396)"
    assert str(believed["svg"]).startswith('<svg viewBox="0 0 390 ')
    assert "beliefs" not in dict(events(client.get("/training?num_units=3&epochs=1&examples=64").text))
    refused = client.get(f"/training?{other}&picture=round").json()["error"]
    assert (refused["field"], refused["allowed"][0]) == ("picture", "narrow")


def test_the_errors_of_a_stream_are_in_the_language_of_the_page(client: TestClient) -> None:
    large, spanish = "num_units=1024", {"Accept-Language": "es"}
    message = client.get(f"/training?{large}", headers=spanish).json()["error"]["message"]
    assert message.endswith("cabe") or "caben" in message
    assert client.get(f"/training?{large}").json()["error"]["message"].endswith("fits")


def test_the_document_says_what_was_trained(client: TestClient) -> None:
    response = client.get(f"/training.json?{TINY}&learning_rate=0.020&cell=gru")
    document = response.json()

    assert [*document] == ["task", "config", "parameters", "seconds", "versions", "epochs"]
    assert document["task"] == "digits" and document["versions"]["numpy"] == np.__version__
    expected = {"cell": "gru", "num_units": 2, "epochs": 2, "learning_rate": 0.02, "examples": 64, "seed": 75}
    assert expected | {"batch_size": 64, "time_step": 8, "features": 8} == {
        name: document["config"][name] for name in (*expected, "batch_size", "time_step", "features")
    }
    assert document["parameters"] == 3 * 2 * (2 + 8 + 1) + (2 + 1) * 10
    assert document["seconds"] > 0 and response.headers["etag"]


def test_the_headers_of_the_stream_need_no_training(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(TrainingQueue, "join")
    head = client.head(f"/training?{TINY}")
    assert (head.status_code, head.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert client.head("/training?num_units=1024").status_code == 422


def test_trainings_are_counted(client: TestClient) -> None:
    def counts() -> list[float]:
        names = ("trained", "kept", "too large")
        return [REGISTRY.get_sample_value("unrolled_trainings_total", {"how": how}) or 0 for how in names]

    before = counts()
    for query in ("num_units=1&epochs=1&examples=64&seed=79",) * 2 + ("num_units=1024",):
        client.get(f"/training.json?{query}")
    assert [after - n for after, n in zip(counts(), before, strict=True)] == [1, 1, 1]


def test_a_training_that_diverges_is_an_error_everywhere(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    equations = "h: batch_size, num_units\nW: features, num_units\nh = exp(x @ W * 40 + h_prev)"
    query = urlencode({"cell": "own", "equations": equations, "learning_rate": "1", "epochs": 2, "trained": "true"})
    for path in ("/training.json", "/diagram.svg", "/weights.npz", "/trace.json"):
        error = client.get(f"{path}?{query}").json()["error"]
        assert error["field"] == "learning_rate" and "diverges: from epoch 1 on" in error["message"], path
    *_, (name, data) = events(client.get(f"/training?{query}").text)
    assert (name, data) == ("error", {"status": 422, "message": error["message"]})
    (*_, (_, spanish)) = events(client.get(f"/training?{query}&lang=es").text)
    assert "diverge: desde la época 1" in str(spanish["message"])
    page = client.get(f"/?{query}", headers={"Accept": "text/html"})
    assert page.status_code == 422 and "diverges: from epoch 1 on" in page.text

    monkeypatch.delattr(TrainingProcess, "run")
    assert client.get(f"/training.json?{query}").json()["error"] == error, "it is not trained again"


def test_what_cannot_be_trained_is_an_error_with_what_can(client: TestClient) -> None:
    for path in ("/training.json", "/training", "/trace.json", "/diagram.svg", "/weights.npz", "/code"):
        large = client.get(f"{path}?num_units=1024&trained=true")
        assert (large.status_code, large.json()["error"]["field"]) == (422, "num_units"), path
        nearest = large.json()["error"]["allowed"]["nearest"]
        assert f"num_units={nearest['num_units']} fits" in large.json()["error"]["message"]
    size = client.get("/training.json?features=3").json()["error"]
    assert (size["field"], size["allowed"]) == ("features", [8])
    page = client.get("/?num_units=1024&trained=true", headers={"Accept": "text/html"})
    assert page.status_code == 422 and f"num_units={nearest['num_units']} fits" in page.text


def test_files_and_values_have_the_trained_weights(client: TestClient) -> None:
    state = parse(parse_qsl(TRAINED), strict=True)
    weights = np.load(BytesIO(client.get(f"/weights.npz?{TRAINED}").content))
    untrained = np.load(BytesIO(client.get(f"/weights.npz?{TINY}").content))
    values = client.get(f"/tensor.json?{TRAINED}&tensor=kernel").json()["values"]

    expected = trained_network(state).weights[0, "forward"]["kernel"]
    assert np.array_equal(weights["kernel"], expected) and not np.array_equal(untrained["kernel"][:2], expected[:2])
    assert np.array_equal(np.float32(values), expected)
    assert client.get(f"/trace.json?{TRAINED}").json()["config"]["time_step"] == 8


TWINS = (
    *("/", "/embed", "/trace.json", "/tensor.json?tensor=h", "/values.json?tensor=h", "/gradients.json"),
    *("/poke.json?poke=x", "/weights.npz", "/weights.safetensors", "/code", "/table.csv", "/notebook.ipynb"),
    *("/diagram.json", "/template.json", "/diagram.svg", "/diagram.png", "/diagram.pdf", "/diagram.tex"),
    *("/preview.png", "/standalone.html", "/training.json"),
)


def test_every_path_with_the_trained_network_waits_for_it_and_then_says_when_to_come_back(
    client: TestClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "TRAINING_TIMEOUT", 0.0)
    app.state.runner.trainings.budget = Budget(training=10**15)
    try:
        for path in TWINS:
            response = client.get(f"{path}{'&' if '?' in path else '?'}trained=true&num_units=64&epochs=200&seed=5")
            assert (response.status_code, int(response.headers["retry-after"]) >= 1) == (503, True), path
            assert re.search(r"epoch \d+ of 200", response.text) and "cache-control" not in response.headers, path
        page = client.get("/?trained=true&num_units=64&epochs=200&seed=5", headers={"Accept": "text/html"})
        assert page.headers["refresh"] == page.headers["retry-after"]
    finally:
        app.state.runner.trainings.close()
        app.state.runner.trainings.budget = Budget()


def test_a_server_may_train_nothing() -> None:
    client = TestClient(create_app(Settings(Budget(training=0))))

    assert client.get(f"/training.json?{TINY}").json()["error"]["message"] == "this server trains no networks"
    assert client.get("/trace.json").status_code == 200
