"""The spacing of the batch view in each format: widths and heights of the picture, its type and the largest arrays."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TypeSizes:
    """Sizes of type in pixels: of shapes, words and symbols. Distances are multiples of ``unit``, which is 1 in a page,
    and in proportion to the type, or ``closer``."""

    shapes: float
    words: float
    symbols: float
    closer: float = 1.0

    @property
    def unit(self) -> float:
        return self.closer * self.shapes / 13


@dataclass(frozen=True)
class Format:
    """In pixels. ``cell`` is the width of a cell, ``arrow`` the length of both wires between a cell and a state,
    ``state`` and ``kernel`` are the width and height of the largest array between steps and of the largest weights,
    ``input`` is the largest width of x, ``products`` the height of the products, ``square`` the largest side of a
    number. On a screen of some ``height`` names are letters, and numbers and names are side by side where they are
    below each other in a page."""

    width: float
    type: TypeSizes
    cell: float
    arrow: float
    input: float
    state: tuple[float, float]
    kernel: tuple[float, float]
    products: float
    square: float
    is_narrow: bool = False
    height: float = 0.0

    @property
    def letters(self) -> bool:
        """Whether names of sizes are letters beside arrays."""
        return self.is_narrow or self.height > 0


NARROW = Format(390, TypeSizes(13.5, 13, 15), 26, 22, 46, (46, 26), (200, 64), 144, 8, is_narrow=True)

FORMATS = {
    "narrow": NARROW,
    "page": Format(826, TypeSizes(13, 13, 16), 36, 32, 92, (66, 40), (280, 92), 127, 13),
    "wide": Format(1300, TypeSizes(16, 16, 20), 46, 40, 150, (110, 64), (440, 150), 195, 20),
    "hall": Format(1384, TypeSizes(28.5, 20, 32), 60, 60, 110, (110, 50), (480, 120), 200, 16, height=818),
    "half": NARROW,
}

CLOSER = ((0.9, 16), (0.8, 16), (0.75, 13), (0.7, 10), (0.65, 8), (0.6, 8))
"""How close everything is on a screen, and the largest side of a number: tried until everything fits its height."""

NUMBERS = (2, 3, 4, 5, 10, 15, 20, 30, 40, 50, 75, 100, 150, 200, 300, 400)
"""Numbers in one pixel."""

SQUARES = (20, 16, 13, 10, 8, 6, 5, 4, 3, 2, 1, *(1 / n for n in NUMBERS))
"""The sides of a number that are tried, from the largest one down."""
