"""The recurrent node of an ONNX graph that a program makes, ``helper.make_node("LSTM", ["X", "W", "R"], …)``, and the
input of the graph that it reads."""

import ast
from collections.abc import Iterator

from ...facts_about_sizes import GATES
from ..axes_of_arrays import RANK, axes_of_x_in_order
from .program_nodes import Functions, last_name, name_of
from .program_tree import ProgramTree

KERNEL = 1
"""The place of W among the inputs of a recurrent node."""

KINDS = {"LSTM": "lstm", "GRU": "gru", "RNN": "rnn"}
ORDERS = {0: axes_of_x_in_order(False), 1: axes_of_x_in_order(True)}
"""``layout`` -> the axes of x."""


def sizes_of_onnx_node(tree: ProgramTree, cell: str) -> dict[str, int]:
    """The sizes of the only recurrent node of a program, and of its x; {} without one. ``cell``: that of the message,
    "" if it names none, which is that of a node whose operator is a variable."""
    if (node := _node(tree, cell)) is None:
        return {}
    said = {one.arg: one.value for one in node.keywords if one.arg}
    direction = said.get("direction")
    sizes: dict[str, int | None] = {
        "gates": GATES[_kind(tree.argument(node, 0, "op_type"), cell)],
        "num_units": tree.number(said["hidden_size"]) if "hidden_size" in said else None,
        "num_layers": 1,
    }
    if direction is None or _text(direction):
        sizes["directions"] = 1 + (_text(direction) == "bidirectional")
    order, shape = order_of_x(tree, cell), declared_x(tree, cell)
    if order and shape is not None and len(shape.elts) == len(order):
        sizes |= zip(order, map(tree.number, shape.elts), strict=True)
    if len(kernel := shape_of_input(tree, cell, KERNEL)) == RANK and not sizes.get("features"):
        sizes["features"] = kernel[-1]
    return {name: size for name, size in sizes.items() if size}


def resets_after_product(tree: ProgramTree, cell: str) -> bool | None:
    """Whether the only recurrent node of a program applies its reset gate after the product with the recurrent kernel,
    ``linear_before_reset=1``; None without a node, or if the number is not known."""
    if (node := _node(tree, cell)) is None or any(one.arg is None for one in node.keywords):
        return None
    said = [tree.number(one.value) for one in node.keywords if one.arg == "linear_before_reset"]
    if not said:
        return False
    return said[0] == 1 if said[0] in (0, 1) else None


def order_of_x(tree: ProgramTree, cell: str) -> tuple[str, ...]:
    """The axes of the x of the only recurrent node; () without one, or if its layout is not known."""
    node = _node(tree, cell)
    said = {one.arg: one.value for one in node.keywords if one.arg} if node else {}
    if node is None or "layout" not in said:
        return ORDERS[0] if node else ()
    return ORDERS.get(tree.number(said["layout"]) or 0, ())


def declared_x(tree: ProgramTree, cell: str) -> ast.List | ast.Tuple | None:
    """The shape that a program declares for the x of its only recurrent node; None without one."""
    return _declared_shape(tree, cell, 0)


def _declared_shape(tree: ProgramTree, cell: str, n: int) -> ast.List | ast.Tuple | None:
    """The shape that a program declares for an input of its only recurrent node, also in a dictionary of the shapes of
    all inputs; None without one."""
    node = _node(tree, cell)
    names = [*_texts(tree.argument(node, 1, "inputs"))] if node else []
    name = names[n] if n < len(names) else ""
    infos = _calls_by_any_name(tree, "make_tensor_value_info")
    shapes = [tree.argument(one, 2, "shape") for one in infos if _names(tree, one, name)]
    shapes += [shape for one in infos for key, shape in _listed_shapes(tree, one) if name and key == name]
    (shape,) = shapes if len(shapes) == 1 else (None,)
    return shape if isinstance(shape, (ast.List, ast.Tuple)) else None


def _calls_by_any_name(tree: ProgramTree, name: str) -> list[ast.Call]:
    """The calls of a function, also by names that a program gives it: ``info = helper.make_tensor_value_info``."""
    given = (one for one in tree.nodes if isinstance(one, ast.Assign) and last_name(one.value) == name)
    others = [target.id for one in given for target in one.targets if isinstance(target, ast.Name)]
    return tree.calls_of(name, *others)


def _listed_shapes(tree: ProgramTree, info: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """The names and the shapes that a call gets for the items of a dictionary, over which it runs:
    ``make_tensor_value_info(name, FLOAT, shape) for name, shape in shapes.items()``."""
    given = [ast.unparse(one) for one in (tree.argument(info, 0, "name"), tree.argument(info, 2, "shape")) if one]
    loops = [one for above in tree.above(info) for one in _loops_of(above)]
    for target, over in loops:
        match target, over:
            case ast.Tuple(elts=parts), ast.Call(func=ast.Attribute(value=listed, attr="items")):
                if [ast.unparse(one) for one in parts] != given:
                    continue
                made = tree.assigned(listed) if isinstance(listed, ast.Name) else listed
                if isinstance(made, ast.Dict):
                    yield from ((_text(key), value) for key, value in zip(made.keys, made.values, strict=True))


def _loops_of(node: ast.AST) -> list[tuple[ast.expr, ast.expr]]:
    """The variables of a loop, or of each loop of a comprehension, and what it runs over."""
    match node:
        case ast.For(target=target, iter=over):
            return [(target, over)]
        case ast.ListComp() | ast.GeneratorExp():
            return [(one.target, one.iter) for one in node.generators]
    return []


def array_of_input(tree: ProgramTree, cell: str, n: int) -> ast.expr | None:
    """The array that a program declares for an input of its only recurrent node, or that a session gets for it; None
    without one."""
    node = _node(tree, cell)
    names = [*_texts(tree.argument(node, 1, "inputs"))] if node else []
    name = names[n] if n < len(names) else ""
    arrays = [*_arrays_named(tree, name), *_arrays_fed(tree, name)] if name else []
    return arrays[0] if len(arrays) == 1 else None


def _arrays_named(tree: ProgramTree, wanted: str) -> Iterator[ast.expr]:
    """The arrays that a program declares by a name, also by a function of its own that gets the array and the name."""
    for declared in _calls_by_any_name(tree, "from_array"):
        array, name = tree.argument(declared, 0, "array"), tree.argument(declared, 1, "name")
        function = tree.function_of(declared)
        if array is None or not isinstance(name, ast.Name) or function is None:
            yield from [array] if array is not None and _text(name) == wanted else []
            continue
        parameters = [one for one in ast.walk(array) if isinstance(one, ast.Name)]
        given = [one for one in parameters if one.id in tree.parameters(function)]
        for call in tree.calls_of(function.name) if len(given) == 1 else []:
            value = tree.argument_for(call, function, given[0])
            if value is not None and _text(tree.argument_for(call, function, name)) == wanted:
                yield value


def _arrays_fed(tree: ProgramTree, wanted: str) -> Iterator[ast.expr]:
    """The arrays that sessions get for an input of the graph: ``session.run(None, {"W": w})``."""
    for call in tree.calls_of("run"):
        fed = tree.argument(call, 1, "input_feed")
        inputs = tree.assigned(fed) if isinstance(fed, ast.Name) else fed
        if isinstance(inputs, ast.Dict):
            yield from (one for key, one in zip(inputs.keys, inputs.values, strict=True) if _text(key) == wanted)


def sizes_of_declared(tree: ProgramTree, value: ast.expr) -> list[ast.expr]:
    """The sizes of an array where it is made, or those that a function of the program gets for any number of axes."""
    function = tree.function_called(value) if isinstance(value, ast.Call) else None
    if isinstance(value, ast.Call) and function and function.args.vararg and not tree.parameters(function):
        return value.args
    made = tree.made_by(value) or value
    return tree.sizes_of(made) if isinstance(made, ast.Call) and tree.is_maker(made) and name_of(made) != "full" else []


def shape_of_input(tree: ProgramTree, cell: str, n: int) -> tuple[int | None, ...]:
    """The shape of the array that a program declares for an input of its only recurrent node; () without one."""
    return tuple(map(tree.number, sizes_of_input(tree, cell, n)))


def sizes_of_input(tree: ProgramTree, cell: str, n: int) -> list[ast.expr]:
    """The sizes of the array that a program declares for an input of its only recurrent node, where it makes the values
    for these sizes; [] for any other."""
    if (array := array_of_input(tree, cell, n)) is not None:
        return sizes_of_declared(tree, array)
    node = _node(tree, cell)
    names = [*_texts(tree.argument(node, 1, "inputs"))] if node else []
    found = [sizes for sizes in _sizes_named(tree, names[n]) if sizes] if n < len(names) and names[n] else []
    if not found and (declared := _declared_shape(tree, cell, n)):
        return list(declared.elts)
    return found[0] if len(found) == 1 else []


def _sizes_named(tree: ProgramTree, wanted: str) -> Iterator[list[ast.expr]]:
    """The sizes with which ``make_tensor`` declares an array with a name, also in a function of the program that gets
    the name and the sizes."""
    for declared in tree.calls_of("make_tensor"):
        name, shape, values = (
            tree.argument(declared, place, key) for place, key in ((0, "name"), (2, "dims"), (3, "vals"))
        )
        function, is_made = tree.function_of(declared), values is not None and any(map(tree.is_maker, _calls(values)))
        if shape is None or not is_made:
            continue
        if _text(name) == wanted:
            yield list(shape.elts) if isinstance(shape, (ast.Tuple, ast.List)) else []
        elif isinstance(name, ast.Name) and isinstance(shape, ast.Name) and function is not None:
            for call in tree.calls_of(function.name):
                if _text(tree.argument_for(call, function, name)) == wanted:
                    yield _given_sizes(tree, call, function, shape)


def _given_sizes(tree: ProgramTree, call: ast.Call, function: Functions, shape: ast.Name) -> list[ast.expr]:
    """The sizes that a call gives a function for its parameter of a shape, which may take any number of arguments."""
    if function.args.vararg and function.args.vararg.arg == shape.id:
        return call.args[len(tree.parameters(function)) :]
    given = tree.argument_for(call, function, shape)
    return list(given.elts) if isinstance(given, (ast.Tuple, ast.List)) else []


def _calls(node: ast.expr) -> list[ast.Call]:
    return [one for one in ast.walk(node) if isinstance(one, ast.Call)]


def operator_of_node(tree: ProgramTree, cell: str) -> ast.expr | None:
    """The name of the operator of the only recurrent node; None without one."""
    node = _node(tree, cell)
    return tree.argument(node, 0, "op_type") if node else None


def _node(tree: ProgramTree, cell: str) -> ast.Call | None:
    """The only recurrent node that a program makes; None without one."""
    nodes = [one for one in _calls_by_any_name(tree, "make_node") if _kind(tree.argument(one, 0, "op_type"), cell)]
    return nodes[0] if len(nodes) == 1 else None


def _kind(operator: ast.expr | None, cell: str) -> str:
    """The cell of an operator; "" for one that is not recurrent or that is not known."""
    if isinstance(operator, ast.Constant):
        return KINDS.get(_text(operator), "")
    return cell


def _names(tree: ProgramTree, call: ast.Call, name: str) -> bool:
    """Whether a call declares the input with a name."""
    return bool(name) and _text(tree.argument(call, 0, "name")) == name


def _text(node: ast.expr | None) -> str:
    """A text that is written; "" for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _texts(node: ast.expr | None) -> Iterator[str]:
    """The texts of a list."""
    yield from map(_text, node.elts if isinstance(node, (ast.List, ast.Tuple)) else ())
