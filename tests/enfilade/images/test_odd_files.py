"""Real files with every oddity, where ENFILADE_TEST_DATA names the directory that holds odd/metadata.csv."""

import csv
import os
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from PIL import Image

from enfilade.errors import RefusedImageError
from enfilade.images import REASONS, Picture, decode, render

ODD: Final = Path(os.environ.get("ENFILADE_TEST_DATA", "")) / "odd"
LISTING: Final = ODD / "metadata.csv"

if not os.environ.get("ENFILADE_TEST_DATA") or not LISTING.exists():
    pytest.skip("ENFILADE_TEST_DATA names no directory with odd/metadata.csv", allow_module_level=True)

with LISTING.open(newline="") as listing:
    ROWS: Final = list(csv.DictReader(listing))


def decode_file(name: str) -> Picture:
    return decode((ODD / name).read_bytes())


def outcome(name: str) -> str:
    """The reason it was refused for, else "taken"."""
    try:
        decode_file(name)
    except RefusedImageError as error:
        return error.reason
    return "taken"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["file"]))
def test_every_odd_file_is_a_picture_or_a_known_refusal(row: dict[str, str]) -> None:
    found = outcome(row["file"])
    if "ERROR" in row["pillow"]:
        assert found in REASONS
    else:
        assert found in {"taken", "unsupported_format", "too_small"}


@pytest.mark.parametrize(
    "row", [row for row in ROWS if outcome(row["file"]) == "taken"], ids=lambda row: str(row["file"])
)
def test_every_odd_picture_can_be_rendered(row: dict[str, str]) -> None:
    picture = decode_file(row["file"])
    assert picture.pixels.mode == "RGB"
    assert all(rendition.data for rendition in render(picture))


@pytest.mark.parametrize("scene", ["landscape", "portrait"])
def test_the_eight_orientations_agree(scene: str) -> None:
    pictures = [decode_file(f"files/exif_{scene}_{orientation}.jpg") for orientation in range(1, 9)]
    first = np.asarray(pictures[0].pixels, np.int16)
    for other in pictures[1:]:
        # Each has its own number painted in the middle, and its own JPEG noise
        assert np.abs(np.asarray(other.pixels, np.int16) - first).mean() < 4
        assert (other.width, other.height) == (pictures[0].width, pictures[0].height)


def test_one_artwork_looks_the_same_however_it_is_stored() -> None:
    plain = np.asarray(decode_file("files/made_png_named.jpg").pixels.convert("RGB"), np.int16)
    grey = np.asarray(Image.fromarray(plain.astype(np.uint8)).convert("L").convert("RGB"), np.int16)
    for name, expected in {
        "made_cmyk_art.jpg": plain,
        "made_exif6_art.jpg": plain,
        "made_prog_art.jpg": plain,
        "made_gray_art.jpg": grey,
        "made_gray16_art.png": grey,
    }.items():
        found = np.asarray(decode_file(f"files/{name}").pixels, np.int16)
        assert np.abs(found - expected).mean() < 6, name
