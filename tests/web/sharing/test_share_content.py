"""The Share menu: snippets to paste and files to download."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from app_client import TestClient

from app.web.routes import ROUTES

QUERY = "?batch_size=7&title=%3Cb%3E%20%22x%22%20%5B1%5D"


def snippet(page: str, id: str) -> str:
    found = re.search(rf'id="snippet-{id}"[^>]*>(.*?)</pre>', page, re.DOTALL)
    assert found
    return unescape(found[1])


class Frames(HTMLParser):
    """Parses the frames of a snippet as a browser does, and its other elements."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.frames: list[dict[str, str | None]] = []
        self.others: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "iframe":
            self.frames.append(dict(attributes))
        else:
            self.others.append(tag)


@pytest.mark.parametrize("id", ["html", "platform"])
def test_a_frame_shows_the_picture_of_the_link(open_client: TestClient, id: str) -> None:
    text = snippet(open_client.get(f"/{QUERY}", headers={"Host": "class.example"}).text, id)

    read = Frames(text)
    (frame,) = read.frames
    assert read.others == (["script"] if id == "html" else [])
    assert frame["src"] == f"http://class.example/embed{QUERY}"
    assert frame["title"] and frame["title"].startswith('<b> "x" [1]: ')


def test_every_frame_is_as_large_as_oembed_says(open_client: TestClient) -> None:
    page = open_client.get(f"/{QUERY}").text
    expected = open_client.get("/oembed", params={"url": f"http://testserver/{QUERY}"}).json()

    assert f"aspect-ratio: {expected['width']} / {expected['height']}" in snippet(page, "html")
    for id in ("platform", "jupyter"):
        assert re.search(rf"height=\"?{expected['height']}\b", snippet(page, id))


def test_the_script_of_a_frame_exists(open_client: TestClient) -> None:
    (script,) = re.findall(r'<script src="([^"]+)" async>', snippet(open_client.get("/").text, "html"))
    assert open_client.get(script).headers["cross-origin-resource-policy"] == "cross-origin"


def test_without_frames_the_snippets_have_images_and_the_page_says_so(client: TestClient) -> None:
    page = client.get(f"/{QUERY}").text
    text = snippet(page, "html")
    assert "this server does not allow other sites to embed its pages" in page
    assert re.findall(r"<(\w+)", text) == ["a", "img"]
    for link in (f'href="http://testserver/{QUERY}"', f'src="http://testserver/diagram.png{QUERY}"'):
        assert link in unescape(text)
    assert 'id="snippet-platform"' not in page
    compile(snippet(page, "jupyter"), "snippet", "exec")


def test_snippets_for_learning_platforms_have_no_styles(open_client: TestClient) -> None:
    (frame,) = Frames(snippet(open_client.get("/").text, "platform")).frames

    assert set(frame) == {"src", "title", "width", "height", "allowfullscreen"}
    assert frame["width"] == "100%" and int(frame["height"] or 0) > 300


def test_markdown_has_an_image_that_links_to_the_page(client: TestClient) -> None:
    text = snippet(client.get(f"/{QUERY}").text, "markdown")

    found = re.fullmatch(r"\[!\[((?:[^\[\]\\]|\\.)+)\]\(([^()]+)\)\]\(([^()]+)\)", text)
    assert found
    assert (found[2], found[3]) == (f"http://testserver/diagram.png{QUERY}", f"http://testserver/{QUERY}")


def test_the_snippet_for_jupyter_is_python(open_client: TestClient) -> None:
    text = snippet(open_client.get(f"/{QUERY}").text, "jupyter")

    compile(text, "snippet", "exec")
    assert f'IFrame("http://testserver/embed{QUERY}", ' in text


@pytest.mark.parametrize("id", ["html", "platform", "markdown", "jupyter"])
@pytest.mark.parametrize("query", ["?labels=hidden&num_units=97", "?hide=sentence&num_units=97"])
def test_snippets_do_not_reveal_hidden_shapes(open_client: TestClient, id: str, query: str) -> None:
    assert "× 97" not in snippet(open_client.get(f"/{query}").text, id)


def files(page: str) -> dict[str, str]:
    """The offered files: paths with their queries."""
    part = page.partition('<ul class="files">')[2].partition("</ul>")[0]
    return dict(unescape(link).partition("?")[::2] for link in re.findall(r'href="([^"]+)"', part))


ALL = {
    "/diagram.svg",
    "/diagram.png",
    "/diagram.pdf",
    "/diagram.tex",
    "/standalone.html",
    "/notebook.ipynb",
    "/table.csv",
}


def test_a_file_is_saved_under_the_name_that_its_route_has(client: TestClient) -> None:
    page = client.get("/?num_units=7").text
    offered = dict(re.findall(r'href="(/[\w.]+)\?[^"]*"[^>]* download="([^"]+)"', page))

    assert offered == {row.path: row.download for row in ROUTES if row.path in ALL}
    assert client.get("/table.csv").headers["Content-Disposition"] == f'attachment; filename="{offered["/table.csv"]}"'
    assert "Content-Disposition" not in client.get("/diagram.svg").headers


@pytest.mark.parametrize("path", ["/", "/learn/what-is-num-units", "/questions/num-units"])
def test_every_page_with_a_picture_links_to_its_files(client: TestClient, path: str) -> None:
    found = files(client.get(f"{path}?num_units=7&tensor=h").text)

    assert found.keys() == ALL
    assert set(found.values()) == {"num_units=7&tensor=h"}


def test_the_files_are_in_the_language_of_the_page(client: TestClient) -> None:
    found = files(client.get("/", headers={"Accept-Language": "es"}).text)

    assert set(found.values()) == {"lang=es"}


def test_without_a_program_there_is_no_notebook(client: TestClient) -> None:
    assert files(client.get("/?framework=keras&num_proj=3").text).keys() == ALL - {"/notebook.ipynb"}


def test_on_localhost_the_page_says_that_its_link_works_only_there(client: TestClient) -> None:
    expected = "This link works only on this computer"

    for host in ("localhost:8000", "127.0.0.1", "[::1]:80"):
        assert expected in client.get("/", headers={"Host": host}).text
    for host in ("192.168.1.20:8000", "class.example"):
        assert expected not in client.get("/", headers={"Host": host}).text


def test_urls_have_the_prefix_and_the_scheme(open_client: TestClient) -> None:
    behind = TestClient(open_client.app, base_url="https://school.example", root_path="/unrolled")

    page = behind.get("/unrolled/learn/break-it?tensor=X").text

    (frame,) = Frames(snippet(page, "html")).frames
    assert frame["src"] == "https://school.example/unrolled/embed?tensor=X"
    assert '<p class="link">https://school.example/unrolled/learn/break-it?tensor=X</p>' in page
    assert "/qr.svg?path=/learn/break-it&amp;tensor=X" in page
