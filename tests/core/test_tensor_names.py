"""Names of tensors: every cell has words for exactly the tensors of its program."""

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
def test_no_two_tensors_of_a_cell_have_the_same_name(cell: Cell) -> None:
    for (one, (symbol, name)), (other, (other_symbol, other_name)) in combinations(cell.words.items(), 2):
        assert symbol != other_symbol and name != other_name, f"{one} and {other}"


@pytest.mark.parametrize("cell", EVERY.values(), ids=EVERY)
def test_only_tensors_of_a_step_have_a_step_in_their_symbol(cell: Cell) -> None:
    """Weights, pieces of a product and tensors of the whole run have no step in their symbol."""
    for tensor in capture(cell).tensors:
        if "ₜ" in tensor.symbol:
            assert tensor.per_step
        if tensor.role in ("state", "input") and tensor.per_step:
            assert "ₜ" in tensor.symbol


def test_a_tensor_has_one_symbol_in_all_cells_that_compute_it_alike() -> None:
    """The symbols of kept, added and reset are formulas, which differ between cells."""
    differing = {
        id
        for one, other in combinations(EVERY.values(), 2)
        for id in set(one.words) & set(other.words)
        if one.words[id][0] != other.words[id][0]
    }

    assert differing <= {"kept", "added", "reset"}


def test_every_cell_has_its_own_id_title_and_source() -> None:
    assert all(id == cell.id for id, cell in CELLS.items())
    assert list(PROJECTED) == [id for id, cell in CELLS.items() if "c" in cell.states]
    assert all(PROJECTED[id].id == id for id in PROJECTED)
    assert len({cell.title for cell in EVERY.values()}) == len(EVERY)
    assert all(len(cell.source) > 20 for cell in EVERY.values())


def test_every_cell_has_its_own_short_title() -> None:
    titles = [cell.short_title for cell in CELLS.values()]
    assert all(titles) and len({*titles}) == len(titles)


def test_the_lstm_has_no_note_and_the_note_of_a_projection_comes_last() -> None:
    assert CELLS["lstm"].notes == ()
    assert "num_proj" in PROJECTED["lstm"].notes[0]
    assert PROJECTED["lstm_peephole"].notes[:-1] == CELLS["lstm_peephole"].notes
