"""Have everything compiled before anybody asks. Knows no graph but a small one of its own."""

import numpy as np

from enfilade.paths.ends import TemporaryNode
from enfilade.paths.finding import find_paths
from enfilade.paths.graph import path_graph
from enfilade.paths.modes import Even, Mode, Shortest, Smooth

__all__ = ["compile_all"]


def compile_all() -> None:
    """Walk once in every way: some ten seconds on a new machine, then some tenths, since the code is kept."""
    around = np.arange(8)
    source, target = np.append(around, around), np.append((around + 1) % 8, (around + 2) % 8)
    turns = around * np.pi / 4
    places = np.stack([np.cos(turns), np.sin(turns)], axis=1).astype(np.float32)
    distance = np.append(np.full(8, 0.8), np.full(8, 1.6)).astype(np.float32)
    graph = path_graph(source, target, distance)
    modes: tuple[Mode, ...] = (Shortest(), Smooth(), Even(places[graph.ids], 3))
    guest = TemporaryNode((0, 1), (0.4, 0.4), places[0])
    for mode in modes:
        find_paths(graph, 0, 4, mode, alternatives=2)
        find_paths(graph, guest, 4, mode)
