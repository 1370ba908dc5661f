"""Pasted text as Python statements. It is bounded before it is parsed, and never compiled or executed."""

import ast
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from string import ascii_letters, digits
from textwrap import dedent

from ...translations.phrases import phrase
from ..pasted_text_limits import MAX_SOURCE_KILOBYTES, MAX_SOURCE_TOKENS
from .function_bodies import Place, without_bodies
from .interpreter_limits import ALWAYS_PARSED, MOST_DIGITS, MOST_MODELS, MOST_PARSED, MOST_REPAIRS
from .mended_lines import DEFINED, UNKNOWN_NAME, MendedLines
from .merge_conflicts import without_conflicts
from .notebooks import code_of_notebook, is_part_of_notebook

PART_OF_NOTEBOOK = phrase("a part of a notebook: paste its cells, or all of it")

TOO_DEEP = phrase("too long or too deeply nested")

LONGER_PROGRAM = phrase("the program is longer than what is read here")

TOO_LONG = phrase("The code is longer than {size} KB; paste a part of it", size=MAX_SOURCE_KILOBYTES)

MOST_BRACKETS, MOST_OPERATORS, MOST_BRANCHES, MOST_INDENTATION = 40, 200, 60, 160
"""Nested brackets; operators within all open brackets, which may nest as deeply; ``elif`` in a statement; spaces at the
start of a line. A statement with more is unknown: the parser and everything that follows it are recursive."""

BLOCK = 2**13
"""Characters of statements that are parsed together. A line with an error is looked for only among these."""

OF_STRING = r"""(?:(?<=")(?:""(?:[^\\"]|\\.|"(?!""))*+(?:"{3}|\Z)|(?:[^"\\\n]|\\.)*+"?)
    |(?<=')(?:''(?:[^\\']|\\.|'(?!''))*+(?:'{3}|\Z)|(?:[^'\\\n]|\\.)*+'?))"""
"""What follows the first quote of a string."""

STRING = rf"""["']{OF_STRING}"""

TOKEN = re.compile(rf"""\w++|[^\w\s"'\\\#]|\n|{STRING}|\#[^\n]*+|\\\n?""", re.VERBOSE | re.DOTALL)

ODD = re.compile(
    rf"""(["'\#\d\\](?:
    {OF_STRING}
    |(?<=\#)[^\n]*+
    |(?<=\\)\n
    |(?<=\d)(?<!\w.)(?<!\w\..)
     (?!(?:(?<!\..)(?:(?<=0)|(?<=[1-9])\d{{0,{MOST_DIGITS - 1}}})(?:\.\d{{1,9}})?|(?<=\..)\d{{0,8}})(?![\w.]))
     [\w.]*+(?:(?<=[eE])[+-]\d++)?
    ))""",
    re.VERBOSE | re.DOTALL,
)
"""Strings, comments, continued lines, and numbers with anything but digits and one point. It begins with one character,
which is found much faster than one of several beginnings."""

PREFIX = re.compile(r"\b[bBfFrRuU]{1,2}\Z")
"""The letters before a string."""

MARKS = str.maketrans(
    dict.fromkeys(f"{ascii_letters}{digits}_", "a") | dict.fromkeys("[{", "(") | dict.fromkeys("]}", ")")
)
"""Words get only one letter and brackets become round, so that tokens are counted fast."""

ESCAPE = re.compile(
    r"""\\(?:
        (?P<kept>[\\'"abfnrtv]|[0-3][0-7]{2}|[0-7]{1,2}(?![0-7])|x[\da-fA-F]{2}|u(?![dD][89a-fA-F])[\da-fA-F]{4}
            |U000[\da-fA-F]{5})
        |(?P<one>N\{[^}\n]{1,80}\}|u[\da-fA-F]{4}|U[\da-fA-F]{8})|[^\n])""",
    re.VERBOSE,
)
"""What follows a backslash in a string: a character that stays as it is written, another one, such as half of a
surrogate pair, or none, of which parsing warns."""

RAW = re.compile(r"\\[^\n]")
"""The same in a raw string, where it is two characters."""

NO_QUOTES = str.maketrans("\"'\\", "``/")
"""Characters that may end a string, or begin an escape."""

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
CONTINUES = re.compile(r"(else|elif|except|finally|case)\b|[)\]}]")
STARTS = re.compile(r"(class|def|import|from|async def) |@\w")

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\ufeff\u2028\u2029]")
SESSION = re.compile(rf"{STRING}|^[ ]*(>>>)(?!>)", re.VERBOSE | re.DOTALL | re.MULTILINE)
"""A prompt that is in no string, as examples in the documentation of a function are."""
PROMPT = re.compile(r"^[ ]*(>>>|\.\.\.)(?: |$)")
COMMENT_BEFORE = re.compile(r"^#", re.MULTILINE)
"""A comment that is not indented."""
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
        ("?", r"^([ ]*)\?\??[A-Za-z_*][\w.*]*$", r"\1pass"),
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
    numbers of the lines that were not understood, from 1. ``functions``: the text of functions whose bodies are not
    parsed yet, by line from 0 and column; ``is_cut``: whether it has too many tokens; ``is_notebook``: whether the
    lines are those of the cells of a notebook; ``reasons``: why some lines are not read."""

    lines: list[str]
    text: str
    statements: list[ast.stmt]
    parser: "_Parser"
    functions: dict[Place, str] = field(default_factory=dict)
    is_cut: bool = False
    is_notebook: bool = False

    @property
    def reasons(self) -> dict[int, str]:
        return self.parser.reasons

    @property
    def unknown(self) -> set[int]:
        return self.parser.unknown

    @property
    def mistakes(self) -> set[int]:
        return self.parser.mistakes

    def body(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
        """The statements of a function, parsed if they are not yet."""
        place = _place(function)
        if place in self.functions and isinstance(function.body[0], ast.Pass):
            function.body = self.parser.body(place, self.functions.pop(place))
        return function.body

    def may_raise(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        """Whether a function may raise an error, as far as that can be told before its body is parsed."""
        return "raise" in self.functions.get(_place(function), "raise")


def _place(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Place:
    """Where a function begins; one that no source has, in the line 0."""
    return getattr(function, "lineno", 0) - 1, getattr(function, "col_offset", 0)


@dataclass
class Chunk:
    """A statement of the outermost level as cleaned text. ``start``: its first line, from 0; ``is_cut``: whether it is
    where the text becomes too long."""

    start: int
    text: str
    fits: bool
    is_cut: bool = False

    @property
    def first_line(self) -> int:
        """The number of the first line with text, from 1."""
        return self.start + self.text[: len(self.text) - len(self.text.lstrip())].count("\n") + 1


def parse(text: str) -> Source:
    """Parse what a person pasted. Raises nothing: what is not Python, or too deep, is unknown."""
    text = text.encode(errors="replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    if (code := code_of_notebook(text)) is not None:
        text = code.replace("\r", "\n")
    lines = text.split("\n")
    text, marks, others = without_conflicts(CONTROL.sub(" ", text).replace("\xa0", " ").expandtabs())
    parser = _Parser(MOST_PARSED * len(text) + ALWAYS_PARSED)
    parser.mistakes |= marks
    parser.unknown |= marks | others
    parser.reasons |= dict.fromkeys(others, phrase("the other side of a merge conflict"))
    chunks = list(_chunks(text))
    statements, functions = parser.without_bodies(chunks)
    if not statements and (plain := _without_prompts(text)) != text:
        text, chunks = plain, list(_chunks(plain))
        statements, functions = parser.without_bodies(chunks)
    if not statements and len(chunks) == 1:
        statements = parser.all_statements(list(map(_with_first_line_indented, chunks)))
    if not statements:
        statements = [s for block in _blocks(chunks) for s in parser.as_far_as_it_is_python(block)]
    parser.unknown |= {chunk.first_line for chunk in chunks if not chunk.fits and chunk.text.strip()}
    if parser.unknown and is_part_of_notebook(text) and all(isinstance(one, ast.Expr) for one in statements):
        parser.unknown, parser.mistakes = {min(parser.unknown)}, set()
        parser.reasons |= dict.fromkeys(parser.unknown, PART_OF_NOTEBOOK)
    too_long = {chunk.first_line for chunk in chunks if chunk.is_cut}
    parser.reasons |= dict.fromkeys(too_long, LONGER_PROGRAM)
    return Source(lines, text, statements, parser, functions, is_cut=bool(too_long), is_notebook=code is not None)


def _harmless(token: str) -> str:
    """A string and a number that parsing does not warn about, nothing for a comment. Line breaks within it are carriage
    returns."""
    if token[0] == "#":
        return ""
    if token[0].isdigit():
        return _number(token)
    if "\\" in token and token[0] != "\\":
        token = ESCAPE.sub(_escape, token)
    return token.replace("\n", "\r")


def _escape(escape: re.Match[str]) -> str:
    """An escape that parsing does not warn about."""
    return escape[0] if escape["kept"] else "_" if escape["one"] else _two_characters(escape)


def _two_characters(escape: re.Match[str]) -> str:
    """A backslash and what follows it, as two characters that are no escape."""
    return "/" + escape[0][1].translate(NO_QUOTES)


def _chunks(text: str) -> Iterator[Chunk]:
    """The statements of the outermost level. Strings lose prefixes, in whose place are spaces, and escapes that parsing
    warns about, and numbers what is no number, so that parsing neither evaluates nor warns."""
    parts = ODD.split(text, maxsplit=MAX_SOURCE_TOKENS)
    del parts[2 * MAX_SOURCE_TOKENS :]
    for n in range(1, len(parts), 2):
        if parts[n][0] in "\"'" and (prefix := PREFIX.search(parts[n - 1][-3:])):
            before = parts[n - 1].removesuffix(prefix[0])
            if "r" in prefix[0].lower():
                parts[n] = RAW.sub(_two_characters, parts[n])
            is_indented = before.rpartition("\n")[2].strip() == ""  # spaces there would indent the line
            parts[n - 1] = before if is_indented else before + " " * len(prefix[0])
    marks = " _ ".join(parts[::2]).translate(MARKS)
    limit = _line_of_token(MAX_SOURCE_TOKENS, marks)
    parts[1::2] = map(_harmless, parts[1::2])
    lines, marked_lines = "".join(parts).split("\n")[:limit], marks.split("\n")[:limit]
    begin, start, is_shallow, is_decorated = 0, 0, True, False
    for first, end in _logical_lines(lines, marked_lines):
        line = lines[first]
        if line and line[0] != " ":
            if not is_decorated and not CONTINUES.match(line) and any(lines[begin:first]):
                chunk = _chunk(start, [*lines[begin:first], ""], is_shallow)
                yield chunk
                begin, start, is_shallow = first, start + chunk.text.count("\n"), True
            is_decorated = line[0] == "@"
        marked = marked_lines[first] if end == first + 1 else "".join(marked_lines[first:end])
        if len(marked) > MOST_OPERATORS or marked.count("(") > MOST_BRACKETS:
            is_shallow = is_shallow and _is_shallow("\n".join(lines[first:end]))
    yield replace(_chunk(start, lines[begin:], is_shallow and limit is None), is_cut=limit is not None)


def _chunk(start: int, lines: list[str], is_shallow: bool) -> Chunk:
    """Lines in which carriage returns are line breaks as a statement. ``is_shallow``: see ``_is_shallow``."""
    text = "\n".join(lines).replace("\r", "\n")
    is_indented_too_far = "\n" + " " * (MOST_INDENTATION + 1) in text
    return Chunk(start, text, is_shallow and not is_indented_too_far and text.count("elif") <= MOST_BRANCHES)


def _line_of_token(number: int, marks: str) -> int | None:
    """The number of the line of a token, both counted from 1; None if there are fewer tokens."""
    shortened = marks
    while "aa" in shortened and len(shortened) - shortened.count(" ") >= number:  # it has no more tokens than letters
        shortened = shortened.replace("aa", "a")
    if len(shortened) - shortened.count(" ") < number:
        return None
    count, lines = 0, shortened.split("\n")
    for n, line in enumerate(lines, 1):
        has_break = n < len(lines) and (line or n == 1)  # several line breaks are one token
        count += len(line) - line.count(" ") + bool(has_break)
        if count >= number:
            return n
    return None


def _logical_lines(lines: list[str], marked_lines: list[str]) -> Iterator[tuple[int, int]]:
    """The first line, and the one after the last, of lines that brackets join, without blank lines. Brackets that are
    left open end before a statement."""
    first, depth = 0, 0
    for n, marked in enumerate(marked_lines):
        if not marked or marked.isspace():
            first += not depth
            continue
        if depth and STARTS.match(lines[n]):
            yield first, n
            first, depth = n, 0
        if "(" in marked or ")" in marked:
            depth = max(0, depth + marked.count("(") - marked.count(")"))
        if not depth:
            yield first, n + 1
            first = n + 1
    if depth:
        yield first, len(lines)


def _is_shallow(text: str) -> bool:
    """Whether brackets and operators do not nest too deeply in a logical line, without comments."""
    operators, outer, kind_of = 0, list[int](), KINDS.get
    for token in TOKEN.findall(text):
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
        else:
            operators = outer[-1] + 1 if outer else 0
        if operators > MOST_OPERATORS:
            return False
    return True


def _blocks(chunks: Sequence[Chunk]) -> Iterator[list[Chunk]]:
    """Chunks that fit and follow each other, to be parsed together."""
    block, length = list[Chunk](), 0
    for chunk in chunks:
        if block and (not chunk.fits or length > BLOCK):
            yield block
            block, length = [], 0
        if chunk.fits:
            block.append(chunk)
            length += len(chunk.text)
    if block:
        yield block


def _joined(chunks: Sequence[Chunk]) -> str:
    return "".join(chunk.text for chunk in chunks)


@dataclass
class _Parser:
    """Parses parts of a text, each of them once. ``characters``: how many may still be parsed; ``repairs``: how many
    lines may still be left out; ``unknown``: the numbers of those that were, from 1; ``mistakes``: those of them that
    are not Python; ``reasons``: why others are not read."""

    characters: int
    repairs: int = MOST_REPAIRS
    unknown: set[int] = field(default_factory=set)
    mistakes: set[int] = field(default_factory=set)
    reasons: dict[int, str] = field(default_factory=dict)
    parsed: dict[tuple[int, str], list[ast.stmt] | SyntaxError] = field(default_factory=dict)

    def statements(self, start: int, text: str) -> list[ast.stmt]:
        """The statements of a text that starts in a line, counted from 0. Raises SyntaxError, also for what the parser
        cannot handle, and if too much has been parsed already."""
        found = self.parsed.get((start, text))
        if found is None:
            found = self.parsed[start, text] = self._statements(start, text)
        if isinstance(found, SyntaxError):
            raise SyntaxError(*found.args)  # not the one that is kept, whose traceback would keep all that is read
        return found

    def _statements(self, start: int, text: str) -> list[ast.stmt] | SyntaxError:
        if len(text) > self.characters:
            return SyntaxError()
        self.characters -= len(text)
        try:
            return ast.parse("\n" * start + text).body
        except SyntaxError as error:
            return error.with_traceback(None)
        except (ValueError, MemoryError, RecursionError, OverflowError):
            return SyntaxError()

    def without_bodies(self, chunks: Sequence[Chunk]) -> tuple[list[ast.stmt], dict[Place, str]]:
        """The statements of the chunks that fit, in which functions have no bodies, and the text of these functions.
        Nothing if a chunk is not Python."""
        short: list[Chunk] = []
        functions: dict[Place, str] = {}
        classes = 0
        for chunk in chunks:
            classes += chunk.text.lstrip("\n").startswith("class ")
            text, own = (
                without_bodies(chunk.text, classes > MOST_MODELS)
                if chunk.fits and "def " in chunk.text
                else (chunk.text, {})
            )
            short.append(replace(chunk, text=text) if own else chunk)
            for (line, column), function in own.items():
                functions[chunk.start + line, column] = function
        statements, starts = self.all_statements(short), [chunk.start for chunk in chunks]
        for statement in statements:
            if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
                chunk = chunks[bisect_left(starts, statement.lineno) - 1]
                statement.end_lineno = chunk.start + chunk.text.rstrip().count("\n") + 1
        return statements, functions if statements else {}

    def body(self, place: Place, text: str) -> list[ast.stmt]:
        """The statements of a function at a place, without lines that are not Python. A function that cannot be parsed
        returns nothing."""
        start, column = place
        if column:
            start, text = start - 1, f"if 1:\n{text}"
        try:
            self.characters -= start
            statements = self.statements(start, text)
        except SyntaxError:
            statements = self.repaired(Chunk(place[0], _without_prompts(text.removeprefix("if 1:\n")), fits=True))
        inner = statements[0].body if statements and isinstance(statements[0], ast.If) else statements
        return inner[0].body if inner and isinstance(inner[0], ast.FunctionDef) else [ast.Raise()]

    def all_statements(self, chunks: Sequence[Chunk]) -> list[ast.stmt]:
        """The statements of the chunks that fit; none if one of them is not Python."""
        try:
            return [s for block in _blocks(chunks) for s in self.statements(block[0].start, _joined(block))]
        except SyntaxError:
            return []

    def as_far_as_it_is_python(self, chunks: Sequence[Chunk]) -> list[ast.stmt]:
        """The statements of chunks. They are parsed together, up to the first one with an error."""
        found = list[ast.stmt]()
        while chunks and self.repairs:
            try:
                return found + self.statements(chunks[0].start, _joined(chunks))
            except SyntaxError as error:
                self.repairs -= 1
                starts = [chunk.start for chunk in chunks]
                wrong = max(0, bisect_left(starts, error.lineno or 0) - 1)
                if wrong and error.lineno == chunks[wrong].first_line and _is_within(chunks[wrong], chunks[wrong - 1]):
                    body, wrong = chunks[wrong], wrong - 1
                    whole = replace(chunks[wrong], text=chunks[wrong].text + body.text)
                    chunks = [*chunks[:wrong], whole, *chunks[wrong + 2 :]]
            self.characters += sum(len(chunk.text) for chunk in chunks[wrong + 1 :])
            before = chunks[:wrong]
            try:
                found += self.statements(before[0].start, _joined(before)) if before else []
            except SyntaxError:
                found += [statement for chunk in before for statement in self.repaired(chunk)]
            found += self.repaired(chunks[wrong])
            chunks = chunks[wrong + 1 :]
        for chunk in chunks:
            self._give_up(chunk)
        return found

    def repaired(self, chunk: Chunk) -> list[ast.stmt]:
        """The statements of a chunk, without the lines that are not Python."""
        lines, mended = chunk.text.split("\n"), MendedLines()
        found: list[ast.stmt] | None = None
        while found is None and self.repairs:
            try:
                found = self.statements(chunk.start, "\n".join(lines))
            except SyntaxError as error:
                self.repairs -= 1
                if not mended.mend(lines, (error.lineno or 0) - chunk.start - 1, error.msg):
                    break
        numbers = {chunk.start + n + 1 for n in mended.mistakes}
        self.unknown |= numbers
        self.mistakes |= numbers
        if found is None:
            self._give_up(chunk)
        return found or []

    def _give_up(self, chunk: Chunk) -> None:
        """A statement is not read."""
        if chunk.text.strip():
            self.unknown.add(chunk.first_line)
            if self.mistakes:
                self.reasons.setdefault(chunk.first_line, phrase("too many lines that are not Python"))


def _is_within(chunk: Chunk, before: Chunk) -> bool:
    """Whether a line without indentation certainly is one within the class or function before it."""
    first, _, others = chunk.text.lstrip("\n").partition("\n")
    is_block = others.lstrip("\n").startswith(" ") and not DEFINED.match(first)
    return is_block and re.match(r"\s*(class|def) ", before.text) is not None


def _with_first_line_indented(chunk: Chunk) -> Chunk:
    """A fragment whose first line lost its indentation when it was copied, without the indentation of the others."""
    first, _, others = chunk.text.lstrip("\n").partition("\n")
    before = len(chunk.text) - len(chunk.text.lstrip("\n"))
    return replace(chunk, text="\n" * before + f"{first}\n{dedent(others)}")


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
    return _without_indentation(text)


def _without_indentation(text: str) -> str:
    """A text without the indentation that all of its lines have, apart from comments, which may have less."""
    if not COMMENT_BEFORE.search(text):
        return dedent(text)
    lines = text.split("\n")
    codes = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    count = min((len(line) - len(line.lstrip()) for line in codes), default=0)
    return "\n".join(line[count:] if line[:count].isspace() else line.lstrip() for line in lines) if count else text


def _within_fences(lines: list[str]) -> Iterator[str]:
    is_within = False
    for line in lines:
        is_fence = bool(FENCE.match(line))
        is_within ^= is_fence
        yield line if is_within and not is_fence else ""


def _number(text: str) -> str:
    """A number as Python 3 writes it, or an unknown name."""
    text = text.rstrip()
    match = NUMBER.match(text)
    if not match or len(match[1]) > MOST_DIGITS or re.match(r"0\d*[1-9]\d*$", match[1]):
        return f"{UNKNOWN_NAME} "
    return f"{match[1]} {match[2]} "
