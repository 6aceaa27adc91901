"""What a picture shows: the last feature map of a network, averaged over positions."""

import numpy as np
from numpy.typing import NDArray

from enfilade.backbones import Backbone
from enfilade.descriptors.extractor import Extractor
from enfilade.encoders import NetworkEncoder, Outputs, Precision

__all__ = ["content"]


def content(backbone: Backbone, precision: Precision = "fp32") -> Extractor:
    """Describe pictures by a backbone's pooled features."""
    return Extractor(
        name=f"content/{backbone.name}",
        encoder=NetworkEncoder(backbone, precision),
        describes={"descriptor": "content"},
        dimensions=backbone.dimensions,
        read=_read,
    )


def _read(seen: Outputs) -> NDArray[np.float32]:
    features: NDArray[np.float32] = seen["content"]
    return features
