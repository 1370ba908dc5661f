"""Pages without scripts: what their forms send, and where their links lead."""

from urllib.parse import parse_qs, urlsplit

import pytest
from app_client import TestClient
from selectolax.lexbor import LexborHTMLParser, LexborNode

from app.web.pages.open_model import EXAMPLE

FIELDS = "input[name]:not([disabled]), select[name]:not([disabled]), textarea[name]:not([disabled])"


def opened(client: TestClient, address: str) -> LexborHTMLParser:
    response = client.get(address)
    assert response.status_code == 200, address
    return LexborHTMLParser(response.text)


def fields_of(page: LexborHTMLParser, form: LexborNode) -> list[LexborNode]:
    """The fields in a form, and those elsewhere that name it."""
    elsewhere = [node for node in page.css(FIELDS) if node.attributes.get("form", "") == form.attributes.get("id")]
    return [*form.css(FIELDS), *elsewhere]


def sent(page: LexborHTMLParser, form: LexborNode, **typed: str) -> dict[str, str]:
    """What a browser sends from a form, with other values in some fields."""
    fields = {node.attributes["name"]: value_of(node) for node in fields_of(page, form) if not is_off(node)}
    assert typed.keys() <= fields.keys()
    return {str(name): typed.get(str(name), value) for name, value in fields.items()}


def is_off(node: LexborNode) -> bool:
    """Whether a browser leaves a field out."""
    if node.attributes.get("type") in ("checkbox", "radio") and "checked" not in node.attributes:
        return True
    while node.parent:
        node = node.parent
        if node.tag == "fieldset" and "disabled" in node.attributes:
            return True
    return False


def value_of(node: LexborNode) -> str:
    if node.tag == "select":
        chosen = node.css_first("option[selected]") or node.css_first("option")
        return (chosen.attributes.get("value") or chosen.text()) if chosen else ""
    return node.text() if node.tag == "textarea" else node.attributes.get("value") or ""


def submitted(client: TestClient, page: LexborHTMLParser, **typed: str) -> LexborHTMLParser:
    """The page after the form with some fields was sent."""
    first = next(iter(typed))
    form = next(one for one in page.css("form") if first in [node.attributes["name"] for node in fields_of(page, one)])
    address, fields = form.attributes.get("action") or "", sent(page, form, **typed)
    if form.attributes.get("method") == "post":
        response = client.post(address, data=fields, follow_redirects=True)
    else:
        response = client.get(address, params=fields, follow_redirects=True)
    assert response.status_code == 200, response.url
    return LexborHTMLParser(response.text)


def words(page: LexborHTMLParser, selector: str) -> str:
    node = page.css_first(selector)
    assert node, selector
    return " ".join(node.text().split())


def followed(client: TestClient, page: LexborHTMLParser, text: str) -> LexborHTMLParser:
    """The page that the link with a text leads to."""
    links = [link for link in page.css("a[href]") if " ".join(link.text().split()).startswith(text)]
    return opened(client, links[0].attributes["href"] or "")


def test_the_form_keeps_the_rest_of_the_state(client: TestClient) -> None:
    page = submitted(client, opened(client, "/?labels=both&tensor=c&theme=dark"), num_units="128")

    assert "num_units = 128" in words(page, "#sentence")
    selected = page.css_first("#table tr.selected")
    assert selected and selected.attributes["data-tensor"] == "c"
    assert words(page, "#labels [aria-current]") == "Both"
    assert "128" in words(page, ".picture > svg .label")
    dark = page.css_first("html")
    assert dark and dark.attributes["data-theme"] == "dark"


def test_a_selection_does_not_prevent_other_sizes(client: TestClient) -> None:
    selected = "t=1&tensor=projection&stepping=true&poke=h_prev&component=2&sample=2&unit=4&row=24&column=24"
    page = opened(client, f"/?batch_size=30&num_units=50&num_proj=30&view=units&{selected}")

    assert "num_units = 2" in words(submitted(client, page, batch_size="1", num_units="2", num_proj="0"), "#sentence")


def test_example_models_and_reset_are_links(client: TestClient) -> None:
    example = followed(client, opened(client, "/"), "MNIST by rows")

    assert "128 × 128" in words(example, "#sentence").replace("\u00a0", " ")
    assert "3 × 5" in words(followed(client, example, "Reset"), "#sentence").replace("\u00a0", " ")


@pytest.mark.parametrize("id", ["row-concat", "row-h"])
def test_links_keep_the_theme(client: TestClient, id: str) -> None:
    link = opened(client, "/?theme=dark").css_first(f"#{id}")

    assert link and parse_qs(urlsplit(link.attributes["href"] or "").query)["theme"] == ["dark"]


def test_a_lesson_is_read_by_links_and_its_form_keeps_its_page(client: TestClient) -> None:
    first = opened(client, "/learn/what-is-num-units")
    link = first.css_first("#lesson a[rel=next]")
    assert link
    second = opened(client, link.attributes["href"] or "")
    changed = submitted(client, second, num_units="9")

    assert words(second, "#lesson h2") == words(changed, "#lesson h2") != words(first, "#lesson h2")
    assert "num_units = 9" in words(changed, "#sentence")


def test_the_form_sends_a_text(client: TestClient) -> None:
    page = submitted(client, opened(client, "/?data=text"), text="ab\r\nab")  # browsers send two characters

    assert "5 characters, 3 of them different" in words(page, ".input-note p")


def test_code_becomes_a_model_whose_sizes_are_sent(client: TestClient) -> None:
    read = submitted(client, opened(client, "/open"), source=EXAMPLE)
    model = followed(client, read, "Link to this model")

    assert "? × 9 ids" in words(submitted(client, model, time_step="9"), "#sentence").replace("\u00a0", " ")


def test_the_batch_that_the_code_says_is_in_the_picture_and_asked_for_only_without_it(client: TestClient) -> None:
    code = "lstm = nn.LSTM(6, 64, batch_first=True)\nlstm(torch.zeros(16, 30, 6))\n"
    read = submitted(client, opened(client, "/open"), source=code)
    changed = submitted(client, read, source=code.replace("(16, 30, 6)", "(batch_size, 30, 6)"))

    assert "16 × 30 × 6 into 16 × 30 × 64" in words(read, "#sentence").replace("\u00a0", " ")
    assert not read.css_first("#batch_size")
    assert "? × 30 × 6" in words(changed, "#sentence").replace("\u00a0", " ")
    assert changed.css_first("#batch_size")
