"""A template of a message: how the message is found in a text, and its values."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import prod

from ....translations.phrases import Phrase
from ...code.source_text import parse
from ...facts_about_sizes import GATES, Configuration
from ..code_lines.failed_line import FailedLine, LineOperation
from ..code_lines.gates_of_own_cells import gates_of_own_cell
from ..code_lines.handwritten_recurrence import computes_recurrence, is_step, scans_state
from ..code_lines.loops_of_own_cells import carries_state
from ..code_lines.pasted_operations import PastedProgram
from ..mismatch import Mismatch, Shape
from ..named_layers import NAMED
from ..names_of_layers import is_other, is_recurrent
from ..pasted_text import folded
from ..surroundings import Surroundings

MOST_TRIES = 30
"""How many beginnings of a message are tried, from the end of the text."""

KINDS = {
    "n": r"(\d[\d ]{0,11})",
    "last": r"(\d{1,9})(?!\d)",
    "shape": r"(?:torch\.size|tensorshape)?\({1,2}((?:[^()\x01]|dimension\([^()]{0,12}\)){0,80})\){1,2}",
    "product": r"(\d{1,9}(?:x\d{1,9}){0,4})",
    "name": r"([\w.:/\-]{1,80})",
    "word": r"(\w{1,80}?)",
    "scope": r"([\w.:/\-()]{1,80})",
    "keys": r"((?:[\w.]{1,120},){0,400}[\w.]{0,120}?(?:weight|bias)\w{0,20})",
    "axis": r"(-?\d{1,3})",
    "sizes": r"(\d{1,9}(?:,\d{1,9}){0,20})",
    "shapes": r"(\([\d,none]{0,80}\)(?:,\([\d,none]{0,80}\)){1,9})",
    "place": r"((?:_l\d{1,2}(?:_reverse)?)?)",
    "tensorshapes": r"([\[(]?tensorshape[\w\[\](),]{0,200})",
    "operation": r"([\w.:/\-]{1,150})",
    "any": r"(.{0,200}?)",
    "operands": r"(.{0,800}?)",
    "operator": r"([^\w]{1,3})",
    "of_tensor": "(dim|size|shape|view|reshape|squeeze|unsqueeze|contiguous|permute|transpose|flatten|detach|device"
    "|dtype|ndim|cpu|cuda|float|numpy|data|relu|softmax|log_softmax|sigmoid|tanh|mean|sum|max|chunk|repeat|expand)",
}
"""The pattern of a value by its kind. A number at the end of a message ends at a space. TensorFlow writes the
attributes of an operation before its operands, each with the names of all scopes."""

CLASS = re.compile(r"(lstm|gru|rnn)(?:cell)?$")
"""The class before a message that begins with it."""

NODE_OF_ONNX = re.compile(
    r"whilerunning(lstm|gru|rnn)node\.name:[^\n]{0,200}$|\(op_type:(lstm|gru|rnn)\b[^()]{0,200}\)[^()]{0,100}$"
)
"""The node before a message of ONNX Runtime, or the operator before one of ONNX' own inference of shapes, in the folded
text."""

CALL = re.compile(r"[\w/\\:.~-]{0,200}\.py(?:,line\d+|:\d+|in\w+\()")
"""The beginning of a frame of a traceback in a folded text: a path and a line, as Python and IPython write them."""

NEAR = 200
"""Characters before and after a message in which a class is looked for: TensorFlow names a device between them."""

NEAR_NODE = 400
"""Characters before a message of ONNX in which it names its node."""

LAYER = r"(?:layer[\w./-]{0,80}?\(type)?(\w{0,60}(?:lstm|gru|rnn)\w{0,60}?)(?:\.call|\))"
"""The class of a recurrent layer that was called, as Keras 3 and as Keras 2 write it."""

CALLS_WRAPPER = re.compile(r"whencalling(?:layer\S{0,80}?\(type)?bidirectional\b")
"""The call of Keras' layer that runs another one in both directions, in the folded text."""

CALLED = re.compile("whencalling" + LAYER)
ARGUMENTS = re.compile(r"^[^()]{0,60}(?:\([^()]{0,60}\)[^()]{0,60}){0,2}?argumentsreceivedby" + LAYER)
"""The layer that was called, before and after a message; in the folded text."""

OWN_KERNEL = re.compile(r"\b(?:lstm|gru|rnn)[_/](?:kernel|weights?|w)(?:/read)?\b")
"""The name of weights that a program of TensorFlow makes itself, in the operation that failed."""

HANDWRITTEN_CELLS = ("numpy", "jax", "tensorflow")
"""Frameworks without layers, in which programs compute cells themselves."""

PACKING = re.compile(r"\b(?:pack_padded|pack|pad_packed)_sequence\(")
"""Functions that only programs with recurrent layers call, in the line that failed."""

STATE_OF_ONNX = re.compile(r"(?:initial_?)?[hc](?:_?[0n]|_in|x)|initial_?[hc]")
"""Names of initial states among the inputs of ONNX models."""

STATE_AXES = "3"
"""The axes of a state in ONNX, as the message writes them."""

OF_FLAX = re.compile(r"flax[\\/](?:linen|nnx)[\\/]")
"""The path of a file of Flax, in the folded text."""

CELL_OF_TENSORFLOW_1 = re.compile(r"tensorflow[\\/]python[\\/]ops[\\/]rnn_cell_impl\.py")
"""The path of the cells of TensorFlow 1, which are layers of its copy of Keras."""

STEP_OF_WRAPPER = re.compile(r"self\._cell\((?:cell_)?inputs?, (?:cell_)?state")
"""The line in which a wrapper of TensorFlow 1 calls its cell."""

OF_JAX = re.compile(r"[\\/]jax[\\/]_src[\\/]")
"""The path of a file of JAX, which raises some of NumPy's errors, in the folded text."""

LINES_OF_FLAX = {
    "lstm": re.compile(r"self\.(?:ii|if_|ig|io)\(inputs|\by ?= ?self\.dense_i\(|dense_i\(name=.?i[ifgo].?\)\(inputs\)"),
    "gru": re.compile(
        r"x_transformed ?= ?self\.dense_i\(|h_transformed ?= ?self\.dense_h\(|dense_i\(name=.?i[rzn].?\)\(inputs\)"
    ),
    "rnn": re.compile(r"new_carry ?= ?(?:self\.dense_i\(|dense_i\(name=.?i.?\)\(inputs\))"),
}
"""Cell -> the lines of Flax that compute it, in the folded text."""

BETWEEN_SIZES = re.compile(r"(?<=\d) ?x ?(?=\d)")
"""What old versions of PyTorch write between two sizes."""

DEFAULT_NAME = re.compile(r"(?:^|/)(?:lstm|gru|simple_rnn)_\d{1,3}/matmul(?:_\d{1,2})?$")
"""The product of x in a layer of Keras to which the program gives no name, in lower case."""

CODE_OF_TENSORFLOW = re.compile(r"\btf\.\w|\bdynamic_rnn\b|rnn_cell")

GIVEN_NAME = r"\bname\s?=\s?['\"]{name}['\"]"
"""The argument that gives a layer its name."""

LONGEST_ARGUMENTS = 200
"""Characters of the arguments before it."""

OPEN_CALL = re.compile(r"\b(\w{1,40})\((?:[^()\n]|\([^()\n]{0,80}\))*\Z")
"""The end of a line with the beginning of a call; the first group is the name of what it calls."""

OF_INPUT = "_input"
"""What Keras adds to the name of a first layer, for that of its input."""

LONGEST_NUMBER = 9
"""Digits of a number that is read."""


@dataclass(frozen=True)
class Found:
    """A message in a text: the ``values`` of its template, and what stands around it. ``network``: the configuration
    whose causes are sought, None before it is known."""

    template: "MessageTemplate"
    values: Mapping[str, str]
    surroundings: Surroundings
    before: str = ""
    """The end of the folded text before the message, with the last frames of a traceback."""
    after: str = ""
    """The beginning of the folded text after the message."""
    underlined: str = ""
    """The part of a line in a cell of Flax that Python underlined before the message; "" without it."""
    code: str = ""
    """What failed in the last line of the program itself: what Python underlined, or the whole line; "" without it."""
    program: PastedProgram = field(default_factory=PastedProgram)
    """The code in the text."""
    network: Configuration | None = None

    def number(self, name: str) -> int:
        """A number; 0 without one."""
        return _number(self.text(name)) or 0

    def shape(self, name: str) -> Shape:
        """A shape; () without one. TensorFlow.js writes nothing for an unknown size: ``[,20,3]``."""
        text = BETWEEN_SIZES.sub(",", re.sub(r"dimension\(([^()]*)\)", r"\1", self.text(name)).rstrip(", "))
        return tuple(map(_number, text.split(","))) if text else ()

    def text(self, name: str) -> str:
        return self.values.get(name, "")

    @property
    def line(self) -> FailedLine:
        """The line that failed."""
        return self.surroundings.line(self.code)

    @property
    def framework(self) -> str:
        """The framework, which is Keras if the message is that of its backend, Flax if its cell called JAX, and
        TensorFlow if it is no message of version 1."""
        if self.template.framework == "jax" and OF_FLAX.search(self.before):
            return "flax"
        original = self.surroundings.original
        if self.template.framework == "keras" and (
            CELL_OF_TENSORFLOW_1.search(original) or STEP_OF_WRAPPER.search(original)
        ):
            return "tf1"
        if self.template.framework == "numpy" and self.surroundings.merges_in_keras:
            return "keras"
        is_backend = self.template.framework in ("pytorch", "tf1", "jax") and self.surroundings.is_in_keras
        if self.template.framework == "tf1" and self.surroundings.calls_legacy_cell:
            return "tf1"
        if self.template.framework == "tf1" and self._is_of_named_layer:
            return "keras"
        if not is_backend and self.template.framework == "tf1" and self.surroundings.is_tensorflow_2:
            return "tensorflow"
        return "keras" if is_backend else self.template.framework

    @property
    def _is_of_named_layer(self) -> bool:
        """Whether a product is in a layer with a default name of Keras, in a text without other code of TensorFlow."""
        is_named = DEFAULT_NAME.search(self.text("operation")) is not None
        return is_named and CODE_OF_TENSORFLOW.search(self.surroundings.original) is None

    @property
    def cell(self) -> str:
        """The cell: that of the configuration, or the one that the message names, or else the only one that the text
        names, if it raises the message."""
        if self.network and self.network.cell:
            return self.network.cell
        of_class = CLASS.search(self.before) if self.template.framework == "pytorch" else None  # no word before it
        named = of_class or NODE_OF_ONNX.search(self.before[-NEAR_NODE:])
        cell = (
            named[named.lastindex or 0]
            if named
            else Surroundings(self.text("layer").removesuffix(OF_INPUT)).cell or self.surroundings.cell
        )
        if not cell and self.framework in ("pytorch", "keras", "tf1"):  # Flax has another nn.RNN
            cell = self.program.cell_of_failed_call
        if not cell and self.framework == "flax":
            cell = next((id for id, line in LINES_OF_FLAX.items() if line.search(self.before)), "")
        if not cell and self.framework in HANDWRITTEN_CELLS and self.surroundings.has_only_tanh:
            cell = "rnn"
        if self.framework == "keras" and self.surroundings.called_own_cell:
            gates = gates_of_own_cell(self.program.tree)  # a class may be called after the cell that it simplifies
            cell = cell if gates in (None, GATES.get(cell)) else ""
        return "" if self.template.cells and cell not in self.template.cells else cell

    @property
    def frames(self) -> tuple[str, str]:
        """The last two frames of the traceback before the message, folded; "" without them."""
        return last_frames(self.before)

    @property
    def called(self) -> str:
        """The class of the recurrent layer or cell that Keras called, in lower case, as it says before and after the
        message of its backend; "" without one."""
        called = CALLED.search(self.before[-NEAR:]) or ARGUMENTS.search(self.after[:NEAR])
        return called[1] if called else ""

    @cached_property
    def layer(self) -> str:
        """The name of the layer that a message is about, or its class, if a line of code in Keras gives it this
        name."""
        name = self.text("layer")
        if not name or self.framework != "keras":
            return name
        text = self.surroundings.original
        given = re.search(GIVEN_NAME.format(name=re.escape(name)), text, re.IGNORECASE)
        made = OPEN_CALL.search(text, max(0, given.start() - LONGEST_ARGUMENTS), given.start()) if given else None
        return made[1].lower() if made else name

    @property
    def is_about_recurrence(self) -> bool:
        """Whether the message is about a recurrent layer, or about a dense one in a recurrent network."""
        operation, around = self.text("operation"), self.surroundings
        layer = self.layer or (operation if "/" in operation else "")  # a bare operation is in no layer
        if CALLS_WRAPPER.search(self.before[-NEAR:]):
            return True
        is_numpy = self.framework == "numpy" and not OF_JAX.search(self.before)
        is_named = around.names_recurrent_layer_in_numpy if is_numpy else around.names_recurrent_layer
        is_state = (
            self.template.id == "onnx-input-rank"
            and self.text("expected") == STATE_AXES
            and STATE_OF_ONNX.fullmatch(layer)
        )
        if self.framework == "keras" and around.called_own_cell:
            return True
        if PACKING.search(self.code) or (self.template.is_of_recurrence and self.template.is_of_recurrence(self)):
            return True
        reads_layer = NAMED.search(self.text("arguments")) is not None  # by the name of the operation that makes it
        if self.template.framework == "tf1" and OWN_KERNEL.search(self.text("arguments")):
            return True
        if "attention" in layer and (self.program.has_calls or reads_layer):
            return True
        if is_state or is_recurrent(layer) or (is_named and (not is_other(layer) or self.is_of_output)):
            return True
        if self.framework == "tf1":
            return bool(self.program.tree.nodes_of_failure) and computes_recurrence(self.program.tree)
        if self.framework not in HANDWRITTEN_CELLS:
            return carries_state(self.program.tree)
        last = [one for line in self.program.tree.frames[-1:] for one in parse(line).statements]
        return computes_recurrence(self.program.tree) or any(is_step(one) or scans_state(one) for one in last)

    @property
    def is_of_output(self) -> bool:
        """Whether a layer of Keras that reads every step gets what a recurrent one returns: by its name, or by the line
        before."""
        if not LAYERS_OF_STEPS.search(self.layer):
            return False
        calls = (
            one for one in self.line.operations if one.kind == "layer" and LAYERS_OF_STEPS.search(folded(one.name))
        )
        is_named = any(_is_of_layer(self.line, one) for one in calls)
        return is_named or self.program.reads_last_output()


def _is_of_layer(line: FailedLine, call: LineOperation) -> bool:
    """Whether a layer gets what a recurrent one returns. An array that is called h or y may be of any layer, unless the
    lines before say more; but what is pooled has steps, which a dense layer or a recurrent one may have removed."""
    array, is_pooled = call.operands[0], "pool" in folded(call.name)
    if array.role not in ("output", "h") or not array.is_certain:
        return False
    is_of_anything = not is_pooled and (array.role == "h" or len(array.text) == 1)
    return not is_of_anything or line.is_returned(array.node)


LAYERS_OF_STEPS = re.compile(r"(?:conv(?:olution)?|pool(?:ing)?_?|dropout|padding|sampling|cropping)1d(?!_?transpose)")
"""Layers of Keras that read all steps of an output."""


@dataclass(frozen=True)
class MessageTemplate:
    """A message of a framework. In its text, ``{name:kind}`` is a value; ``read`` says what the message means.

    ``anywhere``: networks without recurrence raise it, too, so that the text must name a recurrent layer, unless
    ``is_of_recurrence`` says that its values are those of one.
    ``no_shape``: what it is about, if it is not about a shape. ``cells``: those that raise it, () for all.
    ``listed_in``: the beginning of an error, in the folded text, that lists several such messages. The first one
    counts, of the first of these templates that has one. ``frame``: the frame in which it is raised, in the folded
    text, if others raise the same words. ``is_shortened``: whether it lacks words of the message; it counts only where
    no other one does.
    """

    id: str
    framework: str
    versions: str
    text: str
    read: Callable[[Found], Mismatch] | None = None
    anywhere: bool = False
    is_of_recurrence: Callable[[Found], bool] | None = None
    no_shape: Phrase | None = None
    cells: tuple[str, ...] = ()
    listed_in: str = ""
    frame: re.Pattern[str] | None = None
    is_shortened: bool = False

    def is_raised_in(self, before: str) -> bool:
        """Whether the frame in which it is raised ends the folded text before it."""
        return self.frame is None or self.frame.search(last_frames(before)[-1]) is not None

    @cached_property
    def _parts(self) -> list[str]:
        return re.split(r"(\{\w+:\w+\})", self.text)

    @cached_property
    def _beginning(self) -> str:
        return folded(self._parts[0])

    @cached_property
    def literals(self) -> list[str]:
        """The text between values, the longest part first, because few texts contain it."""
        return sorted((folded(part) for part in self._parts if part and part[0] != "{"), key=len, reverse=True)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        def pattern(part: str) -> str:
            if part[:1] != "{":
                return re.escape(folded(part))
            return KINDS[part[1:-1].partition(":")[2]]

        return re.compile("".join(map(pattern, self._parts)))

    @cached_property
    def _names(self) -> list[str]:
        return [part[1:-1].partition(":")[0] for part in self._parts if part[:1] == "{"]

    def first(self, text: str, start: int) -> tuple[tuple[int, int], dict[str, str]] | None:
        """The first occurrence in a folded text from an offset on, as ``last`` returns it."""
        match = self._pattern.search(text, start)
        return (match.span(), dict(zip(self._names, match.groups(), strict=True))) if match else None

    def last(self, text: str) -> tuple[tuple[int, int], dict[str, str]] | None:
        """The last occurrence in a folded text: start and end, and the values by name."""
        for literal in self.literals:  # a loop: all() would take twice as long, and most templates end here
            if literal not in text:
                return None
        end = len(text)
        for _ in range(MOST_TRIES):
            start = text.rfind(self._beginning, 0, end)
            if start < 0:
                return None
            if match := self._pattern.match(text, start):
                return match.span(), dict(zip(self._names, match.groups(), strict=True))
            end = start + len(self._beginning) - 1
        return None


def last_frames(before: str) -> tuple[str, str]:
    """The last two frames of a traceback at the end of a folded text; "" without them."""
    first, last = ([len(before)] * 2 + [match.start() for match in CALL.finditer(before)])[-2:]
    return before[first:last], before[last:]


def _number(text: str) -> int | None:
    """A number, or the product of two, as ONNX Runtime writes 8*5."""
    factors = text.replace(" ", "").removesuffix("l").split("*")  # 5L is a long of Python 2
    if len(factors) > 2 or not all(digits.isdecimal() and len(digits) <= LONGEST_NUMBER for digits in factors):
        return None
    return prod(map(int, factors))
