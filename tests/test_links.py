"""Old links keep working, and mean what they meant."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from pairing import IN_FULL
from starlette.requests import Request
from starlette.testclient import TestClient

from app.main import create_app
from app.query.fields import FIELDS
from app.query.view import View
from app.web.exports.code import view_for_code
from app.web.http.responses import view_of

LINKS = Path(__file__).with_name("links.txt")


def lines() -> list[tuple[str, dict[str, str]]]:
    """Each link with the values that it must have for ever: those of the first line, but for what its own says."""
    found: list[tuple[str, dict[str, str]]] = []
    for line in LINKS.read_text().splitlines():
        if line and not line.startswith("#"):
            link, _, meaning = line.partition(" ->")
            values = dict(unquote(value).split("=", 1) for value in meaning.split())
            found.append((link, {**found[0][1], **values} if found else values))
    return found


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app())


def test_a_link_means_what_it_meant(client: TestClient) -> None:
    """Lines are only ever added to links.txt: somebody has each of them in a lecture, a mail or an answer.

    When this fails, do not change the line; make the app understand the old link again.
    """
    wrong = []
    for link, meaning in lines():
        view = meant_by(client, link)
        wrong += [
            f"{link} has {name}={found}, not {value}"
            for name, value in meaning.items()
            if (found := FIELDS[name].format(view[name])) != value
        ]
    assert not wrong, "\n".join(wrong)


def meant_by(client: TestClient, link: str) -> View:
    path, query = urlsplit(link).path, urlsplit(link).query
    request = Request({"type": "http", "app": client.app, "path": path, "query_string": query.encode(), "headers": []})
    return view_for_code(request) if path == "/code" else view_of(request)


def test_old_links_are_answered(client: TestClient) -> None:
    """The first link with each choice at its path; with UNROLLED_TESTS=all, every link."""
    asked, seen = [], set[tuple[str, ...]]()
    for link, meaning in lines():
        path = urlsplit(link).path
        values = {(path,), *((path, *each) for each in meaning.items() if "enum" in FIELDS[each[0]].schema)}
        if IN_FULL or not values <= seen:
            asked.append(link)
        seen |= values

    assert [link for link in asked if client.get(link).status_code != 200] == []


def test_no_link_is_listed_twice() -> None:
    links = [link for link, _ in lines()]

    assert len(links) == len(set(links))


def test_a_field_never_goes_away_and_none_is_forgotten() -> None:
    assert set(lines()[0][1]) == set(FIELDS)


def test_every_choice_stands_in_a_link() -> None:
    """So that none of them can ever be renamed."""
    meant = {(name, value) for _, meaning in lines() for name, value in meaning.items()}
    every = {(name, field.format(value)) for name, field in FIELDS.items() for value in field.schema.get("enum", ())}

    assert every <= meant
