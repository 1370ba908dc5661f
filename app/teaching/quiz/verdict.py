"""The verdict on an answer, and its message."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from ...translations.phrases import Phrase, phrase

MESSAGES = {
    "right": "Right.",
    "nothing": "Type an answer first.",
    "long": "That is too long for a shape.",
    "complex": "That has too many parts for a shape; write one like 3 x 20 or (batch_size, 4*num_units).",
    "large": "{number}… is larger than any axis.",
    "word": "“{word}” is not a size; use {batch_size}, {time_step}, {features} or {num_units}.",
    "sign": "“{sign}” cannot be read; write a shape like 3 x 20 or (batch_size, 4*num_units).",
    "closed": "There is a closing bracket without an opening one.",
    "opened": "A bracket is not closed.",
    "missing": "Something is missing; write a shape like 3 x 20 or (batch_size, 4*num_units).",
    "one": "The answer is a single number.",
    "few": "Too few.",
    "many": "Too many.",
    "product": "That is the number of elements. A shape gives the length of each axis.",
    "order": "Right sizes, wrong order.",
    "sequence": "That is for one sample; this tensor has a row for each sample of the batch.",
    "step": "That is for one step; this tensor has all steps.",
    "cell": "That is for one cell. This array has an axis for layers or directions as well.",
    "shared": "Weights are shared by all samples and steps, so neither size is in their shape.",
    "anew": "{time_step} is not in its shape: it is recomputed at each step.",
    "left": "{time_step} is not in its shape: it is the state after the last step.",
    "axis": "It has 1 axis, not {given}.",
    "axes": "It has {wanted} axes, not {given}.",
    "now": "That is its shape now. It contains {size}, which doubles.",
    "name": "The {place} axis happens to have that length, but it is a different size.",
    "gate": "That is for one gate. The {place} axis holds all gates side by side.",
    "direction": "That is for one direction. The {place} axis holds both directions side by side.",
    "part": "That is only one part. The {place} axis holds two things side by side.",
    "adds": "Things side by side in the {place} axis add up; they are not multiplied.",
    "size": "That is {other}; the {place} axis is {wanted}.",
    "other": "That is {other}; the {place} axis is something else.",
    "gates": "That is all gates together; the {place} axis is for one gate.",
    "gateless": "This cell has no gates, so there is only one block of columns.",
    "wrong": "The {place} axis is not right yet.",
    "first": "first",
    "second": "second",
    "third": "third",
    "fourth": "fourth",
    "only": "only",
    "kernel": "That is only the kernel; the bias is also trained.",
    "steps": "Every step uses the same parameters, so {time_step} does not count.",
    "batch": "Every sample uses the same parameters, so {batch_size} does not count.",
    "each": "That is for one gate; every gate has as many.",
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
