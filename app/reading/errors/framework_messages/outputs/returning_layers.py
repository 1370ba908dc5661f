"""Recurrent layers of PyTorch in a text, with what its code says about the shapes that they return."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from ....code.source_text import parse
from ....facts_about_sizes import GATES, Fact, fact
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree

LARGEST = 10**6
"""Sizes are smaller."""


MOST_ARGUMENTS = 9
"""No argument has this position without a name."""


@dataclass(frozen=True)
class ReturningLayer:
    """A recurrent layer of a program: its ``cell``, "" if it is not known, whether it computes one step, and the text
    of its ``arguments``, None if that is not known."""

    cell: str
    is_cell: bool
    arguments: str | None = None

    @cached_property
    def made(self) -> ast.Call | None:
        """The call of the constructor; None if its arguments are not known, or no Python."""
        statements = [] if self.arguments is None else parse(f"_({self.arguments})").statements
        value = statements[0].value if statements and isinstance(statements[0], ast.Expr) else None
        return value if isinstance(value, ast.Call) else None

    def _argument(self, name: str, position: int) -> ast.expr | None:
        """An argument, by its name or its position; None without one."""
        call = self.made
        if not call:
            return None
        named = [one.value for one in call.keywords if one.arg == name]
        positional = call.args[position : position + 1]
        is_unpacked = any(isinstance(one, ast.Starred) for one in call.args[: position + 1])
        return next(iter(named or ([] if is_unpacked else positional)), None)

    def _number(self, name: str, position: int) -> int | None:
        """A size among the arguments."""
        value = getattr(self._argument(name, position), "value", None)
        return value if type(value) is int and 0 < value < LARGEST else None

    def _flag(self, name: str) -> bool | None:
        """A switch among the arguments; None if it is not known."""
        if not self.made or self._unpacks:
            return None
        argument = self._argument(name, MOST_ARGUMENTS)
        value = getattr(argument, "value", None) if argument else False
        return value if isinstance(value, bool) else None

    @property
    def _unpacks(self) -> bool:
        """Whether some arguments are those of a list or a dictionary."""
        if not self.made:
            return False
        of_list = any(isinstance(one, ast.Starred) for one in self.made.args)
        return of_list or any(one.arg is None for one in self.made.keywords)

    @property
    def cause(self) -> str:
        """The id of the cause if all that it returns is used like a tensor: a cell returns only its states."""
        return "pair_of_states" if self.is_cell else "whole_pair"

    @property
    def facts(self) -> Iterator[Fact]:
        """What the text says about the network."""
        if self.cell:
            yield fact("gates", GATES[self.cell], "class")
        for size, name, position in (("features", "input_size", 0), ("num_units", "hidden_size", 1)):
            if n := self._number(name, position):
                yield fact(size, n, name)
        if self.arguments is not None and not self.is_cell:
            if (layers := self._layers) is not None:
                yield fact("num_layers", layers, "num_layers")
            if (both := self._flag("bidirectional")) is not None:
                yield fact("directions", 1 + both, "bidirectional")

    @property
    def _layers(self) -> int | None:
        """The number of layers, which is 1 if no argument says it."""
        if not self.made or self._unpacks:
            return None
        return self._number("num_layers", 2) if self._argument("num_layers", 2) else 1

    def output(self, batch_first: bool | None) -> str:
        """The shape of the output, with names for sizes that are not known. ``batch_first``: what other lines say."""
        both, units, name = self._flag("bidirectional"), self._number("hidden_size", 1), "num_units"
        if "proj_size" in (self.arguments or ""):
            units, name = self._number("proj_size", MOST_ARGUMENTS), "num_proj"
        is_first = batch_first if self.arguments is None else self._flag("batch_first")
        first = "batch_size, time_step" if is_first else "time_step, batch_size"
        if units and both is not None:
            return f"({first}, {units * (1 + both)})"
        factor = {True: "2*", False: "", None: "directions*"}[both]
        return f"({first}, {factor}{units or name})"

    @property
    def state(self) -> str:
        """The same of a state."""
        units: int | str = self._number("hidden_size", 1) or "num_units"
        if "proj_size" in (self.arguments or ""):  # h_n is as long as the projection, c_n as the units
            units = f"{self._number('proj_size', MOST_ARGUMENTS) or 'num_proj'}|{units}"
        if self.is_cell:
            return f"(batch_size, {units})"
        both, layers = self._flag("bidirectional"), self._layers if self.arguments is not None else None
        if both is None or layers is None:
            return f"(num_layers*directions, batch_size, {units})"
        return f"({layers * (1 + both)}, batch_size, {units})"


def with_numbers(tree: ProgramTree, layer: ReturningLayer) -> ReturningLayer:
    """A layer whose arguments are numbers where the program says them: ``nn.GRU(channels, width)``."""
    if not layer.made:
        return layer
    calls = [
        one for one in tree.calls if _arguments(one) == _arguments(layer.made) and layer.cell in name_of(one).lower()
    ]
    numbered = {", ".join(_numbered(tree, one)) for one in calls}
    return replace(layer, arguments=numbered.pop()) if len(numbered) == 1 else layer


def _arguments(call: ast.Call) -> list[str]:
    return [ast.unparse(one) for one in (*call.args, *call.keywords)]


def _numbered(tree: ProgramTree, call: ast.Call) -> Iterator[str]:
    for one in call.args:
        yield str(_number_or_text(tree, one))
    for key in call.keywords:
        yield f"{key.arg}={_number_or_text(tree, key.value)}" if key.arg else ast.unparse(key)


def _number_or_text(tree: ProgramTree, node: ast.expr) -> int | str:
    number = None if isinstance(node, ast.Constant | ast.Starred) else tree.number(node)
    return ast.unparse(node) if number is None else number
