"""What a request can get wrong beyond what the core knows. Knows no HTTP: server.problems says what each is there."""

from collections.abc import Mapping

from enfilade.errors import EnfiladeError, UnknownImageError

__all__ = [
    "BadParametersError",
    "BrokenLinkError",
    "RemovedImageError",
    "TooManyUploadsError",
    "UnfetchableUrlError",
    "UnknownCursorError",
    "UnknownRenditionError",
    "UnreadableBodyError",
    "UnsupportedMediaTypeError",
]


class BadParametersError(EnfiladeError):
    """A parameter makes no sense."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        """Name each parameter at fault, and say what it should be."""
        super().__init__("; ".join(f"{parameter} {fault}" for parameter, fault in faults.items()) + ".")
        self.faults = faults


class UnknownCursorError(EnfiladeError):
    """No page of images ended with this cursor under this sorting. Begin again without one."""


class UnknownRenditionError(EnfiladeError):
    """This rendition of the image is not kept."""

    def __init__(self, image_id: int, kind: str) -> None:
        """Carry the id and the kind."""
        super().__init__(f"No {kind} of the image {image_id} is kept here.")
        self.image_id = image_id
        self.kind = kind


class UnreadableBodyError(EnfiladeError):
    """The body of the request can't be read."""


class UnsupportedMediaTypeError(EnfiladeError):
    """A body of this media type is not taken."""


class UnfetchableUrlError(EnfiladeError):
    """This server fetches no pictures from other places. Send the file itself."""


class TooManyUploadsError(EnfiladeError):
    """Too many uploads came from this address."""

    def __init__(self, seconds: float) -> None:
        """Carry the seconds after which the next one is taken."""
        super().__init__(f"Too many uploads came from this address. Try again in {seconds:.0f} seconds.")
        self.seconds = seconds


class RemovedImageError(UnknownImageError):
    """This image was removed from the collection."""

    def __init__(self, image_id: int) -> None:
        """Carry the id."""
        super().__init__(image_id)
        self.args = (f"The image {image_id} was removed from the collection.",)


class BrokenLinkError(EnfiladeError):
    """This walk goes through an image that was removed."""

    def __init__(self, graph_id: int) -> None:
        """Carry the graph's id."""
        super().__init__(
            f"In graph {graph_id} this walk goes through an image that was removed since. Leave `graph` out."
        )
        self.graph_id = graph_id
