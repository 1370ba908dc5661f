"""deploy/nginx.conf in a real nginx, in front of two real replicas with a path prefix."""

import gzip
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from email.message import Message
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from scripts import nginx
from scripts.free_port import free_port

ROOT = Path(__file__).parents[1]
NGINX = nginx.find()
PREFIX = "/unrolled"
TIMEOUT = 30  # seconds

Response = tuple[int, bytes, Message]


def get(url: str, **headers: str) -> Response:
    """Status, body and headers. Names of request headers are written as ``Accept_Encoding``."""
    request = Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urlopen(request, timeout=TIMEOUT) as response:
            return response.status, response.read(), response.headers
    except HTTPError as error:
        return error.code, error.read(), error.headers


def wait_for(url: str) -> None:
    end = time.monotonic() + TIMEOUT
    while True:
        try:
            if get(url)[0] == 200:
                return
        except URLError:
            assert time.monotonic() < end, f"{url} does not respond"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def replicas() -> Iterator[list[tuple[subprocess.Popen[bytes], int]]]:
    """Two replicas, each with its port."""
    started = []
    for port in (free_port(), free_port()):
        command = [sys.executable, "-m", "app", "serve", "--host", "127.0.0.1", "--port", str(port)]
        environment = {**os.environ, "ROOT_PATH": PREFIX}
        started.append((subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL), port))
    try:
        for _, port in started:
            wait_for(f"http://127.0.0.1:{port}/readyz")
        yield started
    finally:
        for process, _ in started:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def site(
    replicas: list[tuple[subprocess.Popen[bytes], int]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """The URL of the app behind nginx, and the log of nginx."""
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    log = folder / "access"
    servers = "\n".join(f"server 127.0.0.1:{at} max_fails=1 fail_timeout=2s;" for _, at in replicas)
    text = (ROOT / "deploy/nginx.conf").read_text().replace("/tmp", str(folder)).replace("/dev/stdout", str(log))
    replacements = {"server app:8000 max_fails=1 fail_timeout=2s;": servers, "listen 8080": f"listen 127.0.0.1:{port}"}
    for old, new in replacements.items():
        assert old in text
        text = text.replace(old, new)
    (folder / "nginx.conf").write_text(text)
    user = "user root;" if os.getuid() == 0 else ""
    assert NGINX
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", f"daemon off; {user}"]
    process = subprocess.Popen(command)
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}{PREFIX}", log
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def url(site: tuple[str, Path]) -> str:
    return site[0]


def test_a_cached_response_is_shared_by_all_browsers(url: str) -> None:
    resource = f"{url}/diagram.json?num_units=11"
    first = get(resource, Accept_Encoding="gzip, deflate")
    again = get(resource, Accept_Encoding="deflate;q=0.5, GZIP;q=0.9")
    assert [response[2]["X-Cache"] for response in (first, again)] == ["MISS", "HIT"]
    assert first[1] == again[1] and first[2]["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(first[1]))["layout"]


def test_a_client_without_compression_gets_an_uncompressed_response(url: str) -> None:
    resource = f"{url}/diagram.json?num_units=12"
    get(resource, Accept_Encoding="gzip")
    for encoding in ("identity", "gzip;q=0", "gzip; q=0.0, deflate", ""):
        status, body, headers = get(resource, Accept_Encoding=encoding)
        assert status == 200 and headers["Content-Encoding"] is None
        assert json.loads(body)


def test_a_conditional_request_gets_304_from_the_cache(url: str) -> None:
    resource = f"{url}/diagram.svg?num_units=13"
    tag = get(resource)[2]["ETag"]
    status, body, headers = get(resource, If_None_Match=tag)
    assert (status, body, headers["X-Cache"]) == (304, b"", "HIT")


def test_a_page_is_not_cached_but_has_an_etag(url: str) -> None:
    _, english, headers = get(f"{url}/learn", Accept_Language="en")
    _, spanish, _ = get(f"{url}/learn", Accept_Language="es")
    assert b'lang="en"' in english and b'lang="es"' in spanish
    assert headers["X-Cache"] is None
    assert get(f"{url}/learn", Accept_Language="en", If_None_Match=headers["ETag"])[0] == 304


def test_an_error_is_not_cached(url: str) -> None:
    for _ in range(2):
        status, _, headers = get(f"{url}/trace.json?num_units=0")
        assert (status, headers["X-Cache"]) == (422, "MISS")


def test_links_of_a_page_have_the_prefix_of_the_proxy(url: str) -> None:
    _, page, _ = get(f"{url}/")
    style = page.decode().partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert style.startswith(f"{PREFIX}/static/")
    origin = url.removesuffix(PREFIX)
    assert get(origin + style)[2]["Cache-Control"] == "public, max-age=31536000, immutable"


def enter_room(url: str, code: str, origin: str) -> ClientConnection:
    return connect(f"{url.replace('http', 'ws', 1)}/rooms/{code}", origin=Origin(origin))


def test_a_room_works_through_the_proxy(url: str) -> None:
    """The replicas do not share rooms here, so entering is repeated until it reaches the replica with the room."""
    with urlopen(Request(f"{url}/rooms", method="POST")) as response:
        room = json.loads(response.read())
    for _ in range(20):
        with enter_room(url, room["code"], url.removesuffix(PREFIX)) as connection, suppress(ConnectionClosed):
            assert json.loads(connection.recv(timeout=TIMEOUT))["room"]["query"] == ""
            return
    pytest.fail("no replica knows the room")


def test_a_page_of_another_site_cannot_enter_a_room(url: str) -> None:
    with (
        enter_room(url, "ABCDE", "http://evil.example") as connection,
        pytest.raises(ConnectionClosed, match="another site"),
    ):
        connection.recv(timeout=TIMEOUT)


def test_metrics_and_readiness_are_not_public(url: str) -> None:
    for path in ("/metrics", "/readyz"):
        assert get(url + path)[0] == 404
        assert get(url.removesuffix(PREFIX) + path)[0] == 404


def test_a_long_text_passes_the_proxy(url: str) -> None:
    assert get(f"{url}/trace.json?data=text&time_step=5&text={'%E6%97%A5' * 2000}")[0] == 200


def test_the_log_of_the_proxy_has_no_personal_data(site: tuple[str, Path]) -> None:
    url, log = site
    get(f"{url}/questions?q=my-own-words", User_Agent="Netscape", Referer="https://mail.example")
    time.sleep(1.5)  # nginx writes its log once a second
    lines = log.read_text().splitlines()
    assert len(lines) > 1
    assert set(json.loads(lines[-1])) == {"time", "method", "status", "s", "bytes", "cache"}
    assert not any(word in log.read_text() for word in ("my-own-words", "Netscape", "mail", "127.0.0.1"))


def test_requests_succeed_after_a_replica_is_killed(
    url: str, replicas: list[tuple[subprocess.Popen[bytes], int]]
) -> None:
    """Must be the last test in this file, because the replica is not restarted."""
    replicas[0][0].kill()
    assert {get(f"{url}/diagram.svg?seed={seed}")[0] for seed in range(100, 130)} == {200}
