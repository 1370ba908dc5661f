"""The pages: a View becomes HTML, with the picture already in it."""

from typing import Any

import numpy as np
from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from app.core.program import Tensor
from app.core.scan import Trace
from app.diagram.css import style_sheet
from app.diagram.kernel import kernel
from app.diagram.labels import LABELS, LETTERS, shape_line
from app.diagram.picture import FORMATS, picture
from app.diagram.shapes import Line
from app.diagram.svg import hit_areas, svg
from app.diagram.theme import LIGHT
from app.lessons.presets import PRESETS
from app.lessons.sentence import coincidences, sentence
from app.web import api
from app.web.answers import CSS, HTML, ROOT, answer, build, fresh, unchanged, view_of
from app.web.fields import FIELDS, Number
from app.web.mathematics import mathematics
from app.web.view import View, sliders

router = APIRouter()

PAGES = ("/", "/docs")
"""Paths whose answer is for people: they ignore unknown names in the query and explain errors in HTML."""

templates = Environment(
    loader=FileSystemLoader(ROOT / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
templates.globals["static"] = lambda path: f"/static/{build()}/{path}"


def render(template: str, status: int = 200, **context: Any) -> Response:
    return Response(templates.get_template(template).render(context), status, media_type=HTML)


@router.get("/", response_class=HTMLResponse)
async def index(request: Request) -> Response:
    """The page."""
    view = view_of(request, strict=False)
    if known := unchanged(request):
        return known
    trace, reason = await request.app.state.runner.run(view)
    page = fresh(request, HTML, templates.get_template("index.html").render(context(view, trace, reason)))
    page.headers["Link"] = f'</trace.json{view.query()}>; rel="alternate"; type="application/json"'
    return page


@router.get("/docs", response_class=HTMLResponse)
async def docs(request: Request) -> Response:
    """The API's own page."""
    every = (r for r in (*router.routes, *api.router.routes) if isinstance(r, APIRoute) and r.include_in_schema)
    shown = {"fields": FIELDS.values(), "routes": [(r.path, r.description) for r in every]}
    return answer(request, HTML, lambda: templates.get_template("docs.html").render(shown))


@router.get("/theme.css", include_in_schema=False)
async def theme_css(request: Request) -> Response:
    """The colours of the page and of the pictures in it."""
    return answer(request, CSS, style_sheet)


def context(view: View, trace: Trace | None, reason: str) -> dict[str, Any]:
    """All that the page shows."""
    program, sizes = view.program, view.sizes
    pictures = {name: picture(program, sizes, view["t"], view["labels"], name) for name in FORMATS}
    selected = program.by_id[view["tensor"] or program.cell.output]
    return {
        "view": view,
        "fields": FIELDS,
        "sliders": sliders(),
        "letters": LETTERS,
        "presets": [(p, view.query(**p.sizes, seed=0), p.sizes == sizes) for p in PRESETS],
        "labels": [(choice, view.query(labels=choice)) for choice in LABELS],
        "sentence": sentence(sizes),
        "coincidences": coincidences(sizes),
        "proof": proof(trace),
        "reason": reason,
        "pictures": {name: (Markup(svg(p, LIGHT, background=False)), hit_areas(p), p) for name, p in pictures.items()},
        "kernel": Markup(svg(kernel(program, sizes), LIGHT, background=False)),
        "total": sum(program.parameters(sizes).values()),
        "program": program,
        "tensors": [row(view, t) for t in program.tensors],
        "selected": row(view, selected) | sample(view, selected, trace),
        "table": field_table(),
    }


def row(view: View, t: Tensor) -> dict[str, Any]:
    """A tensor as the table and the panel show it."""
    return {
        "tensor": t,
        "link": view.query(tensor=t.id),
        "formula": mathematics(view.program.formula(t), view["t"]),
        "shape": shape_line(t.axes, view.sizes),
        "sentence": t.sentence(view.sizes),
        "is_selected": view["tensor"] == t.id,
        "made_from": [link for i in t.inputs for link in source(view, t, view.program.by_id[i])],
        "used_by": [link for i in view.program.used_by[t.id] for link in user(view, view.program.by_id[i])],
        "weight": weight(view, t),
        "block": mathematics(view.program.block_formula(t), view["t"]),
    }


Link = tuple[Markup, str | None]
"""What to call a tensor, and the query that selects it, if there is such a tensor."""


def source(view: View, t: Tensor, made_from: Tensor) -> list[Link]:
    """Where a tensor comes from: the step before for what is carried, the last step for what is left at the end."""
    if t.op == "carry":
        return [step_link(view, made_from, view["t"] - 1)] if view["t"] else [(Markup("zeros"), None)]
    if t.op == "last":
        return [symbol_link(view, made_from, view["time_step"] - 1)]
    return [symbol_link(view, made_from, view["t"])]


def user(view: View, used_by: Tensor) -> list[Link]:
    """Where the focused step's tensor goes: a state goes to the next step, and from the last one out of the run."""
    last = view["t"] == view["time_step"] - 1
    if used_by.op == "carry":
        return [] if last else [step_link(view, used_by, view["t"] + 1)]
    if used_by.op == "last" and not last:
        return []
    return [symbol_link(view, used_by, view["t"])]


def symbol_link(view: View, t: Tensor, step: int) -> Link:
    return mathematics(t.symbol, step), view.query(tensor=t.id, t=step if t.per_step else view["t"])


def step_link(view: View, t: Tensor, step: int) -> Link:
    return Markup(f"step {step:,}"), view.query(tensor=t.id, t=step)


def weight(view: View, t: Tensor) -> Line | None:
    """For a piece of an affine, the shape of its block of the kernel."""
    if not view.program.block_formula(t):
        return None
    kernel = view.program.by_id[view.program.by_id[t.inputs[0]].inputs[1]]
    return shape_line((kernel.axes[0], t.axes[-1]), view.sizes)


SAMPLE_ROWS, SAMPLE_COLUMNS = 4, 5


def sample(view: View, t: Tensor, trace: Trace | None) -> dict[str, Any]:
    """The first numbers of a tensor, and their range."""
    if trace is None:
        return {"values": None}
    values = trace.array(t.id, view["t"])
    table = np.atleast_2d(values if values.ndim < 3 else values[0])
    return {
        "values": table[:SAMPLE_ROWS, :SAMPLE_COLUMNS].tolist(),
        "more": table[:SAMPLE_ROWS, :SAMPLE_COLUMNS].size < values.size,
        "range": (float(values.min()), float(values.max())),
    }


def proof(trace: Trace | None) -> str:
    """That it really ran: how many operations, how many shapes were confirmed, how long it took."""
    if trace is None:
        return ""
    milliseconds = f"{1000 * trace.seconds:.1f}" if trace.seconds < 0.1 else f"{1000 * trace.seconds:.0f}"
    return f"{trace.operations:,} operations ran, {trace.confirmed:,} shapes confirmed, {milliseconds} ms"


def field_table() -> list[dict[str, Any]]:
    """The table of fields as the browser gets it."""
    return [
        {"name": f.name, "default": f.default}
        | ({"min": f.low, "max": f.high, "stops": f.stops if f.slider else None} if isinstance(f, Number) else {})
        for f in FIELDS.values()
    ]
