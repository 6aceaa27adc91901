"""Where pictures come from: each source yields candidates."""

from pathlib import Path

from enfilade.errors import SourceError
from ingest.sources.candidate import Candidate, Source
from ingest.sources.folder import Folder
from ingest.sources.manifest import Manifest, is_manifest

__all__ = ["Candidate", "Source", "open_source"]


def open_source(path: Path) -> Source:
    """Tell what kind of source a path is, and open it. Raises SourceError."""
    if not path.exists():
        raise SourceError(f"There is no {path}.")
    if path.is_dir():
        return Folder(path)
    if is_manifest(path):
        return Manifest(path)
    raise SourceError(f"{path} is neither a folder nor a manifest (.csv, .tsv, .jsonl, .ndjson).")
