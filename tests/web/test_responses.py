"""Answers that are a function of the URL: tags, 304, caching, encodings, HEAD."""

from threading import get_ident

import pytest
from anyio.from_thread import start_blocking_portal
from counting_runner import CountingRunner
from decompression import DECODE, raw
from fastapi import FastAPI
from starlette.testclient import TestClient
from starlette.types import Message, Scope

from app.query.parsing import parse
from app.web.http.installed_files import build
from app.web.http.responses import PIECE

STYLE = f"/static/{build()}/theme.css"
CACHING = {
    **dict.fromkeys(("/", "/docs"), "no-cache"),
    **dict.fromkeys(("/diagram.json", "/diagram.svg", "/trace.json", "/tensor.json?tensor=h"), "public, max-age=300"),
    **dict.fromkeys(("/code", "/weights.npz", "/weights.safetensors"), "public, max-age=300"),
    STYLE: "public, max-age=31536000, immutable",
}
OF_THE_URL = tuple(CACHING)
RUNS = ("/", "/trace.json", "/tensor.json?tensor=h", "/weights.npz", "/weights.safetensors")
BINARY = ("/weights.npz", "/weights.safetensors")

LANGUAGE = {"/": ("Accept-Language",), "/docs": ("Accept-Language",)}
"""Pages may have words in the visitor's language."""


def varies(header: str) -> set[str]:
    return set(header.split(", "))


@pytest.mark.parametrize(("path", "caching"), CACHING.items())
def test_an_answer_can_be_kept_and_has_a_tag(client: TestClient, path: str, caching: str) -> None:
    """A page is asked for again each time: it names the scripts and styles of its build."""
    answer = client.get(path)

    assert answer.headers["cache-control"] == caching
    assert answer.headers["etag"].startswith('W/"')
    assert client.get(path).headers["etag"] == answer.headers["etag"]


def test_tags_differ_from_one_question_to_another(client: TestClient) -> None:
    paths = [*OF_THE_URL, "/?num_units=7", "/trace.json?num_units=7", "/trace.json?num_units=8"]
    paths += ["/trace.json?cell=gru", "/trace.json?num_layers=2", "/code?framework=keras", "/code?to=keras"]

    assert len({client.get(path).headers["etag"] for path in paths}) == len(paths)


@pytest.mark.parametrize("form", ["{weak}", "{strong}", '"other", {weak}', '{weak} , W/"other"', '"a",{strong}', "*"])
@pytest.mark.parametrize("path", OF_THE_URL)
def test_who_has_the_answer_is_told_so(client: TestClient, path: str, form: str) -> None:
    tag = client.get(path).headers["etag"]
    known = form.format(weak=tag, strong=tag.removeprefix("W/"))
    answer = client.get(path, headers={"If-None-Match": known})

    assert (answer.status_code, answer.content) == (304, b"")
    assert (answer.headers["etag"], answer.headers["cache-control"]) == (tag, CACHING[path])
    assert varies(answer.headers["vary"]) == {"Accept-Encoding", *LANGUAGE.get(path, ())}
    assert "content-type" not in answer.headers


@pytest.mark.parametrize("known", ['W/"other"', '"', "", 'W/"x{tag}"', "{tag}", 'W/"{tag}x"'])
def test_who_has_another_answer_is_given_this_one(client: TestClient, known: str) -> None:
    tag = client.get("/trace.json").headers["etag"].split('"')[1]
    answer = client.get("/trace.json", headers={"If-None-Match": known.format(tag=tag)})

    assert answer.status_code == 200
    assert answer.json()["executed"]


@pytest.mark.parametrize("path", RUNS)
def test_nothing_is_executed_for_who_has_the_answer(client: TestClient, runner: CountingRunner, path: str) -> None:
    tag = client.get(path).headers["etag"]
    assert runner.asked == 1

    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert runner.asked == 1


@pytest.mark.parametrize("path", ["/docs", STYLE, "/diagram.json", "/diagram.svg", "/code", "/code?to=keras"])
def test_nothing_is_executed_for_what_shows_no_values(client: TestClient, runner: CountingRunner, path: str) -> None:
    client.get(path)

    assert runner.asked == 0


@pytest.mark.parametrize(
    ("accept", "encoding"),
    [
        ("zstd", "zstd"),
        ("br", "br"),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("zstd;q=0, br;q=0.5", "br"),
        ("identity", None),
        ("", None),
        ("deflate", None),
    ],
)
@pytest.mark.parametrize("path", [p for p in OF_THE_URL if "tensor" not in p and p not in BINARY])
def test_an_answer_is_encoded_as_the_client_can_read_it(
    client: TestClient, path: str, accept: str, encoding: str | None
) -> None:
    plain = raw(client, path, "identity")[1]
    used, body = raw(client, path, accept)

    assert used == encoding
    if encoding:
        assert len(body) < len(plain)
        body = DECODE[encoding](body)
    assert path == "/" or body == plain  # the page says how long its run took
    vary = client.get(path, headers={"Accept-Encoding": accept}).headers["vary"]
    assert varies(vary) == {"Accept-Encoding", *LANGUAGE.get(path, ())}


@pytest.mark.parametrize("path", BINARY)
def test_random_numbers_are_sent_as_they_are_because_nothing_makes_them_smaller(client: TestClient, path: str) -> None:
    used, body = raw(client, f"{path}?num_units=100", "gzip, br, zstd")

    assert used is None
    assert body == client.get(f"{path}?num_units=100").content


@pytest.mark.parametrize("path", [*OF_THE_URL, "/healthz", "/openapi.json", "/nothing", "/trace.json?num_units=0"])
def test_head_is_get_without_the_body(client: TestClient, path: str) -> None:
    plain = {"Accept-Encoding": "identity"}
    head, get = client.head(path, headers=plain), client.get(path, headers=plain)

    assert (head.status_code, head.content) == (get.status_code, b"")
    assert int(head.headers["content-length"]) > 0
    assert {k: v for k, v in head.headers.items() if k != "content-length"} == {
        k: v for k, v in get.headers.items() if k != "content-length"
    }


def test_a_style_sheet_of_another_build_is_asked_for_again(client: TestClient) -> None:
    answer = client.get("/static/another/theme.css")

    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
    assert answer.text == client.get(STYLE).text


async def _ask(app: FastAPI, path: str, query: bytes) -> list[Message]:
    """A question byte by byte, as no well-behaved client would send it."""
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
    """What is sent, message by message. In a thread of its own: Playwright keeps an event loop in this one."""
    with start_blocking_portal() as portal:
        return portal.call(_ask, app, path, query)


def ask(app: FastAPI, path: str, query: bytes) -> tuple[int, bytes]:
    sent = messages(app, path, query)
    return sent[0]["status"], b"".join(m.get("body", b"") for m in sent[1:])


def test_a_large_answer_is_sent_in_pieces_and_is_the_same(app: FastAPI, client: TestClient) -> None:
    """Between two of them others have their turn: 1 MB takes 17 to 37 ms to compress."""
    query = "tensor=h&batch_size=100&num_units=1000&features=1&time_step=1"
    start, *pieces = messages(app, "/tensor.json", query.encode())
    bodies = [m.get("body", b"") for m in pieces]

    assert len([b for b in bodies if b]) > 3
    assert max(map(len, bodies)) <= PIECE
    assert b"".join(bodies) == client.get(f"/tensor.json?{query}").content
    assert dict(start["headers"])[b"content-length"] == str(sum(map(len, bodies))).encode()
    for encoding in ("zstd", "br", "gzip"):
        used, body = raw(client, f"/tensor.json?{query}", encoding)
        assert (used, DECODE[encoding](body)) == (encoding, b"".join(bodies))


def test_what_is_made_of_a_run_is_made_in_the_workers_thread(app: FastAPI) -> None:
    """The event loop answers others meanwhile."""

    async def threads() -> tuple[int, int]:
        made = await app.state.runner.run(parse([], strict=True), lambda trace, reason: get_ident())
        return get_ident(), made

    with start_blocking_portal() as portal:
        here, there = portal.call(threads)
    assert here != there


@pytest.mark.parametrize("query", [b"\xff", b"utm=\xff\xfe", b"utm=\x00", b"num_units=7&\xc3\x28=1", b"&&;&=&"])
def test_bytes_that_are_no_text_are_ignored_by_pages(app: FastAPI, query: bytes) -> None:
    for path in ("/", "/docs", STYLE):
        assert ask(app, path, query)[0] == 200


@pytest.mark.parametrize("query", [b"\xff", b"num_units=\xff", b"num_units=7\xd9", b"\x00=\x00"])
def test_bytes_that_are_no_text_are_refused_by_the_api(app: FastAPI, query: bytes) -> None:
    for path in ("/trace.json", "/tensor.json", "/diagram.json", "/diagram.svg", "/code", *BINARY):
        status, body = ask(app, path, query)
        assert status == 422
        assert body.startswith(b'{"error":{"field":')
