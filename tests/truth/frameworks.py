"""How each framework stores the weights of a stack and what it hands out: from their documentation, not from ``app``."""

from collections.abc import Callable, Mapping

import numpy as np
from autodiff import Array
from stacks import Case, Place

Blocks = Mapping[tuple[str, str], Array]
"""(part, gate) -> what the gate multiplies x or h by (``x``, ``h``), its bias ``b``, a second one ``b_h`` that is added
to h's product, its peephole ``p``; of no gate the projection ``w``."""
Arrays = dict[str, Array]
Shapes = dict[str, tuple[int, ...]]

OURS = {
    "lstm": "figo",
    "lstm_peephole": "figo",
    "lstm_coupled": "fgo",
    "gru": "rz",
    "gru_reset_after": "rzg",
    "rnn": "a",
}
"""The gates of our kernel, in the order of its columns."""

HAVING = {
    "tf1": ("lstm", "lstm_peephole", "gru", "rnn"),
    "keras": ("lstm", "gru", "gru_reset_after", "rnn"),
    "pytorch": ("lstm", "gru_reset_after", "rnn"),
    "onnx": ("lstm", "lstm_peephole", "lstm_coupled", "gru", "gru_reset_after", "rnn"),
    "flax": ("lstm", "gru_reset_after", "rnn"),
    "colah": tuple(OURS),
}


def has(case: Case) -> bool:
    """Whether the framework of a case has such a stack."""
    if case.cell not in HAVING[case.framework]:
        return False
    if case.num_proj and (case.framework not in ("colah", "tf1", "pytorch")):
        return False
    if case.framework == "pytorch" and case.num_proj >= case.num_units:
        return False
    if case.framework == "keras" and case.bidirectional and case.go_backwards:
        return False
    return not (case.framework == "onnx" and case.cell == "lstm_coupled" and case.layout)


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


def stored(case: Case, arrays: Mapping[str, Array]) -> Arrays:
    """Every array of weights as the framework of a case stores it, of those of our own weights.npz."""
    if case.framework == "colah":
        return {name: np.asarray(array) for name, array in arrays.items() if name != "X"}
    pack, found = PACKING[case.framework], dict[str, Array]()
    for place in case.places:
        own = pack(case, place, blocks(case, place, arrays))
        if case.framework == "onnx":  # both directions in one array, along a first axis
            own = {name: np.stack([*found.get(name, ()), array]) for name, array in own.items()}
        found |= own
    return found


def numbers_of_a_cell(case: Case, arrays: Mapping[str, Array]) -> int:
    """How many numbers the framework stores for the cell in focus."""
    if case.framework == "colah":
        begin = case.name_of(case.place, "")
        return sum(np.size(array) for name, array in arrays.items() if name.startswith(begin) and name != "X")
    own = PACKING[case.framework](case, case.place, blocks(case, case.place, arrays))
    return sum(array.size for array in own.values())


NAME_OF_X = {"colah": "X", "onnx": "X", "pytorch": "input"}


def has_time_first(case: Case) -> bool:
    return {"pytorch": not case.batch_first, "onnx": not case.layout}.get(case.framework, case.time_major)


def taken(case: Case, X: Array) -> tuple[str, Array]:
    """The input by its name, in the framework's order of axes."""
    return NAME_OF_X.get(case.framework, "inputs"), X.swapaxes(0, 1) if has_time_first(case) else X


def returned(case: Case) -> Shapes:
    """The shapes of what comes back, by name and in order."""
    B, T, D, L = case.batch_size, case.time_step, len(case.directions), case.num_layers
    width = {"h": case.width_of_h, "c": case.num_units}
    steps = (T, B) if has_time_first(case) else (B, T)
    match case.framework:
        case "colah":
            own = {place: case.name_of(place, "").rstrip("/") for place in case.places}
            states = {(s, path): width[s] for path in own.values() for s in case.states}
            named = {f'{s}_T["{path}"]' if path else f"{s}_T": (B, n) for (s, path), n in states.items()}
            return {"Y": (*steps, D * width["h"]), **named}
        case "pytorch":
            return {"output": (*steps, D * width["h"]), **{f"{s}_n": (L * D, B, width[s]) for s in case.states}}
        case "onnx":
            number = {layer: f"_{layer}" if L > 1 else "" for layer in range(L)}
            Y = (B, T, D, width["h"]) if case.layout else (T, D, B, width["h"])
            state = (B, D, case.num_units) if case.layout else (D, B, case.num_units)
            return {"Y": Y, **{f"Y_{s}{number[layer]}": state for layer in range(L) for s in case.states}}
        case "flax":
            begin = [f"{d}_" for d in case.directions] if case.bidirectional else [""]
            carry = {f"{d}{s}": (B, width[s]) for d in begin for s in reversed(case.states)}
            return {**(carry if case.return_carry else {}), "outputs": (*steps, D * width["h"])}
        case "tf1":
            ends = ["_fw", "_bw"] if case.bidirectional else [""]
            outputs = {f"output{end}" if end else "outputs": (*steps, width["h"]) for end in ends}
            layers = [f"[{layer}]" if L > 1 else "" for layer in range(L)]
            dotted = {s: f".{s}" if len(case.states) > 1 else "" for s in case.states}
            states = [(layer, end, s) for layer in layers for end in ends for s in reversed(case.states)]
            return outputs | {f"state{end}{layer}{dotted[s]}": (B, width[s]) for layer, end, s in states}
    return keras_returns(case)


def keras_returns(case: Case) -> Shapes:
    lead = (case.batch_size, case.time_step) if case.return_sequences else (case.batch_size,)
    found: Shapes = {"output": (*lead, case.num_units)}
    if case.bidirectional and case.merge_mode == "concat":
        found = {"output": (*lead, 2 * case.num_units)}
    if case.bidirectional and case.merge_mode == "none":
        found = {f"{d}_output": (*lead, case.num_units) for d in case.directions}
    if case.return_state:
        begin = [f"{d}_" for d in case.directions] if case.bidirectional else ["state_"]
        found |= {f"{d}{s}": (case.batch_size, case.num_units) for d in begin for s in case.states}
    return found
