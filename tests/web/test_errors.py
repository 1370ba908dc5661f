"""What is not there, and what cannot be done: JSON for programs, a page for people."""

import re

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI
from page_text import links, words
from starlette.testclient import TestClient
from starlette.types import Message, Scope

from app.core.budget import Budget
from app.main import create_app
from app.settings import Settings

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}

NOWHERE = (
    "/nothing",
    "/trace",
    "/weights",
    "/weights.json",
    "/code.py",
    "/static/x/nothing.css",
    "/static/x/../../app/main.py",
    "/%3Cscript%3E",
    "/%00",
    "/%ff",
)


@pytest.mark.parametrize(
    ("typed", "link"),
    [("abcde", "/room/ABCDE"), ("ab-cde", "/room/ABCDE"), ("ab%20cde?num_units=7", "/room/ABCDE?num_units=7")],
)
def test_a_code_that_is_written_in_another_way_leads_to_its_room(client: TestClient, typed: str, link: str) -> None:
    assert client.get(f"/room/{typed}").headers["Location"] == link


def test_a_code_without_any_letter_is_none(client: TestClient) -> None:
    assert client.get("/room/...").status_code == 404


@pytest.mark.parametrize("path", NOWHERE)
def test_what_is_not_there_is_said_in_json(client: TestClient, path: str) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/json")
    error = answer.json()["error"]
    assert error["message"] == f"there is nothing at {error['value']}"
    assert error["field"] is None and error["allowed"] is None


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/json"),
        ("text/html;q=0", "application/json"),
        ("text/html; q=0.000, */*", "application/json"),
        ("application/json, text/html;q=0.9", "application/json"),
        ("x/text/html", "application/json"),
        ("text/html;q=x", "application/json"),
        ("Text/HTML ;q=0.1", "text/html; charset=utf-8"),
        ("text/html;level=1;q=0.4, application/json;q=0.3", "text/html; charset=utf-8"),
        ("text/*", "text/html; charset=utf-8"),
    ],
)
def test_an_error_is_a_page_for_who_prefers_one(client: TestClient, accept: str, kind: str) -> None:
    assert client.get("/nothing", headers={"Accept": accept}).headers["content-type"] == kind


@pytest.mark.parametrize("path", NOWHERE)
def test_what_is_not_there_is_said_on_a_page(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=BROWSER)

    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "there is nothing at /" in words(answer.text)
    assert links(answer.text) == ["/"]
    assert "<script" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/docs", "/diagram.json", "/diagram.svg", "/trace.json", "/tensor.json", "/healthz"),
        *("/code", "/weights.npz", "/weights.safetensors"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_only_reading_is_allowed(client: TestClient, method: str, path: str) -> None:
    for headers, kind in ({}, "application/json"), (BROWSER, "text/html; charset=utf-8"):
        answer = client.request(method, path, headers=headers)
        assert (answer.status_code, answer.headers["content-type"]) == (405, kind)
        assert answer.headers["allow"] == "GET"


def test_what_is_not_allowed_is_said_in_json(client: TestClient) -> None:
    error = {
        "field": None,
        "value": "/trace.json",
        "message": "/trace.json can be read, and nothing else",
        "allowed": None,
    }

    assert client.post("/trace.json").json() == {"error": error}


def test_a_static_file_cannot_be_written(client: TestClient) -> None:
    assert client.put("/static/x/icon.svg", content=b"<svg/>").status_code == 405


@pytest.mark.parametrize("path", ["/trace.json/", "/docs/"])
def test_a_slash_too_many_is_put_right(client: TestClient, path: str) -> None:
    answer = client.get(f"{path}?num_units=7")

    assert answer.status_code == 307
    assert answer.headers["location"] == f"{path[:-1]}?num_units=7"


@pytest.mark.parametrize("prefix", ["", "/unrolled", "auto"])
@pytest.mark.parametrize(
    "path",
    [
        "/questions/",
        "/learn/what-is-num-units/?num_units=7",
        "/join?code=ABCDE",
        "/room/abcde",
        "/quiz?seed=3",
        "//evil.example/questions/",
        "/questions//",
        "/\\evil.example/../questions/",
    ],
)
def test_no_redirect_leaves_the_site(path: str, prefix: str) -> None:
    client = TestClient(create_app(Settings(Budget(), root_path=prefix)), follow_redirects=False)
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/unrolled"}
    answer = client.get(f"http://testserver{path}", headers=headers)
    location = answer.headers.get("Location", "/unrolled/" if prefix else "/")

    assert answer.status_code in (303, 307, 404)
    assert re.match(r"/unrolled/[a-z]*" if prefix else r"/(?![/\\])", location)
    assert "evil.example" not in location


NO_HOSTS = ("a b", "a/b", "a\\b", "a@b", "a?b", "[::1", "a:b", "a,b", "a%2e", "é", "-", ".", ":99999", "a:8000:1")


@pytest.mark.parametrize("host", NO_HOSTS)
def test_a_host_that_is_none_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/healthz", headers=[(b"host", host.encode())])

    assert answer.status_code == 400
    assert "Host" in answer.json()["error"]["message"]


@pytest.mark.parametrize("host", ["a.example", "a.example:8000", "127.0.0.1", "[::1]:8000", "xn--a.example", ""])
def test_a_valid_host_is_answered(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers=[(b"host", host.encode())]).status_code == 200


@pytest.mark.parametrize(
    ("version", "hosts", "status"),
    [("1.1", 0, 400), ("1.1", 1, 200), ("1.1", 2, 400), ("1.0", 0, 200), ("1.0", 1, 200), ("1.0", 2, 400)],
)
def test_http_1_1_names_one_host(app: FastAPI, version: str, hosts: int, status: int) -> None:
    scope: Scope = {
        **{"type": "http", "http_version": version, "method": "GET", "scheme": "http", "path": "/healthz"},
        **{"raw_path": b"/healthz", "query_string": b"", "headers": [(b"host", b"a.example")] * hosts},
    }
    sent = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    with start_blocking_portal() as portal:
        portal.call(app, scope, receive, send)
    assert sent[0]["status"] == status


@pytest.mark.parametrize("host", ["[", "a b<>", "", "evil.example/?x=", "[::1", "x:99999999"])
def test_a_strange_host_harms_nothing(client: TestClient, host: str) -> None:
    for path in ("/", "/?num_units=0", "/nothing", "/docs/"):
        answer = client.get(path, headers={"Host": host, **BROWSER})
        assert answer.status_code < 500
        assert "a b<>" not in answer.text
