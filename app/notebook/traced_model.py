"""What ``unrolled.trace`` returns: the layers of a model with their shapes, and how their replays differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

from ..core.chain.layer import KINDS
from ..diagram.transforms.relabeling import in_language
from ..query.chain.read_chain import read_chain
from ..query.chain.read_layer import input_sizes, layer_document, query_of
from ..query.chain.view import ChainView
from ..query.field_types import BoundedInteger
from ..query.fields import FIELDS
from ..query.fields.input_fields import MAX_TEXT_LENGTH
from ..query.parsing import parse
from ..reading.code.layers_in_order import ReadLayer
from ..translations.languages import translator
from ..translations.phrases import phrase
from ..translations.translator import ENGLISH, Translator
from .display import axes_text, drawn, figure, html_shape, html_table, link_below, linked, short, text_table

HEAD = (phrase("name"), phrase("layer"), phrase("input"), phrase("output"), phrase("replay"))
OPEN = phrase("Open this model in Unrolled")

NOTHING = phrase("The forward pass called no layers of PyTorch or Keras.")

BATCH = "batch_size"

RECURRENT = ("recurrent", "cell")
"""The kinds of layers that are replayed."""


@dataclass(frozen=True)
class TracedLayer:
    """A layer that a model called: its class, and for a recurrent layer the largest ``difference`` between what it
    returned and what our program returns, or the ``reason`` why it is not replayed."""

    read: ReadLayer
    class_name: str
    difference: float | None = None
    reason: str = ""

    @property
    def name(self) -> str:
        return self.read.name or ""

    @property
    def is_recurrent(self) -> bool:
        return KINDS.get(self.read.kind) in RECURRENT

    @property
    def replay(self) -> str:
        """Its replay in words."""
        if self.reason:
            return phrase("not replayed: {reason}", reason=self.reason)
        if self.difference is None:
            return ""
        return phrase("replayed, largest difference {difference}", difference=short(self.difference))


class TracedModel:
    """The layers of a model in the order of one forward pass. The last line of a cell in a notebook displays it as a
    picture with a table; a terminal prints the table.

    ``layers`` are dicts as in /read.json, with the recorded shapes. ``differences`` has a number for each recurrent
    layer, in the same order: the largest absolute difference between what the framework returned and what our program
    computes from the same weights, input and initial states. It is None for a layer that is not replayed; ``reasons``
    says why, and is "" for the others. ``link`` is the path and query of the page about the model, which has its sizes
    and no names; None if the model has no layers.
    """

    def __init__(self, layers: Sequence[TracedLayer], translate: Translator = ENGLISH, language: str = "en") -> None:
        self._layers, self._translate, self._language = layers, translate, language

    def in_language(self, lang: str) -> "TracedModel":
        """The same model, shown in another language, as in a link. Raises FieldError, a ValueError, for an unknown one.

        >>> unrolled.trace(model, x).in_language("es")
        """
        language = parse([("lang", lang)], strict=True).language
        return TracedModel(self._layers, translator(language), language)

    @property
    def layers(self) -> list[dict[str, Any]]:
        return [layer_document(layer.read) for layer in self._layers]

    @property
    def differences(self) -> list[float | None]:
        return [layer.difference for layer in self._layers if layer.is_recurrent]

    @property
    def reasons(self) -> list[str]:
        return [layer.reason for layer in self._layers if layer.is_recurrent]

    @property
    def link(self) -> str | None:
        return f"/model{self._view.query()}" if self._view else None

    @cached_property
    def _view(self) -> ChainView | None:
        """The chain of the layers; None if there are none."""
        if not self._layers:
            return None
        reads = [layer.read for layer in self._layers]
        chain = read_chain(reads, MAX_TEXT_LENGTH)
        fields = chain.fields | {"part": str(chain.first_part)}
        if self._translate is not ENGLISH:
            fields["lang"] = self._language
        reads.sort(key=lambda read: KINDS.get(read.kind) not in RECURRENT)  # others do not say which axis is the batch
        sizes = next((found for read in reads if (found := input_sizes(read, read.kind.endswith("_cell")))), {})
        limit = FIELDS[BATCH]
        if BATCH in sizes and isinstance(limit, BoundedInteger) and limit.low <= sizes[BATCH] <= limit.high:
            fields[BATCH] = str(sizes[BATCH])
        pairs = list(fields.items())
        return ChainView.of(parse(pairs, strict=True), pairs)

    def __repr__(self) -> str:
        rows = [
            (one.name, one.class_name, *map(axes_text, (one.read.input, one.read.output)), self._translate(one.replay))
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
                ),
                self._translate(one.replay),
            )
            for one in self._layers
            for query in [query_of(one.read)]
        ]
        if not rows:
            return figure(f"<p>{self._translate(NOTHING, escape)}</p>")
        picture = in_language(self._view.picture().picture, self._translate) if self._view else None
        table = html_table([*map(self._translate, HEAD[:-1])], rows)
        return figure(drawn(picture), table, link_below(self._translate(OPEN), self.link))
