"""Renders templates as HTML, in the language of the page, with shortened links."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response

from ...core.axes import Axes
from ...diagram.theme import axis_role
from ...translations.languages import translator
from ...translations.numbers import grouped
from ...translations.phrases import Phrase, phrase, plural
from ...url_state.field_types import BoundedInteger
from ...url_state.url_state import UrlState, texts_of
from ..error_texts import SCRIPT_TEXTS
from ..requests_and_responses.absolute_urls import linked_path
from ..requests_and_responses.installed_files import ROOT, build
from ..requests_and_responses.language import suffix, switches
from ..requests_and_responses.media_types import HTML
from .compiled_templates import CompiledTemplates
from .long_links import linked, shortened
from .parts.formatting import named, shape

_SPECIAL = re.compile("[&<>\"']")


def escaped(value: Any) -> str:
    """A value escaped for HTML. A page has two thousand values, and ``markupsafe.escape`` makes Markup of each, also of
    numbers and texts in which nothing is to be escaped."""
    kind = type(value)
    if kind is Markup or (kind is str and not _SPECIAL.search(value)):
        return value  # type: ignore[no-any-return]
    return str(value) if kind is int or kind is float else escape(value)


class PageTemplate(Template):
    """A template that escapes with ``escaped``."""

    @classmethod
    def from_code(cls, *arguments: Any, **options: Any) -> Template:
        template = super().from_code(*arguments, **options)
        template.root_render_func.__globals__["escape"] = escaped
        return template


class PageContext(Context):
    """The variables of a template, and calls of its functions."""

    def call(self, function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """Call a macro or a function, with the context if it is marked with ``pass_context``. It reads no variables of
        a loop or block, so these are not copied: a page has 500 calls."""
        options.pop("_loop_vars", None)
        options.pop("_block_vars", None)
        if hasattr(function, "jinja_pass_arg"):
            return function(self, *arguments, **options)
        return function(*arguments, **options)


class PageEnvironment(Environment):
    """Loads such templates."""

    template_class, context_class = PageTemplate, PageContext


def stops(state: UrlState, field: BoundedInteger, most: int = 0) -> list[int]:
    """The stops of the slider of a size that the equations allow, up to ``most`` if that is not 0."""
    return state.fitting(field.name, field.stops(most))


FOLDER = ROOT / "templates"

templates = PageEnvironment(
    loader=FileSystemLoader(FOLDER),
    bytecode_cache=CompiledTemplates(FOLDER / "__pycache__", options=__file__),
    auto_reload=False,  # a page has ten templates, and would look at the time of each file
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.i18n"],
)
templates.filters["breakable"] = lambda name: Markup("/<wbr>").join(name.split("/"))
templates.globals |= {
    "build": build,
    "static": lambda path: linked_path(f"/static/{build()}/{path}"),
    "theme": "",
    "shape": shape,
    "error_texts": SCRIPT_TEXTS,
    "stops": stops,
    "axis_role": axis_role,
}


@pass_context
def _gettext(context: Context, text: str, /, **values: Any) -> Markup:
    """``_("step {t}", t=4)``: a text in the language of the page. Values are escaped, unless they are Markup."""
    return translated(context["lang"], phrase(text, **values) if values else text)


@pass_context
def _ngettext(context: Context, one: str, many: str, n: int, /, **values: Any) -> Markup:
    """``ngettext("{n} row", "{n} rows", 4)``: the same for a text with singular and plural."""
    return translated(context["lang"], plural(one, many, n, **values))


@pass_context
def _if_phrase(context: Context, text: str) -> Markup:
    """``text|translated``: a text in the language of the page if it is a phrase. A name or code is only escaped."""
    return translated(context["lang"], text) if isinstance(text, Phrase) else escape(text)


@pass_context
def _grouped(context: Context, n: int, spec: str = ",") -> str:
    """``1024|grouped``: a number with its thousands in groups, as the language of the page writes it."""
    return translator(context["lang"])(grouped(n, spec))


@pass_context
def _named(context: Context, axes: Axes) -> Markup:
    """``named(axes)``: the names of axes, in the notation of the page."""
    state = context["url_state"]
    return named(axes, state.size_notation, tuple(state.sizes))


def translated(language: str, text: str) -> Markup:
    """A text in a language, escaped."""
    if not isinstance(text, Phrase):
        return _cached(language, "", 0, text)
    if text.is_plain:
        return _cached(language, text.template, text.n, text)
    return Markup(translator(language)(text, escape))


@lru_cache(2**13, typed=True)  # Markup is not escaped
def _cached(language: str, template: str, n: int, text: str) -> Markup:
    """Cached, since pages have the same texts. Phrases with the same English text may have different translations if
    ``template`` or ``n`` differs."""
    translate = translator(language)
    return escape(translate(text)) if isinstance(text, Phrase) else Markup(translate(text, escape))


templates.install_gettext_callables(_gettext, _ngettext)  # type: ignore[attr-defined]
templates.globals["named"] = _named
templates.globals["_"] = _gettext  # Jinja’s own _ looks up gettext at every call
templates.filters["translated"] = _if_phrase
templates.filters["grouped"] = _grouped


def base_context(request: Request, state: UrlState, language: str, here: str) -> dict[str, Any]:
    """The context of templates/base.html."""
    return {"has_rooms": request.app.state.rooms, **link_context(state, language, here)}


def link_context(state: UrlState, language: str, here: str) -> dict[str, Any]:
    """The language of a page, what its links to other pages keep, its path, and whether its link has a query."""
    words = {"lang": language, "kept": suffix(state), "languages": switches(state, language)}
    at = {"root": linked_path(""), "here": escape(linked_path(here))}
    return {**at, "is_state": state.query() != "", **words}


def html(template: str, **context: Any) -> str:
    """A rendered template, with shortened links if the context has a UrlState."""
    texts = texts_of(context["url_state"]) if "url_state" in context else {}
    is_followed = not context.get("is_state")  # templates/base.html says so
    return linked(templates.get_template(template).generate(context), texts, is_followed)


def shortened_page(template: str, *, url_state: UrlState, **context: Any) -> str:
    """A rendered page of a UrlState, whose long texts ``linked`` writes."""
    return shortened(templates.get_template(template).generate(context, url_state=url_state), texts_of(url_state))


def rendered(template: str, **context: Any) -> str:
    """A rendered template, with its links as they are."""
    return templates.get_template(template).render(context)


def render(template: str, status: int = 200, **context: Any) -> Response:
    """A rendered template as a response."""
    return Response(html(template, **context), status, media_type=HTML)
