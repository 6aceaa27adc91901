"""Images that show one work: listed, and standing once in what is found."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from enfilade.queries.duplicates import all_groups
from ingest.grouping import decide, forget
from ingest.removal import hide


@pytest.fixture
def client(own_app: Flask) -> FlaskClient:
    return own_app.test_client()


def near(client: FlaskClient, image_id: int, **more: object) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1/images/{image_id}/neighbours", query_string=more)
    assert answer.status_code == 200
    items: list[dict[str, Any]] = answer.get_json()["items"]
    return items


def ids(items: list[dict[str, Any]]) -> list[int]:
    return [item["image"]["id"] for item in items]


def test_neighbours_show_the_nearest_of_each_work_and_none_of_the_pictures_own(
    client: FlaskClient, collection: Engine
) -> None:
    before = ids(near(client, 1, limit=20))
    with collection.begin() as connection:
        decide(connection, [1, before[0]], one_work=True)
        decide(connection, before[2:5], one_work=True)
    found = near(client, 1, limit=10)
    assert ids(found) == [before[1], before[2], *before[5:13]]
    assert found[1]["duplicates"] == sorted(before[3:5])
    assert [item["duplicates"] for item in found[2:]] == [[]] * 8
    # The shortest way, the index, a scan under a filter: the same.
    assert ids(near(client, 1, limit=100))[:10] == ids(found)
    assert len(near(client, 1, limit=100)) == 44
    assert ids(near(client, 1, limit=10, year_from=-9999)) == ids(found)
    every = near(client, 1, limit=10, duplicates="all")
    assert ids(every) == before[:10]
    assert every[0]["duplicates"] == [1]
    liked = client.post("/api/v1/search", json={"like": [1], "limit": 10}).get_json()["items"]
    assert ids(liked) == ids(found)
    liked = client.post("/api/v1/search", json={"like": [1], "limit": 10, "duplicates": "all"}).get_json()["items"]
    assert ids(liked) == before[:10]
    assert client.get("/api/v1/images/1/neighbours?duplicates=some").status_code == 422


def test_no_two_works_of_the_demo_are_taken_for_one(demo_engine: Engine) -> None:
    # 32 hands, some of whom draw faces and icons by a template.
    with demo_engine.connect() as connection:
        assert all_groups(connection) == []


def test_groups_are_listed_with_what_is_known_of_them(client: FlaskClient, collection: Engine) -> None:
    found = client.get("/api/v1/duplicates").get_json()["total"]
    with collection.begin() as connection:
        decide(connection, [3, 1, 2], one_work=True)
        decide(connection, [40, 41], one_work=True)
    answer = client.get("/api/v1/duplicates?limit=1").get_json()
    assert answer["total"] == found + 2
    (group,) = answer["items"]
    assert [image["id"] for image in group["images"]] == [1, 2, 3]
    assert (group["probability"], group["decided"]) == (None, True)
    with collection.begin() as connection:
        hide(connection, [40])
    assert client.get("/api/v1/duplicates").get_json()["total"] == found + 1
    with collection.begin() as connection:
        assert forget(connection, [1, 2, 3]) == 3
    assert client.get("/api/v1/duplicates").get_json()["total"] == found


def test_pages_say_what_shows_the_same_work(client: FlaskClient, collection: Engine) -> None:
    before = ids(near(client, 1, limit=20))
    with collection.begin() as connection:
        decide(connection, [1, 30], one_work=True)
        decide(connection, before[2:5], one_work=True)
    page = client.get("/images/1").get_data(as_text=True)
    assert "The same work" in page
    assert 'href="/images/30"' in page
    assert "and 2 more of the same work" in page
    assert "duplicates=all" in page
    every = client.get("/images/1?duplicates=all").get_data(as_text=True)
    assert "Show each work once" in every
    assert every.count("more of the same work") > page.count("more of the same work")
    assert "The same work" not in client.get("/images/20").get_data(as_text=True)
