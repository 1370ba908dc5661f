"""The small programs of /explain fail in the real framework as the message says, and run with their corrected lines."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO

import pytest
from networks import PROGRAMS as NETWORKS
from provoked import ENVIRONMENTS, MISTAKES, recorded
from raising import raised, run
from shape_errors import ERRORS, NAMED
from test_inputs_of_layers import TEXTS as OF_INPUTS

from app.reading.errors.explanation import Explanation, NotFoundError, explain
from app.reading.errors.framework_messages.message_template import Found
from app.reading.errors.mismatch import Size
from app.reading.errors.small_programs.program_of_cause import LISTINGS, OF_PYTORCH_CELLS, Program, program

MORE = tuple(
    f"{settings}RuntimeError: Expected hidden[{state}] size (4, 3, 20), got [3, 4, 20]"
    for state in (0, 1)
    for settings in ("", "nn.LSTM(8, 20, bidirectional=True, batch_first=True)\n")
)
OF_SIZES = tuple(
    f"RuntimeError: Expected hidden{state} size ({expected}), got [{got}]"
    for state in ("", "[0]", "[1]")
    for expected, got in (
        ("4, 3, 20", "8, 3, 20"),
        ("2, 3, 20", "1, 5, 10"),
        ("6, 5, 10", "2, 2, 1"),
        ("1, 3, 20", "2, 3, 10"),
        ("1, 3, 20", "2, 5, 10"),
        ("18, 3, 4", "18, 5, 4"),
        ("1, 3, 20", "3, 20"),
        ("2, 3, 20", "3, 20"),
        ("1, 3, 20", "5, 20"),
        ("2, 3, 20", "2, 3, 8"),
    )
)
"""Sizes of which several differ, and more layers than usual."""

PROJECTION = "nn.LSTM(10, 4, hidden_size=4)\nproj_size has to be smaller than hidden_size"

WITH_PROGRAM = (
    *(
        f"""
import torch
from torch import nn
read = nn.{layer}(9, 15, 3{options})
write = nn.{layer}(9, 15, 1{options})
song = torch.zeros(6, 4, 9)
_, state = read(song)
heard, _ = write(song, state)
Traceback (most recent call last):
  File "songs.py", line 8, in <module>
    heard, _ = write(song, state)
RuntimeError: Expected hidden{which} size ({made}, 4, 15), got [{got}, 4, 15]"""
        for layer, options, which, made, got in (
            ("GRU", "", "", 1, 3),
            ("LSTM", ", dropout=0.1", "[0]", 1, 3),
        )
    ),
    *(
        f"""
import torch
from torch import nn
scan = nn.GRU(12, 7{first})
x = torch.zeros({sizes}, 12)
scan(x)
ValueError: GRU: Expected input to be 2D or 3D, got 4D instead"""
        for sizes in ("5, 1, 8", "5, 8, 1")
        for first in ("", ", batch_first=True")
    ),
    """
_, last = scan(images)
ValueError: GRU: Expected input to be 2D or 3D, got 4D instead""",
    """
packed = pack_padded_sequence(tracks, durations)
RuntimeError: Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0""",
    """
x = pad_sequence(samples)
packed = pack_padded_sequence(x, lengths, batch_first=True)
RuntimeError: Expected `len(lengths)` to be equal to batch_size, but got 5 (batch_size=9)""",
    """
import torch
from torch import nn
embed = nn.Embedding(80, 7)
gru = nn.GRU(7, 11, batch_first=True)
q = torch.randint(0, 80, (4, 6))
_, h = gru(q.float())
RuntimeError: input.size(-1) must be equal to input_size. Expected 7, got 6""",
    """
import torch
from torch import nn
lstm, dense = nn.LSTM(10, 20, proj_size=5), nn.Linear(20, 2)
_, (h, c) = lstm(torch.zeros(9, 4, 10))
dense(h[-1])
RuntimeError: mat1 and mat2 shapes cannot be multiplied (4x5 and 20x2)""",
    """
import numpy as np
import torch
from torch import nn
table = np.random.rand(300, 7)
x = np.stack([table[i : i + 20] for i in range(280)])
y = table[20:, -1]
lstm = nn.LSTM(6, 16, batch_first=True)
lstm(torch.tensor(x, dtype=torch.float32))
RuntimeError: input.size(-1) must be equal to input_size. Expected 6, got 7""",
    """
import torch
from torch import nn
gru = nn.GRU(10, 20, bidirectional=True, batch_first=True)
keys, h = gru(torch.zeros(4, 9, 10))
query = h[-1]
scores = torch.bmm(keys, query.unsqueeze(2))
Traceback (most recent call last):
  File "attend.py", line 7, in <module>
    scores = torch.bmm(keys, query.unsqueeze(2))
RuntimeError: Expected size for first two dimensions of batch2 tensor to be: [4, 40] but got: [4, 20].""",
    """
import keras
import numpy as np
model = keras.Sequential([keras.Input(batch_shape=(12, 5, 3)), keras.layers.GRU(7, stateful=True)])
model.predict(np.zeros((24, 5, 3)), batch_size=4)
Traceback (most recent call last):
  File "tides.py", line 5, in <module>
    model.predict(np.zeros((24, 5, 3)), batch_size=4)
ValueError: Exception encountered when calling GRU.call().

If an RNN is stateful, the batch size of the input sequences must be the same as the batch size of the initial state.
- Expected batch size: 12
- Received batch size: 4

Arguments received by GRU.call():
  \u2022 sequences=torch.Tensor(shape=torch.Size([4, 5, 3]), dtype=float32)
  \u2022 initial_state=None""",
    *(
        f"{mistake.wrong}\n{recorded()[mistake.name]}"
        for mistake in MISTAKES
        if mistake.name == "pytorch-new-embedding-of-vectors"
    ),
    *(
        f"{NETWORKS.wrong(name)}\n{NETWORKS.recorded[name]}"
        for name in ("keras-one-sample", "keras-target-in-windows", "tensorflow-vector-of-a-decoder")
    ),
)
"""Errors of which the program says the cause."""

RECORDED = tuple(mistake.pasted(recorded()[mistake.name]) for mistake in MISTAKES)
"""What the real frameworks raised for programs with a mistake."""

OTHER_SIZES = {
    **{"3": "1", "4": "2", "5": "7", "7": "11", "9": "13", "10": "17", "20": "13", "40": "26", "60": "39", "80": "52"},
    **{"720": "338", "8": "5"},
}
"""Sizes of messages, and others in their place, among them 1 and primes; what they multiply to stays right."""


def with_other_sizes(text: str) -> str:
    """A message that was formatted by hand, about other sizes."""
    return re.sub(r"(?<![\w.])\d+(?![\w.]\w)", lambda size: OTHER_SIZES.get(size[0], size[0]), text)


FORMATTED = tuple(NAMED * error.anywhere + error.message for error in ERRORS)

TEXTS = (*MORE, *WITH_PROGRAM, *OF_SIZES, *OF_INPUTS, PROJECTION, *RECORDED, *FORMATTED)
RESIZED = tuple(map(with_other_sizes, FORMATTED))

MOST_PROGRAMS = {"pytorch": 2, "numpy": 2, "onnx": 2}
"""Framework -> the programs of a cause and a message that are executed, if only their sizes differ. Others are slower:
they have one."""


def explained(texts: tuple[str, ...]) -> Iterator[Explanation]:
    for text in texts:
        try:
            yield explain(text)
        except NotFoundError:
            continue


TODAY = {explanation.found.template.id for explanation in explained(RECORDED)}
"""The templates of messages that the frameworks of today raise. Others are of old versions."""


def shown() -> dict[tuple[str, str, str], tuple[Explanation, Program]]:
    """Each program once, with the explanation for which it is shown: those of first causes with other sizes, and of all
    causes. Programs that switch a process to graphs come last."""
    found: dict[tuple[str, str, str], tuple[Explanation, Program]] = {}
    number: Counter[tuple[str, str, str]] = Counter()
    resized = ((one, one.mismatch.causes[:1]) for one in explained(RESIZED))
    for explanation, causes in (*resized, *((one, one.mismatch.causes) for one in explained(TEXTS))):
        for cause in causes:
            one = program(explanation, cause)
            kind = (one.framework, cause.id, explanation.found.template.id) if one else ("", "", "")
            if (
                one
                and number[kind] < MOST_PROGRAMS.get(one.framework, 1)
                and (one.framework, cause.id, one.failing) not in found
            ):
                number[kind] += 1
                found[one.framework, cause.id, one.failing] = (explanation, one)
    return dict(sorted(found.items(), key=lambda item: item[0][0] in ("keras1", "tf1")))


PROGRAMS = shown()


def test_every_listing_is_tested() -> None:
    tested = {cause for _, cause, _ in PROGRAMS}

    assert {
        cause for dicts in (*LISTINGS.values(), OF_PYTORCH_CELLS) for listings in dicts for cause in listings
    } == tested


def sizes_of(found: Found) -> dict[str, list[str]]:
    """The sizes that a message says, by the names of its template."""
    kinds = dict(re.findall(r"\{(\w+):(\w+)\}", found.template.text))
    sizes = {name: kind for name, kind in kinds.items() if kind in ("n", "last", "shape", "product", "sizes", "shapes")}
    return {name: re.findall(r"\d+|none|[?]", found.text(name)) for name in sizes}


def is_same_message(again: Explanation, said: Explanation) -> bool:
    """Whether a program raises the message for which it is shown: that of the same template, and with the same sizes,
    as far as it says them. An old version of a framework has others."""
    is_of_template = again.found.template.id == said.found.template.id
    if is_of_template and sizes_of(again.found) == sizes_of(said.found) != {}:
        return True
    one, other = again.mismatch, said.mismatch
    is_old = said.found.template.id not in TODAY
    return (is_of_template or is_old) and (
        (
            one.tensor == other.tensor
            and other.axis in (None, one.axis)
            and all(map(agree, (other.expected, other.got), (one.expected, one.got)))
        )
        or (is_old and one.tensor == other.tensor and last_sizes(again) == last_sizes(said))
    )


def agree(said: Size, again: Size) -> bool:
    """Whether a shape has the sizes that a message says; None is one that it does not say."""
    if not isinstance(said, tuple) or not isinstance(again, tuple) or len(said) != len(again):
        return said == again
    return all(size in (None, other) for size, other in zip(said, again, strict=True))


def last_sizes(explanation: Explanation) -> tuple[object, object]:
    """The sizes of the last axis, which a message without the whole shape says."""
    mismatch = explanation.mismatch
    expected, got = (
        size[-1] if isinstance(size, tuple) and size else size for size in (mismatch.expected, mismatch.got)
    )
    return expected, got


@pytest.mark.parametrize("key", PROGRAMS, ids=lambda key: f"{key[0]}-{key[1]}")
def test_a_program_fails_as_the_message_says_and_runs_once_it_is_corrected(
    request: pytest.FixtureRequest, key: tuple[str, str, str]
) -> None:
    explanation, found = PROGRAMS[key]
    if ENVIRONMENTS[found.framework] not in request.config.getoption("--frameworks").split(","):
        pytest.skip(f"{found.framework} is in another environment")

    again = explain(f"{found.failing}\n{raised(found.framework, found.failing)}")
    printed = StringIO()
    with redirect_stdout(printed):
        run(found.framework, found.running)

    assert is_same_message(again, explanation), f"{again.message}\nnot\n{explanation.message}"
    assert printed.getvalue().strip() == found.printed
