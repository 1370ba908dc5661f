"""What a message says: which axis of which tensor has another size than the framework expected, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ...translations.phrases import Phrase, joined_with_and, phrase, plural
from ..facts_about_sizes import Fact

Shape = tuple[int | None, ...]
"""The sizes of an array; None is a size that is unknown."""

Size = int | Shape | None
"""A number of axes, or a list of sizes; None if the message does not say it."""

TENSORS = {
    "x": phrase("the input x"),
    "h_0": phrase("the initial state h_0"),
    "c_0": phrase("the initial state c_0"),
    "kernel": phrase("the kernel"),
    "recurrent_kernel": phrase("the recurrent kernel"),
    "bias": phrase("the bias"),
    "projection": phrase("the projection"),
    "lengths": phrase("the lengths"),
    "mask": phrase("the mask"),
    "target": phrase("the target"),
    "dense_input": phrase("the input of a dense layer"),
    "dense_kernel": phrase("the kernel of a dense layer"),
    "output": phrase("the output"),
}
"""The tensors that an explanation can be about, with their names."""

AXES = (
    *("batch_size", "time_step", "features", "num_units", "num_proj", "num_layers*directions", "gates*num_units"),
    *("rank", "order"),
)
"""The axes that can differ; also the number of axes, and their order."""

WITHOUT_NAMES = ("target",)
"""Tensors whose shapes are compared even if the axis that differs has no name."""


OF_TENSOR = (
    *("gate_weights", "kernel_rows", "last_batch", "other_batch", "same_cell"),
    *("query_of_one_direction", "state_of_one_direction"),
)
"""Causes that correct the tensor of an explanation, and not what it does not fit."""


@dataclass(frozen=True)
class Cause:
    """A likely cause. ``fix`` is the corrected line, "" for one that is left out, ``wrong`` the line before, "" if the
    message does not tell it;
    ``others``: further lines of the program that must be corrected, each with the line before. ``is_own``: whether the
    lines are those of the program, and not a general form."""

    id: str
    title: Phrase
    sentence: Phrase
    fix: str
    wrong: str = ""
    others: tuple[tuple[str, str], ...] = ()
    is_own: bool = False

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """All corrected lines, each with the line before."""
        return (self.wrong, self.fix), *self.others


@dataclass(frozen=True)
class Mismatch:
    """What a message says. ``tensor`` and ``axis`` are None if it does not say them; ``causes``: the most likely first;
    ``facts``: what it says about the network; ``shapes``: if the numbers of axes differ, the expected and the given
    sizes, () where the message does not say them; ``gate``: its letter, if the weights are those of one; ``beside``:
    the shape of what the tensor does not fit, the kernel of a dense layer or the output for a target, () if the message
    does not say it; ``note``: what it does not say, and where the rest comes from, None if the message says it all;
    ``is_of_equals``: whether both sizes are those of arrays of the same kind, of which none is the right one;
    ``is_warning``: whether nothing has failed."""

    tensor: str | None
    axis: str | None
    sentence: Phrase
    expected: Size = None
    got: Size = None
    causes: tuple[Cause, ...] = ()
    facts: tuple[Fact, ...] = ()
    shapes: tuple[Shape, Shape] = ((), ())
    gate: str | None = None
    beside: Shape = ()
    note: Phrase | None = None
    is_of_equals: bool = False
    is_warning: bool = False

    @property
    def first_cause(self) -> str:
        """The id of the likeliest cause; "" without causes."""
        return self.causes[0].id if self.causes else ""

    def facts_without(self, *names: str) -> tuple[Fact, ...]:
        """The facts, apart from those that say one of these sizes alone."""
        return tuple(one for one in self.facts if one.terms not in [((name,),) for name in names])

    @property
    def leaves_open(self) -> bool:
        """Whether either of two arrays may be the wrong one: no cause says, as the only one, that it is the tensor."""
        return self.is_of_equals and not (len(self.causes) == 1 and self.first_cause in OF_TENSOR)

    @property
    def lacks_state(self) -> bool:
        """Whether the tensor is the state that an LSTM did not get beside the other one."""
        return self.tensor == "c_0" and self.first_cause == "h_for_h_c"

    @property
    def is_of_shared_cell(self) -> bool:
        """Whether x is that of the second layer, which shares the cell of the first one and gets its h."""
        return self.tensor == "x" and self.is_of_equals and [one.id for one in self.causes] == ["same_cell"]

    @property
    def sentences(self) -> tuple[Phrase, ...]:
        """The sentence and the note."""
        return (self.sentence, self.note) if self.note else (self.sentence,)


FROM_CODE = phrase("The message does not say which arrays these are; this follows from the line of code.")


def equal_sizes_needed(expected: int | None, got: int | None) -> Phrase:
    """The sentence about two arrays of which either may have the wrong size."""
    return phrase(
        "Both arrays need the same size along one axis, and have {expected} and {got}.", expected=expected, got=got
    )


def only_size(shape: object) -> int | None:
    """The size of a shape with one axis; None for any other."""
    return shape[0] if isinstance(shape, tuple) and len(shape) == 1 else None


def batches_of(mismatch: "Mismatch") -> tuple[int | None, int | None]:
    """The two batches of a mismatch of Keras along the batch; None without them."""
    expected, got = mismatch.expected, mismatch.got
    if mismatch.axis == "batch_size" and isinstance(expected, tuple) and isinstance(got, tuple):
        expected, got = expected[:1], got[:1]
    return only_size(expected), only_size(got)


def last_size(shape: object) -> int | None:
    """The last size of a shape."""
    return shape[-1] if isinstance(shape, tuple) and shape else None


def with_fixes(mismatch: Mismatch, fixes: Mapping[str, str], layer: str) -> Mismatch:
    """A mismatch with the corrected lines of another language, by the ids of causes; causes without such a line are
    left out. ``layer``: the function that makes the recurrent layer."""
    batch = last_size(mismatch.expected) if mismatch.axis == "batch_size" else None
    values = {"features": last_size(mismatch.got) or "features", "batch_size": batch or "batch_size"}
    fixed = [
        replace(one, fix=fixes[one.id].format(layer=layer, **values), wrong="", others=(), is_own=False)
        for one in mismatch.causes
        if one.id in fixes
    ]
    return replace(mismatch, causes=tuple(fixed))


def from_code(mismatch: Mismatch) -> Mismatch:
    """A mismatch that the message alone does not tell, but the line of code."""
    return replace(mismatch, note=FROM_CODE)


AN_INDEX = phrase("an index")
"""What many messages are about that are not about a shape."""


class NoShapeError(Exception):
    """The message is not about a shape. The argument says what it is about, as a Phrase; without one, nobody knows."""


NOT_RECURRENT = phrase("a layer that is not recurrent")
"""What a message is about that says nothing of a recurrent layer."""


def wrong_rank(
    tensor: str,
    expected: int,
    got: int | None,
    causes: Iterable[Cause] = (),
    facts: Iterable[Fact] = (),
    shapes: tuple[Shape, Shape] = ((), ()),
) -> Mismatch:
    """A tensor with another number of axes. Shapes with another number of sizes than axes are not those of the
    tensor."""
    name = TENSORS[tensor]
    of_expected, of_got = shapes
    shapes = (of_expected if len(of_expected) == expected else (), of_got if len(of_got) == got else ())
    if got is None:
        sentence = phrase("The framework expected {tensor} with {expected} axes.", tensor=name, expected=expected)
    else:
        sentence = plural(
            "The framework expected {tensor} with {n} axis, but got {got}.",
            "The framework expected {tensor} with {n} axes, but got {got}.",
            expected,
            tensor=name,
            got=got,
        )
    return Mismatch(tensor, "rank", sentence, expected, got, tuple(causes), tuple(facts), shapes)


def wrong_shape(
    tensor: str,
    axis: str | None,
    expected: Shape,
    got: Shape,
    causes: Iterable[Cause] = (),
    facts: Iterable[Fact] = (),
    differing: Sequence[str] = (),
) -> Mismatch:
    """A tensor with another size along an axis, or with its axes in another order; or with another number of axes, if
    the shapes differ in it. ``differing``: all axes that differ, if these are several."""
    if len(expected) != len(got):
        return wrong_rank(tensor, len(expected), len(got), causes, facts, (expected, got))
    values = {"tensor": TENSORS[tensor], "expected": written(expected), "got": written(got)}
    if axis == "order":
        sentence = phrase(
            "The framework expected {tensor} with shape {expected}, but got {got}: the axes have another order.",
            **values,
        )
    elif axis:
        sentence = phrase(
            "The framework expected {tensor} with shape {expected}, but got {got}: they differ in {axis}.",
            axis=joined_with_and(differing or (axis,)),
            **values,
        )
    else:
        sentence = phrase("The framework expected {tensor} with shape {expected}, but got {got}.", **values)
    return Mismatch(tensor, axis, sentence, expected, got, tuple(causes), tuple(facts))


def wrong_size(
    tensor: str, axis: str, expected: int, got: int | None, causes: Iterable[Cause] = (), facts: Iterable[Fact] = ()
) -> Mismatch:
    """A tensor with another size along one axis, of which only this size is known."""
    values = {"tensor": TENSORS[tensor], "axis": axis, "expected": expected}
    if got is None:
        sentence = phrase("The framework expected {tensor} with {axis} = {expected}.", **values)
    else:
        sentence = phrase("The framework expected {tensor} with {axis} = {expected}, but got {got}.", got=got, **values)
    sizes = (expected,), None if got is None else (got,)
    return Mismatch(tensor, axis, sentence, *sizes, tuple(causes), tuple(facts))


def size_not_said(tensor: str, axis: str, causes: Iterable[Cause] = ()) -> Mismatch:
    """A tensor with another size along one axis, of which the text says no size."""
    sentence = phrase(
        "The framework expected {tensor} with another size of {axis}; the text does not say the two sizes.",
        tensor=TENSORS[tensor],
        axis=axis,
    )
    return Mismatch(tensor, axis, sentence, causes=tuple(causes))


def of_unknown_arrays() -> Mismatch:
    """A product or a sum of arrays of which nothing else is known."""
    sentence = phrase("Two arrays in this network do not fit each other; the message does not say which ones.")
    return Mismatch(None, None, sentence)


def written(shape: Shape) -> str:
    """A shape as Python writes it, with ? for an unknown size."""
    sizes = ", ".join("?" if size is None else str(size) for size in shape)
    return f"({sizes},)" if len(shape) == 1 else f"({sizes})"
