"""The sentence above the picture: what the numbers mean right now."""

from app.core.axes import Sizes
from app.core.stack import Stack

Word = tuple[str, str]
"""A piece of a sentence and the axis whose colour it has ("" for none)."""


def sentence(stack: Stack) -> list[Word]:
    """Two short sentences that say what drawing a cell time_step times means, and what num_units is."""
    state, size = stack.state.names[0], stack.state.size(stack.sizes)
    return [
        *_drawn(stack),
        (" a hidden state of ", ""),
        (str(stack.batch_size), "batch_size"),
        ("\u00a0×\u00a0", ""),
        (str(size), state),
        (": ", ""),
        (state, state),
        (" = ", ""),
        (str(size), state),
        *_length(stack),
    ]


def _drawn(stack: Stack) -> list[Word]:
    """What is drawn, and how often."""
    cells = len(stack.places)
    layers = f"{stack.num_layers} layers" if stack.num_layers > 1 else "one layer"
    directions = " in both directions" if stack.bidirectional else ""
    what = (
        "One cell with one set of weights, drawn "
        if cells == 1
        else f"{cells} cells, each with its own weights ({layers}{directions}), drawn "
    )
    if stack.time_step == 1:
        return [(f"{what}once. {'It hands' if cells == 1 else 'Each hands'} on", "")]
    return [(what, ""), (f"{stack.time_step:,}", "time_step"), (" times. Each step hands the next", "")]


def _length(stack: Stack) -> list[Word]:
    if not stack.num_proj:
        return [(" is the length of each row, nothing else.", "")]
    units = ("num_units", "num_units"), (" = ", ""), (str(stack.num_units), "num_units")
    return [(" is the length of each row, ", ""), *units, (" that of the cell state.", "")]


def coincidences(sizes: Sizes) -> list[list[Word]]:
    """For each number that several axes share, a warning that they are not the same axis."""
    sharing = {n: [name for name in sizes if sizes[name] == n] for n in sizes.values()}
    return [_warning(n, names) for n, names in sharing.items() if len(names) > 1]


def _warning(n: int, names: list[str]) -> list[Word]:
    *others, last = [(name, name) for name in names]
    listed = [word for other in others for word in (other, (", ", ""))][:-1]
    many = "both" if len(names) == 2 else "all"
    return [*listed, (" and ", ""), last, (f" are {many} {n:,} here: the same number, but different axes.", "")]
