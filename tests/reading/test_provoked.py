"""What real frameworks raised for programs with a mistake is explained, in the forms in which people paste it.

The oracles recorded it. Frameworks that do not run here are in shape_errors.py, with messages formatted as in their
sources.
"""

import re
from collections.abc import Callable
from textwrap import indent, wrap

import pytest
from mistake import Mistake
from other_programs import PAIRS
from pairing import ALL_COMBINATIONS
from provoked import MISTAKES, others, recorded

from app.reading.errors.explanation import TEMPLATES, Explanation, NotFoundError, explain
from app.reading.errors.pasted_text import folded

UNDECIDED = {
    **dict.fromkeys(
        ("pytorch-lstm-batch-first", "pytorch-gru-batch-first", "pytorch-rnn-batch-first"),
        "a traceback without the line that made the state; the cause is the second one",
    ),
    "pytorch-third-c-as-short-as-a-projected-h": "nothing names a projection; the cause is the second one",
    "pytorch-new-decoder-without-batch-first": "the last lines, without those that make the layers",
    **dict.fromkeys(
        ("pytorch-new-decoder-of-two-directions", "keras-fourth-flattened-before-an-lstm"),
        "the last lines, without those that make or call the layers",
    ),
    "keras-model-features": "the last lines, without the call that gets other columns",
    "pytorch-new-c-of-another-batch": "only c_0 differs, as if it were made for a larger batch",
    "pytorch-new-x-is-flat": "no cause is declared",
    "pytorch-new-dense-of-all-states": "no cause says that the states of both layers are flattened",
    "pytorch-new-projected-state": "the message does not say that h is projected",
    "pytorch-new-view-of-batch": "not recognized",
}
"""Texts whose explanation is not complete, and why."""

NO_TENSOR = {"pytorch-new-projected-state", "pytorch-new-view-of-batch"}
"""Those of them whose tensor or axis is not right."""


def explained(text: str) -> Explanation | None:
    try:
        return explain(text)
    except NotFoundError:
        return None


def in_jupyter(text: str) -> str:
    kind, _, _ = text.rpartition("\n")[2].partition(": ")
    lines = text.split("\n")
    cell = f"\x1b[0;31m{kind}\x1b[0m                              Traceback (most recent call last)\n"
    coloured = "\n".join(f"\x1b[1;32m{line}\x1b[0m" if line.startswith("  File") else line for line in lines)
    return (
        f"{'-' * 75}\n{cell}Input \x1b[0;32mIn [7]\x1b[0m, in \x1b[0;36m<cell line: 1>\x1b[0;34m()\x1b[0m\n{coloured}"
    )


def wrapped(text: str) -> str:
    """A text as a terminal of 72 columns breaks it: anywhere."""
    return "\n".join(line[n : n + 72] for line in text.split("\n") for n in range(0, len(line) or 1, 72))


def framed(text: str) -> str:
    """A text in a frame, as Rich draws it."""
    lines = [part for line in text.split("\n") for part in wrap(line, 70, drop_whitespace=False) or [""]]
    return "\n".join([f"╭{'─' * 72}╮", *(f"│ {line:70} │" for line in lines), f"╰{'─' * 72}╯"])


def on_windows(text: str) -> str:
    """A text with paths of Windows."""
    text = re.sub(r'File "[^"]*"', lambda match: match[0].replace("/", "\\"), text)
    return text.replace("\\home\\me\\project", r"C:\Users\me\new project").replace("\n", "\r\n")


FORMS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in Jupyter": in_jupyter,
    "wrapped": wrapped,
    "in a frame": framed,
    "on Windows": on_windows,
    "in pytest": lambda text: indent(text, "E   ") + "\n\ntrain.py:7: Error\n=== 1 failed, 2 passed in 3.21s ===",
    "after prompts": lambda text: f">>> fit(model)\n{text}\n>>> ",
    "in a question": lambda text: f"Hi, I get this error and don't know why:\n\n```\n{text}\n```\n\nThanks in advance!",
    "quoted": lambda text: indent(text, "> "),
    "as a log": lambda text: "2024-05-02 10:11:12,345 ERROR train\n" + text + "\n2024-05-02 10:11:13,001 INFO exit 1",
    "last lines": lambda text: "\n".join(text.split("\n")[-12:]),
}


def is_right(mistake: Mistake, explanation: Explanation | None) -> bool:
    """Whether the tensor, the axis and both sizes are right, as far as they are declared."""
    if explanation is None:
        return False
    said = explanation.mismatch
    sizes = (mistake.expected in (None, said.expected)) and (mistake.got in (None, said.got))
    return (said.tensor, said.axis) == (mistake.tensor, mistake.axis) and sizes


def has_cause(mistake: Mistake, explanation: Explanation | None) -> bool:
    causes = explanation.mismatch.causes if explanation else ()
    return explanation is not None and (causes[0].id if causes else None) == mistake.cause


def test_every_program_is_recorded() -> None:
    assert {mistake.name for mistake in MISTAKES} == {*recorded()}
    assert len({*recorded().values()}) >= 150


def texts_in(form: str) -> list[tuple[Mistake, str]]:
    """What is pasted in a form: a quarter of the texts, or all of them in `make check`."""
    n = [*FORMS].index(form)
    some = [mistake for k, mistake in enumerate(MISTAKES) if ALL_COMBINATIONS or (k + n) % 4 == 0]
    return [(mistake, FORMS[form](mistake.pasted(recorded()[mistake.name]))) for mistake in some]


@pytest.mark.parametrize("form", FORMS)
def test_what_frameworks_raise_is_explained_in_the_forms_in_which_it_is_pasted(form: str) -> None:
    read = {mistake: explained(text) for mistake, text in texts_in(form)}
    if form == "last lines":  # those that need their code are asked for it, and some name their layer further above
        count = sum(not mistake.with_code for mistake in read)
        read = {mistake: explanation for mistake, explanation in read.items() if explanation}
        assert len(read) > 0.8 * count
    wrong = {mistake.name for mistake, explanation in read.items() if not is_right(mistake, explanation)}
    undecided = {mistake.name for mistake, explanation in read.items() if not has_cause(mistake, explanation)}

    assert wrong <= NO_TENSOR
    assert undecided - NO_TENSOR <= {*UNDECIDED}
    assert len(wrong) <= 0.05 * len(read) + 1 and len(undecided) <= 0.2 * len(read)


def test_a_traceback_that_names_no_recurrent_layer_is_answered_with_a_question() -> None:
    for mistake in MISTAKES:
        if mistake.with_code and not mistake.is_new:
            with pytest.raises(NotFoundError, match="Paste the source as well"):
                explain(recorded()[mistake.name])


def test_no_other_error_is_taken_for_one() -> None:
    texts = {name: text for name, text in others().items() if name not in PAIRS}
    taken = [name for name, text in texts.items() if explained(text)]

    assert len({*texts.values()}) >= 200
    assert taken == []


def test_the_pair_of_a_layer_that_the_line_itself_makes_is_explained() -> None:
    found = [explained(others()[name]) for name in sorted(PAIRS)]

    assert {one.mismatch.tensor for one in found if one} == {"output"}
    assert [one.mismatch.first_cause for one in found if one] == [
        *("whole_pair", "whole_pair", "names_of_pair", "whole_pair", "names_of_pair", "whole_pair")
    ]


def test_most_templates_are_raised_by_a_framework_that_runs_here() -> None:
    """The others are those of old versions, cuDNN and TFLite, and of forms that no program here provokes."""
    texts = [folded(mistake.pasted(recorded()[mistake.name])) for mistake in MISTAKES]
    seen = {template.id for template in TEMPLATES if any(template.last(text) for text in texts)}

    assert len(seen) >= 55, sorted({template.id for template in TEMPLATES} - seen)
