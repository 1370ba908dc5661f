"""Frames of a traceback that show several lines of a program with their numbers, as IPython and Rich do."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from textwrap import dedent

OF_LIBRARY = re.compile(
    r"site-packages|dist-packages|lib[\\/]python|__autograph_generated|^<(?!stdin|string|module)"
    r"|[\\/](?:torchvision|torchaudio|torchtext|transformers|diffusers|timm|pytorch_lightning|sklearn|pandas)[\\/]\w"
)
"""Paths of files that are no part of the program itself."""

SIDE = "[│┃║|]"

IN_BOX = re.compile(
    rf"^(?:{SIDE}?[ ]{{1,3}}(?:[❱>][ ])?[ ]{{0,6}}(\d{{1,6}})[ ](?={SIDE}(?:[ ]|$))"
    rf"|{SIDE}[ ]{{1,3}}(?:[❱>][ ])?[ ]{{0,6}}(\d{{1,6}})[ ])([^\n]{{0,400}})$"
)
"""A line of a program in a box of Rich, with its number, and a line after it or where code is indented."""

AFTER_NUMBER = re.compile(rf"{SIDE}(?:[ ]|$)")
"""The line after a number."""

BROKEN_IN_BOX = re.compile(rf"^{SIDE}[ ]{{5,12}}{SIDE}[ ]([^\n]{{1,400}})$")
"""What Rich writes below a line that is too long for its box."""

FOLDED_IN_BOX = re.compile(rf"^{SIDE}[ ]([^\n ╭╰{SIDE[1:-1]}][^\n]{{0,400}})$")
"""The same in a box whose lines are broken at its width, also within words."""

EMPTY_IN_BOX = re.compile(rf"^{SIDE}[ ]{{0,400}}{SIDE}?$")

RIGHT_SIDE = re.compile(rf"[ ]{{0,400}}{SIDE}?[ ]{{0,20}}$")
GUIDES = re.compile(r"(?:[│|][ ]{3})+")
"""The lines of Rich that show how far code is indented."""

BOX_HEADING = re.compile(
    rf"^{SIDE}?[ ]{{0,3}}(\S[^\n]{{0,300}}?):(\d{{1,6}})(?: in \S|[ ]{{0,300}}(?:in[ ]{{1,300}})?{SIDE}[ ]{{0,20}}$)"
)
"""The first line of a frame in a box, with its path and the number of the line that failed; the name of its function
may stand in the next line."""

BEGINNING_OF_PATH = re.compile(rf"^{SIDE}[ ]{{1,3}}([^\n ]{{1,300}}[/\\][^\n ]{{0,100}})[ ]{{0,300}}{SIDE}?$")
"""The line before it, if a long path does not fit in one line."""

IN_CELL = re.compile(r"^(-{1,9}>[ ]?|[ ]{0,8})(\d{1,6})(?:[ ]([^\n]{0,400}))?$")
"""A line of a program as IPython shows it, with an arrow before the one that failed."""

CELL_HEADING = re.compile(
    r"^(?:(?:Cell |Input )?(In ?\[\d{0,6}\])|<?([\w./\\]{0,60}ipython-input-[^\n]{1,80}?) in "
    r"|File [\"“”]?([^\n\"“”]{1,300}?\.py)[\"“”]?(?::\d|,)|([^\n ]{1,300}?\.pyc? in ))"
)
"""The first line of a frame of IPython, with its cell or the path of its file."""

ARROWS = ("->", "❱ ", " │ ", " ┃ ", " ║ ", " | ")
"""One of these is in every such frame."""


@dataclass
class NumberedFrame:
    """A frame of the program itself: its ``path``, its ``lines`` by their numbers, and the number of the one that
    ``failed``."""

    path: str
    failed: int = 0
    lines: dict[int, str] = field(default_factory=dict)
    is_in_box: bool = False

    def remove_box(self) -> None:
        """Leave only the code of lines in a box. The first line in it is an end of the numbers if all lines have it,
        and else shows how far code is indented."""
        if not self.is_in_box:
            return
        written = [line for line in self.lines.values() if RIGHT_SIDE.sub("", line)]
        has_line = all(map(AFTER_NUMBER.match, written))
        lines = {n: AFTER_NUMBER.sub("", line, count=1) if has_line else line for n, line in self.lines.items()}
        self.lines = {n: _without_frame(line) for n, line in lines.items()}

    @property
    def failed_line(self) -> str:
        return self.lines.get(self.failed, "").strip()


def numbered_frames(text: str) -> list[NumberedFrame]:
    """The frames of the last traceback of a text that show lines of the program itself, the outermost first."""
    if not any(arrow in text for arrow in ARROWS):
        return []
    trace = text.rpartition("Traceback (most recent")[2]
    frames = [*_frames(trace.split("\n"))]
    for one in frames:
        one.remove_box()
    return [one for one in frames if not OF_LIBRARY.search(one.path) and one.failed_line]


def _frames(lines: Sequence[str]) -> Iterator[NumberedFrame]:
    frame, last = None, 0
    for n, line in enumerate(lines):
        if heading := BOX_HEADING.match(line):
            begun = BEGINNING_OF_PATH.match(lines[n - 1]) if n else None
            path = f"{begun[1] if begun else ''}{heading[1]}"
            frame, last = NumberedFrame(path, int(heading[2]), is_in_box=True), 0
            yield frame
        elif heading := CELL_HEADING.match(line):
            frame = NumberedFrame(heading[heading.lastindex or 0])
            yield frame
        elif frame and frame.is_in_box and (row := IN_BOX.match(line)):
            last = int(row[1] or row[2])
            frame.lines[last] = RIGHT_SIDE.sub("", row[3])
        elif frame and frame.is_in_box and last and (row := BROKEN_IN_BOX.match(line)):
            frame.lines[last] += " " + _without_frame(row[1]).strip()
        elif frame and frame.is_in_box and last and (row := FOLDED_IN_BOX.match(line)):
            frame.lines[last] += RIGHT_SIDE.sub("", row[1])
        elif frame and EMPTY_IN_BOX.match(line):
            last = 0
        elif frame and not frame.is_in_box and (row := IN_CELL.match(line)):
            frame.lines[int(row[2])] = row[3] or ""
            frame.failed = int(row[2]) if row[1].startswith("-") else frame.failed


def _without_frame(code: str) -> str:
    """Code without the right side of its box, and with spaces in place of what shows how far it is indented."""
    return GUIDES.sub(lambda guides: " " * len(guides[0]), RIGHT_SIDE.sub("", code), count=1)


def shown_lines(frames: Sequence[NumberedFrame], source: str) -> str:
    """The lines of a program in frames that a source lacks: those of each file or cell in their order, each fragment
    without its indentation. What is called comes before what calls it, as definitions do."""
    files = dict[str, dict[int, str]]()
    for one in reversed(frames):
        files.setdefault(one.path, {}).update(one.lines)
    known = {line.strip() for line in source.split("\n")}
    wanted = ([line for _, line in sorted(lines.items()) if line.strip() not in known] for lines in files.values())
    return "\n".join(fragment for lines in wanted for fragment in _fragments(lines))


def _fragments(lines: Iterable[str]) -> Iterator[str]:
    """Lines of a program, apart where one is indented less than all before it: there begins what is outside of them."""
    fragment, least = list[str](), 0
    for line in lines:
        indentation = len(line) - len(line.lstrip())
        if fragment and line.strip() and indentation < least:
            yield dedent("\n".join(fragment))
            fragment = []
        if line.strip():
            least = indentation if not fragment else min(least, indentation)
            fragment.append(line)
    if fragment:
        yield dedent("\n".join(fragment))
