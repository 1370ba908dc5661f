"""Where the words after an equation begin: h_t = …, where c = 8."""

import re

INTRODUCTIONS = ("where", "with", "for", "in which", "given that", "here", "such that", "when", "if")
"""The words that a sentence after an equation begins with."""
RELATION = re.compile(r"=|∈|≔|\\in\b|\\coloneqq|←|\bin(?=[ ]\$?(?:\\mathbb|ℝ))")
_ASIDE = re.compile(rf"(?<=[\s,;.(])(?:{'|'.join(INTRODUCTIONS)}|and)\b(?!\s*[(=_^])(?=\s)")
_OPEN_WORDS = re.compile(r"\\(?:text|textrm|mathrm|mbox)[ ]?\{[^{}\n]*$")
_WORDS_IN_LATEX = re.compile(
    r"(?<=[ ~;,])\\(?:text|textrm|textit|mbox)[ ]?\{[^{}\n]*\}|(?<=_)\{\\text[ ]?\{[^{}\n]*\}\}"
)
"""Words beside an equation or below a brace."""
_SENTENCE = re.compile(r"(?<![\\A-Za-z_{])[A-Za-z]{2,}[ \t]{1,4}[A-Za-z]{3,}(?:[ \t]{1,4}[A-Za-z]{2,}|[.,]?\s*$)")
_IN_BRACKETS = re.compile(r"(?<=\s)\((?=[^()=]{1,20}=[^()=]{1,40}\)[ .,]{0,3}$)")


def aside(text: str) -> int:
    """Where the words after an equation begin: h_t = …, where c = 8. The length of the text if there are none."""
    text = _WORDS_IN_LATEX.sub(lambda match: " " * len(match[0]), text)
    for match in _ASIDE.finditer(text):
        if RELATION.search(text, 0, match.start()) and (match[0] != "and" or RELATION.search(text, match.end())):
            words = _OPEN_WORDS.search(text, max(0, match.start() - 40), match.start())
            return words.start() if words else match.start()
    words = _SENTENCE.search(text)
    commas = (n for n in range(words.start() if words else 0) if text[n] in ",;" and not _is_inside(text, n))
    comma = max(commas, default=-1)
    in_brackets = _IN_BRACKETS.search(text[-80:])
    start = max(0, len(text) - 80) + in_brackets.start() if in_brackets else comma
    return start if start > 0 and RELATION.search(text, 0, start) else len(text)


def _is_inside(text: str, at: int) -> bool:
    """Whether a character stands in brackets."""
    return sum(text.count(c, 0, at) for c in "([{") > sum(text.count(c, 0, at) for c in ")]}")
