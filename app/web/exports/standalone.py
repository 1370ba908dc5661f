"""The page as one file that needs no server. Its script draws other sizes from templates; other states that its
controls can show are drawn beforehand.

Such a state is a list of pieces of HTML. Most pieces are part of many states, so each is stored once.
"""

import re
from base64 import b64encode
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from ...core.trace import StackTrace
from ...diagram.elements import Shape
from ...diagram.painters.svg import drawn
from ...diagram.painters.theme_css import style_sheet
from ...diagram.theme import LIGHT
from ...diagram.views import STEPPED
from ...teaching.around_picture.run_summary import run_summary
from ...translations.languages import translator
from ...translations.numbers import grouped
from ...translations.phrases import phrase
from ...translations.translator import Translator
from ...url_state.field_types import BoundedInteger, Value
from ...url_state.fields import SLIDERS
from ...url_state.names_in_framework import names
from ...url_state.parsing import parse
from ...url_state.url_state import UrlState
from ...url_state_to_picture.picture_of_state import picture_of
from ...url_state_to_picture.picture_template import Template, numbers, record, sliders
from ...url_state_to_picture.sentence_above_picture import sentence_of
from ..pages.parts.links_and_accessible_names import targets
from ..pages.parts.tensor_table import row
from ..pages.rendering import link_context, templates
from ..requests_and_responses.absolute_urls import absolute
from ..requests_and_responses.installed_files import ROOT
from ..requests_and_responses.responses import json, respond_with_run, url_state_of
from ..requests_and_responses.style_sheet import page_style_sheet
from ..server.security_headers import POLICY_IN_ONE_FILE
from ..server.static_files import without_comments
from .code import own_program_of

PAGE_FILE = "unrolled.html"
"""The name under which browsers save the file."""

MOST_STEPS = 6
"""The maximum number of steps to choose from: the first, the last, and those around the one in focus."""

MOST_TEMPLATES = 2
"""The maximum number of templates. One has 150 KB, and draws most sizes."""

MOST_SHAPES = 5000
"""The maximum number of shapes in the pictures of all operations. If they have more, there is no control for them."""

ALL = phrase("all")
_CUT = re.compile(r"(?=<td|<path)")


@dataclass
class Pool:
    """Pieces of HTML, each stored once; a state refers to them by number. A cell of a row and the path of a link are
    pieces of their own, since they often differ where the rest of the row or link does not, or the other way round."""

    pieces: dict[str, int] = field(default_factory=dict)

    def numbers(self, parts: Iterable[str]) -> list[int]:
        """The numbers of the pieces of some HTML. New pieces are added."""
        pieces = (piece for part in parts for piece in _CUT.split(part))
        return [self.pieces.setdefault(piece, len(self.pieces)) for piece in pieces]


@dataclass(frozen=True)
class Control:
    """A control, which works independently of the others: its values, the number of the state for each, and the index
    of the link's own value. ``numbers`` are the values that are numbers. A size has no state for values that only a
    template may draw."""

    name: str
    label: str
    colour: str
    values: list[str]
    states: list[int | None]
    own: int
    numbers: list[int] = field(default_factory=list)


async def standalone_html(request: Request) -> Response:
    """The page as one file that needs no server and no network."""
    url_state = url_state_of(request)
    link = absolute(request, "/", url_state.query())

    def page(trace: StackTrace | None, _: str) -> str:
        return standalone(
            url_state, "" if url_state.chosen_model.unsupported else own_program_of(url_state), link, trace
        )

    return await respond_with_run(request, url_state, page, "large")


def standalone(url_state: UrlState, program: str, link: str, trace: StackTrace | None) -> str:
    """The whole file. ``link``: the URL of the page on the server."""
    translate = translator(url_state.language)
    states = States(url_state, translate)
    controls = [] if "controls" in url_state.hidden else list(filter(None, states.controls()))
    pieces = list(states.pool.pieces)
    data = {
        "pieces": pieces,
        "states": states.all,
        "controls": [vars(c) for c in controls],
        "templates": [
            {**one.document, "sizes": numbers(url_state), "sliders": sliders(url_state)}
            for one in (states.templates if controls else [])
        ],
    }
    script, style = _script(), style_sheet() + page_style_sheet() + _text("css/standalone.css")
    context: dict[str, Any] = states.context | {
        "controls": controls,
        "states": states,
        "first": states.all[0],
        "pieces": lambda numbers: Markup("".join(pieces[n] for n in numbers)),
        "program": ""
        if url_state.chosen_model.unsupported or _is_secret(url_state) or "framework" in url_state.hidden
        else program,
        "run_summary": run_summary(trace),
        "link": link,
        "data": Markup(json(data).decode().replace("<", "\\u003c")),
        "script": Markup(script),
        "style": Markup(style),
        "policy": POLICY_IN_ONE_FILE.format(script=_csp_hash(script), style=_csp_hash(style)),
    }
    return templates.get_template("standalone.html").render(context)


@cache
def _text(path: str) -> str:
    return (ROOT / "static" / path).read_text(encoding="utf-8")


@cache
def _script() -> str:
    """The script with the modules that it uses: a page in a file cannot import them."""
    modules = "".join(_text(f"js/{name}.js") for name in ("page/numbers", "picture/template"))
    plain = re.sub(r"^import .*\n|^export ", "", modules, flags=re.MULTILINE)
    whole = f'(() => {{\n"use strict";\n{plain}{_text("js/standalone.js")}}})();\n'
    return without_comments(whole.encode()).decode()


def _csp_hash(text: str) -> str:
    """The hash of a script or style by which a Content-Security-Policy allows it, and no other."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _is_secret(url_state: UrlState) -> bool:
    """Whether the picture hides the shapes."""
    return url_state.labels == "hidden"


class States:
    """All states, the link's own first, and the context of their templates."""

    def __init__(self, url_state: UrlState, translate: Translator) -> None:
        self.url_state, self.translate = url_state, translate
        self.pool, self.all = Pool(), list[dict[str, Any]]()
        self.painted = cache(self._paint)  # most shapes are part of many states
        self.context = link_context(url_state, url_state.language, "") | {
            "root": "",
            "here": "",
            "url_state": url_state,
            "framework_names": names(url_state),
            "myths": {},
        }
        self.shapes = len(picture_of(url_state, translate=translate).shapes)
        self.add(url_state)

    @property
    def has_table(self) -> bool:
        """Whether the file has the table of tensors: not if the picture hides the shapes, which the table has."""
        return "table" not in self.url_state.hidden and not _is_secret(self.url_state)

    def contents(self, url_state: UrlState) -> dict[str, str]:
        """A state as texts, for a template: see ``query.picture_template``."""
        picture = picture_of(url_state, translate=self.translate)
        macros: Any = templates.get_template("standalone_state.html").make_module(
            self.context | {"url_state": url_state}
        )
        rows = (
            [row(url_state, t, self.translate, linked=False) for t in url_state.program.tensors]
            if self.has_table
            else []
        )
        return {
            "box": f"0 0 {picture.width:g} {picture.height:g}",
            "title": self.translate(picture.title),
            "shapes": "".join(drawn(shape, LIGHT, picture.thicker) for shape in picture.shapes),
            "hits": "".join(str(macros.hit(target)) for target in targets(url_state, picture, linked=False)),
            "rows": "".join(str(macros.line(one)) for one in rows),
            "sentence": str(macros.sentence(sentence_of(url_state, self.translate))),
        }

    def add(self, url_state: UrlState, like: dict[str, Any] | None = None) -> int:
        """Add a state and return its number. ``like``: a state that differs only in the drawing of the picture."""
        picture = picture_of(url_state, translate=self.translate)
        state = {
            "box": f"0 0 {picture.width:g} {picture.height:g}",
            "title": picture.title,
            "shapes": [n for shape in picture.shapes for n in self.painted(shape, picture.thicker)],
        }
        if like is None:
            macros: Any = templates.get_template("standalone_state.html").make_module(
                self.context | {"url_state": url_state}
            )
            rows = (
                [row(url_state, t, self.translate, linked=False) for t in url_state.program.tensors]
                if self.has_table
                else []
            )
            like = {
                "hits": self.pool.numbers(
                    str(macros.hit(target)) for target in targets(url_state, picture, linked=False)
                ),
                "rows": self.pool.numbers(str(macros.line(one)) for one in rows),
                "sentence": self.pool.numbers([str(macros.sentence(sentence_of(url_state, self.translate)))]),
            }
        self.all.append(state | {part: like[part] for part in ("hits", "rows", "sentence")})
        return len(self.all) - 1

    def _paint(self, shape: Shape, thicker: float) -> list[int]:
        """The numbers of the pieces that draw a shape."""
        return self.pool.numbers([drawn(shape, LIGHT, thicker)])

    def controls(self) -> Iterable[Control | None]:
        """The controls for the step, for the tensors of the step, and for every size that is not locked."""
        url_state = self.url_state
        yield self._control("t", phrase("step"), "time_step", _steps(url_state))
        if url_state.view in STEPPED and not url_state.stepping:
            order = [t.id for t in url_state.program.step]
            if len(order) * self.shapes <= MOST_SHAPES:
                states = [self.add(_changed(url_state, stepping=True, tensor=id), self.all[0]) for id in order]
                yield Control("tensor", phrase("tensor"), "", [*order, self.translate(ALL)], [*states, 0], len(order))
        for one in SLIDERS:
            own = int(str(url_state[one.name]))
            near = {n for n in url_state.fitting(one.name, (own // 2, own, 2 * own)) if one.low <= n <= one.high}
            stops = {*self._stops(one)}
            drawn = {n for n in near if n == own or n not in stops or not self._has_template({one.name: n})}
            yield self._control(one.name, url_state.size_notation.name(one.name), one.name, sorted(stops | near), drawn)

    def _stops(self, size: BoundedInteger) -> list[int]:
        """The values of a size that a template may draw: the step, the sample and the unit in focus stay the same."""
        url_state = self.url_state
        if size.name not in sliders(url_state) or url_state.tied:
            return []
        focused = {"time_step": url_state.t, "batch_size": url_state.followed or 0, "num_units": url_state.unit or 0}
        stops = {*size.stops(), 2 * int(str(url_state[size.name]))}
        return [n for n in url_state.fitting(size.name, stops) if focused.get(size.name, 0) < n <= size.high]

    def _has_template(self, sizes: dict[str, int]) -> bool:
        """Whether a template draws other sizes."""
        return any(one.formulas.is_valid({**numbers(self.url_state), **sizes}) for one in self.templates)

    @cached_property
    def templates(self) -> list[Template]:
        """The template of the own sizes, and of the largest value of a size for which that is not valid."""
        found, largest = list[Template](), {size.name: size.high for size in SLIDERS}
        for name in ("num_units", "features", "batch_size", "time_step"):
            if name in sliders(self.url_state):
                for url_state in (self.url_state, _changed(self.url_state, **{name: largest[name]})):
                    is_drawn = any(one.formulas.is_valid(numbers(url_state)) for one in found)
                    if not is_drawn and len(found) < MOST_TEMPLATES:
                        found.append(record(url_state, self.contents))
        return found

    def _control(
        self, name: str, label: str, colour: str, values: list[int], drawn: Collection[int] = ()
    ) -> Control | None:
        """A control with a state for each value, or only for those that are ``drawn`` beforehand."""
        url_state = self.url_state
        if name in url_state.fixed or len(values) < 2:
            return None
        own = values.index(int(str(url_state[name])))
        states = [
            None if drawn and value not in drawn else 0 if n == own else self.add(_changed(url_state, **{name: value}))
            for n, value in enumerate(values)
        ]
        return Control(name, label, colour, [self.translate(grouped(n)) for n in values], states, own, values)


def _steps(url_state: UrlState) -> list[int]:
    """The steps to choose from, at most ``MOST_STEPS``."""
    last = url_state.time_step - 1
    every = range(url_state.time_step)
    if len(every) <= MOST_STEPS:
        return list(every)
    part = MOST_STEPS // 3
    near = range(url_state.t - part // 2, url_state.t + part // 2)
    return sorted(n for n in {*range(part), *near, *range(last - part + 1, last + 1), url_state.t} if 0 <= n <= last)


def _changed(url_state: UrlState, **changes: Value) -> UrlState:
    """The UrlState with other values. Fields that do not fit these are adjusted, as in a link."""
    return parse(parse_qsl(url_state.query(**changes)[1:], keep_blank_values=True), strict=True)
