"""What other sites are told of a link."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from starlette.testclient import TestClient

from app.core.budget import Budget
from app.main import create_app
from app.settings import Settings

SITE = "https://class.example/unrolled"


@pytest.fixture(scope="module")
def prefixed() -> TestClient:
    """The app where a proxy has it under a prefix, and any site may frame it."""
    app = create_app(Settings(Budget(), frame_ancestors="*"))
    return TestClient(app, base_url="https://class.example", root_path="/unrolled")


def told(html: str) -> dict[str, str]:
    """A page's properties by their names."""
    found = re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]*)" content="([^"]*)">', html)
    assert len(dict(found)) == len(found)
    return {name: unescape(content) for name, content in found}


def card_of(client: TestClient, said: dict[str, str]) -> bytes:
    at = urlsplit(said["og:image"])
    answer = client.get(f"{at.path}?{at.query}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, said["og:image:type"])
    width, height = (int.from_bytes(answer.content[k : k + 4], "big") for k in (16, 20))
    assert (str(width), str(height)) == (said["og:image:width"], said["og:image:height"])
    return answer.content


@pytest.mark.parametrize(
    "query", ["", "?num_units=7", "?cell=gru&view=batch&theme=dark", "?lang=es&title=Homework%201"]
)
def test_a_link_is_shown_by_the_picture_of_that_very_link(client: TestClient, query: str) -> None:
    said = told(client.get(f"/{query}").text)

    assert said["og:url"] == f"http://testserver/{query}"
    assert said["og:image"] == f"http://testserver/preview.png{query}"
    assert said["twitter:card"] == "summary_large_image"
    assert card_of(client, said) == client.get(f"/preview.png{query}").content


def test_the_words_are_those_of_the_page(client: TestClient) -> None:
    spanish = told(client.get("/?num_units=77", headers={"Accept-Language": "es"}).text)

    assert "num_units = 77" in spanish["og:description"] and "celda" in spanish["og:description"]
    assert spanish["og:image"] == "http://testserver/preview.png?num_units=77&lang=es"
    assert told(client.get("/?title=Homework").text)["og:title"] == "Homework"
    assert told(client.get("/?notation=H").text)["og:description"].endswith(
        "H = 5 is the length of each row, nothing else."
    )


def test_a_lesson_and_a_question_have_titles_of_their_own(client: TestClient) -> None:
    for path in ("/learn/what-is-num-units", "/questions/depth"):
        html = client.get(path).text
        said = told(html)
        assert said["og:url"] == f"http://testserver{path}"
        assert said["og:title"] in unescape(html.partition('id="page-title"')[2][:300])


@pytest.mark.parametrize("query", ["labels=hidden", "labels=hidden&view=weights", "labels=hidden&view=units"])
def test_what_is_to_be_found_is_in_no_preview(client: TestClient, query: str) -> None:
    html = client.get(f"/?num_units=77&{query}").text
    words = [text for name, text in told(html).items() if name in ("og:title", "og:description", "og:image:alt")]

    assert len(words) == 3 and not re.search(r"\d", " ".join(words))
    assert "labels=hidden" in told(html)["og:image"]


def test_a_hidden_sentence_is_in_no_preview(client: TestClient) -> None:
    assert "77" not in told(client.get("/?num_units=77&hide=sentence").text)["og:description"]


def test_addresses_are_those_that_a_visitor_sees(prefixed: TestClient) -> None:
    html = prefixed.get("/unrolled/?num_units=7").text
    said = told(html)

    assert (said["og:url"], said["og:image"]) == (f"{SITE}/?num_units=7", f"{SITE}/preview.png?num_units=7")
    (link,) = re.findall(r'type="application/json\+oembed" href="([^"]*)"', html)
    assert unescape(link).startswith(f"{SITE}/oembed?url=https%3A%2F%2Fclass.example%2Funrolled%2F%3Fnum_units%3D7&")


def test_a_page_leads_to_its_own_oembed(open_client: TestClient) -> None:
    html = open_client.get("/?cell=gru&num_units=7").text
    (link,) = re.findall(r'type="application/json\+oembed" href="([^"]*)"', html)
    at = urlsplit(unescape(link))
    said = open_client.get(f"{at.path}?{at.query}").json()

    frame = tag(said["html"])
    assert frame["src"] == "http://testserver/embed?cell=gru&num_units=7"
    assert open_client.get(frame["src"]).status_code == 200


def tag(html: str) -> dict[str, str]:
    """The attributes of the only frame."""
    assert re.fullmatch(r"<iframe [^<>]*></iframe>", html)
    return {name: unescape(value) for name, value in re.findall(r' ([a-z]+)="([^"]*)"', html)}


def asked(client: TestClient, url: str, **more: Any) -> dict[str, Any]:
    answer = client.get("/oembed", params={"url": url, **more})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.headers["access-control-allow-origin"] == "*"
    said: dict[str, Any] = answer.json()
    return said


@pytest.mark.parametrize(
    "path", ["", "/", "/?num_units=7&utm_source=mail", "/learn/break-it?tensor=X", "/embed?lock=cell"]
)
def test_oembed_gives_a_frame_of_the_size_that_it_says(open_client: TestClient, path: str) -> None:
    said = asked(open_client, f"http://testserver{path}")

    assert (said["version"], said["type"], said["provider_url"]) == ("1.0", "rich", "http://testserver/")
    frame = tag(said["html"])
    assert (int(frame["width"]), int(frame["height"])) == (said["width"], said["height"])
    assert f"aspect-ratio:{said['width']}/{said['height']}" in frame["style"]
    assert (said["thumbnail_width"], said["thumbnail_height"]) == (1200, 630)
    query = dict(parse_qsl(urlsplit(frame["src"]).query))
    assert query == {k: v for k, v in parse_qsl(urlsplit(path).query) if k != "utm_source"}


@pytest.mark.parametrize("maxwidth", [1, 300, 500, 619, 620, 800, 5000])
@pytest.mark.parametrize("maxheight", [1, 200, 600, 5000])
def test_oembed_keeps_to_its_limits(open_client: TestClient, client: TestClient, maxwidth: int, maxheight: int) -> None:
    for one in (open_client, client):
        said = asked(one, "http://testserver/", maxwidth=maxwidth, maxheight=maxheight)
        assert said["width"] <= maxwidth
        assert said["height"] <= max(maxheight, 40)
        assert said.get("thumbnail_width", 0) <= maxwidth and said.get("thumbnail_height", 0) <= maxheight


def test_where_no_other_site_may_frame_it_oembed_gives_an_image(client: TestClient) -> None:
    said = asked(client, "http://testserver/?num_units=7")

    assert (said["type"], said["url"]) == ("photo", "http://testserver/diagram.png?num_units=7")
    assert "html" not in said
    image = client.get(said["url"]).content
    assert (said["width"], said["height"]) == tuple(int.from_bytes(image[k : k + 4], "big") for k in (16, 20))


@pytest.mark.parametrize(
    "url",
    [
        *("https://elsewhere.example/", "http://testserver.example/", "http://testserver:81/", "ftp://testserver/"),
        *("http://testserver/docs", "http://testserver/room/ABCDE", "http://testserver/quiz", "javascript:alert(1)"),
        *("", "/", "nonsense", "http://[/", "http://testserver/?num_units=0", "http://user@testserver/"),
    ],
)
def test_oembed_knows_no_other_links(client: TestClient, url: str) -> None:
    answer = client.get("/oembed", params={"url": url})

    assert (answer.status_code, answer.json()["error"]["value"]) == (404, "/oembed")


def test_oembed_speaks_json_alone(client: TestClient) -> None:
    assert client.get("/oembed", params={"url": "http://testserver/", "format": "xml"}).status_code == 501
    assert client.get("/oembed", params={"url": "http://testserver/", "format": "json"}).status_code == 200


@pytest.mark.parametrize(("query", "field"), [("", "url"), ("url=http://testserver/&maxwidth=wide", "maxwidth")])
def test_oembed_says_what_is_wrong(client: TestClient, query: str, field: str) -> None:
    answer = client.get(f"/oembed?{query}")

    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)
