"""Static files: compressed once, cacheable for a year under a URL that names the build."""

import pytest
from app_client import TestClient
from decompression import DECODE, raw
from starlette.datastructures import Headers

from app.web.requests_and_responses.installed_files import ROOT, build
from app.web.requests_and_responses.style_sheet import PARTS
from app.web.server.static_files import preferred

FILES = ("css/standalone.css", "icon.svg", "vendor/plotly.min.js")


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip", "identity"])
def test_a_file_is_served_unchanged_in_every_encoding(client: TestClient, path: str, encoding: str) -> None:
    used, body = raw(client, f"/static/{build()}/{path}", encoding)

    assert (used or "identity") == encoding
    assert DECODE.get(encoding, bytes)(body) == (ROOT / "static" / path).read_bytes()


def test_our_scripts_are_compressed_without_their_comments(client: TestClient) -> None:
    for path in (ROOT / "static/js").rglob("*.js"):
        source = path.read_text()
        sent = client.get(
            f"/static/{build()}/{path.relative_to(ROOT / 'static')}", headers={"Accept-Encoding": "br"}
        ).text
        assert "/**" not in sent and sent.count("\n") == source.count("\n")
        for line, shown in zip(source.splitlines(), sent.splitlines(), strict=True):
            code = line.partition("/**")[0]
            assert shown.startswith(code) or not shown, f"{path}: {line}"
            assert all(code.count(quote) % 2 == 0 for quote in "\"'`") or "/**" not in line, "it begins in a text"


@pytest.mark.parametrize("encoding", ["br", "identity"])
def test_vary_names_accept_encoding(client: TestClient, encoding: str) -> None:
    response = client.get(f"/static/{build()}/css/standalone.css", headers={"Accept-Encoding": encoding})

    assert set(response.headers["vary"].split(", ")) == {"Accept-Encoding"}


@pytest.mark.parametrize("path", FILES)
def test_a_file_is_cacheable_for_a_year_only_under_its_build(client: TestClient, path: str) -> None:
    assert client.get(f"/static/{build()}/{path}").headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get(f"/static/another/{path}").headers["cache-control"] == "no-cache"


def test_the_style_sheet_of_the_pages_joins_every_file_of_it_in_order(client: TestClient) -> None:
    files = {path.stem: path.read_text() for path in (ROOT / "static/css").iterdir()}

    assert set(PARTS) == set(files) - {"standalone"} and len(PARTS) == len(set(PARTS))
    assert client.get(f"/static/{build()}/page.css").text == "".join(files[name] for name in PARTS)


@pytest.mark.parametrize("sheet", ["theme", "page"])
def test_a_joined_style_sheet_is_cached_for_a_year_under_its_build_only(client: TestClient, sheet: str) -> None:
    own, other = (client.get(f"/static/{mark}/{sheet}.css").headers["cache-control"] for mark in (build(), "another"))

    assert (own, other) == ("public, max-age=31536000, immutable", "no-cache")


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
def test_a_file_that_the_client_has_is_304(client: TestClient, encoding: str) -> None:
    headers = {"Accept-Encoding": encoding}
    tag = client.get("/static/another/icon.svg", headers=headers).headers["etag"]

    assert client.get("/static/another/icon.svg", headers={**headers, "If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("", ""),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("BR ; q=0.0,GZIP", "gzip"),
        ("br;q=0.001", "br"),
        ("x-brotli", ""),
        ("br;q=0.1, gzip;q=1.0", "gzip"),
        ("gzip ;\tQ = 0.1 , zstd; q=0.9, br;q=0.8", "zstd"),
        ("*", "br"),
        ("*;q=0.1, br;q=0", "zstd"),
        ("*;q=0, gzip", "gzip"),
        ("identity;q=0", ""),
        ("identity;q=0, *;q=0.1", "br"),
        ("identity;q=0.9, gzip;q=0.5", ""),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("br;q=2, gzip;q=0.1", "gzip"),
        ("br;q=nan, zstd;q=-1, gzip;q=1.000", "gzip"),
    ],
)
def test_a_file_has_the_encoding_that_the_client_prefers(header: str, encoding: str) -> None:
    assert preferred(Headers({"Accept-Encoding": header})) == encoding


def test_files_outside_of_the_folder_are_not_served(client: TestClient) -> None:
    for path in ("../app/main.py", "%2e%2e/app/main.py", "..%2fapp%2fmain.py", "/etc/passwd", "%2fetc%2fpasswd", ""):
        assert client.get(f"/static/{build()}/{path}").status_code == 404
