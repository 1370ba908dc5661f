"""The products of a program's handwritten cell in Keras, by the shapes of x and of its states that Keras lists."""

from .....translations.phrases import phrase
from ....facts_about_sizes import GATES, Fact, fact
from ...causes import cause
from ...code_lines.failed_line import FailedLine
from ...code_lines.program_nodes import last_name
from ...mismatch import Mismatch, Shape, wrong_size
from ..message_template import Found
from .products_in_failed_line import shapes_of_factors

IS_SIMPLE = fact("gates", GATES["rnn"], "tanh")


def of_product(found: Found, line: FailedLine) -> Mismatch | None:
    """A product of x or a state with weights that have other rows; None for other arrays."""
    x, states = found.surroundings.first_argument, found.surroundings.state_shapes
    left, right = shapes_of_factors(found)
    if found.framework != "keras" or not states or (len(left), len(right)) != (2, 2) or None in (*left[1:], *right):
        return None
    facts: list[Fact] = [fact("num_units", states[0][-1], "states")] if states[0][-1] else []
    facts += [IS_SIMPLE] if found.surroundings.has_only_tanh else []
    values, rows, columns = left[-1] or 0, right[0], right[-1]
    if left == states[0] != x:
        facts += _of_inputs(x)
        likely = cause("recurrent_rows", "keras", units=values, columns=columns)
        return wrong_size("recurrent_kernel", "num_units", values, rows, [likely], facts)
    if x and x[-1] and states[0][-1] and values == x[-1] + states[0][-1] != rows:
        likely = cause("joined_weights", "keras", got=values)
        sentence = phrase(
            "The weights have {rows} rows, and x and h together {values} values.", rows=rows, values=values
        )
        of_both = (fact("features", x[-1], "inputs"), fact("num_units", states[0][-1], "states"))
        return Mismatch("kernel", "features", sentence, (values,), (rows,), (likely,), of_both, is_of_equals=True)
    if left == x != states[0]:
        id = "kernel_of_units" if rows == states[0][-1] else "kernel_rows"
        kernels = {last_name(kernel) for _, kernel in found.program.tree.products_in(line.code)}
        name = kernels.pop() if len(kernels) == 1 else "kernel"
        likely = cause(id, "keras", name=name, shape=f"{values}, {columns}", columns=columns)
        facts += _of_inputs(x)
        return wrong_size("kernel", "features", values, rows, [likely], facts)
    return None


def _of_inputs(x: Shape) -> list[Fact]:
    """The sizes of x of one step."""
    return [fact(name, size, "inputs") for name, size in zip(("batch_size", "features"), x, strict=False) if size]
