"""What of a picture can be pointed at, clicked and reached by keyboard."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from markupsafe import Markup

from ....core.program import Tensor
from ....diagram.painters.hit_areas import hit_areas
from ....diagram.painters.svg import svg
from ....diagram.shapes import Picture
from ....diagram.theme import LIGHT
from ....query.field_types import Value
from ....query.formulas import name as called
from ....query.picture import shown, sizes
from ....query.view import View
from ....translations.phrases import CommaSeparated, phrase
from .pager import CALLED, paged


@dataclass(frozen=True)
class Target:
    """A link over the picture: to a tensor, which it selects, or to a step, which it opens.

    ``label`` is what it is called where it is a stop of the keyboard, and nothing where another target says the same.
    ``is_highlighted``: whether the text beside the picture names it.
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


@dataclass(frozen=True)
class LinkedPicture:
    """A picture as SVG, its ``viewBox``, and the links that lie over it."""

    svg: Markup
    box: str
    targets: list[Target]


def linked_picture(view: View, picture: Picture, highlighted: frozenset[str]) -> LinkedPicture:
    return over(picture, targets(view, picture, highlighted))


def over(picture: Picture, targets: list[Target]) -> LinkedPicture:
    """A picture with these links over it."""
    return LinkedPicture(as_svg(picture), f"0 0 {picture.width:g} {picture.height:g}", targets)


def as_svg(picture: Picture) -> Markup:
    """A picture as it stands in a page, in the colours of the page's theme."""
    return Markup(svg(picture, LIGHT, background=False))


def targets(view: View, picture: Picture, highlighted: frozenset[str] = frozenset()) -> list[Target]:
    """A tensor of the focused step has one stop, however often it is drawn, each other step has one, and each sequence
    that has sheets of its own."""
    found: list[Target] = []
    stops: set[str] = set()
    followed: set[int] = set()
    program = view.program
    per_step = {tensor.id for tensor in program.step}
    stays = "t" in view.locked
    for shape, path, width in hit_areas(picture):
        t = view.t if shape.t is None else shape.t
        to = view.t if stays else t
        label: str = ""
        chosen = {name: index for name in ("sample", "unit") if (index := getattr(shape, name)) is not None}
        if shape.tensor == view.poke and shape.number is not None:
            link, label = _query(view, component=shape.number), phrase("number {n:,}: change it", n=shape.number)
        elif shape.tensor:
            link = _query(view, **{"t": to, "tensor": shape.tensor, **_paged(view, shape.tensor, **chosen)})
            if t == view.t and shape.tensor not in stops:
                stops.add(shape.tensor)
                tensor = program.by_id[shape.tensor]
                label = called(view, tensor)
                if view.labels != "hidden":
                    label = phrase("{name}, {shape}", name=label, shape=CommaSeparated(_shapes(view, tensor)))
            elif t == view.t and shape.sample is not None and shape.sample not in followed:
                followed.add(shape.sample)
                label = phrase("sample {n:,}: follow it", n=shape.sample)
        elif chosen:
            name, index = next(iter(chosen.items()))
            label = phrase("{what} {n:,}: follow it", what=CALLED[name], n=index)
            link = _query(view, t=to, **_paged(view, **chosen))
        elif shape.t is not None and not stays:
            link, label = _query(view, t=t), phrase("step {t:,}, same cell: open it", t=t)
        else:
            continue  # a scale's mark, a step that cannot be opened
        is_there = not (shape.faint and shape.sample is not None)
        there = {shape.tensor, *shape.also} - {""} if is_there else set()
        here = there if t == view.t else there - per_step
        is_selected, is_highlighted = view.tensor in here, not highlighted.isdisjoint(here)
        found.append(Target(path, width, link, shape.tensor, shape.also, t, label, is_selected, is_highlighted))
    return found


def _shapes(view: View, tensor: Tensor) -> Iterator[str]:
    """The shapes that the picture shows of a tensor, in words; with the names of the arrays where there are
    several, or where one holds more than these weights."""
    arrays = shown(view, tensor.id)
    for array in arrays:
        is_ours = len(arrays) == 1 and (tensor.role != "weight" or array.axes == tensor.axes)
        id = tensor.id if is_ours else array.name
        yield replace(tensor, id=id, axes=array.axes).sentence(sizes(view))


def selected_only(view: View, picture: Picture) -> list[Target]:
    """Where the selected tensor is, for a picture that is to be looked at alone."""
    return [replace(t, label="", link="") for t in targets(view, picture) if t.is_selected]


@lru_cache(1024)
def _paged(view: View, tensor: str = "", **chosen: int) -> dict[str, Value]:
    """What is chosen, and the page of the values on which that is, and what is followed already."""
    changes: dict[str, Value] = {}
    for name in ("sample", "unit"):
        index = chosen.get(name, vars(view)[name])
        if index is not None:
            changes |= paged(view, name, index, view.program.by_id.get(tensor))
    return changes


@lru_cache(256)
def _query(view: View, **changes: Value) -> str:
    """Cached: many shapes, in a picture for each format, are links to the same page. A query may have 32 KB."""
    return view.query(**changes)
