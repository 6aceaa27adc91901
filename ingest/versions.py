"""Choose which version of a space is read, and which space is the default. Readers see one switch."""

from operator import attrgetter
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, func, select, update

from enfilade.errors import SpaceVersionError
from enfilade.queries.versions import find_version, list_versions
from enfilade.schema import current, graph, space
from enfilade.spaces import Space, recall_recipe
from ingest.extracting import Extracting
from ingest.graphs import bring_graph_up_to_date
from ingest.missing import describe_missing
from ingest.progress import Reporter
from ingest.spaces import place_missing, publish_space

__all__ = ["bring_back", "retire", "set_default"]


def bring_back(engine: Engine, home: Path, reporter: Reporter, name: str, version: int | None = None) -> Space:
    """Publish a version that was retired, with the images that came since; without a number the latest retired one.

    Raises UnknownSpaceError, SpaceVersionError, BackboneError.
    """
    with engine.connect() as connection:
        found = find_version(connection, name, version or _latest_retired(connection, name))
    if found.status == "published":
        raise SpaceVersionError(name, found.space.version, why="is the one that is published")
    chosen = found.space
    recipe = recall_recipe(chosen.name, chosen.recipe, home)
    describe_missing(engine, Extracting.of(engine, [recipe], home), reporter)
    with engine.connect() as reading, engine.begin() as writing:
        place_missing(reading, writing, chosen, recipe, reporter)
        publish_space(writing, chosen)
        bring_graph_up_to_date(writing, chosen, None, reporter)
    return chosen


def retire(connection: Connection, name: str) -> Space:
    """Take a space away from readers; `bring_back` undoes it. Raises UnknownSpaceError, SpaceVersionError."""
    found = find_version(connection, name)
    if found.is_default:
        raise SpaceVersionError(name, found.space.version, why="is the default space; make another the default first")
    retired = {"status": "retired", "retired_at": func.now()}
    connection.execute(delete(current).where(current.c.space_name == name))
    connection.execute(update(space).where(space.c.id == found.space.id).values(retired))
    of_space = graph.c.space_id == found.space.id
    connection.execute(update(graph).where(of_space, graph.c.status == "published").values(retired))
    return found.space


def set_default(connection: Connection, name: str) -> Space:
    """Make a space the one that is meant where none is named. Raises UnknownSpaceError."""
    found = find_version(connection, name)
    # One row at a time: the unique index on the default one is checked row by row.
    connection.execute(update(current).where(current.c.is_default).values(is_default=False))
    connection.execute(update(current).where(current.c.space_name == name).values(is_default=True))
    return found.space


def _latest_retired(connection: Connection, name: str) -> int | None:
    kept = [one for one in list_versions(connection, name) if one.retired_at]
    if not kept and connection.scalar(select(space.c.id).where(space.c.name == name).limit(1)) is not None:
        raise SpaceVersionError(name, None, why="has no retired version that is still kept")
    return max(kept, key=attrgetter("retired_at")).space.version if kept else None
