"""Years as catalogues write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.years import parse_years


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("1896", (1896, 1896)),
        ("c. 1896", (1896, 1896)),
        ("ca. 1640", (1640, 1640)),
        ("circa 1640 (?)", (1640, 1640)),
        ("1768-1770", (1768, 1770)),
        ("1768–1770", (1768, 1770)),
        ("1650-52", (1650, 1652)),
        ("1898-9", (1898, 1899)),
        ("1888 or 1889", (1888, 1889)),
        ("between 1500 and 1510", (1500, 1510)),
        ("1610s", (1610, 1619)),
        ("1610's", (1610, 1619)),
        ("1800s", (1800, 1899)),
        ("17th century", (1601, 1700)),
        ("early 17th century", (1601, 1700)),
        ("16th-17th century", (1501, 1700)),
        ("1st century BC", (-100, -1)),
        ("480 BC", (-480, -480)),
        ("500-480 B.C.E.", (-500, -480)),
        ("1770-1768", (1768, 1770)),
        ("850", (850, 850)),
        ("-480", (-480, -480)),
        ("1896-03-15", (1896, 1896)),
        ("1896-03", (1896, 1896)),
        ("", None),
        ("unknown", None),
        ("n.d.", None),
    ],
)
def test_catalogue_years_are_read(text: str, years: tuple[int, int] | None) -> None:
    assert parse_years(text) == years


@given(st.text(max_size=40))
def test_no_text_makes_years_out_of_order(text: str) -> None:
    years = parse_years(text)
    assert years is None or years[0] <= years[1]
