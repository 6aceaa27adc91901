"""What a request can get wrong beyond what the core knows. Knows no HTTP: server.problems says what each is there."""

from collections.abc import Mapping
from typing import Final

from enfilade.errors import EnfiladeError

__all__ = [
    "UNFETCHABLE",
    "BadParametersError",
    "BrokenLinkError",
    "DecoderError",
    "FetchingOffError",
    "ForbiddenAddressError",
    "SlowLaneError",
    "SlowSenderError",
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


class FetchingOffError(EnfiladeError):
    """This server fetches no pictures from other places. Send the file itself."""


# One sentence for what may not be spoken to and for what does not answer: nobody learns from us what is in our network.
UNFETCHABLE: Final[Mapping[str, str]] = {
    "bad_url": "The picture must have a URL that begins with http:// or https:// and names no user; so must any other "
    "URL that it redirects to.",
    "unreachable": "Nothing could be fetched from there: it must be a public address, at port 80 or 443, that answers.",
    "too_slow": "It took too long to fetch.",
    "too_many_redirects": "It redirects too often.",
    "bad_status": "What answers there sends no picture.",
    "bad_answer": "What answers there sends it compressed, broken off, or not by HTTP.",
    "busy": "This server is fetching as many pictures as it can. Try again in a moment, or send the file itself.",
}


class ForbiddenAddressError(EnfiladeError):
    """A stranger's URL leads to an address that is not public."""

    def __init__(self, address: str, port: int) -> None:
        """Carry the address and the port; for the log, not for the stranger."""
        super().__init__(f"{address} at port {port} is not public.")
        self.address = address
        self.port = port


class UnfetchableUrlError(EnfiladeError):
    """This picture could not be fetched."""

    def __init__(self, reason: str, detail: str | None = None) -> None:
        """Carry the stable reason code, of UNFETCHABLE, and a sentence that says more than its own."""
        super().__init__(detail or UNFETCHABLE[reason])
        self.reason = reason


class TooManyUploadsError(EnfiladeError):
    """Too many uploads came from this address."""

    def __init__(self, seconds: float) -> None:
        """Carry the seconds after which the next one is taken."""
        super().__init__(f"Too many uploads came from this address. Try again in {seconds:.0f} seconds.")
        self.seconds = seconds


class SlowSenderError(EnfiladeError):
    """The body of the request did not arrive in time."""


class SlowLaneError(EnfiladeError):
    """Other pictures that take long to be read are waiting already. Try again later, or send a smaller one."""


class DecoderError(EnfiladeError):
    """The process that reads pictures does not start."""


class BrokenLinkError(EnfiladeError):
    """This walk goes through an image that was removed."""

    def __init__(self, graph_id: int) -> None:
        """Carry the graph's id."""
        super().__init__(
            f"In graph {graph_id} this walk goes through an image that was removed since. Leave `graph` out."
        )
        self.graph_id = graph_id
