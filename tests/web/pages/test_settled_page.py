"""What a browser asks for after a size has changed: the page without the parts that it has written itself."""

import re

import pytest
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser

from app.web.pages.pages_for_other_sizes.parts_filled_in_browser import PARTS

WITHOUT = f"without={','.join(PARTS)}&only=page"


def live(html: str) -> dict[str, str]:
    """The parts of a page that change, by their ids, without the time of the run."""
    parts = LexborHTMLParser(html).css("[data-live]")
    return {str(part.id): re.sub(r"[\d.]+ ms", "", str(part.html)) for part in parts}


@pytest.mark.parametrize(
    "link",
    [
        "/?num_units=7",
        "/?view=weights&tensor=h&lang=es",
        "/?num_layers=2&framework=tf1&cell=gru&time_step=30",
        "/?batch_size=1024&time_step=10000&features=4096",
        "/learn/what-is-num-units?lesson_page=2",
        "/?view=batch&sample=1&data=text",
    ],
)
def test_every_part_that_it_has_is_that_of_the_whole_page(client: TestClient, link: str) -> None:
    whole, settled = (client.get(f"{link}&{asked}").text for asked in ("only=page", WITHOUT))
    assert len(settled) < 0.75 * len(whole)
    parts = live(settled)
    assert {"proof", "values", "pictures", "step-links", "examples"} <= parts.keys()
    assert parts.items() <= live(whole).items()


def test_it_leaves_out_only_what_the_browser_has_written(client: TestClient) -> None:
    parts = live(client.get("/?num_units=7&without=table,framework,pictures,values,nothing&only=page").text)
    assert not {"table", "framework", "pictures"} & parts.keys()
    assert {"values", "kernels", "selected"} <= parts.keys()


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("/?num_units=7", "/?num_units=1&batch_size=1"),
        ("/?framework=tf1&num_units=300", "/?framework=tf1&num_units=16"),
        ("/?cell=lstm_peephole&num_proj=3&num_units=300", "/?cell=lstm_peephole&num_proj=3&num_units=2"),
    ],
)
def test_what_it_leaves_out_is_the_same_for_other_sizes_but_for_links(
    client: TestClient, before: str, now: str
) -> None:
    old, new, settled = (live(client.get(link).text) for link in (before, now, f"{now}&{WITHOUT}"))
    left_out = new.keys() - settled.keys() - PARTS.keys()
    without_links = [{id: re.sub(r' href="[^"]*"', "", page[id]) for id in left_out} for page in (old, new)]
    assert len(left_out) >= 5
    assert without_links[0] == without_links[1]
