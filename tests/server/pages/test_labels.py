"""Every picture has a label, however little is known of it."""

import math
from datetime import UTC, datetime
from typing import Any

import pytest

from enfilade.queries.images import Image
from server.pages import labels


def picture(**known: Any) -> Image:  # noqa: ANN401 — an Image's fields
    nothing = dict.fromkeys(("title", "artist", "year_from", "year_to", "style", "genre", "licence", "hidden_at"))
    size = {"id": 7, "width": 400, "height": 300, "attributes": {}, "ingested_at": datetime.now(UTC), "sources": []}
    return Image(**{**nothing, **size, **known})


def test_a_picture_of_which_nothing_is_known_has_a_label() -> None:
    unknown = picture()
    assert labels.title(unknown) == "Untitled"
    assert labels.byline(unknown) == ""
    assert labels.alternative(unknown) == "Untitled picture 7"


def test_a_label_gives_the_year_as_it_was_written() -> None:
    shown = picture(title="Wave", artist="Ora", year_from=1891, year_to=1901, attributes={"year": "c. 1896"})
    assert labels.alternative(shown) == "Wave, Ora, c. 1896"
    assert labels.byline(picture(year_from=1891, year_to=1901)) == "1891–1901"


@pytest.mark.parametrize(("size", "hung"), [((400, 300), 1333), ((1, 900), 400), ((9000, 10), 3200)])
def test_a_wall_bears_every_proportion(size: tuple[int, int], hung: int) -> None:
    assert labels.proportion(picture(width=size[0], height=size[1])) == hung


def test_angles_are_told_in_degrees() -> None:
    assert labels.degrees(math.pi / 2) == "90.0°"
    assert labels.degrees(0.3) == "17.2°"
