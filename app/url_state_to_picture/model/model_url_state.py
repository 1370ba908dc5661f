"""What a URL asks for about a model: a chain of layers, its known sizes, the selected layer, and the framework."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ...core.axes import TIME_STEP
from ...core.model.chain import Chain, with_order
from ...core.model.layer import GAPS, TIME, Layer
from ...core.model.shapes import REST, Shape, Size, shape_of
from ...diagram.model.model_picture import DrawnChain
from ...diagram.model.model_scene import ChainScene, Format
from ...frameworks import FRAMEWORKS
from ...frameworks.framework_types import Framework
from ...frameworks.model_layers import cell_id, in_framework
from ...url_state.combinations_of_fields import fitted, rules_after
from ...url_state.field_types import NONE, BoundedInteger, Choice, FieldError, Flag, Value
from ...url_state.fields import FIELDS, SWITCHES
from ...url_state.parsing import Pairs
from ...url_state.text_field_types import MODEL_EXAMPLE, chain_of, is_of_cell
from ...url_state.url_state import UrlState
from .picture_of_model import NamedLayer, chain_scene, named_layers, picture_of_chain

RUN_SIZES = ("batch_size", "time_step")
"""The sizes that are no part of a model. They are not known unless the query has them."""

OWN_FIELDS = frozenset(
    (
        *RUN_SIZES,
        *SWITCHES,
        "framework",
        "model",
        "part",
        "beside",
        "beside_framework",
        "notation",
        "lang",
        "theme",
        "format",
    )
)
"""The fields that matter for a model."""

ORDERS = ("time_major", "batch_first", "layout")
"""The switches of frameworks that say which of batch and time comes first: each framework has at most one of them."""

OTHERS: dict[str, Value] = {name: field.default for name, field in FIELDS.items() if name not in OWN_FIELDS}
"""The other fields, with their defaults: links to a model leave them out."""


_UNKNOWN_ARGUMENT = re.compile(r"[^(),]*\?")
"""A size of a layer that is not known, with its name if it has one."""


@dataclass(frozen=True)
class OpenedLayer:
    """The page about a recurrent layer: its query, and the names of the sizes that nobody said, which have their
    defaults there. Without a ``query``, a size is larger than a picture can be."""

    query: str | None
    assumed: tuple[str, ...]


@dataclass(frozen=True)
class ChainUrlState:
    """A UrlState with a model. ``said``: those of ``RUN_SIZES`` that the query has. ``settings``: for a model that was
    read from source code, those of the pages about exactly its layers, None for a layer without such a page;
    ``class_names``: the names that its source gives them, "" for those of the framework."""

    state: UrlState
    said: frozenset[str]
    settings: tuple[Mapping[str, Value] | None, ...] | None = None
    class_names: tuple[str, ...] = ()

    @classmethod
    def of(cls, state: UrlState, pairs: Pairs) -> "ChainUrlState":
        """A UrlState with the names and values of its query. Raises FieldError if it has no model."""
        if not state.model:
            raise FieldError("model", None, "model is required; write the layers of a model", MODEL_EXAMPLE)
        if is_of_cell(state.beside):
            state = _fitting(state, beside="")
        return cls(state, frozenset(name for name, _ in pairs if name in RUN_SIZES))

    @cached_property
    def chain(self) -> Chain:
        chain = chain_of(self.state.model)
        return replace(chain, layers=tuple(in_framework(self.framework, layer) for layer in chain.layers))

    @property
    def framework(self) -> Framework:
        return FRAMEWORKS[self.state.framework]

    @property
    def beside_framework(self) -> str:
        """The id of the framework of the second model."""
        return self.state.framework if self.state.beside_framework == NONE else self.state.beside_framework

    def size(self, name: str) -> int | None:
        """One of ``RUN_SIZES``; None if nobody said it."""
        value: int = getattr(self.state, name)
        return value if name in self.said else None

    @cached_property
    def time_major(self) -> bool:
        """Whether the framework's layers have the time before the batch."""
        return self.state.shown_model.input.axes[0] == TIME_STEP

    @cached_property
    def input(self) -> Shape:
        shape = with_order(self.chain.shape_of_input(*map(self.size, RUN_SIZES)), self.chain.transposed[0])
        names = [size.name for size in self.layers[0].passed.input]
        is_named = len(names) == len(shape) > 2  # which axis of pictures is that of steps, if one is
        return tuple(replace(size, name=name) for size, name in zip(shape, names, strict=True)) if is_named else shape

    @cached_property
    def layers(self) -> list[NamedLayer]:
        found = named_layers(self.chain, self.framework, *map(self.size, RUN_SIZES), time_major=self.time_major)
        names = self.class_names or ("",) * len(found)
        return [replace(one, name=name) if name else one for one, name in zip(found, names, strict=True)]

    @property
    def selected(self) -> NamedLayer:
        return self.layers[self.state.part]

    @property
    def knows_output(self) -> bool:
        """Whether the model certainly returns what its last layer does: that is the last one, and runs once."""
        return self.chain.is_ordered and self.chain.layers[-1].runs == 1

    @property
    def outputs(self) -> list[Shape]:
        """What the model returns beside the output of its last layer."""
        batch, time = (Size(name, self.size(name)) for name in RUN_SIZES)
        return [(Size(REST, None),) if axes is None else shape_of(axes, batch, time) for axes in self.chain.outputs]

    @property
    def unknown_sizes(self) -> int:
        """The number of sizes that the text of the model leaves open. One that it has twice counts once."""
        return self.state.model.count("?") - len(repeated_sizes(self.state.model))

    def scene(
        self, format: Format = "page", selected: int | None = None, layers: Sequence[NamedLayer] | None = None
    ) -> ChainScene:
        """The scene of its picture, in which a layer is selected. ``layers`` are the same ones with other shapes, those
        of one call."""
        return chain_scene(
            layers or self.layers,
            layers[0].passed.input if layers else self.input,
            self.framework,
            selected=selected,
            time_major=self.time_major,
            format=format,
            notation=self.state.size_notation,
            knows_input=self.chain.is_ordered,
            knows_output=self.knows_output,
            takes_ids=self.chain.takes_ids,
        )

    def picture(self, format: Format = "page") -> DrawnChain:
        return picture_of_chain(self.scene(format, self.state.part))

    def query(self, **changes: Value) -> str:
        """The query of the same model, with some fields changed. A size that was said stays in it."""
        return self._with_said(self.state.query(**OTHERS, **changes), changes)

    def _with_said(self, query: str, changes: Mapping[str, Value]) -> str:
        """A query, with the sizes that were said and are the defaults, which queries leave out."""
        values = {**self.state.values, **changes}
        said = [f"{n}={values[n]}" for n in RUN_SIZES if n in self.said and values[n] == FIELDS[n].default]
        return "&".join([query or "?", *said]).replace("?&", "?") if said else query

    def alone(self) -> "ChainUrlState":
        """The first model, without the second one."""
        return replace(self, state=_fitting(self.state, beside=""))

    def beside(self) -> "ChainUrlState":
        """The second model, with the same sizes, in its own framework."""
        part = min(self.state.part, len(chain_of(self.state.beside).layers) - 1)
        own: dict[str, Value] = {"framework": self.beside_framework, "model": self.state.beside, "part": part}
        return replace(self, state=_fitting(self.state, **own, beside=""))

    def opened(self, part: int) -> OpenedLayer | None:
        """The page about a layer, which always has a bias; None if it is not recurrent, or if the page would show
        another layer than the source code has."""
        named = self.layers[part]
        layer = named.layer
        if not layer.is_recurrent or not named.passed.reached or layer.has_own_settings:
            return None
        if self._is_only_backward(layer):
            return None
        values, assumed = self.fields_of(named)
        values |= self.order_at(part)
        if self.settings is not None:
            settings = self.settings[part]
            if settings is None:
                return None
            values |= settings
        if _are_too_large(values):
            return OpenedLayer(None, ())
        changes = OTHERS | values | {"part": part, "beside": ""}
        return OpenedLayer(self._with_said(self.state.query(**changes), changes), assumed)

    def backward_of(self, part: int) -> str | None:
        """The query of the page about a layer with two directions, of which a layer is only the backward one; None if
        the framework has such layers, or if it is another layer. What is changed there does not change the model."""
        named = self.layers[part]
        layer = named.layer
        if not layer.is_recurrent or not named.passed.reached or layer.has_own_settings:
            return None
        if not self._is_only_backward(layer):
            return None
        values, _ = self.fields_of(named)
        both: dict[str, Value] = {"bidirectional": True, "direction": "backward", "part": part, "beside": ""}
        changes = OTHERS | values | self.order_at(part) | both
        return None if _are_too_large(values) else self._with_said(self.state.query(**changes), changes)

    def order_at(self, part: int) -> dict[str, Value]:
        """The switch of the order of batch and time, for the page about a layer: the other order than in the model if
        that transposes the axes in between. From that page's own switch, it is the one of the model."""
        order = next((name for name in ORDERS if name in self.framework.defaults), None)
        if order is None:
            return {}
        field, value = FIELDS[order], self.state[order]
        assert isinstance(field, Choice | Flag)
        return {order: next(one for one in field.choices if (one != value) == self.chain.transposed[part])}

    def _is_only_backward(self, layer: Layer) -> bool:
        """Whether a layer only runs backwards, in a framework whose layers do so only beside a forward direction."""
        return layer.go_backwards and not layer.bidirectional and "go_backwards" not in self.framework.defaults

    def fields_of(self, named: NamedLayer) -> tuple[dict[str, Value], tuple[str, ...]]:
        """The fields of the page about a layer, and the sizes that have their defaults since nobody said them."""
        layer, input = named.layer, named.passed.input
        steps = next((size.number for size in input if size.name == "time_step"), self.size("time_step"))
        if layer.family == "cell" and layer.runs != 1:
            steps = self.size("time_step") if layer.runs == TIME else layer.runs
        sizes = {
            "batch_size": self.size("batch_size") if layer.batch == 0 else layer.batch,
            "time_step": steps,
            "features": layer.features or input[-1].number,
            "num_units": layer.num_units,
            "num_layers": layer.num_layers,
            "num_proj": layer.num_proj,
        }
        values: dict[str, Value] = {name: size for name, size in sizes.items() if size is not None}
        values |= {name: FIELDS[name].default for name in sizes if name not in values}
        values |= {"cell": cell_id(self.framework, layer), "bidirectional": layer.bidirectional}
        if "return_sequences" in self.framework.defaults:
            values |= {
                "return_sequences": layer.every_step,
                "go_backwards": layer.go_backwards,
                "merge_mode": layer.merge_mode,
            }
        return values, tuple(name for name, size in sizes.items() if size is None)


def _fitting(state: UrlState, **changes: Value) -> UrlState:
    """A UrlState with some fields changed, and with only the switches that its framework has."""
    return UrlState(**fitted({**state.values, **changes}, rules_after(frozenset(changes))))


def _are_too_large(values: Mapping[str, Value]) -> bool:
    """Whether a size is larger than a picture can have it."""
    fields = ((FIELDS[name], value) for name, value in values.items())
    return any(isinstance(f, BoundedInteger) and isinstance(value, int) and value > f.high for f, value in fields)


def with_sizes(model: str, sizes: dict[int, str]) -> str:
    """The text of a model with some of its unknown sizes, counted from 0, replaced by others."""
    pieces, first = model.split("?"), repeated_sizes(model)
    written = (sizes.get(first.get(n, n)) or "?" for n in range(len(pieces) - 1))
    return "".join(piece + size for piece, size in zip(pieces, [*written, ""], strict=True))


_WEIGHTS_OF_ANOTHER = ",params=0"

_OWN_SIZES = re.compile(r"(embedding|lstm|gru|rnn|lstm_cell|gru_cell|rnn_cell|dense)\([\d?]+(,[\d?]+)?(?![^,)])")
"""A layer with weights, and its sizes: those of the ids or features and of the units."""


def repeated_sizes(model: str) -> dict[int, int]:
    """Those of the unknown sizes of a model, counted from 0, that are an earlier one again, with that one: layers of
    one loop, of which each follows the one before, run equally often, a layer has the batch of the one before, and one
    with the weights of an earlier one has its sizes."""
    repeated: dict[int, int] = {}
    before: int | None = None
    batch_before: int | None = None
    first: dict[str, list[int]] = {}
    n = 0
    for layer in model.split("."):
        runs = batch = None
        is_gap = layer.partition("(")[0] in GAPS
        sizes = _OWN_SIZES.match(layer.replace(_WEIGHTS_OF_ANOTHER, ""))
        if sizes and _WEIGHTS_OF_ANOTHER not in layer:
            first.setdefault(sizes[0], []).append(n)
        elif sizes and len(alike := first.get(sizes[0], [])) == 1:
            repeated |= {n + k: alike[0] + k for k in range(sizes[0].count("?"))}
        for argument in _UNKNOWN_ARGUMENT.findall(layer):
            if argument.startswith("runs"):
                runs = n
                if before is not None:
                    repeated[n] = before
            elif argument.startswith("batch") and not is_gap:
                batch = n if batch_before is None else batch_before
                if batch != n:
                    repeated[n] = batch
            n += 1
        before, batch_before = None if runs is None else repeated.get(runs, runs), batch
    return repeated
