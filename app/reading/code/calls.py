"""Calls: what each one is of, and what it changes."""

import ast
import re
from dataclasses import replace
from functools import reduce
from typing import TypeGuard

from . import records
from .axes_of_operations import is_tensor, tensor_of
from .command_line_options import Parser
from .frameworks import keras, pytorch, tf1
from .frameworks.pytorch_functions import REDUCTIONS
from .frameworks.tf1 import Cells
from .frameworks.unread_libraries import UNREAD_LAYERS
from .imported_names import (
    ANY_CLASS,
    is_layer_class,
    torch_class,
)
from .joined_values import joined
from .object_methods import BASES, FORWARD, WITH_DATA
from .own_calls import OwnCalls
from .program_state import joined_origin, tensors_in
from .samples import OF_KERAS, OTHERS, PAD, SAME, samples_after
from .signatures import Arguments, Partial
from .values import (
    ANY,
    INTEGER,
    NONE,
    OTHER,
    UNKNOWN,
    Argument,
    Chained,
    Choice,
    Constant,
    Dictionary,
    Function,
    Functional,
    Instance,
    Layer,
    List,
    Method,
    Reference,
    Scope,
    Super,
    Tensor,
    Tuple,
    Unknown,
    UserClass,
    Value,
    layers_of,
    parts_of,
    text,
)
from .word_sets import words

FIELD = re.compile(r"{(\w+)}")
PLAIN_FIELD = re.compile(r"{\w*}")


HARMLESS = words("json logging os pickle pprint shutil sys time wandb warnings yaml")
"""Modules whose functions change no values that they take."""

SIZES = words("size get_shape shape")
"""Methods and functions that return the sizes of a tensor."""

TRAINING = WITH_DATA | words(
    """
    minimize compute_gradients apply_gradients add_loss add_metric fit_generator predict_generator evaluate_generator
    predict_classes predict_proba predict_step train_step test_step
    """
)
"""Methods of optimizers and of models that train a model or use it, which say nothing about layers."""

OF_SESSIONS = words("run eval")
"""Methods of a session of TensorFlow 1, and of its tensors, which compute what the graph already has."""

LOOKING = tuple(
    f"{name}."
    for name in words(
        """
        keras.utils tensorflow.keras.utils tf_keras.utils tensorflow.saved_model tensorflow.compat.v1.saved_model
        torch.onnx torchsummary torchinfo torchviz torchview thop ptflops fvcore.nn onnx tf2onnx
        """
    )
)
"""Modules whose functions look at a whole model, save it or draw it."""

DATA = tuple(f"{name}." for name in words("numpy scipy pandas sklearn matplotlib librosa cv2 torch.utils.data"))
"""Modules that have no layers, and whose functions change no layers that they take."""


OVER_STEPS = REDUCTIONS | words(
    "reduce_sum reduce_mean reduce_max reduce_min reduce_prod flip roll cumsum reverse reverse_v2 reverse_sequence sort"
)
"""Methods and functions that take numbers of several steps together, or put the steps in another order."""


RESHAPES = words("view reshape flatten rearrange unsqueeze unsqueeze_ expand_dims squeeze squeeze_")
"""Methods and functions that may return another number of axes."""


NOTED = frozenset({*OF_KERAS, *SIZES, *OVER_STEPS, PAD})
"""Methods and functions of which is noted what they do to samples and steps."""

CLASS_OF_OTHERS = re.compile(r"(?!(keras|tensorflow|tf_keras|torch)\.)(\w*\.)+[A-Z]\w*")
"""A class of another library, by the usual way to write its name."""

IN_PLACE = words("transpose_ t_ swapaxes_ swapdims_ squeeze_ unsqueeze_ resize_ resize_as_ set_")
"""Methods that change the axes of the tensor itself."""


OF_NAMES = words("super getattr hasattr setattr dict vars")
"""Functions of Python that depend on names."""

OF_SPECIAL = words("update format")
"""Methods of dictionaries and texts that depend on how the program writes them."""

OF_MODULES = words("training forward parameters children modules")
"""Attributes that all modules of PyTorch have."""

CALLED = frozenset((Layer, Chained, Instance, Function, Super))
"""What may call layers, or have methods that do."""


POINTWISE = words(
    """
    sigmoid tanh relu relu6 elu selu gelu silu swish leaky_relu softplus softsign softmax log_softmax log_sigmoid
    logsigmoid hardtanh hardsigmoid hard_sigmoid mish celu exp abs square
    """
)
"""Functions of the frameworks whose results have the axes of their first argument."""


def is_pointwise(path: str) -> bool:
    return path.rpartition(".")[2] in POINTWISE


class Calls(OwnCalls):
    """Follows calls."""

    def arguments(self, node: ast.Call, scope: Scope) -> Arguments:
        positional: list[Value] = []
        named: dict[str, Value] = {}
        is_complete = True
        for argument in node.args:
            if type(argument) is ast.Starred:
                inner = self.value(argument.value, scope)
                items = inner.items if isinstance(inner, (Tuple, List)) else None
                is_complete = is_complete and items is not None
                positional += items or []
            elif is_complete:
                positional.append(self.value(argument, scope))
        for keyword in node.keywords:
            value = self.value(keyword.value, scope)
            if keyword.arg:
                named[keyword.arg] = value
            elif isinstance(value, Dictionary) and value.items is not None:
                named |= value.items
            else:
                is_complete = False
        return Arguments(positional, named, is_complete)

    def call(self, node: ast.Call, scope: Scope) -> Value:
        if isinstance(node.func, ast.Name) and node.func.id in OF_NAMES:
            special = self.special(node.func.id, node, scope)
            if special is not None:
                return special
        elif isinstance(node.func, ast.Attribute) and node.func.attr in OF_SPECIAL:
            if node.func.attr == "update" and _is_dict_of(node.func.value):
                return self.update(self.value(node.func.value.value, scope), self.arguments(node, scope))
            if node.func.attr == "format" and isinstance(node.func.value, ast.Constant):
                return _formatted(node.func.value.value, self.arguments(node, scope))
        callee, arguments = self.value(node.func, scope), self.arguments(node, scope)
        if isinstance(callee, Method) and callee.name == "save_hyperparameters" and isinstance(callee.owner, Instance):
            self.save_arguments(callee.owner, arguments, scope)
            return NONE
        of = type(callee.owner if type(callee) is Method else callee)
        found = (self.result_at if of in CALLED else self.result)(callee, arguments, node)
        may_have_samples = found is not None and (found.may_have_tensors or type(found) is Unknown)  # most make layers
        if found is not None and may_have_samples and isinstance(callee, (Method, Reference)):
            name = callee.name if isinstance(callee, Method) else callee.path.rpartition(".")[2]
            if name in NOTED:
                found = self.with_samples(callee, name, arguments, found)
                if name in OVER_STEPS or (name in RESHAPES and self.may_join_steps(callee, arguments, found)):
                    found = self.with_changed_steps(callee, arguments, found)
        if isinstance(callee, Method) and isinstance(node.func, ast.Attribute) and callee.name in IN_PLACE:
            self.change_in_place(node.func.value, callee.owner, found, scope)
        return self.unknown_call(callee, node, arguments) if found is None else found

    def result_at(self, callee: Value, arguments: Arguments, node: ast.Call) -> Value | None:
        """The value of a call of the source. What a part of a model calls there is not what it calls elsewhere."""
        sites, place = self.sites, (node.lineno, node.col_offset)
        if place in sites or not (self.active[-1].owner or self.is_of_part(place, arguments)):
            return self.result(callee, arguments, node)
        self.sites = (*sites, place)
        found = self.result(callee, arguments, node)
        self.sites = sites
        return found

    def is_of_part(self, place: tuple[int, int], arguments: Arguments) -> bool:
        """Whether a call outside of models is one of a part of a model: it gets an input of Keras or the output of
        another layer."""
        if place in self.of_parts:  # in a loop, it gets the output of a layer the second time
            return self.of_parts[place]
        given = arguments.all
        is_part = any(id(one) in self.symbolic or self.origin(one) for of in given for one in tensors_in(of))
        self.of_parts[place] = is_part
        return is_part

    def with_samples(self, callee: Method | Reference, name: str, arguments: Arguments, found: Value) -> Value:
        """What an operation returns, of which the samples are noted. The sizes of axes count only for tensors with
        those of the input."""
        given = [callee.owner] if isinstance(callee, Method) else []
        of, *others = [*given, *arguments.positional] or [UNKNOWN]
        if name not in OF_KERAS and name not in SIZES and name != PAD:
            return found
        if name in SIZES:
            return self.sizes_of(of, found) if isinstance(of, Tensor) else found
        tensors = tensors_in(found)
        if not tensors or found is of:
            return found
        path = name if isinstance(callee, Method) else callee.path
        samples = samples_after(path, of, others, arguments.named, self.samples_of(of))
        if samples is not None and not (samples is OTHERS and self.is_over_steps(name, of)):
            self.note_samples(tensors, samples)
        return found

    def with_changed_steps(self, callee: Method | Reference, arguments: Arguments, found: Value) -> Value:
        """What an operation returns, of which it is noted that it changes the steps that layers return."""
        of, *others = [*([callee.owner] if isinstance(callee, Method) else []), *arguments.positional] or [UNKNOWN]
        if (origin := self.origin(of)) and isinstance(of, Tensor) and not any(map(is_tensor, others)):
            found = replace(of) if found is of else found
            self.note_part(of, found, parts_of(origin, "changed"))
        return found

    def may_join_steps(self, callee: Method | Reference, arguments: Arguments, found: Value) -> bool:
        """Whether an operation may make one axis of several, of which none has the size 1, or returns another number
        of axes than one that is not known."""
        given = callee.owner if isinstance(callee, Method) else next(iter(arguments.positional), UNKNOWN)
        before, after = tensor_of(given).axes, tensor_of(found).axes
        if ANY in before or len(before) <= len(after):
            return ANY in before
        return ANY not in after and sum(size != 1 for size in before) > len(after)

    def is_over_steps(self, name: str, of: Value) -> bool:
        """Whether a reduction over the first axis is one over the steps of a recurrent layer."""
        layers = self.origin(of) if name in REDUCTIONS else None
        return bool(layers) and all(layer.setting("batch_first") is False for layer in layers_of(layers or ()))

    def sizes_of(self, of: Tensor, sizes: Value) -> Value:
        """The sizes of the axes of a tensor, which are those of the input only if its samples are."""
        if not self.samples or self.samples_of(of) is SAME:
            return sizes
        items = sizes.items if isinstance(sizes, Tuple) else ()
        if isinstance(sizes, Unknown):
            return Unknown(is_integer=sizes.is_integer)
        return Tuple(tuple(INTEGER if isinstance(one, Unknown) else one for one in items)) if items else sizes

    def change_in_place(self, target: ast.expr, old: Value, new: Value | None, scope: Scope) -> None:
        """``x.transpose_(1, 2)`` changes x, and every other name of the same tensor."""
        if not isinstance(old, Tensor):
            return
        for name, value in scope.names.items():
            if value is old:  # or of a tensor with the same axes
                scope.names[name] = Tensor()
        self.assign(target, new if isinstance(new, Tensor) else Tensor(), scope)

    def special(self, name: str, node: ast.Call, scope: Scope) -> Value | None:
        """Functions of Python that depend on names; None if this is none of them."""
        if name in self.bound:
            return None
        if name == "super":
            owner = self.name("self", scope) if "self" in scope.names else UNKNOWN
            return Super(owner, scope.of) if isinstance(owner, Instance) and scope.of else UNKNOWN
        if name == "dict":
            return self.dictionary_with(self.arguments(node, scope))
        if name == "vars" and len(node.args) == 1:
            return self.made_dictionary(records.entries_of(self.value(node.args[0], scope)))
        if name == "getattr" and len(node.args) >= 2:
            owner, key = self.value(node.args[0], scope), self.attribute_name(node.args[1], scope)
            if isinstance(key, Constant) and isinstance(key.value, str) and key.value.isidentifier():
                return self.attribute(owner, key.value)
            match owner, key:
                case Reference(), Choice(options):
                    names = [option.value for option in options if isinstance(option, Constant) and option != NONE]
                    return (
                        UNKNOWN
                        if len(names) < len(options)
                        else reduce(joined, (self.attribute(owner, str(name)) for name in names))
                    )
                case Reference("torch.nn"), _:
                    return Reference(f"torch.nn.{ANY_CLASS}")
                case Instance(), _:  # set by the same expression
                    return owner.unnamed.get(ast.unparse(node.args[1]), UNKNOWN)
            return UNKNOWN
        if name == "hasattr" and len(node.args) == 2:
            owner, key = self.value(node.args[0], scope), self.attribute_name(node.args[1], scope)
            if isinstance(owner, Instance) and isinstance(key, Constant):
                return self.has_attribute(owner, str(key.value))
        if name == "setattr" and len(node.args) == 3:
            owner, value = self.value(node.args[0], scope), self.value(node.args[2], scope)
            key = self.attribute_name(node.args[1], scope)
            if isinstance(key, Constant) and isinstance(key.value, str):
                self.set_attribute(owner, key.value, value)
            elif isinstance(owner, Instance):
                self.forget(owner)
            if isinstance(value, Layer) and not isinstance(key, Constant):
                self.unknown.add(node.lineno)
                self.several |= {value} & self.in_loops.keys()
                if isinstance(owner, Instance):
                    same = ast.unparse(node.args[1])
                    owner.unnamed[same] = joined(owner.unnamed.get(same, value), value)
            return NONE
        return None

    def has_attribute(self, owner: Instance, name: str) -> Value:
        """``hasattr(owner, name)``, if the program certainly has set the attribute, or certainly has not."""
        found = owner.attributes.get(name) or owner.of.member(name)
        if found and name not in owner.unsure and not isinstance(found, Unknown):
            return Constant(True)
        paths = [base.path if isinstance(base, Reference) else "" for base in owner.of.outer_bases()]
        is_plain = all(torch_class(path) == "Module" or path == "builtins.object" for path in paths)
        is_missing = not found and is_plain and name not in OF_MODULES and not owner.of.member("__getattr__")
        return Constant(False) if is_missing and not owner.is_open else UNKNOWN

    def update(self, owner: Value, arguments: Arguments) -> Value:
        """``self.__dict__.update(settings)``."""
        more = self.dictionary_with(arguments).items
        if isinstance(owner, Instance):
            is_made_here = owner.line != owner.of.node.lineno
            if more is None or not (more or is_made_here):  # the **kwargs of a constructor that nobody calls
                self.forget(owner)
            for name, value in (more or {}).items():
                self.set_attribute(owner, name, value)
        return NONE

    def save_arguments(self, owner: Instance, arguments: Arguments, scope: Scope) -> None:
        """``self.save_hyperparameters()`` of Lightning: the arguments of the constructor become ``self.hparams``."""
        self.steps -= len(scope.names)
        given, *others = [*arguments.positional] or [UNKNOWN]
        entries = {name: value for name, value in scope.names.items() if value is not owner}
        if isinstance(given, Instance) and not others:
            entries = dict(given.attributes)
        elif isinstance(given, Dictionary) and not others:
            entries = given.items or {}
        self.has_changed = True
        owner.attributes["hparams"] = records.namespace(entries, self.level, 1)

    def attribute_name(self, node: ast.expr, scope: Scope) -> Value:
        """The name of an attribute, which may be a text with names of constants in braces."""
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or "{" not in node.value:
            return self.value(node, scope)
        parts = FIELD.split(node.value)
        values = [self.name(part, scope) for part in parts[1::2]]
        texts = [str(value.value) for value in values if isinstance(value, Constant)]
        if len(texts) < len(values):
            return UNKNOWN
        parts[1::2] = texts
        return text("".join(parts)) if not any("{" in part or "}" in part for part in parts[::2]) else UNKNOWN

    def result(self, callee: Value, arguments: Arguments, node: ast.Call) -> Value | None:
        """The value of a call; None if it cannot be known."""
        match callee:
            case Reference(path):
                return self.call_reference(path, arguments, node)
            case Method(owner, name):
                return self.call_method(owner, name, arguments, node)
            case Layer():
                return self.call_layer(callee, arguments, node.lineno)
            case Chained():
                callee.is_used = True
                return self.call_chain(callee, arguments)
            case Cells():
                return self.call_cells(callee, arguments, node.lineno)
            case Function():
                return self.outermost(callee, arguments)
            case UserClass() if base := layer_of(callee):
                callee.is_called = True
                return self.call_reference(base, arguments, node)
            case UserClass():
                return self.construct(callee, arguments, node.lineno)
            case Instance():
                return self.call_instance(callee, arguments, node.lineno)
            case Functional(outputs, inputs):
                self.note_inner(callee, inputs, arguments)
                return self.call_functional(outputs, arguments, node)
            case Partial():
                return self.result(callee.callee, callee.completed(arguments), node)
            case Choice(options):
                called = [option for option in options if option != NONE]  # calling None is an error
                self.steps -= 2 * len(called)
                if all(isinstance(o, Reference) and (is_layer_class(o.path) or is_pointwise(o.path)) for o in called):
                    made = [self.result(option, arguments, node) for option in called]
                    return reduce(joined, (UNKNOWN if value is None else value for value in made))
            case Argument(path) if path.endswith(".get"):  # as ``settings["name"]``
                match arguments.get("key", 0, UNKNOWN):
                    case Constant(str(name)):
                        return self.attribute(Argument(path.removesuffix(".get")), name)
            case Unknown(made_at=int(line)) if arguments.positional and self.is_of_keras(arguments.positional[0]):
                self.unknown.add(node.lineno)
                layer = self.others.setdefault(line, keras.plain(OTHER, line, pytorch.unknown_axes))
                return self.call_layer(layer, arguments, node.lineno)
        return None

    def is_of_graph(self, arguments: Arguments) -> bool:
        """Whether arguments have tensors of layers of TensorFlow 1, and no others."""
        given = arguments.all
        origins = [self.origin(one) for of in given for one in tensors_in(of)]
        frameworks = {layer.framework for of in origins for layer in layers_of(of or ())}
        return frameworks == {tf1.FRAMEWORK} and all(origins)

    def is_of_keras(self, given: Value) -> bool:
        """Whether something is a tensor that layers of Keras return, or several of which one is."""
        items = given.items or () if isinstance(given, (Tuple, List)) else (given,)
        origins = [self.origin(item) or () for item in items if isinstance(item, Tensor)]
        layers = (layer for of in origins for layer in layers_of(of))
        return len(origins) == len(items) and any(layer.framework == keras.FRAMEWORK for layer in layers)

    def call_functional(self, outputs: Value, arguments: Arguments, node: ast.Call) -> Value:
        """Call a model of Keras, whose layers are those that made it: they are not recorded again."""
        self.active[-1].calls_models = True
        given = arguments.all
        items = outputs.items or () if isinstance(outputs, (Tuple, List)) else (outputs,)
        found = tuple(Tensor(item.axes) for item in items if isinstance(item, Tensor))
        if not found or len(found) < len(items):
            self.unknown.add(node.lineno)
            return UNKNOWN
        for one, item in zip(found, items, strict=True):
            self.note_origin(one, joined_origin([self.origin(item), *map(self.origin, given)]))
        return Tuple(found) if isinstance(outputs, (Tuple, List)) else found[0]

    def unknown_call(self, callee: Value, node: ast.Call, arguments: Arguments) -> Value:
        """A call that is not understood. It counts if it takes a tensor or a layer, or makes a layer that is not read;
        lists that it takes may change, and functions that need no arguments are called: ``optimizer.step(closure)``."""
        for function in arguments.all:
            if isinstance(function, Function) and not function.is_called and needs_nothing(function):
                self.outermost(function, Arguments())
        if isinstance(node.func, ast.Attribute) and node.func.attr in TRAINING:
            return UNKNOWN
        if isinstance(callee, Reference) and callee.path.startswith(LOOKING):
            return UNKNOWN
        if isinstance(node.func, ast.Attribute) and node.func.attr in OF_SESSIONS and self.is_of_graph(arguments):
            return UNKNOWN
        if isinstance(callee, Reference) and callee.path.partition(".")[0] in HARMLESS:
            return Reference("logging.Logger") if callee.path == "logging.getLogger" else UNKNOWN
        values: list[Value] = arguments.all
        is_of_data = isinstance(callee, Reference) and callee.path.startswith(DATA)
        is_unread_layer = isinstance(callee, Reference) and UNREAD_LAYERS.match(callee.path) is not None
        may_be_layer = any(is_tensor(value) or isinstance(value, (Layer, Chained, Cells)) for value in values)
        if is_unread_layer or (may_be_layer and not is_of_data):
            self.unknown.add(node.lineno)
            self.active[-1].has_unknown_call = True
        for value in values:
            if isinstance(value, Cells):
                values += value.cells
            if isinstance(value, (List, Tuple)) and value.items:
                values += [item for item in value.items if isinstance(item, (Layer, Chained))]
            if isinstance(value, (Layer, Chained)):
                value.is_used = True
            if isinstance(value, (List, Dictionary)):
                value.items = value.each = None
            if isinstance(value, Parser):
                value.options = None
            if isinstance(value, Instance) and value.of is records.NAMESPACE:
                records.forget(value)
            elif isinstance(value, Instance) and not value.of.method(*FORWARD):
                self.forget(value)
        if isinstance(callee, Reference) and CLASS_OF_OTHERS.fullmatch(callee.path):
            return Unknown(made_at=node.lineno)
        return UNKNOWN


def needs_nothing(function: Function) -> bool:
    """Whether a function can be called without arguments."""
    parameters = function.node.args
    count = len([*parameters.posonlyargs, *parameters.args])
    return count == len(parameters.defaults) and None not in parameters.kw_defaults


def _formatted(text_of: object, arguments: Arguments) -> Value:
    """``"conv{0}".format(n)``, if each field is one of the arguments as it is."""
    given = arguments.all
    values = [one.value for one in given if isinstance(one, Constant) and type(one.value) in (int, str)]
    if not isinstance(text_of, str) or len(values) < len(given) or not values or not arguments.is_complete:
        return UNKNOWN
    if any("{" in part or "}" in part for part in PLAIN_FIELD.split(text_of)):
        return UNKNOWN
    count = len(arguments.positional)
    try:
        return text(text_of.format(*values[:count], **dict(zip(arguments.named, values[count:], strict=True))))
    except (IndexError, KeyError, ValueError):
        return UNKNOWN


def _is_dict_of(node: ast.expr) -> TypeGuard[ast.Attribute]:
    """Whether an expression is ``owner.__dict__``."""
    return isinstance(node, ast.Attribute) and node.attr == "__dict__"


def layer_of(of: UserClass) -> str | None:
    """The name of the class of layers that a class of the source only gives another name."""
    members = [one for each in of.lineage for one in each.members.values()]
    bases = [*of.outer_bases()] if not members else []
    match bases:
        case [Reference(path)] if is_layer_class(path) and not path.endswith(BASES):
            return path
    return None
