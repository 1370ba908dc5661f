"""The main page: a UrlState as HTML, with the picture in it. Lessons, questions and rooms show it as well."""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ...core.program import Tensor
from ...core.trace import StackTrace
from ...core.work_limits import Budget
from ...diagram.format_names import FORMATS
from ...diagram.views.units.units import UNROLLED, has_strands
from ...size_expressions import chosen, length
from ...teaching.around_picture.run_summary import run_summary
from ...teaching.around_picture.sentences import Word
from ...teaching.around_picture.warnings import coincidences, not_finite
from ...teaching.text_page import TextPage
from ...translations.languages import translator
from ...translations.translator import Translator
from ...url_state.names_in_framework import names
from ...url_state.url_state import UrlState, texts_of
from ...url_state_to_picture.model.model_url_state import RUN_SIZES
from ...url_state_to_picture.sentence_above_picture import sentence_of
from ...url_state_to_picture.training.affordable import most_units
from ..requests_and_responses.absolute_urls import is_for_this_machine, site
from ..requests_and_responses.language import language_of
from ..requests_and_responses.media_types import JSON
from ..requests_and_responses.phone import is_phone
from ..requests_and_responses.responses import json, respond_at_once, respond_with_run, url_state_of
from ..sharing.link_preview import preview
from ..sharing.share_menu import share_menu
from .long_links import linked
from .pages_for_other_sizes.parts_filled_in_browser import PARTS, PageParts, page_template, parts_template
from .pages_for_other_sizes.recorded_pages import Part, Render, page_text
from .parts.below_picture import NOTES, Note
from .parts.controls import Choice, Controls
from .parts.framework import FrameworkSection, framework_section
from .parts.input_preview import input_preview
from .parts.inputs_and_outputs import Arrays, arrays
from .parts.last_state import LastState, last_state
from .parts.lesson_text import PageLink, SidePage, own_picture_unless_named
from .parts.links_and_accessible_names import LinkedPicture
from .parts.model import WayBack, way_back
from .parts.operation_timeline import timeline
from .parts.page_picture import formats_like, page_picture
from .parts.parameters import Parameters, parameter_count
from .parts.player import Steps, steps, ticks_of
from .parts.stack_map_links import StackMap, stack_map
from .parts.step_strip import Step, step_strip
from .parts.tensor_questions import Myth, myths, related_questions
from .parts.tensor_table import Row, row
from .parts.training_panel import (
    AxisRectangle,
    LiveTraining,
    OverBeliefs,
    TrainingPart,
    dense_of,
    live_training,
    over_beliefs,
    size_axis_of,
    training_part,
)
from .parts.values_table import Values, values
from .parts.view_tabs import view_tabs
from .parts.weight_charts import weights
from .parts.why_this_shape import Reason, explanation
from .rendering import base_context, link_context, rendered, shortened_page

MakeSidePage = Callable[[UrlState, str], SidePage]
"""Makes the text beside the picture of a UrlState, in a language."""

TEMPLATES = {"template": page_template, "parts": parts_template}
"""What a script asks for to show other sizes: all of it, or only the parts around the picture."""

WRITABLE = frozenset({"pictures", *PARTS})
"""The ids of the parts of the page that a browser can write itself."""

LONG_RUN = 20_000_000
"""Bytes that a run reads and writes, from which on it is long."""

LONGEST_HEADER = 4096
"""Characters of a response header; proxies reject a response with longer ones. The page itself has the link as well."""


@dataclass(frozen=True)
class Stage:
    """What is around the picture. ``sentence_class``: the class of a long sentence, or nothing; ``way_back``: the
    links to the model of which the picture shows a layer; ``dense``: the number of parameters of the dense layer of a
    trained network, which is in no picture."""

    sentence: tuple[Word, ...]
    sentence_class: str
    map: StackMap | None
    cell_notes: tuple[str, ...]
    way_back: WayBack | None
    dense: int


@dataclass(frozen=True)
class Page:
    """Everything that the main page shows of a UrlState, in parts, but for those that need its run. ``formats``: those
    that the picture fits."""

    url_state: UrlState
    stage: Stage
    picture: LinkedPicture
    formats: tuple[str, ...]
    training: TrainingPart | None
    live: LiveTraining | None
    axis: AxisRectangle | None
    over: OverBeliefs | None
    steps: Steps
    step_strip: list[Step]
    has_note: bool
    arrays: Arrays
    parameters: Parameters
    view_tabs: list[Choice]
    controls: Controls
    selected: Row
    last_state: LastState | None
    explanation: list[Reason]
    related_questions: list[PageLink]
    weights: dict[str, LinkedPicture]
    framework: FrameworkSection
    tensors: list[Row]
    framework_names: dict[str, list[str]]
    myths: dict[str, list[Myth]]


async def index(request: Request) -> Response:
    """The main page."""
    return await main_page(request, url_state_of(request))


async def draw_first(app: FastAPI) -> None:
    """Render the main page once, so that no visitor waits for what is computed only once per process."""
    await draw(app)


async def draw(app: FastAPI, query: str = "", headers: Mapping[str, str] = MappingProxyType({})) -> None:
    """Render the main page with a query, for a visitor with these headers."""
    scope = {
        "type": "http",
        "app": app,
        "method": "GET",
        "scheme": "http",
        "path": "/",
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    await index(Request(scope))


def to_own_picture(request: Request, url_state: UrlState, page: TextPage, path: str) -> Response | None:
    """A redirect of a link that names no picture to that of a lesson or question; else None. See
    ``own_picture_unless_named``."""
    if "only" in request.query_params:  # a script asks for the picture that the page shows
        return None
    own = own_picture_unless_named(url_state, page, language_of(request, url_state))
    return None if own is None else RedirectResponse(path + own, 307)


MOST_CHARACTERS = 160
"""A longer sentence above the picture has a smaller font, so that it takes two lines."""


def format_of(request: Request, url_state: UrlState) -> str:
    """The format of the picture in the page: that which a script asks for or a link names, otherwise that of the
    visitor's device."""
    query = request.query_params
    if query.get("only") in FORMATS:
        return query["only"]
    if "format" in query:
        return url_state.format
    return "narrow" if is_phone(request.headers) else "page"


async def main_page(
    request: Request, url_state: UrlState, make_side_page: MakeSidePage | None = None, room: str = ""
) -> Response:
    """The main page. ``room`` is the code of the room in its URL. A script that asks ``only`` for templates gets those
    of the page; one that has written the parts with sizes itself gets the page ``without`` them."""
    page = MainPage(request, format_of(request, url_state), language_of(request, url_state), make_side_page, room)
    if make := TEMPLATES.get(request.query_params.get("only", "")):
        return await respond_at_once(
            request, lambda: json(make(url_state, page.parts)), media_type=JSON, state=url_state
        )
    if url_state.view == "training":
        request.app.state.runner.trainings.prepare()
    without = WRITABLE & set(request.query_params.get("without", "").split(","))
    response = await respond_with_run(
        request, url_state, lambda trace, reason: page.html(url_state, trace, reason, without)
    )
    link = f'</trace.json{url_state.query()}>; rel="alternate"; type="application/json"'
    if len(link) <= LONGEST_HEADER:
        response.headers["Link"] = link
    return response


@dataclass(frozen=True)
class MainPage:
    """The main page as one request asks for it, but for its UrlState, whose sizes and seed are expressions where the
    page is recorded. ``format`` is that of the picture."""

    request: Request
    format: str
    language: str
    make_side_page: MakeSidePage | None
    room: str

    @property
    def path(self) -> str:
        path: str = self.request.scope["path"]
        return path

    @property
    def said(self) -> Set[str]:
        """The sizes of a run that the link has, even if they are the defaults."""
        return frozenset(RUN_SIZES) & frozenset(self.request.query_params)

    @property
    def budget(self) -> Budget:
        budget: Budget = self.request.app.state.runner.budget
        return budget

    @property
    def limit(self) -> int:
        """The maximum size of a weights file in bytes."""
        return self.budget.bytes

    @property
    def parts(self) -> PageParts:
        """What its parts depend on."""
        name = self.path if self.make_side_page else ""
        return PageParts(self.language, self.limit, self.format, name, self.make_side_page)

    def side_page(self, url_state: UrlState) -> SidePage | None:
        """The text beside the picture."""
        return self.make_side_page(url_state, self.language) if self.make_side_page else None

    def html(self, url_state: UrlState, trace: StackTrace | None, reason: str, without: Set[str]) -> str:
        """The page, ``without`` the parts that a browser has written."""
        theme, state = url_state.theme if "theme" in self.request.query_params else "", self.request.app.state
        links = link_context(url_state, self.language, self.path)
        at, menus = links["root"], (state.rooms, state.framed)
        setting = self.format, theme, self.language, at, self.path, self.room, menus
        context = {"theme": theme, "is_executed": trace is not None}
        part = PartsOfRun(self, url_state, trace, reason, links, ("picture", *setting))

        def render(url_state: UrlState, part: Part) -> str:
            if without:
                return self._settled(url_state, without, part=part, **context)
            return self._whole(url_state, part=part, **context)

        key = (
            frozenset(without),
            trace is None,
            self.limit,
            self.budget.training,
            self.said if url_state.model else None,
            *setting,
        )
        return linked([self.text(key, url_state, render, part)], texts_of(url_state), not links["is_state"])

    def text(self, setting: tuple[Any, ...], url_state: UrlState, render: Render, part: Part) -> str:
        """What ``page_text`` returns. The page of a long run is only rendered: the request takes long enough."""
        if url_state.stack.bytes() > LONG_RUN:
            return render(url_state, part)
        return page_text(setting, url_state, render, part, site(self.request))

    def _whole(self, url_state: UrlState, **context: Any) -> str:
        side_page = self.side_page(url_state)
        title = side_page.text.title if side_page else ""
        return shortened_page(
            "index.html",
            layout="base.html",
            side_page=side_page,
            preview=preview(self.request, url_state, self.language, title),
            **vars(page_of(url_state, self.format, self.limit, highlighted_by(side_page), self.language, self.said)),
            **self._context(url_state),
            **context,
        )

    def _settled(self, url_state: UrlState, without: Set[str], **context: Any) -> str:
        """The page for other sizes, ``without`` parts that a browser has written: only what it cannot write itself."""
        if not context["is_executed"]:
            without = without - {"jump"}  # it links to the values
        has_choices = bool(
            url_state.num_proj or url_state.chosen_model.derived_switches
        )  # whose choices depend on sizes
        context["training"] = training_part(url_state) if url_state.view == "training" else None
        for id in PARTS.keys() - without - {"side-text", "map"}:  # in the lesson and the stage
            context |= PARTS[id][1](url_state, self.parts)
        if "framework" not in context:
            is_supported = url_state.chosen_model.unsupported is None
            is_short = is_supported and not has_choices
            translate = self.parts.translate
            context["framework"] = SUPPORTED if is_short else framework_section(url_state, self.limit, translate)
        return shortened_page(
            "index.html",
            layout="index_filled_in_browser.html",
            side_page=self.side_page(url_state),
            without=without,
            has_choices=has_choices,
            url_state=url_state,
            stage=stage(url_state, self.parts.translate, self.said, has_map="map" not in without),
            live=live_training(url_state, self.format, self.parts.translate) if url_state.view == "training" else None,
            steps=steps(url_state),
            has_note=url_state.view in NOTES,
            controls=Controls(url_state),
            framework_names=names(url_state),
            **self._context(url_state),
            **context,
        )

    def _context(self, url_state: UrlState) -> dict[str, Any]:
        """What a page and a settled page have in common."""
        return {
            "room": self.room,
            "most_characters": MOST_CHARACTERS,
            "most_units": most_units(url_state, self.budget) if url_state.view == "training" else 0,
            "share": share_menu(self.request, url_state, self.language),
            **base_context(self.request, url_state, self.language, self.path),
        }

    def picture(self, url_state: UrlState, part: Part) -> str:
        """The picture, which has no part of the run."""
        picture = page_picture(url_state, self.format, highlighted_by(self.side_page(url_state)), self.parts.translate)
        formats, links = formats_like(url_state, self.format), link_context(url_state, self.language, self.path)
        axis = size_axis_of(url_state, self.format)
        over = over_beliefs(url_state, self.format, self.parts.translate) if url_state.trained else None
        context = {"picture": picture, "formats": formats, "axis": axis, "over": over}
        return rendered("parts/page_picture.html", url_state=url_state, **context, **links)


SUPPORTED = {"unsupported": None}
"""What the page for other sizes shows of a framework that supports them, if a browser has written the rest."""


def highlighted_by(side_page: SidePage | None) -> frozenset[str]:
    """The tensors that the text beside the picture names."""
    return side_page.text.highlighted if side_page else frozenset()


def page_of(
    url_state: UrlState,
    format: str,
    limit: int,
    highlighted: frozenset[str],
    language: str,
    said: Set[str] = frozenset(),
) -> Page:
    """The parts of the main page. ``limit``: the maximum size of a weights file in bytes; ``highlighted``: the tensors
    that the text beside the picture names; ``said``: see ``way_back``."""
    translate, program = translator(language), url_state.program
    selected = program.by_id[url_state.tensor or program.cell.output]
    return Page(
        url_state=url_state,
        stage=stage(url_state, translate, said),
        picture=page_picture(url_state, format, highlighted, translate),
        formats=formats_like(url_state, format),
        training=training_part(url_state) if url_state.view == "training" else None,
        live=live_training(url_state, format, translate) if url_state.view == "training" else None,
        axis=size_axis_of(url_state, format),
        over=over_beliefs(url_state, format, translate) if url_state.trained else None,
        steps=steps(url_state),
        step_strip=step_strip(url_state),
        has_note=url_state.view in NOTES,
        arrays=arrays(url_state, translate),
        parameters=parameter_count(url_state),
        view_tabs=view_tabs(url_state),
        controls=Controls(url_state),
        selected=row(url_state, selected, translate, detailed=True),
        last_state=last_state(url_state, selected.id),
        explanation=explanation(url_state, selected, translate),
        related_questions=related_questions(url_state, selected.id, language),
        weights=weights(url_state, highlighted, translate),
        framework=framework_section(url_state, limit, translate),
        tensors=[row(url_state, t, translate) for t in program.tensors],
        framework_names=names(url_state),
        myths={about: myths(url_state, about, language) for about in (*url_state.sizes, selected.id)},
    )


def stage(url_state: UrlState, translate: Translator, said: Set[str], has_map: bool = True) -> Stage:
    """What is around the picture; a map only of a stack, and if it ``has_map``. ``said``: see ``way_back``."""
    stack, sentence = url_state.stack, sentence_of(url_state, translate)
    program = stack.program()
    return Stage(
        sentence=sentence,
        sentence_class=chosen(length("".join(text for text, _ in sentence)) > MOST_CHARACTERS, " long", ""),
        map=stack_map(url_state, translate) if has_map and len(stack.places) > 1 else None,
        cell_notes=(
            *program.cell.notes,
            *([UNROLLED] if url_state.view == "units" and not has_strands(program) else []),
        ),
        way_back=way_back(url_state, said) if url_state.model else None,
        dense=dense_of(url_state).parameters if url_state.trained else 0,
    )


@dataclass(frozen=True)
class PartsOfRun:
    """The parts of a page that need its run, or for which there is none and ``reason`` says why; and the picture of a
    page for other sizes, which is recorded apart from the rest, for its ``picture_setting``. ``links``: see
    ``link_context``."""

    page: MainPage
    url_state: UrlState
    trace: StackTrace | None
    reason: str
    links: dict[str, Any]
    picture_setting: tuple[Any, ...]

    def __call__(self, name: str) -> Markup:
        """The part with the template of a name."""
        if name == "pictures":
            return Markup(self.page.text(self.picture_setting, self.url_state, self.page.picture, self))
        context = {**self.links, "url_state": self.url_state, **self._context(name)}
        return Markup(rendered(f"parts/{name}.html", **context).rstrip())

    def _context(self, name: str) -> dict[str, Any]:
        url_state, trace, translate = self.url_state, self.trace, self.page.parts.translate
        match name:
            case "run_summary":
                return {"run_summary": run_summary(trace), "reason": self.reason}
            case "input_preview":
                highlighted = highlighted_by(self.page.side_page(url_state))
                return {"input": input_preview(url_state, highlighted, translate)}
            case "warnings":
                return {"warnings": [*not_finite(trace, translate), *coincidences(url_state.sizes, translate)]}
            case "local_note":
                return {"is_local": is_for_this_machine(self.page.request), "room": self.page.room}
            case "player_ticks":
                return {"ticks": ticks_of(url_state.time_step - 1)}
            case "operation_timeline":
                return {"timeline": timeline(url_state, trace)}
            case "values_table" | "values_summary":
                return {"tensor": self._tensor, "values": self._values}
        return {"note": self._note}  # or a part of it

    @cached_property
    def _note(self) -> Note:
        return NOTES[self.url_state.view](self.url_state, self.trace, self.page.parts.translate)

    @cached_property
    def _tensor(self) -> Tensor:
        return self.url_state.program.by_id[self.url_state.tensor or self.url_state.program.cell.output]

    @cached_property
    def _values(self) -> Values:
        assert self.trace
        return values(self.url_state, self._tensor, self.trace, self.page.parts.translate)
