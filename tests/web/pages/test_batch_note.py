"""The text under the batch: what the samples share, what each has for itself, and the effect of doubling the batch."""

from dataclasses import replace
from re import findall
from typing import Any

import numpy as np
import pytest
from app_client import TestClient
from framework_queries import STACKED, Query, query_id
from markupsafe import Markup
from pairing import in_turn

from app.core.cells import CELLS, PROJECTED
from app.core.input_data import make_input
from app.core.run import run_stack
from app.core.seeded_weights import stack_weights
from app.translations.translator import ENGLISH
from app.url_state.parsing import parse
from app.url_state.url_state import UrlState
from app.web.pages.parts.below_picture import NOTES
from app.web.pages.parts.below_picture.batch import note

EVERY: list[Query] = [
    *({"cell": cell, "batch_size": 7, "sample": 5} for cell in CELLS),
    *({"cell": cell, "num_proj": 3} for cell in PROJECTED),
    STACKED,
    {"bidirectional": True, "direction": "backward", "sample": 0},
    {"batch_size": 1, "time_step": 1, "features": 1, "num_units": 1},
]
every = pytest.mark.parametrize("query", EVERY, ids=query_id)
LARGEST: Query = {"batch_size": 1024, "time_step": 10_000, "features": 4096, "num_units": 8192}


def url_state_of(query: Query) -> UrlState:
    words = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in query.items()}
    return parse(words.items(), strict=True)


def plain(line: Any) -> tuple[int, ...]:
    """The sizes of a written shape: 4 × (5+2) is 4, 7."""
    return tuple(eval(axis.replace("·", "*")) for axis in "".join(run.text for run in line).split("×"))


@every
def test_samples_share_every_weight_and_have_a_part_of_every_other_tensor(query: Query) -> None:
    url_state = url_state_of(query)
    batch_note, weights = note(url_state, None, ENGLISH), url_state.program.weights
    shapes = url_state.program.shapes(url_state.sizes)
    assert [(t.id, plain(line)) for t, line, _, _ in batch_note.weights] == [(t.id, shapes[t.id]) for t in weights]
    assert [count for _, _, count, _ in batch_note.weights] == [int(np.prod(shapes[t.id])) for t in weights]
    assert batch_note.total == sum(count for _, _, count, _ in batch_note.weights)

    owned = {}
    for part in (*batch_note.slices, *batch_note.rows):
        for symbol, link in part.links:
            assert isinstance(symbol, Markup)
            (id,) = findall(r"tensor=(\w+)", link)
            owned[id] = plain(part.shape)
    assert owned == {id: shape[1:] for id, shape in shapes.items() if url_state.program.by_id[id].role != "weight"}
    assert all(len(plain(part.shape)) == 2 for part in batch_note.slices)


@every
def test_a_samples_values_are_those_of_the_trace_and_of_the_sample_alone(query: Query) -> None:
    url_state = url_state_of(query)
    weights, X = stack_weights(url_state.stack, 3), make_input(url_state.stack.sizes, 3)
    trace = run_stack(url_state.stack, weights, X)
    batch_note = note(url_state, trace, ENGLISH).numbers
    assert batch_note is not None
    followed = url_state.sample or 0
    assert followed in [sample for sample, _ in batch_note.rows]
    assert len(batch_note.rows) == min(2, url_state.batch_size)
    for sample, row in batch_note.rows:
        one = replace(url_state.stack, batch_size=1)
        alone = run_stack(one, weights, X[sample : sample + 1]).array("h", url_state.place, url_state.t)[0]
        shown = [float(text.replace("−", "-")) for text, _ in row]
        assert shown == pytest.approx(alone[:8].tolist(), abs=0.0051)
        assert batch_note.total == len(alone)


@every
def test_doubling_the_batch_doubles_the_work_but_not_the_weights(query: Query) -> None:
    url_state = url_state_of(query)
    batch_note = note(url_state, None, ENGLISH).doubled
    assert (
        batch_note.parameters[0]
        == batch_note.parameters[1]
        == sum(url_state.program.parameters(url_state.sizes).values())
    )
    assert batch_note.flops[1] == 2 * batch_note.flops[0]
    assert batch_note.batch_size == (url_state.batch_size, 2 * url_state.batch_size)


@pytest.mark.parametrize("sample", [None, 0, 500, 1023])
def test_each_sample_can_be_reached_from_its_neighbours(sample: int | None) -> None:
    url_state = url_state_of(LARGEST | {"view": "batch"} | ({} if sample is None else {"sample": sample}))
    batch_note = note(url_state, None, ENGLISH).follow
    before, after = view_of_link(batch_note.before), view_of_link(batch_note.after)
    assert before == (sample - 1 if sample else None)
    assert after == (None if sample == 1023 else 0 if sample is None else sample + 1)
    assert view_of_link(batch_note.none) is None
    assert (batch_note.last, note(url_state, None, ENGLISH).numbers) == (1023, None)


def view_of_link(link: str | None) -> int | None:
    return int(found[0]) if link and (found := findall(r"sample=(\d+)", link)) else None


@pytest.mark.parametrize(("query", "cell"), in_turn([LARGEST, {"batch_size": 1}, {"sample": 1}], CELLS))
def test_the_page_has_the_text_at_any_size(client: TestClient, query: Query, cell: str) -> None:
    page = client.get("/", params={**query, "cell": cell, "view": "batch", "only": "page"}).text
    batch_note = page.partition('<section class="batch"')[2].partition("</section>")[0]

    assert "only the rows change, not the weights" in batch_note and "share" in batch_note
    assert ("Rows never mix" in batch_note) == ("in parallel" in batch_note) == (query.get("batch_size") != 1)
    assert ("row by row" in batch_note or "two of its" in batch_note) == (query is not LARGEST)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "Different inputs give different values; the weights are the same."),
        ("data=text&text=ab&time_step=2&t=1", "The inputs so far are the same, so the values are, too."),
        ("data=text&text=aba&time_step=2&t=0", "The inputs so far are the same, so the values are, too."),
        ("data=text&text=abb&time_step=2&t=0", "Different inputs give different values; the weights are the same."),
        ("data=wave&num_units=1&seed=11", "Different inputs give different values, though not in the digits shown"),
        ("batch_size=1", ""),
    ],
)
def test_two_samples_are_compared_by_their_inputs_and_their_shown_digits(
    client: TestClient, query: str, words: str
) -> None:
    page = client.get(f"/?view=batch&{query}").text

    assert words in page and ("give different values" in page or "so the values are" in page) == bool(words)


@every
def test_the_panel_describes_the_framed_row(query: Query) -> None:
    url_state = url_state_of(query)
    row, shapes = note(url_state, None, ENGLISH).row, url_state.program.shapes(url_state.sizes)
    assert row.sample == (min(1, url_state.batch_size - 1) if url_state.sample is None else url_state.sample)
    assert row.is_example == (url_state.sample is None)
    assert (row.taken[0], row.returned[0]) == (shapes["x"][1], shapes["h"][1])
    assert [count for _, count, _ in row.kept] == [shapes[state][1] for state in url_state.program.cell.states]


def test_the_panel_follows_the_row_and_says_that_rows_never_meet(client: TestClient) -> None:
    for query, heading, sample in (("", "Example", 1), ("&sample=2", "Selected", 2)):
        page = client.get(f"/?view=batch{query}&only=page").text
        panel = page.partition('<section class="followed-row">')[2].partition("</section>")[0]
        assert f"<h2>{heading}</h2>" in panel and f"Sample {sample} (0–2)" in panel
        assert "never mixes with them" in panel
    alone = client.get("/?view=batch&batch_size=1&only=page").text
    assert "Sample 0 (0–0)" in alone and "never mixes with them" not in alone
    assert "followed-row" not in client.get("/").text


def test_a_page_makes_the_text_once(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[UrlState] = []

    def counted(url_state: UrlState, *rest: Any) -> Any:
        made.append(url_state)
        return note(url_state, *rest)

    monkeypatch.setitem(NOTES, "batch", counted)
    page = client.get("/?view=batch&num_units=11").text
    assert "followed-row" in page and "batch-title" in page and len(made) == 1
