"""The sentence above the picture of a typed cell: what is special about it, beside a cell that readers know."""

from functools import lru_cache
from math import prod

from ..core.axes import BATCH_SIZE, NUM_UNITS, TIMES, Axes, axes
from ..core.program import Program
from ..core.stack import Stack
from ..equations.gallery.descriptions_and_sources import BY_TEXT
from ..equations.names import INPUT, PREVIOUS
from ..teaching.around_picture.sentences import Word, fill_in
from ..translations.phrases import Phrase, phrase, plural
from ..translations.translator import ENGLISH, Translator
from .comparison_table import counts, stack_beside, states_of_every_matrix

HEADS = "heads"
"""The axis along which a cell only repeats."""

IN_A_SENTENCE = {"lstm": phrase("an LSTM"), "gru": phrase("a GRU"), "rnn": phrase("a simple RNN")}
AT_THE_START = {"lstm": phrase("An LSTM"), "gru": phrase("A GRU"), "rnn": phrase("A simple RNN")}


@lru_cache(256)
def cell_sentence(stack: Stack, translate: Translator = ENGLISH) -> tuple[Word, ...]:
    """Two short sentences: what is special about the cell, and its size beside that of the nearest cell that ships."""
    return (*fill_in(f"{translate(_special(stack))} {translate(_beside(stack))}", stack.sizes, translate),)


def _special(stack: Stack) -> str:
    state, own = _largest(stack)
    entry = BY_TEXT.get(stack.cell.text)
    numbers = prod(axis.size(stack.sizes) for axis in own[1:])
    if entry:
        return phrase(str(entry.sentence), shape=_shape(own, stack), numbers=numbers)
    if _is_matrix(own):
        return _of_a_matrix(state, own, numbers, stack)
    return _of_a_vector(state, own, stack)


def _of_a_matrix(state: str, own: Axes, numbers: int, stack: Stack) -> Phrase:
    shape = _shape(own, stack)
    total = sum(prod(axis.size(stack.sizes) for axis in axes(text)[1:]) for text in stack.cell.states.values())
    if total != numbers:
        text = (
            phrase("A matrix for each head: {state} is {shape}.", state=state, shape=shape)
            if any(str(axis) == HEADS for axis in own)
            else phrase("The state {state} is a matrix for each sample: {shape}.", state=state, shape=shape)
        )
        return phrase("{matrix} All states are {n:,} numbers for a sequence.", matrix=text, n=total)
    if any(str(axis) == HEADS for axis in own):
        return plural(
            "A matrix for each head: {state} is {shape}, {n:,} number for a sequence.",
            "A matrix for each head: {state} is {shape}, {n:,} numbers for a sequence.",
            numbers,
            state=state,
            shape=shape,
        )
    return plural(
        "The state {state} is a matrix for each sample: {shape}, {n:,} number for a sequence.",
        "The state {state} is a matrix for each sample: {shape}, {n:,} numbers for a sequence.",
        numbers,
        state=state,
        shape=shape,
    )


def _of_a_vector(state: str, own: Axes, stack: Stack) -> Phrase:
    found, program = counts(stack), stack.program()
    if found.state_matrices:
        if found.state_matrices == found.weight_matrices:
            if read := states_of_every_matrix(program):
                return phrase("Every weight matrix reads {state}.", state=read[0])
            return phrase("Every weight matrix reads a state.")
        return phrase(
            "{n:,} of {all:,} weight matrices read the state.", n=found.state_matrices, all=found.weight_matrices
        )
    if vector := _vector_of(program, state):
        return phrase("Each number of {state} sees itself alone: {weight} is no matrix.", state=state, weight=vector)
    if own == (BATCH_SIZE, NUM_UNITS):
        return phrase(
            "No weight joins {state} with {state}: [num_units=1:the unit|each of the {num_units} units] remembers by "
            "itself.",
            state=state,
        )
    return phrase("No weight joins {state} with {state}: each of its numbers remembers by itself.", state=state)


def _vector_of(program: Program, state: str) -> str | None:
    """A weight that multiplies the state of the step before number by number."""
    users = (program.by_id[id] for id in program.used_by[f"{state}{PREVIOUS}"])
    return next((id for t in users if t.op == "mul" for id in program.weights_of(t)), None)


def _beside(stack: Stack) -> Phrase:
    """The same number of the nearest cell."""
    other = stack_beside(stack)
    ours, theirs, family = counts(stack), counts(other), other.cell.id
    if _is_matrix(_largest(stack)[1]):
        return phrase(
            "{other} of {num_units} [num_units:unit|units] keeps {n:,}.",
            other=AT_THE_START[family],
            n=theirs.state_numbers,
        )
    return plural(
        "The cell has {n:,} parameter, {other} of this size {m:,}.",
        "The cell has {n:,} parameters, {other} of this size {m:,}.",
        ours.parameters,
        other=IN_A_SENTENCE[family],
        m=theirs.parameters,
    )


def _largest(stack: Stack) -> tuple[str, Axes]:
    """The state with most axes, the first of them, and its axes."""
    states = {id: axes(text) for id, text in stack.cell.states.items() if id != INPUT}
    return max(states.items(), key=lambda state: len(state[1]))


def _is_matrix(own: Axes) -> bool:
    """Whether a state is a matrix for each sample, or for each head."""
    return len([axis for axis in own[1:] if str(axis) != HEADS]) > 1


def _shape(own: Axes, stack: Stack) -> str:
    """The shape, with a placeholder for each size that has a name."""
    sign = f"\u00a0{TIMES}\u00a0"
    return sign.join(f"{{{axis}.plain}}" if str(axis) in stack.sizes else str(axis.size(stack.sizes)) for axis in own)
