"""Answers on their way: a client may be slow to take one. Knows no HTTP but its bytes."""

import math
from collections.abc import Callable, Iterable, Iterator

from server.senders import Client, Senders

__all__ = ["Taken"]


class Taken:
    """An answer that its client takes; who takes it slowly makes room for others, as who sends slowly does.

    then: what is done when it is sent.
    """

    def __init__(
        self, answer: Iterable[bytes], client: Client, senders: Senders, then: Callable[[], None] | None
    ) -> None:
        self._answer, self._client, self._senders, self._then = answer, client, senders, then

    def __iter__(self) -> Iterator[bytes]:
        """Give the answer; raises LateError where the client made room for another."""
        with self._senders.waiting(self._client, math.inf):
            yield from self._answer

    def close(self) -> None:
        """Close what the answer was read from, and do what is to be done then."""
        if close := getattr(self._answer, "close", None):  # PEP 3333: an answer may have one
            close()
        if self._then:
            self._then()
