"""The table of routes: every path, in the order of /openapi.json and /docs.

The app, /openapi.json, /docs, /robots.txt, security headers, limits, caching and errors use it: paths are listed
nowhere else.
"""

from ..url_state.text_field_types import MODEL_EXAMPLE
from .api.diagram import diagram_json, template_json
from .api.explain import EXPLAIN_FORM, explain_json
from .api.gradients import gradients_json
from .api.model import model_json
from .api.poke import poke_json
from .api.read import READ_FORM, read_json
from .api.rooms import enter, follow, open_room, say
from .api.trace import tensor_json, trace_json
from .api.training import training_events, training_json
from .api.values import values_json
from .exports.code import code
from .exports.jupyter_notebook import NOTEBOOK_FILE, notebook_ipynb
from .exports.picture_files import (
    MODEL_FILE,
    PDF_FILE,
    PNG_FILE,
    SVG_FILE,
    TEX_FILE,
    diagram_pdf,
    diagram_png,
    diagram_svg,
    diagram_tex,
    model_svg,
)
from .exports.standalone import PAGE_FILE, standalone_html
from .exports.table import TABLE_FILE, table
from .exports.weight_files import NPZ_FILE, SAFETENSORS_FILE, weights_npz, weights_safetensors
from .openapi import openapi_json
from .pages import explain, lessons, questions
from .pages.api_docs import docs
from .pages.cell import cell, gallery_cell
from .pages.embed import embed
from .pages.index import index
from .pages.model import model
from .pages.open_model import OPEN_FORM, open_model, open_source
from .pages.quiz import quiz, quiz_json
from .pages.room import join, room
from .pages.script_data import file_phrases, script_data
from .requests_and_responses.browser_caching import FRESH, REVALIDATED
from .requests_and_responses.media_types import (
    BINARY,
    CSS,
    CSV,
    EVENTS,
    HTML,
    JS,
    JSON,
    PDF,
    PNG,
    PYTHON,
    SVG,
    TEX,
    TEXT,
)
from .requests_and_responses.room_refusals import NO_ROOM
from .requests_and_responses.routing import (
    DATA,
    FILE,
    FRAME,
    IMAGE,
    PAGE,
    PICTURE,
    PROBE,
    ROOM,
    SCRIPT,
    STATIC,
    TRAINING,
    Route,
)
from .robots import robots_txt
from .server.health import healthz, readyz
from .server.static_files import FILES, embed_js, page_css, theme_css
from .sharing.oembed import oembed
from .sharing.preview_image import preview_png
from .sharing.qr import PATH, qr

TO_OWN_PICTURE = {"307": "To the picture that the text is about, if the link names none."}
TO_MODEL = {"303": "To the canonical link, if a form was sent.", "307": "To the page for a model, without one."}
NO_CELL = {"404": "There is no such cell."}
NO_LESSON = {"404": "There is no such lesson."}
NO_QUESTION = {"404": "There is no such question."}
NO_TEXT = {
    "400": "The body is not a JSON object with a text.",
    "415": "The body is not application/json.",
}
NO_FORM = {"415": "The body is not a URL-encoded form."}
TO_QUESTION = {"307": "To the question with its picture."}
TO_ROOM = {
    "303": "To the room, if a code is given.",
    "404": "The code is not valid, or this server has no live rooms.",
}
TO_ROOM_ADDRESS = {
    "303": "To the room's canonical URL, if its code is written in another way.",
    "404": "The code is not valid, or this server has no live rooms.",
}
NOT_EMBEDDED = {"404": "The URL is not a page of this site with a picture.", "501": "A format other than JSON."}
NOT_READY = {"503": "Not ready."}
ELSEWHERE = {"403": "The requesting page belongs to another site."}
OVER = {str(NO_ROOM.status): NO_ROOM.words}

MODEL_QUERY = f"?model={MODEL_EXAMPLE}"

ROUTES = (
    Route("/", index, PICTURE, HTML, REVALIDATED),
    Route("/learn", lessons.contents, PAGE, HTML, REVALIDATED),
    Route("/learn/{slug}", lessons.lesson, PICTURE, HTML, REVALIDATED, statuses=NO_LESSON | TO_OWN_PICTURE),
    Route("/questions", questions.contents, PAGE, HTML, REVALIDATED),
    Route(
        "/questions",
        questions.search_results,
        PAGE,
        HTML,
        method="POST",
        statuses=NO_FORM,
        form=questions.SEARCH_FORM,
    ),
    Route("/questions/{slug}", questions.question, PICTURE, HTML, REVALIDATED, statuses=NO_QUESTION | TO_OWN_PICTURE),
    Route("/explain", explain.contents, PAGE, HTML, REVALIDATED),
    Route("/explain", explain.explained, PAGE, HTML, method="POST", statuses=NO_FORM, form=explain.FORM),
    Route("/quiz", quiz, PAGE, HTML, REVALIDATED, statuses=TO_QUESTION),
    Route("/quiz.json", quiz_json, DATA, JSON, FRESH),
    Route("/join", join, PAGE, HTML, REVALIDATED, statuses=TO_ROOM),
    Route("/room/{code}", room, PAGE, HTML, REVALIDATED, statuses=TO_ROOM_ADDRESS),
    Route("/model", model, PAGE, HTML, REVALIDATED, statuses=TO_MODEL),
    Route("/open", open_model, PAGE, HTML, REVALIDATED),
    Route("/open", open_source, PAGE, HTML, method="POST", statuses=NO_FORM, form=OPEN_FORM),
    Route("/cell", cell, PAGE, HTML, REVALIDATED),
    Route("/cell/{id}", gallery_cell, PAGE, HTML, REVALIDATED, statuses=NO_CELL),
    Route("/docs", docs, PAGE, HTML, REVALIDATED),
    Route("/diagram.svg", diagram_svg, IMAGE, SVG, FRESH, download=SVG_FILE, inline=True),
    Route("/diagram.png", diagram_png, IMAGE, PNG, FRESH, download=PNG_FILE, inline=True),
    Route("/diagram.pdf", diagram_pdf, IMAGE, PDF, FRESH, download=PDF_FILE, inline=True),
    Route("/diagram.tex", diagram_tex, DATA, TEX, FRESH, download=TEX_FILE, inline=True),
    Route("/preview.png", preview_png, IMAGE, PNG, FRESH),
    Route("/embed", embed, FRAME, HTML, REVALIDATED),
    Route("/oembed", oembed, DATA, JSON, FRESH, statuses=NOT_EMBEDDED, example="?url={site}"),
    Route("/diagram.json", diagram_json, DATA, JSON, FRESH),
    Route("/template.json", template_json, DATA, JSON, FRESH),
    Route("/trace.json", trace_json, DATA, JSON, FRESH),
    Route("/tensor.json", tensor_json, DATA, JSON, FRESH, example="?tensor=h"),
    Route("/values.json", values_json, DATA, JSON, FRESH, example="?tensor=h"),
    Route("/gradients.json", gradients_json, DATA, JSON, FRESH),
    Route("/poke.json", poke_json, DATA, JSON, FRESH, example="?poke=h_prev"),
    Route("/training.json", training_json, TRAINING, JSON, FRESH),
    Route("/training", training_events, TRAINING, EVENTS),
    Route("/explain.json", explain_json, DATA, JSON, method="POST", statuses=NO_TEXT, form=EXPLAIN_FORM),
    Route("/read.json", read_json, DATA, JSON, method="POST", statuses=NO_TEXT, form=READ_FORM),
    Route("/model.json", model_json, DATA, JSON, FRESH, example=MODEL_QUERY),
    Route("/model.svg", model_svg, IMAGE, SVG, FRESH, download=MODEL_FILE, inline=True, example=MODEL_QUERY),
    Route("/code", code, DATA, PYTHON, FRESH),
    Route("/weights.npz", weights_npz, DATA, BINARY, FRESH, download=NPZ_FILE),
    Route("/weights.safetensors", weights_safetensors, DATA, BINARY, FRESH, download=SAFETENSORS_FILE),
    Route("/qr.svg", qr, IMAGE, SVG, REVALIDATED, parameters=(PATH,)),
    Route("/table.csv", table, DATA, CSV, FRESH, download=TABLE_FILE),
    Route("/notebook.ipynb", notebook_ipynb, DATA, JSON, REVALIDATED, download=NOTEBOOK_FILE),
    Route("/standalone.html", standalone_html, FILE, HTML, REVALIDATED, download=PAGE_FILE),
    Route("/healthz", healthz, PROBE, JSON),
    Route("/readyz", readyz, PROBE, JSON, statuses=NOT_READY),
    Route("/rooms", open_room, ROOM, JSON, method="POST", statuses=ELSEWHERE),
    Route("/rooms/{code}", enter, ROOM, method="WEBSOCKET"),
    Route("/rooms/{code}/events", follow, ROOM, EVENTS, method="POST", statuses=ELSEWHERE | OVER),
    Route("/rooms/{code}", say, ROOM, JSON, method="POST", statuses=ELSEWHERE | OVER),
    Route("/openapi.json", openapi_json, DATA, JSON, FRESH, in_schema=False),
    Route("/robots.txt", robots_txt, FILE, TEXT, FRESH, in_schema=False),
    Route("/static/{mark}/theme.css", theme_css, STATIC, CSS, in_schema=False),
    Route("/static/{mark}/page.css", page_css, STATIC, CSS, in_schema=False),
    Route("/static/{mark}/data/{lang}.js", script_data, STATIC, JS, in_schema=False),
    Route("/static/{mark}/data/files/{lang}.js", file_phrases, STATIC, JS, in_schema=False),
    Route("/static/{build}/js/embed.js", embed_js, SCRIPT, in_schema=False),
    Route("/static/{build}", FILES, STATIC, method="MOUNT", in_schema=False),
)
