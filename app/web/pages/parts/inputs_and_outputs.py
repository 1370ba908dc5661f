"""The inputs and outputs of the framework, in two rows below the picture."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from ....core.axes import SIZES, TIME_STEP, Axes, Axis, Sizes
from ....diagram.shape_labels import axis_spans, shape_line
from ....diagram.size_notation import Notation
from ....diagram.text_metrics import line_width, mono_width, word_width
from ....diagram.text_spans import Line
from ....diagram.theme import axis_role
from ....frameworks.arrays import IOArray
from ....size_expressions import maximum, where
from ....translations.phrases import Phrase, phrase, plural
from ....translations.translator import Translator
from ....url_state.url_state import UrlState

# Sizes of type in static/css/inputs_and_outputs.css, in pixels.
NAME_SIZE, SHAPE_SIZE, AXES_SIZE, TITLE_SIZE = 14.0, 15.0, 13.0, 13.0
REM = 16.0

LEAST_TITLE_WIDTH, GAP, COUNT_WIDTH = 54.0, 22.0, 215.0

LONGEST_NAME = 24
"""Characters of a name for several arrays."""

WIDTHS = range(36, 92, 4)
"""The widths of the rows, in rem, from which static/css/inputs_and_outputs.css shows names of axes, not letters."""

LETTERS = {"num_layers": "L", "directions": "D"}
"""The letters of the axes that only frameworks have."""


class ArrayAxis(NamedTuple):
    """An axis of an array: its size, multiplied out, its colour, and its letters."""

    size: int
    colour: str
    letters: Line


@dataclass(frozen=True)
class Entry:
    """Arrays with the same axes, as one entry.

    ``number`` is how many arrays these are, if the name does not show it; else 0. ``each``: the words before the names
    of the axes, if ``number`` is not 0. ``width``: the width with the names of the axes below, in pixels. ``tensors``
    are the tensors of the picture that they contain, ``t`` the step at which they do; None for every step.
    """

    name: str
    number: int
    each: str
    axes: Axes
    width: float
    sizes: list[ArrayAxis]
    tensors: list[str]
    t: int | None
    link: str
    is_selected: bool


class Row(NamedTuple):
    """What goes in or what comes out: the arrays with every step, and states."""

    title: Phrase
    sequences: list[Entry]
    states: list[Entry]


class Arrays(NamedTuple):
    """Both rows. ``fits`` is the width from which the names of axes fit, in rem; 0 if they are too long."""

    inputs: Row
    outputs: Row
    fits: int


def arrays(state: UrlState, translate: Translator) -> Arrays:
    """The arrays of the UrlState's model: all its layers and directions."""
    model = state.shown_model
    inputs = _row(state, phrase("inputs"), (model.input, *model.initial_states), translate)
    outputs = _row(state, phrase("outputs"), model.outputs, translate)
    rows = inputs, outputs
    columns = [
        max(LEAST_TITLE_WIDTH, *(word_width(translate(row.title), TITLE_SIZE) for row in rows)),
        maximum(*(_width(row.sequences) for row in rows)),
        maximum(*(_width(row.states) for row in rows)),
        COUNT_WIDTH,
    ]
    needed = (sum(columns) + 3 * GAP) / REM
    fits = maximum(WIDTHS.start, WIDTHS.step * ceil(needed / WIDTHS.step))
    return Arrays(inputs, outputs, where(fits < WIDTHS.stop, fits, 0))


def _width(entries: list[Entry]) -> float:
    return sum(entry.width + GAP for entry in entries) - GAP if entries else 0


def _row(state: UrlState, title: Phrase, some: Iterable[IOArray], translate: Translator) -> Row:
    groups: dict[tuple[bool, Axes], list[IOArray]] = {}
    for array in some:
        groups.setdefault((array.is_state, array.axes), []).append(array)
    columns: dict[bool, list[Entry]] = {False: [], True: []}
    for (is_state, _), group in groups.items():
        before = columns[is_state][0].name if columns[is_state] else ""
        columns[is_state].append(_entry(state, group, before, translate))
    return Row(title, columns[False], columns[True])


def _entry(state: UrlState, group: list[IOArray], before: str, translate: Translator) -> Entry:
    """An entry for arrays with the same axes. Its name leaves out what the name of the entry ``before`` begins with."""
    first, sizes = group[0], state.shown_model.sizes
    names = [translate(n) if isinstance(n, Phrase) else n for n in (array.name for array in group)]
    ids = list(dict.fromkeys(array.tensor for array in group))
    places = [place for array in group for place in array.places] or [(0, state.direction)]
    layer, direction = state.place if state.place in places else places[0]
    is_initial = first.is_state and first.tensor.endswith("_prev")
    name, number = without_shared(brief(names), before), len(names) if len(names) > 2 else 0
    each = translate(plural("{n} array, each", "{n} arrays, each", number)) if number else ""
    shape = "(" + ", ".join(str(axis.size(sizes)) for axis in first.axes) + ")"
    axis_names = line_width(shape_line(first.axes, {}, state.size_notation.name), AXES_SIZE)
    return Entry(
        name=name,
        number=number,
        each=each,
        axes=first.axes,
        width=maximum(
            mono_width(f"{name} ", NAME_SIZE) + mono_width(shape, SHAPE_SIZE),
            word_width(f"{each} ", AXES_SIZE) + axis_names if each else axis_names,
        ),
        sizes=[
            ArrayAxis(axis.size(sizes), axis_role(axis.names[0], sizes), _letters(axis, sizes, state.size_notation))
            for axis in first.axes
        ],
        tensors=[*ids, *_of_each_step(state, first)],
        t=state.ends[0] if is_initial else None,
        link=state.at_step(state.ends[0] if is_initial else state.t, tensor=ids[0], layer=layer, direction=direction),
        is_selected=state.tensor in ids and state.place == (layer, direction),
    )


def _of_each_step(state: UrlState, array: IOArray) -> list[str]:
    """The tensor of a step that an array with every step contains."""
    if TIME_STEP not in array.axes:
        return []
    return ["x" if array.tensor == "X" else state.program.cell.output]


def _letters(axis: Axis, sizes: Sizes, notation: Notation) -> Line:
    return axis_spans(axis, sizes, lambda name, sizes: letter_of(name, notation))


def letter_of(name: str, notation: Notation) -> str:
    """The letter of an axis; its name if the letter is that of a size."""
    if name in SIZES:
        return notation.letter(name, {})
    letter = LETTERS.get(name, name)
    return name if letter in notation.letters else letter


def brief(names: list[str]) -> str:
    """Several names as one: ``h_n, c_n``; ``state.c, .h``; ``initial_state[…]``; ``forward_h … backward_c``."""
    names = list(dict.fromkeys(names))
    if len(names) > 2:
        names = list(dict.fromkeys(re.sub(r"\[[^]]*\]", "[…]", name) for name in names))
    if len(names) > 2:
        both = f"{names[0]} … {names[-1]}"
        return both if len(both) <= LONGEST_NAME else f"{names[0]}, …"
    return ", ".join([names[0], *(without_shared(name, names[0]) for name in names[1:])])


def without_shared(name: str, before: str) -> str:
    """A name after another one, without the part that both begin with: ``.h`` after ``state.c``."""
    for sign in ".[ ":
        shared, found, _ = before.rpartition(sign)
        if found and name.startswith(shared + sign):
            return name.removeprefix(shared).strip()
    return name
