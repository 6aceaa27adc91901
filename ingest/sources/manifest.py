"""A manifest: a CSV, TSV or JSON Lines file that names pictures and says something of each."""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from enfilade.errors import RefusedImageError, SourceError
from ingest.described import clean
from ingest.sources.candidate import Candidate
from ingest.sources.naming import uri_of

__all__ = ["Manifest", "is_manifest"]

FILE_COLUMNS = ("file", "path", "filename", "file_name", "image")
DELIMITERS = {".csv": ",", ".tsv": "\t"}
LARGEST_CELL = 2**24
LONGEST_NAME = 1000  # characters; Postgres indexes texts of up to some 2,700 bytes
CONTROL = re.compile(r"[\x00-\x1f]")
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
        column = next((name for name in row if name.lower() in FILE_COLUMNS and row[name]), None)
        if column is None or not _is_name(row[column]):
            problem = RefusedImageError("missing_file", f"Line {line} names no file.")
            return Candidate(uri=here, path=None, metadata=row, problem=problem)
        path = self._folder / row[column]
        return Candidate(uri=uri_of(path), path=path, metadata={key: row[key] for key in row if key != column})


def _is_name(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_NAME and not CONTROL.search(value)


def _table_rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any] | RefusedImageError]]:
    csv.field_size_limit(LARGEST_CELL)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, delimiter=DELIMITERS[path.suffix.lower()], restkey="", restval="", strict=True)
        columns = [name.strip() for name in reader.fieldnames or ()]
        reader.fieldnames = columns
        _check_columns(path, columns)
        for row in reader:
            if "" in row and any(row[""] or ()):
                yield (
                    reader.line_num,
                    RefusedImageError("bad_row", f"Line {reader.line_num} has more cells than columns."),
                )
            else:
                yield reader.line_num, clean({key: value for key, value in row.items() if key})


def _check_columns(path: Path, columns: list[str]) -> None:
    names = [name.lower() for name in columns if name]
    if not set(names) & set(FILE_COLUMNS):
        raise SourceError(
            f"{path} has no column that names the files ({', '.join(FILE_COLUMNS)}); it has: {', '.join(columns)}."
        )
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise SourceError(f"{path} has more than one column named {', '.join(twice)}.")


def _json_rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any] | RefusedImageError]]:
    with path.open(encoding="utf-8-sig") as file:
        for line, text in enumerate(file, start=1):
            if text.strip():
                yield line, _json_row(line, text)


def _json_row(line: int, text: str) -> Mapping[str, Any] | RefusedImageError:
    try:
        row = json.loads(text)
        if isinstance(row, dict):
            return clean(row)
    except RecursionError:
        return RefusedImageError("bad_row", f"Line {line} is nested too deeply.")
    except ValueError as error:
        return RefusedImageError("bad_row", f"Line {line} is not JSON: {error}.")
    return RefusedImageError("bad_row", f"Line {line} is no JSON object.")
