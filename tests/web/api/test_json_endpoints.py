"""Data and image endpoints, and /openapi.json."""

import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest
from app_client import TestClient
from framework_queries import Query

from app.core.cell import Cell
from app.core.cells import CELLS, PROJECTED
from app.core.program import capture
from app.frameworks import FRAMEWORKS
from app.url_state.fields import FIELDS

PICTURES = ("/diagram.json", "/diagram.svg")
ENDPOINTS = (
    *(*PICTURES, "/trace.json", "/tensor.json", "/values.json", "/gradients.json"),
    *("/code", "/weights.npz", "/weights.safetensors"),
)

LARGEST: Query = {"batch_size": 1024, "time_step": 10_000, "features": 4096, "num_units": 8192}
STACK: Query = {"num_layers": 8, "bidirectional": True, "layer": 7, "direction": "backward"}
QUERIES: tuple[dict[str, Any], ...] = (
    {},
    {"batch_size": 1, "time_step": 1, "features": 1, "num_units": 1},
    {"batch_size": 128, "time_step": 28, "features": 28, "num_units": 128},
    {"batch_size": 80, "time_step": 70, "features": 400, "num_units": 1150, "labels": "both"},
    {**LARGEST, "t": 5000, "labels": "names", "format": "wide", "theme": "dark"},
    {"format": "narrow", "t": 0, "tensor": "h"},
    *({"cell": cell} for cell in CELLS),
    *({"cell": cell, "num_proj": 3, "tensor": "m"} for cell in PROJECTED),
    *({"framework": framework} for framework in FRAMEWORKS),
    {"num_layers": 2, "bidirectional": True, "layer": 1, "direction": "backward", "t": 0},
    *({"cell": cell, **LARGEST, **STACK, "framework": "flax", "labels": "both"} for cell in CELLS),
)


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_a_figure_is_data_and_layout(client: TestClient, query: dict[str, Any]) -> None:
    response = client.get("/diagram.json", params=query)

    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
    figure = response.json()
    assert list(figure) == ["data", "layout"]
    assert figure["data"] and figure["layout"]["shapes"]


def test_a_figure_has_its_sentence_and_query(client: TestClient) -> None:
    meta = client.get("/diagram.json?seed=0&num_units=7").json()["layout"]["meta"]

    assert meta["query"] == "?num_units=7"
    assert ["7", "num_units"] in meta["sentence"]


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_an_image_is_well_formed_svg_with_a_title(client: TestClient, query: dict[str, Any]) -> None:
    response = client.get("/diagram.svg", params=query)

    assert (response.status_code, response.headers["content-type"]) == (200, "image/svg+xml")
    root = ElementTree.fromstring(response.content)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "unrolled over" in (root.get("aria-label") or "")


def test_the_theme_changes_the_colours_of_an_image_and_nothing_else(client: TestClient) -> None:
    light, dark = (client.get("/diagram.svg", params={"theme": theme}).text for theme in ("light", "dark"))

    assert light != dark
    assert list(ElementTree.fromstring(light).itertext()) == list(ElementTree.fromstring(dark).itertext())


@pytest.mark.parametrize("path", [p for p in ENDPOINTS if "weights" not in p])
def test_the_largest_configuration_has_a_response_without_a_run(client: TestClient, path: str) -> None:
    tensor = {"tensor": "Y"} if path in ("/tensor.json", "/values.json") else {}
    for cell in CELLS:
        projection: Query = {"num_proj": 8192} if cell in PROJECTED else {}
        query = {"cell": cell, **LARGEST, **STACK, **projection, **tensor}
        assert client.get(path, params=query).status_code == 200, cell


def test_healthz_is_not_cacheable(client: TestClient) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response.headers["cache-control"] == "no-store"


def operations(client: TestClient) -> dict[str, dict[str, Any]]:
    paths = client.get("/openapi.json").json()["paths"]
    return {path: item["get"] for path, item in paths.items() if "get" in item}


@pytest.mark.parametrize("path", ENDPOINTS)
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
        ("/gradients.json", "application/json"),
        ("/tensor.json", "application/json"),
        ("/values.json", "application/json"),
        ("/code", "text/x-python; charset=utf-8"),
        ("/weights.npz", "application/octet-stream"),
        ("/weights.safetensors", "application/octet-stream"),
    ],
)
def test_openapi_describes_the_type_of_every_response(client: TestClient, path: str, kind: str) -> None:
    operation = operations(client)[path]

    assert list(operation["responses"]["200"]["content"]) == [kind]
    assert operation["description"]


NEEDED: dict[str, dict[str, Any]] = {
    "t": {"time_step": 10_000},
    "cut": {"data": "text"},
    "layer": {"num_layers": 8},
    "direction": {"bidirectional": True},
    "sample": {"batch_size": 1024},
    "unit": {"num_units": 8192},
    "beside_framework": {"model": "lstm(7)", "beside": "lstm(7)"},
    **{s.name: {"framework": id} for id, framework in FRAMEWORKS.items() for s in framework.switches},
}
"""Other fields that a field needs for all of its values."""

NEVER = {"row": 99_999, "column": 99_999, "component": 99_999, "part": 999}
"""Values that are always too large: the real maximum depends on several other fields."""


CELL_QUERIES: tuple[tuple[dict[str, Any], Cell], ...] = (
    *(({"cell": id}, cell) for id, cell in CELLS.items()),
    *(({"cell": id, "num_proj": 3}, cell) for id, cell in PROJECTED.items()),
)
"""A query for each cell."""


def valid(schema: dict[str, Any]) -> list[Any]:
    """The choices, or the minimum and maximum, of a schema, and its default."""
    ends = [value for one in schema.get("oneOf", [schema]) for value in (one.get("minimum"), one.get("maximum"))]
    words = [word for one in schema.get("oneOf", [schema]) for word in one.get("enum", ())]
    return [value for value in (*words, *ends, schema.get("default")) if value is not None]


def test_openapi_says_what_a_status_means_for_the_path(client: TestClient) -> None:
    described = operations(client)
    meanings = {path: described[path]["responses"]["503"]["description"] for path in ("/readyz", "/diagram.json")}
    assert meanings["/readyz"] == "Not ready." != meanings["/diagram.json"]


def test_the_examples_in_openapi_are_valid(client: TestClient) -> None:
    for parameter in operations(client)["/table.csv"]["parameters"]:
        name, schema = parameter["name"], parameter["schema"]
        for value in [value for value in valid(schema) if value != NEVER.get(name)]:
            query = {**NEEDED.get(name, {}), name: value}
            if name == "tensor":
                query |= next(of_cell for of_cell, cell in CELL_QUERIES if value in capture(cell).by_id)
            assert client.get("/table.csv", params=query).status_code == 200, query
