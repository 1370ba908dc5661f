"""Assignments: links with a title, locked fields and hidden parts."""

import re

import pytest
from app_client import TestClient
from page_text import links, words

from app.url_state.fields.assignment_fields import HIDEABLE, LOCKABLE

PARTS = {
    "controls": 'id="controls"',
    "sentence": 'id="sentence"',
    "panel": 'id="panel"',
    "values": 'class="inspector"',
    "why": 'id="explanation"',
    "questions": 'id="related-questions"',
    "kernel": 'id="kernels"',
    "framework": 'class="framework"',
    "table": 'class="tensors"',
}


def is_hidden(html: str, part: str) -> bool:
    (tag,) = re.findall(rf"<\w+[^>]*{re.escape(PARTS[part])}[^>]*>", html)
    return " hidden" in re.sub(r'"[^"]*"', "", tag)  # the attribute, not a text


@pytest.mark.parametrize("part", HIDEABLE)
def test_each_part_can_be_hidden(client: TestClient, part: str) -> None:
    html = client.get(f"/?hide={part}&only=page").text

    assert [other for other in HIDEABLE if is_hidden(html, other)] == [part]


@pytest.mark.parametrize("name", [name for name in LOCKABLE if name not in ("cell", "framework", "view", "labels")])
def test_a_locked_size_cannot_be_typed_but_is_sent(client: TestClient, name: str) -> None:
    html = client.get(f"/?lock={name}&only=page").text
    locked = set(re.findall(r'<input type="number" id="(\w+)"[^>]* readonly', html))

    assert locked == ({name} if name != "bidirectional" else set())
    assert f'name="lock" value="{name}"' in html


@pytest.mark.parametrize(("name", "title"), [("cell", "Cell"), ("framework", "Framework"), ("labels", "Labels")])
def test_locked_fields_have_no_controls(client: TestClient, name: str, title: str) -> None:
    free, locked = (client.get(path).text for path in ("/?only=page", f"/?lock={name}&only=page"))
    heads = [set(re.findall(r"<h2 id=[^>]*>([^<]*)</h2>", html)) for html in (free, locked)]

    assert heads[0] - heads[1] == {title, "Examples"}  # an example model sets everything


def test_a_locked_direction_has_no_checkbox(client: TestClient) -> None:
    free, locked = (client.get(path).text for path in ("/?only=page", "/?lock=bidirectional&only=page"))

    assert 'role="checkbox"' in free and 'role="checkbox"' not in locked


def test_a_locked_view_has_no_tabs(client: TestClient) -> None:
    assert "/?view=batch" in links(client.get("/").text)
    assert not [
        link
        for link in links(client.get("/?view=units&lock=view").text)
        if link.startswith("/?") and "view=batch" in link
    ]


def test_every_link_of_an_assignment_keeps_it(client: TestClient) -> None:
    html = client.get("/?title=Homework&lock=view&hide=table&num_units=7").text
    inside = [link for link in links(html) if link.startswith("/?")]

    assert len(inside) > 30
    for link in inside:
        assert "title=Homework" in link and "lock=view" in link and "hide=table" in link, link


def test_a_lesson_can_have_a_title_as_well(client: TestClient) -> None:
    for path in ("/?", "/learn/break-it?tensor=X&", "/questions/depth?num_layers=2&layer=1&tensor=x&"):
        html = client.get(f"{path}title=Read%20this").text
        assert '<h2 class="assignment">Read this</h2>' in html
        assert "<title>Read this · Unrolled</title>" in html
        assert "Read this" in words(html)


def test_with_hidden_shapes_nothing_around_the_picture_reveals_one(client: TestClient) -> None:
    query = "labels=hidden&lock=view&hide=sentence,panel,values,why,questions,kernel,framework,table&tensor=h"
    html = client.get(f"/?{query}&num_units=77&batch_size=79").text
    (pictures,) = re.findall(r'<div id="pictures".*?<div class="player"', html, re.DOTALL)
    (jump,) = re.findall(r'<div class="jump".*?</div>', html, re.DOTALL)

    assert "77" not in words(pictures) + " ".join(re.findall(r'(?:aria-label|title)="([^"]*)"', pictures))
    assert "77" not in jump
    assert 'href="#panel"' not in html
    assert len(re.findall('class="picture [^>]*data-hides-shapes', pictures)) == 1
    assert re.search('class="array-rows[^>]*data-hides-shapes', pictures)


def test_with_a_locked_step_no_link_leads_to_another(client: TestClient) -> None:
    for query in (
        "?t=1&lock=t",
        "?t=1&lock=t&tensor=h",
        "?t=1&lock=t&tensor=h_prev",
        "?t=1&lock=t&view=batch",
        "?t=1&lock=t&view=units&poke=c_prev",
        "?t=1&lock=t&num_layers=2&bidirectional=true&framework=keras",
    ):
        html = client.get(f"/{query}&only=page").text
        assert "← → step" not in words(html)
        places = [link for link in links(html) if link.startswith("/?") and "lock=t" in link]
        assert places and all("t=1&" in f"{link}&" for link in places), query


def test_a_locked_step_is_kept(client: TestClient) -> None:
    html = client.get("/?t=1&lock=t").text

    assert 'rel="next"' not in html and 'rel="prev"' not in html
    assert re.search(r'id="player"[^>]* data-locked', html)
