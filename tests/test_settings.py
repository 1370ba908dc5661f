"""What an operator may set."""

import pytest

from app.core.budget import Budget
from app.settings import SettingError, from_environment

NAMES = ("UNROLLED_MAX_FLOPS", "UNROLLED_MAX_BYTES", "UNROLLED_MAX_STEPS", "UNROLLED_CLIENT_SHARE")
OTHERS = ("PUBLIC_URL", "ROOT_PATH", "UNROLLED_LOG")


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*NAMES, *OTHERS):
        monkeypatch.delenv(name, raising=False)


def test_the_budget_has_defaults() -> None:
    assert from_environment().budget == Budget()


def test_the_budget_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNROLLED_MAX_FLOPS", "1000")
    assert from_environment().budget == Budget(flops=1000)

    monkeypatch.setenv("UNROLLED_MAX_BYTES", "0")
    assert from_environment().budget == Budget(flops=1000, bytes=0)

    monkeypatch.setenv("UNROLLED_MAX_STEPS", "7")
    assert from_environment().budget == Budget(flops=1000, bytes=0, steps=7)


def test_the_share_of_a_client_can_be_set_and_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert from_environment().client_share == 50

    for share in ("0", "20"):
        monkeypatch.setenv("UNROLLED_CLIENT_SHARE", share)
        assert from_environment().client_share == int(share)


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_setting_is_none(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "")

    assert from_environment().budget == Budget()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", ["-1", "1e9", "4 GB", "1.5", "+1", " 1", "٣", "²", "none"])
def test_a_setting_that_is_no_whole_number_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    monkeypatch.setenv(name, text)

    with pytest.raises(ValueError, match=f"{name} is .*; it takes a whole number, such as "):
        from_environment()


def test_a_prefix_begins_with_a_slash_and_ends_with_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for text, prefix in (("", ""), ("/", ""), ("/unrolled", "/unrolled"), ("/a/b/", "/a/b"), ("auto", "auto")):
        monkeypatch.setenv("ROOT_PATH", text)
        assert from_environment().root_path == prefix


@pytest.mark.parametrize("text", ["unrolled", "//evil.example", "/a b", "/a?b", '/"', "https://a.example/b"])
def test_what_can_be_no_prefix_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("ROOT_PATH", text)
    with pytest.raises(SettingError, match=r"ROOT_PATH .* /unrolled"):
        from_environment()


def test_the_log_is_json_or_off(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not from_environment().log
    monkeypatch.setenv("UNROLLED_LOG", "json")
    assert from_environment().log
    monkeypatch.setenv("UNROLLED_LOG", "yes")
    with pytest.raises(SettingError, match="UNROLLED_LOG is 'yes'; it takes off or json"):
        from_environment()


def test_the_address_for_others_is_a_whole_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://school.example/unrolled/")
    assert from_environment().public_url == "https://school.example/unrolled"
    for text in ("school.example", "/unrolled", "ftp://school.example", "http://"):
        monkeypatch.setenv("PUBLIC_URL", text)
        with pytest.raises(SettingError, match=r"PUBLIC_URL .* http://192\.168\.1\.20:8000"):
            from_environment()


@pytest.mark.parametrize(
    ("text", "frames"),
    [
        ("", "'self'"),
        ("*", "*"),
        ("https://moodle.example", "'self' https://moodle.example"),
        (" https://a.example, https://*.b.example:8443 http://localhost:8888 ", None),
    ],
)
def test_sites_that_may_frame_it_are_named(monkeypatch: pytest.MonkeyPatch, text: str, frames: str | None) -> None:
    monkeypatch.setenv("UNROLLED_EMBED", text)

    expected = frames or "'self' https://a.example https://*.b.example:8443 http://localhost:8888"
    assert from_environment().frames == expected


@pytest.mark.parametrize(
    "text", ["moodle.example", "https://a.example/course", "* https://a", "'none'", "https://a; x", "data:"]
)
def test_what_is_no_site_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("UNROLLED_EMBED", text)

    with pytest.raises(ValueError, match=r"UNROLLED_EMBED names .*; it takes sites, such as https://"):
        from_environment()
