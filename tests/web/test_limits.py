"""What is refused before anything is read of it: addresses and bodies that are too long, tries that are too many."""

from typing import Any

import pytest
from counting import CountingRunner
from reading import words
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from app.core.budget import Budget
from app.main import create_app
from app.settings import Settings
from app.web.limits import LONGEST_ADDRESS, MOST_BODY, TRIES

BROWSER = {"Accept": "text/html"}


def test_an_address_that_is_too_long_is_refused_in_words(client: TestClient, runner: CountingRunner) -> None:
    long = f"/?title={'x' * LONGEST_ADDRESS}"
    program, page = client.get(long), client.get(long, headers=BROWSER)

    assert (program.status_code, page.status_code) == (414, 414)
    assert program.json()["error"]["message"].startswith("this address is too long")
    assert "this address is too long" in words(page.text)
    assert len(program.content) < 1000 and "xxxx" not in page.text
    assert runner.asked == 0


def test_a_path_that_is_too_long_is_not_said_again(client: TestClient) -> None:
    for length in (1000, LONGEST_ADDRESS + 1):
        answer = client.get("/" + "x" * length)
        assert answer.status_code == (404 if length == 1000 else 414)
        assert len(answer.content) < 1000


@pytest.mark.parametrize("character", ["€", "\N{GRINNING FACE}", "a"])
def test_the_longest_text_fits_into_an_address(client: TestClient, character: str) -> None:
    answer = client.get("/trace.json", params={"data": "text", "text": character * 2000})

    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/", "/trace.json", "/rooms", "/nothing"])
def test_a_large_body_is_refused_and_the_connection_closed(client: TestClient, path: str) -> None:
    answer = client.post(path, content=bytes(MOST_BODY + 1))

    assert answer.status_code == 413
    assert answer.headers["connection"] == "close"
    assert "so much cannot be sent here" in answer.json()["error"]["message"]


def test_a_body_of_unknown_length_is_refused(client: TestClient) -> None:
    answer = client.post("/rooms", content=(bytes(9) for _ in range(9)))

    assert (answer.status_code, answer.headers["connection"]) == (411, "close")


@pytest.mark.parametrize("length", ["x", "-1", "1" * 5000])
def test_a_strange_length_is_refused(client: TestClient, length: str) -> None:
    assert client.post("/rooms", headers={"Content-Length": length}).status_code == 413


def classroom(share: int = 50) -> TestClient:
    return TestClient(create_app(Settings(Budget(), client_share=share)))


def statuses(client: TestClient, n: int) -> list[int]:
    return [client.post("/rooms").status_code for _ in range(n)]


def test_one_client_opens_many_rooms_but_not_any_number() -> None:
    client = classroom()

    assert statuses(client, TRIES) == [200] * TRIES
    refused = [client.post("/rooms") for _ in range(9)][-1]
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 30
    assert "others wait" in refused.json()["error"]["message"]
    assert client.get("/").status_code == 200


def test_an_operator_may_do_without_limits_for_clients() -> None:
    assert 429 not in statuses(classroom(share=0), TRIES + 9)


def enter(client: TestClient, code: str) -> int:
    """How an attempt to get into a room ends: the code with which the socket was closed, or 0 where one is let in."""
    try:
        with client.websocket_connect(f"/rooms/{code}") as socket:
            socket.receive_json()
    except WebSocketDisconnect as end:
        return end.code
    return 0


def test_codes_cannot_be_guessed_one_after_the_other() -> None:
    client = classroom()
    room: dict[str, Any] = client.post("/rooms").json()
    ends = [enter(client, "AAAAA") for _ in range(TRIES + 9)]

    assert ends[: TRIES - 1] == [4404] * (TRIES - 1)
    assert ends[-1] == 1008
    assert enter(client, room["code"]) == 1008, "nor with a good one meanwhile"


def test_a_class_behind_one_address_gets_in() -> None:
    client = classroom()
    room: dict[str, Any] = client.post("/rooms").json()

    assert {enter(client, room["code"]) for _ in range(300)} == {0}


def test_a_client_that_says_it_is_another_is_not_believed() -> None:
    """Who can be believed, the server knows that speaks HTTP; the app looks at no header."""
    client = classroom()
    refused = [client.post("/rooms", headers={"X-Forwarded-For": f"192.0.2.{n}"}) for n in range(TRIES + 9)]

    assert refused[-1].status_code == 429
