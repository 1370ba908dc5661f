"""What arrays are called in programs with recurrent layers: names -> roles, by patterns."""

import re

ROLES = {
    "mask": r"\w*mask\w*|valid\w*|is_pad\w*|padding|pad|keep",
    "target": r"(?:\w+_)?(?:targets?|labels?|truth|gt|gold|future)(?:_\w{1,12})?|(?:\w+_)?(?:tgt|trg)|\w+_true|[yt]b"
    r"|y_?(?:true|train|test|batch|val|next)",
    "bias": r"b|bias\w*|b_\w{1,12}|b[ifgocrzxhuy]{1,2}",
    "c": r"c|c_?[t0n]|cx|c_?(?:prev|old|last|next|new|tm1|state)|(?:prev|last|old)_c|cell(?:_state)?|\w+_c(?:ell)?",
    "weights": r"w|wts?|(?:\w+_)?weights?|alphas?|scores?|energ(?:y|ies)|probs?|attn\w*|att|attention\w*|align\w*",
    "h": r"h\w?|[gpu]h|h_(?:\w|tm1|prev|old|last|next|new|in|init|final|dec|enc)|h_?(?:prev|old|last)|hx|a_?prev"
    r"|(?:prev|last|final|old)_h|(?:\w+_)?hidden(?:_?(?:states?|n|t|0))?|(?:\w+_)?states?(?:_\w)?|carry|h2h"
    r"|query|queries|q|s_?(?:t|prev)|st",
    "output": r"o|ys?|y_\w|y_?(?:hat|pred)|hs|hiddens|hidden_seq\w*|all_(?:h|states)"
    r"|\w*outs?(?:_?\d)?|\w*out_\w+|\w*outputs?\w*"
    r"|(?:mem(?:ory)?|annotations|glimpse)|(?:(?:enc|dec)(?!\w*(?:inp|emb))|ctx|context|pred|recon|seq_out)\w*"
    r"|logits?|forecasts?"
    r"|keys?|values?|[vkru]|(?:\w+_)?(?:rnn|lstm|gru)\w*|f(?:wd|w)|b(?:wd|w)|forward|backward",
    "x": r"x\w?|xs|[ix]2h|x_\w+|[gpw]x|obs\w*|e|(?:enc|dec)\w*inp\w*"
    r"|(?:inp|tok|src|feat|numeric|cat)\w*|\w*emb\w*|seqs?|sequences?|data"
    r"|batch|windows?|series|identity|skip|residual|shortcut|statics?|dynamics?|words?|chars?|frames?|signals?|visual"
    r"|images?|captions?",
}
"""What an array is -> its names, in lower case. The first role counts of which one is the name."""

OF_ANYTHING = re.compile(r"[qrukvw]|alphas?|values?|keys?")
"""Names of arrays of a network that other programs give to anything."""

NAMES = {role: re.compile(names) for role, names in ROLES.items()}

KERNEL = re.compile(r"[WUVR](?:_?\w{0,8})?|[wu]_?(?:[ihxcfogrz]{1,3})|weights?_[ihx]\w{1,6}|\w*kernel\w*|W_?\w*")
"""Names of the weights of a cell; the capital letters count."""

NAMES_OF_LAYERS = {
    "output": r"\w*(?:lstm|gru|rnn|encode|decode)\w*|enc\w*|dec\w*|\w*model|net\w*|predict\w*|bi",
    "x": r"\w*emb\w*",
    "mask": r"\w*mask\w*",
    "weights": r"(?:softmax|\w*score\w*|energy|align\w*|attn_weights)",
}
"""The names of layers and functions, by what they return."""

CALLED = {role: re.compile(names) for role, names in NAMES_OF_LAYERS.items()}

RECURRENT = re.compile(r"(?:\w+_)?(?:lstm|gru|rnn)\w{0,8}|\w{0,12}(?:lstm|gru|rnn)|enc(?:oder)?|dec(?:oder)?")
"""Layers that return a pair: output and state."""

OF_KERNELS = {
    "h": re.compile(r"(?i:w|k)?_?(?:hh|rec\w*|aa|ss|h)\b|U\w?|U_\w+"),
    "x": re.compile(r"(?i:w|k)_?(?:xh|ih|ax|x|in|i|xx)\b"),
}
"""Weights of a cell by their names -> what they are multiplied by."""

OF_OUTPUT = re.compile(r"(?i:\bw_?(?:hy|hq|hv|ya|ay|out\w*|y|fc|dense)\b)|\bV\b")
"""Names of the weights of what follows a cell."""

OF_LAYER_AFTER = re.compile(
    r"^(?:self\.|\w{1,30}\.)?(?:\w{1,30}\[')?(?:(?:w_?)?read_?out|(?:out|output)_?proj\w{0,8}|head|classifier)(?:'\])?(?:\.T)?$"
)
"""Weights with the name of a layer after a cell, as Python writes them: ``self.readout`` or ``params['head']``."""

OF_LOSSES = re.compile(r"mask|weight|valid|observed|present|keep|\bpad", re.IGNORECASE)
"""Names of an array with a value for each step, by which losses are multiplied."""

OF_GATES = re.compile(r"^(?:[ifgocrzun]|[ifgocrzn]_?t|pre\w*|z_?\w*)$|gate|cand|tilde")
"""Names of gates, and of what a cell adds before they are computed."""


def role_of(name: str) -> str:
    """What an array is called like that; "" for nothing."""
    last = name.rpartition(".")[2]
    if KERNEL.fullmatch(last) and not NAMES["weights"].fullmatch(last):
        return "kernel"
    lower = last.lower()
    return next((role for role, names in NAMES.items() if names.fullmatch(lower)), "")


def role_of_layer(name: str) -> str:
    return next((role for role, names in CALLED.items() if names.fullmatch(name)), "")
