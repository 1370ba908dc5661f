"""Tells the lines of equations from answers, lines of our own language, comments and sentences."""

import re

from ..vocabulary.function_words import function_of

OWN = re.compile(r"\s*(?:axis\s+[A-Za-z]\w*\s*=|output\s*:|[A-Za-z]\w*\s*:(?!=)\s*[A-Za-z0-9])", re.ASCII)
ANSWER = re.compile(r"\s*\w+\s*=\s*[\w.+-]+\s*", re.ASCII)
COMMENT = re.compile(r"\s*[#%]")
DEFINITION = re.compile(r"\s*[A-Z][A-Za-z]{2,20}\([ ]?[a-z][ ]?(?:,[ ]?[a-z][ ]?){0,4}\)\s*=(?!=)"
                        r"|\s*[A-Za-z]\w{0,20}\([ ]?[a-z][ ]?(?:,[ ]?[a-z][ ]?){1,4}\)\s*=(?!=)"
                        r"(?=[^\n\\]{0,400}$)(?=.{0,200}[A-Z]_)", re.ASCII)  # fmt: skip
"""An answer that defines a function, Turn(a, b) = … or S(h, x) = tanh(W_S x + U_S h), in which no letters with indices
stand beside each other."""
PROSE = re.compile(r"\W*(where|with|and|for|here|in which|given|let|note|we|the|initially|then|using|such)\b", re.I)
SENTENCE = re.compile(r"(?<![\\A-Za-z_])[A-Za-z]{2,}\s+(?:[A-Za-z]{2,}\s+)+[A-Za-z]{2,}")


def is_equation(line: str) -> bool:
    """Whether a line is a part of an equation of a paper: no answer such as f = tanh or F(a) = …, line of ours or
    sentence."""
    right = line.partition("=")[2].strip()
    is_answer = bool(ANSWER.fullmatch(line)) and (bool(function_of(right)) or not right[:1].isalpha())
    is_other = (
        DEFINITION.match(line) or OWN.match(line) or COMMENT.match(line) or PROSE.match(line) or SENTENCE.search(line)
    )
    return bool(line.strip()) and not (is_answer or is_other)
