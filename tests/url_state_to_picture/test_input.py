"""The input of a run: sizes that follow from it, and the arrays that the cells read."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest

from app.core.run import run_stack
from app.core.seeded_weights import stack_weights
from app.url_state.field_types import FieldError
from app.url_state.input_kinds import indices
from app.url_state.parsing import parse
from app.url_state.url_state import UrlState
from app.url_state_to_picture.input_of_state import input_of
from app.url_state_to_picture.run_and_gradients import trace_of


def url_state_of(query: str) -> UrlState:
    return parse(parse_qsl(query, keep_blank_values=True), strict=True)


def read(**fields: Any) -> Any:
    """The input of a query, batch_size × time_step × features."""
    return input_of(url_state_of(urlencode(fields)))


def test_a_text_has_a_feature_for_each_distinct_character() -> None:
    found = read(data="text", text="abcab", batch_size=2, time_step=3)

    assert found.shape == (2, 3, 3)
    np.testing.assert_array_equal(found, np.eye(3)[[[0, 1, 2], [0, 1, 0]]])
    state = url_state_of("data=text&text=abcab&batch_size=2&time_step=3")
    assert state.features == 3 and indices(state) == [[0, 1, 2], [0, 1, 0]]


@pytest.mark.parametrize(("data", "shape"), [("wave", (3, 4, 1)), ("digit", (3, 28, 28))])
def test_a_wave_and_a_digit_define_sizes(data: str, shape: tuple[int, ...]) -> None:
    assert read(data=data).shape == shape


@pytest.mark.parametrize("data", ["text", "wave", "digit"])
def test_a_run_reads_the_input(data: str) -> None:
    state = url_state_of(f"data={data}&num_units=7")
    expected = run_stack(state.stack, stack_weights(state.stack, 0), input_of(state))
    place = (0, "forward")

    np.testing.assert_array_equal(trace_of(state).array("Y", place, 0), expected.array("Y", place, 0))


def test_sizes_that_follow_from_the_input_are_omitted_from_links() -> None:
    state = url_state_of("data=text&text=abcab&num_units=6")

    assert state.query() == "?num_units=6&data=text&text=abcab"
    assert state.query(data="random") == "?features=3&num_units=6"
    assert url_state_of("data=digit").query(batch_size=2) == "?batch_size=2&data=digit"
    assert "data" not in url_state_of("data=wave").query(data="random")


def test_sizes_that_differ_from_the_input_are_rejected() -> None:
    assert url_state_of("data=text&text=abcab&features=3").features == 3
    with pytest.raises(FieldError, match="data=text sets features to 3; leave features out"):
        url_state_of("data=text&text=abcab&features=4")
    with pytest.raises(FieldError):
        url_state_of("data=digit&time_step=5")


@pytest.mark.parametrize("text", ["👩‍🏫👩‍🏫x", "שלום", "a" * 2000, "<b>&amp;", "e\u0301", "\n\n", "9"])
def test_any_text_can_be_read(text: str) -> None:
    assert read(data="text", text=text).sum() == 12  # a 1 for each sample and step


@pytest.mark.parametrize("text", ["a" * 2001, "\x00", "a\u202eb", "\x07"])
def test_long_texts_and_control_characters_are_rejected(text: str) -> None:
    with pytest.raises(FieldError):
        read(data="text", text=text)


def test_different_texts_are_different_inputs() -> None:
    assert len({read(data="text", text=text, time_step=3).tobytes() for text in ("abc", "cba", "abc")}) == 2
