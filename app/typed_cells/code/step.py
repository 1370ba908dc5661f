"""The body of a step: a line of code for each line of the equations, then an assertion for every shape."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from ...core.axes import FEATURES, SIZES, Axes, axes, written
from ...core.stack import Stack
from ...equations.cell_from_equations import Step
from ...equations.equations_parser import parse
from ...equations.names import INPUT, PREVIOUS, TIME
from ...equations.shape_checks import Scope
from ...equations.syntax import Assignment, Call
from ...frameworks.program_text import INDENT, WIDTH, Code
from ...size_expressions import length
from .expressions import Expressions
from .language import Language
from .line_breaks import broken


@dataclass(frozen=True, eq=False)
class StepCode:
    """The step of a stack's cell in a language. The same lines are those of every layer."""

    stack: Stack
    language: Language

    @cached_property
    def _step(self) -> Step:
        step = self.stack.cell.step
        assert isinstance(step, Step), f"{self.stack.cell.id} is no typed cell"
        return step

    @cached_property
    def scope(self) -> Scope:
        return self._step.scope(self._step.arguments())

    @cached_property
    def names(self) -> dict[str, str]:
        """The names of the program, by those of the equations."""
        cell = self.stack.cell
        own = [*SIZES, *cell.own_sizes, *cell.weights, *cell.states, *self.scope.names.maker]
        others = frozenset(own)
        found = {name: name if name in SIZES else self.language.name(name, others) for name in own}
        return found | {INPUT: INPUT, TIME: TIME} | {f"{s}{PREVIOUS}": f"{s}{PREVIOUS}" for s in cell.states}

    @cached_property
    def expressions(self) -> Expressions:
        return Expressions(self.scope, self.language, self.names, self.stack.sizes)

    @property
    def states(self) -> list[str]:
        """The variables of the states: ``h``; the input of the step before is ``x_prev``."""
        return [f"{INPUT}{PREVIOUS}" if s == INPUT else self.names[s] for s in self.stack.cell.states]

    @property
    def previous(self) -> list[str]:
        """The arguments of a step: ``h_prev``."""
        return [f"{state}{PREVIOUS}" for state in self.stack.cell.states]

    @property
    def next(self) -> list[str]:
        """What a step gives to the next one, in the same order."""
        return [self.names[state] for state in self.stack.cell.states]

    @property
    def weights(self) -> list[str]:
        """The weights as arguments."""
        return [self.names[weight] for weight in self.stack.cell.weights]

    @property
    def output(self) -> str:
        """The variable of the output."""
        return self.names[self.stack.cell.output]

    @property
    def _is_state(self) -> bool:
        """Whether the output is a state."""
        return self.stack.cell.output in self.stack.cell.states

    @property
    def returned(self) -> list[str]:
        """What a step returns: the states, after the output if that is none of them."""
        return self.next if self._is_state else [self.output, *self.next]

    @property
    def received(self) -> list[str]:
        """The variables that get it."""
        return self.states if self._is_state else [self.output, *self.states]

    @property
    def uses_time(self) -> bool:
        return TIME in self.scope.names.used

    @cached_property
    def lines(self) -> list[str]:
        """The equations, each with its axes as a comment, and the comments of the text."""
        comments, found = self._comments(), list[str]()
        for assignment in self._step.order:
            found += [f"# {comment}" for comment in comments.get(assignment.names, ())]
            found += self._line(assignment)
        return found

    def _comments(self) -> dict[tuple[str, ...], list[str]]:
        """By line, its comment and those above it, but for the title of the cell."""
        found: dict[tuple[str, ...], list[str]] = {}
        waiting: list[str] = []
        is_title = True
        for line in parse(self.stack.cell.text).lines:
            if line.comment and not (is_title and not line.statement):
                waiting.append(printable(line.comment))
            is_title = is_title and not (line.comment and not line.statement)
            if isinstance(line.statement, Assignment):
                found[line.statement.names] = waiting
            if line.statement:
                waiting = []
        return found

    def _line(self, a: Assignment) -> Iterator[str]:
        names = ", ".join(self.names[name] for name in a.names)
        made = self.scope.tensors.get(a.names[0])
        own = made.axes if made else ()
        if isinstance(a.value, Call) and a.value.function == "split":
            whole, are_equal, text = self.expressions.blocks(a.value, a.names)
            comment = " and ".join(dict.fromkeys(written(self.scope.tensors[name].axes) for name in a.names))
            yield from self._written(names, text, f"# each {comment}" if are_equal else f"# {comment}")
            last = [self.scope.part_axes[name] for name in a.names]
            for name, axis in zip(a.names, last, strict=True):  # a state has its axes in the order of its declaration
                part = (*whole.axes[:-1], axis)
                if (declared := self.scope.tensors[name].axes) != part:
                    ordered = self.expressions.ordered(replace(whole, text=self.names[name], axes=part), declared)
                    yield f"{self.names[name]} = {ordered.text}"
            return
        code = self.expressions.code(a.value, own)
        if code.value is not None:
            self.expressions.numbers[a.names[0]] = code.value
            yield from self._written(names, code.text, "# a number")
            return
        value = self.expressions.ordered(code, own)
        yield from self._written(names, value.text, f"# {written(own) if own else 'a number'}")

    def _written(self, names: str, right: str, comment: str) -> Iterator[str]:
        """A line and its comment, which stands above it if they do not fit into one line."""
        line = f"{names} = {right}  {comment}"
        if length(line) <= self.room:
            yield line
        else:
            yield from (comment, *broken(names, right, self.room))

    @property
    def room(self) -> int:
        """How wide a line of the step is."""
        return WIDTH - self.language.levels * len(INDENT)

    @property
    def assertions(self) -> Iterator[str]:
        """Assertions for the shapes of what the lines compute, one for all tensors with the same axes."""
        alike: dict[Axes, list[str]] = {}
        for name in self.scope.names.maker:
            if name not in self.expressions.numbers and name in self.scope.tensors:
                alike.setdefault(self.scope.tensors[name].axes, []).append(self.names[name])
        for own, ids in alike.items():
            shape = self.expressions.shape_code(own)
            if len(ids) == 1:
                yield f"assert {ids[0]}.shape == {shape}"
            else:
                yield from self._loop(ids)
                yield f"    assert tensor.shape == {shape}"

    def _loop(self, names: list[str]) -> list[str]:
        """``for tensor in (z, h):``, with a name a line if they do not fit into one."""
        line = f"for tensor in ({', '.join(names)}):"
        if length(line) <= self.room:
            return [line]
        return ["for tensor in (", *(f"{INDENT}{name}," for name in names), "):"]

    @cached_property
    def body(self) -> list[Code]:
        """The lines and the assertions. In an upper layer x is as wide as the output of the layer below."""
        lines, assertions = self.lines, [*self.assertions]
        features = str(FEATURES)
        is_used = any(re.search(rf"\b{features}\b", line.partition("#")[0]) for line in [*lines, *assertions])
        width = [f"{features} = x.shape[1]"] if is_used and self.stack.num_layers > 1 else []
        return [*width, *lines, *assertions]

    @property
    def definitions(self) -> Iterator[str]:
        """The functions that the library lacks."""
        assert self.body
        for function in self.expressions.used:
            yield from (*self.language.definitions[function].splitlines(), "", "")

    def axes_of(self, weight: str, layer: int) -> Axes:
        return axes(self.stack.program(layer).cell.weights[weight])

    @property
    def needs_math(self) -> bool:
        return any("math." in line for line in map(str, self.body))


def printable(text: str) -> str:
    """A text of a visitor in a comment or a docstring: one line, which ends neither."""
    return "".join(c if c.isprintable() else " " for c in text).replace("\\", "/").replace('"', "'")
