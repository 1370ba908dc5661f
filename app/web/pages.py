"""The pages: a View becomes HTML, with the picture already in it."""

from typing import Any

from fastapi import APIRouter, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import Response

from app.core.program import Tensor
from app.core.scan import Trace
from app.diagram.kernel import kernel
from app.diagram.labels import LABELS, shape_line
from app.diagram.layouts.lstm import GATES
from app.diagram.picture import FORMATS, picture
from app.diagram.svg import hit_areas, svg
from app.diagram.theme import DARK, LIGHT, Theme
from app.lessons.presets import PRESETS
from app.lessons.sentence import coincidences, sentence
from app.web.answers import HTML, ROOT, answer, build, view_of
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
templates.globals["build"] = build
templates.filters["mathematics"] = mathematics


def render(template: str, status: int = 200, **context: Any) -> Response:
    return Response(templates.get_template(template).render(context), status, media_type=HTML)


@router.get("/")
async def index(request: Request) -> Response:
    """The page."""
    view = view_of(request, strict=False)
    trace, reason = await request.app.state.runner.run(view)
    page = answer(request, HTML, lambda: templates.get_template("index.html").render(context(view, trace, reason)))
    page.headers["Link"] = f'</trace.json{view.query()}>; rel="alternate"; type="application/json"'
    return page


@router.get("/docs")
async def docs(request: Request) -> Response:
    """The API's own page."""
    return answer(
        request, HTML, lambda: templates.get_template("docs.html").render(fields=FIELDS.values(), routes=ROUTES)
    )


ROUTES = (
    ("/diagram.json", "the picture as a Plotly figure: data and layout"),
    ("/diagram.svg", "the picture as an image"),
    ("/trace.json", "what was recorded: every tensor, its axes, its shape, what made it"),
    ("/tensor.json", "the values of one tensor at one step; give tensor and t"),
    ("/healthz", "liveness"),
)


@router.get("/theme.css")
async def theme_css(request: Request) -> Response:
    """The palette as custom properties, for light and dark."""
    return answer(request, "text/css; charset=utf-8", lambda: f":root{_block(LIGHT)}@media (prefers-color-scheme:dark){{:root{_block(DARK)}}}" + _classes())


def _block(theme: Theme) -> str:
    return "{" + "".join(f"{name}:{colour};" for name, colour in theme.variables().items()) + "}"


def _classes() -> str:
    """Roles as classes: words in the colour of their axis, and the shapes of an SVG that stands in the page."""
    inks = "".join(f".{r}{{color:var(--ink-{r})}}svg .{r}{{fill:var(--ink-{r})}}" for r in LIGHT.ink)
    wires = "".join(f"svg .wire.{r},svg .line.{r}{{stroke:var(--ink-{r});fill:none}}" for r in LIGHT.ink)
    areas = "".join(f"svg .area.{r}{{fill:var(--fill-{r});stroke:var(--edge-{r})}}" for r in LIGHT.edge)
    return inks + wires + areas


def context(view: View, trace: Trace | None, reason: str) -> dict[str, Any]:
    """All that the page shows."""
    program, sizes = view.program, view.sizes
    pictures = {
        name: picture(program, sizes, view["t"], view["labels"], name) for name in FORMATS
    }
    selected = program.by_id[view["tensor"] or program.cell.output]
    parameters = program.parameters(sizes)
    return {
        "view": view,
        "fields": FIELDS,
        "sliders": sliders(),
        "presets": [(p, view.query(**p.sizes, seed=0), p.sizes == sizes) for p in PRESETS],
        "labels": [(choice, view.query(labels=choice)) for choice in LABELS],
        "sentence": sentence(sizes),
        "coincidences": coincidences(sizes),
        "proof": proof(trace),
        "reason": reason,
        "pictures": {
            name: (Markup(svg(p, LIGHT, background=False)), hit_areas(p), p) for name, p in pictures.items()
        },
        "kernel": Markup(svg(kernel(sizes, GATES), LIGHT, background=False)),
        "parameters": parameters,
        "total": sum(parameters.values()),
        "program": program,
        "tensors": [row(view, t) for t in program.tensors],
        "selected": row(view, selected) | detail(view, selected, trace),
        "table": field_table(),
    }


def row(view: View, t: Tensor) -> dict[str, Any]:
    """A tensor as the table and the panel show it."""
    return {
        "tensor": t,
        "link": view.query(tensor=t.id),
        "formula": view.program.formula(t),
        "shape": shape_line(t.axes, view.sizes),
        "sentence": t.sentence(view.sizes),
        "is_selected": view["tensor"] == t.id,
    }


SAMPLE_ROWS, SAMPLE_COLUMNS = 4, 5


def detail(view: View, t: Tensor, trace: Trace | None) -> dict[str, Any]:
    """What made a tensor, what uses it, and the first of its numbers."""
    program = view.program
    links = {"made_from": t.inputs, "used_by": program.used_by[t.id]}
    found: dict[str, Any] = {name: [(program.by_id[i], view.query(tensor=i)) for i in ids] for name, ids in links.items()}
    if trace is None:
        return found | {"values": None}
    values = trace.array(t.id, view["t"])
    table = values.reshape(-1, values.shape[-1])
    return found | {
        "values": table[:SAMPLE_ROWS, :SAMPLE_COLUMNS].tolist(),
        "more": table.shape[0] > SAMPLE_ROWS or table.shape[1] > SAMPLE_COLUMNS,
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
