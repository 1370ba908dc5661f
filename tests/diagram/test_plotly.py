"""Shapes as a Plotly figure: valid, small, and with a structure that does not depend on the numbers."""

import gzip
import re
from collections import Counter
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

import orjson
import pytest
from geometry import LARGEST, MNIST, TEACHING, drawn, every_look, lstm, sizes
from pairing import paired
from plotly import graph_objects

from app.core.axes import Sizes
from app.core.cells import CELLS
from app.core.stack import Stack
from app.diagram.elements import Picture, Text
from app.diagram.format_names import FORMATS
from app.diagram.painters.plotly import Figure, figure
from app.diagram.painters.svg import svg
from app.diagram.scene import Scene
from app.diagram.shape_labels import LABELS
from app.diagram.theme import LIGHT, THEMES, Theme
from app.diagram.thickness import thickness
from app.diagram.views.unrolled.unrolled import unrolled
from app.diagram.wires import Wire

every_theme = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)


@lru_cache
def figures(labels: str, format: str) -> list[tuple[Picture, Figure]]:
    return [(at.picture, figure(at.picture, LIGHT)) for at in drawn(labels, format)]


@pytest.mark.parametrize(
    ("labels", "format", "theme", "of"), paired(LABELS, FORMATS, THEMES, (TEACHING, MNIST, LARGEST))
)
def test_plotly_accepts_the_figure_unchanged(labels: str, format: str, theme: str, of: Sizes) -> None:
    plotly_figure = figure(lstm(of, 2, labels, format), THEMES[theme])
    accepted = graph_objects.Figure(plotly_figure).to_plotly_json()
    assert accepted["layout"].pop("template")  # Plotly's default
    accepted["layout"].setdefault("annotations", [])  # Plotly leaves out an empty list
    assert orjson.loads(orjson.dumps(accepted, option=orjson.OPT_SERIALIZE_NUMPY)) == orjson.loads(
        orjson.dumps(plotly_figure)
    )


def structure(plotly_figure: Figure) -> tuple[Any, ...]:
    """The parts that must not change for the page to patch a figure in place; ``alike`` in plot.js reads the same."""
    (texts,), layout = plotly_figure["data"], plotly_figure["layout"]
    return (
        layout["width"],
        layout["height"],
        len(texts["text"]),
        texts["textposition"],
        texts["textfont"]["color"],
        [shape["name"] for shape in layout["shapes"]],
        [(note["x"], note["y"]) for note in layout["annotations"]],
    )


EQUAL_DIGITS = (
    (sizes(3, 4, 2, 5), sizes(9, 4, 1, 1)),
    (sizes(10, 4, 28, 64), sizes(99, 4, 10, 97)),
    (sizes(128, 9, 400, 512), sizes(999, 9, 101, 100)),
    (sizes(1000, 28, 1000, 1000), sizes(1024, 28, 4096, 8192)),
)


@pytest.mark.parametrize(("labels", "format", "both"), paired(LABELS, FORMATS, EQUAL_DIGITS))
def test_the_structure_is_the_same_for_sizes_with_equal_digits(
    labels: str, format: str, both: tuple[Sizes, Sizes]
) -> None:
    before, after = (figure(lstm(of, 2, labels, format), LIGHT) for of in both)
    assert structure(before) == structure(after)


@every_look
def test_the_figure_does_not_grow_with_time_step(labels: str, format: str) -> None:
    few, many = (figure(lstm({**TEACHING, "time_step": n}, n // 2, labels, format), LIGHT) for n in (20, 10_000))
    assert structure(few) == structure(many)


def drawn_by_plotly(plotly_figure: Figure) -> Counter[str]:
    notes = [note["text"] for note in plotly_figure["layout"]["annotations"]]
    return Counter([*plotly_figure["data"][0]["text"], *notes])


def drawn_by_svg(picture: Picture) -> Counter[str]:
    """Every piece of text; without the × of labels, which Plotly draws as two strokes."""
    found: Counter[str] = Counter()
    for text in ElementTree.fromstring(svg(picture, LIGHT)).iter("{http://www.w3.org/2000/svg}text"):
        pieces = list(text.itertext())
        found.update(piece for piece in pieces if text.get("class") != "label" or piece != "×")
    return found


@every_look
def test_plotly_and_svg_write_the_same_words(labels: str, format: str) -> None:
    for picture, plotly_figure in figures(labels, format):
        assert drawn_by_plotly(plotly_figure) == drawn_by_svg(picture)


@every_look
def test_plotly_and_svg_draw_the_same_outlines(labels: str, format: str) -> None:
    for picture, plotly_figure in figures(labels, format):
        pieces = re.findall(r'<path class="(?:area|wire|head)[^"]*" d="([^"]*)"', svg(picture, LIGHT))
        by_plotly = "".join(
            shape["path"]
            for shape in plotly_figure["layout"]["shapes"]
            if shape["name"].split()[0] not in ("frame", "mark", "times", "line")
        )
        assert all(piece in by_plotly for piece in pieces)
        assert len(by_plotly) == sum(map(len, pieces))


@every_look
def test_parts_of_a_label_have_the_same_position_in_both(labels: str, format: str) -> None:
    for picture, plotly_figure in figures(labels, format):
        texts = plotly_figure["data"][0]
        placed = set(zip(texts["text"], texts["x"], strict=True))
        for x, text in re.findall(r'<tspan class="[^"]*" x="([^"]*)"[^>]*>([^<]*)</tspan>', svg(picture, LIGHT)):
            assert text == "×" or (text, float(x)) in placed


@every_look
def test_a_compressed_figure_has_at_most_ten_kilobytes(labels: str, format: str) -> None:
    for _, plotly_figure in figures(labels, format):
        assert len(gzip.compress(orjson.dumps(plotly_figure), 6)) <= 10 * 1024


@every_look
def test_texts_have_no_tags(labels: str, format: str) -> None:
    for _, plotly_figure in figures(labels, format):
        assert not [text for text in drawn_by_plotly(plotly_figure) if re.search("[<>&]", text)]


@every_look
def test_a_figure_has_one_trace_and_few_shapes(labels: str, format: str) -> None:
    for _, plotly_figure in figures(labels, format):
        assert len(plotly_figure["data"]) == 1
        assert len(plotly_figure["layout"]["shapes"]) <= 20


def test_each_kind_of_outline_is_one_path_and_each_axis_one_kind_of_wire() -> None:
    picture = lstm(MNIST)
    names = [shape["name"] for shape in figure(picture, LIGHT)["layout"]["shapes"]]
    assert len(names) == len(set(names))
    wires = {f"wire {s.axis}" for s in picture.shapes if isinstance(s, Wire)}
    assert {name for name in names if name.startswith("wire")} == wires


def test_only_areas_that_contain_wires_are_behind_them() -> None:
    kinds = [shape["name"].split()[0] for shape in figure(lstm(TEACHING, 3), LIGHT)["layout"]["shapes"]]
    assert list(dict.fromkeys(kinds)) == [
        "slab", "cell", "wire", "head", "layer", "pointwise", "x", "h", "frame", "mark", "times"
    ]  # fmt: skip


def test_one_unit_of_the_axes_is_one_pixel_and_y_goes_down() -> None:
    picture = lstm(TEACHING)
    layout = figure(picture, LIGHT)["layout"]
    assert (layout["width"], layout["height"]) == (picture.width, picture.height)
    assert layout["xaxis"]["range"] == [0, picture.width]
    assert layout["yaxis"]["range"] == [picture.height, 0]
    assert set(layout["margin"].values()) == {0}


@every_theme
def test_every_colour_is_one_of_the_theme(theme: Theme) -> None:
    known = {*theme.ink.values(), *theme.fill.values(), *theme.edge.values(), "rgba(0,0,0,0)"}
    text = orjson.dumps(figure(lstm(MNIST, 27), theme)).decode()
    assert set(re.findall(r"#[0-9a-f]{6}|rgba\([^)]*\)", text)) <= known


def test_wires_with_a_multiple_of_an_axis_are_as_thick_as_in_the_image() -> None:
    """x of an upper layer holds h of both directions."""
    above = Stack(CELLS["lstm"], 3, 4, 2, 5, num_layers=2, bidirectional=True).program(1)
    shapes = figure(unrolled(Scene(above, TEACHING, 2, "numbers", "page")), LIGHT)["layout"]["shapes"]
    widths = {shape["name"]: shape["line"]["width"] for shape in shapes if shape["name"].startswith("wire")}

    assert widths == {"wire num_units": thickness(5), "wire num_units x2": thickness(10)}


@pytest.mark.parametrize(("anchor", "left", "right"), [("start", 50, 60), ("middle", 45, 55), ("end", 40, 50)])
def test_a_subscript_follows_its_letter(anchor: str, left: float, right: float) -> None:
    """Its letter is a W of 10 pixels; ``left`` and ``right`` are the ends of that letter, but for the subscript."""
    text = Text(50, 20, "W", 10, anchor=anchor, italic=True, sub="g")
    texts = figure(Picture(100, 40, (text,), ""), LIGHT)["data"][0]
    width = 0.602 * 6.8  # of the subscript
    letter, sub = texts["x"]
    begin, end = {"start": (letter, sub), "middle": (letter - 5, sub - width / 2), "end": (letter - 10, sub - width)}[
        anchor
    ]
    behind = {"start": 0, "middle": width / 2, "end": width}[anchor]
    assert (begin, end) == (pytest.approx(left - behind, abs=0.1), pytest.approx(right - behind, abs=0.1))
