"""The twins of the page, and their machine-readable description."""

import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.web.fields import FIELDS

TWINS = ("/diagram.json", "/diagram.svg", "/trace.json", "/tensor.json")

LARGEST = {"batch_size": 1024, "time_step": 10_000, "features": 4096, "num_units": 8192}
QUERIES: tuple[dict[str, Any], ...] = (
    {},
    {"batch_size": 1, "time_step": 1, "features": 1, "num_units": 1},
    {"batch_size": 128, "time_step": 28, "features": 28, "num_units": 128},
    {"batch_size": 80, "time_step": 70, "features": 400, "num_units": 1150, "labels": "both"},
    {**LARGEST, "t": 5000, "labels": "names", "format": "wide", "theme": "dark"},
    {"format": "narrow", "t": 0, "tensor": "h"},
)


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_a_figure_is_data_and_layout(client: TestClient, query: dict[str, Any]) -> None:
    answer = client.get("/diagram.json", params=query)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    figure = answer.json()
    assert list(figure) == ["data", "layout"]
    assert figure["data"] and figure["layout"]["shapes"]


def test_a_figure_carries_the_sentence_and_the_query_that_it_answers(client: TestClient) -> None:
    meta = client.get("/diagram.json?seed=0&num_units=7").json()["layout"]["meta"]

    assert meta["query"] == "?num_units=7"
    assert ["7", "num_units"] in meta["sentence"]


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_an_image_is_well_formed_svg_with_a_title(client: TestClient, query: dict[str, Any]) -> None:
    answer = client.get("/diagram.svg", params=query)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    root = ElementTree.fromstring(answer.content)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "unrolled over" in (root.get("aria-label") or "")


def test_the_theme_changes_the_colours_of_an_image_and_nothing_else(client: TestClient) -> None:
    light, dark = (client.get("/diagram.svg", params={"theme": theme}).text for theme in ("light", "dark"))

    assert light != dark
    assert list(ElementTree.fromstring(light).itertext()) == list(ElementTree.fromstring(dark).itertext())


@pytest.mark.parametrize("path", TWINS)
def test_the_largest_question_is_answered_without_being_executed(client: TestClient, path: str) -> None:
    tensor = {"tensor": "Y"} if path == "/tensor.json" else {}

    assert client.get(path, params={**LARGEST, **tensor}).status_code == 200


def test_alive_is_said_to_nobodys_cache(client: TestClient) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer.headers["cache-control"] == "no-store"


def operations(client: TestClient) -> dict[str, dict[str, Any]]:
    return {path: item["get"] for path, item in client.get("/openapi.json").json()["paths"].items()}


@pytest.mark.parametrize("path", TWINS)
def test_openapi_describes_every_field_of_the_query(client: TestClient, path: str) -> None:
    parameters = operations(client)[path]["parameters"]

    assert [p["name"] for p in parameters] == list(FIELDS)
    for parameter in parameters:
        field = FIELDS[parameter["name"]]
        assert (parameter["in"], parameter["description"], parameter["schema"]) == ("query", field.help, field.schema)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html"),
        ("/docs", "text/html"),
        ("/diagram.json", "application/json"),
        ("/diagram.svg", "image/svg+xml"),
        ("/trace.json", "application/json"),
        ("/tensor.json", "application/json"),
    ],
)
def test_openapi_says_what_kind_of_answer_is_given(client: TestClient, path: str, kind: str) -> None:
    operation = operations(client)[path]

    assert list(operation["responses"]["200"]["content"]) == [kind]
    assert operation["description"]


def test_a_value_of_openapi_is_a_valid_question(client: TestClient) -> None:
    for parameter in operations(client)["/diagram.json"]["parameters"]:
        schema = parameter["schema"]
        values = schema.get("enum", [schema.get("minimum"), schema.get("default")])
        for value in values:
            assert client.get("/diagram.json", params={parameter["name"]: value}).status_code == 200
