"""Compile functions to machine code that lets other threads run. Knows nothing of what they compute."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numba

__all__ = ["compiled"]

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function at its first call, without the GIL, and keep the code for the next process.

    numba keeps it beside the module, or else in the user's cache or NUMBA_CACHE_DIR; where none of them can be
    written, each process compiles for itself.
    """
    try:
        made: Callable[P, R] = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # "no locator available": nowhere to write
        made = numba.njit(nogil=True)(function)
    return made
