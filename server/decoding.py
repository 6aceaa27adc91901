"""Strangers' files are decoded apart: a few processes that have nothing to lose, replaced now and then."""

from threading import BoundedSemaphore
from typing import Final
from weakref import finalize

from PIL import Image

from enfilade.images import Crop, Limits
from server.confined import Confined

__all__ = ["Decoders"]

AT_ONCE: Final = 2
FILES: Final = 200
"""Files that one process reads, before another takes its place."""


class Decoders:
    """The decoders of one process, started when they are first needed; safe in threads.

    They end with this object, and with its process, however that ends: a decoder whose worker is gone goes too.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._idle: list[Confined] = []
        self._turns = BoundedSemaphore(AT_ONCE)
        finalize(self, _end, self._idle)

    def decode(self, data: bytes, crop: Crop | None = None) -> Image.Image:
        """Decode an upload, or a part of it: RGB, upright. Raises RefusedImageError, DecoderError."""
        with self._turns:
            decoder = self._take()
            try:
                return decoder.decode(data, self._limits, crop)
            finally:
                self._give_back(decoder)

    def check(self) -> None:
        """Start one where none is at hand. Raises DecoderError."""
        if not self._turns.acquire(blocking=False):
            return  # all are at work
        try:
            self._give_back(self._take())
        finally:
            self._turns.release()

    def _take(self) -> Confined:
        while self._idle:
            decoder = self._idle.pop()  # the one used last: its memory is warm
            if decoder.lives:
                return decoder
            decoder.end()
        return Confined()

    def _give_back(self, decoder: Confined) -> None:
        if decoder.lives and decoder.asked < FILES:
            self._idle.append(decoder)
        else:
            decoder.end()


def _end(idle: list[Confined]) -> None:
    while idle:
        idle.pop().end()
