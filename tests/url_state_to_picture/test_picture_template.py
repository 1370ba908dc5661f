"""Templates: the picture for other sizes."""

import pytest

from app.size_expressions import Formulas
from app.url_state.field_types import Number
from app.url_state.fields import SLIDERS
from app.url_state.parsing import parse
from app.url_state.slider_stops import slider_stops
from app.url_state.url_state import UrlState
from app.url_state_to_picture.picture_template import numbers, record, template_of
from app.url_state_to_picture.plotly_figure import figure_of


def url_state(**values: str | int) -> UrlState:
    return parse([(name, str(value)) for name, value in values.items()], strict=True)


def test_a_template_is_valid_for_many_sizes() -> None:
    formulas = record(url_state(num_units=20), figure_of).formulas
    assert all(formulas.is_valid(numbers(url_state(num_units=n))) for n in (11, 20, 99))
    assert not formulas.is_valid(numbers(url_state(num_units=20, time_step=5))), "another number of steps is drawn"


def test_a_long_run_has_the_template_of_another_long_run() -> None:
    assert record(url_state(time_step=2000), figure_of).formulas.is_valid(numbers(url_state(time_step=9999)))


@pytest.mark.parametrize("drawn", ["unrolled", "gradients"])
def test_the_last_step_of_a_long_run_has_the_template_of_another_long_run(drawn: str) -> None:
    long, longer = (url_state(view=drawn, time_step=steps, t=steps - 1) for steps in (2000, 9999))
    assert record(long, figure_of).formulas.is_valid(numbers(longer))


def test_a_template_draws_other_steps_and_another_unit_or_sample() -> None:
    assert record(url_state(time_step=9999, t=4000), figure_of).formulas.is_valid(
        numbers(url_state(time_step=9999, t=5000))
    )
    for drawn, name, size in (("weights", "unit", "num_units"), ("batch", "sample", "batch_size")):
        one, other = (url_state(view=drawn, **{size: 64, name: n}) for n in (7, 30))
        assert record(one, figure_of).formulas.is_valid(numbers(other))


@pytest.mark.parametrize("slider", [slider for slider in SLIDERS if slider.name != "time_step"], ids=lambda s: s.name)
def test_a_slider_of_the_batch_needs_few_templates(slider: Number) -> None:
    found: list[Formulas] = []
    for stop in slider_stops(slider.low, slider.high)[::4]:
        other = url_state(view="batch", **{slider.name: stop})
        if not any(formulas.is_valid(numbers(other)) for formulas in found):
            found.append(record(other, figure_of).formulas)
    assert len(found) <= 4


def test_templates_are_shared_by_pictures_that_differ_in_sizes_only() -> None:
    small, large = (template_of(url_state(num_units=n)) for n in (20, 64))
    assert small["formulas"] is large["formulas"]
    assert (small["sizes"]["num_units"], large["sizes"]["num_units"]) == (20, 64)
    assert template_of(url_state(num_units=20, cell="gru"))["formulas"] is not small["formulas"]


def test_a_template_names_the_sizes_that_can_be_changed() -> None:
    assert template_of(url_state())["sliders"] == ["batch_size", "time_step", "features", "num_units"]
    assert template_of(url_state(lock="num_units"))["sliders"] == ["batch_size", "time_step", "features"]
    assert template_of(url_state(data="digit"))["sliders"] == ["batch_size", "num_units"]


def test_hidden_shapes_have_no_formulas() -> None:
    template = template_of(url_state(labels="hidden", framework="pytorch", bidirectional="true", num_units=1234))
    assert (template["formulas"], template["slots"], template["sliders"]) == ([], [], [])
    assert "1234" not in str(template["figure"]["data"])
