"""What a page says under its picture, view by view, compared with the truth."""

import re
from dataclasses import replace

import costs
import frameworks
import numpy as np
import shapes
from over_http import Element, link, page, truth
from said_on_pages import evaluated, numbers_in
from stacks import Case


def decimal(text: str) -> float:
    return float(text.replace("−", "-").replace("+", "").replace(",", ""))


def reading(case: Case, view: str, **more: object) -> tuple[Element, str]:
    return page("/", case, view=view, **more).one(id="reading"), link("/", case, view=view, **more)


def check_batch(case: Case, sample: int) -> None:
    """What a sample shares with the others, what is its own, and what twice the samples would change."""
    shown, where = reading(case, "batch", sample=sample)
    run = truth(case)
    shared, own = shown.all("table", class_="arrays")
    counts = {row.one("th").text: numbers_in(row.all("td")[1].text)[0] for row in shared.one("tbody").all("tr")}
    assert counts == {name: w.value.size for name, w in run.weights[case.place].items()}, f"{where}: {counts}"
    total = sum(counts.values())
    hint = re.search(r"(\d[\d,]*) numbers?, the same for every", shown.text)
    assert hint and numbers_in(hint[1])[0] == total, f"{where}: {hint and hint[0]}"
    for row in own.one("tbody").all("tr"):
        check_own_part(case, row, sample, where)
    h = run.tensor("h", case.place, case.t)
    for row in shown.one("table", class_="values").all("tr"):
        n = numbers_in(row.one("th").text)[0]
        said = [decimal(cell.text) for cell in row.all("td")]
        np.testing.assert_allclose(said, h[n, :8], atol=0.00501, err_msg=f"{where}: sample {n}")
    changed = re.search(
        r"doubles, (\d[\d,]*) → (\d[\d,]*): .*?\((\d[\d,]*) → (\d[\d,]*) operations on numbers?\)\. The weights stay (\d[\d,]*)",
        shown.text,
    )
    assert changed, f"{where}: {shown.text[-300:]}"
    work = costs.of_a_cell(run, case.place)
    true = [case.batch_size, 2 * case.batch_size, work, 2 * work, total]
    assert [numbers_in(n)[0] for n in changed.groups()] == true, f"{where}: {changed[0]}, truly {true}"


def check_own_part(case: Case, row: Element, sample: int, where: str) -> None:
    """A row of the table: the part of each tensor that is one sample's."""
    run, shape = truth(case), evaluated(row.all("td")[0].text)
    for tensor in (a["href"] for a in row.one("th").all("a")):
        id = re.search(r"tensor=(\w+)", tensor)
        assert id, f"{where}: {tensor}"
        assert [*run.tensor(id[1], case.place, case.t).shape[1:]] == shape, f"{where}: {row.text}"
    assert numbers_in(row.one("th").text)[0] == sample, f"{where}: {row.text}"


def check_unit(case: Case, unit: int) -> None:
    """The numbers that a unit owns, array by array, and how they are counted."""
    shown, where = reading(case, "weights", unit=unit)
    owned = owned_numbers(case, unit)
    said = re.search(r"Unit (\d[\d,]*) owns (.*?) = (\d[\d,]*) numbers?\.", shown.text)
    assert said, f"{where}: {shown.text[:300]}"
    assert numbers_in(said[1])[0] == unit, f"{where}: {said[0]}"
    assert numbers_in(said[3])[0] == eval(said[2].replace("×", "*").replace(",", "")) == owned, (
        f"{where}: {said[0]}, truly {owned}"
    )
    pieces = {
        row.one("th").text: numbers_in(row.all("td")[-1].text)[0]
        for row in shown.one("table", class_="pieces").all("tr")
    }
    assert sum(pieces.values()) == owned, f"{where}: {pieces}"
    reads = re.search(r"It reads all (\d[\d,]*) numbers? of h and all (\d[\d,]*) of x", shown.text)
    if reads or "It reads" in shown.text:
        assert reads, f"{where}: {shown.text}"
        widths = [case.width_of_h, case.width_of_x(case.layer)]
        assert [numbers_in(n)[0] for n in reads.groups()] == widths, f"{where}: {reads[0]}, truly {widths}"


def owned_numbers(case: Case, unit: int) -> int:
    """How many numbers of the framework's arrays make the gates of a unit: counted where they are stored."""
    rows = {"x": case.width_of_x(case.layer), "h": case.width_of_h}
    biases = {"pytorch": 2, "onnx": 2}.get(case.framework, 1)
    gates = {"rnn": 1, "gru": 3, "gru_reset_after": 3, "lstm_coupled": 3}.get(case.cell, 4)
    own = gates * (rows["x"] + rows["h"] + biases)
    if case.cell == "gru_reset_after":
        own += {"pytorch": 0, "onnx": 0, "flax": 1}.get(case.framework, 3)
    if case.cell == "lstm_peephole":
        own += 3
    return own


def check_doubling(case: Case) -> None:
    """When a size doubles: how many numbers there are to learn in this cell, and which tensors grow."""
    shown, where = reading(case, "weights")
    now = {id: shapes_of(case)[id] for id in shapes_of(case)}
    for item in shown.one("ul", class_="doubled").all("li"):
        said = re.match(
            r"(\w+) (\d[\d,]*) → (\d[\d,]*): (?:still (\d[\d,]*)|(\d[\d,]*) → (\d[\d,]*)) numbers? to learn; (.*)\.",
            item.text,
        )
        assert said, f"{where}: {item.text}"
        name, size = said[1], case.sizes[said[1]]
        assert [numbers_in(said[n])[0] for n in (2, 3)] == [size, 2 * size], f"{where}: {item.text}"
        more = replace(case, **{name: 2 * size})
        learned = [frameworks.numbers_of_a_cell(c, shapes.numbered(c)) for c in (case, more)]
        numbers = [numbers_in(said[n] or said[4])[0] for n in (5, 6)]
        assert numbers == learned, f"{where}: {item.text}, truly {learned}"
        grown = {id for id, shape in shapes_of(more).items() if shape != now[id]}
        assert names_grown(said[7], set(now), {*truth(case).weights[case.place]}) == grown, (
            f"{where}: {item.text}, truly {grown}"
        )


def shapes_of(case: Case) -> dict[str, tuple[int, ...]]:
    run = shapes.dry_run(case)
    return {id: run.tensor(id, case.place, min(case.t, case.time_step - 1)).shape for id in run.ids(case.place)}


def names_grown(words: str, every: set[str], weights: set[str]) -> set[str]:
    """The tensors that a sentence says grow."""
    names = {*re.findall(r"\w+", words)} & every
    if words.startswith("every tensor grows"):
        return every - (weights if words.endswith("but the weights") else names)
    return set() if words.startswith("no tensor") else names


def check_gradients_read(case: Case) -> None:
    """The table of gradients at the step in focus, in the order of backpropagation."""
    shown, where = reading(case, "gradients")
    run = truth(case)
    for row in shown.one("table", class_="gradients").one("tbody").all("tr"):
        id, norm = row.one("th").text.removeprefix("∂"), row.one("td", class_="norm").text
        true = float(np.linalg.norm(run.gradient(id, case.place, case.t)))
        said = float(re.sub(r" × 10(.*)", lambda power: "e" + power[1].translate(LOWERED), norm))
        np.testing.assert_allclose(said, true, rtol=6e-3, atol=1e-7, err_msg=f"{where}: ∂{id}")
        shape = row.one("span", class_="shape").text
        assert evaluated(shape) == [*run.tensor(id, case.place, case.t).shape], f"{where}: ∂{id}: {shape}"


LOWERED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def check_poke_read(case: Case, id: str, component: int, sample: int) -> None:
    """The sentences and the table of what a changed number changes agree with the differences, and with one another."""
    more = {"poke": id, "component": component, "sample": sample}
    shown, where = reading(case, "units", **more)
    steps = truth(case).after_a_change(case.place, case.t, id, component, sample)[:13]
    words = shown.one("p", class_="said").text
    begun = re.match(r"Number (\d[\d,]*) of .*? is 1 more than it was, in sequence (\d[\d,]*):", words)
    assert begun is None or [numbers_in(n)[0] for n in begun.groups()] == [component, sample], f"{where}: {words}"
    differences = {
        t: made["h"].value[sample] - truth(case).steps[case.place][t]["h"].value[sample] for t, made in steps
    }
    last_step, last = list(differences.items())[-1]
    if left := re.search(r"(\d[\d,]*) steps? on, no number of h differs by (more than )?([\d.]*\d)( or more)?", words):
        assert numbers_in(left[1])[0] == len(steps) - 1, f"{where}: {left[0]}"
        assert abs(last).max() <= float(left[3]) + 3e-6, f"{where}: {left[0]}, truly {abs(last).max()}"
        if left[4]:
            check_no_cell_contradicts(shown, last_step, float(left[3]), f"{where}: {left[0]}")
    for table in shown.all("table", class_="strip"):
        check_strip(case, table, dict(steps), sample, where)


def check_no_cell_contradicts(shown: Element, step: int, least: float, where: str) -> None:
    """Where no number of h is said to differ by 0.001 or more, no cell below shows 0.001."""
    for body in (b for table in shown.all("table", class_="strip") for b in table.all("tbody")):
        if body.one("th").text == f"step {step}":
            for row in body.all("tr")[1:]:
                cells = [c.text for c in row.all("td") if c.text] if row.one("th").text.startswith("h") else []
                assert all("<" in c or abs(decimal(c)) < least for c in cells), f"{where}; cells: {cells}"


def check_strip(case: Case, table: Element, steps: dict[int, dict[str, object]], sample: int, where: str) -> None:
    """Each cell is the difference, to three places."""
    columns = [th.text for th in table.one("thead").all("th")]
    for body in table.all("tbody"):
        t = numbers_in(body.one("th").text)[0]
        for row in body.all("tr")[1:]:
            id = re.search(r"tensor=(\w+)", row.one("a")["href"])
            assert id, f"{where}: {row.text}"
            true = steps[t][id[1]].value[sample] - truth(case).steps[case.place][t][id[1]].value[sample]  # type: ignore[attr-defined]
            for column, cell in zip(columns, row.all("td"), strict=True):
                if column != "…" and "<" not in cell.text:
                    k = numbers_in(column)[0]
                    assert abs(decimal(cell.text) - true[k]) < 0.000506, (
                        f"{where}: {id[1]}[{k}] at {t}: {cell.text}, truly {true[k]}"
                    )
