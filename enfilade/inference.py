"""Run a backbone on the best engine here: torch on CUDA or MPS, OpenVINO on a CPU. Knows no database.

A network converted for OpenVINO is kept in the data directory, by the hash of its weights: reading it takes a tenth of
the time of converting it, and needs no torch.
"""

import platform
import shutil
import tempfile
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from enfilade.backbones import Backbone
from enfilade.recipes import recipe_hash

__all__ = ["BATCH", "Network", "accelerator", "cached_network", "computes", "open_network"]

BATCH = 32
LOOKING = 2
"""Counts the changes of what a network gives beyond its outputs' names; a converted one of an older count is unused."""

Network = Callable[[NDArray[np.uint8]], list[NDArray[np.float32]]]
"""Pixels (n, side, side, 3) -> an array for each of the backbone's outputs, first axis n, any n."""


def open_network(backbone: Backbone, home: Path, precision: str = "fp32") -> Network:
    """Open a backbone on the best engine of this machine, in "fp32" or "bf16". Raises BackboneError."""
    device = accelerator()
    return _open_torch(backbone, device, precision) if device else _open_openvino(backbone, home, precision)


def accelerator() -> str | None:
    """Name torch's accelerator here ("cuda", "mps"), or None. Imports torch only where there may be one."""
    on_apple = platform.system() == "Darwin" and platform.machine() == "arm64"
    if not (on_apple or Path("/dev/nvidiactl").exists() or Path("/dev/kfd").exists()):
        return None
    import torch  # noqa: PLC0415

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else None


def _open_torch(backbone: Backbone, device: str, precision: str) -> Network:
    import torch  # noqa: PLC0415

    module = backbone.network().to(device)
    halved = torch.autocast(device, torch.bfloat16, enabled=precision == "bf16")

    def run_batch(pixels: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        with torch.inference_mode(), halved:
            return [output.float().cpu().numpy() for output in module(torch.from_numpy(pixels).to(device))]

    return _in_batches(run_batch)


def _in_batches(run_batch: Network) -> Network:
    def run(pixels: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        batches = [run_batch(pixels[start : start + BATCH]) for start in range(0, len(pixels) or 1, BATCH)]
        return [np.concatenate(parts) for parts in zip(*batches, strict=True)]

    return run


def computes(precision: str) -> bool:
    """Tell whether the processor has arithmetic of its own for "bf16", as an accelerator does; "fp32" it always has."""
    if precision == "fp32" or accelerator():
        return True
    import openvino as ov  # noqa: PLC0415

    return precision.upper() in ov.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def cached_network(backbone: Backbone, home: Path) -> Path:
    """Where the converted network of these weights lies, once there is one."""
    engine = version("openvino").split("-")[0]
    # Normalisation lies inside it, and so do the layers that it looks at.
    made = recipe_hash({**backbone.recipe(), "layers": dict(backbone.layers), "looking": LOOKING})
    return home / "networks" / f"{backbone.name}-{backbone.weights_sha256[:16]}-{made[:8]}-openvino-{engine}"


def _open_openvino(backbone: Backbone, home: Path, precision: str) -> Network:
    import openvino as ov  # noqa: PLC0415 — a quarter of a second

    folder = cached_network(backbone, home)
    if not folder.exists():
        _convert(backbone, folder)
    core = ov.Core()
    model = core.read_model(folder / "network.xml")
    options = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": {"fp32": "f32"}.get(precision, precision)}
    # Shapes that are fixed run faster than open ones: one for the ingest, one for a query.
    compiled: dict[int, Any] = {}

    def run_batch(pixels: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        size = 1 if len(pixels) == 1 else BATCH
        if size not in compiled:
            model.reshape([size, *pixels.shape[1:]])
            compiled[size] = core.compile_model(model, "CPU", options)
        padded = np.zeros((size, *pixels.shape[1:]), dtype=np.uint8)
        padded[: len(pixels)] = pixels
        outputs = compiled[size](padded)
        # Copies, since the engine reuses its buffers.
        return [outputs[number][: len(pixels)].copy() for number in range(len(outputs))]

    return _in_batches(run_batch)


def _convert(backbone: Backbone, folder: Path) -> None:
    import openvino as ov  # noqa: PLC0415
    import torch  # noqa: PLC0415

    folder.parent.mkdir(parents=True, exist_ok=True)
    example = torch.zeros((1, backbone.side, backbone.side, 3), dtype=torch.uint8)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch.jit.trace announces its own retirement
        # OpenVINO would have it traced twice and compared; torch takes another road through attention the second time.
        traced = torch.jit.trace(backbone.network(), example, check_trace=False)  # type: ignore[no-untyped-call]
        model = ov.convert_model(traced, example_input=example)
    with tempfile.TemporaryDirectory(dir=folder.parent) as partial:
        whole = Path(partial) / "whole"
        whole.mkdir()
        ov.save_model(model, whole / "network.xml", compress_to_fp16=False)
        try:
            whole.rename(folder)
        except OSError:  # another process was first
            if not folder.exists():
                raise
            shutil.rmtree(whole)
