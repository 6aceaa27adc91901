"""Look at one candidate: read, hash, decode, render, prepare. Runs in threads, knows no database."""

from collections.abc import Callable, Container
from dataclasses import dataclass

from PIL import Image

from enfilade.descriptors import Prepared
from enfilade.errors import RefusedImageError
from enfilade.images import Limits, Rendition, decode, perceptual_hash, render, sha256
from ingest.sources import Candidate

__all__ = ["Examined", "Examiner", "NewPicture"]


@dataclass(frozen=True, slots=True)
class NewPicture:
    """All that is stored of a picture that is not in the collection yet."""

    phash: int
    width: int
    height: int
    media_type: str
    renditions: tuple[Rendition, ...]
    prepared: Prepared
    """What it is described by."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A candidate that was read: refused, known by its hash, or new."""

    candidate: Candidate
    sha256: bytes = b""
    picture: NewPicture | None = None
    refusal: RefusedImageError | None = None


@dataclass(frozen=True, slots=True)
class Examiner:
    """Examines candidates; those whose hash is among the known ones are not decoded again."""

    prepare: Callable[[Image.Image], Prepared]
    known: Container[bytes]
    limits: Limits
    keep_originals: bool = False

    def __call__(self, candidate: Candidate) -> Examined:
        """Examine one candidate."""
        try:
            data = candidate.read(self.limits.max_bytes)
            digest = sha256(data)
            if digest in self.known:
                return Examined(candidate, digest)
            return Examined(candidate, digest, self._look(data))
        except RefusedImageError as refusal:
            return Examined(candidate, refusal=refusal)

    def _look(self, data: bytes) -> NewPicture:
        picture = decode(data, limits=self.limits)
        renditions = render(picture)
        if self.keep_originals:
            renditions += (Rendition("original", picture.media_type, picture.width, picture.height, data),)
        return NewPicture(
            phash=perceptual_hash(picture.pixels),
            width=picture.width,
            height=picture.height,
            media_type=picture.media_type,
            renditions=renditions,
            prepared=self.prepare(picture.pixels),
        )
