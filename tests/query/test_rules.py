"""Which values go together: whatever changes, the rules that it concerns are applied, and they are enough."""

from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from states import CHANGES, valid_queries

from app.query.field_types import FieldError, Value
from app.query.fields import FIELDS
from app.query.parsing import nearest, parse
from app.query.rules import RULES, check, fitted, rules_after

INPUTS: tuple[dict[str, Value], ...] = (
    {"data": "text", "text": "abc"},
    {"data": "wave"},
    {"data": "digit"},
    {"data": "digit", "tensor": "X", "row": 27, "column": 27},
    {"num_layers": 1, "time_step": 1, "num_units": 1, "features": 1, "batch_size": 1},
    {"t": 9_999, "layer": 7, "sample": 1023, "unit": 8191},
    {"row": 99_999, "column": 99_999, "component": 99_999},
)


def fits(values: dict[str, Any]) -> bool:
    try:
        check(values)
    except FieldError:
        return False
    return True


@given(valid_queries(), st.sampled_from((*CHANGES, *INPUTS)))
def test_the_rules_after_a_change_do_as_much_as_all_of_them(
    pairs: list[tuple[str, str]], changes: dict[str, Value]
) -> None:
    changed = {**parse(pairs, strict=True).values, **changes}

    assert fitted(changed, rules_after(frozenset(changes))) == fitted(changed)


class Noting(dict[str, Any]):
    """Values that note which of them are read."""

    def __init__(self, values: dict[str, Any]) -> None:
        super().__init__(values)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return super().__getitem__(name)


LARGE = "tensor=kernel&row=4&column=19&poke=h_prev&component=3&num_layers=2&layer=1&bidirectional=true"


@pytest.mark.parametrize("query", ["", LARGE, "data=text&text=abc", "data=wave", "data=digit", "num_proj=3&tensor=m"])
def test_a_rule_reads_no_field_but_its_own_and_those_that_it_names(query: str) -> None:
    for name, rule in RULES.items():
        values = Noting(nearest(parse_qsl(query)).values)
        rule.fit(values)
        assert values.read <= {name, *rule.reads}, name


@given(valid_queries(), st.sampled_from((*CHANGES, *INPUTS)))
def test_what_is_fitted_fits_and_what_fits_is_left_alone(
    pairs: list[tuple[str, str]], changes: dict[str, Value]
) -> None:
    valid = parse(pairs, strict=True).values
    changed = {**valid, **changes}

    assert fits(valid) and fitted(valid) == valid
    assert fits(fitted(changed))
    assert fits(changed) == (fitted(changed) == changed)


def test_a_rule_comes_after_those_for_the_fields_that_it_reads() -> None:
    order = list(RULES)
    for name, rule in RULES.items():
        assert rule.field == name in FIELDS
        assert all(order.index(read) < order.index(name) for read in rule.reads if read in RULES), name


def test_a_change_of_the_looks_concerns_no_rule() -> None:
    assert rules_after(frozenset(("lang", "theme", "labels", "notation", "view", "title"))) == ()
