"""Every noun of the API, in the order in which it is told."""

from typing import Final

from server.api.duplicates import duplicates
from server.api.graphs import graphs
from server.api.health import health
from server.api.images import images
from server.api.openapi import description
from server.api.operations import Noun
from server.api.paths import paths
from server.api.search import search
from server.api.spaces import spaces
from server.api.statistics import statistics

__all__ = ["NOUNS"]

NOUNS: Final[tuple[Noun, ...]] = (images, search, duplicates, paths, spaces, graphs, statistics, health, description)
