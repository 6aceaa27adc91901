"""A manifest: a CSV, TSV or JSON Lines file that names pictures and says something of each."""

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from enfilade.errors import RefusedImageError, SourceError
from ingest.sources.candidate import Candidate
from ingest.sources.naming import uri_of

__all__ = ["Manifest", "is_manifest"]

FILE_COLUMNS = ("file", "path", "filename", "file_name", "image")
DELIMITERS = {".csv": ",", ".tsv": "\t"}
JSON_LINES = frozenset({".jsonl", ".ndjson"})


def is_manifest(path: Path) -> bool:
    """Tell by the suffix."""
    return path.suffix.lower() in JSON_LINES | DELIMITERS.keys()


class Manifest:
    """The rows of a manifest, in order. Files are named relative to it, or absolutely.

    A row that names no file, and a line that is not JSON, is a candidate too: one with a problem, so that it is counted
    and told. Raises SourceError where the manifest as a whole can't be read.
    """

    hint: str | None = None

    def __init__(self, path: Path) -> None:
        self.uri = uri_of(path)
        self._folder = path.absolute().parent
        read = _json_rows if path.suffix.lower() in JSON_LINES else _table_rows
        try:
            self._rows = list(read(path))
        except UnicodeDecodeError as error:
            raise SourceError(f"{path} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from error
        except (OSError, csv.Error) as error:
            raise SourceError(f"{path} can't be read: {error}.") from error

    def __len__(self) -> int:
        """Count the rows."""
        return len(self._rows)

    def __iter__(self) -> Iterator[Candidate]:
        """Yield a candidate for each row."""
        for line, row in self._rows:
            yield self._candidate(line, row)

    def _candidate(self, line: int, row: Mapping[str, Any] | RefusedImageError) -> Candidate:
        here = f"{self.uri}#{line}"
        if isinstance(row, RefusedImageError):
            return Candidate(uri=here, path=None, problem=row)
        column = next((name for name in FILE_COLUMNS if row.get(name)), None)
        if column is None or not isinstance(row[column], str) or "\0" in row[column]:
            problem = RefusedImageError("missing_file", f"Line {line} names no file.")
            return Candidate(uri=here, path=None, metadata=row, problem=problem)
        path = self._folder / row[column]
        return Candidate(uri=uri_of(path), path=path, metadata={key: row[key] for key in row if key != column})


def _table_rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any] | RefusedImageError]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, delimiter=DELIMITERS[path.suffix.lower()], restkey="", restval="")
        columns = [name.strip() for name in reader.fieldnames or ()]
        reader.fieldnames = columns
        if not set(columns) & set(FILE_COLUMNS):
            raise SourceError(
                f"{path} has no column that names the files ({', '.join(FILE_COLUMNS)}); it has: {', '.join(columns)}."
            )
        for row in reader:
            if "" in row and any(row[""] or ()):
                yield (
                    reader.line_num,
                    RefusedImageError("bad_row", f"Line {reader.line_num} has more cells than columns."),
                )
            else:
                yield reader.line_num, {key: value for key, value in row.items() if key}


def _json_rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any] | RefusedImageError]]:
    with path.open(encoding="utf-8-sig") as file:
        for line, text in enumerate(file, start=1):
            if not text.strip():
                continue
            try:
                row = json.loads(text)
            except json.JSONDecodeError as error:
                yield line, RefusedImageError("bad_row", f"Line {line} is not JSON: {error.msg}.")
                continue
            yield (
                line,
                row if isinstance(row, dict) else RefusedImageError("bad_row", f"Line {line} is no JSON object."),
            )
