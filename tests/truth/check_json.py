"""What /trace.json says of a case, compared with the truth. AssertionError with the link where they differ."""

import re
from typing import Any

import costs
import frameworks
import numpy as np
from autodiff import Array, Var
from comparing import assert_close
from formulas import computed, counted
from http_client import ask, link, our_arrays, truth
from stacks import Case, Run


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
    origin = "Y of the layer below" if case.layer else "random values from the seed"
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
    assert_close(_by_formula(case, run, said, others), array, f"{where}: {said['formula']}")
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
    if carried := re.fullmatch(r"(\w) of the (?:previous step, zeros at the start|next step, zeros at the end)", right):
        assert "previous" in right or order[0] >= order[-1], f"the next step, but steps are taken as {order}"
        n = order.index(case.t)
        return run.steps[place][order[n - 1]][carried[1]].value if n else np.zeros(said["shape"])
    if stacked := re.fullmatch(r"(\w) of every step", right):
        return np.stack([run.steps[place][t][stacked[1]].value for t in range(case.time_step)], axis=1)
    if last := re.fullmatch(r"(\w) of (?:the last step|step (\d+))", right):
        return run.steps[place][int(last[2])][last[1]].value if last[2] else run.last(place, last[1])
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
