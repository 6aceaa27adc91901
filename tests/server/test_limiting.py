"""An address sends so many uploads a minute, counted for all processes together."""

import os

import pytest

from server.errors import TooManyUploadsError
from server.limiting import Limiter


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("server.limiting.time", clock)
    return clock


def passes(limiter: Limiter, address: str, times: int) -> int:
    passed = 0
    for _ in range(times):
        try:
            limiter.check(address)
        except TooManyUploadsError:
            continue
        passed += 1
    return passed


def test_a_burst_of_a_minute_passes_and_then_one_at_a_time(clock: Clock) -> None:
    limiter = Limiter(6)
    assert passes(limiter, "203.0.113.1", 20) == 6
    assert passes(limiter, "203.0.113.2", 20) == 6
    clock.now += 10
    assert passes(limiter, "203.0.113.1", 20) == 1
    clock.now += 3600
    assert passes(limiter, "203.0.113.1", 20) == 6


def test_the_time_to_wait_is_told_and_is_enough(clock: Clock) -> None:
    limiter = Limiter(6)
    passes(limiter, "203.0.113.1", 6)
    with pytest.raises(TooManyUploadsError) as refused:
        limiter.check("203.0.113.1")
    assert 0 < refused.value.seconds <= 10
    clock.now += refused.value.seconds
    limiter.check("203.0.113.1")


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "", "unix:"])
@pytest.mark.usefixtures("clock")
def test_this_machine_is_exempt(address: str) -> None:
    assert passes(Limiter(1), address, 5) == 5


@pytest.mark.usefixtures("clock")
def test_a_household_counts_as_one_and_zero_means_no_limit() -> None:
    limiter = Limiter(2)
    assert passes(limiter, "2001:db8:1:2::1", 1) + passes(limiter, "2001:db8:1:2:ffff::9", 5) == 2
    assert passes(limiter, "2001:db8:1:3::1", 5) == 2
    assert passes(limiter, "203.0.113.9", 1) + passes(limiter, "::ffff:203.0.113.9", 5) == 2
    assert passes(Limiter(0), "203.0.113.1", 50) == 50


def test_forked_workers_count_together() -> None:
    limiter = Limiter(4)
    passed = 0
    for _ in range(3):
        child = os.fork()
        if child == 0:
            os._exit(passes(limiter, "203.0.113.1", 3))
        passed += os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert passed == 4
