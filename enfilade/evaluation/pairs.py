"""Choose pairs alike and not alike, that do not drift, and measure a space by them. Knows no database and no pictures.

Each anchor takes the partner whose hash with it is least: rendezvous hashing (Thaler and Ravishankar, "Using
Name-Based Mappings to Increase Hit Rates", 1998). So the choice depends on the images and the label alone, and an
image that comes or goes changes only its own pairs and those it is, or was, the partner in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from enfilade.evaluation.intervals import Estimate, estimate, estimate_mean
from enfilade.knn import angles_of_pairs

__all__ = ["PairEvaluation", "Pairs", "choose_pairs", "evaluate_pairs", "roc_auc", "triplet_scores"]

_MOST_ANCHORS = 5000
_CELLS = 4_000_000  # hashes compared at a time: 32 MB
_NEVER = np.uint64(2**64 - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """For each anchor one image alike and one not alike, indices (m,) each; all three are a triplet."""

    anchors: NDArray[np.int64]
    similar: NDArray[np.int64]
    dissimilar: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PairEvaluation:
    """How well angles tell pairs apart; pairs counts both kinds, which are as many."""

    roc_auc: Estimate
    triplet_accuracy: Estimate
    pairs: int

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON has it."""
        return {
            "roc_auc": self.roc_auc.value,
            "interval": self.roc_auc.interval,
            "triplet_accuracy": self.triplet_accuracy.value,
            "triplet_interval": self.triplet_accuracy.interval,
            "pairs": self.pairs,
        }


def choose_pairs(
    keys: Sequence[bytes],
    codes: NDArray[np.int64],
    groups: NDArray[np.int64] | None = None,
    *,
    label: str,
    most: int = _MOST_ANCHORS,
) -> Pairs:
    """Choose for each anchor a partner of its label and one of another, neither of its own group.

    keys: n of them, the sha256 of each image; codes and groups: (n,), of label_codes. An image without a label takes
    no part, nor does one without a group where groups are given, for it might be of any. An anchor that lacks one
    partner lacks both. Beyond most anchors, those of the least hash are taken.
    """
    of = np.arange(len(codes)) if groups is None else groups
    taking_part = np.flatnonzero((codes >= 0) & (of >= 0))
    codes, of = codes[taking_part], of[taking_part]
    asking, asked = (_words([keys[int(image)] for image in taking_part], label, role) for role in ("anchor", "partner"))
    anchors = _anchors(codes, of, asking, most)
    similar, dissimilar = np.empty((2, len(anchors)), dtype=np.int64)
    step = max(1, _CELLS // max(len(codes), 1))
    for start in range(0, len(anchors), step):
        some = anchors[start : start + step]
        hashes = _mix(asking[some, None] ^ asked)
        alike, stranger = codes[some, None] == codes, of[some, None] != of
        similar[start : start + step] = np.where(alike & stranger, hashes, _NEVER).argmin(axis=1)
        dissimilar[start : start + step] = np.where(~alike & stranger, hashes, _NEVER).argmin(axis=1)
    return Pairs(taking_part[anchors], taking_part[similar], taking_part[dissimilar])


def evaluate_pairs(vectors: NDArray[np.float32], pairs: Pairs) -> PairEvaluation | None:
    """Measure vectors, (n, d), rows of unit length, by pairs; the intervals draw anchors. None without pairs."""
    similar = -angles_of_pairs(vectors, pairs.anchors, pairs.similar)
    dissimilar = -angles_of_pairs(vectors, pairs.anchors, pairs.dissimilar)
    # The order of the angles is all that counts, so ranks stand for them: small whole numbers, quick to draw from.
    ranks = rankdata(np.concatenate([similar, dissimilar]), method="dense").astype(np.int64)
    high, low = ranks[: len(similar)], ranks[len(similar) :]
    area = estimate(lambda drawn: _auc_of_ranks(high[drawn], low[drawn]), len(pairs.anchors))
    accuracy = estimate_mean(triplet_scores(similar, dissimilar))
    if area is None or accuracy is None:
        return None
    return PairEvaluation(area, accuracy, len(pairs.anchors) * 2)


def roc_auc(similar: NDArray[np.floating], dissimilar: NDArray[np.floating]) -> float:
    """Find how often a similar pair's likeness, (m,), is above a dissimilar one's, (l,); a tie counts half.

    By ranks: Mann and Whitney, "On a Test of Whether one of Two Random Variables is Stochastically Larger than the
    Other" (1947). Raises ValueError where either is empty.
    """
    if not len(similar) or not len(dissimilar):
        raise ValueError("both kinds of pairs are needed")
    ranks = rankdata(np.concatenate([similar, dissimilar]), method="dense").astype(np.int64)
    return _auc_of_ranks(ranks[: len(similar)], ranks[len(similar) :])


def triplet_scores(similar: NDArray[np.floating], dissimilar: NDArray[np.floating]) -> NDArray[np.float64]:
    """Tell of each triplet, (m,), whether the similar partner is likelier, 1, or not, 0; a tie is 0.5."""
    scores: NDArray[np.float64] = (np.sign(similar - dissimilar).astype(np.float64) + 1) / 2
    return scores


def _auc_of_ranks(similar: NDArray[np.int64], dissimilar: NDArray[np.int64]) -> float:
    ranks = max(similar.max(), dissimilar.max()) + 1
    above, beside = np.bincount(similar, minlength=ranks), np.bincount(dissimilar, minlength=ranks)
    won = above @ (np.cumsum(beside) - beside / 2)
    return float(won / (len(similar) * len(dissimilar)))


def _anchors(
    codes: NDArray[np.int64], of: NDArray[np.int64], hashes: NDArray[np.uint64], most: int
) -> NDArray[np.int64]:
    """Find those that have a partner of each kind, and of these the ones of the least hash, in order."""
    _, cell, both = np.unique(np.stack([codes, of]), axis=1, return_inverse=True, return_counts=True)
    alike, kin = (np.unique(values, return_inverse=True, return_counts=True)[1:] for values in (codes, of))
    same, own, shared = alike[1][alike[0]], kin[1][kin[0]], both[cell]
    able = np.flatnonzero((same > shared) & (len(codes) - same - own + shared > 0))
    return np.sort(able[np.argsort(hashes[able], kind="stable")[:most]])


def _words(keys: Sequence[bytes], label: str, role: str) -> NDArray[np.uint64]:
    salt = f"enfilade pairs\0{role}\0{label}\0".encode()
    return np.frombuffer(b"".join(sha256(salt + key).digest()[:8] for key in keys), dtype="<u8").astype(np.uint64)


def _mix(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scatter 64-bit words: the finaliser of SplitMix64 (Steele, Lea and Flood, 2014), the same for ever."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: NDArray[np.uint64] = words ^ (words >> np.uint64(31))
    return mixed
