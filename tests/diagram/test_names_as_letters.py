"""Names as mathematics writes them."""

import pytest

from app.diagram.names_as_letters import letters, with_step


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("h", ("h", "")),
        ("K_tilde", ("K\u0303", "")),
        ("h_hat_new", ("ĥ", "new")),
        ("alpha", ("α", "")),
        ("Lambda", ("Λ", "")),
        ("gamma_x", ("γ", "x")),
        ("alpha_bar", ("\u1fb1", "")),
        ("W_alpha", ("W", "α")),
        ("log_tau", ("log", "τ")),
        ("last", ("last", "")),
        ("state_hat", ("state", "hat")),
        ("ALPHA", ("ALPHA", "")),
    ],
)
def test_greek_words_are_letters_and_accents_are_above_theirs(name: str, drawn: tuple[str, str]) -> None:
    assert letters(name) == drawn


def test_the_step_follows_the_index_of_a_name() -> None:
    assert with_step("h_att", "2") == ("h", "att,2") and with_step("K_tilde", "2") == ("K\u0303", "2")
