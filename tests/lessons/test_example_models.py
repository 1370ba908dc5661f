"""Well-known configurations: each is valid and has a source."""

import pytest

from app.core.work_limits import Budget
from app.lessons.example_models import PRESETS, Preset
from app.url_state.fields import FIELDS
from app.url_state.parsing import parse
from app.url_state.rules import values_of
from app.url_state.url_state import UrlState

TOO_LARGE = {"AWD-LSTM", "Keras BiLSTM"}


def url_state_of(preset: Preset) -> UrlState:
    """The UrlState of a preset."""
    return parse([(name, FIELDS[name].format(value)) for name, value in values_of(preset.stack).items()], strict=True)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda p: p.title)
def test_a_preset_has_a_valid_query(preset: Preset) -> None:
    state = url_state_of(preset)

    assert (state.stack, state.sizes) == (preset.stack, preset.sizes)
    assert parse([], strict=True).query(**values_of(preset.stack)) == state.query()
    assert len(preset.source) > 20


@pytest.mark.parametrize("preset", PRESETS, ids=lambda p: p.title)
def test_a_preset_is_executed_unless_it_is_known_to_be_too_large(preset: Preset) -> None:
    refusal = Budget().refusal(preset.stack)

    assert bool(refusal) == (preset.title in TOO_LARGE)


def test_the_first_preset_is_the_default_view() -> None:
    assert parse([], strict=True).stack == PRESETS[0].stack
    assert len(set(PRESETS[0].sizes.values())) == 4


def test_no_two_presets_are_the_same() -> None:
    assert len({p.title for p in PRESETS}) == len({p.stack for p in PRESETS}) == len(PRESETS)
