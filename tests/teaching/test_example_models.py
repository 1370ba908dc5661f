"""Well-known configurations: each is valid and has a source."""

import pytest

from app.core.work_limits import Budget
from app.teaching.example_models import EXAMPLE_MODELS, ExampleModel
from app.url_state.combinations_of_fields import values_of
from app.url_state.fields import FIELDS
from app.url_state.parsing import parse
from app.url_state.url_state import UrlState

TOO_LARGE = {"AWD-LSTM", "Keras BiLSTM"}


def url_state_of(example: ExampleModel) -> UrlState:
    """The UrlState of an example model."""
    return parse([(name, FIELDS[name].format(value)) for name, value in values_of(example.stack).items()], strict=True)


@pytest.mark.parametrize("example", EXAMPLE_MODELS, ids=lambda p: p.title)
def test_an_example_model_has_a_valid_query(example: ExampleModel) -> None:
    state = url_state_of(example)

    assert (state.stack, state.sizes) == (example.stack, example.sizes)
    assert parse([], strict=True).query(**values_of(example.stack)) == state.query()
    assert len(example.source) > 20


@pytest.mark.parametrize("example", EXAMPLE_MODELS, ids=lambda p: p.title)
def test_an_example_model_is_executed_unless_it_is_known_to_be_too_large(example: ExampleModel) -> None:
    refusal = Budget().refusal(example.stack)

    assert bool(refusal) == (example.title in TOO_LARGE)


def test_the_first_example_model_is_the_default_view() -> None:
    assert parse([], strict=True).stack == EXAMPLE_MODELS[0].stack
    assert len(set(EXAMPLE_MODELS[0].sizes.values())) == 4


def test_no_two_example_models_are_the_same() -> None:
    assert len({p.title for p in EXAMPLE_MODELS}) == len({p.stack for p in EXAMPLE_MODELS}) == len(EXAMPLE_MODELS)
