"""Fit and apply a principal component projection. Knows no database and no pictures."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from io import BytesIO
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh

from enfilade.errors import TooFewImagesError

__all__ = ["PrincipalComponents", "Projection", "project"]

_BLOCK = 4096  # rows projected at a time: 42 MB of float64 at d = 1280


@dataclass(frozen=True, slots=True, eq=False)  # arrays have no single truth; compare to_bytes()
class Projection:
    """Where features go: less the mean, onto the components, most variance first.

    mean: (d,). components: (k, d), orthonormal rows. scales: (k,), standard deviations along the components:
    the singular values of the centred fit matrix over sqrt(n - 1). explained: (k,), each component's share of
    the whole variance. fitted_on: n, the number of rows fitted on.
    """

    mean: NDArray[np.float64]
    components: NDArray[np.float64]
    scales: NDArray[np.float64]
    explained: NDArray[np.float64]
    fitted_on: int

    def to_bytes(self) -> bytes:
        """Write a NumPy .npz archive; equal projections give equal bytes."""
        buffer = BytesIO()
        np.savez(buffer, **self.arrays())
        return buffer.getvalue()

    def arrays(self) -> dict[str, Any]:
        """Name every array, for an archive with others' beside them."""
        return asdict(self)

    @classmethod
    def from_bytes(cls, archive: bytes) -> Self:
        """Read what to_bytes wrote. Never unpickles."""
        with np.load(BytesIO(archive), allow_pickle=False) as stored:
            return cls.from_arrays(dict(stored))

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Take a projection from arrays named as arrays() names them; others are left alone."""
        own = {field.name: arrays[field.name] for field in fields(cls) if field.name != "fitted_on"}
        return cls(fitted_on=int(arrays["fitted_on"]), **own)


class PrincipalComponents:
    """Sums up features of d dimensions, so that a fit never holds more than (d, d) numbers and one chunk of features.

    While there are at most d rows, they are kept as they are; beyond, only their mean and scatter, merged by Chan,
    Golub and LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances" (1979), in float64.
    How rows fall into chunks changes only the rounding.
    """

    def __init__(self, features: int) -> None:
        self._features = features
        self._rows: list[NDArray[np.floating]] = []
        self._count = 0  # of the rows in the scatter
        self._mean = np.zeros(features)
        self._scatter: NDArray[np.float64] | None = None

    def add(self, chunk: NDArray[np.floating]) -> None:
        """Take in the rows of chunk, (m, d)."""
        if not len(chunk):
            return
        self._rows.append(chunk)
        if self._scatter is not None or sum(map(len, self._rows)) > self._features:
            for rows in self._rows:
                self._merge(rows)
            self._rows = []

    def _merge(self, chunk: NDArray[np.floating]) -> None:
        if self._scatter is None:
            self._scatter = np.zeros((self._features, self._features))
        mean, rows = _centre(chunk)
        step = mean - self._mean
        total = self._count + len(rows)
        self._scatter += rows.T @ rows + np.outer(step, step) * (self._count * len(rows) / total)
        self._mean = mean if self._count == 0 else self._mean + step * (len(rows) / total)
        self._count = total

    def fit(self, dimensions: int) -> Projection:
        """Find the components of most variance among all rows added.

        Gives min(dimensions, n - 1, d, numerical rank) of them, but at least one, so that even a single row
        has a projection. Raises TooFewImagesError when no row was added.
        """
        if self._scatter is not None:
            variances, components = _principal(self._scatter / (self._count - 1), dimensions)
            whole = float(np.trace(self._scatter)) / (self._count - 1)
            return _projection(self._mean, variances, components, whole, self._count)
        if not self._rows:
            raise TooFewImagesError
        # Fewer rows than features: the components lie among the rows, whose Gram matrix is the smaller one.
        mean, rows = _centre(np.concatenate(self._rows))
        degrees = max(len(rows) - 1, 1)
        variances, among = _principal(rows @ rows.T / degrees, min(dimensions, degrees))
        # Rounding grows where a component is weak; QR makes them orthonormal again.
        components = np.linalg.qr(rows.T @ among.T)[0].T
        return _projection(mean, variances, components, float(np.sum(rows**2)) / degrees, len(rows))


def _centre(chunk: NDArray[np.floating]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the mean of rows, (d,), and the rows less it."""
    rows = chunk.astype(np.float64)
    # Averaging the differences from one row makes equal rows centre to exact zeros.
    mean = rows[0] + (rows - rows[0]).mean(axis=0)
    rows -= mean
    return mean, rows


def _principal(matrix: NDArray[np.float64], dimensions: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Find the largest eigenvalues of a covariance (m, m): (k,), and their eigenvectors, (k, m).

    As many as are asked for and are more than rounding, but at least one.
    """
    size = len(matrix)
    ascending, columns = eigh(matrix, subset_by_index=[max(size - dimensions, 0), size - 1])
    variances = np.maximum(ascending[::-1], 0)
    floor = variances[0] * size * np.finfo(np.float64).eps
    k = max(1, int(np.count_nonzero(variances > floor)))
    return variances[:k], columns.T[::-1][:k]


def _projection(
    mean: NDArray[np.float64],
    variances: NDArray[np.float64],
    components: NDArray[np.float64],
    whole: float,
    fitted_on: int,
) -> Projection:
    return Projection(
        mean=mean.copy(),
        components=_fix_signs(components),
        scales=np.sqrt(variances),
        explained=variances / whole if whole > 0 else np.zeros(len(variances)),
        fitted_on=fitted_on,
    )


def project(projection: Projection, features: NDArray[np.floating], *, whitening: float = 0.0) -> NDArray[np.float32]:
    """Place features in the space of a projection, as directions.

    features: (n, d). Returns (n, k), rows of unit length: the coordinates along the components, each divided
    by scales ** whitening. At 0 they keep their variances, and so their neighbours; at 1 every component
    weighs the same, noise as much as signal; 0.5 lies between. A row at the mean has no direction: it becomes
    the first basis vector.
    """
    divisors = np.where(projection.scales > 0, projection.scales, 1.0) ** whitening
    placed = np.empty((len(features), len(divisors)), dtype=np.float32)
    for start in range(0, len(features), _BLOCK):
        # In float64, so that a picture placed alone lands where it landed among others.
        centred = features[start : start + _BLOCK] - projection.mean
        placed[start : start + _BLOCK] = _unit_rows(centred @ projection.components.T / divisors)
    return placed


def _fix_signs(components: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn each row, (k, d), so that its largest entry is positive, the first of them on a tie."""
    sizes = np.abs(components)
    # Equal sizes differ by rounding from fit to fit, so near-ties count as ties.
    first = np.argmax(sizes >= sizes.max(axis=1, keepdims=True) * (1 - 1e-6), axis=1)
    signs = np.sign(components[np.arange(len(components)), first])
    turned: NDArray[np.float64] = components * signs[:, None]
    return turned


def _unit_rows(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths = np.linalg.norm(coordinates, axis=1, keepdims=True)
    first = np.eye(1, coordinates.shape[1])
    rows: NDArray[np.float64] = np.where(lengths > 0, coordinates, first) / np.where(lengths > 0, lengths, 1)
    return rows
