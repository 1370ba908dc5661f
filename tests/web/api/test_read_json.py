"""POST /read.json: the layers of a model, from its source code."""

from typing import Any

import pytest
from app_client import TestClient

from app.reading.pasted_text_limits import MAX_SOURCE_BYTES
from app.web.api.read import READ_FORM

MODEL = """import torch.nn as nn
class Net(nn.Module):
    def __init__(self, vocab, hidden=20):
        super().__init__()
        self.embed = nn.Embedding(len(vocab), 10)
        self.lstm = nn.LSTM(10, hidden, 2, batch_first=True)
    def forward(self, x):
        return self.lstm(self.embed(x))[0]
"""


def answer(client: TestClient, source: str) -> dict[str, Any]:
    found = client.post("/read.json", json={"source": source})
    assert found.status_code == 200

    document: dict[str, Any] = found.json()
    return document


def test_the_response_has_the_layers_in_the_order_of_the_forward_pass(client: TestClient) -> None:
    embed, lstm = answer(client, MODEL)["layers"]

    assert embed["config"] == {"features": None, "num_units": 10}
    assert lstm == {
        "name": "lstm",
        "kind": "lstm",
        "framework": "pytorch",
        "config": {
            **{"features": 10, "num_units": 20, "num_layers": 2, "bias": True, "batch_first": True},
            **{"dropout": 0.0, "bidirectional": False, "num_proj": 0},
        },
        "input": [None, None, 10],
        "output": [None, None, 20],
        "line": 6,
        "query": "?features=10&num_units=20&num_layers=2&framework=pytorch&batch_first=true",
    }


def test_what_is_not_certain_is_listed_with_its_line(client: TestClient) -> None:
    assert answer(client, MODEL)["unknown"] == [
        {"line": 5, "text": "self.embed = nn.Embedding(len(vocab), 10)", "reason": "not known: features"}
    ]


def test_the_query_leads_to_the_page_of_the_layer(client: TestClient) -> None:
    query = answer(client, MODEL)["layers"][1]["query"]
    trace = client.get(f"/trace.json{query}").json()

    assert {"features": 10, "num_units": 20, "num_layers": 2}.items() <= trace["config"].items()
    assert trace["framework"]["returns"][0]["name"] == "output"


@pytest.mark.parametrize("source", ["", "hello", "def f(:", "import os; os.remove('/')", "\0\ud7ff"])
def test_a_source_without_a_model_has_no_layers(client: TestClient, source: str) -> None:
    assert answer(client, source)["layers"] == []


def test_the_calls_of_a_model_that_differ_are_models_of_their_own(client: TestClient) -> None:
    code = f"{MODEL}    def again(self, x):\n        return self.forward(x)\n"
    code = code.replace("return self.lstm(self.embed(x))[0]", "return self.lstm(self.embed(x) if n else x)[0]")
    code = code.replace("def forward(self, x)", "def forward(self, x, n=1)")
    document = answer(client, f"{code}net = Net(vocab)\nx = net(ids)\ny = net(ids, 0)\n")

    assert document["models"] == [
        {"name": "Net", "first": 0, "line": 12},
        {"name": "Net", "first": 2, "line": 13},
    ]
    assert [layer["kind"] for layer in document["layers"]] == ["embedding", "lstm", "lstm"]
    assert answer(client, MODEL)["models"] == [{"name": "Net", "first": 0, "line": None}]


def test_a_source_of_the_largest_size_is_accepted_and_a_larger_one_rejected(client: TestClient) -> None:
    line = '"\\n"\n'
    largest = line * (MAX_SOURCE_BYTES // len(line))

    assert answer(client, largest)["layers"] == []
    refused = client.post("/read.json", json={"source": "é" * (MAX_SOURCE_BYTES // 2 + 1)})
    assert refused.status_code == 413
    assert refused.json()["error"]["message"] == "“source” may have at most 262,144 bytes of UTF-8"


def test_a_body_has_a_limit_of_its_own(client: TestClient) -> None:
    found = client.post("/read.json", content=b" " * (READ_FORM.most + 1), headers={"Content-Type": "application/json"})

    assert found.status_code == 413 and found.headers["Connection"] == "close"


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b'"x"', b"{}", b'{"source": 1}', b'{"source": null}', b"[" * 9999])
def test_a_body_without_a_source_is_rejected_with_the_reason(client: TestClient, body: bytes) -> None:
    found = client.post("/read.json", content=body, headers={"Content-Type": "application/json"})

    assert found.status_code == 400
    assert found.json()["error"]["message"] == "The body must be JSON (application/json), with a field “source”"


def test_a_body_that_is_no_json_is_rejected(client: TestClient) -> None:
    assert client.post("/read.json", data={"source": MODEL}).status_code == 415


def test_it_is_not_cached_and_has_no_get(client: TestClient) -> None:
    assert client.post("/read.json", json={"source": MODEL}).headers["Cache-Control"] == "no-store"
    assert client.get("/read.json").headers["Allow"] == "POST"


def test_a_source_is_never_logged(client: TestClient, logged: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    answer(client, "secret_name = '\\d' + (\nsecret_name is 1\nsecret_name = = 2")

    assert "secret_name" not in "".join((*logged, *capfd.readouterr()))


def test_the_description_has_the_body(client: TestClient) -> None:
    operation = client.get("/openapi.json").json()["paths"]["/read.json"]["post"]

    assert operation["requestBody"]["content"]["application/json"]["schema"]["required"] == ["source"]
    assert {"200", "400", "413", "415"} <= operation["responses"].keys()
