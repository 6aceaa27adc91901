"""How much of a machine one file may ask for. Knows no formats."""

from dataclasses import dataclass
from typing import Final

from enfilade.images.refusals import refusal
from enfilade.images.scans import count_scans

__all__ = ["DEFAULT_LIMITS", "PIXEL_CEILING", "Limits"]

# Pillow raises DecompressionBombError above this, and that protection stays on (Image.MAX_IMAGE_PIXELS, twice)
PIXEL_CEILING: Final = 178_956_970


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may weigh. Uploads from strangers deserve smaller numbers than one's own collection.

    Frames and pages are not limited, because only the first is read.
    """

    max_bytes: int = 256 * 2**20  # an uncompressed TIFF of 40 megapixels in 16 bits fits
    max_pixels: int = 160_000_000  # a Phase One IQ4 takes 151 megapixels in one shot; 4 bytes each in memory
    min_side: int = 16  # below, nothing is left for a descriptor or a fingerprint to tell apart
    max_scans: int = 100  # libjpeg's own progressive script has 10; each is one more pass over all pixels

    def check_bytes(self, data: bytes) -> None:
        """Raise RefusedImageError when there is nothing to read, or too much."""
        if not data:
            raise refusal("empty_file")
        if len(data) > self.max_bytes:
            detail = f"The file has {len(data):,} bytes; at most {self.max_bytes:,} are taken."
            raise refusal("too_many_bytes", detail)

    def check_size(self, width: int, height: int) -> None:
        """Raise RefusedImageError when the declared size is out of bounds: ask before any pixel is decoded."""
        most = min(self.max_pixels, PIXEL_CEILING)
        if width * height > most:
            detail = f"The picture is {width:,} by {height:,} pixels; at most {most:,} are taken."
            raise refusal("too_many_pixels", detail)
        if min(width, height) < self.min_side:
            detail = f"The picture is {width} by {height} pixels; each side must have {self.min_side} or more."
            raise refusal("too_small", detail)

    def check_scans(self, data: bytes) -> None:
        """Raise RefusedImageError when a JPEG has more scans than a sane encoder writes."""
        if count_scans(data, self.max_scans) > self.max_scans:
            raise refusal("too_many_scans")


DEFAULT_LIMITS: Final = Limits()
