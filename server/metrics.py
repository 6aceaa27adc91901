"""What Prometheus reads: counts and durations of requests, and how large the collection is.

Under several workers each writes files of its own into one folder, and whichever is asked adds them up: importing this
in a process where PROMETHEUS_MULTIPROC_DIR is set makes it so (prometheus_client's multiprocess mode).
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from enfilade.queries.spaces import PublishedGraph

__all__ = ["count_logged", "count_request", "metrics_text"]

_requests = CollectorRegistry()
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_count = Counter("enfilade_requests", "Requests answered.", ("method", "route", "status"), registry=_requests)
_duration = Histogram(
    "enfilade_request_seconds",
    "Time to answer a request.",
    ("route",),
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=_requests,
)
_logged = Counter("enfilade_query_log_rows", "Rows for the log of queries.", ("outcome",), registry=_requests)


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request that was answered."""
    _count.labels(method if method in METHODS else "other", route, status).inc()  # a stranger may send any word
    _duration.labels(route).observe(seconds)


def count_logged(outcome: str, rows: int) -> None:
    """Count rows of the log of queries: written, dropped (too many waited) or failed (the database took them not)."""
    _logged.labels(outcome).inc(rows)


def metrics_text(folder: Path | None, images: int | None, graphs: Sequence[PublishedGraph]) -> bytes:
    """Write all metrics in Prometheus's text format; images is None while the database is away.

    folder: where the workers write theirs, None where this process is the only one.
    """
    registry = _requests
    if folder is not None:
        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]
    collection = CollectorRegistry()
    collection.register(_Collection(images, graphs))
    return generate_latest(registry) + generate_latest(collection)


class _Collection(Collector):
    def __init__(self, images: int | None, graphs: Sequence[PublishedGraph]) -> None:
        self._images = images
        self._graphs = graphs

    def collect(self) -> Iterator[Metric]:
        """Give what the database told."""
        yield GaugeMetricFamily("enfilade_database_up", "Whether the database answers.", int(self._images is not None))
        if self._images is not None:
            yield GaugeMetricFamily("enfilade_images", "Images that are shown.", self._images)
        edges = GaugeMetricFamily("enfilade_graph_edges", "Edges of each published graph.", labels=("space", "graph"))
        for graph in self._graphs:
            if graph.graph_id is not None:
                edges.add_metric((graph.space_name, str(graph.graph_id)), graph.edges or 0)
        yield edges
