"""Configurations that people know: all can be drawn, and each says where it comes from."""

import pytest

from app.core.budget import Budget
from app.core.cells import CELLS
from app.core.program import capture
from app.lessons.presets import PRESETS, Preset
from app.web.view import parse

NOT_EXECUTED = {"AWD-LSTM"}


@pytest.mark.parametrize("preset", PRESETS, ids=lambda p: p.title)
def test_a_preset_is_a_valid_question(preset: Preset) -> None:
    view = parse([(name, str(size)) for name, size in preset.sizes.items()], strict=True)

    assert view.sizes == preset.sizes
    assert len(preset.source) > 20


@pytest.mark.parametrize("preset", PRESETS, ids=lambda p: p.title)
def test_a_preset_is_executed_unless_it_is_known_to_be_too_large(preset: Preset) -> None:
    refusal = Budget().refusal(capture(CELLS["lstm"]), preset.sizes)

    assert bool(refusal) == (preset.title in NOT_EXECUTED)


def test_the_first_preset_is_the_first_picture() -> None:
    assert parse([], strict=True).sizes == PRESETS[0].sizes
    assert len(set(PRESETS[0].sizes.values())) == 4


def test_no_two_presets_are_the_same() -> None:
    assert len({p.title for p in PRESETS}) == len({tuple(p.sizes.values()) for p in PRESETS}) == len(PRESETS)
