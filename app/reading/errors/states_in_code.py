"""Whether lines of code have what only recurrent layers have: their states, their weights, and attention between
them."""

from .pattern_with_word import pattern_with_word

H = r"h(?:_?\w|_\w{2,6}|prev|idden\w{0,6})?"
"""Names of a state, in lower case."""

BOTH_FED = pattern_with_word(
    r"[\"']h_?0[\"']\s?:[^\n]{1,160}[\"']c_?0[\"']\s?:|[\"']c_?0[\"']\s?:[^\n]{1,160}[\"']h_?0[\"']\s?:", "c0", "c_0"
)
"""Both states of an LSTM in the inputs that a model gets by their names, in lower case."""

STATES_IN_CODE = (
    pattern_with_word(r"\(h_?[0nx],\s?c_?[0nx]\)", "(h"),
    pattern_with_word(r"\b[hc]_n\b", "h_n", "c_n"),
    pattern_with_word(
        r"\b\w{1,20}, ?\((\w{1,20}), ?(\w{1,20})\) ?= ?[\w.]{1,40}\([^\n()]{1,60}, ?\(\1, ?\2\)\)", ")=", ") ="
    ),
    pattern_with_word(r"\binit_hidden\(", "init_hidden("),
    pattern_with_word(r"\b(?:enc|dec)(?:oder)?_(?:hiddens?|state)\b", "enc_", "dec_", "encoder_", "decoder_"),
    pattern_with_word(r"\bw_?(?:hh|xh)\b|\bwaa\b", "whh", "wxh", "w_hh", "w_xh", "waa"),
    pattern_with_word(r"\bh_?prev\b", "hprev", "h_prev"),
    BOTH_FED,
    pattern_with_word(r"\bforget_gate\b", "forget_gate"),
    pattern_with_word(r"\b[ih]2h\b", "i2h", "h2h"),
    pattern_with_word(r"(?<![a-z])state_[hc]\b", "state_h", "state_c"),
    pattern_with_word(r"(?<![a-z])(?:bahdanau|luong)", "bahdanau", "luong"),
    pattern_with_word(
        r"\b(h\w{0,12})\s?=\s?[\w.]{0,12}tanh\((?=[^\n]{0,200}\b\1\b)[^\n]{0,120}?(?:@|dot\(|matmul\()[^\n]{0,120}?\+[^\n]{0,60}?(?:@|dot\(|matmul\()"
        r"|tanh\([^\n+]{0,60}hidden[^\n+]{0,60}\+[^\n+]{0,60}\benc(?:oder)?_out"
        rf"|tanh\([^\n]{{0,20}}\bx\w{{0,6}} ?(?:@|,)[^\n]{{1,30}}\+[^\n]{{0,20}}\b{H} ?(?:@|,)"
        rf"|tanh\([^\n]{{0,30}}(?:@|,) ?x\w{{0,6}}\b[^\n]{{0,20}}\+[^\n]{{0,40}}(?:@|,) ?{H}\b",
        "tanh(",
    ),
    pattern_with_word(r"cat\(\s?[\[(][^\n]{0,20}\bhidden\b[^\n]{0,20}\benc(?:oder)?_out", "cat("),
)
"""Names in lines of code, in lower case, that only states and weights of recurrent layers have, attention between them,
and the step of a simple RNN."""

KEEPS_STATE = pattern_with_word(r"\bstateful ?= ?true\b", "stateful")
"""The option of a layer that keeps its state for the next batch; functions of Python in graphs of TensorFlow have it,
too."""

PYTHON_FUNCTION = pattern_with_word(r"\b(?:py_func(?:tion)?|numpy_function)\b", "py_func", "numpy_function")


def has_state(text: str) -> bool:
    """Whether lines of code in a text in lower case have something of a recurrent layer."""
    is_kept = KEEPS_STATE.search(text) and not PYTHON_FUNCTION.search(text)
    return bool(is_kept) or any(pattern.search(text) for pattern in STATES_IN_CODE)
