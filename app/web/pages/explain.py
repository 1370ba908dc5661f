"""/explain: a pasted error message, explained with its picture."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2s

from starlette.requests import Request
from starlette.responses import Response

from ...core.axis_names import axis_name
from ...diagram.charts.two_shapes import role
from ...reading.errors.code_lines.pasted_operations import PastedProgram
from ...reading.errors.explanation import NotFoundError, explain
from ...reading.errors.named_framework import named_framework
from ...reading.errors.pasted_text import PastedText, end_of
from ...reading.pasted_text_limits import MAX_ERROR_BYTES, MAX_ERROR_KILOBYTES
from ...teaching.all_pages import PageId, page_on
from ...translations.languages import translator
from ...translations.phrases import phrase
from ...url_state.url_state import UrlState
from ..requests_and_responses.language import language_of
from ..requests_and_responses.media_types import HTML
from ..requests_and_responses.phone import is_phone
from ..requests_and_responses.posted_form import fields_of, respond_to_form
from ..requests_and_responses.responses import respond_at_once, url_state_of
from ..requests_and_responses.routing import Form
from ..sharing.link_preview import preview
from .parts.error_examples import examples
from .parts.explained_error import TITLES, TYPED_SIZES, answer_to
from .parts.mistakes_without_error import mistakes_without_error
from .questions import Entry, entry, find
from .rendering import base_context, html

FORM = Form(
    {
        "text": f"An error message with its traceback, of which the last {MAX_ERROR_KILOBYTES} KB are read.",
        "reading": "Which of the configurations that fit, counted from 0.",
        "cell": "The cell, if the text does not say it.",
        **{name: f"The {name}, if the text does not say it." for name in TYPED_SIZES},
        "chosen_for": "A digest of the text to which these choices belong; with another text they are ignored.",
    },
    most=4 * MAX_ERROR_BYTES,
)
"""Encoded, most characters of a traceback take one byte, and others three or more."""


SHOWN_BEFORE = 40
"""Lines before a message that the page repeats."""


@dataclass(frozen=True)
class Pasted:
    """What the page repeats: the end of the text before the message, the message, whether only the end of the text was
    read, and the whole text for the form."""

    before: str
    message: str
    is_cut: bool
    text: str


async def contents(request: Request) -> Response:
    """The page where an error message is pasted, with examples."""
    state = url_state_of(request)
    lang = language_of(request, state)
    return await respond_at_once(request, lambda: page(request, state, lang))


async def explained(request: Request) -> Response:
    """The page with the explanation of the text in a form, so that it is in no URL or log."""
    state = url_state_of(request)
    lang = language_of(request, state)
    return await respond_to_form(request, FORM, lambda body: page(request, state, lang, fields_of(body)), HTML)


def page(request: Request, state: UrlState, lang: str, fields: Mapping[str, str] | None = None) -> str:
    """The page: with the answer to a text, or empty."""
    given = fields or {}
    text, is_cut = end_of(given.get("text", ""))
    if given.get("chosen_for", digest(text)) != digest(text):
        given = {}
    context = base_context(request, state, lang, "/explain")
    context |= {
        "preview": preview(request, state, lang, translator(lang)(phrase("Explain an error"))),
        "examples": examples(),
        "mistakes": mistakes_without_error(state, lang),
        "axis_name": axis_name,
        "role": role,
        "most": FORM.most,
        "kilobytes": MAX_ERROR_KILOBYTES,
    }
    if not text.strip():
        return html("explain.html", pasted=None, answer=None, **context)
    try:
        explanation = explain(text)
    except NotFoundError as error:
        pasted = Pasted(last_lines(error.before), error.message, is_cut, text)
        has_code = bool(error.message) and PastedProgram(PastedText(text).source).has_code
        near = nearest_help(state, lang, error.message or text, is_of_message=bool(error.message), has_code=has_code)
        framework = TITLES.get(named_framework(text), "")
        context |= {"failure": error.sentence, "about": error.about, "framework": framework, "near": near}
        context |= {"has_code": has_code}
        return html("explain.html", pasted=pasted, answer=None, **context)
    pasted = Pasted(last_lines(explanation.before), explanation.message, is_cut, text)
    answer = answer_to(explanation, given, state, translator(lang))
    context |= {"chosen_for": digest(text), "on_phone": is_phone(request.headers)}
    return html("explain.html", pasted=pasted, answer=answer, **context)


def digest(text: str) -> str:
    """A short digest of the words of a text; browsers change its line ends."""
    return blake2s(" ".join(text.split()).encode(), digest_size=8).hexdigest()


def last_lines(text: str) -> str:
    """The last lines before a message."""
    return "\n".join(text.rstrip().splitlines()[-SHOWN_BEFORE:])


PRODUCT = re.compile(r"\((\d{1,9})x(\d{1,9}) and (\d{1,9})x(\d{1,9})\)")
"""The shapes of a product, as PyTorch writes them."""

DIRECTIONS = PageId("both-directions")
"""The page about what both directions return."""

NEAREST = PageId("samples-steps-features"), page_on("wrong-features")
"""The pages that help with most shapes."""


OF_SHAPES = re.compile(
    r"\b(?:shapes?|sizes?|dim(?:ension)?s?|ndim|axis|axes|rank|features|channels)\b|\d ?[x×] ?\d", re.IGNORECASE
)
"""A message about sizes."""


def nearest_help(state: UrlState, lang: str, text: str, *, is_of_message: bool, has_code: bool) -> list[Entry]:
    """The pages nearest to a text that has no error of a recurrent network; none for a message about something else, or
    of a program that was pasted and has no recurrent layer."""
    if is_of_message and (has_code or not OF_SHAPES.search(text)):
        return []
    shapes = PRODUCT.search(text)
    is_twice = shapes is not None and int(shapes[2]) == 2 * int(shapes[3])
    found = [*([DIRECTIONS] if is_twice else ()), *find(text, lang)[:2], *NEAREST]
    return [entry(state, place, lang) for place in list(dict.fromkeys(found))[:2]]
