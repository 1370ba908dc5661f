"""What an operator may set, from the environment."""

import os
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.core.budget import Budget
from app.web.prefix import ALLOWED, FORWARDED

REDIS = ("redis://", "rediss://", "unix://")
"""How an address of a Redis begins: plain, with TLS, on the same machine."""

OWN = "'self'"
"""How a policy names the site itself."""

ORIGIN = r"https?://(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?"


class SettingError(ValueError):
    """A setting that cannot be understood."""


@dataclass(frozen=True)
class Settings:
    budget: Budget
    """The work budget of one question: past it nothing is executed and the answer is "shapes only"."""

    rooms: bool = True
    """Whether there are live rooms."""

    rooms_url: str = ""
    """The Redis that keeps them; without one this process does."""

    keep: int = 16_000_000
    """Bytes of answers that are kept for who asks the same."""

    client_share: int = 50
    """Percent of a process's time that one client may have while others wait; 0 is without a limit."""

    root_path: str = ""
    """The prefix behind which a proxy has the app, see app/web/prefix.py."""

    public_url: str = ""
    """The address that others know the app by."""

    log: bool = False
    """Whether each question has a line in the log."""

    frames: str = OWN
    """Who may frame /embed, as a policy says it."""

    metrics: int = 0
    """The port of /metrics for Prometheus; 0 is without."""


def from_environment() -> Settings:
    """UNROLLED_MAX_FLOPS, UNROLLED_MAX_BYTES and UNROLLED_MAX_STEPS, whole numbers; where they are not set,
    the budget's defaults. UNROLLED_KEEP, bytes; UNROLLED_METRICS, a port. UNROLLED_ROOMS=0 is without rooms; ROOMS_URL
    says where they are kept, else in memory. UNROLLED_CLIENT_SHARE=0 is without limits for clients, UNROLLED_LOG=json
    with a log. UNROLLED_EMBED names sites, or * for all. ROOT_PATH is a prefix such as /unrolled, or auto; PUBLIC_URL
    the whole address. Raises SettingError."""
    default = Budget()
    return Settings(
        Budget(
            flops=_number("UNROLLED_MAX_FLOPS", default.flops),
            bytes=_number("UNROLLED_MAX_BYTES", default.bytes),
            steps=_number("UNROLLED_MAX_STEPS", default.steps),
        ),
        rooms=bool(_number("UNROLLED_ROOMS", 1)),
        rooms_url=_address("ROOMS_URL"),
        keep=_number("UNROLLED_KEEP", Settings.keep),
        client_share=_percent("UNROLLED_CLIENT_SHARE", Settings.client_share),
        root_path=_root_path(),
        public_url=_public_url(),
        log=_choice("UNROLLED_LOG", "off", "json") == "json",
        frames=_sites("UNROLLED_EMBED"),
        metrics=_port("UNROLLED_METRICS"),
    )


def _address(name: str) -> str:
    text = os.environ.get(name, "")
    if text and not text.startswith(REDIS):
        raise SettingError(f"{name} is {text!r}; it takes the address of a Redis, such as redis://localhost:6379/0")
    return text


def _sites(name: str) -> str:
    """Sites, with spaces or commas between them, or * for all."""
    sites = os.environ.get(name, "").replace(",", " ").split()
    if sites == ["*"]:
        return "*"
    for site in sites:
        if not re.fullmatch(ORIGIN, site):
            raise SettingError(f"{name} names {site!r}; it takes sites, such as https://moodle.example, or * for all")
    return " ".join((OWN, *sites))


def _number(name: str, default: int) -> int:
    text = os.environ.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit():
        raise SettingError(f"{name} is {text!r}; it takes a whole number, such as {default}")
    return int(text)


def _percent(name: str, default: int) -> int:
    if (share := _number(name, default)) > 100:
        raise SettingError(f"{name} is {share}; it takes percents, 0 to 100")
    return share


def _port(name: str) -> int:
    if (port := _number(name, 0)) > 65535:
        raise SettingError(f"{name} is {port}; it takes a port, 1 to 65535, or 0 for none")
    return port


def _choice(name: str, *allowed: str) -> str:
    """One of several; the first where nothing is set."""
    text = os.environ.get(name, "") or allowed[0]
    if text not in allowed:
        raise SettingError(f"{name} is {text!r}; it takes {' or '.join(allowed)}")
    return text


def _root_path() -> str:
    text = os.environ.get("ROOT_PATH", "").rstrip("/")
    if text != FORWARDED and not ALLOWED.fullmatch(text):
        raise SettingError(f"ROOT_PATH is {text!r}; it takes a path such as /unrolled, or {FORWARDED}")
    return text


def _public_url() -> str:
    text = os.environ.get("PUBLIC_URL", "").rstrip("/")
    if text and not (urlsplit(text).scheme in ("http", "https") and urlsplit(text).netloc):
        raise SettingError(f"PUBLIC_URL is {text!r}; it takes an address such as http://192.168.1.20:8000")
    return text
