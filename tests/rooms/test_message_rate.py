"""Messages that arrive too fast are read later."""

from app.rooms.limits import MESSAGE_BURST, MESSAGE_RATE
from app.rooms.message_rate import RateLimit


def test_a_teacher_who_drags_a_slider_is_not_limited() -> None:
    limit = RateLimit()

    assert all(limit.wait(n / 20) == 0 for n in range(1000))


def test_a_client_that_sends_continuously_is_read_at_the_rate() -> None:
    limit, now = RateLimit(), 100.0
    for _ in range(1000):
        now += limit.wait(now)

    assert (1000 - MESSAGE_BURST - 1) / MESSAGE_RATE <= now - 100 <= (1000 - MESSAGE_BURST + 1) / MESSAGE_RATE
    assert limit.wait(now + 60) == 0
