"""Requests of at most 32 KB, drawn at random over every path and field, and changed a little."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from random import Random
from urllib.parse import parse_qsl, quote, urlencode

from app.core.budget import Budget
from app.diagram.scene import FORMATS
from app.lessons.learn import LESSONS
from app.main import create_app
from app.query.field_types import Counted, FieldError
from app.query.fields import FIELDS
from app.query.parsing import nearest, parse
from app.query.text_field_types import Several, Words
from app.query.view import View
from load.expensive_links import KNOWN
from load.expensive_texts import answer, long_text
from scripts.fuzz import JUNK, NEEDED, SLUGS, value

LONGEST = 2**15
"""Bytes of a whole request."""

EXECUTING = (
    *("/", "/learn/{slug}", "/questions/{slug}", "/room/{code}", "/standalone.html", "/trace.json", "/tensor.json"),
    *("/values.json", "/gradients.json", "/poke.json"),
)
"""Paths that execute a run where the budget allows it."""

DRAWING = ("/weights.npz", "/weights.safetensors")
"""Paths that draw all weights of a run, whatever else it would cost."""

SAY = "/rooms/{code}"
"""Takes messages by POST; ``message`` says which of them a candidate sends."""

PARTS: Mapping[str, Callable[[Random], str]] = {
    "code": lambda random: random.choice(("ABCDE", "A" * random.randint(1, 30_000), long_text(random, 2000))),
    "mark": lambda random: random.choice(("x", "x" * 20_000)),
}
"""The values of the parameters of a path."""

OTHERS: Mapping[str, Callable[[Random], str]] = {
    "answer": answer,
    "only": lambda random: random.choice((*FORMATS, "none")),
    "path": lambda random: random.choice(("/", "/quiz", *(f"/learn/{slug}" for slug in LESSONS), "/" + "x" * 190)),
    "url": lambda random: "http://127.0.0.1/?" + urlencode({"text": long_text(random, 2000), "data": "text"}),
    "code": lambda random: long_text(random, 8000),
    "maxwidth": lambda random: "9" * random.randint(1, 4000),
    "utm_source": lambda random: long_text(random, 8000),
}
"""What a query can hold beside the fields."""

HEADERS: Mapping[str, Callable[[Random], str]] = {
    "Accept-Encoding": lambda random: random.choice(("identity", "gzip", "br", "zstd", "deflate", "br;q=0.1," * 3000)),
    "Accept-Language": lambda random: random.choice(("es", "zh", "zh-TW;q=0.3, es;q=0.2," * 1200)),
    "Accept": lambda random: random.choice(("text/html", "*/*", "text/html;q=0.1," * 1500)),
    "If-None-Match": lambda random: random.choice(('"a"', '"a", ' * 6000, '"' * 30_000)),
    "Cookie": lambda random: "a=b; " * random.randint(1, 6000),
    "X-Forwarded-For": lambda random: "10.0.0.1, " * random.randint(1, 3000),
}

LIKELY = [
    *FIELDS,
    *(name for name, of in FIELDS.items() if isinstance(of, Counted) and of.high > 7),
    *("text", "view", "cell") * 3,
]
"""The fields. Those that cause work occur more often."""


@dataclass(frozen=True)
class Candidate:
    """A kind of request: sent with another ``seed`` each time, so that no cache answers it.

    ``path`` has its parts in braces filled in; ``route`` has them open. ``given`` holds texts by field. Where the
    candidate ``fits``, they are moved to the closest valid values.
    """

    route: str
    path: str
    given: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    fits: bool = True

    @property
    def method(self) -> str:
        return "POST" if self.message else "GET"

    def query(self, seed: int) -> str:
        given = {**self.given, "seed": str(seed)}
        query = nearest(given.items()).query().removeprefix("?") if self.fits else urlencode(given)
        return "?" + "&".join(filter(None, (query, urlencode(self.others))))

    def target(self, seed: int) -> str:
        return self.path if self.message else self.path + self.query(seed)

    def body(self, seed: int) -> bytes:
        """The message to a room."""
        said = {
            "": "",
            "show": json.dumps({"show": self.query(seed)}),
            "ask": json.dumps({"ask": self.given.get("tensor", "kernel")}),
            "answer": json.dumps({"answer": self.others.get("answer", "")}),
            "junk": self.others.get("answer", "")[:8000] or "[" * 8000,
        }
        return said[self.message].encode()

    def view(self, seed: int) -> View | None:
        """The View of the query; None if it is not valid."""
        try:
            return parse(parse_qsl(self.query(seed).removeprefix("?"), keep_blank_values=True), strict=False)
        except FieldError:
            return None

    @cached_property
    def executes(self) -> bool:
        """Whether a run is executed, or all of its weights drawn."""
        if self.route in DRAWING:
            return True
        view = self.view(0) if self.route in EXECUTING else None
        return view is not None and not Budget().refusal(view.stack)

    @property
    def size(self) -> int:
        """Bytes, without the headers that every request has."""
        headers = sum(len(name) + len(text) + 4 for name, text in self.headers.items())
        return len(self.target(0)) + headers + len(self.body(0))


class Draw:
    """Candidates from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        described = create_app().openapi()["paths"]
        self.routes = [route for route, item in described.items() if "get" in item]
        self.routes += ["/openapi.json", "/static/{mark}/theme.css", SAY]

    def first(self) -> Iterator[Candidate]:
        """What is known to be expensive, then each path alone."""
        for link in KNOWN:
            path, _, query = link.partition("?")
            pairs = parse_qsl(query)
            given = {name: text for name, text in pairs if name in FIELDS}
            others = {name: text for name, text in pairs if name not in FIELDS}
            yield Candidate(_route(path), path, given, others)
        for route in self.routes:
            yield self._alone(route)

    def drawn(self) -> Candidate:
        """At random."""
        made = self._alone(self.random.choice(self.routes))
        for _ in range(self.random.randint(1, 12)):
            made = self._changed_once(made)
        return made

    def changed(self, candidate: Candidate) -> Candidate:
        """With one to four differences."""
        made = candidate
        for _ in range(self.random.choice((1, 1, 2, 4))):
            made = self._changed_once(made)
        return made

    def _alone(self, route: str) -> Candidate:
        path = route
        if route in SLUGS:
            path = route.replace("{slug}", self.random.choice(SLUGS[route]))
        elif route == SAY:
            return Candidate(route, path, message=self.random.choice(("show", "ask", "answer", "answer", "junk")))
        for part, draw in PARTS.items():
            path = path.replace(f"{{{part}}}", quote(draw(self.random)))
        return Candidate(route, path, NEEDED.get(route, {}))

    def _changed_once(self, candidate: Candidate) -> Candidate:
        """With one difference. What would be too long stays as it was."""
        way = self.random.choices((self._field, self._other, self._header, self._path, self._fit), (12, 2, 1, 1, 0.5))[
            0
        ]
        made = way(candidate)
        return made if made.size <= LONGEST else candidate

    def _field(self, candidate: Candidate) -> Candidate:
        name = self.random.choice(LIKELY)
        given = {**candidate.given, name: self._text(name, candidate)}
        if name == "text":
            given["data"] = "text"
        elif self.random.random() < 0.1:
            del given[name]
        return replace(candidate, given=given)

    def _text(self, name: str, candidate: Candidate) -> str:
        of, random = FIELDS[name], self.random
        if not candidate.fits and random.random() < 0.3:
            many = of.choices if isinstance(of, Several) else ("a",)
            return random.choice((*JUNK, long_text(random, 5000), ",".join(random.choices(many, k=4000))))
        if isinstance(of, Counted) and candidate.given.get(name, "").isdigit() and random.random() < 0.7:
            n = int(candidate.given[name])
            return str(min(max(random.choice((n * 2, n // 2, n + 1, n - 1, round(n * 1.2))), of.low), of.high))
        if isinstance(of, Words):
            return long_text(random, of.longest)
        return value(of, random)

    def _other(self, candidate: Candidate) -> Candidate:
        likely = ["answer"] if "quiz" in candidate.route or candidate.message else list(OTHERS)
        name = self.random.choice(likely)
        return replace(candidate, others={**candidate.others, name: OTHERS[name](self.random)}, fits=candidate.fits)

    def _header(self, candidate: Candidate) -> Candidate:
        name = self.random.choice(list(HEADERS))
        return replace(candidate, headers={**candidate.headers, name: HEADERS[name](self.random)})

    def _path(self, candidate: Candidate) -> Candidate:
        """The same of another path."""
        other = self._alone(self.random.choice(self.routes))
        return replace(
            other, given={**candidate.given, **other.given}, others=candidate.others, headers=candidate.headers
        )

    def _fit(self, candidate: Candidate) -> Candidate:
        return replace(candidate, fits=not candidate.fits)


def _route(path: str) -> str:
    """/questions/five-cells is one of /questions/{slug}."""
    folder = path.rpartition("/")[0]
    return next((route for route in SLUGS if route.rpartition("/")[0] == folder), path)
