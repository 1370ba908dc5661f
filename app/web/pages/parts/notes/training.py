"""The text under the picture of a trained network: other examples of the test, how often each digit is taken for which,
the norms of its gradients, and what it writes on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from .....core.stack import Place, Stack
from .....core.trace import StackTrace
from .....diagram.painters.page_svg import page_svg
from .....diagram.training.confusion import wrong_digits
from .....diagram.transforms.relabeling import in_language
from .....query.training.scene import confusion_of, wrong_digits_of
from .....query.training.training import trained_network
from .....query.view import View
from .....training.inference import CONTINUED, continuation
from .....training.tasks import CHARACTERS
from .....training.training import Trained
from .....translations.phrases import phrase
from .....translations.translator import Translator
from ..training import Example, example


class Count(NamedTuple):
    """How often one digit is taken for another; ``mark`` is the class of its cell."""

    n: int
    mark: str


class Confusion(NamedTuple):
    """A row for each digit, with how many of all are right; the digits that are not, with how many there are."""

    labels: tuple[str, ...]
    rows: list[tuple[str, list[Count], int, int]]
    wrong: Markup
    mistakes: int


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
    continuation: Continuation | None = None


def note(view: View, trace: StackTrace | None, translate: Translator) -> TrainingNote:
    """The text under the picture of a training."""
    if not view.trained:
        return TrainingNote()
    trained = trained_network(view)
    return TrainingNote(
        example=example(view, trained),
        norms=list(_norms(view, trained)),
        confusion=_confusion(trained, translate) if view.task == "digits" else None,
        continuation=_continuation(trained) if view.task == "text" else None,
    )


def _norms(view: View, trained: Trained) -> Iterator[GradientNorm]:
    longest = max(max(norms.values()) for of in (trained.first_norms, trained.last_norms) for norms in of.values()) or 1
    for place, norms in trained.first_norms.items():
        layer, direction = place
        for weight, first in norms.items():
            last = trained.last_norms[place][weight]
            yield GradientNorm(
                _name_of_place(place, view.stack),
                weight,
                view.query(view="weights", layer=layer, direction=direction, tensor=weight),
                f"{first:.2g}",
                f"{last:.2g}",
                (100 * first / longest, 100 * last / longest),
            )


def _name_of_place(place: Place, stack: Stack) -> str:
    """The layer and the direction, if there are several."""
    layer, direction = place
    if stack.num_layers == 1:
        return DIRECTIONS[direction] if stack.bidirectional else ""
    if not stack.bidirectional:
        return phrase("layer {n}", n=layer)
    return phrase("layer {n}, {direction}", n=layer, direction=DIRECTIONS[direction])


DIRECTIONS = {"forward": phrase("forward"), "backward": phrase("backward")}


def _confusion(trained: Trained, translate: Translator) -> Confusion:
    counts, wrong = confusion_of(trained), wrong_digits_of(trained)
    labels = trained.training.of.labels("")
    rows = [
        (label, [Count(n, _mark(n, is_right=k == j)) for j, n in enumerate(row)], row[k], sum(row))
        for k, (label, row) in enumerate(zip(labels, counts, strict=True))
    ]
    svg = page_svg(in_language(wrong_digits(wrong, "narrow"), translate)) if wrong else ""
    return Confusion(labels, rows, Markup(svg), len(wrong))


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
