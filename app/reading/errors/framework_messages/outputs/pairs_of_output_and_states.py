"""Messages about the pair that a recurrent layer returns, where one tensor belongs.

Any program raises them. So they are explained only if the text shows that the pair comes from a recurrent layer: its
call in the line that failed, or the line that named what it returned.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from .....translations.phrases import Phrase, phrase, plural
from ....code.source_text import parse
from ....code.values import Layer
from ....facts_about_sizes import GATES, Fact, fact
from ...causes import cause
from ...code_lines.program_tree import ProgramTree
from ...mismatch import Mismatch, NoShapeError
from ...pasted_text import without_spaces
from ..message_template import Found, MessageTemplate

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

LARGEST = 10**6
"""Sizes are smaller."""

MOST_ARGUMENTS = 9
"""No argument has this position without a name."""

MOST_SEQUENTIALS = 20
"""How many of them are looked at."""

MOST_BACK = 60
"""Lines before the one that failed in which its names are looked for."""

LONGEST_LINE = 200

CAUSES = frozenset({"whole_pair", "pair_passed_on", "pair_of_states", "names_of_pair", "list_of_states"})
"""The ids of the causes that are found here."""

INDEX = re.compile(r"\[([01])\](?!\()")
"""A part of a pair."""


@dataclass(frozen=True)
class ReturningLayer:
    """A recurrent layer of a program: its ``cell``, "" if it is not known, whether it computes one step, and the text
    of its ``arguments``, None if that is not known."""

    cell: str
    is_cell: bool
    arguments: str | None = None

    @cached_property
    def _call(self) -> ast.Call | None:
        """The call of the constructor; None if its arguments are not known, or no Python."""
        statements = [] if self.arguments is None else parse(f"_({self.arguments})").statements
        value = statements[0].value if statements and isinstance(statements[0], ast.Expr) else None
        return value if isinstance(value, ast.Call) else None

    def _argument(self, name: str, position: int) -> ast.expr | None:
        """An argument, by its name or its position; None without one."""
        call = self._call
        if not call:
            return None
        named = [one.value for one in call.keywords if one.arg == name]
        positional = call.args[position : position + 1]
        is_unpacked = any(isinstance(one, ast.Starred) for one in call.args[: position + 1])
        return next(iter(named or ([] if is_unpacked else positional)), None)

    def _number(self, name: str, position: int) -> int | None:
        """A size among the arguments."""
        value = getattr(self._argument(name, position), "value", None)
        return value if type(value) is int and 0 < value < LARGEST else None

    def _flag(self, name: str) -> bool | None:
        """A switch among the arguments; None if it is not known."""
        if not self._call or self._unpacks:
            return None
        argument = self._argument(name, MOST_ARGUMENTS)
        value = getattr(argument, "value", None) if argument else False
        return value if isinstance(value, bool) else None

    @property
    def _unpacks(self) -> bool:
        """Whether some arguments are those of a list or a dictionary."""
        if not self._call:
            return False
        of_list = any(isinstance(one, ast.Starred) for one in self._call.args)
        return of_list or any(one.arg is None for one in self._call.keywords)

    @property
    def cause(self) -> str:
        """The id of the cause if all that it returns is used like a tensor: a cell returns only its states."""
        return "pair_of_states" if self.is_cell else "whole_pair"

    @property
    def facts(self) -> Iterator[Fact]:
        """What the text says about the network."""
        if self.cell:
            yield fact("gates", GATES[self.cell], "class")
        for size, name, position in (("features", "input_size", 0), ("num_units", "hidden_size", 1)):
            if n := self._number(name, position):
                yield fact(size, n, name)
        if self.arguments is not None and not self.is_cell:
            if (layers := self._layers) is not None:
                yield fact("num_layers", layers, "num_layers")
            if (both := self._flag("bidirectional")) is not None:
                yield fact("directions", 1 + both, "bidirectional")

    @property
    def _layers(self) -> int | None:
        """The number of layers, which is 1 if no argument says it."""
        if not self._call or self._unpacks:
            return None
        return self._number("num_layers", 2) if self._argument("num_layers", 2) else 1

    def output(self, batch_first: bool | None) -> str:
        """The shape of the output, with names for sizes that are not known. ``batch_first``: what other lines say."""
        both, units, name = self._flag("bidirectional"), self._number("hidden_size", 1), "num_units"
        if "proj_size" in (self.arguments or ""):
            units, name = self._number("proj_size", MOST_ARGUMENTS), "num_proj"
        is_first = batch_first if self.arguments is None else self._flag("batch_first")
        first = "batch_size, time_step" if is_first else "time_step, batch_size"
        if units and both is not None:
            return f"({first}, {units * (1 + both)})"
        factor = {True: "2*", False: "", None: "directions*"}[both]
        return f"({first}, {factor}{units or name})"

    @property
    def state(self) -> str:
        """The same of a state."""
        units: int | str = self._number("hidden_size", 1) or "num_units"
        if "proj_size" in (self.arguments or ""):  # h_n is as long as the projection, c_n as the units
            units = f"{self._number('proj_size', MOST_ARGUMENTS) or 'num_proj'}|{units}"
        if self.is_cell:
            return f"(batch_size, {units})"
        both, layers = self._flag("bidirectional"), self._layers if self.arguments is not None else None
        if both is None or layers is None:
            return f"(num_layers*directions, batch_size, {units})"
        return f"({layers * (1 + both)}, batch_size, {units})"


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
        self._lines = _code(text.split("\n")[-MOST_LINES:])
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
            if returned := self._named_last(name, n):
                return returned
        return None

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


def _code(lines: list[str]) -> list[str]:
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


def pair_for_tensor(found: Found) -> Mismatch:
    """The pair that a recurrent layer returns, used like a tensor. Raises NoShapeError if the text shows none."""
    mismatch = _state_of_lstm(found) or _explained(found, _program(found).pair() or _passed_on(found))
    if not mismatch:
        raise NoShapeError()
    return mismatch


def _passed_on(found: Found) -> Returned | None:
    """What a recurrent layer returns, under one name in a line of the traceback that gives it to a function."""
    tree = found.program.tree
    layers = {id(one.node): one.layer for one in found.program.calls if one.layer and one.layer.framework == "pytorch"}
    for line in reversed(tree.frames):
        names = [one for one in tree.nodes_in(line) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)]
        for name in names:
            layer, place = layers.get(id(tree.assigned(name))), tree.place_of(name)
            if not layer or place is None or not isinstance(next(tree.above(place), None), ast.Assign):
                continue
            made = tree.made_layer(layer)
            arguments = ", ".join(map(ast.unparse, (*made.args, *made.keywords))) if made else None
            if correction := tree.replaced((place, f"{place.id}, {_state_in_loop(tree, name)}")):
                return Returned(
                    ReturningLayer(layer.kind, False, arguments), "whole_pair", correction[1], correction[0]
                )
    return None


def _state_in_loop(tree: ProgramTree, result: ast.Name) -> str:
    """The state that the call of a layer in a loop gets, which its new state replaces; "_" without one."""
    call = tree.assigned(result)
    state = call.args[1] if isinstance(call, ast.Call) and len(call.args) > 1 else None
    parts = state.elts if isinstance(state, ast.Tuple) else [state]
    are_names = all(isinstance(one, ast.Name) for one in parts)
    return ast.unparse(state) if state is not None and are_names and tree.is_in_loop(state) else "_"


def _state_of_lstm(found: Found) -> Mismatch | None:
    """The states of an LSTM that lines of code give to a GRU or a simple RNN, which looks at their axes; None without
    them, if another line failed or changes them, or if the code looks at axes itself."""
    text, failed = found.surroundings.text, found.code.lower()
    given = GIVEN_STATE.search(text)
    if found.text("name") != "dim" or ".dim(" in text or not given or (failed and given[0] not in failed):
        return None
    layer, state = given.groups()
    changes = [line for line in text.split("\n") if re.search(rf"\b{state}\b[^=\n]{{0,80}}=[^=]", line)]
    changes = [line for line in changes if given[0] not in line]
    if len(changes) != 1 or not re.match(rf"[ \t]{{0,40}}[\w.]{{1,40}},\s?{state}\s?=\s?{OF_LSTM}", changes[0]):
        return None
    is_lstm = re.search(rf"\b{layer}\s?=\s?{OF_LSTM}", text)
    is_made = re.search(rf"\b{layer}\s?=\s?[\w.]{{0,40}}\b(?:gru|rnn)(?:cell)?\(", text)
    if is_lstm or not (is_made or layer.startswith("gru")):  # a layer called rnn may have any cell
        return None
    return pair_of_states(found)


OF_LSTM = r"[\w.]{0,40}lstm\w{0,20}\("
GIVEN_STATE = re.compile(r"(?<![a-z])((?:gru|rnn)\w{0,20})\([\w.]{1,40},\s?([a-z_]\w{0,40})\)")
"""A call of a GRU or a simple RNN with a state, in lower case."""


def pair_of_states(_: Found) -> Mismatch:
    """(h, c) passed to a GRU or a simple RNN for h."""
    return Mismatch("h_0", None, number_of_states_differs(1, 2), (1,), (2,), (cause("number_of_states", "pytorch"),))


def number_of_states_differs(expected: int, got: int) -> Phrase:
    return plural(
        "The layer has {n} state, but got {got}.", "The layer has {n} states, but got {got}.", expected, got=got
    )


def unpacked(found: Found) -> Mismatch | None:
    """What a recurrent layer returns, with names that do not match it; None if the text does not show this."""
    return _explained(found, _program(found).unpacked())


def _program(found: Found) -> PairProgram:
    return PairProgram(found.surroundings.original, found.code)


def _explained(found: Found, returned: Returned | None) -> Mismatch | None:
    if not returned:
        return None
    layer, fix = returned.layer, returned.fix
    if returned.id == "whole_pair" and (state := _state_read_later(found.program.tree, returned.wrong)):
        fix = WITHOUT_STATE.sub(rf"\g<1>{state} =", fix)
    likely = cause(returned.id, "pytorch", fix=fix, wrong=returned.wrong)
    return Mismatch(
        "output",
        None,
        _sentence(returned, found.surroundings.flag("batch_first")),
        causes=(likely,),
        facts=tuple(layer.facts),
    )


WITHOUT_STATE = re.compile(r"^(\w{1,40}, )_ =")
"""The beginning of a line that leaves out the state which a layer returns."""


def _state_read_later(tree: ProgramTree, line: str) -> str:
    """The name of the state that a layer gets in a line, if the function reads it after this line, as a loop does that
    keeps the states of all layers; "" without one."""
    for statement in tree.nodes_in(line) if line else ():
        match statement:
            case ast.Assign(value=ast.Call(args=[_, ast.Name(state)], keywords=[])):
                function, end = tree.function_of(statement), statement.lineno
                names = (one for one in tree.nodes if isinstance(one, ast.Name) and one.id == state)
                read = (one for one in names if isinstance(one.ctx, ast.Load) and one.lineno > end)
                return state if any(tree.function_of(one) is function for one in read) else ""
    return ""


def _sentence(returned: Returned, batch_first: bool | None) -> Phrase:
    """What the layer returns."""
    layer = returned.layer
    shapes = {"output": layer.output(batch_first), "state": layer.state}
    if layer.is_cell and layer.cell in ("lstm", ""):
        return phrase("A cell of an LSTM returns a pair of tensors, (h, c), each with shape {state}.", **shapes)
    if layer.is_cell:
        return phrase("A cell of a GRU or a simple RNN returns one tensor, h, with shape {state}.", **shapes)
    if returned.id == "pair_of_states":
        return phrase("An LSTM returns its last states as a pair, (h_n, c_n), each with shape {state}.", **shapes)
    if layer.cell == "lstm":
        return phrase(
            "An LSTM returns a pair: output, with shape {output}, and its last states (h_n, c_n), each with shape"
            " {state}.",
            **shapes,
        )
    if layer.cell or returned.id == "names_of_pair":  # that of an LSTM would fit these names
        return phrase(
            "A GRU or a simple RNN returns a pair: output, with shape {output}, and its last state h_n, with shape"
            " {state}.",
            **shapes,
        )
    return phrase(
        "A recurrent layer returns a pair: output, with shape {output}, and its last states, with shape {state}.",
        **shapes,
    )


STATES = {"lstm": 2, "gru": 1, "rnn": 1}
"""Cell -> how many states it has."""


def layer_without_states(found: Found) -> Layer | None:
    """The layer of Keras in the line that failed that gives its output and its states names, but returns only the
    output; None for another line."""
    tree = found.program.tree
    calls = {id(one.node): one.layer for one in found.program.calls if one.layer and one.layer.framework == "keras"}
    for node in tree.nodes_of_failure:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
            layer, names = calls.get(id(node.value)), len(node.targets[0].elts)
            if layer and layer.setting("return_state") is False and names == 1 + STATES.get(layer.kind, 0):
                return layer
    return None


def without_states(found: Found) -> Mismatch | None:
    """The names of the states of a layer of Keras that does not return them; None if the text does not show that."""
    if not (layer := layer_without_states(found)):
        return None
    sentence = phrase("The layer returns only its output, and the line reads its states as well.")
    return Mismatch("output", None, sentence, causes=(cause("return_state", "keras", cell=layer.kind),))


def iterated_tensor(found: Found) -> Mismatch:
    """The output of a layer of Keras in a model that is not made to the end, taken apart. Raises NoShapeError for
    another tensor."""
    if not (mismatch := without_states(found)):
        raise NoShapeError()
    return mismatch


RETURN_STATE = re.compile(r",?\s?return_state\s?=\s?True")
"""The argument of a layer of Keras that returns its states as well."""


def list_of_states(found: Found) -> Mismatch | None:
    """The list that a layer of Keras with return_state=True returns, as the input of another layer; None if the text
    does not show that layer."""
    failed, lines = found.code, _code(found.surroundings.original.split("\n"))
    for line in lines:
        if not RETURN_STATE.search(line) or len(line) > LONGEST_LINE:
            continue
        assigned = re.fullmatch(r"(\w{1,40})\s?=\s?(.{1,200}\)\(.{1,80}\))", line)
        if assigned and re.search(rf"[(,]\s?{assigned[1]}\b", failed or found.surroundings.original):
            fix = f"{assigned[1]}, *_ = {assigned[2]}"
        elif line.endswith((",", "),")) or ".add(" in line or "Sequential(" in line:
            fix = RETURN_STATE.sub("", line)
        else:
            continue
        sentence = phrase(
            "With return_state=True a layer returns a list: output and its last states. It has {got} tensors, but the"
            " next layer reads {expected}.",
            expected=found.number("expected"),
            got=found.number("got"),
        )
        likely = cause("list_of_states", "keras", fix=fix, wrong=line)
        return Mismatch("output", None, sentence, causes=(likely,))
    return None


TEMPLATES = (
    *(
        MessageTemplate(id, "keras", versions, text, iterated_tensor, anywhere=True)
        for id, versions, text in (
            ("keras-iterated", "2", "Cannot iterate over a Tensor with unknown first dimension"),
            ("keras-3-iterated", "3", "Iterating over a symbolic KerasTensor is not supported"),
        )
    ),
    *(
        MessageTemplate(id, "pytorch", versions, text, pair_for_tensor, anywhere=True)
        for id, versions, text in (
            ("pytorch-pair", "0.4-2", "must be Tensor, not tuple"),
            ("pytorch-pair-in-list", "0.4-2", "expected Tensor as element {n:n} in argument {m:n}, but got tuple"),
            ("pytorch-pair-attribute", "0.4-2", "'tuple' object has no attribute '{name:of_tensor}"),
            ("pytorch-pair-index", "0.4-2", "tuple indices must be integers or slices, not tuple"),
            ("pytorch-pair-convolved", "0.4-2", "received an invalid combination of arguments - got (tuple,"),
            ("pytorch-pair-added", "0.4-2", 'can only concatenate tuple (not "Tensor") to tuple'),
            ("pytorch-pair-left", "0.4-2", "unsupported operand type(s) for {operator:operator}: 'tuple' and 'Tensor'"),
            (
                "pytorch-pair-right",
                "0.4-2",
                "unsupported operand type(s) for {operator:operator}: 'Tensor' and 'tuple'",
            ),
        )
    ),
)
