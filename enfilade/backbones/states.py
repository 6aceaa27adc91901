"""Read a network's weights from a file, and fit them to a network. Imports torch; knows no names of networks."""

import struct
import warnings
from collections.abc import Collection, Mapping
from pathlib import Path
from pickle import UnpicklingError

import torch
from torch import nn

from enfilade.errors import BackboneError

__all__ = ["fit_state", "read_state"]

NAMED = 3
"""How many keys a refusal names."""
COUNTERS = ".num_batches_tracked"
"""What only training reads; files from before torch 0.4.1 have none."""
DAMAGE = (
    AssertionError, AttributeError, EOFError, LookupError, OSError, RuntimeError, TypeError, UnpicklingError,
    ValueError, struct.error,
)  # fmt: skip
"""What torch.load raises for files that are not its own, are cut off, or would run code."""


def read_state(path: Path) -> Mapping[str, torch.Tensor]:
    """Read what `torch.save(network.state_dict(), path)` wrote; nothing in the file is executed.

    Raises BackboneError for a file that can't be read or holds anything else.
    """
    try:
        path.open("rb").close()
    except OSError as error:
        raise BackboneError(f"The weights in {path} can't be read: {error.strerror}.") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch's doubts about a file that it then refuses
            state = torch.load(path, map_location="cpu", weights_only=True)
    except DAMAGE as error:
        raise BackboneError(
            f"{path} is no file of weights, as `torch.save(network.state_dict(), …)` writes."
        ) from error
    if not isinstance(state, dict) or not all(
        isinstance(key, str) and isinstance(value, torch.Tensor) for key, value in state.items()
    ):
        raise BackboneError(
            f"{path} holds something other than a state dict, as `torch.save(network.state_dict(), …)` writes."
        )
    return state


def fit_state(network: nn.Module, state: Mapping[str, torch.Tensor], whose: str) -> None:
    """Give a network its weights, in its own numeric types; it may lie on torch's "meta" device.

    state: exactly the network's keys and shapes, but for the counters of training. Raises BackboneError otherwise,
    with a sentence that begins with `whose`.
    """
    wanted = _without_counters(network.state_dict())
    given = _without_counters(state)
    faults = [
        _told(wanted.keys() - given.keys(), wanted, "missing"),
        _told(given.keys() - wanted.keys(), given, "unknown to it"),
        _told(
            {key for key in wanted.keys() & given.keys() if wanted[key].shape != given[key].shape},
            wanted,
            "of another shape",
        ),
    ]
    if any(faults):
        raise BackboneError(f"{whose}: {'; '.join(filter(None, faults))}.")
    # A plain dict, so that torch takes it for one of the old files and sets the counters itself.
    network.load_state_dict({key: value.to(wanted[key].dtype) for key, value in given.items()}, assign=True)


def _without_counters(state: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {key: value for key, value in state.items() if not key.endswith(COUNTERS)}


def _told(keys: Collection[str], ordered: Mapping[str, torch.Tensor], fault: str) -> str:
    named = [key for key in ordered if key in keys]
    if not named:
        return ""
    more = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
    return f"{', '.join(named[:NAMED])}{more} {'is' if len(named) == 1 else 'are'} {fault}"
