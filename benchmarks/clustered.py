"""A graph of many clustered vectors, drawn once and kept in the system's temporary folder."""

import tempfile
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from enfilade.edges import EdgeKind, Edges
from enfilade.joining import components
from enfilade.knn import KnnGraph, angles_of_pairs, edges_of
from enfilade.paths import PathGraph, path_graph

__all__ = ["clustered_graph", "clustered_vectors"]

DIMENSIONS, SPREAD, ALIKE = 64, 0.7, 200  # spread within a cluster, in units of that between; vectors a cluster
BLOCK = 16_384


def clustered_vectors(nodes: int) -> NDArray[np.float32]:
    """Draw unit vectors (nodes, 64) about random centres, the same ones each time."""
    chance = np.random.default_rng(0)
    centres = chance.standard_normal((max(nodes // ALIKE, 1), DIMENSIONS), dtype=np.float32)
    vectors = centres[chance.integers(len(centres), size=nodes)]
    vectors += SPREAD * chance.standard_normal(vectors.shape, dtype=np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def clustered_graph(nodes: int, neighbours: int) -> tuple[PathGraph, NDArray[np.float32]]:
    """Give the joined kNN graph of clustered vectors, and the vectors; its neighbours are approximate, by HNSW."""
    vectors = clustered_vectors(nodes)
    kept = Path(tempfile.gettempdir()) / f"enfilade-benchmark-{nodes}-{neighbours}-{DIMENSIONS}-{SPREAD}-{ALIKE}.npz"
    if not kept.exists():
        edges = _joined(vectors, edges_of(_neighbours(vectors, neighbours)))
        partial = kept.with_suffix(".partial.npz")
        np.savez(partial, source=edges.source, target=edges.target, distance=edges.distance, kind=edges.kind)
        partial.rename(kept)
    with np.load(kept, allow_pickle=False) as edges:
        graph = path_graph(edges["source"], edges["target"], edges["distance"], edges["kind"], images=np.arange(nodes))
    return graph, vectors


def _neighbours(vectors: NDArray[np.float32], k: int) -> KnnGraph:
    index = faiss.IndexHNSWFlat(vectors.shape[1], 16, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction, index.hnsw.efSearch = 80, 64
    index.add(vectors)
    blocks = (vectors[top : top + BLOCK] for top in range(0, len(vectors), BLOCK))
    found = np.concatenate([index.search(block, k + 1)[1] for block in blocks])
    own = found == np.arange(len(vectors))[:, None]
    own[~own.any(axis=1), -1] = True  # itself was not found: the last goes instead
    found = found[~own].reshape(len(vectors), k)
    angles = angles_of_pairs(vectors, np.repeat(np.arange(len(vectors)), k), found.ravel())
    return KnnGraph(found, angles.reshape(found.shape))


def _joined(vectors: NDArray[np.float32], edges: Edges) -> Edges:
    """Tie each smaller component to the largest, by the nearest picture there to its first one."""
    _, labels = components(len(vectors), edges)
    largest = np.bincount(labels).argmax()
    home = np.flatnonzero(labels == largest)
    _, first = np.unique(labels, return_index=True)
    loose = np.delete(first, largest)
    nearest = np.array([home[np.argmax(vectors[home] @ vectors[row])] for row in loose], dtype=np.int64)
    return Edges(
        source=np.append(edges.source, np.minimum(loose, nearest)),
        target=np.append(edges.target, np.maximum(loose, nearest)),
        distance=np.append(edges.distance, angles_of_pairs(vectors, loose, nearest)),
        kind=np.append(edges.kind, np.full(len(loose), EdgeKind.BRIDGE, dtype=np.int8)),
        source_rank=np.append(edges.source_rank, np.zeros(len(loose), dtype=np.int16)),
        target_rank=np.append(edges.target_rank, np.zeros(len(loose), dtype=np.int16)),
    )
