"""Strangers' files are decoded apart: by a few processes that have nothing to lose, replaced now and then.

In two lanes, so that files which take long keep only their like waiting: most are done in the quick one, and what is
too large for that, or takes too long there, begins again in the slow one, whose process gives way to all others.
"""

from contextlib import suppress
from dataclasses import replace
from threading import BoundedSemaphore
from typing import Final
from weakref import finalize

from PIL import Image

from enfilade.errors import RefusedImageError
from enfilade.images import Crop, Limits
from server.confined import Confined
from server.errors import DecoderError, SlowLaneError

__all__ = ["FILES", "Decoders"]

FILES: Final = 200
"""Files that one process reads, before another takes its place."""
QUICK_PIXELS: Final = 16_000_000
QUICK_AT_ONCE, SLOW_AT_ONCE = 2, 1
QUICK_SECONDS, SLOW_SECONDS = 2, 15
"""Of processor time, for one file."""
QUICK_NICENESS, SLOW_NICENESS = 5, 10
"""What is added to that of the worker: to answer goes before to read, and to read what is quick before the rest."""
SLOW_WAITING: Final = 3
"""Files in the slow lane, with the one that is read: each holds a turn to answer, and most shall be left."""


class Decoders:
    """The decoders of one process, started when they are first needed; safe in threads.

    They end with this object, and with its process, however that ends: a decoder whose worker is gone goes too.
    """

    def __init__(self, limits: Limits) -> None:
        few = min(limits.max_pixels, QUICK_PIXELS)
        self._quick = Lane(replace(limits, max_pixels=few), QUICK_AT_ONCE, QUICK_SECONDS, QUICK_NICENESS)
        self._slow = Lane(limits, SLOW_AT_ONCE, SLOW_SECONDS, SLOW_NICENESS)
        self._waiting = BoundedSemaphore(SLOW_WAITING)
        for lane in (self._quick, self._slow):
            finalize(self, lane.end)

    def decode(self, data: bytes, crop: Crop | None = None) -> Image.Image:
        """Decode an upload, or a part of it: RGB, upright. Raises RefusedImageError, SlowLaneError, DecoderError."""
        try:
            return self._quick.decode(data, crop)
        except RefusedImageError as refused:
            if refused.reason not in {"too_many_pixels", "too_much_time"}:
                raise
        if not self._waiting.acquire(blocking=False):
            raise SlowLaneError
        try:
            return self._slow.decode(data, crop)
        finally:
            self._waiting.release()

    def check(self) -> None:
        """Start one where none is at hand. Raises DecoderError."""
        self._quick.check()


class Lane:
    """Some processes alike, each with a file at a time."""

    def __init__(self, limits: Limits, at_once: int, seconds: int, niceness: int) -> None:
        self._limits = limits
        self._seconds = seconds
        self._niceness = niceness
        self._turns = BoundedSemaphore(at_once)
        self.idle: list[Confined] = []

    def decode(self, data: bytes, crop: Crop | None) -> Image.Image:
        """Decode in turn, in so many seconds. Raises RefusedImageError, DecoderError."""
        with self._turns:
            decoder = self._take()
            try:
                return decoder.decode(data, self._limits, crop, self._seconds)
            finally:
                self._give_back(decoder)

    def check(self) -> None:
        """Start a process where none is at hand. Raises DecoderError."""
        if not self._turns.acquire(blocking=False):
            return  # all are at work
        try:
            self._give_back(self._take())
        finally:
            self._turns.release()

    def end(self) -> None:
        """End those that are at no work."""
        while self.idle:
            self.idle.pop().end()

    def _take(self) -> Confined:
        while self.idle:
            decoder = self.idle.pop()  # the one used last: its memory is warm
            if decoder.lives:
                return decoder
            decoder.end()
        return Confined(self._niceness)

    def _give_back(self, decoder: Confined) -> None:
        """Keep it, or another in its place: whose file ended it waits for that, and not whoever comes next."""
        if not decoder.lives or decoder.asked >= FILES:
            decoder.end()
            with suppress(DecoderError):  # who comes next will be told
                self.idle.append(Confined(self._niceness))
            return
        self.idle.append(decoder)
