"""Calls of what other modules define: Python, frameworks and other libraries."""

import ast
import re

from . import einops_patterns, numpy_functions
from .arithmetic import NUMBERS, PRODUCTS, builtin, of_number
from .axes_of_operations import tensor_of
from .command_line_options import FLAGS
from .data_calls import DATA_CALLS, DataCalls
from .einops_patterns import PATTERNS
from .frameworks import keras, keras_functions, pytorch, tf1
from .frameworks.keras_functions import keras_operation
from .frameworks.pytorch_functions import called
from .imported_names import (
    keras_class,
    tf1_name,
    torch_class,
    torch_function,
)
from .object_methods import FORWARD, base_layer, layer_of_object
from .python_calls import OF_PYTHON
from .signatures import Arguments
from .streams import of_streams
from .values import (
    NONE,
    OTHER,
    UNKNOWN,
    Axes,
    Chained,
    Constant,
    Function,
    Instance,
    Layer,
    Tensor,
    Value,
)
from .word_sets import words

SAME_LAYER = words("weight_norm spectral_norm remove_weight_norm remove_spectral_norm orthogonal")
"""Functions of torch.nn.utils that return the layer that they take."""

SAME_MODULE = words(
    """
    torch.jit.script torch.jit.trace torch.compile torch.nn.DataParallel torch.nn.parallel.DataParallel
    torch.nn.parallel.DistributedDataParallel
    """
)
"""What returns a module that calls the one that it takes."""

MAIN = words("tensorflow.app.run tensorflow.compat.v1.app.run absl.app.run")
"""Functions that call the main function of a program."""

OVER_AXES = re.compile(r"tensorflow\.(?:compat\.v1\.)?layers\.(\w+)")
"""The functions of TensorFlow 1 that make a layer and call it."""

FUNCTIONAL_POOLING = re.compile(r"(adaptive_)?(max|avg)_pool[123]d")


class LibraryCalls(DataCalls):
    """Calls what other modules define."""

    def call_reference(self, path: str, arguments: Arguments, node: ast.Call) -> Value | None:
        """Call what another module defines."""
        if path == "builtins.map":
            return self.mapped(arguments, node)
        if path.startswith("builtins.") or path in NUMBERS or path in PRODUCTS:
            return self.call_builtin(path, arguments)
        if (windows := self.stacked_items(path, arguments)) is not None:
            return windows
        if path in DATA_CALLS:
            return self.call_data(path, arguments)
        if path in OF_PYTHON:
            return self.call_python(path, arguments, node)
        if path in MAIN:
            return self.run_main(arguments)
        if path in SAME_MODULE:
            return arguments.positional[0] if arguments.positional else UNKNOWN
        if path in PATTERNS:
            return self.rearranged(path, arguments, node)
        if (array := numpy_functions.called(path, arguments)) is not None:
            return array
        if name := torch_class(path):
            return self.torch_module(name, arguments, node)
        if name := keras_class(path):
            given = arguments.changed(layer_of_object) if self.instances else arguments
            return self.keras_object(name, given, node)
        if (name := keras_operation(path)) and not name.startswith("set_"):
            return keras_functions.called(name, arguments)
        if FLAGS.fullmatch(path):
            return self.call_python(path, arguments, node)
        if (over_axes := OVER_AXES.fullmatch(path)) and over_axes[1] in tf1.OVER_AXES:
            return self.call_over_axes(over_axes[1], arguments, node)
        if (name := tf1_name(path)) is not None:
            return self.tf1_call(name, arguments, node) if name else UNKNOWN
        if path.startswith("torch.nn.Embedding.from_pretrained"):
            return self.made_layer(pytorch.pretrained(arguments, node.lineno), node)
        if name := torch_function(path):
            if not arguments.is_complete:
                return UNKNOWN
            if FUNCTIONAL_POOLING.fullmatch(name):
                return pytorch.pooled(name, tensor_of(arguments.get("input", 0, UNKNOWN)).axes, arguments, node.lineno)
            return called(name, arguments.positional, arguments.named)
        if path.startswith("torch.nn.utils.") and path.rpartition(".")[2] in SAME_LAYER:
            module = arguments.get("module", 0, UNKNOWN)
            if path.endswith("weight_norm"):
                self.count_lengths(module, path.endswith(".weight_norm"), arguments, node)
            return module
        if path.endswith((".set_image_data_format", ".set_image_dim_ordering")):
            self.data_format = arguments.get("data_format", 0, UNKNOWN)
            return NONE
        if path.endswith(".__init__") and isinstance(owner := arguments.get("self", 0, UNKNOWN), Instance):
            rest = Arguments(arguments.positional[1:], arguments.named, arguments.is_complete)
            if (base := base_layer(owner.of)) == path.removesuffix(".__init__"):
                self.become_layer(owner, base, rest, node.lineno)
            return NONE
        if path.endswith((".init", ".seed", ".manual_seed")) or path.startswith("torch.nn.init."):
            return UNKNOWN
        return None

    def count_lengths(self, module: Value, is_normed: bool, arguments: Arguments, node: ast.Call) -> None:
        """Count the lengths of the rows of a weight, which weight_norm makes beside those of the layer, or no more."""
        is_weight = arguments.get("name", 1, Constant("weight")) == Constant("weight")
        is_certain = self.uncertain <= self.active[-1].level and arguments.is_complete and is_weight
        if is_certain and isinstance(module, Layer) and is_normed != (module in self.with_lengths):
            count = pytorch.parameters_of(module)
            lengths = pytorch.lengths_of(module, arguments.get("dim", 2, Constant(0))) if is_normed else 0
            if count is not None and lengths is not None:
                module.parameters = count + (lengths - self.with_lengths.pop(module, 0))
                self.with_lengths |= {module: lengths} if is_normed else {}
                return
        if is_normed or module in self.with_lengths:
            self.own_weights.add(node.lineno)

    def run_main(self, arguments: Arguments) -> Value:
        """``tf.app.run(main)``, which calls a function with the rest of the command line: by default the one of this
        name."""
        main = arguments.get("main", 0, NONE)
        function = self.module.names.get("main") if main == NONE else main
        return self.outermost(function, Arguments((UNKNOWN,))) if isinstance(function, Function) else UNKNOWN

    def call_builtin(self, path: str, arguments: Arguments) -> Value:
        """A built-in function, or one for numbers. Others than these named arguments change what it returns, such as
        the ``key`` of max."""
        named = {name: value for name, value in arguments.named.items() if name != "strict"}
        if not arguments.is_complete or named.keys() - {"start"}:
            return UNKNOWN
        positional = [*arguments.positional, *named.values()]  # start is the second parameter
        name = path.removeprefix("builtins.")
        if (stream := of_streams(name, positional)) is not None:
            return stream
        return of_number(path, positional) if name == path else builtin(name, positional, self.level)

    def rearranged(self, path: str, arguments: Arguments, node: ast.Call) -> Value:
        """einops: a function, or a layer that does the same."""
        name = path.rpartition(".")[2]
        if name.islower():
            given = tensor_of(arguments.get("tensor", 0, UNKNOWN))
            pattern = arguments.get("pattern", 1, UNKNOWN)
            return Tensor(einops_patterns.rearranged(given.axes, name, pattern, arguments.named))
        pattern = arguments.get("pattern", 0, UNKNOWN)

        def call(layer: Layer, axes: Axes) -> Value:
            return Tensor(einops_patterns.rearranged(axes, name.lower(), pattern, arguments.named))

        return self.made_layer(pytorch.plain("reshape", node.lineno, call), node)

    def become_layer(self, instance: Instance, base: str, arguments: Arguments | None, line: int) -> None:
        """An object whose class is derived from one of layers is the layer that the constructor of that makes. Without
        ``arguments`` for it, a constructor of the source has called it, or nothing is known of the layer."""
        node = ast.Call(ast.Name(base), [], [], lineno=line, col_offset=0)
        made = self.call_reference(base, arguments, node) if arguments and not instance.layer else instance.layer
        if not isinstance(made, (Layer, Chained)) and not instance.of.method(*FORWARD):
            plain = pytorch.plain if torch_class(base) else keras.plain
            made = self.made_layer(plain(OTHER, line, pytorch.unknown_axes), node)
        instance.layer = made if isinstance(made, (Layer, Chained)) else None

    def call_layer_of(self, instance: Instance, arguments: Arguments, line: int) -> Value | None:
        """Call the layer of a framework that an object is; None if it is none."""
        match instance.layer:
            case Layer() as layer:
                return self.call_layer(layer, arguments, line)
            case Chained() as chain:
                chain.is_used = True
                return self.call_chain(chain, arguments)
        return None
