"""What says how well a network does, for pictures and pages."""

from dataclasses import dataclass

from ..translations.numbers import percentage, two_digits


@dataclass(frozen=True)
class Measure:
    """What says how well a network does: a share of right answers from 0 to 1, or an error. ``title`` is that of its
    axis."""

    title: str
    is_error: bool = False

    @property
    def factor(self) -> float:
        """What a value is multiplied by where it is drawn and written: shares are percentages."""
        return 1.0 if self.is_error else 100.0

    @property
    def unit(self) -> str:
        """What is written behind a value."""
        return "" if self.is_error else "%"

    def written(self, value: float) -> str:
        """A value without its unit."""
        return two_digits(value) if self.is_error else percentage(value)
