"""Computing what a formula says: ``cₜ = fₜ ∗ cₜ₋₁ + iₜ ∗ gₜ``, ``(num_units+features) × 4*num_units``."""

import re
from collections.abc import Mapping

from autodiff import Var, join, sigmoid, tanh

FUNCTIONS = {"σ(": "sigmoid(", "tanh(": "tanh(", "relu(": "relu("}
SIGNS = {"∗": "*", "−": "-", "+": "+", ",": ",", "1": "1", "(": "(", ")": ")", "[": "join(", "]": ")"}
OPENING = ("[", "(", *FUNCTIONS)


def computed(formula: str, values: Mapping[str, Var]) -> Var:
    """The right side of an equation. ``values`` are those of the symbols; symbols side by side are a product."""
    atoms = sorted((symbol for symbol in values if not re.search(r"[ (\[]", symbol)), key=len, reverse=True)
    tokens = re.findall("|".join(map(re.escape, [*FUNCTIONS, *atoms, *SIGNS])) + r"|\S", formula)
    python = ""
    before = ""
    for token in tokens:
        begins, ended = token in atoms or token in OPENING, before in atoms or before in ("]", ")")
        python += " @ " if begins and ended else " "
        python += f"values[{token!r}]" if token in atoms else (FUNCTIONS | SIGNS)[token]
        before = token
    result = eval(python, {"values": values, "join": join, "sigmoid": sigmoid, "tanh": tanh})
    assert isinstance(result, Var)
    return result


def counted(text: str, sizes: Mapping[str, int]) -> int:
    """A product or a sum of sizes, by their names."""
    assert re.fullmatch(r"[a-z_0-9 ×*+()]+", text), text
    return int(eval(text.replace("×", "*"), {}, dict(sizes)))


def counted_axis(text: str, sizes: Mapping[str, int]) -> int:
    return counted(text, {**sizes, "biases": 2})
