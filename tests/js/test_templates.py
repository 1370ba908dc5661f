"""Templates evaluated by the script of the page: equal to the server's figures, to the pixel and the letter."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest
from pairing import ALL_COMBINATIONS, paired

from app.core.cells import CELLS, PROJECTED
from app.diagram.format_names import FORMATS
from app.diagram.shape_labels import LABELS
from app.diagram.size_notation import NOTATIONS
from app.diagram.views import VIEWS
from app.frameworks import FRAMEWORKS
from app.teaching.lessons.order import LESSONS
from app.translations.languages import LANGUAGES, translator
from app.url_state.parsing import nearest
from app.url_state.url_state import UrlState
from app.url_state_to_picture.picture_template import Draw, numbers, record, template_of
from app.url_state_to_picture.plotly_figure import figure_of
from app.web.exports.standalone import States
from app.web.pages.embed import picture_template, svg_of
from app.web.pages.lessons import lesson_page
from app.web.pages.pages_for_other_sizes.parts_filled_in_browser import (
    PageParts,
    page_template,
    part_ids,
    picture_html,
    rendering,
)

COMPARE = Path(__file__).with_name("compare_templates.js")
NODE = Path(sys.executable).with_name("node")

SIZES = {"batch_size": 1024, "time_step": 10_000, "features": 4096, "num_units": 8192}
SMALL = (1, 2, 3, 7, 13)
POSITIONS = {"t": "time_step", "sample": "batch_size", "unit": "num_units"}

SETTINGS = {
    "view": [*VIEWS],
    "cell": [*CELLS, *(f"{cell} projected" for cell in PROJECTED)],
    "framework": [*FRAMEWORKS],
    "notation": [*NOTATIONS],
    "labels": [labels for labels in LABELS if labels != "hidden"],
    "lang": [*LANGUAGES],
    "format": FORMATS,
    "layers": [{}, {"num_layers": 2, "layer": 1}, {"bidirectional": "true", "direction": "backward"}],
    "focus": [
        {},
        {"unit": 1},
        {"sample": 2, "unit": 7},
        {"poke": "h_prev"},
        {"tensor": "h", "stepping": "true"},
        {"theme": "dark"},
    ],
}


def url_states(random: Random) -> Iterator[UrlState]:
    """Every pair of settings, each at random sizes."""
    for values in settings(random):
        chosen = dict(zip(SETTINGS, values, strict=True))
        cell, _, projected = chosen.pop("cell").partition(" ")
        fields = {**chosen.pop("layers"), **chosen.pop("focus"), **chosen, **random_sizes(random), "cell": cell}
        if projected:
            fields["num_proj"] = random.choice(SMALL)
        yield nearest([(name, str(value)) for name, value in fields.items()])


def settings(random: Random) -> list[tuple[Any, ...]]:
    """Combinations of settings in which every pair occurs, or many random ones."""
    if not ALL_COMBINATIONS:
        return paired(*SETTINGS.values())
    return [tuple(random.choice(list(some)) for some in SETTINGS.values()) for _ in range(400)]


def random_sizes(random: Random) -> dict[str, int]:
    return {name: random.choice((*SMALL, int(most ** random.random()), most)) for name, most in SIZES.items()}


def cases(state: UrlState, random: Random) -> Iterator[dict[str, object]]:
    """The figures of the UrlState with each slider at some other values."""
    for other in others(state, random):
        yield {"sizes": numbers(other), "figure": figure_of(other)}


def compared(lines: list[bytes]) -> Any:
    """What the script says about templates and cases."""
    run = subprocess.run([NODE, COMPARE], input=b"\n".join(lines), capture_output=True, check=False)
    assert run.returncode == 0, run.stderr.decode()
    return orjson.loads(run.stdout)


def others(state: UrlState, random: Random) -> Iterator[UrlState]:
    """The UrlState with each slider at another value, near or far, below a position as well, and with each position at
    another one. With ALL_COMBINATIONS, each slider is at a near and at a far one."""
    for name in [name for name in SIZES if name not in state.fixed]:
        size = state.sizes[name]
        values = (random.choice((size, size + 1, 2 * size, 3 * size)), int(SIZES[name] ** random.random()))
        for value in values if ALL_COMBINATIONS else [random.choice(values)]:
            yield nearest_with(state, name, min(value, SIZES[name]))
    for name, along in POSITIONS.items():
        if state[name] is not None:
            yield nearest_with(state, name, random.randrange(state.sizes[along]))


def nearest_with(state: UrlState, name: str, value: int) -> UrlState:
    values = {**state.values, name: value}
    return nearest([(field, str(one)) for field, one in values.items() if one is not None])


def page_of(state: UrlState, path: str = "") -> PageParts:
    """What parts of a page depend on: of the main page, or of a lesson."""
    slug = path.rpartition("/")[2]
    if not slug:
        return PageParts(state.language, 2**28, "page")
    return PageParts(state.language, 2**28, "page", path, lambda shown, language: lesson_page(shown, slug, language))


def without_links(html: str) -> str:
    return re.sub(r' href="[^"]*"', "", html)


def without_links_in(template: dict[str, Any]) -> dict[str, Any]:
    return {**template, "figure": without_links(template["figure"])}


def without_lines(html: str) -> str:
    """HTML without the lines of links over texts, which may be in more pieces."""
    return re.sub(r'(<a class="line[^>]*>)<path [^>]*>', r"\1", without_links(html))


def without_hits(states: States) -> Draw:
    """The contents of a file without the links over texts: see ``without_lines``."""
    return lambda state: states.contents(state) | {"hits": ""}


def test_the_parts_of_the_page_get_the_html_of_the_server_for_other_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.diagram.painters.page_svg.compact", str)  # templates draw the same lines
    monkeypatch.setattr("app.web.pages.parts.links_and_accessible_names.compact", str)
    random, lines, lessons = Random(16), [], cycle(["", *(f"/learn/{slug}" for slug in LESSONS)])
    for state in url_states(random):
        sizes, page = (
            [other for other in others(state, random) if other.labels != "hidden"],
            page_of(state, next(lessons)),
        )
        lines += [part_line(id, state, page, sizes) for id in random.sample(part_ids(state, page), 3)]
    result = compared(lines)

    assert not result["different"], "\n".join(result["different"][:20])
    assert result["equal"] > 2 * result["invalid"]


def part_line(id: str, state: UrlState, page: PageParts, others: list[UrlState]) -> bytes:
    """The template of a part of the page, and its HTML at other sizes."""
    document = record(state, rendering(id, page)).document
    template = {**document, "figure": without_links(document["figure"]), "sizes": numbers(state), "sliders": []}
    cases = [{"sizes": numbers(one), "figure": without_links(rendering(id, page)(one))} for one in others]
    return orjson.dumps({"query": f"{id} {page.name}{state.query()}", "template": template, "cases": cases})


def test_the_strip_has_each_step_once() -> None:
    state = nearest([("time_step", "20"), ("t", "2")])
    others = [nearest_with(state, "t", t) for t in (0, 1, 3, 9, 17, 18, 19)]
    result = compared([part_line("step-strip", state, page_of(state), others)])

    assert result["different"] == [], result["different"]


def picture_in_page(template: dict[str, Any]) -> dict[str, Any]:
    """The template of the picture in the page, which has conditions of its own."""
    page = template["page"]
    return {
        **template,
        "figure": without_lines(page["html"]),
        "conditions": [*template["conditions"], *page["conditions"]],
    }


def test_a_page_a_frame_and_a_file_draw_the_picture_of_the_server_for_other_sizes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.diagram.painters.page_svg.compact", str)
    monkeypatch.setattr("app.web.pages.parts.links_and_accessible_names.compact", str)
    random, lines = Random(16), []
    for state in list(url_states(random))[::5]:
        sizes = [*others(state, random)]
        frames = [{"sizes": numbers(one), "figure": without_links(svg_of(one, one.language))} for one in sizes]
        frame = picture_template(state, state.language)
        lines.append(orjson.dumps({"query": state.query(), "template": without_links_in(frame), "cases": frames}))
        page = replace(page_of(state), format=state.format)
        pages = [{"sizes": numbers(one), "figure": without_lines(picture_html(page, one))} for one in sizes]
        template = picture_in_page(page_template(state, page))
        lines.append(orjson.dumps({"query": f"page {state.query()}", "template": template, "cases": pages}))
        states = States(state, translator(state.language))
        file = {**record(state, without_hits(states)).document, "sizes": numbers(state), "sliders": []}
        files = [{"sizes": numbers(one), "figure": without_hits(states)(one)} for one in sizes]
        lines.append(orjson.dumps({"query": f"file {state.query()}", "template": file, "cases": files}))
    result = compared(lines)

    assert not result["different"], "\n".join(result["different"][:20])
    assert result["equal"] > result["invalid"]


def test_a_template_gives_the_figures_of_the_server_for_other_sizes() -> None:
    random = Random(16)
    lines = [
        orjson.dumps({"query": state.query(), "template": template_of(state), "cases": [*cases(state, random)]})
        for state in list(url_states(random))[:: 1 if ALL_COMBINATIONS else 2]
    ]
    result = compared(lines)

    assert not result["different"], "\n".join(result["different"][:20])
    assert result["equal"] > (2000 if ALL_COMBINATIONS else 100)
    assert result["invalid"] < result["equal"], "templates are valid for few other sizes"
