"""What is wrong with a function along an axis that gets none, and what would be right."""

from ..core.axes import BATCH_SIZE, Axes
from ..translations.phrases import Phrase, phrase
from .axis_lengths import length_of
from .canonical import expression_text
from .names import Names
from .syntax import Call


def without_axis(call: Call, axes: Axes, example: str, names: Names) -> tuple[Phrase, tuple[str, ...]]:
    """The message for a function of a tensor of these axes, and what could be written instead of it."""
    last, text = axes[-1] if axes else None, expression_text(call.arguments[0])
    if last is None or last == BATCH_SIZE:
        return phrase("{function} has other arguments; write it like {example}", function=call.function,
                      example=example), ()  # fmt: skip
    added = length_of(names.own_sizes[str(last)]) if str(last) in names.added_axes else {}
    if {*added} == {""}:
        problem = phrase("{function} needs the axis along which it is, and that of {a}, {n}, has no name; add a line "
                         "axis K = {n}, write K for {n} in the lines of weights, and {right}", function=call.function,
                         a=text, n=added[""], right=f"{call.function}({text}, K)")  # fmt: skip
        return problem, ()
    right = f"{call.function}({text}, {last})"
    problem = phrase("{function} needs the axis along which it is; write {right}", function=call.function, right=right)
    return problem, (right,)
