"""Count the passes in which a JPEG is stored. Knows no pixels."""

import re
from typing import Final

__all__ = ["count_scans"]

_END_OF_IMAGE: Final = 0xD9
_START_OF_SCAN: Final = 0xDA
_SEQUENTIAL: Final = frozenset({0xC0, 0xC1})
"""Frames, baseline and extended, of which one scan may hold all; libjpeg then refuses any other (jdapimin.c)."""
_PRECISION_AND_SIZE: Final = 5
# In compressed data 0xFF is followed by 0x00 or a restart marker, and may be repeated (ITU-T T.81, B.1.1)
_MARKER: Final = re.compile(rb"\xff([^\x00\x01\xd0-\xd8\xff])")


def count_scans(data: bytes, most: int) -> int:
    """Count the scans of the first picture in the file, stopping once there are more than most.

    Markers are walked, not searched for: thumbnails inside EXIF, and the films that phones append, are no scans. Where
    the first scan holds all of the picture, what is compressed in it need not be walked.
    """
    scans, at, components = 0, 0, -1
    while scans <= most:
        marker = _MARKER.search(data, at)
        if marker is None or data[marker.start() + 1] == _END_OF_IMAGE:
            break
        kind, segment = data[marker.start() + 1], data[marker.end() : marker.end() + 8]
        at = marker.end() + int.from_bytes(segment[:2], "big")
        if kind in _SEQUENTIAL:
            components = int.from_bytes(segment[2 + _PRECISION_AND_SIZE :], "big")
        if kind == _START_OF_SCAN:
            scans += 1
            if scans == 1 and segment[2:3] == bytes([max(components, 0)]):
                break
    return scans
