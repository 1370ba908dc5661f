"""Stacks of cells, each of which is a layer, in a text: their number is that of the layers."""

import re

STACK_OF_CELLS = re.compile(
    r"multi_?rnn_?cell|stacked_?rnn_?cells?\b|sequentialrnncell"
    r"|\brnn\(\s?(?:cell\s?=\s?)?(?:\[|\(|\w{0,20}cells\b)"
    r"|modulelist\(\s{0,20}\[\s{0,20}[\w.]{0,20}(?:lstm|gru|rnn)cell\("
    r"|cell\.state_size\W{1,3}is [\[(][\[(]"
)
"""A stack of cells, as programs and the names of operations write it, or the states of several cells; in lower case."""


def runs_several_cells(text: str) -> bool:
    """Whether a text in lower case may run a stack of cells: it names one, or its message lists the states of each."""
    return bool(STACK_OF_CELLS.search(text))
