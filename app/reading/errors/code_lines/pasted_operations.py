"""The operation of a pasted program that raised a message, the one whose arrays have the sizes of the message; and what
its layers get and return."""

import ast
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from ...code.operations import Operand, Operation
from ...code.values import ANY, Axes, Axis, Layer
from ...facts_about_sizes import GATES
from ..axes_of_arrays import steps_in_order
from ..mismatch import Shape
from ..pattern_with_word import pattern_with_word
from .failed_operations import FailedOperations
from .fits_of_operations import (
    Fit,
    certain,
    differs,
    fit_of_dense,
    fit_of_join,
    fit_of_product,
    fit_of_shapes,
    fit_of_sum,
    rank_of_sum,
)
from .layers_and_operands import (
    SIZES,
    STATES,
    are_alike,
    axes_of,
    directions_of,
    has_two_directions,
    is_recurrent,
    parts_of,
    takes_batch_first,
    what,
    width_of,
)
from .program_nodes import name_of

SIZE_OF_ROLE = {frozenset({"x"}): "features", frozenset({"h_0"}): "num_units"}
"""What an array is -> which size its last axis has."""

LOADERS = ("DataLoader",)
"""What makes the batches of a program of PyTorch."""


class PastedProgram(FailedOperations):
    """The code in a pasted text, and which of its operations a message is about."""

    def sum_of_sizes(self, axis: int, a: int, b: int) -> Operation | None:
        """The sum with these sizes along an axis."""
        return self._best("sum", 2, lambda one: fit_of_sum(one, axis, a, b))

    def sum_of_shapes(self, left: Shape, right: Shape) -> Operation | None:
        return self._best("sum", 2, lambda one: fit_of_shapes(one, left, right))

    def product(self, left: Shape, right: Shape) -> Operation | None:
        """The product of arrays of these shapes."""
        return self._best("product", 2, lambda one: fit_of_shapes(one, left, right))

    def product_called(self, text: str) -> Operation | None:
        """The last product with a text."""
        return next((one for one in reversed(self._failed) if one.kind == "product" and one.text == text), None)

    def product_of_sizes(self, inner: int, outer: int) -> Operation | None:
        """The product that sums over these sizes."""
        return self._best("product", 2, lambda one: fit_of_product(one, inner, outer))

    def sizes_of_parts(self, length: int) -> tuple[int, int] | None:
        """The sizes of x and h of which one array of so many values for each sample is joined; None if that is not
        known."""
        for one in self._program.operations:
            parts = {next(iter(operand.roles), ""): operand.axes for operand in one.operands if len(operand.roles) == 1}
            if one.kind != "join" or len(one.operands) != 2 or {*parts} != {"x", "h_0"}:
                continue
            for x, h in zip(parts["x"], parts["h_0"], strict=False):
                if isinstance(x, int) and isinstance(h, int) and x + h == length:
                    return x, h
        return None

    def is_product_of_x(self, product: Operation) -> bool:
        """Whether a product is added to one of h."""
        sums = (one.operands for one in self._program.operations if one.kind == "sum" and len(one.operands) == 2)
        both = ((one, other) for operands in sums for one, other in (operands, operands[::-1]))
        return any(one.node is product.node and other.roles == {"h_0"} for one, other in both)

    @property
    def given_states(self) -> Collection[Axes]:
        """The axes of the initial states that the program gives to its layers."""
        return self._program.states

    def is_state(self, axes: Axes) -> bool:
        """Whether an array with these axes is given to a layer as its initial state."""
        return axes in self._program.states

    def join(self, along: int, a: int, b: int) -> Operation | None:
        """The join along an axis of arrays with these sizes along another one."""
        return self._best("join", 2, lambda one: fit_of_join(one, along, a, b))

    def join_of_ranks(self, first: int, second: int) -> Operation | None:
        """The only join of two arrays with these numbers of axes; or the only one, if it may have them."""
        if one := self._of_ranks("join", first, second):
            return one
        joins = {id(one.node): one for one in self._failed if one.kind == "join"}
        one = next(iter(joins.values())) if len(joins) == 1 else None
        if not one or len(one.operands) != 2:
            return None
        known = zip((first, second), one.operands, strict=True)
        return one if all(ANY in operand.axes or len(operand.axes) == rank for rank, operand in known) else None

    def product_of_ranks(self, first: int | None, second: int | None) -> Operation | None:
        """The only product for each sample of two arrays with these numbers of axes; None stands for any."""
        return self._of_ranks("product", first, second, ("bmm", "baddbmm"))

    def _of_ranks(
        self, kind: str, first: int | None, second: int | None, names: Sequence[str] = ()
    ) -> Operation | None:
        found = [
            one
            for one in self._failed
            if one.kind == kind
            and (not names or one.name in names)
            and len(one.operands) > 1
            and all(
                rank is None or (ANY not in operand.axes and len(operand.axes) == rank)
                for rank, operand in zip((first, second), one.operands, strict=False)
            )
        ]
        return found[0] if len({one.text for one in found}) == 1 else None

    @property
    def target(self) -> Axes:
        """The axes of the target in the only call of a loss; () if that is not known."""
        targets = {one.operands[1].axes for one in self._failed if one.kind == "loss" and len(one.operands) > 1}
        axes = targets.pop() if len(targets) == 1 else ()
        return () if ANY in axes else axes

    def sum_beside_output(self, one: Operation, units: int) -> bool:
        """Whether a statement with a sum also reads an output with so many units."""
        return any(
            operand.axes[-1:] == (units,) and "output" in operand.roles
            for other in self._program.operations
            if other.lines == one.lines
            for operand in other.operands
        )

    def call_of_dense(self, got: int, expected: int) -> Operation | None:
        """The call of a dense layer for ``expected`` features with another number of them."""
        return self._best("layer", 1, lambda one: fit_of_dense(one, got, expected))

    def input_of_dense(self, got: int, expected: int) -> ast.expr | None:
        """What this dense layer gets in the program: the first one of several layers in order, what they get in the
        line that failed."""
        call = self.call_of_dense(got, expected)
        if not call or call.operands[0].node is not None:
            return call.operands[0].node if call else None
        given = [one.args[0] for one in self.tree.calls_of_failure() if len(one.args) == 1 and not one.keywords]
        fitting = [one for one in given if self.tree.axes(one)[-1:] == (got,)]
        return fitting[0] if len(fitting) == 1 else None

    def call_of_layer(self, units: int) -> Operation | None:
        """The call of a layer that is not recurrent, with an array whose last axis has so many values."""

        def of_units(one: Operation) -> Fit:
            return None if is_recurrent(one) else certain(iter([(one.operands[0].axes[-1], units)]))

        return self._best("layer", 1, of_units)

    def gets_one_step(self) -> bool:
        """Whether a layer that a loop calls gets an x of two axes, with the batch of its states in the first."""
        batches = {axes[1] for axes in self._program.states if len(axes) == 3 and isinstance(axes[1], int)}
        in_loop = (one for one in self.failed_calls if one.node and self.tree.is_in_loop(one.node))
        read = (one.operands[0].axes for one in in_loop if one.operands)
        return any(len(axes) == 2 and axes[0] in batches for axes in read)

    @property
    def samples_of_one_step(self) -> int | None:
        """The samples of an x of two axes which are those of all states of as many units as the layer has: such an x
        lacks its steps; None for one sample, and for another x."""
        for one in self.failed_calls:
            units = one.layer.size("num_units") if one.layer else None
            batches = {axes[1] for axes in self._program.states if len(axes) == 3 and axes[2] == units}
            x = one.operands[0].axes if one.operands else ()
            if len(x) == 2 and batches == {x[0]} and isinstance(x[0], int) and x[0] > 1:
                return x[0]
        return None

    def reshape_of_one_direction(self) -> Operation | None:
        """The reshape of an output with two directions into rows of the units of one; None without one."""
        for one in self._program.operations:
            axes = one.operands[0].axes if one.operands else ()
            layers, new = one.operands[0].layers if one.operands else (), axes_of(one.result)
            is_both = (
                len(layers) == 1 and bool(layers[0].setting("bidirectional")) and axes[-1:] == (width_of(layers[0]),)
            )
            if one.kind == "reshape" and is_both and isinstance(axes[-1], int) and new[-1:] == (axes[-1] // 2,):
                return one
        return None

    @property
    def resets_after(self) -> bool | None:
        """Whether the program's own GRU multiplies its reset gate and the product of h; None if that is not known."""
        products = [one for one in self.operations if one.kind == "product"]
        gated = [one for one in self.operations if (one.kind, one.name) == ("sum", "Mult") and len(one.operands) == 2]
        joined = [one for one in self.operations if one.kind == "join"]  # x and h in one array
        read = {operand.text for one in (*products, *joined) for operand in one.operands}
        of_h = {one.text for one in gated if any(operand.roles == {"h_0"} for operand in one.operands)}
        made = {text for text in of_h if text in read}
        return None if not products or not of_h else not made

    def loss_of_sizes(self, axis: int, a: int, b: int) -> Operation | None:
        """The call of a loss whose arrays have these sizes along an axis."""
        return self._best("loss", 2, lambda one: fit_of_sum(one, axis, a, b))

    def call_that_does_not_fit(self) -> Operation | None:
        """The only call of a dense layer that gets another number of features than it was made for."""
        calls = [one for one in self._failed if one.layer and one.layer.kind == "dense" and one.operands]
        found = [one for one in calls if one.layer and differs(one.operands[0].axes, one.layer.size("features"))]
        return found[0] if len(found) == 1 else None

    def is_elsewhere(self, one: Operation) -> bool:
        """Whether an operation in a recurrent network certainly reads nothing that recurrent layers return or get."""
        return bool(self._program.recurrent_layers) and all(
            operand.is_made and not operand.roles for operand in one.operands
        )

    def call_of_recurrent(self, rank: int) -> Operation | None:
        """The first call of a recurrent layer with so many axes of x."""
        of_x = ((one, one.operands[0].axes) for one in self.calls)
        return next((one for one, axes in of_x if ANY not in axes and len(axes) == rank), None)

    @property
    def makes_all_batches(self) -> bool:
        """Whether a program that calls a layer has no loader, and has not failed in ``fit``: their last batch may be
        smaller."""
        cuts = "loader" in self._source.lower() or any(name_of(one) == "fit" for one in self.tree.calls_in_frames)
        return self.has_calls and not cuts

    @property
    def has_embedding(self) -> bool:
        """Whether the text has an embedding."""
        return "embed" in self._source.lower()

    def _layer_named(self, name: str) -> Layer | None:
        """The layer of Keras with a name: that of its class, without a number, is the first one of its kind. One that a
        wrapper runs in both directions is the wrapper. None if layers of several models with other units have it."""
        of_keras = [one for one in self.made_layers if one.framework == "keras"]
        both = {(one.kind, one.size("num_units")) for one in of_keras if one.setting("bidirectional")}
        called = {one.layer for one in self.calls}
        of_keras = [
            one
            for one in of_keras
            if one.setting("bidirectional") or one in called or (one.kind, one.size("num_units")) not in both
        ]
        named = [one for one in of_keras if one.name == name]
        if len({one.size("num_units") for one in named}) > 1:
            return None
        kind = name.removeprefix("simple_")
        return next(iter(named or [one for one in of_keras if one.kind == kind and one.name is None]), None)

    def sizes_of_layer(
        self, cell: str, width: int | None = None, name: str = "", place: int | None = None
    ) -> dict[str, int]:
        """The sizes of the only recurrent layer, and of the x that it gets, as far as they are known; none if it has
        another cell. Of several layers, the one with a name in Keras, or the only one that returns ``width`` values for
        each step. ``place``: which one is meant, if nothing else tells it; without it, the one before the line that
        failed."""
        cells = [one for one in self.operations if one.layer and one.layer.kind.endswith("_cell")]
        is_of_cell = self._has_failed_line and self.failed_calls and all(one in cells for one in self.failed_calls)
        calls = self.failed_calls if is_of_cell else self.calls or cells
        layers = {one.layer for one in calls if one.layer} or {*self.made_layers}
        if name and (named := self._layer_named(name)):
            layers, calls = {named}, [one for one in calls if one.layer is named]
        if len(layers) > 1:
            in_line = [one for one in self.failed_calls if one.layer and self.failed]
            called = [one for one in in_line if one.node] if self._failed is not self._program.operations else []
            of_line = {one.layer for one in called or in_line if one.layer}
            of_width = {one for one in layers if width is not None and width_of(one) == width}
            layers = of_width or (of_line if len(of_line) == 1 else layers)
            placed = calls[place].layer if calls and place is not None else None
            before = {placed} if placed else self._nearest(self.layers_before_failure)
            layers = before if len(before) == 1 and len(layers) > 1 else layers
            calls = [one for one in calls if one.layer in layers]
        if len(layers) > 1 and are_alike(layers):
            in_order = (*(one.layer for one in calls), *self.made_layers)
            layers = {next(one for one in in_order if one in layers)}
        if len(layers) != 1:
            units = {(one.kind, one.size("num_units")) for one in layers}
            kind, size = units.pop() if len(units) == 1 else ("", None)
            return {"num_units": size} if isinstance(size, int) and cell in ("", kind) else {}
        (layer,) = layers
        if cell not in ("", layer.kind.removesuffix("_cell")):
            return {}
        sizes: dict[str, Axis] = {name: layer.size(name) for name in SIZES}
        sizes["gates"] = GATES.get(layer.kind.removesuffix("_cell"))
        both, shapes = has_two_directions(layer), {one.operands[0].axes for one in calls if one.operands}
        sizes["directions"] = None if both is None else 1 + both
        axes = shapes.pop() if len(shapes) == 1 else ()
        if layer.kind.endswith("_cell"):
            batches = {one[0] for one in self._program.states if len(one) == 2 and isinstance(one[0], int)}
            sizes["batch_size"] = batches.pop() if len(batches) == 1 else None
        is_batch_first = takes_batch_first(layer)
        if layer.kind.endswith("_cell") and isinstance(sizes["batch_size"], int):
            is_batch_first = axes[:1] == (sizes["batch_size"],)
        if len(axes) == 3 and ANY not in axes and is_batch_first is not None:
            order = steps_in_order(is_batch_first)
            sizes |= dict(zip(order, axes, strict=False))
        return {name: size for name, size in sizes.items() if isinstance(size, int) and size}

    def _nearest(self, layers: set[Layer]) -> set[Layer]:
        """Of several layers, the only one that the function which failed calls before; all of them without one."""
        nodes = [one for one in self.tree.nodes_of_failure if isinstance(one, ast.expr)] if len(layers) > 1 else []
        first = {(self.tree.function_of(one), one.lineno) for one in nodes}
        near = {
            one.layer
            for one in self.calls
            if one.layer and one.layer in layers and one.node
            if any(self.tree.function_of(one.node) is function and one.node.lineno < line for function, line in first)
        }
        return near if len(near) == 1 else layers

    @property
    def sizes_of_handwritten_cell(self) -> dict[str, int]:
        """The sizes of the x and the h that the program multiplies by weights of its own, as rows or as columns, or
        that it joins."""
        sizes: dict[str, set[int]] = {"batch_size": set(), "features": set(), "num_units": set()}
        rows = dict[tuple[str, str], set[int]]()
        for array, weights, text in self._arrays_and_rows():
            of_role = SIZE_OF_ROLE.get(array.roles, "")
            if isinstance(weights[0], int):
                rows.setdefault((of_role, text), set()).add(weights[0])
            if len(array.axes) == 2 and weights in (array.axes[1:], (ANY,)):
                for name, size in zip(("batch_size", of_role), array.axes, strict=True):
                    sizes[name] |= {size} if isinstance(size, int) else set()
        of_several = {role for (role, _), found in rows.items() if len(found) > 1}  # the same line of several layers
        return {name: next(iter(found)) for name, found in sizes.items() if len(found) == 1 and name not in of_several}

    def _arrays_and_rows(self) -> Iterator[tuple[Operand, Axes, str]]:
        """The arrays x and h in products, their samples first, each with the axis of the weights over which the product
        sums, and the text of these; or in joins, in which they are as they should be. What is made of x in a join may
        have more than x."""
        joined = {role for one in self.operations if one.kind == "join" for of in one.operands for role in of.roles}
        of_products = [role for role in SIZE_OF_ROLE if not role <= joined or "x" not in role]
        for one in self.operations:
            operands = [operand for operand in one.operands if operand.roles in SIZE_OF_ROLE]
            first, second = (*one.operands, None, None)[:2]
            if one.kind == "join" and len({operand.roles for operand in operands}) == len(one.operands) == 2:
                pairs = [*zip(*(operand.axes for operand in operands), strict=False)]
                equal = [n for n, (size, other) in enumerate(pairs) if size == other and isinstance(size, int)]
                for operand in operands if len(equal) == 1 and len(pairs) == 2 else ():
                    axes = operand.axes if equal == [0] else operand.axes[::-1]
                    yield replace(operand, axes=axes), axes[1:], operand.text
            elif one.kind != "product" or not first or not second:
                continue
            elif first.roles in of_products and second.axes:
                yield first, second.axes[:1], second.text
            elif second.roles in of_products and len(second.axes) == len(first.axes) == 2:
                yield replace(second, axes=second.axes[::-1]), first.axes[1:], first.text

    def line_of_state(self, batch_axis: int) -> tuple[str, str, str] | None:
        """A line that makes a state for as many samples as x has along the other one of its first two axes; what it
        reads of x, and the corrected line. None without one."""
        with_size = "\n".join(line for line in self._source.split("\n") if ".size(" in line or ".shape[" in line)
        for match in SIZE_OF_X.finditer(with_size):
            line, taken = match["line"].strip(), match["size"] or match["shape"]
            is_made = MADE_STATE.search(line) or match["name"] in self._sizes_of_made
            if int(taken) == 1 - batch_axis and is_made:
                read = match["read"]
                fixed = f"{read[: -len(taken) - 1]}{batch_axis}{read[-1]}"
                return line, read, line.replace(read, fixed)
        return None

    @cached_property
    def _sizes_of_made(self) -> frozenset[str]:
        """The names by which arrays such as states are made."""
        made = (self._source[match.end() : match.end() + LONGEST_MADE] for match in MADE.finditer(self._source))
        return frozenset(name for sizes in made for name in re.findall(r"\w+", sizes.partition("\n")[0]))

    def takes_batch_first(self, batch: int) -> bool:
        """Whether the program makes batches of so many samples, or reads the last step of what the layer that failed
        returns from its second axis: it takes x to have the batch first, then."""
        calls = self.tree.calls_of(*LOADERS)
        sizes = (self.tree.argument(one, 1, "batch_size") for one in calls)
        is_of_loader = any(one is not None and self.tree.number(one) == batch for one in sizes)
        return is_of_loader or any(
            self.tree.reads_last_step(one.node) for one in self.failed_calls if isinstance(one.node, ast.Call)
        )

    def reads_batch_as_steps(self, batch: int, steps: int) -> bool:
        """Whether a layer of PyTorch gets an x of so many samples and steps, and takes its first axis for time."""
        return any(
            one.operands[0].axes[:2] == (batch, steps) and one.layer and one.layer.setting("batch_first") is False
            for one in self.calls
            if len(one.operands[0].axes) == 3
        )

    def reads_last_output(self) -> bool:
        """Whether a layer that is neither recurrent nor dense gets the last output of a recurrent one, or its state."""
        of_layer = (one for one in self._failed if one.layer and one.layer.kind in ("pooling", "convolution"))
        read = (one.operands[0] for one in of_layer if one.operands)
        return any(len(x.axes) == 2 and ANY not in x.axes and x.roles & {"output", *STATES} for x in read)

    def lacks_steps(self) -> bool:
        """Whether a recurrent layer gets one vector for each sample, such as a state that another one returns."""
        read = (one.operands[0] for one in self.calls)
        return any(len(x.axes) == 2 and ANY not in x.axes and x.roles & STATES for x in read)

    def is_one_sample(self) -> bool:
        """Whether a recurrent layer gets an x of two axes whose last one is that of its features."""
        read = ((one.operands[0].axes, one.layer) for one in self.calls)
        return any(
            len(axes) == 2 and isinstance(axes[-1], int) and layer is not None and axes[-1] == layer.size("features")
            for axes, layer in read
        )

    def layers_and_states(self) -> tuple[int, int] | None:
        """The number of layers and directions of the only recurrent layer, and of the entries of the only state that
        are fewer; None if that is not known."""
        layers = {one.layer for one in self.calls if one.layer}
        counts = {axes[0] for axes in self._program.states if len(axes) == 3}
        if len(layers) != 1 or len(counts) != 1:
            return None
        (layer,), (count,) = layers, counts
        parts = parts_of(layer)
        if not parts or not isinstance(count, int):
            return None
        return (parts, count) if count < parts else None

    def is_bidirectional(self, parts: int, units: int) -> bool | None:
        """Whether the recurrent layers with so many units, and so many layers and directions, have two directions; None
        if that is not known."""
        found = {both for one in self.calls if one.layer for both in directions_of(one.layer, parts, units)}
        return found.pop() if len(found) == 1 else None

    def has_no_axis(self, features: int, got: int) -> bool:
        """Whether the program says all axes of each x that the line that failed gives a layer, its last one as it is
        got, and none is that of the features."""
        axes = [one.operands[0].axes for one in self.failed_calls if one.operands]
        are_known = all(all(isinstance(size, int) for size in one) and one[-1:] == (got,) for one in axes)
        return bool(axes) and are_known and not any(features in one for one in axes)

    def has_features_first(self, features: int, steps: int) -> bool:
        """Whether a recurrent layer gets an x with so many features before its steps. A single one may be a batch of
        one sample, if the layer takes time first; and a layer that is made with the steps is wrong itself."""
        return any(
            one.operands[0].axes[1:] == (features, steps)
            for one in self.calls
            if (features > 1 or not one.layer or one.layer.setting("batch_first") is not False)
            and not (one.layer and self.tree.takes_steps_for_features(one.layer))
        )

    def steps_of_x(self, batch: int) -> int | None:
        """The steps of x, as the layer reads it, of which a batch has so many samples; None if that is not known."""
        for one in self.calls:
            axes, first = one.operands[0].axes, one.layer.setting("batch_first") if one.layer else None
            is_of_batch = len(axes) == 3 and first is not None and axes[1 - first] == batch
            if is_of_batch and isinstance(steps := axes[bool(first)], int):
                return steps
        return None

    def reshape(self) -> Operation | None:
        """The only reshape."""
        found = [one for one in self._failed if one.kind == "reshape" or (one.layer and one.layer.kind == "reshape")]
        return found[0] if found and len({what(one.operands[0]) for one in found}) == 1 else None

    def _best(self, kind: str, count: int, fit: Callable[[Operation], Fit]) -> Operation | None:
        """The operation of which most sizes are certain, and that a recurrent layer is a part of; None if the sizes of
        a message fit none."""
        of_kind = [one for one in self._failed if one.kind == kind and len(one.operands) >= count]
        fits = [(known, one) for one in of_kind if (known := fit(one)) is not None]
        of_rank = [one for one in fits if kind == "sum" and rank_of_sum(one[1])]
        is_certain = len(fits) == 1 and any(operand.roles for operand in fits[0][1].operands)
        if not is_certain and self.failed and len(of_rank) == 1 and not any(known for known, _ in fits):
            fits, is_certain = of_rank, True  # the only one in the line that failed with a known number of axes
        most = max((known for known, _ in fits), default=0)
        best = [one for known, one in fits if known == most]
        related = [one for one in best if any(operand.roles for operand in one.operands)]
        return (related or best)[0] if best and (most or is_certain) else None


SIZE_OF_X = re.compile(
    r"^(?P<line>[ \t]{0,40}(?:(?P<name>\w{1,40}) ?= ?(?=[\w.]{1,60}(?:\.size\([01]\)|\.shape\[[01]\])[ ]{0,20}$))?"
    r"[^\n#]{0,200}?"
    r"(?P<read>\b[a-z]\w{0,40}\.(?:size\((?P<size>[01])\)|shape\[(?P<shape>[01])\]))[^\n]{0,200})$",
    re.MULTILINE,
)
"""A line that reads one of the first two sizes of a tensor; with a name, one that does nothing else."""

MADE_STATE = re.compile(
    r"(?:h|c|hidden|state|init)\w{0,30} ?=.{0,80}\b(?:zeros|randn?|ones|empty|new_zeros)\(", re.IGNORECASE
)
"""The beginning of a line that makes an initial state."""

MADE = pattern_with_word(r"\b(?:zeros|randn?|ones|empty|new_zeros)\(", *("zeros(", "rand", "ones(", "empty("))
LONGEST_MADE = 120
"""The beginning of a call that makes an array, and the characters behind it in which its sizes are looked for."""
