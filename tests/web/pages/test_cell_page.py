"""/cell: the editor of equations, without scripts."""

from math import prod

import pytest
from app_client import TestClient
from selectolax.lexbor import LexborHTMLParser as Page
from selectolax.lexbor import LexborNode as Node

from app.equations.gallery import GALLERY, SHIPPED
from app.equations.notation import read
from app.url_state.parsing import nearest
from app.url_state.text_field_types import EXAMPLE

WRONG = "h: batch_size, num_units\nW: features, num_units\nh = h_prev @ W"


def page(client: TestClient, path: str = "/cell", **query: str) -> Page:
    response = client.get(path, params=query)
    assert response.status_code == 200
    return Page(response.text)


def node(page: Page | Node, selector: str) -> Node:
    found = page.css_first(selector)
    assert found is not None, selector
    return found


def text(page: Page, selector: str) -> str:
    return " ".join(node(page, selector).text().split())


def attribute(page: Page | Node, selector: str, name: str) -> str:
    return str(node(page, selector).attributes[name])


@pytest.mark.parametrize("id", [*SHIPPED, *GALLERY])
def test_a_cell_of_the_gallery_has_its_equations_their_shapes_and_a_picture(client: TestClient, id: str) -> None:
    html = page(client, f"/cell/{id}")
    equations = {**SHIPPED, **GALLERY}[id]
    state = nearest([("cell", "own"), ("equations", equations)])
    assert node(html, "#equations").text().strip() == equations
    assert len(html.css("#cell-gallery a[aria-current]")) == 1
    assert html.css(".cell-picture .hits a")
    assert html.css(f'.equation-rows [data-tensor="{state.program.cell.output}"]')
    for row in html.css(".equation-rows tr:has([data-tensor])"):
        tensor = state.program.by_id[attribute(row, "a", "data-tensor")]
        sizes = "".join(node(row, "td").text().split()).strip("()").split("×")
        assert [prod(map(int, size.split("·"))) for size in sizes] == [*tensor.shape(state.sizes)]


@pytest.mark.parametrize("path", ["/", "/cell"])
def test_a_run_that_is_not_finite_says_where_that_begins(client: TestClient, path: str) -> None:
    equations = (
        "h: batch_size, num_units\nzeta: 1\na = log(-abs(h_prev))\nh = concat(a[1:], a[:1]) * zeta + sum(x, features)"
    )
    html = page(client, path, cell="own", equations=equations)
    notes = " ".join(note.text() for note in html.css(".note"))
    assert "From aₜ in step 0 on, values are NaN or infinite." in notes


def test_an_unknown_cell_is_not_found(client: TestClient) -> None:
    assert client.get("/cell/transformer").status_code == 404


def test_a_wrong_line_is_named_with_corrections_that_are_sent_whole(client: TestClient) -> None:
    html = page(client, equations=WRONG)
    assert text(html, ".problem").startswith("line 3 h_prev @ W joins num_units with features")
    assert not html.css(".cell-picture") and node(html, "#equations").text().strip() == WRONG
    (correction,) = html.css(".corrections button")
    assert not page(client, equations=str(correction.attributes["value"])).css(".problem")


def test_lines_that_would_help_are_added_to_the_text_and_replace_nothing(client: TestClient) -> None:
    typed = "h_t = BN(W x_t) + h_{t-1}"
    html = page(client, equations=typed)
    buttons = html.css(".corrections button")
    assert [button.attributes["value"] for button in buttons] == [
        f"{typed}\nBN = identity",
        f"{typed}\nBN = layer_norm",
    ]
    assert not any("data-fix" in button.attributes for button in buttons)


def test_a_size_that_does_not_fit_is_adjusted_and_the_page_says_so(client: TestClient) -> None:
    html = page(client, equations=GALLERY["mlstm"], num_units="7")
    assert attribute(html, "#num_units", "value") == "6"
    assert "num_units / heads is no whole number where num_units = 7, heads = 2" in text(html, "#adjusted")
    assert attribute(html, "[data-for=num_units]", "data-stops").startswith("2 4 6 8 10")
    spanish = page(client, equations=GALLERY["mlstm"], num_units="7", lang="es")
    assert "num_units / heads no es un número entero donde num_units = 7" in text(spanish, "#adjusted")


def test_a_cell_without_a_picture_of_its_units_says_so(client: TestClient) -> None:
    def notes(**query: str) -> list[str]:
        return [note.text() for path in ("/cell", "/") for note in page(client, path, cell="own", **query).css(".note")]

    found = [
        note for note in notes(equations=GALLERY["retnet"], view="units") if note.endswith("it is drawn unrolled.")
    ]
    assert len(found) == 2
    assert not [note for note in notes(equations=GALLERY["mingru"], view="units") if "unrolled" in note]


def test_the_notation_of_papers_is_read_and_echoed(client: TestClient) -> None:
    paper = r"z_t = \sigma(W_z x_t + b_z)" + "\n" + r"h_t = (1 - z_t) \odot h_{t-1} + z_t \odot (W_h x_t + b_h)"
    html = page(client, equations=paper)
    assert node(html, "#equations").text().strip() == paper
    assert "z = sigmoid(x @ W_z + b_z)" in node(html, "#read-as").text()
    canonical = attribute(html, "link[rel=canonical]", "href")
    assert "cell=own&equations=" in canonical and "sigmoid" in canonical
    assert html.css(".cell-picture")


def test_the_page_counts_what_a_text_leaves_open_beside_the_editor(client: TestClient) -> None:
    of = page(client, equations="h_t = f(W x_t + c h_{t-1})")
    found = read("h_t = f(W x_t + c h_{t-1})")
    assert (len(found.questions), len(found.assumptions)) == (1, 1)
    assert text(of, "#cell-problem .asked a[href='#reading']") == "1 question, 1 assumption"
    assert not page(client).css("#cell-problem .asked")


def test_the_language_and_the_theme_stay(client: TestClient) -> None:
    html = page(client, lang="es", theme="dark")
    form = {one.attributes["name"]: one.attributes["value"] for one in html.css("#cell-form input[type=hidden]")}
    assert form["lang"] == "es" and form["theme"] == "dark"
    assert "lang=es" in attribute(html, "#cell-gallery a", "href")


@pytest.mark.parametrize(
    "typed", ["", " \n", "h", "=" * 50, "(" * 3000, "h: batch_size\n" * 200, "é" * 4001, "\\frac" * 700]
)
def test_any_text_gets_a_page(client: TestClient, typed: str) -> None:
    page(client, equations=typed)


def test_text_is_escaped(client: TestClient) -> None:
    response = client.get("/cell", params={"equations": "# </textarea><script>alert(1)</script>\n" + EXAMPLE})
    assert "<script>alert" not in response.text
