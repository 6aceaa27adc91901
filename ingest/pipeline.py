"""The job: source -> pictures -> spaces -> graphs, each stage idempotent, so that a killed run is run again."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, insert, update

from enfilade.schema import run
from enfilade.spaces import SpaceRecipe
from ingest.calibrating import calibrate
from ingest.counts import Counts
from ingest.duplicates import find_duplicates
from ingest.extracting import Extracting
from ingest.graphs import BuiltGraph, bring_graph_up_to_date
from ingest.keypoints import find_missing_keypoints
from ingest.maintained import maintained_recipes
from ingest.missing import describe_missing
from ingest.pictures import take_pictures
from ingest.progress import Reporter
from ingest.retention import drop_retired
from ingest.sources import Source
from ingest.spaces import bring_space_up_to_date
from ingest.vanished import count_vanished, forget_rejections

__all__ = ["Report", "ingest", "publish"]


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingest did."""

    counts: Counts
    vanished: int
    """Files that earlier runs found in this source and this one did not; their images are kept."""
    images_per_second: float
    seconds: float
    graphs: Mapping[str, BuiltGraph]
    """By the space's name, that of the default space first."""

    @property
    def graph(self) -> BuiltGraph | None:
        """The graph of the default space."""
        return next(iter(self.graphs.values()), None)

    def as_dict(self) -> dict[str, Any]:
        """Give the report as `--json` prints it."""
        return {
            **self.counts.as_dict(),
            "vanished": self.vanished,
            "images_per_second": round(self.images_per_second, 1),
            "seconds": round(self.seconds, 2),
            "graph": self.graph.as_dict() if self.graph else None,
            "graphs": {name: graph.as_dict() for name, graph in self.graphs.items()},
        }


def ingest(
    engine: Engine,
    source: Source,
    home: Path,
    reporter: Reporter,
    *,
    keep_originals: bool = False,
    k: int | None = None,
    recipes: Sequence[SpaceRecipe] | None = None,
) -> Report:
    """Run every stage over a source. The caller holds the lock.

    Without a k, that of the graph before, or 10. Without recipes, those of maintained_recipes; the graph that is
    reported is that of the first. Raises BackboneError before anything is written.
    """
    started = time.monotonic()
    recipes = _recipes(engine, recipes, home)
    with engine.begin() as connection:
        run_id = connection.execute(insert(run).values(source=source.uri).returning(run.c.id)).scalar_one()
    extracting = Extracting.of(engine, recipes, home)
    taken = take_pictures(engine, source, extracting, reporter, keep_originals=keep_originals)
    graphs = _bring_up_to_date(engine, extracting, recipes, k, reporter)
    _look_closer(engine, home, reporter)
    with engine.begin() as connection:
        forget_rejections(connection, source.uri, run_id)
        vanished = count_vanished(connection, source.uri, run_id)
        report = Report(taken.counts, vanished, taken.images_per_second, time.monotonic() - started, graphs)
        rates = {"images_per_second": round(report.images_per_second, 1), "seconds": round(report.seconds, 2)}
        values = {"finished_at": func.clock_timestamp(), "counts": taken.counts.as_dict(), "rates": rates}
        connection.execute(update(run).where(run.c.id == run_id).values(values))
    drop_retired(engine, reporter)
    return report


def publish(
    engine: Engine,
    home: Path,
    reporter: Reporter,
    *,
    k: int | None = None,
    recipes: Sequence[SpaceRecipe] | None = None,
    anew: bool = False,
) -> dict[str, BuiltGraph]:
    """Bring spaces and graphs up to date with the images that are shown. The caller holds the lock.

    Without recipes, all that are maintained; `anew` fits new versions of them even where nothing has changed.
    """
    recipes = _recipes(engine, recipes, home)
    graphs = _bring_up_to_date(engine, Extracting.of(engine, recipes, home), recipes, k, reporter, anew=anew)
    _look_closer(engine, home, reporter)
    drop_retired(engine, reporter)
    return graphs


def _recipes(engine: Engine, recipes: Sequence[SpaceRecipe] | None, home: Path) -> Sequence[SpaceRecipe]:
    if recipes is not None:
        return recipes
    with engine.connect() as connection:
        return maintained_recipes(connection, home)


def _bring_up_to_date(
    engine: Engine,
    extracting: Extracting,
    recipes: Sequence[SpaceRecipe],
    k: int | None,
    reporter: Reporter,
    *,
    anew: bool = False,
) -> dict[str, BuiltGraph]:
    """Give the graph of each space by name; of none while there is no image."""
    describe_missing(engine, extracting, reporter)
    graphs = {}
    for recipe in recipes:
        with engine.connect() as reading, engine.begin() as writing:
            ids = extracting.ids_of(recipe)
            space = bring_space_up_to_date(reading, writing, recipe, ids, reporter, anew=anew)
            graph = bring_graph_up_to_date(writing, space, k, reporter) if space else None
        if graph:
            graphs[recipe.name] = graph
    return graphs


def _look_closer(engine: Engine, home: Path, reporter: Reporter) -> None:
    """Tell reproductions from likenesses: last, since nobody who browses waits for it."""
    find_missing_keypoints(engine, reporter)
    calibrate(engine, home, reporter)
    find_duplicates(engine, reporter)
