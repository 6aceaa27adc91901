"""The collection itself as the pictures to evaluate on: its features are stored, so no network runs."""

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sqlalchemy import Connection, select

from enfilade.descriptors import Extractor
from enfilade.errors import TooFewImagesError
from enfilade.schema import extractor as extractor_table
from enfilade.schema import image, rendition
from enfilade.spaces import Part, SpaceRecipe
from ingest.described import Description
from ingest.evaluating.describing import histogram_of
from ingest.evaluating.sample import Sample
from ingest.fitting import NONE, read_features
from ingest.progress import Reporter

__all__ = ["describe_collection"]


def describe_collection(connection: Connection, extractors: Sequence[Extractor], reporter: Reporter) -> Sample:
    """Read the features of every image that is shown, by these extractors; all must have described it.

    Images that one of them has not described yet are left out. Raises TooFewImagesError where fewer than two are left.
    """
    described = (
        select(image.c.id, image.c.sha256, *(image.c[name] for name in Description.__slots__), rendition.c.bytes)
        .join(rendition, rendition.c.image_id == image.c.id)
        .where(image.c.hidden_at.is_(None), rendition.c.kind == "thumbnail")
        .order_by(image.c.sha256)
    )
    with reporter.stage("Read"):
        image_ids, features = _features(connection, extractors)
        by_id = {row.id: row for row in connection.execute(described)}
        both = [place for place, image_id in enumerate(image_ids.tolist()) if image_id in by_id]
        rows = [by_id[image_id] for image_id in image_ids[both].tolist()]
        if len(rows) < 2:  # noqa: PLR2004 — one to ask for, one to find
            raise TooFewImagesError(
                f"The collection has {len(rows)} images with all the features that its spaces and the baseline need; "
                "to evaluate on it there must be two."
            )
        histograms = [histogram_of(Image.open(io.BytesIO(row.bytes)).convert("RGB")) for row in rows]
        return Sample(
            name="the collection",
            keys=[bytes(row.sha256) for row in rows],
            descriptions=[Description(*row[2:-1]) for row in rows],
            histograms=np.stack(histograms),
            features={recipe_hash: rows_of[both] for recipe_hash, rows_of in features.items()},
        )


def _features(
    connection: Connection, extractors: Sequence[Extractor]
) -> tuple[NDArray[np.int64], dict[str, NDArray[np.float16]]]:
    """Read the images that all extractors have described: ids (n,), and features (n, d) by recipe hash."""
    recipe = SpaceRecipe("all", tuple(Part(extractor) for extractor in extractors))
    query = select(extractor_table.c.recipe_hash, extractor_table.c.id)
    ids = {row.recipe_hash: row.id for row in connection.execute(query)}
    known = [ids.get(extractor.recipe_hash, NONE) for extractor in extractors]
    blocks = list(read_features(connection, recipe, known))
    empty = [np.empty((0, extractor.dimensions), dtype=np.float16) for extractor in extractors]
    return np.concatenate([np.empty(0, dtype=np.int64), *(block.image_ids for block in blocks)]), {
        extractor.recipe_hash: np.concatenate(
            [empty[number], *(block.parts[number].astype(np.float16) for block in blocks)]
        )
        for number, extractor in enumerate(extractors)
    }
