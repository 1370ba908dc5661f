"""Messages about the number of initial states, such as one tensor for the two of an LSTM, and about those that Keras
lists."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from .....translations.phrases import phrase
from ....facts_about_sizes import GATES, Fact, fact
from ...axes_of_arrays import AXES_OF_X, RANK
from ...causes import batch_id, cause
from ...code_lines.program_nodes import name_of
from ...mismatch import Mismatch, NoShapeError, wrong_rank, wrong_shape, wrong_size
from ...names_of_layers import is_recurrent
from ...stacks_of_cells import runs_several_cells
from ..message_template import Found, MessageTemplate
from ..operations.indices_and_expands import entry_of_state
from ..outputs.pairs_of_output_and_states import number_of_states_differs
from .causes_of_states import numbers

IS_LSTM = fact("gates", GATES["lstm"], "LSTM")


def states_of_keras(found: Found) -> Mismatch:
    """Initial states whose shapes Keras lists, and the units of each state that the cell has."""
    got = [int(units) for units in re.findall(r"shape=\([^()]*?(\d{1,9})\)", found.text("got"))]
    expected = numbers(found.shape("expected")) or [found.number("units")]
    n = len(got) or found.text("got").count("inputspec")  # Keras 2.0 does not write their shapes
    if after := STATES_OF_FURTHER_CELLS.match(found.after):
        return _states_of_cells(
            found, [expected, *([int(n) for n in re.findall(r"\d+", one)] for one in after[0].split("),("))], n
        )
    if n != len(expected):
        wrong = wrong_number_of_states(found, len(expected), n)
        units_of_cell = {one for one in expected if one}
        known = [fact("num_units", units, "recurrent kernel") for units in units_of_cell if len(units_of_cell) == 1]
        batches = {*re.findall(r"shape=\((\d{1,9}),\d{1,9}\)", found.text("got"))}
        known += [fact("batch_size", int(batch), "h") for batch in batches if len(batches) == 1]
        return replace(wrong, facts=(*wrong.facts, *known))
    if not got:
        return wrong_size("h_0", "num_units", expected[0], None, [cause("other_units", "keras", units=expected[0])])
    pairs = zip(("h_0", "c_0"), expected, got, strict=False)
    tensor, units, size = next((pair for pair in pairs if pair[1] != pair[2]), ("h_0", expected[0], got[0]))
    facts = [fact("num_units", units, "recurrent kernel"), *([IS_LSTM] if len(expected) == 2 else [])]
    if len({*expected}) > 1 or runs_several_cells(found.surroundings.text):  # the sizes of several cells
        tensor, facts = "h_0", []
    return wrong_size(tensor, "num_units", units, size, [cause("other_units", "keras", units=units)], facts)


def _states_of_cells(found: Found, cells: list[list[int]], got: int) -> Mismatch:
    """Initial states for a layer with several cells, each of which has several states: as many as the cells have, but
    without the list of each cell, or another number."""
    expected = sum(map(len, cells))
    units = {units for one in cells for units in one}
    facts = [fact("num_units", one, "recurrent kernel") for one in units if len(units) == 1]
    if got != expected:
        return replace(wrong_number_of_states(found, expected, got), facts=(*facts,))
    sentence = phrase(
        "The layer has {n} cells, and takes a list of the states of each, but got one list of all.", n=len(cells)
    )
    likely = cause("nested_states", "keras", number=len(cells[0]))
    return Mismatch("h_0", "rank", sentence, causes=(likely,), facts=(*facts,))


STATES_OF_FURTHER_CELLS = re.compile(r"(?:,\((?:\d{1,9},){1,3}\d{1,9}\)){1,30}\)")
"""The sizes of the states of all cells but the first, after those of the first; in the folded text."""


def states_of_own_cell(found: Found) -> Mismatch:
    """Initial states for a cell of one's own that lists the sizes of its states with the axis of the batch, which Keras
    adds itself: as many states, of the same shapes."""
    got = re.findall(r"shape=\(([^()]*)\)", found.text("got"))
    sizes = re.sub(r"dimension\((\w+)\)", r"\1", found.text("sizes"))
    listed = re.findall(r"tensorshape\([\[(]([^\[\]()]*)[\])]\)", sizes)
    if [one.rstrip(",") for one in got] == [one.rstrip(",") for one in listed] and listed and "none" not in listed[0]:
        sentence = phrase("Each state has the shape that the cell says, but lacks the axis of the batch before it.")
        axes = len(listed[0].split(","))
        units = [fact("num_units", int(listed[0]), "state_size")] if listed[0].isdigit() else []
        lacking = (cause("states_without_batch", "keras"),)
        return Mismatch("h_0", "rank", sentence, axes + 1, axes, lacking, (*units,))
    without_batch = [[one.split(",")[1:] for one in shapes] for shapes in (got, listed)]
    if not listed or without_batch[0] != without_batch[1] or not all(one.startswith("none") for one in listed):
        raise NoShapeError(phrase("the states of a cell of one's own"))
    sentence = phrase("Keras adds the axis of the batch to the sizes of a state, but the cell lists it, too.")
    axes = len(listed[0].split(","))
    return Mismatch("h_0", "rank", sentence, axes + 1, axes, (cause("state_size_with_batch", "keras"),))


def number_of_states(found: Found) -> Mismatch:
    """Another number of initial states than the layer has."""
    return wrong_number_of_states(found, found.number("expected"), found.number("got"))


def kept_state(found: Found, tensor: str) -> Mismatch:
    """A state that a program gives a layer of Keras to keep, as ``reset_states`` does, and that has another shape. Some
    versions write a variable with all its values for the number of units."""
    batch, after = found.number("batch"), FOUND_STATE.search(found.after)
    got = replace(found, values={"got": after[2] if after else ""}).shape("got")
    units = int(after[1]) if after and after[1] else None
    facts = [fact(axis, n, tensor) for axis, n in (("batch_size", batch), ("num_units", units)) if n]
    if not got or None in got:
        raise NoShapeError()
    if len(got) != 2:
        return wrong_rank(tensor, 2, len(got), (), facts, ((batch, units), got))
    likely = cause(batch_id(batch, made_for=got[0] or 0) if got[0] != batch else "other_units", "keras")
    likely = replace(likely, wrong="", fix=f"{tensor[0]} = np.zeros(({batch}, {units or 'num_units'}), 'float32')")
    if got[0] != batch:
        return wrong_size(tensor, "batch_size", batch, got[0], [likely], facts)
    return wrong_shape(tensor, "num_units", (batch, units), got, [likely], facts)


FOUND_STATE = re.compile(r"^(?:(\d{1,9})\))?.*?foundshape=\(([\d,none]{0,80})\)")
"""The number of units, if it is said, and the given shape, after the batch of a state; in the folded text."""


def wrong_number_of_states(found: Found, expected: int, got: int) -> Mismatch:
    """Another number of initial states than a layer of Keras has."""
    sentence = number_of_states_differs(expected, got)
    is_bidirectional = _has_both_directions(found)
    is_lstm_without_c = (expected, got) == (2, 1) and not is_bidirectional
    of_cells = "state_of_each_cell" if found.called.endswith("cell") else "number_of_states"
    ids = ("h_for_h_c", of_cells) if is_lstm_without_c else ("number_of_states",)
    return Mismatch(
        "c_0" if is_lstm_without_c else "h_0",
        None,
        sentence,
        (expected,),
        (got,),
        tuple(cause(id, "keras", expected=expected * (2 if is_bidirectional else 1)) for id in ids),
        (*((IS_LSTM,) if is_lstm_without_c else ()), *sizes_of_listed_arrays(found.after)),
    )


def sizes_of_listed_arrays(after: str) -> Iterator[Fact]:
    """The steps and the features of the only x, and the units of the states, if they are equal, of the arrays that
    Keras lists first. ``after``: the folded text after the message."""
    listed = LISTED.match(after)
    shapes = [one.split(",") for one in SHAPE.findall(listed[0])] if listed else []
    whole = [one for one in shapes if len(one) == RANK]
    for axis, size in zip(AXES_OF_X, whole[0] if len(whole) == 1 else (), strict=False):
        if size.isdigit():
            yield fact(axis, int(size), "x")
    units = {one[1] for one in shapes if len(one) == 2}
    if len(units) == 1 and (size := units.pop()).isdigit():
        yield fact("num_units", int(size), "h")


LISTED = re.compile(r"\W{0,3}(?:inputs)?received:(?:initial_state=)?\((?:(?!callarguments).){1,2000}")
"""The arrays that Keras lists after a message, in the folded text."""

SHAPE = re.compile(r"shape=\(((?:\d{1,9}|none)(?:,(?:\d{1,9}|none)){1,7})\)")
"""The shape of one of them."""


def _has_both_directions(found: Found) -> bool:
    """Whether a layer with two directions may get the initial states: not if the program gives them only to others."""
    if not found.surroundings.has_bidirectional_wrapper:
        return False
    made = _layers_with_states(found)
    is_other = (not isinstance(one, ast.Call) or not is_recurrent(name_of(one).lower()) for one in made)
    return not made or any(is_other) or any(map(_has_two_directions, made))


def gives_both_directions(found: Found) -> bool:
    """Whether only layers with two directions get initial states in the program."""
    made = _layers_with_states(found)
    return bool(made) and all(map(_has_two_directions, made))


def _layers_with_states(found: Found) -> list[ast.expr | None]:
    """What makes the layers that get initial states; None for one that the program does not make in one line."""
    tree = found.program.tree
    layers = [one.func for one in tree.calls if tree.keywords(one, "initial_state")]
    return [one if isinstance(one, ast.Call) else tree.assigned(one) for one in layers]


def _has_two_directions(made: ast.expr | None) -> bool:
    return isinstance(made, ast.Call) and name_of(made) == "Bidirectional"


def states_of_two_directions(found: Found) -> Mismatch:
    """Another number of initial states than both directions have."""
    sentence = phrase("The layer has two directions, each of which has its own initial states.")
    expected = 2 * (2 if found.cell == "lstm" else 1)
    likely = cause("number_of_states", "keras", expected=expected)
    return Mismatch("h_0", None, sentence, causes=(likely,), facts=(fact("directions", 2, "h_0"),))


def unpacked_carry(found: Found) -> Mismatch:
    """h passed to an LSTM of Flax for (c, h): it unpacks the samples of h."""
    sentence = phrase("An LSTM takes a pair of states, h_0 and c_0, but got one tensor.")
    return Mismatch("h_0", None, sentence, (2,), (1,), (cause("h_for_h_c", "flax"),), (IS_LSTM,))


CARRY_IN_CELL = re.compile(r"recurrent\.py\W.*c,h=carry")
"""The frame of Flax's LSTM cells that unpacks both states; in the folded text."""


def index_of_c(found: Found) -> Mismatch:
    """h passed for (h, c): PyTorch takes its two first parts for them, and there is only one."""
    if "hx[1]" not in found.surroundings.text and not _gives_one_state(found):
        return entry_of_state(found, index=1, got=1)
    sentence = phrase("An LSTM takes a pair of states, h_0 and c_0, but got one tensor.")
    facts = (IS_LSTM, fact("num_layers*directions", 1, "h_0"))
    return Mismatch("h_0", None, sentence, (2,), (1,), (cause("h_for_h_c", "pytorch"),), facts)


def _gives_one_state(found: Found) -> bool:
    """Whether a few lines of code, without a traceback, give their only LSTM one state that they make, and read no
    entry of any array by the number of the message."""
    tree, call = found.program.tree, found.program.failed_call
    given = call.node.args[1:2] if call and isinstance(call.node, ast.Call) else []
    if tree.frames or not call or not call.layer or call.layer.kind != "lstm" or not any(map(tree.axes_of_made, given)):
        return False
    return not any(isinstance(one, ast.Subscript) and tree.number(one.slice) == 1 for one in tree.nodes)


def one_tensor(found: Found) -> Mismatch:
    """h passed to a cell of an LSTM for (h, c)."""
    sentence = phrase("An LSTM takes a pair of states, h_0 and c_0, but got one tensor.")
    return Mismatch("h_0", None, sentence, (2,), (1,), (cause("h_for_h_c", found.framework),), (IS_LSTM,))


def number_of_states_in_pytorch(found: Found) -> Mismatch:
    """A tuple of another number of states than the two of an LSTM."""
    sentence = phrase("An LSTM takes a pair of states, h_0 and c_0, but got another number of them.")
    likely = cause("two_states", "cell" if "cell" in found.template.id else "pytorch")
    return Mismatch("h_0", None, sentence, causes=(likely,), facts=(IS_LSTM,))


TEMPLATES = (
    *(
        MessageTemplate(
            id,
            "keras",
            "2-3",
            "An `initial_state` was passed that is not compatible with `cell.state_size`. Received `state_spec`="
            f"{{got:operands}}; however `cell.state_size` is {size}",
            states_of_keras,
        )
        for id, size in (("keras-state-sizes", "{expected:shape}"), ("keras-state-size", "{units:last}"))
    ),
    MessageTemplate(
        "keras-own-states",
        "keras",
        "2",
        "An `initial_state` was passed that is not compatible with `cell.state_size`. Received `state_spec`="
        "{got:operands}; however `cell.state_size` is {sizes:tensorshapes}",
        states_of_own_cell,
    ),
    MessageTemplate(
        "keras-2-bidirectional-states",
        "keras",
        "2",
        "When passing `initial_state` to a Bidirectional RNN, the state should be a list containing the states of the"
        " underlying RNNs",
        states_of_two_directions,
    ),
    *(
        MessageTemplate(
            id, "flax", "0.4-0.12", f"{text} values to unpack {expected}", unpacked_carry, frame=CARRY_IN_CELL
        )
        for id, text, expected in (
            ("flax-h-for-h-c", "too many", "(expected 2)"),
            ("flax-h-for-h-c-of-one", "not enough", "(expected 2, got 1)"),
        )
    ),
    *(
        MessageTemplate(
            f"keras-kept-{state}",
            "keras",
            "2",
            f"State {index} is incompatible with layer {{layer:name}}: expected shape=({{batch:n}},",
            partial(kept_state, tensor=state),
        )
        for index, state in enumerate(("h_0", "c_0"))
    ),
    MessageTemplate(
        "keras-kept-states",
        "keras",
        "2",
        "Layer {layer:name} expects {expected:n} states, but it received {got:n} state values",
        number_of_states,
    ),
    MessageTemplate(
        "keras-states",
        "keras",
        "2",
        "Layer has {expected:n} states but was passed {got:n} initial states",
        number_of_states,
    ),
)
