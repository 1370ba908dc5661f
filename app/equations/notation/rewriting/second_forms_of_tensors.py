"""Leaves out a second line of a tensor that a text calls another form of the first one."""

import re

from ....translations.phrases import phrase
from ..parsing.paper_syntax import Equation, Text

_SAME = re.compile(
    r"equivalent|rewrit|in other words|i\.e\.|same as|(?:parallel|scan|matrix|compact) form|"
    r"等价|等價|也就是|equivalente|es decir|autrement dit|c'est-à-dire",
    re.IGNORECASE,
)


def without_other_forms(found: Text, text: str) -> list[Equation]:
    """The equations without those whose tensor an earlier line computes, with words between both that say that they
    are the same."""
    lines = text.split("\n")
    first: dict[str, Equation] = {}
    kept = []
    for own in found.equations:
        name = own.names[0]
        before = first.setdefault(name.id, own)
        begin, end = before.place.line, name.place.line
        between = "\n".join([*lines[begin : end - 1], lines[end - 1][: name.place.start]])
        if before is not own and len(own.names) == 1 and end > begin and _SAME.search(between):
            sentence = phrase("The text says that this line of {name} is another form of an earlier one. It is left "
                              "out.", name=name.id)  # fmt: skip
            found.notes.append((end, sentence))
        else:
            kept.append(own)
    return kept
