"""The picture as a file: in pixels, as a page, on a card."""

import re
from struct import unpack
from typing import Any

import pypdfium2
import pytest
from counting_runner import CountingRunner
from httpx2 import Response
from starlette.testclient import TestClient

from app.diagram.scene import FORMATS
from app.query.parsing import parse
from app.query.picture import picture_of


def size_of(answer: Response) -> tuple[int, int]:
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert answer.content.startswith(b"\x89PNG")
    width, height = unpack(">II", answer.content[16:24])
    return width, height


def text_of(answer: Response) -> str:
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    with pypdfium2.PdfDocument(answer.content) as file:
        text: str = file[0].get_textpage().get_text_bounded()
        return text


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("scale", [1, 3])
def test_pixels_are_as_many_as_the_format_and_the_scale_say(client: TestClient, format: str, scale: int) -> None:
    picture = picture_of(parse([("format", format)], strict=True))
    answer = client.get("/diagram.png", params={"format": format, "scale": scale})

    assert size_of(answer) == (scale * picture.width, scale * picture.height)


@pytest.mark.parametrize(
    "query", [{}, {"format": "narrow"}, {"view": "batch", "format": "hall"}, {"scale": 3}], ids=str
)
def test_a_card_is_as_large_as_previews_want_it(client: TestClient, query: dict[str, Any]) -> None:
    assert size_of(client.get("/preview.png", params=query)) == (1200, 630)


def test_colours_follow_the_link(client: TestClient) -> None:
    for path in ("/diagram.png", "/preview.png", "/diagram.pdf"):
        light, dark = (client.get(path, params={"theme": theme}).content for theme in ("light", "dark"))
        assert light != dark


def test_nothing_is_behind_a_transparent_image(client: TestClient) -> None:
    opaque, clear = (client.get("/diagram.png", params={"transparent": flag}).content for flag in ("false", "true"))
    assert (opaque[25], clear[25]) == (2, 6)  # PNG's kinds: red, green, blue; and how opaque
    assert (
        "<rect" in client.get("/diagram.svg").text and "<rect" not in client.get("/diagram.svg?transparent=true").text
    )


def test_words_are_in_the_language_of_the_link_alone(client: TestClient) -> None:
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


def test_a_latex_document_runs_nothing_that_was_typed(client: TestClient) -> None:
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
def test_an_image_that_is_known_is_not_made_again(client: TestClient, runner: CountingRunner, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})

    assert (first.status_code, first.headers["cache-control"], again.status_code) == (200, "public, max-age=300", 304)
    assert runner.asked == 1
    assert client.get(path).content == first.content
