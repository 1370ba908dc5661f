"""What an operator may set, from the environment."""

import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.core.budget import Budget
from app.web.prefix import ALLOWED, FORWARDED


class SettingError(ValueError):
    """A setting that cannot be understood."""


@dataclass(frozen=True)
class Settings:
    budget: Budget
    """The work budget of one question: past it nothing is executed and the answer is "shapes only"."""

    rooms: bool = True
    """Whether there are live rooms, which one process keeps."""

    root_path: str = ""
    """The prefix behind which a proxy has the app, see app/web/prefix.py."""

    public_url: str = ""
    """The address that others know the app by."""

    log: bool = False
    """Whether each question has a line in the log."""


def from_environment() -> Settings:
    """UNROLLED_MAX_FLOPS, UNROLLED_MAX_BYTES and UNROLLED_MAX_STEPS, whole numbers; where they are not set,
    the budget's defaults. UNROLLED_ROOMS=0 is without rooms, UNROLLED_LOG=json with a log. ROOT_PATH is a prefix such
    as /unrolled, or auto; PUBLIC_URL the whole address. Raises SettingError."""
    default = Budget()
    return Settings(
        Budget(
            flops=_number("UNROLLED_MAX_FLOPS", default.flops),
            bytes=_number("UNROLLED_MAX_BYTES", default.bytes),
            steps=_number("UNROLLED_MAX_STEPS", default.steps),
        ),
        rooms=bool(_number("UNROLLED_ROOMS", 1)),
        root_path=_root_path(),
        public_url=_public_url(),
        log=_choice("UNROLLED_LOG", "off", "json") == "json",
    )


def _number(name: str, default: int) -> int:
    text = os.environ.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit():
        raise SettingError(f"{name} is {text!r}; it takes a whole number, such as {default}")
    return int(text)


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
