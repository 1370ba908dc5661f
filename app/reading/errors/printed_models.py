"""A model of PyTorch as Python prints it, as the lines of code that make its layers: a text often has no others."""

import re
from collections import Counter
from collections.abc import Iterator

LAYER = re.compile(
    r"\((\w{1,40})\): ((?:LSTM|GRU|RNN)(?:Cell)?(?=\(\d{1,6}, \d)|Linear|Embedding|Conv[12]d|Dropout"
    r"|(?:Batch|Layer)Norm(?:1d)?)"
    r"(\([^()\n]{0,200}(?:\([^()\n]{0,60}\)[^()\n]{0,100}){0,6}\)),?"
)
"""The line of a layer in a printed model: its name, its class, and its arguments."""

MODULE = re.compile(r"(?:\((\w{1,40})\): )?[A-Z]\w{0,60}\(")
"""The line of what has other modules: its name, "" at the top."""

NAMED_MODULE = re.compile(r"\(\w{1,40}\): [A-Z]\w{0,60}\(")
"""The beginning of a line of a module in another one."""

ALONE = re.compile(
    r"(?<![\w.=(])(?<![\w.=(] )(?=(?:LSTM|GRU|RNN)(?:Cell)?\(\d{1,6}, \d{1,6}"
    r"(?:, (?:num_layers|bias|batch_first|dropout|bidirectional|proj_size)=[\w.]{1,10}){0,6}\)(?!\.?\w|\())"
)
"""Before a layer that is printed alone: it has two sizes, which one of Keras has not."""

MADE = re.compile(r"(?:\bnn\.|= ?|class )(?:LSTM|GRU|RNN)(?:Cell)?\b|import [^\n]{0,100}\b(?:LSTM|GRU|RNN)(?:Cell)?\b")
"""A line of code that makes a recurrent layer, or defines or imports its class."""


PRINTED = "as printed"
"""The comment after a layer that no line of the program itself makes."""


def with_made_layers(text: str) -> str:
    """A text in which the layers of a printed model are made, unless lines of code make recurrent layers."""
    if MADE.search(text):
        return text
    if NAMED_MODULE.search(text):
        lines = text.split("\n")
        modules = [*_modules(lines)]
        shared = Counter(path[-1] for _, path, *_ in modules)
        for n, path, kind, arguments in modules:
            name = "_".join(filter(None, path)) if shared[path[-1]] > 1 or path[-1].isdecimal() else path[-1]
            name = name if name.isidentifier() else f"layer_{name}"
            lines[n] = f"self.{name} = nn.{kind}{arguments}  # {PRINTED}" if kind else ""
        text = "\n".join(lines)
    return ALONE.sub("nn.", text)


def _modules(lines: list[str]) -> Iterator[tuple[int, tuple[str, ...], str, str]]:
    """The places of the lines of a printed model, the names that lead to each module, and the class and the arguments
    of a layer, "" for other modules."""
    path: list[str] = []
    for n, line in enumerate(map(str.strip, lines)):
        following = lines[n + 1].strip() if n + 1 < len(lines) else ""
        if layer := LAYER.fullmatch(line):
            yield n, (*path, layer[1]), layer[2], layer[3]
        elif (module := MODULE.fullmatch(line)) and NAMED_MODULE.match(following):
            path.append(module[1] or "")
            yield n, (*path,), "", ""
        elif path and line == ")":
            yield n, (*path,), "", ""
            path.pop()
