"""The formats of the unrolled cell, from a phone to a screen: how many steps have room, widths, heights and gaps."""

from dataclasses import dataclass, replace
from math import ceil

from ...elements import Picture
from ...layouts import layout_of
from ...layouts.layout import CellLayout
from ...scene import Scene
from ...transforms.geometry import scaled
from ...type_sizes import UNROLLED, UNROLLED_WITH_NAMES, TypeSizes

PAGE_GAP = 66.0
"""The distance of the cell from the next slot in a page."""


@dataclass(frozen=True)
class Format:
    """How a picture is laid out, in pixels.

    ``h_above`` and ``x_below`` are the distances of the two circles from the cell, ``around`` that of the last output
    from its border. The yellow layers are ``layers`` times as wide as usual.

    There are at most as many slots left and right of the focused step as both ``wings`` together; they share a width
    of ``slots``, with ``pitch`` as the largest distance from one to the next. ``gap`` is the least distance of the cell
    from a slot, ``left`` and ``right`` are the least room beyond the outermost ones; if the picture is higher than its
    ``aspect``, the gap is larger. A ``narrow`` picture has no slots and little room beside the cell.

    The arrays of the run are below the picture in ``columns``, or at its right if that is 0. A picture that fills a
    ``screen`` is drawn smaller, and then enlarged, its lines ``thicker`` than in a page; its gaps are ``beside`` pixels
    of the screen wide, and the cell takes the rest of the width. A cell with a strip below it may be less high than
    usual, down to the share ``lowest``.
    """

    cell_width: float
    cell_height: float
    gap: float
    left: float
    right: float
    wings: tuple[int, int]
    slots: float
    columns: int
    pitch: float = 46.0
    above: float = 84
    below: float = 55
    h_above: float = 47
    x_below: float = 37
    around: float = 5
    layers: float = 1.0
    aspect: float = 0.0
    screen: tuple[float, float] | None = None
    thicker: float = 1.0
    narrow: bool = False
    lowest: float = 1.0
    beside: float = 0.0

    @property
    def letters(self) -> bool:
        """Whether names of sizes are letters."""
        return self.narrow or self.screen is not None

    @property
    def width(self) -> float:
        return self.left + self.right + 2 * self.gap + self.cell_width + self.slots

    @property
    def height(self) -> float:
        return self.above + self.cell_height + self.below

    @property
    def scale(self) -> float:
        """How many times the drawing is enlarged."""
        return max(1.0, min(self.screen[0] / self.width, self.screen[1] / self.height)) if self.screen else 1.0

    def stretched(self, layout: CellLayout, name: str, strip: float = 0.0) -> "Format":
        """The format, of that ``name``, with room for a layout. For a ``strip`` at the bottom the cell is less high."""
        (wider, higher), (more_wide, more_high) = layout.stretch, layout.further.get(name, (1.0, 1.0))
        width, height = wider * more_wide * self.cell_width, higher * more_high * self.cell_height
        gap, outside = self.gap, layout.outside
        if self.narrow:
            outside = 0.0
        elif layout.beside:
            gap = (self.gap if self.screen else max(self.gap, PAGE_GAP)) + layout.beside
        room = replace(
            self,
            gap=gap + layout.behind,
            left=self.left + outside,
            right=self.right + outside,
            above=self.above + layout.behind,
            h_above=self.h_above + layout.behind,
        )
        format = replace(room, cell_width=width, cell_height=height, below=self.below + strip)
        if strip and self.aspect:
            spare = format.height - format.width / self.aspect
            format = replace(format, cell_height=height - min(max(spare, 0.0), (1 - self.lowest) * height))
        spare = max(0.0, format.aspect * format.height - format.width)
        return (
            format.filled(self.beside + layout.beside + layout.behind)
            if self.screen
            else replace(format, gap=format.gap + spare / 2)
        )

    def filled(self, beside: float) -> "Format":
        """The format of a screen with gaps of ``beside`` pixels of it and a cell that takes the rest of the width."""
        gap = beside * self.height / self.screen[1] if self.screen else self.gap
        rest = self.left + self.right + self.slots + 2 * gap
        return replace(self, gap=gap, cell_width=max(self.cell_width, self.aspect * self.height - rest))


PAGE = Format(
    cell_width=446,
    cell_height=313,
    gap=PAGE_GAP,
    left=44,
    right=43,
    wings=(3, 2),
    slots=161,
    columns=4,
    aspect=826 / 452,
    lowest=0.85,
)
HALL = Format(
    cell_width=438,
    cell_height=262,
    gap=45,
    left=26,
    right=32,
    wings=(1, 2),
    slots=69,
    columns=4,
    pitch=28,
    above=80,
    h_above=45,
    around=4,
    below=51,
    x_below=34,
    layers=1.06,
    aspect=1384 / 818,
    screen=(1384, 818),
    thicker=1.5,
    beside=104,
    lowest=0.93,
)

NARROW = Format(
    cell_width=348,
    cell_height=275,
    gap=21,
    left=0,
    right=0,
    wings=(0, 0),
    slots=0,
    columns=2,
    above=55,
    below=50,
    h_above=36,
    x_below=32,
    around=3,
    narrow=True,
)
HALF = replace(
    NARROW,
    cell_height=360,
    above=60,
    h_above=40,
    below=51,
    x_below=33,
    aspect=752 / 818,
    screen=(752, 818),
    thicker=1.5,
    beside=36,
)

COLUMN = replace(
    PAGE,
    cell_width=440,
    cell_height=290,
    gap=56,
    left=32,
    right=0,
    wings=(1, 0),
    slots=40,
    aspect=0.0,
    above=64,
    h_above=36,
    below=74,
    x_below=56,
)
"""A column of a page, with one step before the whole one, and room for a wire of x that stops before the cell."""

EDITOR = replace(PAGE, cell_width=350, cell_height=280, gap=51, right=24, wings=(1, 1), slots=60, aspect=1.24)
"""Between the equations of a cell and its numbers: with a slot for all steps before the whole one, and one for those
after it."""

FORMATS = {
    "narrow": NARROW,
    "narrow column": replace(NARROW, below=74, x_below=56),
    "column": COLUMN,
    "editor": EDITOR,
    "page": PAGE,
    "wide": replace(PAGE, columns=0),
    "hall": HALL,
    "half": HALF,
}


def _taller(format: Format, height: float) -> Format:
    """The format with a cell of that height, and room above and below it for shapes of two lines."""
    return replace(format, cell_height=height, above=102, h_above=65, below=72, x_below=54)


def _larger(format: Format) -> Format:
    """The format with a larger cell: names are longer than numbers."""
    return replace(_taller(format, 440), cell_width=620, gap=86, lowest=1.0)


WITH_NAMES = {
    "narrow": _taller(NARROW, 560),
    "narrow column": _taller(NARROW, 560),
    "column": _larger(COLUMN),
    "editor": _larger(EDITOR),
    "page": _larger(PAGE),
    "wide": _larger(FORMATS["wide"]),
    "hall": replace(
        HALL,
        cell_width=620,
        cell_height=397,
        above=92,
        h_above=52,
        below=58,
        x_below=42,
        left=37,
        right=50,
        slots=92,
        pitch=37,
        beside=111,
        lowest=1.0,
    ),
    "half": replace(HALF, above=77, h_above=57),
}


def format_of(scene: Scene, strip: float = 0.0) -> Format:
    """The format of a scene, with room for the layout of its cell and a ``strip`` below it."""
    format = WITH_NAMES[scene.format] if has_names(scene) else FORMATS[scene.format]
    return format.stretched(layout_for(scene), scene.format, strip)


def layout_for(scene: Scene) -> CellLayout:
    """The layout of the cell of a scene."""
    return layout_of(scene.program, scene.format, in_two_lines=has_names(scene), opened=scene.opened)


def has_names(scene: Scene) -> bool:
    """Whether labels need more room than numbers. On a screen names alone do not, because they are letters."""
    return scene.labels == "both" or (scene.labels == "names" and not FORMATS[scene.format].screen)


def type_sizes(scene: Scene, format: Format) -> TypeSizes:
    """The sizes of type, before the picture is enlarged. A cell with very many parts keeps those of the page."""
    sizes = UNROLLED_WITH_NAMES if has_names(scene) else UNROLLED
    if not format.screen:
        return sizes[scene.format]
    is_small = format.scale < layout_for(scene).least_scale
    return sizes["page"] if is_small else sizes[scene.format].divided(format.scale)


def enlarged(picture: Picture, format: Format) -> Picture:
    """The picture at the size of its format, in whole pixels."""
    by, shapes = format.scale, picture.shapes
    if format.screen:
        shapes = tuple(scaled(shape, by, 0, 0) for shape in shapes)
    width, height = ceil(by * picture.width - 1e-6), ceil(by * picture.height - 1e-6)
    return replace(picture, width=width, height=height, shapes=shapes, thicker=format.thicker)
