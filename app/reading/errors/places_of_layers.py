"""Which of the layers that a program makes the one of a message is."""

import ast
from collections.abc import Sequence

from ..code.values import Layer
from ..facts_about_sizes import GATES
from .causes_in_programs.layers.layers_around import repeated_layer
from .framework_messages.inputs import inputs_of_models
from .framework_messages.message_template import Found
from .framework_messages.outputs import joins_in_calls
from .framework_messages.states import stateful_layers
from .mismatch import Mismatch, only_size


def place_of_layer(found: Found, mismatch: Mismatch) -> int | None:
    """Which recurrent layer of a model of Keras gets its x, or returns what a target does not fit, or which one of
    PyTorch gets other features; None if a message is about another one."""
    if found.framework == "pytorch":
        return _place_by_features(found, mismatch)
    if found.framework != "keras":
        return None
    is_checked = found.template.read is inputs_of_models.checked_rank and not found.number("i")
    if mismatch.tensor == "x" and is_checked and len(found.program.tree.calls_of("Input")) == 1:
        return 0  # whatever the number of axes
    if mismatch.tensor == "x" and found.template.read is inputs_of_models.shape:
        read = [one.operands[0].axes[1:] for one in found.program.calls]
        of_input = [n for n, axes in enumerate(read) if axes == found.shape("expected")[1:]]
        first = None if found.number("i") else 0
        return of_input[0] if len(of_input) == 1 else first
    if found.template.read is stateful_layers.batch_of_a_stateful_layer:  # the first one refuses another batch
        keeps = [
            one.layer is not None and "stateful=True" in found.program.line_of(one.layer) for one in found.program.calls
        ]
        return keeps.index(True) if True in keeps else None
    if layer := repeated_layer(found, mismatch):
        return next((n for n, one in enumerate(found.program.calls) if one.layer is layer), None)
    if (place := _place_after_join(found)) is not None:
        return place
    layers = [one.layer for one in found.program.calls]
    if (place := _place_by_kernel(mismatch, layers)) is not None:
        return place
    if (factor := _layer_of_product(found, mismatch)) and factor in layers:
        return layers.index(factor)
    before = found.program.layers_before_failure
    is_of_last = mismatch.tensor in ("output", "target") and (not before or {*layers[-1:]} <= before)
    return -1 if is_of_last else None


def _place_after_join(found: Found) -> int | None:
    """Which recurrent layer gets what the join that failed makes, by its name; None without one."""
    is_of_join = found.template.is_of_recurrence is joins_in_calls.is_of_network
    one = joins_in_calls.join_of_network(found) if is_of_join else None
    names = found.program.tree.targets_of(one.node) if one and isinstance(one.node, ast.Call) else set()
    places = [n for n, call in enumerate(found.program.calls) if call.operands[0].text in names]
    return places[0] if len(places) == 1 else None


def _place_by_kernel(mismatch: Mismatch, layers: Sequence[Layer | None]) -> int | None:
    """Which recurrent layer of Keras has the units of a kernel that gets one with others; None unless it is one."""
    if (mismatch.tensor, mismatch.axis) != ("kernel", "gates*num_units") or not isinstance(mismatch.expected, tuple):
        return None
    columns = [GATES[one.kind] * (one.size("num_units") or 0) if one and one.kind in GATES else 0 for one in layers]
    expected = mismatch.expected[-1]
    return columns.index(expected) if expected and columns.count(expected) == 1 else None


def _place_by_features(found: Found, mismatch: Mismatch) -> int | None:
    """Which recurrent layer of PyTorch certainly gets other features than those for which it was made."""
    if (mismatch.tensor, mismatch.axis) != ("x", "features"):
        return None
    sizes = ((one.layer.size("features"), one.operands[0].axes) for one in found.program.calls if one.layer)
    expected, got = only_size(mismatch.expected), only_size(mismatch.got)
    failed = [n for n, (size, axes) in enumerate(sizes) if size == expected and axes[-1:] == (got,)]
    return failed[0] if len(failed) == 1 else None


def _layer_of_product(found: Found, mismatch: Mismatch) -> Layer | None:
    """The only recurrent layer whose output is, by itself, a factor of the product that sums over other axes."""
    if [one.id for one in mismatch.causes] != ["axes_of_product"]:
        return None
    products = [one for one in found.program.failed_operations if one.kind == "product"]
    layers = {next(iter(one.layers)) for product in products for one in product.operands if len({*one.layers}) == 1}
    return layers.pop() if len(layers) == 1 else None
