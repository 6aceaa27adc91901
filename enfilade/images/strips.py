"""Hang pictures in lines, what is between them written between them. Knows no paths and no database."""

import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

__all__ = ["STRIP_SUFFIXES", "Line", "hang", "save_strip"]

STRIP_SUFFIXES: Final = {".webp": "WEBP", ".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}

Line = tuple[Sequence[Image.Image], Sequence[float]]
"""Pictures in their order, and the angles in radians between each and the next: one fewer."""

_HEIGHT, _DOOR, _MARGIN = 240, 72, 24  # pixels
_LETTERS = 17
_WIDEST = 16_000  # WebP holds 16,383 (its specification, "Simple File Format")
_PAPER, _INK, _RULE = (250, 248, 244), (60, 56, 50), (170, 162, 150)


def hang(lines: Sequence[Line]) -> Image.Image:
    """Hang lines of pictures below one another, all of one height, with the angles between them in degrees."""
    rows = [_row(*line, _height(*line)) for line in lines]
    width = max(row.width for row in rows) + 2 * _MARGIN
    height = sum(row.height for row in rows) + (len(rows) + 1) * _MARGIN
    strip = Image.new("RGB", (width, height), _PAPER)
    top = _MARGIN
    for row in rows:
        strip.paste(row, (_MARGIN, top))
        top += row.height + _MARGIN
    return strip


def save_strip(strip: Image.Image, path: Path) -> None:
    """Write a strip to a file of the format that its suffix names, one of STRIP_SUFFIXES. Raises OSError."""
    buffer = io.BytesIO()
    strip.save(buffer, STRIP_SUFFIXES[path.suffix.lower()], quality=90)
    path.write_bytes(buffer.getvalue())  # so that a picture that can't be made leaves no file


def _height(pictures: Sequence[Image.Image], angles: Sequence[float]) -> int:
    """Choose the height at which a line is no wider than a file may be."""
    room = _WIDEST - 2 * _MARGIN - _DOOR * len(angles)
    proportions = sum(picture.width / picture.height for picture in pictures)
    return max(1, min(_HEIGHT, math.floor(room / proportions)))


def _row(pictures: Sequence[Image.Image], angles: Sequence[float], height: int) -> Image.Image:
    widths = [max(1, round(picture.width * height / picture.height)) for picture in pictures]
    row = Image.new("RGB", (sum(widths) + _DOOR * len(angles), height), _PAPER)
    draw, font = ImageDraw.Draw(row), ImageFont.load_default(_LETTERS)
    left = 0
    for place, (picture, width) in enumerate(zip(pictures, widths, strict=True)):
        row.paste(picture.convert("RGB").resize((width, height), Image.Resampling.LANCZOS), (left, 0))
        left += width
        if place < len(angles):
            middle = left + _DOOR / 2
            draw.text((middle, height / 2 - 6), f"{math.degrees(angles[place]):.1f}°", _INK, font, anchor="ms")
            draw.line((left + 14, height / 2, left + _DOOR - 14, height / 2), _RULE, 1)
            left += _DOOR
    return row
