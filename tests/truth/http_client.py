"""Asking the app, over HTTP alone: JSON, files, pages. The only import from ``app`` is its entry point."""

from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import numpy as np
from app_client import TestClient
from autodiff import Array
from elements import Element, parsed
from stacks import Case, Run

from app.core.work_limits import Budget
from app.main import create_app
from app.settings import Settings


@cache
def client() -> TestClient:
    """Every response is computed, and none is compressed."""
    app = create_app(Settings(Budget(), response_cache=0))
    return TestClient(app, follow_redirects=False, headers={"Accept-Encoding": "identity"})


def link(path: str, case: Case, **more: object) -> str:
    """The link of a case, with some fields more."""
    said = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in more.items()}
    query = urlencode(case.query | said)
    return f"{path}?{query}" if query else path


def get(address: str) -> bytes:
    answer = client().get(address, headers={"Accept-Language": "en"})
    assert answer.status_code == 200, f"{address}: {answer.status_code} {answer.text[:200]}"
    return answer.content


def ask(path: str, case: Case, **more: object) -> Any:
    """A JSON answer."""
    answer = client().get(link(path, case, **more))
    assert answer.status_code == 200, f"{link(path, case, **more)}: {answer.status_code} {answer.text[:200]}"
    return answer.json()


def arrays(case: Case, path: str = "/weights.npz", **more: object) -> dict[str, Array]:
    return dict(np.load(BytesIO(get(link(path, case, **more)))))


def our_arrays(case: Case) -> dict[str, Array]:
    """The weights and the input of a case by our own names, in our own layout."""
    return _our_arrays(replace(case, **{name: getattr(Case(), name) for name in SWITCHES}))


_our_arrays = cache(arrays)


SWITCHES = (
    *("framework", "go_backwards", "return_sequences", "return_state", "return_carry", "merge_mode"),
    *("batch_first", "time_major", "layout", "forget_bias"),
)
"""The fields that change nothing but whose words are spoken, and in which order steps are taken."""


@cache
def truth(case: Case) -> Run:
    """A case, run by this folder's own loops with the app's weights and input."""
    return Run(case, our_arrays(case))


def page(path: str, case: Case, **more: object) -> Element:
    """A page, with one picture alone."""
    return parsed(get(link(path, case, **({"only": "page"} | more))))
