"""Pages about models, as tests request them."""

import re

from app_client import TestClient
from selectolax.lexbor import LexborHTMLParser as Page

from app.web.pages.open_model import EXAMPLE

MODEL = "embedding(10000,128).lstm(64,bi,seq).lstm(32).dense(10)"


SIZES = {"framework": "keras", "batch_size": "32", "time_step": "200"}


def page(client: TestClient, **query: str) -> Page:
    response = client.get("/model", params={"model": MODEL, **query})
    assert response.status_code == 200
    return Page(response.text)


def opened(client: TestClient, source: str = EXAMPLE, **fields: str) -> Page:
    response = client.post("/open", data={"source": source, **fields})
    assert response.status_code == 200
    return Page(response.text)


def text(page: Page, selector: str) -> str:
    node = page.css_first(selector)
    assert node is not None, selector
    return re.sub(r" (?=[.,:])|(?<=·) ", "", " ".join(node.text(separator=" ").split()))


def link(page: Page, selector: str) -> str:
    node = page.css_first(selector)
    assert node is not None, selector
    return node.attributes["href"] or ""


def sizes(found: Page) -> dict[str, str]:
    """The fields of the sizes that the code leaves open."""
    return {i.attributes["name"] or "": i.attributes["value"] or "" for i in found.css(".unknown-size input")}
