"""Why an initial state has another shape than the layer takes."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from .....translations.phrases import phrase
from ...axes_of_arrays import AXES_OF_STATE
from ...causes import LARGE_BATCH, batch_id, cause
from ...cell_classes import CLASSES
from ...code_lines.program_tree import ProgramTree
from ...mismatch import Cause, Shape
from ...said_shapes import steps_of_said_x
from ..divided_batches import divides_batch
from ..message_template import Found

HIDDEN = "num_layers*directions"


def causes_of_rank(found: Found, tensor: str, expected: Shape, got: Shape, is_lstm: bool) -> Iterator[Cause]:
    """Why a state has another number of axes."""
    if got == (1, *expected):
        yield cause("extra_state_axis", found.framework, state=name_of(found, tensor))
    if got != expected[1:]:
        return
    ids = ["unsqueeze" if expected[0] == 1 else "layers"]
    if is_lstm and tensor == "h_0":  # the parts of one tensor were taken for h and c: it has two of them
        ids.insert(0 if expected[0] == 2 or found.surroundings.replaces_by_lstm else 1, "h_for_h_c")
    values = {"state": name_of(found, tensor), "parts": expected[0], "units": expected[-1]}
    yield from (cause(id, found.framework, **values) for id in ids)


def causes_of_sizes(found: Found, tensor: str, expected: Shape, got: Shape, is_transposed: bool) -> Iterator[Cause]:
    """Why a state has other sizes, decided by the sizes where they can."""
    if len(expected) != len(AXES_OF_STATE) or None in (*expected, *got):
        return
    sizes = _Sizes(found, tensor, expected, got)
    if is_transposed:
        yield from sizes.likely("state_order", "state_transposed")
    elif _is_output(expected, got):
        yield from sizes.likely("output_for_h", "other_state")
    elif sizes.is_first and sizes.parts_got == 2 * sizes.parts and sizes.units == 2 * sizes.units_got:
        layers = "several layers" if sizes.parts > 1 else found.framework
        yield cause("encoder_directions", layers, **sizes.values)
    else:
        yield from sizes.causes_of_parts()
        yield from sizes.causes_of_batch()
        yield from sizes.causes_of_units()


def _is_of_encoder(found: Found, units: int) -> bool:
    """Whether a state with two directions is that of another layer of the program than the one that failed: no line
    makes it of its sizes."""
    call = found.program.failed_call
    decoder, states = (call.layer, call.operands[1:]) if call else (None, ())
    if not decoder or decoder.setting("bidirectional") is not False:
        return False
    alike = (one for one in found.program.made_layers if one.kind == decoder.kind and one.size("num_units") == units)
    encoders = [one for one in alike if one.setting("bidirectional")]
    is_made = any(one.node is not None and [*found.program.tree.origins(one.node)] for one in states)
    return len(encoders) == 1 and bool(states) and not is_made


class _Sizes:
    """A state with the axes ``AXES_OF_STATE``: the sizes that fit, and those that it has."""

    def __init__(self, found: Found, tensor: str, expected: Shape, got: Shape) -> None:
        self.found, self.tensor, self.expected = found, tensor, expected
        (self.parts, self.batch, self.units), (self.parts_got, self.batch_got, self.units_got) = map(
            numbers, (expected, got)
        )
        self.framework, self.batch_first = found.framework, found.surroundings.flag("batch_first")
        self.of_program = found.program.is_bidirectional(self.parts, self.units)
        self.is_bidirectional = self.of_program
        if self.is_bidirectional is None:
            network = found.network
            self.is_bidirectional = network.bidirectional if network else found.surroundings.flag("bidirectional")
        self.is_first = tensor == "h_0"
        """Whether it is h_0, which is compared first: if c_0 does not fit, h_0 does, so the layer is the right one."""
        is_along_layers = self.parts > self.parts_got > 0
        is_along_layers = is_along_layers and self.parts * self.batch == self.parts_got * self.batch_got
        self.is_divided = is_along_layers and divides_batch(found)

    @property
    def values(self) -> dict[str, int | str]:
        """What the sentences of causes say."""
        directions = 2 if self.is_bidirectional else 1
        layers, both = (f", {n}" if n > 1 else "" for n in (self.parts // directions, self.parts))
        return {
            "state": name_of(self.found, self.tensor),
            "cell": self.found.cell or "lstm",
            "parts": self.parts,
            "batch": self.batch,
            "units": self.units,
            "parts_got": self.parts_got,
            "batch_got": self.batch_got,
            "units_got": self.units_got,
            "layers": both,
            "stack": layers + (", bidirectional=True" if directions == 2 else ""),
        }

    def likely(self, *ids: str) -> Iterator[Cause]:
        """Causes by their ids, the likeliest first."""
        for id in ids:
            of_batch = _axis_of_batch(id, self.batch_first)
            is_known = self.framework != "onnx" and self.batch_first is not None
            from_x = f"x.size({of_batch['batch_axis']})" if is_known else self.batch
            made = from_x if self.batch == self.batch_got else self.batch_got
            sizes = {"batch_size": self.batch_got, "batch_made": made, "of_x": from_x}
            yield cause(id, self.framework, **sizes, **self.values, **of_batch)

    def causes_of_parts(self) -> Iterator[Cause]:
        """Why it has another number of layers and directions."""
        found, surroundings, parts, parts_got = self.found, self.found.surroundings, self.parts, self.parts_got
        if self.framework == "onnx" and parts != parts_got:  # an operator has one layer
            yield from self.likely("directions" if parts == 2 else "one_direction" if parts_got == 2 else "layers")
        elif self.framework != "pytorch":
            yield from self.likely("layers") if parts != parts_got else ()
        elif self.is_divided:
            yield from self.likely("divided_batch")
        elif parts == 2 * parts_got:
            is_one = surroundings.flag("bidirectional") is False or self.of_program is False
            is_likely = parts in surroundings.said_layers
            of_layers = ("layers",) if is_one else ("layers", "directions")
            is_both = self.of_program is True and parts_got * 2 == parts
            of_directions = ("directions",) if is_both else ("directions", "layers")
            yield from self.likely(*(of_layers if is_one or is_likely else of_directions))
        elif parts_got == 2 * parts:
            is_of_encoder = _is_of_encoder(found, self.units)
            if is_of_encoder or (surroundings.calls_decoder and not surroundings.has_one_direction):
                yield cause("encoder_directions", "same units", **self.values)
            may_be_both = (
                not is_of_encoder and self.is_first and not self.is_bidirectional and not surroundings.has_one_direction
            )
            is_of_both = is_of_encoder or may_be_both
            other_number = () if is_of_both and _are_single(found.program.tree) else ("layers",)
            yield from self.likely(*(("one_direction",) if may_be_both else ()), *other_number)
        elif parts != parts_got:
            yield from self.likely("layers")

    def causes_of_batch(self) -> Iterator[Cause]:
        """Why it was made for another batch."""
        found, surroundings, batch_first = self.found, self.found.surroundings, self.batch_first
        batch, batch_got = self.batch, self.batch_got
        if batch == batch_got or self.is_divided:
            return
        is_known = self.framework == "pytorch" and batch_first is not None
        made = found.program.line_of_state(1 - bool(batch_first)) if is_known else None
        steps = surroundings.steps_of_input or found.program.steps_of_x(batch)  # as the layer reads them
        steps = steps or (None if batch_first else steps_of_said_x(found, batch, self.units))
        is_other = batch_got == steps or (_is_whole_batch(batch) and found.program.makes_all_batches)
        made_for = "other_batch" if is_other else batch_id(batch, batch_got)
        is_sure = self.framework != "pytorch" or batch_first or not self.is_first or steps is not None
        is_part = 2 * batch <= batch_got + 1 or (batch_got > 1 and batch % batch_got == 0)
        if self.framework == "pytorch" and is_part and divides_batch(found):
            yield from self.likely("divided_batch", "other_batch")
        elif made:
            of_line = _read_from_x(cause("other_batch", self.framework), bool(batch_first), *made)
            of_layer = [] if batch_first else [*self.likely("batch_first")]
            if of_layer and found.program.takes_batch_first(batch_got):  # the state has the right batch
                yield from of_layer
            else:
                yield from (*of_layer, of_line) if surroundings.reads_batch_first else (of_line, *of_layer)
        elif batch in surroundings.said_batches:
            yield from self.likely(made_for, "batch_first")
        elif surroundings.mixes_batch_first or (steps == batch_got and not batch_first):
            yield from self.likely("batch_first", made_for)
        elif self.is_of_one_step:
            yield cause("steps_as_samples", "pytorch", batch=batch_got)
            yield from self.likely(made_for)
        elif is_sure or _is_carried(found):
            yield from self.likely(
                made_for, *(("exported_batch",) if self.framework == "onnx" and batch_got == 1 else ())
            )
            if self.framework == "onnx" and min(batch, batch_got) > 1:
                yield cause("exchanged_axes", "onnx", input="X", first=0, second=1)
        elif batches := {shape[0] for shape in surroundings.made_shapes if shape[1] == batch}:
            yield from self.likely(*(("batch_first", made_for) if batch_got in batches else (made_for, "batch_first")))
        elif batch_got == 1 and any(map(NAMED_BATCH.search, found.program.tree.frames)):
            yield from self.likely(made_for, "batch_first")
        elif batch > batch_got or surroundings.reads_first_axis:
            yield from self.likely("batch_first", made_for)
        elif _is_whole_batch(batch) and not _is_whole_batch(batch_got):
            yield from self.likely("other_batch", "batch_first", "last_batch")
        else:
            yield from self.likely(made_for, "batch_first")

    @property
    def is_of_one_step(self) -> bool:
        """Whether x may have the steps of a smaller batch as its samples: a call gives it a first axis of one step."""
        is_multiple = 1 < self.batch_got < self.batch and self.batch % self.batch_got == 0
        may_be_first = self.framework == "pytorch" and not self.batch_first
        return is_multiple and may_be_first and any(map(ONE_STEP.search, self.found.program.tree.frames))

    def causes_of_units(self) -> Iterator[Cause]:
        """Why it has another number of units."""
        if self.units == self.units_got:
            return
        layers = [one for one in self.found.program.made_layers if one.kind == "lstm"]
        is_certain = not self.is_first or self.units_got in [one.size("num_units") for one in layers]
        if self.found.surroundings.names_projection:
            yield from self.likely("projected_state", *(() if is_certain else ("other_units",)))
        else:
            if self._is_single():
                yield from self.likely("single_unit")
                return
            if self._may_be_of_both_directions():
                yield from self.likely("joined_states")
            of_projection = ["projected_state"] if self._may_be_projected() else []
            other = ["other_units"]  # h_0 has passed before c_0: without a projection, they were made apart
            yield from self.likely(*(other + of_projection if self.is_first else of_projection + other))

    def _is_single(self) -> bool:
        """Whether a layer of which nothing says that it has one unit on purpose gets the state of a larger one."""
        is_given = self.is_first and (self.parts, self.batch) == (self.parts_got, self.batch_got)
        is_made = self.expected in self.found.surroundings.made_shapes or self.found.program.made_layers
        is_one = self.units == 1 and self.units_got >= MANY_UNITS
        return self.framework == "pytorch" and is_given and is_one and not is_made

    def _may_be_of_both_directions(self) -> bool:
        """Whether the state may be that of both directions of an encoder, whose layers nothing in the text shows: it
        has twice the units, and fits along the other axes."""
        around = self.found.surroundings
        is_given = self.is_first and (self.parts, self.batch) == (self.parts_got, self.batch_got)
        is_double = self.units_got == 2 * self.units and self.units >= MANY_UNITS
        is_shown = around.made_shapes or around.made_sizes or self.found.program.made_layers
        is_one = around.flag("bidirectional") is False or self.is_bidirectional
        return self.framework == "pytorch" and is_given and is_double and not is_shown and not is_one

    def _may_be_projected(self) -> bool:
        """Whether a layer of which the text does not say how it is made may have a projection: c has the units then,
        which are more than h has."""
        is_made = any(one.kind == "lstm" for one in self.found.program.made_layers)
        if self.found.template.cells or self.framework != "pytorch" or is_made:  # only an LSTM has a projection
            return False
        if self.is_first:
            return self.units_got > self.units
        return self.units_got < self.units and self.expected not in self.found.surroundings.made_shapes


def _are_single(tree: ProgramTree) -> bool:
    """Whether the program makes several recurrent layers of PyTorch, one of them with two directions, and none of them
    has layers of its own."""
    made = tree.calls_of(*CLASSES.values())
    both = [
        one for one in made for key in one.keywords if key.arg == "bidirectional" and ast.unparse(key.value) == "True"
    ]
    return len(made) > 1 and bool(both) and all(tree.argument(one, 2, "num_layers") is None for one in made)


def _is_output(expected: Shape, got: Shape) -> bool:
    """Whether a state has the axes of an output: batch and steps, or many steps and the batch."""
    (parts, batch, _), (first, second, _) = numbers(expected), numbers(got)
    is_batch_first = first == batch > 1 and second > 2 * parts and second != batch  # or the layers of a smaller network
    return is_batch_first or (second == batch and first > max(MOST_LAYERS, 2 * parts))


ONE_STEP = re.compile(r"\(\w{1,40}\.unsqueeze\(0\)[,)]")
"""A call that gives x a first axis of size 1: that of time, unless the batch is first."""

NAMED_BATCH = re.compile(r"\(\s?(?:\w{1,20}_)?batch(?:_\w{1,20})?\s?,")
"""A call that gets something that is called like a batch."""

MANY_UNITS = 16
"""So many units are no accident: one unit beside them is a mistake, and twice as many are a sign of two directions."""

MOST_LAYERS = 12
"""Layers and directions of most networks: a longer first axis is that of steps."""


def _is_whole_batch(n: int) -> bool:
    """Whether most programs that choose such a size for a batch mean a whole one: a power of two."""
    return n >= LARGE_BATCH and n & (n - 1) == 0


def _is_carried(found: Found) -> bool:
    """Whether the line that failed gives the state that it gets to the next call: a layer that reads another axis for
    the batch would do so in each call."""
    return CARRIED.search(found.code) is not None


CARRIED = re.compile(r",\s?(\(?[\w.]+(?:,\s?[\w.]+\))?)\s?=\s?[\w.\[\]]+\(.{1,120},\s?\1\)")
"""A call of a layer that replaces the state that it gets."""


def _read_from_x(other: Cause, batch_first: bool, line: str, read: str, fixed: str) -> Cause:
    """The cause of a state whose batch is read from the axis of the steps, in the program's own line."""
    sentence = (
        phrase("{code} is time_step, because the layer has batch_first=True.", code=read)
        if batch_first
        else phrase("{code} is time_step, because the layer has no batch_first=True.", code=read)
    )
    return replace(other, sentence=sentence, wrong=line, fix=fixed)


def _axis_of_batch(id: str, batch_first: bool | None) -> dict[str, int | str]:
    """The axis of the batch in x, which is the first one in most programs that read batches of a data set."""
    if batch_first is None and id in ("last_batch", "other_batch", "divided_batch"):
        return {"batch_axis": 0, "note": "  # x.size(1) without batch_first"}
    return {"batch_axis": 0 if batch_first else 1, "note": ""}


def name_of(found: Found, tensor: str) -> str:
    """What a state is called in code."""
    return f"initial_{tensor[0]}" if found.framework == "onnx" else tensor


def numbers(shape: Shape) -> list[int]:
    """The sizes of a shape, all of which are known."""
    return [size or 0 for size in shape]
