"""One decoder's process, as its worker sees it: started, asked, believed in nothing, killed. Knows no requests."""

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from PIL import Image

from enfilade.errors import RefusedImageError
from enfilade.images import LARGEST_SIDE, REASONS, Crop, Limits
from enfilade.images.refusals import refusal
from server.channel import Channel, GarbledError
from server.errors import DecoderError

__all__ = ["Confined"]

SPARE_SECONDS: Final = 5.0
"""Beyond the time that a file may compute: a processor is shared."""
_START_SECONDS: Final = 20.0
_END_SECONDS: Final = 5.0
_LONGEST_DETAIL: Final = 500
_MOST_BYTES: Final = LARGEST_SIDE * LARGEST_SIDE * 3
# Isolated from the environment, the user's packages and the working directory, it imports from where we do
_PROGRAM: Final = "import sys; sys.path[:] = sys.argv[2:]; from server.decoder import main; main(int(sys.argv[1]))"
_KEPT: Final = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")  # without which Python may not start
_ENVIRONMENT: Final = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
_log = logging.getLogger("enfilade.decoding")


class Confined:
    """A decoder's process; not safe in threads. Starting it raises DecoderError."""

    def __init__(self, niceness: int = 0) -> None:
        ours, theirs = socket.socketpair()
        self._channel = Channel(ours)
        self.asked = 0
        self._in_step = True
        with theirs:
            self._process = self._start(theirs, niceness)
        try:
            self._channel.receive(0, until=time.monotonic() + _START_SECONDS)
        except (OSError, GarbledError) as error:
            self.end()
            status = self._process.returncode
            raise DecoderError(f"The process that reads pictures does not start: status {status}.") from error

    @property
    def lives(self) -> bool:
        """Whether it can be asked: it runs, and owes no answer."""
        return self._in_step and self._process.poll() is None

    def decode(self, data: bytes, limits: Limits, crop: Crop | None, seconds: int) -> Image.Image:
        """Decode as enfilade.images.decode_part does, and raise what it raises; a decoder that fails is ended.

        seconds: of processor time. Raises RefusedImageError.
        """
        self.asked += 1
        self._in_step = False
        until = time.monotonic() + seconds + SPARE_SECONDS
        part = list(asdict(crop).values()) if crop else None
        asked = {"limits": asdict(limits), "crop": part, "seconds": seconds}
        try:
            self._channel.send(asked, data, until=until)
            told, pixels = self._channel.receive(_MOST_BYTES, until=until)
            self._in_step = True
            return _believed(told, pixels)
        except (OSError, GarbledError) as error:
            raise self._blame(data, error) from error

    def end(self) -> None:
        """Kill it. Harmless where it ended before."""
        self._channel.close()
        self._process.kill()
        self._process.wait()

    def _start(self, connection: socket.socket, niceness: int) -> subprocess.Popen[bytes]:
        places = [str(Path(place).absolute()) for place in sys.path]
        words = [sys.executable, "-I", "-S", "-B", "-c", _PROGRAM, str(niceness), *places]
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        try:
            return subprocess.Popen(
                words, stdin=connection.fileno(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/",
                env=kept | _ENVIRONMENT,
                process_group=0,  # not a session: Linux may schedule each on its own, however nice (sched_autogroup)
            )  # fmt: skip
        except OSError as error:
            self._channel.close()
            raise DecoderError(f"The process that reads pictures does not start: {error.strerror}.") from error

    def _blame(self, data: bytes, error: Exception) -> RefusedImageError:
        """Find out how it failed over a file; none that failed is asked again."""
        late = isinstance(error, TimeoutError)
        status = None if late or isinstance(error, GarbledError) else self._status()
        self.end()
        _log.warning("a decoder failed over a file of %d bytes, SHA-256 %s: %s", len(data), sha256(data).hexdigest(),
                     "no answer in time" if late else f"status {status}")  # fmt: skip
        if late or status == -signal.SIGXCPU:
            return refusal("too_much_time")
        return refusal("too_much_memory" if status == -signal.SIGKILL else "broke_decoder")

    def _status(self) -> int | None:
        try:
            return self._process.wait(timeout=_END_SECONDS)
        except subprocess.TimeoutExpired:
            return None


def _believed(told: Mapping[str, Any], pixels: bytes) -> Image.Image:
    """Take an answer for what it must be. Raises RefusedImageError, GarbledError."""
    match told:
        case {"size": [int(width), int(height)]} if (
            0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE and width * height * 3 == len(pixels)
        ):
            return Image.frombytes("RGB", (width, height), pixels)
        case {"reason": str(reason), "detail": str(detail)} if reason in REASONS and len(detail) <= _LONGEST_DETAIL:
            raise RefusedImageError(reason, detail)
    raise GarbledError
