"""The settings of an operator, from environment variables. They are checked before the server starts."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import TypeVar

from .core.work_limits import Budget
from .proxy_settings import is_prefix, parse_proxies, parse_root_path
from .url_state.field_types import quoted

T = TypeVar("T")

Parse = Callable[[str], T]
"""Parses a text. Raises ValueError with what is allowed, such as ``a whole number from 1 to 65535``."""

SELF = "'self'"
"""The site itself, in a Content-Security-Policy."""

LOOPBACK = "127.0.0.1"
"""The loopback address, which no other computer can reach."""

MAX_FLOPS, MAX_BYTES, MAX_STEPS = 10**15, 10**12, 10**9
"""The largest values of limits. No machine can do more, so a larger value is a typing error."""

MAX_URL_LENGTH, MAX_SITES_LENGTH = 500, 2000
"""Characters of the public URL, which is part of QR codes, and of the sites that may frame the app, which are part of a
header."""

SITE = re.compile(
    r"https?://(?P<host>\[[^]]*\]|[^]/:[]+)(:(?P<port>[1-9][0-9]{0,4}))?(?P<path>/.*)?", re.IGNORECASE | re.ASCII
)

LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"

NAME = re.compile(rf"({LABEL}\.)*{LABEL}", re.IGNORECASE | re.ASCII)

SERVICE_LINK = re.compile(r"\w+_(SERVICE_(HOST|PORT)|PORT(_[0-9]+_(TCP|UDP))?)(_\w+)?")
"""The variables that Kubernetes sets in a pod for a Service called unrolled."""


class SettingError(ValueError):
    """A setting that is not valid. The message is one line: its name, what it must be, and its value."""


@dataclass(frozen=True)
class Settings:
    budget: Budget
    """The work budget of one request. A larger run is not executed, and the response has shapes only."""

    rooms: bool = True
    """Whether there are live rooms."""

    rooms_url: str = ""
    """The URL of the Redis that stores rooms. If it is "", this process stores them."""

    response_cache: int = 16_000_000
    """The size of the response cache in bytes, see app/web/server/response_cache.py."""

    client_share: int = 50
    """Percent of a process's time that one client may use while others wait; 0 is no limit."""

    root_path: str = ""
    """The path prefix at which a proxy serves the app, see app/proxy_settings.py and app/web/server/prefix.py."""

    public_url: str = ""
    """The URL at which other computers reach the app."""

    log: bool = False
    """Whether each request is logged."""

    frame_ancestors: str = SELF
    """The sites that may frame /embed, as ``frame-ancestors`` in a Content-Security-Policy."""

    metrics: int = 0
    """The port of /metrics for Prometheus; 0 turns it off."""

    trusted_proxies: str = LOOPBACK
    """The proxies whose X-Forwarded-For is trusted, in the format of uvicorn, see app/proxy_settings.py."""


_known: set[str] = set()
"""The names of the variables that have been read."""


def from_environment() -> Settings:
    """Every setting but HOST and PORT, see docs/deploy.md. An empty variable means the default. Raises SettingError."""
    default = Budget()
    _setting("PROMETHEUS_MULTIPROC_DIR", parse_folder, "")
    return Settings(
        Budget(
            flops=_number("UNROLLED_MAX_FLOPS", default.flops, MAX_FLOPS),
            bytes=_number("UNROLLED_MAX_BYTES", default.bytes, MAX_BYTES),
            steps=_number("UNROLLED_MAX_STEPS", default.steps, MAX_STEPS),
            training=_number("UNROLLED_MAX_TRAINING", default.training, MAX_FLOPS),
        ),
        rooms=_choice("UNROLLED_ROOMS", "1", "0") == "1",
        rooms_url=_setting("ROOMS_URL", parse_redis, ""),
        response_cache=_number(
            "UNROLLED_RESPONSE_CACHE",
            _number("UNROLLED_KEEP", Settings.response_cache, MAX_BYTES),  # its older name
            MAX_BYTES,
        ),
        client_share=_number("UNROLLED_CLIENT_SHARE", Settings.client_share, 100),
        root_path=_setting("ROOT_PATH", parse_root_path, ""),
        public_url=_setting("PUBLIC_URL", parse_public_url, ""),
        log=_choice("UNROLLED_LOG", "off", "json") == "json",
        frame_ancestors=_setting("UNROLLED_EMBED", parse_sites, SELF),
        metrics=_number("UNROLLED_METRICS", 0, 65535),
        trusted_proxies=_setting("FORWARDED_ALLOW_IPS", parse_proxies, LOOPBACK),
    )


def non_empty(name: str, parse: Parse[T], default: str) -> T:
    """HOST or PORT, which must not be empty: for other servers an empty host means every address. Raises
    SettingError."""
    return _parse(name, os.environ.get(name, default), parse)


def unknown_settings() -> Iterator[str]:
    """A warning for each variable with the prefix UNROLLED_ that is not a setting. It is not an error, because in
    Kubernetes a Service called unrolled sets UNROLLED_PORT."""
    for name in sorted(os.environ):
        if name.startswith("UNROLLED_") and name not in _known and not SERVICE_LINK.fullmatch(name):
            nearest = "".join(f"; did you mean {match}?" for match in get_close_matches(name, _known, n=1, cutoff=0.8))
            yield f"unknown setting {quoted(name)}{nearest}"


def _setting(name: str, parse: Parse[T], default: T) -> T:
    _known.add(name)
    text = os.environ.get(name)
    return _parse(name, text, parse) if text else default


def _number(name: str, default: int, largest: int) -> int:
    return _setting(name, whole_number(0, largest), default)


def _choice(name: str, *allowed: str) -> str:
    """One of the allowed texts. The first one is the default."""

    def parse(text: str) -> str:
        if text not in allowed:
            raise ValueError(" or ".join(allowed))
        return text

    return _setting(name, parse, allowed[0])


def _parse(name: str, text: str, parse: Parse[T]) -> T:
    try:
        return parse(text)
    except ValueError as allowed:
        raise SettingError(f"{name} must be {allowed}, not {quoted(without_passwords(text))}") from None


def without_passwords(text: str) -> str:
    """A value without passwords, even if it is not a valid URL: without the text before an @, except the scheme, and
    without the text after two slashes and a colon."""
    hidden = re.sub(r"^([a-z]+:/{0,2})?.*@", r"\1***@", text, flags=re.DOTALL | re.IGNORECASE)
    return re.sub(r"(password=)[^&]*", r"\1***", re.sub(r"//:.*", "//***", hidden, flags=re.DOTALL))


def whole_number(low: int, high: int) -> Parse[int]:
    """A number in the digits 0-9, without a sign or leading zeros."""

    def parse(text: str) -> int:
        # the digits are counted first, because Python converts at most 4,300
        if not re.fullmatch("0|[1-9][0-9]*", text) or len(text) > len(str(high)) or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return parse


parse_port = whole_number(1, 65535)


def parse_host(text: str) -> str:
    """An address or a name of this computer. An IPv4 address that is mapped to IPv6 becomes the IPv4 address."""
    if not is_host(text):
        raise ValueError("an IP address without brackets or a host name, such as 127.0.0.1 or 0.0.0.0")
    if ":" not in text:
        return text
    address = IPv6Address(text)
    return str(address.ipv4_mapped or address)


def is_host(text: str) -> bool:
    """Whether a text is the IP address of one computer, or a name: not 0, which the system reads as 0.0.0.0."""
    try:
        return not ip_address(text).is_multicast and text != "255.255.255.255"
    except ValueError:
        return len(text) <= 253 and bool(NAME.fullmatch(text)) and not re.search(r"(^|\.)(0x\w*|[0-9]+)$", text, re.I)


def parse_public_url(text: str) -> str:
    url = text.removesuffix("/")
    if len(url) > MAX_URL_LENGTH or not is_site(url, path=True):
        raise ValueError(
            f"an address such as http://192.168.1.20:8000, of at most {MAX_URL_LENGTH} characters without user, query "
            "or fragment"
        )
    return url


def parse_sites(text: str) -> str:
    """Sites, separated by spaces or commas, or * for all, in the format of a Content-Security-Policy."""
    sites = text.replace(",", " ").split()
    if sites == ["*"]:
        return "*"
    if "[" in text or len(text) > MAX_SITES_LENGTH or not all(is_site(s.replace("://*.", "://", 1)) for s in sites):
        raise ValueError(
            f"sites such as https://moodle.example, of at most {MAX_SITES_LENGTH} characters together, or * for all"
        )
    return " ".join((SELF, *sites))


def is_site(text: str, path: bool = False) -> bool:
    """Whether a text is a scheme, a host and an optional port, and with ``path`` an optional path without escapes."""
    parts = SITE.fullmatch(text)
    if (
        not parts
        or int(parts["port"] or 0) > 65535
        or not is_prefix(parts["path"] or "")
        or (parts["path"] and not path)
    ):
        return False
    name = parts["host"]
    try:
        return bool(IPv6Address(name[1:-1])) and "%" not in name if name.startswith("[") else is_host(name)
    except ValueError:
        return False


def parse_redis(text: str) -> str:
    from .rooms.redis_url_check import check  # imported here because redis-py takes 7% of the start

    check(text)
    return text


def parse_folder(text: str) -> str:
    """The folder in which the metrics of several processes are stored by prometheus_client."""
    if not os.access(text, os.W_OK | os.X_OK) or not Path(text).is_dir():
        raise ValueError("a writable folder")
    return text
