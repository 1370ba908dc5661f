"""The commands `unrolled shapes` and `unrolled serve`, also run as `python -m app`."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout, suppress
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import orjson
import pytest
from app_client import TestClient

from app.cli import main
from app.core.cells import CELLS
from app.frameworks import FRAMEWORKS
from app.main import create_app
from app.process_environment import SETTINGS
from app.url_state.fields.cell_and_size_fields import CELL_AND_SIZES
from app.web.limits_and_timeouts import SHUTDOWN_TIMEOUT
from app.web.server import json_log

ROOT = Path(__file__).parents[1]
TIMEOUT = 20  # seconds

Start = Callable[..., tuple[subprocess.Popen[str], str]]


PROGRAM = (sys.executable, "-m", "app")
SCRIPT = (str(Path(sys.executable).with_name("unrolled")),)


def run(*arguments: str, command: Sequence[str] = PROGRAM, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [*command, *arguments]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT, env={**os.environ, **environment}
    )


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("cell", ["lstm", "gru_reset_after"])
def test_shapes_counts_the_parameters_of_the_framework(
    capsys: pytest.CaptureFixture[str], cell: str, framework: str
) -> None:
    query = {"cell": cell, "framework": framework, "num_units": "7"}
    assert main(["shapes", "--cell", cell, "--framework", framework, "--num-units", "7"]) == 0

    trace = TestClient(create_app()).get("/trace.json", params=query).json()
    *_, end = capsys.readouterr().out.splitlines()
    assert end == f"{trace['framework'].get('parameters', trace['parameters']['total'])} trainable parameters"


def test_shapes_prints_a_row_for_each_tensor(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["shapes", "--num-units", "128", "--batch-size=7"]) == 0

    head, *rows, _, end = [re.split(r"\s{2,}", line) for line in capsys.readouterr().out.splitlines()]
    assert end == ["67,072 trainable parameters"]
    assert head == ["tensor", "shape", "axes", "formula"]
    assert ["concat", "7 × 130", "batch_size × (num_units+features)", "[hₜ₋₁, xₜ]"] in rows
    assert ["f", "7 × 128", "batch_size × num_units", "fₜ = σ(a_f)"] in rows
    ids = [t["id"] for t in TestClient(create_app()).get("/trace.json").json()["tensors"]]
    assert [row[0] for row in rows] == ids


QUERIES: tuple[dict[str, str], ...] = (
    {},
    {"num_units": "128", "features": "28", "time_step": "28", "batch_size": "128"},
    {"seed": "42", "cell": "lstm", "num_proj": "0", "bidirectional": "false"},
    {"num_units": "1150", "features": "400", "time_step": "70", "batch_size": "80"},
)


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_json_is_the_body_of_the_trace(capsys: pytest.CaptureFixture[str], query: dict[str, str]) -> None:
    options = [part for name, text in query.items() for part in (f"--{name.replace('_', '-')}", text)]
    assert main(["shapes", "--json", *options]) == 0

    assert capsys.readouterr().out.encode() == TestClient(create_app()).get("/trace.json", params=query).content + b"\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("num_units", text) for text in ("", "0", "-5", "8193", "5.0", "1e3", "007", "seven", "NaN", "٣", "<b>")),
        ("time_step", "10001"),
        ("cell", "LSTM"),
        ("bidirectional", "1"),
        ("seed", "-1"),
        ("num_proj", "8193"),
    ],
)
def test_an_invalid_value_has_the_error_message_of_the_api(
    capsys: pytest.CaptureFixture[str], name: str, text: str
) -> None:
    assert main(["shapes", f"--{name.replace('_', '-')}", text]) == 2

    output = capsys.readouterr()
    message = TestClient(create_app()).get("/trace.json", params={name: text}).json()["error"]["message"]
    assert (output.out, output.err) == ("", f"unrolled: {message}\n")


@pytest.mark.parametrize(
    "arguments",
    [
        *(
            [],
            ["draw"],
            ["shapes", "--hidden", "5"],
            ["shapes", "5"],
            ["serve", "--port", "x"],
            ["serve", "--host", ""],
        ),
        *(["serve", f"--workers={workers}"] for workers in ("", "0", "-1", "two", "257", "9" * 4301, "1\n", "٣")),
    ],
)
def test_an_invalid_command_is_a_usage_error_in_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)

    assert stopped.value.code == 2
    line, *more = capsys.readouterr().err.splitlines()
    assert line.startswith("unrolled: ") and "usage: unrolled" in line and not more


def test_help_names_every_option_with_its_limits(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["shapes", "--help"])

    output = " ".join(capsys.readouterr().out.split()).replace("- ", "-")  # lines are also broken after hyphens
    assert all(f"--{field.name.replace('_', '-')} " in output and field.help in output for field in CELL_AND_SIZES)
    assert "(1 to 8,192)" in output


def test_json_and_errors_are_written_to_pipes_with_the_exit_code() -> None:
    right, wrong = run("shapes", "--json"), run("shapes", "--num-units", "٣", PYTHONIOENCODING="cp437")

    assert (right.returncode, orjson.loads(right.stdout)["executed"], right.stderr) == (0, True, "")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == 'unrolled: num_units must be a whole number from 1 to 8,192, not "?"\n'


@pytest.mark.parametrize("option", ["--json", pytest.param("--help", marks=pytest.mark.full)])
def test_a_closed_pipe_is_not_an_error(option: str) -> None:
    result = in_shell(f"{sys.executable} -m app shapes {option} | :; echo ${{PIPESTATUS[0]}}")

    assert (result.stdout, result.stderr) == ("0\n", "")


ENCODINGS = ("ascii", "latin-1", "cp1252")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_terminal_of_any_encoding_shows_the_table(encoding: str) -> None:
    table = output_in(encoding, "shapes", "--framework=pytorch", "--cell=gru").decode(encoding)

    times = "x" if encoding == "ascii" else "×"
    assert re.search(rf"^h +3 {times} 5 ", table, re.MULTILINE)
    assert "sigma(a_z)" in table and "ht-1" in table and "?" not in table


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_json_is_the_same_document_in_any_encoding(encoding: str) -> None:
    document = output_in(encoding, "shapes", "--json")

    assert document.isascii()
    assert orjson.loads(document) == TestClient(create_app()).get("/trace.json").json()


def test_help_is_written_in_any_encoding_by_both_commands() -> None:
    assert b"metavar" not in output_in("ascii", "shapes", "--help")
    c_locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    help = run("shapes", "--help", command=SCRIPT, **c_locale)
    assert (help.returncode, help.stderr) == (0, "") and "--num-units ..." in help.stdout


def output_in(encoding: str, *arguments: str) -> bytes:
    """The output of a command on a terminal with an encoding."""
    terminal = BytesIO()
    with redirect_stdout(TextIOWrapper(terminal, encoding=encoding)):
        try:
            code = main(arguments)
        except SystemExit as exit:  # after --help
            code = int(exit.code or 0)
        assert code == 0
        return terminal.getvalue()


def test_every_table_can_be_written_in_ascii() -> None:
    """No character is replaced by a question mark."""
    characters = {character for cell in CELLS for framework in FRAMEWORKS for character in table(cell, framework)}

    assert all("?" not in character.encode("ascii", "plain").decode() for character in characters)


def table(cell: str, framework: str) -> str:
    written = StringIO()
    with redirect_stdout(written):
        main(["shapes", "--cell", cell, "--framework", framework, "--bidirectional", "--num-layers=2"])
    return written.getvalue()


FULL = "unrolled: cannot write: No space left on device\n"


@pytest.mark.parametrize(
    ("arguments", "output", "code", "error"),
    [
        ("shapes", "/dev/full", 1, FULL),
        pytest.param("shapes --help", "/dev/full", 1, FULL, marks=pytest.mark.full),
        pytest.param("shapes --json", "&-", 0, "", marks=pytest.mark.full),
        ("shapes --help", "&-", 0, ""),
    ],
)
def test_a_write_error_is_reported_in_one_line(arguments: str, output: str, code: int, error: str) -> None:
    """Writing nothing because standard output is closed is not an error."""
    result = in_shell(f"{sys.executable} -m app {arguments} >{output}")

    assert (result.returncode, result.stdout, result.stderr) == (code, "", error)


def test_the_exit_code_is_right_even_if_the_error_cannot_be_written() -> None:
    assert in_shell(f"{sys.executable} -m app shapes --num-units 0 2>/dev/full").returncode == 2


def in_shell(command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT)


def test_ctrl_c_is_quiet() -> None:
    handler = "signal.signal(signal.SIGINT, signal.default_int_handler)"  # it is ignored in background processes
    program = f"{handler}; import app.cli as cli; cli._trace = lambda view: signal.raise_signal(signal.SIGINT)"
    result = in_shell(
        f"{sys.executable} -c \"import signal, sys; {program}; sys.exit(cli.main(['shapes', '--json']))\""
    )

    assert (result.returncode, result.stdout, result.stderr) == (130, "", "")


@pytest.mark.parametrize(
    ("output", "log", "workers"),
    [
        *(("2>/dev/full >&2", "json", 1), (">&-", "json", 1)),
        pytest.param(">/dev/full", "off", 1, marks=pytest.mark.full),
        pytest.param("| head -c 1", "json", 1, marks=pytest.mark.full),
        pytest.param(">&-", "json", 2, marks=pytest.mark.full),
    ],
)
def test_a_server_continues_if_its_output_cannot_be_written_until_sigterm(output: str, log: str, workers: int) -> None:
    """The disk is full, standard output is closed, or its reader has exited."""
    port = free_port()
    command = f"exec {sys.executable} -m app serve --port {port} --workers {workers} {output}"
    process = subprocess.Popen(
        ["bash", "-c", command],
        cwd=ROOT,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "UNROLLED_LOG": log},
    )
    try:
        wait_for_health(f"http://127.0.0.1:{port}")
        for _ in range(3):
            with urlopen(f"http://127.0.0.1:{port}/learn", timeout=TIMEOUT) as page:
                assert page.status == 200
        os.killpg(process.pid, signal.SIGTERM)
        assert process.wait(TIMEOUT) in (0, -signal.SIGTERM)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep `serve` in this process, and fail if it starts to serve."""
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("uvicorn.Server.run", lambda *_: pytest.fail("it serves"))


def test_a_line_of_the_log_that_nobody_reads_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with TextIOWrapper(os.fdopen(writer, "wb", buffering=0)) as broken:
        monkeypatch.setattr("sys.stdout", broken)
        json_log.write(message="a line")


@pytest.mark.usefixtures("in_this_process")
def test_the_server_starts_if_its_address_cannot_be_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[socket.socket] = []
    monkeypatch.setattr("uvicorn.Server.run", lambda _, sockets: served.extend(sockets))
    with open("/dev/full", "w") as full:
        monkeypatch.setattr("sys.stdout", full)
        assert main(["serve", "--host", "127.0.0.1", "--port", free_port()]) == 0
    assert served
    for one in served:
        one.close()


@pytest.mark.usefixtures("in_this_process")
@pytest.mark.parametrize("host", ["192.0.2.1", "nowhere.invalid", "fe80::1%nowhere"])
def test_a_host_of_another_computer_is_an_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("HOST", host)

    assert main(["serve", "--port", free_port()]) == 2
    output = f"unrolled: HOST must be an address of this computer, not “{host}”\n"
    assert capsys.readouterr() == ("", output)


@pytest.mark.usefixtures("in_this_process")
def test_a_port_that_is_in_use_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["serve", "--port", port]) == 1

    output = f"unrolled: cannot listen at http://127.0.0.1:{port}: Address already in use\n"
    assert capsys.readouterr() == ("", output)


def test_the_budget_applies_in_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNROLLED_MAX_FLOPS", "1")
    assert main(["shapes", "--json"]) == 0
    trace = orjson.loads(capsys.readouterr().out)

    assert (trace["executed"], trace["reason"]) == (False, "takes as long as 5.52e-06 GFLOP (limit: 1e-09)")


@pytest.fixture
def start() -> Iterator[Start]:
    """Start `serve` and read its first line of output. It is killed after the test, with its workers, which would keep
    the output open."""
    started: list[subprocess.Popen[str]] = []
    # Without what serve sets itself, and a variable of the tests, of which it warns.
    shell = {name: value for name, value in os.environ.items() if name not in (*SETTINGS, "UNROLLED_TESTS")}

    def start(*options: str, **environment: str) -> tuple[subprocess.Popen[str], str]:
        command = [sys.executable, "-m", "app", "serve", *options]
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            text=True,
            start_new_session=True,
            stdout=subprocess.PIPE,
            env={**shell, **environment},
        )
        started.append(process)
        assert process.stdout
        return process, process.stdout.readline()

    yield start
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def free_port(host: str = "127.0.0.1") -> str:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as free:
        free.bind((host, 0))
        return str(free.getsockname()[1])


def wait_for_health(url: str) -> bytes:
    """Wait until the server is running, and return the body of /healthz."""
    end = time.monotonic() + TIMEOUT
    while True:
        try:
            with urlopen(f"{url}/healthz", timeout=TIMEOUT) as response:
                body: bytes = response.read()
                return body
        except URLError:
            assert time.monotonic() < end, "the server does not respond"
            time.sleep(0.05)


def test_several_processes_at_the_address_of_the_environment_serve_count_and_stop_together(start: Start) -> None:
    port, counts = free_port(), free_port()
    process, line = start("--workers", "2", PORT=port, HOST="127.0.0.1", UNROLLED_METRICS=counts)
    url = f"http://127.0.0.1:{port}"
    assert line == f"Unrolled is running at {url}\n"
    assert wait_for_health(url) == b'{"status":"ok"}'
    with urlopen(f"{url}/?num_units=7") as page:
        assert page.status == 200 and b"<svg" in page.read()
        assert page.headers["server"] is None

    for _ in range(40):  # each on a new connection, which either worker may accept
        wait_for_health(url)

    end = time.monotonic() + TIMEOUT
    while healthy_responses(counts) < 41 and time.monotonic() < end:
        time.sleep(0.01)  # a response is counted after it has been sent
    assert healthy_responses(counts) == 41
    stops_after_its_responses(process, url, counts)


@pytest.mark.full
def test_a_stopping_server_finishes_its_responses(start: Start) -> None:
    port, counts = free_port(), free_port()
    process, _ = start(PORT=port, HOST="127.0.0.1", UNROLLED_METRICS=counts)
    wait_for_health(f"http://127.0.0.1:{port}")
    stops_after_its_responses(process, f"http://127.0.0.1:{port}", counts)


def stops_after_its_responses(process: subprocess.Popen[str], url: str, counts: str) -> None:
    """A run of half a second is in progress when the signal arrives; its response is complete, and the process ends
    soon."""
    with ThreadPoolExecutor() as background:
        pending = background.submit(
            urlopen, f"{url}/weights.npz?num_units=760&features=600&time_step=50", timeout=TIMEOUT
        )
        while not pending.done() and b"unrolled_answers_under_way 1.0" not in metrics(counts):
            time.sleep(0.01)
        assert not pending.done(), "the run is too short to be observed"
        stopped = time.monotonic()
        process.send_signal(signal.SIGTERM)
        response = pending.result()
        assert len(response.read()) > 15_000_000

    assert process.wait(TIMEOUT) in (0, -signal.SIGTERM)
    assert time.monotonic() - stopped < SHUTDOWN_TIMEOUT
    with pytest.raises(URLError):
        urlopen(f"{url}/healthz", timeout=1)


def healthy_responses(port: str) -> float:
    """The number of responses of /healthz that the metrics count."""
    counted = re.search(rb'unrolled_answers_total{route="/healthz",status="200"} (.*)', metrics(port))
    return float(counted[1]) if counted else 0


def metrics(port: str) -> bytes:
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=TIMEOUT) as response:
        body: bytes = response.read()
        return body


def test_options_override_the_environment_and_with_a_log_all_output_is_json(start: Start) -> None:
    """At an IPv6 address, if this machine has one."""
    try:
        host, port = "::1", free_port("::1")
    except OSError:
        host, port = "localhost", free_port()
    process, line = start("--host", host, "--port", port, HOST="192.0.2.1", PORT="1", UNROLLED_LOG="json")
    url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    assert wait_for_health(url) == b'{"status":"ok"}'
    urlopen(f"{url}/join?code=").close()

    assert orjson.loads(line)["message"] == f"Unrolled is running at {url}"
    assert process.stdout
    assert orjson.loads(process.stdout.readline())["route"] == "/join"
    process.send_signal(signal.SIGINT)
    assert process.wait(TIMEOUT) in (0, -signal.SIGINT)


def test_an_invalid_setting_is_an_error_message_without_a_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNROLLED_MAX_FLOPS", "abc")

    assert main(["shapes", "--json"]) == 2
    assert (
        capsys.readouterr().err
        == "unrolled: UNROLLED_MAX_FLOPS must be a whole number from 0 to 1000000000000000, not “abc”\n"
    )
