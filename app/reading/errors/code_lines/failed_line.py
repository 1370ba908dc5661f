"""The line of code that failed: its operations, and what their arrays are, by their names and by the lines before it.

This is what a text without a program shows: the line that failed, and the lines that a traceback shows around it.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice, takewhile

from ...code.operations import PRODUCTS, factors_of_call
from ...code.source_text import parse
from ..axes_of_arrays import RANK
from ..pasted_text import without_spaces
from .array_names import (
    KERNEL,
    OF_ANYTHING,
    OF_GATES,
    OF_KERNELS,
    OF_LAYER_AFTER,
    OF_OUTPUT,
    RECURRENT,
    role_of,
    role_of_layer,
)
from .program_nodes import CONCATENATIONS, is_entry_before, last_name

MOST_LINES = 400
"""Lines at the end of a text in which names are looked for."""

MOST_PLACES, MOST_BACK = 4, 40
"""Places of the line that failed in a text, and lines before each of them, that are read."""

BEGINNING = re.compile(
    r"\s{0,20}(?:\d{1,6} )?\s{0,20}(?:(?:async )?def |class )|Traceback |\s{0,8}File |(?:Cell |Input )?In ?\["
)
"""The beginning of another function, or of a frame."""

MOST_LINKS = 6
"""How many names and calls stand between an array and where it comes from."""

LONGEST_LINE, MOST_OPERATIONS, MOST_NODES = 300, 24, 200
"""Characters, operations and parts of the syntax tree of the line that failed that are read."""

ASSIGNED = re.compile(
    r"\s{0,20}(?:-{2,}> ?)?(?:\d{1,6} )?\s{0,60}"
    r"((?:[\w.]{1,60}|\([\w., ]{1,80}\))(?:, ?(?:[\w.]{1,60}|\([\w., ]{1,80}\)|)){0,4})"
    r" ?=(?!=) ?(\S.{0,300})"
)
"""A line that gives names to values, as a program or as IPython shows it."""


MODULES = (
    "torch",
    "F",
    "np",
    "jnp",
    "tf",
    "nn",
    "functional",
    "numpy",
    "jax",
    "lax",
    "K",
    "keras",
    "ops",
    "layers",
    "math",
)

MADE = ("zeros", "ones", "rand", "randn", "empty", "full", "arange", "tensor", "array", "normal", "randint")
"""Functions that make an array, which say nothing about what it is."""

FEWER = ("mean", "sum", "max", "min", "argmax", "select", "logsumexp", "any", "all")
"""Methods that remove the axis that they get."""


@dataclass(frozen=True)
class Array:
    """An operand: what it is, "" if that is not known, its number of axes, None if that is not known, its expression,
    and whether it is a product with weights, or what a layer makes of one array."""

    role: str
    rank: int | None
    node: ast.expr
    is_projected: bool = False
    is_certain: bool = True
    """Whether more than a name that may be one of anything says what it is."""

    @cached_property
    def text(self) -> str:
        """The expression as Python writes it, which takes as long as it is."""
        try:
            return ast.unparse(self.node)
        except RecursionError:
            return ""

    def is_of_size_one(self, axis: int) -> bool:
        """Whether the expression makes an axis of size 1, which fits any other: ``keys[:, None]``."""
        node = self.node
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
            added = node.slice.elts[axis : axis + 1]
            return any(isinstance(one, ast.Constant) and one.value is None for one in added)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "unsqueeze":
            return any(isinstance(one, ast.Constant) and one.value == axis for one in node.args)
        return False

    @property
    def is_name(self) -> bool:
        """Whether the expression is nothing but a name: ``h0`` or ``self.h0``."""
        return isinstance(self.node, (ast.Name, ast.Attribute))

    @property
    def is_plain(self) -> bool:
        """Whether a method of the expression can be called without brackets."""
        return isinstance(self.node, (ast.Name, ast.Attribute, ast.Subscript))

    @property
    def is_entry(self) -> bool:
        """Whether the expression takes one entry of an array: ``h[-1]``."""
        return isinstance(self.node, ast.Subscript) and _first_index(self.node) is not None

    @property
    def is_number(self) -> bool:
        """Whether the expression begins with a number, as ``1 - z`` does."""
        node = self.node
        while isinstance(node, ast.BinOp):
            node = node.left
        is_negative = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
        return is_negative or (isinstance(node, ast.Constant) and isinstance(node.value, (int, float)))


@dataclass(frozen=True)
class LineOperation:
    """An operation of several arrays in a line of code, and its ``name``."""

    kind: str
    name: str
    operands: tuple[Array, ...]
    makes_x: bool = False
    """Whether a recurrent layer gets what it computes."""

    @property
    def factors(self) -> tuple[str, str]:
        """What both factors of a product are, by their names or by those of the weights."""
        left, right = self.operands[:2]
        are_after = [OF_LAYER_AFTER.match(one.text) is not None for one in (left, right)]
        if are_after in ([True, False], [False, True]) and "x" not in (left.role, right.role):
            return ("kernel", "output") if are_after[0] else ("output", "kernel")
        if any(map(OF_OUTPUT.search, (left.text, right.text))):
            return ("output", "kernel") if left.role != "kernel" else ("kernel", "output")
        return _by_kernel(left, right), _by_kernel(right, left)


class FailedLine:
    """The line that failed, with the lines of a text that give names to arrays."""

    def __init__(self, code: str, text: str) -> None:
        self.code = code.split("\n")[0][:LONGEST_LINE] if code.count("\n") > 3 else code[:LONGEST_LINE]
        self._text = text

    @cached_property
    def statement(self) -> ast.stmt | None:
        """The line as Python; None if it is not."""
        for code in (self.code, self.code.rstrip(": ") + closing(self.code), self.code.partition("=")[2].strip()):
            statements = parse(code).statements if code.strip() else []
            if statements:
                return statements[0]
        return None

    @cached_property
    def _assigned(self) -> dict[str, list[tuple[str, int | None]]]:
        """Name -> what it is a name for, and its position if several names were given, the last line first. Only the
        lines before the one that failed are read, in its function or frame."""
        found: dict[str, list[tuple[str, int | None]]] = {}
        lines, own = self._text.split("\n")[-MOST_LINES:], without_spaces(self.code)
        for last in [n for n, line in enumerate(lines) if without_spaces(line).endswith(own)][:MOST_PLACES]:
            for line in takewhile(
                lambda line: not BEGINNING.match(line), reversed(lines[max(0, last - MOST_BACK) : last])
            ):
                match = ASSIGNED.fullmatch(line.rstrip()) if "=" in line and len(line) <= LONGEST_LINE else None
                if not match:
                    continue
                names = re.findall(r"[\w.]+", match[1])
                for n, name in enumerate(names):
                    position = None if len(names) == 1 and "," not in match[1] else n
                    found.setdefault(name.removeprefix("self."), []).append((match[2], position))
        return found

    def _value(self, name: str) -> tuple[ast.expr, int | None] | None:
        if not (known := self._assigned.get(name)):
            return None
        code, position = known[0]
        value = _expression(code)
        return (value, position) if value else None

    def made(self, name: str) -> ast.expr | None:
        """What the lines before give a name to; None if they do not show it."""
        known = self._value(name)
        return known[0] if known and known[1] is None else None

    def array(self, node: ast.expr) -> Array:
        """What is known about an expression."""
        role, rank = self._known(node, MOST_LINKS)
        return Array(role, rank, node, self._is_projected(node), self._is_certain(node, role))

    def _is_certain(self, node: ast.expr, role: str) -> bool:
        parts = [one for one in ast.walk(node) if isinstance(one, (ast.Name, ast.Attribute))]
        names = {name for one in parts if role_of(name := last_name(one)) == role}
        return not names or any(not OF_ANYTHING.fullmatch(name) or self._is_made_by_layer(name) for name in names)

    def _is_made_by_layer(self, name: str) -> bool:
        """Whether a line before gives a name to what a recurrent layer returns, or to what is computed from it."""
        if not (known := self._value(name)):
            return False
        value, position = known
        return bool(_returned_at(value, position or 0) or self._known(value, MOST_LINKS)[0])

    def _is_projected(self, node: ast.expr) -> bool:
        while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not _is_of_module(node.func):
            if isinstance(node.func.value, ast.Name) and node.func.value.id == "self":
                return not RECURRENT.fullmatch(node.func.attr.lower())
            node = node.func.value
        if isinstance(node, ast.BinOp):
            return isinstance(node.op, ast.MatMult) or self._is_projected(node.left)
        if isinstance(node, ast.Call):
            return last_name(node.func) in PRODUCTS | {"linear"}
        return False

    def _known(self, node: ast.expr, links: int) -> tuple[str, int | None]:
        """What an expression is, and its number of axes."""
        if not links:
            return "", None
        match node:
            case ast.Name() | ast.Attribute():
                return self._named(node, links)
            case ast.Subscript():
                return self._indexed(node, links)
            case ast.Call():
                return self._called(node, links)
            case ast.UnaryOp():
                return self._known(node.operand, links - 1)
            case ast.Compare():
                known = [self._known(side, links - 1) for side in (node.left, *node.comparators[:1])]
                if any(role == "target" for role, _ in known) or _compares_target(node):
                    return "target", None
                return "mask", known[0][1]
            case ast.BinOp():
                left, right = (self._known(side, links - 1) for side in (node.left, node.right))
                ranks = [rank for _, rank in (left, right) if rank]
                roles = [role for role, _ in (left, right) if role and role not in ("kernel", "bias")]
                if isinstance(node.op, ast.Mult) and "h" in roles:  # a gate of h, whatever its name
                    return "h", max(ranks, default=None)
                return (roles[0] if roles else ""), max(ranks, default=None)
        return "", None

    def _named(self, node: ast.Name | ast.Attribute, links: int) -> tuple[str, int | None]:
        if isinstance(node, ast.Attribute) and node.attr in ("T", "mT", "H", "data"):
            return self._known(node.value, links)
        name = node.id if isinstance(node, ast.Name) else node.attr
        by_name = role_of(name)
        if known := self._value(name):
            value, position = known
            if position is not None:
                returned = _returned_at(value, position)
                return (returned or by_name), RANK if returned == "output" else None
            role, rank = self._known(value, links - 1)
            called = value.value if isinstance(value, ast.Subscript) else value
            if role in ("output", "h", "c") and isinstance(called, ast.Call) and _is_recurrent(called):
                return role, rank
            return by_name or role, rank
        return by_name, 2 if by_name == "mask" else None

    def _indexed(self, node: ast.Subscript, links: int) -> tuple[str, int | None]:
        value, index = node.value, node.slice
        if any(is_entry_before(node, target) for target in self._written):  # kept[t] = f(kept[t - 1])
            return "h", None
        if isinstance(index, ast.Constant) and index.value in (0, 1) and _may_return_pair(value):
            return ("output" if index.value == 0 else "h"), RANK
        role, rank = self._known(value, links - 1)
        if isinstance(value, ast.Name) and isinstance(index, ast.Constant) and isinstance(index.value, str):
            named = role_of(index.value)
            is_kernel = KERNEL.fullmatch(index.value) or (named == "weights" and len(index.value) == 1)
            return ("kernel" if is_kernel else named or role), None
        indices = index.elts if isinstance(index, ast.Tuple) else [index]
        removed = sum(_is_number(one) for one in indices)
        added = sum(isinstance(one, ast.Constant) and one.value is None for one in indices)
        is_one = removed and rank is None and role in ("output", "x")
        return role, (RANK if is_one else rank) - removed + added if rank or is_one else None  # type: ignore[operator]

    def _called(self, node: ast.Call, links: int) -> tuple[str, int | None]:
        function, first = node.func, node.args[0] if node.args else None
        name = last_name(function)
        lower = name.lower()
        if isinstance(function, ast.Call):  # a layer of Keras that is made and called
            role = "output" if RECURRENT.search(last_name(function.func).lower()) else ""
            return (role or self._known(first, links - 1)[0] if first else ""), None
        is_method = isinstance(function, ast.Attribute) and not _is_of_module(function) and not _is_of_self(function)
        array = function.value if is_method and isinstance(function, ast.Attribute) else first
        if is_method and (of_layer := role_of_layer(lower)) and lower != "softmax":
            return of_layer, None
        if not is_method:
            if lower in MADE or array is None:
                return "", None
            if isinstance(array, (ast.List, ast.Tuple)):
                known = [self._known(one, links - 1) for one in array.elts[:4]]
                roles = [role for role, _ in known if role]
                is_both = {*roles} == {"x", "h"} or (roles == ["h"] and len(known) == 2 and name in CONCATENATIONS)
                both = "xh" if is_both else ""  # what a cell joins with h is x, whatever it is called
                return both or (roles[0] if roles else ""), next((rank for _, rank in known if rank), None)
            if RECURRENT.fullmatch(lower):
                return "output", RANK
            if of_layer := role_of_layer(lower):
                return of_layer, self._known(array, links - 1)[1] if of_layer != "output" else None
            return self._known(array, links - 1)
        assert array is not None
        role, rank = self._known(array, links - 1)
        if lower == "softmax":
            return "weights", rank
        has_axis = bool(node.args or node.keywords)
        keeps = any(keyword.arg in ("keepdim", "keepdims") for keyword in node.keywords)
        if lower in ("unsqueeze", "expand_dims"):
            return role, rank + 1 if rank else None
        if lower in FEWER and has_axis and not keeps and (rank or role in ("output", "x")):
            return role, (rank or RANK) - 1
        if lower == "squeeze" and rank:
            return role, rank - 1
        if lower in ("view", "reshape", "expand", "repeat") and node.args:
            return role, len(node.args)
        return role, rank

    @cached_property
    def operations(self) -> tuple[LineOperation, ...]:
        """The operations in the line, the innermost ones first, as Python computes them. Of a line with more than a
        person writes the first ones."""
        return tuple(islice(self._all_operations(), MOST_OPERATIONS))

    def _all_operations(self) -> Iterator[LineOperation]:
        if self.statement is None:
            return
        if isinstance(self.statement, ast.AugAssign):
            yield from self._operations_of(self.statement.value)
            yield self._binary(self.statement.op, self.statement.target, self.statement.value)
        elif isinstance(self.statement, ast.Assign):
            yield from self._operations_of(self.statement.value, makes_x=self._gives_x)
        else:
            yield from self._operations_of(self.statement)

    @property
    def _gives_x(self) -> bool:
        """Whether the text shows the call of a recurrent layer with the name that the line gives."""
        target = self.targets[0] if len(self.targets) == 1 else ""
        return bool(target and re.search(rf"(?i:lstm|gru|rnn)\w{{0,20}}\(\s?{target}\s?[,)]", self._text))

    def _operations_of(self, node: ast.AST, makes_x: bool = False) -> Iterator[LineOperation]:
        is_layer = isinstance(node, ast.Call) and RECURRENT.fullmatch(last_name(node.func).lower())
        for child in ast.iter_child_nodes(node):
            yield from self._operations_of(child, makes_x=bool(is_layer))
        if isinstance(node, ast.BinOp):
            yield self._binary(node.op, node.left, node.right)
        elif isinstance(node, ast.Compare):
            yield self._comparison(node.left, node.comparators[0])
        elif isinstance(node, ast.Call):
            for operation in self._operations_of_call(node):
                yield replace(operation, makes_x=makes_x)

    def _comparison(self, *sides: ast.expr) -> LineOperation:
        arrays = tuple(map(self.array, sides))
        if all(array.role != "target" for array in arrays):
            arrays = tuple(replace(one, role="target") if is_target_of(one.node) else one for one in arrays)
        return LineOperation("comparison", "Compare", arrays)

    def roles_at(self, index: int) -> list[str]:
        """What the arrays are that the line indexes with a number along their first axis."""
        nodes = (node for node in self._nodes if isinstance(node, ast.Subscript) and _first_index(node) == index)
        return [self.array(node.value).role for node in nodes]

    def indexed_arrays(self, axis: int, index: int) -> list[Array]:
        """The arrays that the line indexes with a number along another axis than the first."""
        nodes = (node for node in self._nodes if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple))
        return [self.array(node.value) for node in nodes if _is_index(node.slice, axis, index)]

    def receiver(self, method: str) -> Array | None:
        """The first array whose method the line calls; None without one."""
        calls = (node.func for node in self._nodes if isinstance(node, ast.Call))
        found = (one.value for one in calls if isinstance(one, ast.Attribute) and one.attr == method)
        return next(map(self.array, found), None)

    def argument(self, function: str) -> Array | None:
        """The first argument of the first call of a function of PyTorch, such as ``torch.gather(output, 1, index)``."""
        calls = (node for node in self._nodes if isinstance(node, ast.Call) and node.args)
        found = (one.args[0] for one in calls if isinstance(one.func, ast.Attribute) and one.func.attr == function)
        return next(map(self.array, found), None)

    def is_returned(self, node: ast.expr) -> bool:
        """Whether the lines before show that a recurrent layer returned an array, or what it is computed from."""
        left, seen = [node], dict[str, None]()
        while left and len(seen) < MOST_NODES:
            parts = list(islice(ast.walk(left.pop()), MOST_NODES))
            if any(isinstance(one, ast.Call) and _is_recurrent(one) for one in parts):
                return True
            names = dict.fromkeys(last_name(one) for one in parts if isinstance(one, (ast.Name, ast.Attribute)))
            new = [name for name in names if name not in seen]
            seen |= names
            left += [value for name in new for code, _ in self._assigned.get(name, ()) if (value := _expression(code))]
        return False

    @property
    def _nodes(self) -> Iterator[ast.AST]:
        return islice(ast.walk(self.statement), MOST_NODES) if self.statement else iter(())

    @cached_property
    def _written(self) -> list[ast.expr]:
        """What the whole line assigns to, also if the code is the marked part of it."""
        places = (line.strip() for line in self._text.split("\n")[-MOST_LINES:] if len(line) <= LONGEST_LINE)
        whole = next((one for one in places if self.code and self.code in one and one != self.code), self.code)
        statements = parse(whole).statements
        return [target for one in statements if isinstance(one, ast.Assign) for target in one.targets]

    @property
    def targets(self) -> list[str]:
        """The names that the line gives."""
        targets = self.statement.targets if isinstance(self.statement, ast.Assign) else []
        return [one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)]

    @property
    def makes_state(self) -> bool:
        """Whether the line gives the name of a state or of gates, or returns what it computes."""
        return not self.targets or any(role_of(name) in ("h", "c") or OF_GATES.search(name) for name in self.targets)

    @cached_property
    def is_loss(self) -> bool:
        """Whether the line computes a loss: by the name that it gives, or as the mean of squared or absolute
        differences."""
        return bool(LOSS_LINE.search(self.code))

    def _binary(self, op: ast.operator, left: ast.expr, right: ast.expr) -> LineOperation:
        kind = "product" if isinstance(op, ast.MatMult) else "sum"
        return LineOperation(kind, type(op).__name__, (self.array(left), self.array(right)))

    def _operations_of_call(self, node: ast.Call) -> Iterator[LineOperation]:
        name = last_name(node.func.func if isinstance(node.func, ast.Call) else node.func)
        arguments: Sequence[ast.expr] = [one for one in node.args if not isinstance(one, ast.Starred)]
        has_both = name in OF_TWO and len(arguments) == 2  # of a module, by any name that the program gives it
        is_method = isinstance(node.func, ast.Attribute) and not _is_of_module(node.func) and not _is_of_self(node.func)
        if is_method and isinstance(node.func, ast.Attribute) and not has_both:
            arguments = [node.func.value, *arguments]
        kind = next((kind for kind, names in KINDS.items() if name in names), "")
        if kind == "join" and arguments and isinstance(arguments[0], (ast.List, ast.Tuple)):
            yield LineOperation("join", name, tuple(map(self.array, arguments[0].elts[:6])))
        elif kind in ("sum", "product"):
            operands = factors_of_call(name, arguments) if kind == "product" else arguments
            if len(operands) > 1:
                yield LineOperation(kind, name, tuple(map(self.array, operands[:2])))
        elif kind == "comparison" and len(arguments) > 1:
            yield self._comparison(*arguments[:2])
        elif OF_LOSS.search(name.lower()) and len(arguments) > 1:
            yield LineOperation(
                "loss", name, tuple(map(self.array, arguments[-2:] if len(arguments) > 2 else arguments))
            )
        elif kind in ("reshape", "axis") and arguments:
            yield LineOperation(kind, name, (self.array(arguments[0]),))
        elif arguments and not kind:
            yield LineOperation("layer", name, tuple(map(self.array, arguments[:3])))


def _by_kernel(array: Array, other: Array) -> str:
    """What an array is, or what the weights say by which it is multiplied."""
    if array.role or other.role != "kernel":
        return array.role
    name = re.sub(r"[^\w]+$|['\"\]]", "", other.text).replace("[", ".").rpartition(".")[2]
    return next((role for role, names in OF_KERNELS.items() if names.fullmatch(name)), "")


OF_TWO = ("dot", "matmul", "mm", "bmm")
"""Functions of two arrays, which are methods with one argument, too."""

KINDS = {
    "product": (*PRODUCTS,),
    "sum": (
        "add",
        "add_",
        "sub",
        "mul",
        "mul_",
        "multiply",
        "where",
        "masked_fill",
        "masked_fill_",
        "copy_",
        "maximum",
    ),
    "comparison": ("eq", "ne", "equal", "not_equal"),
    "join": ("cat", "concat", "concatenate", "hstack", "vstack", "stack", "column_stack", "dstack"),
    "reshape": ("view", "reshape"),
    "axis": (
        "transpose",
        "permute",
        "swapaxes",
        "size",
        "mean",
        "squeeze",
        "softmax",
        "movedim",
        "flatten",
        "max",
        "sum",
    ),
}
"""Operation -> functions and methods that compute it."""

FITS = r"\.(?:fit|evaluate|train_on_batch)\("
"""The training of a model of Keras, which computes the loss."""

LOSS_LINE = re.compile(
    rf"\b\w*(?:loss|error|err|mse|mae|rmse|diff|resid\w*)\w*\s?\+?=(?!=)|{FITS}"
    r"|(?:\b(?:abs|pow|square|norm)\(|\*\*).{0,80}(?:mean|sum)\("
    r"|\b(?:mean|sum|sqrt)\(.{0,80}(?:\b(?:abs|pow|square|norm)\(|\*\*)"
)
OF_LOSS = re.compile(r"loss|criterion|(?:^|_)(?:mse|mae|l1|bce|nll|huber|smape|crit|objective)(?:_|$)|cross_?entropy")


COMPARED = ("y", "ys")
"""Names that an output and a target may have. What is compared with an output is a target."""


def is_target_of(node: ast.expr) -> bool:
    """Whether an array is the target if it is compared with another one, such as ``y`` or ``y.view(-1)``."""
    while isinstance(node, (ast.Call, ast.Attribute, ast.Subscript)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return isinstance(node, ast.Name) and node.id in COMPARED


def _compares_target(node: ast.Compare) -> bool:
    """Whether an output is compared with a target for equality, as an accuracy does."""
    return isinstance(node.ops[0], (ast.Eq, ast.NotEq)) and any(map(is_target_of, (node.left, *node.comparators)))


def _expression(code: str) -> ast.expr | None:
    """What stands behind the = of a line, which may go on in the next one; None if it is no expression."""
    statements = parse(code + closing(code)).statements
    node = statements[0] if statements else None
    return node.value if isinstance(node, ast.Expr) else None


def closing(code: str) -> str:
    """The brackets that a line of code leaves open."""
    open_brackets: list[str] = []
    for character in code:
        if character in "([{":
            open_brackets.append(")]}"["([{".index(character)])
        elif character in ")]}" and open_brackets:
            open_brackets.pop()
    return "".join(reversed(open_brackets))


def _returned_at(value: ast.expr, position: int) -> str:
    """What has a position in what a call returns."""
    name = last_name(value.func).lower() if isinstance(value, ast.Call) else ""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Call):
        name = last_name(value.func.func).lower()
    if "cell" in name:
        return "h" if position == 0 else "c"
    if name.startswith("pad_packed"):
        return "output" if position == 0 else ""
    if _may_return_pair(value):
        return ("output", "h", "c")[min(position, 2)]
    return ""


def _may_return_pair(value: ast.expr) -> bool:
    """Whether a value that is taken apart is what a recurrent layer returns: a layer that is called like one, or any
    layer of the network, since others return one array."""
    if not isinstance(value, ast.Call):
        return False
    return _is_recurrent(value) or (isinstance(value.func, ast.Attribute) and last_name(value.func.value) == "self")


def _is_recurrent(call: ast.Call) -> bool:
    """Whether what is called is called like a recurrent layer."""
    function = call.func.func if isinstance(call.func, ast.Call) else call.func
    return RECURRENT.fullmatch(last_name(function).lower()) is not None


def _is_of_module(node: ast.Attribute) -> bool:
    return last_name(node.value) in MODULES


def _is_of_self(node: ast.Attribute) -> bool:
    """Whether a layer of the network is called: an attribute of self or of a model, or an item of a list of layers."""
    owner = node.value
    if isinstance(owner, ast.Name):
        return owner.id in ("self", "model", "net", "m", "cls")
    return (
        isinstance(owner, ast.Attribute)
        and isinstance(owner.value, ast.Name)
        and owner.value.id == "self"
        and (role_of(owner.attr) == "" or node.attr in ("forward", "cell"))
    )


def _first_index(node: ast.Subscript) -> int | None:
    """The number at the beginning of an index; None if it is something else."""
    return _number(node.slice.elts[0] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice)


def _number(index: ast.expr) -> int | None:
    """The number that an index is; None if it is something else."""
    try:
        value = ast.literal_eval(index)
    except (ValueError, TypeError, RecursionError):
        return None
    return value if isinstance(value, int) else None


def _is_index(indices: ast.expr, axis: int, index: int) -> bool:
    """Whether an index has a number for an axis, without new axes or an ellipsis before it."""
    parts = indices.elts[: axis + 1] if isinstance(indices, ast.Tuple) else []
    if len(parts) <= axis or any(isinstance(one, ast.Constant) and one.value in (None, ...) for one in parts):
        return False
    return _number(parts[axis]) == index


def _is_number(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp):
        node = node.operand
    return (isinstance(node, ast.Constant) and isinstance(node.value, int)) or (
        isinstance(node, ast.Name) and node.id in ("t", "i", "k", "n", "step", "idx")
    )
