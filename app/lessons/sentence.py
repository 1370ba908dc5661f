"""The sentence above the picture: what the numbers mean right now."""

from itertools import combinations

from app.core.axes import Sizes

Word = tuple[str, str]
"""A piece of a sentence and the axis whose colour it has ("" for none)."""


def sentence(sizes: Sizes) -> list[Word]:
    """Two short sentences that say what drawing a cell time_step times means, and what num_units is."""
    batch_size, num_units = str(sizes["batch_size"]), str(sizes["num_units"])
    drawn: list[Word] = (
        [("One cell with one set of weights, drawn once. It hands on", "")]
        if sizes["time_step"] == 1
        else [
            ("One cell with one set of weights, drawn ", ""),
            (f"{sizes['time_step']:,}", "time_step"),
            (" times. Each step hands the next", ""),
        ]
    )
    return [
        *drawn,
        (" a hidden state of ", ""),
        (batch_size, "batch_size"),
        (" × ", ""),
        (num_units, "num_units"),
        (": ", ""),
        ("num_units", "num_units"),
        (" = ", ""),
        (num_units, "num_units"),
        (" is the length of that vector, nothing else.", ""),
    ]


def coincidences(sizes: Sizes) -> list[list[Word]]:
    """For each two axes that happen to have the same size, a warning that they are not the same axis."""
    return [
        [(a, a), (" and ", ""), (b, b), (f" are both {sizes[a]} here: the same number, but different axes.", "")]
        for a, b in combinations(sizes, 2)
        if sizes[a] == sizes[b]
    ]
