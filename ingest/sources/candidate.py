"""What every source yields."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from enfilade.errors import RefusedImageError
from enfilade.images import read_file

__all__ = ["Candidate", "Source"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be a picture, and what its source says of it."""

    uri: str
    """Where it is, as it is stored and told: an absolute path, or a place in the manifest that names no file."""
    path: Path | None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """As given, column by column."""
    problem: RefusedImageError | None = None
    """Why there is nothing to read, if the source knows already."""

    def read(self, at_most: int) -> bytes:
        """Read the file, but no more than one byte over the bound. Raises RefusedImageError."""
        if self.problem:
            raise self.problem
        if self.path is None:
            raise RefusedImageError("missing_file", "No file is named.")
        return read_file(self.path, at_most)


class Source(Protocol):
    """A place that pictures are ingested from."""

    uri: str
    """The folder or manifest, as it is stored and told."""
    hint: str | None
    """Something the user may want to know about it."""

    def __len__(self) -> int:
        """Count the candidates: the rows."""
        ...

    def __iter__(self) -> Iterator[Candidate]:
        """Yield the candidates, in the source's own order."""
        ...
