"""Who talks too fast is read later."""

from app.rooms.rate_limit import BURST, RATE, RateLimit


def test_a_teacher_who_drags_a_slider_is_never_made_to_wait() -> None:
    limit = RateLimit()

    assert all(limit.wait(n / 20) == 0 for n in range(1000))


def test_who_sends_without_end_is_read_at_the_rate_and_no_faster() -> None:
    limit, now = RateLimit(), 100.0
    for _ in range(1000):
        now += limit.wait(now)

    assert (1000 - BURST - 1) / RATE <= now - 100 <= (1000 - BURST + 1) / RATE
    assert limit.wait(now + 60) == 0
