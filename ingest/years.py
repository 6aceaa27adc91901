"""Read the years that catalogues write: "c. 1896", "1768-1770", "1650-52", "1610s", "17th century"."""

import re

__all__ = ["parse_years"]

_YEAR = re.compile(r"(?:(?<=^)-)?\d{3,4}")
_DATE = re.compile(r"\b(\d{4})-(?:0[1-9]|1[0-2])-\d{2}")
_SPAN = re.compile(r"(\d{3,4})\s*(?:[-–/]|to|and|or)\s*(?:c(?:a|irca)?\.?\s*)?(\d{1,4})")
_DECADE = re.compile(r"(\d{3}0)\s*['’]?s")
_CENTURY = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?(?:\s*[-–]\s*(\d{1,2}))?(?:st|nd|rd|th)\s+c(?:ent(?:ury|uries)?)?\b\.?"
)
_BEFORE_CHRIST = re.compile(r"\bb\.?\s*c\.?(?:\s*e\.?)?(?![a-z])", re.IGNORECASE)


def parse_years(text: str) -> tuple[int, int] | None:
    """Read the first and the last year meant, years before Christ as negative; None where no year can be read."""
    years = _parse_common_era(text.lower())
    if years and _BEFORE_CHRIST.search(text):
        return -max(years), -min(years)
    return years


def _parse_common_era(text: str) -> tuple[int, int] | None:
    if found := _DATE.search(text):
        return int(found[1]), int(found[1])
    if found := _CENTURY.search(text):
        first, last = int(found[1]), int(found[2] or found[1])
        return _ordered((first - 1) * 100 + 1, last * 100)
    if found := _DECADE.search(text):
        return int(found[1]), int(found[1]) + (99 if found[1].endswith("00") else 9)
    if found := _SPAN.search(text):
        # "1650-52" leaves out what both share.
        shared = found[1][: max(len(found[1]) - len(found[2]), 0)]
        first, last = int(found[1]), int(shared + found[2])
        # "2004-12" is a month, and "1770-1768" a slip.
        return (first, first) if shared and last < first else _ordered(first, last)
    if found := _YEAR.search(text):
        return int(found[0]), int(found[0])
    return None


def _ordered(first: int, last: int) -> tuple[int, int]:
    return min(first, last), max(first, last)
