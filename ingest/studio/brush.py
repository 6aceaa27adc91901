"""Strokes and shapes: curves, ribbons, blobs, streams, trembling edges, washes of thin colour."""

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike
from PIL import Image

from ingest.studio.noise import clouds
from ingest.studio.palette import Field

__all__ = ["blob", "curve", "follow", "oval", "ribbon", "rotated", "smoothstep", "tremble", "wash"]


def smoothstep(low: float, high: float, at: Field) -> Field:
    """Rise smoothly from 0 at low to 1 at high."""
    share = np.clip((at - low) / (high - low), 0, 1)
    return share * share * (3 - 2 * share)


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
    return 0.5 * (2 * b + (c - a) * u + (2 * a - 5 * b + 4 * c - d) * u**2 + (3 * b - a - 3 * c + d) * u**3)


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
    turned: Field = np.asarray(points, dtype=np.float64) @ np.array([[cos, sin], [-sin, cos]])
    return turned + np.array([x, y])


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
    reach = np.float32(2 * amount)
    across = (clouds(rng, width, height, scale, 1) * reach).astype(np.int32)
    down = (clouds(rng, width, height, scale, 1) * reach).astype(np.int32)
    column = np.clip(np.arange(width, dtype=np.int32)[None, :] + across, 0, width - 1)
    row = np.clip(np.arange(height, dtype=np.int32)[:, None] + down, 0, height - 1)
    moved = source.take(row * width + column)
    return Image.fromarray(moved[..., None].view(np.uint8).reshape(height, width, 4)[..., :3].copy())


def wash(pixels: Field, mask: Field, colour: Field) -> None:
    """Glaze pixels (height, width, 3) in place with thin transparent colour where mask (height, width) says."""
    pixels *= 1 - mask[..., None] * (1 - colour)
