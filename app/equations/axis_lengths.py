"""How long parts of axes are: sums and differences of sizes, such as N - 1."""

from collections.abc import Mapping

from ..core.axes import Axis, OwnSize

Length = Mapping[str, int]
"""A sum of sizes and a number: how often it has each name, and the number, which has no name."""

NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def plus(a: Length, b: Length, times: int = 1) -> Length:
    """The sum, or with ``times`` = -1 the difference. Terms that are 0 are left out."""
    total = {name: a.get(name, 0) + times * b.get(name, 0) for name in (*a, *b)}
    return {name: n for name, n in total.items() if n}


def length_of(axis: Axis | OwnSize) -> Length:
    total: dict[str, int] = {}
    for n, name in axis.terms:
        total[name] = total.get(name, 0) + n
    return {name: n for name, n in total.items() if n}


def expanded(length: Length, own_sizes: Mapping[str, OwnSize]) -> Length:
    """A length in terms of the sizes that others follow from: with axis N = one + rest, N - one is rest."""
    known: dict[str, Length] = {}  # each name once: sums of sums would take exponential time

    def of(name: str) -> Length:
        if name not in known:
            own = own_sizes.get(name)
            is_sum = own is not None and not own.divisors and bool(own.names)
            known[name] = total(length_of(own)) if own and is_sum else {name: 1}
        return known[name]

    def total(terms: Length) -> Length:
        found: Length = {}
        for name, n in terms.items():
            found = plus(found, of(name), n)
        return found

    return total(length)


def is_sum(length: Length) -> bool:
    """Whether a length is that of an axis: a sum of names."""
    return bool(length) and "" not in length and min(length.values()) > 0


def size_of(length: Length, known: Mapping[str, int]) -> int | None:
    """The number, if all sizes are known."""
    if not {*length} <= {*known, ""}:
        return None
    return sum(n * (known[name] if name else 1) for name, n in length.items())


def name_of(length: Length) -> str:
    """A name for an axis that is so long: two, N_minus_1."""
    if {*length} <= {""}:
        n = length.get("", 0)
        return NUMBERS[n] if 0 <= n < len(NUMBERS) else f"n{n}"
    added = [_term(n, name) for name, n in length.items() if n > 0]
    taken = [_term(-n, name) for name, n in length.items() if n < 0]
    return "_minus_".join(("_plus_".join(added), *taken))


def _term(n: int, name: str) -> str:
    return str(n) if not name else name if n == 1 else f"{name}_{n}"


def own_size(length: Length) -> OwnSize:
    return OwnSize(tuple((n, name) for name, n in sorted(length.items(), key=lambda term: -term[1])))
