"""The URL is the whole state: a query becomes a UrlState, and a UrlState a query."""

import dataclasses
import re
from difflib import get_close_matches
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from states import CHANGES, MATRICES, components, few_examples, grid_shape, pairs_of, valid_queries

from app.core.cells import PROJECTED
from app.frameworks import FRAMEWORKS
from app.url_state.field_types import FieldError, Number, Value
from app.url_state.fields import FIELDS, SLIDERS, SWITCHES
from app.url_state.parsing import nearest, parse
from app.url_state.text_field_types import FreeText
from app.url_state.url_state import UrlState

TEXTS = ("h", "kernal", "m", "p_f", "both", "dark", "true", "gru", "rnn", "keras", "onnx", "backward", "sum", "0", "1")

anything = st.lists(
    st.tuples(
        st.sampled_from([*FIELDS, "utm_source"]),
        st.text() | st.integers().map(str) | st.floats().map(str) | st.sampled_from(TEXTS),
    )
)


@few_examples
@given(valid_queries())
def test_a_view_and_its_query_are_equivalent(pairs: list[tuple[str, str]]) -> None:
    state = parse(pairs, strict=True)

    assert all(FIELDS[name].format(state[name]) == text for name, text in pairs)
    assert parse(pairs_of(state.query()), strict=True) == state


@few_examples
@given(valid_queries())
def test_a_query_omits_defaults_and_has_the_order_of_the_table(pairs: list[tuple[str, str]]) -> None:
    state = parse(pairs, strict=True)
    names = [name for name, _ in pairs_of(state.query())]

    assert names == [name for name in FIELDS if name in names]
    for name, _ in pairs_of(state.query()):
        assert state[name] != FIELDS[name].default_for(vars(state))


@few_examples
@given(valid_queries(), st.randoms())
def test_the_order_of_a_query_does_not_matter(pairs: list[tuple[str, str]], random: Any) -> None:
    shuffled = random.sample(pairs, len(pairs))

    assert parse(shuffled, strict=True).query() == parse(pairs, strict=True).query()


@given(anything)
def test_the_nearest_view_is_always_valid(pairs: list[tuple[str, str]]) -> None:
    state = nearest(pairs)

    assert parse(pairs_of(state.query()), strict=True) == state


@few_examples
@given(valid_queries(), st.sampled_from(CHANGES))
def test_a_changed_link_is_valid_and_keeps_the_values_that_fit(
    pairs: list[tuple[str, str]], changes: dict[str, Value]
) -> None:
    """Values of another cell, framework or direction are dropped."""
    state = parse(pairs, strict=True)
    changed = parse(pairs_of(state.query(**changes)), strict=True)

    implied = {"num_proj": 0} if changed.cell not in PROJECTED else {}
    if changed.equations in MATRICES:
        implied |= {"num_layers": 1, "num_units": changed.num_units}
        assert changed.num_units % 2 == 0
    assert all(changed[name] == implied.get(name, value) for name, value in changes.items())
    own = {switch.name for switch in FRAMEWORKS[changed.framework].switches}
    ids = changed.program.by_id
    for name, field in FIELDS.items():
        if name in changes or name in ("t", "layer", "sample", "unit", *PARTS):
            continue
        is_dropped = (
            (name == "num_proj" and changed.cell not in PROJECTED)
            or (name == "direction" and not changed.bidirectional)
            or (name == "tensor" and state.tensor not in ids)
            or (name == "parameters" and "tensor" in changes)  # the panel shows one or the other
            or (name == "poke" and state.poke != "none" and state.poke not in ids)
            or (name in SWITCHES and name not in own)
            or (name == "equations" and changed.cell != state.cell)
        )
        default = field.default_for(changed.values) if name == "equations" else field.default
        assert changed[name] == (default if is_dropped else state[name])
    assert changed.layer == min(state.layer, changed.num_layers - 1)
    assert changed.sample == (None if state.sample is None else min(state.sample, changed.batch_size - 1))
    assert changed.unit == (None if state.unit is None else min(state.unit, changed.num_units - 1))


PARTS = ("row", "column", "component")
TEXT_FIELDS = [name for name, field in FIELDS.items() if isinstance(field, FreeText)]


@few_examples
@given(valid_queries(), st.sampled_from(CHANGES))
def test_a_part_is_reset_with_its_parent_and_stays_within_its_size(
    pairs: list[tuple[str, str]], changes: dict[str, Value]
) -> None:
    state = parse(pairs, strict=True)
    changed = parse(pairs_of(state.query(**changes)), strict=True)

    rows, columns = grid_shape(vars(changed)) if changed.tensor == state.tensor else (0, 0)
    assert changed.row == (state.row if state.row < rows else 0)
    assert changed.column == (state.column if state.column < columns else 0)
    assert changed.component == (
        min(state.component, components(vars(changed)) - 1) if changed.poke == state.poke else 0
    )


@pytest.mark.parametrize(
    ("query", "changes", "link"),
    [
        ("?tensor=kernel&row=6&column=19", {"tensor": "h"}, "?tensor=h"),
        ("?tensor=kernel&row=6&column=19", {"tensor": "kernel"}, "?tensor=kernel&row=6&column=19"),
        ("?tensor=kernel&row=6&column=19", {"tensor": "h", "row": 2}, "?tensor=h&row=2"),
        ("?tensor=kernel&row=6&column=19", {"features": 1}, "?features=1&tensor=kernel&column=19"),
        ("?tensor=kernel&row=6&column=19", {"column": 0}, "?tensor=kernel&row=6"),
        ("?num_layers=2&layer=1&tensor=X&column=4", {"num_layers": 1}, "?tensor=X"),
        ("?poke=h_prev&component=4", {"poke": "c_prev"}, "?poke=c_prev"),
        ("?poke=h_prev&component=4", {"poke": "h_prev", "component": 1}, "?poke=h_prev&component=1"),
        ("?poke=h_prev&component=4&unit=4", {"num_units": 3}, "?num_units=3&unit=2&poke=h_prev&component=2"),
        ("?poke=c_prev&component=4", {"cell": "gru"}, "?cell=gru"),
        ("?sample=2&unit=4", {"sample": None}, "?unit=4"),
    ],
)
def test_links_to_a_row_column_or_component(query: str, changes: dict[str, Value], link: str) -> None:
    assert parse(pairs_of(query), strict=True).query(**changes) == link


@few_examples
@given(valid_queries())
def test_a_query_needs_no_percent_encoding(pairs: list[tuple[str, str]]) -> None:
    """Except free texts and commas."""
    encoded = "|".join((*TEXT_FIELDS, "lock", "hide"))
    query = re.sub(rf"(?<=[?&])({encoded})=[^&]*", r"\1=", parse(pairs, strict=True).query())

    assert re.fullmatch(r"(\?[\w=&.]+)?", query, re.ASCII)


@few_examples
@given(valid_queries())
def test_the_nearest_view_of_a_valid_query_is_its_view(pairs: list[tuple[str, str]]) -> None:
    assert nearest(pairs) == parse(pairs, strict=True)


@few_examples
@given(valid_queries(), st.integers(1, 10_000))
def test_changing_time_step_keeps_the_step_in_focus_or_the_default_one(
    pairs: list[tuple[str, str]], time_step: int
) -> None:
    state = parse(pairs, strict=True)
    changed = parse(pairs_of(state.query(time_step=time_step)), strict=True)

    assert changed.time_step == time_step
    default = min(2, state.time_step - 1)
    assert changed.t == min(2 if state.t == default else state.t, time_step - 1)


@few_examples
@given(valid_queries(), st.sampled_from([f.name for f in SLIDERS]), st.data())
def test_changing_one_size_leaves_the_others(pairs: list[tuple[str, str]], name: str, data: st.DataObject) -> None:
    state = parse(pairs, strict=True)
    field = FIELDS[name]
    assert isinstance(field, Number)
    size = data.draw(st.integers(field.low, field.high))

    changed = parse(pairs_of(state.query(**{name: size})), strict=True).sizes
    assert all(changed[f.name] == state.sizes[f.name] for f in SLIDERS if f.name != name)
    assert changed[name] == size or state.cell == "own"  # whose axes may divide the size, as num_units / heads does


@few_examples
@given(valid_queries())
def test_a_view_has_the_stack_and_the_cell_in_focus(pairs: list[tuple[str, str]]) -> None:
    state = parse(pairs, strict=True)

    assert state.place in state.stack.places
    assert state.program.cell.id == state.cell == state.stack.cell.id
    assert ("projection" in state.program.by_id) == bool(state.num_proj) == ("num_proj" in state.sizes)
    assert state.program.cell.input == ("features" if state.layer == 0 else str(state.stack.output))


@few_examples
@given(valid_queries())
def test_which_directions_are_reversed(pairs: list[tuple[str, str]]) -> None:
    state = parse(pairs, strict=True)

    assert state.goes_backwards == (
        state.framework == "keras" and state.go_backwards and not state.chosen_model.unsupported
    )
    # Keras passes steps on in the order of computation, so every second layer reads them forward again
    reverses = state.goes_backwards and state.layer % 2 == 0
    assert state.is_reversed == ((state.direction == "backward") != reverses)
    assert not (state.bidirectional and state.goes_backwards)


@few_examples
@given(valid_queries())
def test_a_model_has_the_settings_of_its_framework_in_their_types(pairs: list[tuple[str, str]]) -> None:
    state = parse(pairs, strict=True)

    model = state.chosen_model
    assert model.framework.id == state.framework
    assert list(model.settings) == [switch.name for switch in model.framework.switches]
    for switch in model.framework.switches:
        assert model.settings[switch.name] in switch.choices
        assert type(model.settings[switch.name]) is type(switch.default)
        assert FIELDS[switch.name].format(state[switch.name]) == str(model.settings[switch.name]).lower()


def test_a_view_has_a_value_for_each_field_in_the_order_of_the_table() -> None:
    assert [field.name for field in dataclasses.fields(UrlState)] == list(FIELDS)


def test_the_default_view_has_four_different_sizes_and_no_query() -> None:
    state = parse([], strict=True)

    assert state.query() == ""
    assert list(state.sizes.values()) == [3, 4, 2, 5]


@pytest.mark.parametrize(("time_step", "t"), [(1, 0), (2, 1), (3, 2), (4, 2), (10_000, 2)])
def test_the_step_in_focus_is_the_third_or_the_last(time_step: int, t: int) -> None:
    assert parse([("time_step", str(time_step))], strict=True)["t"] == t


def test_unknown_names_are_ignored_unless_strict() -> None:
    pairs = [("utm_source", "mail"), ("num_units", "7"), ("utm_source", "again")]

    assert parse(pairs, strict=False).query() == "?num_units=7"
    with pytest.raises(FieldError, match="unknown field “utm_source”; known fields: cell, batch_size, "):
        parse(pairs, strict=True)


def test_equal_url_states_have_the_same_hash() -> None:
    pictures: dict[UrlState, str] = {parse([("t", "2"), ("seed", "0")], strict=True): "first picture"}

    assert pictures[parse([], strict=True)] == "first picture"


def test_a_very_long_list_is_not_compared_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []

    def count_comparisons(word: str, *rest: Any) -> list[str]:
        compared.append(word)
        return get_close_matches(word, *rest)

    monkeypatch.setattr("app.url_state.text_field_types.get_close_matches", count_comparisons)
    monkeypatch.setattr("app.url_state.field_types.get_close_matches", count_comparisons)
    words = ",".join(["tabel", *(f"{n:x}" for n in range(5000))])
    state = nearest([("hide", words), *[("cell", "gruu")] * 4000])
    assert (state.hide, state.cell) == ("table", "gru")
    assert len(compared) < 100
