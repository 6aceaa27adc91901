"""Strokes and shapes: curves, ribbons, blobs, streams, trembling edges, washes of thin colour."""

import math

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike
from PIL import Image

from ingest.studio.noise import clouds
from ingest.studio.palette import Field

__all__ = [
    "around",
    "blob",
    "curve",
    "follow",
    "oval",
    "ribbon",
    "rotated",
    "scattered",
    "smoothstep",
    "tremble",
    "wash",
]


def smoothstep(low: float, high: float, at: Field) -> Field:
    """Rise smoothly from 0 at low to 1 at high."""
    share: Field = np.clip((at - low) / (high - low), 0, 1)
    eased: Field = share * share * (3 - 2 * share)
    return eased


def curve(points: ArrayLike, count: int, *, closed: bool = False) -> Field:
    """Pass a smooth (Catmull-Rom) curve through points (n, 2). Returns (count, 2)."""
    knots = np.asarray(points, dtype=np.float64)
    if closed:
        knots = np.concatenate([knots[-1:], knots, knots[:2]])
    else:
        knots = np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
    along = np.linspace(0, len(knots) - 3, count, endpoint=not closed)
    start = np.minimum(along.astype(int), len(knots) - 4)
    u = (along - start)[:, None]
    a, b, c, d = (knots[start + step] for step in range(4))
    through: Field = 0.5 * (2 * b + (c - a) * u + (2 * a - 5 * b + 4 * c - d) * u**2 + (3 * b - a - 3 * c + d) * u**3)
    return through


def ribbon(spine: ArrayLike, widths: ArrayLike) -> Field:
    """Outline a stroke along a spine (n, 2) that is widths (n) wide. Returns (2n, 2)."""
    middle = np.asarray(spine, dtype=np.float64)
    way = np.gradient(middle, axis=0)
    way /= np.maximum(np.hypot(way[:, :1], way[:, 1:]), 1e-6)
    side = np.stack([-way[:, 1], way[:, 0]], axis=1) * (np.asarray(widths, dtype=np.float64)[:, None] / 2)
    return np.concatenate([middle + side, (middle - side)[::-1]])


def rotated(points: ArrayLike, angle: float, x: float = 0, y: float = 0) -> Field:
    """Turn points (n, 2) about the origin by an angle in radians, then move them by (x, y)."""
    cos, sin = np.cos(angle), np.sin(angle)
    turned: Field = np.asarray(points, dtype=np.float64) @ np.array([[cos, sin], [-sin, cos]]) + (x, y)
    return turned


def around(points: ArrayLike, turns: ArrayLike) -> Field:
    """Copy points (m, 2) turned about the origin by each of n angles. Returns (n, m, 2)."""
    angles = np.asarray(turns, dtype=np.float64)
    cos, sin = np.cos(angles), np.sin(angles)
    turned: Field = np.asarray(points, dtype=np.float64) @ np.array([[cos, sin], [-sin, cos]]).transpose(2, 0, 1)
    return turned


def oval(x: float, y: float, across: float, down: float, *, angle: float = 0, count: int = 48) -> Field:
    """Outline an ellipse of half-axes across and down. Returns (count, 2)."""
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return rotated(np.stack([np.cos(turn) * across, np.sin(turn) * down], axis=1), angle, x, y)


def blob(rng: Generator, x: float, y: float, radius: float, wobble: float = 0.15) -> Field:
    """Outline a rounded, uneven shape. Returns (64, 2)."""
    turn = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    reach = np.ones(64)
    for wave in range(2, 6):
        reach += rng.normal(0, wobble / wave) * np.cos(wave * turn + rng.uniform(0, 2 * np.pi))
    return np.stack([x + radius * reach * np.cos(turn), y + radius * reach * np.sin(turn)], axis=1)


def scattered(rng: Generator, width: int, height: int, count: int) -> tuple[Field, Field]:
    """Scatter about count points evenly: a jittered grid in random order. Returns x and y."""
    across = max(1, round(math.sqrt(count * width / height)))
    down = max(1, round(count / across))
    column, row = np.meshgrid(np.arange(across), np.arange(down))
    x = (column.ravel() + rng.uniform(-0.3, 1.3, column.size)) * width / across
    y = (row.ravel() + rng.uniform(-0.3, 1.3, row.size)) * height / down
    order = rng.permutation(column.size)
    return x[order], y[order]


def follow(angles: Field, starts: Field, steps: int, stride: float) -> Field:
    """Let points (n, 2) drift along a field of angles (height, width). Returns paths (n, steps + 1, 2)."""
    height, width = angles.shape
    path = [starts]
    for _ in range(steps):
        column = np.clip(path[-1][:, 0], 0, width - 1).astype(int)
        row = np.clip(path[-1][:, 1], 0, height - 1).astype(int)
        way = angles[row, column]
        path.append(path[-1] + stride * np.stack([np.cos(way), np.sin(way)], axis=1))
    return np.stack(path, axis=1)


def tremble(image: Image.Image, rng: Generator, amount: float, scale: float = 6) -> Image.Image:
    """Make edges uneven, as a cutter's or a wet brush's are: move pixels by up to about amount."""
    width, height = image.size
    source = np.asarray(image.convert("RGBX")).view(np.uint32)[..., 0].ravel()
    half = (-(-width // 2), -(-height // 2), scale / 2, 1)
    across, down = ((clouds(rng, *half) * np.float32(2 * amount)).astype(np.int32) for _ in range(2))
    # Kept still at the sides, so that no pixel comes round from the other one.
    across[:, :8] = across[:, -8:] = 0
    offset = (down * width + across).repeat(2, axis=0).repeat(2, axis=1)[:height, :width]
    place = np.arange(width * height, dtype=np.int32).reshape(height, width) + offset
    moved = source.take(place, mode="clip")
    return Image.frombuffer("RGBX", (width, height), moved.tobytes(), "raw", "RGBX", 0, 1).convert("RGB")


def wash(pixels: Field, mask: Field, colour: Field) -> None:
    """Glaze pixels (height, width, 3) in place with thin transparent colour where mask (height, width) says."""
    pixels *= 1 - mask[..., None] * (1 - colour)
