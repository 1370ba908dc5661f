"""Probes and metrics for operators."""

import re
from asyncio import sleep
from http.client import HTTPConnection

import pytest
from app_client import TestClient
from fastapi import FastAPI

from app.core.work_limits import Budget
from app.main import create_app
from app.settings import Settings
from app.web.server.metrics import metrics, serve_metrics


@pytest.fixture
def fresh() -> FastAPI:
    return create_app(Settings(Budget()))


def value(line: str) -> float:
    """The value of a metric; 0 if it does not exist yet."""
    found = re.search(rf"^{re.escape(line)} (.*)$", metrics().decode(), re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_the_app_is_ready_once_it_has_rendered_the_first_page(fresh: FastAPI) -> None:
    client = TestClient(fresh)
    before = value('unrolled_runs_total{how="executed"}')
    assert client.get("/readyz").json() == {"status": "ready"}
    assert client.get("/readyz").json() == {"status": "ready"}
    assert value('unrolled_runs_total{how="executed"}') == before + 1


@pytest.mark.parametrize("error", [ConnectionError, TimeoutError, KeyError])
def test_the_app_is_not_ready_while_the_store_is_out_of_reach(fresh: FastAPI, error: type[Exception]) -> None:
    reached = [False]

    async def ping() -> None:
        if not reached[0]:
            raise error("10.0.0.7 does not answer")

    fresh.state.ping = ping
    client = TestClient(fresh)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "store" in response.json()["reason"]
    assert "10.0.0.7" not in response.text
    assert client.get("/healthz").status_code == 200, "the app is alive and need not be restarted"
    reached[0] = True
    assert client.get("/readyz").status_code == 200


def test_the_probe_does_not_wait_for_a_store_that_never_responds(
    fresh: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ping() -> None:
        await sleep(60)

    monkeypatch.setattr("app.web.server.health.STORE_TIMEOUT", 0.05)
    fresh.state.ping = ping
    assert TestClient(fresh).get("/readyz").status_code == 503


def test_responses_are_counted_by_route_and_status(client: TestClient) -> None:
    good, bad = (f'unrolled_answers_total{{route="/trace.json",status="{status}"}}' for status in (200, 422))
    seconds = 'unrolled_answer_seconds_count{route="/trace.json"}'
    before = [value(line) for line in (good, bad, seconds)]
    client.get("/trace.json?num_units=7")
    client.get("/trace.json?num_units=8")
    client.get("/trace.json?num_units=0")
    assert [value(line) for line in (good, bad, seconds)] == [before[0] + 2, before[1] + 1, before[2] + 3]


def test_unknown_paths_share_one_time_series(client: TestClient) -> None:
    none = 'unrolled_answers_total{route="(none)",status="404"}'
    before = value(none)
    client.get("/made-up-by-somebody")
    assert value(none) == before + 1
    client.get("/questions?q=a-secret-of-mine")
    client.get("/room/QWERT")
    exposed = metrics().decode()
    assert not re.search("made-up|a-secret|QWERT", exposed)


def test_executed_cached_and_too_large_runs_are_counted_separately(fresh: FastAPI) -> None:
    client = TestClient(fresh)
    lines = [f'unrolled_runs_total{{how="{how}"}}' for how in ("executed", "kept", "too large")]
    before = [value(line) for line in lines]
    client.get("/trace.json?seed=8")
    client.get("/tensor.json?seed=8&tensor=h")
    client.get("/trace.json?num_units=8192&time_step=10000")
    assert [value(line) for line in lines] == [n + 1 for n in before]


def test_members_of_rooms_are_counted(fresh: FastAPI) -> None:
    client = TestClient(fresh)
    code = client.post("/rooms").json()["code"]
    with client.websocket_connect(f"/rooms/{code}"), client.websocket_connect(f"/rooms/{code}"):
        assert value("unrolled_room_members") == 2
        assert value("unrolled_rooms") == 1
    assert value("unrolled_room_members") == 0
    assert value("unrolled_rooms") == 0


def test_requests_under_way_are_counted(fresh: FastAPI) -> None:
    counts = []

    async def ping() -> None:
        counts.append(value("unrolled_answers_under_way"))

    fresh.state.ping = ping
    TestClient(fresh).get("/readyz")
    assert [*counts, value("unrolled_answers_under_way")] == [1, 0]


def test_the_app_does_not_serve_metrics(client: TestClient) -> None:
    assert client.get("/metrics").status_code == 404


def test_metrics_have_a_port_of_their_own(client: TestClient) -> None:
    client.get("/healthz")
    server = serve_metrics("127.0.0.1", 0)
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    try:
        connection.request("GET", "/metrics")
        response = connection.getresponse()
        assert response.headers["Content-Type"].startswith("text/plain")
        assert 'unrolled_answers_total{route="/healthz",status="200"}' in response.read().decode()
        connection.request("GET", "/")
        assert connection.getresponse().status == 404
    finally:
        connection.close()
        server.shutdown()
        server.server_close()
