"""JSON as the server writes it: in UTF-8, members in the order in which the code names them, and fast."""

from typing import Any

import orjson
from flask import Response
from flask.json.provider import DefaultJSONProvider

__all__ = ["Json"]


class Json(DefaultJSONProvider):
    """Writes with orjson, ten times as fast as the standard library; reads as Flask does."""

    def dumps(self, obj: Any, **_options: Any) -> str:  # noqa: ANN401 — as Flask has it
        """Write JSON as text."""
        return orjson.dumps(obj).decode()

    def response(self, *args: Any, **kwargs: Any) -> Response:  # noqa: ANN401
        """Answer with JSON."""
        return Response(orjson.dumps(self._prepare_response_obj(args, kwargs)), mimetype=self.mimetype)
