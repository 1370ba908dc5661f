"""Pasted text as Python statements. It is bounded before it is parsed, and never compiled or executed."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from textwrap import dedent

MOST_BYTES = 2**18
"""Bytes of a source in UTF-8."""

MOST_TOKENS = 30_000
"""Tokens, with line breaks, that are parsed: more than 2,000 full lines have. What follows is unknown."""

MOST_BRACKETS, MOST_OPERATORS, MOST_BRANCHES, MOST_INDENTATION = 40, 200, 60, 160
"""Nested brackets; operators within all open brackets, which may nest as deeply; ``elif`` in a statement; spaces at the
start of a line. A statement with more is unknown: the parser and everything that follows it are recursive."""

MOST_REPAIRS = 24
"""Lines that are left out because they are not Python."""

MOST_DIGITS = 30
"""Digits of a number. A longer one is replaced by an unknown name."""

UNKNOWN_NAME = "_unknown_"

TOKEN = re.compile(
    r"""(?:
    (?P<string>[A-Za-z]{0,2}(?:\"{3}(?:[^\\"]|\\.|"(?!""))*+(?:\"{3}|\Z)|'{3}(?:[^\\']|\\.|'(?!''))*+(?:'{3}|\Z)
        |"(?:[^"\\\n]|\\.)*+"?|'(?:[^'\\\n]|\\.)*+'?))
    |(?P<name>[^\W\d]\w*+)
    |(?P<newline>\n++)
    |(?P<comma>[,;])
    |(?P<open>[(\[{])
    |(?P<close>[)\]}])
    |(?P<number>\d[\w.]*+(?:(?<=[eE])[+-]\d++)?)
    |(?P<comment>\#[^\n]*+)
    |(?P<continuation>(?:\\\n)++)
    |(?P<operator>.)
    )[ ]*+""",
    re.VERBOSE | re.DOTALL,
)
"""A token with the spaces after it."""

ESCAPE = re.compile(r"\\[^\n]")
NUMBER = re.compile(r"(0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[\d_]*\.?[\d_]*(?:[eE][+-]?\d+)?[jJ]?)[lL]?(\w*)")
NESTING_WORDS = {"lambda", "not", "if", "else", "await", "yield", "for"}
CONTINUES = re.compile(r"(else|elif|except|finally|case)\b|[)\]}]|$")
STARTS = re.compile(r"(class|def|import|from|async def) |@\w")

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\ufeff\u2028\u2029]")
SESSION = re.compile(r"^[ ]*>>>", re.MULTILINE)
PROMPT = re.compile(r"^[ ]*(>>>|\.\.\.)(?: |$)")
FENCE = re.compile(r"^[ ]*(```|~~~)", re.MULTILINE)
REPLACED = tuple(
    (re.compile(pattern, re.MULTILINE), replacement)
    for pattern, replacement in (
        (r"^[ ]*(?:In ?\[\d*\]:|\.\.\.+:)[ ]?", ""),
        (r"^Out ?\[\d*\]:.*", ""),
        (r"^([ ]*)(?:[%!].*|[A-Za-z_][\w.]*\?\??)$", r"\1pass"),
        (r"^([ ]*)print(?![ ]*[(=.,\[:)]) .*", r"\1pass"),
        (r"(:[ ]*)print[ ]+[\"'\w].*", r"\1pass"),
        (r"^([ ]*except[ ]+[\w.]+)[ ]*,[ ]*\w+[ ]*:", r"\1:"),
        (r"^([ ]*raise)[ ]+\w+[ ]*,.*", r"\1"),
    )
)
"""What notebooks and Python 2 write, and what it is replaced by. Nothing of it says anything about a shape."""


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


def parse(text: str) -> Source:
    """Parse what a person pasted. Raises nothing: what is not Python, or too deep, is unknown."""
    text = text.encode(errors="replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    source = Source(text.split("\n"), _without_prompts(text))
    chunks = list(_chunks(source.text))
    budget = _Budget(4 * len(text) + 1000)
    if all(chunk.fits for chunk in chunks) and (
        statements := _parsed("".join(chunk.text for chunk in chunks), budget)
        or _parsed(_with_first_line_indented("".join(chunk.text for chunk in chunks)), budget)
    ):
        source.statements = statements
        return source
    for chunk in chunks:
        source.statements += _repaired(chunk, source.unknown, budget)
    return source


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


def _repaired(chunk: Chunk, unknown: set[int], budget: _Budget) -> list[ast.stmt]:
    """The statements of a chunk, without the lines that are not Python."""
    lines = chunk.text.split("\n")
    while chunk.fits and budget.repairs:
        try:
            statements = _statements("\n".join(lines), budget)
        except SyntaxError as error:
            wrong = (error.lineno or 0) - 1
            budget.repairs -= 1
            if not 0 <= wrong < len(lines) or lines[wrong].strip() in ("", "pass"):
                break
            unknown.add(chunk.start + wrong + 1)
            indentation = len(lines[wrong]) - len(lines[wrong].lstrip())
            lines[wrong] = " " * indentation + "pass"
        else:
            for statement in statements:
                ast.increment_lineno(statement, chunk.start)
            return statements
    if chunk.text.strip():
        first = next(n for n, line in enumerate(chunk.text.split("\n")) if line.strip())
        unknown.add(chunk.start + first + 1)
    return []


def _with_first_line_indented(text: str) -> str:
    """A fragment whose first line lost its indentation when it was copied, without the indentation of the others."""
    first, _, others = text.lstrip("\n").partition("\n")
    return "\n" * (len(text) - len(text.lstrip("\n"))) + f"{first}\n{dedent(others)}"


def _without_prompts(text: str) -> str:
    """The Python in a session, a notebook or a text with fences, without common indentation. Other lines become empty,
    so that the numbers of lines stay."""
    text = CONTROL.sub(" ", text).replace("\xa0", " ").expandtabs()
    if SESSION.search(text):
        lines = text.split("\n")
        text = "\n".join(line[match.end() :] if (match := PROMPT.match(line)) else "" for line in lines)
    elif FENCE.search(text):
        text = "\n".join(_within_fences(text.split("\n")))
    for pattern, replacement in REPLACED:
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


def _number(text: str) -> str:
    """A number as Python 3 writes it, or an unknown name."""
    text = text.rstrip()
    match = NUMBER.match(text)
    if not match or len(match[1]) > MOST_DIGITS or re.match(r"0\d*[1-9]\d*$", match[1]):
        return f"{UNKNOWN_NAME} "
    return f"{match[1]} {match[2]} "
