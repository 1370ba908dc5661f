"""What each framework has, takes, stores and returns: from their documentation, not from ``app``."""

from collections.abc import Mapping

import numpy as np
from autodiff import Array
from packing import OURS, PACKING, Arrays, blocks
from stacks import Case

Shapes = dict[str, tuple[int, ...]]


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


def between_layers(case: Case, directions: int = 0) -> tuple[int, ...]:
    """The shape of what one layer gives the next, of all directions or of so many: in the order of the input."""
    steps = (case.time_step, case.batch_size) if has_time_first(case) else (case.batch_size, case.time_step)
    return *steps, case.width_of_h * (directions or len(case.directions))


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
            every = [(layer, end, s) for layer in layers for end in ends for s in reversed(case.states)]
            return outputs | {f"state{end}{layer}{dotted[s]}": (B, width[s]) for layer, end, s in every}
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
