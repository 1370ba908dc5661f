"""Which values go together: after a change, applying the affected rules is enough."""

from typing import Any
from urllib.parse import parse_qsl, quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from states import CHANGES, few_examples, valid_queries

from app.equations.gallery import GALLERY
from app.url_state.combinations_of_fields import RULES, check, fitted, rules_after
from app.url_state.field_types import FieldError, Value
from app.url_state.fields import FIELDS
from app.url_state.parsing import nearest, parse

INPUTS: tuple[dict[str, Value], ...] = (
    {"data": "text", "text": "abc"},
    {"data": "wave"},
    {"data": "digit"},
    {"data": "digit", "tensor": "X", "row": 27, "column": 27},
    {"trained": True},
    {"trained": True, "data": "digit", "cut": "words"},
    {"trained": True, "task": "text", "text": "abcab"},
    {"trained": True, "task": "wave", "data": "digit"},
    {"num_layers": 1, "time_step": 1, "num_units": 1, "features": 1, "batch_size": 1},
    {"t": 9_999, "layer": 7, "sample": 1023, "unit": 8191},
    {"row": 99_999, "column": 99_999, "component": 99_999},
)


def are_valid(values: dict[str, Any]) -> bool:
    try:
        check(values)
    except FieldError:
        return False
    return True


@few_examples
@given(valid_queries(), st.sampled_from((*CHANGES, *INPUTS)))
def test_applying_only_the_affected_rules_is_enough(pairs: list[tuple[str, str]], changes: dict[str, Value]) -> None:
    changed = {**parse(pairs, strict=True).values, **changes}

    assert fitted(changed, rules_after(frozenset(changes))) == fitted(changed)


class Recording(dict[str, Any]):
    """Values that record which of them are read."""

    def __init__(self, values: dict[str, Any]) -> None:
        super().__init__(values)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return super().__getitem__(name)


LARGE = "tensor=kernel&row=4&column=19&poke=h_prev&component=3&num_layers=2&layer=1&bidirectional=true"


HEADS = quote(GALLERY["mlstm"])
TIED = quote(GALLERY["sru"])
LEARNED = "trained=true&data=text&task=text&text=abcab"
QUERIES = [
    *(LEARNED, f"cell=own&equations={HEADS}&trained=true", f"cell=own&equations={TIED}&{LEARNED}"),
    *("", LARGE, "data=text&text=abc", "data=wave", "data=digit", "num_proj=3&tensor=m"),
    *("cell=own&num_layers=2", f"cell=own&equations={HEADS}&poke=C_prev", f"cell=own&equations={TIED}&data=digit"),
]


@pytest.mark.parametrize("query", QUERIES)
def test_a_rule_reads_only_its_field_and_the_declared_ones(query: str) -> None:
    for name, rule in RULES.items():
        values = Recording(nearest(parse_qsl(query)).values)
        rule.fit(values)
        assert values.read <= {name, *rule.reads}, name


@few_examples
@given(valid_queries(), st.sampled_from((*CHANGES, *INPUTS)))
def test_fitting_makes_values_valid_and_keeps_valid_ones(
    pairs: list[tuple[str, str]], changes: dict[str, Value]
) -> None:
    valid = parse(pairs, strict=True).values
    changed = {**valid, **changes}

    assert are_valid(valid) and fitted(valid) == valid
    assert are_valid(fitted(changed))
    assert are_valid(changed) == (fitted(changed) == changed)


def test_a_rule_comes_after_those_for_the_fields_that_it_reads() -> None:
    order = list(RULES)
    for name, rule in RULES.items():
        assert rule.field == name in FIELDS
        assert all(order.index(read) < order.index(name) for read in rule.reads if read in RULES), name


def test_changing_the_appearance_affects_no_rule() -> None:
    assert rules_after(frozenset(("lang", "theme", "labels", "notation", "title"))) == ()
