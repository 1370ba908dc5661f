"""What the page of a case says in HTML, compared with the truth. AssertionError with the link where they differ."""

import re
from typing import Any

import frameworks
import numpy as np
from autodiff import Array
from check_notes import check_given
from comparing import assert_close, check_plurals, evaluated, evaluated_axes, numbers_in
from elements import Element
from http_client import ask, link, our_arrays, page, truth
from stacks import Case, Run


def at_step(symbols: str, case: Case) -> str:
    """Symbols with their step put in: the step before is the next one in time where the cell runs backwards."""
    back = (case.direction == "backward") != (case.go_backwards and case.layer % 2 == 0)
    before = str(case.t + (1 if back else -1)).replace("-", "−")
    return symbols.replace("ₜ₋₁", before).replace("ₜ₊₁", before).replace("ₜ", str(case.t)).replace("_", "")


def check_page(case: Case, **more: object) -> None:
    """Everything that the page of a case says around its picture."""
    shown, where = page("/", case, **more), link("/", case, **more)
    run, said = truth(case), ask("/trace.json", case)["tensors"]
    check_table(case, run, shown, said, where)
    check_said = check_batch_sentence if more.get("view") == "batch" else check_sentence
    check_said(case, shown.one(id="sentence").text, where)
    check_proof(case, run, shown.one(id="proof").text, where)
    check_coincidences(case, shown, where)
    check_panel(case, run, shown, str(more.get("tensor", "h")), where)
    check_count(case, shown.one(id="arrays"), where)
    check_array_rows(case, shown.one(id="arrays"), where)
    check_framework_section(case, shown, where)
    check_gate_order(case, shown, where)
    check_labels(case, run, shown, where)
    if case.data in ("text", "wave") and not case.layer:
        check_given(case, shown.one("section", class_="input-note").text, where)


def check_table(case: Case, run: Run, shown: Element, said: list[dict[str, Any]], where: str) -> None:
    """The table: each row's shape, axes, formula and users."""
    rows = {row["data-tensor"]: row for row in shown.one("table", id="table").one("tbody").all("tr")}
    assert list(rows) == [t["id"] for t in said], where
    for tensor in said:
        id, row = tensor["id"], rows[tensor["id"]]
        shape, axes, formula, users = (cell.text for cell in row.all("td")[1:])
        true = [*run.tensor(id, case.place, case.t).shape]
        assert evaluated(shape) == true, f"{where}: row {id}: {shape}"
        assert evaluated_axes(axes, case.sizes) == true, f"{where}: row {id}: {axes}"
        if id != "X":
            own = at_step(tensor["formula"], case)
            assert re.sub(r"\s", "", formula).startswith(re.sub(r"\s", "", own)), f"{where}: row {id}: {formula}, {own}"
        if weights := re.search(r"weights (.*)", formula):
            assert evaluated(weights[1])[-1] == case.num_units, f"{where}: row {id}: {formula}"
        check_users(case, run, id, said, users, where)


def check_users(case: Case, run: Run, id: str, said: list[dict[str, Any]], users: str, where: str) -> None:
    """A state is used by the step that the cell takes next, and the last one by the state that is left. The output of
    a lower layer is used by the next one."""
    order = run.order[case.place]
    is_last = case.t == order[-1]
    expected = []
    for tensor in said:
        if id in tensor["inputs"]:
            if tensor["id"] == "Y" and case.place[0] + 1 < case.num_layers:
                expected.append(f"layer {case.place[0] + 1}")
            elif tensor["op"] == "carry":
                expected += [] if is_last else [f"step {order[order.index(case.t) + 1]:,}"]
            elif tensor["op"] != "last" or is_last:
                expected.append(at_step(tensor["symbol"], case))
    assert re.sub(r"\s", "", users) == re.sub(r"\s", "", ", ".join(expected)), f"{where}: {id} is used by {users}"


def check_sentence(case: Case, words: str, where: str) -> None:
    """The sentence above the picture: how many cells, how often, and how long the hidden state is."""
    cells = len(case.places)
    said = re.match(
        r"(One \w+ cell with one set of weights|(\d+) \w+ cells, each with its own weights \((.*?)\)), applied (.*?)\.",
        words,
    )
    assert said, f"{where}: {words}"
    assert (int(said[2]) if said[2] else 1) == cells, f"{where}: {words}"
    layers = "one layer" if case.num_layers == 1 else f"{case.num_layers} layers"
    if said[3]:
        assert said[3] == layers + (" in both directions" if case.bidirectional else ""), f"{where}: {words}"
    assert said[4] == ("once" if case.time_step == 1 else f"{case.time_step:,} times"), f"{where}: {words}"
    state = re.search(r"state[sof ]* (\d+) × (\d+)(?: each)?: (\w+) = (\d+) is the length", words)
    assert state, f"{where}: {words}"
    size = "num_proj" if case.num_proj else "num_units"
    true = (str(case.batch_size), str(case.width_of_h), size, str(case.width_of_h))
    assert state.groups() == true, f"{where}: {words}"
    if case.num_proj:
        assert f"the cell state has num_units = {case.num_units}." in words, f"{where}: {words}"


def check_batch_sentence(case: Case, words: str, where: str) -> None:
    """The sentence above the picture of the batch: how many sequences and cells, how often, and one cell's widths."""
    said = re.fullmatch(
        r"(\S+) sequences? (?:go|goes) through (one|\d+) \w+ cells?(?: in parallel\. Each|\. It) is one row of "
        r"every array(?:: (\S+) numbers? in and (\S+) numbers? out)?, at (?:the only step|each of (\S+) steps)\.",
        words,
    )
    assert said, f"{where}: {words}"
    sequences, cells, into, out, steps = (n and n.replace(",", "") for n in said.groups())
    assert (sequences, steps or "1") == (str(case.batch_size), str(case.time_step)), f"{where}: {words}"
    assert cells == ("one" if len(case.places) == 1 else str(len(case.places))), f"{where}: {words}"
    widths = (str(case.features), str(case.width_of_h)) if len(case.places) == 1 else (None, None)
    assert (into, out) == widths, f"{where}: {words}"


def check_proof(case: Case, run: Run, words: str, where: str) -> None:
    """How many tensors were recorded and how many shapes confirmed, in all cells and steps."""
    tensors = sum(len(run.steps[place][0]) for place in case.places) * case.time_step
    said = re.search(r"(\d[\d,]*) tensors? recorded, (\d[\d,]*) shapes? confirmed", words)
    assert said, f"{where}: {words}"
    assert [numbers_in(n)[0] for n in said.groups()] == [tensors, tensors], f"{where}: {words}"


def check_coincidences(case: Case, shown: Element, where: str) -> None:
    """Every two sizes that are the same number are warned of."""
    sharing: dict[int, list[str]] = {}
    for name, size in case.sizes.items():
        sharing.setdefault(size, []).append(name)
    true = {(n, *names) for n, names in sharing.items() if len(names) > 1}
    found = set()
    for note in shown.all("p", class_="note"):
        if said := re.fullmatch(
            r"(.*) are (?:both|all) (\d[\d,]*) here: the same number, but different axes\.", note.text
        ):
            found.add((numbers_in(said[2])[0], *re.split(r", | and ", said[1])))
    assert found == true, f"{where}: {found}, not {true}"


def check_panel(case: Case, run: Run, shown: Element, id: str, where: str) -> None:
    """The selected tensor: its shape, its numbers, and what is said of them."""
    true = run.tensor(id, case.place, case.t)
    selected = shown.one(id="selected")
    assert evaluated(selected.one("p", class_="large").text) == [*true.shape], f"{where}: {selected.text}"
    if step := re.search(r"step (\d[\d,]*) of 0…(\d[\d,]*)", selected.text):
        assert [numbers_in(n)[0] for n in step.groups()] == [case.t, case.time_step - 1], f"{where}: {step[0]}"
    check_numbers(case, run, shown, id, true[0] if true.ndim > 2 else true, where)
    why = shown.one("ol", class_="explanation").all("li")[-1]
    last = why.all("span", class_="shape")[-1:]
    if last and "step" not in why.text and why.text.count("→"):
        assert evaluated(last[0].text) == [*true.shape], f"{where}: {why.text}"


def check_numbers(case: Case, run: Run, shown: Element, id: str, sheet: Array, where: str) -> None:
    """The table of the first numbers, their ends, their mean, and the end of the colours."""
    table = [[cell.text for cell in row.all("td")] for row in shown.one(id="values").one("tbody").all("tr")]
    corner = np.atleast_2d(sheet)[:4, :5]
    said = np.array([[float(text.replace("−", "-")) for text in row] for row in table])
    assert_close(said, corner, f"{where}: values of {id}", atol=0.00501)
    words = shown.one(id="values-summary").text
    number = r"(−?\d+\.\d+)"
    found = re.search(rf"all values: {number} to {number}, mean {number}.*?Colour scale ±{number}", words)
    assert found, f"{where}: {words}"
    every = [run.tensor(id, case.place, t) for t in range(case.time_step)]
    extent = max(abs(array).max() for array in every) or 1
    true = [sheet.min(), sheet.max(), sheet.mean(), extent]
    ends = [float(n.replace("−", "-")) for n in found.groups()]
    assert_close(ends, true, f"{where}: {words}", atol=0.000502)


def check_count(case: Case, rows: Element, where: str) -> None:
    """``160 trainable parameters`` and ``4 × ((5+2) × 5 + 5)``: in the framework's arrays."""
    stored = frameworks.stored(case, our_arrays(case))
    every = sum(array.size for array in stored.values())
    said, formula = rows.one(class_="count").text, rows.one(class_="count-formula").text
    assert numbers_in(said) == [every], f"{where}: {said}, truly {every}"
    if not re.search("[a-z]", formula):
        assert eval(formula.replace("×", "*").replace("·", "*")) == every, f"{where}: {formula}, truly {every}"
    elif " each of layers" not in formula:
        counts = numbers_in(re.sub(r" in layer \d", "", formula)) * (2 if "each direction" in formula else 1)
        assert sum(counts) == every, f"{where}: {formula}, truly {every}"


def check_array_rows(case: Case, rows: Element, where: str) -> None:
    """``output (5, 3, 40)``: what the framework takes and returns, with equal shapes in one entry."""
    name, X = frameworks.taken(case, our_arrays(case)["X"])
    said = [
        (entry.one("code").text, tuple(int(digit.one("b").text) for digit in entry.all(class_="digit")))
        for entry in rows.all("a", class_="array")
    ]
    assert said[0] == (name, X.shape), f"{where}: {said[0]}"
    returned, names = frameworks.returned(case), [name for name, _ in said]
    assert {*returned.values()} <= {shape for _, shape in said}, f"{where}: {said}, truly {returned}"
    alone = {(name, shape) for name, shape in returned.items() if names.count(name) == 1}
    assert alone <= {*said}, f"{where}: {said}, truly {returned}"


def check_framework_section(case: Case, shown: Element, where: str) -> None:
    """The table of what the framework takes, returns and stores, and its gate order."""
    arrays = our_arrays(case)
    name, X = frameworks.taken(case, arrays["X"])
    stored = {n: a.shape for n, a in frameworks.stored(case, arrays).items()}
    true = {name: X.shape} | frameworks.returned(case) | stored
    table = shown.one(id="framework").one("table", class_="array-table")
    said = {row.one("th").text: row.all("td")[0].text for row in table.all("tr") if row.all("td")}
    assert {n: tuple(evaluated(shape)) for n, shape in said.items()} == true, f"{where}: {said}"


def check_gate_order(case: Case, shown: Element, where: str) -> None:
    """The blocks of the chosen framework, one after the other, are those of each other framework's row."""
    rows = [row for row in shown.one(id="framework").all("tr") if row.all("td", class_="order")]
    orders = {row.one("th").text: [cell.text.split("=")[-1].strip() for cell in row.all("td")[:-1]] for row in rows}
    if rows:
        chosen = next(iter(orders.values()))
        for row in rows[1:]:
            blocks = row.one("td", class_="order").text.split(", ")
            meant = [chosen[int(block)] for block in blocks if block != "unused"]
            own = orders[row.one("th").text]
            if "unused" not in blocks and case.cell != "lstm_coupled":
                assert meant == own, f"{where}: {row.text}"


LABEL = re.compile(r"(\S+?\[[\d:, ]+\](?:\.T)?|\S+): ([\w ]+?), (\d+(?: by \d+)*)(?=, |$)")
PART = re.compile(r"(.+)\[([\d:, ]+)\](\.T)?")


def check_labels(case: Case, run: Run, shown: Element, where: str) -> None:
    """What a screen reader hears of each place in the picture: a tensor with its shape, a step, a sample, a unit."""
    sizes = case.sizes | {"directions": len(case.directions), "num_layers": case.num_layers, "biases": 2}
    counted = {"sample": case.batch_size, "unit": case.num_units, "step": case.time_step}
    for target in shown.one(id="pictures").all("a"):
        label = target["aria-label"]
        for name, axes, numbers in LABEL.findall(label):
            shapes = shapes_called(case, run, name)
            assert numbers in [" by ".join(map(str, shape)) for shape in shapes], f"{where}: {label}, truly {shapes}"
            spoken = [axis.replace(" times ", "*").replace(" plus ", "+") for axis in axes.split(" by ")]
            assert tuple(int(eval(axis, {}, sizes)) for axis in spoken) in shapes, f"{where}: {label}"
        if said := re.match(r"(?:follow|open) (sample|unit|step) (\d[\d,]*)\b", label):
            assert numbers_in(said[2])[0] < counted[said[1]], f"{where}: {label}"


def shapes_called(case: Case, run: Run, name: str) -> list[tuple[int, ...]]:
    """The shape of a tensor, by our name or the framework's; of what goes in and comes out also in its order of axes,
    with all directions and layers that it has there."""
    arrays = our_arrays(case)
    stored = {n: array.shape for n, array in frameworks.stored(case, arrays).items()}
    outside = {frameworks.taken(case, arrays["X"])[0]: frameworks.taken(case, arrays["X"])[1].shape}
    outside |= frameworks.returned(case)
    found = [shape for n, shape in (stored | outside).items() if name in (n, n.split("/")[-1])]
    if part := PART.fullmatch(name):  # B[0, 4:]
        array, index, transposed = part.groups()
        shape = np.empty(stored[array])[tuple(_index(text) for text in index.split(","))].shape
        found.append(shape[::-1] if transposed else shape)
    if case.framework == "onnx":  # a cell has one direction's part
        found += [shape[1:] for shape in found]
    if name in run.ids(case.place):
        found.append(run.tensor(name, case.place, case.t).shape)
    if name in run.weights[case.place]:  # the array that has it there
        found += stored.values()
    if name in ("X", "Y") or name.endswith("_T"):
        found += [*outside.values(), frameworks.between_layers(case)]
    return found


def _index(text: str) -> int | slice:
    start, colon, stop = text.strip().partition(":")
    return slice(int(start) if start else None, int(stop) if stop else None) if colon else int(start)


def check_words(case: Case, **more: object) -> None:
    """Every word of a page, the labels for screen readers included."""
    shown, where = page("/", case, **more), link("/", case, **more)
    labels = [element["aria-label"] for element in shown.all() if element["aria-label"]]
    for words in (shown.one("main").text, *labels):
        check_plurals(words, where)
