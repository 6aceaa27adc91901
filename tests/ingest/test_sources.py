"""Every row of a source is a candidate; what can't be read is told, never skipped."""

import os
from pathlib import Path

import pytest
from PIL import Image

from enfilade.errors import RefusedImageError, SourceError
from ingest.described import describe
from ingest.sources import open_source


def touch(path: Path, data: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_a_folder_gives_its_pictures_in_order_with_all_its_folders(tmp_path: Path) -> None:
    for name in ("b.JPG", "a/z.png", "a/notes.txt", ".hidden/c.jpg", ".DS_Store", "shot.heic"):
        touch(tmp_path / name)
    Image.new("RGB", (20, 20)).save(tmp_path / "no-suffix", format="PNG")
    source = open_source(tmp_path)
    names = [candidate.uri.removeprefix(f"{tmp_path}/") for candidate in source]
    assert names == ["b.JPG", "no-suffix", "shot.heic", "a/z.png"]
    assert len(source) == 4


def test_a_folder_with_a_manifest_hints_at_it(tmp_path: Path) -> None:
    touch(tmp_path / "metadata.csv", b"file\n")
    hint = open_source(tmp_path).hint
    assert hint
    assert "metadata.csv" in hint


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("m.csv", "file,title,room\na.jpg,One,4\nsub/b.jpg,Two,\n"),
        ("m.csv", "\ufefffile , title,room\r\na.jpg,One,4\r\nsub/b.jpg,Two,\r\n"),
        ("m.tsv", "path\ttitle\troom\na.jpg\tOne\t4\nsub/b.jpg\tTwo\t\n"),
        ("m.jsonl", '{"file": "a.jpg", "title": "One", "room": "4"}\n\n{"file": "sub/b.jpg", "title": "Two"}\n'),
    ],
)
def test_every_kind_of_manifest_names_files_beside_itself(tmp_path: Path, name: str, text: str) -> None:
    touch(tmp_path / name, text.encode())
    first, second = open_source(tmp_path / name)
    assert (first.path, second.path) == (tmp_path / "a.jpg", tmp_path / "sub" / "b.jpg")
    assert first.metadata == {"title": "One", "room": "4"}
    assert second.metadata["title"] == "Two"


def test_rows_that_name_no_file_and_lines_that_are_no_json_are_candidates_with_a_problem(tmp_path: Path) -> None:
    text = '{"title": "no file"}\nnot json\n[1]\n{"file": 3}\n{"file": "gone.jpg"}\n'
    candidates = list(open_source(touch(tmp_path / "m.jsonl", text.encode())))
    reasons = []
    for candidate in candidates:
        with pytest.raises(RefusedImageError) as raised:
            candidate.read(100)
        reasons.append(raised.value.reason)
    assert reasons == ["missing_file", "bad_row", "bad_row", "missing_file", "missing_file"]
    assert len({candidate.uri for candidate in candidates}) == 5


def test_a_line_that_no_parser_should_be_asked_to_read_is_a_bad_row(tmp_path: Path) -> None:
    deep = "[" * 5000 + "]" * 5000
    lines = [
        f'{{"file": "a.jpg", "x": {deep}}}',
        '{"file": "a.jpg", "x": ' + "9" * 5000 + "}",
        '{"file": "\\ud800.jpg"}',
    ]
    candidates = list(open_source(touch(tmp_path / "m.jsonl", "\n".join(lines).encode())))
    for candidate in candidates:
        with pytest.raises(RefusedImageError):
            candidate.read(100)


def test_a_name_too_long_to_be_a_file_is_told_by_its_line(tmp_path: Path) -> None:
    (candidate,) = open_source(touch(tmp_path / "m.csv", b"file\n" + b"x" * 20_000 + b".jpg\n"))
    assert candidate.uri == f"{tmp_path}/m.csv#2"


def test_columns_are_known_in_any_case(tmp_path: Path) -> None:
    (candidate,) = open_source(touch(tmp_path / "m.csv", b"File,Title,Year\na.jpg,One,1896\n"))
    assert candidate.path == tmp_path / "a.jpg"
    said = describe(candidate.metadata)
    assert (said.title, said.year_from) == ("One", 1896)


def test_a_pipe_is_no_picture_and_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    os.mkfifo(tmp_path / "pipe")
    (candidate,) = open_source(tmp_path)
    with pytest.raises(RefusedImageError, match="no regular file"):
        candidate.read(100)


def test_a_row_with_too_many_cells_is_a_bad_row(tmp_path: Path) -> None:
    (candidate,) = open_source(touch(tmp_path / "m.csv", b"file,title\na.jpg,One,stray\n"))
    with pytest.raises(RefusedImageError, match="more cells than columns"):
        candidate.read(100)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("m.csv", b"name,title\na,b\n", "no column that names the files"),
        ("m.csv", b"", "no column that names the files"),
        ("m.csv", b"file,title\na.jpg,caf\xe9\n", "not UTF-8"),
        ("m.csv", b"file,title,Title\na.jpg,One,Two\n", "more than one column named title"),
        ("m.csv", b'file,title\na.jpg,"One\nb.jpg,Two\n', "unexpected end"),
        ("m.xlsx", b"PK", "neither a folder nor a manifest"),
    ],
)
def test_what_is_no_manifest_is_refused_by_name(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        open_source(touch(tmp_path / name, data))


def test_a_file_name_that_is_no_unicode_can_be_told(tmp_path: Path) -> None:
    (tmp_path / "caf\udce9.jpg").write_bytes(b"x")
    (candidate,) = open_source(tmp_path)
    assert candidate.uri.encode().endswith(rb"caf\xe9.jpg")
    assert candidate.read(10) == b"x"
