"""Every problem that the API answers with, each of a stable type (RFC 9457). Knows no requests and no errors."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

__all__ = ["MEDIA_TYPE", "PROBLEMS", "REFUSED", "Problem"]

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """A kind of problem: the last part of its type, its status, its title, and what it means for whoever meets it."""

    slug: str
    status: int
    title: str
    meaning: str
    others: tuple[int, ...] = ()
    """Further statuses that it can come with."""

    @property
    def statuses(self) -> tuple[int, ...]:
        """Every status that it can come with."""
        return (self.status, *self.others)


PROBLEMS: Final[Mapping[str, Problem]] = {
    problem.slug: problem
    for problem in (
        Problem("not-found", 404, "Nothing is here", "No route has this address. /docs lists them all."),
        Problem("method-not-allowed", 405, "Not with this method", "The header Allow names the methods of the route."),
        Problem(
            "invalid-parameters",
            422,
            "Parameters make no sense",
            "The member `errors` names each parameter at fault, and what it should be. Unknown parameters count.",
        ),
        Problem("unreadable-body", 400, "The body can't be read", "The body is not what its Content-Type says."),
        Problem(
            "unsupported-media-type",
            415,
            "Not with this Content-Type",
            "The route takes other media types; the detail names them.",
        ),
        Problem("too-large", 413, "Too large", "The body has more bytes than this server takes."),
        Problem(
            "refused-image",
            422,
            "Not taken as a picture",
            "The file is no picture that this server takes. `reason` is a stable code: 413 goes with too_many_bytes, "
            "415 with not_an_image and unsupported_format, 422 with all others.",
            others=(413, 415),
        ),
        Problem(
            "fetching-off",
            403,
            "Nothing is fetched",
            "This server fetches no pictures from URLs. Send the file itself, as multipart/form-data.",
        ),
        Problem(
            "unfetchable-url",
            422,
            "Not fetched",
            "The picture could not be fetched from its URL. `reason` is a stable code: bad_url, unreachable (no public "
            "address, or none that answers), too_slow, too_many_redirects, bad_status, bad_answer; 503 goes with busy, "
            "and Retry-After says when to try again.",
            others=(503,),
        ),
        Problem(
            "too-many-uploads",
            429,
            "Too many uploads",
            "Your address sent more uploads than are taken in a minute, or at once. Retry-After says when to go on.",
        ),
        Problem("unknown-image", 404, "No such image", "No image has this id."),
        Problem("removed-image", 410, "Removed", "The image was removed from the collection. It may come back."),
        Problem(
            "unplaced-image",
            409,
            "Not in there yet",
            "The image came after what is published was built. Try again when the ingest is done.",
        ),
        Problem("unknown-rendition", 404, "Not kept", "The image has no such rendition: originals are rarely kept."),
        Problem("unknown-cursor", 404, "No such page", "No page ended with this cursor under this sorting."),
        Problem("unknown-space", 404, "No such space", "No space of this name is published. See /api/v1/spaces."),
        Problem("empty-collection", 409, "Nothing is published yet", "Ingest a folder first."),
        Problem("unknown-graph", 404, "No such graph", "No graph of this space has this id. See /api/v1/graphs."),
        Problem(
            "dropped-graph",
            410,
            "Kept no longer",
            "The graph was replaced by newer ones, and its edges were dropped. Ask without `graph`, as the member "
            "`links` does under `current`.",
        ),
        Problem(
            "broken-link",
            410,
            "Goes through a removed image",
            "In the graph that was named, the walk goes through an image that was removed since. Ask without `graph`.",
        ),
        Problem(
            "no-path",
            404,
            "No path",
            "Nothing joins the two images without those to avoid. A published graph is one component, so without "
            "`avoid` and filters every pair has a path.",
        ),
        Problem(
            "filtered-path",
            404,
            "No path within the filter",
            "Every path leaves the filter. The member `relaxation` has the ids of the fewest images outside it that a "
            "path needs, in the order of walking.",
        ),
        Problem(
            "no-even-path",
            404,
            "No even path",
            "No path with exactly so many different images between the two was found. Ask for another number, or leave "
            "`between` out.",
        ),
        Problem(
            "between-out-of-range",
            422,
            "Too few or too many between",
            "The two images can't be joined by so many images between them. `least` and `most` say how many there "
            "can be.",
        ),
        Problem("same-ends", 422, "It begins where it ends", "A path needs two different images."),
        Problem(
            "repeated-via",
            422,
            "By way of the same image twice",
            "Each waypoint comes once, and none is an end.",
        ),
        Problem("avoided-stop", 422, "To be shown and avoided", "An end or a waypoint is among the images to avoid."),
        Problem("not-ready", 503, "Not ready", "The member `checks` says what is missing."),
        Problem("database-away", 503, "The database is away", "Try again in a moment: Retry-After says when."),
        Problem(
            "network-missing",
            503,
            "No network for uploads",
            "The network that places pictures could not be opened; `enfilade doctor` says why. All else works.",
        ),
        Problem(
            "decoder-missing",
            503,
            "No decoder for uploads",
            "The process that reads pictures does not start. All else works.",
        ),
        Problem(
            "large-uploads-waiting",
            429,
            "Too many large pictures",
            "Pictures that take long to be read wait for each other, and too many do. Retry-After says when to go on. "
            "A picture of fewer pixels is read at once.",
        ),
        Problem(
            "too-slow",
            408,
            "Sent too slowly",
            "The request did not arrive in time, or stood in the way of others that were sent faster. Send it again.",
        ),
        Problem("request-refused", 400, "Refused", "The request is not well-formed HTTP, or asks for too much."),
        Problem(
            "server-error",
            500,
            "The server failed",
            "A fault of ours. The log has it under the id in the header X-Request-ID.",
        ),
    )
}

REFUSED: Final[Mapping[str, int]] = {
    "too_many_bytes": 413,
    "not_an_image": 415,
    "unsupported_format": 415,
    "busy": 503,
}
"""The status of a refusal by its reason, of a file or of a URL, where it is another than its problem's."""
