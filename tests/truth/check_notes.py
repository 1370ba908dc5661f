"""What a page says under its picture, view by view, compared with the truth."""

import re

import costs
import frameworks
import inputs
import numpy as np
import shapes
from cells import Step
from comparing import assert_close, decimal, evaluated, numbers_in
from elements import Element
from http_client import link, page, truth
from stacks import Case

N = r"(\d[\d,]*)"


def reading(case: Case, view: str, **more: object) -> tuple[Element, str]:
    return page("/", case, view=view, **more).one(id="view-note"), link("/", case, view=view, **more)


def check_batch(case: Case, sample: int) -> None:
    """What a sample shares with the others, what is its own, and what twice the samples would change."""
    shown, where = reading(case, "batch", sample=sample)
    run = truth(case)
    shared, own = shown.all("table", class_="array-table")
    counts = {row.one("th").text: numbers_in(row.all("td")[1].text)[0] for row in shared.one("tbody").all("tr")}
    assert counts == {name: w.value.size for name, w in run.weights[case.place].items()}, f"{where}: {counts}"
    total = sum(counts.values())
    hint = re.search(r"(\d[\d,]*) parameters?, the same for every", shown.text)
    assert hint and numbers_in(hint[1])[0] == total, f"{where}: {hint and hint[0]}"
    for row in own.one("tbody").all("tr"):
        check_own_part(case, row, sample, where)
    h = run.tensor("h", case.place, case.t)
    for row in shown.one("table", class_="values").all("tr"):
        n = numbers_in(row.one("th").text)[0]
        said = [decimal(cell.text) for cell in row.all("td")]
        assert_close(said, h[n, :8], f"{where}: sample {n}", atol=0.00501)
    changed = re.search(
        rf"doubles \({N} → {N}\), .*?\({N} → {N} FLOPs\)\. The (?:number of parameters, )?{N}",
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


def check_doubling(case: Case) -> None:
    """When a size doubles: how many numbers there are to learn in this cell, and which tensors grow."""
    shown, where = reading(case, "weights")
    now = shapes_of(case)
    for item in shown.one("ul", class_="doubled").all("li"):
        said = re.match(
            r"(\w+) (\d[\d,]*) → (\d[\d,]*): (?:still (\d[\d,]*)|(\d[\d,]*) → (\d[\d,]*)) parameters?; (.*)\.",
            item.text,
        )
        assert said, f"{where}: {item.text}"
        name, size = said[1], case.sizes[said[1]]
        assert [numbers_in(said[n])[0] for n in (2, 3)] == [size, 2 * size], f"{where}: {item.text}"
        more = case.at(name, 2 * size)
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
    if words.startswith("every tensor"):
        return every - (weights if "except the weights" in words else names)
    return set() if words.startswith("no tensor") else names


def check_gradients_read(case: Case) -> None:
    """The table of gradients at the step in focus, in the order of backpropagation."""
    shown, where = reading(case, "gradients")
    run = truth(case)
    for row in shown.one("table", class_="gradients").one("tbody").all("tr"):
        id, norm = row.one("th").text.removeprefix("∂"), row.one("td", class_="norm").text
        true = float(np.linalg.norm(run.gradient(id, case.place, case.t)))
        said = float(re.sub(r" × 10(.*)", lambda power: "e" + power[1].translate(LOWERED), norm))
        assert_close(said, true, f"{where}: ∂{id}", rtol=6e-3, atol=1e-7)
        shape = row.one("span", class_="shape").text
        assert evaluated(shape) == [*run.tensor(id, case.place, case.t).shape], f"{where}: ∂{id}: {shape}"


LOWERED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def check_poke_read(case: Case, id: str, component: int, sample: int) -> None:
    """The sentences and the table of what a changed number changes agree with the differences, and with one another."""
    more = {"poke": id, "component": component, "sample": sample}
    shown, where = reading(case, "units", **more)
    steps = truth(case).after_a_change(case.place, case.t, id, component, sample)[:13]
    words = shown.one("p", class_="result").text
    begun = re.match(r"Adding 1 to component (\d[\d,]*) of .*? in sample (\d[\d,]*) changed", words)
    assert begun is None or [numbers_in(n)[0] for n in begun.groups()] == [component, sample], f"{where}: {words}"
    differences = {
        t: made["h"].value[sample] - truth(case).steps[case.place][t]["h"].value[sample] for t, made in steps
    }
    last_step, last = list(differences.items())[-1]
    no_more = r"(\d[\d,]*) steps? later, no value of h differs by (more than )?([\d.]*\d)( or more)?"
    if left := re.search(no_more, words):
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


def check_strip(case: Case, table: Element, steps: dict[int, Step], sample: int, where: str) -> None:
    """Each cell is the difference, to three places."""
    columns = [th.text for th in table.one("thead").all("th")]
    for body in table.all("tbody"):
        t = numbers_in(body.one("th").text)[0]
        for row in body.all("tr")[1:]:
            id = re.search(r"tensor=(\w+)", row.one("a")["href"])
            assert id, f"{where}: {row.text}"
            true = steps[t][id[1]].value[sample] - truth(case).steps[case.place][t][id[1]].value[sample]
            for column, cell in zip(columns, row.all("td"), strict=True):
                if column != "…" and "<" not in cell.text:
                    k = numbers_in(column)[0]
                    assert abs(decimal(cell.text) - true[k]) < 0.000506, (
                        f"{where}: {id[1]}[{k}] at {t}: {cell.text}, truly {true[k]}"
                    )


def check_given(case: Case, words: str, where: str) -> None:
    """Which of a text's characters or words, or of a wave's values, stands at the step in focus."""
    if case.data == "wave":
        said = re.search(r"At step (\d+), sample (\d+) reads value (\d+) of the series", words)
        assert said, f"{where}: {words}"
        assert [int(n) for n in said.groups()] == [case.t, 0, case.t], f"{where}: {said[0]}"
        return
    every, different = inputs.units(case), inputs.vocabulary(case)
    counts = re.search(r"([\d,]+) (?:character|word)s?, ([\d,]+) of them different", words)
    assert counts, f"{where}: {words}"
    assert [numbers_in(n)[0] for n in counts.groups()] == [len(every), len(different)], f"{where}: {counts[0]}"
    assert ("starts again" in words) == (case.batch_size * case.time_step > len(every)), f"{where}: {words}"
    left = re.search(r"The last ([\d,]+) are not used|The last one is not used", words)
    unread = max(0, len(every) - case.batch_size * case.time_step)
    assert (numbers_in(left[1])[0] if left and left[1] else int(bool(left))) == unread, f"{where}: {words}"
    entry = r"\. Its index in the vocabulary is (\d+), so entry \4 in|, the only entry of the vocabulary"
    said = re.search(rf"At step (\d+), sample (\d+) reads (\S+)(?:{entry})", words)
    assert said, f"{where}: {words}"
    now = inputs.read(case, 0, case.t)
    true = [str(case.t), "0", "␣" if now == " " else now, str(different.index(now))]
    assert [*said.groups("0")] == true, f"{where}: {said[0]}, truly {true}"
