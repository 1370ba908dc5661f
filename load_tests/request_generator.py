"""Candidates for expensive requests: random requests of at most 32 KB with any path and field, and mutations of
them."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from random import Random
from urllib.parse import parse_qsl, quote, urlencode

from app.core.work_limits import Budget
from app.diagram.format_names import FORMATS
from app.main import create_app
from app.teaching.lessons.order import LESSONS
from app.url_state.field_types import BoundedInteger, FieldError
from app.url_state.fields import FIELDS
from app.url_state.parsing import nearest, parse
from app.url_state.text_field_types import FreeText, ModelText, MultipleChoice
from app.url_state.url_state import UrlState
from app.web.requests_and_responses.media_types import FORM, JSON
from load_tests.expensive_links import KNOWN
from load_tests.expensive_texts import answer, error_text, long_text, source
from scripts.fuzz import JUNK, REQUIRED, SLUGS, random_value

MAX_SIZE = 2**15
"""Bytes of a request."""

RUN_PATHS = (
    *("/", "/learn/{slug}", "/questions/{slug}", "/room/{code}", "/standalone.html", "/trace.json", "/tensor.json"),
    *("/values.json", "/gradients.json", "/poke.json", "/cell", "/cell/{id}"),
)
"""Paths that execute a run if the budget allows it."""

WEIGHT_PATHS = ("/weights.npz", "/weights.safetensors")
"""Paths that make all weights of a run, even if the budget does not allow the run."""

MESSAGE_PATH = "/rooms/{code}"
"""The path that accepts messages by POST. ``Candidate.message`` is the kind of message."""

POSTED: Mapping[str, tuple[str, Callable[[Random], str]]] = {
    "/read.json": (JSON, lambda random: json.dumps({"source": source(random)})),
    "/open": (FORM, lambda random: urlencode({"source": source(random)[: MAX_SIZE // 4]})),
    "/explain.json": (JSON, lambda random: json.dumps({"text": error_text(random)})),
    "/explain": (FORM, lambda random: urlencode({"text": error_text(random), "reading": random.randint(0, 9)})),
}
"""The paths that accept a text by POST, with the media type of the body and a random body."""

PATH_PARAMETERS: Mapping[str, Callable[[Random], str]] = {
    "code": lambda random: random.choice(("ABCDE", "A" * random.randint(1, 30_000), long_text(random, 2000))),
    "mark": lambda random: random.choice(("x", "x" * 20_000)),
}
"""Random values of path parameters."""

OTHER_PARAMETERS: Mapping[str, Callable[[Random], str]] = {
    "answer": answer,
    "only": lambda random: random.choice((*FORMATS, "none")),
    "path": lambda random: random.choice(("/", "/quiz", *(f"/learn/{slug}" for slug in LESSONS), "/" + "x" * 190)),
    "url": lambda random: "http://127.0.0.1/?" + urlencode({"text": long_text(random, 2000), "data": "text"}),
    "code": lambda random: long_text(random, 8000),
    "maxwidth": lambda random: "9" * random.randint(1, 4000),
    "utm_source": lambda random: long_text(random, 8000),
}
"""Random values of query parameters that are not fields."""

HEADERS: Mapping[str, Callable[[Random], str]] = {
    "Accept-Encoding": lambda random: random.choice(("identity", "gzip", "br", "zstd", "deflate", "br;q=0.1," * 3000)),
    "Accept-Language": lambda random: random.choice(("es", "zh", "zh-TW;q=0.3, es;q=0.2," * 1200)),
    "Accept": lambda random: random.choice(("text/html", "*/*", "text/html;q=0.1," * 1500)),
    "If-None-Match": lambda random: random.choice(('"a"', '"a", ' * 6000, '"' * 30_000)),
    "Cookie": lambda random: "a=b; " * random.randint(1, 6000),
    "X-Forwarded-For": lambda random: "10.0.0.1, " * random.randint(1, 3000),
}

WEIGHTED_FIELDS = [
    *FIELDS,
    *(name for name, of in FIELDS.items() if isinstance(of, BoundedInteger) and of.high > 7),
    *("text", "view", "cell") * 3,
]
"""The names of the fields. Those that cause more work are repeated."""


@dataclass(frozen=True)
class Candidate:
    """A kind of request. It is sent with a different ``seed`` each time, so that no response comes from a cache.

    ``route`` is the path with its parameters in braces, ``path`` has their values. ``fields`` are texts by field. If
    the candidate ``is_valid``, they are changed to the nearest valid values. ``posted`` is a text to post.
    """

    route: str
    path: str
    fields: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    posted: str = ""
    is_valid: bool = True

    @property
    def method(self) -> str:
        return "POST" if self.message or self.posted else "GET"

    def query(self, seed: int) -> str:
        texts = {**self.fields, "seed": str(seed)}
        query = nearest(texts.items()).query().removeprefix("?") if self.is_valid else urlencode(texts)
        return "?" + "&".join(filter(None, (query, urlencode(self.others))))

    def target(self, seed: int) -> str:
        return self.path if self.method == "POST" else self.path + self.query(seed)

    def body(self, seed: int) -> bytes:
        """The message to a room, or a text."""
        if self.posted:
            return self.posted.encode()
        messages = {
            "": "",
            "show": json.dumps({"show": self.query(seed)}),
            "ask": json.dumps({"ask": self.fields.get("tensor", "kernel")}),
            "answer": json.dumps({"answer": self.others.get("answer", "")}),
            "junk": self.others.get("answer", "")[:8000] or "[" * 8000,
        }
        return messages[self.message].encode()

    def url_state(self, seed: int) -> UrlState | None:
        """The UrlState of the query; None if it is not valid."""
        try:
            return parse(parse_qsl(self.query(seed).removeprefix("?"), keep_blank_values=True), strict=False)
        except FieldError:
            return None

    @cached_property
    def executes(self) -> bool:
        """Whether a run is executed, or all of its weights are made."""
        if self.route in WEIGHT_PATHS:
            return True
        state = self.url_state(0) if self.route in RUN_PATHS else None
        return state is not None and not Budget().refusal(state.stack)

    @property
    def size(self) -> int:
        """The size in bytes, without the headers that every request has."""
        headers = sum(len(name) + len(text) + 4 for name, text in self.headers.items())
        return len(self.target(0)) + headers + len(self.body(0))


class Generator:
    """Generates random candidates from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        paths = create_app().openapi()["paths"]
        self.routes = [route for route, item in paths.items() if "get" in item]
        self.routes += ["/openapi.json", "/static/{mark}/theme.css", MESSAGE_PATH, *POSTED]

    def known(self) -> Iterator[Candidate]:
        """The links that are known to be expensive, then each path without a query."""
        for link in KNOWN:
            path, _, query = link.partition("?")
            pairs = parse_qsl(query)
            fields = {name: text for name, text in pairs if name in FIELDS}
            others = {name: text for name, text in pairs if name not in FIELDS}
            yield Candidate(_route(path), path, fields, others)
        for route in self.routes:
            yield self._without_query(route)

    def random_candidate(self) -> Candidate:
        """A random candidate."""
        candidate = self._without_query(self.random.choice(self.routes))
        for _ in range(self.random.randint(1, 12)):
            candidate = self._mutate_once(candidate)
        return candidate

    def mutate(self, candidate: Candidate) -> Candidate:
        """A candidate with one to four changes."""
        for _ in range(self.random.choice((1, 1, 2, 4))):
            candidate = self._mutate_once(candidate)
        return candidate

    def _without_query(self, route: str) -> Candidate:
        path = route
        if route in SLUGS:
            path = route.replace("{slug}", self.random.choice(SLUGS[route]))
        elif route == MESSAGE_PATH:
            return Candidate(route, path, message=self.random.choice(("show", "ask", "answer", "answer", "junk")))
        elif route in POSTED:
            media_type, body = POSTED[route]
            return Candidate(route, path, headers={"Content-Type": media_type}, posted=body(self.random))
        for name, draw in PATH_PARAMETERS.items():
            path = path.replace(f"{{{name}}}", quote(draw(self.random)))
        return Candidate(route, path, REQUIRED.get(route, {}))

    def _mutate_once(self, candidate: Candidate) -> Candidate:
        """A candidate with one change, unless that makes it too large."""
        mutations = (self._field, self._other, self._header, self._path, self._validity)
        (mutation,) = self.random.choices(mutations, (12, 2, 1, 1, 0.5))
        mutated = mutation(candidate)
        return mutated if mutated.size <= MAX_SIZE else candidate

    def _field(self, candidate: Candidate) -> Candidate:
        name = self.random.choice(WEIGHTED_FIELDS)
        fields = {**candidate.fields, name: self._text(name, candidate)}
        if name == "text":
            fields["data"] = "text"
        elif self.random.random() < 0.1:
            del fields[name]
        return replace(candidate, fields=fields)

    def _text(self, name: str, candidate: Candidate) -> str:
        of, random = FIELDS[name], self.random
        if not candidate.is_valid and random.random() < 0.3:
            words = of.choices if isinstance(of, MultipleChoice) else ("a",)
            return random.choice((*JUNK, long_text(random, 5000), ",".join(random.choices(words, k=4000))))
        if isinstance(of, BoundedInteger) and candidate.fields.get(name, "").isdigit() and random.random() < 0.7:
            n = int(candidate.fields[name])
            return str(min(max(random.choice((n * 2, n // 2, n + 1, n - 1, round(n * 1.2))), of.low), of.high))
        if isinstance(of, FreeText) and not isinstance(of, ModelText):
            return long_text(random, of.max_length)
        return random_value(of, random)

    def _other(self, candidate: Candidate) -> Candidate:
        names = ["answer"] if "quiz" in candidate.route or candidate.message else list(OTHER_PARAMETERS)
        name = self.random.choice(names)
        return replace(
            candidate,
            others={**candidate.others, name: OTHER_PARAMETERS[name](self.random)},
            is_valid=candidate.is_valid,
        )

    def _header(self, candidate: Candidate) -> Candidate:
        name = self.random.choice(list(HEADERS))
        return replace(candidate, headers={**candidate.headers, name: HEADERS[name](self.random)})

    def _path(self, candidate: Candidate) -> Candidate:
        """The candidate with another path."""
        other = self._without_query(self.random.choice(self.routes))
        return replace(
            other, fields={**candidate.fields, **other.fields}, others=candidate.others, headers=candidate.headers
        )

    def _validity(self, candidate: Candidate) -> Candidate:
        return replace(candidate, is_valid=not candidate.is_valid)


def _route(path: str) -> str:
    """The route of a path: /questions/{slug} for /questions/five-cells."""
    folder = path.rpartition("/")[0]
    return next((route for route in SLUGS if route.rpartition("/")[0] == folder), path)
