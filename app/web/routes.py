"""The table of routes: every path, in the order of /openapi.json and /docs, and all that follows from one.

The app, its description, /docs, /robots.txt, security headers, limits, caching and the form of errors read it: nothing
else lists paths.
"""

from .api.figure import diagram_json
from .api.gradients import gradients_json
from .api.poke import poke_json
from .api.rooms import enter, follow, open_room, say
from .api.trace import tensor_json, trace_json
from .api.values import values_json
from .exports.code import code
from .exports.images import diagram_pdf, diagram_png, diagram_svg, diagram_tex, preview_png
from .exports.ipynb import notebook_ipynb
from .exports.standalone import standalone_html
from .exports.table import table
from .exports.weights import weights_npz, weights_safetensors
from .http.caching import CHECKED, FOR_A_WHILE, NEVER
from .http.media_types import BINARY, CSS, CSV, EVENTS, HTML, JSON, PDF, PNG, PYTHON, SVG, TEX, TEXT
from .http.routing import DATA, FILE, FRAME, IMAGE, LIVE, PAGE, PICTURE, PROBE, SCRIPT, STATIC, Route
from .openapi import openapi_json
from .pages import lessons, questions
from .pages.docs import docs
from .pages.embed import embed
from .pages.index import index
from .pages.quiz import quiz, quiz_json
from .pages.room import join, room
from .robots import robots_txt
from .server.health import healthz, readyz
from .server.static import FILES, embed_js, page_css, theme_css
from .sharing.oembed import oembed
from .sharing.qr import PATH, qr

NO_LESSON = {"404": "There is no such lesson."}
NO_QUESTION = {"404": "There is no such question."}
TO_QUESTION = {"307": "To the question with its picture."}
TO_ROOM = {
    "303": "To the room, where a code is given.",
    "404": "The code is none, or this server has no live rooms.",
}
TO_ROOM_ADDRESS = {
    "303": "To the room's one address, where its code is written in another way.",
    "404": "That is no code, or this server has no live rooms.",
}
NOT_EMBEDDED = {"404": "That address is none of this site's pictures.", "501": "Another format than JSON."}
NOT_READY = {"503": "Not ready."}
ELSEWHERE = {"403": "The page that asks is of another site."}
OVER = {"404": "There is no such room, or it is over."}

ROUTES = (
    Route("/", index, PICTURE, HTML, CHECKED),
    Route("/learn", lessons.contents, PAGE, HTML, CHECKED),
    Route("/learn/{slug}", lessons.lesson, PICTURE, HTML, CHECKED, statuses=NO_LESSON),
    Route("/questions", questions.contents, PAGE, HTML, CHECKED),
    Route("/questions/{slug}", questions.question, PICTURE, HTML, CHECKED, statuses=NO_QUESTION),
    Route("/quiz", quiz, PAGE, HTML, CHECKED, statuses=TO_QUESTION),
    Route("/quiz.json", quiz_json, DATA, JSON, FOR_A_WHILE),
    Route("/join", join, PAGE, HTML, CHECKED, statuses=TO_ROOM),
    Route("/room/{code}", room, PAGE, HTML, CHECKED, statuses=TO_ROOM_ADDRESS),
    Route("/docs", docs, PAGE, HTML, CHECKED),
    Route("/diagram.svg", diagram_svg, IMAGE, SVG, FOR_A_WHILE, download="unrolled.svg", inline=True),
    Route("/diagram.png", diagram_png, IMAGE, PNG, FOR_A_WHILE, download="unrolled.png", inline=True),
    Route("/diagram.pdf", diagram_pdf, IMAGE, PDF, FOR_A_WHILE, download="unrolled.pdf", inline=True),
    Route("/diagram.tex", diagram_tex, DATA, TEX, FOR_A_WHILE, download="unrolled.tex", inline=True),
    Route("/preview.png", preview_png, IMAGE, PNG, FOR_A_WHILE),
    Route("/embed", embed, FRAME, HTML, CHECKED),
    Route("/oembed", oembed, DATA, JSON, FOR_A_WHILE, statuses=NOT_EMBEDDED, example="?url={site}"),
    Route("/diagram.json", diagram_json, DATA, JSON, FOR_A_WHILE),
    Route("/trace.json", trace_json, DATA, JSON, FOR_A_WHILE),
    Route("/tensor.json", tensor_json, DATA, JSON, FOR_A_WHILE, example="?tensor=h"),
    Route("/values.json", values_json, DATA, JSON, FOR_A_WHILE, example="?tensor=h"),
    Route("/gradients.json", gradients_json, DATA, JSON, FOR_A_WHILE),
    Route("/poke.json", poke_json, DATA, JSON, FOR_A_WHILE, example="?poke=h_prev"),
    Route("/code", code, DATA, PYTHON, FOR_A_WHILE),
    Route("/weights.npz", weights_npz, DATA, BINARY, FOR_A_WHILE, download="weights.npz"),
    Route("/weights.safetensors", weights_safetensors, DATA, BINARY, FOR_A_WHILE, download="weights.safetensors"),
    Route("/qr.svg", qr, IMAGE, SVG, CHECKED, parameters=(PATH,)),
    Route("/table.csv", table, DATA, CSV, FOR_A_WHILE, download="tensors.csv"),
    Route("/notebook.ipynb", notebook_ipynb, DATA, JSON, CHECKED, download="unrolled.ipynb"),
    Route("/standalone.html", standalone_html, FILE, HTML, CHECKED, download="unrolled.html"),
    Route("/healthz", healthz, PROBE, JSON, NEVER),
    Route("/readyz", readyz, PROBE, JSON, NEVER, statuses=NOT_READY),
    Route("/rooms", open_room, LIVE, JSON, method="POST", statuses=ELSEWHERE),
    Route("/rooms/{code}", enter, LIVE, method="WEBSOCKET"),
    Route("/rooms/{code}/events", follow, LIVE, EVENTS, NEVER, method="POST", statuses=ELSEWHERE | OVER),
    Route("/rooms/{code}", say, LIVE, JSON, NEVER, method="POST", statuses=ELSEWHERE | OVER),
    Route("/openapi.json", openapi_json, DATA, JSON, FOR_A_WHILE, in_schema=False),
    Route("/robots.txt", robots_txt, FILE, TEXT, FOR_A_WHILE, in_schema=False),
    Route("/static/{mark}/theme.css", theme_css, STATIC, CSS, CHECKED, in_schema=False),
    Route("/static/{mark}/page.css", page_css, STATIC, CSS, CHECKED, in_schema=False),
    Route("/static/{build}/js/embed.js", embed_js, SCRIPT, in_schema=False),
    Route("/static/{build}", FILES, STATIC, method="MOUNT", in_schema=False),
)
