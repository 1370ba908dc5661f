"""What each name of equations is: an axis, a state, a weight, or a tensor that a line computes."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from ..core.axes import BATCH_SIZE, FEATURES, NUM_UNITS, SIZES, Axes, Axis, AxisError, OwnSize, axis, written
from ..core.symbols import Symbol
from ..translations.phrases import CommaSeparated, joined_with_or, phrase
from .axis_lengths import Length, expanded, is_sum, length_of, name_of, own_size, plus
from .canonical import axis_text
from .function_syntax import FUNCTIONS, MANY
from .limits import MAX_NAME
from .places_and_errors import EquationsError, Place
from .syntax import (
    ONE_NUMBER,
    SLICE,
    Assignment,
    AxisLine,
    Declaration,
    Equations,
    Expression,
    Name,
    NumberOfWeight,
    Output,
    Statement,
    names_in,
    rewritten,
)
from .unknown_names import did_you_mean, similar

INPUT, TIME, PREVIOUS, LAST = "x", "t", "_prev", "_T"
STEP = "_t"
"""What papers add to the names of a step, and equations do not."""

RESERVED = (INPUT, TIME, "X", "Y", "axis", "output", "split", SLICE, *FUNCTIONS, *SIZES)
STEP_SIZES = tuple(str(a) for a in (BATCH_SIZE, FEATURES, NUM_UNITS))
TIED = (str(FEATURES), str(NUM_UNITS))
"""The sizes that a cell may tie to others: ``axis features = num_units``."""


class Names:
    """What each name of the equations is: an axis, a state, a weight or a tensor that a line computes."""

    def __init__(self, equations: Equations) -> None:
        self.statements = _with_one_axis(equations.statements)
        self.assignments = [s for s in self.statements if isinstance(s, Assignment)]
        self.maker = {name: a for a in self.assignments for name in a.names}
        self.declared = {d.name: d for d in self.statements if isinstance(d, Declaration)}
        lines = (s for s in self.statements if isinstance(s, AxisLine) and s not in equations.statements)
        self.added_axes: dict[str, None] = {line.name: None for line in lines}
        self.own_sizes = self._own_sizes()
        self.declared = {name: replace(d, axes=tuple(map(self._named, d.axes))) for name, d in self.declared.items()}
        self.states = [d for d in self.declared.values() if d.name in self.maker]
        self.weights = [d for d in self.declared.values() if d.name not in self.maker]
        self.used = {n.id: n for a in self.assignments for n in names_in(a.value)}
        self._check_names()
        self._check_declarations()

    @property
    def carried(self) -> list[str]:
        """The names that have a value of the step before: states, and x if a line uses it."""
        return [*(s.name for s in self.states), *([INPUT] if f"{INPUT}{PREVIOUS}" in self.used else [])]

    @property
    def states_text(self) -> dict[str, str]:
        own = {s.name: ", ".join(map(str, self.axes_of(s))) for s in self.states}
        x = f"{BATCH_SIZE}, {self.tied(FEATURES)}"
        return own | ({INPUT: x} if INPUT in self.carried else {})

    @property
    def arguments(self) -> dict[str, Axes]:
        """The tensors that enter a step."""
        x = (BATCH_SIZE, self.tied(FEATURES))
        previous = {f"{s.name}{PREVIOUS}": self.axes_of(s) for s in self.states}
        if INPUT in self.carried:
            previous[f"{INPUT}{PREVIOUS}"] = x
        return {INPUT: x, **previous, **{w.name: self.axes_of(w) for w in self.weights}}

    def axes_of(self, declaration: Declaration) -> Axes:
        return tuple(map(self.tied, declaration.axes))

    def tied(self, of: Axis) -> Axis:
        """An axis, with those that are tied to others replaced by these, and terms collected."""
        for name in TIED:
            if name in self.own_sizes and name in of.names:
                of = self.tied(of.replaced(name, Axis(self.own_sizes[name].terms)))
        return of.collected

    def output(self, computed: Mapping[str, Symbol]) -> str:
        """The tensor that is the output of each step: the one that a line names; else h, or the only state."""
        lines = [s for s in self.statements if isinstance(s, Output)]
        if len(lines) > 1:
            raise EquationsError(phrase("the output is named twice; remove this line"), lines[1].place)
        states = [s.name for s in self.states]
        if lines:
            name, place = lines[0].name, lines[0].place
            if name not in self.maker:
                fixes = similar(name, self.maker)
                known = joined_with_or(fixes or list(self.maker))
                raise EquationsError(
                    phrase("the output must be a tensor that a line computes: {known}", known=known), place, fixes
                )
        elif "h" in states or len(states) == 1:
            name, place = "h" if "h" in states else states[0], Place(1, 0, 0)
        else:
            example = list(self.maker)[-1] if self.maker else "y"
            problem = phrase("which tensor is the output? Add a line such as output: {name}", name=example)
            raise EquationsError(problem, self._last_place, lines_to_add=(f"output: {example}",))
        axes = computed[name].axes if name in computed else ()  # a line may compute a number
        if axes[:1] != (BATCH_SIZE,) or len(axes) < 2:
            problem = phrase(
                "the output {name} is {axes}; it needs batch_size and one more axis", name=name, axes=shown(axes)
            )
            raise EquationsError(problem, place)
        return name

    @property
    def _last_place(self) -> Place:
        return self.statements[-1].place if self.statements else Place(1, 0, 0)

    def _own_sizes(self) -> dict[str, OwnSize]:
        """The declared axes, each after those that it follows from."""
        lines = {s.name: s for s in self.statements if isinstance(s, AxisLine)}
        for name, line in lines.items():
            if name in TIED and not line.size.as_axis:
                problem = phrase("{axis} can be tied to a sum of axes alone: axis features = num_units", axis=name)
                raise EquationsError(problem, line.place)
            if name in STEP_SIZES and name not in TIED:
                raise EquationsError(phrase("{axis} is an axis already; remove this line", axis=name), line.place)
            for used in line.size.names:
                if used not in lines and used not in STEP_SIZES:
                    raise self.no_axis(used, line.place)
                if used == str(BATCH_SIZE):
                    raise EquationsError(phrase("the size of an axis cannot depend on batch_size"), line.place)
        needs = {name: [used for used in line.size.names if used in lines] for name, line in lines.items()}
        advice = phrase("give one of these axes a number")
        order = in_order(needs, str, lambda name: lines[name].place, lambda _: advice)
        own = {name: lines[name].size for name in order}
        for name, size in _fixed(own).items():
            if size < 1:
                problem = phrase("{axis} is {size}; an axis has a size from 1", axis=own[name], size=size)
                raise EquationsError(problem, lines[name].place)
        return own

    @property
    def fixed_sizes(self) -> dict[str, int]:
        """The sizes of declared axes that follow from numbers alone."""
        return _fixed(self.own_sizes)

    def axis_of(self, length: Length) -> Axis:
        """An axis that is so long: the sum itself, one that the text declares, or else one that is added."""
        if is_sum(length):
            return Axis(tuple((n, name) for name, n in length.items()))
        own = expanded(length, self.own_sizes)
        if is_sum(own):
            return Axis(tuple((n, name) for name, n in own.items()))
        if {*length} == {""}:
            return self.added(name_of(length), own_size(length))
        declared = (name for name in self.own_sizes if expanded({name: 1}, self.own_sizes) == own)
        name = next(declared, "")
        return axis(name) if name else self.added(name_of(length), own_size(length))

    def added(self, name: str, size: OwnSize) -> Axis:
        """An axis of this size that the text does not declare, with this name or a similar one."""
        if name not in self.added_axes and (len(name) > MAX_NAME or name in self._taken):
            name = next(new for n in range(MANY * MANY) if (new := f"part{n or ''}") not in self._taken)
        self.own_sizes.setdefault(name, size)
        self.added_axes.setdefault(name, None)
        return axis(name)

    def _named(self, of: Axis) -> Axis:
        """An axis that is a number, W: 2, num_units, with a name."""
        return self.axis_of({"": of.terms[0][0]}) if of.names == ("",) else of

    @property
    def _taken(self) -> set[str]:
        return {*RESERVED, *self.own_sizes, *self.maker, *self.declared}

    def is_one(self, of: Axis) -> bool:
        """Whether an axis is an added one of size 1, along which a tensor can be repeated."""
        name = of.names[0] if of.terms == ((1, *of.names),) else ""
        return name in self.added_axes and self.own_sizes[name] == OwnSize(((1, ""),))

    def without_added(self, of: Axis) -> Axis:
        """A sum of axes, some of which the text does not declare, as the axis that is so long, if there is one: N for
        N_minus_1 + one, and S of axis S = 2 * num_units + 1 for one + 2 * num_units."""
        if not {*of.names} & {*self.added_axes}:
            return of
        length = expanded(length_of(of), self.own_sizes)
        for name in [name for name in length if name in self.added_axes]:
            number = length_of(self.own_sizes[name])
            if {*number} == {""}:
                length = plus({one: n for one, n in length.items() if one != name}, number, length[name])
        if len(length) == 1 and [*length.values()] == [1] and "" not in length:
            return axis(next(iter(length)))
        declared = (name for name in self.own_sizes if name not in self.added_axes)
        same = next((name for name in declared if expanded({name: 1}, self.own_sizes) == length), "")
        return axis(same) if same else of

    def no_axis(self, name: str, place: Place) -> EquationsError:
        known = [*STEP_SIZES, *(s.name for s in self.statements if isinstance(s, AxisLine))]
        if name == "time_step":
            return EquationsError(phrase("a step has no axis time_step; its tensors belong to one step"), place)
        if near := similar(name, known):
            problem = phrase("{name} is not an axis; did you mean {near}?", name=name, near=near[0])
            return EquationsError(problem, place, near)
        problem = phrase(
            "{name} is not an axis; those are {known}. Declare it: axis {name} = 2",
            name=name,
            known=CommaSeparated(known),
        )
        return EquationsError(problem, place)

    def _check_names(self) -> None:
        """Every name is free, and is given once."""
        seen: dict[str, str] = {}
        given = (
            *((s.name, "axis", s.place) for s in self.statements if isinstance(s, AxisLine)),
            *((s.name, "declaration", s.place) for s in self.statements if isinstance(s, Declaration)),
            *((name, "line", a.place) for a in self.assignments for name in a.names),
        )
        for name, kind, place in given:
            is_tied = kind == "axis" and name in TIED
            if name in RESERVED and not is_tied:
                problem = phrase("{name} has a meaning already; choose another name", name=name)
                raise EquationsError(problem, place)
            if name.endswith(PREVIOUS) or name in [f"{state}{LAST}" for state in self.carried]:
                base = name.removesuffix(PREVIOUS).removesuffix(LAST)
                problem = phrase("{name} follows from {state}; choose another name", name=name, state=base)
                raise EquationsError(problem, place)
            if name in seen and {seen[name], kind} != {"declaration", "line"}:
                raise EquationsError(phrase("{name} is given twice; choose another name", name=name), place)
            seen[name] = kind
        for name, a in self.maker.items():
            if name.endswith(STEP) and (state := name.removesuffix(STEP)) in self.declared and state not in self.maker:
                problem = phrase("{state} is declared; write {state} = … instead of {name} = …", state=state, name=name)
                raise EquationsError(problem, a.place, (state,))
        if not self.states:
            problem = phrase(
                "a cell needs a state: a name with axes that a line computes, such as h: batch_size, num_units"
            )
            raise EquationsError(problem, self._last_place)

    def _check_declarations(self) -> None:
        axes = {*STEP_SIZES, *self.own_sizes}
        for d in self.declared.values():
            for name in (name for a in d.axes for name in a.names):
                if name not in axes and d.name.lower() == "output":
                    raise did_you_mean(d.name, d.place, f"output: {name}")
                if name not in axes:
                    raise self.no_axis(name, d.place)
            has_batch = [str(BATCH_SIZE) in a.names for a in d.axes]
            if d in self.states and (d.axes[0] != BATCH_SIZE or any(has_batch[1:])):
                problem = phrase("{name} is a state, so its axes begin with batch_size", name=d.name)
                raise EquationsError(problem, d.place)
            if d in self.weights and any(has_batch):
                if d.name in self.used or f"{d.name}{PREVIOUS}" not in self.used:
                    problem = phrase(
                        "no line computes {name}, so it is a weight, which has no batch_size; add a line {name} = ...",
                        name=d.name,
                    )
                else:
                    problem = phrase("{name} is a state, but no line computes it; add {name} = ...", name=d.name)
                raise EquationsError(problem, d.place)
            if d in self.weights and d.start:
                raise EquationsError(phrase("{name} is a weight, which has no start value", name=d.name), d.place)
            if d in self.states and len({*self.axes_of(d)}) < len(d.axes):
                problem = phrase("{name} has an axis twice; {fix}", name=d.name, fix=second_name(self.axes_of(d)))
                raise EquationsError(problem, d.place)

    def check_weights(self) -> None:
        """EquationsError for a weight that no line uses. It comes last: most often another name is misspelt."""
        for w in self.weights:
            if w.name not in self.used:
                problem = phrase("no line uses the weight {name}; use it, or remove its line", name=w.name)
                raise EquationsError(problem, w.place)


def _fixed(own_sizes: Mapping[str, OwnSize]) -> dict[str, int]:
    known: dict[str, int] = {}
    for name, own in own_sizes.items():
        try:
            known[name] = own.size(known)
        except AxisError:
            if own.has_difference and {*own.names} <= {*known}:
                known[name] = sum(n * (known[term] if term else 1) for n, term in own.terms)
    return known


def _with_one_axis(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """The statements, with an axis of size 1 for weights that are one number, and their sum over it where they are
    used: a tensor of core has axes."""
    computed = {name for s in statements if isinstance(s, Assignment) for name in s.names}
    numbers = {d.name: d for d in statements if isinstance(d, Declaration) and d.axes == ONE_NUMBER}
    if not numbers.keys() - computed:
        return statements
    one = _number_axis(1, statements)
    place = next(iter(numbers.values())).place

    def write(e: Expression) -> Expression:
        is_number = isinstance(e, Name) and e.id in numbers and e.id not in computed
        return NumberOfWeight("sum", (e, Name(one, e.place)), e.place) if is_number else e

    found: list[Statement] = [AxisLine(one, OwnSize(((1, ""),)), place)]
    for s in statements:
        match s:
            case Declaration(name) if name in numbers and name not in computed:
                s = replace(s, axes=(Axis(((1, one),)),))
            case Assignment():
                s = replace(s, value=rewritten(s.value, write))
        found.append(s)
    return tuple(found)


def _number_axis(n: int, statements: tuple[Statement, ...]) -> str:
    """The name of an axis of n numbers that the text does not declare."""
    taken = {name for s in statements for name in (s.names if isinstance(s, Assignment) else (s.name,))}
    name = name_of({"": n})
    return next(new for k in range(MANY * MANY) if (new := f"{name}{k or ''}") not in (taken | {*RESERVED}))


def shown(axes: Axes) -> str:
    """Axes in a message."""
    return written(axes) if axes else phrase("a number")


def second_name(axes: Axes) -> str:
    """What to do about an axis that a tensor has twice."""
    twice = next(axis for axis in axes if axes.count(axis) > 1)
    return phrase("declare a second name for it: axis {name}2 = {axis}", name=twice.names[0], axis=axis_text(twice))


Key = TypeVar("Key", bound=Hashable)


def in_order(
    needs: Mapping[Key, Sequence[Key]],
    label: Callable[[Key], str],
    place: Callable[[Key], Place],
    advice: Callable[[Sequence[Key]], str],
) -> list[Key]:
    """The keys, each after those that it needs, otherwise in their order. EquationsError with the cycle, if there is
    one, and advice about its keys."""
    ordered: dict[Key, None] = {}
    path: list[Key] = []

    def add(key: Key) -> None:
        if key in path:
            cycle = [*path[path.index(key) :], key]
            text = " → ".join(label(one) for one in cycle[::-1])
            raise EquationsError(phrase("{cycle} is a cycle; {advice}", cycle=text, advice=advice(cycle)), place(key))
        if key not in ordered:
            path.append(key)
            for needed in needs[key]:
                add(needed)
            path.pop()
            ordered[key] = None

    for key in needs:
        add(key)
    return list(ordered)
