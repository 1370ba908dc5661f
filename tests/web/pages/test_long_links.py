"""A page has at most 2 MB, whatever its query: links omit a long text, which scripts insert."""

import re
import tracemalloc
from html import unescape
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from app_client import TestClient

from app.diagram.views import VIEWS
from app.web.limits_and_timeouts import LONGEST_ADDRESS
from app.web.pages.long_links import LONG, linked

MOST = 2_000_000

EMOJI = "".join(chr(0x1F300 + n % 700) for n in range(2000))  # 12 characters each in a URL
QUOTES = "\"'<>&" * 400
ACCENTS = "e" + "\u0301" * 1999  # a single grapheme
TITLE = EMOJI[:80]

BUSY = "batch_size=13&time_step=10000&num_units=1&num_proj=13&view=batch&labels=both&notation=units&unit=0"
DEEP = "num_layers=8&bidirectional=true&time_step=1000&sample=0&unit=0&tensor=h&stepping=true"
WIDE = "batch_size=1024&time_step=9999&num_layers=8&t=1000&unit=0&format=wide&hide=controls"

CHECKED = pytest.mark.full
"""Similar to another of these pages."""

WORST = [
    ("/", "view=units&unit=0&sample=0&tensor=kernel&poke=x", EMOJI),
    ("/", DEEP, EMOJI),
    ("/", f"{DEEP}&lock=num_units,num_layers,t&hide=table", QUOTES),
    ("/", f"cell=lstm_peephole&{BUSY}&cut=words&lang=zh&to=pytorch", EMOJI),
    pytest.param("/", f"{BUSY}&cut=words&lang=es&framework=flax&time_major=true", EMOJI, marks=CHECKED),
    pytest.param("/", "view=gradients&tensor=h", EMOJI, marks=CHECKED),
    ("/", "view=batch&sample=0&tensor=h", ACCENTS),
    ("/", f"{DEEP}&without=jump", EMOJI),
    pytest.param("/", "view=weights&tensor=kernel", EMOJI, marks=CHECKED),
    ("/questions/ndim", f"{WIDE}&cut=words&lang=es", EMOJI),
    ("/learn/break-it", f"cell=lstm_peephole&{BUSY}&cut=words&lang=es&theme=dark", EMOJI),
    ("/room/ABCDE", DEEP, EMOJI),
    ("/embed", "controls=true", EMOJI),
    ("/", "t=99999", EMOJI),  # an error
]
"""The largest pages that a search over paths and queries found. The fourth has 1.34 MB; without shortened links the
second has 19 MB."""


@pytest.mark.parametrize(("path", "state", "text"), WORST)
def test_the_largest_pages_are_bounded(client: TestClient, path: str, state: str, text: str) -> None:
    address = f"{path}?data=text&text={quote(text)}&title={quote(TITLE)}&{state}"
    assert len(address) < LONGEST_ADDRESS
    response = client.get(address)
    assert response.status_code == (422 if "99999" in state else 200)
    assert len(response.content) <= MOST


def test_a_long_text_is_never_in_memory_in_every_link_of_a_page(client: TestClient) -> None:
    deep = "num_layers=8&bidirectional=true&time_step=40&batch_size=468&num_proj=1277"
    address = f"/questions/five-cells?data=text&text={quote(EMOJI)}&{deep}"
    client.get(address)
    tracemalloc.start()
    try:
        assert client.get(f"{address}&seed=1").status_code == 200
        assert tracemalloc.get_traced_memory()[1] < 64_000_000
    finally:
        tracemalloc.stop()


def test_pages_without_a_text_are_bounded(client: TestClient) -> None:
    for path in (f"/?{DEEP}&", "/quiz?seed=1&", "/learn?", "/questions?", "/docs?"):
        path += f"title={quote(TITLE)}"
        assert len(client.get(path, follow_redirects=True).content) <= MOST


def test_forms_and_the_first_links_have_the_whole_text(client: TestClient) -> None:
    html = client.get("/", params={"data": "text", "text": EMOJI, "title": TITLE}).text
    (query,) = re.findall(r'data-query="([^"]*)"', html)
    (shared,) = re.findall(r'<p class="link">([^<]*)</p>', html)
    for whole in (query, shared):
        assert parse_qs(urlsplit(unescape(whole)).query)["text"] == [EMOJI]
    tabs = re.findall(r'<a href="/([^"]*)"', html.partition('id="views"')[2].partition("</nav>")[0])
    assert len(tabs) == len(VIEWS) and all(parse_qs(unescape(tab)[1:])["text"] == [EMOJI] for tab in tabs)
    form = html.partition('<form class="controls"')[2].partition("</form>")[0]
    assert EMOJI in form and f'value="{TITLE}"' in form  # without scripts, the form has the whole text
    assert "\0" not in html and "\1" not in html


def test_shortened_links_are_complete_with_the_text_inserted(client: TestClient) -> None:
    state = {"data": "text", "text": EMOJI, "title": TITLE, "tensor": "h"}
    left = [unescape(link) for link in re.findall(r' data-link="([^"]*)"', client.get("/", params=state).text)]
    assert len(left) > 100
    put = {name: f"&{name}={quote(state[name], safe='!()*')}" for name in ("text", "title")}
    completed = {link.replace("&text=", put["text"]).replace("&title=", put["title"]) for link in left}
    for link in sorted(completed)[::40]:
        response = client.get(link)
        assert response.status_code == 200
        if link.startswith("/?"):
            assert f'<link rel="canonical" href="{link.replace("&", "&amp;")}">' in response.text


def test_a_page_with_a_short_text_has_no_shortened_links(client: TestClient) -> None:
    text = "La celda guarda unos números de un paso al siguiente. " * 8
    assert len(quote(text)) > LONG
    assert "data-link" not in client.get("/", params={"data": "text", "text": text, "view": "units"}).text


def test_no_header_has_a_long_text(client: TestClient) -> None:
    response = client.get("/", params={"data": "text", "text": EMOJI})
    assert max(map(len, response.headers.values())) < 4096 < len(quote(EMOJI))


def test_links_are_shortened_only_if_necessary() -> None:
    long = "x" * 2**18
    page = [f'<a href="?text={long}&amp;t={n}">' for n in range(5)]
    finished = linked(page, {"text": long})
    assert finished.count(f' href="?text={long}') == 3  # there is room for three links and almost for a fourth
    assert finished.count(' data-link="?text=&amp;t=') == 2
    assert "data-link" not in linked(page, {"text": "y" * 300})
