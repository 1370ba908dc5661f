"""Mistakes that people make, as small programs, and what the real frameworks say to them.

``make oracles`` runs each in the real framework and compares; with ``ARGS=--record`` it writes mistakes.json.
"""

import json
from collections.abc import Mapping
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

HEADS = {"keras": "import keras\nimport numpy as np\n", "pytorch": "import torch\n"}
"""What a program begins with."""


@dataclass(frozen=True)
class Heard:
    """A program and what the framework said to it: an error, or what was printed."""

    framework: str
    program: str
    said: str
    version: str


@cache
def heard(mistake: str) -> tuple[Heard, ...]:
    """What each framework said to a mistake."""
    recorded: Mapping[str, Mapping[str, Mapping[str, str]]] = json.loads(HEARD.read_text(encoding="utf-8"))
    return tuple(
        Heard(framework, program.strip(), **recorded[mistake][framework])
        for framework, program in MISTAKES[mistake].items()
    )
