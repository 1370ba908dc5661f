"""Lines of a pasted program, and the same lines corrected."""

import re
from collections.abc import Iterable, Sequence

RECURRENT = re.compile(r"\b((?:LSTM|GRU|SimpleRNN|RNN)(?:Cell)?\()((?:[^()]|\([^()]{0,80}\)){0,200})\)")
"""The call that makes a recurrent layer, with its arguments."""

FIRST = re.compile(
    r"\s?(?:(?:input_size|in_features|units)\s?=\s?)?([\w.]{1,60}(?: ?[*/+] ?[\w.]{1,40})?)(?=\s?(?:,|$))"
)
"""The first argument of a layer."""

CODE = re.compile(r"^[ \t]{0,40}(?![#>])(?:[\w.,\[\] ]{1,80} ?= ?)?[\w.]{0,60}\w\(")
"""A line of a program that calls something."""

UNITS = re.compile(
    r"(?:hid\w{0,12}|n_h\w{0,8}|(?:num_|n_)?units|(?:rnn|lstm|gru)_(?:size|dim|units))\s?=\s?$", re.IGNORECASE
)
"""What is before a number of units that a line names."""

Correction = tuple[str, str]
"""A line, and what it should be."""

Corrections = Sequence[Correction]


def all_of(corrections: Sequence[Correction | None]) -> Corrections:
    """All corrections, or none if one is not known."""
    known = [one for one in corrections if one]
    return known if len(known) == len(corrections) else ()


def with_argument(line: str, argument: str) -> Correction | None:
    """The line that makes a recurrent layer with an argument such as ``batch_first=True``, in place of another value of
    it; None unless it makes one."""
    if len(made := list(RECURRENT.finditer(line))) != 1:
        return None
    (call,) = made
    others = without(call[2], argument.partition("=")[0])
    return line, f"{line[: call.start(2)]}{', '.join(filter(None, (others, argument)))}{line[call.end(2) :]}"


def without(arguments: str, name: str) -> str:
    """Arguments without one of them."""
    return re.sub(rf",?\s?\b{name}\s?=\s?\w{{1,40}}", "", arguments).strip().removeprefix(",").strip()


def with_first(line: str, layer: re.Pattern[str], value: int) -> Correction | None:
    """The line that makes a layer with another first argument; None unless it makes one such layer."""
    if len(made := list(layer.finditer(line))) != 1:
        return None
    (call,) = made
    if not (first := FIRST.match(call[2])):
        return None
    start, end = (call.start(2) + place for place in first.span(1))
    fixed = f"{line[:start]}{value}{line[end:]}"
    return (line, fixed) if fixed != line else None


def code_lines(source: str) -> list[str]:
    """The lines of a program, without those of messages and sentences."""
    return [line.strip() for line in source.split("\n") if "(" in line and CODE.match(line)]


def with_number(lines: Iterable[str], got: int, value: int) -> Correction | None:
    """The line of a program that says a number of units, and the same with another one: a line that names it, or makes
    a recurrent layer of it, or else the only one with this number. None without one."""
    number = re.compile(rf"(?<![\w.]){got}(?![\w.])")
    found = [(line, match) for line in lines for match in number.finditer(line)]
    named = [one for one in found if UNITS.search(one[0][: one[1].start()])]
    of_layer = [one for one in found if RECURRENT.search(one[0])]
    chosen = named or of_layer or found
    if len(chosen) != 1:
        return None
    ((line, match),) = chosen
    return line, f"{line[: match.start()]}{value}{line[match.end() :]}"


def with_sizes(lines: Iterable[str], got: Iterable[object], sizes: Iterable[object]) -> Correction | None:
    """The only line with these sizes one after the other, and the same with others; None without one."""
    written = re.compile(r"(?<![\w.])" + r"\s?,\s?".join(map(str, got)) + r"(?![\w.])")
    found = list(dict.fromkeys(line for line in lines if written.search(line)))
    if len(found) != 1 or len(written.findall(found[0])) != 1:
        return None
    return found[0], written.sub(", ".join(map(str, sizes)), found[0])
