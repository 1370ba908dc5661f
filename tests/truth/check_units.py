"""Whose numbers: which weights make a unit and which read it, in JSON and on the page, compared with the truth."""

import re
from dataclasses import replace
from math import prod

import frameworks
import numpy as np
import shapes
from autodiff import Array
from check_notes import reading
from comparing import evaluated, numbers_in
from http_client import ask, link
from stacks import Case


def check_unit_entry(case: Case, unit: int) -> None:
    """The part ``unit`` of /trace.json: which numbers of the framework's arrays a unit's gates are computed from, and
    which of them its h is multiplied by. Found where this folder's own packing puts numbers that are all different."""
    plain = replace(case, forget_bias=0) if case.framework == "tf1" else case
    said, where = ask("/trace.json", plain, unit=unit)["unit"], link("/trace.json", plain, unit=unit)
    own = shapes.numbered(plain)
    stored = frameworks.stored(plain, own)
    merged = case.framework == "flax" and case.cell == "gru_reset_after"  # two biases are stored as their sum
    for part, true in (("owns", owned_by(plain, own, unit)), ("read_by", read_by(plain, own, unit))):
        found = set()
        for piece in said[part]:
            numbers = np.ravel(eval(f"array{piece['index']}", {"array": stored[piece["array"]]}))
            assert piece["count"] == numbers.size, f"{where}: {piece}"
            assert part == "owns" or numbers.all(), f"{where}: {piece} has numbers that nothing reads"
            if not (merged and piece["array"].endswith("bias")):
                found |= {int(abs(number)) for number in numbers if number}
        expected = {n for n in true if not merged or n in kernels(plain, own)}
        assert found == expected, f"{where}: {part}"
    assert said["count"] == sum(piece["count"] for piece in said["owns"]), where


def owned_by(case: Case, own: dict[str, Array], unit: int) -> set[int]:
    """The numbers of our arrays that make a unit's gates: its column of each gate's block, its biases and peepholes."""
    found: set[int] = set()
    for name, array in own_arrays(case, own).items():
        if name != "projection":
            found |= {int(n) for n in np.ravel(array[..., unit :: case.num_units])}
    return found


def read_by(case: Case, own: dict[str, Array], unit: int) -> set[int]:
    """The numbers of our arrays that a unit's h is multiplied by in its own cell; with a projection, its m."""
    arrays, h = own_arrays(case, own), ("kernel", "candidate_kernel")
    names = ("projection",) if case.num_proj else ("recurrent_kernel",) if case.cell == "gru_reset_after" else h
    return {int(n) for name in names if name in arrays for n in arrays[name][unit]}


def kernels(case: Case, own: dict[str, Array]) -> set[int]:
    return {int(n) for array in own_arrays(case, own).values() if array.ndim > 1 for n in np.ravel(array)}


def own_arrays(case: Case, own: dict[str, Array]) -> dict[str, Array]:
    """Those of the cell in focus, by their names within it."""
    begin = case.name_of(case.place, "")
    return {name.removeprefix(begin): array for name, array in own.items() if name.startswith(begin)}


def check_unit(case: Case, unit: int) -> None:
    """The numbers that a unit owns, array by array, and how they are counted."""
    shown, where = reading(case, "weights", unit=unit)
    owned = owned_numbers(case)
    said = re.search(r"Unit (\d[\d,]*) owns (.*?) = (\d[\d,]*) parameters?\.", shown.text)
    assert said, f"{where}: {shown.text[:300]}"
    assert numbers_in(said[1])[0] == unit, f"{where}: {said[0]}"
    assert numbers_in(said[3])[0] == eval(said[2].replace("×", "*").replace(",", "")) == owned, (
        f"{where}: {said[0]}, truly {owned}"
    )
    pieces = {
        row.one("th").text: numbers_in(row.all("td")[-1].text)[0]
        for row in shown.one("table", class_="slices").all("tr")
    }
    assert sum(pieces.values()) == owned, f"{where}: {pieces}"
    reads = re.search(r"It reads (all|the) (.+?) (?:values? )?of h(?: and|,) (all|the) (.+?) of x\b", shown.text)
    assert reads, f"{where}: {shown.text}"
    widths = [case.width_of_h, case.width_of_x(case.layer)]
    assert [counted(reads[2]), counted(reads[4])] == widths, f"{where}: {reads[0]}, truly {widths}"


def counted(words: str) -> int:
    """``5``, ``2 × 5``, ``one value``."""
    return 1 if words.startswith("one") else prod(evaluated(words.removesuffix(" values").replace(",", "")))


def owned_numbers(case: Case) -> int:
    """How many numbers of the framework's arrays make the gates of a unit: for each gate as many as x and h have, and
    its biases; the candidate of a GRU that resets after the product has two biases everywhere."""
    gates = {"rnn": 1, "gru": 3, "gru_reset_after": 3, "lstm_coupled": 3}.get(case.cell, 4)
    biases = gates * (2 if case.framework in ("pytorch", "onnx") else 1)
    if case.cell == "gru_reset_after":
        biases = 4 if case.framework == "flax" else 6
    peepholes = 3 if case.cell == "lstm_peephole" else 0
    return gates * (case.width_of_x(case.layer) + case.width_of_h) + biases + peepholes
