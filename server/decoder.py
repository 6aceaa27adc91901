"""The process in which strangers' files are decoded: it takes one after the other, and knows nothing else.

server.decoding starts it. It imports enfilade.images and with it Pillow: no database, no network, no web framework.
"""

import os
import select
import socket
from threading import Thread
from typing import Any, Final

# All that Pillow imports when it meets a file that needs it, while this process may still read it
from PIL import AvifImagePlugin, Image, ImageColor, ImageFilter, ImagePalette, MpoImagePlugin

from enfilade.errors import RefusedImageError
from enfilade.images import REASONS, Crop, Limits, decode_part
from server.channel import Channel
from server.confinement import bound_room, drop_rights, grant_time

__all__ = ["LARGEST_FILE", "main"]

LARGEST_FILE: Final = 2**31
_CONNECTION: Final = 0
_EARLY: Final = (ImageColor, ImageFilter, ImagePalette, MpoImagePlugin)


def main(niceness: int) -> None:
    """Decode what comes over the descriptor 0, until the worker is gone."""
    os.nice(niceness)
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # so that memory does not grow with the number of processors
    Image.preinit()  # or Pillow would look for its parsers when it may open no file any more
    channel = Channel(socket.socket(fileno=_CONNECTION))
    drop_rights()
    Thread(target=_end_with_worker, daemon=True).start()
    bound_room()
    try:
        channel.send({"ready": True})
        while True:
            asked, data = channel.receive(LARGEST_FILE)
            grant_time(int(asked["seconds"]))
            channel.send(*_answer(asked, data))
    except OSError:  # there is nobody to answer
        return


def _answer(asked: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        pixels = decode_part(data, Limits(**asked["limits"]), Crop(*asked["crop"]) if asked["crop"] else None)
        return {"size": pixels.size}, pixels.tobytes()
    except RefusedImageError as refused:
        return {"reason": refused.reason, "detail": refused.detail}, b""
    except MemoryError:
        return {"reason": "too_much_memory", "detail": REASONS["too_much_memory"]}, b""


def _end_with_worker() -> None:
    """End in the midst of a file too: who asked is gone when the other end of the socket is."""
    watch = select.poll()
    watch.register(_CONNECTION, 0)  # only that it was hung up
    watch.poll()
    os._exit(0)
