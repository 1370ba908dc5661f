"""/model: a model as a chain of layers, with the shape between each."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ...core.model.text import LARGEST
from ...diagram.model.model_scene import Format
from ...translations.languages import translator
from ...url_state.field_types import Number
from ...url_state.fields import FIELDS, SWITCHES
from ...url_state.fields.cell_and_size_fields import frameworks_with
from ...url_state.parsing import parse
from ...url_state_to_picture.model.model_url_state import RUN_SIZES, ChainUrlState, with_sizes
from ..requests_and_responses.language import language_of, suffix
from ..requests_and_responses.phone import is_phone
from ..requests_and_responses.responses import respond_by_length
from .parts.compared_models import Comparison, comparison
from .parts.model import (
    ChainPicture,
    Crumb,
    LayerRow,
    SizeField,
    Summary,
    chain_picture,
    crumbs,
    frameworks,
    layer_rows,
    proof,
    run_size_fields,
    summary,
    unknown_size_fields,
)
from .parts.model_file_field import model_file_field
from .parts.selected_layer import Selected, selected_layer
from .rendering import base_context, html

SIZE = re.compile(r"size(\d{1,3})", re.ASCII)
"""The name of the field of a size that the model leaves open: with its number in the text of the model."""


FORMATS: tuple[Format, ...] = ("page", "narrow")
"""The formats of the picture, of which the style sheet shows the one that fits."""

MOST_IN_BOTH_FORMATS = 24
"""Up to so many layers a page has the picture in both formats."""


@dataclass(frozen=True)
class ModelPage:
    """What the page about a model shows."""

    chain_state: ChainUrlState
    summary: Summary
    proof: str
    crumbs: list[Crumb]
    pictures: dict[str, ChainPicture]
    rows: list[LayerRow]
    selected: Selected
    run_sizes: list[SizeField]
    unknown_sizes: Sequence[SizeField]
    comparison: Comparison | None
    frameworks: list[tuple[str, str]]


async def model(request: Request) -> Response:
    """A model as a chain of layers."""
    pairs = request.query_params.multi_items()
    chain_state = chain_state_of(pairs)
    if chain_state is None:
        return RedirectResponse("/open" + suffix(parse(pairs, strict=False)), 307)
    if any(SIZE.fullmatch(name) or (name in RUN_SIZES and not text) for name, text in pairs):  # sent by a form
        return RedirectResponse("/model" + chain_state.query(), 303)
    language = language_of(request, chain_state.state)
    return await respond_by_length(request, lambda: model_html(request, chain_state, language))


def chain_state_of(pairs: list[tuple[str, str]]) -> ChainUrlState | None:
    """The model that a form or a link asks for; sizes without a value are not known, and switches of a framework that
    was chosen before are left out. None without a model. Raises FieldError."""
    chosen = {text.strip() for name, text in pairs if name in ("framework", "beside_framework")}
    pairs = [
        (name, text.strip())
        for name, text in pairs
        if (text.strip() or name not in (*RUN_SIZES, "beside"))
        and (name not in SWITCHES or not chosen.isdisjoint(frameworks_with(name)))
    ]
    state = parse(pairs, strict=False)
    sizes = sizes_of(pairs)
    if sizes and state.model:
        filled = with_sizes(state.model, sizes)
        pairs = [(name, filled if name == "model" else text) for name, text in pairs]
        state = parse(pairs, strict=False)
    return ChainUrlState.of(state, pairs) if state.model else None


def sizes_of(pairs: Iterable[tuple[str, str]]) -> dict[int, str]:
    """The sizes in a form that the text of a model leaves open, by their number in it. Raises FieldError."""
    sizes = {}
    for name, text in pairs:
        match, size = SIZE.fullmatch(name), text.strip()
        if match and size:
            Number(1, "", low=1, high=LARGEST, name=name).parse(size)
            sizes[int(match[1])] = size
    return sizes


def model_html(request: Request, chain_state: ChainUrlState, language: str) -> str:
    """The page about a model."""
    return html("model.html", **context_of(request, chain_state, language), code=None)


def context_of(
    request: Request, chain_state: ChainUrlState, language: str, unknown_sizes: Sequence[SizeField] = ()
) -> dict[str, object]:
    """The context of templates/model.html, apart from the source code."""
    context = base_context(request, chain_state.state, language, "/model")
    context["languages"] = [
        (code, name, chain_state.query(lang=code), is_current) for code, name, _, is_current in context["languages"]
    ]
    return {
        **context,
        **model_file_field(),
        "url_state": chain_state.state,
        "page": page_of(chain_state, language, is_phone(request.headers), unknown_sizes),
        "fields": FIELDS,
    }


def page_of(chain_state: ChainUrlState, language: str, is_phone: bool, unknown_sizes: Sequence[SizeField]) -> ModelPage:
    """The parts of the page, by default with fields for the sizes that the model leaves open. Of a model with many
    layers it has one picture, for the visitor's device."""
    translate = translator(language)
    has_both = len(chain_state.layers) <= MOST_IN_BOTH_FORMATS
    formats = FORMATS if has_both else FORMATS[is_phone : is_phone + 1]
    state = chain_state.state
    scenes = [] if state.beside else [chain_state.scene(format, state.part) for format in formats]
    return ModelPage(
        chain_state=chain_state,
        summary=summary(chain_state),
        proof=proof(chain_state),
        crumbs=crumbs(chain_state),
        pictures={scene.format: chain_picture(chain_state, scene, translate) for scene in scenes},
        rows=[] if state.beside else layer_rows(chain_state),
        selected=selected_layer(chain_state, translate),
        run_sizes=run_size_fields(chain_state),
        unknown_sizes=unknown_sizes or unknown_size_fields(chain_state),
        comparison=comparison(chain_state, translate) if state.beside else None,
        frameworks=frameworks(),
    )
