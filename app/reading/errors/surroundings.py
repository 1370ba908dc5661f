"""What the text around a message says: whether a recurrent layer is named, and settings in lines of code."""

import re
from functools import cached_property

from ...translations.phrases import Phrase, phrase

RECURRENT = r"lstm|(?<![a-z])gru(?![a-z])|gru_?cell|cudnngru|(?<!nn\.utils\.)rnn(?:_?cell|base)?(?![a-z])"
NAMED = re.compile(RECURRENT)
NEGATED = re.compile(rf"\b(?:no|not|without|isn.?t)[ ]{{1,5}}(?:an?[ ]|any[ ])?(?:{RECURRENT})")
IMPORT = re.compile(r"^[ ]{0,40}(?:from|import) .{0,200}$", re.MULTILINE)
WORD = re.compile(r"[^\s\"'(),]+")
OWN_PATH = re.compile(
    r"modules[\\/]rnn\.py|layers[\\/]rnn[\\/]|recurrent(?:_v2)?\.py|rnn_cell|ops[\\/]rnn|nn[\\/]recurrent"
)
"""Files in which frameworks compute recurrent layers. The names of other files and folders say nothing."""

INPUT_SHAPE = re.compile(r"\b(?:sequences?|inputs?)=[^\n]{0,40}?\(shape=(?:torch\.size\()?[(\[]([^)\]\n]{0,60})[)\]]")
COPIED = re.compile(r"(weight_[ih]h_l0): copying a param with shape torch\.size\(\[(\d{1,9}), (\d{1,9})\]\)")
ONE_STATE = re.compile(
    r"lstm\w{0,20}\([^()\n]{1,60}(?:\([^()\n]{0,40}\)[^()\n]{0,20})?,\s?(?:self\.)?h(?:_?[0nt]|x)?\)"
)

CELLS = {
    "lstm": re.compile("lstm"),
    "gru": re.compile(r"(?<![a-z])gru(?![a-z])|grucell"),
    "rnn": re.compile(r"simple_?rnn|(?<![a-z_])nn\.rnn\(|rnncell|elman"),
}
OTHER_LAYERS = re.compile(
    r"(?:conv(?!_?lstm)|pool|flatten|embedding|batch_?norm|layer_?norm|dropout|reshape|concat|attention|softmax)"
)

SUBJECTS = {
    r"(?<![a-z])conv(?:_?transpose)?(?:\d?d)?(?!_?lstm|[a-z])|(?<![a-z])convolution": phrase("a convolution"),
    r"(?:max|average|avg|adaptive|global)_?pool|(?<![a-z])pool(?:ing)?\dd|(?<![a-z])pooling|self\.pool": phrase(
        "a pooling layer"
    ),
    r"(?<![a-z])embedding(?![a-z])": phrase("an embedding"),
    r"(?:batch|layer|group)_?norm": phrase("a normalization"),
    r"(?<![a-z])(?:multi_?head_?)?attention(?![a-z])": phrase("attention"),
    r"(?<![a-z])(?:linear|addmm|dense)(?![a-z])": phrase("a dense layer"),
}
"""Layers that are not recurrent, by their names in code and in the files of frameworks."""

PACKAGES = {
    "torch": "pytorch",
    "keras": "keras",
    "tensorflow": "tf1",
    "onnxruntime": "onnx",
    "onnx": "onnx",
    "flax": "flax",
    "jax": "jax",
    "numpy": "numpy",
}
"""Package -> framework."""

PACKAGE = rf"(?<![a-z])({'|'.join(PACKAGES)})(?![a-z])"
PACKAGE_PATH = re.compile(rf"(?<![\w-])(?:tf_)?{PACKAGE}(?=[\\/])")
PACKAGE_NAME = re.compile(PACKAGE)


def other_layer(text: str) -> Phrase | None:
    """The layer that is not recurrent and that a text names last; None without one. Only paths of frameworks count."""
    lower = WORD.sub(_without_other_path, text.lower())
    named = {match.start(): name for pattern, name in SUBJECTS.items() for match in re.finditer(pattern, lower)}
    return named[max(named)] if named else None


def named_framework(text: str) -> str:
    """The framework whose files a text names last, or else that it names last; "" without one."""
    lower = text.lower()
    named = PACKAGE_PATH.findall(lower) or PACKAGE_NAME.findall(WORD.sub(_without_other_path, lower))
    return PACKAGES[named[-1]] if named else ""


def _without_other_path(match: re.Match[str]) -> str:
    """A word, or "" if it is the path of a file that is not a framework's."""
    word = match[0]
    return "" if ("/" in word or "\\" in word) and not PACKAGE_PATH.search(word) else word


def is_recurrent(layer: str) -> bool:
    """Whether a layer's name is that of a recurrent layer: the default name, or one that contains it."""
    return bool(NAMED.search(layer)) or layer.startswith("bidirectional")


def is_other(layer: str) -> bool:
    """Whether a layer's name is that of a layer that is neither recurrent nor dense."""
    return not is_recurrent(layer) and bool(OTHER_LAYERS.search(layer))


def _without_path(match: re.Match[str]) -> str:
    """A word, or "" if it is the path of a file that is not a framework's."""
    word = match[0]
    return "" if ("/" in word or "\\" in word) and not OWN_PATH.search(word) else word


class Surroundings:
    """The text around a message."""

    def __init__(self, text: str) -> None:
        self.text = text.lower()

    @cached_property
    def _named(self) -> str:
        """The text without imports, negations, and paths outside of frameworks."""
        return NEGATED.sub(" ", IMPORT.sub("", WORD.sub(_without_path, self.text)))

    @cached_property
    def names_recurrent_layer(self) -> bool:
        """Whether a recurrent layer is named. An import or the name of a folder is not enough."""
        return bool(NAMED.search(self._named) or OWN_PATH.search(self._named))

    @cached_property
    def cell(self) -> str:
        """The cell, if exactly one is named."""
        found = [cell for cell, pattern in CELLS.items() if pattern.search(self._named)]
        return found[0] if len(found) == 1 else ""

    @cached_property
    def is_in_keras(self) -> bool:
        """Whether Keras called the code that failed."""
        return "exception encountered when calling" in self.text or "keras" in self.text

    @cached_property
    def input_shape(self) -> tuple[int | None, ...]:
        """The shape of x in the arguments that Keras lists after a message; () without them."""
        found = INPUT_SHAPE.search(self.text)
        sizes = found[1].split(",") if found else []
        return tuple(int(size) if size.strip().isdecimal() else None for size in sizes if size.strip())

    @cached_property
    def copied_sizes(self) -> dict[str, tuple[int, int]]:
        """The shapes of matrices in a checkpoint, by the name of the parameter."""
        return {name: (int(rows), int(columns)) for name, rows, columns in COPIED.findall(self.text)}

    @cached_property
    def passes_one_state(self) -> bool:
        """Whether a line of code passes an LSTM something that is called h, and no pair."""
        return bool(ONE_STATE.search(self.text))

    @cached_property
    def reads_first_axis(self) -> bool:
        """Whether a line of code makes something as long as the first axis of an array."""
        return bool(re.search(r"\.size\(0\)|\.shape\[0\]", self.text))

    def flag(self, name: str) -> bool | None:
        """The value of an argument that is true or false, if all lines of code agree."""
        values = self._values(name, "true|false")
        return values == {"true"} if len(values) == 1 else None

    def number(self, name: str) -> int | None:
        """The value of an argument that is a number, if all lines of code agree."""
        values = self._values(name, r"\d{1,6}")
        return int(values.pop()) if len(values) == 1 else None

    def _values(self, name: str, value: str) -> set[str]:
        """The values of an argument. The name comes first in the pattern, since it is then found fast."""
        return set(re.findall(rf"{name}(?<!\w{name})\s?=\s?({value})\b", self.text))
