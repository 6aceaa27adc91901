"""From pictures to feature vectors. Each kind of descriptor has its module; all of them give extractors."""

from enfilade.descriptors.colour import colour
from enfilade.descriptors.content import content
from enfilade.descriptors.describing import Describing, OpenEncoders, Prepared
from enfilade.descriptors.extractor import Extractor
from enfilade.descriptors.recalling import recall_extractor
from enfilade.descriptors.style import style

__all__ = [
    "Describing",
    "Extractor",
    "OpenEncoders",
    "Prepared",
    "colour",
    "content",
    "recall_extractor",
    "style",
]
