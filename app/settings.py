"""What an operator may set, from the environment: read before anything is served, and refused where it does not fit."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import TypeVar

from app.core.budget import Budget
from app.query.field_types import shown
from app.root_path import ALLOWED_IN_WORDS, FORWARDED, is_prefix

T = TypeVar("T")

Read = Callable[[str], T]
"""Reads a text. Raises ValueError with what is allowed, such as ``a whole number from 1 to 65535``."""

OWN = "'self'"
"""How a policy names the site itself."""

LOCAL = "127.0.0.1"
"""The address of this computer that no other reaches."""

MOST_FLOPS, MOST_BYTES, MOST_STEPS = 10**15, 10**12, 10**9
"""The largest limits: no machine has more, so a digit too many is noticed."""

LONGEST_URL, LONGEST_SITES = 500, 2000
"""Characters of the public URL, which goes into QR codes, and of the sites that may frame the app, which go into a
header."""

SITE = re.compile(
    r"https?://(?P<host>\[[^]]*\]|[^]/:[]+)(:(?P<port>[1-9][0-9]{0,4}))?(?P<path>/.*)?", re.IGNORECASE | re.ASCII
)

LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"

NAME = re.compile(rf"({LABEL}\.)*{LABEL}", re.IGNORECASE | re.ASCII)

SERVICE_LINK = re.compile(r"\w+_(SERVICE_(HOST|PORT)|PORT(_[0-9]+_(TCP|UDP))?)(_\w+)?")
"""What Kubernetes sets in a pod for a Service whose name begins like ours."""


class SettingError(ValueError):
    """A setting that does not fit; the message is a line that names it, what it must be and what it is."""


@dataclass(frozen=True)
class Settings:
    budget: Budget
    """The work budget of one question: past it nothing is executed and the answer is "shapes only"."""

    rooms: bool = True
    """Whether there are live rooms."""

    rooms_url: str = ""
    """The Redis that keeps them; without one this process does."""

    keep: int = 16_000_000
    """The size of the response cache in bytes."""

    client_share: int = 50
    """Percent of a process's time that one client may have while others wait; 0 is without a limit."""

    root_path: str = ""
    """The prefix behind which a proxy has the app, see app/root_path.py and app/web/server/prefix.py."""

    public_url: str = ""
    """The address that others know the app by."""

    log: bool = False
    """Whether each question has a line in the log."""

    frames: str = OWN
    """Who may frame /embed, as a policy says it."""

    metrics: int = 0
    """The port of /metrics for Prometheus; 0 is without."""

    proxies: str = LOCAL
    """Whose X-Forwarded-For is trusted, as uvicorn reads it."""


_names: set[str] = set()
"""The variables that were looked for."""


def from_environment() -> Settings:
    """Every setting but HOST and PORT, as docs/deploy.md has them; an empty one is left at its default. Raises
    SettingError."""
    default = Budget()
    _setting("PROMETHEUS_MULTIPROC_DIR", read_folder, "")
    return Settings(
        Budget(
            flops=_number("UNROLLED_MAX_FLOPS", default.flops, MOST_FLOPS),
            bytes=_number("UNROLLED_MAX_BYTES", default.bytes, MOST_BYTES),
            steps=_number("UNROLLED_MAX_STEPS", default.steps, MOST_STEPS),
        ),
        rooms=_choice("UNROLLED_ROOMS", "1", "0") == "1",
        rooms_url=_setting("ROOMS_URL", read_redis, ""),
        keep=_number("UNROLLED_KEEP", Settings.keep, MOST_BYTES),
        client_share=_number("UNROLLED_CLIENT_SHARE", Settings.client_share, 100),
        root_path=_setting("ROOT_PATH", read_root_path, ""),
        public_url=_setting("PUBLIC_URL", read_public_url, ""),
        log=_choice("UNROLLED_LOG", "off", "json") == "json",
        frames=_setting("UNROLLED_EMBED", read_sites, OWN),
        metrics=_number("UNROLLED_METRICS", 0, 65535),
        proxies=_setting("FORWARDED_ALLOW_IPS", read_proxies, LOCAL),
    )


def literal(name: str, read: Read[T], default: str) -> T:
    """HOST or PORT, where empty is refused: to other servers an empty host is every address. Raises SettingError."""
    return _read(name, os.environ.get(name, default), read)


def unknown() -> Iterator[str]:
    """A sentence about each variable that is named like a setting and is none. None is refused: in Kubernetes a
    Service called unrolled sets UNROLLED_PORT."""
    for name in sorted(os.environ):
        if name.startswith("UNROLLED_") and name not in _names and not SERVICE_LINK.fullmatch(name):
            nearest = "".join(f"; did you mean {near}?" for near in get_close_matches(name, _names, n=1, cutoff=0.8))
            yield f"there is no setting {shown(name)}{nearest}"


def _setting(name: str, read: Read[T], default: T) -> T:
    _names.add(name)
    text = os.environ.get(name)
    return _read(name, text, read) if text else default


def _number(name: str, default: int, most: int) -> int:
    return _setting(name, whole_number(0, most), default)


def _choice(name: str, *allowed: str) -> str:
    """One of several; the first where nothing is set."""

    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(" or ".join(allowed))
        return text

    return _setting(name, read, allowed[0])


def _read(name: str, text: str, read: Read[T]) -> T:
    try:
        return read(text)
    except ValueError as allowed:
        raise SettingError(f"{name} must be {allowed}, not {shown(without_passwords(text))}") from None


def without_passwords(text: str) -> str:
    """A value that may be printed, even where a URL is too wrong to be taken apart: without what stands before an @,
    except the scheme, and without what follows two slashes and a colon."""
    hidden = re.sub(r"^([a-z]+:/{0,2})?.*@", r"\1***@", text, flags=re.DOTALL | re.IGNORECASE)
    return re.sub(r"(password=)[^&]*", r"\1***", re.sub(r"//:.*", "//***", hidden, flags=re.DOTALL))


def whole_number(low: int, high: int) -> Read[int]:
    """A number in the digits 0-9, without a sign or leading zeros."""

    def read(text: str) -> int:
        # its digits are counted first: Python converts no more than 4,300
        if not re.fullmatch("0|[1-9][0-9]*", text) or len(text) > len(str(high)) or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return read


read_port = whole_number(1, 65535)


def read_host(text: str) -> str:
    """An address or a name of this computer. One of version 4 in version 6 is the one of version 4."""
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


def read_root_path(text: str) -> str:
    prefix = text.removesuffix("/")
    if prefix != FORWARDED and not is_prefix(prefix):
        raise ValueError(f"{ALLOWED_IN_WORDS}, or {FORWARDED}")
    return prefix


def read_public_url(text: str) -> str:
    url = text.removesuffix("/")
    if len(url) > LONGEST_URL or not is_site(url, path=True):
        raise ValueError(
            f"an address such as http://192.168.1.20:8000, of at most {LONGEST_URL} characters without user, query or "
            "fragment"
        )
    return url


def read_sites(text: str) -> str:
    """Sites with spaces or commas between them, or * for all, as a policy names them."""
    named = text.replace(",", " ").split()
    if named == ["*"]:
        return "*"
    if "[" in text or len(text) > LONGEST_SITES or not all(is_site(s.replace("://*.", "://", 1)) for s in named):
        raise ValueError(
            f"sites such as https://moodle.example, of at most {LONGEST_SITES} characters together, or * for all"
        )
    return " ".join((OWN, *named))


def is_site(text: str, path: bool = False) -> bool:
    """Whether a text is a scheme, a host, perhaps a port, and where it may have one a path without escapes."""
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


def read_proxies(text: str) -> str:
    """uvicorn takes what it cannot read for the name of a socket, and then trusts nobody."""
    try:
        for part in [] if text == "*" else text.split(","):
            ip_network(part.strip())
    except ValueError:
        raise ValueError("IP addresses and networks with commas between them, such as 10.0.0.0/8, or *") from None
    return text


def read_redis(text: str) -> str:
    from app.rooms.address import check  # only here: redis-py takes a fourteenth of the start

    check(text)
    return text


def read_folder(text: str) -> str:
    """Where several processes count together, as prometheus_client does."""
    if not os.access(text, os.W_OK | os.X_OK) or not Path(text).is_dir():
        raise ValueError("a folder that can be written to")
    return text
