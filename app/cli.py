"""The terminal: `unrolled serve` and `unrolled shapes`."""

import argparse
import os
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from app.core.axes import Axes, Sizes, shape, written
from app.frameworks import FRAMEWORKS
from app.frameworks.framework import Framework, Handed, Stored
from app.lan import told, url
from app.process import start_anew
from app.settings import SettingError, from_environment
from app.web.fields import FIELDS, MODEL
from app.web.formulas import formula, in_time
from app.web.kinds import FieldError, Flag, shown
from app.web.log import CONFIGURATION, write
from app.web.metrics import SHARED
from app.web.speech import nearest_words, parameters, refusal
from app.web.view import View, parse, settings_of

ASKED = (*MODEL, FIELDS["layer"], FIELDS["direction"])
"""What `shapes` can be asked: what is computed, and which of its cells is shown."""

GRACE = 8
"""Seconds that answers have to be finished when the server is asked to stop; Docker kills it after 10."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        run: int = options.run(options)
    except SettingError as error:
        print(f"unrolled: {error}", file=sys.stderr)
        return 2
    return run


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="unrolled", description="The shape of every tensor in a recurrent network.")
    commands = parser.add_subparsers(required=True, metavar="command")
    serve_parser = commands.add_parser("serve", help="start the app")
    serve_parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    serve_parser.add_argument("--port", type=_whole_number(1, 65535), default=os.environ.get("PORT", "8000"))
    serve_parser.add_argument(
        "--workers", type=_whole_number(1, 256), default=1, help="processes, one for each core to be used"
    )
    serve_parser.set_defaults(run=serve)
    shapes_parser = commands.add_parser("shapes", help="print the table of tensors")
    for field in ASKED:
        limits = "" if isinstance(field, Flag) else f" ({field.limits})"
        option = "--" + field.name.replace("_", "-")
        argument = shapes_parser.add_argument(option, dest=field.name, metavar="…", help=f"{field.help}{limits}")
        if isinstance(field, Flag):  # the option alone says yes
            argument.nargs, argument.const = "?", field.format(True)
    shapes_parser.add_argument("--json", action="store_true", help="print the trace as JSON")
    shapes_parser.set_defaults(run=shapes)
    return parser


def _whole_number(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"a whole number from {low} to {high} is needed, not {shown(text)}")
        return int(text)

    return parse


def serve(options: argparse.Namespace) -> int:
    """Start uvicorn in a fresh process image, so that the allocator and OpenBLAS see their settings."""
    start_anew()
    import uvicorn
    from uvicorn.config import LOGGING_CONFIG

    from app.web.protocol import Framed, Guarded, allow_many_connections

    allow_many_connections()
    settings = from_environment()
    if fault := _cannot_listen(options.host, options.port):
        print(f"unrolled: cannot listen at {url(options.host, options.port)}: {fault}", file=sys.stderr)
        return 1
    lines, notes = list(told(options.host, options.port, settings.public_url)), list[str]()
    if options.workers > 1 and not settings.rooms_url:
        os.environ["UNROLLED_ROOMS"] = "0"
        notes.append("several workers have no live rooms unless ROOMS_URL names a Redis that keeps them")
    if settings.log:
        write(message="; ".join((lines[0], *notes)))
    else:
        print(*lines, *notes, sep="\n", flush=True)
    with _counting_together(options.workers):
        uvicorn.run(
            "app.main:create_app",
            factory=True,
            http=Guarded,
            ws=Framed,
            host=options.host,
            port=options.port,
            workers=options.workers,
            log_level="warning",
            log_config=CONFIGURATION if settings.log else LOGGING_CONFIG,
            timeout_graceful_shutdown=GRACE,
            server_header=False,
            ws_per_message_deflate=False,
            ws_max_size=2**16,
        )
    return 0


@contextmanager
def _counting_together(workers: int) -> Iterator[None]:
    """Several workers count in files of one folder, so that each can tell of all."""
    if workers == 1:
        yield
        return
    with TemporaryDirectory(prefix="unrolled-") as folder:
        os.environ[SHARED] = folder
        yield


def _cannot_listen(host: str, port: int) -> str:
    """Why an address cannot be had, or nothing: asked before it is printed."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def shapes(options: argparse.Namespace) -> int:
    """Print every tensor with its shape, or the whole trace as JSON."""
    given = [(f.name, text) for f in ASKED if (text := getattr(options, f.name)) is not None]
    try:
        view = parse(given, strict=True)
    except FieldError as error:
        print(f"unrolled: {error.message}", file=sys.stderr)
        return 2
    try:
        print(_trace(view) if options.json else _tables(view), flush=True)
    except BrokenPipeError:  # the reader has enough: `unrolled shapes | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains when it flushes at exit
    return 0


def _trace(view: View) -> str:
    from app.web.answers import json
    from app.web.runs import Runner
    from app.web.trace import trace_document

    return json(trace_document(view, *Runner(from_environment().budget).answer(view))).decode()


Row = tuple[str, ...]


def _tables(view: View) -> str:
    """The tensors of the cell in focus; what goes into the whole stack and comes out; what a framework calls it."""
    tables = [[_tensor_head(view), *_tensors(view)]]
    if len(view.stack.places) > 1:
        tables.append([("all layers", "shape", "axes"), *_arrays(view, FRAMEWORKS["colah"])])
    if view.framework != "colah":
        tables.append([(view.speaks.title, "shape", "axes"), *_arrays(view, view.speaks)])
    told = f"{sum(parameters(view).values()):,} numbers to learn"
    if too_much := from_environment().budget.refusal(view.stack):
        told += f"; shapes only: a run {too_much}"
    return "\n\n".join((*map(_lines, tables), told))


def _tensor_head(view: View) -> Row:
    layer = f" of layer {view.layer}" if view.num_layers > 1 else ""
    direction = f", {view.direction}" if view.bidirectional else ""
    return f"tensor{layer}{direction}", "shape", "axes", "formula"


def _tensors(view: View) -> Iterator[Row]:
    for t in view.program.tensors:
        yield t.id, _numbers(t.axes, view.sizes), written(t.axes), in_time(view, formula(view, t))


def _arrays(view: View, framework: Framework) -> Iterator[Row]:
    """What goes in, what comes out, and the weights, by the framework's names; or that it has no such thing."""
    if missing := refusal(view, framework):
        yield (f"has no such thing: {missing}; nearest: {nearest_words(missing)}",)
        return
    settings, sizes = settings_of(framework, vars(view)), framework.sizes(view.stack)
    arrays: list[Handed | Stored] = [
        framework.takes(view.stack, settings),
        *framework.returns(view.stack, settings),
        *framework.stored(view.stack, settings),
    ]
    for array in arrays:
        yield array.name, _numbers(array.axes, sizes), written(array.axes)


def _numbers(axes: Axes, sizes: Sizes) -> str:
    return " × ".join(map(str, shape(axes, sizes)))


def _lines(rows: Sequence[Row]) -> str:
    """In columns; a sentence, which stands alone in its row, makes none of them wider."""
    columns = [row for row in rows if len(row) > 1]
    widths = [max(len(row[k]) for row in columns) for k in range(len(columns[0]) - 1)]
    return "\n".join("  ".join(map(str.ljust, row, (*widths, 0) if len(row) > 1 else (0,))) for row in rows)
