"""The words and figures by which a picture is shown. Pure: an image in, text out."""

import math

from enfilade.queries.images import Image

__all__ = ["alternative", "byline", "degrees", "more_of", "proportion", "title", "year"]

# Beyond these a picture would be a line on the wall; it is hung whole on a mat of this proportion.
_NARROWEST, _WIDEST = 0.4, 3.2


def title(image: Image) -> str:
    """Give the title, or say that there is none."""
    return image.title or "Untitled"


def year(image: Image) -> str:
    """Give the year as its source wrote it ("c. 1896"), else as it was understood."""
    given = image.attributes.get("year")
    return given.strip() if isinstance(given, str) and given.strip() else image.year


def byline(image: Image) -> str:
    """Give artist and year, as far as they are known."""
    return ", ".join(part for part in (image.artist, year(image)) if part)


def alternative(image: Image) -> str:
    """Say in one line what an image shows, to those who can't see it."""
    return ", ".join(part for part in (image.title or f"Untitled picture {image.id}", byline(image)) if part)


def degrees(distance: float) -> str:
    """Give a distance, an angle in radians, in degrees: 0.3 is "17.2°"."""
    return f"{math.degrees(distance):.1f}°"


def more_of(others: int) -> str | None:
    """Say how many more images show the same work, if any do."""
    return f"and {others:,} more of the same work" if others else None


def proportion(image: Image) -> int:
    """Give width over height in thousandths, within what a wall can bear."""
    return round(1000 * min(max(image.width / image.height, _NARROWEST), _WIDEST))
