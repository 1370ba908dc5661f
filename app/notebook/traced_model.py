"""What ``unrolled.trace`` returns: the layers of a model with their shapes, and how their replays differ."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from itertools import zip_longest
from typing import Any

from ..core.model.chain import Passed
from ..core.model.layer import KINDS, OF_SEVERAL_TENSORS, AxisSize
from ..core.model.shapes import numbers
from ..core.model.text import LARGEST, MOST_AXES, chain_text
from ..diagram.elements import Picture
from ..diagram.transforms.relabeling import in_language
from ..reading.code.reading_result import ReadLayer
from ..reading.code.values import Axes
from ..text_table import text_table
from ..translations.languages import translator
from ..translations.numbers import grouped
from ..translations.phrases import CommaSeparated, phrase, plural
from ..translations.translator import ENGLISH, Translator
from ..url_state.field_types import BoundedInteger
from ..url_state.fields import FIELDS
from ..url_state.fields.input_fields import MAX_TEXT_LENGTH
from ..url_state.parsing import parse
from ..url_state_to_picture.model.batch_and_time import is_without_batch
from ..url_state_to_picture.model.model_url_state import ChainUrlState
from ..url_state_to_picture.model.picture_of_model import NamedLayer, picture_of_chain
from ..url_state_to_picture.model.read_layer import input_sizes, layer_document, query_of
from ..url_state_to_picture.model.read_model import ReadChain, read_chain
from .display import axes_text, drawn, figure, html_shape, html_table, link_below, linked, server, short
from .recorded_shapes import with_recorded_shapes

HEAD = (phrase("name"), phrase("layer"), phrase("input"), phrase("output"), phrase("parameters"), phrase("replay"))
OPEN = phrase("Open this model in Unrolled")

MOST_LEFT_OUT = 6
"""So many layers are named of which a link does not have all sizes."""

NOTHING = phrase("The forward pass called no layers of PyTorch or Keras.")

BATCH = "batch_size"

RECURRENT = ("recurrent", "cell")
"""The kinds of layers that are replayed."""

PICTURES = ("convolution", "pooling")
"""The kinds of layers whose first axis is the batch in each framework."""


@dataclass(frozen=True)
class TracedLayer:
    """A layer that a model called: its class, and for a recurrent layer the largest ``difference`` between what it
    returned and what our program returns, or the ``reason`` why it is not replayed. ``reads``: the names of the layers
    and inputs from which its input is computed, if these are others than the layer before it; ``times``: how often it
    was called at its place; ``begins``: the names of those from which its initial state is computed; ``continues``:
    whether that of later runs is computed by itself; ``later``: the names of the others from which that of all later
    runs is computed, if it is those of ``begins`` in the first one only; ``begins_differ``: whether this is so in some
    runs only; ``begins_anew``: whether none of several runs gets a state, or each gets only zeros;
    ``is_again``: whether it is called at another place before this
    one; ``has_others``: whether it reads something beside what the layer before it returns; ``shared``: how
    many of its parameters are in layers before it as well; ``states_of``: the name of the layer before it, if it reads
    nothing but the last states of that."""

    read: ReadLayer
    class_name: str
    difference: float | None = None
    reason: str = ""
    reads: str = ""
    times: int = 1
    begins: str = ""
    continues: bool = False
    later: str = ""
    begins_differ: bool = False
    begins_anew: bool = False
    is_again: bool = False
    has_others: bool = False
    shared: int = 0
    states_of: str = ""

    @property
    def name(self) -> str:
        return self.read.name or ""

    @property
    def in_chain(self) -> ReadLayer:
        """The layer in a chain, in which parameters count once."""
        return replace(self.read, own=0) if self.is_again else self.read

    @property
    def count(self) -> str:
        """The number of its parameters that no layer above has, "" if it is not known."""
        own = 0 if self.is_again else self.read.parameters
        return "" if own is None else grouped(own - (0 if self.is_again else self.shared))

    @property
    def of_call(self) -> dict[str, Any]:
        """What a chain has of a call: how often it runs, whether it reads others, and the parameters of its own."""
        own = (self.read.parameters or 0) - self.shared
        return {
            "runs": self.times,
            **({"gets_others": True} if self.has_others and self.read.kind not in OF_SEVERAL_TENSORS else {}),
            **({"parameters": own} if self.shared and not self.is_again else {}),
        }

    @property
    def may_be_replayed(self) -> bool:
        """Whether it is recurrent, also of a class or with settings of which only the reason is known."""
        return self.is_recurrent or bool(self.reason)

    @property
    def is_recurrent(self) -> bool:
        return KINDS.get(self.read.kind) in RECURRENT

    @property
    def words(self) -> str:
        """Whether it was above, what it reads, how often it ran, and its replay in words."""
        again = phrase("the same layer as above") if self.is_again else ""
        reads = phrase("reads {names}", names=self.reads) if self.reads else ""
        if self.states_of:
            reads = phrase("reads the last states of {names}", names=self.states_of)
        begins = self._begins
        runs = plural("ran {n:,} time", "ran {n:,} times", self.times) if self.times > 1 else ""
        first, *others = [*filter(None, (again, reads, begins, runs, self.replay)), ""]
        for other in others[:-1]:
            first = phrase("{one}, {other}", one=first, other=other)
        return first

    @property
    def _begins(self) -> str:
        if self.begins_anew:
            return phrase("each run begins with zeros")
        if self.begins_differ:
            return self._begins_of_some
        if self.later:
            return self._begins_of_later
        if self.continues and self.begins:
            return phrase("its initial state comes from {names}, and in later runs from itself", names=self.begins)
        if self.continues:
            return phrase("in later runs its initial state comes from itself")
        return phrase("its initial state comes from {names}", names=self.begins) if self.begins else ""

    @property
    def _begins_of_later(self) -> str:
        """From where the initial states of later runs come that do not begin as the first one."""
        first, later = self.begins, self.later
        if self.continues and first:
            return phrase(
                "its initial state comes from {names}, and in later runs from {others} and itself",
                names=first,
                others=later,
            )
        if self.continues:
            return phrase("in later runs its initial state comes from {names} and itself", names=later)
        if first:
            return phrase(
                "its initial state comes from {names}, and in later runs from {others}", names=first, others=later
            )
        return phrase("in later runs its initial state comes from {names}", names=later)

    @property
    def _begins_of_some(self) -> str:
        """From where the initial states of runs come that do not begin alike."""
        if not self.continues:
            return phrase("in some runs its initial state comes from {names}", names=self.begins)
        if not self.begins:
            return phrase("in some later runs its initial state comes from itself")
        return phrase(
            "in some runs its initial state comes from {names}, and in some later ones from itself", names=self.begins
        )

    @property
    def replay(self) -> str:
        """Its replay in words."""
        if self.reason:
            return phrase("not replayed: {reason}", reason=self.reason)
        if self.difference is None:
            return ""
        difference = short(self.difference)
        if not self.read.is_exact:
            return phrase(
                "replayed, largest difference {difference}; no picture shows a setting of it, such as its activation",
                difference=difference,
            )
        return phrase("replayed, largest difference {difference}", difference=difference)


def _batch(layer: TracedLayer) -> Iterator[int]:
    """The size of the batch that a layer gets, if it is known."""
    axes = layer.read.input
    if layer.read.kind in PICTURES and len(axes) > 2:
        sizes = {BATCH: axes[0]}
    else:
        sizes = {**input_sizes(layer.read, layer.read.kind.endswith("_cell"))}
    if isinstance(size := sizes.get(BATCH), int):
        yield size


def _says(passed: Passed, read: ReadLayer) -> bool:
    """Whether the shapes of a layer have all sizes that were recorded."""
    said = {*numbers(passed.input), *numbers(passed.output)}
    return all(size in said for size in (*read.input, *read.output) if isinstance(size, int))


def _says_batch(layer: TracedLayer) -> bool:
    """Whether a layer says which of its axes is the batch."""
    return layer.is_recurrent or layer.read.kind in PICTURES


class TracedModel:
    """The layers of a model in the order of one forward pass. The last line of a cell in a notebook displays it as a
    picture with a table; a terminal prints the table.

    ``layers`` are dicts as in /read.json, with the recorded shapes. ``differences`` has a number for each recurrent
    layer, in the same order: the largest absolute difference between what the framework returned and what our program
    computes from the same weights, input and initial states. It is None for a layer that is not replayed; ``reasons``
    says why, and is "" for the others. ``link`` is the path and query of the page about the model, which has its sizes
    and no names; None if the model has no layers. ``left_out`` are the names of the layers of which the link does not
    have all sizes.
    """

    def __init__(
        self,
        layers: Sequence[TracedLayer],
        outputs: Sequence[Axes] = (),
        end: Axes | None = None,
        has_others_at_end: bool = False,
        given: Axes | None = None,
        has_all_parameters: bool = False,
        translate: Translator = ENGLISH,
        language: str = "en",
    ) -> None:
        self._given, self._has_all_parameters = given, has_all_parameters
        self._layers, self._outputs, self._end, self._has_others_at_end = layers, outputs, end, has_others_at_end
        self._translate, self._language = translate, language

    def in_language(self, lang: str) -> "TracedModel":
        """The same model, shown in another language, as in a link. Raises FieldError, a ValueError, for an unknown one.

        >>> unrolled.trace(model, x).in_language("es")
        """
        language = parse([("lang", lang)], strict=True).language
        ends = self._outputs, self._end, self._has_others_at_end, self._given, self._has_all_parameters
        return TracedModel(self._layers, *ends, translator(language), language)

    @property
    def layers(self) -> list[dict[str, Any]]:
        return [layer_document(layer.read) for layer in self._layers]

    @property
    def differences(self) -> list[float | None]:
        return [layer.difference for layer in self._layers if layer.may_be_replayed]

    @property
    def reasons(self) -> list[str]:
        return [layer.reason for layer in self._layers if layer.may_be_replayed]

    @property
    def link(self) -> str | None:
        return f"/model{self._chain_state.query()}" if self._chain_state else None

    @property
    def left_out(self) -> list[str]:
        if self._chain_state is None:
            return []
        pairs = zip(self._chain.reads, self._chain_state.layers, strict=True)
        passed = [named.passed for read, named in pairs if read]
        return [
            layer.name or layer.class_name
            for layer, one in zip_longest(self._layers, passed)
            if not (one and _says(one, layer.read))
        ]

    @cached_property
    def _chain_state(self) -> ChainUrlState | None:
        """The chain of the layers; None if there are none."""
        if not self._layers:
            return None
        fields = self._chain.fields | {"part": str(self._chain.first_part)}
        if self._translate is not ENGLISH:
            fields["lang"] = self._language
        limit, size = FIELDS[BATCH], self._batch_size
        if size is not None and isinstance(limit, BoundedInteger) and limit.low <= size <= limit.high:
            fields[BATCH] = str(size)
        pairs = list(fields.items())
        return ChainUrlState.of(parse(pairs, strict=True), pairs)

    @cached_property
    def _chain(self) -> ReadChain:
        reads = [layer.in_chain for layer in self._layers]
        found = self._with_end(reads)
        calls = {id(read): call for read, call in zip(reads, self._calls, strict=True)}
        is_closed = self._has_all_parameters and found.is_whole  # what is between layers has no parameters
        layers = [
            replace(layer, **calls.get(id(read), {"parameters": 0} if is_closed and layer.kind == "other" else {}))
            for layer, read in zip(found.chain.layers, found.reads, strict=True)
        ]
        outputs = [self._after_batch(axes, found.time_major) for axes in self._outputs]
        chain = replace(found.chain, layers=tuple(layers), outputs=tuple(outputs))
        return replace(found, chain=chain) if len(chain_text(chain)) <= MAX_TEXT_LENGTH else found

    def _with_end(self, reads: Sequence[ReadLayer]) -> ReadChain:
        """The chain of the layers, with what the model makes of the output of the last one."""
        if self._end is None:
            return self._read_chain(reads)
        end = ReadLayer(None, "other", reads[0].framework, {}, self._end, self._end, None, True, True, self._end)
        found = self._read_chain([*reads, end])
        if not found.is_whole:
            return found
        *layers, last = found.chain.layers
        if self._has_others_at_end:
            before = layers.pop() if found.reads[-2] is None else last  # a gap is what the model makes of it
            layers.append(replace(before, gets_others=True))
        count = len(layers)
        chain = replace(found.chain, layers=tuple(layers))
        kept: list[ReadLayer | None] = [read if read is not end else None for read in found.reads[:count]]
        return replace(found, chain=chain, reads=tuple(kept), settings=found.settings[:count])

    def _read_chain(self, reads: Sequence[ReadLayer]) -> ReadChain:
        """The chain of some layers, which begins with the input of the model."""
        given = [] if self._given is None else [self._given]
        return read_chain(reads, MAX_TEXT_LENGTH, given=given, is_computed=True)

    def _after_batch(self, axes: Axes, time_major: bool) -> tuple[AxisSize, ...] | None:
        """The axes of a further output after the batch; None if it has no batch, or no size that a chain can have."""
        place = 1 if time_major and len(axes) > 2 else 0
        after = (*axes[:place], *axes[place + 1 :])
        sizes = tuple(size for size in after if isinstance(size, int) and 1 <= size <= LARGEST)
        has_batch = len(axes) > place and axes[place] == self._batch_size
        return sizes if has_batch and len(sizes) == len(after) and 1 <= len(sizes) <= MOST_AXES else None

    @property
    def _calls(self) -> Iterator[dict[str, Any]]:
        """For each layer what a chain has of its call, with the size of its batch if layers have different ones."""
        sizes = self._batches if self._batch_size is None else [None] * len(self._layers)
        limit = FIELDS[BATCH]
        assert isinstance(limit, BoundedInteger)
        for layer, size in zip(self._layers, sizes, strict=True):
            yield {**layer.of_call, "batch": size if size and limit.low <= size <= limit.high else 0}

    @property
    def _batches(self) -> list[int | None]:
        """The size of the batch of each layer: of one that does not say which axis that is, the one of a layer that
        gets its output, or that returns its input."""
        sizes = [next(_batch(layer), None) if _says_batch(layer) else None for layer in self._layers]
        pairs = range(len(sizes) - 1)
        for n, other in [*((n, n + 1) for n in reversed(pairs)), *((n + 1, n) for n in pairs)]:
            below, above = self._layers[min(n, other)].read, self._layers[max(n, other)].read
            if sizes[n] is None and below.output == above.input:
                sizes[n] = sizes[other]
        return sizes

    @property
    def _batch_size(self) -> int | None:
        """The batch, as recurrent layers and convolutions say; others do not say which axis it is, so the first one of
        them decides if there are no such layers, or the first axis that all have. None if layers have different
        batches, or a recurrent layer gets one sequence without a batch."""
        if any(is_without_batch(layer.read) for layer in self._layers):
            return None
        said = [size for layer in self._layers if _says_batch(layer) for size in _batch(layer)]
        if said:
            return said[0] if len(set(said)) == 1 else None
        return next((size for layer in self._layers for size in _batch(layer)), self._first_of_all)

    @property
    def _first_of_all(self) -> int | None:
        """The size of the first axis that everything has that layers get and return; None if they have different ones,
        or if vectors have no axis but the last one, which is that of their numbers."""
        reads = [layer.read for layer in self._layers]
        first = {axes[0] for read in reads for axes in (read.input, read.output) if axes}
        is_certain = all(len(read.output) > 1 and (len(read.input) > 1 or read.kind == "embedding") for read in reads)
        size = next(iter(first), None) if len(first) == 1 and is_certain else None
        return size if isinstance(size, int) else None

    def _picture(self) -> Picture | None:
        """The picture of the chain, with the recorded shapes; None without layers."""
        if self._chain_state is None:
            return None
        scene = self._chain_state.scene(selected=self._chain_state.state.part, layers=self._shown_layers)
        return in_language(picture_of_chain(scene).picture, self._translate)

    @property
    def _shown_layers(self) -> list[NamedLayer]:
        """The layers of the chain with the recorded shapes."""
        assert self._chain_state
        return with_recorded_shapes(self._chain_state.layers, self._chain.reads, self._chain_state.time_major)

    def _left_out_note(self) -> str:
        """What the link does not say, below it."""
        if not server() or not self.left_out:
            return ""
        names = CommaSeparated([*self.left_out[:MOST_LEFT_OUT], *("…" for _ in self.left_out[MOST_LEFT_OUT:][:1])])
        said = phrase("The link does not have all sizes of {layers}.", layers=names)
        return f"<p>{self._translate(said, escape)}</p>"

    def __repr__(self) -> str:
        rows = [
            (
                one.name,
                one.class_name,
                *map(axes_text, (one.read.input, one.read.output)),
                self._translate(one.count),
                self._translate(one.words),
            )
            for one in self._layers
        ]
        return text_table([[*map(self._translate, HEAD)], *rows]) if rows else self._translate(NOTHING)

    def _repr_html_(self) -> str:
        rows = [
            (
                (
                    linked(one.name or one.class_name, query and f"/{query}"),
                    escape(one.class_name),
                    html_shape(one.read.input),
                    html_shape(one.read.output),
                    self._translate(one.count, escape),
                ),
                self._translate(one.words),
            )
            for one in self._layers
            for query in [query_of(one.read)]
        ]
        if not rows:
            return figure(f"<p>{self._translate(NOTHING, escape)}</p>")
        table = html_table([*map(self._translate, HEAD[:-1])], rows)
        link = link_below(self._translate(OPEN), self.link)
        return figure(drawn(self._picture()), table, link, self._left_out_note())
