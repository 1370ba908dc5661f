"""Mistakes that people make, as small programs, and what the real frameworks say to them.

``make oracles`` runs each in the real framework and compares; with ``ARGS=--record`` it writes mistakes.json.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HEARD = Path(__file__).with_name("mistakes.json")

MISTAKES: dict[str, dict[str, str]] = {
    "two-axes": {
        "keras": """
x = np.zeros((4, 2))
keras.layers.LSTM(5)(x)
""",
        "pytorch": """
x = torch.zeros(4, 2)
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
print("output", tuple(keras.layers.LSTM(4)(x).shape))  # 9 steps do not mind
""",
        "pytorch": """
lstm = torch.nn.LSTM(2, 4, batch_first=True)  # 4 units, because there are 4 steps
for steps in (4, 9):
    output, (h_n, c_n) = lstm(torch.zeros(3, steps, 2))
    print("output", tuple(output.shape), "h_n", tuple(h_n.shape))
""",
    },
}
"""By mistake, a program for each framework in which people make it."""

MENDED: dict[str, dict[str, str]] = {
    "two-axes": {
        "keras": """
x = np.zeros((4, 2))
output = keras.layers.LSTM(5)(x[np.newaxis])  # one sequence of 4 steps
print("output", tuple(output.shape))
""",
        "pytorch": """
x = torch.zeros(4, 2)
output, (h_n, c_n) = torch.nn.LSTM(2, 5)(x[:, None])  # 4 steps of one sequence
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
"""By mistake, the same programs as they should be, where the mistake is one that a program shows."""

HEADS = {"keras": "import keras\nimport numpy as np\n", "pytorch": "import torch\n"}
"""What a program begins with."""


@dataclass(frozen=True)
class Heard:
    """A program and what the framework said to it: an error, or what was printed. ``mended`` is the same program as it
    should be."""

    framework: str
    program: str
    said: str
    version: str
    mended: "Heard | None" = None


@cache
def heard(mistake: str) -> tuple[Heard, ...]:
    """What each framework said to a mistake."""
    return tuple(
        _heard(mistake, framework, program, mended(mistake, framework))
        for framework, program in MISTAKES[mistake].items()
    )


def mended(mistake: str, framework: str) -> Heard | None:
    """The program without its mistake, and what the framework said to that."""
    if mistake not in MENDED:
        return None
    return _heard(name_mended(mistake), framework, MENDED[mistake][framework])


def name_mended(mistake: str) -> str:
    """What a mended program is recorded under."""
    return f"{mistake}, mended"


def _heard(name: str, framework: str, program: str, mended: Heard | None = None) -> Heard:
    said = recorded()[name][framework]
    return Heard(framework, program.strip(), said["said"], said["version"], mended)


@cache
def recorded() -> dict[str, dict[str, dict[str, str]]]:
    """What was said, and by which version: by the name of the program, and framework."""
    said: dict[str, dict[str, dict[str, str]]] = json.loads(HEARD.read_text(encoding="utf-8"))
    return said


PROGRAMS = MISTAKES | {name_mended(mistake): programs for mistake, programs in MENDED.items()}
"""Every program that is run, by what it is recorded under."""
