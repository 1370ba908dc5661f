"""Pictures and figures equal the golden files, which somebody has looked at and found right."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from geometry import LARGEST, MNIST, PROGRAMS, TEACHING, kernel, lstm, sizes
from test_chain_picture import drawn as drawn_chain
from trainings import FIVE, RUNNING
from trainings import scene as training_scene

from app.core.axes import Sizes
from app.diagram.painters.plotly import figure
from app.diagram.painters.svg import svg
from app.diagram.scene import Scene
from app.diagram.theme import THEMES
from app.diagram.views.training.training import training
from app.diagram.views.unrolled.unrolled import unrolled

ONES = sizes(1, 1, 1, 1)
TEN_THOUSAND = {**TEACHING, "time_step": 10_000}
Look = tuple[Sizes, int, str, str, str]

PICTURES: dict[str, Look] = {
    "default_page_light": (TEACHING, 2, "numbers", "page", "light"),
    "default_narrow_light": (TEACHING, 2, "numbers", "narrow", "light"),
    "mnist_wide_dark": (MNIST, 2, "numbers", "wide", "dark"),
    "ten_thousand_steps_page_light": (TEN_THOUSAND, 5000, "numbers", "page", "light"),
    "names_narrow_light": (TEACHING, 2, "names", "narrow", "light"),
    "default_hall_light": (TEACHING, 2, "numbers", "hall", "light"),
    "names_wide_dark": (TEACHING, 2, "names", "wide", "dark"),
    "both_page_light": (TEACHING, 2, "both", "page", "light"),
    "one_of_everything_page_light": (ONES, 0, "numbers", "page", "light"),
    "first_step_narrow_light": (MNIST, 0, "numbers", "narrow", "light"),
    "last_step_page_dark": (MNIST, 27, "numbers", "page", "dark"),
    "largest_page_light": (LARGEST, 5000, "both", "page", "light"),
    "largest_narrow_dark": (LARGEST, 9999, "numbers", "narrow", "dark"),
}


def lines(document: str) -> str:
    """One element per line, so that differences are readable."""
    return document.replace("><", ">\n<") + "\n"


@pytest.mark.golden
@pytest.mark.parametrize("name", PICTURES)
def test_the_picture_equals_the_golden_one(name: str, golden: Callable[[str, str], None]) -> None:
    of, t, labels, format, theme = PICTURES[name]
    golden(f"{name}.svg", lines(svg(lstm(of, t, labels, format), THEMES[theme])))


@pytest.mark.golden
@pytest.mark.parametrize("name", [name for name in PROGRAMS if name != "lstm"])
def test_the_picture_of_every_other_cell_equals_the_golden_one(name: str, golden: Callable[[str, str], None]) -> None:
    drawn = unrolled(Scene(PROGRAMS[name], TEACHING, 2, "numbers", "page", is_reversed="directions" in name))
    golden(f"{name.replace(' ', '_')}.svg", lines(svg(drawn, THEMES["light"])))


@pytest.mark.golden
@pytest.mark.parametrize("theme", THEMES)
def test_the_kernel_equals_the_golden_one(theme: str, golden: Callable[[str, str], None]) -> None:
    golden(f"kernel_{theme}.svg", lines(svg(kernel(TEACHING), THEMES[theme])))


@pytest.mark.golden
def test_the_picture_of_a_chain_equals_the_golden_one(golden: Callable[[str, str], None]) -> None:
    golden("chain_page_light.svg", lines(svg(drawn_chain(batch_size=32, time_step=200).picture, THEMES["light"])))


@pytest.mark.golden
def test_the_pictures_of_a_training_equal_the_golden_ones(golden: Callable[[str, str], None]) -> None:
    golden("training_page_light.svg", lines(svg(training(training_scene(8)), THEMES["light"])))
    live = training_scene(8, "narrow", course=RUNNING, beliefs=FIVE)
    golden("training_live_narrow_dark.svg", lines(svg(training(live), THEMES["dark"])))


def rounded(value: Any) -> Any:
    """Numbers rounded to a tenth of a pixel, since smaller differences are invisible."""
    match value:
        case float():
            return round(value, 1)
        case list() | tuple():
            return [rounded(item) for item in value]
        case dict():
            return {key: rounded(item) for key, item in value.items()}
        case _:
            return value


FIGURES = ("default_page_light", "mnist_wide_dark", "ten_thousand_steps_page_light", "names_narrow_light")


@pytest.mark.golden
@pytest.mark.parametrize("name", FIGURES)
def test_the_figure_equals_the_golden_one(name: str, golden: Callable[[str, str], None]) -> None:
    of, t, labels, format, theme = PICTURES[name]
    drawn = rounded(figure(lstm(of, t, labels, format), THEMES[theme]))
    golden(f"{name}.json", orjson.dumps(drawn, option=orjson.OPT_INDENT_2).decode() + "\n")
