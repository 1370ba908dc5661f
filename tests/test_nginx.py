"""deploy/nginx.conf in a real nginx, before two real replicas that stand behind a prefix."""

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
PATIENCE = 30  # seconds

Answer = tuple[int, bytes, Message]


def get(url: str, **headers: str) -> Answer:
    """Status, body, headers; with names of headers as in ``Accept_Encoding``."""
    request = Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, answer.read(), answer.headers
    except HTTPError as error:
        return error.code, error.read(), error.headers


def until_it_answers(url: str) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            if get(url)[0] == 200:
                return
        except URLError:
            assert time.monotonic() < end, f"{url} does not answer"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def replicas() -> Iterator[list[tuple[subprocess.Popen[bytes], int]]]:
    """Two of them, and the ports where they listen."""
    started = []
    for port in (free_port(), free_port()):
        command = [sys.executable, "-m", "app", "serve", "--host", "127.0.0.1", "--port", str(port)]
        environment = {**os.environ, "ROOT_PATH": PREFIX}
        started.append((subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL), port))
    try:
        for _, port in started:
            until_it_answers(f"http://127.0.0.1:{port}/readyz")
        yield started
    finally:
        for process, _ in started:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def site(
    replicas: list[tuple[subprocess.Popen[bytes], int]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """The address of the app behind nginx, and nginx' log."""
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    log = folder / "access"
    servers = "\n".join(f"server 127.0.0.1:{at} max_fails=1 fail_timeout=2s;" for _, at in replicas)
    text = (ROOT / "deploy/nginx.conf").read_text().replace("/tmp", str(folder)).replace("/dev/stdout", str(log))
    replaced = {"server app:8000 max_fails=1 fail_timeout=2s;": servers, "listen 8080": f"listen 127.0.0.1:{port}"}
    for ours, here in replaced.items():
        assert ours in text
        text = text.replace(ours, here)
    (folder / "nginx.conf").write_text(text)
    user = "user root;" if os.getuid() == 0 else ""
    assert NGINX
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", f"daemon off; {user}"]
    process = subprocess.Popen(command)
    try:
        until_it_answers(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}{PREFIX}", log
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def url(site: tuple[str, Path]) -> str:
    return site[0]


def test_a_twin_is_kept_and_every_browser_shares_it(url: str) -> None:
    address = f"{url}/diagram.json?num_units=11"
    first = get(address, Accept_Encoding="gzip, deflate")
    again = get(address, Accept_Encoding="deflate;q=0.5, GZIP;q=0.9")
    assert [answer[2]["X-Cache"] for answer in (first, again)] == ["MISS", "HIT"]
    assert first[1] == again[1] and first[2]["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(first[1]))["layout"]


def test_who_takes_nothing_compressed_gets_nothing_compressed(url: str) -> None:
    address = f"{url}/diagram.json?num_units=12"
    get(address, Accept_Encoding="gzip")
    for wish in ("identity", "gzip;q=0", "gzip; q=0.0, deflate", ""):
        status, body, headers = get(address, Accept_Encoding=wish)
        assert status == 200 and headers["Content-Encoding"] is None
        assert json.loads(body)


def test_what_is_known_is_answered_304_from_what_is_kept(url: str) -> None:
    address = f"{url}/diagram.svg?num_units=13"
    tag = get(address)[2]["ETag"]
    status, body, headers = get(address, If_None_Match=tag)
    assert (status, body, headers["X-Cache"]) == (304, b"", "HIT")


def test_a_page_is_not_kept_and_known_all_the_same(url: str) -> None:
    _, english, headers = get(f"{url}/learn", Accept_Language="en")
    _, spanish, _ = get(f"{url}/learn", Accept_Language="es")
    assert b'lang="en"' in english and b'lang="es"' in spanish
    assert headers["X-Cache"] is None
    assert get(f"{url}/learn", Accept_Language="en", If_None_Match=headers["ETag"])[0] == 304


def test_what_is_wrong_is_not_kept(url: str) -> None:
    for _ in range(2):
        status, _, headers = get(f"{url}/trace.json?num_units=0")
        assert (status, headers["X-Cache"]) == (422, "MISS")


def test_addresses_of_a_page_lead_through_the_proxy(url: str) -> None:
    _, page, _ = get(f"{url}/")
    style = page.decode().partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert style.startswith(f"{PREFIX}/static/")
    origin = url.removesuffix(PREFIX)
    assert get(origin + style)[2]["Cache-Control"] == "public, max-age=31536000, immutable"


def entered(url: str, code: str, origin: str) -> ClientConnection:
    return connect(f"{url.replace('http', 'ws', 1)}/rooms/{code}", origin=Origin(origin))


def test_a_room_is_led_through_the_proxy(url: str) -> None:
    """Which replica has the room is left to chance: they share none here, so it is tried until it is the one."""
    with urlopen(Request(f"{url}/rooms", method="POST")) as answer:
        room = json.loads(answer.read())
    for _ in range(20):
        with entered(url, room["code"], url.removesuffix(PREFIX)) as connection, suppress(ConnectionClosed):
            assert json.loads(connection.recv(timeout=PATIENCE))["room"]["query"] == ""
            return
    pytest.fail("no replica knows the room")


def test_a_page_of_another_site_enters_no_room(url: str) -> None:
    with (
        entered(url, "ABCDE", "http://evil.example") as connection,
        pytest.raises(ConnectionClosed, match="another site"),
    ):
        connection.recv(timeout=PATIENCE)


def test_numbers_for_the_operator_are_not_for_visitors(url: str) -> None:
    for path in ("/metrics", "/readyz"):
        assert get(url + path)[0] == 404
        assert get(url.removesuffix(PREFIX) + path)[0] == 404


def test_a_long_text_passes(url: str) -> None:
    assert get(f"{url}/trace.json?data=text&time_step=5&text={'%E6%97%A5' * 2000}")[0] == 200


def test_the_log_tells_of_nobody(site: tuple[str, Path]) -> None:
    url, log = site
    get(f"{url}/questions?q=my-own-words", User_Agent="Netscape", Referer="https://mail.example")
    time.sleep(1.5)  # nginx writes once a second
    lines = log.read_text().splitlines()
    assert len(lines) > 1
    assert set(json.loads(lines[-1])) == {"time", "method", "status", "s", "bytes", "cache"}
    assert not any(word in log.read_text() for word in ("my-own-words", "Netscape", "mail", "127.0.0.1"))


def test_a_replica_is_killed_and_nobody_notices(url: str, replicas: list[tuple[subprocess.Popen[bytes], int]]) -> None:
    """Last in this file: the replica stays away."""
    replicas[0][0].kill()
    assert {get(f"{url}/diagram.svg?seed={seed}")[0] for seed in range(100, 130)} == {200}
