"""The sentence above the picture: what the numbers mean right now."""

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
        ("\u00a0×\u00a0", ""),
        (num_units, "num_units"),
        (": ", ""),
        ("num_units", "num_units"),
        (" = ", ""),
        (num_units, "num_units"),
        (" is the length of that vector, nothing else.", ""),
    ]


def coincidences(sizes: Sizes) -> list[list[Word]]:
    """For each number that several axes share, a warning that they are not the same axis."""
    sharing = {n: [name for name in sizes if sizes[name] == n] for n in sizes.values()}
    return [_warning(n, names) for n, names in sharing.items() if len(names) > 1]


def _warning(n: int, names: list[str]) -> list[Word]:
    *others, last = [(name, name) for name in names]
    listed = [word for other in others for word in (other, (", ", ""))][:-1]
    many = "both" if len(names) == 2 else "all"
    return [*listed, (" and ", ""), last, (f" are {many} {n:,} here: the same number, but different axes.", "")]
