"""The spacing of the pictures of a training in each format: widths, heights and margins."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TrainingFormat:
    """``unit`` is how many times larger type and lines are than in a page, ``plot`` the height of the lines of the
    curve, ``course`` of those of a training, and ``bars`` that of the bars below. ``right`` is the free margin beside
    the lines; if it is ``narrow``, there are no names in it, and plots are one below the other. ``pixel`` and ``cell``
    are the sides of a pixel of a digit and the width of the cell of a class, ``between`` the room between them;
    ``likeliest`` is how many characters a text has room for."""

    width: float
    unit: float
    plot: float
    course: float
    bars: float
    left: float
    right: float
    narrow: bool
    pixel: float
    cell: float
    between: float
    likeliest: int

    @property
    def top(self) -> float:
        """The upper edge of the plot of the curve: below its titles."""
        return (54 if self.narrow else 34) * self.unit

    @property
    def words(self) -> float:
        """The size of words."""
        return 13 * self.unit

    @property
    def tick(self) -> float:
        """The size of numbers at axes."""
        return 12 * self.unit


PAGE = TrainingFormat(826, 1, 322, 166, 118, 44, 136, False, 26, 32, 58, 6)
NARROW = TrainingFormat(390, 1, 236, 150, 92, 34, 18, True, 16, 15, 16, 3)
HALL = TrainingFormat(1384, 2.34, 420, 560, 150, 88, 250, False, 52, 52, 56, 5)
HALF = TrainingFormat(752, 2.34, 340, 180, 130, 82, 40, True, 34, 24, 22, 2)

TRAINING = {"narrow": NARROW, "page": PAGE, "wide": PAGE, "hall": HALL, "half": HALF}
