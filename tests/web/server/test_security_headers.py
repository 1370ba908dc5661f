"""Security headers, which every response has."""

import pytest
from app_client import TestClient
from fastapi import FastAPI

from app.core.trace import StackTrace
from app.core.work_limits import Budget
from app.main import create_app
from app.url_state.fields.assignment_fields import LOCKABLE
from app.url_state.url_state import UrlState
from app.web.requests_and_responses.installed_files import build
from app.web.server.run_executor import Runner

POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

HEADERS = {
    "x-frame-options": "DENY",
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), serial=(), usb=()",
}

# method, path, Accept, status
ANSWERS = (
    ("GET", "/", "text/html", 200),
    ("GET", "/docs", "text/html", 200),
    ("GET", f"/static/{build()}/theme.css", "*/*", 200),
    ("GET", "/diagram.json", "*/*", 200),
    ("GET", "/template.json", "*/*", 200),
    ("GET", "/diagram.svg", "*/*", 200),
    ("GET", "/diagram.png", "*/*", 200),
    ("GET", "/diagram.pdf", "*/*", 200),
    ("GET", "/diagram.tex", "*/*", 200),
    ("GET", "/preview.png", "*/*", 200),
    ("GET", "/trace.json", "*/*", 200),
    ("GET", "/tensor.json?tensor=h", "*/*", 200),
    ("GET", "/code", "*/*", 200),
    ("GET", "/weights.npz", "*/*", 200),
    ("GET", "/weights.safetensors", "*/*", 200),
    ("GET", "/qr.svg", "*/*", 200),
    ("GET", "/table.csv", "*/*", 200),
    ("GET", "/notebook.ipynb", "*/*", 200),
    ("GET", f"/standalone.html?lock={','.join(LOCKABLE)}", "*/*", 200),
    ("GET", "/oembed?url=http://testserver/", "*/*", 200),
    ("GET", "/oembed", "*/*", 422),
    ("GET", "/oembed?url=http://testserver/&format=xml", "*/*", 501),
    ("GET", "/healthz", "*/*", 200),
    ("GET", "/openapi.json", "*/*", 200),
    ("HEAD", "/", "*/*", 200),
    ("GET", f"/static/{build()}/page.css", "*/*", 200),
    ("GET", "/static/old/icon.svg", "*/*", 200),
    ("GET", "/static/any/js/embed.js", "*/*", 200),
    ("GET", "/static/old/nothing.js", "*/*", 404),
    ("GET", "/trace.json/", "*/*", 307),
    ("GET", "/?num_units=0", "text/html", 422),
    ("GET", "/trace.json?num_units=0", "*/*", 422),
    ("GET", "/code?framework=keras&num_proj=3", "text/html", 422),
    ("GET", "/weights.npz?num_units=8192", "*/*", 422),
    ("GET", "/weights.safetensors?framework=caffe", "*/*", 422),
    ("GET", "/nothing", "*/*", 404),
    ("GET", "/nothing", "text/html", 404),
    ("POST", "/", "text/html", 405),
    ("DELETE", "/trace.json", "*/*", 405),
    ("GET", "/learn", "text/html", 200),
    ("GET", "/questions", "text/html", 200),
    ("GET", "/quiz", "text/html", 307),
    ("GET", "/quiz.json", "*/*", 200),
    ("GET", "/values.json?tensor=h", "*/*", 200),
    ("GET", "/gradients.json", "*/*", 200),
    ("GET", "/poke.json?poke=x", "*/*", 200),
    ("GET", "/training.json?num_units=1&epochs=1&examples=64", "*/*", 200),
    ("GET", "/training?num_units=1&epochs=1&examples=64", "*/*", 200),
    ("GET", "/training?num_units=8192", "*/*", 422),
    ("GET", "/readyz", "*/*", 200),
    ("GET", "/robots.txt", "*/*", 200),
    ("GET", "/join", "text/html", 200),
    ("GET", "/join?code=ABCDE", "text/html", 303),
    ("GET", "/room/ABCDE", "text/html", 200),
    ("POST", "/rooms", "*/*", 200),
    ("GET", "/explain", "text/html", 200),
    ("POST", "/explain", "text/html", 415),
    ("GET", "/open", "text/html", 200),
    ("POST", "/open", "text/html", 415),
    ("GET", "/model?model=lstm(7)", "text/html", 200),
    ("GET", "/cell", "text/html", 200),
    ("GET", "/cell/mgu", "text/html", 200),
    ("GET", "/model.json?model=lstm(7)", "*/*", 200),
    ("GET", "/model.svg?model=lstm(7)", "*/*", 200),
    ("POST", "/explain.json", "*/*", 415),
    ("POST", "/read.json", "*/*", 415),
    ("GET", f"/?utm={'x' * 2**15}", "text/html", 414),
    ("GET", f"/trace.json?x={'x' * 2**15}", "*/*", 414),
)


READ_ELSEWHERE = (".json", ".tex", ".csv", ".ipynb", "/code", "/weights", "/training", "/oembed")
SEEN_ELSEWHERE = (".svg", ".png", ".pdf", "/embed.js")


def test_all_paths_are_tested(app: FastAPI) -> None:
    """Paths by their first part: after it comes the name of a lesson, question or room. Pages that may be framed
    have headers of their own, see test_embed.py."""
    tested = {path.partition("?")[0].split("/")[1] for _, path, _, _ in ANSWERS} | {"embed"}

    assert {path.split("/")[1] for path in app.openapi()["paths"]} <= tested


@pytest.mark.parametrize(("method", "path", "accept", "status"), ANSWERS)
def test_every_response_has_the_security_headers(
    client: TestClient, method: str, path: str, accept: str, status: int
) -> None:
    response = client.request(method, path, headers={"Accept": accept})

    assert response.status_code == status
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    assert len(response.headers.get_list("content-security-policy")) == 1
    is_file = path.startswith("/static/") and not path.endswith("/embed.js")
    shown_elsewhere = any(end in path for end in (*READ_ELSEWHERE, *SEEN_ELSEWHERE)) and status != 307 and not is_file
    assert response.headers["cross-origin-resource-policy"] == ("cross-origin" if shown_elsewhere else "same-origin")
    assert "set-cookie" not in response.headers
    assert "server" not in response.headers


def test_other_sites_may_read_data_and_show_images(client: TestClient) -> None:
    """Error responses too, since they say what is wrong."""
    for method, path, accept, status in ANSWERS:
        response = client.request(method, path, headers={"Accept": accept, "Origin": "https://class.example"})

        for_programs = any(end in path for end in READ_ELSEWHERE) and status != 307
        assert response.headers.get("access-control-allow-origin") == ("*" if for_programs else None), path


def test_304_has_the_security_headers(client: TestClient) -> None:
    response = client.get("/", headers={"If-None-Match": "*"})

    assert response.status_code == 304
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS


class BrokenRunner(Runner):
    def _trace(self, state: UrlState) -> StackTrace:
        raise RuntimeError("a secret of the server")


@pytest.fixture(scope="module")
def broken() -> FastAPI:
    app = create_app()
    app.state.runner = BrokenRunner(Budget())
    return app


@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_500_has_the_security_headers_and_no_details(broken: FastAPI, accept: str) -> None:
    response = TestClient(broken, raise_server_exceptions=False).get("/", headers={"Accept": accept})

    assert response.status_code == 500
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    assert response.headers["content-type"].startswith("text/html" if accept == "text/html" else "application/json")
    assert "secret" not in response.text and "Traceback" not in response.text
    assert "The server could not handle this request. Details are in its log" in response.text
    assert "etag" not in response.headers and "cache-control" not in response.headers


def test_500_has_the_form_of_every_error(broken: FastAPI) -> None:
    response = TestClient(broken, raise_server_exceptions=False).get("/trace.json", headers={"Accept": "*/*"})

    assert (response.status_code, response.headers["access-control-allow-origin"]) == (500, "*")
    assert response.json()["error"] == {
        "field": None,
        "value": "/trace.json",
        "message": "The server could not handle this request. Details are in its log",
        "allowed": None,
    }


def test_500_is_logged_with_its_traceback(broken: FastAPI) -> None:
    with pytest.raises(RuntimeError, match="a secret of the server"):
        TestClient(broken).get("/")
