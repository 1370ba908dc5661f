"""The lessons in their order, by their slug, the last part of their path."""

from ..text_page import Lesson
from .break_it import BREAK_IT
from .num_units import NUM_UNITS
from .read_a_recurrence import READ_A_RECURRENCE

LESSONS: dict[str, Lesson] = {
    "what-is-num-units": NUM_UNITS,
    "break-it": BREAK_IT,
    "read-a-recurrence": READ_A_RECURRENCE,
}
