"""The documentation states the limits of the code."""

from pathlib import Path

import pytest

from app.core.work_limits import MEGA, Budget
from app.rooms.limits import (
    CODES_TRIED,
    CODES_TRIED_RATE,
    LIFETIME,
    MAX_ANSWER_LENGTH,
    MAX_MESSAGE_LENGTH,
    MESSAGE_RATE,
    MESSAGES,
    ROOMS_OPENED,
    ROOMS_OPENED_RATE,
    UNUSED_LIFETIME,
    RoomLimits,
)
from app.settings import Settings
from app.teaching.quiz.answered_shape import MAX_AXES, MAX_FACTORS, MAX_LENGTH, MAX_TERMS, MAX_TOKENS
from app.url_state.fields.input_fields import MAX_TEXT_LENGTH
from app.web import limits_and_timeouts as limits
from app.web.api.explain import EXPLAIN_FORM
from app.web.api.read import READ_FORM
from app.web.pages.open_model import OPEN_FORM
from app.web.pages.questions import SEARCH_FORM
from app.web.server import connections
from app.web.server.fair_parsing import AT_ONCE
from app.web.server.token_bucket import CLIENTS

DOCS = Path(__file__).parents[1] / "docs"
WORDS = {1: "one", 4: "four", 10: "ten"}
KB = 2**10

rate, hours, minutes = (
    f"{MESSAGE_RATE:.0f} per second",
    WORDS[round(LIFETIME / 3600)],
    WORDS[round(UNUSED_LIFETIME / 60)],
)
opened = f"{ROOMS_OPENED} rooms, or enter {CODES_TRIED} wrong codes, in a burst"
then = f"then {WORDS[ROOMS_OPENED_RATE]} per second"
url, head, body = (f"{bytes // KB} KB" for bytes in (limits.LONGEST_ADDRESS, limits.LONGEST_HEAD, limits.MOST_BODY))
form = (
    f"({SEARCH_FORM.most // KB} KB for the forms of `/questions` and `/explain`, "
    f"{EXPLAIN_FORM.most // KB} KB for `/explain.json`, {READ_FORM.most // KB} KB for `/read.json`, "
    f"{OPEN_FORM.most // KB} KB for the form of `/open`)"
)
rooms = RoomLimits()
answers = f"{rooms.answer_bytes // MEGA} MB", f"{rooms.answer_bytes_per_room // 1000} KB"

STATED = {
    "rooms.md": (
        f"after {hours} hours without a change by the teacher, or after {minutes} minutes if nobody has led it",
        f"at most {rooms.rooms:,} rooms, with {rooms.members:,} members each",
        f"one client, that is one IP address, may have {rooms.rooms_per_owner} of them",
        f"for almost {hours} hours",
        f"may have {limits.CONCURRENT_REQUESTS:,} connections to rooms",
        f"The answers in all rooms take at most {answers[0]}, those in one room {answers[1]}",
        f"A message has at most {MAX_MESSAGE_LENGTH:,} characters and {limits.MOST_FRAGMENTS} fragments",
        f"more than {MESSAGE_RATE:.0f} frames per second",
        f"a burst of {MESSAGES:,} times, then {rate}",
        f"reads nothing for {limits.WRITE_TIMEOUT:.0f} seconds",
    ),
    "deploy.md": (
        f"a burst of {limits.CPU_BURST:.0f} seconds, then `UNROLLED_CLIENT_SHARE` percent",
        f"can open {opened}, {then}",
        f"can have {rooms.rooms_per_owner} rooms, {limits.CONCURRENT_REQUESTS:,} connections to rooms, "
        f"and {limits.CONCURRENT_REQUESTS:,} other requests",
        f"Queries of more than {limits.SLOW_QUERY // KB} KB are parsed one at a time",
        f"up to {limits.PARSING_QUEUE:,} may wait",
        f"parsed {WORDS[AT_ONCE]} pieces (of at most {connections.PIECE_OF_HEAD // KB} KB, "
        f"on WebSockets {connections.PIECE} bytes)",
        f"complete after {limits.READ_TIMEOUT:.0f} seconds, with at most {limits.MOST_HEADERS} headers, "
        f"{limits.MOST_FIELDS} fields in its query, {head} of URL and headers, of which {url} for the URL, "
        f"and a body of {body} {form}",
        f"reads nothing of a response for {limits.WRITE_TIMEOUT:.0f} seconds",
        f"({limits.REJECTIONS} times in a burst, then {limits.REJECTIONS_RATE} times per second)",
        f"with {limits.RESPONSES_SHARE // MEGA} MB of unread responses",
    ),
    "security.md": (
        f"{MESSAGE_RATE:.0f} frames of any kind per second",
        f"a burst of {CODES_TRIED} wrong codes, then {WORDS[CODES_TRIED_RATE]} per second",
        f"a burst of {ROOMS_OPENED} for each client, {then}; a client may have {rooms.rooms_per_owner} "
        f"of the {rooms.rooms:,} rooms",
        f"{limits.CONCURRENT_REQUESTS:,} connections for each client; {answers[1]} of answers for a room, "
        f"{answers[0]} for all",
        f"an answer has at most {MAX_LENGTH} characters, {MAX_TOKENS} tokens, {MAX_AXES} axes, {MAX_TERMS} terms "
        f"in an axis and {MAX_FACTORS} names in a term",
        f"at most {limits.CONCURRENT_REQUESTS:,} requests of a client in progress",
        f"a burst of {limits.REJECTIONS} rejections and {limits.REJECTIONS_RATE} per second",
        f"it has {CLIENTS:,} entries",
        f"after {limits.WRITE_TIMEOUT:.0f} s without reading",
        f"limits of {url}, {head}, {body} {form}",
        f"not complete after {limits.READ_TIMEOUT:.0f} s",
        f"at most {Settings(Budget()).response_cache // MEGA} MB of responses",
    ),
    "api.md": (f"text of at most {MAX_TEXT_LENGTH:,} characters",),
}


@pytest.mark.parametrize("name", STATED)
def test_a_limit_is_stated_as_it_is(name: str) -> None:
    document = " ".join((DOCS / name).read_text().split())

    assert [statement for statement in STATED[name] if statement not in document] == []


def test_limits_that_belong_together_fit() -> None:
    assert MAX_ANSWER_LENGTH == MAX_LENGTH, "a room accepts what a quiz accepts"
