"""The page of a lesson."""

from dataclasses import dataclass
from typing import Annotated

from ...teaching.lessons.order import LESSONS
from ...teaching.quiz.questions_and_answers import QUIZ_LENGTH
from ...translations.phrases import phrase
from ..field_types import Number

MAX_LESSON_LENGTH = max(QUIZ_LENGTH, *(len(lesson.pages) for lesson in LESSONS.values()))


@dataclass(frozen=True)
class LearnFields:
    """The text next to the picture."""

    lesson_page: Annotated[int, Number(1, phrase("page of a lesson, or question of a quiz"), 1, MAX_LESSON_LENGTH)]
