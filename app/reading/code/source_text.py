"""Pasted text as Python statements. It is bounded before it is parsed, and never compiled or executed."""

import ast
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from textwrap import dedent

MOST_BYTES = 2**18
"""Bytes of a source in UTF-8."""

MOST_TOKENS = 30_000
"""Tokens, with line breaks, that are parsed: more than 2,000 full lines have. What follows is unknown."""

MOST_BRACKETS, MOST_OPERATORS, MOST_BRANCHES, MOST_INDENTATION = 40, 200, 60, 160
"""Nested brackets; operators within all open brackets, which may nest as deeply; ``elif`` in a statement; spaces at the
start of a line. A statement with more is unknown: the parser and everything that follows it are recursive."""

FASTEST_LENGTH = 4 * MOST_TOKENS
"""Characters of a text that is checked as a whole; a longer one usually has too many tokens, and is checked statement
by statement."""

MOST_REPAIRS = 24
"""Lines that are left out because they are not Python."""

MOST_PARSED = 6
"""How often a text is parsed, as a whole or its parts, while lines with errors are looked for."""

MOST_DIGITS = 30
"""Digits of a number. A longer one is replaced by an unknown name."""

UNKNOWN_NAME = "_unknown_"

STRING = r"""(?:"{3}(?:[^\\"]|\\.|"(?!""))*+(?:"{3}|\Z)|'{3}(?:[^\\']|\\.|'(?!''))*+(?:'{3}|\Z)
    |"(?:[^"\\\n]|\\.)*+"?|'(?:[^'\\\n]|\\.)*+'?)"""

TOKEN = re.compile(
    rf"""(?:
    (?P<string>[A-Za-z]{{0,2}}{STRING})
    |(?P<name>[^\W\d]\w*+)
    |(?P<newline>\n++)
    |(?P<comma>[,;])
    |(?P<open>[(\[{{])
    |(?P<close>[)\]}}])
    |(?P<number>\d[\w.]*+(?:(?<=[eE])[+-]\d++)?)
    |(?P<comment>\#[^\n]*+)
    |(?P<continuation>(?:\\\n)++)
    |(?P<operator>.)
    )[ ]*+""",
    re.VERBOSE | re.DOTALL,
)
"""A token with the spaces after it."""

ODD = re.compile(
    rf"""(?=["'\#\dbBfFrRuU])(?:
    (?:\b[bBfFrRuU]{{1,2}})?+{STRING}
    |\#[^\n]*+
    |(?<!\w)(?!(?:0|[1-9]\d{{0,{MOST_DIGITS - 1}}})(?:\.\d{{1,9}})?(?![\w.]))\d[\w.]*+(?:(?<=[eE])[+-]\d++)?
    )""",
    re.VERBOSE | re.DOTALL,
)
"""Strings, comments, and numbers with anything but digits and one point."""

MARK = re.compile(rf"""\w++|[^\w\s"'\\]|\n|{STRING}|\\\n?""", re.VERBOSE | re.DOTALL)
"""A token, for counting."""

ESCAPE = re.compile(r"\\[^\n]")
NUMBER = re.compile(r"(0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[\d_]*\.?[\d_]*(?:[eE][+-]?\d+)?[jJ]?)[lL]?(\w*)")
NESTING_WORDS = {"lambda", "not", "if", "else", "await", "yield", "for"}
KINDS = (
    dict.fromkeys([*"+-*/%@&|^~<>=.:!$?`\\", *NESTING_WORDS], "operator")
    | dict.fromkeys("([{", "open")
    | dict.fromkeys(")]}", "close")
    | dict.fromkeys(",;", "comma")
    | {"\n": "newline"}
)
"""What a token counts as; others do not count."""
CONTINUES = re.compile(r"(else|elif|except|finally|case)\b|[)\]}]|$")
STARTS = re.compile(r"(class|def|import|from|async def) |@\w")

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\ufeff\u2028\u2029]")
SESSION = re.compile(rf"{STRING}|^[ ]*(>>>)", re.VERBOSE | re.DOTALL | re.MULTILINE)
"""A prompt that is in no string, as examples in the documentation of a function are."""
PROMPT = re.compile(r"^[ ]*(>>>|\.\.\.)(?: |$)")
FENCE = re.compile(r"^[ ]*(```|~~~)", re.MULTILINE)
REPLACED = tuple(
    (part, re.compile(pattern, re.MULTILINE), replacement)
    for part, pattern, replacement in (
        ("]:", r"^[ ]*In ?\[\d*\]:[ ]?", ""),
        ("...:", r"^[ ]*\.\.\.+:[ ]?", ""),
        ("]:", r"^Out ?\[\d*\]:.*", ""),
        ("%", r"^([ ]*)%.*$", r"\1pass"),
        ("!", r"^([ ]*)!.*$", r"\1pass"),
        ("?", r"^([ ]*)[A-Za-z_][\w.]*\?\??$", r"\1pass"),
        ("print ", r"^([ ]*)print(?![ ]*[(=.,\[:)]) .*", r"\1pass"),
        ("print ", r"(:[ ]*)print[ ]+[\"'\w].*", r"\1pass"),
        ("except ", r"^([ ]*except[ ]+[\w.]+)[ ]*,[ ]*\w+[ ]*:", r"\1:"),
        ("raise ", r"^([ ]*raise)[ ]+\w+[ ]*,.*", r"\1"),
    )
)
"""What notebooks and Python 2 write: a part that the text must have, a pattern, and what replaces it. Nothing of it
says anything about a shape."""


@dataclass
class Source:
    """A parsed source: its ``statements``, its ``lines`` as they were pasted, its ``text`` without prompts, and the
    numbers of the lines that were not understood, from 1."""

    lines: list[str]
    text: str
    statements: list[ast.stmt] = field(default_factory=list)
    unknown: set[int] = field(default_factory=set)


@dataclass
class Chunk:
    """A statement of the outermost level as cleaned text. ``start``: its first line, from 0."""

    start: int
    text: str
    fits: bool

    @property
    def first_line(self) -> int:
        """The number of the first line with text, from 1."""
        return self.start + self.text[: len(self.text) - len(self.text.lstrip())].count("\n") + 1


def parse(text: str) -> Source:
    """Parse what a person pasted. Raises nothing: what is not Python, or too deep, is unknown."""
    text = text.encode(errors="replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    lines, text = text.split("\n"), CONTROL.sub(" ", text).replace("\xa0", " ").expandtabs()
    budget = _Budget(MOST_PARSED * len(text) + 1000)
    if len(text) <= FASTEST_LENGTH:
        harmless = ODD.sub(_harmless, text)
        if _fits(harmless) and (statements := _parsed(harmless, budget)):
            return Source(lines, text, statements)
    source = Source(lines, _without_prompts(text))
    chunks = list(_chunks(source.text))
    fragment = _with_first_line_indented("".join(chunk.text for chunk in chunks))
    if fragment and all(chunk.fits for chunk in chunks) and (statements := _parsed(fragment, budget)):
        source.statements = statements
        return source
    for fits, group in groupby(chunks, lambda chunk: chunk.fits):
        if fits:
            source.statements += _as_far_as_it_is_python(list(group), source.unknown, budget)
        else:
            source.unknown |= {chunk.first_line for chunk in group if chunk.text.strip()}
    return source


def _harmless(match: re.Match[str]) -> str:
    """A string without its prefix and escapes, a number that parsing does not warn about, nothing for a comment."""
    token = match[0]
    if token[0] == "#":
        return ""
    if token[0].isdigit():
        return _number(token, is_fraction=match.string[match.start() - 1 : match.start()] == ".")
    token = token.lstrip("bBfFrRuU")
    return ESCAPE.sub("__", token) if "\\" in token else token


def _fits(text: str) -> bool:
    """Whether a text is neither too long nor too deep in any place. Its strings have no escapes, and it no comments."""
    if text.count("elif") > MOST_BRANCHES or "\n" + " " * (MOST_INDENTATION + 1) in text:
        return False
    tokens = MARK.findall(text)
    if len(tokens) > MOST_TOKENS:
        return False
    operators, outer, kind_of = 0, list[int](), KINDS.get
    for token in tokens:
        kind = kind_of(token)
        if kind is None:
            continue
        if kind == "operator":
            operators += 1
        elif kind == "open":
            outer.append(operators)
            operators += 1
            if len(outer) > MOST_BRACKETS:
                return False
        elif kind == "close":
            operators = outer.pop() if outer else 0
        elif kind == "comma":
            operators = outer[-1] + 1 if outer else 0
        elif not outer:
            operators = 0
        if operators > MOST_OPERATORS:
            return False
    return True


@dataclass
class _Budget:
    """The characters that may still be parsed, and the lines that may still be left out."""

    characters: int
    repairs: int = MOST_REPAIRS


def _parsed(text: str, budget: _Budget) -> list[ast.stmt] | None:
    """The statements of a text; None if it is not Python, or if too much has been parsed already."""
    try:
        return _statements(text, budget)
    except SyntaxError:
        return None


def _statements(text: str, budget: _Budget) -> list[ast.stmt]:
    """Raises SyntaxError, also for what the parser cannot handle."""
    if len(text) > budget.characters:
        raise SyntaxError
    budget.characters -= len(text)
    try:
        return ast.parse(text).body
    except (ValueError, MemoryError, RecursionError, OverflowError) as error:
        raise SyntaxError from error


def _joined(chunks: Sequence[Chunk]) -> str:
    """The text of chunks in the lines in which they are."""
    return "\n" * chunks[0].start + "".join(chunk.text for chunk in chunks)


def _as_far_as_it_is_python(chunks: Sequence[Chunk], unknown: set[int], budget: _Budget) -> list[ast.stmt]:
    """The statements of chunks. They are parsed together, up to the first one with an error."""
    found = list[ast.stmt]()
    while chunks and budget.repairs:
        try:
            return found + _statements(_joined(chunks), budget)
        except SyntaxError as error:
            budget.repairs -= 1
            starts = [chunk.start for chunk in chunks]
            wrong = max(0, bisect_left(starts, error.lineno or 0) - 1)
        budget.characters += sum(len(chunk.text) for chunk in chunks[wrong + 1 :])
        before, found_before = chunks[:wrong], None
        if before:
            found_before = _parsed(_joined(before), budget)
        if found_before is None:
            found_before = [statement for chunk in before for statement in _repaired(chunk, unknown, budget)]
        found += found_before + _repaired(chunks[wrong], unknown, budget)
        chunks = chunks[wrong + 1 :]
    unknown |= {chunk.first_line for chunk in chunks if chunk.text.strip()}
    return found


def _repaired(chunk: Chunk, unknown: set[int], budget: _Budget) -> list[ast.stmt]:
    """The statements of a chunk, without the lines that are not Python."""
    lines = chunk.text.split("\n")
    while budget.repairs:
        try:
            return _statements("\n" * chunk.start + "\n".join(lines), budget)
        except SyntaxError as error:
            wrong = (error.lineno or 0) - chunk.start - 1
            budget.repairs -= 1
            if not 0 <= wrong < len(lines) or lines[wrong].strip() in ("", "pass"):
                break
            unknown.add(chunk.start + wrong + 1)
            indentation = len(lines[wrong]) - len(lines[wrong].lstrip())
            lines[wrong] = " " * indentation + "pass"
    if chunk.text.strip():
        unknown.add(chunk.first_line)
    return []


def _with_first_line_indented(text: str) -> str | None:
    """A fragment whose first line lost its indentation when it was copied, without the indentation of the others; None
    if some of these have none."""
    first, _, others = text.lstrip("\n").partition("\n")
    dedented = dedent(others)
    before = len(text) - len(text.lstrip("\n"))
    return "\n" * before + f"{first}\n{dedented}" if dedented != others else None


def _without_prompts(text: str) -> str:
    """The Python in a session, a notebook or a text with fences, without common indentation. Other lines become empty,
    so that the numbers of lines stay."""
    if ">>>" in text and any(match[1] for match in SESSION.finditer(text)):
        lines = text.split("\n")
        text = "\n".join(line[match.end() :] if (match := PROMPT.match(line)) else "" for line in lines)
    elif FENCE.search(text):
        text = "\n".join(_within_fences(text.split("\n")))
    for part, pattern, replacement in REPLACED:
        if part in text:
            text = pattern.sub(replacement, text)
    return dedent(text)


def _within_fences(lines: list[str]) -> Iterator[str]:
    is_within = False
    for line in lines:
        is_fence = bool(FENCE.match(line))
        is_within ^= is_fence
        yield line if is_within and not is_fence else ""


def _chunks(text: str) -> Iterator[Chunk]:
    """The statements of the outermost level. Strings lose prefixes and escapes, and numbers what is no number, so that
    parsing neither evaluates nor warns."""
    parts: list[str] = []
    start, line, tokens, branches = 0, 0, 0, 0
    operators, outer = 0, list[int]()  # within the innermost brackets, and within each of those around them
    fits = True
    for match in TOKEN.finditer(text):
        kind, token = match.lastgroup, match.group()
        tokens += 1
        if tokens > MOST_TOKENS:
            parts.append(UNKNOWN_NAME)  # so that the rest is a chunk, with its first line
            break
        if kind == "name":
            word = token.rstrip()
            branches += word == "elif"
            operators += word in NESTING_WORDS
        elif kind == "operator":
            operators += 1
        elif kind == "open":
            outer.append(operators)
            operators += 1
        elif kind == "close":
            operators = outer.pop() if outer else 0
        elif kind == "comma":
            operators = outer[-1] + 1 if outer else 0
        elif kind == "newline":
            line += token.count("\n")
            parts.append(token)
            if not outer:
                operators = 0
            if token[-1] == " ":
                fits = fits and len(token) - token.rindex("\n") <= MOST_INDENTATION
                continue
            following = text[match.end() : match.end() + 12]
            if (outer and not STARTS.match(following)) or following[:1] == "#" or CONTINUES.match(following):
                continue
            yield Chunk(start, "".join(parts), fits)
            parts, start, branches, operators, outer, fits = [], line, 0, 0, [], True
            continue
        elif kind == "string":
            line += token.count("\n")
            token = ESCAPE.sub("__", token.lstrip("bBfFrRuU"))
        elif kind == "number":
            token = _number(token)
        elif kind == "comment":
            token = ""
        else:
            line += token.count("\n")
        parts.append(token)
        if operators > MOST_OPERATORS or len(outer) > MOST_BRACKETS or branches > MOST_BRANCHES:
            fits = False
    else:
        yield Chunk(start, "".join(parts), fits)
        return
    yield Chunk(start, "".join(parts), fits=False)


def _number(text: str, is_fraction: bool = False) -> str:
    """A number as Python 3 writes it, or an unknown name. ``is_fraction``: whether a point is before it, as in .05."""
    text = text.rstrip()
    match = NUMBER.match(text)
    is_old = match and not is_fraction and re.match(r"0\d*[1-9]\d*$", match[1])
    if not match or len(match[1]) > MOST_DIGITS or is_old:
        return f"{UNKNOWN_NAME} "
    return f"{match[1]} {match[2]} "
