"""The settings of an operator: how each is parsed, and that the server does not start with an invalid one."""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from app_client import TestClient
from pairing import ALL_COMBINATIONS
from redis.asyncio.connection import ConnectionPool

from app import listening_addresses as addresses
from app.cli import main
from app.core.work_limits import Budget
from app.main import create_app
from app.process_environment import CANNOT_START, SETTINGS
from app.settings import SettingError, Settings, from_environment, non_empty, parse_host, parse_port, unknown_settings
from scripts.free_port import free_port

ROOT = Path(__file__).parents[1]

NUMBERS = (
    *(
        "-1",
        "+1",
        "1e9",
        "4 GB",
        "1.5",
        " 1",
        "1 ",
        "1_000",
        "1,000",
        "00",
        "007",
        "0x10",
        "0b1",
        "1e",
        "1n",
        "--1",
        "½",
    ),
    *("٣", "²", "१", "１", "none", "nan", "inf", "None", "true", "\t1", "1\n", "1\x1b", "9" * 4301),
    *("1" + "0" * 30, str(2**63), str(2**64)),
)
WORDS = (
    *("2", "-1", "+1", "yes", "no", "true", "false", "True", "on", "ON", "JSON", "Json", "json ", " json", "json,off"),
    *("01", "00", "1.0", "0x1", "١", "¹", "o", "O", "none", "null", "text", "1 ", "\t", "j\x1bson", "x" * 5000),
)
PORTS = ("", "http", "80.5", "-1", "0", "65536", "99999999", "080", *NUMBERS)
HOSTS = (
    *(
        "",
        " ",
        "a b",
        "[::1]",
        "[::]",
        "::1]",
        "::1::",
        "::g",
        ":8000",
        "localhost:8000",
        "http://localhost",
        "localhost/",
    ),
    *(
        "*",
        "%",
        "::1%",
        "0",
        "00",
        "127.1",
        "0x7f.1",
        "0x7f000001",
        "1.2.3",
        "1.2.3.4.5",
        "256.1.1.1",
        "1.2.3.999",
        "a..b",
    ),
    *("-a", "a-", ".", "..", "a\n", "a\t", "日本", "é", "a" * 64, "a." * 127 + "b", "a" * 5000, "224.0.0.1", "ff02::1"),
    *("255.255.255.255", "user@host", "a,b", "$HOST", "{host}", "<b>"),
)
PATHS = (
    *(
        "unrolled",
        "a/",
        "//",
        "///",
        "//evil.example",
        "/a//",
        "/a//b",
        "/a b",
        "/a?b",
        "/a#b",
        "/a;b",
        '/"',
        "/<b>",
        "/a\n",
    ),
    *("/日本", "/é", "/ａ", "/٣", "/%61", "/a%2fb", "/.", "/..", "/../", "/./a", "/a/.", "/a/..", "/a/../b", "/a/./b"),
    *("https://a.example/b", "AUTO", "auto/x", "\\a", "/a\\b", "/a:b", "/a@b", "/a&b", "/a\x1b", "/" + "a" * 5000),
)
URLS = (
    *("school.example", "/unrolled", "//a", "http:/a", "http:a", "ftp://a", "javascript://a", "http://", "https:///a"),
    *(
        "http://[::1",
        "http://::1",
        "http://[::1]]",
        "http://[]",
        "http://[1.2.3.4]",
        "http://[fe80::1%25lo]",
        "http://a]",
    ),
    *(
        "http://a:",
        "http://a:0",
        "http://a:99999",
        "http://a:x",
        "http://a:-1",
        "http://a:٣",
        "http://a:080",
        "http://a b",
    ),
    *(
        "http://a\n",
        "http://a\tb",
        "http://a\x1b[31m",
        " http://a",
        "http://u@a",
        "http://u:secret@a",
        "http://a?b",
        "http://a#b",
    ),
    *("http://日本", "http://é.example", "http://a/日本", "http://a/..", "http://a//", "http://a/<b>", "http://a/b c"),
    *("http://1.2.3", "http://0", "http://256.1.1.1", "http://a..b", "http://-a", "http://" + "a" * 64, 'http://a"'),
    *("http://" + "a" * 5000, "http://a/" + "b" * 5000, "http://" + "a." * 127 + "b"),
)
SITES = (
    *(
        "moodle.example",
        "https://a.example/course",
        "https://a/",
        "* https://a",
        "* *",
        "'none'",
        "'self'",
        "https://a; x",
    ),
    *(
        "data:",
        "blob:",
        "https:",
        "https://",
        "https://*",
        "https://*.",
        "https://a.*",
        "https://**.a",
        "https://*a",
        "wss://a",
    ),
    *(
        "https://a:99999",
        "https://a:0",
        "https://a:*",
        "https://a:",
        "https://[::1]",
        "https://u@a",
        "https://a?b",
        "https://a#b",
    ),
    *(
        "https://日本",
        "https://é",
        "https://a\\b",
        "https://a..b",
        "https://a'",
        "https://1.2.3.999",
        "https://a,ftp://b",
    ),
    *("https://a\x1b", "https://" + "a" * 64, " ".join(["https://a.example"] * 300)),
)
REDIS = (
    *(
        "localhost",
        "localhost:6379",
        "http://x",
        "redis",
        "redis:",
        "redis:x",
        "redis:/x",
        "redis://",
        "redis:///0",
        "redis://:6379",
    ),
    *(
        "redis://x:abc",
        "redis://x:99999",
        "redis://x:-1",
        "redis://x:0",
        "redis://x:٣",
        "redis://[::1",
        "redis://::1",
        "redis://[x]",
    ),
    *(
        "redis://a b",
        "redis://a\n",
        "redis://a\tb",
        " redis://a",
        "redis://a,b",
        "redis://%2ftmp",
        "redis://日本",
        "redis://" + "a" * 300,
    ),
    *(
        "redis://x/abc",
        "redis://x/-1",
        "redis://x/1/2",
        "redis://x/1.5",
        "redis://x/٣",
        "redis://x/0;a",
        "redis://x/0#a",
    ),
    *(
        "redis://x?foo=bar",
        "redis://x?socket_timeout=abc",
        "redis://x?socket_timeout=0",
        "redis://x?socket_timeout=nan",
    ),
    *(
        "redis://x?socket_timeout=-1",
        "redis://x?socket_timeout=",
        "redis://x?db=abc",
        "redis://x?db=-1",
        "redis://x?db=1_0",
    ),
    *("redis://x?max_connections=0", "redis://x?protocol=9", "redis://x?socket_keepalive=maybe", "redis://x?retry=1"),
    *(
        "redis://x?decode_responses=0",
        "redis://x?encoding=x",
        "redis://x?host=y",
        "redis://x?port=1",
        "redis://x/1?db=1",
        "redis://x?db=1&db=2",
        "redis://u:p@x?username=v",
        "redis://x?path=/y",
    ),
    *(
        "redis://x?ssl_cert_reqs=none",
        "rediss://x?ssl_cert_reqs=maybe",
        "rediss://x?ssl_ca_certs=/nowhere",
        "rediss://x?ssl_ciphers=x",
    ),
    *(
        "unix://",
        "unix:///",
        "unix://tmp",
        "unix://tmp/redis.sock",
        "unix:///tmp/redis.sock?db=x",
        "unix:///x?foo=1",
        "redis://h?DB=1",
    ),
)
PROXIES = (
    *(
        "localhost",
        "proxy.example",
        "10.0.0.0/33",
        "10.0.0.1/8",
        "10.0.0/8",
        "10.0.0.0/-1",
        "10.0.0.0/x",
        "10.0.0.0-10.0.0.9",
    ),
    *(
        "*,10.0.0.1",
        "**",
        "* ",
        "10.*",
        "1.2.3",
        "1.2.3.4.5",
        "256.1.1.1",
        "1.2.3.4:80",
        "[::1]",
        "::g",
        "::/129",
        "::1/64",
    ),
    *(
        "1.2.3.4;5.6.7.8",
        "1.2.3.4 5.6.7.8",
        "1.2.3.4,",
        ",",
        " ",
        "1.2.3.4,,1.2.3.5",
        "http://1.2.3.4",
        "١.2.3.4",
        "日本",
        "x" * 5000,
    ),
)
INVALID = {
    "UNROLLED_MAX_FLOPS": NUMBERS,
    "UNROLLED_MAX_BYTES": NUMBERS,
    "UNROLLED_MAX_STEPS": NUMBERS,
    "UNROLLED_MAX_TRAINING": NUMBERS,
    "UNROLLED_RESPONSE_CACHE": NUMBERS,
    "UNROLLED_KEEP": NUMBERS,
    "UNROLLED_CLIENT_SHARE": (*NUMBERS, "101"),
    "UNROLLED_ROOMS": WORDS,
    "UNROLLED_LOG": WORDS,
    "UNROLLED_EMBED": SITES,
    "ROOT_PATH": PATHS,
    "PUBLIC_URL": URLS,
    "ROOMS_URL": REDIS,
    "FORWARDED_ALLOW_IPS": PROXIES,
    "PROMETHEUS_MULTIPROC_DIR": ("/nowhere", "/dev/null", "nowhere", " ", "~", "/proc/1/x", "日本", "/" + "a" * 5000),
    "HOST": HOSTS,
    "PORT": PORTS,
}


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in INVALID:
        monkeypatch.delenv(name, raising=False)


def read(name: str) -> object:
    readers = {"HOST": parse_host, "PORT": parse_port}
    return non_empty(name, readers[name], "") if name in readers else from_environment()


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_value_is_an_error_that_names_the_setting(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for text in INVALID[name]:
        monkeypatch.setenv(name, text)
        with pytest.raises(SettingError) as error:
            raise AssertionError(f"{name} is read from {text[:80]!r} as {read(name)}")
        output = str(error.value)
        assert re.match(rf"{name} must be .+, not (“.{{1,44}}”|empty)$", output), output
        assert output.isprintable()


def outcome(name: str, text: str, *command: str) -> tuple[int, str]:
    """The exit code and the output of a process with a setting."""
    result = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={**os.environ, name: text},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=60,
    )
    return result.returncode, result.stdout.decode()


TRACEBACKS = {
    "HOST": "",
    "PORT": "9" * 4301,
    "ROOMS_URL": "redis://user:secret@x?foo=bar",
    "PUBLIC_URL": "http://[::1",
    "ROOT_PATH": "/日本",
    "UNROLLED_MAX_BYTES": "9" * 4301,
    "PROMETHEUS_MULTIPROC_DIR": "/nowhere",
}
"""Values that once caused a traceback or were accepted, for different reasons."""


@pytest.mark.parametrize(("name", "workers"), [*zip(TRACEBACKS, cycle("21"), strict=False)])
def test_an_invalid_setting_ends_serve_with_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, workers: str
) -> None:
    for setting, value in {**SETTINGS, name: TRACEBACKS[name]}.items():  # with SETTINGS, serve stays in this process
        monkeypatch.setenv(setting, value)
    for run in ("uvicorn.Server.run", "uvicorn.supervisors.Multiprocess.run"):
        monkeypatch.setattr(run, lambda *_: pytest.fail("it serves"))

    assert main(["serve", "--workers", workers]) == 2
    captured = capsys.readouterr()
    (line,) = captured.err.splitlines()
    assert line.startswith(f"unrolled: {name} must be ") and not captured.out
    assert "secret" not in line


def test_an_invalid_setting_ends_any_server() -> None:
    """Also if uvicorn is started without `serve`; with several of its workers in `make check`."""
    uvicorn = ("uvicorn", "--factory", "app.main:create_app", "--port", str(free_port()), "--log-level", "warning")
    name = "ROOMS_URL"
    numbers = "12" if ALL_COMBINATIONS else "1"
    commands = (("app", "serve", "--workers", "2"), *((*uvicorn, "--workers", workers) for workers in numbers))

    with ThreadPoolExecutor(2) as pool:
        outcomes = pool.map(lambda command: outcome(name, TRACEBACKS[name], *command), commands)
    for command, (code, output) in zip(commands, outcomes, strict=True):
        lines = output.splitlines()
        if command[0] == "uvicorn" and len(lines) > 1:  # each worker prints it, and the server that a worker stops
            assert any("failed to start, stopping" in line for line in lines)
            lines = list(dict.fromkeys(line for line in lines if "failed to start, stopping" not in line))
        assert len(lines) == 1 and lines[0].startswith(f"unrolled: {name} must be "), (command, output)
        assert code == 2 or command[0] == "uvicorn"
        assert "secret" not in output


def test_a_worker_ends_with_the_code_at_which_it_is_not_restarted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROOMS_URL", TRACEBACKS["ROOMS_URL"])
    with pytest.raises(SystemExit) as ended:
        create_app()
    assert ended.value.code == CANNOT_START


def test_a_worker_that_cannot_start_ends_the_server(tmp_path: Path) -> None:
    """Otherwise it would be restarted indefinitely."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\nif 'spawn_main' in ' '.join(sys.orig_argv):\n    sys.modules['app.main'] = None"
    )
    code, output = outcome("PYTHONPATH", str(tmp_path), "app", "serve", "--workers", "2", "--port", str(free_port()))

    assert code == CANNOT_START
    assert 1 <= output.count("The app cannot start") <= 2 and "app.main" in output


def test_the_budget_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert from_environment().budget == Budget()

    monkeypatch.setenv("UNROLLED_MAX_FLOPS", "1000")
    assert from_environment().budget == Budget(flops=1000)

    monkeypatch.setenv("UNROLLED_MAX_BYTES", "0")
    assert from_environment().budget == Budget(flops=1000, bytes=0)

    monkeypatch.setenv("UNROLLED_MAX_STEPS", "7")
    assert from_environment().budget == Budget(flops=1000, bytes=0, steps=7)


def test_the_documented_maximums_of_limits_are_right(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = re.findall(r"`(UNROLLED_\w+)` \|.*at most (\d+) \|", (ROOT / "docs/deploy.md").read_text())
    assert {name for name, _ in rows} == {name for name, texts in INVALID.items() if set(NUMBERS) <= {*texts}} - {
        "PORT"
    }
    for name, maximum in rows:
        monkeypatch.setenv(name, maximum)
        from_environment()
        monkeypatch.setenv(name, str(int(maximum) + 1))
        with pytest.raises(SettingError, match=f"{name} must be a whole number from 0 to {maximum}"):
            from_environment()
        monkeypatch.delenv(name)


def test_the_older_name_of_the_response_cache_is_read_if_the_present_one_is_not_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("UNROLLED_KEEP", "7")
    assert from_environment().response_cache == 7

    monkeypatch.setenv("UNROLLED_RESPONSE_CACHE", "0")
    assert from_environment().response_cache == 0


def test_the_share_of_a_client_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert from_environment().client_share == 50

    for share in ("0", "20", "100"):
        monkeypatch.setenv("UNROLLED_CLIENT_SHARE", share)
        assert from_environment().client_share == int(share)


def test_an_empty_setting_means_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in {*INVALID} - {"HOST", "PORT"}:
        monkeypatch.setenv(name, "")

    assert from_environment() == Settings(Budget())


def test_a_prefix_starts_with_a_slash_and_does_not_end_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for text, prefix in (("/", ""), ("/unrolled", "/unrolled"), ("/a/b/", "/a/b"), ("auto", "auto"), ("/...", "/...")):
        monkeypatch.setenv("ROOT_PATH", text)
        assert from_environment().root_path == prefix


def test_the_log_is_json_or_off_and_rooms_are_1_or_0(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not from_environment().log and from_environment().rooms
    monkeypatch.setenv("UNROLLED_LOG", "json")
    monkeypatch.setenv("UNROLLED_ROOMS", "0")
    assert from_environment().log and not from_environment().rooms


@pytest.mark.parametrize(
    "url",
    [
        "http://192.168.1.20:8000",
        "https://school.example/unrolled",
        "http://[2001:db8::1]:8000",
        "HTTPS://A.example/-._~",
    ],
)
def test_the_public_url_is_used_in_links_and_qr_codes(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    for text in (url, f"{url}/"):
        monkeypatch.setenv("PUBLIC_URL", text)
        assert from_environment().public_url == url
    assert urlsplit(url).hostname and addresses.qr(url)
    assert f'"{url}/' in TestClient(create_app()).get("/").text


def test_the_longest_public_url_has_a_qr_code(monkeypatch: pytest.MonkeyPatch) -> None:
    longest = f"http://{'a.' * 126}b:65535/{'c' * 199}"
    monkeypatch.setenv("PUBLIC_URL", longest)

    assert from_environment().public_url == longest
    assert addresses.qr(longest)


@pytest.mark.parametrize(
    "url",
    [
        *("redis://localhost", "redis://localhost:6379/0", "rediss://cache.example:6380/15", "REDIS://[::1]:6379/3"),
        *(
            "redis://:p%40ss@h/0",
            "redis://user:pa:ss@h",
            "unix:///tmp/redis.sock",
            "unix://u@/tmp/r.sock?db=2&password=x",
        ),
        *("redis://h?socket_timeout=2.5&health_check_interval=3&client_name=unrolled", "rediss://h?ssl_cert_reqs=none"),
    ],
)
def test_a_valid_redis_url_is_not_changed(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("ROOMS_URL", url)

    assert from_environment().rooms_url == url
    ConnectionPool.from_url(url).make_connection()  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    "url",
    [
        *("redis://user:secret@x:abc", "redis://:secret@[::1", "redis://:se/secret@x", "redis://:a@secret@x?foo=1"),
        *("redis://:secret", "unix:///x?password=secret&foo=1", "rediss://x?foo=1&ssl_password=secret"),
        "http://u:secret@x",
    ],
)
def test_a_password_is_not_printed(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    for name in ("ROOMS_URL", "PUBLIC_URL"):
        monkeypatch.setenv(name, url)
        with pytest.raises(SettingError, match=rf"{name} .*\*\*\*") as error:
            from_environment()
        assert "secret" not in str(error.value)
        monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("text", "frames"),
    [
        ("", "'self'"),
        ("*", "*"),
        ("https://moodle.example", "'self' https://moodle.example"),
        (" https://a.example, https://*.b.example:8443 http://localhost:8888 ", None),
    ],
)
def test_sites_that_may_frame_the_app(monkeypatch: pytest.MonkeyPatch, text: str, frames: str | None) -> None:
    monkeypatch.setenv("UNROLLED_EMBED", text)

    expected = frames or "'self' https://a.example https://*.b.example:8443 http://localhost:8888"
    assert from_environment().frame_ancestors == expected


@pytest.mark.parametrize("text", ["*", "127.0.0.1", "10.0.0.0/8, ::1,2001:db8::/32"])
def test_proxies_are_addresses_and_networks(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", text)

    assert from_environment().trusted_proxies == text


@pytest.mark.parametrize(
    ("text", "host"),
    [
        *(
            (same, same)
            for same in ("127.0.0.1", "0.0.0.0", "::", "::1", "localhost", "my_host.internal", "fe80::1%lo")
        ),
        ("0::0", "::"),
        ("::ffff:127.0.0.1", "127.0.0.1"),
        ("a." * 126 + "b", "a." * 126 + "b"),
    ],
)
def test_a_host_is_an_address_or_a_name(text: str, host: str) -> None:
    assert parse_host(text) == host


def test_a_misspelt_setting_gets_a_warning_with_a_suggestion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNROLLED_MAX_BYTE", "1")
    monkeypatch.setenv("UNROLLED_\x1bQQQQQQQ", "1")
    for name in (
        "UNROLLED_PORT",
        "UNROLLED_PORT_80_TCP_ADDR",
        "UNROLLED_SERVICE_HOST",
        "UNROLLED_DB_SERVICE_PORT_HTTP",
    ):
        monkeypatch.setenv(name, "Kubernetes sets it")
    from_environment()

    assert list(unknown_settings()) == [
        "unknown setting “UNROLLED_�QQQQQQQ”",
        "unknown setting “UNROLLED_MAX_BYTE”; did you mean UNROLLED_MAX_BYTES?",
    ]
