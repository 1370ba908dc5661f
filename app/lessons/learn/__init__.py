"""Lessons that drive the picture, by the last part of their path."""

from app.lessons.learn.break_it import BREAK_IT
from app.lessons.learn.num_units import NUM_UNITS
from app.lessons.page import Lesson

LESSONS: dict[str, Lesson] = {"what-is-num-units": NUM_UNITS, "break-it": BREAK_IT}
