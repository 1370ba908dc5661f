"""The text under the picture of a trained network: other examples of the test, how often each digit is taken for which,
the norms of its gradients, and what it writes on."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from math import isfinite
from typing import NamedTuple

import numpy as np
from markupsafe import Markup

from .....core.ops import Array
from .....core.stack import Place, Stack
from .....core.trace import StackTrace
from .....diagram.layer_names import DIRECTION_NAMES, layer_name, with_direction
from .....diagram.painters.page_svg import page_svg
from .....diagram.transforms.relabeling import in_language
from .....diagram.views.training.confusion import places_of_digits, shown_digits, wrong_digits
from .....training.inference import CONTINUED, continuation, states
from .....training.tasks import CHARACTERS
from .....training.training_and_result import Trained
from .....translations.numbers import two_digits
from .....translations.translator import Translator
from .....url_state.url_state import UrlState
from .....url_state_to_picture.training.cached_trainings import trained_network
from .....url_state_to_picture.training.training_request_of_state import example_of
from .....url_state_to_picture.training.training_scene_of_state import confusion_of, wrong_digits_of
from ..training_panel import Example, example


class Count(NamedTuple):
    """How often one digit is taken for another; ``mark`` is the class of its cell, ``link`` the query of the first that
    is, "" if none is."""

    n: int
    predicted: str
    mark: str
    link: str


class WrongLink(NamedTuple):
    """A digit that a network gets wrong, with the query that shows it: what it is, and what it was taken for; where it
    is drawn, or None."""

    link: str
    label: str
    predicted: str
    place: tuple[float, float, float, float] | None


class StateRow(NamedTuple):
    """A step: the row of pixels, and the states after it, each as SVG paths by the classes of their colours."""

    t: int
    pixels: Markup
    states: list[Markup]


class States(NamedTuple):
    """The states of the last layer after each row of a digit: their names, with the direction if there are two, and how
    many numbers each has."""

    names: list[tuple[str, str, int]]
    rows: list[StateRow]


class Confusion(NamedTuple):
    """A row for each digit, with how many of all are right; the digits that are not, those that are drawn first, with
    their picture."""

    labels: tuple[str, ...]
    rows: list[tuple[str, list[Count], int, int]]
    svg: Markup
    box: str
    wrong: list[WrongLink]


class Written(NamedTuple):
    """A character that the network wrote, with its probability in percent."""

    character: str
    percent: str


class Continuation(NamedTuple):
    """What the network read, and what it wrote on."""

    start: str
    written: list[Written]


class GradientNorm(NamedTuple):
    """The norms of the gradient of a weight in the first and the last epoch, with the lengths of their bars in percent;
    ``place`` is its layer and direction, if there are several; ``link`` selects it in the weights view."""

    place: str
    weight: str
    link: str
    first: str
    last: str
    bars: tuple[float, float]


@dataclass(frozen=True)
class TrainingNote:
    """What is below the picture; nothing of that without a trained network."""

    example: Example | None = None
    norms: list[GradientNorm] | None = None
    confusion: Confusion | None = None
    states: States | None = None
    continuation: Continuation | None = None


def note(state: UrlState, trace: StackTrace | None, translate: Translator) -> TrainingNote:
    """The text under the picture of a training."""
    if not state.trained:
        return TrainingNote()
    trained = trained_network(state)
    return TrainingNote(
        example=example(state, trained),
        norms=list(_norms(state, trained)),
        confusion=_confusion(state, trained, translate) if state.task == "digits" else None,
        states=_states(trained, example_of(state, trained.training)) if state.task == "digits" else None,
        continuation=_continuation(trained) if state.task == "text" else None,
    )


def _norms(state: UrlState, trained: Trained) -> Iterator[GradientNorm]:
    longest = max(max(norms.values()) for of in (trained.first_norms, trained.last_norms) for norms in of.values()) or 1
    for place, norms in trained.first_norms.items():
        layer, direction = place
        for weight, first in norms.items():
            last = trained.last_norms[place][weight]
            yield GradientNorm(
                _name_of_place(place, state.stack),
                weight,
                state.query(view="weights", layer=layer, direction=direction, tensor=weight),
                two_digits(first),
                two_digits(last),
                (100 * first / longest, 100 * last / longest),
            )


def _name_of_place(place: Place, stack: Stack) -> str:
    """The layer and the direction, if there are several."""
    layer, direction = place
    if stack.num_layers == 1:
        return DIRECTION_NAMES[direction] if stack.bidirectional else ""
    if not stack.bidirectional:
        return layer_name(layer)
    return with_direction(place)


def _confusion(state: UrlState, trained: Trained, translate: Translator) -> Confusion:
    found, wrong = confusion_of(trained), wrong_digits_of(trained)
    labels = trained.training.of.labels("")
    rows = [
        (
            label,
            [
                Count(len(of), labels[j], _mark(len(of), is_right=k == j), state.query(sample=of[0]) if of else "")
                for j, of in enumerate(row)
            ],
            len(row[k]),
            sum(map(len, row)),
        )
        for k, (label, row) in enumerate(zip(labels, found, strict=True))
    ]
    if not wrong:
        return Confusion(labels, rows, Markup(), "", [])
    picture = wrong_digits(wrong, FORMAT)
    drawn = places_of_digits(len(shown_digits(wrong, FORMAT)), FORMAT)
    links = [
        WrongLink(state.query(sample=digit.example), digit.label, digit.predicted, place)
        for digit, place in zip_longest(wrong, drawn)
    ]
    svg = Markup(page_svg(in_language(picture, translate)))
    return Confusion(labels, rows, svg, f"0 0 {picture.width:g} {picture.height:g}", links)


FORMAT = "narrow"
"""The format of the picture of the digits that a network gets wrong: they are in a half of the page."""

MOST_UNITS = 1024
"""A state of more numbers, such as a large matrix, is not shown."""

LEVELS = 8
"""How many colours a state has for its size, of each sign."""


def _states(trained: Trained, n: int) -> States:
    X = trained.training.data.test_X[n]
    found = {of: Y for of, Y in states(trained, X).items() if Y.shape[1] <= MOST_UNITS}
    two = len({direction for direction, _ in found}) > 1
    names = [(name, DIRECTION_NAMES[direction] if two else "", Y.shape[1]) for (direction, name), Y in found.items()]
    largest = [float(np.abs(Y).max()) or 1.0 for Y in found.values()]
    rows = [
        StateRow(t, _cells(X[t]), [_cells(Y[t] / most) for Y, most in zip(found.values(), largest, strict=True)])
        for t in range(len(X))
    ]
    return States(names, rows)


def _cells(values: Array) -> Markup:
    """A row of cells as SVG: those of a sign and a size are one path. Values are from -1 to 1."""
    paths: dict[tuple[str, int], list[int]] = {}
    for k, value in enumerate(values):
        if isfinite(value) and (level := round(LEVELS * min(1.0, abs(float(value))))):
            paths.setdefault(("positive" if value > 0 else "negative", level), []).append(k)
    return Markup(
        "".join(
            f'<path class="{sign}" opacity="{level / LEVELS:g}" d="{"".join(f"M{k} 0h1v1h-1z" for k in columns)}"/>'
            for (sign, level), columns in sorted(paths.items())
        )
    )


def _mark(n: int, *, is_right: bool) -> str:
    if is_right:
        return "right"
    return "" if not n else "few" if n < 3 else "many"


def _continuation(trained: Trained) -> Continuation:
    training = trained.training
    start = training.text[:CHARACTERS]
    labels = training.of.labels(training.text)
    said = continuation(trained, start, CONTINUED, training.seed)
    return Continuation(
        start,
        [Written(one.character, f"{100 * one.probabilities[labels.index(one.character)]:.0f}") for one in said],
    )
