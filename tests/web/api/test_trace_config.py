"""The ``config`` of /trace.json has every field that documents depend on; formulas name the source of X and the order
of the steps."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest
from app_client import TestClient
from page_text import words
from pairing import ALL_COMBINATIONS, some

from app.core.work_limits import Budget
from app.url_state.field_types import BoundedInteger, Choice, FieldError, Flag, TensorId
from app.url_state.fields import FIELDS
from app.url_state.fields.look_fields import LOOK
from app.url_state.fields.paging_fields import PAGING
from app.url_state.parsing import parse
from app.url_state.text_field_types import FreeText
from app.url_state.url_state import UrlState
from app.web.api.gradients import gradients_document
from app.web.api.poke import poke_document
from app.web.api.trace import tensor_document, trace_document
from app.web.api.values import values_document
from app.web.exports.table import table_csv
from app.web.requests_and_responses.responses import json as written
from app.web.server.run_executor import Runner

BASES = (
    "",
    "tensor=h&poke=h_prev&sample=1&unit=2",
    "data=text&text=hello+world&time_step=3&tensor=X&poke=x",
    "data=wave&tensor=x",
    "framework=keras&return_sequences=true&tensor=h",
    "framework=pytorch&num_layers=2&layer=1&bidirectional=true&direction=backward&tensor=h_prev&poke=x",
    "cell=gru&framework=flax&tensor=Y",
)

NOT_IN_CONFIG = {f.name for f in (*LOOK, *PAGING)}
"""The fields for the look and for the page of a document, which do not change the run."""


def url_state_of(query: str, **changes: str) -> UrlState | None:
    """None if the fields are not valid together."""
    try:
        return parse({**dict(parse_qsl(query)), **changes}.items(), strict=True)
    except FieldError:
        return None


def others(state: UrlState, name: str) -> Iterator[str]:
    """Values that a field may have besides its own."""
    match FIELDS[name]:
        case Choice(choices=choices) | Flag(choices=choices) | TensorId(choices=choices):
            yield from (FIELDS[name].format(choice) for choice in choices)
        case BoundedInteger(low=low):
            yield from (str(low + n) for n in (0, 1, 3))
        case FreeText():
            yield from ("other words", "world hello")


def documents(state: UrlState, runner: Runner) -> dict[str, bytes]:
    """All documents about the run, without the config."""
    trace, reason = runner.trace(state)
    found: dict[str, Any] = {"trace": trace_document(state, trace, reason), "table": table_csv(state)}
    found["gradients"] = gradients_document(state, trace, reason)
    if state.tensor:
        found |= {"tensor": tensor_document(state, trace, reason), "values": values_document(state, trace, reason)}
        found["values"]["layout"]["meta"].pop("query")
    if state.poke != "none":
        found["poke"] = poke_document(state, trace, reason)
    found["config"] = found["trace"].pop("config")
    return {name: written(document) for name, document in found.items()}


@pytest.mark.parametrize("base", BASES)
def test_documents_with_different_content_have_different_configs(base: str) -> None:
    runner = Runner(Budget())
    own = url_state_of(base)
    assert own
    first, changed, named = documents(own, runner), set[str](), set[str]()
    turn = BASES.index(base) % 4  # so that all values occur, each with other bases
    for name in FIELDS:
        values = some(others(own, name), 4)
        for value in values[turn:] + values[:turn]:
            if name in named and not ALL_COMBINATIONS:
                break  # the config names the field, on which documents depend
            if (state := url_state_of(base, **{name: value})) and state != own:
                found = documents(state, runner)
                differ = [about for about in found if about != "config" and found[about] != first.get(about)]
                if name in NOT_IN_CONFIG:
                    differ = [about for about in differ if about == "trace"]
                assert not differ or found["config"] != first["config"], (name, value, differ)
                changed |= {name} if differ else set()
                named |= changed & json.loads(found["config"]).keys()
    assert len(changed) > 10


def table(client: TestClient, query: str) -> list[dict[str, str]]:
    text = client.get(f"/table.csv?{query}").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


DATA = {
    "data=random": "random values from the seed",
    "data=text&text=ab": "the text, one-hot",
    "data=wave": "sine wave, in windows",
    "data=digit": "digit, row by row",
    "data=wave&num_layers=2&layer=1": "Y of the layer below",
}


@pytest.mark.parametrize(("query", "source"), DATA.items())
def test_the_formula_of_x_names_its_source(client: TestClient, query: str, source: str) -> None:
    tensors = client.get(f"/trace.json?{query}").json()["tensors"]

    assert [t["formula"] for t in tensors if t["id"] == "X"] == [f"X = {source}"]
    assert [row["formula"] for row in table(client, query) if row["id"] == "X"] == [f"X = {source}"]
    assert f"X = {source}" in "".join(words(client.get(f"/?{query}&tensor=X").text))
    assert [t["formula"] for t in tensors if t["id"] == "bias"] == ["b = random values from the seed"]


def test_the_source_of_x_is_translated_in_the_table_and_in_one_file(client: TestClient) -> None:
    formulas = [row["formula"] for row in table(client, "data=digit&lang=es") if row["id"] == "X"]

    assert formulas == ["X = dígito, fila por fila"]
    assert "dígito, fila por fila" in client.get("/standalone.html?data=digit&lang=es").text


BACK = ("bidirectional=true&direction=backward", "framework=keras&go_backwards=true")


@pytest.mark.parametrize("query", BACK)
def test_in_a_reversed_direction_a_carried_state_comes_from_the_next_step(client: TestClient, query: str) -> None:
    t = 1
    tensors = {one["id"]: one for one in client.get(f"/trace.json?{query}").json()["tensors"]}
    h_prev, h = (client.get(f"/tensor.json?{query}&tensor={id}").json() for id in (f"h_prev&t={t}", f"h&t={t + 1}"))

    assert h_prev["values"] == h["values"]
    assert tensors["h_prev"]["formula"] == "hₜ₊₁ = h of the next step, zeros at the end"
    assert tensors["h_prev"]["name"] == "hidden state of the next step"
    assert tensors["a"]["formula"] == "aₜ = [hₜ₊₁, xₜ] W + b"
    assert tensors["h_T"]["formula"] == "h_T = h of step 0"
    for row in table(client, query):
        assert (row["symbol"], row["formula"]) == (tensors[row["id"]]["symbol"], tensors[row["id"]]["formula"])
    page = words(client.get(f"/?{query}&t={t}&tensor=h_prev").text)
    assert "hidden state of the next step" in page and "previous hidden state" not in page
