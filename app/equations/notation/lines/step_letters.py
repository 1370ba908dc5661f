"""Texts that count steps with two letters, i_t = … and c_j = f_j ⊙ c_{j-1}: a line j = t says that both are one."""

import re

from ....translations.phrases import Phrase, phrase
from ...places_and_errors import EquationsError, Place
from ..vocabulary.usual_letters import STEP_LETTERS
from .line_kinds import equations_of

_SAME = re.compile(rf"^[ \t$]*([{STEP_LETTERS}])[ ]?=[ ]?([{STEP_LETTERS}])[ \t$.;]*$", re.MULTILINE)
_LEFT = re.compile(r"[ \t&$]{0,8}(?:\\[a-z]{2,12}[ ]?\{)*(\\?[A-Za-z]+)\}*_\{?([a-z])\}?[ ]{0,3}&?[ ]{0,3}=")


def _index(letter: str) -> re.Pattern[str]:
    """The letter of a step as an index: c_j, c_{j-1}, c^{(j)} or c(j)."""
    return re.compile(rf"(?<=[_({{\[,])([ ]?){letter}(?=[ ]?[-−–+][ ]?1(?![0-9])|[ ]?[)}}\],]|(?![A-Za-z0-9]))")


def with_one_letter(text: str) -> str:
    """A text with t for each j that counts steps, if a line says j = t, which is left out. It is as long, so that all
    characters keep their places."""
    for found in _SAME.finditer(text):
        if (other := found[1]) != (letter := found[2]):
            text = f"{text[: found.start()]}{' ' * len(found[0])}{text[found.end() :]}"
            text = _index(other).sub(rf"\g<1>{letter}", text)
    return text


def check_two_letters(text: str) -> None:
    """EquationsError for a text whose lines compute tensors of j that others read with t."""
    lines = equations_of(text)
    lefts = [(n, found) for n, line in lines if (found := _LEFT.match(line))]
    code = "\n".join(line for _, line in lines)
    counted = [c for c in STEP_LETTERS if re.search(rf"[_({{\[,][ ]?{c}[ ]?[-−–][ ]?1(?![0-9])", code)]
    for n, found in lefts:
        name, other = found[1], found[2]
        for letter in counted if other in counted else ():
            is_read = re.search(rf"(?<![A-Za-z\\]){re.escape(name)}\}}*_\{{?[ ]?{letter}(?![A-Za-z])", code)
            if letter != other and is_read and STEP_LETTERS.index(letter) < STEP_LETTERS.index(other):
                line = f"{other} = {letter}"
                raise EquationsError(_same_letters(letter, other), Place(n, *found.span(1)), lines_to_add=(line,))


def check_letter_of_previous_step(text: str) -> None:
    """EquationsError for a text that computes h_t, and reads the step before as h_{i-1} alone."""
    lines = equations_of(text)
    lefts = [(n, found) for n, line in lines if (found := _LEFT.match(line))]
    code = "\n".join(line for _, line in lines)
    letters = {found[2] for _, found in lefts}
    if len(letters) != 1 or not letters <= {*STEP_LETTERS}:
        return
    t = letters.pop()
    before = rf"\}}*_\{{[ ]?([{STEP_LETTERS}])[ ]?[-−–][ ]?1[ ]?\}}"
    others = {match[1] for match in re.finditer(before, code)}
    for n, found in lefts if others and t not in others else ():
        if read := re.search(rf"(?<![A-Za-z\\]){re.escape(found[1])}{before}", code):
            raise EquationsError(
                _same_letters(t, read[1]), Place(n, *found.span(1)), lines_to_add=(f"{read[1]} = {t}",)
            )


def _same_letters(t: str, other: str) -> Phrase:
    return phrase("{t} and {j} both count steps here; if they are the same, add the line {line}", t=t, j=other,
                  line=f"{other} = {t}")  # fmt: skip


_MARK = r"\\(?:bar|hat|tilde|overline)[ ]?(?:\{[ ]?([tnk])[ ]?\}|([tnk]))"
_MARKED_STEP = re.compile(_MARK)
_SAYS_STEP = re.compile(rf"\$?[ ]?{_MARK}[ ]?=[ ]?([tnk])([ ]?[-−–][ ]?1)?[ ]?\$?(?![\w^_])")


def without_marked_steps(text: str) -> tuple[str, tuple[int, str]]:
    """A text with n-1 for \\bar{n} in the indices, if it says that both are the same step, or n, if it says nothing of
    n-1, with the line and what is said. It is as long, so that all characters keep their places."""
    said = [match for match in _SAYS_STEP.finditer(text) if (match[1] or match[2]) == match[3]]
    if not said:
        return text, (0, "")
    found = next((match for match in said if match[4]), said[0])
    step = f"{found[3]}-1" if found[4] else found[3]
    for match in said:
        text = f"{text[: match.start()]}{' ' * len(match[0])}{text[match.end() :]}"
    read = _MARKED_STEP.sub(lambda match: f"{{{step}}}".ljust(len(match[0])) if text[match.start() - 1] == "_" else
                            step.ljust(len(match[0])), text)  # fmt: skip
    return read, (text.count("\n", 0, found.start()) + 1, found[0].strip(" $"))
