"""What a picture shows: the last feature map of a network, averaged over positions."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from enfilade.backbones import Backbone
from enfilade.descriptors.extractor import Extract, Extractor
from enfilade.inference import open_network

__all__ = ["content"]


def content(backbone: Backbone) -> Extractor:
    """Describe pictures by a backbone's pooled features, rounded to half precision.

    Rounded at once, for collection and query alike, since that is how features are stored: an uploaded member then gets
    the very vector it got when it was ingested.
    """

    def open_extract(home: Path) -> Extract:
        network = open_network(backbone, home)

        def extract(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
            return network(pixels).astype(np.float16).astype(np.float32)

        return extract

    return Extractor(
        name=f"content/{backbone.name}",
        recipe={"descriptor": "content", "precision": "fp32", "stored": "fp16", **backbone.recipe()},
        dimensions=backbone.dimensions,
        prepare=backbone.prepare,
        open=open_extract,
    )
