"""Facts about a network, and the configurations that fit them.

A fact says that a size of an array is a number: the first axis of h_0 is ``num_layers*directions`` and has length 4. A
source of facts, such as an error message, knows only some of them, so most sizes of a configuration may be unknown.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import product
from math import prod

GATES = {"lstm": 4, "gru": 3, "rnn": 1}
"""Cell -> the blocks of ``num_units`` columns in its kernel. The most common cell comes first."""

CHOICES: Mapping[str, tuple[int, ...]] = {
    "gates": tuple(GATES.values()),
    "directions": (1, 2),
}
"""The values of sizes with few of them, the most likely first."""

USUAL_LAYERS = 3
"""Most networks have no more layers: 4 layers and directions are rather two layers of two directions."""


@dataclass(frozen=True)
class Fact:
    """A size of an array, as a sum of products of sizes, and its value. ``about`` says whose size it is. Two equal
    facts about different arrays are equal."""

    terms: tuple[tuple[str, ...], ...]
    value: int
    about: str = field(compare=False)

    @property
    def names(self) -> set[str]:
        return {name for term in self.terms for name in term}


def fact(expression: str, value: int, about: str) -> Fact:
    """A fact from the expression of an axis, such as ``gates*num_units`` or ``num_units+features``."""
    return Fact(tuple(tuple(term.split("*")) for term in expression.split("+")), value, about)


@dataclass(frozen=True)
class Configuration:
    """A network, as far as it is known: None is unknown."""

    cell: str | None = None
    batch_size: int | None = None
    time_step: int | None = None
    features: int | None = None
    num_units: int | None = None
    num_proj: int | None = None
    num_layers: int | None = None
    bidirectional: bool | None = None


def common_sizes(configurations: Iterable[Configuration]) -> Configuration:
    """What all of several configurations have: only that is certain."""
    pairs = [asdict(one).items() for one in configurations]
    return Configuration(**dict(set.intersection(*map(set, pairs)))) if pairs else Configuration()


@dataclass(frozen=True)
class Fits:
    """The ``configurations`` that fit the facts, the most likely first. If there is none, ``contradiction`` has facts
    that cannot all be true, of which none can be left out."""

    configurations: tuple[Configuration, ...]
    contradiction: tuple[Fact, ...] = ()


def fits(facts: Iterable[Fact]) -> Fits:
    """The configurations that fit the facts, or the facts that contradict each other."""
    facts = tuple(dict.fromkeys(facts))
    found = tuple(sorted(dict.fromkeys(map(_configuration, _solutions(facts))), key=_is_deep))
    return Fits(found) if found else Fits((), _contradiction(facts))


def _is_deep(configuration: Configuration) -> bool:
    return (configuration.num_layers or 1) > USUAL_LAYERS


def _contradiction(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """A part of contradicting facts that becomes possible without any one of them."""
    for one in facts:
        rest = tuple(other for other in facts if other is not one)
        if next(_solutions(rest), None) is None:
            return _contradiction(rest)
    return facts


def _solutions(facts: tuple[Fact, ...]) -> Iterator[dict[str, int]]:
    """The known sizes, for every choice of the sizes with few values that fits."""
    names = [name for name in CHOICES if any(name in one.names for one in facts)]
    for choice in product(*(CHOICES[name] for name in names)):
        sizes = dict(zip(names, choice, strict=True))
        if _solve(facts, sizes):
            yield sizes


def _solve(facts: tuple[Fact, ...], sizes: dict[str, int]) -> bool:
    """Add the sizes that follow from the known ones. False if they contradict a fact."""
    count = -1
    while count < len(sizes):
        count = len(sizes)
        for one in facts:
            unknown = [(term, name) for term in one.terms for name in term if name not in sizes]
            rest = one.value - sum(prod(sizes[n] for n in term) for term in one.terms if sizes.keys() >= {*term})
            if not unknown:
                if rest:
                    return False
            elif len(unknown) == 1:
                term, name = unknown[0]
                size, remainder = divmod(rest, prod(sizes[n] for n in term if n != name))
                if size < 1 or remainder:
                    return False
                sizes[name] = size
    return True


def _configuration(sizes: Mapping[str, int]) -> Configuration:
    names = ("batch_size", "time_step", "features", "num_units", "num_proj", "num_layers")
    return Configuration(
        cell=next((cell for cell, gates in GATES.items() if gates == sizes.get("gates")), None),
        bidirectional=sizes["directions"] == 2 if "directions" in sizes else None,
        **{name: sizes[name] for name in names if name in sizes},
    )
