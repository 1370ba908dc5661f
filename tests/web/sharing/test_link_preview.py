"""Previews of a link on other sites: Open Graph and oEmbed."""

import re
from html import unescape
from itertools import product
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from app_client import TestClient

from app.core.work_limits import Budget
from app.main import create_app
from app.settings import Settings

SITE = "https://class.example/unrolled"


@pytest.fixture(scope="module")
def prefixed() -> TestClient:
    """The app behind a prefix, with pictures that any site may frame."""
    app = create_app(Settings(Budget(), frame_ancestors="*"))
    return TestClient(app, base_url="https://class.example", root_path="/unrolled")


def properties(html: str) -> dict[str, str]:
    """The Open Graph properties of a page by name."""
    found = re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]*)" content="([^"]*)">', html)
    assert len(dict(found)) == len(found)
    return {name: unescape(content) for name, content in found}


def card_of(client: TestClient, document: dict[str, str]) -> bytes:
    at = urlsplit(document["og:image"])
    response = client.get(f"{at.path}?{at.query}")
    assert (response.status_code, response.headers["content-type"]) == (200, document["og:image:type"])
    width, height = (int.from_bytes(response.content[k : k + 4], "big") for k in (16, 20))
    assert (str(width), str(height)) == (document["og:image:width"], document["og:image:height"])
    return response.content


@pytest.mark.parametrize(
    "query", ["", "?num_units=7", "?cell=gru&view=batch&theme=dark", "?lang=es&title=Homework%201"]
)
def test_the_preview_image_is_the_picture_of_the_link(client: TestClient, query: str) -> None:
    document = properties(client.get(f"/{query}").text)

    assert document["og:url"] == f"http://testserver/{query}"
    assert document["og:image"] == f"http://testserver/preview.png{query}"
    assert document["twitter:card"] == "summary_large_image"
    assert card_of(client, document) == client.get(f"/preview.png{query}").content


def test_title_and_description_are_those_of_the_page(client: TestClient) -> None:
    spanish = properties(client.get("/?num_units=77", headers={"Accept-Language": "es"}).text)

    assert "num_units = 77" in spanish["og:description"] and "celda" in spanish["og:description"]
    assert spanish["og:image"] == "http://testserver/preview.png?num_units=77&lang=es"
    assert properties(client.get("/?title=Homework").text)["og:title"] == "Homework"
    assert properties(client.get("/?notation=H").text)["og:description"].endswith("H = 5 is the length of each row.")


def test_a_lesson_and_a_question_have_titles_of_their_own(client: TestClient) -> None:
    for path in ("/learn/what-is-num-units", "/questions/num-units"):
        html = client.get(path).text
        document = properties(html)
        assert document["og:url"] == f"http://testserver{path}"
        assert document["og:title"] in unescape(html.partition('id="page-title"')[2][:300])


@pytest.mark.parametrize("path", ["/learn", "/questions", "/quiz?seed=3"])
def test_a_page_without_a_picture_of_its_own_describes_itself(client: TestClient, path: str) -> None:
    html = client.get(path, follow_redirects=True).text
    document = properties(html)

    assert document["og:description"] in unescape(html.partition('name="description" content="')[2])
    assert document["og:url"].startswith(f"http://testserver{path.partition('?')[0]}")
    assert document["og:title"] in ("Learn", "Common questions", "Shape quiz")
    assert not re.search(r"\d × \d", document["og:description"])


@pytest.mark.parametrize("query", ["labels=hidden", "labels=hidden&view=weights", "labels=hidden&view=units"])
def test_previews_do_not_reveal_hidden_shapes(client: TestClient, query: str) -> None:
    html = client.get(f"/?num_units=77&{query}").text
    words = [text for name, text in properties(html).items() if name in ("og:title", "og:description", "og:image:alt")]

    assert len(words) == 3 and not re.search(r"\d", " ".join(words))
    assert "labels=hidden" in properties(html)["og:image"]


def test_a_hidden_sentence_is_in_no_preview(client: TestClient) -> None:
    assert "77" not in properties(client.get("/?num_units=77&hide=sentence").text)["og:description"]


def test_urls_in_a_preview_are_public(prefixed: TestClient) -> None:
    html = prefixed.get("/unrolled/?num_units=7").text
    document = properties(html)

    assert (document["og:url"], document["og:image"]) == (f"{SITE}/?num_units=7", f"{SITE}/preview.png?num_units=7")
    (link,) = re.findall(r'type="application/json\+oembed" href="([^"]*)"', html)
    assert unescape(link).startswith(f"{SITE}/oembed?url=https%3A%2F%2Fclass.example%2Funrolled%2F%3Fnum_units%3D7&")


def test_a_page_links_to_its_oembed_document(open_client: TestClient) -> None:
    html = open_client.get("/?cell=gru&num_units=7").text
    (link,) = re.findall(r'type="application/json\+oembed" href="([^"]*)"', html)
    at = urlsplit(unescape(link))
    document = open_client.get(f"{at.path}?{at.query}").json()

    frame = tag(document["html"])
    assert frame["src"] == "http://testserver/embed?cell=gru&num_units=7"
    assert open_client.get(frame["src"]).status_code == 200


def tag(html: str) -> dict[str, str]:
    """The attributes of the only frame."""
    assert re.fullmatch(r"<iframe [^<>]*></iframe>", html)
    return {name: unescape(value) for name, value in re.findall(r' ([a-z]+)="([^"]*)"', html)}


def oembed(client: TestClient, url: str, **more: Any) -> dict[str, Any]:
    response = client.get("/oembed", params={"url": url, **more})
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
    assert response.headers["access-control-allow-origin"] == "*"
    document: dict[str, Any] = response.json()
    return document


@pytest.mark.parametrize(
    "path", ["", "/", "/?num_units=7&utm_source=mail", "/learn/break-it?tensor=X", "/embed?lock=cell"]
)
def test_oembed_has_a_frame_of_its_stated_size(open_client: TestClient, path: str) -> None:
    document = oembed(open_client, f"http://testserver{path}")

    assert (document["version"], document["type"], document["provider_url"]) == ("1.0", "rich", "http://testserver/")
    frame = tag(document["html"])
    assert (int(frame["width"]), int(frame["height"])) == (document["width"], document["height"])
    assert f"aspect-ratio:{document['width']}/{document['height']}" in frame["style"]
    assert (document["thumbnail_width"], document["thumbnail_height"]) == (1200, 630)
    query = dict(parse_qsl(urlsplit(frame["src"]).query))
    assert query == {k: v for k, v in parse_qsl(urlsplit(path).query) if k != "utm_source"}


@pytest.mark.parametrize("maxheight", [1, 200, 600, 5000])
def test_oembed_respects_maxwidth_and_maxheight(open_client: TestClient, client: TestClient, maxheight: int) -> None:
    for one, maxwidth in product((open_client, client), (1, 300, 500, 619, 620, 800, 5000)):
        document = oembed(one, "http://testserver/", maxwidth=maxwidth, maxheight=maxheight)
        assert document["width"] <= maxwidth
        assert document["height"] <= max(maxheight, 40)
        assert document.get("thumbnail_width", 0) <= maxwidth and document.get("thumbnail_height", 0) <= maxheight


def test_without_frames_oembed_has_an_image(client: TestClient) -> None:
    document = oembed(client, "http://testserver/?num_units=7")

    assert (document["type"], document["url"]) == ("photo", "http://testserver/diagram.png?num_units=7")
    assert "html" not in document
    image = client.get(document["url"]).content
    assert (document["width"], document["height"]) == tuple(int.from_bytes(image[k : k + 4], "big") for k in (16, 20))


@pytest.mark.parametrize(
    "url",
    [
        *("https://elsewhere.example/", "http://testserver.example/", "http://testserver:81/", "ftp://testserver/"),
        *("http://testserver/docs", "http://testserver/room/ABCDE", "http://testserver/quiz", "javascript:alert(1)"),
        *("", "/", "nonsense", "http://[/", "http://testserver/?num_units=0", "http://user@testserver/"),
    ],
)
def test_oembed_rejects_other_links(client: TestClient, url: str) -> None:
    response = client.get("/oembed", params={"url": url})

    assert (response.status_code, response.json()["error"]["value"]) == (404, "/oembed")


def test_oembed_supports_only_json(client: TestClient) -> None:
    assert client.get("/oembed", params={"url": "http://testserver/", "format": "xml"}).status_code == 501
    assert client.get("/oembed", params={"url": "http://testserver/", "format": "json"}).status_code == 200


@pytest.mark.parametrize(("query", "field"), [("", "url"), ("url=http://testserver/&maxwidth=wide", "maxwidth")])
def test_oembed_explains_errors(client: TestClient, query: str, field: str) -> None:
    response = client.get(f"/oembed?{query}")

    assert (response.status_code, response.json()["error"]["field"]) == (422, field)
