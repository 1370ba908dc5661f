"""What lessons and answers say of the picture beside them, compared with the truth."""

import re
from functools import cache
from urllib.parse import parse_qsl, urlencode, urlsplit

import costs
from check_judgements import of_link
from comparing import check_plurals, evaluated, evaluated_axes, numbers_in
from elements import Element, parsed
from http_client import get
from shapes import dry_run
from stacks import Case, Run


@cache
def pages() -> list[str]:
    """The links of every page of the lessons, and of every question, each with its own picture, but for those of typed
    cells: the textbooks here are of the cells that ship, and typed ones have theirs in tests/equations."""
    found = []
    for index in ("/learn", "/questions"):
        main = parsed(get(index)).one("main")
        found += [a["href"] for a in main.all("a") if a["href"].startswith((f"{index}/", "/learn/"))]
    return [link for link in dict.fromkeys(found) if "cell=own" not in link]


def moved(address: str, **sizes: int) -> str:
    """The same page at other sizes, which belong to the reader; what is followed stays among them."""
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query)) | {name: str(size) for name, size in sizes.items()}
    for index, size in (("t", "time_step"), ("unit", "num_units"), ("sample", "batch_size")):
        if index in query and size in sizes:
            query[index] = str(min(int(query[index]), sizes[size] - 1))
    if query.get("data") == "text":
        query.pop("features", None)
    if query.get("view") == "training":  # the task sets them
        query.pop("features", None)
        query.pop("time_step", None)
    return f"{parts.path}?{urlencode(query)}"


def check_prose(address: str) -> bool:
    """Every number, shape and axis of the words beside a picture. False where the words are not shown."""
    shown = parsed(get(f"{address}&only=page"))
    case = of_shown(shown, address)
    run = dry_run(case)
    paragraphs = shown.one("section", id="lesson").one("div", class_="columns").all("p")
    for paragraph in paragraphs:
        check_paragraph(case, run, paragraph, address)
    words = " ".join(paragraph.text for paragraph in paragraphs)
    check_plurals(words, address)
    check_figures(case, run, words, address)
    return bool(paragraphs)


def of_shown(shown: Element, address: str) -> Case:
    """The case of a page: its link, and what the link leaves to the data."""
    case = of_link(urlsplit(address).query)
    dictated = {"text": len(set(SAMPLE)), "wave": 1, "digit": 28}.get(case.data)
    if not dictated:
        return case
    return of_link(f"{urlsplit(address).query}&features={dictated}")


SAMPLE = (
    "a cell keeps a few numbers from one step to the next. it reads a letter, forgets a little, adds a little, and"
    " hands on what is left until the text ends."
)


def check_paragraph(case: Case, run: Run, paragraph: Element, where: str) -> None:
    """Sizes have the colour of their axis; a shape, and names of axes, are those of the tensor that is named last, or
    right after them; before any is named, of the one that is selected in the picture."""
    before = [id for name, id in parse_qsl(urlsplit(where).query) if name == "tensor"]
    for element in paragraph.all():
        if element["data-tensor"]:
            before = [element["data-tensor"]]
        elif element.tag == "b" and element["class"] in case.sizes and element.text[0].isdigit():
            true = case.sizes[element["class"]]
            assert numbers_in(element.text) == [true], f"{where}: {element.text} for {element['class']}"
        elif element["class"] in ("shape", "axes"):
            text, is_shape = element.text, element["class"] == "shape"
            said = evaluated(text) if is_shape else evaluated_axes(text, case.sizes)
            shapes = [[*run.tensor(id, case.place, 0).shape] for id in before + following(paragraph, element)]
            assert said in shapes, f"{where}: {text} of {before}"


def following(paragraph: Element, shape: Element) -> list[str]:
    """The tensor that is named right after a shape: ``the 7 × 20 weights W``."""
    elements = paragraph.all()
    after = elements[elements.index(shape) + 1 :]
    return [element["data-tensor"] for element in after if element["data-tensor"]][:1]


def check_figures(case: Case, run: Run, words: str, where: str) -> None:
    """The numbers that are computed for a page: parameters, columns, characters, pixels."""
    kernel, *_ = [w.value for name, w in run.weights[case.place].items() if name == "kernel"]
    every = sum(costs.parameters(run).values())
    figures = {
        r"(\S+) parameters in total: each unit": every,
        r"so there are (\S+) numbers? to learn": every,
        r"together (\S+): for each unit": every,
        r"Together they are (\S+) numbers": every,
        r"the (\S+) numbers? to learn stay": every,
        r"applied to each of the (\S+) numbers": case.batch_size * case.num_units,
        r"takes all (\S+) numbers of a row": case.num_units + case.features,
        r"Take (\S+) characters": case.batch_size * case.time_step,
        r"Pixel by pixel there are (\S+) steps": case.time_step * case.features,
        r"a row for each of the (\S+) columns": kernel.shape[1],
        r"has a row of its own, (\S+) numbers long": kernel.shape[1],
        r"they cost (\S+) more numbers": kernel.shape[1],
        r"(\S+) numbers of W and b belong to it": 4 * (case.num_units + case.features + 1),
        r"with (\S+) rows and \S+ columns, and": case.num_units + case.features,
        r"rows and (\S+) columns, and": kernel.shape[1],
    }
    for pattern, true in figures.items():
        if said := re.search(pattern, words):
            assert numbers_in(said[1]) == [true], f"{where}: “{said[0]}”, truly {true}"
