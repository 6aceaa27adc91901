import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from server.errors import TooManyUploadsError
from server.turns import WAITING, Turns

ONE, OTHER = "192.0.2.1", "192.0.2.2"
HOLD = """
import os, sys
os.cpu_count = lambda: 2
from pathlib import Path
from server.turns import Turns
with Turns(Path(sys.argv[1])).of(sys.argv[2]):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Turns:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    return Turns(tmp_path)


@contextmanager
def held_elsewhere(folder: Path, address: str) -> Iterator["subprocess.Popen[str]"]:
    """Hold a turn in another process."""
    words = [sys.executable, "-c", HOLD, str(folder), address]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def take(turns: Turns, address: str, taken: Event) -> Thread:
    def wait() -> None:
        with turns.of(address):
            taken.set()

    thread = Thread(target=wait, daemon=True)
    thread.start()
    return thread


def test_an_address_has_all_processors_alone_and_half_of_them_beside_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    turns = Turns(tmp_path)
    with ExitStack() as held:
        for _ in range(4):
            held.enter_context(turns.of(ONE))
        with turns.of(OTHER), turns.of(OTHER):
            taken = Event()
            thread = take(turns, OTHER, taken)
            assert not taken.wait(0.2)
        assert taken.wait(20)
        thread.join(timeout=20)


def test_a_household_is_one_address(turns: Turns) -> None:
    with turns.of("2001:db8::1"), turns.of("2001:db8::2"):
        taken = Event()
        thread = take(turns, "2001:db8::3", taken)
        assert not taken.wait(0.2)
        with turns.of("2001:db8:0:1::1"):
            pass
    assert taken.wait(20)
    thread.join(timeout=20)


def test_who_comes_second_waits_for_the_first_and_others_do_not(turns: Turns) -> None:
    taken = Event()
    with turns.of(ONE), turns.of(ONE):
        thread = take(turns, ONE, taken)
        with turns.of(OTHER):
            assert not taken.wait(0.2)
    assert taken.wait(20)
    thread.join(timeout=20)


def test_turns_are_taken_among_processes_and_given_back_by_those_that_die(turns: Turns, tmp_path: Path) -> None:
    taken = Event()
    with turns.of(OTHER):  # so that half of two processors is one
        pass
    with held_elsewhere(tmp_path, ONE) as process:
        thread = take(turns, ONE, taken)
        assert not taken.wait(0.2)
        process.kill()
        assert taken.wait(20)
    thread.join(timeout=20)


def test_no_more_wait_than_there_are_threads_for(turns: Turns) -> None:
    events = [Event() for _ in range(WAITING)]
    with turns.of(ONE), turns.of(ONE):
        threads = [take(turns, ONE, event) for event in events]
        while turns._waiting.total() < WAITING:
            assert not any(event.is_set() for event in events)
        with pytest.raises(TooManyUploadsError), turns.of(ONE):
            pass
        with turns.of(OTHER):
            pass
    for thread in threads:
        thread.join(timeout=20)
    assert all(event.is_set() for event in events)
    assert not turns._waiting


def rests_of(turns: Turns, address: str, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Take a turn, and see for how long the address had to rest first."""
    rests: list[float] = []
    with monkeypatch.context() as patched:
        patched.setattr("server.turns.time.sleep", rests.append)
        with turns.of(address):
            pass
    return rests


def test_an_address_rests_for_as_long_as_it_took_while_others_send(
    turns: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    with turns.of(ONE):
        time.sleep(0.5)
    assert not rests_of(turns, ONE, monkeypatch)  # alone, it may go on
    with turns.of(OTHER):
        pass
    with turns.of(ONE):
        time.sleep(0.5)
    (rest,) = rests_of(turns, ONE, monkeypatch)
    assert 0 < rest <= 0.6
    assert not rests_of(turns, "192.0.2.3", monkeypatch)
