"""Bad input: on every path its exact answer, never a 500, nothing executed."""

from html import escape
from urllib.parse import parse_qsl

import pytest
from bad_input import BAD, FIELDS, NOTHING_SELECTED, TENSORS, UNKNOWN, Bad
from counting_runner import CountingRunner
from page_text import links, read
from pairing import IN_FULL, in_turn, some
from starlette.testclient import TestClient

from app.query.parsing import parse

TWINS = (
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


OF_A_TENSOR = ("/tensor.json", "/values.json")

QUESTIONS = [
    (path, bad)
    for n, bad in enumerate(BAD)
    for m, path in enumerate(TWINS)
    if (IN_FULL or (m - n) % len(TWINS) in (0, 5)) and (path not in OF_A_TENSOR or bad not in NOTHING_SELECTED)
]
"""All paths read a query in the same way: each bad one is asked on two of them."""

PAGES = ("/", "/docs", "/learn", "/learn/what-is-num-units", "/quiz", "/questions", "/join", "/room/ABCDE")


def asked(path: str, query: str) -> str:
    """The question on a path: some have to be told of which tensor."""
    named = path not in OF_A_TENSOR or "tensor=" in query
    return f"{path}?{query}" if named else f"{path}?{query}&tensor=h"


def test_the_table_has_at_least_forty_rows_and_none_twice() -> None:
    assert len({bad.query for bad in BAD}) == len(BAD) >= 40


@pytest.mark.parametrize("path", dict.fromkeys(path for path, _ in QUESTIONS))
def test_the_api_says_what_is_wrong_and_what_would_be_right(
    client: TestClient, runner: CountingRunner, path: str
) -> None:
    for bad in (bad for at, bad in QUESTIONS if at == path):
        answer = client.get(asked(path, bad.query.replace("&utm_source=mail", "")))

        assert answer.status_code == 422, bad
        assert answer.headers["content-type"] == "application/json"
        assert answer.json() == {
            "error": {"field": bad.field, "value": bad.value, "message": bad.message, "allowed": bad.allowed}
        }
    assert runner.asked == 0


def test_the_page_says_what_is_wrong_and_links_to_the_nearest_picture(
    client: TestClient, runner: CountingRunner
) -> None:
    for bad in BAD:
        answer = client.get(f"/?{bad.query}")

        assert answer.status_code == 422, bad
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert bad.message in "".join(read(answer.text).words), bad
        assert links(answer.text) == [f"/{bad.nearest}"], bad
        parse(parse_qsl(bad.nearest.partition("?")[2], keep_blank_values=True), strict=True)
    assert runner.asked == 0


@pytest.mark.parametrize("nearest", some(dict.fromkeys(bad.nearest for bad in BAD), 12))
def test_the_nearest_picture_is_shown(client: TestClient, nearest: str) -> None:
    assert client.get(f"/{nearest}").status_code == 200


@pytest.mark.parametrize(("path", "field"), in_turn(PAGES, FIELDS))
def test_a_page_refuses_any_field_that_is_given_twice(client: TestClient, path: str, field: str) -> None:
    answer = client.get(f"{path}?{field}=1&{field}=1")

    assert answer.status_code == 422
    assert f"{field} is given twice; once is enough" in "".join(read(answer.text).words)


@pytest.mark.parametrize("text", MARKUP)
def test_markup_in_a_title_is_a_title(client: TestClient, text: str) -> None:
    page = client.get("/", params={"title": text})

    if not text.isprintable():
        assert page.status_code == 422
        return
    assert text in "".join(read(page.text).words)
    assert read(page.text).scripts == read(client.get("/").text).scripts
    assert escape(text) == text or text not in page.text


@pytest.mark.parametrize(("text", "field"), in_turn(MARKUP, [field for field in FIELDS if field != "title"]))
def test_markup_in_any_field_is_shown_and_nothing_else(
    client: TestClient, runner: CountingRunner, field: str, text: str
) -> None:
    page = client.get("/", params={field: text})

    assert page.status_code == 422
    assert text.replace("\0", "\N{REPLACEMENT CHARACTER}") in "".join(read(page.text).words)
    assert read(page.text).scripts == 0
    assert escape(text) == text or text not in page.text

    for path in TWINS:
        answer = client.get(path, params={"tensor": "h", field: text})
        assert answer.status_code == 422
        assert (answer.json()["error"]["field"], answer.json()["error"]["value"]) == (field, text)
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert runner.asked == 0


@pytest.mark.parametrize(("query", "name", "value"), UNKNOWN, ids=[u[1][:20] for u in UNKNOWN])
def test_the_api_refuses_unknown_names_and_lists_the_known(
    client: TestClient, runner: CountingRunner, query: str, name: str, value: str
) -> None:
    for path in TWINS:
        answer = client.get(asked(path, query))
        assert answer.status_code == 422
        error = answer.json()["error"]
        assert (error["field"], error["value"], error["allowed"]) == (name, value, list(FIELDS))
        assert error["message"].endswith(f"; known: {', '.join(FIELDS)}")
        assert len(error["message"]) < len(", ".join(FIELDS)) + 100
    assert runner.asked == 0


@pytest.mark.parametrize("query", [u[0] for u in UNKNOWN], ids=[u[1][:20] for u in UNKNOWN])
def test_pages_ignore_unknown_names(client: TestClient, query: str) -> None:
    for path in ("/", "/docs"):
        answer = client.get(f"{path}?{query}&{query}")
        assert answer.status_code == 200
        assert "alert(1)" not in answer.text
        assert query.partition("=")[0] not in links(answer.text)


@pytest.mark.parametrize("path", OF_A_TENSOR)
def test_a_tensor_that_is_not_named_is_asked_for(client: TestClient, runner: CountingRunner, path: str) -> None:
    answer = client.get(f"{path}?num_units=7")

    assert answer.status_code == 422
    assert answer.json()["error"] == {
        "field": "tensor",
        "value": None,
        "message": "tensor is missing; name the one that you want",
        "allowed": list(TENSORS),
    }
    assert runner.asked == 0


@pytest.mark.parametrize(
    ("query", "page", "message", "last"),
    [
        ("tensor=h&page=1", "1", "page is 0 for this tensor, not “1”", 0),
        ("tensor=kernel&features=400&num_units=500&page=18", "18", "page is 0 to 17 for this tensor, not “18”", 17),
        ("tensor=kernel&features=4096&num_units=8192&page=999999", "999999", "page is 0 to 4,026 for this", 4026),
    ],
)
def test_a_page_beyond_the_tensor_is_refused(
    client: TestClient, runner: CountingRunner, query: str, page: str, message: str, last: int
) -> None:
    answer = client.get(f"/tensor.json?{query}")

    assert answer.status_code == 422
    error = answer.json()["error"]
    assert (error["field"], error["value"], error["allowed"]) == ("page", page, {"min": 0, "max": last})
    assert error["message"].startswith(message)
    assert runner.asked == 0


@pytest.mark.parametrize("bad", BAD[:3], ids=str)
def test_a_refusal_is_not_answered_from_a_cache(client: TestClient, bad: Bad) -> None:
    answer = client.get(f"/trace.json?{bad.query}", headers={"If-None-Match": "*"})

    assert answer.status_code == 422
    assert "etag" not in answer.headers
    assert "cache-control" not in answer.headers
