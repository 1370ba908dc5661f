"""Pictures in pixels, compared with Chromium's rendering of the SVG."""

import zlib
from base64 import b64encode
from collections.abc import Iterator
from struct import unpack
from typing import Any

import numpy as np
import pytest
from all_pictures import EVERY, MORE, drawn
from playwright.sync_api import Browser, Page

from app.core.ops import Array
from app.diagram.elements import Box, Picture
from app.diagram.painters import pdf_to_png as painter
from app.diagram.painters.pdf import pdf
from app.diagram.painters.pdf_to_png import png
from app.diagram.painters.svg import svg
from app.diagram.theme import DARK, LIGHT, THEMES, Theme

DIFFERENCE = """async ([png, svg]) => {
  const pixels = async (source, width, height) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const [w, h] = width ? [width, height] : [image.width, image.height];
    const canvas = new OffscreenCanvas(Math.ceil(w / 4), Math.ceil(h / 4));
    const pen = canvas.getContext("2d");
    pen.imageSmoothingQuality = "high";
    const whole = new OffscreenCanvas(w, h);
    whole.getContext("2d").drawImage(image, 0, 0, w, h);
    pen.drawImage(whole, 0, 0, canvas.width, canvas.height);
    return [w, h, pen.getImageData(0, 0, canvas.width, canvas.height).data];
  };
  const [w, h, ours] = await pixels(png);
  const [, , theirs] = await pixels(svg, w, h);
  const apart = ours.map((value, n) => Math.abs(value - theirs[n]));
  return {
    most: apart.reduce((most, value) => Math.max(most, value), 0),
    mean: apart.reduce((sum, value) => sum + value / apart.length, 0),
    far: apart.reduce((sum, value) => sum + (value > 40), 0) / apart.length,
  };
}"""
"""The difference of two images, of 255, averaged over 4 by 4 pixels, because renderers smooth edges differently."""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def apart(page: Page, image: bytes, drawing: str) -> dict[str, Any]:
    sources = [f"data:image/png;base64,{b64encode(image).decode()}"]
    sources.append(f"data:image/svg+xml;base64,{b64encode(drawing.encode()).decode()}")
    found: dict[str, Any] = page.evaluate(DIFFERENCE, sources)
    return found


def pixels(image: bytes) -> Array:
    """The pixels of a PNG without filters."""
    width, height = unpack(">II", image[16:24])
    size = int.from_bytes(image[33:37], "big")
    lines = np.frombuffer(zlib.decompress(image[41 : 41 + size]), np.uint8).reshape(height, -1)
    assert not lines[:, 0].any()
    found: Array = lines[:, 1:].reshape(height, width, -1)
    return found


@pytest.mark.parametrize(
    ("query", "theme"),
    [*((query, LIGHT) for query in (*EVERY, *MORE)), *((query, DARK) for query in EVERY[::3])],
    ids=lambda value: "dark" if value == DARK else "light" if value == LIGHT else str(value),
)
def test_the_pixels_equal_those_of_a_browser(page: Page, query: dict[str, str], theme: Theme) -> None:
    picture = drawn(query)
    found = apart(page, png(pdf(picture, theme, small=False), 2), svg(picture, theme))

    assert found["mean"] < 0.6 and found["far"] < 0.0015 and found["most"] < 120


@pytest.mark.parametrize("scale", [1, 2, 3, 4])
def test_the_size_of_the_image_is_a_multiple_of_the_pictures(scale: int) -> None:
    picture = drawn({"format": "hall"})
    found = pixels(png(pdf(picture, LIGHT, small=False), scale))

    assert found.shape == (scale * picture.height, scale * picture.width, 3)


def test_rendering_in_strips_leaves_no_seams(monkeypatch: pytest.MonkeyPatch) -> None:
    document = pdf(drawn({}), LIGHT, small=False)
    whole = pixels(png(document, 2)).astype(int)
    monkeypatch.setattr(painter, "ROWS", 97)

    assert abs(pixels(png(document, 2)) - whole).max() <= 1  # of 255: rounding


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_the_background_is_paper_or_transparent(theme: Theme) -> None:
    box = Picture(40, 30, (Box("cell", 10, 10, 20, 10, 0),), "")
    paper, cell = ([int(theme.fill[role][k : k + 2], 16) for k in (1, 3, 5)] for role in ("paper", "cell"))

    solid = pixels(png(pdf(box, theme)))
    assert (solid[2, 2].tolist(), solid[15, 20].tolist()) == (paper, cell)
    clear = pixels(png(pdf(box, theme, background=False), transparent=True))
    assert (clear[2, 2, 3], clear[15, 20].tolist()) == (0, [*cell, 255])


def test_faint_shapes_are_as_faint_as_in_a_browser(page: Page) -> None:
    shape = Box("own", 10, 10, 20, 10, 0, faint=True)
    faint = Picture(40, 30, (shape,), "")

    assert apart(page, png(pdf(faint, LIGHT), 4), svg(faint, LIGHT))["most"] < 12
