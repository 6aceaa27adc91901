"""Paths over HTTP at a steady rate, beside the same paths in process, while another graph is published."""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.clustered import clustered_graph
from benchmarks.paths import NEIGHBOURS, random_pairs
from benchmarks.scratch import Scratch, publish_again, published_graph
from benchmarks.timing import percentiles
from enfilade.paths import PathGraph, find_paths

__all__ = ["run"]

WARMING = 40
Ends = tuple[int, int]


def run(nodes: int, rate: int, seconds: int) -> dict[str, Any]:
    """Ask a server of a joined kNN graph for shortest paths, so many a second; milliseconds.

    Half-way the graph is published once more, under another id. Every request begins at its own time, however long
    those before it took, so that a stall is counted by all whom it kept waiting.
    """
    drawn, vectors = clustered_graph(nodes, NEIGHBOURS)
    graph = replace(drawn, ids=drawn.ids + 1)
    pairs = [(one + 1, other + 1) for one, other in random_pairs(nodes, rate * seconds + WARMING)]
    in_process = _in_process(graph, pairs)
    with published_graph(graph, vectors[drawn.ids], k=NEIGHBOURS) as scratch:
        server, url = _serve(scratch)
        try:
            for ends in pairs[:WARMING]:
                _ask(url, ends)
            publishing = threading.Timer(seconds / 2, publish_again, (scratch, graph), {"k": NEIGHBOURS})
            publishing.start()
            answers = _steadily(url, pairs[WARMING:], rate)
            publishing.join()
        finally:
            server.terminate()
            server.wait(timeout=60)
    statuses, graphs = Counter(answer[0] for answer in answers), Counter(answer[1] for answer in answers)
    peers = {"in process": percentiles(in_process), "over HTTP": percentiles([answer[2] for answer in answers])}
    bound = 3 * peers["in process"]["p95_ms"] + 10
    return {
        "nodes": nodes, "edges": graph.edges, "requests": len(answers), "rate": rate,
        "failed": sum(count for status, count in statuses.items() if status != http.HTTPStatus.OK),
        "graphs": len(graphs), "bound_p95_ms": round(bound, 2), "peers": peers,
    }  # fmt: skip


def _in_process(graph: PathGraph, pairs: list[Ends]) -> list[float]:
    times = []
    for ends in pairs:
        begun = time.perf_counter()
        find_paths(graph, *ends)
        times.append(1000 * (time.perf_counter() - begun))
    return times[WARMING:]


def _serve(scratch: Scratch) -> tuple[subprocess.Popen[str], str]:
    words = [sys.executable, "-m", "enfilade", "serve", "--port", "0"]
    variables = os.environ | {"ENFILADE_HOME": str(scratch.home), "DATABASE_URL": scratch.url}
    log = Path(scratch.home / "serve.log").open("w")  # noqa: SIM115 — the server's, which outlives this call
    server = subprocess.Popen(words, env=variables, stdout=subprocess.PIPE, stderr=log, text=True)
    assert server.stdout  # noqa: S101 — it was asked for
    return server, server.stdout.readline().strip()


_own = threading.local()


def _ask(url: str, ends: Ends) -> tuple[int, int]:
    """Ask once, over a connection that this thread keeps; give the status, and the graph that answered."""
    if not hasattr(_own, "connection"):
        _own.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    _own.connection.request("GET", f"/api/v1/paths?source={ends[0]}&target={ends[1]}")
    answer = _own.connection.getresponse()
    body = answer.read()
    return answer.status, json.loads(body).get("graph", 0)


def _steadily(url: str, pairs: list[Ends], rate: int) -> list[tuple[int, int, float]]:
    begun = time.perf_counter()

    def ask(place: int) -> tuple[int, int, float]:
        due = begun + place / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        status, graph = _ask(url, pairs[place])
        return status, graph, 1000 * (time.perf_counter() - due)

    with ThreadPoolExecutor(32) as threads:
        return list(threads.map(ask, range(len(pairs))))
