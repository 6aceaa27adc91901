"""Graphs as files: arrays of fixed width, written once and mapped by every worker into the same memory."""

import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from enfilade.paths import PathGraph
from enfilade.queries.graphs import load_graph

__all__ = ["map_array", "map_graph"]

KEPT = 16
UNREADABLE: Final = (OSError, ValueError, EOFError)


def map_graph(connection: Connection, graph_id: int, folder: Path) -> PathGraph:
    """Map a graph from its folder, filling that from the database if it is missing or damaged."""
    with suppress(*UNREADABLE):
        return _map(folder)
    graph = load_graph(connection, graph_id, removed=True)
    try:
        _write(graph, folder)
        return _map(folder)
    except UNREADABLE:  # a full disk, or no edge to map: this process then has its own
        return graph


def map_array(path: Path, load: Callable[[], NDArray[Any]]) -> NDArray[Any]:
    """Map an array from its file, filling that if it is missing or damaged."""
    with suppress(*UNREADABLE):
        return _array(path)
    array = load()
    try:
        with tempfile.TemporaryDirectory(prefix=".partial-", dir=path.parent) as partial:
            np.save(Path(partial) / path.name, array)
            (Path(partial) / path.name).replace(path)
        return _array(path)
    except UNREADABLE:
        return array


def _map(folder: Path) -> PathGraph:
    arrays = {name: _array(folder / f"{name}.npy") for name in PathGraph.FIELDS}
    folder.touch()  # it is in use: see _forget_others
    return PathGraph(**arrays)


def _array(path: Path) -> NDArray[Any]:
    mapped: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    return mapped


def _write(graph: PathGraph, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=folder.parent))
    try:
        for name in PathGraph.FIELDS:
            np.save(partial / f"{name}.npy", getattr(graph, name))
        _put(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    _forget_others(folder.parent)


def _put(partial: Path, folder: Path) -> None:
    """Put a folder in place, unless another worker was first; one that can't be read makes way."""
    with suppress(OSError):
        partial.rename(folder)
        return
    with suppress(*UNREADABLE):
        _map(folder)
        return
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        partial.rename(folder)


def _forget_others(folder: Path) -> None:
    """Remove all but the graphs mapped last. Whoever has one of the others mapped keeps it."""
    ages = {}
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            ages[path] = path.stat().st_mtime
    for path in sorted(ages, key=ages.__getitem__)[:-KEPT]:
        shutil.rmtree(path, ignore_errors=True)
