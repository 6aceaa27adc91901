"""Two ingests never write at once."""

import threading

import pytest
from sqlalchemy import Engine

from enfilade.errors import IngestRunningError
from ingest.lock import only_ingest


def test_the_second_is_refused_where_it_will_not_wait(engine: Engine) -> None:
    with only_ingest(engine, "a test", wait=True, on_wait=pytest.fail):
        refused = only_ingest(engine, "a test", wait=False, on_wait=pytest.fail)
        with pytest.raises(IngestRunningError, match="leave out --no-wait"), refused:
            pass
    with only_ingest(engine, "a test", wait=False, on_wait=pytest.fail):
        pass


def test_the_second_says_that_it_waits_and_then_goes_on(engine: Engine) -> None:
    said: list[str] = []
    order: list[str] = []
    waiting = threading.Event()

    def second() -> None:
        def tell(sentence: str) -> None:
            said.append(sentence)
            waiting.set()

        with only_ingest(engine, "a test", wait=True, on_wait=tell):
            order.append("second")

    thread = threading.Thread(target=second)
    with only_ingest(engine, "a test", wait=True, on_wait=pytest.fail):
        thread.start()
        assert waiting.wait(10)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
    assert "a test, since " in said[0]
    assert "Waiting" in said[0]
