"""Why a tensor has its shape: a derivation in small steps, made only from the program.

Each step has an operand or operation, and the axes after it. The axes after the last step are those of the tensor.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ...core.axes import BATCH_SIZE, Axes, Sizes, shape, shape_text, union
from ...core.ops import placeholders
from ...core.ops.op import inserted
from ...core.program import Program, Tensor
from ...translations.phrases import CommaSeparated, phrase, plural
from .sentences import fill_in


@dataclass(frozen=True)
class DerivationStep:
    """One line of a derivation. ``symbol`` is the operand or operation, ``axes`` are those of the operand, ``words``
    explain the step, with placeholders for sizes; ``after`` are the axes of the result, and ``tensor`` is the id of the
    tensor that shows it in the picture.

    ``kind`` is how the two shapes combine: product, beside (concatenation), rows (broadcasting), equal or cut; ``part``
    is (k, n) for the k-th of n blocks.
    """

    symbol: str
    axes: Axes | None
    words: str
    after: Axes
    tensor: str
    kind: str = ""
    part: tuple[int, int] = (0, 1)


def why(program: Program, t: Tensor) -> list[DerivationStep]:
    """The derivation of the shape of a tensor."""
    rule = RULES.get(t.op) or RULES["constant" if t.role == "constant" else t.operation.kind]
    return rule(program, t)


def line_text(line: DerivationStep, sizes: Sizes) -> str:
    """A step as plain text: ``· W_f 7 × 5, the inner axes match and are summed over → 3 × 5``."""
    operand = f" {shape_text(shape(line.axes, sizes))}" if line.axes else ""
    words = "".join(word for word, _ in fill_in(line.words, sizes))
    return f"{line.symbol}{operand}{', ' if words else ''}{words} → {shape_text(shape(line.after, sizes))}"


def _start(t: Tensor, words: str = "") -> DerivationStep:
    """The first step of a derivation."""
    return DerivationStep(t.symbol, t.axes, words, t.axes, t.id)


def _inputs(program: Program, t: Tensor) -> list[Tensor]:
    return [program.by_id[id] for id in t.inputs]


def _before(program: Program, t: Tensor) -> list[DerivationStep]:
    """The steps before an operation: the whole derivation of a product, otherwise only the operand."""
    return why(program, t) if t.op == "split" or t.operation.kind == "product" else [_start(t)]


# one rule for each kind of operation; for operations that only move values, one for each operation


def _given(program: Program, t: Tensor) -> list[DerivationStep]:
    if t.id == "X":
        return [_start(t, phrase("samples, their steps, and the features at each step"))]
    if len(t.axes) == 1:
        return [_start(t, phrase("one value for each column of the product"))]
    gates = [gate for user in program.used_by[t.id] for gate in gates_of(program, program.by_id[user])]
    columns = phrase("one column per output")
    if gates:
        columns = phrase("{num_units} [num_units:column|columns] for each of {gates}", gates=_listed(gates))
    return [_start(t, phrase("one row per input value, {columns}", columns=columns))]


def _below(program: Program, t: Tensor) -> list[DerivationStep]:
    return [_start(t, phrase("output of the layer below at every step"))]


def _step(program: Program, t: Tensor) -> list[DerivationStep]:
    (whole,) = _inputs(program, t)
    return [
        _start(whole),
        DerivationStep(
            phrase("one step"), None, phrase("of {time_step}: the {time_step.name} axis disappears"), t.axes, t.id
        ),
    ]


def _carry(program: Program, t: Tensor) -> list[DerivationStep]:
    start = program.start_of(t.inputs[0])
    numbers = f"{start:g}" if start else phrase("zeros")
    words = phrase("as the previous step left it, or {start}: a state has no {time_step.name} axis", start=numbers)
    return [_start(t, words)]


def _concat(program: Program, t: Tensor) -> list[DerivationStep]:
    first, *others = _inputs(program, t)
    lines = [_start(first)]
    for other in others:
        after = t.axes if other is others[-1] else (*first.axes[:-1], lines[-1].after[-1] + other.axes[-1])
        symbol, words = phrase("concatenated with {tensor}", tensor=other.symbol), phrase("the last axes add up")
        lines.append(DerivationStep(symbol, other.axes, words, after, other.id, "beside"))
    return lines


def _product(program: Program, t: Tensor) -> list[DerivationStep]:
    source, kernel, *bias = _inputs(program, t)
    multiplied = DerivationStep(f"· {kernel.symbol}", kernel.axes, CONTRACTED, t.axes, kernel.id, "product")
    added = (DerivationStep(f"+ {b.symbol}", b.axes, BROADCAST, t.axes, b.id, "rows") for b in bias)
    gates = gates_of(program, t)
    together = phrase("{gates} side by side, {num_units} [num_units:column|columns] each", gates=_listed(gates))
    return [
        _start(source),
        multiplied,
        *added,
        *([DerivationStep(t.symbol, None, together, t.axes, t.id)] if gates else []),
    ]


def gates_of(program: Program, product: Tensor) -> list[str]:
    """The gates whose blocks a product has, in their order."""
    return [piece.id.rpartition("_")[2] for piece in program.pieces(product)]


def _listed(gates: list[str]) -> str:
    """``the 4 gates f, i, g, o``."""
    return plural("the {n} gate {gates}", "the {n} gates {gates}", len(gates), gates=CommaSeparated(gates))


def _split(program: Program, t: Tensor) -> list[DerivationStep]:
    (whole,) = _inputs(program, t)
    part, parts = t.block
    if not (symbols := program.block_symbols(t)):
        symbol = phrase("block {k} of {n}", k=part + 1, n=parts)
        words = plural("split into {n} equal block of columns", "split into {n} equal blocks of columns", parts)
        piece = DerivationStep(symbol, None, words, t.axes, t.id, "cut", (part, parts))
        return [*_before(program, whole), piece]
    source, kernel, bias = _inputs(program, whole)
    block = phrase(
        "block {k} of the {n} of {kernel}; {meet}", k=part + 1, n=parts, kernel=kernel.symbol, meet=CONTRACTED
    )
    return [
        _start(source),
        DerivationStep(
            f"· {symbols[1]}", (kernel.axes[0], t.axes[-1]), block, t.axes, kernel.id, "product", (part, parts)
        ),
        DerivationStep(f"+ {symbols[2]}", (t.axes[-1],), BROADCAST, t.axes, bias.id, "rows"),
    ]


def _computed(program: Program, t: Tensor) -> list[DerivationStep]:
    """A function of one tensor, or an element-wise operation of several, or of tensors and numbers."""
    op, (first, *others) = t.operation, _inputs(program, t)
    if not others:
        words = "" if op.mixes else phrase("element by element")
        if t.over:
            words = phrase("along {axes}", axes=CommaSeparated(map(str, t.over)))
        symbol = (
            phrase(op.formula, **placeholders(inserted(["…"], [(n, f"{number:g}") for n, number in t.numbers])))
            if t.numbers
            else op.sign
        )
        return [*_before(program, first), DerivationStep(symbol, None, words, t.axes, t.id)]
    lines = [_start(first)]
    for other in others:
        symbol = other.symbol
        if len(others) == 1:  # “∗ vₜ” of a product, “max(…, vₜ)” of a function
            operands = inserted(["…", other.symbol], [(n, f"{number:g}") for n, number in t.numbers])
            symbol = op.formula.format(**placeholders(operands)).removeprefix("… ")
        after = t.axes if other is others[-1] else union(lines[-1].after, other.axes)
        words, kind = _combined(lines[-1].after, other.axes, after)
        lines.append(DerivationStep(symbol, other.axes, words, after, other.id, kind))
    return lines


def _combined(before: Axes, other: Axes, after: Axes) -> tuple[str, str]:
    """How the axes of two tensors are aligned, in words and as a kind of step."""
    if before == other:
        return ELEMENTWISE, "equal"
    if other == after[1:] and after[0] == BATCH_SIZE:
        return BROADCAST, "rows"
    return REPEATED, ""


def _reduced(program: Program, t: Tensor) -> list[DerivationStep]:
    (whole,) = _inputs(program, t)
    axes = CommaSeparated(map(str, t.over))
    words = plural("over {axes}: this axis disappears", "over {axes}: these axes disappear", len(t.over), axes=axes)
    return [*_before(program, whole), DerivationStep(t.operation.sign, None, words, t.axes, t.id)]


def _contracted(program: Program, t: Tensor) -> list[DerivationStep]:
    first, second = _inputs(program, t)
    words = phrase("{axis} of both is summed over", axis=str(first.axes[-1]))
    return [_start(first), DerivationStep(f"· {second.symbol}", second.axes, words, t.axes, second.id)]


def _transposed(program: Program, t: Tensor) -> list[DerivationStep]:
    (whole,) = _inputs(program, t)
    return [_start(whole), DerivationStep(t.operation.sign, None, phrase("the axes in reverse order"), t.axes, t.id)]


def _sliced(program: Program, t: Tensor) -> list[DerivationStep]:
    (whole,) = _inputs(program, t)
    begin, end = map(str, t.over)
    symbol, words = f"[{begin}:{end}]", phrase("the columns from {begin} to {end}", begin=begin or "0", end=end)
    return [*_before(program, whole), DerivationStep(symbol, None, words, t.axes, t.id)]


def _constant(program: Program, t: Tensor) -> list[DerivationStep]:
    return [_start(t, phrase("it follows from the sizes or the step alone"))]


def _stack(program: Program, t: Tensor) -> list[DerivationStep]:
    (state,) = _inputs(program, t)
    return [
        _start(state),
        DerivationStep(
            phrase("every step"),
            None,
            phrase("{time_step} of them, stacked: adds the {time_step.name} axis"),
            t.axes,
            t.id,
        ),
    ]


def _last(program: Program, t: Tensor) -> list[DerivationStep]:
    (state,) = _inputs(program, t)
    return [
        _start(state),
        DerivationStep(
            phrase("last step"), None, phrase("the one computed last; the other steps are dropped"), t.axes, t.id
        ),
    ]


CONTRACTED = phrase("the inner axes match and are summed over")
BROADCAST = phrase("broadcast over {batch_size} [batch_size:row|rows]")
ELEMENTWISE = phrase("element by element: both shapes are equal")
REPEATED = phrase("element by element: each is repeated along the axes that it lacks")

Rule = Callable[[Program, Tensor], list[DerivationStep]]

RULES: dict[str, Rule] = {
    # by kind
    "product": _product,
    "pointwise": _computed,
    "function": _computed,
    "contraction": _contracted,
    "reduction": _reduced,
    "constant": _constant,
    # by operation
    "given": _given,
    "below": _below,
    "step": _step,
    "carry": _carry,
    "concat": _concat,
    "split": _split,
    "slice": _sliced,
    "transpose": _transposed,
    "stack": _stack,
    "last": _last,
}
