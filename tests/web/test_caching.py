"""Two requests whose answers differ have different tags, and caches are told by which headers they may differ."""

import pytest
from starlette.testclient import TestClient

from app.core.budget import Budget
from app.main import create_app
from app.settings import Settings

BASE = {"Host": "one.example", "Accept-Language": "en", "X-Forwarded-Prefix": "/one"}

OTHER = {"Host": "two.example", "Accept-Language": "es", "X-Forwarded-Prefix": "/two"}

OF_THE_ADDRESS = ("Host",)
"""Caches tell addresses apart without being told to."""

PATHS = (
    "/",
    "/?num_units=7",
    "/?num_units=0",
    "/learn",
    "/learn/break-it",
    "/questions",
    "/questions/ndim",
    "/quiz?seed=3",
    "/docs",
    "/join",
    "/room/ABCDE",
    "/embed?controls=true",
    "/oembed?url=http://one.example/one/",
    "/qr.svg",
    "/notebook.ipynb",
    "/standalone.html",
    "/openapi.json",
    "/robots.txt",
    "/trace.json",
    "/diagram.svg",
    "/table.csv",
    "/nothing",
)


@pytest.fixture(scope="module")
def behind() -> TestClient:
    return TestClient(create_app(Settings(Budget(), root_path="auto", response_cache=0)))


@pytest.mark.parametrize("path", PATHS)
def test_what_an_answer_depends_on_is_in_its_tag_and_in_vary(behind: TestClient, path: str) -> None:
    whole = {**BASE, "Accept": "text/html"}
    one = behind.get(path, headers=whole)
    for name, value in OTHER.items():
        other = behind.get(path, headers={**whole, name: value})
        if (one.content, one.status_code) == (other.content, other.status_code):
            continue
        vary = {header.strip() for header in one.headers.get("Vary", "").split(",")}
        assert name in vary or name in OF_THE_ADDRESS
        assert one.headers.get("ETag") is None or one.headers["ETag"] != other.headers.get("ETag")
        if tag := one.headers.get("ETag"):
            asked = {**whole, name: value, "If-None-Match": tag}
            assert behind.get(path, headers=asked).status_code == other.status_code, "it is not what the client has"


@pytest.mark.parametrize("path", ["/", "/notebook.ipynb", "/standalone.html", "/qr.svg", "/oembed"])
def test_the_scheme_is_part_of_a_tag(path: str) -> None:
    app = create_app(Settings(Budget(), response_cache=0))
    plain, secure = TestClient(app, base_url="http://a.example"), TestClient(app, base_url="https://a.example")
    query = "?url=http://a.example/" if path == "/oembed" else ""
    one, other = plain.get(path + query), secure.get(path + query)
    assert one.content != other.content
    assert one.headers["ETag"] != other.headers["ETag"]


def test_errors_have_no_tag(client: TestClient) -> None:
    for path in ("/?num_units=0", "/nothing", "/trace.json?num_units=0", "/learn/nothing"):
        assert "ETag" not in client.get(path).headers


def test_whoever_has_the_answer_is_told_so_however_it_asks(client: TestClient) -> None:
    tag = client.get("/trace.json").headers["ETag"]
    opaque = tag.removeprefix("W/")
    for known in (tag, opaque, f'"x", {tag}', f'W/"y",{opaque} , "x"', "*", " * "):
        assert client.get("/trace.json", headers={"If-None-Match": known}).status_code == 304
    twice = [("If-None-Match", '"x"'), ("If-None-Match", tag)]
    assert client.get("/trace.json", headers=twice).status_code == 304
    for unknown in ('"x"', 'W/"x"', opaque.strip('"'), "", opaque[:-2] + '"'):
        assert client.get("/trace.json", headers={"If-None-Match": unknown}).status_code == 200
