"""What is told of a graph: how its edges came about, how long they are, and who is nobody's neighbour."""

from typing import Any

import numpy as np
from scipy.stats import skew

from enfilade.edges import EdgeKind, Edges
from enfilade.knn import KnnGraph

__all__ = ["graph_statistics"]


def graph_statistics(neighbours: KnnGraph, edges: Edges) -> dict[str, Any]:
    """Sum up a graph, as JSON has it.

    in_degree_skew is the hubness of Radovanović, Nanopoulos and Ivanović, "Hubs in Space" (2010): the skewness of how
    often each image is among others' neighbours.
    """
    n, k = neighbours.neighbours.shape
    in_degree = np.bincount(neighbours.neighbours.ravel(), minlength=n)
    kinds = np.bincount(edges.kind, minlength=len(EdgeKind))
    return {
        "kinds": {kind.name.lower(): int(kinds[kind]) for kind in EdgeKind},
        "mean_degree": round(2 * len(edges) / n, 3),
        "in_degree_skew": round(float(skew(in_degree)), 3) if k and in_degree.std() > 0 else 0.0,
        "nobodys_neighbour": round(float(np.mean(in_degree == 0)), 5) if k else 0.0,
        "distance_quantiles": {
            str(share): round(float(np.quantile(edges.distance, share)), 5) for share in (0.05, 0.25, 0.5, 0.75, 0.95)
        }
        if len(edges)
        else {},
    }
