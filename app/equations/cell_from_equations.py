"""Equations as a cell: the lines in the order in which they are computed, and the words for every tensor."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from ..core.axes import FEATURES
from ..core.cell import Cell
from ..core.cells.tensor_names import RUN
from ..core.ops import OPS
from ..core.program import operation, right_side
from ..core.symbols import ProgramError, Symbol
from ..translations.phrases import phrase
from .canonical import axis_text, canonical
from .equations_parser import parse
from .limits import MAX_TITLE
from .names import LAST, PREVIOUS, TIME, Names, in_order
from .places_and_errors import EquationsError
from .shape_checks import Scope
from .syntax import Assignment, Equations, names_in

OWN = "own"
"""The id of a cell that somebody typed."""


@lru_cache(256)
def cell_of(text: str) -> Cell:
    """The cell of a text. Raises EquationsError, which names the line and what would be right."""
    return resolved(parse(text))


def _shortened(title: str) -> str:
    """A title that is too long without its last words: where a part ends, if that is near enough."""
    if len(title) <= MAX_TITLE:
        return title
    whole = title[:MAX_TITLE]
    begun, _, _ = whole.rpartition(",") if "," in whole[MAX_TITLE // 3 :] else whole.rpartition(" ")
    return f"{(begun or whole[:-1]).rstrip(' ,;:')}…"


def resolved(equations: Equations) -> Cell:
    """The cell of a syntax tree. Raises EquationsError.

    Its source is the first line that is a comment, its title the beginning of that: minGRU, of ``minGRU (Feng and
    others, 2024)``.
    """
    names = Names(equations)
    step = Step(names)
    scope = step.scope(step.arguments())
    step.computed = computed = scope.tensors
    names.check_weights()
    source = next((line.comment for line in equations.lines if line.comment and not line.statement), "")
    title = _shortened(source.partition("(")[0].strip()) or phrase("own cell")
    return Cell(
        id=OWN,
        title=title,
        step=step,
        states=names.states_text,
        weights={w.name: ", ".join(map(str, names.axes_of(w))) for w in names.weights},
        words=_words(names, computed),
        input=str(names.tied(FEATURES)),
        output=names.output(computed),
        source=source,
        short_title=title,
        own_sizes=names.own_sizes,
        starts={s.name: s.start for s in names.states if s.start},
        text=canonical(equations),
        size_rules=tuple(scope.size_rules),
    )


class Step:
    """The step of a cell: a function of symbols, which computes the lines in order."""

    def __init__(self, names: Names) -> None:
        self.names, maker = names, names.maker
        needs = {a: [maker[n.id] for n in names_in(a.value) if n.id in maker] for a in names.assignments}

        def advice(cycle: Sequence[Assignment]) -> str:
            names_of_cycle = [name for one in cycle for name in one.names]
            states = [*names_of_cycle, *(state.name for state in names.states)]
            state = next(name for name in states if name in names.declared or name == "h")
            return phrase("one of these lines could use the value of the step before, such as {name}_prev, which is "
                          "{paper} in papers", name=state, paper=f"{state}_{{t-1}}")  # fmt: skip

        self.order = in_order(needs, lambda a: ", ".join(a.names), lambda a: a.place, advice)
        self.computed: dict[str, Symbol] = {}
        """The tensors of the step from its own arguments, once they are known."""

    def arguments(self) -> dict[str, Symbol]:
        return {name: Symbol(axes) for name, axes in self.names.arguments.items()}

    def __call__(self, /, **arguments: Symbol) -> dict[str, Symbol]:
        if self.computed and all(self.computed[name].axes == symbol.axes for name, symbol in arguments.items()):
            return _from_others(self.computed, arguments)
        try:
            return self.scope(arguments).tensors
        except EquationsError as error:  # in a layer above another one, whose x has other axes
            raise ProgramError(str(error)) from error

    def scope(self, arguments: Mapping[str, Symbol]) -> Scope:
        """Every tensor of a step by name, each after its inputs, from those that enter it, and the value of each
        expression. Raises EquationsError."""
        scope = Scope(self.names, dict(arguments), {})
        for assignment in self.order:
            scope.assign(assignment)
        return scope


def _from_others(computed: Mapping[str, Symbol], arguments: Mapping[str, Symbol]) -> dict[str, Symbol]:
    """The tensors of a step from other arguments with the same axes. It takes a tenth of the time of the equations."""
    known = {computed[name]: symbol for name, symbol in arguments.items()}

    def renewed(old: Symbol) -> Symbol:
        if old not in known:
            known[old] = replace(old, inputs=tuple(map(renewed, old.inputs)))
        return known[old]

    return {name: renewed(symbol) for name, symbol in computed.items()}


SYMBOLS = {"time": TIME, "identity": "I"}
"""The symbols of constants; that of a size is its axis."""


def _words(names: Names, computed: Mapping[str, Symbol]) -> dict[str, tuple[str, str]]:
    """The symbol and the name of each tensor. One without a name in the text has its formula as symbol."""
    weights = [computed[w.name] for w in names.weights]
    ids = {symbol: name for name, symbol in computed.items()}
    words = {id: RUN[id] for id in ("X", "x", "Y")}
    for state in names.carried:
        words[f"{state}{PREVIOUS}"] = f"{state}ₜ₋₁", phrase("previous {state}", state=state)
        words[f"{state}{LAST}"] = f"{state}{LAST}", phrase("last {state}", state=state)
    for w in names.weights:
        words[w.name] = w.name, phrase("weight {name}", name=w.name)
    for id, symbol in computed.items():
        if id in words:
            continue
        if id in names.declared:
            words[id] = f"{id}ₜ", phrase("state {name}", name=id)
        elif id in names.maker:
            words[id] = f"{id}ₜ", phrase("tensor {name}", name=id)
        elif OPS[symbol.op].kind == "constant":
            words[id] = SYMBOLS.get(symbol.op) or axis_text(symbol.over[0]), phrase("part {name}", name=id)
        else:
            op, inputs = operation(symbol, weights, ids)
            formula = right_side(replace(symbol, op=op), [words[ids[one]][0] for one in inputs])
            words[id] = formula, phrase("part {name}", name=id)
    return words
