"""Each page holds what people came for, and its links keep what was asked for."""

import io
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import Engine, insert, select
from werkzeug.test import TestResponse

from enfilade.queries.images import count_images
from enfilade.schema import image, occurrence, rendition
from enfilade.settings import ServerSettings
from ingest.pipeline import ingest
from ingest.progress import Reporter
from ingest.removal import hide
from ingest.sources.manifest import Manifest
from server.app import create_app
from server.browsing import SORTS

Read = Callable[..., BeautifulSoup]


def only(page: BeautifulSoup | Tag, selector: str) -> Tag:
    found = page.select(selector)
    assert len(found) == 1, (selector, len(found))
    return found[0]


def href(page: BeautifulSoup | Tag, selector: str) -> str:
    return str(only(page, selector)["href"])


def ids(page: BeautifulSoup) -> list[int]:
    """The pictures of a wall or a path, in order."""
    return [int(str(picture["src"]).split("/")[4]) for picture in page.select(".wall img, .rooms img")]


def angles(page: BeautifulSoup) -> list[float]:
    return [float(note.text.rstrip("°")) for note in page.select(".note, .door .angle")]


def parsed(response: TestResponse) -> BeautifulSoup:
    assert response.mimetype == "text/html"
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


def bring(visitor: FlaskClient, data: bytes, **fields: str) -> TestResponse:
    return visitor.post("/search", data={"file": (io.BytesIO(data), "mine.jpg"), **fields})


@pytest.fixture
def preview(demo_engine: Engine) -> bytes:
    """A picture's preview: other bytes than those that were ingested, and the same to look at."""
    wanted = select(rendition.c.bytes).where(rendition.c.image_id == 5, rendition.c.kind == "preview")
    with demo_engine.connect() as connection:
        return bytes(connection.execute(wanted).scalar_one())


@pytest.mark.parametrize("sort", SORTS)
def test_turning_pages_shows_every_picture_once_and_back_again(read: Read, demo_engine: Engine, sort: str) -> None:
    with demo_engine.connect() as connection:
        total = count_images(connection)
    page = read(f"/?sort={sort}")
    assert f"{total:,} pictures" in page.h1.text
    pages = [ids(page)]
    while following := page.select('a[rel="next"]'):
        page = read(following[0]["href"])
        pages.append(ids(page))
    shown = [one for page in pages for one in page]
    assert len(shown) == len(set(shown)) == total
    for expected in reversed(pages[:-1]):
        page = read(href(page, 'a[rel="prev"]'))
        assert ids(page) == expected
    assert not page.select('a[rel="prev"]')


def test_the_wall_says_which_pictures_of_how_many_it_shows(read: Read) -> None:
    page = read("/")
    assert only(page, ".count").text.startswith("1–48 of ")
    assert only(read(href(page, 'a[rel="next"]')), ".count").text.startswith("49–96 of ")


def test_filters_narrow_the_wall_and_are_kept_by_its_links(read: Read) -> None:
    page = read("/?style=Cubism&genre=portrait&year_from=1900&sort=year&q=e")
    assert {option["value"] for option in page.select("option[selected]")} >= {"Cubism", "portrait", "year"}
    assert only(page, "input[name=year_from]")["value"] == "1900"
    assert [chip.text for chip in page.select(".chips bdi")] == ["“e”", "Cubism", "portrait", "from 1900"]
    without = parse_qs(urlsplit(str(page.select(".chips a")[1]["href"])).query)
    assert without == {"q": ["e"], "genre": ["portrait"], "year_from": ["1900"], "sort": ["year"]}
    everything = read("/?genre=abstract&sort=year")
    following = read(href(everything, 'a[rel="next"]'))
    assert only(following, ".chips a").text.startswith("Without abstract")
    assert only(following, "option[selected][value=year]")


def test_a_filters_choice_says_how_many_pictures_it_leaves(read: Read) -> None:
    option = read("/").select("select[name=style] option")[1]
    name, count = option["value"], int(option.text.removesuffix(")").split("(")[1])
    assert read(f"/?style={name}").h1.text == f"{count} pictures"


def test_an_attribute_of_the_manifest_filters_too_and_stays_in_the_form(read: Read, demo_engine: Engine) -> None:
    with demo_engine.connect() as connection:
        hands = connection.scalars(select(image.c.attributes["hand"].astext)).all()
        hand = connection.execute(select(image.c.attributes["hand"].astext).where(image.c.id == 5)).scalar_one()
    page = read(href(read("/images/5"), f'.about a[href$="hand={hand}"]'))
    assert page.h1.text == f"{hands.count(hand)} pictures"
    assert only(page, "form input[type=hidden]")["name"] == "attributes.hand"


def test_where_nothing_meets_the_filters_they_can_be_cleared(read: Read) -> None:
    page = read("/?q=nothing+is+called+this&style=Cubism")
    assert "No picture meets all of this" in page.text
    assert href(page, ".empty a") == "/"


def test_a_picture_is_shown_with_its_label_and_its_neighbours_nearest_first(read: Read, demo_engine: Engine) -> None:
    page = read("/images/5")
    with demo_engine.connect() as connection:
        shown = connection.execute(select(image).where(image.c.id == 5)).one()
        places = connection.scalars(select(occurrence.c.source_uri).where(occurrence.c.image_id == 5)).all()
    for known in (shown.title, shown.artist, str(shown.year_from), shown.style, shown.genre, shown.licence):
        assert known in only(page, ".about").text
    assert "rendition=preview" in only(page, ".picture img")["src"]
    assert len(ids(page)) == 24
    assert 5 not in ids(page)
    assert angles(page) == sorted(angles(page))
    for place in places:  # the server's own files are nobody's business
        assert place.removeprefix("file://").rsplit("/", 1)[0] not in str(page)


def test_a_picture_leads_to_walks_from_it_and_to_it_and_to_more_like_it(read: Read) -> None:
    page = read("/images/5")
    assert [link["href"] for link in page.select(".actions a")] == [
        "/path?source=5", "/path?target=5", "/search?like=5", "/path/random?source=5",
    ]  # fmt: skip


def test_a_picture_that_was_brought_finds_itself_first(visitor: FlaskClient, preview: bytes) -> None:
    page = parsed(bring(visitor, preview))
    assert ids(page)[0] == 5
    assert angles(page)[0] < 10
    assert angles(page) == sorted(angles(page))
    assert len(ids(page)) == 48


def test_a_search_can_be_narrowed(visitor: FlaskClient, preview: bytes) -> None:
    page = parsed(bring(visitor, preview, genre="abstract", year_from="", year_to="", artist=""))
    assert len(ids(page)) == 48
    assert only(page, "select[name=genre] option[selected]")["value"] == "abstract"
    assert "No picture meets these filters" in parsed(bring(visitor, preview, style="No such style")).text


@pytest.mark.parametrize(
    ("data", "status", "sentence"),
    [(b"", 400, "Choose one first"), (b"no picture at all", 415, "not a picture"), (b"%PDF-1.7", 415, "PDF")],
)
def test_a_file_that_is_not_taken_is_told_why(visitor: FlaskClient, data: bytes, status: int, sentence: str) -> None:
    response = bring(visitor, data)
    assert response.status_code == status
    page = parsed(response)
    assert sentence in only(page, "[role=alert]").text
    assert only(page, "input[name=file]")


SPACES = ["kinship", "colour", "content", "style"]


def test_a_search_asks_by_which_likeness_and_answers_by_it(visitor: FlaskClient, preview: bytes) -> None:
    form = parsed(visitor.get("/search"))
    assert [option.text for option in form.select("select[name=space] option")] == SPACES
    found = {space: parsed(bring(visitor, preview, space=space)) for space in SPACES}
    assert len({tuple(ids(page)) for page in found.values()}) == len(SPACES)
    assert only(found["style"], "select[name=space] option[selected]").text == "style"
    assert str(found["style"].select(".wall a")[0]["href"]).endswith("space=style")


def test_a_picture_and_a_walk_lead_to_the_same_in_each_likeness(read: Read) -> None:
    for address in ("/images/7", "/path?source=7&target=400"):
        page = read(address)
        links = page.select("ul[aria-label='Likeness by'] a")
        assert [link.text for link in links] == SPACES
        assert only(page, "ul[aria-label='Likeness by'] [aria-current]").text == "kinship"
        for link in links:
            other = read(str(link["href"]))
            assert only(other, "ul[aria-label='Likeness by'] [aria-current]").text == link.text


def test_a_file_that_is_too_large_is_told_so(demo_engine: Engine, home: Path) -> None:
    small = create_app(demo_engine, home, ServerSettings(max_upload=1024)).test_client()
    response = bring(small, b"x" * 200_000)
    assert response.status_code == 413
    assert "larger than" in only(parsed(response), "[role=alert]").text


def test_two_pictures_are_chosen_by_links_alone(read: Read) -> None:
    first = read("/path")
    start = str(first.select(".wall a")[0]["href"])
    second = read(start)
    assert len(second.select(".ends img")) == 1
    end = str(second.select(".wall a")[1]["href"])
    assert parse_qs(urlsplit(end).query).keys() == {"source", "target"}
    walk = read(end)
    assert ids(walk)[0] == ids(first)[0]
    assert ids(walk)[-1] == ids(second)[1]


def test_the_other_end_is_chosen_under_filters_and_page_by_page(read: Read) -> None:
    page = read("/path?source=3&genre=abstract")
    assert only(page, ".filters input[type=hidden]")["value"] == "3"
    page = read(href(page, 'a[rel="next"]'))
    assert len(page.select(".ends img")) == 1
    assert all("source=3" in str(link["href"]) for link in page.select(".wall a, .chips a"))


def test_a_walk_tells_each_step_the_length_and_the_widest(read: Read) -> None:
    page = read("/path?source=3&target=600")
    steps = angles(page)
    assert len(steps) == len(ids(page)) - 1
    told = only(page, ".heading p").text
    assert f"{len(ids(page))} pictures, {len(steps)} steps" in told
    length = float(told.split("steps, ")[1].split("°")[0])
    assert length == pytest.approx(sum(steps), abs=0.05 * len(steps) + 0.05)
    assert f"the widest step is {max(steps)}°" in told
    assert float(only(page, ".widest .angle").text.rstrip("°")) == max(steps)


def test_a_walk_leads_back_the_same_way_and_to_a_link_that_stays(read: Read) -> None:
    page = read("/path?source=3&target=600")
    assert ids(read("/path?source=600&target=3")) == ids(page)[::-1]
    permanent = href(page, "#permalink")
    assert "graph=" in permanent
    assert ids(read(permanent)) == ids(page)


def test_a_walk_to_where_one_is_asks_for_another_end(read: Read) -> None:
    page = read("/path?source=3&target=3")
    assert "already there" in page.text
    assert len(page.select(".ends img")) == 1
    assert "source=3&target=" in str(page.select(".wall a")[0]["href"])


def test_a_walk_leads_to_the_other_ways_of_walking_and_back_by_the_same_stops(read: Read) -> None:
    page = read("/path?source=3&target=100&via=40&avoid=14")
    assert 40 in ids(page)
    assert 14 not in ids(page)
    modes = {link.text: str(link["href"]) for link in page.select('[aria-label="The way of walking"] a')}
    assert modes.keys() == {"Shortest", "Smooth", "Even"}
    for address in modes.values():
        other = read(address)
        assert 40 in ids(other)
        assert 14 not in ids(other)
    back = next(link for link in page.select(".turns a") if link.text == "Walk back")
    assert ids(read(str(back["href"]))) == ids(page)[::-1]
    for turn in page.select('[aria-label="On condition"] a'):
        assert len(read(str(turn["href"])).select('[aria-label="On condition"] a')) == 1


def test_each_step_is_explained_and_each_inner_picture_can_be_walked_without(read: Read) -> None:
    page = read("/path?source=3&target=100")
    reasons = page.select(".why li")
    assert len(reasons) == len(ids(page)) - 1
    assert all("of the links" in one.text or "Hardly any link" in one.text for one in reasons)
    without = reasons[0].select("a")
    assert ids(page)[1] not in ids(read(str(without[0]["href"])))
    assert not reasons[-1].select("a")


def test_a_stop_is_chosen_from_the_wall(read: Read) -> None:
    page = read("/path?source=3&target=100&mode=smooth")
    choose = next(link for link in page.select(".turns a") if "By way of" in link.text)
    wall = read(str(choose["href"]))
    assert wall.h1.text == "By way of what?"
    stop = wall.select(".wall a")[5]
    chosen = ids(wall)[5]
    walk = read(str(stop["href"]))
    assert chosen in ids(walk)
    assert only(walk, '[aria-label="The way of walking"] [aria-current]').text == "Smooth"


def test_further_walks_are_shown_where_they_are_asked_for(read: Read) -> None:
    page = read("/path?source=3&target=100&alternatives=3")
    assert len(page.select(".rooms")) == 3
    assert len(page.select("h2")) == 2


def test_what_leaves_no_walk_is_told_with_the_way_out(visitor: FlaskClient) -> None:
    answer = visitor.get("/path?source=3&target=100&artist=Ottoline+Vance")
    page = parsed(answer)
    assert answer.status_code == 404
    needed = ids(page)
    assert needed
    walk = parsed(visitor.get(href(page, ".heading .button")))
    assert set(needed) <= set(ids(walk))
    answer = visitor.get("/path?source=3&target=100&between=0")
    page = parsed(answer)
    assert answer.status_code == 422
    assert visitor.get(href(page, ".heading .button")).status_code == 200


def test_a_picture_that_is_brought_is_an_end_of_a_walk(visitor: FlaskClient, home: Path) -> None:
    smaller = io.BytesIO()
    Image.open(min((home / "demo").glob("*-09.jpg"))).reduce(2).save(smaller, "PNG")
    for end, place in (("source", -1), ("target", 0)):
        data = {end: "100", "file": (io.BytesIO(smaller.getvalue()), "mine.png")}
        page = parsed(visitor.post("/path", data=data))
        assert len(page.select("[data-brought]")) == 1
        rooms = page.select(".rooms > li")
        assert rooms[place].select("[data-brought]")
        assert len(page.select(".door")) == len(rooms) - 1
        assert not page.select("#permalink")
    refused = visitor.post("/path", data={"source": "100", "file": (io.BytesIO(b"words"), "mine.png")})
    assert refused.status_code == 422
    assert "not a picture" in only(parsed(refused), "[role=alert]").text
    nothing = visitor.post("/path", data={"source": "100"})
    assert nothing.status_code == 400


def test_chance_chooses_two_different_pictures(visitor: FlaskClient) -> None:
    for asked in ("", "?source=7"):
        chosen = parse_qs(urlsplit(visitor.get(f"/path/random{asked}").location).query)
        assert chosen["source"] != chosen["target"]
    assert chosen["source"] == ["7"]


def test_an_empty_collection_says_which_command_to_run(engine: Engine, home: Path) -> None:
    visitor = create_app(engine, home, ServerSettings()).test_client()
    for address in ("/", "/search", "/path"):
        assert "enfilade ingest FOLDER" in parsed(visitor.get(address)).text
    assert visitor.get("/path/random").location == "/path"


def test_what_was_removed_is_gone_and_what_has_just_come_has_no_neighbours_yet(
    engine: Engine, home: Path, gallery: Path, reporter: Reporter
) -> None:
    ingest(engine, Manifest(gallery / "metadata.csv"), home, reporter)
    with engine.begin() as connection:
        hide(connection, [1])
        late = {"sha256": b"0" * 32, "phash": 0, "width": 900, "height": 20, "media_type": "image/png"}
        newest = connection.execute(insert(image).values(late).returning(image.c.id)).scalar_one()
    visitor = create_app(engine, home, ServerSettings()).test_client()
    assert visitor.get("/images/1").status_code == 410
    assert visitor.get("/path?source=1&target=2").status_code == 410
    page = parsed(visitor.get(f"/images/{newest}"))
    assert page.h1.text == "Untitled"
    assert "no place among the others yet" in page.text
    assert visitor.get(f"/path?source={newest}&target=2").status_code == 409
