"""What JSON answers say of values, gradients and changes of a case, compared with the truth."""

import re
from typing import Any

import numpy as np
from autodiff import Var
from comparing import assert_close
from http_client import ask, link, truth
from stacks import Case


def check_values(case: Case) -> None:
    """/tensor.json: every tensor of the cell in focus at the step in focus."""
    run = truth(case)
    for id in run.ids(case.place):
        said, true = ask("/tensor.json", case, tensor=id), run.tensor(id, case.place, case.t)
        where = link("/tensor.json", case, tensor=id)
        assert said["shape"] == [*true.shape], where
        assert_close(said["values"], true, where)
        for name, number in (("min", true.min()), ("max", true.max()), ("mean", true.mean())):
            assert_close(said[name], number, f"{where}: {name}")


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
        assert_close(np.ravel(tensor["norm"]), true, f"{where}: norm of the gradient of {id}", rtol=2e-4, atol=1e-7)


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
    assert_close(said["values"], true[:256], f"{where}: {id}", atol=3e-6, rtol=1e-4)
    assert_close(said["max"], abs(true).max(), f"{where}: {id}", atol=3e-6, rtol=1e-4)
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
    assert_close(heat["z"], corner, where)
    assert heat["x"] == [*range(column, column + corner.shape[1])], where
    if true.ndim > 1:
        assert heat["y"] == [*range(row, row + corner.shape[0])], where
    every = [run.tensor(id, case.place, t) for t in range(case.time_step)]
    extent = max(abs(array).max() for array in every) or 1
    assert_close(said["layout"]["meta"]["scale"], extent, where)
    for line in lines:
        b, k = map(int, re.findall(r"\d+", line["name"].removeprefix(id))[-2:])
        course = [every[t][b, k] for t in line["x"]]
        assert_close(line["y"], course, f"{where}: {line['name']}")
