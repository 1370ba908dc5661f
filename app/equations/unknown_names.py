"""What is wrong with a name that equations do not know, and what it could be."""

from collections.abc import Iterable
from difflib import get_close_matches

from ..translations.phrases import phrase
from .places_and_errors import EquationsError, Place


def similar(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known name that is most like another one, if any is: at first one that differs in capitals alone."""
    names = list(known)
    return tuple(n for n in names if n.lower() == name.lower())[:1] or tuple(get_close_matches(name, names, 1))


def did_you_mean(name: str, place: Place, *near: str) -> EquationsError:
    """``near`` are texts that could stand at the place of the name instead."""
    return EquationsError(phrase("{name} is not known; did you mean {near}?", name=name, near=near[0]), place, near)


def declare(name: str, place: Place) -> EquationsError:
    """Nothing known is like the name, so it may be a weight."""
    problem = phrase("{name} is not known; if it is a weight, declare it: {name}: features, num_units", name=name)
    return EquationsError(problem, place)
