"""The notation of papers and LaTeX: what people type is read as equations of the cell language, and these are set as
mathematics."""

from .assumptions import Assumption
from .choices import Choice
from .open_questions import Question
from .reading import Reading, read
from .typesetting.latex_and_html import Formula, mathematics, to_latex

__all__ = ["Assumption", "Choice", "Formula", "Question", "Reading", "mathematics", "read", "to_latex"]
