"""From pictures to feature vectors. Each kind of descriptor has its module; all of them give extractors."""

from enfilade.descriptors.extractor import Extract, Extractor

__all__ = ["Extract", "Extractor"]
