"""The request log has one line per request and no personal data."""

import json
import logging
import logging.config
import re

import pytest
from app_client import TestClient

from app.core.work_limits import Budget
from app.main import create_app
from app.settings import Settings
from app.web.server.json_log import CONFIGURATION, Lines


@pytest.fixture
def logging_client() -> TestClient:
    app = create_app(Settings(Budget(), log=True))

    @app.get("/broken/{what}")
    async def broken(what: str) -> None:
        raise ValueError("an error")

    return TestClient(app, raise_server_exceptions=False)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_each_request_is_logged_in_one_line(logging_client: TestClient, capsys: pytest.CaptureFixture[str]) -> None:
    logging_client.get("/learn/what-is-num-units?seed=17", headers={"User-Agent": "Netscape"})
    (line,) = lines(capsys)
    assert line["method"] == "GET" and line["route"] == "/learn/{slug}" and line["status"] == 200
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", str(line["time"]))
    assert isinstance(line["ms"], float) and line["ms"] > 0
    assert set(line) == {"time", "method", "route", "status", "ms"}


def test_the_log_has_no_personal_data(logging_client: TestClient, capsys: pytest.CaptureFixture[str]) -> None:
    secret = {"User-Agent": "Netscape", "X-Forwarded-For": "192.0.2.7", "Referer": "https://mail.example/inbox"}
    logging_client.get("/questions?q=my-own-words", headers=secret)
    logging_client.get("/my-own-words", headers=secret)
    logging_client.get("/?text=my-own-words&num_units=0", headers=secret)
    output = capsys.readouterr().out
    assert len(output.splitlines()) == 3
    assert not re.search(r"my-own-words|Netscape|192\.0\.2|testclient|mail", output)


def test_an_exception_is_logged_as_500(logging_client: TestClient, capsys: pytest.CaptureFixture[str]) -> None:
    logging_client.get("/broken/thing")
    (line,) = lines(capsys)
    assert line["status"] == 500 and line["route"] == "/broken/{what}"


def test_probes_are_not_logged(logging_client: TestClient, capsys: pytest.CaptureFixture[str]) -> None:
    for path in ("/healthz", "/readyz"):
        logging_client.get(path)
    assert lines(capsys) == []


def test_without_the_setting_nothing_is_logged(client: TestClient, capsys: pytest.CaptureFixture[str]) -> None:
    client.get("/")
    assert capsys.readouterr().out == ""


def test_the_servers_own_messages_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    logger = logging.Logger("uvicorn.error")
    logger.addHandler(Lines())
    try:
        raise ValueError("an error")
    except ValueError:
        logger.exception("Exception in %s", "the app")
    (line,) = lines(capsys)
    assert line["level"] == "error" and line["message"] == "Exception in the app"
    assert "ValueError: an error" in str(line["fault"])


def test_the_logging_configuration_is_valid() -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        logging.config.dictConfig(CONFIGURATION)
        assert [type(handler) for handler in root.handlers] == [Lines]
    finally:
        root.handlers[:] = before
        root.setLevel(level)
