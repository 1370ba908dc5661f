"""Asking the app, over HTTP alone: JSON, files, pages. The only import from ``app`` is its entry point."""

from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import numpy as np
from autodiff import Array
from stacks import Case, Run
from starlette.testclient import TestClient

from app.core.budget import Budget
from app.main import create_app
from app.settings import Settings


@cache
def client() -> TestClient:
    """Every answer is made: none is kept from an earlier request."""
    return TestClient(create_app(Settings(Budget(), keep=0)), follow_redirects=False)


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
    plain = Case()
    switches = ("framework", "go_backwards", "return_sequences", "return_state", "return_carry", "merge_mode")
    switches += ("batch_first", "time_major", "layout", "forget_bias")
    return arrays(replace(case, **{name: getattr(plain, name) for name in switches}))


@cache
def truth(case: Case) -> Run:
    """A case, run by this folder's own loops with the app's weights and input."""
    return Run(case, our_arrays(case))


class Element:
    """An element of a page: its tag, attributes, children and text."""

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag, self.attributes = tag, attributes
        self.children: list[Element | str] = []

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    @property
    def raw(self) -> str:
        """Its text as it is in the page, without scripts."""
        if self.tag in ("script", "style"):
            return ""
        return "".join(child if isinstance(child, str) else child.raw for child in self.children)

    @property
    def text(self) -> str:
        """The same with single spaces."""
        return " ".join(self.raw.split())

    def all(self, tag: str = "", **attributes: str) -> "list[Element]":
        """The elements within it of a tag, and with these attributes; a class is one of several."""
        found: list[Element] = []
        for child in (c for c in self.children if isinstance(c, Element)):
            fits = all(
                value in child["class"].split() if name == "class_" else child[name.replace("_", "-")] == value
                for name, value in attributes.items()
            )
            found += [child] * (fits and tag in ("", child.tag)) + child.all(tag, **attributes)
        return found

    def one(self, tag: str = "", **attributes: str) -> "Element":
        found = self.all(tag, **attributes)
        assert found, f"no <{tag} {attributes}>"
        return found[0]


VOID = {"meta", "link", "input", "br", "img", "hr", "wbr", "source", "col"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("page", {})]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attributes})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attributes}))

    def handle_endtag(self, tag: str) -> None:
        if any(element.tag == tag for element in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parsed(html: bytes) -> Element:
    reader = _Reader()
    reader.feed(html.decode())
    return reader.open[0]


def page(path: str, case: Case, **more: object) -> Element:
    """A page, with one picture alone."""
    return parsed(get(link(path, case, **({"only": "page"} | more))))
