"""Common mistakes as small programs, and the messages that the real frameworks give.

``make oracles`` runs each program in the real framework and compares; with ``ARGS=--record`` it writes
common_mistakes.json.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MESSAGES_FILE = Path(__file__).with_name("common_mistakes.json")

MISTAKES: dict[str, dict[str, str]] = {
    "two-axes": {
        "keras": """
x = np.zeros((4, 2))  # 4 sequences of one step
keras.layers.LSTM(5)(x)
""",
        "pytorch": """
x = torch.zeros(4, 2)  # 4 sequences of one step
output, (h_n, c_n) = torch.nn.LSTM(2, 5)(x)
print("output", tuple(output.shape), "h_n", tuple(h_n.shape))
""",
    },
    "swapped": {
        "keras": """
x = np.zeros((4, 3, 2))  # 3 sequences of 4 steps, time first
output, h, c = keras.layers.LSTM(5, return_sequences=True, return_state=True)(x)
print("output", tuple(output.shape), "h", tuple(h.shape))
""",
        "pytorch": """
x = torch.zeros(3, 4, 2)  # 3 sequences of 4 steps, batch first
output, (h_n, c_n) = torch.nn.LSTM(2, 5)(x)
print("output", tuple(output.shape), "h_n", tuple(h_n.shape))
""",
    },
    "wrong-features": {
        "keras": """
lstm = keras.layers.LSTM(5)
lstm(np.zeros((3, 4, 2)))
lstm(np.zeros((3, 4, 7)))
""",
        "pytorch": """
lstm = torch.nn.LSTM(2, 5, batch_first=True)
lstm(torch.zeros(3, 4, 7))
""",
    },
    "no-sequences": {
        "keras": """
keras.Sequential([keras.Input((4, 2)), keras.layers.LSTM(5), keras.layers.LSTM(5)])
""",
        "pytorch": """
x = torch.zeros(3, 4, 2)
output, (h_n, c_n) = torch.nn.LSTM(2, 5, batch_first=True)(x)
output, (h_n, c_n) = torch.nn.LSTM(5, 5, batch_first=True)(h_n[-1])
print("output", tuple(output.shape), "h_n", tuple(h_n.shape))
""",
    },
    "wrong-layer": {
        "pytorch": """
x = torch.rand(3, 4, 2)
output, (h_n, c_n) = torch.nn.LSTM(2, 5, num_layers=2, batch_first=True)(x)
last = output[:, -1]
print("h_n[0] is the last output:", torch.equal(h_n[0], last))
print("h_n[-1] is the last output:", torch.equal(h_n[-1], last))
""",
    },
    "units-for-steps": {
        "keras": """
x = np.zeros((3, 4, 2))
print("output", tuple(keras.layers.LSTM(4)(x).shape))  # 4 units, because there are 4 steps
x = np.zeros((3, 9, 2))
print("output", tuple(keras.layers.LSTM(4)(x).shape))  # 9 steps work just as well
""",
        "pytorch": """
lstm = torch.nn.LSTM(2, 4, batch_first=True)  # 4 units, because there are 4 steps
for steps in (4, 9):
    output, (h_n, c_n) = lstm(torch.zeros(3, steps, 2))
    print("output", tuple(output.shape), "h_n", tuple(h_n.shape))
""",
    },
}
"""Mistake -> framework in which it is common -> program."""

FIXED: dict[str, dict[str, str]] = {
    "two-axes": {
        "keras": """
x = np.zeros((4, 2))  # 4 sequences of one step
output = keras.layers.LSTM(5)(x[:, np.newaxis])  # the time axis
print("output", tuple(output.shape))
""",
        "pytorch": """
x = torch.zeros(4, 2)  # 4 sequences of one step
output, (h_n, c_n) = torch.nn.LSTM(2, 5)(x[None])  # the time axis, first in PyTorch
print("output", tuple(output.shape), "h_n", tuple(h_n.shape))
""",
    },
    "swapped": {
        "keras": """
x = np.zeros((4, 3, 2))  # 3 sequences of 4 steps, time first
x = x.swapaxes(0, 1)
output, h, c = keras.layers.LSTM(5, return_sequences=True, return_state=True)(x)
print("output", tuple(output.shape), "h", tuple(h.shape))
""",
        "pytorch": """
x = torch.zeros(3, 4, 2)  # 3 sequences of 4 steps, batch first
output, (h_n, c_n) = torch.nn.LSTM(2, 5, batch_first=True)(x)
print("output", tuple(output.shape), "h_n", tuple(h_n.shape))
""",
    },
    "wrong-features": {
        "keras": """
lstm = keras.layers.LSTM(5)
print("output", tuple(lstm(np.zeros((3, 4, 7))).shape))
""",
        "pytorch": """
lstm = torch.nn.LSTM(7, 5, batch_first=True)
output, (h_n, c_n) = lstm(torch.zeros(3, 4, 7))
print("output", tuple(output.shape), "h_n", tuple(h_n.shape))
""",
    },
    "no-sequences": {
        "keras": """
lower, upper = keras.layers.LSTM(5, return_sequences=True), keras.layers.LSTM(5)
model = keras.Sequential([keras.Input((4, 2)), lower, upper])
print("output", model.output_shape)
""",
        "pytorch": """
x = torch.zeros(3, 4, 2)
output, (h_n, c_n) = torch.nn.LSTM(2, 5, num_layers=2, batch_first=True)(x)
print("output", tuple(output.shape), "h_n", tuple(h_n.shape))
""",
    },
}
"""Mistake -> framework -> the corrected program, for the mistakes that a change of the program fixes."""

HEADS = {"keras": "import keras\nimport numpy as np\n", "pytorch": "import torch\n"}
"""Framework -> the imports that every program begins with."""


@dataclass(frozen=True)
class RecordedMessage:
    """A program and its result in the real framework: the message of its error, or its output.

    ``fixed`` is the program without its mistake, if there is one.
    """

    framework: str
    program: str
    message: str
    version: str
    fixed: "RecordedMessage | None" = None

    @property
    def is_error(self) -> bool:
        """Whether the message is that of an error, which begins with its class, such as ``ValueError:``."""
        return "Error" in self.message.partition(":")[0]


@cache
def recorded_messages(mistake: str) -> tuple[RecordedMessage, ...]:
    """The message of each framework for a mistake. KeyError if MISTAKES does not have it."""
    return tuple(
        _recorded(mistake, framework, program, _fixed(mistake, framework))
        for framework, program in MISTAKES[mistake].items()
    )


def _fixed(mistake: str, framework: str) -> RecordedMessage | None:
    """The program without its mistake; None if no program shows the fix."""
    if mistake not in FIXED:
        return None
    return _recorded(_fixed_name(mistake), framework, FIXED[mistake][framework])


def _fixed_name(mistake: str) -> str:
    """The name under which the fixed program is recorded."""
    return f"{mistake}, fixed"


def _recorded(name: str, framework: str, program: str, fixed: RecordedMessage | None = None) -> RecordedMessage:
    record = _records()[name][framework]
    return RecordedMessage(framework, program.strip(), record["message"], record["version"], fixed)


@cache
def _records() -> dict[str, dict[str, dict[str, str]]]:
    """The message and the version of the framework, by the names of the program and the framework."""
    records: dict[str, dict[str, dict[str, str]]] = json.loads(MESSAGES_FILE.read_text(encoding="utf-8"))
    return records


PROGRAMS = MISTAKES | {_fixed_name(mistake): programs for mistake, programs in FIXED.items()}
"""Every program that the oracles run, by the name under which it is recorded."""
