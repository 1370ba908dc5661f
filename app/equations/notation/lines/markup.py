"""The marks of documents around copied equations: tags, tables, headings, comments. They become blanks, so that all
characters keep their places."""

import re
from collections.abc import Callable, Iterable

from .line_kinds import FOREIGN, LATIN, SENTENCE

_MATH_TAG = re.compile(
    r"<[\w.]{1,30}[^<>\"{}]{0,80}?\bmath=(?:\"([^\"\n]{1,800})\"|\{[\w.]{0,12}`([^`\n]{1,800})`\})[^<>\n]{0,40}>"
)
"""A formula in a tag, <BlockMath math="…" />."""
_TAG = re.compile(
    r"</?[A-Za-z][\w.]{0,30}(?:\s+[\w:-]{1,30}(?:=(?:\"[^\"\n]{0,300}\"|\{[^\n]{0,200}?\}))?){0,8}\s*/?>|\{' '\}"
)
_INDEX_TAGS = {"<sub>": "_{   ", "</sub>": "}     ", "<sup>": "^{   ", "</sup>": "}     "}
_ROLE = re.compile(r":(math|[a-z][a-z:+-]{1,20}):`([^`\n]{1,300})`")
"""A role of reStructuredText: :math:`h_t`, :attr:`bias`."""
_OF_R = re.compile(r"\\d?eqn\{(?:([^{}\n]*(?:\{[^{}\n]*\}[^{}\n]*)*)\}|[ \t]*$)|^[ \t]*\}[ \t]*$", re.MULTILINE)
"""A formula in the documentation of R, \\deqn{h_t = …}, whose braces may have lines of their own."""
_IMAGE = re.compile(r"!\[\{?(?:\\displaystyle)?([^\n]*?)\]\([^()\n]*\)")
"""An image with its formula, as copied from an encyclopedia."""
_COMMENT_BEHIND = re.compile(
    r"^([^\n=]{1,60}=[^\n]*?)([ \t]{1,40}(?:#|//|←|⟵|<-{1,2})[ \t](?=[^\n=]*$)[^\n]*)$", re.MULTILINE
)
_LABEL = re.compile(
    r"^([ \t]*)([A-Za-z]{3,20}(?:[_ ][A-Za-z]{3,20}){0,3})"
    r"(?=[ \t]+\\?[A-Za-z]\w{0,3}(?:_(?:t|\{t\})|ₜ|\(t\))[ \t]*=)",
    re.MULTILINE,
)
"""Words before an equation without a colon: input_gate i_t = …"""
_STRONG = re.compile(r"(?<![\w)\]}*])(\*{2,3}|_{2})(?=[^\s*_])([^*_=^\n]{1,100}?)(?<=[^\s*_])\1(?![\w(\[{*])")
_SLANTED = re.compile(r"^([ \t]*)([*_])(?=[^\s*_])([^\n]*[^\s*_\n])\2([ \t]*)$", re.MULTILINE)
"""A line of words in italics."""
_RULE = re.compile(r"^[ \t]*(?:([-*_=~])[ \t]?(?:\1[ \t]?){2,}|:?-{2,}:?)[ \t]*$", re.MULTILINE)
_DRAWN = re.compile("[\u2500-\u257f▲▶►▼◀◄]")
"""Lines of boxes and heads of arrows that are drawn with characters."""
_ROW = re.compile(r"^[ \t]*\|(.*\|.*)\|[ \t]*$", re.MULTILINE)
_SPAN = re.compile(r"\$\$?[^$\n]{1,800}\$\$?|`[^`\n]{1,800}`|\\\([^\n]{1,800}?\\\)")
"""A formula between dollars, or code."""
_CELL = re.compile(rf"(?:{_SPAN.pattern}|[^|\n])+")
_ITEM = re.compile(
    rf"^([ \t]*)[-*•](?=[ \t]++(?:[$`]|[{LATIN}]{{3,}}[ ]\$|[^\n]*=|[^\n]*[:：][ \t]*$"
    rf"|[^\n]*(?:{FOREIGN.pattern})|[^\n]*{SENTENCE.pattern}))",
    re.MULTILINE,
)
"""The mark of a list before an equation or words, which is no minus of an equation that goes on."""
_COMMENT = re.compile(r"[ \t]*(?:#'|//[/!]?|#|--|;;|%|>|\*(?!\*))(?:[ \t]+[A-Z]{3,12}\b)?[ \t]?")
"""The mark of a comment or of a quotation, perhaps with a word in capitals."""
_COMMAND = re.compile(r"(?<!\\)\\[A-Za-z]{2}")
_DOUBLED = re.compile(r"(?<!\\)\\(\\)(?=[A-Za-z]{2})")
"""The backslash of a command in the source of a program, which doubles it."""
_BRACKETS = re.compile(r"^([ \t]*)[\[(]([ \t]*)$(\n(?:[^\n]*\n){1,8}?[ \t]*)[\])]([ \t]*)$", re.MULTILINE)
"""Brackets around a displayed formula that have lost their backslashes."""
_EQUATION = re.compile(
    r"(?P<mark>\$\$?|`|\\\()[ ]?(?!\\(?:sum|prod|frac|min|max|arg|int|partial)(?![a-z]))"
    r"(?:\\[a-z]{2,10}\{?\s?)*[^\W\d][^=\n]{0,40}?[ ]?&?=(?!=)[ ]?(?![-+]?[0-9.]{1,8}[ ]?(?P=mark))[^=\n]{1,800}"
)
"""A formula that gives a name another value than a number."""
_BETWEEN = re.compile(
    r"[\s.,;:、，；：。&\d)]*(?:[-*•][ ]+)?(?:\w{1,20}=)?[\"“”']?"
    r"(?:[(（][^()（）\n]{1,60}[)）]|and|[\s.,;:、，；。\"'])*"
)
"""What may stand beside and between equations of one line: words in brackets, signs, and the name of an attribute."""
_WORDS = re.compile(r"\\(?:text|textrm|textbf|mathrm|mbox)[ ]?\{[^{}\n]{0,80}\}")
_BEFORE = re.compile(rf"^[^=:：\n]{{0,60}}(?:{FOREIGN.pattern})[^=:：\n]{{0,60}}[:：]")
_BEHIND = re.compile(
    rf"(?:[，。；][^=\n]{{0,300}}"
    rf"|(?<![ \t])[ \t]*+(?:[(（#%,;]|//|--)?[ \t]*+(?:{FOREIGN.pattern})[^=+*/^_\\\n]{{0,300}})$"
)
"""Words of another script before an equation without dollars, and behind it."""


def without_markup(text: str) -> str:
    """A text with blanks instead of the marks of documents, as long, and the formulas of tags between dollars."""
    text = _MATH_TAG.sub(_with_formula, text)
    for tag, sign in _INDEX_TAGS.items():
        text = text.replace(tag, sign)
    text = _TAG.sub(_blank, text)
    text = _ROLE.sub(_of_role, text)
    if "eqn{" in text:
        text = _OF_R.sub(_of_r, text)
    text = _IMAGE.sub(_of_image, text)
    text = _STRONG.sub(lambda match: match[0].replace(match[1], " " * len(match[1])), text)
    text = _SLANTED.sub(r"\1 \3 \4", text)
    text = _without_comment_marks(text)
    text = _RULE.sub(_blank, text)
    text = _ITEM.sub(r"\1 ", text)
    text = _DRAWN.sub(" ", text)
    text = _COMMENT_BEHIND.sub(lambda match: match[1] + " " * len(match[2]), text)
    text = _LABEL.sub(lambda match: match[1] + " " * len(match[2]), text)
    text = _BRACKETS.sub(r"\1 \2\3 \4", text)
    if not _COMMAND.search(text):
        text = _DOUBLED.sub(r" \1", text)
    text = _ROW.sub(_of_row, text)
    return "\n".join(map(_with_equations_apart, text.split("\n")))


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _with_formula(match: re.Match[str]) -> str:
    n = 1 if match[1] else 2
    return _kept(match[0], [(match.start(n) - match.start(), match.end(n) - match.start())], lambda one: f"${one}$")


def _of_r(match: re.Match[str]) -> str:
    inside = match[1]
    return f"${inside}$".rjust(len(match[0])) if inside else _blank(match)


def _of_image(match: re.Match[str]) -> str:
    """The formula of an image, without the braces around it."""
    start, end = match.start(1) - match.start(), match.end(1) - match.start()
    inside = match[1].removesuffix("}") if match[1].count("}") > match[1].count("{") else match[1]
    return (" " * start + inside).ljust(end).ljust(len(match[0])) if "=" in inside else _blank(match)


def _kept(text: str, spans: Iterable[tuple[int, int]], written: Callable[[str], str]) -> str:
    """A text with blanks outside some parts, which are written with one more character at either side."""
    line, end = "", 0
    for start, stop in spans:
        line += " " * (start - 1 - end) + written(text[start:stop])
        end = stop + 1
    return line.ljust(len(text))


def _of_role(match: re.Match[str]) -> str:
    if match[1] != "math":
        return _blank(match)
    return f"${match[2]}$".rjust(len(match[0]))


def _without_comment_marks(text: str) -> str:
    """A text without the mark with which all its lines begin."""
    lines = [line for line in text.split("\n") if line.strip()]
    marks = [match[0].rstrip() for line in lines if (match := _COMMENT.match(f"{line} "))]
    shared = min(marks, key=len, default="")
    if not shared or "=" not in text or len(marks) < len(lines) or not all(line.startswith(shared) for line in lines):
        return text
    return "\n".join(line.replace(shared, " " * len(shared), 1) for line in text.split("\n"))


def _of_row(match: re.Match[str]) -> str:
    """A row of a table with its formulas alone."""
    inside = match[0]
    cells = [one for one in _CELL.finditer(inside) if "=" in one[0]]
    spans = [one for one in _SPAN.finditer(inside) if "=" in one[0]]
    return _kept(inside, (one.span() for one in spans or cells), lambda one: f" {one} ")


def _with_equations_apart(line: str) -> str:
    """A line with its equations alone, if its other words are labels or of another script, or if these are code."""
    spans = [*_SPAN.finditer(line)]
    equations = [one for one in spans if _EQUATION.fullmatch(one[0])]
    outside = _WORDS.sub(_blank, _SPAN.sub(_blank, line))
    is_foreign = bool(FOREIGN.search(outside))
    if not equations:
        return _BEHIND.sub(_blank, _BEFORE.sub(_blank, line)) if is_foreign and "=" in outside else line
    is_list = len(equations) > 1 and equations == spans and bool(_BETWEEN.fullmatch(outside))
    is_code = "=" not in outside and any(one[0].startswith("`") for one in equations)
    if not (is_foreign or is_list or is_code):
        return line
    kept, end = "", 0
    for one in equations:
        gap = one.start() - end
        kept += ("\\\\".ljust(gap) if end and gap > 1 else " " * gap) + _plain(one[0])
        end = one.end()
    return kept.ljust(len(line))


def _plain(span: str) -> str:
    """A formula without the signs around it."""
    sign = 2 if span.startswith(("$$", "\\(")) else 1
    return f"{' ' * sign}{span[sign:-sign]}{' ' * sign}"
