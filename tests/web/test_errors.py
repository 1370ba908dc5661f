"""Error responses: JSON for programs, a page for people."""

import re
from itertools import product
from threading import get_ident
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from app_client import TestClient
from fastapi import FastAPI
from page_text import links, words
from starlette.responses import Response
from starlette.types import Message, Scope

from app.core.work_limits import Budget
from app.main import create_app
from app.settings import Settings
from app.web import error_responses as errors
from app.web.pages import rendering
from app.web.server.run_executor import QUEUES

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
def test_another_spelling_of_a_code_redirects_to_the_room(client: TestClient, typed: str, link: str) -> None:
    assert client.get(f"/room/{typed}").headers["Location"] == link


def test_a_code_without_letters_is_not_found(client: TestClient) -> None:
    assert client.get("/room/...").status_code == 404


@pytest.mark.parametrize("path", NOWHERE)
def test_404_is_json_for_programs(client: TestClient, path: str) -> None:
    response = client.get(path)

    assert (response.status_code, response.headers["content-type"]) == (404, "application/json")
    error = response.json()["error"]
    assert error["message"] == f"There is no page at {error['value']}"
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
def test_an_error_is_a_page_if_the_client_prefers_html(client: TestClient, accept: str, kind: str) -> None:
    assert client.get("/nothing", headers={"Accept": accept}).headers["content-type"] == kind


def on_the_event_loop(app: FastAPI, monkeypatch: pytest.MonkeyPatch, *paths: str) -> list[bool]:
    """For each path, whether its error page is rendered on the event loop."""
    threads = list[int]()

    def render(template: str, status: int, **context: Any) -> Response:
        threads.append(get_ident())
        return rendering.render(template, status, **context)

    monkeypatch.setattr(errors, "render", render)
    with TestClient(app, raise_server_exceptions=False) as client:
        assert client.portal
        loop = client.portal.call(_thread)
        for path in paths:
            assert client.get(path, headers=BROWSER).status_code in (404, 422)
    return [thread == loop for thread in threads]


async def _thread() -> int:
    return get_ident()


def test_the_first_error_page_compiles_its_templates_in_a_worker_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    assert on_the_event_loop(create_app(), monkeypatch, "/nothing", "/nowhere") == [False, True]


def test_the_page_of_an_invalid_link_is_rendered_in_a_worker_thread(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have a long text."""
    paths = "/?num_units=0", "/embed?text=" + "好" * 3001

    assert on_the_event_loop(app, monkeypatch, *paths) == [False, False]


def test_too_many_invalid_links_are_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(QUEUES, "quick", 0)
    response = TestClient(create_app()).get("/?num_units=0", headers=BROWSER)

    assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
    assert "<h2" in response.text


@pytest.mark.parametrize("path", NOWHERE)
def test_404_is_a_page_for_browsers(client: TestClient, path: str) -> None:
    response = client.get(path, headers=BROWSER)

    assert (response.status_code, response.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "There is no page at /" in words(response.text)
    assert links(response.text) == ["/"]
    assert "<script" not in response.text


FOR_GET = (
    *("/", "/docs", "/diagram.json", "/diagram.svg", "/trace.json", "/tensor.json", "/healthz"),
    *("/code", "/weights.npz", "/weights.safetensors"),
)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_only_get_is_allowed(client: TestClient, method: str) -> None:
    for path, (headers, kind) in product(FOR_GET, [({}, "application/json"), (BROWSER, "text/html; charset=utf-8")]):
        response = client.request(method, path, headers=headers)
        assert (response.status_code, response.headers["content-type"]) == (405, kind), path
        assert response.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_path_with_a_form_allows_post_as_well(client: TestClient, method: str) -> None:
    response = client.request(method, "/questions")

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, POST")


def test_405_is_json_for_programs(client: TestClient) -> None:
    error = {
        "field": None,
        "value": "/trace.json",
        "message": "/trace.json does not support this method",
        "allowed": None,
    }

    assert client.post("/trace.json").json() == {"error": error}


@pytest.mark.parametrize("path", ["/rooms", "/rooms/ABCDE", "/rooms/ABCDE/events", "/read.json"])
def test_a_path_for_post_only_says_so(client: TestClient, path: str) -> None:
    for method in ("GET", "HEAD", "PUT"):
        assert client.request(method, path).status_code == 405
    assert client.get(path).headers["Allow"] == "POST"
    assert client.get(path).json()["error"]["message"] == f"{path} accepts POST requests only"
    assert f"{path} solo acepta solicitudes POST" in words(client.get(f"{path}?lang=es", headers=BROWSER).text)


def test_a_static_file_cannot_be_written(client: TestClient) -> None:
    assert client.put("/static/x/icon.svg", content=b"<svg/>").status_code == 405


@pytest.mark.parametrize("path", ["/trace.json/", "/docs/"])
def test_a_trailing_slash_is_redirected(client: TestClient, path: str) -> None:
    response = client.get(f"{path}?num_units=7")

    assert response.status_code == 307
    assert response.headers["location"] == f"{path[:-1]}?num_units=7"


REDIRECTED = (
    "/questions/",
    "/learn/what-is-num-units/?num_units=7",
    "/join?code=ABCDE",
    "/room/abcde",
    "/quiz?seed=3",
    "//evil.example/questions/",
    "/questions//",
    "/\\evil.example/../questions/",
)


@pytest.mark.parametrize("prefix", ["", "/unrolled", "auto"])
def test_no_redirect_leaves_the_site(prefix: str) -> None:
    client = TestClient(create_app(Settings(Budget(), root_path=prefix)), follow_redirects=False)
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/unrolled"}
    for path in REDIRECTED:
        response = client.get(f"http://testserver{path}", headers=headers)
        location = response.headers.get("Location", "/unrolled/" if prefix else "/")

        assert response.status_code in (303, 307, 404), path
        assert re.match(r"/unrolled/[a-z]*" if prefix else r"/(?![/\\])", location), path
        assert "evil.example" not in location


NO_HOSTS = ("a b", "a/b", "a\\b", "a@b", "a?b", "[::1", "a:b", "a,b", "a%2e", "é", "-", ".", ":99999", "a:8000:1")


@pytest.mark.parametrize("host", NO_HOSTS)
def test_an_invalid_host_is_rejected(client: TestClient, host: str) -> None:
    response = client.get("/healthz", headers=[(b"host", host.encode())])

    assert response.status_code == 400
    assert "Host" in response.json()["error"]["message"]


@pytest.mark.parametrize("host", ["a.example", "a.example:8000", "127.0.0.1", "[::1]:8000", "xn--a.example", ""])
def test_a_valid_host_is_accepted(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers=[(b"host", host.encode())]).status_code == 200


@pytest.mark.parametrize(
    ("version", "hosts", "status"),
    [("1.1", 0, 400), ("1.1", 1, 200), ("1.1", 2, 400), ("1.0", 0, 200), ("1.0", 1, 200), ("1.0", 2, 400)],
)
def test_http_1_1_needs_exactly_one_host(app: FastAPI, version: str, hosts: int, status: int) -> None:
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
def test_an_invalid_host_causes_no_500(client: TestClient, host: str) -> None:
    for path in ("/", "/?num_units=0", "/nothing", "/docs/"):
        response = client.get(path, headers={"Host": host, **BROWSER})
        assert response.status_code < 500
        assert "a b<>" not in response.text
