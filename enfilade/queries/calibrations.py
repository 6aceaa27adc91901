"""What was calibrated on the collection, as the database keeps it with each space."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from enfilade.confidence import CalibrationParameters
from enfilade.confidence.calibration import METHOD
from enfilade.recipes import recipe_hash
from enfilade.schema import calibration
from enfilade.spaces import Space

__all__ = ["forget_calibrations", "latest_calibration", "load_calibration", "store_calibration", "told_by"]


def told_by(witnesses: Sequence[Space]) -> tuple[str, ...]:
    """Tell these witnesses from all others: by the hashes of their recipes."""
    return tuple(recipe_hash(space.recipe) for space in witnesses)


def load_calibration(connection: Connection, space_id: int, witnesses: Sequence[Space]) -> CalibrationParameters | None:
    """Load the latest of a space, if there is one that this version can read, on the evidence of these witnesses."""
    query = (
        select(calibration.c.parameters)
        .where(calibration.c.space_id == space_id, calibration.c.method == METHOD)
        .order_by(calibration.c.id.desc())
        .limit(1)
    )
    return _by(witnesses, connection.scalar(query))


def latest_calibration(connection: Connection, witnesses: Sequence[Space]) -> CalibrationParameters | None:
    """Load the latest of any space: what does not concern the space itself is the same for all."""
    query = select(calibration.c.parameters).where(calibration.c.method == METHOD).order_by(calibration.c.id.desc())
    return _by(witnesses, connection.scalar(query.limit(1)))


def store_calibration(connection: Connection, space_id: int, parameters: CalibrationParameters) -> None:
    """Keep a new calibration of a space; those before it stay, to be compared with."""
    row = {"space_id": space_id, "method": METHOD, "members": parameters.members, "parameters": parameters.as_dict()}
    connection.execute(insert(calibration).values(row))


def forget_calibrations(connection: Connection) -> None:
    """Drop all: of a collection as small as this one nothing is said."""
    connection.execute(delete(calibration))


def _by(witnesses: Sequence[Space], found: dict[str, object] | None) -> CalibrationParameters | None:
    if found is None or found.get("witnesses") != list(told_by(witnesses)):
        return None
    return CalibrationParameters.from_dict(found)
