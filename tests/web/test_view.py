"""The URL is the whole state: query -> View -> query."""

import dataclasses
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.cells import CELLS
from app.core.program import capture
from app.web.fields import FIELDS, Choice, FieldError, Flag, Number, TensorId
from app.web.view import SLIDERS, View, nearest, parse


def pairs_of(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query.removeprefix("?"), keep_blank_values=True, strict_parsing=bool(query))


@st.composite
def valid_queries(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Some of the fields, in any order, each with a value that fits the others."""
    cell = draw(st.sampled_from(list(CELLS)))
    time_step = draw(st.integers(1, 10_000))
    values: dict[str, Any] = {"cell": cell, "time_step": time_step, "t": draw(st.integers(0, time_step - 1))}
    for name, field in FIELDS.items():
        if name in values:
            continue
        if isinstance(field, Number):
            values[name] = draw(st.integers(field.low, field.high))
        elif isinstance(field, TensorId):
            values[name] = draw(st.sampled_from(list(capture(CELLS[cell]).by_id)))
        else:
            assert isinstance(field, Choice | Flag)
            values[name] = draw(st.sampled_from(field.choices))
    optional = st.lists(st.sampled_from([n for n in values if n not in ("cell", "time_step")]), unique=True)
    names = draw(st.permutations(["cell", "time_step", *draw(optional)]))
    return [(name, FIELDS[name].format(values[name])) for name in names]


anything = st.lists(
    st.tuples(
        st.sampled_from([*FIELDS, "utm_source"]),
        st.text() | st.integers().map(str) | st.floats().map(str) | st.sampled_from(["h", "kernal", "both", "dark"]),
    )
)


@given(valid_queries())
def test_a_view_and_its_query_are_the_same_thing(pairs: list[tuple[str, str]]) -> None:
    view = parse(pairs, strict=True)

    assert all(FIELDS[name].format(view[name]) == text for name, text in pairs)
    assert parse(pairs_of(view.query()), strict=True) == view


@given(valid_queries())
def test_a_query_leaves_defaults_out_and_keeps_the_order_of_the_table(pairs: list[tuple[str, str]]) -> None:
    view = parse(pairs, strict=True)
    names = [name for name, _ in pairs_of(view.query())]

    assert names == [name for name in FIELDS if name in names]
    for name, text in pairs_of(view.query()):
        without = parse([p for p in pairs if p[0] != name], strict=True) if name != "time_step" else parse([], True)
        assert FIELDS[name].format(without[name]) != text


@given(valid_queries(), st.randoms())
def test_the_order_of_a_query_means_nothing(pairs: list[tuple[str, str]], random: Any) -> None:
    shuffled = random.sample(pairs, len(pairs))

    assert parse(shuffled, strict=True).query() == parse(pairs, strict=True).query()


@given(anything)
def test_the_nearest_view_is_always_valid(pairs: list[tuple[str, str]]) -> None:
    view = nearest(pairs)

    assert parse(pairs_of(view.query()), strict=True) == view


@given(valid_queries())
def test_the_view_nearest_to_a_valid_query_is_its_own(pairs: list[tuple[str, str]]) -> None:
    assert nearest(pairs) == parse(pairs, strict=True)


@given(valid_queries(), st.integers(1, 10_000))
def test_changing_time_step_keeps_the_step_in_focus_or_the_default_one(
    pairs: list[tuple[str, str]], time_step: int
) -> None:
    view = parse(pairs, strict=True)
    changed = parse(pairs_of(view.query(time_step=time_step)), strict=True)

    assert changed.time_step == time_step
    usual = min(2, view.time_step - 1)
    assert changed.t == min(2 if view.t == usual else view.t, time_step - 1)


@given(valid_queries(), st.sampled_from([f.name for f in SLIDERS]), st.data())
def test_changing_one_size_leaves_the_others(pairs: list[tuple[str, str]], name: str, data: st.DataObject) -> None:
    view = parse(pairs, strict=True)
    field = FIELDS[name]
    assert isinstance(field, Number)
    size = data.draw(st.integers(field.low, field.high))

    assert parse(pairs_of(view.query(**{name: size})), strict=True).sizes == {**view.sizes, name: size}


def test_a_view_has_a_value_for_each_field_in_the_order_of_the_table() -> None:
    assert [field.name for field in dataclasses.fields(View)] == list(FIELDS)


def test_the_first_picture_has_four_different_sizes_and_no_query() -> None:
    view = parse([], strict=True)

    assert view.query() == ""
    assert list(view.sizes.values()) == [3, 4, 2, 5]


@pytest.mark.parametrize(("time_step", "t"), [(1, 0), (2, 1), (3, 2), (4, 2), (10_000, 2)])
def test_the_step_in_focus_is_the_third_or_the_last(time_step: int, t: int) -> None:
    assert parse([("time_step", str(time_step))], strict=True)["t"] == t


def test_unknown_names_are_dropped_where_they_are_not_refused() -> None:
    pairs = [("utm_source", "mail"), ("num_units", "7"), ("utm_source", "again")]

    assert parse(pairs, strict=False).query() == "?num_units=7"
    with pytest.raises(FieldError, match="there is no field “utm_source”; known: cell, batch_size, "):
        parse(pairs, strict=True)


def test_views_of_the_same_state_are_equal_and_can_be_looked_up() -> None:
    views: dict[View, str] = {parse([("t", "2"), ("seed", "0")], strict=True): "first picture"}

    assert views[parse([], strict=True)] == "first picture"
