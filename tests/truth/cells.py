"""The equations of six recurrent cells, from the papers: each function is one step, its names are those of the API.

The weights ``W`` are the arrays of /weights.npz in our own framework; rows of h stand above rows of x.
"""

from collections.abc import Callable, Mapping

from autodiff import Var, join, sigmoid, tanh

Step = dict[str, Var]
Weights = Mapping[str, Var]
Equations = Callable[[Step, Weights], None]


def blocks(a: Var, *names: str) -> Step:
    """Cut an array into equal blocks of columns, from left to right."""
    width = a.shape[-1] // len(names)
    return {name: a[:, n * width : (n + 1) * width] for n, name in enumerate(names)}


def lstm(s: Step, W: Weights) -> None:
    """Hochreiter and Schmidhuber, 1997; Gers, Schmidhuber and Cummins, 2000."""
    s["concat"] = join(s["h_prev"], s["x"])
    s["a"] = s["concat"] @ W["kernel"] + W["bias"]
    s |= blocks(s["a"], "a_f", "a_i", "a_g", "a_o")
    s["f"], s["i"], s["g"], s["o"] = sigmoid(s["a_f"]), sigmoid(s["a_i"]), tanh(s["a_g"]), sigmoid(s["a_o"])
    remember(s)


def remember(s: Step) -> None:
    """From the gates of an LSTM to its states."""
    s["kept"], s["added"] = s["f"] * s["c_prev"], s["i"] * s["g"]
    s["c"] = s["kept"] + s["added"]
    s["tanh_c"] = tanh(s["c"])
    s["h"] = s["o"] * s["tanh_c"]


def lstm_peephole(s: Step, W: Weights) -> None:
    """Gers and Schmidhuber, 2000: f and i see the old cell state, o the new one, each unit its own."""
    s["concat"] = join(s["h_prev"], s["x"])
    s["a"] = s["concat"] @ W["kernel"] + W["bias"]
    s |= blocks(s["a"], "a_f", "a_i", "a_g", "a_o")
    s["peep_f"], s["peep_i"] = s["c_prev"] * W["p_f"], s["c_prev"] * W["p_i"]
    s["z_f"], s["z_i"] = s["a_f"] + s["peep_f"], s["a_i"] + s["peep_i"]
    s["f"], s["i"], s["g"] = sigmoid(s["z_f"]), sigmoid(s["z_i"]), tanh(s["a_g"])
    s["kept"], s["added"] = s["f"] * s["c_prev"], s["i"] * s["g"]
    s["c"] = s["kept"] + s["added"]
    s["peep_o"] = s["c"] * W["p_o"]
    s["z_o"] = s["a_o"] + s["peep_o"]
    s["o"], s["tanh_c"] = sigmoid(s["z_o"]), tanh(s["c"])
    s["h"] = s["o"] * s["tanh_c"]


def lstm_coupled(s: Step, W: Weights) -> None:
    """Greff and others, 2015, CIFG: the input gate is what the forget gate leaves."""
    s["concat"] = join(s["h_prev"], s["x"])
    s["a"] = s["concat"] @ W["kernel"] + W["bias"]
    s |= blocks(s["a"], "a_f", "a_g", "a_o")
    s["f"], s["g"], s["o"] = sigmoid(s["a_f"]), tanh(s["a_g"]), sigmoid(s["a_o"])
    s["i"] = 1 - s["f"]
    remember(s)


def gru(s: Step, W: Weights) -> None:
    """Cho and others, 2014: reset before the product."""
    s["concat"] = join(s["h_prev"], s["x"])
    s["a"] = s["concat"] @ W["kernel"] + W["bias"]
    s |= blocks(s["a"], "a_r", "a_z")
    s["r"], s["z"] = sigmoid(s["a_r"]), sigmoid(s["a_z"])
    s["reset"] = s["r"] * s["h_prev"]
    s["reset_concat"] = join(s["reset"], s["x"])
    s["a_g"] = s["reset_concat"] @ W["candidate_kernel"] + W["candidate_bias"]
    interpolate(s)


def interpolate(s: Step) -> None:
    """From the candidate's pre-activation of a GRU to its state."""
    s["g"] = tanh(s["a_g"])
    s["kept"], s["fresh"] = s["z"] * s["h_prev"], 1 - s["z"]
    s["added"] = s["fresh"] * s["g"]
    s["h"] = s["kept"] + s["added"]


def gru_reset_after(s: Step, W: Weights) -> None:
    """cuDNN: all products with h are one, and the reset gate is applied to its result."""
    s["x_a"] = s["x"] @ W["kernel"] + W["bias"]
    s["h_a"] = s["h_prev"] @ W["recurrent_kernel"] + W["recurrent_bias"]
    s |= blocks(s["x_a"], "x_r", "x_z", "x_g") | blocks(s["h_a"], "h_r", "h_z", "h_g")
    s["a_r"], s["a_z"] = s["x_r"] + s["h_r"], s["x_z"] + s["h_z"]
    s["r"], s["z"] = sigmoid(s["a_r"]), sigmoid(s["a_z"])
    s["reset"] = s["r"] * s["h_g"]
    s["a_g"] = s["x_g"] + s["reset"]
    interpolate(s)


def rnn(s: Step, W: Weights) -> None:
    """Elman, 1990."""
    s["concat"] = join(s["h_prev"], s["x"])
    s["a"] = s["concat"] @ W["kernel"] + W["bias"]
    s["h"] = tanh(s["a"])


CELLS: dict[str, Equations] = {
    equations.__name__: equations for equations in (lstm, lstm_peephole, lstm_coupled, gru, gru_reset_after, rnn)
}
LSTMS = ("lstm", "lstm_peephole", "lstm_coupled")


def projected(s: Step, W: Weights) -> None:
    """Sak, Senior and Beaufays, 2014: the LSTM's h becomes m, and h is its projection."""
    s["m"] = s.pop("h")
    s["h"] = s["m"] @ W["projection"]


GIVEN = ("x", "h_prev", "c_prev")
"""The tensors of a step that the step is given."""


def computed(step: Step) -> list[str]:
    """The tensors that a step computes: those that it is neither given nor cuts from another one."""
    return [id for id, var in step.items() if id not in GIVEN and not var.is_block]
