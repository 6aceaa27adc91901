"""Bring L, RGB, CMYK and LAB pictures to sRGB. Knows no files and no transparency."""

import io
from functools import lru_cache
from typing import Final

from PIL import Image, ImageCms

__all__ = ["to_srgb"]

_SPACES: Final = {"GRAY": "L", "RGB": "RGB", "CMYK": "CMYK"}  # ICC.1:2022, 7.2.6, as Pillow's modes
_LARGEST_PROFILE: Final = 4 * 2**20  # printers' CMYK profiles have up to 3 MB


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert to RGB in sRGB by the embedded profile; one that is broken or does not fit is ignored.

    Returns the picture itself, not a copy, where there is nothing to do.
    """
    transform = _transform(image.mode, profile)
    if transform is not None:
        return transform.apply(image)
    return image if image.mode == "RGB" else image.convert("RGB")


def _transform(mode: str, profile: bytes | None) -> ImageCms.ImageCmsTransform | None:
    if mode == "LAB":
        return _from_lab()
    if not isinstance(profile, bytes) or not 0 < len(profile) <= _LARGEST_PROFILE:
        return None
    return _from_profile(mode, profile)


@lru_cache(maxsize=1)
def _from_lab() -> ImageCms.ImageCmsTransform:
    # D50, as every Lab in ICC and TIFF; the transform adapts it to the D65 of sRGB
    return _build(ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")), "LAB")


# A collection knows few profiles, and a transform takes longer to build than to apply. Threads may share one:
# Little CMS works on a copy of its one mutable part, the last pixel (cmsxform.c, CachedXFORM).
@lru_cache(maxsize=16)
def _from_profile(mode: str, profile: bytes) -> ImageCms.ImageCmsTransform | None:
    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if _SPACES.get(opened.profile.xcolor_space.strip()) != mode:
            return None
        if "sRGB" in ImageCms.getProfileDescription(opened):
            return None
        return _build(opened, mode)
    except (ImageCms.PyCMSError, OSError):
        return None


def _build(profile: ImageCms.ImageCmsProfile, mode: str) -> ImageCms.ImageCmsTransform:
    # Relative colorimetric with black point compensation, as browsers do: white stays white
    intent, flags = ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.BLACKPOINTCOMPENSATION
    return ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), mode, "RGB", intent, flags)
