"""One place turns errors into answers: a page on a page's path, JSON elsewhere."""

from typing import cast

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.web.answers import JSON, json, refusal
from app.web.fields import FieldError
from app.web.pages import PAGES, render
from app.web.view import nearest


def add_error_answers(app: FastAPI) -> None:
    app.add_exception_handler(FieldError, field_error)
    app.add_exception_handler(HTTPException, http_error)


async def field_error(request: Request, error: Exception) -> Response:
    """422: what is wrong, and on a page the nearest valid link."""
    fault = cast(FieldError, error)
    if request.url.path not in PAGES:
        return refusal(fault)
    link = request.url.path + nearest(request.query_params.multi_items()).query()
    return render("error.html", status=422, title="This link does not fit", message=fault.message, link=link)


async def http_error(request: Request, error: Exception) -> Response:
    """404, 405 and their like, in the same form."""
    fault = cast(HTTPException, error)
    message = {404: f"there is nothing at {request.url.path}"}.get(fault.status_code, str(fault.detail).lower())
    if "text/html" in request.headers.get("accept", ""):
        return render("error.html", status=fault.status_code, title=fault.detail, message=message, link="/")
    body = {"error": {"field": None, "value": request.url.path, "message": message, "allowed": None}}
    return Response(json(body), fault.status_code, headers=fault.headers, media_type=JSON)
