"""The verdict on an answer, and its message."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from ...translations.phrases import Phrase, phrase

MESSAGES = {
    "right": "Right.",
    "nothing": "Nothing is typed yet.",
    "long": "That is too long for a shape.",
    "complex": "That has too many parts for a shape; write one like 3 x 20 or (batch_size, 4*num_units).",
    "large": "{number}… is larger than any axis.",
    "word": "“{word}” is no size; there are {batch_size}, {time_step}, {features} and {num_units}.",
    "sign": "“{sign}” cannot be read; write a shape like 3 x 20 or (batch_size, 4*num_units).",
    "closed": "A bracket closes that was never opened.",
    "opened": "A bracket is opened and not closed.",
    "missing": "Something is missing; write a shape like 3 x 20 or (batch_size, 4*num_units).",
    "one": "One number is asked for.",
    "few": "Too few.",
    "many": "Too many.",
    "product": "That is how many numbers it holds. A shape says how long each of its axes is.",
    "order": "These are the right sizes in another order.",
    "sequence": "That is one sequence’s. It has a row for each sequence of the batch.",
    "step": "That is one step’s. It has all steps.",
    "cell": "That is for one cell. This array has an axis for layers or directions as well.",
    "shared": "Weights are the same for every sequence and at every step: neither size is in them.",
    "anew": "{time_step} is not in it: it is made anew at each step.",
    "left": "{time_step} is not in it: it is what is left after the last step.",
    "axis": "It has 1 axis, not {given}.",
    "axes": "It has {wanted} axes, not {given}.",
    "now": "That is its shape now. {size} is in it, and doubles.",
    "name": "The {place} axis has that many here, but it is another size by that name.",
    "gate": "That is one gate’s. In the {place} axis all gates stand side by side.",
    "direction": "That is for one direction. The {place} axis has both directions side by side.",
    "part": "That is a part of it. In the {place} axis two things stand side by side.",
    "adds": "What stands side by side in the {place} axis adds up, it is not multiplied.",
    "size": "That is {other}; {wanted} belongs in the {place} axis.",
    "other": "That is {other}; something else belongs in the {place} axis.",
    "gates": "That is all gates together; the {place} axis is one’s alone.",
    "gateless": "This cell has no gates: its one box makes one block of columns.",
    "wrong": "The {place} axis is not right yet.",
    "first": "first",
    "second": "second",
    "third": "third",
    "fourth": "fourth",
    "only": "only",
    "kernel": "That is the kernel alone; the bias is learned, too.",
    "steps": "Every step uses the same numbers: {time_step} is not in it.",
    "batch": "Every sequence uses the same numbers: {batch_size} is not in it.",
    "each": "That is one gate’s; each gate has as many.",
}
"""Messages by key, most of them a misconception. Placeholders are sizes and parts of the answer; the words for places
are adjectives."""

SIZES = ("batch_size", "time_step", "features", "num_units")
"""The sizes that messages can name."""

SIZE_PARTS = ("size", "other", "wanted")
"""The parts of an answer whose values are names of sizes."""


@dataclass(frozen=True)
class Verdict:
    """The verdict on an answer. ``about`` is a key of ``MESSAGES``, whose message hints at the likely misconception
    without giving the answer; ``parts`` are the values of its placeholders. ``read`` is whether the answer could be
    parsed. ``names`` are the names of sizes in the picture that differ from ours."""

    right: bool
    about: str
    parts: Mapping[str, str] = field(default_factory=dict)
    read: bool = True
    names: Mapping[str, str] = field(default_factory=dict)

    def in_notation(self, name_of: Callable[[str], str]) -> "Verdict":
        """The verdict with the names of sizes that the picture uses."""
        sizes = {*SIZES, *(self.parts[part] for part in SIZE_PARTS if part in self.parts)}
        return replace(self, names={size: name_of(size) for size in sorted(sizes) if name_of(size) != size})

    @property
    def message(self) -> Phrase:
        """The message, which can be translated."""

        def name_of(size: str) -> str:
            return self.names.get(size, size)

        formats: dict[str, Callable[[str], str]] = {**dict.fromkeys(SIZE_PARTS, name_of), "place": phrase}
        parts = {name: formats.get(name, str)(part) for name, part in self.parts.items()}
        return phrase(MESSAGES[self.about], **{size: name_of(size) for size in SIZES}, **parts)


RIGHT = Verdict(True, "right")


def wrong(about: str, **parts: str) -> Verdict:
    """The verdict on a wrong answer."""
    return Verdict(False, about, parts)
