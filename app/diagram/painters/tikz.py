r"""Shapes -> TikZ: a document for pdflatex or lualatex, as large as the picture, its words as text.

A picture may contain text that a visitor typed: ``escape`` writes it such that no character can begin a command.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from math import cos, radians, sin
from unicodedata import combining, normalize

from ...equations.notation.typesetting.html_style import greek_letter
from ...equations.notation.vocabulary.latex_commands import GREEK
from ..elements import Picture
from ..theme import FAINT, Theme
from ..type_sizes import SUBSCRIPT, SUBSCRIPT_DROP
from .primitives import MITER_LIMIT, Span, paint_all, segments


def tikz(picture: Picture, theme: Theme, background: bool = True, link: str = "") -> str:
    """A whole document, in which a pixel is 1 bp as in the PDF. ``link`` is in a comment at its top."""
    painter = TikzPainter(theme)
    size = f"({picture.width:g},{picture.height:g})"
    if background:
        painter.commands.append(f"\\fill[{painter.colour('fill', 'paper')}] (0,0) rectangle {size};")
    paint_all(picture, painter)
    body = "\n".join((f"\\useasboundingbox (0,0) rectangle {size};", *painter.commands))
    needed = ""
    for command, definition in reversed(DEFINITIONS.items()):  # a definition may use earlier ones
        if command in needed + body:
            needed = definition + needed
    colours = "".join(f"\\definecolor{{{name}}}{{HTML}}{{{value}}}\n" for name, value in painter.colours.items())
    comment = f"% {''.join(filter(str.isprintable, link))}\n" if link else ""
    return f"{comment}{PREAMBLE}{needed}{colours}{BEGIN}{body}\n{END}"


class TikzPainter:
    """Collects commands, and the colours in them."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.commands: list[str] = []
        self.colours: dict[str, str] = {}

    def colour(self, group: str, role: str) -> str:
        """The name of a colour, as in the style sheet without the leading dashes: ``ink-num_units``."""
        name = f"{group}-{role}"
        if name not in self.colours:
            palette = {"ink": self.theme.ink, "fill": self.theme.fill, "edge": self.theme.edge}[group]
            self.colours[name] = palette[role].removeprefix("#").upper()
        return name

    def begin_faint(self) -> None:
        self.commands.append(f"\\begin{{scope}}[opacity={FAINT}]")

    def end_faint(self) -> None:
        self.commands.append("\\end{scope}")

    def area(self, role: str, path: str, width: float) -> None:
        fill, edge = self.colour("fill", role), self.colour("edge", role)
        self.commands.append(f"\\filldraw[fill={fill}, draw={edge}, line width={width:g}bp] {_path(path)};")

    def fill(self, role: str, path: str) -> None:
        """Draw the head of an arrow, whose size is that of ``arrowhead_sizes.py``, as in every format."""
        self.commands.append(f"\\fill[{self.colour('ink', role)}] {_path(path)};")

    def stroke(
        self,
        kind: str,
        role: str,
        path: str,
        width: float,
        name: str,
        dash: tuple[int, ...] = (),
        round_joins: bool = False,
    ) -> None:
        joins = ", line join=round" if round_joins else ""
        pattern = " ".join(f"{('on', 'off')[n % 2]} {length}bp" for n, length in enumerate(dash))
        dashes = f", dash pattern={pattern}" if dash else ""
        self.commands.append(
            f"\\draw[{self.colour('ink', role)}, line width={width:g}bp{joins}{dashes}] {_path(path)};"
        )

    def words(
        self,
        kind: str,
        spans: Sequence[Span],
        size: float,
        font: str,
        anchor: str,
        drop: float,
        italic: bool = False,
        sub: str = "",
        angle: int = 0,
    ) -> None:
        options = ANCHORS[anchor] + (f", rotate={angle}" if angle else "")
        slope = "\\itshape " if italic else ""
        slope += {("text", "mono"): "\\mdseries "}.get((kind, font), "\\bfseries " if kind == "heading" else "")
        behind = f"\\sub{{{SUBSCRIPT_DROP * size:.1f}}}{{{SUBSCRIPT * size:.1f}}}{{{escape(sub)}}}" if sub else ""
        right, down = drop * size * sin(radians(angle)), drop * size * cos(radians(angle))
        for x, y, (text, role) in spans:
            self.commands.append(
                f"\\node[{font}={size:.1f}, text={self.colour('ink', role)}{options}] "
                f"at ({x + right:.1f},{y + down:.1f}) {{{slope}{escape(text)}{behind}}};"
            )


def _path(path: str) -> str:
    """An outline in the syntax of TikZ."""
    written = []
    for command, at in segments(path):
        points = [f"({x},{y})" for x, y in zip(at[::2], at[1::2], strict=True)]
        match command:
            case "M":
                written += points
            case "L":
                written.append(f"-- {points[0]}")
            case "C":
                written.append(".. controls {} and {} .. {}".format(*points))
            case "Z":
                written.append("-- cycle")
    return " ".join(written)


ANCHORS = {"start": ", anchor=base west", "middle": "", "end": ", anchor=base east"}


@lru_cache(1024)
def escape(text: str) -> str:
    """Text escaped for TeX: no character of it is a command, a comment or a group."""
    alike = groupby(normalize("NFC", text), _is_chinese)
    return "".join(f"\\cjk{{{''.join(some)}}}" if chinese else _latin("".join(some)) for chinese, some in alike)


def _latin(text: str) -> str:
    """Each letter with the accents that follow it."""
    return "".join(map(_escaped, _LETTERS.findall(text)))


_LETTERS = re.compile(r".[\u0300-\u036f]*", re.DOTALL)


def _is_chinese(character: str) -> bool:
    """Whether TeX's Chinese fonts (GB 2312) have the character and no Latin font does."""
    if not "\u2e80" <= character <= "\uffef":
        return False
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return not character.isspace()


def _escaped(character: str) -> str:
    """A character, which may be a letter with an accent."""
    if character in ESCAPES:
        return ESCAPES[character]
    if " " <= character <= "~" and len(character) == 1:
        return character
    if character.isspace():
        return "~"
    letter, *accents = list(normalize("NFD", character))
    accent = accents[0] if len(accents) == 1 else ""
    if letter.isascii() and letter.isalpha() and accent in ACCENTS:
        return f"{ACCENTS[accent]}{{{letter}}}"
    if letter in GREEK_COMMANDS and accent in MATH_ACCENTS:
        return _math(f"\\{MATH_ACCENTS[accent]}{{{GREEK_COMMANDS[letter]}}}")
    if accents and (letter in ESCAPES or letter.isascii()):
        return _escaped(letter)
    return "" if combining(letter) else "\\unknown{}"


_OWN_CAPITALS = ("Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega")


def _math(command: str) -> str:
    return f"\\ensuremath{{{command}}}"


GREEK_COMMANDS = {
    letter: f"\\{word}" if letter.islower() or word in _OWN_CAPITALS else f"\\mathrm{{{word[0]}}}"
    for word in (form for name in GREEK for form in (name, name.capitalize()))
    if (letter := greek_letter(word))
} | {"ο": "o"}
"""TeX's commands for Greek letters. Capitals that look like Latin ones have none."""

ESCAPES = {
    "\\": "\\textbackslash{}",
    "{": "\\{",
    "}": "\\}",
    "$": "\\ensuremath{\\$}",
    "&": "\\&",
    "#": "\\#",
    "%": "\\%",
    "_": "\\_",
    "^": "\\textasciicircum{}",
    "~": "\\textasciitilde{}",
    "<": "\\textless{}",
    ">": "\\textgreater{}",
    "|": "\\textbar{}",
    # these form ligatures with their neighbours
    "-": "-{}",
    "'": "'{}",
    "`": "{}`{}",
    "’": "'{}",
    "‘": "{}`{}",
    "“": "{}``{}",
    "”": "''{}",
    "…": "\\dots{}",
    "–": "--{}",
    "—": "---{}",
    "¿": "?`{}",
    "¡": "!`{}",
    "×": _math("\\times"),
    "÷": _math("\\div"),
    "·": _math("\\cdot"),
    "−": _math("-"),
    "±": _math("\\pm"),
    "∗": _math("\\ast"),
    "∂": _math("\\partial"),
    **{letter: _math(command) for letter, command in GREEK_COMMANDS.items()},
    "ᵀ": _math("{}^T"),
    "√": _math("\\surd"),
    "∑": _math("\\sum"),
    "≤": _math("\\leq"),
    "≥": _math("\\geq"),
    "≠": _math("\\neq"),
    "→": _math("\\rightarrow"),
    "←": _math("\\leftarrow"),
    "↑": _math("\\uparrow"),
    "↓": _math("\\downarrow"),
    **{chr(0x2080 + digit): f"\\textsubscript{{{digit}}}" for digit in range(10)},
    "₋": f"\\textsubscript{{{_math('-')}}}",
}
"""The escapes of characters that TeX reads as commands, or that its default fonts lack."""

ACCENTS = {
    "\u0300": "\\`",
    "\u0301": "\\'",
    "\u0302": "\\^",
    "\u0303": "\\~",
    "\u0304": "\\=",
    "\u0307": "\\.",
    "\u0308": '\\"',
    "\u0327": "\\c",
}
"""TeX's accents, by the combining character of Unicode."""

MATH_ACCENTS = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0307": "dot"}
"""The same in mathematics, for Greek letters."""

PREAMBLE = r"""\RequirePackage{fix-cm}
\documentclass[border=0pt]{standalone}
\usepackage{tikz}
\newcommand\size[1]{\fontsize{#1bp}{#1bp}\selectfont}
"""
"""fix-cm scales Computer Modern to any size."""

DEFINITIONS = {
    r"\sub": r"""\newcommand\sub[3]{\raisebox{-#1bp}{\size{#2}#3}}
""",
    r"\unknown": r"""\newcommand\unknown{{\fboxsep=0pt\framebox[.6em]{\rule{0pt}{.6em}}}}
""",
    r"\cjk": r"""\ifdefined\directlua
\usepackage{fontspec}
\IfFontExistsTF{FandolHei-Regular.otf}{\newfontfamily\chinese{FandolHei-Regular.otf}}{}
\else
\IfFileExists{CJKutf8.sty}{\usepackage{CJKutf8}}{}
\fi
\newcommand\cjk[1]{%
\ifdefined\chinese{\chinese #1}\else\ifdefined\CJK\begin{CJK}{UTF8}{gbsn}#1\end{CJK}\else\unknown\fi\fi}
""",
}
"""Commands of our own, each for documents that use it: a subscript by its drop, size and text; a box for a character
that cannot be set; Chinese, which is a box where TeX was installed without fonts for it."""

BEGIN = rf"""\begin{{document}}
\begin{{tikzpicture}}[x=1bp, y=-1bp, miter limit={MITER_LIMIT},
every node/.style={{anchor=base, inner sep=0pt, outer sep=0pt}},
mono/.style={{font=\ttfamily\bfseries\size{{#1}}}},
sans/.style={{font=\sffamily\size{{#1}}}},
serif/.style={{font=\rmfamily\size{{#1}}}}]
"""

END = r"""\end{tikzpicture}
\end{document}
"""
