"""What an operator may set, from the environment."""

import os
from dataclasses import dataclass

from app.core.budget import Budget

REDIS = ("redis://", "rediss://", "unix://")
"""How an address of a Redis begins: plain, with TLS, on the same machine."""


class SettingError(ValueError):
    """A setting that cannot be understood."""


@dataclass(frozen=True)
class Settings:
    """The work budget of one question: past it nothing is executed and the answer is "shapes only". ``rooms``: whether
    there are live rooms; ``rooms_url``: the Redis that keeps them, or nothing, where this process does. ``keep``:
    bytes of answers that are kept for who asks the same. ``client_share``: percent of a process's time that one client
    may have while others wait; 0 is without a limit."""

    budget: Budget
    rooms: bool = True
    rooms_url: str = ""
    keep: int = 16_000_000
    client_share: int = 50


def from_environment() -> Settings:
    """UNROLLED_MAX_FLOPS, UNROLLED_MAX_BYTES and UNROLLED_MAX_STEPS, whole numbers; where they are not set,
    the budget's defaults. UNROLLED_KEEP, bytes. UNROLLED_ROOMS=0 is without rooms; ROOMS_URL says where they are kept,
    else in memory. UNROLLED_CLIENT_SHARE=0 is without limits for clients. Raises SettingError."""
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
        client_share=_number("UNROLLED_CLIENT_SHARE", Settings.client_share),
    )


def _address(name: str) -> str:
    text = os.environ.get(name, "")
    if text and not text.startswith(REDIS):
        raise SettingError(f"{name} is {text!r}; it takes the address of a Redis, such as redis://localhost:6379/0")
    return text


def _number(name: str, default: int) -> int:
    text = os.environ.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit():
        raise SettingError(f"{name} is {text!r}; it takes a whole number, such as {default}")
    return int(text)
