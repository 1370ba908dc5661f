"""Where a text names a recurrent layer, and where it only mentions one that the network does not have."""

import re

from .named_framework import PATH
from .pattern_with_word import pattern_with_word

CRF = "".join(f"(?<!{one})" for one in ("crf", "crfas", "crf_as_", "crf-as-", "crf as "))
"""What is not before a recurrent layer: a CRF that is computed as an RNN is a layer for images, and has no cell."""

RECURRENT = (
    r"lstm|conv_lst_m\dd|(?<![a-z])gru(?![a-z])|gru_?cell|cudnngru"
    rf"|(?<!nn\.utils\.){CRF}rnn(?:_?cell|base)?(?![a-z])"
)

NAMED = re.compile(RECURRENT)

IN_NAMES = re.compile("lstm|lst_m|gru|rnn|recurrent|elman|attention_wrapper")
"""One of these is in every name of a recurrent layer, and of a file in which frameworks compute one, in lower case."""

NEGATED = re.compile(
    r"\b(?:no|not|not (?:us(?:e|ing)|have)|without|isn.?t|replac(?:e[ds]?|ing)|removed?|removing|dropp(?:ed|ing)"
    r"|instead of|rather than|(?:switched|moved|changed) from)"
    rf"[ ]{{1,5}}(?:(?:an?|any|my|our|the|its|this|that)[ ])?(?:(?:old|former|previous)[ ])?(?:{RECURRENT})"
)
"""A layer that the network does not have, or no longer has."""

FORMER = re.compile(rf"\b(?:the|my|our|that) (?:(?:old|former|previous) )?(?:{RECURRENT})\b(?! ?[(=.])")
"""A layer of which a text speaks after it said that the network no longer has it."""

LATER = pattern_with_word(
    rf"\b(?:will|going to|plan(?:ning)? to)\b[^.\n]{{0,60}}\b(?:{RECURRENT})"
    rf"|\b(?:{RECURRENT})s?\b[^.\n]{{0,40}}\b(?:later|afterwards|eventually)\b",
    *("will", "going to", "plan to", "planning to", "later", "afterwards", "eventually"),
)
"""A layer that the network does not have yet."""

OTHER_MODEL = pattern_with_word(
    rf"\b(?:the|my|our|an?) (?:{RECURRENT})[ -](?:baseline|version|variant|example|one)s?\b"
    r"(?=[^.\n]{0,30}\b(?:runs?|works?|trains?|is fine|is ok)\b(?! into\b))"
    r"(?![^.\n]{0,30}(?:\b(?:not|never|only|unless|until)\b|n['’]t\b))",
    *("baseline", "version", "variant", "example", "one"),
)
"""Another network, which has no error."""

CHOICE = re.compile(
    rf"(?<=['\"])\w{{0,40}} ?(?:{RECURRENT}) ?(?!_?(?:units?|num|size|dim|hidden|layers?|cells?|dropout))\w{{0,40}}"
    r"(?=['\"]\s?:\s?[\d'\"])"
)
"""A key of a table of choices in code; not a setting of a layer."""

COMMENT = re.compile(r"(?:^|(?<=\s))#(?=[^#\n]{0,300}$)[^\n]{1,300}", re.MULTILINE)

MOST_OF_FRAGMENT = 1_000
"""Characters of a message with a few lines of code."""

MOST_WORDS = 5
"""Words of a comment that is only a name, with its mark."""

OF_PROGRAM_OR_TRACEBACK = re.compile(
    r"^[ \t>]{0,40}(?:import|from|class|def|async|@)\b|^Traceback|^[ ]{0,20}File \"|^-+> ?\d"
    r"|nn\.|layers\.|keras\.",
    re.MULTILINE,
)
"""What a program or a traceback has, which names its layers itself."""

DOCUMENTATION = re.compile(r"(:[^\n]{0,80}\n[ \t]{1,40}[rf]?)(\"{3}|'{3}).{0,1500}?\2", re.DOTALL)
"""The text at the beginning of a class or a function."""

FILE_NAME = re.compile(
    rf"(?<![\w./\\-])[\w-]{{0,60}}?(?:{RECURRENT})[\w-]{{0,60}}"
    r"\.(?:csv|tsv|h5|hdf5|keras|pth?|ckpt|np[yz]|pkl|pickle|json|ya?ml|txt|log|onnx|tflite|ipynb|png|py)\b"
)

VARIABLE = re.compile(rf"(?<![\w.:/\\-])(?:\w{{1,40}}_)?(?:{RECURRENT})\d{{0,2}}(?:_\w{{1,40}})?(?![\w(/:\\-])")
"""A name in code that is not called and no attribute."""

OF_NETWORK = re.compile(
    r"\d+|[hc]|x[wh]|fw|bw|enc\w*|dec\w*|my|the|own|bi|bidirectional|stacked|simple|vanilla|char|basic|multi|dynamic|static|conv"
    r"|layers?|cells?|block|model|net\w*|out\w*|states?|hidden|forward|backward|unit|seq2seq|step|fn|func|loop|params|weights|v\d"
    r"|top|bottom|first|last|feats?|vec|repr|hs|branch|tower|stream|core|body|stack|head"
)
"""Words beside a cell in the name of a layer, a network or what it returns. Any other name may be that of data."""

OF_KERAS = re.compile(r"(?:(?:lstm|gru|simple_?rnn)_)?(?:lstm|gru|simple_?rnn)_?\d{1,4}(?:_input)?")
"""The default name of a layer of Keras or TensorFlow.js, or of its input."""

HEADING = re.compile(
    r"(?:\A\s{0,20}|\n[ ]{0,20}\n)(#{1,6}[ ])(?=[^\n]{1,300}\n[ ]{0,20}\n(?!\s{0,20}(?:import|from|def|class|@)\b))"
)
"""The mark of a heading in Markdown, between empty lines; not that of a comment at the beginning of a program."""

METHOD_OF_NETWORK = re.compile(
    r"\.(?:fit(?:_generator)?|predict|evaluate|(?:train|test|predict)_on_batch|compile|forward|load_state_dict"
    r"|(?:load|set|get)_weights)\("
)
"""What is called of a network, and not of data."""

OF_DATA = re.compile(r"\w*(?:scaler|imputer|tokenizer|vectorizer|pca)\w*|sc|mms|label")
"""Words in the name of what prepares data, which has a method ``fit``, too."""

OF_PROGRAM = re.compile(
    r"\b(?:train|fit|run|main|test|eval\w*|predict|prepare|load|plot|save|scale|get|make|build|create)_\w{0,60}"
)
"""A function that does something with a whole network: its name does not say that the error arose in a layer."""

CLASS_NAME = pattern_with_word(
    r"(?<=[a-z\d])(GRU|RNN)(?![a-z])|\b(GRU|RNN)(?=[A-Z][a-z])(?!Cell\b)|\b(LSTM|GRU|RNN)_(?=[A-Z]{1,8}[a-z])",
    *("GRU", "RNN", "LSTM_"),
)
"""A cell in the name of a class of one's own, such as BiGRU, RNNModel or GRU_FCNPlus."""

IMPORT = re.compile(r"^[ ]{0,40}(?:from|import) .{0,200}$", re.MULTILINE)

OWN_PATH = re.compile(
    r"modules[\\/]rnn\.py|layers[\\/]rnn[\\/]|recurrent(?:_v2)?\.py|rnn_cell|ops[\\/]rnn|nn[\\/]recurrent"
    r"|(?i:rnn/while)/|(?:(?:lstm|gru|rnn)_cell|attention_wrapper)(?:_\d{1,3})?/(?:concat|matmul|mul|add|split|biasadd)"
)
"""Files in which frameworks compute recurrent layers, and operations of TensorFlow in them. The names of other files
and folders say nothing."""

SCOPE_IN_NODE = pattern_with_word(r"(?<=node )(?:\w{1,40}/){0,4}(RNN|LSTM|GRU)(?=/)", "node ")
"""A scope that has only the name of a cell, in the name of an operation of TensorFlow 1."""

OPERATION_OF_LAYER = pattern_with_word(
    r"(?<![a-z\d])(?:lstm|gru|simple_rnn|bidirectional)(?:_\d{1,4}){0,3}/(?:(?:forward|backward)_\w{1,40}/)?"
    r"(?:while|transpose|tensorarray|tensorlist|zeros|fill|tile|select|reverse|strided_slice|split|ones_like"
    r"|partitionedcall|statefulpartitionedcall|expanddims)[\w/]{0,200}(?!\.)",
    *("lstm", "gru", "simple_rnn", "bidirectional"),
)
"""An operation in the scope of a recurrent layer of Keras, which has its default name, in lower case."""

STEP_OF_DECODER = pattern_with_word(
    r"(?<![a-z\d])while/(?:basic|beamsearch|custom)?decoderstep/"
    r"|(?<!\w)(?:cell_)?outputs?, (?:next|new)_(?:cell_)?state ?= ?self\._?cell\(",
    *("decoderstep/", "_state=self", "_state = self", "_state =self", "_state= self"),
)
"""An operation of a decoder of TensorFlow 1, which computes one step of a cell, or the line of its wrappers that calls
the cell; in lower case."""

OF_INDEX_IN_KERAS = r"(?<![a-z\d])(?:lstm|gru|simple_rnn|bidirectional)(?:_\d{1,4}){1,3}/"
"""The scope of a recurrent layer to which Keras gave its default name with a number, in lower case; the loops of
TensorFlow 1 have other names."""

IN_GRAPH = re.compile(r"^\[\[|\}\}\]\]|(?:^|\W)(?:sequential|functional)(?:_\d{1,3})?/")
"""The name of an operation in a graph of TensorFlow, with the names of the layers that it is in."""


def _without_path(match: re.Match[str]) -> str:
    """A path, or "" if it is that of a file that is not a framework's."""
    return match[0] if IN_GRAPH.search(match[0]) or OWN_PATH.search(match[0]) else ""


def _without_data(match: re.Match[str]) -> str:
    """A name in code, or "" if it may be that of data for a layer."""
    if OF_KERAS.fullmatch(match[0]):
        return match[0]
    words = [word for word in match[0].split("_") if word and not NAMED.match(word)]
    if METHOD_OF_NETWORK.match(match.string, match.end()) and not any(map(OF_DATA.fullmatch, words)):
        return match[0]
    return match[0] if all(map(OF_NETWORK.fullmatch, words)) else ""


def _label(comment: re.Match[str]) -> str:
    """A comment of few words, which say what a line is; "" for one that says something about it."""
    return comment[0] if len(comment[0].split()) <= MOST_WORDS else ""


def without_mentions(text: str) -> str:
    """The lines of a text that name a recurrent layer, in lower case, without imports, comments, documentation,
    negations, plans, names of programs, of data and of files, and paths outside of frameworks. Short comments of a
    few lines without a program or a traceback count. Equal lines count once, to read long logs fast."""
    if "#" in text:
        text = HEADING.sub(lambda heading: heading[0].removesuffix(heading[1]), text)
    is_fragment = len(text) <= MOST_OF_FRAGMENT and not OF_PROGRAM_OR_TRACEBACK.search(text)
    lines = dict.fromkeys(DOCUMENTATION.sub(r"\1", text).split("\n"))
    in_lower_case = "\n".join(lines).lower().split("\n")  # faster than a pattern that ignores case
    named = "\n".join([line for line, lower in zip(lines, in_lower_case, strict=True) if IN_NAMES.search(lower)])
    named = SCOPE_IN_NODE.sub(r"\1 ", named)
    text = CLASS_NAME.sub(r" \1\2\3 ", PATH.sub(_without_path, named)).lower()
    text = FILE_NAME.sub(" ", IMPORT.sub("", COMMENT.sub(_label if is_fragment else "", text)))
    if NEGATED.search(text):
        text = FORMER.sub(" ", NEGATED.sub(" ", text))
    text = CHOICE.sub(" ", OTHER_MODEL.sub(" ", LATER.sub(" ", text)))
    return OF_PROGRAM.sub(" ", VARIABLE.sub(_without_data, text))
