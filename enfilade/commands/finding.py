"""What `enfilade search` finds, by a picture or by images of the collection, and how that is printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from enfilade.commands.showing import console, image_as_dict, image_cells, image_table, print_table
from enfilade.confidence import Verdict
from enfilade.images import Brought
from enfilade.judges import Judges
from enfilade.queries.images import Filters, find_images
from enfilade.queries.members import near_members
from enfilade.queries.neighbours import Neighbour
from enfilade.queries.spaces import published_space
from enfilade.worth import Worth

__all__ = ["Found", "Narrowed", "answer_as_dict", "find_by_members", "find_by_picture", "show_found"]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """In which space, how many, among which images, and whether each that shows a work."""

    space: str | None
    limit: int
    filters: Filters
    duplicates: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The nearest in a space, nearest first; verdict: whether this very work is among them, if that was asked."""

    space: str
    items: Sequence[Neighbour]
    worth: Sequence[Worth] = field(default=())
    verdict: Verdict | None = None


def find_by_picture(connection: Connection, judges: Judges, brought: Brought, narrowed: Narrowed) -> Found:
    """Find the images most like a picture. Raises UnknownSpaceError, EmptyCollectionError, BackboneError."""
    judged = judges.judge(connection, brought, narrowed.space)
    items = judged.find(connection, narrowed.limit, narrowed.filters, duplicates=narrowed.duplicates)
    return Found(judged.space.name, items, judged.worth(connection, items), judged.verdict_on(items))


def find_by_members(connection: Connection, like: Sequence[int], unlike: Sequence[int], narrowed: Narrowed) -> Found:
    """Find the images nearest to the middle of some, away from others.

    Raises UnknownSpaceError, EmptyCollectionError, UnknownImageError, RemovedImageError, UnplacedImageError.
    """
    place = published_space(connection, narrowed.space)
    items = near_members(
        connection, place, like=like, unlike=unlike, limit=narrowed.limit, filters=narrowed.filters,
        duplicates=narrowed.duplicates,
    )  # fmt: skip
    return Found(place.name, items, [Worth()] * len(items))


def show_found(connection: Connection, found: Found) -> None:
    """Print a table of what was found, and the verdict."""
    images = find_images(connection, [one.image_id for one in found.items])
    table = image_table("", "distance")
    for rank, one in enumerate(found.items, start=1):
        table.add_row(str(rank), f"{one.distance:.4f}", *image_cells(images[one.image_id]))
    print_table(table)
    if found.verdict:
        console.print(f"{found.verdict.sentence} ({100 * found.verdict.same_work:.0f} %)")


def answer_as_dict(connection: Connection, asked: Mapping[str, Any], found: Found) -> dict[str, Any]:
    """Give what was asked, and what was found, as JSON has it."""
    images = find_images(connection, [one.image_id for one in found.items])
    items = [
        {
            "image": image_as_dict(images[one.image_id]),
            "distance": one.distance,
            "duplicates": list(one.duplicates),
            "confidence": worth.confidence,
            "same_work": worth.same_work,
        }
        for one, worth in zip(found.items, found.worth, strict=True)
    ]
    return {**asked, "space": found.space, "items": items, "match": found.verdict and found.verdict.as_dict()}
