"""A picture that tells its corners apart, and a way to store it as any format."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageDraw


@pytest.fixture(scope="session")
def scene() -> Image.Image:
    """Red, green, blue and yellow quarters, clockwise from the upper left; 240 by 160."""
    picture = Image.new("RGB", (240, 160))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 119, 79), fill=(220, 30, 30))
    draw.rectangle((120, 0, 239, 79), fill=(30, 160, 60))
    draw.rectangle((120, 80, 239, 159), fill=(30, 60, 200))
    draw.rectangle((0, 80, 119, 159), fill=(230, 210, 40))
    return picture


@pytest.fixture(scope="session")
def encode() -> Callable[..., bytes]:
    def encode(picture: Image.Image, file_format: str, **options: Any) -> bytes:  # noqa: ANN401
        buffer = io.BytesIO()
        picture.save(buffer, file_format, **options)
        return buffer.getvalue()

    return encode
