"""Images by pages, one by one, as files, and with their neighbours."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, insert, select

from enfilade.schema import image, rendition
from ingest.removal import hide
from server.browsing import SORTS


def walk_pages(client: FlaskClient, query: str, limit: int = 100) -> list[int]:
    ids: list[int] = []
    cursor = ""
    while True:
        page = client.get(f"/api/v1/images?limit={limit}&{query}{cursor}").get_json()
        ids += [one["id"] for one in page["items"]]
        if page["next"] is None:
            assert len(ids) == page["total"]
            return ids
        cursor = f"&cursor={page['next']}"


@pytest.mark.parametrize("sort", SORTS)
def test_paging_meets_every_image_once_under_every_sorting(client: FlaskClient, sort: str) -> None:
    ids = walk_pages(client, f"sort={sort}")
    assert sorted(ids) == list(range(1, 833))


@pytest.mark.parametrize("sort", SORTS)
def test_paging_meets_images_of_which_nothing_is_known(own_app: Flask, collection: Engine, sort: str) -> None:
    with collection.begin() as connection:
        connection.execute(image.update().where(image.c.id % 2 == 0).values(title=None, artist=None, year_from=None))
        connection.execute(image.update().where(image.c.id % 3 == 0).values(title="100%_\\ É", artist="Éluard"))
    assert sorted(walk_pages(own_app.test_client(), f"sort={sort}", limit=7)) == list(range(1, 49))


def test_a_removal_between_two_pages_moves_no_other_image(own_app: Flask, collection: Engine) -> None:
    client = own_app.test_client()
    first = client.get("/api/v1/images?limit=10").get_json()
    with collection.begin() as connection:
        hide(connection, [3, 12])
    second = client.get(f"/api/v1/images?limit=10&cursor={first['next']}").get_json()
    assert [one["id"] for one in second["items"]] == [11, *range(13, 22)]


def test_filters_and_words_narrow_the_pages(client: FlaskClient) -> None:
    whole = client.get("/api/v1/images?limit=1").get_json()["items"][0]
    by_hand = f"attributes.hand={whole['attributes']['hand']}"
    for query in (f"artist={whole['artist']}", by_hand, f"q={whole['artist'].upper()}"):
        page = client.get(f"/api/v1/images?limit=100&{query}").get_json()
        assert whole in page["items"]
        assert page["total"] < 100
    assert client.get("/api/v1/images?q=no%25such%5Fword").get_json()["total"] == 0
    years = client.get("/api/v1/images?year_from=1900&year_to=1910&limit=100").get_json()["items"]
    assert years
    assert all(one["year_from"] <= 1910 and one["year_to"] >= 1900 for one in years)


@pytest.mark.parametrize(
    "cursor", ["x", "é", "W10", "WyJpZCIsIjEiXQ", "WyJ0aXRsZSIsdHJ1ZSwiXHUwMDAwIiwxXQ", "A" * 1999]
)
def test_a_cursor_that_no_page_ended_with_is_a_problem(client: FlaskClient, cursor: str) -> None:
    for sort in SORTS:
        answer = client.get("/api/v1/images", query_string={"cursor": cursor, "sort": sort})
        assert answer.status_code == 404
        assert answer.get_json()["type"] == "/problems/unknown-cursor"


def test_a_cursor_belongs_to_its_sorting(client: FlaskClient) -> None:
    cursor = client.get("/api/v1/images?sort=title&limit=1").get_json()["next"]
    assert client.get(f"/api/v1/images?sort=artist&cursor={cursor}").status_code == 404


def test_links_lead_to_what_they_name(client: FlaskClient) -> None:
    one = client.get("/api/v1/images/7").get_json()
    for address in one["links"].values():
        assert client.get(address).status_code == 200, address
    assert client.get(one["links"]["self"]).get_json() == one


def test_a_file_is_kept_for_good_and_not_sent_twice(client: FlaskClient) -> None:
    address = "/api/v1/images/7/file?rendition=thumbnail"
    first = client.get(address)
    assert first.mimetype == "image/jpeg"
    assert first.data.startswith(b"\xff\xd8")
    assert "immutable" in first.headers["Cache-Control"]
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    tag = first.headers["ETag"]
    for known in (tag, f'"other", {tag}', "*", f"W/{tag}"):
        again = client.get(address, headers={"If-None-Match": known})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200
    preview = client.get("/api/v1/images/7/file")
    assert preview.headers["ETag"] != tag
    head = client.head(address)
    assert (head.status_code, head.data, head.content_length) == (200, b"", len(first.data))


def test_an_original_is_served_only_where_it_was_kept(own_app: Flask, collection: Engine) -> None:
    client = own_app.test_client()
    answer = client.get("/api/v1/images/1/file?rendition=original")
    assert (answer.status_code, answer.get_json()["type"]) == (404, "/problems/unknown-rendition")
    with collection.begin() as connection:
        row = connection.execute(select(rendition).where(rendition.c.image_id == 1).limit(1)).mappings().one()
        connection.execute(insert(rendition).values({**row, "kind": "original", "media_type": "image/tiff"}))
    answer = client.get("/api/v1/images/1/file?rendition=original")
    assert (answer.status_code, answer.mimetype) == (200, "image/tiff")


def test_neighbours_come_nearest_first_and_without_the_image(client: FlaskClient) -> None:
    found = client.get("/api/v1/images/7/neighbours?limit=50").get_json()
    distances = [one["distance"] for one in found["items"]]
    assert distances == sorted(distances)
    assert len(distances) == 50
    assert 7 not in [one["image"]["id"] for one in found["items"]]
    assert (found["space"], found["match"]) == ("kinship", None)


def test_neighbours_can_be_narrowed_without_starving(client: FlaskClient) -> None:
    artist = client.get("/api/v1/images/700").get_json()["artist"]
    found = client.get("/api/v1/images/7/neighbours", query_string={"artist": artist, "limit": 10}).get_json()
    assert len(found["items"]) == 10
    assert {one["image"]["artist"] for one in found["items"]} == {artist}


@pytest.mark.parametrize("route", ["", "/neighbours", "/file", "/file?rendition=original"])
def test_an_image_that_was_removed_is_gone_and_one_that_never_was_is_unknown(
    own_app: Flask, collection: Engine, route: str
) -> None:
    with collection.begin() as connection:
        hide(connection, [5])
    client = own_app.test_client()
    gone, unknown = client.get(f"/api/v1/images/5{route}"), client.get(f"/api/v1/images/9999{route}")
    assert (gone.status_code, gone.get_json()["type"]) == (410, "/problems/removed-image")
    assert (unknown.status_code, unknown.get_json()["type"]) == (404, "/problems/unknown-image")
