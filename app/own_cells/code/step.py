"""The body of a step: a line of code for each line of the equations, then an assertion for every shape."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from ...core.axes import FEATURES, SIZES, Axes, axes, written
from ...core.stack import Stack
from ...equations.canonical import LEVELS
from ...equations.names import INPUT, PREVIOUS, TIME
from ...equations.parser import PRODUCTS, SUMS, parse
from ...equations.resolver import Step
from ...equations.scope import Scope
from ...equations.syntax import Assignment, Call, Expression, Operation
from ...expressions import length
from ...frameworks.program_text import INDENT, WIDTH, Code
from .expressions import Expressions
from .language import Language


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
        return self.states if self._is_state else [self.appended, *self.states]

    @property
    def appended(self) -> str:
        """The variable of the output."""
        return self.output

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
        axes = made.axes if made else ()
        if isinstance(a.value, Call) and a.value.function == "split":
            whole = self.expressions.code(a.value.arguments[0])
            right = self.language.functions["split"].format(whole.text, parts=len(a.names))
            yield from _written(names, right, [], f"# each {written(axes)}")
            part = (*whole.axes[:-1], whole.axes[-1].divided(len(a.names)).collected)
            for name in a.names:  # a state has its axes in the order of its declaration
                if (own := self.scope.tensors[name].axes) != part:
                    ordered = self.expressions.ordered(replace(whole, text=self.names[name], axes=part), own)
                    yield f"{self.names[name]} = {ordered.text}"
            return
        code = self.expressions.code(a.value, axes)
        if code.value is not None:
            self.expressions.numbers[a.names[0]] = code.value
            yield from _written(names, code.text, [], "# a number")
            return
        right = self.expressions.ordered(code, axes)
        terms = [] if right is not code else self._terms(a.value, axes)
        yield from _written(names, right.text, terms, f"# {written(axes) if axes else 'a number'}")

    def _terms(self, e: Expression, axes: Axes) -> list[str]:
        """The operands of a sum or a product, each with its sign, to write it on several lines."""
        signs = next((signs for signs in (SUMS, PRODUCTS) if isinstance(e, Operation) and e.sign in signs), ())
        found: list[str] = []
        while isinstance(e, Operation) and e.sign in signs:
            if e.sign == "@" and "einsum" in self.expressions.code(e).text.partition("(")[0]:
                break
            found.append(f"{e.sign} {self.expressions.aligned(e.right, axes).within(LEVELS[e.sign] + 1)}")
            e = e.left
        return [self.expressions.aligned(e, axes).within(LEVELS[signs[0]]), *found[::-1]] if found else []

    @property
    def assertions(self) -> Iterator[str]:
        """Assertions for the shapes of what the lines compute, one for all tensors with the same axes."""
        alike: dict[Axes, list[str]] = {}
        for name in self.scope.names.maker:
            if name not in self.expressions.numbers and name in self.scope.tensors:
                alike.setdefault(self.scope.tensors[name].axes, []).append(self.names[name])
        for axes, ids in alike.items():
            shape = self.expressions.shape_code(axes)
            if len(ids) == 1:
                yield f"assert {ids[0]}.shape == {shape}"
            else:
                yield from tuple_loop(ids)
                yield f"    assert tensor.shape == {shape}"

    @cached_property
    def body(self) -> list[Code]:
        """The lines and the assertions. In an upper layer x is as wide as the output of the layer below."""
        lines, assertions = self.lines, [*self.assertions]
        features = str(FEATURES)
        used = any(features in line.partition("#")[0] for line in [*lines, *assertions])
        width = [f"{features} = x.shape[1]"] if used and self.stack.num_layers > 1 else []
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


def tuple_loop(names: list[str]) -> list[str]:
    """``for tensor in (z, h):``, with a name a line if they do not fit into one."""
    line = f"for tensor in ({', '.join(names)}):"
    if length(line) <= WIDTH - 2 * len(INDENT):
        return [line]
    return ["for tensor in (", *(f"{INDENT}{name}," for name in names), "):"]


def printable(text: str) -> str:
    """A text of a visitor in a comment or a docstring: one line, which ends neither."""
    return "".join(c if c.isprintable() else " " for c in text).replace("\\", "/").replace('"', "'")


def _written(names: str, right: str, terms: list[str], comment: str) -> Iterator[str]:
    """A line and its comment, which stands above it if they do not fit into one line. A long sum or product has a line
    for each operand, a long call for its arguments."""
    room = WIDTH - 2 * len(INDENT)
    line = f"{names} = {right}"
    if length(f"{line}  {comment}") <= room:
        yield f"{line}  {comment}"
        return
    yield comment
    if length(line) <= room or not (terms or _is_call(right)):
        yield line
    elif terms:
        yield from (f"{names} = (", *(f"{INDENT}{term}" for term in terms), ")")
    else:
        function, _, arguments = right.partition("(")
        yield from (f"{names} = {function}(", f"{INDENT}{arguments[:-1]}", ")")


def _is_call(text: str) -> bool:
    """Whether a text is one call of a function."""
    depth, function = 0, text.partition("(")[0]
    for n, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0 and n >= len(function):
            return n == len(text) - 1 and function.replace(".", "").isidentifier()
    return False
