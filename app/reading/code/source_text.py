"""Pasted text as Python statements. It is bounded before it is parsed, and never compiled or executed."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from textwrap import dedent

MOST_BYTES = 2**18
"""Bytes of a source in UTF-8."""

MOST_TOKENS = 60_000
"""Tokens that are parsed: three times as many as 2,000 lines have. Further statements are unknown."""

MOST_BRACKETS, MOST_OPERATORS, MOST_BRANCHES, MOST_INDENTATION = 40, 200, 60, 160
"""Nested brackets; operators within all open brackets, which may nest as deeply; ``elif`` in a statement; spaces at the
start of a line. A statement with more is unknown: the parser and everything that follows it are recursive."""

MOST_REPAIRS = 24
"""Lines that are left out because they are not Python."""

MOST_DIGITS = 30
"""Digits of a number. A longer one is replaced by an unknown name."""

UNKNOWN_NAME = "_unknown_"

TOKEN = re.compile(
    r"""
    (?P<string>[A-Za-z]{0,2}(?:\"{3}(?:[^\\"]|\\.|"(?!""))*+(?:\"{3}|\Z)|'{3}(?:[^\\']|\\.|'(?!''))*+(?:'{3}|\Z)
        |"(?:[^"\\\n]|\\.)*+"?|'(?:[^'\\\n]|\\.)*+'?))
    |(?P<comment>\#[^\n]*+)
    |(?P<name>[^\W\d]\w*+)
    |(?P<number>\d[\w.]*+(?:(?<=[eE])[+-]\d++)?)
    |(?P<newline>\n[ ]*+)
    |(?P<space>[ ]++|\\\n)
    |(?P<open>[(\[{])
    |(?P<close>[)\]}])
    |(?P<comma>[,;])
    |(?P<operator>.)
    """,
    re.VERBOSE | re.DOTALL,
)
ESCAPE = re.compile(r"\\[^\n]")
NUMBER = re.compile(r"(0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[\d_]*\.?[\d_]*(?:[eE][+-]?\d+)?[jJ]?)[lL]?(\w*)")
NESTING_WORDS = {"lambda", "not", "if", "else", "await", "yield", "for"}
CONTINUES = re.compile(r"(else|elif|except|finally|case)\b|[)\]}]")
STARTS = re.compile(r"(class|def|import|from|async def) |@\w")

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\ufeff\u2028\u2029]")
PROMPT = re.compile(r"^[ ]*(>>>|\.\.\.)(?: |$)")
NOTEBOOK_PROMPT = re.compile(r"^[ ]*(?:In ?\[\d*\]:|\.\.\.+:)[ ]?")
NOTEBOOK_OUTPUT = re.compile(r"^Out ?\[\d*\]:.*")
MAGIC = re.compile(r"^([ ]*)(?:[%!].*|[\w.]+\?\??)$")
FENCE = re.compile(r"^[ ]*(```|~~~)")
PYTHON_2 = (
    (re.compile(r"^([ ]*)print\b(?![ ]*[(=.,\[:)])[ ].*"), r"\1pass"),
    (re.compile(r"(:[ ]*)print[ ]+[\"'\w].*"), r"\1pass"),
    (re.compile(r"^([ ]*except[ ]+[\w.]+)[ ]*,[ ]*\w+[ ]*:"), r"\1:"),
    (re.compile(r"^([ ]*raise)[ ]+\w+[ ]*,.*"), r"\1"),
)
"""Statements of Python 2 and what they are replaced by. None of them says anything about a shape."""


@dataclass
class Source:
    """A parsed source: its ``statements``, its ``lines`` as they were pasted, and the numbers of the lines that were
    not understood, from 1."""

    lines: list[str]
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
    source = Source(text.split("\n"))
    chunks = list(_chunks(_without_prompts(source.lines)))
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


def _without_prompts(lines: list[str]) -> str:
    """The lines of Python in a session, a notebook or a text with fences, without common indentation. Other lines
    become empty, so that the numbers of lines stay."""
    lines = [CONTROL.sub(" ", line).replace("\xa0", " ").expandtabs() for line in lines]
    if any(line.lstrip().startswith(">>>") for line in lines):
        lines = [line[match.end() :] if (match := PROMPT.match(line)) else "" for line in lines]
    elif any(FENCE.match(line) for line in lines):
        lines = list(_within_fences(lines))
    lines = [NOTEBOOK_OUTPUT.sub("", NOTEBOOK_PROMPT.sub("", line)) for line in lines]
    lines = [MAGIC.sub(r"\1pass", line) for line in lines]
    for pattern, replacement in PYTHON_2:
        lines = [pattern.sub(replacement, line) if "p" in line or "e" in line else line for line in lines]
    return dedent("\n".join(lines))


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
    open_brackets, fits = [0], True
    for match in TOKEN.finditer(text):
        kind, token = match.lastgroup, match.group()
        if kind == "newline":
            parts.append(token)
            line += 1
            fits = fits and len(token) <= MOST_INDENTATION
            if len(token) > 1:
                open_brackets[-1] = 0 if len(open_brackets) == 1 else open_brackets[-1]
                continue
            following = text[match.end() : match.end() + 12]
            is_inside = len(open_brackets) > 1 and not STARTS.match(following)
            if is_inside or following[:1] in ("", "\n", "#") or CONTINUES.match(following):
                continue
            yield Chunk(start, "".join(parts), fits)
            parts, start, branches, open_brackets, fits = [], line, 0, [0], tokens <= MOST_TOKENS
            continue
        if kind in ("space", "comment"):
            line += token == "\\\n"
            parts.append(token if kind == "space" else "")
            continue
        tokens += 1
        if kind == "name":
            branches += token == "elif"
            open_brackets[-1] += token in NESTING_WORDS
        elif kind == "string":
            line += token.count("\n")
            token = ESCAPE.sub("__", token.lstrip("bBfFrRuU"))
        elif kind == "number":
            token = _number(token)
        elif kind == "open":
            open_brackets.append(0)
        elif kind == "close":
            if len(open_brackets) > 1:
                open_brackets.pop()
        elif kind == "comma":
            open_brackets[-1] = 0
        else:
            open_brackets[-1] += 1
        parts.append(token)
        if kind != "comma" and fits:
            fits = (
                len(open_brackets) <= MOST_BRACKETS
                and sum(open_brackets) <= MOST_OPERATORS
                and branches <= MOST_BRANCHES
                and tokens <= MOST_TOKENS
            )
    yield Chunk(start, "".join(parts), fits)


def _number(text: str) -> str:
    """A number as Python 3 writes it, or an unknown name."""
    match = NUMBER.match(text)
    if not match or len(match[1]) > MOST_DIGITS or re.match(r"0\d*[1-9]\d*$", match[1]):
        return UNKNOWN_NAME
    return f"{match[1]} {match[2]}" if match[2] else match[1]
