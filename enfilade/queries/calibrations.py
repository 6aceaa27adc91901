"""What was calibrated on the collection, as the database keeps it with each space."""

from sqlalchemy import Connection, insert, select

from enfilade.confidence import CalibrationParameters
from enfilade.confidence.calibration import METHOD
from enfilade.schema import calibration

__all__ = ["load_calibration", "store_calibration"]


def load_calibration(connection: Connection, space_id: int) -> CalibrationParameters | None:
    """Load the latest of a space, if there is one that this version can read."""
    query = (
        select(calibration.c.parameters)
        .where(calibration.c.space_id == space_id, calibration.c.method == METHOD)
        .order_by(calibration.c.id.desc())
        .limit(1)
    )
    found = connection.scalar(query)
    return None if found is None else CalibrationParameters.from_dict(found)


def store_calibration(connection: Connection, space_id: int, parameters: CalibrationParameters) -> None:
    """Keep a new calibration of a space; those before it stay, to be compared with."""
    row = {"space_id": space_id, "method": METHOD, "members": parameters.members, "parameters": parameters.as_dict()}
    connection.execute(insert(calibration).values(row))
