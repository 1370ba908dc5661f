"""The map of values in the page, compared with the recorded values."""

import re

import numpy as np
import pytest
from app_client import TestClient

SQUARE = re.compile(r"M([\d.]+) ([\d.]+)H")
SIZES = "batch_size=30&num_units=50&features=3"


def svg_of(client: TestClient, query: str) -> str:
    html = client.get(f"/?{query}&only=page").text
    start = html.index("<svg", html.index('id="values-map"'))
    return html[start : html.index("</svg>", start)]


def values(client: TestClient, query: str) -> np.ndarray:
    return np.array(client.get(f"/tensor.json?{query}").json()["values"])


@pytest.mark.parametrize(
    "query", ["tensor=h", "tensor=kernel", "tensor=bias", f"{SIZES}&tensor=h", f"{SIZES}&tensor=X"]
)
def test_every_square_has_the_tint_of_its_value(client: TestClient, query: str) -> None:
    numbers = values(client, query)
    page = np.atleast_2d(numbers[0] if numbers.ndim > 2 else numbers)[:24, :48]
    meta = client.get(f"/values.json?{query}").json()["layout"]["meta"]
    found = re.findall(r'<path class="([pn])" fill-opacity="([\d.]+)" d="([^"]*)"', svg_of(client, query))

    placed = {
        (float(y), float(x)): (1 if sign == "p" else -1) * float(share)
        for sign, share, path in found
        for x, y in SQUARE.findall(path)
    }

    wanted = page / meta["scale"]
    visible = np.abs(wanted) >= 0.005
    assert [placed[at] for at in sorted(placed)] == pytest.approx(wanted[visible].tolist(), abs=0.0051)


def test_squares_show_their_numbers_if_there_is_room(client: TestClient) -> None:
    numbers = re.findall(r'class="number"[^>]*>([^<]*)<', svg_of(client, "tensor=h"))
    assert numbers == [f"{value:.2f}".replace("-", "−") for value in values(client, "tensor=h").ravel()]
    for query in ("tensor=h&num_units=6", "tensor=h&batch_size=11", "tensor=kernel"):
        assert 'class="number"' not in svg_of(client, query)


def test_rows_and_columns_are_numbered_at_round_distances(client: TestClient) -> None:
    drawn = svg_of(client, f"{SIZES}&tensor=h")
    rows, columns = (
        re.findall(r">(\d+)</text>", drawn.partition(f'<g class="{side} ')[2].partition("</g>")[0])
        for side in ("rows", "columns")
    )
    assert rows == [str(n) for n in range(0, 24, 2)]
    assert columns == [str(n) for n in range(0, 48, 10)]
