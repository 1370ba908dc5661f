"""Different responses have different ETags, and Vary names the request headers that they depend on."""

import pytest
from app_client import TestClient
from fastapi import FastAPI

from app.core.work_limits import Budget
from app.main import create_app
from app.settings import Settings
from app.url_state.fields.assignment_fields import LOCKABLE

BASE = {"Host": "one.example", "Accept-Language": "en", "X-Forwarded-Prefix": "/one"}

OTHER = {
    "Host": "two.example",
    "Accept-Language": "es",
    "X-Forwarded-Prefix": "/two",
    "User-Agent": "Mozilla/5.0 (Android 15; Mobile)",
}

NOT_IN_VARY = ("Host",)
"""Headers that are part of the URL, so that caches need no Vary for them."""

LOCKED = "lock=" + ",".join(LOCKABLE)
"""For a file with one state, which is made faster."""

PATHS = (
    "/",
    "/?num_units=7&only=page",
    "/?num_units=0",
    "/learn",
    "/learn/break-it?only=page",
    "/questions",
    "/questions/ndim?only=page",
    "/quiz?seed=3",
    "/docs",
    "/join",
    "/room/ABCDE",
    "/embed?controls=true",
    "/oembed?url=http://one.example/one/",
    "/qr.svg",
    "/notebook.ipynb",
    f"/standalone.html?{LOCKED}",
    "/openapi.json",
    "/robots.txt",
    "/trace.json",
    "/diagram.svg",
    "/table.csv",
    "/nothing",
)


@pytest.fixture(scope="module")
def proxied() -> TestClient:
    return TestClient(create_app(Settings(Budget(), root_path="auto", response_cache=0)))


@pytest.mark.parametrize("path", PATHS)
def test_etag_and_vary_cover_everything_that_a_response_depends_on(proxied: TestClient, path: str) -> None:
    base = {**BASE, "Accept": "text/html"}
    one = proxied.get(path, headers=base)
    for name, value in OTHER.items():
        other = proxied.get(path, headers={**base, name: value})
        if (one.content, one.status_code) == (other.content, other.status_code):
            continue
        vary = {header.strip() for header in one.headers.get("Vary", "").split(",")}
        assert name in vary or name in NOT_IN_VARY
        assert one.headers.get("ETag") is None or one.headers["ETag"] != other.headers.get("ETag")
        if tag := one.headers.get("ETag"):
            sent = {**base, name: value, "If-None-Match": tag}
            assert proxied.get(path, headers=sent).status_code == other.status_code, "it is not what the client has"


def test_the_etag_depends_on_the_scheme(app: FastAPI) -> None:
    plain, secure = TestClient(app, base_url="http://a.example"), TestClient(app, base_url="https://a.example")
    files = ("/notebook.ipynb", f"/standalone.html?{LOCKED}", "/qr.svg", "/oembed?url=http://a.example/")
    for path in ("/?only=page", *files):
        one, other = plain.get(path), secure.get(path)
        assert one.content != other.content
        assert one.headers["ETag"] != other.headers["ETag"]


def test_errors_have_no_etag(client: TestClient) -> None:
    for path in ("/?num_units=0", "/nothing", "/trace.json?num_units=0", "/learn/nothing"):
        assert "ETag" not in client.get(path).headers


def test_any_form_of_if_none_match_is_understood(client: TestClient) -> None:
    tag = client.get("/trace.json").headers["ETag"]
    opaque = tag.removeprefix("W/")
    for etags in (tag, opaque, f'"x", {tag}', f'W/"y",{opaque} , "x"', "*", " * "):
        assert client.get("/trace.json", headers={"If-None-Match": etags}).status_code == 304
    twice = [("If-None-Match", '"x"'), ("If-None-Match", tag)]
    assert client.get("/trace.json", headers=twice).status_code == 304
    for unknown in ('"x"', 'W/"x"', opaque.strip('"'), "", opaque[:-2] + '"'):
        assert client.get("/trace.json", headers={"If-None-Match": unknown}).status_code == 200
