"""Colours have enough contrast, and the same meaning in light and dark."""

import re
from dataclasses import fields
from functools import cache
from itertools import pairwise
from math import log2

import pytest
from geometry import LARGEST, LOOKS, LSTM, MNIST, area, kernel, lstm, written
from hypothesis import given
from hypothesis import strategies as st
from pairing import in_turn

from app.diagram.elements import Box, Ellipse, Label, Picture, Shape, Text
from app.diagram.theme import DARK, LIGHT, OWN_AXES, THEMES, Theme, axis_role
from app.diagram.thickness import thickness
from app.diagram.wires import Wire

both = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)


@cache
def pictures() -> list[Picture]:
    """Every look at the last step."""
    looks = in_turn((MNIST, LARGEST), LOOKS)
    return [kernel(MNIST), *(lstm(of, of["time_step"] - 1, *look) for of, look in looks)]


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    dark, light = sorted((luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@both
@pytest.mark.parametrize("ground", ["paper", "raised", "cell", "slab", "layer"])
def test_every_ink_can_be_read_on_every_ground(theme: Theme, ground: str) -> None:
    on = {
        role: contrast(colour, theme.fill[ground])
        for role, colour in theme.ink.items()
        if role not in ("hairline", "band")
    }
    assert min(on.values()) >= 4.5, on


@both
@pytest.mark.parametrize("ground", ["paper", "cell", "layer", "pointwise"])
def test_the_axes_of_a_typed_cell_can_be_read_on_every_ground(theme: Theme, ground: str) -> None:
    assert min(contrast(theme.ink[role], theme.fill[ground]) for role in OWN_AXES) >= 4.8


def test_axes_of_a_typed_cell_have_colours_in_the_order_of_declaration() -> None:
    names = ("features", "num_units", "directions", "heads", "K")
    assert [axis_role(name, names) for name in names] == ["features", "num_units", "ink", "axis_1", "axis_2"]


@both
def test_every_word_of_a_picture_is_readable_on_its_ground(theme: Theme) -> None:
    seen = words_on_grounds()
    assert {ground for _, ground in seen} == {"paper", "cell", "slab", "layer", "pointwise", "x", "h"}
    for role, ground in seen:
        assert contrast(theme.ink[role], theme.fill[ground]) >= 4.5, (role, ground)


@cache
def words_on_grounds() -> set[tuple[str, str]]:
    found = set()
    for picture in pictures():
        for s in picture.shapes:
            if isinstance(s, Label | Text):
                roles = [s.role] if isinstance(s, Text) else [run.role for line in s.lines for run in line]
                found |= {(role, ground(picture, s)) for role in roles}
    return found


def ground(picture: Picture, words: Label | Text) -> str:
    """The role of the topmost area behind the words."""
    under = [s for s in picture.shapes if isinstance(s, Box | Ellipse) and written(words).overlaps(area(s))]
    return under[-1].role if under else "paper"


@both
def test_every_wire_and_every_border_contrasts_with_its_surroundings(theme: Theme) -> None:
    for role in ("batch_size", "time_step", "features", "num_units"):
        assert contrast(theme.ink[role], theme.fill["cell"]) >= 3
    assert contrast(theme.edge["cell"], theme.fill["paper"]) >= 3


def test_light_and_dark_have_the_same_roles() -> None:
    for group in fields(Theme):
        assert getattr(LIGHT, group.name).keys() == getattr(DARK, group.name).keys(), group.name


@both
def test_colours_have_one_format(theme: Theme) -> None:
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in theme.variables().values())


@both
def test_each_axis_has_its_own_colour(theme: Theme) -> None:
    names = ("batch_size", "time_step", "features", "num_units", "num_proj", *OWN_AXES)
    assert len({theme.ink[name] for name in names}) == len(names)


@both
def test_every_role_that_a_picture_uses_is_in_the_theme(theme: Theme) -> None:
    for picture in pictures():
        for shape in picture.shapes:
            assert inks(shape) <= theme.ink.keys()
            if isinstance(shape, Box | Ellipse):
                assert shape.role in theme.fill
                assert shape.role in theme.edge


def inks(shape: Shape) -> set[str]:
    match shape:
        case Label():
            return {run.role for line in shape.lines for run in line}
        case Text():
            return {shape.role}
        case Wire():
            return {shape.axis}
        case _:
            return set()


def test_an_axis_of_the_program_has_an_ink() -> None:
    axes = {name for tensor in LSTM.tensors for axis in tensor.axes for name in axis.names}
    assert axes <= LIGHT.ink.keys()


def test_the_page_gets_every_colour_as_a_variable() -> None:
    variables = LIGHT.variables()
    assert len(variables) == len(LIGHT.ink) + len(LIGHT.fill) + len(LIGHT.edge)
    assert variables["--ink-num_units"] == LIGHT.ink["num_units"]
    assert variables["--fill-cell"] == LIGHT.fill["cell"]
    assert variables["--edge-cell"] == LIGHT.edge["cell"]


def test_the_thickness_of_a_wire_grows_with_its_size() -> None:
    widths = [thickness(2**k) for k in range(14)]
    assert widths[0] == 1.5
    assert all(thin < thick for thin, thick in pairwise(widths))


@given(st.integers(1, 8192))
def test_the_thickness_is_logarithmic_in_steps_of_half_a_pixel(size: int) -> None:
    assert thickness(size) * 2 == int(thickness(size) * 2)
    assert thickness(size) == pytest.approx(1.5 + 0.62 * log2(size), abs=0.2501)
    assert thickness(size) <= thickness(size + 1)
