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

__all__ = ["BATCH", "Network", "accelerator", "cached_network", "open_network"]

BATCH = 32

Network = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
"""Pixels (n, side, side, 3) -> features (n, dimensions), any n."""


def open_network(backbone: Backbone, home: Path) -> Network:
    """Open a backbone on the best engine of this machine. Raises BackboneError."""
    device = accelerator()
    return _open_torch(backbone, device) if device else _open_openvino(backbone, home)


def accelerator() -> str | None:
    """Name torch's accelerator here ("cuda", "mps"), or None. Imports torch only where there may be one."""
    on_apple = platform.system() == "Darwin" and platform.machine() == "arm64"
    if not (on_apple or Path("/dev/nvidiactl").exists() or Path("/dev/kfd").exists()):
        return None
    import torch  # noqa: PLC0415

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else None


def _open_torch(backbone: Backbone, device: str) -> Network:
    import torch  # noqa: PLC0415

    module = backbone.network().to(device)

    def run(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        with torch.inference_mode():
            batches = [
                module(torch.from_numpy(pixels[start : start + BATCH]).to(device)).float().cpu().numpy()
                for start in range(0, len(pixels), BATCH)
            ]
        return np.concatenate(batches)

    return run


def cached_network(backbone: Backbone, home: Path) -> Path:
    """Where the converted network of these weights lies, once there is one."""
    engine = version("openvino").split("-")[0]
    return home / "networks" / f"{backbone.name}-{backbone.weights_sha256[:16]}-openvino-{engine}"


def _open_openvino(backbone: Backbone, home: Path) -> Network:
    import openvino as ov  # noqa: PLC0415 — a quarter of a second

    folder = cached_network(backbone, home)
    if not folder.exists():
        _convert(backbone, folder)
    core = ov.Core()
    model = core.read_model(folder / "network.xml")
    options = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
    # Shapes that are fixed run faster than open ones: one for the ingest, one for a query.
    compiled: dict[int, Any] = {}

    def run_batch(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        size = 1 if len(pixels) == 1 else BATCH
        if size not in compiled:
            model.reshape([size, *pixels.shape[1:]])
            compiled[size] = core.compile_model(model, "CPU", options)
        padded = np.zeros((size, *pixels.shape[1:]), dtype=np.uint8)
        padded[: len(pixels)] = pixels
        features: NDArray[np.float32] = compiled[size](padded)[0][: len(pixels)]
        return features.copy()  # the engine reuses its buffer

    def run(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.concatenate([run_batch(pixels[start : start + BATCH]) for start in range(0, len(pixels), BATCH)])

    return run


def _convert(backbone: Backbone, folder: Path) -> None:
    import openvino as ov  # noqa: PLC0415
    import torch  # noqa: PLC0415

    folder.parent.mkdir(parents=True, exist_ok=True)
    example = torch.zeros((1, backbone.side, backbone.side, 3), dtype=torch.uint8)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch.jit.trace, which OpenVINO calls, announces its own retirement
        model = ov.convert_model(backbone.network(), example_input=example)
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
