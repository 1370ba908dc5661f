"""What JSON answers say of a case, compared with the truth. AssertionError with the link where they differ."""

import re
from dataclasses import replace
from typing import Any

import costs
import frameworks
import numpy as np
import shapes
from autodiff import Array, Var
from formulas import computed, counted
from over_http import ask, link, our_arrays, truth
from stacks import Case, Run

CLOSE = {"rtol": 1e-5, "atol": 2e-6}
"""Float32 beside float64."""


def check_trace(case: Case) -> None:
    """/trace.json: the sizes, every tensor, what comes out, what is counted, and the framework's arrays."""
    said, run, where = ask("/trace.json", case), truth(case), link("/trace.json", case)
    assert said["executed"], where
    assert said["axes"] == case.sizes, where
    check_order(case, run, said["tensors"])
    for tensor in said["tensors"]:
        check_tensor_entry(case, run, tensor, said["tensors"])
    own = frameworks.returned(_in_our_names(case))
    assert said["outputs"] == {"X": [*run.X.shape], **{n: [*shape] for n, shape in own.items()}}, where
    by_weight = costs.parameters(run)
    assert said["parameters"]["by_weight"] == by_weight, where
    assert said["parameters"]["total"] == sum(by_weight.values()), where
    assert counted(said["parameters"]["formula"], case.sizes) == sum(by_weight.values()), where
    assert said["flops"] == costs.flops(run), where
    assert said["bytes"] == costs.recorded_bytes(run), where
    check_framework(case, said["framework"])


def check_order(case: Case, run: Run, said: list[dict[str, Any]]) -> None:
    """Every tensor once, and after those that it is computed from."""
    ids, where = [t["id"] for t in said], link("/trace.json", case)
    assert sorted(ids) == sorted(run.ids(case.place)), where
    for n, tensor in enumerate(said):
        before = {*ids[:n], *(case.states if tensor["op"] == "carry" else ())}
        assert before >= {*tensor["inputs"]}, f"{where}: {tensor['id']} comes before {tensor['inputs']}"


def _in_our_names(case: Case) -> Case:
    return Case(case.cell, **{name: getattr(case, name) for name in SIZES})


SIZES = ("batch_size", "time_step", "features", "num_units", "num_proj", "num_layers", "bidirectional")


def check_config(case: Case) -> None:
    """The config leads to the same run: it has every field that the run depends on."""
    said, where = ask("/trace.json", case)["config"], link("/trace.json", case)
    for name in (*vars(case),):
        assert name in said, f"{where}: config has no {name}"
        assert str(said[name]) == str(getattr(case, name)), f"{where}: config says {name}={said[name]!r}"


def check_what_is_read(case: Case) -> None:
    """Where X comes from: the seed, the layer below, or what the link names."""
    where, said = link("/trace.json", case), ask("/trace.json", case)["tensors"][0]
    origin = "Y of the layer below" if case.layer else "made from the seed"
    if case.data == "random" or case.layer:
        assert said["formula"] == f"X = {origin}", f"{where}: {said['formula']}"
    else:
        assert case.data in said["formula"], f"{where}: {said['formula']}"


def check_tensor_entry(case: Case, run: Run, said: dict[str, Any], others: list[dict[str, Any]]) -> None:
    id, where = said["id"], f"{link('/trace.json', case)}: {said['id']}"
    array = run.tensor(id, case.place, case.t)
    assert said["shape"] == [*array.shape], where
    assert [counted(axis, case.sizes) for axis in said["axes"]] == [*array.shape], where
    assert said["per_step"] == (id in run.steps[case.place][case.t]), where
    np.testing.assert_allclose(_by_formula(case, run, said, others), array, err_msg=f"{where}: {said['formula']}")
    words, numbers = said["sentence"].rsplit(", ", 1)
    assert numbers == " by ".join(map(str, array.shape)), f"{where}: {said['sentence']}"
    spelled = " by ".join(said["axes"]).replace("*", " times ").replace("+", " plus ")
    assert words == f"{id}: {spelled}", f"{where}: {said['sentence']}"
    check_why(case, run, said, others)


def _by_formula(case: Case, run: Run, said: dict[str, Any], others: list[dict[str, Any]]) -> Array:
    """What the formula of a tensor makes of the true values of the others."""
    right = said["formula"].removeprefix(f"{said['symbol']} = ")
    place, order = case.place, run.order[case.place]
    if cut := re.fullmatch(r"block (\d+) of (\d+) of .+", right):
        (whole,) = said["inputs"]
        return np.split(run.tensor(whole, place, case.t), int(cut[2]), axis=-1)[int(cut[1]) - 1]
    if right == "step t of X":
        return run.tensor("X", place, case.t)[:, case.t]
    if carried := re.fullmatch(r"(\w) of the step before, zeros at the first", right):
        n = order.index(case.t)
        return run.steps[place][order[n - 1]][carried[1]].value if n else np.zeros(said["shape"])
    if stacked := re.fullmatch(r"(\w) of every step", right):
        return np.stack([run.steps[place][t][stacked[1]].value for t in range(case.time_step)], axis=1)
    if last := re.fullmatch(r"(\w) of the last step", right):
        return run.last(place, last[1])
    if right == "Y of the layer below":
        assert case.layer, "the lowest layer has none below"
        return run.tensor("X", place, case.t)
    if not said["inputs"]:
        return run.tensor(said["id"], place, case.t)
    symbols = {t["symbol"]: Var(run.tensor(t["id"], place, case.t)) for t in others}
    return computed(right, symbols).value


def check_why(case: Case, run: Run, said: dict[str, Any], others: list[dict[str, Any]]) -> None:
    """Each line ends in a shape, the last one in the tensor's; what is taken has the shape that is said."""
    where = f"{link('/trace.json', case)}: why {said['id']}"
    shapes = {t["symbol"]: t["shape"] for t in others}
    for line in said["why"]:
        taken, _, after = line.rpartition(" → ")
        symbol, shape = re.fullmatch(r"(?:[·+∗] |beside )?(.+?)(?: (\d+(?: × \d+)*))?(?:, .*)?", taken).groups()  # type: ignore[union-attr]
        if shape and symbol in shapes:
            assert shape == " × ".join(map(str, shapes[symbol])), f"{where}: {line}"
    assert after == " × ".join(map(str, said["shape"])), f"{where}: {said['why']}"


def check_framework(case: Case, said: dict[str, Any]) -> None:
    """The framework's part: names and shapes of what is taken, returned and stored."""
    where = f"{link('/trace.json', case)}: framework"
    arrays = our_arrays(case)
    stored = frameworks.stored(case, arrays)
    name, X = frameworks.taken(case, arrays["X"])
    shapes = {
        part: {entry["name"]: tuple(entry["shape"]) for entry in said[part]} for part in ("takes", "returns", "weights")
    }
    assert shapes["takes"] == {name: X.shape}, where
    assert list(shapes["returns"].items()) == list(frameworks.returned(case).items()), where
    assert list(shapes["weights"].items()) == [(n, a.shape) for n, a in stored.items()], where
    assert said["parameters"] == sum(array.size for array in stored.values()), where
    more = {"directions": len(case.directions), "num_layers": case.num_layers, "biases": 2}
    for entry in (*said["takes"], *said["returns"], *said["weights"]):
        axes = [counted(axis, case.sizes | more) for axis in entry["axes"]]
        assert axes == entry["shape"], f"{where}: {entry}"


def check_values(case: Case) -> None:
    """/tensor.json: every tensor of the cell in focus at the step in focus."""
    run = truth(case)
    for id in run.ids(case.place):
        said, true = ask("/tensor.json", case, tensor=id), run.tensor(id, case.place, case.t)
        where = link("/tensor.json", case, tensor=id)
        assert said["shape"] == [*true.shape], where
        np.testing.assert_allclose(said["values"], true, err_msg=where, **CLOSE)  # type: ignore[arg-type]
        for name, number in (("min", true.min()), ("max", true.max()), ("mean", true.mean())):
            np.testing.assert_allclose(said[name], number, err_msg=f"{where}: {name}", **CLOSE)  # type: ignore[arg-type]


def check_gradients(case: Case) -> None:
    """/gradients.json: the norm of every gradient, by automatic differentiation of the sum that it names."""
    said, run, where = ask("/gradients.json", case), truth(case), link("/gradients.json", case)
    assert said["executed"], where
    assert {t["id"] for t in said["tensors"]} == {id for id in run.ids(case.place) if not _only_shows(id)}, where
    for tensor in said["tensors"]:
        id = tensor["id"]
        assert tensor["shape"] == [*run.tensor(id, case.place, case.t).shape], f"{where}: {id}"
        is_weight = id in run.weights[case.place]
        assert tensor["summed_over"] == (["batch_size", "time_step"] if is_weight else []), f"{where}: {id}"
        steps = range(case.time_step) if id in run.steps[case.place][0] else [case.t]
        true = [float(np.linalg.norm(run.gradient(id, case.place, t))) for t in steps]
        np.testing.assert_allclose(
            np.ravel(tensor["norm"]), true, rtol=2e-4, atol=1e-7, err_msg=f"{where}: norm of the gradient of {id}"
        )


def _only_shows(id: str) -> bool:
    return id == "Y" or id.endswith("_T")


def check_poke(case: Case, id: str, component: int, sample: int) -> None:
    """/poke.json: by how much every tensor differs, in the step and in up to 12 that follow."""
    more = {"poke": id, "component": component, "sample": sample}
    said, run, where = ask("/poke.json", case, **more), truth(case), link("/poke.json", case, **more)
    steps = run.after_a_change(case.place, case.t, id, component, sample)
    (here, changed), *later = steps[:13]
    assert {t["id"] for t in said["tensors"]} == {*changed}, where
    assert [step["t"] for step in said["following"]] == [t for t, _ in later], where
    for entry in said["tensors"]:
        check_difference(entry, run.steps[case.place][here], changed, sample, where)
    for step, (t, made) in zip(said["following"], later, strict=True):
        assert {entry["id"] for entry in step["states"]} == {*case.states}, where
        for entry in step["states"]:
            check_difference(entry, run.steps[case.place][t], made, sample, f"{where}: step {t}")


def check_difference(
    said: dict[str, Any], plain: dict[str, Var], changed: dict[str, Var], sample: int, where: str
) -> None:
    id = said["id"]
    true = changed[id].value[sample] - plain[id].value[sample]
    np.testing.assert_allclose(said["values"], true[:256], atol=3e-6, rtol=1e-4, err_msg=f"{where}: {id}")
    np.testing.assert_allclose(said["max"], abs(true).max(), atol=3e-6, rtol=1e-4, err_msg=f"{where}: {id}")
    assert said["changed"] == len(said["which"]), f"{where}: {id}"
    assert {*np.flatnonzero(abs(true) > 3e-6).tolist()} <= {*said["which"]}, f"{where}: {id} which"
    assert {*said["which"]} <= {*np.flatnonzero(true).tolist()}, f"{where}: {id} which"


def check_map(case: Case, id: str, row: int = 0, column: int = 0) -> None:
    """/values.json: a page of a tensor's numbers, those that are followed over time, and where the colours end."""
    more = {"tensor": id, "row": row, "column": column}
    said, run, where = ask("/values.json", case, **more), truth(case), link("/values.json", case, **more)
    true = run.tensor(id, case.place, case.t)
    sheet = np.atleast_2d(true[0] if true.ndim > 2 else true)
    heat, *lines = said["data"]
    corner = sheet[row : row + 24, column : column + 48]
    np.testing.assert_allclose(heat["z"], corner, err_msg=where, **CLOSE)  # type: ignore[arg-type]
    assert heat["x"] == [*range(column, column + corner.shape[1])], where
    if true.ndim > 1:
        assert heat["y"] == [*range(row, row + corner.shape[0])], where
    every = [run.tensor(id, case.place, t) for t in range(case.time_step)]
    extent = max(abs(array).max() for array in every) or 1
    np.testing.assert_allclose(said["layout"]["meta"]["scale"], extent, err_msg=where, **CLOSE)  # type: ignore[arg-type]
    for line in lines:
        b, k = map(int, re.findall(r"\d+", line["name"].removeprefix(id))[-2:])
        course = [every[t][b, k] for t in line["x"]]
        np.testing.assert_allclose(line["y"], course, err_msg=f"{where}: {line['name']}", **CLOSE)  # type: ignore[arg-type]


def check_unit(case: Case, unit: int) -> None:
    """The part ``unit`` of /trace.json: which numbers of the framework's arrays a unit's gates are computed from, and
    which of them its h is multiplied by. Found where this folder's own packing puts numbers that are all different."""
    plain = replace(case, forget_bias=0) if case.framework == "tf1" else case
    said, where = ask("/trace.json", plain, unit=unit)["unit"], link("/trace.json", plain, unit=unit)
    own = shapes.numbered(plain)
    stored = frameworks.stored(plain, own)
    merged = case.framework == "flax" and case.cell == "gru_reset_after"  # two biases are stored as their sum
    for part, true in (("owns", owned(plain, own, unit)), ("read_by", reading(plain, own, unit))):
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


def owned(case: Case, own: dict[str, Array], unit: int) -> set[int]:
    """The numbers of our arrays that make a unit's gates: its column of each gate's block, its biases and peepholes."""
    found: set[int] = set()
    for name, array in own_arrays(case, own).items():
        if name != "projection":
            found |= {int(n) for n in np.ravel(array[..., unit :: case.num_units])}
    return found


def reading(case: Case, own: dict[str, Array], unit: int) -> set[int]:
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
