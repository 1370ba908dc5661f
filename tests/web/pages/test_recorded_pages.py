"""Pages and figures that are recorded once and filled for other sizes: equal to rendered ones, to the letter."""

from random import Random
from typing import Any

import pytest
from markupsafe import Markup
from pairing import ALL_COMBINATIONS
from starlette.testclient import TestClient

from app.core.cells import CELLS
from app.diagram.shape_labels import LABELS
from app.diagram.views import VIEWS
from app.frameworks import FRAMEWORKS
from app.size_expressions import Expression
from app.translations.languages import LANGUAGES
from app.url_state.parsing import nearest
from app.url_state.url_state import UrlState
from app.web.api.diagram import figure_text
from app.web.pages import index
from app.web.pages.pages_for_other_sizes.parts_filled_in_browser import PARTS
from app.web.pages.pages_for_other_sizes.recorded_pages import RARELY, Part, RecordedPage, Render, filled, record

NUMBERS = {"batch_size": 40, "time_step": 40, "features": 300, "num_units": 300, "seed": 3}
"""Numbers of a page, each with its largest value here."""

SETTINGS: dict[str, Any] = {
    "view": [*VIEWS],
    "cell": [*CELLS],
    "framework": [*FRAMEWORKS],
    "labels": [*LABELS],
    "lang": [*LANGUAGES],
    "format": ["page", "narrow"],
    "path": ["/", "/learn/what-is-num-units", "/questions/num-units"],
    "without": ["", ",".join(PARTS)],
    "layers": [{}, {"num_layers": 2, "layer": 1}, {"bidirectional": "true"}],
    "focus": [
        {},
        {"unit": 1},
        {"poke": "x"},
        {"tensor": "h", "stepping": "true"},
        {"num_proj": 3},
        {"parameters": "true"},
    ],
}

SITE = "http://testserver"


def settings(random: Random) -> list[tuple[Any, ...]]:
    """Random combinations of settings."""
    return [tuple(map(random.choice, SETTINGS.values())) for _ in range(60 if ALL_COMBINATIONS else 12)]


def numbers(random: Random, names: list[str]) -> dict[str, int]:
    return {name: random.choice((1, 2, 3, 4, int(NUMBERS[name] ** random.random()))) for name in names}


def changed(state: UrlState, values: dict[str, Any]) -> UrlState:
    return nearest([(name, str(value)) for name, value in {**state.values, **values}.items() if value is not None])


def part(name: str) -> Markup:
    return Markup("[{}]").format(name)


def test_a_recorded_page_is_written_as_it_is_rendered(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    renders: list[Render] = []

    def capture(setting: tuple[Any, ...], state: UrlState, render: Render, part: Part, site: str) -> str:
        renders.append(render)
        return render(state, part)

    monkeypatch.setattr(index, "page_text", capture)
    random, valid = Random(16), 0
    for values in settings(random):
        chosen = dict(zip(SETTINGS, values, strict=True))
        path, without = chosen.pop("path"), chosen.pop("without")
        focus = {**chosen.pop("layers"), **chosen.pop("focus")}
        state = nearest(
            [(name, str(value)) for name, value in {**chosen, **numbers(random, [*NUMBERS]), **focus}.items()]
        )
        query = state.query(format=chosen["format"])
        renders.clear()
        client.get(f"{path}{query or '?'}&without={without}")
        others = [state, *(changed(state, numbers(random, [name])) for name in NUMBERS)]
        for render in (*renders, figure_text):
            page = record(state, render, SITE)
            for other in others:
                html = filled(page, other, part, SITE)
                is_same = {**other.values, **dict.fromkeys(NUMBERS)} == {**state.values, **dict.fromkeys(NUMBERS)}
                if html is not None and is_same:
                    assert html == render(other, part), f"{query} for {other.query()}"
                    valid += 1

    assert valid > 2 * len(settings(random)), "recorded pages are valid for few other sizes"


def test_a_page_is_recorded_after_some_pages_with_the_same_conditions() -> None:
    page, recorded = RecordedPage(), list[bool]()

    def render(state: UrlState, part: Part) -> str:
        recorded.append(isinstance(state.num_units, Expression))
        return f"{state.num_units} {'units' if state.num_units > 1 else 'unit'}, {part('values')}"

    def written(*sizes: int) -> list[str]:
        return [page.text(nearest([("num_units", str(n))]), render, part) for n in sizes]

    several = range(2, RARELY + 9)
    assert written(*several) == [f"{n} units, [values]" for n in several]
    assert recorded == [*[False] * RARELY, True]

    assert {*written(*[1] * (RARELY + 9))} == {"1 unit, [values]"}
    assert written(7) == ["7 units, [values]"]
    assert recorded == [*[False] * RARELY, True] * 2


def test_a_page_that_cannot_be_recorded_is_rendered_each_time() -> None:
    page = RecordedPage()

    def render(state: UrlState, part: Part) -> str:
        return ", ".join(map(str, range(state.num_units)))

    assert [page.text(nearest([("num_units", str(n))]), render, part) for n in (2, 3, 3)] == [
        "0, 1",
        *["0, 1, 2"] * 2,
    ]


def test_templates_of_hidden_shapes_have_no_formulas(client: TestClient) -> None:
    hidden = client.get("/?labels=hidden&num_units=37&only=parts").json()
    assert (hidden["parts"], hidden["sliders"]) == ({}, [])
