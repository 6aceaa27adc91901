"""Uploads over HTTP, from request to answer, beside the article's way over HTTP too. And eight clients at once."""

import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from PIL import Image

from benchmarks import article
from benchmarks.hostile_requests import send, upload
from benchmarks.processes import Watch
from benchmarks.timing import percentiles, take_turns
from ingest.studio import catalogue, paint

__all__ = ["run"]

SIDES = {"12 megapixels": (4000, 3000), "1 megapixel": (1154, 866)}
WARMING, CLIENTS = 3, 8
Address = tuple[str, int]


def run(uploads: int) -> dict[str, Any]:
    """Send baseline JPEGs of two sizes to a server of the collection that the settings name; milliseconds, in turns."""
    files = {name: [_file(number, size) for number in range(4)] for name, size in SIDES.items()}
    with _serving() as (process, address), article.serving() as other:
        peers: dict[str, Callable[[int], object]] = {}
        for name, some in files.items():
            peers[f"enfilade, {name}"] = _each(some, partial(_ask, address))
            peers[f"article, {name}"] = _each(some, partial(_ask, other))
        times = take_turns(peers, range(uploads + WARMING))
        failed, peak = _together(address, files["12 megapixels"], Watch(process.pid), uploads)
    measured = {name: percentiles(taken[WARMING:]) for name, taken in times.items()}
    ratios = {
        name: round(measured[f"article, {name}"]["p50_ms"] / measured[f"enfilade, {name}"]["p50_ms"], 2)
        for name in SIDES
    }
    return {"uploads": uploads, "failed_of_8_clients": failed, "peak_mb": peak, "ratios_p50": ratios, "peers": measured}


def _each(files: list[bytes], ask: Callable[[bytes], object]) -> Callable[[int], object]:
    return lambda task: ask(files[task % len(files)])


def _file(number: int, size: tuple[int, int]) -> bytes:
    """Enlarge a painted work, with the grain of a photograph, to a baseline JPEG."""
    picture = paint(catalogue()[97 * number]).convert("RGB").resize(size, Image.Resampling.BICUBIC)
    grain = np.random.default_rng(number).normal(0, 6, (size[1], size[0], 1))
    buffer = io.BytesIO()
    pixels = np.clip(np.asarray(picture, dtype=np.float32) + grain, 0, 255).astype(np.uint8)
    Image.fromarray(pixels).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


@contextmanager
def _serving() -> Iterator[tuple[subprocess.Popen[str], Address]]:
    words = [sys.executable, "-m", "enfilade", "serve", "--port", "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            where = urlsplit(process.stdout.readline().strip() if process.stdout else "")
            yield process, (where.hostname or "", where.port or 0)
        finally:
            process.terminate()


def _ask(address: Address, data: bytes) -> int:
    status = send(address, upload(data))
    if status != 200:  # noqa: PLR2004
        raise RuntimeError(f"an upload was answered with {status}")
    return status


def _together(address: Address, files: list[bytes], watch: Watch, uploads: int) -> tuple[int, float]:
    """Send uploads from eight clients at once: how many failed, and the most memory that was held."""
    with watch.watching(), ThreadPoolExecutor(CLIENTS) as clients:
        statuses = list(clients.map(lambda task: send(address, upload(files[task % len(files)])), range(4 * uploads)))
    return sum(status != 200 for status in statuses), watch.peak_mb  # noqa: PLR2004
