"""The job: source -> pictures -> spaces -> graphs, each stage idempotent, so that a killed run is run again."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, insert, update

from enfilade.schema import run
from enfilade.spaces import DEFAULT_RECIPES, SpaceRecipe
from ingest.counts import Counts
from ingest.extracting import Extracting, register
from ingest.graphs import BuiltGraph, bring_graph_up_to_date
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
    graph: BuiltGraph | None

    def as_dict(self) -> dict[str, Any]:
        """Give the report as `--json` prints it."""
        graph = None
        if self.graph:
            graph = {
                "id": self.graph.id,
                "images": self.graph.images,
                "components_before": self.graph.components_before,
                "components": 1,
                "edges": self.graph.edges,
            }
        return {
            **self.counts.as_dict(),
            "vanished": self.vanished,
            "images_per_second": round(self.images_per_second, 1),
            "seconds": round(self.seconds, 2),
            "graph": graph,
        }


def ingest(
    engine: Engine,
    source: Source,
    home: Path,
    reporter: Reporter,
    *,
    keep_originals: bool = False,
    k: int | None = None,
    recipes: Sequence[SpaceRecipe] = DEFAULT_RECIPES,
) -> Report:
    """Run every stage over a source. The caller holds the lock. Without a k, that of the graph before, or 10."""
    started = time.monotonic()
    with engine.begin() as connection:
        run_id = connection.execute(insert(run).values(source=source.uri).returning(run.c.id)).scalar_one()
    extracting = _extracting(engine, recipes, home)
    taken = take_pictures(engine, source, extracting, reporter, keep_originals=keep_originals)
    graph = _publish(engine, extracting, recipes, k, reporter)
    with engine.begin() as connection:
        forget_rejections(connection, source.uri, run_id)
        vanished = count_vanished(connection, source.uri, run_id)
        report = Report(taken.counts, vanished, taken.images_per_second, time.monotonic() - started, graph)
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
    recipes: Sequence[SpaceRecipe] = DEFAULT_RECIPES,
) -> BuiltGraph | None:
    """Bring spaces and graphs up to date with the images that are shown. The caller holds the lock."""
    graph = _publish(engine, _extracting(engine, recipes, home), recipes, k, reporter)
    drop_retired(engine, reporter)
    return graph


def _extracting(engine: Engine, recipes: Sequence[SpaceRecipe], home: Path) -> Extracting:
    extractors = list({recipe.extractor.recipe_hash: recipe.extractor for recipe in recipes}.values())
    with engine.begin() as connection:
        ids = [register(connection, extractor) for extractor in extractors]
    return Extracting(extractors, ids, home)


def _publish(
    engine: Engine, extracting: Extracting, recipes: Sequence[SpaceRecipe], k: int | None, reporter: Reporter
) -> BuiltGraph | None:
    """Give the graph of the default space, the first of the recipes; None while there is no image."""
    describe_missing(engine, extracting, reporter)
    graphs = []
    ids = {extractor.recipe_hash: id_ for extractor, id_ in zip(extracting.extractors, extracting.ids, strict=True)}
    for recipe in recipes:
        with engine.connect() as reading, engine.begin() as writing:
            space = bring_space_up_to_date(reading, writing, recipe, ids[recipe.extractor.recipe_hash], reporter)
            graphs.append(bring_graph_up_to_date(writing, space, k, reporter) if space else None)
    return graphs[0]
