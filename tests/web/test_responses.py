"""Responses that are a function of the URL: ETag, 304, Cache-Control, encodings, HEAD."""

from threading import get_ident

import pytest
from anyio.from_thread import start_blocking_portal
from app_client import TestClient
from counting_runner import CountingRunner
from decompression import DECODE, raw
from fastapi import FastAPI
from pairing import in_turn
from starlette.types import Message, Scope

from app.url_state.parsing import parse
from app.web.requests_and_responses.installed_files import build
from app.web.requests_and_responses.responses import CHUNK

STYLE = f"/static/{build()}/theme.css"
CACHING = {
    **dict.fromkeys(("/", "/docs"), "no-cache"),
    **dict.fromkeys(("/diagram.json", "/diagram.svg", "/trace.json", "/tensor.json?tensor=h"), "public, max-age=300"),
    **dict.fromkeys(("/code", "/weights.npz", "/weights.safetensors"), "public, max-age=300"),
    STYLE: "public, max-age=31536000, immutable",
}
URLS = tuple(CACHING)
RUNS = ("/", "/trace.json", "/tensor.json?tensor=h", "/weights.npz", "/weights.safetensors")
BINARY = ("/weights.npz", "/weights.safetensors")

VISITOR = dict.fromkeys(("/", "/docs"), ("Accept-Language", "User-Agent"))
"""Pages are in the visitor's language, with a picture for the visitor's device."""


def varies(header: str) -> set[str]:
    return set(header.split(", "))


@pytest.mark.parametrize(("path", "caching"), CACHING.items())
def test_a_response_has_cache_control_and_an_etag(client: TestClient, path: str, caching: str) -> None:
    """A page is revalidated each time, since it names the scripts and styles of its build."""
    response = client.get(path)

    assert response.headers["cache-control"] == caching
    assert response.headers["etag"].startswith('W/"')
    assert client.get(path).headers["etag"] == response.headers["etag"]


def test_different_requests_have_different_etags(client: TestClient) -> None:
    paths = [*URLS, "/?num_units=7", "/trace.json?num_units=7", "/trace.json?num_units=8"]
    paths += ["/trace.json?cell=gru", "/trace.json?num_layers=2", "/code?framework=keras", "/code?to=keras"]

    assert len({client.get(path).headers["etag"] for path in paths}) == len(paths)


IF_NONE_MATCH = ("{weak}", "{strong}", '"other", {weak}', '{weak} , W/"other"', '"a",{strong}', "*")


@pytest.mark.parametrize(("form", "path"), in_turn(IF_NONE_MATCH, URLS, each=2))
def test_a_response_that_the_client_has_is_304(client: TestClient, path: str, form: str) -> None:
    tag = client.get(path).headers["etag"]
    condition = form.format(weak=tag, strong=tag.removeprefix("W/"))
    response = client.get(path, headers={"If-None-Match": condition})

    assert (response.status_code, response.content) == (304, b"")
    assert (response.headers["etag"], response.headers["cache-control"]) == (tag, CACHING[path])
    assert varies(response.headers["vary"]) == {"Accept-Encoding", *VISITOR.get(path, ())}
    assert "content-type" not in response.headers


@pytest.mark.parametrize("condition", ['W/"other"', '"', "", 'W/"x{tag}"', "{tag}", 'W/"{tag}x"'])
def test_another_etag_gets_the_full_response(client: TestClient, condition: str) -> None:
    tag = client.get("/trace.json").headers["etag"].split('"')[1]
    response = client.get("/trace.json", headers={"If-None-Match": condition.format(tag=tag)})

    assert response.status_code == 200
    assert response.json()["executed"]


@pytest.mark.parametrize("path", RUNS)
def test_a_304_executes_nothing(client: TestClient, runner: CountingRunner, path: str) -> None:
    tag = client.get(path).headers["etag"]
    assert runner.jobs == 1

    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert runner.jobs == 1


@pytest.mark.parametrize("path", ["/docs", STYLE, "/diagram.json", "/diagram.svg", "/code", "/code?to=keras"])
def test_responses_without_values_execute_nothing(client: TestClient, runner: CountingRunner, path: str) -> None:
    client.get(path)

    assert runner.jobs == 0


ACCEPTED = {
    "zstd": None,  # but JSON
    "br": "br",
    "gzip": "gzip",
    "gzip, deflate, br, zstd": "br",
    "gzip, deflate, br": "br",
    "gzip;q=1.0, br;q=0": "gzip",
    "zstd;q=0, br;q=0.5": "br",
    "identity": None,
    "": None,
    "deflate": None,
}


@pytest.mark.parametrize(
    ("accept", "path"), in_turn(ACCEPTED, [p for p in URLS if "tensor" not in p and p not in BINARY], each=3)
)
def test_a_response_has_an_encoding_that_the_client_accepts(client: TestClient, path: str, accept: str) -> None:
    is_data = client.get(path).headers["content-type"] == "application/json"
    encoding = "zstd" if is_data and "zstd" in accept and "zstd;q=0" not in accept else ACCEPTED[accept]
    plain = raw(client, path, "identity")[1]
    used, body = raw(client, path, accept)

    assert used == encoding
    if encoding:
        assert len(body) < len(plain)
        body = DECODE[encoding](body)
    assert path == "/" or body == plain  # the page has the duration of its run
    vary = client.get(path, headers={"Accept-Encoding": accept}).headers["vary"]
    assert varies(vary) == {"Accept-Encoding", *VISITOR.get(path, ())}


@pytest.mark.parametrize("path", BINARY)
def test_random_numbers_are_not_compressed(client: TestClient, path: str) -> None:
    used, body = raw(client, f"{path}?num_units=100", "gzip, br, zstd")

    assert used is None
    assert body == client.get(f"{path}?num_units=100").content


@pytest.mark.parametrize("path", [*URLS, "/healthz", "/openapi.json", "/nothing", "/trace.json?num_units=0"])
def test_head_is_get_without_the_body(client: TestClient, path: str) -> None:
    plain = {"Accept-Encoding": "identity"}
    head, get = client.head(path, headers=plain), client.get(path, headers=plain)

    assert (head.status_code, head.content) == (get.status_code, b"")
    assert int(head.headers["content-length"]) > 0
    assert {k: v for k, v in head.headers.items() if k != "content-length"} == {
        k: v for k, v in get.headers.items() if k != "content-length"
    }


def test_a_style_sheet_of_another_build_is_revalidated(client: TestClient) -> None:
    response = client.get("/static/another/theme.css")

    assert (response.status_code, response.headers["cache-control"]) == (200, "no-cache")
    assert response.text == client.get(STYLE).text


async def _ask(app: FastAPI, path: str, query: bytes) -> list[Message]:
    """Call the app with raw bytes, which no well-behaved client would send."""
    sent: list[Message] = []
    scope: Scope = {
        **{"type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "root_path": ""},
        **{"path": path, "raw_path": path.encode(), "query_string": query, "headers": [(b"host", b"testserver")]},
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent


def messages(app: FastAPI, path: str, query: bytes) -> list[Message]:
    """The messages that the app sends. It runs in another thread, since Playwright has an event loop in this one."""
    with start_blocking_portal() as portal:
        return portal.call(_ask, app, path, query)


def ask(app: FastAPI, path: str, query: bytes) -> tuple[int, bytes]:
    sent = messages(app, path, query)
    return sent[0]["status"], b"".join(m.get("body", b"") for m in sent[1:])


def test_a_large_response_is_sent_in_chunks(app: FastAPI, client: TestClient) -> None:
    """Between chunks the event loop serves other requests: compressing 1 MB takes 17 to 37 ms."""
    query = "tensor=h&batch_size=100&num_units=1000&features=1&time_step=1"
    start, *pieces = messages(app, "/tensor.json", query.encode())
    bodies = [m.get("body", b"") for m in pieces]

    assert len([b for b in bodies if b]) > 3
    assert max(map(len, bodies)) <= CHUNK
    assert b"".join(bodies) == client.get(f"/tensor.json?{query}").content
    assert dict(start["headers"])[b"content-length"] == str(sum(map(len, bodies))).encode()
    for encoding in ("br", "gzip"):
        used, body = raw(client, f"/tensor.json?{query}", encoding)
        assert (used, DECODE[encoding](body)) == (encoding, b"".join(bodies))


def test_responses_with_a_run_are_computed_in_a_worker_thread(app: FastAPI) -> None:
    """The event loop serves other requests meanwhile."""

    async def threads() -> tuple[int, int]:
        thread = await app.state.runner.run(parse([], strict=True), lambda trace, reason: get_ident())
        return get_ident(), thread

    with start_blocking_portal() as portal:
        here, there = portal.call(threads)
    assert here != there


@pytest.mark.parametrize("query", [b"\xff", b"utm=\xff\xfe", b"utm=\x00", b"num_units=7&\xc3\x28=1", b"&&;&=&"])
def test_pages_ignore_invalid_utf_8(app: FastAPI, query: bytes) -> None:
    for path in ("/", "/docs", STYLE):
        assert ask(app, path, query)[0] == 200


@pytest.mark.parametrize("query", [b"\xff", b"num_units=\xff", b"num_units=7\xd9", b"\x00=\x00"])
def test_the_api_rejects_invalid_utf_8(app: FastAPI, query: bytes) -> None:
    for path in ("/trace.json", "/tensor.json", "/diagram.json", "/diagram.svg", "/code", *BINARY):
        status, body = ask(app, path, query)
        assert status == 422
        assert body.startswith(b'{"error":{"field":')
