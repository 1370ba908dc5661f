"""The picture as a file: PNG, PDF, TikZ, and the preview image."""

import re
from struct import unpack
from typing import Any

import pypdfium2
import pytest
from app_client import TestClient
from counting_runner import CountingRunner
from httpx2 import Response

from app.diagram.format_names import FORMATS
from app.url_state.parsing import parse
from app.url_state_to_picture.picture_of_state import picture_of


def size_of(response: Response) -> tuple[int, int]:
    assert (response.status_code, response.headers["content-type"]) == (200, "image/png")
    assert response.content.startswith(b"\x89PNG")
    width, height = unpack(">II", response.content[16:24])
    return width, height


def text_of(response: Response) -> str:
    assert (response.status_code, response.headers["content-type"]) == (200, "application/pdf")
    with pypdfium2.PdfDocument(response.content) as file:
        text: str = file[0].get_textpage().get_text_bounded()
        return text


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("scale", [1, 3])
def test_the_size_in_pixels_follows_format_and_scale(client: TestClient, format: str, scale: int) -> None:
    picture = picture_of(parse([("format", format)], strict=True))
    response = client.get("/diagram.png", params={"format": format, "scale": scale})

    assert size_of(response) == (scale * picture.width, scale * picture.height)


@pytest.mark.parametrize(
    "query", [{}, {"format": "narrow"}, {"view": "batch", "format": "hall"}, {"scale": 3}], ids=str
)
def test_the_preview_image_is_1200_by_630(client: TestClient, query: dict[str, Any]) -> None:
    assert size_of(client.get("/preview.png", params=query)) == (1200, 630)


def test_colours_follow_the_link(client: TestClient) -> None:
    for path in ("/diagram.png", "/preview.png", "/diagram.pdf"):
        light, dark = (client.get(path, params={"theme": theme}).content for theme in ("light", "dark"))
        assert light != dark


def test_a_transparent_image_has_no_background(client: TestClient) -> None:
    opaque, clear = (client.get("/diagram.png", params={"transparent": flag}).content for flag in ("false", "true"))
    assert (opaque[25], clear[25]) == (2, 6)  # PNG's colour types: RGB and RGBA
    assert (
        "<rect" in client.get("/diagram.svg").text and "<rect" not in client.get("/diagram.svg?transparent=true").text
    )


def test_images_have_only_the_language_of_the_link(client: TestClient) -> None:
    headers = {"Accept-Language": "es"}

    assert "hidden state" in text_of(client.get("/diagram.pdf", headers=headers))
    assert "estado oculto" in text_of(client.get("/diagram.pdf?lang=es"))
    assert "隐藏状态" in text_of(client.get("/diagram.pdf?lang=zh"))


def test_hidden_shapes_are_in_no_file(client: TestClient) -> None:
    shown, hidden = (text_of(client.get(f"/diagram.pdf?num_units=77{more}")) for more in ("", "&labels=hidden"))

    assert "77" in shown
    assert "77" not in hidden and "?" in hidden


def test_a_latex_document_names_its_link_first(client: TestClient) -> None:
    response = client.get("/diagram.tex?num_units=7&lang=es&theme=dark&transparent=true")

    assert response.headers["content-type"] == "application/x-tex"
    assert response.text.startswith("% http://testserver/?num_units=7&lang=es&theme=dark&transparent=true\n\\")
    assert "fill-paper" not in response.text and "estado oculto" in response.text


def test_a_latex_document_does_not_execute_typed_text(client: TestClient) -> None:
    typed = {"title": "\\input{x}%", "data": "text", "text": "\\write18{x} $^^5c", "view": "batch"}
    response = client.get("/diagram.tex", params=typed)

    assert response.status_code == 200
    assert not re.search(r"\\(input|write)|\^\^", response.text)


def test_hidden_shapes_are_in_no_latex_document(client: TestClient) -> None:
    shown, hidden = (
        client.get(f"/diagram.tex?num_units=77{more}").text.partition("\n")[2] for more in ("", "&labels=hidden")
    )

    assert "{77}" in shown
    assert "{77}" not in hidden and "{?}" in hidden


@pytest.mark.parametrize("path", ["/diagram.png", "/diagram.pdf", "/preview.png"])
def test_a_304_renders_no_image(client: TestClient, runner: CountingRunner, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})

    assert (first.status_code, first.headers["cache-control"], again.status_code) == (200, "public, max-age=300", 304)
    assert runner.jobs == 1
    assert client.get(path).content == first.content
