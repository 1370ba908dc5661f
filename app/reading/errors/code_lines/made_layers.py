"""The calls of a pasted program that make its layers, and the sizes in them."""

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from ...code.values import Layer
from .array_origins import ArrayOrigins
from .names_of_sizes import FEATURES, NO_STEPS, NO_WIDTH, SAMPLES, STEPS
from .program_nodes import Functions, cut_of, name_of

KINDS = {"lstm": ("lstm",), "gru": ("gru",), "rnn": ("rnn", "simplernn"), "dense": ("linear", "dense")}
"""Kind of a layer -> what frameworks call it, in lower case and without ``Cell``."""

FLAGS = ("return_sequences", "return_state")

MOST_NAMES = 5
"""Names, attributes and parameters through which a number is followed."""

CELLS_OF_FLAX = ("LSTMCell", "OptimizedLSTMCell", "GRUCell", "MGUCell", "SimpleCell")
"""The cells of Flax, by which ``RNN`` computes all steps."""


COPIES = ("replace", "_replace", "evolve", "model_copy")
"""Functions and methods that copy an object with other values of some fields."""


class MadeLayers(ArrayOrigins):
    """A program with the calls that make its layers."""

    def made_layer(self, layer: Layer) -> ast.Call | None:
        """The call that makes a layer: the only one in its line of its kind, with its number of units and its
        settings."""
        calls = [one for one in self.calls if one.lineno == layer.line]
        found = [one for one in calls if self._is_of(one, layer)]
        features = layer.size("features")
        of_both = [one for one in found if self.argument_of_size(one, features if isinstance(features, int) else None)]
        found = found if len(found) == 1 else of_both
        return found[0] if len(found) == 1 else None

    def _is_of(self, call: ast.Call, layer: Layer) -> bool:
        """Whether a call may make a layer: also one whose number of units is an argument that nothing says."""
        names = KINDS.get(layer.kind.removesuffix("_cell"), ())
        numbers = [self.number(one) for one in (*call.args, *(one.value for one in call.keywords))]
        said = {one.arg: one.value.value for one in call.keywords if one.arg and isinstance(one.value, ast.Constant)}
        flags = {name: layer.setting(name) for name in FLAGS if name in layer.config}
        fits = all(said.get(name, False) == known for name, known in flags.items() if known is not None)
        is_named, units = name_of(call).lower().removesuffix("cell") in names, layer.size("num_units")
        is_of_units = units in numbers or isinstance(units, str)
        return is_named and is_of_units and (fits or layer.framework != "keras")

    def calls_that_made(self, layer: ast.expr) -> Iterator[ast.Call]:
        """The calls that make a layer, and the parts that it gets: ``RNN(cell)``."""
        for node in ast.walk(self.assigned(layer) or layer):
            if isinstance(node, ast.Call):
                yield node
                for one in node.args:
                    value = self.assigned(one) if isinstance(one, (ast.Name, ast.Attribute)) else None
                    if isinstance(value, ast.Call):
                        yield value

    def takes_steps_for_features(self, layer: Layer) -> bool:
        """Whether the program makes a layer of PyTorch with a size that it calls steps as its features."""
        made = self.made_layer(layer)
        size = self.argument(made, 0, "input_size") if made else None
        for _ in range(MOST_NAMES):
            if not isinstance(size, ast.Name | ast.Attribute):
                return False
            if STEPS.search(name := ast.unparse(size)):
                return not FEATURES.search(name)
            function = self.function_of(size)
            calls = [one for one in self.calls if function and self.constructor(one) is function]
            size = self.argument_for(calls[0], function, size) if function and len(calls) == 1 else None
        return False

    def argument_of_size(self, call: ast.Call, size: int | None) -> ast.expr | None:
        """The only argument of a call that is this number."""
        given = [*call.args, *(one.value for one in call.keywords)]
        found = [one for one in given if size is not None and self.number(one) == size]
        return found[0] if len(found) == 1 else None

    def multiple(self, size: ast.expr, new: int) -> tuple[ast.expr, str] | None:
        """The factor in a size such as ``2 * units``, and the one with which it is another size; None without one."""
        if not isinstance(size, ast.BinOp) or not isinstance(size.op, ast.Mult):
            return None
        for factor, units in ((size.left, size.right), (size.right, size.left)):
            number = self.number(units)
            if (
                isinstance(factor, ast.Constant)
                and number
                and not isinstance(units, ast.Constant)
                and new % number == 0
            ):
                return (size, self.text(units)) if new == number else (factor, str(new // number))
        return None

    def name_of_size(self, near: ast.expr, size: int) -> str:
        """A size as the only parameter of the same function with it, or item or attribute of one, or else the
        number."""
        function = self.function_of(near)
        names = {
            self.text(one)
            for one in self.nodes
            if isinstance(one, ast.Name | ast.Subscript | ast.Attribute)
            and isinstance(one.ctx, ast.Load)
            and isinstance(of := one if isinstance(one, ast.Name) else one.value, ast.Name)
            and of.id in self.parameters(function)
            and self.function_of(one) is function
            and self.size_said(one) == size
        }
        widths = [one for one in names if not NO_WIDTH.search(one)]
        return widths[0] if len(widths) == 1 else str(size)

    def name_in_module(self, near: ast.expr, size: int) -> str:
        """The only name, and none of units, that the module gives a size before the line of an expression; "" without
        one."""
        return self._name_in_module(near, size, NO_STEPS)

    def name_of_width(self, near: ast.expr, size: int) -> str:
        """The only name of features or units that the module gives a size before the line of an expression; "" without
        one."""
        return self._name_in_module(near, size, NO_WIDTH)

    def _name_in_module(self, near: ast.expr, size: int, others: re.Pattern[str]) -> str:
        names = {
            one.id
            for one in self.nodes
            if isinstance(one, ast.Name) and self.number(one) == size and self.is_in_module(one.id)
            if isinstance(one.ctx, ast.Load) and not others.search(one.id)
        }
        known = [one for one in names if (place := self._stored[one][0]) and place.lineno < near.lineno]
        return known[0] if len(known) == 1 else ""

    def attribute_of_size(self, near: ast.expr, size: int) -> str:
        """The only attribute or field of the object of a method that is a size of arrays, with this number; ""
        without one."""
        of = next((one for one in self.above(near) if isinstance(one, ast.ClassDef)), None)
        given: dict[str, ast.expr] = {}
        for one in self.nodes:
            if of is None or of not in self.above(one):
                continue
            if isinstance(one, ast.Attribute) and ast.unparse(one.value) == "self":
                given.setdefault(one.attr, self.assigned(one) or one)
            elif isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and one.value:
                given[one.target.id] = ast.Attribute(ast.Name("self"), one.target.id, ast.Load())
        numbers = {name: self.size_said(one) or self.number_given(one) for name, one in given.items()}
        names = [name for name, number in numbers.items() if number == size and not NO_WIDTH.search(name)]
        return f"self.{names[0]}" if len(names) == 1 else ""

    @property
    def sizes_of_flax_cell(self) -> dict[str, int]:
        """The features and the units of the only cell of Flax that the program makes, or of the same one for both
        directions, or those of all cells; one of linen is made for any features."""
        cells = [one for one in self.calls_of(*CELLS_OF_FLAX) if not self.constructor(one)]
        both = [one for one in self.calls_of("Bidirectional") if all(self._is_part(cell, one) for cell in cells)]
        are_both = bool(both) or (len(cells) > 1 and self._are_of_directions(cells))
        if len({*map(ast.unparse, cells)}) != 1 or len(cells) != 1 + are_both:
            return self._sizes_of_all(cells)
        is_nnx = "nnx." in ast.unparse(cells[0].func)
        names = (
            (("in_features", "features"), ("hidden_features", "num_units")) if is_nnx else (("features", "num_units"),)
        )
        given = ((size, self.argument(cells[0], n, name)) for n, (name, size) in enumerate(names))
        sizes = {size: self.size_said(one) for size, one in given if one is not None}
        if not is_nnx and (features := self._embedded_for(cells[0])):
            sizes["features"] = features
        if are_both or (not self.calls_of("flip", "flip_sequences") and not self._reads_backwards()):
            sizes["directions"] = len(cells)
        return {name: size for name, size in sizes.items() if size}

    def _sizes_of_all(self, cells: list[ast.Call]) -> dict[str, int]:
        """The features and the units that all of several cells of one class have; {} for others."""
        of_nnx = {"nnx." in ast.unparse(one.func) for one in cells}
        if len(of_nnx) != 1 or len({*map(name_of, cells)}) != 1:
            return {}
        is_nnx = of_nnx.pop()
        place = (1, "hidden_features") if is_nnx else (0, "features")
        units = {self.size_said(one) if (one := self.argument(cell, *place)) else None for cell in cells}
        sizes = {"num_units": units, "features": set() if is_nnx else {*map(self._embedded_for, cells)}}
        return {name: size for name, of in sizes.items() if len(of) == 1 and (size := of.copy().pop())}

    def _reads_backwards(self) -> bool:
        """Whether a layer may read x backwards."""
        return any([*self.keywords(one, "reverse")] for one in self.calls_of("RNN"))

    def _are_of_directions(self, cells: list[ast.Call]) -> bool:
        """Whether one of two layers with these cells reads x backwards."""
        layers = [one for one in self.calls_of("RNN") if any(self._is_part(cell, one) for cell in cells)]
        said = [ast.unparse(value) for one in layers for value in self.keywords(one, "reverse")]
        return len(layers) == len(cells) and said == ["True"]

    def _is_part(self, cell: ast.Call, whole: ast.Call) -> bool:
        """Whether a call makes a part of what another one makes: in it, or in the value of a name that it gets."""
        given = [whole, *(value for one in whole.args if (value := self.assigned(one)) is not None)]
        return any(one is cell or one in self.above(cell) for one in given)

    def _embedded_for(self, cell: ast.Call) -> int | None:
        """The size of the embedding in the line before of the x of the layer of a cell of linen; None for another x."""
        above = [one for one in self.above(cell) if isinstance(one, ast.Call) and one.args]
        layers = [one for one in self.calls_of("RNN") if one.args and self._is_part(cell, one)]
        of_name = (one for one in self.calls if one.args and (one.func in layers or self.assigned(one.func) in layers))
        x = next((one.args[0] for one in (*above, *of_name) if one.func in (*above, *layers)), None)
        value = self._value_at(x) if isinstance(x, ast.Name) else x
        called = value.func if isinstance(value, ast.Call) else None
        made = called if called is None or isinstance(called, ast.Call) else self.assigned(called)
        if not isinstance(made, ast.Call) or name_of(made) != "Embed":
            return None
        size = self.argument(made, 1, "features")
        return self.size_said(size) if size is not None else None

    def _value_at(self, name: ast.Name) -> ast.expr | None:
        """The value that a name has in its line: of the last assignment before it in its function, outside of blocks,
        or of the only call of the network whose parameter it is."""
        place, function = self.place_of(name), self.function_of(name)
        if place is not None:
            match [*self.above(place)][:2]:
                case [ast.Assign(targets=[target], value=value), block] if target is place and block is function:
                    return value
            return self.assigned(name)
        if function is None or name.id not in self.parameters(function):
            return self.assigned(name)
        made = ((one, one.func if isinstance(one.func, ast.Call) else self.assigned(one.func)) for one in self.calls)
        calls = [one for one, of in made if isinstance(of, ast.Call) and self.forward_of(name_of(of)) is function]
        return self.argument_for(calls[0], function, name) if len(calls) == 1 else None

    def size_said(self, node: ast.expr) -> int | None:
        """The number that an expression is, or that a class gives a field of this name, ``units: int = 24``, or that
        it gets for it, or the module its only name."""
        if (number := self.number(node)) is None and isinstance(node, ast.Name):
            return self._number_in_module(node)
        if number is not None or not isinstance(node, ast.Attribute):
            return number
        given = [field.value for field in self._fields_called(node.attr)]
        given += [value for one in self.made_objects(node.attr) if (value := one.value) is not None]
        changed = [*self._changes_of_field(node.attr)]
        if any(self.number(one) is None for one in changed):
            return None
        given += changed
        said = {number for one in given if one is not None and (number := self.number(one)) is not None}
        return said.pop() if len(said) == 1 else None

    def _number_in_module(self, name: ast.Name) -> int | None:
        """The number that only the module gives a name, once: in a function that is not followed."""
        places = self.places_of(name)
        functions = [one for one in self.above(name) if isinstance(one, Functions)]
        is_parameter = any(name.id in self.parameters(one) for one in functions)
        if len(places) != 1 or is_parameter or not self.is_in_module(name.id):
            return None
        value = self.assigned(name)
        return self.number(value) if value is not None else None

    @cached_property
    def steps_of_windows(self) -> int | None:
        """The number of steps of the windows ``series[i : i + steps]`` or ``series[:, i : i + steps]`` that a program
        cuts one by one; None if it cuts none, or some of several lengths."""
        found = set[int | None]()
        for one in self.nodes:
            if not (cut := cut_of(_along_one_axis(one))) or SAMPLES.search(steps := ast.unparse(cut.size)):
                continue
            function = self.function_of(one)
            above = [*self.above(one)]
            is_part = any(ast.unparse(size) == steps for node in above for size in _strides(node))
            is_window = any(map(is_one_by_one, above)) or (function and function.name == "__getitem__")
            is_part = is_part or any(_changes(node, cut.size) for node in above)
            if is_window and not is_part:  # a loop in strides of the same size cuts batches
                found.add(self.number_given(cut.size))
        return found.pop() if len(found) == 1 else None

    def number_given(self, node: ast.expr) -> int | None:
        """The number that an expression is, also of an attribute or of a parameter, by the only call of its function or
        as it is without one."""
        for _ in range(MOST_NAMES):
            if (number := self.number(node)) is not None:
                return number
            function = self.function_of(node)
            if isinstance(node, ast.Name) and function and node.id in self.parameters(function):
                calls = [one for one in self.calls if function in (self.constructor(one), self.function_called(one))]
                given = [self.argument_for(one, function, node) for one in calls]
                defaults = dict(zip(self.parameters(function)[::-1], function.args.defaults[::-1], strict=False))
                values = {ast.unparse(value): value for one in given if (value := one or defaults.get(node.id))}
                assigned = next(iter(values.values())) if len(values) == 1 else None
            else:
                assigned = self.assigned(node)
            if assigned is None:
                return None
            node = assigned
        return None

    def _fields_called(self, name: str) -> list[ast.AnnAssign]:
        """The fields of classes with a name."""
        fields = [one for one in self.nodes if isinstance(one, ast.AnnAssign)]
        return [one for one in fields if isinstance(one.target, ast.Name) and one.target.id == name]

    def _changes_of_field(self, name: str) -> Iterator[ast.expr]:
        """What a program gives an attribute with the name of a field, outside of methods of its object, or a copy of
        the object: ``config.units = 24``, ``replace(config, units=24)``."""
        for one in self.nodes:
            match one:
                case ast.Assign([ast.Attribute(owner, attribute)], value) if attribute == name:
                    if ast.unparse(owner) != "self":
                        yield value
                case ast.Call() if name_of(one) in COPIES:
                    yield from (keyword.value for keyword in one.keywords if keyword.arg == name)

    def made_objects(self, name: str) -> list["MadeObject"]:
        """The calls that make an object of a class with a field, and what they give for it."""
        found = list[MadeObject]()
        for field in self._fields_called(name):
            of = next((one for one in self.above(field) if isinstance(one, ast.ClassDef)), None)
            names = (
                [
                    one.target.id
                    for one in of.body
                    if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
                ]
                if of
                else []
            )
            calls = self.calls_of(of.name) if of else []
            found += [MadeObject(one, self.argument(one, names.index(name), name)) for one in calls if name in names]
        return found


def _along_one_axis(node: ast.AST) -> ast.AST:
    """A node that takes all axes of an array whole but one, as one that has only this axis: ``x[:, i]`` as ``x[i]``;
    another node as it is."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Tuple):
        return node
    cut = [one for one in node.slice.elts if ast.unparse(one) not in (":", "...")]
    return ast.Subscript(node.value, cut[0], node.ctx) if len(cut) == 1 else node


def _changes(node: ast.AST, size: ast.expr) -> bool:
    """Whether a node is a loop that gives a size its value anew."""
    names = {one.id for one in ast.walk(size) if isinstance(one, ast.Name)}
    stored = (one for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store))
    return isinstance(node, (ast.For, ast.While)) and any(one.id in names for one in stored)


def is_one_by_one(node: ast.AST) -> bool:
    """Whether a node makes one item of many: in a list, or for a generator."""
    is_added = isinstance(node, ast.Call) and name_of(node) == "append"
    return isinstance(node, (ast.ListComp, ast.GeneratorExp, ast.Yield)) or is_added


def _strides(node: ast.AST) -> Iterator[ast.expr]:
    """The strides of the ranges over which a node runs."""
    loops = [node.iter] if isinstance(node, ast.For) else []
    if isinstance(node, (ast.ListComp, ast.GeneratorExp)):
        loops = [one.iter for one in node.generators]
    for one in loops:
        if isinstance(one, ast.Call) and name_of(one) == "range":
            yield from one.args[2:]


class MadeObject(NamedTuple):
    """A call that makes an object, and what it gives for a field; None if the field keeps its own value."""

    call: ast.Call
    value: ast.expr | None
