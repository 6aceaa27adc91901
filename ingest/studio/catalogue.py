"""Every work of the demo collection by name, before any is painted. Draws nothing."""

import hashlib
from dataclasses import dataclass

from numpy.random import PCG64, Generator

from ingest.studio.brief import Hand
from ingest.studio.hands import HANDS
from ingest.studio.pendants import PENDANTS, kin

__all__ = ["SEED", "WORKS_PER_HAND", "Work", "catalogue", "seeded"]

SEED = 1789
WORKS_PER_HAND = 26


@dataclass(frozen=True, slots=True)
class Work:
    """One work: its label, and the truth of whose it is (hand) and how far along its drift in [0, 1]."""

    file: str
    title: str
    artist: str
    year: int
    style: str
    genre: str
    hand: str
    drift: float
    index: int


def seeded(seed: int, *names: str | int) -> Generator:
    """Give a source of randomness that depends on the seed and names alone, in any process, on any day."""
    digest = hashlib.sha256("/".join(map(str, (seed, *names))).encode()).digest()
    return Generator(PCG64(int.from_bytes(digest[:16])))


def catalogue(seed: int = SEED) -> tuple[Work, ...]:
    """List every work of the demo, hand by hand, each hand's by year."""
    return tuple(work for hand in HANDS for work in _works(hand, seed))


def _works(hand: Hand, seed: int) -> list[Work]:
    first, last = hand.years
    works = []
    for index, title in enumerate(_titles(hand, seed)):
        drift = round(index / (WORKS_PER_HAND - 1), 3)
        works.append(
            Work(
                file=f"{hand.slug}-{index + 1:02d}.jpg",
                title=f"{title}, with {kin(hand).artist}" if index in PENDANTS else title,
                artist=hand.artist,
                year=first + round(drift * (last - first)),
                style=hand.style,
                genre=hand.genre,
                hand=hand.slug,
                drift=drift,
                index=index,
            )
        )
    return works


def _titles(hand: Hand, seed: int) -> list[str]:
    """Join openings and subjects so that no two works of a hand share a title, nor neighbours a subject."""
    openings, subjects = ([part.strip() for part in parts.split("|")] for parts in hand.titles)
    rng = seeded(seed, hand.slug, "titles")
    rng.shuffle(openings)
    rng.shuffle(subjects)
    titles: list[str] = []
    for index in range(WORKS_PER_HAND):
        lap, place = divmod(index, len(subjects))
        opening = openings[(place + lap) % len(openings)]
        title = f"{opening} {subjects[place]}".strip()
        titles.append(title[0].upper() + title[1:])
    return titles
