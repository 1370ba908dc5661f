"""The main page and /docs: the HTML before any script runs."""

import re
from html import unescape

import pytest
from app_client import TestClient
from page_text import links, with_one_picture, words
from pairing import ALL_COMBINATIONS, paired

from app.core.cells import CELLS
from app.core.work_limits import Budget
from app.diagram.font_families import FONT_FAMILIES
from app.diagram.format_names import FORMATS
from app.diagram.shape_labels import LABELS
from app.diagram.views import VIEWS
from app.frameworks import FRAMEWORKS
from app.main import create_app
from app.settings import Settings
from app.teaching.example_models import EXAMPLE_MODELS
from app.url_state.combinations_of_fields import values_of
from app.url_state.fields import FIELDS
from app.url_state.fields.assignment_fields import LOCKABLE
from app.url_state.parsing import parse
from app.url_state_to_picture.picture_of_state import picture_of
from app.web.pages.parts.page_picture import formats_like
from app.web.requests_and_responses.installed_files import ROOT
from app.web.requests_and_responses.routing import Routes
from app.web.routes import ROUTES

PHONE = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 Safari/604.1"}


def page(client: TestClient, query: str = "", **headers: str) -> str:
    response = client.get(f"/{query}", headers=headers)
    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")
    return response.text


def test_the_picture_is_in_the_page_in_the_format_of_the_device(client: TestClient) -> None:
    for query, headers, format in (("", {}, "page wide"), ("", PHONE, "narrow"), ("?view=batch", {}, "page")):
        html = page(client, query, **headers)
        assert formats_in(html) == [format]
        assert picture_in(html).count('class="area cell"') == 1 or query


@pytest.mark.parametrize("format", FORMATS)
def test_a_script_or_a_link_asks_for_another_format(client: TestClient, format: str) -> None:
    asked, linked = (
        page(client, f"?view=weights&only={format}", **PHONE),
        page(client, f"?view=weights&format={format}"),
    )

    assert formats_in(asked) == formats_in(linked) == [format]
    assert picture_in(asked) == picture_in(linked)
    assert f"only={format}" not in asked  # "only" is not a field
    other = "wide" if format == "narrow" else "narrow"
    assert re.findall(r'class="for-(\w+)"><a href="[^"]*format=(\w+)', linked) == [(other, other)]  # without scripts


def formats_in(html: str) -> list[str]:
    return re.findall(r'class="picture ([^"]+)"', html)


def picture_in(html: str) -> str:
    return html.partition('class="picture ')[2].partition("</svg>")[0].partition("<svg")[2]


def test_an_unknown_format_in_only_is_ignored(client: TestClient) -> None:
    assert formats_in(page(client, "?only=poster")) == formats_in(page(client))


@pytest.mark.parametrize(("view", "labels", "cell"), paired(VIEWS, LABELS, CELLS))
def test_a_slide_has_the_picture_of_a_page_if_the_page_says_so(view: str, labels: str, cell: str) -> None:
    time_step = [("time_step", "9")] if view != "training" else []  # its task sets it
    of = parse([("view", view), ("labels", labels), ("cell", cell), *time_step], strict=True)

    as_on_a_slide = picture_of(of, "wide", arrays=False) == picture_of(of, "page", arrays=False)
    assert as_on_a_slide == ("wide" in formats_like(of, "page"))


@pytest.mark.parametrize(("query", "theme"), [("", None), ("?theme=dark", "dark"), ("?theme=light", "light")])
def test_the_page_has_the_theme_of_its_link(client: TestClient, query: str, theme: str | None) -> None:
    found = re.search(r'<html [^>]*data-theme="(\w+)"', page(client, query))

    assert (found and found[1]) == theme


def test_every_font_and_every_colour_of_the_page_comes_from_the_theme(client: TestClient) -> None:
    style, theme = (client.get(f"/static/any/{name}.css").text for name in ("page", "theme"))

    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?! \{)|rgb\(|serif;|Georgia|DejaVu|system-ui", without_selectors(style))
    used = set(re.findall(r"var\((--[\w-]+)", style))
    assert {"--serif", "--sans", "--mono"} <= used
    by_scripts = {"--place", "--digits", "--picture-width", "--picture-height"}  # of sliders.js and cell.js
    assert used - by_scripts <= set(re.findall(r"(--[\w-]+):", theme + style))
    assert all(f"--{name}:{font};" in theme for name, font in FONT_FAMILIES.items())


def without_selectors(style: str) -> str:
    return "".join(re.findall(r"\{[^{}]*\}", style))


def test_the_page_summarizes_the_run_or_says_why_there_is_none(client: TestClient) -> None:
    assert re.search(r"\b72 tensors recorded, 72 shapes confirmed, [0-9.]+ ms", words(page(client)))
    assert 'id="values-map"' in page(client)
    shapes_only = page(client, "?batch_size=80&time_step=70&features=400&num_units=1150")
    assert "Shapes only: this run needs 79.9 GFLOP" in words(shapes_only)
    assert 'id="values-map"' not in shapes_only


def test_example_models_are_links_and_the_current_one_is_marked(client: TestClient) -> None:
    for example in EXAMPLE_MODELS:
        shown = page(client, f"{parse([], strict=True).query(**values_of(example.stack)) or '?'}&only=page")
        current = re.findall(r'<a [^>]*aria-current="true"[^>]*>([^<]*) <span class="hint">', shown)
        assert current == [example.title]
        assert all(f"{other.title} <span" in shown for other in EXAMPLE_MODELS)


def test_every_link_of_the_page_can_be_followed(client: TestClient) -> None:
    queries = (
        *("", "?num_units=7&t=1&tensor=c_prev&labels=both", "?time_step=10000&t=5000"),
        "?framework=keras&go_backwards=true&merge_mode=sum&num_proj=3&tensor=m&t=0",
        "?cell=gru&num_layers=3&bidirectional=true&layer=2&direction=backward&framework=tf1&time_major=true",
    )
    for first, query in enumerate(queries):
        shown = page(client, with_one_picture(query or "?"))
        here = sorted({link for link in links(shown) if not link.startswith("#")})
        assert len(here) > 30
        for link in here[4 * first :: 20]:  # links in different parts of the page
            assert link.startswith("/")
            assert client.get(with_one_picture(link) if link.startswith("/?") else link).status_code == 200


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_links_to_the_programs_and_weights_can_be_followed(client: TestClient, framework: str) -> None:
    here = links(page(client, f"?framework={framework}&num_layers=2&only=page"))
    downloads = [link for link in here if link.startswith(("/code", "/weights"))]

    assert [link.partition("?")[0] for link in downloads] == ["/code", "/weights.npz", "/weights.safetensors"]
    for link in downloads:
        assert client.get(link).status_code == 200


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_function_that_converts_weights_is_shown_and_linked(client: TestClient, framework: str) -> None:
    here = links(page(client, f"?framework={framework}&num_layers=2&only=page"))
    carried = sorted({link for link in here if "to=" in link})
    n = [*FRAMEWORKS].index(framework)

    assert len(carried) == len(FRAMEWORKS) - 1
    for link in carried if ALL_COMBINATIONS else (carried[n % 5],):
        shown = client.get(with_one_picture(link)).text
        (file,) = [link for link in links(shown) if link.startswith("/code") and "to=" in link]
        assert unescape(re.findall(r'id="function">(.*?)</pre>', shown, re.DOTALL)[0]) == client.get(file).text


def test_links_to_another_framework_or_cell_omit_fields_that_it_does_not_have(client: TestClient) -> None:
    here = links(page(client, "?num_proj=3&tensor=m&framework=onnx&layout=1&bidirectional=true&direction=backward"))

    assert any(link.startswith("/?cell=gru&") for link in here)
    assert not [link for link in here if "cell=gru" in link and ("num_proj" in link or "tensor=m" in link)]
    assert not [link for link in here if "framework=onnx" not in link and "layout" in link]
    assert not [link for link in here if "bidirectional" not in link and "direction=" in link]


def test_every_tensor_has_a_row_with_a_link(client: TestClient) -> None:
    ids = [t["id"] for t in client.get("/trace.json").json()["tensors"]]
    html = page(client, f"?tensor={ids[3]}")

    assert re.findall(r'<tr data-tensor="(\w+)"', html) == ids
    assert re.findall(r'<tr data-tensor="(\w+)"[^>]* class="selected"', html) == [ids[3]]
    assert f"/?tensor={ids[4]}" in links(html)


def test_the_page_has_a_canonical_url(client: TestClient) -> None:
    html = page(client, "?utm_source=mail&seed=0&labels=both&num_units=7")

    assert '<link rel="canonical" href="' in html
    canonical = re.search(r'<link rel="canonical" href="([^"]*)"', html)
    assert canonical and unescape(canonical[1]).endswith("/?num_units=7&labels=both")
    assert "utm_source" not in html
    pytorch_page = page(
        client, "?batch_first=true&layer=1&num_layers=2&framework=pytorch&bidirectional=true&to=none&view=unrolled"
    )
    canonical = re.search(r'<link rel="canonical" href="([^"]*)"', pytorch_page)
    query = "?num_layers=2&bidirectional=true&framework=pytorch&batch_first=true&layer=1"
    assert canonical and unescape(canonical[1]).endswith(f"/{query}")
    header = client.get("/?utm_source=mail&num_units=7").headers["link"]
    assert header == '</trace.json?num_units=7>; rel="alternate"; type="application/json"'


def test_the_docs_list_every_path(client: TestClient) -> None:
    html = client.get("/docs").text
    text, linked = words(html), {link.partition("?")[0] for link in links(html)}

    for route in Routes(ROUTES).documented:
        assert "{" in route.path or route.path in linked
        assert f"{route.path} {route.description.rstrip('.')}" in text


def test_the_docs_list_every_field_with_its_allowed_values(client: TestClient) -> None:
    text = words(client.get("/docs").text)

    assert [f.name for f in FIELDS.values() if f"{f.name} {f.default_text} {f.limits} {f.help}" not in text] == []


def test_every_link_of_the_docs_can_be_followed(client: TestClient) -> None:
    for link in links(client.get("/docs").text):
        assert client.get(link, follow_redirects=True).status_code == 200


OWN = (
    *("/", "/docs", "/static/any/theme.css", "/diagram.svg", "/diagram.json", "/trace.json", "/openapi.json"),
    *("/?num_units=0", "/nothing", "/?time_step=10000&t=77&labels=both"),
)


# Plotly's script has URLs of other sites; the browser tests check that it requests none.
FILES = [p for p in (ROOT / "static").rglob("*") if p.suffix in (".css", ".js", ".svg") and p.name != "plotly.min.js"]


def outside_addresses(text: str) -> list[str]:
    plain = text.replace('xmlns="http://www.w3.org/2000/svg"', "").replace("http://testserver/", "/")
    return re.findall(r"https?:.{,60}|[\"'(]//.{,60}", plain)


@pytest.mark.parametrize("path", OWN)
def test_no_response_refers_to_another_site(client: TestClient, path: str) -> None:
    assert outside_addresses(client.get(path, headers={"Accept": "text/html"}).text) == []


def test_no_file_refers_to_another_site() -> None:
    assert {path.name: found for path in FILES if (found := outside_addresses(path.read_text()))} == {}


@pytest.mark.parametrize("path", ["/", "/docs", "/?num_units=0", "/nothing"])
def test_a_page_complies_with_its_own_policy(client: TestClient, path: str) -> None:
    html = client.get(path, headers={"Accept": "text/html"}).text

    assert not re.search(r"\son\w+=|\sstyle=(?!&)|<style|javascript:", html)
    assert all('src="/' in tag or 'type="application/json"' in tag for tag in re.findall(r"<script[^>]*>", html))


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/?view=units&unit=1&poke=x&only=page", "/?view=weights&unit=1&only=page"),
        *("/?view=batch&data=text&only=page", "/?labels=hidden&only=page"),
        *("/quiz?seed=1", "/learn", "/learn/break-it", "/questions?q=gate", "/questions/padding", "/docs", "/join"),
        *("/embed?controls=true", f"/standalone.html?lock={','.join(LOCKABLE)}", "/?num_units=0", "/room/ABCDE"),
    ],
)
def test_attributes_are_separated_by_spaces(client: TestClient, path: str) -> None:
    found = re.sub(r"<script[^>]*>.*?</script>", "", client.get(path, follow_redirects=True).text, flags=re.DOTALL)

    assert "<html" in found
    assert [tag for tag in re.findall(r"<[a-zA-Z][^<>]*>", found) if re.search(r'="[^"]*"[^\s/>]', tag)] == []


def test_without_live_rooms_no_page_leads_to_them(client: TestClient) -> None:
    alone = TestClient(create_app(Settings(Budget(), rooms=False)))
    for path in ("/", "/learn", "/docs"):
        assert "Join a room" in client.get(path).text
        assert "Join a room" not in alone.get(path).text
