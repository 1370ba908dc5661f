"""Divides a text in the notation of papers into equations, lines of our own language, comments and prose."""

import re
from collections.abc import Sequence

from ..errors import EquationsError, Place
from ..parser import parse
from ..syntax import AxisLine, Declaration, Output
from ..tokens import check_length
from .grammar import Conventions, Grammar
from .source import Source, Token, function_of
from .terms import Text

STEP_LETTERS = "tnkis"
"""The letters of steps, the most usual one first."""

_OWN = re.compile(r"\s*(?:axis\s+[A-Za-z]\w*\s*=|output\s*:|[A-Za-z]\w*\s*:(?!=)\s*[A-Za-z0-9])", re.ASCII)
_HAS_E = re.compile(r"^[ \t&$]*e(?![A-Za-z0-9])[^=:∈+*/\n]{0,30}(?:[=:∈]|\\in\b)", re.MULTILINE)
_ANSWER = re.compile(r"\s*\w+\s*=\s*[\w.+-]+\s*", re.ASCII)
_COMMENT = re.compile(r"\s*[#%]")
_RELATION = re.compile(r"=|←|∈|≔|\\leftarrow|\\gets|\\in\b|\\coloneqq|\\triangleq|\\equiv|≜|≡|:=")
_PROSE = re.compile(r"\W*(where|with|and|for|here|in which|given|let|note|we|the|initially|then|using|such)\b", re.I)
_SENTENCE = re.compile(r"(?<![\\A-Za-z_])[A-Za-z]{2,}\s+(?:[A-Za-z]{2,}\s+)+[A-Za-z]{2,}")
_GOES_ON = re.compile(r"\s*(?:&\s*)*(?:\\quad\s*|\\qquad\s*)*(?:[+\-−⊙∘·×*/=]|\\odot|\\circ|\\cdot|\\times|\\otimes)")
_IS_OPEN = re.compile(r"(?:[+\-−⊙∘·×*/=(,]|\\odot|\\circ|\\cdot|\\times|\\otimes|\\left\(|&)\s*$")


def parsed(text: str) -> Text:
    """Parse a text. Raises EquationsError."""
    check_length(text)
    return _Reader(text).read()


def _is_step(text: str, letter: str) -> bool:
    """Whether a text has an index such as t-1."""
    openings = ("_", "{", "(", "[", "<", "⟨", "langle", ",")
    found = re.finditer(rf"(?<![A-Za-z]){letter}[ ]?[-−–][ ]?1(?![0-9])", text)
    return any(text[max(0, one.start() - 12) : one.start()].rstrip().endswith(openings) for one in found)


def _conventions(text: str) -> Conventions:
    """How a text writes steps, and its own names of functions."""
    before = {c for c in STEP_LETTERS if _is_step(text, c)}
    before |= {c for c, small in zip("tnkis", "ₜₙₖᵢₛ", strict=True) if f"{small}₋₁" in text}
    letter = next((c for c in STEP_LETTERS if c in before), "t")
    named = re.finditer(r"^[ \t]*(\w+)[ \t]*=[ \t]*([A-Za-z]+)[ \t]*$", text, re.MULTILINE)
    return Conventions(
        step_letter=letter,
        raised_steps=not re.search(rf"_\s*(?:\{{[^{{}}]{{0,30}})?{letter}\b|[ₜₙₖᵢₛ]", text),
        is_literal=bool(re.search(r"\\mathbb\{R\}\^\{\\text\{batch", text)),
        has_e=bool(_HAS_E.search(text)),
        functions=frozenset(m[1] for m in named if function_of(m[2])),
    )


class _Reader:
    """Divides a text into equations and lines of other kinds."""

    def __init__(self, text: str) -> None:
        self.source, self.text, self.found = Source(text), text, Text()
        self.conventions = c = _conventions(text)
        self.found.step = f"^({c.step_letter})" if c.raised_steps else f"_{c.step_letter}"

    def read(self) -> Text:
        lines = self.text.split("\n")
        n = 0
        while n < len(lines):
            end = n + 1
            line = lines[n]
            depth = _opened(line)
            if _COMMENT.match(line) or not line.strip():
                self._comment(line)
            elif _OWN.match(line) and not depth and "\\" not in line:
                self._own_line(n, line)
            else:
                while end < len(lines) and (
                    depth > 0
                    or _unbalanced("\n".join(lines[n:end]))
                    or _IS_OPEN.search(_bare(lines[end - 1]))
                    or (_GOES_ON.match(lines[end]) and lines[end].strip())
                ):
                    depth += _opened(lines[end])
                    end += 1
                self._lines(lines, n, end)
            n = end
        return self.found

    def _comment(self, line: str) -> None:
        if text := line.strip().lstrip("#% ").strip():
            self.found.titles.append(text)

    def _own_line(self, n: int, line: str) -> None:
        try:
            tree = parse("\n" * n + _bare(line))
        except EquationsError as error:
            raise EquationsError(error.problem, Place(n + 1, error.place.start, error.place.end), error.fixes) from None
        self.found.own += [s for s in tree.statements if isinstance(s, AxisLine | Declaration | Output)]

    def _lines(self, lines: Sequence[str], first: int, end: int) -> None:
        begin = sum(len(line) + 1 for line in lines[:first])
        text = "\n".join(lines[first:end])
        is_display = bool(_opened(lines[first])) or "\\begin" in text
        without_words = re.sub(
            r"\\(?:text|mathrm|operatorname|begin|end|label|tag|mathit|textrm)\*?\s*\{[^{}]*\}", "", text
        )
        without_commands = re.sub(r"\\[A-Za-z]+", " ", without_words)
        is_prose = not _RELATION.search(text) or bool(_SENTENCE.search(without_commands)) or bool(_PROSE.match(text))
        if is_prose and not is_display:
            self.found.skipped += range(first + 1, end + 1)
            return
        is_latex = self.source.is_latex
        self.source.is_latex = is_latex and not _ANSWER.fullmatch(text)
        tokens = _without_continuations([*self.source.tokens(begin, begin + len(text))])
        self.source.is_latex = is_latex
        last = self.source.place(begin + len(text), begin + len(text))
        Grammar(self.conventions, self.found, [*tokens, Token("end", "", last)]).statements()


def _bare(line: str) -> str:
    """A line without its comment."""
    return re.split(r"(?<!\\)[#%]", line)[0]


def _opened(text: str) -> int:
    """How many environments a text opens that it does not close."""
    depth = len(re.findall(r"\\begin\b|\\\[", re.sub(r"\\\\\[", "", text))) - len(re.findall(r"\\end\b|\\\]", text))
    return depth + (text.count("$$") % 2)


def _unbalanced(text: str) -> bool:
    return sum(text.count(c) for c in "([{") > sum(text.count(c) for c in ")]}")


def _without_continuations(tokens: list[Token]) -> list[Token]:
    """Without ends of lines after which an equation goes on."""
    kept: list[Token] = []
    for n, token in enumerate(tokens):
        following = next((t for t in tokens[n + 1 :] if t.kind != "end"), None)
        goes_on = following and following.kind == "sign" and following.text in "+-⊙∗·⊗/=∈"
        ended = bool(kept) and kept[-1].kind == "sign" and kept[-1].text in "+-⊙∗·⊗/="
        if token.kind == "end" and (goes_on or ended) and kept:
            continue
        kept.append(token)
    return kept
