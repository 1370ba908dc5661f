"""How each framework stores the weights of a cell: from their documentation, not from ``app``."""

from collections.abc import Callable, Mapping

import numpy as np
from autodiff import Array
from stacks import Case, Place

Blocks = Mapping[tuple[str, str], Array]
"""(part, gate) -> what the gate multiplies x or h by (``x``, ``h``), its bias ``b``, a second one ``b_h`` that is added
to h's product, its peephole ``p``; of no gate the projection ``w``."""


Arrays = dict[str, Array]


OURS = {
    "lstm": "figo",
    "lstm_peephole": "figo",
    "lstm_coupled": "fgo",
    "gru": "rz",
    "gru_reset_after": "rzg",
    "rnn": "a",
}
"""The gates of our kernel, in the order of its columns."""


def blocks(case: Case, place: Place, arrays: Mapping[str, Array]) -> Blocks:
    """One cell's arrays of our own weights.npz, cut up."""
    found: dict[tuple[str, str], Array] = {}

    def cut(name: str, part: str, gates: str, rows: slice = slice(None)) -> None:
        array = np.atleast_2d(np.asarray(arrays[case.name_of(place, name)]))[rows]
        for gate, block in zip(gates, np.split(array, len(gates), axis=1), strict=True):
            found[part, gate] = block

    gates, h, x = OURS[case.cell], slice(case.width_of_h), slice(case.width_of_h, None)
    if case.cell == "gru_reset_after":
        cut("kernel", "x", gates)
        cut("recurrent_kernel", "h", gates)
        cut("recurrent_bias", "b_h", gates)
    else:
        cut("kernel", "h", gates, h)
        cut("kernel", "x", gates, x)
    cut("bias", "b", gates)
    if case.cell == "gru":
        cut("candidate_kernel", "h", "g", h)
        cut("candidate_kernel", "x", "g", x)
        cut("candidate_bias", "b", "g")
    if case.cell == "lstm_peephole":
        for gate in "fio":
            cut(f"p_{gate}", "p", gate)
    if case.num_proj:
        cut("projection", "w", "w")
    return found


def beside(b: Blocks, part: str, gates: str) -> Array:
    """The blocks of some gates, from left to right."""
    return np.concatenate([b[part, gate] for gate in gates], axis=1)


def one_bias(b: Blocks, gates: str) -> Array:
    """The biases of some gates as one vector: what two would add up to."""
    return np.concatenate([b["b", gate][0] + (b["b_h", gate][0] if ("b_h", gate) in b else 0) for gate in gates])


def second_bias(b: Blocks, gates: str) -> Array:
    """The bias at h's product: zeros where one bias says all."""
    return np.concatenate([b["b_h", g][0] if ("b_h", g) in b else np.zeros_like(b["b", g][0]) for g in gates])


def pytorch(case: Case, place: Place, b: Blocks) -> Arrays:
    gates = {"lstm": "ifgo", "gru_reset_after": "rzg", "rnn": "a"}[case.cell]
    end = f"_l{place[0]}" + ("_reverse" if place[1] == "backward" else "")
    first = np.concatenate([b["b", gate][0] for gate in gates])
    found = {
        "weight_ih": beside(b, "x", gates).T,
        "weight_hh": beside(b, "h", gates).T,
        "bias_ih": first,
        "bias_hh": second_bias(b, gates),
    }
    if case.num_proj:
        found["weight_hr"] = b["w", "w"].T
    return {name + end: array for name, array in found.items()}


def keras(case: Case, place: Place, b: Blocks) -> Arrays:
    gates = {"lstm": "ifgo", "gru": "zrg", "gru_reset_after": "zrg", "rnn": "a"}[case.cell]
    word = {"lstm": "lstm", "rnn": "simple_rnn"}.get(case.cell, "gru")
    number = f"_{place[0]}" if place[0] else ""
    path = f"{word}{number}/{word}_cell/"
    if case.bidirectional:
        path = f"bidirectional{number}/{place[1]}_{word}{number}/{word}_cell/"
    bias = one_bias(b, gates)
    if case.cell == "gru_reset_after":
        bias = np.stack([beside(b, "b", gates)[0], beside(b, "b_h", gates)[0]])
    return {
        path + "kernel": beside(b, "x", gates),
        path + "recurrent_kernel": beside(b, "h", gates),
        path + "bias": bias,
    }


def tf1(case: Case, place: Place, b: Blocks) -> Arrays:
    layer, direction = place
    scope = {"gru": "gru_cell", "rnn": "basic_rnn_cell"}.get(case.cell, "lstm_cell")
    if case.cell == "lstm" and not case.num_proj:
        scope = "basic_lstm_cell"
    path = f"rnn/multi_rnn_cell/cell_{layer}/{scope}/" if case.num_layers > 1 else f"rnn/{scope}/"
    if case.bidirectional:
        under = f"layer_{layer}/" if case.num_layers > 1 else ""
        path = f"{under}bidirectional_rnn/{direction[0]}w/{scope}/"

    def both(gates: str, name: str = "") -> Arrays:
        kernel = np.concatenate([beside(b, "x", gates), beside(b, "h", gates)])
        return {f"{name}kernel": kernel, f"{name}bias": one_bias(b, gates)}

    match case.cell:
        case "gru":
            found = both("rz", "gates/") | both("g", "candidate/")
        case "rnn":
            found = both("a")
        case _:
            found = both("igfo")
            found["bias"] = found["bias"].copy()
            found["bias"][2 * case.num_units : 3 * case.num_units] -= case.forget_bias
    if case.cell == "lstm_peephole":
        found |= {f"w_{gate}_diag": b["p", gate][0] for gate in "fio"}
    if case.num_proj:
        found["projection/kernel"] = b["w", "w"]
    return {path + name: array for name, array in found.items()}


def flax(case: Case, place: Place, b: Blocks) -> Arrays:
    letters = {"lstm": {g: g for g in "ifgo"}, "gru_reset_after": {"r": "r", "z": "z", "g": "n"}, "rnn": {"a": ""}}
    path = f"layers_{place[0]}/" * (case.num_layers > 1) + f"{place[1]}_rnn/" * case.bidirectional + "cell/"
    found: Arrays = {}
    for gate, letter in letters[case.cell].items():
        found |= {f"i{letter}/kernel": b["x", gate], f"h{letter}/kernel": b["h", gate]}
        if case.cell == "gru_reset_after" and gate == "g":
            found |= {"in/bias": b["b", gate][0], "hn/bias": b["b_h", gate][0]}
        else:
            found[f"{'h' if case.cell == 'lstm' else 'i'}{letter}/bias"] = one_bias(b, gate)
    return {path + name: array for name, array in found.items()}


def onnx(case: Case, place: Place, b: Blocks) -> Arrays:
    """One direction's part; ``stored`` stacks them."""
    gates = {"gru": "zrg", "gru_reset_after": "zrg", "rnn": "a"}.get(case.cell, "iofg")
    if case.cell == "lstm_coupled":  # ONNX' f is 1 - i where ours is i = 1 - f, and sigma(-a) = 1 - sigma(a)
        opposite = {(part, "i"): -b[part, "f"] for part in "xhb"} | {(p, "f"): np.zeros_like(b[p, "f"]) for p in "xhb"}
        b = {**b, **opposite}
    bias = np.concatenate([beside(b, "b", gates)[0], second_bias(b, gates)])
    found = {"W": beside(b, "x", gates).T, "R": beside(b, "h", gates).T, "B": bias}
    if case.cell == "lstm_peephole":
        found["P"] = beside(b, "p", "iof")[0]
    number = f"_{place[0]}" if case.num_layers > 1 else ""
    return {name + number: array for name, array in found.items()}


PACKING: dict[str, Callable[[Case, Place, Blocks], Arrays]] = {
    "pytorch": pytorch,
    "keras": keras,
    "tf1": tf1,
    "flax": flax,
    "onnx": onnx,
}
