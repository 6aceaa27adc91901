"""Paths between images over a weighted graph: shortest, smooth, even; by way of some, keeping off others. Pure."""

from enfilade.paths.ends import End, Limits, TemporaryNode
from enfilade.paths.even import EVENNESS, Evenness
from enfilade.paths.finding import find_paths, shortest_path
from enfilade.paths.graph import PathGraph, count_components, path_graph
from enfilade.paths.modes import MOST_BETWEEN, Even, Mode, Shortest, Smooth
from enfilade.paths.path import Path
from enfilade.paths.relaxing import least_relaxation
from enfilade.paths.sparing import spare_images

__all__ = [
    "EVENNESS",
    "MOST_BETWEEN",
    "End",
    "Even",
    "Evenness",
    "Limits",
    "Mode",
    "Path",
    "PathGraph",
    "Shortest",
    "Smooth",
    "TemporaryNode",
    "count_components",
    "find_paths",
    "least_relaxation",
    "path_graph",
    "shortest_path",
    "spare_images",
]
