"""Every error raised on purpose. The docstring is the message where no other is given."""

__all__ = [
    "AvoidedStopError",
    "BackboneError",
    "BetweenOutOfRangeError",
    "CalibrationError",
    "DatabaseInUseError",
    "DatabaseUnfitError",
    "DatabaseUnreachableError",
    "DroppedGraphError",
    "EmbeddedDatabaseError",
    "EmptyCollectionError",
    "EnfiladeError",
    "FilteredPathError",
    "IngestRunningError",
    "KeypointsError",
    "NoEvenPathError",
    "NoPathError",
    "PortTakenError",
    "RefusedImageError",
    "RemovedImageError",
    "RepeatedViaError",
    "SameEndsError",
    "SchemaOutdatedError",
    "SettingError",
    "SourceError",
    "SpaceRecipeError",
    "SpaceVersionError",
    "TooFewImagesError",
    "TooFewLabelsError",
    "UnknownGraphError",
    "UnknownImageError",
    "UnknownSpaceError",
    "UnplacedImageError",
]


class EnfiladeError(Exception):
    """Something is wrong that the user can do something about."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.__doc__)


class SettingError(EnfiladeError):
    """A setting in the environment makes no sense."""

    def __init__(self, variable: str, fault: str) -> None:
        """Name the variable and what is wrong with it."""
        super().__init__(f"{variable} {fault}.")
        self.variable = variable


class EmbeddedDatabaseError(EnfiladeError):
    """The embedded Postgres could not be made or started."""


class DatabaseUnreachableError(EnfiladeError):
    """The database does not answer."""


class DatabaseUnfitError(EnfiladeError):
    """The database lacks something that Enfilade needs."""


class DatabaseInUseError(EnfiladeError):
    """Others are still connected to the embedded database."""

    def __init__(self, connections: int) -> None:
        """Count the connections."""
        are = "connection is" if connections == 1 else "connections are"
        super().__init__(f"{connections} other {are} open. End them first, or use --force.")
        self.connections = connections


class SchemaOutdatedError(EnfiladeError):
    """The database's tables are not those of this version. Run `enfilade migrate`."""


class BackboneError(EnfiladeError):
    """The network or its weights could not be loaded."""


class SourceError(EnfiladeError):
    """There is nothing to ingest there."""


class PortTakenError(EnfiladeError):
    """This address can't be listened on."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        """Name the address, and what the system said."""
        super().__init__(f"Can't serve on port {port} of {host}: {reason}. Choose another with --port, or 0 for any.")
        self.host = host
        self.port = port


class IngestRunningError(EnfiladeError):
    """Another ingest is writing to this database. Wait for it, or leave out --no-wait."""


class EmptyCollectionError(EnfiladeError):
    """Nothing is published yet. Begin with `enfilade ingest FOLDER`, or `enfilade demo`."""


class UnknownSpaceError(EnfiladeError):
    """No space of this name is published."""

    def __init__(self, name: str, published: list[str]) -> None:
        """Name what was asked for, and what there is."""
        super().__init__(f"No space named {name!r} is published. There is: {', '.join(published) or 'none'}.")
        self.name = name


class SpaceRecipeError(EnfiladeError):
    """A space can't be made like this."""


class SpaceVersionError(EnfiladeError):
    """This version of the space can't be had, or this can't be done with it."""

    def __init__(self, name: str, version: int | None, kept: list[int] | None = None, why: str | None = None) -> None:
        """Name the space, its version, and those that are kept or what stands against it."""
        which = f"The space {name!r}" if version is None else f"Version {version} of the space {name!r}"
        there_is = ", ".join(map(str, kept or [])) or "none"
        super().__init__(f"{which} {why or 'is not kept. There is: ' + there_is}.")
        self.name = name
        self.version = version


class RefusedImageError(EnfiladeError):
    """This file was not taken as a picture."""

    def __init__(self, reason: str, detail: str) -> None:
        """Carry the stable reason code (see enfilade.images.REASONS) and a sentence for people."""
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class TooFewImagesError(EnfiladeError):
    """There are too few images for this."""


class TooFewLabelsError(EnfiladeError):
    """There are too few labels to tell apart."""

    def __init__(self, labels: int) -> None:
        """Count the labels that two images or more have."""
        there_is = "only one such label" if labels else "no such label"
        super().__init__(f"Training needs two labels or more that at least two images each have; there is {there_is}.")
        self.labels = labels


class UnknownImageError(EnfiladeError):
    """No image has this id."""

    def __init__(self, image_id: int) -> None:
        """Carry the id."""
        super().__init__(f"No image has the id {image_id}.")
        self.image_id = image_id


class RemovedImageError(UnknownImageError):
    """This image was removed from the collection."""

    def __init__(self, image_id: int) -> None:
        """Carry the id."""
        super().__init__(image_id)
        self.args = (f"The image {image_id} was removed from the collection.",)


class NoPathError(EnfiladeError):
    """No path joins these two images."""


class FilteredPathError(NoPathError):
    """No path joins these two images through what the filter lets by."""

    def __init__(self, relaxation: tuple[int, ...]) -> None:
        """Carry the fewest images outside the filter that a path needs, in the order of walking."""
        needed = ", ".join(map(str, relaxation))
        super().__init__(f"No path stays within the filter. The least that is needed from outside: {needed}.")
        self.relaxation = relaxation


class CalibrationError(EnfiladeError):
    """The confidence was calibrated by another version. The next ingest calibrates it anew."""


class KeypointsError(EnfiladeError):
    """These bytes are no keypoints, or those of another version."""


class NoEvenPathError(NoPathError):
    """No path with exactly so many different images between was found."""

    def __init__(self, between: int) -> None:
        """Carry the number."""
        super().__init__(f"No path with exactly {between} different images between the two was found.")
        self.between = between


class BetweenOutOfRangeError(EnfiladeError):
    """No path has so many images between its ends."""

    def __init__(self, between: int, *, least: int, most: int) -> None:
        """Carry the number that was asked for, the least that these two can have, and the most that is looked for."""
        super().__init__(f"{between} images can't stand between these two: at least {least} must, and {most} may.")
        self.between = between
        self.least = least
        self.most = most


class SameEndsError(EnfiladeError):
    """A path needs two different images."""

    def __init__(self, image_id: int) -> None:
        """Carry the id."""
        super().__init__(f"A path needs two different images to join, not {image_id} twice.")
        self.image_id = image_id


class RepeatedViaError(EnfiladeError):
    """A path can't go by way of the same image twice, or of one of its ends."""

    def __init__(self, image_id: int) -> None:
        """Carry the id."""
        super().__init__(f"A path can't go by way of {image_id} twice: each waypoint once, and none that is an end.")
        self.image_id = image_id


class AvoidedStopError(EnfiladeError):
    """A path can't avoid an image that it begins at, ends at or goes by way of."""

    def __init__(self, image_id: int) -> None:
        """Carry the id."""
        super().__init__(f"A path can't both go by way of {image_id} and avoid it.")
        self.image_id = image_id


class UnplacedImageError(EnfiladeError):
    """This image is in the collection, and not yet in what is published."""

    def __init__(self, image_id: int, where: str) -> None:
        """Carry the id, and name the space or graph that lacks it."""
        super().__init__(
            f"The image {image_id} is not in {where}: it came later. What is published has it when the ingest is done."
        )
        self.image_id = image_id


class UnknownGraphError(EnfiladeError):
    """No graph has this id."""

    def __init__(self, graph_id: int) -> None:
        """Carry the id."""
        super().__init__(f"No graph has the id {graph_id}.")
        self.graph_id = graph_id


class DroppedGraphError(EnfiladeError):
    """This graph was replaced by newer ones, and is kept no longer."""

    def __init__(self, graph_id: int) -> None:
        """Carry the id."""
        super().__init__(f"The graph {graph_id} was replaced by newer ones and is kept no longer. Leave `graph` out.")
        self.graph_id = graph_id
