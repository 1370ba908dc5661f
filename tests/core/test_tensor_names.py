"""What tensors are called: every cell has words for exactly what it computes with."""

from itertools import combinations

import pytest

from app.core.cell import Cell
from app.core.cells import CELLS, PROJECTED
from app.core.program import capture

EVERY = {**CELLS, **{f"{id}, projected": cell for id, cell in PROJECTED.items()}}


@pytest.mark.parametrize("cell", EVERY.values(), ids=EVERY)
def test_a_cell_has_words_for_exactly_the_tensors_of_its_program(cell: Cell) -> None:
    assert set(cell.words) == set(capture(cell).by_id)


@pytest.mark.parametrize("cell", EVERY.values(), ids=EVERY)
def test_no_two_tensors_of_a_cell_are_called_the_same(cell: Cell) -> None:
    for (one, (symbol, name)), (other, (other_symbol, other_name)) in combinations(cell.words.items(), 2):
        assert symbol != other_symbol and name != other_name, f"{one} and {other}"


@pytest.mark.parametrize("cell", EVERY.values(), ids=EVERY)
def test_what_changes_from_step_to_step_says_so_in_its_symbol(cell: Cell) -> None:
    """The weights, the pieces of a product and what stands for the whole run have no step."""
    for tensor in capture(cell).tensors:
        if "ₜ" in tensor.symbol:
            assert tensor.per_step
        if tensor.role in ("state", "input") and tensor.per_step:
            assert "ₜ" in tensor.symbol


def test_a_tensor_that_several_cells_have_has_one_symbol_unless_it_is_computed_otherwise() -> None:
    """What is kept and added is written out, and so is what the reset gate lets through."""
    differing = {
        id
        for one, other in combinations(EVERY.values(), 2)
        for id in set(one.words) & set(other.words)
        if one.words[id][0] != other.words[id][0]
    }

    assert differing <= {"kept", "added", "reset"}


def test_every_cell_has_an_id_a_title_and_a_source_of_its_own() -> None:
    assert all(id == cell.id for id, cell in CELLS.items())
    assert list(PROJECTED) == [id for id, cell in CELLS.items() if "c" in cell.states]
    assert all(PROJECTED[id].id == id for id in PROJECTED)
    assert len({cell.title for cell in EVERY.values()}) == len(EVERY)
    assert all(len(cell.source) > 20 for cell in EVERY.values())


def test_every_cell_has_a_short_title_of_its_own() -> None:
    titles = [cell.short_title for cell in CELLS.values()]
    assert all(titles) and len({*titles}) == len(titles)


def test_the_first_picture_needs_no_note_and_a_projection_is_explained_after_the_cell() -> None:
    assert CELLS["lstm"].notes == ()
    assert "num_proj" in PROJECTED["lstm"].notes[0]
    assert PROJECTED["lstm_peephole"].notes[:-1] == CELLS["lstm_peephole"].notes
