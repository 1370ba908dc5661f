"""The values to which a slider snaps."""


def slider_stops(low: int, high: int) -> list[int]:
    """The stops of a slider from ``low`` to ``high``: numbers with two significant digits, at most 10% apart, and the
    powers of two."""
    stops = {low, high}
    for zeros in range(len(str(high))):
        unit = 10**zeros
        stops.update(n * unit for n in (*range(1, 40), *range(40, 100, 2)))
    stops.update(1 << k for k in range(high.bit_length()))
    return sorted(n for n in stops if low <= n <= high)
