"""Pages as HTML: the templates, in the language of the page, with links that are not too long."""

from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape
from starlette.responses import Response

from app.query.view import View, texts_of
from app.translations.languages import translations
from app.translations.phrases import Phrase, phrase, plural, translated
from app.web.http.assets import ROOT, build
from app.web.http.language import suffix, switches
from app.web.http.responses import HTML
from app.web.pages.long_links import linked
from app.web.server.prefix import moved

templates = Environment(
    loader=FileSystemLoader(ROOT / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
templates.filters["breakable"] = lambda name: Markup("/<wbr>").join(name.split("/"))
templates.filters["grouped"] = lambda n: f"{n:,}"
templates.globals |= {
    "lang": "en",
    "language": "",
    "languages": [],
    "here": "/",
    "is_state": False,
    "build": build,
    "static": lambda path: f"/static/{build()}/{path}",
    "theme": "",
}


@pass_context
def _translated(context: Context, text: str, **values: Any) -> Markup:
    """A text in the language of the page, with values put in as they are where they are HTML, and else escaped."""
    said = phrase(text, **values) if values else text
    if isinstance(said, Phrase) and said.is_text:
        return _remembered(context["lang"], said.template, said)
    return _as_html(context["lang"], said)


@lru_cache(2**13)
def _remembered(language: str, template: str, text: str) -> Markup:
    """A picture in four formats names the same tensors. Phrases that read alike in English are told apart by their
    ``template``."""
    return _as_html(language, text)


def _as_html(language: str, text: str) -> Markup:
    return Markup(translated(text, translations(language), escape))


@pass_context
def _said(context: Context, text: str) -> Markup:
    """The same of what may be a name or code, which stays as it is: only a phrase is translated."""
    return _translated(context, text) if isinstance(text, Phrase) else escape(text)


@pass_context
def _counted(context: Context, n: int, one: str, many: str, **values: Any) -> Markup:
    """Of two texts the one for ``n``."""
    return _translated(context, plural(n, one, many, **values))


templates.globals["_"] = _translated
templates.globals["_n"] = _counted
templates.filters["said"] = _said


def base_context(view: View, language: str, here: str) -> dict[str, Any]:
    """What a page with words needs to know of its language, the path where it stands, and whether it is one of the many
    states of that path."""
    words = {"lang": language, "language": suffix(view), "languages": switches(view, language)}
    return {"here": here, "is_state": view.query() != "", **words}


def html(template: str, **context: Any) -> str:
    texts = texts_of(context["view"]) if "view" in context else {}
    return moved(linked(templates.get_template(template).generate(context), texts))


def render(template: str, status: int = 200, **context: Any) -> Response:
    return Response(html(template, **context), status, media_type=HTML)
