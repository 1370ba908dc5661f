"""Writes docs/frameworks.md: the evidence for every cell in every framework, or the reason for its absence."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from configurations import CELL_KINDS, SIZES, settings_of, stacks, supports

from app.frameworks import FRAMEWORKS
from app.frameworks.framework_types import Framework, Setting
from app.frameworks.oracle_evidence import EVIDENCE, Evidence, kinds_of

PAGE = Path(__file__).parents[2] / "docs/frameworks.md"

INTRODUCTION = """\
# Frameworks: the evidence

The tests generate this page from `app/frameworks/oracle_evidence.json`; do not edit it. `make oracles ARGS=--record`
executes the programs of `/code` in the real frameworks and records the results there; `make golden` updates this page.

- *runs*: configurations that were executed with our weights and input: the cell in one to three layers, in one and in
  both directions, with every combination of the switches that apply, in sizes with ones and primes.
- *shapes*: arrays, stored and returned, whose names and shapes are those that we state. The number of parameters is
  also compared in every run.
- *float32*, *float64*: the largest difference between their outputs and ours. Up to 1e-6 and 1e-12 are allowed.
- *code executes*: programs that were executed unchanged, with random weights; the biases of the new model are those
  that we state. Frameworks that do not initialize weights have no such biases.
- *weights load*: arrays of ours that were loaded by name.

Three frameworks need special treatment in float64. ONNX Runtime has no kernels for it. Keras makes products float32
on every backend except TensorFlow’s: float64 was tested on that one, everything else on PyTorch’s. Flax’s cells need
`param_dtype`, which the tests add to the programs. ONNX Runtime also lacks `layout` 1; ONNX’s reference evaluator
executed that."""

COLUMNS = ("runs", "shapes", "float32", "float64", "code executes", "weights load")

MORE = {"num_layers": "any, 2 or 3 layers", "bidirectional": "any, both directions"}
"""Kinds of evidence that are not cells."""


def page() -> str:
    return "\n\n".join((INTRODUCTION, *_sections())) + "\n"


def _sections() -> Iterator[str]:
    titles = [framework.title for framework in FRAMEWORKS.values()]
    yield "## Versions"
    yield _table(("framework", "packages"), ((one.title, _versions(one.versions)) for one in EVIDENCE.values()))
    yield "## Every cell in every framework\n\nThe largest difference in float32; “no” means not supported."
    yield _table(("cell", *titles), ((_title(kind), *_largest(kind)) for kind in CELL_KINDS))
    yield "## Gates\n\nIn the order in which a framework stores them, by its own letters."
    yield _table(("cell", *titles), ((_title(kind), *_gates(kind)) for kind in CELL_KINDS))
    for framework in FRAMEWORKS.values():
        yield f"## {framework.title}"
        kinds = EVIDENCE[framework.id].kinds
        yield _table(("cell", *COLUMNS), ((_title(kind), *_counts(kinds.get(kind))) for kind in (*CELL_KINDS, *MORE)))
        if limitations := [*_limitations(framework)]:
            yield "\n".join(limitations)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = [*head]
    lines = (head, ["---"] * len(head), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _title(kind: str) -> str:
    if kind in MORE:
        return MORE[kind]
    title = CELL_KINDS[kind].program().cell.title
    return title[0].upper() + title[1:]


def _versions(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions.items())


def _number(difference: float | None) -> str:
    """A difference with two digits; "none" if the framework does not compute in this type."""
    return "none" if difference is None else f"{difference:.1e}"


def _largest(kind: str) -> Iterator[str]:
    for evidence in EVIDENCE.values():
        yield _number(evidence.kinds[kind].float32) if kind in evidence.kinds else "no"


def _gates(kind: str) -> Iterator[str]:
    for framework in FRAMEWORKS.values():
        if not supports(framework, kind):
            yield "no"
            continue
        layout = framework.model(CELL_KINDS[kind]).layout
        gates = [layout.letter(gate) for gate in layout.gates]
        yield ", ".join(gates) if len(gates) > 1 else "one"


def _counts(evidence: Evidence | None) -> tuple[str, ...]:
    """The columns of the table."""
    if not evidence:
        return ("no",) * len(COLUMNS)
    values = _number(evidence.float32), _number(evidence.float64)
    return (f"{evidence.runs}", f"{evidence.shapes}", *values, f"{evidence.programs}", f"{evidence.weights}")


def _limitations(framework: Framework) -> Iterator[str]:
    """Cells that the framework does not support; then, for its cells, the settings and sizes that it does not
    support."""
    for kind, stack in CELL_KINDS.items():
        if unsupported := framework.model(stack).unsupported:
            yield f"- {_title(kind)}: {unsupported}; nearest: {_list(unsupported.nearest)}."
    others: dict[str, str] = {}
    for stack in (stack for sizes in SIZES for stack in stacks(sizes) if supports(framework, kinds_of(stack)[0])):
        for settings in settings_of(framework, stack):
            if unsupported := framework.model(stack, settings).unsupported:
                values = {**vars(stack), "cell": stack.cell.id, **settings}
                own: dict[str, Setting] = {n: values[n] for n in unsupported.nearest}
                if "num_proj" in own:  # supported in other sizes: it depends on num_units
                    own["num_units"] = stack.num_units
                line = f"- {_list(own)}: {unsupported}; nearest: {_list(unsupported.nearest)}."
                others.setdefault(str(unsupported), line)
    yield from others.values()


def _list(values: Mapping[str, Setting]) -> str:
    return ", ".join(f"`{name}={value}`" for name, value in values.items())
