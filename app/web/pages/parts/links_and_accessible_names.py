"""The links over a picture: what can be pointed at, clicked and reached by keyboard."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import NamedTuple

from markupsafe import Markup, escape

from ....core.program import Tensor
from ....diagram.elements import Picture, Shape
from ....diagram.painters.hit_areas import hit_areas
from ....diagram.painters.page_svg import compact, page_svg
from ....size_expressions import written
from ....translations.phrases import CommaSeparated, phrase
from ....url_state.field_types import Value
from ....url_state.url_state import UrlState
from ....url_state_to_picture.formulas import name as name_of
from ....url_state_to_picture.picture_of_state import shown_arrays, sizes
from ..rendering import translated
from .pager import NOUNS, followed_fields

FOLLOWED = "followed query"
"""The format of a slot for the query that selects a tensor and follows a sample or unit."""


@dataclass(frozen=True)
class Target:
    """A link over the picture that selects a tensor or opens a step.

    ``label``: its accessible name, if it can be reached by keyboard; empty if another target has the same name.
    ``is_highlighted``: whether the text beside the picture names it. ``sample``: the sample whose row it is, if any.
    """

    path: str
    width: float
    link: str
    tensor: str
    also: tuple[str, ...]
    t: int
    label: str
    is_selected: bool
    is_highlighted: bool
    sample: int | None

    def html(self, here: str, language: str) -> str:
        """The link as an element of SVG, in a page at the path ``here``. What most links have in common comes first, so
        that it compresses well."""
        also = f' data-also="{" ".join(self.also)}"' if self.also else ""
        sample = f' data-sample="{self.sample}"' if self.sample is not None else ""
        label = (
            f' aria-label="{translated(language, self.label)}"' if self.label else ' tabindex="-1" aria-hidden="true"'
        )
        marks = f"{' selected' if self.is_selected else ''}{' mentioned' if self.is_highlighted else ''}"
        width = f'stroke-width="{self.width:g}" ' if self.width else ""
        return (
            f'<a class="{"line" if self.width else "area"}{marks}" data-t="{self.t}" href="{here}{escape(self.link)}" '
            f'data-tensor="{self.tensor}"{also}{sample}{label}><path {width}d="{self.path}"/></a>'
        )


@dataclass(frozen=True)
class LinkedPicture:
    """A picture as SVG, its ``viewBox``, and the links over it."""

    svg: Markup
    box: str
    targets: list[Target]

    def links(self, here: str, language: str) -> Markup:
        """The links as elements of SVG, in a page at the path ``here``."""
        return Markup("\n".join(target.html(here, language) for target in self.targets))


def linked_picture(state: UrlState, picture: Picture, highlighted: frozenset[str]) -> LinkedPicture:
    """A picture with all its links. ``highlighted``: the tensors that the text beside the picture names."""
    return over(picture, targets(state, picture, highlighted))


def over(picture: Picture, targets: list[Target]) -> LinkedPicture:
    """A picture with these links over it."""
    return LinkedPicture(as_svg(picture), f"0 0 {picture.width:g} {picture.height:g}", targets)


def as_svg(picture: Picture) -> Markup:
    """A picture as SVG for a page."""
    return Markup(page_svg(picture))


def targets(
    state: UrlState, picture: Picture, highlighted: frozenset[str] = frozenset(), linked: bool = True
) -> list[Target]:
    """The links over a picture; without queries if they are not ``linked``, for a page without a server. By keyboard
    one can reach each tensor of the focused step once, however often it is drawn, each other step, and each sample."""
    found: list[Target] = []
    links = _Links(state, linked)
    per_step = {tensor.id for tensor in state.program.step}
    for shape, path, width in hit_areas(picture):
        t = state.t if shape.t is None else shape.t
        if (link := links.of(shape, t)) is None:
            continue
        is_row = shape.sample is not None  # the whole array is selected, not each of its rows
        drawn = set() if is_row else {shape.tensor, *shape.also} - {""}
        here = drawn if t == state.t else drawn - per_step
        is_selected, is_highlighted = state.tensor in here, not highlighted.isdisjoint(here)
        found.append(
            Target(
                compact(path),
                width,
                link.query,
                shape.tensor,
                shape.also,
                t,
                link.label,
                is_selected,
                is_highlighted,
                shape.sample,
            )
        )
    return found


class _Link(NamedTuple):
    """Where an area of a picture leads, and its accessible name, if it can be reached by keyboard."""

    query: str
    label: str


class _Links:
    """The links of the areas of a picture: in their order, because only the first one of a tensor or sample has its
    name."""

    def __init__(self, state: UrlState, linked: bool) -> None:
        self.state, self.linked = state, linked
        self.query = partial(_query, state) if linked else _no_query
        self.is_step_locked = "t" in state.locked
        self.labelled: set[str] = set()
        self.labelled_samples: set[int] = set()

    def of(self, shape: Shape, t: int) -> _Link | None:
        """The link of an area at step t; None for the mark of a scale, and for a step that cannot be opened."""
        state = self.state
        to = state.t if self.is_step_locked else t
        follow = {name: index for name in ("sample", "unit") if (index := getattr(shape, name)) is not None}
        if shape.tensor == state.poke and shape.number is not None:
            return _Link(self.query(component=shape.number), phrase("change component {n:,}", n=shape.number))
        if shape.tensor:
            link = _link(state, shape.tensor, to, **follow) if self.linked else ""
            return _Link(link, self._label(shape, t))
        if follow:
            name, index = next(iter(follow.items()))
            label = phrase("follow {what} {n:,}", what=NOUNS[name], n=index)
            return _Link(_link(state, "", to, **follow) if self.linked else "", label)
        if shape.t is not None and not self.is_step_locked:
            return _Link(self.query(t=t), phrase("open step {t:,}, same cell", t=t))
        return None

    def _label(self, shape: Shape, t: int) -> str:
        """The name of a tensor with its shape, or that of a sample; empty if it has had it."""
        state = self.state
        if t == state.t and shape.tensor not in self.labelled:
            self.labelled.add(shape.tensor)
            tensor = state.program.by_id[shape.tensor]
            label = name_of(state, tensor)
            if state.labels != "hidden":
                label = phrase("{name}, {shape}", name=label, shape=CommaSeparated(_shapes(state, tensor)))
            return label
        if t == state.t and shape.sample is not None and shape.sample not in self.labelled_samples:
            self.labelled_samples.add(shape.sample)
            return phrase("follow sample {n:,}", n=shape.sample)
        return ""


def _shapes(state: UrlState, tensor: Tensor) -> Iterator[str]:
    """The shapes of a tensor in the picture, in words, with the names of the arrays if there are several, or if one has
    more than these weights."""
    arrays = shown_arrays(state, tensor.id)
    for array in arrays:
        is_ours = len(arrays) == 1 and (tensor.role != "weight" or array.axes == tensor.axes)
        shown = tensor if is_ours else replace(tensor, id=array.name)
        if array.axes != tensor.axes:
            shown = replace(shown, axes=array.axes)
        yield shown.sentence(sizes(state))


def selected_only(state: UrlState, picture: Picture) -> list[Target]:
    """The targets of the selected tensor, without links, for a picture that only shows where it is."""
    return [replace(t, label="", link="") for t in targets(state, picture) if t.is_selected]


def _link(state: UrlState, tensor: str, t: int, sample: int | None = None, unit: int | None = None) -> str:
    """The query that selects a tensor at a step, and follows a sample or unit. If a page is recorded, the query is
    written when the page is filled: the fields in it depend on the page of the values that has the unit."""
    return written(FOLLOWED, partial(_followed, state), tensor, t, sample, unit)


def link_writers(state: UrlState) -> dict[str, Callable[..., str]]:
    """What writes the queries of a recorded page for a UrlState, by their format."""
    return {FOLLOWED: lambda *operands: escape(_followed(state, *operands))}


@lru_cache(1024)
def _followed(state: UrlState, tensor: str, t: int, sample: int | None, unit: int | None) -> str:
    """The query that selects a tensor, if any, and follows a sample and a unit, if any or already followed, with the
    page of the values."""
    changes: dict[str, Value] = {"tensor": tensor} if tensor else {}
    for name, given in (("sample", sample), ("unit", unit)):
        index = vars(state)[name] if given is None else given
        if index is not None:
            changes |= followed_fields(state, name, index, state.program.by_id.get(tensor))
    return _query(state, t=t, **changes)


def _no_query(**changes: Value) -> str:
    return ""


@lru_cache(256)
def _query(state: UrlState, **changes: Value) -> str:
    """Cached, since many shapes in several formats link to the same page, and a query may have 32 KB."""
    return state.query(**changes)
