"""What the text around a message says: whether a recurrent layer is named, and settings in lines of code."""

import re
from functools import cached_property
from itertools import takewhile

from .axes_of_arrays import RANK
from .code_lines.failed_line import FailedLine
from .files_of_layers import failed_in_layer, last_own_frame
from .named_layers import (
    NAMED,
    OF_INDEX_IN_KERAS,
    OPERATION_OF_LAYER,
    OWN_PATH,
    RECURRENT,
    STEP_OF_DECODER,
    without_mentions,
)
from .pasted_text import BEGINNING_OF_PROGRAM
from .pattern_with_word import pattern_with_word
from .recurrent_call import RecurrentCall
from .states_in_code import BOTH_FED, has_state

SIGMOID = re.compile(r"sigm|\bsig\(|\bexp\(-\w")
"""A sigmoid in a line of code."""

OWN_CELL = re.compile(r"RNN\((?<!\wRNN\()\s?[^\W\d]|Arguments received by \w{1,60}Cell\.call\(")
"""A layer of Keras that computes a cell, or the call of a cell by it. That of PyTorch gets a number of features."""

CALLED_CLASS = re.compile(r"Arguments received by (\w{1,64})\.call\(")
NEXT_CLASS = re.compile(r"^class ", re.MULTILINE)
CELLS_OF_KERAS = ("LSTMCell", "GRUCell", "SimpleRNNCell", "StackedRNNCells", "ConvLSTMCell")

GRAPH_FAILED = "graph execution error"
"""What TensorFlow 2 says of any graph, also of one that a session of version 1 ran."""

IN_SESSION = re.compile(r"tensorflow[\\/]python[\\/]client[\\/]session\.py")
"""The path of the code that runs a graph of TensorFlow 1."""

WORDS_OF_KERAS = {
    "exception encountered when calling",
    "call arguments received by layer",
    "keras",
    "return_sequences",
    "__inference_",
    GRAPH_FAILED,
}
IN_GRAPH_OF_KERAS = pattern_with_word(
    r"\b(?:sequential|functional)(?:_\d{1,3})?/|\bwhile/body/_\d",
    *("sequential_", "sequential/", "functional_", "functional/", "while/body/_"),
)
"""What only a text about Keras has, among it the names of its models in graphs, and what TensorFlow 2 says: there every
recurrent layer is one of Keras."""

MODEL_OF_KERAS = pattern_with_word(
    r"(?<![\w.])(?:sequential\(\[\s?(?:input|embedding|masking|lstm|gru|simplernn|bidirectional|dense)\("
    r"|bidirectional\((?:lstm|gru|simplernn)\()",
    *("sequential(", "bidirectional("),
)
"""A model or a wrapper of Keras without a prefix, in lower case."""

OTHER_MODELS = re.compile(r"\btorch\b|\bnnx?\.|\bflax\b|\bhaiku\b")
"""Libraries with models and wrappers of the same names, in lower case."""

IN_INDEXED_LAYER = pattern_with_word(OF_INDEX_IN_KERAS, "lstm_", "gru_", "simple_rnn_", "bidirectional_")

IMPORTS_PYTORCH = re.compile(r"^[ \t]{0,40}(?:import|from) torch\b", re.MULTILINE)

CODE_OF_KERAS = re.compile(
    r"^[ \t]{0,40}(?:import|from) [^\n#]{0,200}\b(?:tf_)?(?:keras|tensorflow)\b|keras[\\/]"
    r"|\bfile\b[^\n]{0,300}\bkeras\b",
    re.MULTILINE | re.IGNORECASE,
)
"""An import of Keras, or the path of a file of it."""

OF_MERGE = "Operands could not be broadcast together"

SIMPLE_RNN = re.compile(r"simple_?rnn|\bnnx?\.simplecell\(")

TENSORFLOW_2 = re.compile(
    r"\bGradientTape\b|\btf\.function\b|__autograph_generated_file|\bin raise_from_not_ok_status\b"
    r"|\[Op:\w{1,40}\]"
)
MADE_IN_R = re.compile(r"\bkeras_model(?:_sequential)?\(\) ?%>%|\blayer_(?:lstm|gru|simple_rnn|conv_lstm_2d)\(")
"""Functions of Keras in R."""

TENSORFLOW_1 = re.compile(
    r"\bplaceholder\b|\bSession\b|\bcompat\.v1\b|\bcontrib\b|\brnn_cell\b|_v2_behavior|\benable_eager_execution\b"
)
"""What only one version of TensorFlow has."""

TANH = pattern_with_word(r"\btanh\(", "tanh(")

STATE = r"\b(?:h|h_\w{1,8}|prev_h|hx|hidden|state)\b"
GATED_STATE = re.compile(
    rf"\btanh\([^\n]{{0,200}}?(?:(?<![\w.])[a-z_]\w{{0,30}}\s?\*\s?{STATE}|{STATE}\s?\*\s?[a-z_])(?!\w*\()"
)
"""The product of an array and the state in what is given to tanh: ``tanh(x @ w + (r * h) @ u)``."""

WARNING = re.compile(
    r"^[^\n]{0,300}warning: (?!using a target)[^\n]{0,1000}$(?:\n[ ]{2,8}[^\n]{0,300}$)?", re.MULTILINE | re.IGNORECASE
)
"""A warning and its line of code: it is no part of the error."""

NETWORK = pattern_with_word(
    r"(?<![\w./\\-])(?<!unlike )(?<!instead of )(?<!than )(?<!not )(?<!without )tacotron\w{0,20}"
    r"(?![\w./\\]|-[\w-]{0,30}[/\\])",
    "tacotron",
)
"""The name of a network that always has recurrent layers."""

LINK = pattern_with_word(
    rf"https?://(?:github|gitlab)\.com/[\w.-]{{1,40}}/(?![\w.-]{{1,80}}/(?:issues|pull|wiki|discussions)\b)"
    rf"(?:[\w.-]{{0,80}}(?:{RECURRENT})|[\w.-]{{1,80}}/blob/[^\s()\[\]]{{1,200}}?(?:{RECURRENT})[\w%-]{{0,60}}\.(?:py|ipynb)\b)",
    *("lstm", "gru", "rnn"),
)
"""A link to the program that a post is about: to a repository or a file that is called like a recurrent layer; in lower
case."""

TITLE = re.compile(
    rf"\A\s{{0,20}}#{{1,3}} (?:[^\n]{{0,200}}?[\s/`'\"])?[\w-]{{0,60}}?(?:{RECURRENT})[\w-]{{0,60}}\.(?:py|ipynb)\b"
)
"""The title of a post that names a program by its file, in lower case."""

WRAPPER_IN_TABLE = re.compile(r"\bbidirectional(?:_\d{1,3})? \(bidirectional\)")
"""Keras' layer that runs a recurrent one in both directions, in the table of a model; in lower case."""

OWN_CELL_FUNCTION = re.compile(
    r"(?:tf__)?_{0,2}(?:(?:my|own|one|single|time|forward|simple|vanilla|basic|custom|lstm|gru|rnn|elman)_?){0,3}"
    r"(?:cell|step)(?:_(?:forward|fn|func|function|v?\d))?"
)
"""A function that computes one step, in lower case; not one that trains a network for a step."""
TRACEBACK = "Traceback (most recent"
DEFINED = re.compile(rf"(?:def(?<!\wdef)|class(?<!\wclass)) \w{{0,60}}?(?:{RECURRENT}|elman)")

SHAPE_OF_ONE = re.compile(r"\(shape=(?:torch\.size\()?[(\[]([^)\]\n]{0,60})[)\]]")
SHAPE = rf"=[^\n]{{0,40}}?{SHAPE_OF_ONE.pattern}"
IN_SHAPE = "(shape="
"""What every shape of an argument has."""

INPUT_SHAPE = re.compile(rf"\b(?:sequences?|inputs?){SHAPE}")
INPUTS = re.compile(r"\binputs=\[((?:'[^'\n]{1,200}',? ?){2,9})\]")
SHAPE_OF_ARGUMENT = re.compile(rf"• \w{{1,40}}{SHAPE}")
ARGUMENTS_OF_LAYER = "arguments received by"
OF_STATES = r"(?:states(?<!\wstates)|initial_state(?<!\winitial_state))"
STATE_SHAPE = re.compile(rf"{OF_STATES}{SHAPE}")
WITHOUT_STATES = re.compile(rf"{OF_STATES}=(?:\[\]|\(\))")
STATES = re.compile(rf"{OF_STATES}=(?:[\[(]((?:\s*'[^']{{1,300}}',?){{1,9}})\s*[\])]|(?=(?:torch|tf|<tf|array|jax)))")
MAKERS = "|".join(rf"(?<=\b{name}\()" for name in ("rand", "randn", "zeros", "ones", "normal", "uniform", "empty"))
NEW_ARRAY = rf"\((?=\(?\s?\d)(?:{MAKERS})\(?"
"""The bracket after a function that makes an array, before a number. It comes first in the pattern, since it is then
found fast."""

MADE_ARRAY = re.compile(rf"{NEW_ARRAY}\s?(\d{{1,7}}),\s?(\d{{1,7}}),\s?(\d{{1,7}})\)")
SAID_LAYERS = re.compile(r"\bn(?:um)?_?layers['\"]?\s?[:=]\s?(\d{1,3})\b")

SAID_BATCH = re.compile(
    r"batch(?<!\wbatch)[ _-]?size['\"]?\s?(?:(?:is|was|of|to|chosen|set|as|=|:|->)\s?){0,5}(\d{1,6})\b(?![.,]\d)"
)
"""What a text says about the size of a batch. The word comes first in the pattern, since it is then found fast."""

FIXED_BATCH = re.compile(r"batch_(?<!\wbatch_)(?:input_)?shape\s?=\s?[(\[]\s?(\d{1,6})\b")
"""The batch in the shape of the input of a model of Keras."""

BATCH_FIRST = re.compile(
    r"[(\[]\s?(?:batch(?:[ _]?size)?|bs?|n)\s?,\s?(?:seq\w{0,8}|time\w{0,8}|t|l|steps|max_?len\w{0,4})\b"
    r"|(?:out|lstm|gru|rnn|hidden)\w{0,20}\[:,\s?-1\b|\bbatches (?:are|of) [(\[]"
)

RETURNED = re.compile(r"^([^\n=]{1,120})=[^\n]{0,80}?(?:lstm|gru|rnn|encod|decod|attention)", re.MULTILINE)
"""A line of code that names what a recurrent layer returns, in lower case."""

NAME = re.compile(r"[\w.]+")

HAS_SIZES = re.compile(r"\d\s?[,x×]\s?\d|\(\d{1,6},\)")
"""A line that may say a shape."""

SAID_SHAPE = re.compile(
    r"(?<![\w.])(?:self\.)?([a-z_]\w{0,30})(?:\.shape|\.size\(\))?['\"`]?\s?(?:[:=]{1,2}|is|has|are|with|of)?"
    r"\s?(?:(?:a|the|of)\s)?(?:shape|size)?\s?(?:is|of|:|=)?\s?(?:torch\.size)?\(?"
    r"([(\[]\s?\d{1,6}(?:\s?,\s?\d{1,6}){0,3},?\s?[)\]]|\d{1,6}(?:\s?[x×]\s?\d{1,6}){1,3}\b)"
)
"""What a text says about the shape of an array: ``x is (16, 10)``, ``x.shape: [16, 10]``, ``x (16 x 10)``."""

MADE_MATRIX = re.compile(rf"{NEW_ARRAY}\s?(\d{{1,7}}),\s?(\d{{1,7}})\)")
MASK_SHAPE = re.compile(rf"\bmask{SHAPE}")
NO_STATE = re.compile(r"\binitial_state=none\b")
COPIED = re.compile(
    r"([\w.]{0,200}?)\.?(weight_[ih]h(?:_l0)?): copying a param with shape torch\.size\(\[(\d{1,9}), (\d{1,9})\]\)"
)
UNITS_OF_MODEL = re.compile(
    r"weight_hh(?:_l0)?: copying a param[^\n]{1,90}model is torch\.size\(\[\d{1,9}, (\d{1,9})\]\)"
)
MADE = re.compile(r"nn\.(?<!\wnn\.)(?:lstm|gru|rnn)\(([^()]{0,200}(?:\([^()]{0,80}\)[^()]{0,80}){0,3})\)")
"""The arguments of a recurrent layer that is made in PyTorch."""

OF_KERAS = re.compile(r"\b(?:lstm|gru|simplernn)\(\d")
"""The beginning of a recurrent layer that is made in Keras, with its units."""

MADE_SIZES = re.compile(
    r"(?:lstm|gru|rnn)\w{0,20}\(\s?(?:\w{1,20}\s?=\s?)?(\d{1,6}),\s?(?:\w{1,20}\s?=\s?)?(\d{1,6})(?=\s?[,)])"
)
MADE_DENSE = re.compile(r"(?:linear|dense)\(\s?(?:\w{1,20}\s?=\s?)?(\d{1,6})")
WITHOUT_TIME = re.compile(
    r"\b(?:flatten|global\w{3,8}pool(?:ing)?1d)\([^()\n]{0,60}\)(?:\([^()\n]{1,40}\))?\)?"
    r"(?:[,\s]{1,20}(?:[\w.]{1,40}\.add\()?(?:[\w.]{1,40}\.)?(?:dense|activation|dropout)\([^()\n]{0,60}\)\)?){0,4}[,\s]{1,20}"
    r"(?:[\w.]{1,40}(?:\.add\(|\s?=\s?))?(?:[\w.]{1,40}\.)?(?:bidirectional\([\w.]{0,30})?(?:lstm|gru|simplernn)\("
    r"|(?:lstm|gru|rnn)\w{0,20}\((?:self\.)?\w{0,20}(?:pool|flatten)\w{0,20}\("
)
"""A layer of Keras that returns one vector for each sample, and the recurrent layer after it."""

END = r"(?!\s?(?:[*/%+\-]|\.\d|(?:if|and|or)\b))"
"""After the value of an argument that is not the beginning of a longer one, such as ``8 * hidden_size``."""

SAID_FLAG = pattern_with_word(
    r"(?:\b(if|when|whether|unless|in case)\b[^.\n]{0,40}?)?(?<![\w.])([a-z]{2,20}(?:_[a-z]{2,20})?)[`'\"]{0,2}"
    r" (?:(?:options?|arguments?|flags?|parameters?|settings?) )?(?:is|are|was|were) set (?:as|to)"
    r" [`'\"]{0,2}(true|false)\b",
    *("set as", "set to"),
)
"""What a sentence says of an argument that is true or false, in lower case, with the word of a condition before it."""

OFF = ("batch_first", "bidirectional")
"""Arguments that are false by default."""

DECODER = re.compile(r"\bdec(?:oder)?(?:_?\d|_\w{1,40})?\(")
ONE_STATE = re.compile(
    r"(?:lstm|\benc(?:oder)?|\bdec(?:oder)?)\w{0,20}\([^()\n]{1,60}(?:\([^()\n]{0,40}\)[^()\n]{0,20})?,\s?(?:self\.)?h(?:_?[0nt]|x)?\)"
)

ONE_STATE_CELL = r"\b(?:gru|(?:vanilla |simple )?rnn)s?"
REPLACED_BY_LSTM = re.compile(
    rf"{ONE_STATE_CELL}(?: \w{{1,12}})? (?:to|with|by|for|into) (?:an? |the )?(?:bi-?)?lstms?\b"
    rf"|\blstms? (?:instead of|rather than|in place of) (?:an? |the )?{ONE_STATE_CELL}\b"
)
"""Words for a change of the layer, in lower case."""

CELLS = {
    "lstm": re.compile("lstm"),
    "gru": re.compile(r"(?<![a-z])gru(?![a-z])|grucell"),
    "rnn": re.compile(
        r"simple_?rnn|(?<![a-z_])nn\.rnn\((?!\s{0,20}[\w.]{0,40}cell)|rnncell|basic rnn cell|simplecell|elman|_vf\.rnn_"
        r"|(?<![\w.])rnn\.forward\(self,|\bop_type:rnn\b|make_node\([\"']rnn[\"']"
    ),
}


OTHER_FRAMEWORK = pattern_with_word(
    r"torch|keras|tensorflow|\bnn\.|flax|sequential\(|\.fit\(|\.compile\(",
    *("torch", "keras", "tensorflow", "nn.", "flax", "sequential(", ".fit(", ".compile("),
)
"""A text about NumPy that has one of these is about data for a layer of a framework."""


def _sizes(listed: str) -> tuple[int | None, ...]:
    """A shape, as Keras lists it."""
    return tuple(int(size) if size.strip().isdecimal() else None for size in listed.split(",") if size.strip())


LEGACY_CELL = re.compile(r"rnn[/\\]legacy_cells\.py|\brnn\.legacy_cells\b|\bdynamic_rnn\(")
LAYER_OF_KERAS = re.compile(
    r"\bkeras\.(?:layers|models|input|sequential)\b|\bfrom (?:tensorflow\.)?keras\b|\blayers\.rnn\("
)

REPLACES_CELL = re.compile(r"`(?:tf\.)?keras\.[^`\n]{1,60}`")
"""What warnings of TensorFlow 1 name as the later form of its cells and loops."""

OF_JAVASCRIPT = re.compile(
    r"\btf\.(?:sequential|tensor[1-6]d|layers\.(?:lstm|gru|simple_?rnn|dense|embedding|input)\(\s*\{)|\btfjs\b|@tensorflow/"
    r"|tensorflow\.?js\b|\b(?:lstm_LSTM|gru_GRU|simple_rnn_SimpleRNN|rnn_RNN|dense_Dense|bidirectional_Bidirectional)\d",
    re.IGNORECASE,
)
"""What only a text about TensorFlow.js has: its functions, its packages, and the names that it gives to layers."""

OF_PYTHON = re.compile(
    r"^[ \t]{0,40}(?:from [\w.]{1,80} import \w|import [\w.]{1,80}(?: as \w{1,40})?[ \t]{0,40}$|def \w{1,60}\()"
    r"|^Traceback \(most|^[ ]{0,20}File [\"“”][^\n]{1,300}\.py[\"“”]",
    re.MULTILINE,
)
"""What only a program in Python has, which may also convert its model for TensorFlow.js."""


class Surroundings:
    """The text around a message. If the ``call`` in which the error arose is known, its layer counts more than lines of
    code."""

    def __init__(self, text: str, call: RecurrentCall | None = None) -> None:
        self.original, self.text, self.call = text, text.lower(), call
        self.arguments = call.arguments if call else {}
        self._lines: dict[str, FailedLine] = {}

    def line(self, code: str) -> FailedLine:
        """The line that failed, which is read once for the text."""
        return self._lines.setdefault(code, FailedLine(code, self.original))

    @cached_property
    def _named(self) -> str:
        """The text without warnings and what only mentions a layer."""
        return without_mentions(WARNING.sub("", self.original))

    @cached_property
    def names_recurrent_layer(self) -> bool:
        """Whether a recurrent layer is named. An import or the name of a folder is not enough."""
        return bool(
            self.call
            or NAMED.search(self._named)
            or OWN_PATH.search(self._named)
            or self._has_state_in_code
            or NETWORK.search(self.text)
            or LINK.search(self.text)
            or TITLE.search(self.text)
            or WRAPPER_IN_TABLE.search(self.text)
            or OPERATION_OF_LAYER.search(self.text)
            or STEP_OF_DECODER.search(self.text)
            or failed_in_layer(self.text)
        )

    @cached_property
    def _has_state_in_code(self) -> bool:
        return has_state(self.text)

    @property
    def failed_in_own_cell(self) -> bool:
        """Whether the last frame of the program itself is in a function that is called like a step of a cell."""
        return OWN_CELL_FUNCTION.fullmatch(last_own_frame(self.text)[1]) is not None

    @cached_property
    def names_recurrent_layer_in_numpy(self) -> bool:
        """Whether a recurrent layer is named in the last traceback, or a function or a class is called like one:
        layers of other frameworks raise no errors of NumPy."""
        is_said = NAMED.search(self._named) and not OTHER_FRAMEWORK.search(self.text)
        if is_said or self._has_state_in_code or DEFINED.search(self._named):
            return True
        _, _, rest = self.original.rpartition(TRACEBACK)
        trace = "\n".join(takewhile(lambda line: not BEGINNING_OF_PROGRAM.match(line), rest.split("\n")))
        return bool(NAMED.search(without_mentions(WARNING.sub("", trace))))

    @cached_property
    def cell(self) -> str:
        """The cell, if exactly one is named."""
        if self.call:
            return self.call.cell
        found = [cell for cell, pattern in CELLS.items() if pattern.search(self._named)]
        if not found and BOTH_FED.search(self.text):
            return "lstm"
        return found[0] if len(found) == 1 else ""

    @cached_property
    def has_only_tanh(self) -> bool:
        """Whether lines of code compute a tanh and no gate, as a simple RNN does."""
        has_gates = SIGMOID.search(self.text) or GATED_STATE.search(self.text)
        return bool(TANH.search(self.text)) and not has_gates

    @property
    def is_nnx(self) -> bool:
        """Whether a text names Flax's nnx, whose cells take other arguments than those of linen."""
        return "nnx" in self.text

    @cached_property
    def has_own_cell(self) -> bool:
        """Whether RNN of Keras computes a cell that the program defines."""
        return OWN_CELL.search(self.original) is not None and not SIMPLE_RNN.search(self.text)

    @cached_property
    def is_javascript(self) -> bool:
        """Whether a text is about TensorFlow.js."""
        return OF_JAVASCRIPT.search(self.original) is not None and not OF_PYTHON.search(self.original)

    @cached_property
    def is_r(self) -> bool:
        """Whether a text has a program of Keras in R, or an error of one."""
        is_made = MADE_IN_R.search(self.original) is not None and not OF_PYTHON.search(self.original)
        return is_made or "py_call_impl(" in self.original

    @cached_property
    def called_own_cell(self) -> bool:
        """Whether Keras lists a state among the arguments of a cell of the program's own: by the name of its class, or
        because the program makes its class, which says the sizes of its states."""
        called = CALLED_CLASS.findall(self.original)[-1:]
        is_cell = any(one.endswith("Cell") or self._makes_cell(one) for one in called)
        return is_cell and called[0] not in CELLS_OF_KERAS and bool(self.state_shape)

    def _makes_cell(self, name: str) -> bool:
        """Whether a class of the program says the sizes of its states, as Keras asks of a cell."""
        _, _, rest = self.original.partition(f"class {name}(")
        return "state_size" in NEXT_CLASS.split(rest, 1)[0]

    @cached_property
    def is_in_keras(self) -> bool:
        """Whether Keras called the code that failed. A program that imports PyTorch alone may speak of Keras."""
        names_keras = "keras" in self.text or "tensorflow" in self.text
        is_of_keras = names_keras and CODE_OF_KERAS.search(self.original)
        is_of_pytorch = not is_of_keras and IMPORTS_PYTORCH.search(self.original)
        words = WORDS_OF_KERAS - {"keras"} if is_of_pytorch else WORDS_OF_KERAS
        words = words - {GRAPH_FAILED} if IN_SESSION.search(self.text) else words
        if any(word in self.text for word in words) or IN_GRAPH_OF_KERAS.search(self.text):
            return True
        if MODEL_OF_KERAS.search(self.text) and not OTHER_MODELS.search(self.text):
            return True
        if not IN_INDEXED_LAYER.search(self.text):
            return False
        return "dynamic_rnn" not in self.text and not TENSORFLOW_1.search(self.original)

    @cached_property
    def merges_in_keras(self) -> bool:
        """Whether a layer of Keras that joins arrays raised the message of NumPy, which it begins with a capital
        letter."""
        return OF_MERGE in self.original and CODE_OF_KERAS.search(self.original) is not None

    @cached_property
    def calls_legacy_cell(self) -> bool:
        """Whether a text has a cell or a loop of TensorFlow 1, also of a version of Keras that still has them, and
        names no layer of Keras."""
        others = REPLACES_CELL.sub("", self.text)
        return LEGACY_CELL.search(self.text) is not None and LAYER_OF_KERAS.search(others) is None

    @cached_property
    def is_tensorflow_2(self) -> bool:
        """Whether a text has what only version 2 of TensorFlow has, and nothing that it lost."""
        return TENSORFLOW_2.search(self.original) is not None and not TENSORFLOW_1.search(self.original)

    @property
    def steps_of_input(self) -> int | None:
        """The number of steps of x, as the layer in whose call the error arose reads it."""
        return self.call.sizes.get("time_step") if self.call else None

    @cached_property
    def input_shape(self) -> tuple[int | None, ...]:
        """The shape of x in the arguments that Keras lists after a message; () without them."""
        return self._shape(INPUT_SHAPE)

    @cached_property
    def listed_inputs(self) -> list[tuple[int | None, ...]]:
        """The shapes of the inputs, in the arguments that Keras lists after a message; [] unless they are a list."""
        lists = INPUTS.findall(self.text)
        return [_sizes(shape) for shape in SHAPE_OF_ONE.findall(lists[-1])] if lists else []

    @cached_property
    def first_argument(self) -> tuple[int | None, ...]:
        """The shape of the first argument that Keras lists after a message; () without it."""
        listed = SHAPE_OF_ARGUMENT.search(self.text, max(0, self.text.rfind(ARGUMENTS_OF_LAYER)))
        return _sizes(listed[1]) if listed else ()

    def shape_of_argument(self, name: str) -> tuple[int | None, ...]:
        """The shape of an argument that Keras lists after a message; () without it."""
        return self._shape(re.compile(rf"• {re.escape(name.lower())}{SHAPE}"))

    @cached_property
    def lists_steps(self) -> bool:
        """Whether a model of Keras got an x with steps, in the arguments that Keras lists after a message."""
        return any(len(_sizes(shape)) == 3 for shape in SHAPE_OF_ARGUMENT.findall(self.text))

    @cached_property
    def state_shape(self) -> tuple[int | None, ...]:
        """The shape of h in the arguments that Keras lists after a message; () without them."""
        return self._shape(STATE_SHAPE)

    @cached_property
    def state_shapes(self) -> list[tuple[int | None, ...]]:
        """The shapes of all states in the arguments that Keras lists after a message; [] without them."""
        return [_sizes(shape) for shape in SHAPE_OF_ONE.findall(self._listed_states or "")]

    @cached_property
    def mask_shape(self) -> tuple[int | None, ...]:
        """The shape of the mask in the arguments that Keras lists after a message; () without them."""
        return self._shape(MASK_SHAPE)

    @cached_property
    def number_of_states(self) -> int | None:
        """The number of states in the arguments that Keras lists after a message; None without them."""
        if WITHOUT_STATES.search(self.text):
            return 0
        return None if self._listed_states is None else self._listed_states.count("'") // 2 or 1

    @cached_property
    def _listed_states(self) -> str | None:
        """The list of states in the arguments that Keras lists after a message; "" for a single state."""
        listed = STATES.findall(self.text)
        return listed[-1] if listed else None

    @cached_property
    def names_projection(self) -> bool:
        """Whether a line of code, or the layer in whose call the error arose, makes an LSTM with a projection."""
        is_in_text = re.search(r"proj_size(?<!\wproj_size)\s?=\s?(?!0\b|proj_size\b)\w", self.text)
        return bool(self.arguments.get("proj_size") or is_in_text)

    @cached_property
    def names_two_directions(self) -> bool:
        """Whether the text speaks of a layer with two directions."""
        return self.flag("bidirectional") is not False and bool(
            re.search(r"\bbi-directional|bidirectional|bi_?(?:lstm|gru|rnn)", self.text)
        )

    @cached_property
    def makes_several_layers(self) -> bool:
        """Whether lines of code make several recurrent layers of Keras."""
        return len(OF_KERAS.findall(self.text)) > 1

    @cached_property
    def made_shapes(self) -> list[tuple[int | None, ...]]:
        """The shapes of three axes that lines of code give to new arrays; that of x, if it is known."""
        if self.call:
            return [self.call.input] if len(self.call.input) >= RANK else []  # a shorter one lacks one of them
        return [(int(a), int(b), int(c)) for a, b, c in MADE_ARRAY.findall(self.text)]

    @cached_property
    def made_sizes(self) -> list[tuple[int, int]]:
        """The first two numbers of recurrent layers and cells that lines of code make: features and units."""
        return [(int(features), int(units)) for features, units in MADE_SIZES.findall(self.text)]

    @cached_property
    def said_layers(self) -> set[int]:
        """The numbers of layers in settings such as ``n_layers: 2``."""
        return {int(number) for number in SAID_LAYERS.findall(self.text)}

    @cached_property
    def said_batches(self) -> set[int]:
        """The sizes of a batch that a sentence or a setting says."""
        return {int(number) for number in SAID_BATCH.findall(self.text)}

    @cached_property
    def fixed_batches(self) -> set[int]:
        """The sizes of batches that lines of code fix for a model of Keras."""
        return {int(number) for number in FIXED_BATCH.findall(self.text)}

    @cached_property
    def returned_names(self) -> set[str]:
        """The names that lines of code give to what recurrent layers, and networks of them, return; in lower case."""
        return {name for left in RETURNED.findall(self.text) for name in NAME.findall(left)}

    @cached_property
    def reads_batch_first(self) -> bool:
        """Whether a comment says the shape of an array whose first axis is the batch, or lines of code read the last
        step from the second axis."""
        return bool(BATCH_FIRST.search(self.text))

    def size_of_layer(self, n: int) -> str:
        """Which size of the recurrent layers in lines of code is ``n``; "" for none, for several, or if a dense layer
        has it as well."""
        sizes = {
            size for pair in self.made_sizes for size, m in zip(("features", "units"), pair, strict=True) if m == n
        }
        return sizes.pop() if len(sizes) == 1 and n not in self._sizes_of_dense else ""

    @cached_property
    def _sizes_of_dense(self) -> set[int]:
        """The first numbers of dense layers that lines of code make."""
        return {int(size) for size in MADE_DENSE.findall(self.text)}

    @cached_property
    def made_matrices(self) -> list[tuple[int, int]]:
        """The shapes of two axes that lines of code give to new arrays."""
        return [(int(rows), int(columns)) for rows, columns in MADE_MATRIX.findall(self.text)]

    @cached_property
    def said_shapes(self) -> dict[str, tuple[int | None, ...]]:
        """The shapes of arrays that a sentence or a printed line says, by name; the last one of each."""
        lines = "\n".join(filter(HAS_SIZES.search, self.text.split("\n")))
        return {name: tuple(map(int, re.findall(r"\d+", sizes))) for name, sizes in SAID_SHAPE.findall(lines)}

    @cached_property
    def makes_layer_of_pytorch(self) -> bool:
        """Whether lines of code make a recurrent layer or cell of PyTorch, and not one of their own."""
        return bool(re.search(r"nn\.(?<!\wnn\.)(?:lstm|gru|rnn)(?:cell)?\(", self.text))

    @cached_property
    def removes_time(self) -> bool:
        """Whether lines of code put a layer of Keras that removes the axis of time directly before a recurrent one."""
        return bool(WITHOUT_TIME.search(self.text))

    @cached_property
    def convolves(self) -> bool:
        """Whether lines of code call a convolution of PyTorch, which returns its channels before the steps, and
        exchange no axes."""
        return bool(re.search(r"(?<!new_)\bconv\w{0,20}\(|\.cnn\w{0,9}\(", self.text)) and not re.search(
            "permute|transpose|swapaxes|movedim|rearrange", self.text
        )

    @cached_property
    def concatenates(self) -> bool:
        """Whether a line of code makes one array of several."""
        return bool(re.search(r"\b(?:cat|concat\w{0,12}|[hv]stack)\(", self.text))

    @cached_property
    def is_sequential(self) -> bool:
        """Whether a Sequential of PyTorch called the layer."""
        return bool(re.search(r"modules[\\/]container\.py", self.text))

    @cached_property
    def fits_model(self) -> bool:
        """Whether a line of code trains a model of Keras."""
        return bool(re.search(r"\w\.fit\(", self.text))

    def transposes(self, features: int, steps: int | None) -> bool:
        """Whether lines of code make an x whose features come before its steps."""
        return any(shape[1:] == (features, steps) for shape in self.made_shapes)

    @cached_property
    def starts_from_zeros(self) -> bool:
        """Whether the arguments that Keras lists have no initial state."""
        return bool(NO_STATE.search(self.text))

    def _shape(self, argument: re.Pattern[str]) -> tuple[int | None, ...]:
        listed = argument.findall(self._lines_with_shapes)  # the last ones belong to the last message
        return _sizes(listed[-1]) if listed else ()

    @cached_property
    def _lines_with_shapes(self) -> str:
        """The lines that list the shape of an argument, in which patterns are searched faster than in the whole
        text."""
        return "\n".join([line for line in self.text.split("\n") if IN_SHAPE in line])

    def copied_sizes(self, layer: str) -> dict[str, tuple[int, int]]:
        """The shapes of the matrices of a layer in a checkpoint, by the name of the parameter. ``layer``: its path."""
        copied = COPIED.findall(self.text)
        return {name: (int(rows), int(columns)) for path, name, rows, columns in copied if path == layer}

    @cached_property
    def model_units(self) -> int | None:
        """The number of units of the model that gets a checkpoint; None if no message says it."""
        said = UNITS_OF_MODEL.search(self.text)
        return int(said[1]) if said else None

    @cached_property
    def passes_one_state(self) -> bool:
        """Whether a line of code passes an LSTM something that is called h, and no pair."""
        return bool(ONE_STATE.search(self.text))

    @cached_property
    def replaces_by_lstm(self) -> bool:
        """Whether the text says that an LSTM stands where another layer with one state was."""
        return bool(REPLACED_BY_LSTM.search(self.text))

    @cached_property
    def has_bidirectional_wrapper(self) -> bool:
        """Whether lines of code or frames name Keras' layer that runs another one in both directions."""
        return bool(re.search(r"bidirectional(?<!\wbidirectional)(?:\(|\.py|\.call)", self.text))

    @cached_property
    def calls_decoder(self) -> bool:
        """Whether lines of code call a decoder, whose state comes from an encoder."""
        return bool(DECODER.search(self.text))

    @cached_property
    def mixes_batch_first(self) -> bool:
        """Whether one layer of PyTorch has batch_first=True, and another one has not."""
        return "batch_first" not in self.arguments and self._values("batch_first", "true|false") == {"true", "false"}

    @cached_property
    def reads_first_axis(self) -> bool:
        """Whether a line of code makes something as long as the first axis of an array."""
        return bool(re.search(r"\.size\(0\)|\.shape\[0\]", self.text))

    @cached_property
    def has_one_direction(self) -> bool:
        """Whether lines of code make several layers of PyTorch, and none with two directions."""
        return self.flag("bidirectional") is False and len(self._made) > 1

    def flag(self, name: str) -> bool | None:
        """The value of an argument that is true or false, if all lines of code agree."""
        if name in self.arguments:
            return bool(self.arguments[name])
        values = self._values(name, "true|false") or self._said_flags.get(name, set())
        return values == {"true"} if len(values) == 1 else None

    @cached_property
    def _said_flags(self) -> dict[str, set[str]]:
        """The values of arguments that sentences say, without conditions."""
        said: dict[str, set[str]] = {}
        for condition, name, value in SAID_FLAG.findall(self.text):
            if not condition:
                said.setdefault(name, set()).add(value)
        return said

    def number(self, name: str) -> int | None:
        """The value of an argument that is a number, if all lines of code agree."""
        if name in self.arguments:
            return self.arguments[name]
        values = self._values(name, r"\d{1,6}")
        return int(values.pop()) if len(values) == 1 else None

    @cached_property
    def _made(self) -> list[str]:
        """The arguments of the layers of PyTorch that lines of code make; one without arguments is only named."""
        return [arguments for arguments in MADE.findall(self.text) if arguments.strip()]

    def _values(self, name: str, value: str) -> set[str]:
        """The values of an argument. The name comes first in the pattern, since it is then found fast."""
        values: set[str] = set(re.findall(rf"{name}(?<!\w{name})\s?=\s?({value})\b{END}", self.text))
        if name in OFF and any(name not in layer and "**" not in layer for layer in self._made):
            values.add("false")
        return values
