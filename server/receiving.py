"""Bodies are received before anybody is busy with them, within a time, and no more of them than is taken.

A worker has more threads than answers under way. A request that waits for its body, or for its address's turn, lets
others be answered meanwhile: clients who send slowly, or much, hold a thread, which costs little, and never an answer.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from os import SEEK_END
from tempfile import SpooledTemporaryFile
from threading import BoundedSemaphore
from typing import IO, TYPE_CHECKING, Final

from gunicorn.http.errors import ParseException

from server.errors import SlowSenderError, UnreadableBodyError
from server.limiting import FORM_ROOM
from server.senders import Client, LateError, Senders
from server.taking import Taken
from server.turns import Turns

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["Receiving"]

_DRAIN_SECONDS: Final = 0.5
_IN_MEMORY: Final = 4 * 2**20
_PIECE: Final = 2**16
_CUT_SHORT: Final = "The body ends before its end, or is not as it was announced."


class Receiving:
    """Passes requests on to an app, so many at a time; what is read of a body is there at once, or refused.

    turns: of the addresses that send files. at_once: requests answered at a time. most: bytes of a body with files, of
    which one more is read, so that the app can see; FORM_ROOM of any other.
    seconds: in which a body arrives.
    """

    def __init__(
        self, app: "WSGIApplication", senders: Senders, turns: Turns, *, at_once: int, most: int, seconds: float
    ) -> None:
        self._app = app
        self._senders = senders
        self._turns = turns
        self._answering = BoundedSemaphore(at_once)
        self._most = most
        self._seconds = seconds

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer, in turn; raises nothing that the app does not."""
        client: Client = environ["gunicorn.socket"]
        self._senders.done(client)
        with self._answering:
            body = _Body(environ, client, self)
            environ["wsgi.input"] = body
            try:
                answer = self._app(environ, start_response)
            finally:
                body.close()
        return Taken(answer, client, self._senders, None if body.received or not _is_sent(environ) else body.drain)

    def receive(
        self, source: IO[bytes], client: Client, announced: str, address: str | None
    ) -> tuple[IO[bytes], ExitStack]:
        """Receive a body while others are answered, and then wait for the turn of an address that sends files.

        announced: its length, as the request has it; where it ends before that, nobody waits for an answer. Gives the
        turn, too, to be closed. Raises SlowSenderError, UnreadableBodyError, TooManyUploadsError.
        """
        most = FORM_ROOM if address is None else self._most
        self._answering.release()
        try:
            with self._senders.waiting(client, self._seconds):
                spool = self._spool(source, most)
            with ExitStack() as unless:
                unless.callback(spool.close)  # it gets no turn
                if spool.seek(0, SEEK_END) < min(int(announced or 0), most):
                    raise UnreadableBodyError(_CUT_SHORT)
                spool.seek(0)
                turn = ExitStack()
                if address is not None:
                    turn.enter_context(self._turns.of(address))
                unless.pop_all()
        except LateError as error:
            raise SlowSenderError from error
        except (ParseException, ConnectionError) as error:
            raise UnreadableBodyError(_CUT_SHORT) from error
        else:
            return spool, turn
        finally:
            self._answering.acquire()

    def drain(self, source: IO[bytes], client: Client) -> None:
        """Read what is left of a body that nobody wanted, if it is there already; without that the connection ends."""
        with suppress(OSError, ParseException), self._senders.waiting(client, _DRAIN_SECONDS):
            source.read(_PIECE)
        client.deadline = 0

    def _spool(self, source: IO[bytes], most: int) -> IO[bytes]:
        spool = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 — closed with the request
        left = most + 1
        while left and (piece := source.read(min(left, _PIECE))):
            spool.write(piece)
            left -= len(piece)
        return spool


class _Body:
    """A body that is received when it is first read."""

    def __init__(self, environ: "WSGIEnvironment", client: Client, receiving: Receiving) -> None:
        self._environ = environ
        self._source: IO[bytes] = environ["wsgi.input"]
        self._client = client
        self._receiving = receiving
        self._spool: IO[bytes] | None = None
        self._turn = ExitStack()
        self.received = False

    def read(self, size: int = -1) -> bytes:
        return self._file().read(size)

    def readline(self, size: int = -1) -> bytes:
        return self._file().readline(size)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._file())

    def drain(self) -> None:
        self._receiving.drain(self._source, self._client)

    def close(self) -> None:
        self._turn.close()
        if self._spool is not None:
            self._spool.close()

    def _file(self) -> IO[bytes]:
        if self._spool is None:
            with_files = self._environ.get("CONTENT_TYPE", "").lower().startswith("multipart/form-data")
            address = self._environ.get("REMOTE_ADDR", "") if with_files else None  # as trusted proxies tell it
            self._spool, self._turn = self._receiving.receive(
                self._source, self._client, self._environ.get("CONTENT_LENGTH", ""), address
            )
            self.received = True
        return self._spool


def _is_sent(environ: Mapping[str, object]) -> bool:
    return environ.get("CONTENT_LENGTH", "") not in {"", "0"} or "HTTP_TRANSFER_ENCODING" in environ
