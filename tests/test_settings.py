"""What an operator may set."""

import pytest

from app.core.budget import Budget
from app.settings import from_environment

NAMES = ("UNROLLED_MAX_FLOPS", "UNROLLED_MAX_BYTES", "UNROLLED_MAX_STEPS", "UNROLLED_CLIENT_SHARE")


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_the_budget_has_defaults() -> None:
    assert from_environment().budget == Budget()


def test_the_budget_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNROLLED_MAX_FLOPS", "1000")
    assert from_environment().budget == Budget(flops=1000)

    monkeypatch.setenv("UNROLLED_MAX_BYTES", "0")
    assert from_environment().budget == Budget(flops=1000, bytes=0)

    monkeypatch.setenv("UNROLLED_MAX_STEPS", "7")
    assert from_environment().budget == Budget(flops=1000, bytes=0, steps=7)


def test_the_share_of_a_client_can_be_set_and_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert from_environment().client_share == 50

    for share in ("0", "20"):
        monkeypatch.setenv("UNROLLED_CLIENT_SHARE", share)
        assert from_environment().client_share == int(share)


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_setting_is_none(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "")

    assert from_environment().budget == Budget()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", ["-1", "1e9", "4 GB", "1.5", "+1", " 1", "٣", "²", "none"])
def test_a_setting_that_is_no_whole_number_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    monkeypatch.setenv(name, text)

    with pytest.raises(ValueError, match=f"{name} is .*; it takes a whole number, such as "):
        from_environment()
