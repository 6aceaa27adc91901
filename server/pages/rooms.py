"""The rooms of a walk: its pictures, and before each the step that leads to it, with its reasons. Knows no tables."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from enfilade.queries.images import Image
from enfilade.queries.steps import Step
from server.walking import Walk

__all__ = ["Room", "reasons", "rooms"]


@dataclass(frozen=True, slots=True)
class Room:
    """A picture on a path, none where it is the one that was brought, and the step that leads to it.

    There is none to the first. avoid_url: the walk without this picture, where it is not an end.
    """

    image: Image | None
    step: Step | None
    widest: bool
    avoid_url: str | None


def rooms(walk: Walk, without: Callable[[int], str]) -> list[Room]:
    """Give each picture of a walk with the step that leads to it, and mark the widest step: the first of several."""
    distances = [step.distance for step in walk.steps]
    widest = distances.index(max(distances)) if len(distances) > 1 else None
    stops = [walk.steps[0].source, *(step.target for step in walk.steps)]
    images = {image.id: image for image in walk.images}
    return [
        Room(
            images.get(stop) if stop is not None else None,
            walk.steps[at - 1] if at else None,
            widest is not None and at == widest + 1,
            without(stop) if stop is not None and 0 < at < len(stops) - 1 else None,
        )
        for at, stop in enumerate(stops)
    ]


def reasons(step: Step) -> Iterator[str]:
    """Say what speaks for a step, a sentence each."""
    if step.kind == "upload":
        rank = step.source_rank or step.target_rank or 1
        yield f"In the whole collection, it is the {_nth(rank)}nearest to your picture."
    elif step.kind == "bridge":
        yield "A bridge: neither is among the other's nearest, and nothing nearer joins their two groups."
    else:
        yield _ranked(step)
    yield _among_others(step.percentile)
    if step.spaces:
        yield f"Neighbours by {_listed(step.spaces)}, too."


def _ranked(step: Step) -> str:
    there, back = step.source_rank, step.target_rank
    if there and back:
        return f"The {_nth(there)}nearest to the one before, which is the {_nth(back)}nearest to it in turn."
    if there:
        return f"The {_nth(there)}nearest to the one before, which has others nearer to it."
    return f"It has the one before as its {_nth(back or 1)}nearest, which has others nearer to it."


def _nth(rank: int) -> str:
    if rank == 1:
        return ""
    teen = 10 <= rank % 100 <= 20  # noqa: PLR2004
    return f"{rank}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(rank % 10, 'th')} "


def _among_others(percentile: float) -> str:
    if percentile < 1:
        return "Hardly any link in the collection is closer."
    if percentile > 99:  # noqa: PLR2004
        return "Hardly any link in the collection is wider."
    return f"{percentile:.0f} % of the links in the collection are closer."


def _listed(names: tuple[str, ...]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
