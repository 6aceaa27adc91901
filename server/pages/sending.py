"""What the form of a search was sent with: a picture, and what is asked of it. Knows no tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from flask import request
from werkzeug.datastructures import MultiDict

from enfilade.images import Crop
from server.errors import BadParametersError
from server.pages.asking import Asked, ask, words

__all__ = ["PARTS", "Sent", "ask_sent", "sent_file"]

PARTS: Final[Mapping[str, str]] = {
    "": "The whole",
    "0,0,0.5,1": "The left half",
    "0.5,0,0.5,1": "The right half",
    "0,0,1,0.5": "The upper half",
    "0,0.5,1,0.5": "The lower half",
    "0.25,0.25,0.5,0.5": "The middle",
}
"""Parts of a picture that are chosen without marking one: a crop as it is written -> its name."""
_FILES: Final = ("file", "photograph")


@dataclass(frozen=True, slots=True)
class Sent:
    """What is asked of a picture: by which likeness, by which part of it, among which images."""

    asked: Asked = field(default_factory=Asked)
    space: str | None = None
    url: str = ""
    part: str = ""
    duplicates: bool = False

    @property
    def crop(self) -> Crop | None:
        """The part, None for the whole."""
        return Crop.from_text(self.part) if self.part else None


def ask_sent(values: MultiDict[str, str]) -> Sent:
    """Read what is asked. Raises BadParametersError, too for a part that makes no sense."""
    part = words(values, "crop") or ""
    try:
        Crop.from_text(part or "0,0,1,1")
    except ValueError as error:
        raise BadParametersError({"crop": str(error)}) from error
    url, every = (values.get("url") or "").strip(), words(values, "duplicates") == "all"
    return Sent(ask(values), words(values, "space"), url, part, every)


def sent_file() -> bytes:
    """Read the picture of the current request, from whichever field has one; empty where none has."""
    files = (request.files.get(name) for name in _FILES)
    return next((data for file in files if file and (data := file.read())), b"")
