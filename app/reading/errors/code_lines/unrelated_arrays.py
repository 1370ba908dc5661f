"""Whether the line that failed computes only arrays that its program makes for it, and that no recurrent layer sees,
or arrays that nothing in the program connects with one."""

import ast
import builtins
import re
from collections.abc import Iterator
from functools import partial

from ...code.source_text import parse
from ..names_of_layers import LAYER_OR_CELL
from .array_names import role_of
from .handwritten_recurrence import computes_recurrence, is_step, scans_state
from .program_nodes import name_of
from .program_tree import ProgramTree

OF_NETWORKS = re.compile(
    r"lstm|gru|rnn|recurrent|cell|bidirectional|sequential|model|wrapper|timedistributed|attention|load|open|read|scan"
    r"|^(?:apply|init|fit|predict|evaluate|call|forward|compile|add|run|vmap|jit|grad)$",
    re.IGNORECASE,
)
"""Functions whose result may be that of a recurrent layer, or data of an unknown shape."""

SEEDS = ("default_rng", "RandomState", "PRNGKey", "key", "split", "Generator", "manual_seed")
"""What makes random numbers possible, and is no array of the program."""

OF_LAYERS = ("x", "h", "c", "output", "mask", "target")
"""Roles of arrays, by their names, that a recurrent layer may see in lines that the text lacks."""

RETURNED = ("h", "c", "output")
"""Roles of arrays that a recurrent layer returns."""

SAYS_NOTHING = re.compile(r"[abxyz]\d?")
"""Names that programs give to any array."""

OF_PICTURES = re.compile(r"im(?:age|g)s?|pictures?|photos?|pixels?", re.IGNORECASE)
"""Names of pictures, which may have masks without steps."""

RECURRENT_OR_KEPT = re.compile(
    r"lstm|gru|rnn|recurrent|cell|bidirectional|wrapper|timedistributed|encod|decod|scan|load(?!er)|open|read"
    r"|^(?:apply|init|run|vmap|jit|grad)$",
    re.IGNORECASE,
)
"""Names of what may be a recurrent layer, or call one, or have kept what one returned."""

LIBRARIES = ("np", "jnp", "torch", "tf", "keras", "nn", "F")
"""Libraries by the names under which programs import them."""

MOST_STATEMENTS = 40
"""Lines of a program that are followed."""


def computes_unrelated_arrays(tree: ProgramTree) -> bool:
    """Whether a program makes a recurrent layer, and all operands of the line that failed are literals or arrays of its
    own: none of them is an input, output, state, weight or target of that layer, or is made of one or becomes one."""
    layers = [one for one in tree.calls if LAYER_OR_CELL.fullmatch(name_of(one))]
    failed = {_statement_of(tree, node) for node in tree.nodes_of_failure}
    if not layers or not failed or computes_recurrence(tree):
        return False
    if any(isinstance(one, ast.stmt) and (is_step(one) or scans_state(one)) for one in failed):
        return False
    followed = _statements_with(tree, failed)
    if followed is None:
        return False
    return _is_called(tree, layers) or not _is_called_like_arrays_of_layers(tree, failed, followed)


def computes_unread_arrays(tree: ProgramTree) -> bool:
    """Whether a program makes a recurrent layer, and the line that failed, outside of its functions, reads nothing
    that may come from one, and neither its result nor what it reads may be given to one. Other lines may be missing."""
    layers = [one for one in tree.calls if LAYER_OR_CELL.fullmatch(name_of(one))]
    failed = {_statement_of(tree, node) for node in tree.nodes_of_failure}
    if not layers or not failed or computes_recurrence(tree) or not all(map(partial(_gives_names, tree), failed)):
        return False
    networks = {name for one in layers if (made := _statement_of(tree, one)) for name in _stored(made)}
    networks |= {one.name for one in tree.nodes if isinstance(one, ast.ClassDef)}
    followed = dict.fromkeys(failed)
    for one in (statements := [*followed]):
        if len(statements) > MOST_STATEMENTS or one is None or _may_call_layer(tree, one, networks):
            return False
        for more in (*_makers(tree, one), *_readers(tree, one)):
            if more not in followed:
                followed[more] = None
                statements.append(more)
    return not _is_called_like_arrays_of_layers(tree, failed, [one for one in followed if one])


def reads_own_arrays(tree: ProgramTree) -> bool:
    """Whether assignments of the program make all that the line that failed reads."""
    failed = {_statement_of(tree, node) for node in tree.nodes_of_failure}
    read = [name for one in failed if one for name in _loaded(one) if name.id not in {*tree.imported, *dir(builtins)}]
    return all(_is_only_assigned(tree, name) for name in read)


def _gives_names(tree: ProgramTree, statement: ast.stmt | None) -> bool:
    """Whether a statement outside of all functions keeps its result by names alone, or not at all."""
    match statement:
        case ast.Expr() | ast.Assign([ast.Name()]):
            return tree.function_of(statement) is None
        case ast.Assign([ast.Tuple(names)]):
            return tree.function_of(statement) is None and all(isinstance(one, ast.Name) for one in names)
    return False


def _may_call_layer(tree: ProgramTree, statement: ast.stmt, networks: set[str]) -> bool:
    """Whether a statement, without those inside it, may read a recurrent layer, a file, a network or a class with
    one of these names, or a function of the program."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return True
    for one in _nodes_of(statement):
        match one:
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in networks or RECURRENT_OR_KEPT.search(name):
                return True
            case ast.Name(id=name) if tree.functions_named(name):
                return True
            case ast.Name(id=name) if OF_NETWORKS.search(name) and "loader" not in name.lower():
                if name not in tree.imported and not tree.is_assigned(name):
                    return True
            case ast.Call(func=ast.Name(id=name)) if name not in (*tree.imported, *dir(builtins)):
                if not tree.is_assigned(name):
                    return True
    return False


def _nodes_of(statement: ast.stmt) -> Iterator[ast.AST]:
    """The nodes of a statement without those of the statements inside it."""
    yield statement
    for child in ast.iter_child_nodes(statement):
        if not isinstance(child, ast.stmt):
            yield from ast.walk(child)


def _is_called_like_arrays_of_layers(tree: ProgramTree, failed: set[ast.stmt | None], followed: list[ast.stmt]) -> bool:
    """Whether an array among statements has a name of those that a recurrent layer sees, and comes from no other layer.
    An input counts only where the line that failed makes it: what this line reads may be that of anything."""
    results = {name for one in failed if one for name in _stored(one)}
    of_others = _arrays_of_other_layers(tree, followed)
    names = {one.id for statement in followed for one in _nodes_of(statement) if isinstance(one, ast.Name)}
    unseen = ("x", "mask") if any(map(OF_PICTURES.fullmatch, names)) else ("x",)
    return any(
        (role := role_of(name)) in OF_LAYERS
        and role not in of_others.get(name, ())
        and (name in results or role not in unseen)
        for name in names - tree.imported
    )


def lacks_origins(tree: ProgramTree) -> bool:
    """Whether the line that failed reads arrays that no line of the program makes, and nothing connects them with the
    recurrent layers that it makes: no line calls one, the line that failed reads none, and the names of the arrays say
    nothing."""
    layers = [one for one in tree.calls if LAYER_OR_CELL.fullmatch(name_of(one))]
    failed = [_statement_of(tree, node) for node in tree.nodes_of_failure]
    if not layers or not failed or _is_called(tree, layers) or any(tree.function_of(one) for one in failed if one):
        return False
    read = {name.id for one in failed if one for name in _loaded(one)} - {*tree.imported, *dir(builtins)}
    named = {name for one in layers if (made := _statement_of(tree, one)) for name in _stored(made)}
    unknown = {name for name in read if not tree.is_assigned(name)}
    if read & named or any(OF_NETWORKS.search(name) for name in unknown):
        return False
    return bool(unknown) and all(SAYS_NOTHING.fullmatch(name) or role_of(name) not in OF_LAYERS for name in unknown)


def reads_missing_arrays(tree: ProgramTree) -> bool:
    """Whether the program lacks the line that failed and all arrays that this line reads, and nothing tells whether
    these arrays are those of its recurrent layers: their names say nothing, or are those of no array that a recurrent
    layer of a class sees."""
    layers = [one for one in tree.calls if LAYER_OR_CELL.fullmatch(name_of(one))]
    failed = parse(tree.frames[-1]).statements if tree.frames and not tree.nodes_of_failure else []
    if not layers or len(failed) != 1 or isinstance(failed[0], ast.Return):
        return False
    called = {
        one.func.id for one in ast.walk(failed[0]) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)
    }
    read = {name.id for name in _loaded(failed[0])} - {*tree.imported, *dir(builtins), *called, *LIBRARIES}
    if not read or any(map(tree.is_assigned, read)):
        return False
    if not any(map(tree.function_of, layers)):
        return all(map(SAYS_NOTHING.fullmatch, read))
    if any(map(tree.nodes_in, tree.frames)):  # a line of the program leads to the one that failed
        return False
    known = {one.id for one in tree.nodes if isinstance(one, ast.Name)} | {
        one.arg for one in tree.nodes if isinstance(one, ast.arg)
    }
    names = {*read, *_stored(failed[0])}
    return not OF_NETWORKS.search(ast.unparse(failed[0])) and not any(one in known or role_of(one) for one in names)


def _arrays_of_other_layers(tree: ProgramTree, followed: list[ast.stmt]) -> dict[str, tuple[str, ...]]:
    """The names of layers without recurrence, and of arrays that they read or make -> the roles that these do not have
    in a recurrent layer: what a layer reads is its own input, and what is made of its result is no output or state."""
    roles = dict[str, tuple[str, ...]]()
    made = set[str]()
    for _ in followed:  # in any order: each round follows one more statement
        for one in followed:
            calls = [node for node in ast.walk(one) if isinstance(node, ast.Call) and _is_of_layer(tree, node)]
            if calls or made & {name.id for name in _loaded(one)}:
                made |= _stored(one)
            for node in (name for call in calls for given in (call.func, *call.args) for name in _loaded(given)):
                roles[node.id] = OF_LAYERS
    return {**dict.fromkeys(made, RETURNED), **roles}


def _is_of_layer(tree: ProgramTree, call: ast.Call) -> bool:
    """Whether a call is that of a layer which the program makes: ``nn.Linear(3, 4)(x)``, or by its name."""
    made = tree.assigned(call.func) if isinstance(call.func, ast.Name) else call.func
    return isinstance(made, ast.Call) and name_of(made)[:1].isupper()


def _statements_with(tree: ProgramTree, failed: set[ast.stmt | None]) -> list[ast.stmt] | None:
    """The statements that make what some statements read, and those that read what they make; None if one of them
    reads something else than literals, arrays and layers of its own."""
    followed = dict.fromkeys(failed)
    for one in (statements := [*followed]):
        if len(statements) > MOST_STATEMENTS or one is None or not _computes_own_arrays(tree, one):
            return None
        for more in (*_makers(tree, one), *_readers(tree, one)):
            if more not in followed:
                followed[more] = None
                statements.append(more)
    return [one for one in followed if one]


def _statement_of(tree: ProgramTree, node: ast.AST) -> ast.stmt | None:
    return next((one for one in (node, *tree.above(node)) if isinstance(one, ast.stmt)), None)


def _computes_own_arrays(tree: ProgramTree, statement: ast.stmt) -> bool:
    """Whether a statement computes something, by functions and layers of libraries, of names that get one of such
    values in the same function."""
    match statement:
        case ast.Expr(value):
            pass
        case ast.Assign([ast.Name()], value):
            pass
        case ast.Assign([ast.Tuple(names)], value) if all(isinstance(one, ast.Name) for one in names):
            pass
        case ast.AugAssign(target=ast.Name(), value=value):
            pass
        case _:
            return False
    bound = {name for one in ast.walk(value) if isinstance(one, ast.comprehension) for name in _stored(one.target)}
    called = {id(one.func) for one in ast.walk(value) if isinstance(one, ast.Call)}
    for one in ast.walk(value):
        match one:
            case ast.Lambda() | ast.Await() | ast.Yield() | ast.YieldFrom() | ast.NamedExpr():
                return False
            case ast.Attribute(attr=name) if OF_NETWORKS.search(name):
                return False
            case ast.Name(id=name) if name in tree.imported or (id(one) in called and hasattr(builtins, name)):
                if OF_NETWORKS.search(name):
                    return False
            case ast.Name(ctx=ast.Load()) if one.id not in bound and not _is_only_assigned(tree, one):
                return False
    return True


def _makers(tree: ProgramTree, statement: ast.stmt) -> Iterator[ast.stmt | None]:
    """The statements that give a value to the names that a statement reads."""
    for one in _loaded(statement):
        if one.id not in tree.imported:
            yield from map(partial(_statement_of, tree), _places_of(tree, one))


def _places_of(tree: ProgramTree, name: ast.Name) -> list[ast.Name]:
    """Where a name gets a value in its function, or in the module if it gets none there; [] for a parameter."""
    function = tree.function_of(name)
    if name.id in tree.parameters(function):
        return []
    places = tree.places_of(name)
    inside = [one for one in places if tree.function_of(one) is function]
    return inside or [one for one in places if tree.function_of(one) is None]


def _is_only_assigned(tree: ProgramTree, name: ast.Name) -> bool:
    """Whether a name gets all its values by assignments: not as a parameter, or in a loop."""
    makers = [_statement_of(tree, one) for one in _places_of(tree, name)]
    return bool(makers) and all(isinstance(one, (ast.Assign, ast.AugAssign)) for one in makers)


def _readers(tree: ProgramTree, statement: ast.stmt) -> Iterator[ast.stmt | None]:
    """The statements that read the array or the layer that a statement makes; none for a size."""
    if _is_size(tree, statement):
        return
    names = _stored(statement)
    named = (one for one in tree.nodes if isinstance(one, ast.Name) and one.id in names)
    for one in named:
        makers = (_statement_of(tree, place) for place in _places_of(tree, one))
        if isinstance(one.ctx, ast.Load) and any(maker is statement for maker in makers):
            yield _statement_of(tree, one)


def _is_size(tree: ProgramTree, statement: ast.stmt, depth: int = 0) -> bool:
    """Whether a statement only makes a number, or what gives random numbers."""
    calls = [one for one in ast.walk(statement) if isinstance(one, ast.Call)]
    if calls:
        return name_of(calls[0]) in SEEDS
    makers = [one for one in _makers(tree, statement) if one]
    return depth < MOST_STATEMENTS and all(_is_size(tree, one, depth + 1) for one in makers if one is not statement)


def _is_called(tree: ProgramTree, layers: list[ast.Call]) -> bool:
    """Whether the program calls a recurrent layer, or a network that has one."""
    for layer in layers:
        if tree.function_of(layer) or any(isinstance(one, ast.Call) for one in tree.above(layer)):
            return True  # in a class, or in a model
        statement = _statement_of(tree, layer)
        names = _stored(statement) if statement else set()
        if any(isinstance(one.func, ast.Name) and one.func.id in names for one in tree.calls):
            return True
    return False


def _loaded(statement: ast.AST) -> Iterator[ast.Name]:
    """The names that a statement reads, also that to which it adds something."""
    changed = statement.target if isinstance(statement, ast.AugAssign) else None
    names = (one for one in ast.walk(statement) if isinstance(one, ast.Name))
    return (one for one in names if isinstance(one.ctx, ast.Load) or one is changed)


def _stored(statement: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(statement) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
