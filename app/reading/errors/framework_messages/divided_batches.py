"""Batches of which each of several devices gets a part."""

import re

from ..pattern_with_word import pattern_with_word
from .message_template import Found

GPUS = r"\b(?:multi-?|multiple |several |[2-8] |two )gpus?\b"
"""Several devices, in lower case."""

DIVIDED = pattern_with_word(
    rf"(?<!distributed)dataparallel\(|\bdata_parallel\(|nn\.dataparallel|parallel_apply\.py"
    rf"|\b(?:with|use|using|under|by) [`'\"]?dataparallel\b|{GPUS}",
    *("dataparallel", "data_parallel(", "parallel_apply.py", "gpu"),
)
"""PyTorch's class that gives each device a part of the batch, in lower case."""


def divides_batch(found: Found) -> bool:
    """Whether the text says that each device gets a part of the batch."""
    text = COMMENT.sub("", found.surroundings.text)
    return bool(DIVIDED.search(text)) and not UNDIVIDED.search(text)


COMMENT = re.compile(r"#[^\n]{0,300}")


UNDIVIDED = re.compile(
    r"distributeddataparallel|\b(?:no|not|without|removed|removing|instead of)\b[^\n]{0,40}dataparallel"
    rf"|dataparallel (?:is|was) not\b|\b(?:no|without|instead of|(?:not|n['’]t) (?:use|using|on)) {GPUS}"
)
