"""Tells the lines of equations from answers, lines of our own language, comments and sentences."""

import re
from collections.abc import Iterator
from functools import lru_cache

from ..vocabulary.function_words import function_of

MINUS = "[-−–‐]"
"""The signs that PDFs have for a minus."""

OWN = re.compile(r"\s*(?:axis\s+[A-Za-z]\w*\s*=|output\s*:|[A-Za-z]\w*\s*:(?!=)\s*[A-Za-z0-9])", re.ASCII)
ANSWER = re.compile(r"\s*\w+\s*=\s*[\w.+-]+\s*", re.ASCII)
CONSTANT = re.compile(
    r"\s*\$?(?:\\[A-Za-z]{2,10}|[A-Za-z])(?:_(?:\w|\{[^{}=\n]{1,16}\}))?"
    r"[ ]{0,4}=[ ]{0,4}[-+−]?[0-9][\w.+-]{0,12}\$?[ .,;]{0,4}",
    re.ASCII,
)
"""A line that gives a name its number, V_{th} = 1, in any notation."""
COMMENT = re.compile(r"\s*[#%]")
DEFINITION = re.compile(r"\s*[A-Z][A-Za-z]{2,20}(?:_\w{1,8})?\([ ]?[a-z][ ]?(?:,[ ]?[a-z][ ]?){0,4}\)\s*=(?!=)"
                        r"|\s*[A-Za-z](?:\w|_\{\w{1,9}\}){0,20}\([ ]?[a-z][ ]?(?:,[ ]?[a-z][ ]?){1,4}\)\s*=(?!=)"
                        r"(?=[^\n\\]{0,400}$)(?=.{0,200}[A-Z]_)", re.ASCII)  # fmt: skip
"""An answer that defines a function, Turn(a, b) = … or S(h, x) = tanh(W_S x + U_S h), in which no letters with indices
stand beside each other."""
_DICTIONARY = re.compile(
    r"\s*[$\\]{0,2}[^\s:=]{1,30}(?:(?:,[ ]|,?[ ]and[ ])[^\s:=]{1,30}){0,6}[ ]{0,3}(?::(?!=)|=|[-–—](?=[ ]))[ \t]{0,4}"
    r"((?:(?:input|output|bias|weight|state|gate)(?:e?s)?"
    r"|[\"“(]?[A-Za-z][a-z-]{1,20}[\"”)]?,?"
    r"(?:[ ](?:of|to|in|at|for|the|and|a|an|or|[\"“(]?[A-Za-z-]{3,20}[\"”)]?),?){1,12})"
    r"[ .;]{0,3})$"
)
"""A line of a list that says what names are: x_t: input vector, h_t - hidden state, b = bias."""
_DESCRIPTION = re.compile(
    r"\s*[$\\]{0,2}(?:[^\s:=]{1,30}(?:(?:,[ ]|,?[ ]and[ ])[^\s:=]{1,30}){0,6}|[^:=]{1,30}(?:∈|\\in\b)[^:=]{1,120})"
    r"[ ]{0,3}:[ \t]{0,4}[\"“(]?[A-Za-z][a-z-]{1,20}[\"”)]?[ ]{1,2}[\"“(]?[a-z]{2,20}\b[^=]{0,200}$"
)
"""Such a line with more words and signs: x_t: the input at time t (of size d)."""
_LIST_OF_AXES = re.compile(r"\w+(?:\s*,\s*\w+)*")


def is_dictionary(line: str) -> bool:
    """Whether a line says in words what a name is."""
    if _DESCRIPTION.match(line.rstrip()):
        return True
    found = _DICTIONARY.match(line.rstrip())
    is_list = found and _LIST_OF_AXES.fullmatch(found[1]) and "," in found[1]
    is_formula = found and any(map(function_of, re.findall("[A-Za-z-]+", found[1])))
    words = found[1].split() if found else []
    is_product = found and "=" in found[0] and not all(re.search("[aeiouy]", word) and word.islower() for word in words)
    return bool(found) and not (is_list or is_formula or is_product)


PROSE = re.compile(
    r"\W*(where|with|and|for|here|in which|given|let|note|we|the|initially|then|using|such"
    r"|donde|onde|où|avec|wobei|dove|burada)\b",
    re.I,
)
LATIN = "A-Za-zÀ-ÖØ-öø-žḀ-ỹ"
"""The letters of words, with those that have accents."""
SMALL = "a-zß-öø-ÿ"
_COMMON = rf"(?:[A-Z]?[{SMALL}]{{4,}}|[{SMALL}]{{3}}|is|of|to|in|we|as|by|an|or|if|de|la)(?![{LATIN}])"
SENTENCE = re.compile(
    rf"(?<![\\{LATIN}_])(?=(?:[{LATIN}]{{2,}}\s+){{0,2}}{_COMMON})[{LATIN}]{{2,}}\s+(?:[{LATIN}]{{2,}}\s+)+[{LATIN}]{{2,}}"
)
"""Three words, of which one of the first is no product of two letters with their steps: it vt ktT."""
FOREIGN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[\u0400-\u04ff\u0590-\u06ff\u0900-\u0eff]{2}")
"""Letters of scripts that no equation has: Chinese, Japanese, Korean, Russian and others."""


def is_equation(line: str) -> bool:
    """Whether a line is a part of an equation of a paper: no answer such as f = tanh or F(a) = …, line of ours or
    sentence."""
    right = line.partition("=")[2].strip()
    is_answer = bool(ANSWER.fullmatch(line)) and (bool(function_of(right)) or not right[:1].isalpha())
    is_other = (
        is_dictionary(line)
        or DEFINITION.match(line)
        or OWN.match(line)
        or COMMENT.match(line)
        or PROSE.match(line)
        or SENTENCE.search(line)
    )
    return bool(line.strip()) and not (is_answer or is_other or CONSTANT.fullmatch(line))


@lru_cache(64)
def equations_of(text: str) -> tuple[tuple[int, str], ...]:
    """The lines of a text that are equations, with their numbers."""
    return tuple((n, line) for n, line in enumerate(text.split("\n"), 1) if is_equation(line))


def matches_in_equations(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, re.Match[str]]]:
    """What matches in the equations of a text, with the number of its line."""
    return ((n, found) for n, line in equations_of(text) for found in pattern.finditer(line))
