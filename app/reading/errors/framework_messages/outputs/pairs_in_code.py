"""The pairs that recurrent layers return, in lines of code: where one is used like a tensor, or taken apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from ....facts_about_sizes import GATES
from ...pasted_text import without_spaces
from .returning_layers import ReturningLayer

PATH = r"(?:[A-Za-z_]\w{0,40}\.){0,3}"


CALL = re.compile(rf"(?<![\w.]){PATH}([A-Za-z_]\w{{0,40}})\(")
"""The call of a function or a layer, with the last part of its name."""


MADE = re.compile(r"(?:self\.)?(\w{1,40})\s?(?::[^=\n]{1,40})?=(?!=)\s?([^\n]{1,300})")
"""A line that gives a name a value."""


MOST_LINES, MOST_OF_CALL = 1_000, 6
"""Lines at the end of a text that are read, and lines of the arguments of a layer."""


OF_LAYER = re.compile(r"(?:\w{1,20}_)?(?:bi_?)?(lstm|gru|rnn)(_?cell)?(?:_?\d{1,2}|_layers?)?")
"""The name of a layer whose constructor the text does not show."""


CONSTRUCTOR = re.compile(r"(?:torch\.)?(?:nn\.)?(LSTM|GRU|RNN)(Cell)?\(")


MADE_IN_LINE = re.compile(rf"(?<![\w.]){CONSTRUCTOR.pattern}")
"""The call of a constructor inside a line."""


CHOSEN = re.compile(r"getattr\((?:torch\.)?nn,")
"""A layer whose class is chosen by its name."""


OF_RESULT = re.compile(r"(?<![\w.])(?:(?:lstm|gru|rnn)_?out\w{0,6}|out\w{0,4}_(?:lstm|gru|rnn))(?![\w(.]|\s?=[^=])")
"""The name of what a recurrent layer returns, in code."""


TARGETS = re.compile(r"([\w.]{1,60}(?:\s?,\s?(?:[\w.]{1,60}|\([\w., ]{1,90}\))){0,4})\s?=(?!=)\s?(.{1,300})")
"""An assignment: the names, and what they are names for."""


NUMBERED = re.compile(r"^\s{0,12}(?:-{2,}> ?)?\d{1,6} (?=\s{0,40}\S)")
"""What IPython writes before a line of code."""


BEGINNING = re.compile(r"(?:async )?def |class |Traceback |File \"")
"""The beginning of another function, or of a frame."""


MOST_SEQUENTIALS = 20
"""How many of them are looked at."""


MOST_BACK = 60
"""Lines before the one that failed in which its names are looked for."""


LONGEST_LINE = 200


INDEX = re.compile(r"\[([01])\](?!\()")
"""A part of a pair."""


@dataclass(frozen=True)
class Returned:
    """What a program does with what a ``layer`` returns: the ``id`` of the cause, the corrected line, and the line
    before, "" if it is not known."""

    layer: ReturningLayer
    id: str
    fix: str
    wrong: str = ""


class PairProgram:
    """The lines of code in a text. ``failed`` is what failed in the last one, "" if the text does not show it."""

    def __init__(self, text: str, failed: str) -> None:
        self._text = text
        self._failed = without_spaces(failed.split("\n")[0])
        self._lines = lines_of_code(text.split("\n")[-MOST_LINES:])
        self._layers: dict[str, ReturningLayer | None] = {}

    def pair(self) -> Returned | None:
        """The pair in the line that failed, or if that is not known, the first pair that is used like a tensor."""
        for n in self._failed_lines():
            if returned := self._used_in(self._lines[n]) or self._named_before(n):
                return returned
        return self._named_like_output() or self._in_sequential()

    def unpacked(self) -> Returned | None:
        """The line that failed, if it gives what a layer returns other names than it has parts."""
        for n in self._failed_lines():
            found = TARGETS.fullmatch(self._lines[n])
            layer = self._called(found[2]) if found else None
            if found and layer and (right := _names(found[1], layer)):
                return Returned(layer, "names_of_pair", f"{right} = {found[2]}", self._lines[n])
        return None

    def _failed_lines(self) -> Iterator[int]:
        """The lines that failed, in the program and in the traceback; without one, all lines."""
        for n, line in enumerate(self._lines):
            if 0 < len(line) <= LONGEST_LINE and (self._failed in without_spaces(line) if self._failed else True):
                yield n

    @cached_property
    def _made(self) -> dict[str, str]:
        """Names -> the last value that each one gets, with some lines after it."""
        found = ((n, MADE.match(line)) for n, line in enumerate(self._lines))
        return {
            made[1]: "\n".join((made[2], *self._lines[n + 1 : n + MOST_OF_CALL]))
            for n, made in found
            if made is not None
        }

    @cached_property
    def _defined(self) -> set[str]:
        """The names of the program's own functions and classes."""
        return set(re.findall(r"\b(?:def|class) (\w{1,60})", self._text))

    @cached_property
    def _results(self) -> set[str]:
        """The names of what recurrent layers return."""
        return {name for names, _, value in filter(None, self._assigned) if self._called(value) for name in names}

    @cached_property
    def _assigned(self) -> list[tuple[set[str], str, str] | None]:
        """Each line that gives names values: the names, how they are written, and the value."""
        found = (TARGETS.fullmatch(line) if "=" in line else None for line in self._lines)
        return [(set(re.findall(r"[\w.]+", one[1])), one[1], one[2]) if one else None for one in found]

    def _layer(self, name: str) -> ReturningLayer | None:
        """The recurrent layer with a name; None if the name is that of something else, or may be."""
        if name not in self._layers:
            self._layers[name] = self._layer_called(name)
        return self._layers[name]

    def _layer_called(self, name: str) -> ReturningLayer | None:
        value, of_name = self._made.get(name), OF_LAYER.fullmatch(name)
        if value is None:
            return _layer_of_name(of_name) if of_name and name not in self._defined else None
        if constructed := CONSTRUCTOR.match(value):
            return self._made_by(constructed, _end_of_call(value, constructed.end()))
        return _layer_of_name(of_name) if of_name and CHOSEN.match(value) else None

    def _made_by(self, constructed: re.Match[str], end: int | None) -> ReturningLayer | None:
        """The layer that a constructor makes whose call ends at a position, None if that is not known; None if it is a
        class of the program."""
        is_of_torch = "nn." in constructed[0]
        if constructed[1] + (constructed[2] or "") in self._defined and not is_of_torch:
            return None
        arguments = None if end is None else constructed.string[constructed.end() : end]
        return ReturningLayer(constructed[1].lower(), bool(constructed[2]), arguments)

    def _calls(self, code: str) -> Iterator[tuple[ReturningLayer, int, int]]:
        """The calls of recurrent layers in a line of code, with their positions; also of those that it makes."""
        called = [(layer, call) for call in CALL.finditer(code) if (layer := self._layer(call[1]))]
        made = [*MADE_IN_LINE.finditer(code)]
        ends = _ends_of_brackets(code) if called or made else {}
        for layer, call in called:
            if end := ends.get(call.end() - 1):
                yield layer, call.start(), end + 1
        for constructed in made:
            end = ends.get(constructed.end() - 1)
            last = ends.get(end + 1) if end else None
            if last and (layer := self._made_by(constructed, end)):
                yield layer, constructed.start(), last + 1

    def _called(self, code: str) -> ReturningLayer | None:
        """The recurrent layer, if a line of code is nothing but its call."""
        return next((layer for layer, start, end in self._calls(code) if (start, end) == (0, len(code))), None)

    def _used_in(self, line: str) -> Returned | None:
        """A call in a line whose result is used there."""
        for layer, start, end in self._calls(line):
            before, after = line[:start].rstrip(), line[end:].lstrip()
            index = INDEX.match(after)
            is_used = before.endswith(("(", ",", "+", "*", "@", "-")) or after[:1] in (".", "[", "+", "*", "@")
            if not is_used or not _returns_pair(layer):
                continue
            if not index:
                return Returned(layer, layer.cause, f"{line[:end]}[0]{line[end:]}", line)
            of_states = line[end:].partition("]")[2]
            if index[1] == "1" and layer.cell == "lstm" and not layer.is_cell and of_states[:1] != "[":
                return Returned(layer, "pair_of_states", f"{line[:end]}[1][0]{of_states}", line)
        return None

    def _named_before(self, n: int) -> Returned | None:
        """A pair with a name in a line."""
        line = self._lines[n]
        assigned = TARGETS.fullmatch(line)
        read = assigned[2] if assigned else line
        if not self._failed and (re.fullmatch(r"return [\w., ()]*|[\w.]+", read) or any(self._calls(read))):
            return None
        for name in self._results.intersection(
            re.findall(r"(?<![\w.])[A-Za-z_]\w{0,40}(?![\w(]|\s?=[^=]|\[[01]\])", read)
        ):
            if returned := self._named_last(name, n) or self._named_elsewhere(name, n):
                return returned
        return None

    def _named_elsewhere(self, name: str, n: int) -> Returned | None:
        """What the only other line gives a name, if the line that failed stands outside of the program."""
        if not self._failed or self._lines.count(self._lines[n]) > 1:
            return None
        others = [k for k, one in enumerate(self._assigned) if one and name in one[0] and k != n]
        assigned = self._assigned[others[0]] if len(others) == 1 else None
        return self._named(*assigned[1:], name, self._lines[others[0]]) if assigned else None

    def _named_last(self, name: str, n: int) -> Returned | None:
        """What the last line before another one gives a name, in the same function."""
        for k in range(n - 1, max(-1, n - 1 - MOST_BACK), -1):
            assigned = self._assigned[k]
            if assigned and name in assigned[0]:
                return self._named(*assigned[1:], name, self._lines[k])
            if BEGINNING.match(self._lines[k]):
                break
        return None

    def _named(self, targets: str, value: str, name: str, line: str) -> Returned | None:
        """What a line gives a name, if that is a pair."""
        layer = self._called(value)
        if not layer or not _returns_pair(layer):
            return None
        if targets == name:
            return Returned(layer, layer.cause, f"{name}, _ = {value}", line)
        names = [one.strip() for one in targets.split(",")]
        if len(names) == 2 and names[1] == name and layer.cell == "lstm" and not layer.is_cell:
            return Returned(layer, "pair_of_states", f"{names[0]}, ({name}, _) = {value}", line)
        return None

    def _named_like_output(self) -> Returned | None:
        """What is called like the output of a recurrent layer in the line that failed, if the text does not show where
        it comes from."""
        lines = (line for line in self._lines if self._failed and self._failed in without_spaces(line))
        named = next((found[0] for line in lines if (found := OF_RESULT.search(line))), "")
        if not named or re.search(rf"(?<![\w.]){named}\s?(?:,[\w, ]{{1,60}})?=(?!=)", self._text):
            return None
        cell = next(cell for cell in GATES if cell in named)
        return Returned(
            ReturningLayer(cell if cell != "rnn" else "", False), "whole_pair", f"{named}, _ = self.{cell}(x)"
        )

    def _in_sequential(self) -> Returned | None:
        """A layer in a Sequential, which gives the next layer what the one before returns."""
        if self._failed and "container.py" not in self._text and "Sequential(" not in self._failed:
            return None
        for sequential in islice(re.finditer(r"nn\.Sequential\(", self._text), MOST_SEQUENTIALS):
            end = _end_of_call(self._text, sequential.end()) or 0
            within = self._text[sequential.end() : end]
            layer = re.search(r"(?:torch\.)?nn\.(LSTM|GRU|RNN)\(", within)
            last = _end_of_call(within, layer.end()) if layer else None
            if not layer or last is None or not within[last + 1 :].strip(" ,\n").startswith(("nn.", "torch.nn.")):
                continue  # the last layer, or a module of the program's own, which may take the pair
            made = ReturningLayer(layer[1].lower(), False, within[layer.end() : last])
            call = within[layer.start() : last + 1]
            line = next((line for line in self._lines if call in line), "")
            fix = line.replace(call, f"{call}, Output()") if line else f"{call}, Output()"
            module = "class Output(nn.Module):\n    def forward(self, pair):\n        return pair[0]\n\n"
            return Returned(made, "pair_passed_on", module + fix, line)
        return None


def lines_of_code(lines: list[str]) -> list[str]:
    """Lines of code without their indentation and the numbers of IPython."""
    return [NUMBERED.sub("", line).strip() for line in lines]


def _end_of_call(code: str, start: int) -> int | None:
    """Where the bracket of a call closes that opened before ``start``; None if it does not close soon."""
    depth = 1
    for n in range(start, min(len(code), start + 600)):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(code[n], 0)
        if not depth:
            return n
    return None


def _ends_of_brackets(code: str) -> dict[int, int]:
    """Where each bracket of a line of code opens, and where it closes."""
    opened, ends = [], {}
    for n, character in enumerate(code):
        if character in "([":
            opened.append(n)
        elif character in ")]" and opened:
            ends[opened.pop()] = n
    return ends


def _layer_of_name(name: re.Match[str]) -> ReturningLayer:
    """A layer of which only the name is known. A layer called rnn may have any cell."""
    return ReturningLayer("" if name[1] == "rnn" else name[1], bool(name[2]))


def _returns_pair(layer: ReturningLayer) -> bool:
    return not layer.is_cell or layer.cell in ("lstm", "")


def _names(targets: str, layer: ReturningLayer) -> str:
    """The right names for what a layer returns; "" if these may be right."""
    first, _, rest = targets.partition(",")
    others = [name.strip() for name in rest.strip(" ()").split(",")]
    is_nested = "(" in rest
    if layer.is_cell:
        names = (first.strip(), *others)
        return names[-2 if layer.cell == "lstm" else 0] + (f", {names[-1]}" if layer.cell == "lstm" else "")
    if layer.cell == "lstm":
        return f"{first}, ({', '.join(others)})" if not is_nested and len(others) == 2 else ""
    if is_nested or (layer.cell and len(others) > 1):
        return f"{first}, {others[0]}"
    return ""
