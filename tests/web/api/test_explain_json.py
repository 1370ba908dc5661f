"""/explain.json: an error message is explained, with the picture of its configuration."""

import json
from pathlib import Path
from typing import Any

import pytest
from app_client import TestClient

from app.reading.errors.mismatch import AXES, TENSORS
from app.reading.pasted_text_limits import MAX_ERROR_BYTES
from app.web.api.explain import EXPLAIN_FORM

API = (Path(__file__).parents[3] / "docs/api.md").read_text(encoding="utf-8")
MESSAGE = "RuntimeError: Expected hidden[0] size (2, 3, 20), got [2, 5, 20]"


def explanation(client: TestClient, text: str, **query: str) -> dict[str, Any]:
    response = client.post("/explain.json", json={"text": text}, params=query)

    assert response.status_code == 200 and response.headers["Content-Type"] == "application/json"
    document: dict[str, Any] = response.json()
    return document


def test_an_error_is_explained(client: TestClient) -> None:
    document = explanation(client, f"Traceback (most recent call last):\n{MESSAGE}")

    assert [*document] == [
        *("found", "framework", "message", "tensor", "axis", "expected", "got", "sentence", "causes", "sizes", "query")
    ]
    assert document["found"] is True and document["framework"] == "pytorch" and document["message"] == MESSAGE
    assert (document["tensor"], document["axis"]) == ("h_0", "batch_size")
    assert (document["expected"], document["got"]) == ([2, 3, 20], [2, 5, 20])
    assert "they differ in batch_size" in document["sentence"]
    assert [*document["causes"][0]] == ["id", "sentence", "fix"]
    assert document["causes"][0]["id"] == "last_batch" and document["causes"][0]["fix"].startswith(
        "h_0 = c_0 = torch.zeros(2"
    )
    assert document["sizes"] == {
        "batch_size": 3,
        "time_step": None,
        "features": None,
        "num_units": 20,
        "num_proj": None,
        "num_layers": None,
        "bidirectional": None,
    }


def test_only_sizes_that_all_configurations_have_are_certain(client: TestClient) -> None:
    other = (
        "size mismatch for reader.weight_ih_l0: copying a param with shape torch.Size([48, 11]) from checkpoint, the"
        " shape in current model is torch.Size([48, 9])."
    )

    assert explanation(client, MESSAGE.replace("(2,", "(1,").replace("[2,", "[1,"))["sizes"]["num_layers"] == 1
    assert explanation(client, other)["sizes"]["num_units"] is None
    assert explanation(client, other.replace("reader", "reader.lstm"))["sizes"]["num_units"] == 12


def test_the_query_leads_to_the_picture_of_the_configuration(client: TestClient) -> None:
    for text, config in (
        (MESSAGE, {"framework": "pytorch", "cell": "lstm", "num_layers": 2, "batch_size": 3, "num_units": 20}),
        ("GRU: Expected input to be 2D or 3D, got 4D instead", {"framework": "pytorch", "cell": "gru_reset_after"}),
        (
            "Input 0 of layer gru is incompatible with the layer: expected axis -1 of input shape to have value 10, but"
            " received input with shape (32, 7, 8)",
            {"framework": "keras", "cell": "gru_reset_after", "batch_size": 32, "time_step": 7, "features": 10},
        ),
        ("Input initial_h must have shape {1,4,128}. Actual:{1,2,128}", {"framework": "onnx", "num_units": 128}),
    ):
        query = explanation(client, text)["query"]
        trace = client.get(f"/trace.json{query}").json()

        assert client.get(f"/{query}").status_code == 200
        assert {name: trace["config"][name] for name in config} == config


@pytest.mark.parametrize(
    "text",
    [
        "Expected hidden[0] size (2, 3, 9000), got [2, 5, 20]",
        "Expected hidden[0] size (2, 2000, 20), got [2, 5, 20]",
        "Input 0 of layer conv_lstm2d is incompatible with the layer: expected ndim=5, found ndim=4",
        '  File "lstm_cell.py", line 8, in step\n    z = x_t @ W  # lstm\nTypeError: dot_general requires contracting'
        " dimensions to have the same shape, got (9,) and (7,).",
    ],
)
def test_without_a_picture_there_is_no_query(client: TestClient, text: str) -> None:
    document = explanation(client, text)

    assert document["found"] and document["query"] is None


@pytest.mark.parametrize(
    "text", ["", "KeyError: 'lstm'", "mat1 and mat2 shapes cannot be multiplied (160x128 and 64x10)"]
)
def test_another_text_is_not_found(client: TestClient, text: str) -> None:
    document = explanation(client, text)

    assert [*document] == ["found", "sentence"] and document["found"] is False and document["sentence"]


def test_the_sentences_are_in_the_language_of_the_link(client: TestClient) -> None:
    english, spanish = explanation(client, MESSAGE), explanation(client, MESSAGE, lang="es")

    assert "El framework esperaba el estado inicial h_0" in spanish["sentence"]
    assert "lote" in spanish["causes"][0]["sentence"] and "lang=es" in spanish["query"]
    assert [cause["fix"] for cause in spanish["causes"]] == [cause["fix"] for cause in english["causes"]]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b'{"text": 3}', 400),
        (b'{"text": null}', 400),
        (b'{"txt": "a"}', 400),
        (b'{"text": "\\ud800"}', 400),
        (b'{"text": "\xff"}', 400),
        (b"[" * 9999, 400),
        (b'{"text": "\\u0000\\u0007"}', 200),
        (b'{"text": "", "more": 1}', 200),
    ],
)
def test_a_body_without_a_text_is_rejected(client: TestClient, body: bytes, status: int) -> None:
    response = client.post("/explain.json", content=body, headers={"Content-Type": "application/json"})

    assert response.status_code == status
    assert status == 200 or "JSON" in response.json()["error"]["message"]


def test_another_type_of_body_is_rejected(client: TestClient) -> None:
    assert client.post("/explain.json", data={"text": MESSAGE}).status_code == 415
    assert client.get("/explain.json").status_code == 405


def test_a_text_has_at_most_64_kb_after_decoding(client: TestClient) -> None:
    longest = {
        "x" * MAX_ERROR_BYTES: 200,
        "x" * (MAX_ERROR_BYTES + 1): 413,
        "é" * (MAX_ERROR_BYTES // 2): 200,
        "é" * (MAX_ERROR_BYTES // 2 + 1): 413,
        "\0" * MAX_ERROR_BYTES: 200,
    }

    for text, status in longest.items():
        body = json.dumps({"text": text})  # ASCII: é takes six bytes
        response = client.post("/explain.json", content=body, headers={"Content-Type": "application/json"})
        assert response.status_code == status
        assert status == 200 or "“text” may have at most 65,536 bytes of UTF-8" in response.text
    too_large = client.post(
        "/explain.json", content=b" " * (EXPLAIN_FORM.most + 1), headers={"Content-Type": "application/json"}
    )
    assert too_large.status_code == 413 and too_large.headers["Connection"] == "close"


def test_the_text_is_neither_cached_nor_logged(client: TestClient, logged: list[str]) -> None:
    response = client.post("/explain.json", json={"text": "a secret " + MESSAGE})

    assert response.headers["Cache-Control"] == "no-store" and "ETag" not in response.headers
    assert not any("secret" in message or "hidden[0]" in message for message in logged)


def test_openapi_describes_the_body(client: TestClient) -> None:
    operation = client.get("/openapi.json").json()["paths"]["/explain.json"]["post"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]

    assert schema["properties"]["text"]["type"] == "string" and schema["required"] == ["text"]
    assert {"400", "413", "415"} <= {*operation["responses"]}


def test_the_documentation_has_the_tensors_and_axes() -> None:
    documented = API.partition("## Explaining an error")[2].partition("\n## ")[0]

    assert [name for name in (*TENSORS, *AXES) if f"`{name}`" not in documented] == []


def test_the_documented_example_is_what_the_app_answers(client: TestClient) -> None:
    text = API.partition("## Explaining an error")[2]
    example = json.loads(text.partition("```json\n")[2].partition("```")[0])

    assert explanation(client, example["message"]) == example


OF_OWN_CELL = (
    '  File "/lib/tensorflow/python/framework/ops.py", line 6027, in raise_from_not_ok_status\n'
    "    raise core._status_to_exception(e) from None\n"
    "tensorflow.python.framework.errors_impl.InvalidArgumentError: {{function_node __wrapped__MatMul_device_/job:"
    "localhost/replica:0/task:0/device:CPU:0}} Matrix size-incompatible: In[0]: [5,22], In[1]: [19,36] [Op:MatMul]"
)


@pytest.mark.parametrize(
    ("line", "error", "framework"),
    [
        ("z = tf.matmul(tf.concat([x, h], 1), self.lstm_kernel)", OF_OWN_CELL, "tensorflow"),
        (
            "z = x_t @ W  # lstm",
            "TypeError: dot_general requires contracting dimensions to have the same shape, got (9,) and (7,).",
            "jax",
        ),
    ],
)
def test_each_framework_is_documented(client: TestClient, line: str, error: str, framework: str) -> None:
    text = f'Traceback (most recent call last):\n  File "lstm_cell.py", line 8, in step\n    {line}\n{error}'
    document = explanation(client, text)
    documented = next(row for row in API.split("\n") if row.startswith("| `framework` | an id"))

    assert document["framework"] == framework
    assert f"`{framework}`" in documented


def test_a_picture_of_defaults_has_an_empty_query(client: TestClient) -> None:
    error = "TypeError: dot_general requires contracting dimensions to have the same shape, got (9,) and (7,)."
    gates = "i, f, g, o = jnp.split(x_t @ W + h @ U, 4)"
    document = explanation(client, f'  File "lstm_cell.py", line 8, in lstm_step\n    {gates}\n{error}')

    assert {*document["sizes"].values()} == {None}
    assert document["query"] == ""
    assert client.get(f"/diagram.json{document['query']}").status_code == 200
    assert '`""` if all are defaults' in API
