"""Messages about stacks of cells in versions of TensorFlow before 1.0, whose cells say the size of their x, and whose
states may be joined in one array."""

from .....translations.phrases import phrase
from ....facts_about_sizes import fact
from ...causes import cause
from ...mismatch import Mismatch, NoShapeError
from ..message_template import Found, MessageTemplate
from .numbers_of_states import IS_LSTM

CELLS = {"lstm": "BasicLSTMCell", "gru": "GRUCell", "rnn": "BasicRNNCell"}
"""The class of each cell."""


def features_of_upper_cell(found: Found) -> Mismatch:
    """A cell that was made for another x than the output of the cell below."""
    below = found.number("below")
    sentence = phrase(
        "Cell {n} of the stack gets the output of cell {below}, and was made for another number of features.",
        n=below + 1,
        below=below,
    )
    return Mismatch("x", "features", sentence, causes=(cause("size_of_input", "tf1", tf1_cell=CELLS.get(found.cell)),))


def part_of_joined_states(found: Found) -> Mismatch:
    """The part of an LSTM in an array with the states of all cells: c and h, of which the array has only one."""
    units, needed = found.number("size"), found.number("needed")
    if found.cell != "lstm" or found.number("axis") != 1 or not units or needed != 2 * units:
        raise NoShapeError(phrase("the parts of an array"))
    sentence = phrase(
        "The array with the states of an LSTM has c and h side by side: {needed} values for each sample, not {got}.",
        needed=needed,
        got=units,
    )
    facts = (IS_LSTM, fact("num_units", units, "state"))
    return Mismatch("h_0", None, sentence, (needed,), (units,), (cause("state_of_each_cell", "tf1"),), facts)


TEMPLATES = (
    MessageTemplate(
        "tf1-cell-below",
        "tf1",
        "0.5-0.8",
        "In MultiRNNCell, the input size of each next cell must match the output size of the previous one. Mismatched"
        " output size in cell {below:last}",
        features_of_upper_cell,
    ),
    MessageTemplate(
        "tf1-slice",
        "tf1",
        "0.5-2",
        "Expected size[{axis:n}] in [0, {size:n}], but got {needed:last}",
        part_of_joined_states,
        anywhere=True,
    ),
)
