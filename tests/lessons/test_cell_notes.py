"""What is said of the cells."""

from app.core.cells import CELLS
from app.core.stack import Stack
from app.lessons.cells import NOTES, SHORT, notes


def test_every_cell_has_a_short_name_of_its_own() -> None:
    assert SHORT.keys() == CELLS.keys()
    assert len({*SHORT.values()}) == len(CELLS)


def test_notes_are_about_cells_that_there_are() -> None:
    assert NOTES.keys() <= CELLS.keys()


def test_the_first_picture_needs_no_note_and_a_projection_is_explained() -> None:
    assert notes(Stack("lstm", 3, 4, 2, 5)) == []
    assert "num_proj" in notes(Stack("lstm", 3, 4, 2, 5, num_proj=3))[0]
    assert len(notes(Stack("lstm_peephole", 3, 4, 2, 5, num_proj=3))) == 2
