"""Take times, and sum them up."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np

__all__ = ["percentiles", "take_turns"]

T = TypeVar("T")


def take_turns(peers: Mapping[str, Callable[[T], object]], tasks: Sequence[T]) -> dict[str, list[float]]:
    """Time every peer on every task, in turns, so that a noisy moment hits all alike: name -> milliseconds."""
    times: dict[str, list[float]] = {name: [] for name in peers}
    for task in tasks:
        for name, peer in peers.items():
            started = time.perf_counter()
            peer(task)
            times[name].append((time.perf_counter() - started) * 1000)
    return times


def percentiles(times: Sequence[float]) -> dict[str, float]:
    """Give the median and the 95th percentile, in milliseconds."""
    return {"p50_ms": round(float(np.percentile(times, 50)), 3), "p95_ms": round(float(np.percentile(times, 95)), 3)}
