"""More like some pictures, less like others: by links alone, and each page can be sent to a colleague."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from ingest.removal import hide

Read = Callable[..., BeautifulSoup]


def ids(page: BeautifulSoup, selector: str = ".wall img") -> list[int]:
    return [int(str(picture["src"]).split("/")[4]) for picture in page.select(selector)]


def ways(page: BeautifulSoup, name: str) -> list[str]:
    return [str(link["href"]) for link in page.select(".ways a") if link.text == f"{name} like this"]


def asked(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)


def test_a_pictures_page_leads_to_more_like_it(read: Read) -> None:
    neighbours = ids(read("/images/5?space=style"), "section[aria-labelledby=neighbours] .wall img")
    action = next(link for link in read("/images/5?space=style").select(".actions a") if link.text == "More like this")
    page = read(str(action["href"]))
    assert asked(str(action["href"])) == {"like": ["5"], "space": ["style"]}
    assert ids(page)[: len(neighbours)] == neighbours
    assert ids(page, ".seeds img") == [5]


def test_the_page_finds_what_the_api_finds(read: Read, visitor: FlaskClient) -> None:
    page = read("/search?like=1&like=2&unlike=700&space=content&genre=abstract&duplicates=all")
    body = {"like": [1, 2], "unlike": [700], "space": "content", "genre": "abstract", "duplicates": "all", "limit": 48}
    found = visitor.post("/api/v1/search", json=body).get_json()["items"]
    assert ids(page) == [one["image"]["id"] for one in found]
    assert ids(page, ".seeds img") == [1, 2, 700]
    assert page.select("input[name=duplicates][checked]")
    assert page.select_one("select[name=genre] option[selected]")["value"] == "abstract"


def test_each_hit_can_be_liked_or_unliked_and_each_seed_taken_out(read: Read) -> None:
    start = "/search?like=5&unlike=600&space=style&genre=abstract"
    page = read(start)
    first = ids(page)[0]
    title = page.select_one(".wall .title").text
    assert page.select_one(".ways a")["aria-label"] == f"More like this: {title}"
    more, less = ways(page, "More")[0], ways(page, "Less")[0]
    assert asked(more) == {**asked(start), "like": ["5", str(first)]}
    assert asked(less) == {**asked(start), "unlike": ["600", str(first)]}
    assert ids(read(more), ".seeds img") == [5, first, 600]
    assert first not in ids(read(less))
    taken = read(more).select(".seeds .quiet")
    assert [link.text for link in taken] == ["Take out"] * 3
    assert asked(str(taken[1]["href"])) == asked(start)


def test_with_the_last_that_is_liked_those_that_are_not_go_too(read: Read) -> None:
    address = str(read("/search?like=5&unlike=600").select(".seeds .quiet")[0]["href"])
    assert asked(address) == {}
    assert read(address).h1.text == "Bring a picture"


def test_the_space_and_the_filters_are_changed_and_the_seeds_kept(read: Read) -> None:
    page = read("/search?like=5&like=9&unlike=600&attributes.hand=nobody")
    for link in page.select("ul[aria-label='Likeness by'] a"):
        changed = asked(str(link["href"]))
        assert (changed["like"], changed["unlike"], changed["space"]) == (["5", "9"], ["600"], [link.text])
    kept = [(one["name"], one["value"]) for one in page.select("form.among input[type=hidden]")]
    assert kept == [("like", "5"), ("like", "9"), ("unlike", "600"), ("attributes.hand", "nobody")]
    assert "No picture meets these filters" in page.text
    everything = read(str(page.select_one(".empty a")["href"]))
    assert ids(everything, ".seeds img") == [5, 9, 600]
    assert len(ids(everything)) == 48


@pytest.mark.parametrize(
    ("query", "status", "sentence"),
    [
        ("like=99999", 404, "No image has the id 99999"),
        ("like=5&unlike=99999", 404, "No image has the id 99999"),
        ("unlike=5", 422, "unlike can't stand alone"),
        ("like=five", 422, "it must be a whole number"),
        ("like=99999999999999999999", 422, "like must be from 0"),
        ("like=5&space=smell", 404, "No space named"),
        (urlencode({"like": range(1, 52)}, doseq=True), 422, "like may be given 50 times"),
    ],
)
def test_what_makes_no_sense_is_told_in_a_sentence(read: Read, query: str, status: int, sentence: str) -> None:
    assert sentence in read(f"/search?{query}", status).main.text


def test_fifty_may_be_liked_and_then_no_more(read: Read) -> None:
    page = read(f"/search?{urlencode({'like': range(1, 51)}, doseq=True)}")
    assert not ways(page, "More")
    assert len(ways(page, "Less")) == len(ids(page)) == 48


def test_what_was_removed_is_told(own_app: Flask, collection: Engine) -> None:
    with collection.begin() as connection:
        hide(connection, [2])
    answer = own_app.test_client().get("/search?like=1&like=2")
    assert answer.status_code == 410
    assert "The image 2 was removed" in answer.get_data(as_text=True)
