"""The parameters that several operations share, and what they become."""

from collections.abc import Mapping
from typing import Any, Final

from enfilade.images import CROP_FORM, CROP_PATTERN, Crop
from enfilade.queries.images import Filters
from server.api.operations import Parameter
from server.api.schemas import LARGEST_ID, Schema

__all__ = [
    "CROP",
    "DUPLICATES",
    "FILE_OR_ID",
    "FILTERS",
    "ID_SCHEMA",
    "IMAGE_ID",
    "LIMIT",
    "LIMIT_DEFAULT",
    "SPACE",
    "crop_from",
    "duplicates_from",
    "filters_from",
    "text",
]

LIMIT_DEFAULT: Final = 24
ID_SCHEMA: Final[Schema] = {"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST_ID}
_YEAR: Final[Schema] = {"type": "integer", "format": "int32", "minimum": -(2**31), "maximum": 2**31 - 1}


def text(longest: int = 200) -> Schema:
    """Describe a text that Postgres can hold."""
    return {"type": "string", "maxLength": longest, "pattern": "^[^\\u0000]*$"}


IMAGE_ID: Final = Parameter("id", ID_SCHEMA, "The image's id.", required=True, place="path")
SPACE: Final = Parameter("space", text(), "A published space, by name; by default the default one.")
LIMIT: Final = Parameter(
    "limit", {"type": "integer", "minimum": 1, "maximum": 100, "default": LIMIT_DEFAULT}, "How many images at most."
)
DUPLICATES: Final = Parameter(
    "duplicates",
    {"type": "string", "enum": ["best", "all"], "default": "best"},
    "best: of the images that show one work, the nearest alone, which names the others. all: each of them.",
)
FILE_OR_ID: Final[Schema] = {"anyOf": [{"type": "string", "format": "binary"}, ID_SCHEMA]}
CROP: Final = Parameter(
    "crop",
    {
        "type": "string",
        "pattern": CROP_PATTERN,
        "title": CROP_FORM,
        "examples": ["0.25,0.25,0.5,0.5"],
    },
    "Search by a part of the picture: x,y,width,height in fractions of the upright picture's sides, the left upper "
    "corner first. What lies beyond the picture is left out.",
)
FILTERS: Final = (
    Parameter("artist", text(), "Only images of this artist, written exactly so."),
    Parameter("style", text(), "Only images of this style, written exactly so."),
    Parameter("genre", text(), "Only images of this genre, written exactly so."),
    Parameter("year_from", _YEAR, "Only images that may have been made in or after this year."),
    Parameter("year_to", _YEAR, "Only images that may have been made in or before this year."),
    Parameter(
        "attributes",
        {
            "type": "object",
            "propertyNames": {
                "type": "string",
                "pattern": "^attributes\\.[^\\u0000]{1,200}$",
                "title": "attributes.NAME with the name of a column",
            },
            "additionalProperties": text(),
        },
        "`attributes.NAME=value`: only images with this value in the manifest's column NAME; may be given for several.",
    ),
)


def filters_from(given: Mapping[str, Any]) -> Filters:
    """Gather the filters among what was given."""
    return Filters(**{one.name: given[one.name] for one in FILTERS if one.name in given})


def duplicates_from(given: Mapping[str, Any]) -> bool:
    """Tell whether each image that shows a work is wanted."""
    return bool(given.get("duplicates") == "all")


def crop_from(given: Mapping[str, Any]) -> Crop | None:
    """Read the crop, if there is one."""
    return Crop.from_text(given["crop"]) if "crop" in given else None
