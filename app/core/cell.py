"""A cell, and the symbols that its equations compute: each symbol has one name, and each name one symbol."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from inspect import Parameter, signature
from pathlib import Path
from traceback import extract_tb

from ..translations.phrases import phrase
from .axes import BATCH_SIZE, TIME_STEP, Axis, AxisError, OwnSize, Sizes, axes, shape_text, written
from .symbols import ProgramError, Symbol


@dataclass(frozen=True)
class SizeRule:
    """Two axes of a typed cell that must have one size, or, with ``is_most``, of which the first is not the longer one.
    ``part`` is the part of the text that needs it, with its line."""

    part: str
    first: Axis
    second: Axis
    is_most: bool = False

    def check(self, sizes: Sizes) -> None:
        """AxisError if the sizes do not fit."""
        a, b = self.first.size(sizes), self.second.size(sizes)
        if a > b if self.is_most else a != b:
            found = {"axes": written((self.first, self.second)), "sizes": shape_text((a, b))}
            if self.is_most:
                problem = phrase("{text} needs a first axis that is no longer than the second one; {axes} is {sizes}",
                                 text=self.part, **found)  # fmt: skip
                raise AxisError(problem)
            raise AxisError(phrase("{text} needs two axes of one size; {axes} is {sizes}", text=self.part, **found))


@dataclass(frozen=True, eq=False)
class Cell:
    """A recurrent cell: its equations, and the axes of their arguments.

    ``step`` takes ``x``, ``<state>_prev`` for each state, and each weight by name. It returns its ``locals()``, so the
    names in the equations are the ids of the tensors. ``states`` and ``weights`` map names to named axes; those of a
    state begin with batch_size. A state may be called x, so that x_prev is the input of the step before. ``starts`` are
    the values of states before the first step that are not 0. ``input`` is the last axis of x, ``output`` the tensor
    that is the output of each step, often a state. ``own_sizes`` are the sizes of axes that the cell declares, each
    after those that it follows from; where features are among them, they must have that size.
    ``words`` maps each tensor to its symbol and its name in English. ``short_title`` is for narrow places; ``notes``
    are sentences about common misunderstandings. ``text`` are the equations of a cell that somebody typed,
    ``size_rules`` which of its sizes must fit each other. ``is_above`` is whether it reads the output of another layer.
    """

    id: str
    title: str
    step: Callable[..., dict[str, Symbol]]
    states: Mapping[str, str]
    weights: Mapping[str, str]
    words: Mapping[str, tuple[str, str]]
    input: str = "features"
    output: str = "h"
    source: str = ""
    short_title: str = ""
    notes: tuple[str, ...] = ()
    own_sizes: Mapping[str, OwnSize] = field(default_factory=dict)
    starts: Mapping[str, float] = field(default_factory=dict)
    text: str = ""
    size_rules: tuple[SizeRule, ...] = ()
    is_above: bool = False

    @property
    def family(self) -> str:
        """The cell without its variant: LSTM, GRU, RNN; of a typed one its title."""
        return self.short_title if self.text else self.id.partition("_")[0].upper()

    @property
    def can_be_projected(self) -> bool:
        """Whether h can have another size than num_units, as in an LSTM, where c keeps num_units."""
        return not self.text and any(state != self.output for state in self.states)

    def sizes(self, sizes: Sizes) -> Sizes:
        """All sizes, from those that every cell has. AxisError where one is no whole number, or not as the cell
        declares it."""
        known = {**sizes}
        for name, own in self.own_sizes.items():
            size = own.size(known)
            if known.setdefault(name, size) != size:
                problem = phrase("{cell} has {name} = {own}, which is {size}; {name} must not be {other}",
                                 cell=self.title, name=name, own=str(own), size=size, other=known[name])  # fmt: skip
                raise AxisError(problem)
        for rule in self.size_rules:
            rule.check(known)
        return known


def equations(cell: Cell) -> dict[str, Symbol]:
    """Call the step with symbols, and return its arguments and everything that it computes, by name, in order.

    Raises AxisError, which names the equation, if axes do not fit, and ProgramError if the equations cannot be a
    program.
    """
    arguments = _arguments(cell)
    try:
        returned = cell.step(**arguments)
    except (AxisError, ProgramError) as error:
        equation = [] if cell.text else _equation(error)  # a typed cell names the line of its text itself
        raise type(error)(": ".join([cell.id, *equation, str(error)])) from error
    if not isinstance(returned, dict):
        raise ProgramError(f"{cell.id}: the step returns {returned!r}; end it with return locals()")
    symbols = arguments | {id: value for id, value in returned.items() if isinstance(value, Symbol)}
    _check_names(cell, arguments, symbols)
    _check_states(cell, symbols)
    _check_axes(cell, symbols)
    return symbols


def _equation(error: Exception) -> list[str]:
    """The line of the cell that raised an error: the last one outside app/core. Empty where its source is not known."""
    frames = extract_tb(error.__traceback__)
    lines = [f.line for f in frames if Path(f.filename).parent not in (CORE, CORE / "ops")]
    return [line for line in lines[-1:] if line]


CORE = Path(__file__).parent


def _arguments(cell: Cell) -> dict[str, Symbol]:
    """The arguments of the step: symbols of x, of each state of the previous step, and of each weight."""
    states = {f"{s}_prev": text for s, text in cell.states.items()}
    arguments = {"x": f"batch_size, {cell.input}", **states, **cell.weights}
    parameters = signature(cell.step).parameters
    # a typed cell has a step that takes any name, also one that a def cannot have, such as lambda
    takes_all = any(p.kind is Parameter.VAR_KEYWORD for p in parameters.values())
    if not takes_all and (unknown := [id for id in parameters if id not in arguments]):
        raise ProgramError(f"{cell.id}: the step takes {', '.join(unknown)}; the cell has {', '.join(arguments)}")
    if not takes_all and (unused := [id for id in arguments if id not in parameters]):
        raise ProgramError(f"{cell.id}: the cell has {', '.join(unused)}; the step takes {', '.join(parameters)}")
    return {id: Symbol(axes(text)) for id, text in arguments.items()}


def _check_names(cell: Cell, arguments: Mapping[str, Symbol], symbols: Mapping[str, Symbol]) -> None:
    first: dict[Symbol, str] = {}
    for id, symbol in symbols.items():
        if id in arguments and symbol is not arguments[id]:
            raise ProgramError(f"{cell.id}: {id} is an argument of the step; a tensor made from it needs another name")
        if (other := first.setdefault(symbol, id)) != id:
            raise ProgramError(f"{cell.id}: {other} and {id} are the same tensor; give it one name")
        if id in ("X", "Y", *(f"{s}_T" for s in cell.states)):
            raise ProgramError(f"{cell.id}: {id} is a tensor of the whole run; one of a step needs another name")


def _check_states(cell: Cell, symbols: Mapping[str, Symbol]) -> None:
    for s, text in cell.states.items():
        if s not in symbols:
            raise ProgramError(f"{cell.id}: the step returns no {s}, which is a state")
        if symbols[s].axes != axes(text):
            raise ProgramError(f"{cell.id}: {s} is {written(symbols[s].axes)}, but is carried as {written(axes(text))}")
    if cell.output not in symbols:
        raise ProgramError(f"{cell.id}: the step returns no {cell.output}, which is the output")
    for id in (cell.output, *cell.states):
        if symbols[id].axes[:1] != (BATCH_SIZE,):
            raise ProgramError(f"{cell.id}: {id} is {written(symbols[id].axes)}; a state and an output have a batch")


def _check_axes(cell: Cell, symbols: Mapping[str, Symbol]) -> None:
    for id, symbol in symbols.items():
        if id in cell.weights and {BATCH_SIZE, TIME_STEP} & {*symbol.axes}:
            raise ProgramError(
                f"{cell.id}: {id} is {written(symbol.axes)}; a weight is the same for all rows and steps"
            )
        if TIME_STEP in symbol.axes or BATCH_SIZE in symbol.axes[1:]:
            raise ProgramError(
                f"{cell.id}: {id} is {written(symbol.axes)}; a step has one batch, first, and no other steps"
            )
