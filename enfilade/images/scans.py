"""Count the passes in which a JPEG is stored. Knows no pixels."""

import re
from typing import Final

__all__ = ["count_scans"]

_END_OF_IMAGE: Final = 0xD9
_START_OF_SCAN: Final = 0xDA
# In compressed data 0xFF is followed by 0x00 or a restart marker, and may be repeated (ITU-T T.81, B.1.1)
_MARKER: Final = re.compile(rb"\xff([^\x00\x01\xd0-\xd8\xff])")


def count_scans(data: bytes, most: int) -> int:
    """Count the scans of the first picture in the file, stopping once there are more than most.

    Markers are walked, not searched for: thumbnails inside EXIF, and the films that phones append, are no scans.
    """
    scans, at = 0, 0
    while scans <= most:
        marker = _MARKER.search(data, at)
        if marker is None or data[marker.start() + 1] == _END_OF_IMAGE:
            break
        scans += data[marker.start() + 1] == _START_OF_SCAN
        at = marker.end() + int.from_bytes(data[marker.end() : marker.end() + 2], "big")
    return scans
