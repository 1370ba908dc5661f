"""Messages of ``jax.vmap``, which computes one sample at a time, about the axes of its arguments that it maps."""

import re
from dataclasses import replace
from typing import NamedTuple

from .....translations.phrases import phrase
from ....facts_about_sizes import Fact, fact
from ...axes_of_arrays import RANK
from ...causes import cause
from ...code_lines.array_names import role_of
from ...mismatch import Cause, Mismatch, of_unknown_arrays, written
from ..message_template import Found, MessageTemplate

PARAMETERS = re.compile(r"params?|parameters|weights?|theta|variables|kernels?")
"""What the weights of all samples are called, in lower case."""

STATES = {"h": "h_0", "c": "c_0"}
"""Role -> the state that it is."""


class Mapped(NamedTuple):
    """An argument of the function that is mapped, an axis of it, its shape, how many arguments or parts of them have
    this size, and whether it is a part of one."""

    name: str
    axis: int
    shape: tuple[int, ...]
    occurrences: int = 1
    is_part: bool = False

    @property
    def size(self) -> int:
        return self.shape[self.axis]

    @property
    def role(self) -> str:
        """What the argument is, by its name; "weights" for those of all samples."""
        return "weights" if PARAMETERS.fullmatch(self.name) else role_of(self.name)


ARGUMENT = re.compile(r"(?:argument)?(\w{1,60})(?:\([^()]{0,60}\)|\.\w{1,60}){0,4}")
"""An argument in the folded text, and which part of it: ``params['w']``, ``state[0]``."""

COUNT = re.compile(r"\((\d{1,4})ofthem\)")


def mapped_axes(found: Found) -> Mismatch:
    """Two arguments whose mapped axes have other lengths: both should be those of the samples."""
    if len(both := mapped(found)) != 2:
        return of_unknown_arrays()
    one, other = both
    sentence = phrase(
        "vmap maps axis {i} of {first}, which has size {a}, and axis {j} of {second}, which has size {b}: both should"
        " be the samples.",
        i=one.axis,
        first=one.name,
        a=one.size,
        j=other.axis,
        second=other.name,
        b=other.size,
    )
    for x, wrong in ((one, other), (other, one)):
        if len(x.shape) == RANK and x.role not in ("h", "c", "weights") and len(wrong.shape) < RANK:
            return _beside_x(Mismatch(None, None, sentence), x, wrong)
    return Mismatch(None, None, sentence)


def mapped(found: Found) -> list[Mapped]:
    """The arguments that a message names with their shapes."""
    known = (_mapped(found, *names) for names in (("first", "i", "left", "many"), ("second", "j", "right", "more")))
    return [one for one in known if one] if found.text("second") else []


def _mapped(found: Found, name: str, axis: str, shape: str, many: str) -> Mapped | None:
    argument, n = ARGUMENT.fullmatch(found.text(name)), int(found.text(axis))
    sizes = tuple(size for size in found.shape(shape) if size is not None)
    if not argument or len(sizes) != len(found.shape(shape)) or not -len(sizes) <= n < len(sizes):
        return None
    count, is_part = COUNT.search(found.text(many)), argument[0].removeprefix("argument") != argument[1]
    return Mapped(argument[1], n % len(sizes), sizes, int(count[1]) if count else 1, is_part)


def _beside_x(mismatch: Mismatch, x: Mapped, other: Mapped) -> Mismatch:
    """An argument whose mapped axis has another length than that of an array with three axes."""
    samples = x.size
    if other.role == "weights":
        facts = (fact("batch_size", samples, "x"),)
        return replace(mismatch, tensor="kernel", axis="rank", causes=(_shared(other),), facts=facts)
    if other.role in STATES and len(other.shape) == 1:
        known = (*_facts(x, samples), fact("num_units", other.size, "h"))
        shapes = ((samples, *other.shape), other.shape)
        of_state = replace(mismatch, tensor=STATES[other.role], axis="rank", expected=2, got=1)
        return replace(of_state, causes=(_shared(other),), facts=known, shapes=shapes)
    if other.role in ("target", *STATES) and x.axis == 0 and other.size == x.shape[1]:  # the samples of both
        steps, samples, features = x.shape
        sizes = fact("time_step", steps, "x"), fact("features", features, "x")
        likely, needed = cause("mapped_axis", "jax", array=x.name, axis=1), (samples, steps, features)
        of_x = replace(mismatch, tensor="x", axis="order", expected=needed, got=x.shape)
        return replace(of_x, causes=(likely,), facts=(fact("batch_size", samples, other.role), *sizes))
    return mismatch


def _facts(x: Mapped, samples: int) -> tuple[Fact, ...]:
    """The sizes of x, whose samples are mapped, and whose features are last."""
    if x.axis == len(x.shape) - 1:
        return (fact("batch_size", samples, "x"),)
    names = ("time_step", "features")
    rest = [size for n, size in enumerate(x.shape) if n != x.axis]
    return (fact("batch_size", samples, "x"), *(fact(name, size, "x") for name, size in zip(names, rest, strict=True)))


def _shared(one: Mapped) -> Cause:
    """An array that all samples share."""
    return cause("shared_by_samples", "jax", array=one.name)


def rank_of_mapped(found: Found) -> Mismatch:
    """An array without the axis that is mapped."""
    sentence = phrase(
        "vmap maps axis {axis} of an array with shape {shape}, which has no such axis.",
        axis=int(found.text("axis")),
        shape=written(found.shape("shape")),
    )
    return Mismatch(None, None, sentence, causes=(cause("shared_by_samples", "jax", array="array"),))


def number_of_axes(found: Found) -> Mismatch:
    """Another number of entries in ``in_axes`` than there are arguments."""
    sentence = phrase(
        "in_axes of vmap has {entries} entries, and the function gets {arguments} arguments.",
        entries=found.number("entries"),
        arguments=found.number("arguments"),
    )
    return Mismatch(None, None, sentence, causes=(cause("entries_of_in_axes", "jax"),))


TEMPLATES = (
    MessageTemplate(
        "jax-mapped-axes",
        "jax",
        "0.4-0.10",
        "vmap got inconsistent sizes for array axes to be mapped: * {many:any} had size {a:n}{such:any}axis {i:axis} of"
        " {first:any} of type {dtype:name}{left:shape}; * {more:any} had size {b:n}{like:any}axis {j:axis} of"
        " {second:any} of type {type:name}{right:shape}",
        mapped_axes,
        anywhere=True,
    ),
    MessageTemplate(
        "jax-mapped-rank",
        "jax",
        "0.2-0.10",
        "vmap was requested to map its argument along axis {axis:axis}, which implies that its rank should be at least"
        " {expected:n}, but is only {got:n} (its shape is {shape:shape})",
        rank_of_mapped,
        anywhere=True,
    ),
    MessageTemplate(
        "jax-in-axes",
        "jax",
        "0.2-0.10",
        "vmap in_axes must be an int, None, or a tuple of entries corresponding to the positional arguments passed to"
        " the function, but got len(in_axes)={entries:n}, len(args)={arguments:last}",
        number_of_axes,
        anywhere=True,
    ),
)
