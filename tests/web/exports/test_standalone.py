"""/standalone.html: every state of the page in one file."""

import json
import re
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

import pytest
from app_client import TestClient
from page_text import words
from pairing import some

QUERIES = (
    "",
    "?time_step=10000&t=500",
    "?cell=gru&view=units&theme=dark",
    "?num_layers=2&framework=pytorch&view=weights",
    "?batch_size=128&time_step=28&features=28&num_units=128&view=batch&lang=zh",
    "?num_proj=3&framework=keras",
    "?data=text&tensor=f&stepping=true",
)
"""Links as the app writes them."""


@cache
def fetched(client: TestClient, query: str = "") -> str:
    response = client.get(f"/standalone.html{query}")
    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert response.headers["content-disposition"] == 'attachment; filename="unrolled.html"'
    return response.text


def states(page: str) -> dict[str, Any]:
    found = re.search(r'id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def shown(data: dict[str, Any], number: int, part: str) -> str:
    return "".join(data["pieces"][n] for n in data["states"][number][part])


def without_frame(svg: str) -> str:
    """The content of an image, without its background."""
    return re.sub(r"^<svg[^>]*>(<rect[^>]*>)?|</svg>$", "", svg)


def moved(query: str, name: str, value: str) -> dict[str, str]:
    """The query of a state: one field is changed, and a step beyond the last becomes the last one."""
    fields = dict(parse_qsl(query[1:])) | {name: value.replace(",", ""), "theme": "light"}
    if name == "time_step" and "t" in fields:
        fields["t"] = str(min(int(fields["t"]), int(fields[name]) - 1))
    return fields


@pytest.mark.parametrize("query", QUERIES)
def test_every_state_equals_the_picture_of_its_link(client: TestClient, query: str) -> None:
    data = states(fetched(client, query))

    assert data["controls"]
    for control in data["controls"]:
        assert control["states"][control["own"]] == 0
        for value, number in some(zip(control["values"], control["states"], strict=True), 2):
            if control["name"] != "tensor" and number is not None:
                image = client.get("/diagram.svg", params=moved(query, control["name"], value)).text
                assert shown(data, number, "shapes") == without_frame(image)


@pytest.mark.parametrize("query", QUERIES)
def test_the_file_loads_nothing_from_elsewhere(client: TestClient, query: str) -> None:
    page = fetched(client, query)
    whole = page + "".join(states(page)["pieces"])

    assert not re.search(
        r"""\ssrc=|<link(?! rel="icon" href="data:,")|@import|url\((?!data:|#)|<base|<iframe|fetch\(""", whole
    )
    targets = re.findall(r'\shref="([^"]*)"', whole)
    assert {target for target in targets if not target.startswith(("#", "data:"))} == {
        f"http://testserver/{query}".replace("&", "&amp;")
    }


def test_the_first_state_needs_no_script(client: TestClient) -> None:
    page = fetched(client)

    read = words(page.partition("<script")[0])
    assert "One LSTM cell with one set of weights, applied 4 times." in read
    assert "pre-activations of all four gates" in read and "72 tensors recorded" in read
    assert without_frame(client.get("/diagram.svg").text) in page


def test_the_file_draws_nearly_every_stop_of_a_size_from_few_templates(client: TestClient) -> None:
    data = states(fetched(client))
    (control,) = (c for c in data["controls"] if c["name"] == "num_units")

    assert len(data["templates"]) == 2
    assert control["numbers"][:3] == [1, 2, 3] and control["numbers"][-1] == 8192
    assert [n for n, state in zip(control["numbers"], control["states"], strict=True) if state is not None] == [5]


def test_the_file_can_step_through_operations(client: TestClient) -> None:
    data = states(fetched(client))
    (control,) = (c for c in data["controls"] if c["name"] == "tensor")

    faint = [shown(data, number, "shapes").count("<g opacity") for number in control["states"]]
    assert control["values"][:3] == ["x", "h_prev", "c_prev"] and control["values"][-2:] == ["h", "all"]
    assert faint == sorted(faint, reverse=True) and faint[0] > 40 and faint[-1] == 0


def test_the_file_has_some_of_many_steps(client: TestClient) -> None:
    (control,) = (c for c in states(fetched(client, "?time_step=10000&t=500"))["controls"] if c["name"] == "t")

    assert control["values"] == ["0", "1", "499", "500", "9,998", "9,999"]


def test_the_file_is_small(client: TestClient) -> None:
    assert {query: size for query in QUERIES if (size := len(fetched(client, query).encode())) >= 1_000_000} == {}


def test_hidden_shapes_are_not_in_the_file(client: TestClient) -> None:
    page = fetched(client, "?labels=hidden&hide=sentence&num_units=97&batch_size=89&tensor=f")

    assert "89 × 97" not in words(page) and "89 by 97" not in page and "<table" not in page and "assert " not in page
    assert ">97<" not in page.partition("<form")[0]


def test_the_file_keeps_what_an_assignment_locks_and_hides(client: TestClient) -> None:
    locked = states(fetched(client, "?lock=num_units,t"))
    hidden = fetched(client, "?hide=controls,table,framework,sentence&title=Homework")

    assert [c["name"] for c in locked["controls"]] == ["tensor", "batch_size", "time_step", "features"]
    assert states(hidden)["controls"] == []
    assert not any(part in hidden for part in ('id="states"', "<table", "<details", 'id="sentence"'))
    assert "Homework · Unrolled" in hidden


def test_typed_text_is_escaped(client: TestClient) -> None:
    page = fetched(client, "?title=%3C/script%3E%3Cb%3E&data=text&text=%3C/script%3E%3Ci%3E")

    assert (
        "<b>" not in page.partition("</h2>")[0]
        and "</script><" not in page.partition('id="data">')[2].partition("</script>\n")[0]
    )


def test_bad_input_is_rejected(client: TestClient) -> None:
    assert client.get("/standalone.html?num_units=0").json()["error"]["field"] == "num_units"
