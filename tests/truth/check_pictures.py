"""What the labels of a picture say, compared with the truth: every shape, every size in its colour, every count."""

import re
from html import unescape

import frameworks
from comparing import check_plurals, evaluated, numbers_in
from http_client import get, link, our_arrays, truth
from stacks import Case

VIEWS = ("unrolled", "rolled", "batch", "units", "weights", "gradients")


def check_picture(case: Case, view: str, **more: object) -> None:
    where = link("/diagram.svg", case, view=view, **more)
    drawing = get(where).decode()
    known = shapes_of(case)
    for text in re.findall(r"<text.*?</text>", drawing, re.DOTALL):
        check_label(case, text, known, where)
    check_folds(case, view, [words(text) for text in re.findall(r"<text.*?</text>", drawing, re.DOTALL)], where)
    label = re.search(r'aria-label="([^"]*)"', drawing)
    assert label, where
    check_title(case, unescape(label[1]), where)


def words(text: str) -> str:
    return unescape(re.sub("<[^>]*>", " ", text)).strip()


def shapes_of(case: Case) -> set[tuple[int, ...]]:
    """Every shape that there is: of tensors, of blocks of weights, of what goes in and out, and of the gradients of
    weights before they are summed."""
    run, arrays = truth(case), our_arrays(case)
    tensors = {run.tensor(id, case.place, case.t).shape for id in run.ids(case.place)}
    weights = {w.shape for w in run.weights[case.place].values()}
    blocks = {(w[0], case.num_units) for w in weights if len(w) == 2} | {(case.num_units,), (case.width_of_h,)}
    stored = {a.shape for a in frameworks.stored(case, arrays).values()}
    stored |= {shape[1:] for shape in stored if case.framework == "onnx"}
    halves = {(n // 2,) for shape in stored for n in shape if len(shape) == 1}
    steps = {frameworks.between_layers(case, n) for n in (1, 2)}
    outside = {frameworks.taken(case, arrays["X"])[1].shape, *frameworks.returned(case).values()}
    summed = {(case.batch_size, case.time_step, *w) for w in weights}
    return tensors | weights | blocks | stored | halves | steps | outside | summed


def check_label(case: Case, text: str, known: set[tuple[int, ...]], where: str) -> None:
    """A size has the colour of its axis; what is written as a shape is one."""
    for axis, number in re.findall(r'class="(\w+)"[^>]*>(\d[\d,]*)<', text):
        if axis in case.sizes and "label" in text:
            assert numbers_in(number)[0] == case.sizes[axis], f"{where}: {words(text)}"
    said = re.sub(r"\s", "", words(text)).removeprefix("→")
    if "×" in said and re.fullmatch(r"[\d×()+·]+", said):
        assert tuple(evaluated(said)) in known, f"{where}: {said} is no shape of {sorted(known)}"


def check_folds(case: Case, view: str, texts: list[str], where: str) -> None:
    """The steps that are drawn and those that are folded are all steps there are."""
    if view not in ("unrolled", "gradients", "batch"):
        return
    drawn = {int(n) for text in texts for n in re.findall(r"(?:^|same cell, )step (\d+)(?:,|$)", text)}
    folded = sum(numbers_in(text)[0] for text in texts if re.match(r"[\d,]+ more steps?", text))
    if view != "batch":
        drawn.add(case.t)
    assert len(drawn) + folded == case.time_step, f"{where}: {sorted(drawn)} and {folded} more"
    assert all(n < case.time_step for n in drawn), f"{where}: {sorted(drawn)}"


def check_title(case: Case, title: str, where: str) -> None:
    """What a screen reader hears of the whole picture."""
    check_plurals(title, where)
    counts = {"step": case.time_step, "sample": case.batch_size}
    for number, noun in re.findall(r"(\d[\d,]*) (step|sample)s?\b", title):
        assert numbers_in(number)[0] == counts[noun], f"{where}: {title}"
    if weights := re.search(r"to scale, (\d[\d,]*) parameters?", title):
        own = frameworks.numbers_of_a_cell(case, our_arrays(case))
        assert numbers_in(weights[1])[0] == own, f"{where}: {title}, truly {own}"
