"""Bad input: the exact error on every path, never a 500, and no run."""

from html import escape
from urllib.parse import parse_qsl

import pytest
from app_client import TestClient
from bad_input import BAD, FIELDS, NOTHING_SELECTED, TENSORS, UNKNOWN, Bad
from counting_runner import CountingRunner
from page_text import links, scripts, text_of, with_one_picture
from pairing import ALL_COMBINATIONS, in_turn, some

from app.url_state.parsing import parse

ENDPOINTS = (
    "/diagram.json",
    "/diagram.svg",
    "/diagram.png",
    "/diagram.pdf",
    "/diagram.tex",
    "/preview.png",
    "/trace.json",
    "/tensor.json",
    "/values.json",
    "/gradients.json",
    "/code",
    "/weights.npz",
    "/weights.safetensors",
)

MARKUP = ("<script>alert(1)</script>", "\"'><img src=x onerror=alert(1)>", "&lt;b&gt;", "javascript:alert(1)", "\0")


TENSOR_ENDPOINTS = ("/tensor.json", "/values.json")

REQUESTS = [
    (path, bad)
    for n, bad in enumerate(BAD)
    for m, path in enumerate(ENDPOINTS)
    if (ALL_COMBINATIONS or (m - n) % len(ENDPOINTS) in (0, 5))
    and (path not in TENSOR_ENDPOINTS or bad not in NOTHING_SELECTED)
]
"""All paths parse a query in the same way, so each bad query is tested on two of them."""

PAGES = ("/", "/docs", "/learn", "/learn/what-is-num-units", "/quiz", "/questions", "/join", "/room/ABCDE")


def url(path: str, query: str) -> str:
    """The URL for a query on a path: some paths also need a tensor."""
    named = path not in TENSOR_ENDPOINTS or "tensor=" in query
    return f"{path}?{query}" if named else f"{path}?{query}&tensor=h"


def test_the_table_has_at_least_forty_distinct_rows() -> None:
    assert len({bad.query for bad in BAD}) == len(BAD) >= 40


@pytest.mark.parametrize("path", dict.fromkeys(path for path, _ in REQUESTS))
def test_the_api_says_what_is_wrong_and_what_is_allowed(client: TestClient, runner: CountingRunner, path: str) -> None:
    for bad in (bad for at, bad in REQUESTS if at == path):
        response = client.get(url(path, bad.query.replace("&utm_source=mail", "")))

        assert response.status_code == 422, bad
        assert response.headers["content-type"] == "application/json"
        assert response.json() == {
            "error": {"field": bad.field, "value": bad.value, "message": bad.message, "allowed": bad.allowed}
        }
    assert runner.jobs == 0


def test_a_page_says_what_is_wrong_and_links_to_the_nearest_view(client: TestClient, runner: CountingRunner) -> None:
    for bad in BAD:
        response = client.get(f"/?{bad.query}")

        assert response.status_code == 422, bad
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        assert bad.message in text_of(response.text), bad
        assert links(response.text) == [f"/{bad.nearest}"], bad
        parse(parse_qsl(bad.nearest.partition("?")[2], keep_blank_values=True), strict=True)
    assert runner.jobs == 0


@pytest.mark.parametrize("nearest", some(dict.fromkeys(bad.nearest for bad in BAD), 12))
def test_the_nearest_view_is_valid(client: TestClient, nearest: str) -> None:
    assert client.get(with_one_picture(f"/{nearest}")).status_code == 200


def test_a_page_rejects_any_field_given_twice(client: TestClient) -> None:
    for path, field in in_turn(PAGES, FIELDS):
        response = client.get(f"{path}?{field}=1&{field}=1")

        assert response.status_code == 422, (path, field)
        assert f"{field} appears twice; give it once" in text_of(response.text)


@pytest.mark.parametrize("text", MARKUP)
def test_markup_in_a_title_is_escaped(client: TestClient, text: str) -> None:
    page = client.get("/", params={"title": text})

    if not text.isprintable():
        assert page.status_code == 422
        return
    assert text in text_of(page.text)
    assert scripts(page.text) == scripts(client.get("/").text)
    assert escape(text) == text or text not in page.text


MARKED = in_turn(MARKUP, [field for field in FIELDS if field != "title"])


def test_markup_in_any_field_is_escaped(client: TestClient, runner: CountingRunner) -> None:
    for text, field in MARKED:
        page = client.get("/", params={field: text})

        assert page.status_code == 422, (field, text)
        if field != "equations":  # whose error names a line
            assert text.replace("\0", "\N{REPLACEMENT CHARACTER}") in text_of(page.text)
        assert scripts(page.text) == 0
        assert escape(text) == text or text not in page.text
    assert runner.jobs == 0


@pytest.mark.parametrize("path", ENDPOINTS)
def test_an_error_of_the_api_quotes_markup_in_any_field(client: TestClient, runner: CountingRunner, path: str) -> None:
    for text, field in MARKED[ENDPOINTS.index(path) % 2 :: 2]:
        response = client.get(path, params={"tensor": "h", field: text})
        assert response.status_code == 422, (field, text)
        assert (response.json()["error"]["field"], response.json()["error"]["value"]) == (field, text)
        assert response.headers["x-content-type-options"] == "nosniff"
    assert runner.jobs == 0


@pytest.mark.parametrize(("query", "name", "value"), UNKNOWN, ids=[u[1][:20] for u in UNKNOWN])
def test_the_api_rejects_unknown_names_and_lists_the_known(
    client: TestClient, runner: CountingRunner, query: str, name: str, value: str
) -> None:
    for path in ENDPOINTS:
        response = client.get(url(path, query))
        assert response.status_code == 422
        error = response.json()["error"]
        assert (error["field"], error["value"], error["allowed"]) == (name, value, list(FIELDS))
        assert error["message"].endswith(f"; known fields: {', '.join(FIELDS)}")
        assert len(error["message"]) < len(", ".join(FIELDS)) + 100
    assert runner.jobs == 0


@pytest.mark.parametrize("query", [u[0] for u in UNKNOWN], ids=[u[1][:20] for u in UNKNOWN])
def test_pages_ignore_unknown_names(client: TestClient, query: str) -> None:
    for path in ("/", "/docs"):
        response = client.get(with_one_picture(f"{path}?{query}&{query}"))
        assert response.status_code == 200
        assert "alert(1)" not in response.text
        assert query.partition("=")[0] not in links(response.text)


@pytest.mark.parametrize("path", TENSOR_ENDPOINTS)
def test_a_missing_tensor_is_an_error(client: TestClient, runner: CountingRunner, path: str) -> None:
    response = client.get(f"{path}?num_units=7")

    assert response.status_code == 422
    assert response.json()["error"] == {
        "field": "tensor",
        "value": None,
        "message": "tensor is required; choose one of the allowed values",
        "allowed": list(TENSORS),
    }
    assert runner.jobs == 0


@pytest.mark.parametrize(
    ("query", "page", "message", "last"),
    [
        ("tensor=h&page=1", "1", "page must be 0 when tensor is h, not “1”", 0),
        (
            "tensor=kernel&features=400&num_units=500&page=18",
            "18",
            "page must be a whole number from 0 to 17 when tensor is kernel, not “18”",
            17,
        ),
        (
            "tensor=kernel&features=4096&num_units=8192&page=999999",
            "999999",
            "page must be a whole number from 0 to 4,026 when tensor is kernel",
            4026,
        ),
    ],
)
def test_a_page_beyond_the_tensor_is_rejected(
    client: TestClient, runner: CountingRunner, query: str, page: str, message: str, last: int
) -> None:
    response = client.get(f"/tensor.json?{query}")

    assert response.status_code == 422
    error = response.json()["error"]
    assert (error["field"], error["value"], error["allowed"]) == ("page", page, {"min": 0, "max": last})
    assert error["message"].startswith(message)
    assert runner.jobs == 0


@pytest.mark.parametrize("bad", BAD[:3], ids=str)
def test_an_invalid_query_is_never_304(client: TestClient, bad: Bad) -> None:
    response = client.get(f"/trace.json?{bad.query}", headers={"If-None-Match": "*"})

    assert response.status_code == 422
    assert "etag" not in response.headers
    assert "cache-control" not in response.headers
