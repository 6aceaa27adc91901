"""A search may be by a part of a picture, and by a photograph that is taken for it."""

import io
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from enfilade.images import Crop
from enfilade.schema import rendition
from server.pages.sending import PARTS

Read = Callable[..., BeautifulSoup]


@pytest.fixture
def preview(demo_engine: Engine) -> bytes:
    wanted = select(rendition.c.bytes).where(rendition.c.image_id == 5, rendition.c.kind == "preview")
    with demo_engine.connect() as connection:
        return bytes(connection.execute(wanted).scalar_one())


def parsed(response: TestResponse, status: int = 200) -> BeautifulSoup:
    assert response.status_code == status
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


def bring(visitor: FlaskClient, data: bytes, field: str = "file", **fields: str) -> TestResponse:
    return visitor.post("/search", data={field: (io.BytesIO(data), "mine.jpg"), **fields})


def ids(page: BeautifulSoup) -> list[int]:
    return [int(str(picture["src"]).split("/")[4]) for picture in page.select(".wall img")]


@pytest.mark.parametrize("part", [part for part in PARTS if part])
def test_every_part_that_is_offered_is_a_part(part: str) -> None:
    left, upper, right, lower = Crop.from_text(part).box(100, 100)
    assert (right - left) * (lower - upper) in {5000, 2500}


def test_the_form_offers_parts_and_the_answer_keeps_the_choice(visitor: FlaskClient, preview: bytes) -> None:
    offered = parsed(visitor.get("/search")).select("select[name=crop] option")
    assert [option.text for option in offered] == list(PARTS.values())
    page = parsed(bring(visitor, preview, crop="0,0,0.5,1"))
    assert page.select_one("select[name=crop] option[selected]").text == "The left half"
    assert "this part of your picture" in page.text


def test_a_part_finds_what_the_same_picture_cut_finds(visitor: FlaskClient, preview: bytes) -> None:
    picture, cut = Image.open(io.BytesIO(preview)), io.BytesIO()
    part = Crop(0.25, 0.25, 0.5, 0.5)
    part.of(picture).save(cut, "PNG")
    assert (
        ids(parsed(bring(visitor, preview, crop="0.25,0.25,0.5,0.5")))[:5]
        == ids(parsed(bring(visitor, cut.getvalue())))[:5]
    )


def test_a_part_that_was_marked_is_among_the_choices(visitor: FlaskClient, preview: bytes) -> None:
    chosen = parsed(bring(visitor, preview, crop="0.1000,0.2000,0.3000,0.4000")).select_one("option[data-marked]")
    assert (chosen["value"], chosen.text) == ("0.1000,0.2000,0.3000,0.4000", "The part you marked")
    assert chosen.has_attr("selected")


def test_a_part_that_makes_no_sense_is_told_so(visitor: FlaskClient, preview: bytes) -> None:
    assert "it must be x,y,width,height" in parsed(bring(visitor, preview, crop="0,0,0,1"), 422).main.text
    thin = parsed(bring(visitor, preview, crop="1,0,1,1"), 422)
    assert "each side must have" in thin.select_one("[role=alert]").text


def test_a_photograph_is_taken_as_a_file_is(visitor: FlaskClient, preview: bytes) -> None:
    camera = parsed(visitor.get("/search")).select_one("input[capture]")
    assert (camera["type"], camera["capture"]) == ("file", "environment")
    by_file = ids(parsed(bring(visitor, preview)))
    assert ids(parsed(bring(visitor, preview, str(camera["name"])))) == by_file
    both = {"file": (io.BytesIO(b""), ""), "photograph": (io.BytesIO(preview), "now.jpg")}
    assert ids(parsed(visitor.post("/search", data=both))) == by_file


def test_each_hit_leads_to_more_like_it_under_the_same_filters(visitor: FlaskClient, preview: bytes) -> None:
    page = parsed(bring(visitor, preview, space="style", genre="abstract"))
    links = page.select(".ways a")
    assert len(links) == len(ids(page)) == 48
    asked = parse_qs(urlsplit(str(links[0]["href"])).query)
    assert asked == {"like": [str(ids(page)[0])], "space": ["style"], "genre": ["abstract"]}
    assert parsed(visitor.get(str(links[0]["href"]))).h1.text == "More like this"
