"""Proof that the comparison can fail: ``app`` is broken in one place at a time, and each time a comparison says so.

Here alone the inside of ``app`` is imported: to break it.
"""

from collections.abc import Callable
from dataclasses import replace
from math import floor
from typing import Any

import check_files as files
import check_json as answers
import check_notes as notes
import check_pages as pages
import check_pictures as pictures
import check_units as units
import check_values as values
import numpy as np
import pytest
from http_client import client, link, page
from stacks import Case

import app.core.gradients
import app.url_state_to_picture.picture_of_state
import app.web.api.trace
from app.core.cells import LSTM
from app.core.program import Program
from app.core.stack import Stack
from app.core.trace import StackTrace
from app.frameworks.keras import LAYERS
from app.frameworks.weight_layout import Parameter
from app.growing_cache import GrowingCache
from app.translations.phrases import phrase
from app.web.pages.pages_for_other_sizes import recorded_pages

Break = Callable[[pytest.MonkeyPatch], None]
Check = Callable[[], None]


def around(patch: pytest.MonkeyPatch, owner: Any, name: str, wrong: Callable[..., Any]) -> None:
    """Replace a function by one that is given the right one before its own arguments."""
    right = getattr(owner, name)
    patch.setattr(owner, name, lambda *given, **named: wrong(right, *given, **named))


def swap_two_gates(patch: pytest.MonkeyPatch) -> None:
    gates = {"f": "i", "i": "f"}
    around(patch, StackTrace, "array", lambda right, trace, id, *where: right(trace, gates.get(id, id), *where))


def swap_two_gates_of_keras(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(LAYERS, LSTM, replace(LAYERS[LSTM], gates="figo"))


def drop_a_direction(patch: pytest.MonkeyPatch) -> None:
    """The layer above reads the forward direction twice."""
    around(patch, StackTrace, "output", lambda right, trace, layer, direction: right(trace, layer, "forward"))


def look_at_the_step_before(patch: pytest.MonkeyPatch) -> None:
    around(patch, StackTrace, "array", lambda right, trace, id, place, t: right(trace, id, place, max(0, t - 1)))


def transpose_a_square_matrix(patch: pytest.MonkeyPatch) -> None:
    def wrong(right: Callable[..., Any], parameter: Parameter, blocks: Any) -> Any:
        array = right(parameter, blocks)
        return np.ascontiguousarray(array.T) if array.ndim == 2 and len({*array.shape}) == 1 else array

    around(patch, Parameter, "pack", wrong)


def drop_a_share_of_the_gradient(patch: pytest.MonkeyPatch) -> None:
    """What the upper layer hands down is lost on its way."""

    def wrong(right: Callable[..., Any], *given: Any) -> Any:
        found = right(*given)
        found.X[...] = 0
        return found

    around(patch, app.core.gradients, "cell_gradients", wrong)


def count_one_operation_too_many(patch: pytest.MonkeyPatch) -> None:
    around(patch, Stack, "flops", lambda right, *given: right(*given) + 1)


def count_one_parameter_too_few(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("app.frameworks.stack_in_framework.Model.parameter_count", 159)


def look_at_the_next_unit(patch: pytest.MonkeyPatch) -> None:
    around(patch, app.web.api.trace, "owned", lambda right, *asked: right(*asked[:-1], (asked[-1] + 1) % 5))


def count_one_in_the_plural(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("app.diagram.shape_labels.plural", lambda one, many, n, **values: phrase(many, n=n, **values))


def round_down(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("app.web.pages.parts.below_picture.units.ceil", floor)


def add_what_is_multiplied(patch: pytest.MonkeyPatch) -> None:
    around(patch, Program, "formula", lambda right, *given: right(*given).replace("∗", "+"))


DEFAULT = Case(t=1)
TWO_LAYERS = Case(num_layers=2, t=1)
KERAS = Case(framework="keras", t=1)
SQUARE = Case(cell="rnn", framework="pytorch", num_units=3, features=3, t=1)
BOTH = Case(bidirectional=True, num_layers=2, layer=1, t=1)
ONE_STEP = Case(time_step=1, t=0)


def count_said() -> None:
    pages.check_count(DEFAULT, page("/", DEFAULT).one(id="arrays"), link("/", DEFAULT))


BROKEN: list[tuple[Break, Check]] = [
    (swap_two_gates, lambda: values.check_values(DEFAULT)),
    (swap_two_gates_of_keras, lambda: files.check_weights(KERAS)),
    (drop_a_direction, lambda: values.check_values(BOTH)),
    (look_at_the_step_before, lambda: values.check_values(DEFAULT)),
    (transpose_a_square_matrix, lambda: files.check_weights(SQUARE)),
    (drop_a_share_of_the_gradient, lambda: values.check_gradients(TWO_LAYERS)),
    (count_one_operation_too_many, lambda: answers.check_trace(DEFAULT)),
    (count_one_parameter_too_few, count_said),
    (look_at_the_next_unit, lambda: units.check_unit_entry(DEFAULT, 1)),
    (count_one_in_the_plural, lambda: pictures.check_picture(ONE_STEP, "unrolled")),
    (round_down, lambda: notes.check_poke_read(Case(time_step=7, t=1), "x", 0, 0)),
    (add_what_is_multiplied, lambda: answers.check_trace(DEFAULT)),
]


@pytest.mark.parametrize("wrong, check", BROKEN, ids=[wrong.__name__ for wrong, _ in BROKEN])
def test_the_comparison_fails_where_the_app_is_broken(
    wrong: Break, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    check()
    wrong(monkeypatch)
    forget()
    with pytest.raises(AssertionError):
        check()
    forget()


def forget() -> None:
    """A new app has no trace in its cache; no picture is drawn, and no page recorded."""
    client.cache_clear()
    app.url_state_to_picture.picture_of_state._draw.cache_clear()
    recorded_pages._pages = GrowingCache(recorded_pages.LARGEST, recorded_pages.RecordedPage)
