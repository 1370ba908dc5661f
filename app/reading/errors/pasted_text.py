"""A pasted text: an error message with whatever surrounds it, in a form in which templates can be searched.

A terminal breaks lines anywhere, also within words, and frames them; a person copies prompts, colours and quotes. So
templates are searched in a text without spaces, quotes and frames, in lower case, with round brackets. Between two
digits one space is kept: what follows a number on the next line does not belong to it.
"""

import re
from bisect import bisect_right
from functools import cached_property
from html import unescape
from itertools import accumulate, groupby, islice, takewhile
from textwrap import dedent

from ..pasted_text_limits import MAX_ERROR_BYTES
from .log_prefixes import without_log_prefixes
from .numbered_frames import OF_LIBRARY, numbered_frames, shown_lines
from .pattern_with_word import pattern_with_word
from .placeholders import without_placeholders
from .printed_models import with_made_layers

BROKEN_FRAME = re.compile(
    r"^[ ]{0,20}File \"(?![^\n]{1,340}, in \S)(?![^\"\n]{1,300}\", line \d{1,6}$)[^\n]{1,340}$", re.MULTILINE
)
"""The first line of a frame of Python without its end, which names a function: a terminal broke it at its width."""


def end_of(text: str) -> tuple[str, bool]:
    """The last ``MAX_ERROR_BYTES`` of a text, and whether it was longer."""
    encoded = text.encode()
    if len(encoded) <= MAX_ERROR_BYTES:
        return text, False
    return encoded[-MAX_ERROR_BYTES:].decode(errors="ignore"), True


ANSI = re.compile(r"\x1b\[[0-9;:?]{0,30}[A-Za-z]|\x1b\][^\x07\x1b]{0,500}(?:\x07|\x1b\\)|\[(?:\d{1,3};){0,5}\d{1,3}m")
"""Colours of a terminal, also those whose escape character was lost, and links."""

LOGGED = re.compile(
    r"^(?:(?:\[?\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[ ]?[+-]\d\d:?\d\d)?\]?)"
    r"(?:(?:[ ]\[[\w.:-]{1,60}\])?[ ]\[?(?:DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL|FATAL)\]?:?(?=\s|$)"
    r"(?:[ ](?!matmul)[a-z_][\w.]{0,60}:(?=\s)|[ ][\w.-]{1,60}[ ][|-](?=\s|$))?"
    r"|[ ]-[ ][\w.-]{1,60}[ ]-[ ](?:DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL|FATAL)[ ]-(?=\s|$))?"
    r"|[\w.-]{1,40}[-_]\d{1,3}[ ]{1,20}\|"
    r"|\((?:\w{1,40}[ ])?pid=\d{1,9}(?:,[ ]ip=[\d.]{7,15})?\))(?:[ ]|$)",
    re.MULTILINE,
)
"""What a log, Docker Compose and Ray write before each line: the time, the worker, the level and the logger, the
container, the process."""

DEPRECATED = re.compile(
    r"^[^\n]{0,300}warning:[^\n]{0,400}is deprecated[^\n]{0,400}"
    r"(?:\nInstructions for updating:(?:\n[^\n]{0,300})?|\n[ ]{2,8}[^\n]{0,300})?$"
    r"|^WARNING: All log messages before absl::[^\n]{0,200}$|^I\d{4} \d\d:\d\d:[^\n]{0,400}$",
    re.MULTILINE | re.IGNORECASE,
)
"""What a log says about deprecated functions, with its instructions or the line that calls them, and about the machine.
It names other layers than those of the program."""

MAY_BE_LOG = re.compile("is deprecated|absl::|^I0", re.MULTILINE)
"""One of these is in each of them."""

TAG_OF_CODE = re.compile(r"</?(?:code|samp|kbd)(?:[ ][^<>\n]{0,200})?>", re.IGNORECASE)
"""The beginning or the end of code in HTML."""

TAG_OF_PROSE = re.compile(r"</?(?:pre|p|div|li|ul|ol|blockquote)(?:[ ][^<>\n]{0,200})?>|<br[ ]?/?>", re.IGNORECASE)
"""A tag of HTML that begins or ends a line."""

ENTITY = re.compile(r"&(?:#\d{1,5}|#x[0-9a-f]{1,4}|quot|lt|gt|amp|apos|nbsp);", re.IGNORECASE)
"""A character as it is written in HTML."""

ESCAPED_BREAK = re.compile(r"\\r\\n|\\n(?:\\t|(?![a-z]))")
"""A line break in a text that was logged as JSON or with ``repr``; not the beginning of a name in a Windows path."""

KEY = re.compile(r"\"\w{1,40}\":[ ]?[\[\"]")
"""A key of JSON before a string or a list."""

NEXT_STRING = re.compile(r"(?:\\n)?\",\s{0,40}\"")
"""The end of a string of JSON and the beginning of the next one: the lines of a cell and of a traceback are lists."""

ESCAPED = {"\\u001b": "\x1b", "\\t": " ", '\\"': '"'}
"""Characters as JSON writes them."""

PROMPT = re.compile(
    r"^(?:[ \t]{0,20}(?:>>>[ ]?|\.\.\.(?:[ ]|(?=\s|$))|>(?=\s)|E(?:[ ]{3}|(?=[ \t]))|In \[\d{0,5}\]:|\[rank\d{1,4}\]:"
    r"|[│┃|║](?=\s)))+",
    re.MULTILINE,
)
"""Prompts of Python and IPython, quotes in mails, the E of pytest, processes of torchrun, the left side of a frame."""

QUOTE = re.compile(r"^(?:>(?!>>)[ ]?)+", re.MULTILINE)
QUOTED = re.compile(r"^>(?!>>)[^\n]*(?:(?:\n[ ]{0,20}){0,3}\n>(?!>>)[^\n]*)+", re.MULTILINE)
"""The mark of a line that a mail quotes, and several such lines, also with empty ones between them. A single one may be
that of pytest, whose mark stands in place of a space."""

FRAME = "─━│┃┄┅┆┇┈┉┊┋╌╍╎╏═║╔╗╚╝╭╮╯╰┌┐└┘├┤┬┴┼┏┓┗┛┣┫╠╣╦╩╬╞╡❱❯▁▔▏▕▌▐▀▄▛▜▙▟|"
FRAMES = str.maketrans(dict.fromkeys(FRAME + "\0\u00a0\u200b\ufeff\r\t\v\f\x1c\x1d\x1e\x85\u2028\u2029", " "))
QUOTES = dict.fromkeys("'\"`´‘’ʼ“”„«»", " ")
FULL_WIDTH = {"，": ",", "：": ":", "；": ";", "（": "(", "）": ")"}
"""Punctuation as Chinese and Japanese keyboards type it."""

LOWER = {chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
FOLDED = str.maketrans({**QUOTES, **FULL_WIDTH, **LOWER, "[": "(", "]": ")", "{": "(", "}": ")", "×": "x", "−": "-"})
"""Both tables map single characters to single characters, so that positions stay the same."""

KEPT_SPACE = re.compile(r"\s(?<=\d\s)(?=\s*\d)")
KEPT = "\0"
"""Stands for a space that is kept, while the others are removed."""

ERROR_NAME = re.compile(
    r"^[ ]{0,20}((?:\w{1,60}\.){0,8}\w{0,60}?(?:Error|Exception|KeyboardInterrupt))(?=[:：]|[ ]{0,200}$)", re.MULTILINE
)
NAME_IN_SENTENCE = re.compile(
    r"(?<![\w.])(?<!except )((?:\w{1,60}\.){0,8}\w{1,60}?(?:Error|Exception))[ ]?[:：][ ]{0,3}(?=[^\s`'\"])"
)
"""The class of an error before its message, in a sentence."""

BOLD = re.compile(
    r"(?<![\w*])\*\*(?=[^\s*])([^\n]{0,300}?[^\s*,])\*\*(?![\w*])|^[ ]{0,20}\*\*(?=[A-Z])|(?<=[^\s*])\*\*[ ]{0,20}$",
    re.MULTILINE,
)
"""Bold text in Markdown, or its beginning or end in a line; not the ``**kwargs`` of Python."""

MOST_STARS = 1000
"""In a text with more pairs of stars none is read as bold."""

IN_TRACE = re.compile("Error|Exception|KeyboardInterrupt|Traceback|File ")
"""One of these is in the first line of every traceback, of every frame of Python, and of every error."""

DIRECT_CAUSE = "direct cause of the following exception"
WRAPPERS = ("ChildFailedError", "CalledProcessError", "ProcessRaisedException")
"""Errors that report that another process has failed, whose error stands before them."""

UNDERLINED = re.compile(
    r"recurrent\.py[^\n]{1,60}\n([^\n]{1,200})\n( {0,200})([~^]{1,200})[ ]{0,80}$",
    re.MULTILINE,
)
"""A line of Flax's file of cells in a traceback, and the marks of Python 3.11 and later under the part that failed."""

LINE_NUMBER = re.compile(r"\bline (\d{1,6})(?:, in ([\w.<>]{1,100}))?")
"""The number of a line in the first line of a frame, and its function."""

MOST_LINES, MOST_FRAMES, MOST_OF_LINE = 5000, 200, 300
"""Lines of a program, frames, and characters of a line in a frame by which the numbers of lines are found."""

FRAME_OF_CODE = re.compile(
    r"^[ ]{0,20}(?:File [\"“”]?([^\"“”\n:]{1,300}(?::\\[^\"“”\n:]{1,300})?)[\"“”:]|(?:Cell |Input )?In ?\[\d{0,6}\]"
    r"|<ipython-input-[^\n]{1,60}>)[^\n]{0,200}$",
    re.MULTILINE,
)
"""The first line of a frame in a traceback of Python or IPython, with the path of its file, if it has one."""

TYPED = "<stdin>"
"""The file of what was typed in a session of Python."""

TYPESET_ARROW = pattern_with_word(r"(?m:^)[–—](?=-{0,9}> ?\d)", "–>", "—>", "–-", "—-")
"""The beginning of an arrow of IPython, where a forum made a dash of the hyphens."""

FAILED_LINE = re.compile(r"^-{2,}> ?\d{1,6} ([^\n]{1,300})$", re.MULTILINE)
"""The line that failed, among those that IPython shows."""

BEGINNING_OF_TRACE = re.compile(r"[ ]{0,150}(?:Traceback \(most recent|[\w.]{1,80}[ ]{1,80}Traceback \(most recent)")
"""The first line of a traceback, of Python, IPython or Rich, which centres it."""

BEGINNING_OF_PROGRAM = re.compile(r"(?:import|from|class|def)[ ]\w|```")
"""A line of code that is in no traceback, where lines of code are indented or numbered."""

LINE_OF_FRAME = re.compile(r"[ ]{0,20}File [\"“”][^\n]{1,300}line \d")
"""The first line of a frame of Python, after which a line of code follows."""

MARKS = re.compile(r"([ ]{0,300})([~^]{1,300})[ ]{0,80}")
"""What Python 3.11 and later write under the part of a line that failed."""

TRACE = 1500
"""Characters before a message in which the frames that led to it are looked for."""

LONGEST_MESSAGE = 400
"""Characters of the message that an answer repeats."""

BLOCK = 1024
"""Characters of the readable text after which those of the folded one are counted, to find a position in it fast."""

MOST_BEFORE = 160
"""Characters before a message in its line, such as the module of its class. More are cut off, between two words."""


def folded(text: str) -> str:
    """A text in the form in which it is searched."""
    return without_spaces(_spread(text)).replace(KEPT, " ")


def _spread(text: str) -> str:
    """The same with its spaces: each character is where it is in the text."""
    return KEPT_SPACE.sub(KEPT, _translated(text, FOLDED))


def _translated(text: str, table: dict[int, str]) -> str:
    """A text with other characters. Python translates ASCII ten times as fast, which most lines are."""
    alike = groupby(text.split("\n"), str.isascii)
    return "\n".join(["\n".join(lines).translate(table) for _, lines in alike])


def _without_bold(text: str) -> str:
    """A text without the stars of bold text, which are searched only in lines that have some."""
    lines = text.split("\n")
    return "\n".join([BOLD.sub(lambda bold: bold[1] or "", line) if "**" in line else line for line in lines])


def _without_tags(text: str) -> str:
    """A text without the tags of HTML around its paragraphs and its code. Those around paragraphs break its lines."""
    return TAG_OF_CODE.sub("", TAG_OF_PROSE.sub("\n", text))


def _unescaped(text: str) -> str:
    """A text in which a string of JSON, such as an output of a notebook, has its quotes and colours."""
    if "\\" not in text or not KEY.search(text):
        return text
    text = NEXT_STRING.sub("\\n", text)
    for escaped, character in ESCAPED.items():
        text = text.replace(escaped, character)
    return text


def without_spaces(text: str) -> str:
    """A text without any white space, to compare lines that were broken or indented anew."""
    return "".join(text.split())


def _failed(lines: str) -> str:
    """The part that failed in the lines of a frame."""
    if shown := FAILED_LINE.search(lines):
        return shown[1].strip()
    line, marks = [*lines.split("\n"), ""][:2]
    marked = MARKS.fullmatch(marks)
    return line[marked.end(1) :][: len(marked[2])] if marked else line.strip()


def _is_no_code(line: str) -> bool:
    """Whether what follows the first line of a frame is no line of code, but the next frame or the error."""
    return not line or any(one.match(line) for one in (LINE_OF_FRAME, ERROR_NAME, NODE_OF_GRAPH))


NODE_OF_GRAPH = re.compile(r"[ ]{0,20}Node: '")
"""What follows the frames of the line that made an operation of a graph of TensorFlow."""


def _marked(trace: str) -> str:
    """The last line with the arrow of IPython that is no library's, of a traceback without the first lines of its
    frames; "" without one."""
    after = len(trace)
    arrows = [*FAILED_LINE.finditer(trace)]
    for n, arrow in reversed([*enumerate(arrows)]):
        frame = trace[arrows[n - 1].end() if n else 0 : arrow.start()]
        is_last = BEGINNING_OF_PROGRAM.search(trace, arrow.end(), after) is None
        if is_last and not OF_LIBRARY.search(frame) and not arrow[1].lstrip().startswith("raise "):
            return arrow[1].strip()
        after = arrow.start()
    return ""


SIDES = re.compile(r"^[│┃║] ([^\n]{0,300})[│┃║][ ]{0,20}$", re.MULTILINE)
BORDER = re.compile(r"^[┌┐└┘├┤╭╮╰╯╔╗╚╝┏┓┗┛─━═]{3,500}$", re.MULTILINE)
"""A line in a box, and its upper or lower side."""


IN_ASCII = re.compile(
    r"^([+.][-=~]{8,500}[+.])[ ]*\n((?:\|[^\n]{0,500}\n){1,5000})[+'`][-=~]{8,500}[+'`][ ]*$", re.MULTILINE
)
"""A box of the characters that every keyboard has, with its upper and its lower side; not a table with columns."""


def _unboxed(text: str) -> str:
    """A text without boxes of plain characters, and without a box whose lines a terminal broke at its width, also
    within words."""
    text = IN_ASCII.sub(lambda box: _without_sides(box[2]), text) if "\n|" in text else text
    if not SIDES.search(text):
        return text
    inside = BORDER.sub("", SIDES.sub(lambda line: line[1].rstrip(), text))
    return inside if BROKEN_FRAME.search(inside) else text


def _without_sides(rows: str) -> str:
    lines = (row.removeprefix("|").removeprefix(" ").rstrip() for row in rows.split("\n"))
    return "\n".join(line.removesuffix("|").rstrip() for line in lines)


def _unwrapped(text: str) -> str:
    """A text without the line breaks of a terminal that broke the lines of a traceback at its width."""
    broken = BROKEN_FRAME.search(text)
    start = text.find("Traceback (most recent")
    if not broken or not 0 <= start < broken.start():
        return text
    width = len(broken[0])
    if max(map(len, text[start:].split("\n"))) > width:
        return text
    before = _with_whole_calls(text[:start], width)
    return before + re.sub(rf"^([^\n]{{{width}}})\n", r"\1", text[start:], flags=re.MULTILINE)


def _with_whole_calls(program: str, width: int) -> str:
    """A program without the breaks at the width of a terminal inside its brackets, which may be inside a word; as it is
    if a line is longer."""
    lines = program.split("\n")
    if max(map(len, lines)) > width:
        return program
    joined, depth = "", 0
    for line in lines:
        depth = max(0, depth + sum(line.count(one) for one in "([{") - sum(line.count(one) for one in ")]}"))
        joined += line if depth and len(line) == width else f"{line}\n"
    return joined.removesuffix("\n")


CALLING, ARGUMENTS = "Exception encountered when calling ", "\nArguments received by "
"""The beginning and the end of a message of Keras, between which it may print the values of whole arrays."""

BEGINNING_OF_LINES = re.compile(rf"^(?:{BEGINNING_OF_PROGRAM.pattern}|Traceback )", re.MULTILINE)


def _without_messages(text: str) -> str:
    """A text without what Keras says about a call that failed, whose brackets are none of a program."""
    kept, end = [], 0
    while (start := text.find(CALLING, end)) >= 0 and (stop := text.find(ARGUMENTS, start)) >= 0:
        first = text.find("\n", start)
        is_message = BEGINNING_OF_LINES.search(text, first, stop) is None
        kept.append(text[end : first if is_message else stop])
        end = stop
    return "".join((*kept, text[end:]))


ESCAPE = "\x1b["
"""The beginning of a code for colours."""


def _may_have_error_name(line: str) -> bool:
    """Whether a line has what is in every name of an error. It is found faster than the name."""
    return "Error" in line or "Exception" in line or "KeyboardInterrupt" in line


class PastedText:
    """A pasted text. ``readable`` is for people, ``folded`` is searched."""

    def __init__(self, text: str) -> None:
        text = _without_tags(_unescaped(text)) if "</" in text or "<br" in text else _unescaped(text)
        text = ENTITY.sub(lambda entity: unescape(entity[0]), text).replace("\r\n", "\n")
        text = QUOTED.sub(lambda quoted: QUOTE.sub("", quoted[0]), text) if "\n>" in text else text
        text = LOGGED.sub("", without_log_prefixes(text))
        text = DEPRECATED.sub("", text) if MAY_BE_LOG.search(text) else text
        text = _unwrapped(text) if ESCAPE in text else text  # what broke the lines may have counted the colours
        text = _unboxed(ANSI.sub("", text))
        text = TYPESET_ARROW.sub("--", ESCAPED_BREAK.sub("\n", text))
        self._numbered_frames = numbered_frames(text)
        text = PROMPT.sub("", text)
        text = _unwrapped(text)
        text = _without_bold(text) if 0 < text.count("**") < MOST_STARS else text
        self.readable = with_made_layers(_translated(text, FRAMES))
        self._spread = _spread(without_placeholders(self.readable))
        self.folded = without_spaces(self._spread).replace(KEPT, " ")

    @cached_property
    def source(self) -> str:
        """The readable text without tracebacks: prose and code."""
        text = dedent(_without_messages(self.readable))
        first = IN_TRACE.search(text)  # no line before it is part of a traceback
        if not first:
            return text.strip("\n")
        start = text.rfind("\n", 0, first.start()) + 1
        kept, in_trace, last_of_frame = [text[: max(0, start - 1)]] if start else [], False, -1
        for n, line in enumerate(text[start:].split("\n")):
            is_error = _may_have_error_name(line) and ERROR_NAME.match(line) is not None
            in_trace = in_trace and not is_error and not BEGINNING_OF_PROGRAM.match(line)
            in_trace = in_trace or ("Traceback" in line and BEGINNING_OF_TRACE.match(line) is not None)
            if "File " in line and LINE_OF_FRAME.match(line):
                last_of_frame = n + 1
            kept.append("" if in_trace or is_error or n <= last_of_frame else line)
        return "\n".join(kept).strip("\n")

    @cached_property
    def program(self) -> str:
        """The source, with the lines of the program that only the frames of IPython and Rich show."""
        shown = shown_lines(self._numbered_frames, self.source)
        return f"{self.source}\n{shown}" if self.source and shown else self.source or shown

    def before(self, start: int) -> str:
        """The readable text before the line at an offset of the folded text."""
        return self.readable[: self._line_at(start)]

    def underlined(self, start: int) -> str:
        """What Python underlined in a cell of Flax, shortly before an offset of the folded text; "" without it."""
        end = self.position(start)
        lines = [*UNDERLINED.finditer(self.readable[max(0, end - 2 * TRACE) : end])]
        return lines[-1][1][lines[-1].end(2) - lines[-1].start(2) :][: len(lines[-1][3])] if lines else ""

    def code_of_program(self, start: int) -> str:
        """What failed in the last line of code that is no library's, shortly before an offset of the folded text: the
        part that Python underlined, or the whole line; "" without one."""
        end = self.position(start)
        trace = self.readable[max(0, end - 2 * TRACE) : end]
        after = len(trace)
        for frame in reversed([*FRAME_OF_CODE.finditer(trace)]):
            if not OF_LIBRARY.search(frame[1] or ""):
                shown = trace[frame.end() + 1 : after]
                is_missing = _is_no_code(shown.partition("\n")[0])
                if frame[1] == TYPED and is_missing:
                    return self._typed
                return (is_missing and self._numbered_line(frame)) or _failed(shown)
            after = frame.start()
        failed = "" if after < len(trace) else _marked(trace)
        return failed or (self._numbered_frames[-1].failed_line if self._numbered_frames else "")

    @property
    def lines_of_program(self) -> list[str]:
        """The lines of code in the frames of the last traceback that are no library's."""
        if self._numbered_frames:
            return [one.failed_line for one in self._numbered_frames]
        trace = self.readable.rpartition("Traceback (most recent")[2]
        frames = [one for one in FRAME_OF_CODE.finditer(trace) if not OF_LIBRARY.search(one[1] or "")]
        lines = [(one, trace[one.end() + 1 :].partition("\n")[0].strip()) for one in frames]
        shown = [
            line if not _is_no_code(line) else self._typed if one[1] == TYPED else self._numbered_line(one)
            for one, line in lines
        ]
        return [line for line in shown if line]

    def _numbered_line(self, frame: re.Match[str]) -> str:
        """The line of the program that a frame names by its number, as the frames of TensorFlow's graphs may do; "" if
        no other frame of the file shows where the lines of the program begin."""
        number = LINE_NUMBER.search(frame[0])
        first = self._first_lines.get(frame[1]) if number else None
        lines = self._lines_of_source
        if not number or first is None or not 0 <= (n := first + int(number[1])) < len(lines):
            return ""
        function = number[2] and number[2].rpartition(".")[2]
        is_in = not function or function.startswith("<") or any(f"def {function}(" in line for line in lines[:n])
        return lines[n].strip() if is_in else ""

    @cached_property
    def _lines_of_source(self) -> list[str]:
        return self.source.split("\n")

    @cached_property
    def _first_lines(self) -> dict[str, int]:
        """The path of each file -> the place in the source of its line 0, by the frames that show their lines, which
        must agree."""
        places = dict[str, int]()
        for line, n in zip(self._lines_of_source, range(MOST_LINES), strict=False):
            places[line.strip()] = -1 if line.strip() in places else n  # no line that stands there twice
        found = dict[str, set[int]]()
        for one in islice(FRAME_OF_CODE.finditer(self.readable), MOST_FRAMES):
            code = self.readable[one.end() + 1 : one.end() + MOST_OF_LINE].partition("\n")[0].strip()
            number = LINE_NUMBER.search(one[0])
            if one[1] and number and places.get(code, -1) >= 0:
                found.setdefault(one[1], set()).add(places[code] - int(number[1]))
        return {path: next(iter(first)) for path, first in found.items() if len(first) == 1}

    @cached_property
    def _typed(self) -> str:
        """The last line before a traceback, which a session of Python does not repeat in the frame of what was
        typed."""
        return self.readable.rpartition("Traceback (most recent")[0].rstrip().rpartition("\n")[2].strip()

    def lines_from(self, position: int) -> str:
        """The readable text from a position on, with single spaces; not the program that follows the message."""
        lines = self.readable[position : position + 4 * LONGEST_MESSAGE].split("\n")
        message = takewhile(lambda line: not BEGINNING_OF_PROGRAM.match(line), lines)
        return " ".join(" ".join(message).split())[:LONGEST_MESSAGE]

    def _line_at(self, offset: int) -> int:
        """Where the line of a character of the folded text begins; not far before that character."""
        first = self.position(offset)
        start, nearest = self.readable.rfind("\n", 0, first) + 1, first - MOST_BEFORE
        return start if start >= nearest else max(nearest, self.readable.find(" ", nearest, first) + 1)

    def line(self, start: int, end: int) -> str:
        """The line of a part of the folded text, or its lines if it was broken, with single spaces."""
        first, last = self._line_at(start), self.position(end - 1) + 1
        end_of_line = self.readable.find("\n", last)
        last = min(len(self.readable) if end_of_line < 0 else end_of_line, last + 200)
        return " ".join(self.readable[first:last].split())[:LONGEST_MESSAGE]

    def part(self, start: int, end: int) -> str:
        """The readable text of a part of the folded text."""
        return self.readable[self.position(start) : self.position(end - 1) + 1]

    @cached_property
    def _offsets(self) -> list[int]:
        """How many characters of the folded text are before each block of the readable one, and all of them."""
        starts = range(0, len(self._spread), BLOCK)
        return [*accumulate((len(without_spaces(self._spread[n : n + BLOCK])) for n in starts), initial=0)]

    def position(self, offset: int) -> int:
        """The position in the readable text of a character of the folded one."""
        block = min(max(0, bisect_right(self._offsets, offset) - 1), max(0, len(self._offsets) - 2))
        start, end = block * BLOCK, min((block + 1) * BLOCK, len(self._spread))
        offset -= self._offsets[block]
        while end - start > 1:
            middle = (start + end) // 2
            before = len(without_spaces(self._spread[start:middle]))
            if before <= offset:
                start, offset = middle, offset - before
            else:
                end = middle
        return start

    @cached_property
    def last_error_in_sentence(self) -> tuple[str, int]:
        """The same of the last error with a message in a sentence or in quotes, if no line begins with one."""
        names = [*NAME_IN_SENTENCE.finditer(self.readable)]
        return (names[-1][1].rpartition(".")[2], names[-1].start(1)) if names else ("", -1)

    @cached_property
    def last_error(self) -> tuple[str, int]:
        """The class of the last error that is not a wrapper, and its position in the readable text; "" and -1 without
        one. The direct cause of another error counts as the last one."""
        lines = self.readable.split("\n")
        starts = accumulate((len(line) + 1 for line in lines), initial=0)
        found = (
            ERROR_NAME.match(self.readable, start)
            for line, start in zip(lines, starts, strict=False)
            if _may_have_error_name(line)
        )
        names = [match for match in found if match and not match[1].endswith(WRAPPERS)]
        while names and DIRECT_CAUSE in self.readable[names[-2].end() if names[1:] else 0 : names[-1].start()]:
            names.pop()
        return (names[-1][1].rpartition(".")[2], names[-1].start()) if names else ("", -1)
