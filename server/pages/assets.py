"""Style sheet, script and icon, at addresses that change with their bytes, so that browsers may keep them for good."""

import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Response, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

__all__ = ["STATIC", "csp_nonce", "favicon", "send", "static_url"]

STATIC = Path(__file__).parents[1] / "static"
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class _Asset:
    """A file, read once: there are few, and they are small."""

    data: bytes
    media_type: str
    digest: str


def static_url(name: str) -> str:
    """Give the address of a file of server/static, its content's hash included."""
    return url_for("pages.asset", digest=_asset(name).digest, name=name)


def csp_nonce() -> str:
    """Give the word by which this answer's policy lets its own style in."""
    nonce: str = g.get("csp_nonce", "")
    return nonce


def send(digest: str, name: str) -> Response:
    """Send a file. One asked for under an old hash, by a page of another version, is sent as it is now."""
    if not (STATIC / name).is_file():
        abort(404)
    asset = _asset(name)
    response = Response(asset.data, content_type=asset.media_type)
    response.set_etag(asset.digest)
    if digest == asset.digest:
        response.cache_control.max_age = _YEAR
        response.cache_control.immutable = True
    else:
        response.cache_control.no_cache = True
    response.make_conditional(request)
    return response


def favicon() -> AnyResponse:
    """Lead browsers that ask for it by its old name to the icon."""
    return redirect(static_url("enfilade.svg"))


@cache
def _asset(name: str) -> _Asset:
    data = (STATIC / name).read_bytes()
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    return _Asset(data, media_type + charset, hashlib.sha256(data).hexdigest()[:12])
