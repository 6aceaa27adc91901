"""A late stage: how sure an answer is, calibrated on the collection itself, for each published space.

Members come back changed, and what each then agrees with itself is what a match looks like; pictures drawn by chance
show what is foreign; neighbours whose labels are known show what alike is worth. docs/confidence.md tells the method.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, select

from enfilade.confidence import CalibrationParameters
from enfilade.confidence.strangers import STRANGERS
from enfilade.looks import Looking
from enfilade.queries.calibrations import (
    forget_calibrations,
    latest_calibration,
    load_calibration,
    store_calibration,
    told_by,
)
from enfilade.queries.evidence import witness_spaces
from enfilade.queries.spaces import load_placer, published_spaces
from enfilade.schema import image
from enfilade.spaces import Space
from ingest.alikeness import fit_alike_curves
from ingest.progress import Reporter
from ingest.rehearsing import REHEARSED, SEED, STRANGERS_EACH, Rehearsing

__all__ = ["FEWEST", "calibrate"]

FEWEST: Final = 100
"""Members below which a curve would be a guess."""
GROWN: Final = 1.1
"""How many times as many members there may be before it is done again."""


def calibrate(engine: Engine, home: Path, reporter: Reporter) -> None:
    """Calibrate the published spaces that have no calibration, or one of a collection that has since grown or shrunk.

    Where there are too few members nothing is said of confidence, and what was said before is forgotten.
    """
    with engine.connect() as connection:
        members = list(
            connection.scalars(select(image.c.id).where(image.c.hidden_at.is_(None)).order_by(image.c.sha256))
        )
        if len(members) < FEWEST:
            with engine.begin() as writing:
                forget_calibrations(writing)
            return
        published = published_spaces(connection)
        witnesses = witness_spaces(published)
        due = [
            space for space in published if not _still_holds(load_calibration(connection, space.id, witnesses), members)
        ]
        if not due:
            return
        found = latest_calibration(connection, witnesses)
        if found is None or not _still_holds(found, members):
            found = _rehearse(engine, connection, home, witnesses, members, reporter)
        for space in due:
            curves = fit_alike_curves(connection, space, members, SEED)
            with engine.begin() as writing:
                store_calibration(writing, space.id, replace(found, alike=curves))


def _still_holds(found: CalibrationParameters | None, members: Sequence[int]) -> bool:
    return found is not None and found.members / GROWN <= len(members) <= found.members * GROWN


def _rehearse(  # noqa: PLR0917 — one of each
    engine: Engine,
    connection: Connection,
    home: Path,
    witnesses: Sequence[Space],
    members: Sequence[int],
    reporter: Reporter,
) -> CalibrationParameters:
    """Fit what does not concern a space."""
    looking = Looking([(space, load_placer(connection, space)) for space in witnesses], home)
    with engine.connect() as another, ThreadPoolExecutor(1) as beside:
        kind = beside.submit(Rehearsing(another, looking, witnesses, members, reporter).kind)
        same_work = Rehearsing(connection, looking, witnesses, members, reporter).same_work()
        return CalibrationParameters(
            same_work=same_work,
            kind=kind.result(),
            alike={},
            members=len(members),
            witnesses=told_by(witnesses),
            rehearsed=min(REHEARSED, len(members)),
            strangers=STRANGERS_EACH * len(STRANGERS),
            seed=SEED,
        )
