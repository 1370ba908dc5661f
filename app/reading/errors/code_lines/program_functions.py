"""The functions of a pasted program, and what their calls give them."""

import ast
from functools import cached_property

from .program_nodes import Functions, ProgramNodes, name_of

FORWARDS = ("forward", "call", "__call__")
"""The methods that compute a network."""


class ProgramFunctions(ProgramNodes):
    """A program with its functions, by their names."""

    @cached_property
    def _functions(self) -> dict[str, list[Functions]]:
        """The functions and methods of each name."""
        found = dict[str, list[Functions]]()
        for one in (node for node in self.nodes if isinstance(node, Functions)):
            found.setdefault(one.name, []).append(one)
        return found

    def functions_named(self, name: str) -> list[Functions]:
        """The functions and methods with a name."""
        return self._functions.get(name, [])

    def function_called(self, call: ast.Call) -> Functions | None:
        """The function or the method that a call calls, by its name, if the program has only one; for that of an
        object its ``forward``."""
        named = self._functions.get(name_of(call), [])
        if named:
            return named[0] if len(named) == 1 else None
        networks = [one for name in FORWARDS for one in self._functions.get(name, [])]
        return networks[0] if len(networks) == 1 and not isinstance(call.func, ast.Attribute) else None

    def constructor(self, call: ast.Call) -> Functions | None:
        """The ``__init__`` of the class that a call makes an object of."""
        found = [
            one
            for one in self._functions.get("__init__", [])
            if any(isinstance(of, ast.ClassDef) and of.name == name_of(call) for of in self.above(one))
        ]
        return found[0] if len(found) == 1 else None

    def forward_of(self, name: str) -> Functions | None:
        """The only ``forward`` of a class of the program."""
        found = [one for method in FORWARDS for one in self._functions.get(method, []) if self._class_of(one) == name]
        return found[0] if len(found) == 1 else None

    def _class_of(self, node: ast.AST) -> str:
        """The name of the class that has a node; "" without one."""
        return next((one.name for one in self.above(node) if isinstance(one, ast.ClassDef)), "")

    def is_method(self, function: Functions) -> bool:
        return any(isinstance(one, ast.ClassDef) for one in self.above(function))

    def parameters(self, function: Functions | None) -> list[str]:
        """The parameters of a function without ``self``."""
        names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)] if function else []
        return names[names[:1] == ["self"] :]

    def first_parameter(self, function: Functions | None) -> str:
        return next(iter(self.parameters(function)), "")

    def argument(self, call: ast.Call, n: int, name: str = "") -> ast.expr | None:
        """An argument of a call, by its place or its name."""
        named = next((one.value for one in call.keywords if name and one.arg == name), None)
        return named or (call.args[n] if n < len(call.args) and isinstance(call.args[n], ast.expr) else None)

    def keywords(self, call: ast.Call, name: str) -> list[ast.expr]:
        """What a call gives by a keyword, if anything."""
        return [one.value for one in call.keywords if one.arg == name]

    def argument_for(self, call: ast.Call, function: Functions, parameter: ast.expr) -> ast.expr | None:
        """What a call gives a function for one of its parameters."""
        names = self.parameters(function)
        if not isinstance(parameter, ast.Name) or parameter.id not in names:
            return None
        return self.argument(call, names.index(parameter.id), parameter.id)

    def returned_by(self, function: Functions) -> ast.expr | None:
        """What a function returns, if it has one line that returns something."""
        values = self._returned.get(function, [])
        return values[0] if len(values) == 1 else None

    @cached_property
    def _returned(self) -> dict[Functions | None, list[ast.expr | None]]:
        """What each function returns, in the order of its lines."""
        found = dict[Functions | None, list[ast.expr | None]]()
        for one in (node for node in self.nodes if isinstance(node, ast.Return)):
            found.setdefault(self.function_of(one), []).append(one.value)
        return found

    def owner_of_call(self, node: ast.AST) -> tuple[str, str]:
        """The name of the network that the traceback calls, and the line that does so, or the first of its loops."""
        inside = self.function_of(node)
        for line in reversed(self.frames):
            for call in self.calls_in(line):
                if self.function_called(call) is inside and isinstance(call.func, ast.Name):
                    loops = [one for one in self.above(call) if isinstance(one, (ast.For, ast.While))]
                    first = loops[-1] if loops else call
                    return call.func.id, self._program.lines[first.lineno - 1].strip()
        return "", ""
