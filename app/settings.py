"""What an operator may set, from the environment."""

import os
import re
from dataclasses import dataclass

from app.core.budget import Budget

OWN = "'self'"
"""How a policy names the site itself."""

ORIGIN = r"https?://(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?"


class SettingError(ValueError):
    """A setting that cannot be understood."""


@dataclass(frozen=True)
class Settings:
    """The work budget of one question: past it nothing is executed and the answer is "shapes only". ``rooms``: whether
    there are live rooms, which one process keeps. ``frames``: who may frame /embed, as a policy says it."""

    budget: Budget
    rooms: bool = True
    frames: str = OWN


def from_environment() -> Settings:
    """UNROLLED_MAX_FLOPS, UNROLLED_MAX_BYTES and UNROLLED_MAX_STEPS, whole numbers; where they are not set,
    the budget's defaults. UNROLLED_ROOMS=0 is without rooms. UNROLLED_EMBED names sites, or * for all.
    Raises SettingError."""
    default = Budget()
    return Settings(
        Budget(
            flops=_number("UNROLLED_MAX_FLOPS", default.flops),
            bytes=_number("UNROLLED_MAX_BYTES", default.bytes),
            steps=_number("UNROLLED_MAX_STEPS", default.steps),
        ),
        rooms=bool(_number("UNROLLED_ROOMS", 1)),
        frames=_sites("UNROLLED_EMBED"),
    )


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
