"""The collection itself as the pictures to evaluate on: its features are stored, so no network runs."""

import io
from collections.abc import Sequence

import numpy as np
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
from ingest.fitting import read_features
from ingest.progress import Reporter

__all__ = ["describe_collection"]


def describe_collection(connection: Connection, extractors: Sequence[Extractor], reporter: Reporter) -> Sample:
    """Read the features of every image that is shown, by these extractors; all must have described it.

    Raises TooFewImagesError where there are fewer than two.
    """
    described = (
        select(image.c.id, image.c.sha256, *(image.c[name] for name in Description.__slots__), rendition.c.bytes)
        .join(rendition, rendition.c.image_id == image.c.id)
        .where(image.c.hidden_at.is_(None), rendition.c.kind == "thumbnail")
        .order_by(image.c.sha256)
    )
    with reporter.stage("Read"):
        rows = connection.execute(described).all()
        if len(rows) < 2:  # noqa: PLR2004 — one to ask for, one to find
            raise TooFewImagesError(f"The collection has {len(rows)} images; to evaluate on it there must be two.")
        histograms = [histogram_of(Image.open(io.BytesIO(row.bytes)).convert("RGB")) for row in rows]
        return Sample(
            name="the collection",
            keys=[bytes(row.sha256) for row in rows],
            descriptions=[Description(*row[2:-1]) for row in rows],
            histograms=np.stack(histograms),
            features=_features(connection, extractors),
        )


def _features(connection: Connection, extractors: Sequence[Extractor]) -> dict[str, np.ndarray]:
    recipe = SpaceRecipe("all", tuple(Part(extractor) for extractor in extractors))
    query = select(extractor_table.c.recipe_hash, extractor_table.c.id)
    ids = {row.recipe_hash: row.id for row in connection.execute(query)}
    blocks = list(read_features(connection, recipe, [ids[extractor.recipe_hash] for extractor in extractors]))
    return {
        extractor.recipe_hash: np.concatenate([block.parts[number].astype(np.float16) for block in blocks])
        for number, extractor in enumerate(extractors)
    }
