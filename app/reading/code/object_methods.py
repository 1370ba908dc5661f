"""Methods of what a program makes: objects, layers, lists, dictionaries, texts."""

import ast

from . import command_line_options as options
from . import records
from .arithmetic import items_of
from .command_line_options import Parser
from .frameworks import keras
from .frameworks.pytorch_functions import method, with_data
from .frameworks.tf1 import Cells, Graph, cells_of, shaped
from .frameworks.tf1_calls import TensorFlow1Calls, zero_state
from .imported_names import keras_class, torch_class
from .interpreter_limits import LONGEST_TEXT
from .signatures import Arguments
from .streams import TENSORS, is_own_dataset
from .values import (
    NONE,
    UNKNOWN,
    Chained,
    Constant,
    Dictionary,
    Function,
    Instance,
    Layer,
    List,
    Maybe,
    Mutable,
    Packed,
    Reference,
    Repeated,
    Super,
    Tensor,
    Tuple,
    UserClass,
    Value,
    is_decorated,
    text,
)
from .word_sets import words

SAME_MODEL = words("to cuda cpu eval train double float half requires_grad_")
"""Methods of a model that return it."""

REGISTERING = words("add_module register_module register_buffer")
"""Methods of a model by which it gets a part."""

ADDING = words("add append add_module")
"""Methods that add a layer to a chain."""

WITH_DATA = words("fit predict evaluate train_on_batch predict_on_batch test_on_batch")
"""Methods of a model of Keras that call it with data."""

TEXT_METHODS = words("upper lower title capitalize strip startswith endswith split replace")
"""Methods of texts that are read."""

FORWARD = ("forward", "call")
"""The methods that a framework calls with the input."""


BASES = (".Module", ".Model", ".Layer", ".Wrapper", ".AbstractRNNCell", "Loss")
"""The ends of names of classes that are made to be derived from."""


class Methods(TensorFlow1Calls):
    """Follows calls of methods."""

    def call_method(self, owner: Value, name: str, arguments: Arguments, node: ast.Call) -> Value | None:
        match owner:
            case Tensor() if not arguments.is_complete:
                return UNKNOWN
            case Tensor():
                return method(name, owner, arguments.positional, arguments.named)
            case Instance():
                return self.call_own_method(owner, owner.of.member(name), name, arguments, node)
            case Parser():
                self.steps -= len(owner.options or ())
                return options.call(owner, name, arguments, self.level, node.lineno)
            case Super(instance, of):
                bases = [base for base in of.bases if isinstance(base, UserClass)]
                found = next(filter(None, (base.member(name) for base in bases)), None)
                if found is None and name == "__init__" and (outer := base_layer(of)):
                    self.become_layer(instance, outer, arguments, node.lineno)
                    return NONE
                if found is None and name == "__init__" and is_own_dataset(instance):
                    self.set_attribute(instance, TENSORS, Tuple(tuple(arguments.positional)))
                    return NONE
                if found is None and name in (*FORWARD, "__call__") and instance.layer:
                    return self.call_layer_of(instance, arguments, node.lineno)
                if found is None and name in (*FORWARD, "__call__"):
                    self.unknown.add(node.lineno)  # that of a layer of a framework
                if isinstance(found, Function) and name in FORWARD:  # not that of the derived class
                    return self.call_function(found, arguments.after(instance))
                return self.call_own_method(instance, found, name, arguments, node) if found else UNKNOWN
            case Repeated():
                return self.method_of_stream(owner, name, arguments)
            case Packed():
                data = arguments.named_or("data", NONE)
                return owner if name != "_replace" or data == NONE else with_data(owner, data)
            case List() | Chained() | Dictionary():
                return self.change(owner, name, arguments, node)
            case Constant(str(merge)) if name == "merged":
                return self.merge(merge, arguments.get("inputs", 0, UNKNOWN), Arguments((), arguments.named))
            case Graph() if name == "as_default":
                return owner
            case Layer() | Cells() if name == "zero_state" and (cells := cells_of(owner)):
                return zero_state(cells, arguments)
            case Layer() if name == "vocabulary_size":
                return self.vocabularies.get(id(owner), UNKNOWN)
            case Layer():
                return owner if name in SAME_MODEL else NONE if name in ("flatten_parameters", "build") else UNKNOWN
            case Tuple() if name == "as_list":
                return owner
            case Constant(str(known)) if name in TEXT_METHODS:
                return of_text(known, name, arguments, self.level)
        return UNKNOWN if isinstance(owner, Tuple) else None

    def call_own_method(
        self, owner: Instance, found: Value | None, name: str, arguments: Arguments, node: ast.Call
    ) -> Value | None:
        """A method of the source, or one that all models have."""
        if isinstance(found, Function):
            owner.is_built |= name == "build"
            if name in FORWARD or found is owner.of.stand_in:
                return self.call_instance(owner, arguments, node.lineno)
            if is_decorated(found, "staticmethod"):
                return self.outermost(found, arguments)
            return self.outermost(found, arguments.after(owner.of if is_decorated(found, "classmethod") else owner))
        if name == "__call__":
            return self.call_instance(owner, arguments, node.lineno)
        if isinstance(owner.layer, Chained) and name in ADDING:
            return self.change(owner.layer, name, arguments, node)
        if owner.of is records.NAMESPACE:
            return self.of_namespace(owner, name, arguments)
        if name in REGISTERING - {"register_buffer"} and len(arguments.positional) == 2:
            key, value = arguments.positional
            if isinstance(key, Constant) and isinstance(key.value, str):
                self.set_attribute(owner, key.value, value)
                return NONE
            return None
        if name == "register_buffer":
            if len(arguments.positional) > 1 and isinstance(arguments.positional[0], Constant):
                self.set_attribute(owner, str(arguments.positional[0].value), arguments.positional[1])
            return NONE
        if name == "build" and is_keras_layer(owner.of, "Model"):
            owner.input = keras.axes_of(arguments.get("input_shape", 0, UNKNOWN), ())
            return NONE
        if name in ("add_weight", "add_variable") and is_keras_layer(owner.of, "Model"):
            self.own_weights.add(node.lineno)
            return shaped(arguments.named.get("shape", arguments.positional[0] if arguments.positional else UNKNOWN))
        self.called_with_data(owner, name, arguments, node)
        return owner if name in SAME_MODEL else UNKNOWN

    def method_of_stream(self, owner: Repeated, name: str, arguments: Arguments) -> Value:
        """A method of a dataset."""
        raise NotImplementedError

    def called_with_data(self, owner: Instance, name: str, arguments: Arguments, node: ast.Call) -> None:
        """Call a model with the data with which it is trained."""
        raise NotImplementedError

    def change(self, owner: Mutable, name: str, arguments: Arguments, node: ast.Call) -> Value | None:
        """A method that changes a list, a dictionary or a chain of layers."""
        self.has_changed = True
        value = arguments.positional[0] if arguments.positional else UNKNOWN
        if isinstance(owner, Chained):
            if name in ("add", "append"):
                self.add(owner, value, node.lineno)
            elif name == "add_module" and len(arguments.positional) == 2:
                owner.names = [*owner.names, str(value.value) if isinstance(value, Constant) else str(len(owner.items))]
                self.add(owner, arguments.positional[1], node.lineno)
            elif name == "build":
                shape = arguments.get("input_shape", 0, UNKNOWN)
                owner.input = keras.axes_of(shape, ())
            elif name == "pop" and owner.items and self.level <= owner.level and not node.args:
                owner.items.pop()
            elif name in ("pop", "insert", "extend"):
                owner.items = [Maybe(item) for item in owner.items]
                self.unknown.add(node.lineno)
            elif name in ("children", "named_children") and (items := items_of(owner)) is not None:
                return Tuple(tuple(item if name == "children" else Tuple((UNKNOWN, item)) for item in items))
            return owner if name in SAME_MODEL else UNKNOWN
        if isinstance(owner, Dictionary):
            return self.of_dictionary(owner, name, arguments)
        if isinstance(owner, List):
            if name == "append" and owner.items is not None and self.level <= owner.level:
                owner.items.append(value)
            elif name == "append" and self.is_filled(owner, value):
                pass
            elif name == "extend" and owner.items is not None and self.level <= owner.level:
                more = value.items if isinstance(value, (Tuple, List)) else None
                owner.items = None if more is None else [*owner.items, *more]
            elif name == "pop" and owner.items and self.level <= owner.level:
                match arguments.get("index", 0, Constant(-1)):
                    case Constant(int(place)) if -len(owner.items) <= place < len(owner.items):
                        return owner.items.pop(place)
                owner.items = None
            elif name == "insert" and owner.items is not None and self.level <= owner.level and value == Constant(0):
                owner.items = [arguments.get("object", 1, UNKNOWN), *owner.items]
            elif name not in ("index", "count", "copy", "apply", "parameters"):
                owner.items = owner.each = None
        return UNKNOWN

    def of_namespace(self, owner: Instance, name: str, arguments: Arguments) -> Value:
        """A method of an object with settings that is a dictionary too."""
        if name == "get" and arguments.positional and isinstance(key := arguments.positional[0], Constant):
            return owner.attributes.get(str(key.value), arguments.get("default", 1, NONE))
        if name in ("copy", "clone"):
            return self.copied(owner)
        self.has_changed = True
        records.forget(owner)
        return UNKNOWN

    def of_dictionary(self, owner: Dictionary, name: str, arguments: Arguments) -> Value:
        """A method of a dictionary."""
        first = arguments.get("key", 0, UNKNOWN)
        key = first.value if isinstance(first, Constant) and isinstance(first.value, str) else None
        default = arguments.get("default", 1, NONE)
        if name == "get" and owner.items is not None and key is not None:
            return owner.items.get(key, default)
        if name in ("pop", "setdefault") and owner.items is not None and key is not None and self.may_change(owner):
            found = owner.items.get(key, default)
            owner.items.pop(key, None)
            owner.items |= {key: found} if name == "setdefault" else {}
            return found
        if name == "update" and self.may_change(owner):
            more = self.dictionary_with(arguments).items
            if more is None or owner.items is None:
                owner.items = owner.each = None
            else:
                owner.items |= more
            return NONE
        if name == "copy":
            return self.ordered(Arguments((owner,)))
        if name not in ("get", "items", "keys", "values"):
            owner.items = owner.each = None
        if name == "get" and owner.items is None:
            return self.one_of(owner.each)
        if owner.items is None or not (owner.items or owner.is_given):  # or the **kwargs of what nobody calls
            return UNKNOWN
        self.steps -= len(owner.items)
        return parts_of(owner, name, self.level)

    def may_change(self, owner: Dictionary) -> bool:
        """Whether it is certain when a dictionary changes: not in a function that others may call at any time."""
        return self.level <= owner.level and self.depth <= owner.depth


def of_text(owner: str, name: str, arguments: Arguments, level: int) -> Value:
    """A method of a text whose arguments are texts."""
    given = [value.value for value in arguments.positional if isinstance(value, Constant)]
    if (
        len(owner) > LONGEST_TEXT
        or len(given) < len(arguments.positional)
        or arguments.named
        or not all(isinstance(one, str) for one in given)
    ):
        return UNKNOWN
    try:
        found = getattr(owner, name)(*given)
    except (TypeError, ValueError):
        return UNKNOWN
    if isinstance(found, list):
        return List(level, list(map(Constant, found)))
    return text(found) if isinstance(found, str) else Constant(found)


def parts_of(owner: Dictionary, name: str, level: int) -> Value:
    """The keys, values or items of a dictionary."""
    pairs = [(Constant(key), value) for key, value in (owner.items or {}).items()]
    parts: dict[str, list[Value]] = {
        "keys": [key for key, _ in pairs],
        "values": [value for _, value in pairs],
        "items": [Tuple(pair) for pair in pairs],
    }
    return List(level, parts[name]) if name in parts else UNKNOWN


def is_module_of_torch(of: UserClass) -> bool:
    """Whether a class is a module of PyTorch."""
    paths = [base.path for base in of.outer_bases() if isinstance(base, Reference)]
    return any(torch_class(path) == "Module" or path.endswith(".LightningModule") for path in paths)


def is_keras_layer(of: UserClass, *others: str) -> bool:
    """Whether a class is a layer of Keras; with ``others``, or has another base."""
    names = ("Layer", *others)
    is_layer = any(isinstance(base, Reference) and keras_class(base.path) in names for base in of.outer_bases())
    base = None if is_layer else base_layer(of)
    return is_layer or bool(base and keras_class(base) not in (None, "Sequential"))


def layer_of_object(value: Value) -> Value:
    """The layer of a framework that an object is, unless its class says what a call does; any other value itself."""
    is_layer = isinstance(value, Instance) and value.layer and not value.of.method(*FORWARD)
    return value.layer if is_layer else value  # type: ignore[attr-defined]


def base_layer(of: UserClass) -> str | None:
    """The name of the class of layers that a class of the source is derived from."""
    for base in of.outer_bases():
        if isinstance(base, Reference) and (torch_class(base.path) or keras_class(base.path)):
            return None if base.path.endswith(BASES) else base.path
    return None
