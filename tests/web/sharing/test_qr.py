"""/qr.svg: the link in a QR code."""

import re
from typing import Any

import numpy as np
import pytest
import zxingcpp
from app_client import TestClient

from app.web.sharing.qr import LONGEST

LINKS = (
    "/",
    "/?num_units=7",
    "/learn/what-is-num-units?lesson_page=3",
    "/room/ABCDEF?tensor=h",
    "/?data=text&text=ni%C3%B1o%20%26%20%E6%95%B0%E6%8D%AE",
    f"/?data=text&text={'x' * 2000}",
)


def modules(svg: str) -> np.ndarray[Any, Any]:
    """The image, with 0 for dark and 255 for light. Its lines are one module high and drawn from left to right."""
    box = re.search(r'viewBox="0 0 (\d+) (\d+)"', svg)
    path = re.search(r'class="qrline"[^>]* d="([^"]+)"|d="(M[^"]*m[^"]*)"', svg)
    assert box and path
    image = np.full((int(box[2]), int(box[1])), 255, np.uint8)
    x = y = 0.0
    for kind, numbers in re.findall(r"([Mmh])([-\d. ]+)", path[1] or path[2]):
        values = [float(n) for n in re.findall(r"-?[\d.]+", numbers)]
        if kind == "M":
            x, y = values
        elif kind == "m":
            x, y = x + values[0], y + values[1]
        else:
            image[int(y), int(x) : int(x + values[0])] = 0
            x += values[0]
    return image


def scanned(svg: str) -> str:
    (found,) = zxingcpp.read_barcodes(np.kron(modules(svg), np.ones((4, 4), np.uint8)))
    return found.text


def code_of(link: str) -> str:
    """The path of the QR code of a link."""
    path, _, query = link.partition("?")
    return f"/qr.svg?path={path}{query and '&'}{query}"


@pytest.mark.parametrize("link", LINKS, ids=range(len(LINKS)))
def test_a_qr_code_has_the_whole_link(client: TestClient, link: str) -> None:
    response = client.get(code_of(link), headers={"Host": "class.example:8000"})

    assert (response.status_code, response.headers["content-type"]) == (200, "image/svg+xml")
    assert scanned(response.text) == f"http://class.example:8000{link}"


def test_without_a_path_the_code_is_that_of_the_main_page(client: TestClient) -> None:
    assert scanned(client.get("/qr.svg?time_step=9").text) == "http://testserver/?time_step=9"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_code_is_dark_on_light_with_a_quiet_zone_in_every_theme(client: TestClient, theme: str) -> None:
    svg = client.get(f"/qr.svg?theme={theme}").text
    image = modules(svg)

    assert 'fill="#fff"' in svg and 'stroke="#000"' in svg
    assert image[:4].min() == image[-4:].min() == image[:, :4].min() == image[:, -4:].min() == 255
    assert image[4, 4] == 0  # where the first of the three large squares begins


def test_the_code_depends_on_the_host_and_is_revalidated(client: TestClient) -> None:
    response = client.get("/qr.svg", headers={"Host": "other.example"})

    assert scanned(response.text) == "http://other.example/"
    assert response.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["http://elsewhere.example/", "//elsewhere.example", "/qr.svg", "/nothing", "learn", ""]
)
def test_only_pages_have_a_code(client: TestClient, path: str) -> None:
    response = client.get("/qr.svg", params={"path": path})

    assert response.status_code == 422
    assert response.json()["error"]["field"] == "path"
    assert "/learn/what-is-num-units" in response.json()["error"]["message"]


def test_a_link_that_is_too_long_is_rejected_and_the_page_says_so(client: TestClient) -> None:
    query = {"data": "text", "text": "数据" * 900}

    response = client.get("/qr.svg", params=query)

    assert response.status_code == 422
    assert response.json()["error"]["field"] == "text"
    assert response.json()["error"]["allowed"] == {"characters": LONGEST}
    page = client.get("/", params=query).text
    assert "too long for a QR code" in page and "/qr.svg" not in page


def test_an_invalid_host_causes_no_500(client: TestClient) -> None:
    for host in ("", "a:65535", "A", "_", "[::]", "a-"):
        headers = {"Host": host}
        assert client.get("/qr.svg", headers=headers).status_code == 200
        assert client.get("/", headers=headers).status_code == 200
