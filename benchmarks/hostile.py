"""Good uploads at a steady rate, alone and then while strangers send all that they can think of."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

from benchmarks.hostile_files import FILES, harmless, seeds
from benchmarks.hostile_requests import REQUESTS, SLOW, send, upload
from benchmarks.processes import Watch
from benchmarks.timing import percentiles
from ingest.studio import catalogue, paint

__all__ = ["run"]

Address = tuple[str, int]
UPLOAD_SECONDS = 5
EACH = 5
"""Works of each hand: enough for a collection that is calibrated."""
SLOW_AT_ONCE = 32
STRANGER = "127.0.0.2"
"""Where the hostile ones come from, all of them; the good ones come from 127.0.0.1."""
SHARES = {"bombs": 0.05, "requests": 0.08, "slow": 0.02}


def run(uploads: int, folder: Path | None, *, at_once: int, rate: int, alone: int, seed: int) -> dict[str, Any]:
    """Serve a small collection, send good uploads alone for so many seconds, and then beside hostile ones.

    rate: good uploads a second. at_once: hostile ones at a time, slow senders not counted. Milliseconds.
    """
    with _served() as (process, address):
        watch = Watch(process.pid)
        for _ in range(20):
            _good(address)
        good = {"alone": _steadily(address, rate, lambda: time.sleep(alone))}
        before, kinds = watch.workers(), Counter[tuple[str, int]]()
        with watch.watching():
            good["beside"] = _steadily(
                address, rate, lambda: kinds.update(_hostile(address, uploads, folder, at_once, seed))
            )
        lost = len(before - watch.workers())
    statuses = Counter(status for _, status in kinds.elements())
    answered = [status for status, _ in good["beside"]]
    return {
        "uploads": uploads,
        "statuses": {str(status or "closed"): count for status, count in sorted(statuses.items())},
        "kinds": _by_kind(kinds),
        "server_errors": sum(count for status, count in statuses.items() if status >= 500),  # noqa: PLR2004
        "restarts": lost,
        "good_failed": sum(status != 200 for status in answered),  # noqa: PLR2004
        "peak_mb": watch.peak_mb,
        "peers": {name: {"uploads": len(sent)} | percentiles([one for _, one in sent]) for name, sent in good.items()},
    }


def _by_kind(kinds: Counter[tuple[str, int]]) -> dict[str, dict[str, int]]:
    told: dict[str, dict[str, int]] = {}
    for (kind, status), count in sorted(kinds.items()):
        told.setdefault(kind, {})[str(status or "closed")] = count
    return told


@contextmanager
def _served() -> Iterator[tuple["subprocess.Popen[str]", Address]]:
    """Serve 160 painted works out of a data directory of its own."""
    with tempfile.TemporaryDirectory(prefix="enfilade-benchmark-") as home:
        gallery = Path(home) / "gallery"
        gallery.mkdir()
        for work in (work for work in catalogue() if work.index < EACH):
            paint(work).save(gallery / work.file, quality=90)
        given = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        given |= {"ENFILADE_HOME": home, "ENFILADE_UPLOAD_SECONDS": str(UPLOAD_SECONDS)}
        words = [sys.executable, "-m", "enfilade"]
        subprocess.run([*words, "ingest", str(gallery)], env=given, check=True, capture_output=True)
        with (Path(home) / "serve.log").open("w") as log:
            process = subprocess.Popen(
                [*words, "serve", "--port", "0"], env=given, stdout=subprocess.PIPE, stderr=log, text=True
            )
            try:
                assert process.stdout  # noqa: S101 — it was asked for
                url = urlsplit(process.stdout.readline().strip())
                yield process, (str(url.hostname), int(url.port or 0))
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(timeout=60)


GOOD = harmless()


def _good(address: Address) -> int:
    return send(address, upload(GOOD))


def _steadily(address: Address, rate: int, meanwhile: Callable[[], object]) -> list[tuple[int, float]]:
    """Send good uploads, each at its own time, until something else is done: their statuses and milliseconds."""
    answers: list[tuple[int, float]] = []
    done, began = Event(), time.perf_counter()

    def ask(due: float) -> None:
        status = _good(address)
        answers.append((status, 1000 * (time.perf_counter() - due)))

    def keep_asking() -> None:
        with ThreadPoolExecutor(32) as threads:
            place = 0
            while not done.wait(max(0.0, began + place / rate - time.perf_counter())):
                threads.submit(ask, began + place / rate)
                place += 1

    asking = Thread(target=keep_asking)
    asking.start()
    meanwhile()
    done.set()
    asking.join()
    return answers


def _hostile(address: Address, uploads: int, folder: Path | None, at_once: int, seed: int) -> list[tuple[str, int]]:
    files = seeds(folder)

    def slow(place: int) -> tuple[str, int]:
        chance = Random(f"{seed} slow {place}")  # noqa: S311
        kind = chance.choice(list(SLOW))
        return kind, send(address, SLOW[kind](chance, files[0]), STRANGER)

    def quick(place: int) -> tuple[str, int]:
        chance = Random(f"{seed} {place}")  # noqa: S311
        if chance.random() < SHARES["requests"]:
            kind = chance.choice(list(REQUESTS))
            return kind, send(address, REQUESTS[kind](chance, chance.choice(files)), STRANGER)
        kind = "bomb" if chance.random() < SHARES["bombs"] else chance.choice(list(FILES)[:-1])
        return kind, send(address, upload(FILES[kind](chance, files)), STRANGER)

    few = round(uploads * SHARES["slow"])
    with ThreadPoolExecutor(SLOW_AT_ONCE) as slow_threads, ThreadPoolExecutor(at_once) as threads:
        slowly = slow_threads.map(slow, range(few))
        return [*threads.map(quick, range(uploads - few)), *slowly]
