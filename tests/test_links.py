"""Old links keep working and keep their meaning."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from app_client import TestClient
from pairing import ALL_COMBINATIONS
from starlette.requests import Request

from app.main import create_app
from app.url_state.fields import FIELDS
from app.url_state.url_state import UrlState
from app.web.exports.code import state_for_code
from app.web.requests_and_responses.responses import url_state_of

LINKS = Path(__file__).with_name("links.txt")


def lines() -> list[tuple[str, dict[str, str]]]:
    """Each link with the values that it must always have: those of the first line, updated with those of its own
    line."""
    links: list[tuple[str, dict[str, str]]] = []
    for line in LINKS.read_text().splitlines():
        if line and not line.startswith("#"):
            link, _, meaning = line.partition(" ->")
            values = dict(unquote(value).split("=", 1) for value in meaning.split())
            links.append((link, {**links[0][1], **values} if links else values))
    return links


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(), headers={"Accept-Encoding": "identity"})


def test_a_link_keeps_its_meaning(client: TestClient) -> None:
    """Lines are only added to links.txt, because somebody may use each of them in a lecture, a mail or an answer.

    If this test fails, do not change the line; make the app accept the old link again.
    """
    wrong = []
    for link, meaning in lines():
        state = parse(client, link)
        wrong += [
            f"{link} has {name}={actual}, not {value}"
            for name, value in meaning.items()
            if (actual := FIELDS[name].format(state[name])) != value
        ]
    assert not wrong, "\n".join(wrong)


def parse(client: TestClient, link: str) -> UrlState:
    path, query = urlsplit(link).path, urlsplit(link).query
    request = Request({"type": "http", "app": client.app, "path": path, "query_string": query.encode(), "headers": []})
    return state_for_code(request) if path == "/code" else url_state_of(request)


def test_old_links_are_valid(client: TestClient) -> None:
    """Requests the first link with each path and with each choice, except of the tensor, whose page other tests
    request; with UNROLLED_TESTS=all, every link."""
    choices = {name for name, field in FIELDS.items() if "enum" in field.schema} - {"tensor"}
    requested, seen = [], set[object]()
    for link, meaning in lines():
        values = {urlsplit(link).path, *(each for each in meaning.items() if each[0] in choices)}
        if ALL_COMBINATIONS or not values <= seen:
            requested.append(link)
        seen |= values

    assert [link for link in requested if client.get(link).status_code != 200] == []


def test_no_link_is_listed_twice() -> None:
    links = [link for link, _ in lines()]

    assert len(links) == len(set(links))


def test_every_field_is_in_the_list_of_links() -> None:
    assert set(lines()[0][1]) == set(FIELDS)


def test_every_choice_is_in_a_link() -> None:
    """So that no choice can be renamed."""
    tested = {(name, value) for _, meaning in lines() for name, value in meaning.items()}
    every = {(name, field.format(value)) for name, field in FIELDS.items() for value in field.schema.get("enum", ())}

    assert every <= tested
