"""The terminal: `unrolled serve` and `unrolled shapes`."""

import argparse
import codecs
import errno
import gc
import os
import re
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from json import dumps
from logging import getLogger
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NoReturn

from .core.axes import shape, shape_text, written
from .frameworks import OURS
from .frameworks.arrays import IOArray, StoredArray
from .frameworks.stack_in_framework import Model
from .listening_addresses import listen, startup_lines, url
from .process_environment import CANNOT_START, restart_with_settings
from .settings import (
    LOOPBACK,
    Parse,
    SettingError,
    T,
    from_environment,
    non_empty,
    parse_host,
    parse_port,
    unknown_settings,
    whole_number,
)
from .terminal_streams import INTERRUPTED, prepare_streams, print_error, print_lines
from .text_table import text_table
from .translations.numbers import grouped
from .url_state.field_types import FieldError, Flag, quoted
from .url_state.fields import FIELDS
from .url_state.fields.cell_and_size_fields import CELL_AND_SIZES
from .url_state.names_in_framework import nearest_as_text
from .url_state.parsing import parse
from .url_state.url_state import UrlState
from .url_state_to_picture.formulas import formula, in_time
from .url_state_to_picture.run_and_gradients import trace_of

if TYPE_CHECKING:
    from fastapi import FastAPI

OPTIONS = (*CELL_AND_SIZES, FIELDS["layer"], FIELDS["direction"])
"""The options of `shapes`: the model, and the cell to print."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit code."""
    prepare_streams()
    try:
        options = _parser().parse_args(arguments)
        run: int = options.run(options)
    except SettingError as error:
        print_error(error)
        return 2
    except KeyboardInterrupt:
        return INTERRUPTED
    return run


class Parser(argparse.ArgumentParser):
    """Prints an error as one line, and its help to any terminal."""

    def error(self, message: str) -> NoReturn:
        print_error(f"{message} (usage: {self.prog} --help)")
        sys.exit(2)

    def print_help(self, file: object = None) -> None:
        sys.exit(print_lines(self.format_help().rstrip()))


def _parser() -> Parser:
    parser = Parser(prog="unrolled", description="Every tensor shape in an LSTM, GRU or simple RNN.")
    commands = parser.add_subparsers(required=True, metavar="command")
    serve_parser = commands.add_parser("serve", help="start the app")
    serve_parser.add_argument("--host", type=_option(parse_host), help="address to listen on")
    serve_parser.add_argument("--port", type=_option(parse_port), help="port to listen on")
    serve_parser.add_argument(
        "--workers", type=_option(whole_number(1, 256)), default=1, help="number of worker processes"
    )
    serve_parser.set_defaults(run=serve)
    shapes_parser = commands.add_parser("shapes", help="print the table of tensors")
    for field in OPTIONS:
        limits = "" if isinstance(field, Flag) else f" ({field.limits})"
        option = "--" + field.name.replace("_", "-")
        argument = shapes_parser.add_argument(option, dest=field.name, metavar="…", help=f"{field.help}{limits}")
        if isinstance(field, Flag):  # the option alone is true
            argument.nargs, argument.const = "?", field.format(True)
    shapes_parser.add_argument("--json", action="store_true", help="print the trace as JSON")
    shapes_parser.set_defaults(run=shapes)
    return parser


def _option(parse_value: Parse[T]) -> Parse[T]:
    """Parse an option like a setting, with an error that argparse prints."""

    def parse(text: str) -> T:
        try:
            return parse_value(text)
        except ValueError as allowed:
            raise argparse.ArgumentTypeError(f"must be {allowed}, not {quoted(text)}") from None

    return parse


def serve(options: argparse.Namespace) -> int:
    """Start uvicorn in a new process image, so that the allocator and OpenBLAS see their settings."""
    restart_with_settings()
    import uvicorn
    from uvicorn.config import LOGGING_CONFIG
    from uvicorn.supervisors import Multiprocess

    from .web.limits_and_timeouts import LONGEST_FRAME, SHUTDOWN_TIMEOUT
    from .web.server.connections import HttpProtocol, WebSocketProtocol, allow_many_connections
    from .web.server.json_log import CONFIGURATION, write

    allow_many_connections()
    settings = from_environment()
    host = options.host or non_empty("HOST", parse_host, LOOPBACK)
    port = options.port or non_empty("PORT", parse_port, "8000")
    source = "--host" if options.host else "HOST"
    sockets = _listen(host, port, source)
    if not sockets or (settings.metrics and not _can_listen(host, settings.metrics, source)):
        return 1
    lines, warnings = list(startup_lines(host, port, settings.public_url)), list(unknown_settings())
    if options.workers > 1 and not settings.rooms_url:
        os.environ["UNROLLED_ROOMS"] = "0"
        warnings.append("live rooms are off: with several workers they need a Redis in ROOMS_URL")
    if settings.log:
        write(message="; ".join((lines[0], *warnings)))
    else:
        print_lines("\n".join((*lines, *warnings)))
    config = uvicorn.Config(
        f"{__name__}:worker_app",
        factory=True,
        http=HttpProtocol,
        ws=WebSocketProtocol,
        workers=options.workers,
        log_level="warning",
        log_config=CONFIGURATION if settings.log else LOGGING_CONFIG,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=SHUTDOWN_TIMEOUT,
        server_header=False,
        ws_per_message_deflate=False,
        ws_max_size=LONGEST_FRAME,
    )
    if options.workers == 1:
        _serve_metrics(host, settings.metrics)
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets)
        return 0
    with _shared_metrics_folder():
        _serve_metrics(host, settings.metrics)
        gc.enable()  # in this process, which only watches the workers
        workers = Multiprocess(config, sockets)
        workers.run()
    return CANNOT_START if any(worker.exitcode == CANNOT_START for worker in workers.processes) else 0


def _listen(host: str, port: int, source: str) -> list[socket.socket]:
    """Open sockets. If the address is in use, print an error and return an empty list. ``source`` is the name of the
    option or variable that has the host. Raises SettingError if the host is not an address of this computer."""
    try:
        return listen(host, port)
    except OSError as error:
        if isinstance(error, socket.gaierror) or error.errno in (errno.EADDRNOTAVAIL, errno.EINVAL):
            raise SettingError(f"{source} must be an address of this computer, not {quoted(host)}") from None
        print_error(f"cannot listen at {url(host, port)}: {os.strerror(error.errno or 0)}")
        return []


def _can_listen(host: str, port: int, source: str) -> bool:
    sockets = _listen(host, port, source)
    for one in sockets:
        one.close()
    return bool(sockets)


def _serve_metrics(host: str, port: int) -> None:
    """Serve /metrics of all workers on a separate port, if the operator sets one."""
    if port:
        from .web.server.metrics import serve_metrics  # importing it reads PROMETHEUS_MULTIPROC_DIR

        serve_metrics(host, port)


def worker_app() -> "FastAPI":
    """Create the app of a worker. An error here would occur in every worker, so it ends the server."""
    try:
        from .main import create_app

        return create_app()
    except Exception:
        getLogger("uvicorn.error").exception("The app cannot start")
        sys.exit(CANNOT_START)


@contextmanager
def _shared_metrics_folder() -> Iterator[None]:
    """A temporary folder in which several workers store their metrics, so that the total can be reported."""
    try:
        shared = TemporaryDirectory(prefix="unrolled-")
    except OSError:
        raise SettingError("TMPDIR must be a writable folder: the workers share their metrics in it") from None
    with shared as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        yield


def shapes(options: argparse.Namespace) -> int:
    """Print every tensor with its shape, or the trace as JSON."""
    pairs = [(f.name, text) for f in OPTIONS if (text := getattr(options, f.name)) is not None]
    try:
        state = parse(pairs, strict=True)
    except FieldError as error:
        print_error(error.message)
        return 2
    return print_lines(_for_any_encoding(_trace(state)) if options.json else _tables(state))


def _trace(state: UrlState) -> str:
    refusal = from_environment().budget.refusal(state.stack)
    from .web.api.trace import trace_document
    from .web.requests_and_responses.responses import json

    return json(trace_document(state, None if refusal else trace_of(state), refusal or "")).decode()


def _for_any_encoding(text: str) -> str:
    """JSON for the encoding of the terminal: unless that is UTF-8, × becomes ``\\u00d7``."""
    if codecs.lookup(sys.stdout.encoding).name == "utf-8":
        return text
    return re.sub(r"[^\x00-\x7f]", lambda character: dumps(character[0])[1:-1], text)


Row = tuple[str, ...]


def _tables(state: UrlState) -> str:
    """The tables: the tensors of the cell in focus; the inputs, outputs and weights of the stack; the same in the
    chosen framework."""
    tables = [[_tensor_head(state), *_tensors(state)]]
    if len(state.stack.places) > 1:
        tables.append([("all layers", "shape", "axes"), *_arrays(state.model_in(OURS))])
    chosen = state.chosen_model
    if chosen.framework is not OURS:
        tables.append([(chosen.framework.title, "shape", "axes"), *_arrays(chosen)])
    summary = f"{grouped(state.shown_model.parameter_count)} trainable parameters"
    if refusal := from_environment().budget.refusal(state.stack):
        summary += f"; shapes only: a run {refusal}"
    return "\n\n".join((*map(text_table, tables), summary))


def _tensor_head(state: UrlState) -> Row:
    layer = f" of layer {state.layer}" if state.num_layers > 1 else ""
    direction = f", {state.direction}" if state.bidirectional else ""
    return f"tensor{layer}{direction}", "shape", "axes", "formula"


def _tensors(state: UrlState) -> Iterator[Row]:
    for t in state.program.tensors:
        yield t.id, shape_text(t.shape(state.sizes)), written(t.axes), in_time(state, formula(state, t))


def _arrays(model: Model) -> Iterator[Row]:
    """The input, outputs and weights with the framework's names, or the reason why it does not support the model."""
    if unsupported := model.unsupported:
        yield (f"does not support this: {unsupported}; closest: {nearest_as_text(unsupported)}",)
        return
    arrays: list[IOArray | StoredArray] = [model.input, *model.outputs, *model.weights]
    for array in arrays:
        yield array.name, shape_text(shape(array.axes, model.sizes)), written(array.axes)
