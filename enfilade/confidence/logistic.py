"""From evidence to a probability: logistic regression that never falls where evidence grows. Knows no pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

__all__ = ["Logistic", "fit_logistic"]

_PENALTY: Final = 1e-4
_ROUNDS: Final = 20


@dataclass(frozen=True, slots=True)
class Logistic:
    """The probability is 1 / (1 + exp(-(weights · evidence + bias))), no weight below nought."""

    weights: tuple[float, ...]
    bias: float

    def probability(self, evidence: NDArray[np.floating]) -> NDArray[np.float64]:
        """Give the probabilities of rows of evidence, (n, d): (n,)."""
        return np.asarray(expit(np.asarray(evidence, dtype=np.float64) @ np.array(self.weights) + self.bias))

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON has it."""
        return {"weights": list(self.weights), "bias": self.bias}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """Read what as_dict gave. Raises KeyError where something is missing."""
        return cls(tuple(float(weight) for weight in told["weights"]), float(told["bias"]))


def fit_logistic(
    positive: NDArray[np.floating], negative: NDArray[np.floating], *, balanced: bool = True, contaminated: bool = False
) -> Logistic:
    """Fit to rows of evidence for what is so, (n, d), and for what is not, (m, d). Raises ValueError without both.

    balanced: either kind counts the same, however many: the probability is then that before which so and not so are
    as likely. contaminated: some negatives may be positives unknown to us; each counts as such as far as it looks like
    one (expectation-maximisation, after Bootkrajang and Kabán, "Label-Noise Robust Logistic Regression", 2012).

    A small penalty on the weights keeps them finite where the two kinds lie apart.
    """
    if not (len(positive) and len(negative)):
        raise ValueError("both what is so and what is not are needed")
    evidence = np.concatenate([positive, negative]).astype(np.float64)
    so = np.repeat([1.0, 0.0], [len(positive), len(negative)])
    fitted = _fit(evidence, so, balanced=balanced)
    for _ in range(_ROUNDS if contaminated else 0):
        looks = fitted.probability(evidence[len(positive) :])
        share = looks.mean() if len(looks) else 0.0
        hidden = share * looks / np.maximum(share * looks + (1 - share) * (1 - looks), np.finfo(float).tiny)
        so[len(positive) :] = hidden
        fitted = _fit(evidence, so, balanced=balanced)
    return fitted


def _fit(evidence: NDArray[np.float64], so: NDArray[np.float64], *, balanced: bool) -> Logistic:
    """Fit to evidence (n, d) with so (n,), from 0 to 1."""
    middle, spread = evidence.mean(axis=0), np.maximum(evidence.std(axis=0), 1e-9)
    scaled = (evidence - middle) / spread
    count = np.array([(1 - so).sum(), so.sum()])
    weights = so / count[1] + (1 - so) / count[0] if balanced else np.ones(len(so))
    weights = weights / weights.sum()

    def loss(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        score = scaled @ parameters[:-1] + parameters[-1]
        error = weights * (expit(score) - so)
        slope = np.append(scaled.T @ error + _PENALTY * parameters[:-1], error.sum())
        likelihood = weights @ (np.logaddexp(0, score) - so * score)
        return float(likelihood + _PENALTY / 2 * parameters[:-1] @ parameters[:-1]), slope

    bounds: Sequence[tuple[float | None, None]] = [(0.0, None)] * evidence.shape[1] + [(None, None)]
    best = minimize(loss, np.zeros(evidence.shape[1] + 1), jac=True, bounds=bounds, method="L-BFGS-B").x
    slopes = best[:-1] / spread
    return Logistic(tuple(slopes.tolist()), float(best[-1] - slopes @ middle))
