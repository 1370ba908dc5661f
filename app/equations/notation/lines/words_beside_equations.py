"""Words beside an equation, which say what it is: (forget gate) or two words behind it, or Forget gate: before it."""

import re
from collections.abc import Iterator

from ...names import STEP_SIZES
from ..vocabulary.function_words import function_of
from .equation_numbers import OPEN, is_function_before
from .line_kinds import LATIN, PROSE

_WORD_OR_LETTER = rf"\$?\\?[^\W\d_][{LATIN}-]{{0,30}}\$?"
_REMARK = re.compile(
    r"(?<=[\s,;.])[(\[][ ]?(?:\\(?:text|textrm|textit|mathrm|mbox)\{)?[ ]?"
    rf"({_WORD_OR_LETTER}(?:(?:,?[ ]|[ ][*×][ ]){_WORD_OR_LETTER}){{0,11}})[ .]?\}}?[ ]?[)\]]"
    r"(?=[ \t\r$&.,;]{0,9}(?:\n|\\\\|$))"
)
_WORDS = re.compile(
    r"(?:(?<=[)\]}])[ \t]{1,9}|[ \t]{2,9})(?:(?:--|//|[–—])[ \t]{0,4})?"
    r"([A-Za-z][A-Za-z-]{1,30}(?:,?[ ][A-Za-z-]{2,30}){1,9})(?=[ \t\r.]{0,9}(?:\n|$))"
)
_LABEL = re.compile(
    r"(?:^|(?<=\n))[ \t]{0,8}([A-Za-z](?:[A-Za-z-]{2,30}|[a-z](?=[ ]))"
    r"(?:[ ](?:[A-Za-z-]{1,30}|\$?[0-9]{1,2}\$?)){0,5})[ ]?:[ \t]{1,8}"
    rf"(?=[$&\s]{{0,4}}(?!(?:{'|'.join(STEP_SIZES)})\b)[^\s=,:]{{1,40}}[ \t]{{0,8}}&?=)"
)
_RELATION = re.compile(r"=|∈|\\in\b|←|≔|\\gets\b|\\leftarrow\b")
_BREAK = re.compile(r"\n|\\\\")
_SIGNS = "=+*/^_(⊙∘"
_SMALL_WORDS = {"of", "the", "for", "with", "before", "after", "in", "to", "and", "from", "at", "by", "as", "that"}
"""The words that only sentences have, and no products of names."""


def without_remarks(text: str) -> tuple[str, tuple[int, str]]:
    """A text with blanks instead of the words beside its equations, the first line that had some, or 0, and these
    words."""
    behind = [*_remarks(text)]
    kept = _blanked(text, behind)
    if any(_is_name(word, kept) for match in behind for word in _words(match) if not _is_sentence(match)):
        kept, behind = text, []
    found = sorted([*behind, *_LABEL.finditer(text)], key=re.Match.start)
    if not found:
        return text, (0, "")
    return _blanked(text, found), (text.count("\n", 0, found[0].start(1)) + 1, found[0][0].strip(" \t:-–—/"))


def _blanked(text: str, found: list[re.Match[str]]) -> str:
    for match in found:
        text = f"{text[: match.start()]}{' ' * len(match[0])}{text[match.end() :]}"
    return text


def _remarks(text: str) -> Iterator[re.Match[str]]:
    for match in (*_REMARK.finditer(text), *_WORDS.finditer(text)):
        begin = max((one.end() for one in _BREAK.finditer(text, 0, match.start())), default=0)
        if PROSE.match(text, begin):  # where w_g and u_g are vectors
            continue
        before = text[begin : match.start()].rstrip(" \t$&.,;")
        words, is_sentence = _words(match), _is_sentence(match)
        is_text = any(len(word) > 3 for word in words) and (is_sentence or all(map(_is_word, words)))
        is_inside = sum(before.count(c) for c in "([{") > sum(before.count(c) for c in ")]}")
        is_factor = not before or before[-1] in OPEN or is_function_before(before) or is_inside
        names_function = any(map(function_of, words[:1] if is_sentence else words))
        if is_text and not is_factor and _RELATION.search(before) and not names_function:
            yield match


def _words(match: re.Match[str]) -> list[str]:
    return re.findall(rf"\\?[^\W\d_][{LATIN}-]*", match[1])


def _is_sentence(match: re.Match[str]) -> bool:
    """Whether words have one that only sentences have, and two others: they may be beside letters, σ or N."""
    words = [word for word in _words(match) if len(word) > 1 and word[0] != "\\"]
    others = {*words} - _SMALL_WORDS
    return len(others) < len({*words}) and len(others) > 1 and all(map(_is_word, words))


def _is_word(word: str) -> bool:
    """Whether letters are a word or an abbreviation, and no names beside each other, as in texts from a PDF: Whhht."""
    return word == "a" or (len(word) > 1 and (word.isupper() or bool(re.search("[aeiouy]", word))))


def _is_name(word: str, text: str) -> bool:
    """Whether a word is a name of an equation: a sign stands beside it."""
    for match in re.finditer(rf"(?<![A-Za-z-]){word}(?![A-Za-z-])", text):
        before, after = text[: match.start()].rstrip()[-1:], text[match.end() :].lstrip()[:1]
        if (before and before in _SIGNS) or (after and after in _SIGNS):
            return True
    return False
