"""Static files: compressed once, kept for a year under an address that names the build."""

import pytest
from decoding import DECODE, raw
from starlette.testclient import TestClient

from app.web.answers import ROOT, build
from app.web.static import accepted

FILES = ("css/page.css", "icon.svg", "js/main.js", "vendor/plotly.min.js")


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip", "identity"])
def test_a_file_is_what_it_is_on_disk_in_every_encoding(client: TestClient, path: str, encoding: str) -> None:
    used, body = raw(client, f"/static/{build()}/{path}", encoding)

    assert (used or "identity") == encoding
    assert DECODE.get(encoding, bytes)(body) == (ROOT / "static" / path).read_bytes()


@pytest.mark.parametrize("encoding", ["br", "identity"])
def test_caches_are_told_that_the_encoding_differs(client: TestClient, encoding: str) -> None:
    answer = client.get(f"/static/{build()}/css/page.css", headers={"Accept-Encoding": encoding})

    assert set(answer.headers["vary"].split(", ")) == {"Accept-Encoding"}


@pytest.mark.parametrize("path", FILES)
def test_a_file_is_kept_for_a_year_under_its_build_only(client: TestClient, path: str) -> None:
    assert client.get(f"/static/{build()}/{path}").headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get(f"/static/another/{path}").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
def test_who_has_a_file_is_told_so(client: TestClient, encoding: str) -> None:
    headers = {"Accept-Encoding": encoding}
    tag = client.get("/static/another/icon.svg", headers=headers).headers["etag"]

    assert client.get("/static/another/icon.svg", headers={**headers, "If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("header", "encodings"),
    [
        ("", {""}),
        ("gzip, deflate, br, zstd", {"gzip", "deflate", "br", "zstd"}),
        ("br;q=0, gzip;q=0.5", {"gzip"}),
        ("BR ; q=0.0,GZIP", {"gzip"}),
        ("br;q=0.001", {"br"}),
        ("x-brotli", {"x-brotli"}),
    ],
)
def test_an_encoding_is_accepted_where_it_is_named_and_not_refused(header: str, encodings: set[str]) -> None:
    assert accepted(header) == encodings


def test_a_file_outside_of_the_folder_is_not_given(client: TestClient) -> None:
    for path in ("../app/main.py", "%2e%2e/app/main.py", "..%2fapp%2fmain.py", "/etc/passwd", "%2fetc%2fpasswd", ""):
        assert client.get(f"/static/{build()}/{path}").status_code == 404
