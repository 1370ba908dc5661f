"""Shapes as SVG: well-formed, escaped, in the colours of theme."""

from re import findall, match
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from geometry import LOOKS, MNIST, TEACHING, kernel, lstm
from pairing import in_turn

from app.diagram.elements import Label, Picture, Text
from app.diagram.painters.page_svg import compact, page_svg
from app.diagram.painters.svg import svg
from app.diagram.painters.theme_css import style_sheet
from app.diagram.text_spans import TextSpan
from app.diagram.theme import LIGHT, THEMES, Theme
from app.diagram.wires import Wire

every_theme = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
NAMESPACE = "{http://www.w3.org/2000/svg}"


def parsed(picture: Picture, theme: Theme = LIGHT, background: bool = True) -> Element:
    return ElementTree.fromstring(svg(picture, theme, background))


def found(root: Element, tag: str) -> list[Element]:
    return list(root.iter(NAMESPACE + tag))


@pytest.mark.parametrize(("theme", "look"), in_turn(THEMES.values(), LOOKS))
def test_a_picture_is_one_well_formed_document_of_its_size(theme: Theme, look: tuple[str, str]) -> None:
    picture = lstm(MNIST, 2, *look)
    root = parsed(picture, theme)
    assert root.tag == NAMESPACE + "svg"
    assert root.get("viewBox") == f"0 0 {picture.width:g} {picture.height:g}"
    assert (root.get("width"), root.get("height")) == (f"{picture.width:g}", f"{picture.height:g}")
    assert {element.tag.removeprefix(NAMESPACE) for element in root.iter()} == {"svg", "rect", "path", "text", "tspan"}


def test_the_title_is_the_text_alternative() -> None:
    picture = lstm(TEACHING)
    root = parsed(picture)
    assert (root.get("role"), root.get("aria-label")) == ("img", picture.title)


MARKUP = """<script>"&'</script>"""


def test_markup_in_words_is_escaped() -> None:
    shapes = (Text(0, 0, MARKUP, 12, sub=MARKUP), Label(0, 0, ((TextSpan(MARKUP, "ink"),),), 12))
    root = parsed(Picture(100, 100, shapes, MARKUP))
    assert root.get("aria-label") == MARKUP
    assert ["".join(text.itertext()) for text in found(root, "text")] == [2 * MARKUP, MARKUP]


@every_theme
def test_the_colour_of_an_attribute_is_the_one_that_its_class_names(theme: Theme) -> None:
    for picture in (lstm(MNIST, 27), kernel(MNIST)):
        for element in parsed(picture, theme).iter():
            kind, _, role = element.get("class", "").partition(" ")
            match kind:
                case "area":
                    assert (element.get("fill"), element.get("stroke")) == (theme.fill[role], theme.edge[role])
                case "wire" | "line":
                    assert (element.get("fill"), element.get("stroke")) == ("none", theme.ink[role])
                case "head":
                    assert element.get("fill") == theme.ink[role]
                case "label" | "":
                    pass
                case ink:
                    assert element.get("fill") == theme.ink[ink]


def test_every_element_has_a_class() -> None:
    root = parsed(lstm(TEACHING), background=False)
    assert all(element.get("class") for tag in ("path", "text") for element in found(root, tag))


@every_theme
def test_the_background_is_paper_or_nothing(theme: Theme) -> None:
    (paper,) = found(parsed(lstm(TEACHING), theme), "rect")
    assert paper.get("fill") == theme.fill["paper"]
    assert not found(parsed(lstm(TEACHING), theme, background=False), "rect")


def test_there_are_no_style_attributes() -> None:
    assert not [element for element in parsed(lstm(TEACHING)).iter() if element.get("style")]


def test_every_shape_is_painted_in_its_order() -> None:
    picture = lstm(TEACHING)
    paths = [element.get("d") for element in found(parsed(picture), "path")]
    expected = [
        path
        for s in picture.shapes
        if hasattr(s, "path")
        for path in ((s.path, s.head_path()) if isinstance(s, Wire) and s.head else (s.path,))
    ]
    assert paths == expected


@pytest.mark.parametrize("look", LOOKS)
def test_the_picture_in_a_page_is_that_of_a_file_with_classes_for_attributes(look: tuple[str, str]) -> None:
    for picture in (lstm(MNIST, 2, *look), kernel(MNIST)):
        in_page, in_file = ElementTree.fromstring(page_svg(picture)), parsed(picture, background=False)
        base = None
        for one, other in zip(in_page.iter(), in_file.iter(), strict=True):
            assert (one.tag, one.text) == (other.tag.removeprefix(NAMESPACE), other.text)
            base = one.get("y", base)  # a span without y is on the line of the one before
            assert other.get("y", base) == base or one.tag == "text"
            assert one.get("d") == (compact(other.get("d", "")) or None)
            shared = one.attrib.keys() & other.attrib.keys() - {"class", "d", *("x" if one.tag == "tspan" else "")}
            assert {k: number(one.get(k)) for k in shared} == {k: number(other.get(k)) for k in shared}
            styled = other.attrib.keys() - one.attrib.keys() - {"xmlns", "class", "x", "y"}
            assert styled <= {"fill", "stroke", "text-anchor", "font-family", "font-style", "font-weight"}
            for name in one.get("class", "").split():
                assert f".{name}{{" in style_sheet() or name in ("area", "wire", "line", "head") or name[0] == "x"


def number(value: str | None) -> float | str | None:
    try:
        return round(float(value or ""), 6)
    except ValueError:
        return value


def test_a_compact_path_is_the_same_path() -> None:
    assert compact("M24.0,22.0L59.4,22.0Q59.4,22.0,59.4,22.0L59.4,57.0H24.0Z") == "M24,22h35.4v35h-35.4z"
    assert compact("M1.0,2.0Q3.0,4.0,5.0,6.0L10.0,0.5M0.1,0.0V1.0") == "M1,2q2,2,4,4l5-5.5M0.1,0v1"
    for path in findall(r' d="([^"]*)"', svg(kernel(MNIST), LIGHT) + svg(lstm(MNIST), LIGHT)):
        assert all(match(r"-?\d+\.\d$", n) for n in findall(r"[\d.-]+", path)), "to a tenth of a pixel"
