"""What the files of a case hold, compared with the truth: the table for a spreadsheet, and the weights."""

import csv
import json
from io import StringIO

import frameworks
import numpy as np
from autodiff import Array
from comparing import assert_close
from http_client import arrays, ask, get, link, our_arrays, truth
from stacks import Case


def check_table(case: Case) -> None:
    """/table.csv says of each tensor what /trace.json says."""
    where = link("/table.csv", case)
    rows = list(csv.DictReader(StringIO(get(where).decode("utf-8-sig"))))
    said = ask("/trace.json", case)["tensors"]
    assert [row["id"] for row in rows] == [t["id"] for t in said], where
    for row, tensor in zip(rows, said, strict=True):
        true = truth(case).tensor(tensor["id"], case.place, case.t).shape
        assert row["shape"] == " × ".join(map(str, true)), f"{where}: {row}"
        assert row["axes"].replace("(", "").replace(")", "") == " × ".join(tensor["axes"]), f"{where}: {row}"
        assert row["per_step"] == ("yes" if tensor["per_step"] else "no"), f"{where}: {row}"
        assert row["inputs"].split() == tensor["inputs"], f"{where}: {row}"
        for name in ("symbol", "name", "role", "op", "formula", "sentence"):
            assert row[name].removeprefix("'") == tensor[name], f"{where}: {row}"


def check_weights(case: Case) -> None:
    """/weights.npz and /weights.safetensors: the same arrays, as the framework keeps them."""
    ours, where = our_arrays(case), link("/weights.npz", case)
    name, X = frameworks.taken(case, ours["X"])
    true = {**frameworks.stored(case, ours), name: X}
    for said in (arrays(case), safetensors(get(link("/weights.safetensors", case)))):
        assert {n: a.shape for n, a in said.items()} == {n: a.shape for n, a in true.items()}, where
        for n, array in said.items():
            assert array.dtype == np.float32, f"{where}: {n}"
            assert_close(array, true[n], f"{where}: {n}", atol=2e-7)


def safetensors(file: bytes) -> dict[str, Array]:
    """The format of Hugging Face: the length of a JSON header, the header, and the numbers."""
    begin = 8 + int.from_bytes(file[:8], "little")
    header = json.loads(file[8:begin])
    found = {}
    for name, about in header.items():
        if name != "__metadata__":
            assert about["dtype"] == "F32", name
            first, last = (begin + offset for offset in about["data_offsets"])
            found[name] = np.frombuffer(file[first:last], np.float32).reshape(about["shape"])
    return found
