"""What an operator's machines ask."""

import re
from asyncio import sleep
from http.client import HTTPConnection

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.core.budget import Budget
from app.main import create_app
from app.settings import Settings
from app.web.server.metrics import metrics, serve_metrics


@pytest.fixture
def fresh() -> FastAPI:
    return create_app(Settings(Budget()))


def value(line: str) -> float:
    """What the metrics say in a line; 0 where there is none yet."""
    found = re.search(rf"^{re.escape(line)} (.*)$", metrics().decode(), re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_it_is_ready_once_it_has_drawn(fresh: FastAPI) -> None:
    client = TestClient(fresh)
    before = value('unrolled_runs_total{how="executed"}')
    assert client.get("/readyz").json() == {"status": "ready"}
    assert client.get("/readyz").json() == {"status": "ready"}
    assert value('unrolled_runs_total{how="executed"}') == before + 1


@pytest.mark.parametrize("error", [ConnectionError, TimeoutError, KeyError])
def test_it_is_not_ready_while_its_store_is_out_of_reach(fresh: FastAPI, error: type[Exception]) -> None:
    reached = [False]

    async def ping() -> None:
        if not reached[0]:
            raise error("10.0.0.7 does not answer")

    fresh.state.ping = ping
    client = TestClient(fresh)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "store" in answer.json()["reason"]
    assert "10.0.0.7" not in answer.text
    assert client.get("/healthz").status_code == 200, "it lives, and need not be started anew"
    reached[0] = True
    assert client.get("/readyz").status_code == 200


def test_a_store_that_never_answers_holds_up_no_answer(fresh: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    async def ping() -> None:
        await sleep(60)

    monkeypatch.setattr("app.web.server.health.PATIENCE", 0.05)
    fresh.state.ping = ping
    assert TestClient(fresh).get("/readyz").status_code == 503


def test_answers_are_counted_by_route_and_status(client: TestClient) -> None:
    good, bad = (f'unrolled_answers_total{{route="/trace.json",status="{status}"}}' for status in (200, 422))
    seconds = 'unrolled_answer_seconds_count{route="/trace.json"}'
    before = [value(line) for line in (good, bad, seconds)]
    client.get("/trace.json?num_units=7")
    client.get("/trace.json?num_units=8")
    client.get("/trace.json?num_units=0")
    assert [value(line) for line in (good, bad, seconds)] == [before[0] + 2, before[1] + 1, before[2] + 3]


def test_a_path_that_somebody_made_up_is_no_series_of_its_own(client: TestClient) -> None:
    none = 'unrolled_answers_total{route="(none)",status="404"}'
    before = value(none)
    client.get("/made-up-by-somebody")
    assert value(none) == before + 1
    client.get("/questions?q=a-secret-of-mine")
    client.get("/room/QWERT")
    told = metrics().decode()
    assert not re.search("made-up|a-secret|QWERT", told)


def test_runs_are_told_from_those_that_are_kept_and_those_that_are_too_large(fresh: FastAPI) -> None:
    client = TestClient(fresh)
    lines = [f'unrolled_runs_total{{how="{how}"}}' for how in ("executed", "kept", "too large")]
    before = [value(line) for line in lines]
    client.get("/trace.json?seed=8")
    client.get("/tensor.json?seed=8&tensor=h")
    client.get("/trace.json?num_units=8192&time_step=10000")
    assert [value(line) for line in lines] == [n + 1 for n in before]


def test_who_is_in_rooms_is_counted(fresh: FastAPI) -> None:
    client = TestClient(fresh)
    code = client.post("/rooms").json()["code"]
    with client.websocket_connect(f"/rooms/{code}"), client.websocket_connect(f"/rooms/{code}"):
        assert value("unrolled_room_members") == 2
        assert value("unrolled_rooms") == 1
    assert value("unrolled_room_members") == 0
    assert value("unrolled_rooms") == 0


def test_what_is_being_answered_is_counted_while_it_is(fresh: FastAPI) -> None:
    seen = []

    async def ping() -> None:
        seen.append(value("unrolled_answers_under_way"))

    fresh.state.ping = ping
    TestClient(fresh).get("/readyz")
    assert [*seen, value("unrolled_answers_under_way")] == [1, 0]


def test_visitors_get_no_metrics(client: TestClient) -> None:
    assert client.get("/metrics").status_code == 404


def test_the_metrics_have_a_port_of_their_own(client: TestClient) -> None:
    client.get("/healthz")
    server = serve_metrics("127.0.0.1", 0)
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    try:
        connection.request("GET", "/metrics")
        answer = connection.getresponse()
        assert answer.headers["Content-Type"].startswith("text/plain")
        assert 'unrolled_answers_total{route="/healthz",status="200"}' in answer.read().decode()
        connection.request("GET", "/")
        assert connection.getresponse().status == 404
    finally:
        connection.close()
        server.shutdown()
        server.server_close()
