"""Which images show one work: groups, from what was found of pairs and what people said of them. Knows no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import Final

__all__ = ["JOINED", "Pair", "group_images"]

JOINED: Final = 0.8
"""The probability from which two images are taken for one work: that of the verdict `match`."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two images, by id. probability: that both show one work; decided: what a person said; each None where unknown."""

    source: int
    target: int
    probability: float | None
    decided: bool | None = None

    @property
    def strength(self) -> float:
        """How strongly it joins the two: what a person said goes over everything, and 0 joins nothing."""
        if self.decided is not None:
            return inf if self.decided else 0.0
        return self.probability if self.probability is not None and self.probability >= JOINED else 0.0


def group_images(pairs: Iterable[Pair]) -> list[frozenset[int]]:
    """Gather images that show one work, two at least in each group, by least id.

    Pairs join from the strongest to the weakest, and whatever they join is one work, through third images too. A pair
    of which a person said that it is not one work stays apart: the weakest pair that would join the two, by whatever
    way, joins nothing. Ties fall by id.
    """
    listed = sorted(pairs, key=lambda pair: (-pair.strength, pair.source, pair.target))
    apart: dict[int, set[int]] = {}
    for pair in listed:
        if pair.decided is False:
            apart.setdefault(pair.source, set()).add(pair.target)
            apart.setdefault(pair.target, set()).add(pair.source)
    groups: dict[int, set[int]] = {}
    for pair in listed:
        if pair.strength > 0:
            _join(groups, apart, pair)
    distinct = {id(group): group for group in groups.values() if len(group) > 1}
    return sorted(map(frozenset, distinct.values()), key=min)


def _join(groups: dict[int, set[int]], apart: dict[int, set[int]], pair: Pair) -> None:
    """Put two images' groups together, unless one of each must stay apart."""
    one, other = (groups.setdefault(image_id, {image_id}) for image_id in (pair.source, pair.target))
    small, large = sorted((one, other), key=len)
    if one is other or any(apart.get(image_id, set()) & large for image_id in small):
        return
    large |= small
    for image_id in small:
        groups[image_id] = large
