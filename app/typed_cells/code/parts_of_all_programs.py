"""What the programs of all libraries have in common: sizes, shapes, the runs of all cells, and assertions."""

from collections.abc import Iterator
from textwrap import wrap

from ...core.axes import BATCH_SIZE, FEATURES, TIME_STEP, axes
from ...frameworks.colah_numpy import path_of
from ...frameworks.program_text import INDENT, WIDTH, Brackets
from .step import StepCode, printable


def opening(step: StepCode, library: str) -> list[str]:
    """The docstring of a program."""
    cell = step.stack.cell
    what = printable(cell.source or cell.title) + str(step.stack).removeprefix(cell.title)
    first, *rest = wrap(f'"""{what}, in {library}.', WIDTH - 3)
    return [first, *rest, '"""', ""] if rest else [f'{first}"""', ""]


def sizes(step: StepCode) -> Iterator[str]:
    """The sizes by name: those that are free, then those that follow."""
    cell, known = step.stack.cell, step.stack.sizes
    free = {name: size for name, size in step.stack.sizes.items() if name not in cell.own_sizes}
    yield f"{', '.join(free)} = {', '.join(map(str, free.values()))}"
    for name, own in cell.own_sizes.items():
        total = ""
        for n, term in own.terms:
            text = step.names[term] if term else str(abs(n))
            sign = f" {'-' if n < 0 else '+'} " if total else "-" if n < 0 else ""
            total += f"{sign}{f'{abs(n)} * ' if term and abs(n) != 1 else ''}{text}"
        is_sum, own_name = len(own.terms) > 1, step.names[name]
        for divisor in own.divisors:
            by = step.names[divisor] if isinstance(divisor, str) else str(divisor)
            total = f"({total}) // {by}" if is_sum and "//" not in total else f"{total} // {by}"
        yield f"{own_name} = {total}" if own.names else f"{own_name} = {known[name]}"


def shapes(step: StepCode) -> Iterator[str]:
    """The table of the weights' shapes, by their names in the file of weights."""
    yield "shapes = {"
    for place in step.stack.places:
        for weight in step.stack.cell.weights:
            path = path_of(place, step.stack)
            name = f"{path}/{weight}" if path else weight
            yield f'{INDENT}"{name}": {step.expressions.shape_code(step.axes_of(weight, place[0]))},'
    yield "}"


def states(step: StepCode, zeros: str, full: str) -> Iterator[str]:
    """The values before the first step: ``zeros`` and ``full`` are calls with {shape} and {value}."""
    cell = step.stack.cell
    if step.stack.num_layers > 1 and any(FEATURES in axes(text) for text in cell.states.values()):
        yield f"{FEATURES} = X.shape[2]"
    for state, variable in zip(cell.states, step.states, strict=True):
        shape, value = step.expressions.shape_code(axes(cell.states[state])), cell.starts.get(state, 0.0)
        yield f"{variable} = {full.format(shape=shape, value=value) if value else zeros.format(shape=shape)}"


def definition(name: str, arguments: list[str]) -> Brackets:
    """``def step(x, h_prev, W_z):``."""
    return Brackets(f"def {name}(", tuple(arguments), "):")


def assertions(step: StepCode) -> Iterator[str]:
    """Assertions for the input, the output and the last states."""
    stack, shape = step.stack, step.expressions.shape_code
    yield f"assert X.shape == {shape((BATCH_SIZE, TIME_STEP, step.scope.tied(FEATURES)))}"
    yield f"assert Y.shape == {shape(stack.output_axes)}"
    for place in stack.places:
        path = path_of(place, stack)
        for state in stack.cell.states:
            name = f'{state}_T["{path}"]' if path else f"{state}_T"
            yield f"assert {name}.shape == {shape(axes(stack.program(place[0]).cell.states[state]))}"
