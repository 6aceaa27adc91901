"""Requests of this server: what Flask has, but files that are sent stay in memory, where all but the largest fit."""

from tempfile import SpooledTemporaryFile
from typing import IO, Final

import flask

__all__ = ["Request"]

_IN_MEMORY: Final = 8 * 2**20


class Request(flask.Request):
    """A request whose files are not written to disk first: that takes as long as to read them."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        del total_content_length, content_type, filename, content_length
        return SpooledTemporaryFile(max_size=_IN_MEMORY)
