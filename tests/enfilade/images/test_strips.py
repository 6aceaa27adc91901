from pathlib import Path

import pytest
from PIL import Image

from enfilade.images import STRIP_SUFFIXES, hang, save_strip


def test_pictures_hang_at_one_height_in_their_order() -> None:
    red, blue = Image.new("RGB", (100, 200), "red"), Image.new("RGB", (300, 100), "blue")
    strip = hang([([red, blue], [0.5])])
    middle = strip.height // 2
    colours = [strip.getpixel((x, middle)) for x in range(strip.width)]
    widths = colours.count((255, 0, 0)), colours.count((0, 0, 255))
    assert widths[1] == pytest.approx(6 * widths[0], abs=3)
    assert colours.index((255, 0, 0)) < colours.index((0, 0, 255))


def test_a_line_of_many_wide_pictures_still_fits_into_a_file(tmp_path: Path) -> None:
    wide = Image.new("RGB", (900, 100), "red")
    strip = hang([([wide] * 20, [0.1] * 19), ([wide], [])])
    save_strip(strip, tmp_path / "strip.webp")
    with Image.open(tmp_path / "strip.webp") as saved:
        assert saved.size == strip.size


@pytest.mark.parametrize("suffix", STRIP_SUFFIXES)
def test_a_strip_is_of_the_format_that_its_name_says(tmp_path: Path, suffix: str) -> None:
    save_strip(hang([([Image.new("RGB", (40, 40))], [])]), tmp_path / f"strip{suffix.upper()}")
    with Image.open(tmp_path / f"strip{suffix.upper()}") as saved:
        assert saved.format == STRIP_SUFFIXES[suffix]
