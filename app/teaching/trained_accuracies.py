"""Figures that were measured: accuracies of trainings that ran in advance (app/training/curves.py), by the names that
they have in texts. They are means of all seeds, and of digits that were not trained on unless a name says otherwise."""

from collections.abc import Sequence
from statistics import fmean

from ..training.curves import Memorised, Point, curves
from ..training.tasks import TASKS
from ..translations.numbers import percentage
from .text_page import Picture

GOAL = 0.9
"""The accuracy that far fewer than 128 units exceed, as an answer to the question of this project says."""

NEARLY = 0.01
"""How far from the accuracy of the most units one is that nearly reaches it."""


def accuracy(point: Point) -> float:
    """The share of digits that were read correctly, of those that were not trained on."""
    return fmean(point.test)


def written(shares: Sequence[float]) -> str:
    """The mean of shares, as in the picture of the curve."""
    return f"{percentage(fmean(shares))}%"


def measured() -> dict[str, int | str]:
    """All figures."""
    lstm, rnn, most = curves().of["lstm"], curves().of["rnn"], _most_units("lstm")
    points = {
        "one": lstm[0],
        "two": lstm[1],
        "enough": next(point for point in lstm if accuracy(point) > GOAL),
        "nearly": next(point for point in lstm if accuracy(point) >= accuracy(most) - NEARLY),
        "most": most,
        "rnn_best": max(rnn, key=accuracy),
        "rnn_most": _most_units("rnn"),
    }
    learned, (tiny, small, *_, memorised) = _on_all_digits(), _on_few_digits()
    return {
        "goal": f"{GOAL:.0%}",
        "seeds": len(curves().seeds),
        "classes": len(TASKS["digits"].labels("")),
        "examples": learned.examples,
        **{name: point.num_units for name, point in points.items()},
        **{f"{name}_parameters": point.parameters for name, point in points.items()},
        **{f"{name}_test": written(point.test) for name, point in points.items()},
        "one_of_seed": written(lstm[0].test[:1]),
        "few_examples": memorised.examples,
        "memorised": memorised.point.num_units,
        "memorised_parameters": memorised.point.parameters,
        "memorised_train": written(memorised.point.train),
        "memorised_test": written(memorised.point.test),
        "memorised_epochs": memorised.epochs,
        "memorised_of_seed": written(memorised.point.test[:1]),
        "tiny": tiny.point.num_units,
        "tiny_train": written(tiny.point.train),
        "tiny_test": written(tiny.point.test),
        "small": small.point.num_units,
        "small_train": written(small.point.train),
        "small_test": written(small.point.test),
        "learned_test": written(learned.point.test),
    }


def memorising() -> Picture:
    """The picture of a network that memorises, as far as it differs from that of the curve."""
    run = _on_few_digits()[-1]
    return {"num_units": run.point.num_units, "examples": run.examples, "epochs": run.epochs, "trained": True}


def _most_units(cell: str) -> Point:
    return max(curves().of[cell])


def _on_few_digits() -> list[Memorised]:
    """The trainings on the fewest digits, from the fewest to the most units."""
    fewest = min(run.examples for run in curves().memorised)
    return sorted((run for run in curves().memorised if run.examples == fewest), key=lambda run: run.point)


def _on_all_digits() -> Memorised:
    """The training on all digits, of as many units as that which memorises."""
    num_units = _on_few_digits()[-1].point.num_units
    return max(run for run in curves().memorised if run.point.num_units == num_units)


MEASURED = measured()
"""The figures, for the pages of lessons and answers."""
