"""A removal hides at once, publishes a graph without the image, and can be undone."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from enfilade.errors import SourceError, UnknownImageError
from enfilade.queries.graphs import load_graph
from enfilade.queries.images import count_images, find_images, shown_image
from enfilade.queries.neighbours import neighbours
from enfilade.queries.soundness import count_broken
from enfilade.queries.spaces import published_space
from enfilade.schema import current
from ingest.pipeline import ingest, publish
from ingest.progress import Reporter
from ingest.removal import find_shown, hidden_images, hide, images_of_source, show
from ingest.sources import open_source
from ingest.sources.naming import uri_of


@pytest.fixture
def collection(engine: Engine, gallery: Path, home: Path, reporter: Reporter) -> Engine:
    ingest(engine, open_source(gallery / "metadata.csv"), home, reporter)
    return engine


def test_a_removed_image_is_nowhere_and_comes_back(collection: Engine, home: Path, reporter: Reporter) -> None:
    with collection.begin() as connection:
        space = published_space(connection)
        nearest = neighbours(connection, space, 1, limit=5)[0].image_id
        hide(connection, [nearest])
    with collection.connect() as connection:  # at once, before any graph is built
        found = [one.image_id for one in neighbours(connection, space, 1, limit=100)]
        assert len(found) == 46
        assert nearest not in found
        with pytest.raises(UnknownImageError):
            shown_image(connection, nearest)
        with pytest.raises(UnknownImageError):
            neighbours(connection, space, nearest)
        with pytest.raises(UnknownImageError):
            find_shown(connection, [nearest])
        graph_id = connection.scalars(select(current.c.graph_id).where(current.c.is_default)).one()
        assert graph_id
        assert nearest not in load_graph(connection, graph_id).ids
        link = text("SELECT count(*) FROM enfilade.link WHERE :id IN (image_id, neighbour_id)")
        assert connection.scalar(link, {"id": nearest}) == 0
    publish(collection, home, reporter)
    with collection.connect() as connection:
        graph_id = connection.scalars(select(current.c.graph_id).where(current.c.is_default)).one()
        assert graph_id
        assert nearest not in load_graph(connection, graph_id).ids
        assert not any(count_broken(connection).values())
        assert hidden_images(connection) == [nearest]
    with collection.begin() as connection:
        assert show(connection, [nearest, 1]) == [nearest]
    publish(collection, home, reporter)
    with collection.connect() as connection:
        assert neighbours(connection, space, 1, limit=5)[0].image_id == nearest
        assert count_images(connection) == 48


def test_ingesting_again_brings_no_removed_image_back(
    collection: Engine, gallery: Path, home: Path, reporter: Reporter
) -> None:
    with collection.begin() as connection:
        hide(connection, [7])
    report = ingest(collection, open_source(gallery / "metadata.csv"), home, reporter)
    assert report.counts.unchanged == 48
    with collection.connect() as connection:
        assert count_images(connection) == 47


def test_a_whole_source_can_be_removed_and_the_collection_is_empty_then(
    collection: Engine, gallery: Path, home: Path, reporter: Reporter
) -> None:
    with collection.begin() as connection:
        ids = images_of_source(connection, uri_of(gallery / "metadata.csv"))
        assert len(ids) == 48
        hide(connection, ids)
    assert not publish(collection, home, reporter)
    with collection.begin() as connection:
        assert set(connection.scalars(select(current.c.graph_id))) == {None}
        show(connection, ids)
    published = publish(collection, home, reporter)
    assert {graph.images for graph in published.values()} == {48}


def test_a_space_is_fitted_again_when_most_of_what_it_was_fitted_on_is_gone(
    collection: Engine, home: Path, reporter: Reporter
) -> None:
    for upto, version in ((24, 1), (25, 2)):
        with collection.begin() as connection:
            hide(connection, range(1, upto + 1))
        publish(collection, home, reporter)
        with collection.connect() as connection:
            assert published_space(connection).version == version
            assert not any(count_broken(connection).values())


def test_what_is_not_there_cannot_be_removed_or_brought_back(collection: Engine) -> None:
    with collection.begin() as connection:
        with pytest.raises(UnknownImageError, match="999"):
            find_shown(connection, [1, 999])
        with pytest.raises(UnknownImageError, match="999"):
            show(connection, [999])
        with pytest.raises(SourceError, match="Nothing was ever taken"):
            images_of_source(connection, "/no/such/folder")


def test_more_images_than_a_statement_has_parameters_can_be_named(collection: Engine) -> None:
    with collection.begin() as connection:
        hide(connection, range(1_000, 71_000))
        assert find_images(connection, range(1, 70_001)).keys() == set(range(1, 49))
