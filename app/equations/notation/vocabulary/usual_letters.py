"""What letters and names usually mean in papers."""

from math import e as euler
from math import pi

STEP_LETTERS, SMALL_STEPS = "tnkisjlm", "ₜₙₖᵢₛⱼₗₘ"
"""The letters of steps, the most usual one first, and these as indices."""

COMPONENTS = tuple("dijkmn")
"""The letters that count components of a vector."""

INPUTS = ("x", "u", "e")
"""The names of inputs in papers, the most usual one first."""

OUTPUTS = ("y", "o")
"""The letters of what is read out of a state."""

GATES = ("f", "i", "o", "z", "r", "g", "w", "a", "alpha", "beta", "gamma", "lambda", "eta", "delta", "theta")
"""Names of factors between 0 and 1."""

CONSTANTS = {"dt": 0.1, "epsilon": 0.1, "gamma": 0.9, "lambda": 0.9, "alpha": 0.9, "beta": 1.0, "tau": 2.0}
"""The numbers that are taken for constants whose value a text does not say; 0.5 for others."""

PERIOD = 4
"""The number of steps that is taken for a period whose length a text does not say: a whole number of steps modulo a
smaller one could always be the same."""

CURRENT = "I"
"""The name of the input, a current, in differential equations of neurons that have no other one."""

IDENTITY = "I"
"""The name of the identity matrix, in texts that do not say that it is another one."""

NUMBERS = {"e": euler, "pi": pi}
"""The names that are numbers of mathematics where a text neither computes nor declares them."""

DEFAULTS = {"sigma": "sigmoid", "sigma_g": "sigmoid", "sigma_c": "tanh", "sigma_h": "tanh", "sigma_y": "sigmoid",
            "Theta": "heaviside"}  # fmt: skip
"""The functions that are usually written so."""

FREE_FUNCTIONS = ("sigma", "phi", "psi", "f", "g", "varphi")
"""Names that are functions where brackets follow them and the text computes no such tensor."""

CAPITAL_FUNCTIONS = ("F", "G", "H", "S", "T", "N", "Phi", "Psi", "Sigma")
GREEK_FUNCTIONS = ("rho", "chi", "xi", "upsilon", "tau", "zeta")
"""Capitals and small Greek letters that may be functions; others are matrices and numbers."""

WHOLE_CELLS = ("F", "G", "S", "Phi", "Psi")
"""Capitals that are functions before brackets with several terms, F(x_t, h_{t-1}); W(x, h) has a vector of both."""

WEIGHTS = ("b", "c", "d", "k", "u", "v", "w")
"""Small letters that are usually weights, also before a sum in brackets."""

VECTORS = "kvqru"
"""The letters of tensors that are vectors where no line computes them."""

PROJECTIONS = ("B", "C")
"""The capitals of state space models that are vectors where no line computes them."""

GIVEN = "BCkqruv"
"""The letters of projections of the input that papers do not print."""

SIZE = "Delta"
"""The name of the step size of a state space, which is a number where no line computes it."""

SIZES = (SIZE, "Dt", "delta")
"""The names of a step size that depends on the input."""

SIZE_OF_STATE = "N"
"""The axis of a state space that is computed for each feature of the input."""

DIAGONAL = ("A", "A_bar")
"""The names of matrices that are diagonal in state spaces with such a step size."""

POTENTIALS = ("th", "thr", "reset", "rest", "leak")
"""The indices of the constants of neurons, V_th and V_reset."""

DEFINITIONS = {
    "rotation": "Rotation(a, b) = Turn(a / ||a||, b / ||b||); "
                "Turn(a, b) = I - (a + b) (a + b)^T / (1 + a^T b) + 2 b a^T",
    "k": "K(a, b) = \\frac{a \\cdot b}{||a|| ||b||}",
}  # fmt: skip
"""Functions that papers describe in words, defined: the matrix that turns a
to b in their plane, and the similarity of a memory."""
