import io
from collections.abc import Callable

import pytest
from PIL import Image

from enfilade.images import PREVIEW_SIDE, THUMBNAIL_SIDE, Fit, Rendition, decode, render


def reopened(rendition: Rendition) -> Image.Image:
    image = Image.open(io.BytesIO(rendition.data))
    assert image.format == "JPEG"
    assert image.mode == "RGB"
    assert image.size == (rendition.width, rendition.height)
    assert rendition.media_type == "image/jpeg"
    return image


@pytest.mark.parametrize("size", [(16, 16), (320, 200), (500, 900), (1200, 1200), (3000, 1000), (4000, 16)])
def test_renditions_fit_their_sides_and_are_never_enlarged(size: tuple[int, int], encode: Callable[..., bytes]) -> None:
    thumbnail, preview = render(decode(encode(Image.new("RGB", size, "olive"), "PNG")))
    assert (thumbnail.kind, preview.kind) == ("thumbnail", "preview")
    assert max(reopened(thumbnail).size) == min(max(size), THUMBNAIL_SIDE)
    assert max(reopened(preview).size) == min(max(size), PREVIEW_SIDE)


def test_renditions_carry_no_metadata(scene: Image.Image, encode: Callable[..., bytes]) -> None:
    exif = Image.Exif()
    exif[0x010E] = "a private description"
    data = encode(scene, "JPEG", exif=exif, comment=b"a private comment", xmp=b"<private/>", dpi=(72, 72))
    for rendition in render(decode(data)):
        assert b"private" not in rendition.data
        assert set(reopened(rendition).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_picture_decoded_larger_is_rendered_the_same_size(encode: Callable[..., bytes]) -> None:
    picture = decode(encode(Image.new("RGB", (3000, 2000)), "JPEG"), scale=Fit(3000))
    assert [max(r.width, r.height) for r in render(picture)] == [THUMBNAIL_SIDE, PREVIEW_SIDE]
