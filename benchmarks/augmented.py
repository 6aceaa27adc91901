"""Members that come back changed in twenty ways: how often each is found first, beside perceptual hashing alone."""

from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray
from PIL import Image
from sqlalchemy import Connection, select

from enfilade.confidence.augmentations import AUGMENTATIONS, augment
from enfilade.database import open_database
from enfilade.images import Brought, perceptual_hash
from enfilade.judges import Judges
from enfilade.queries.files import load_thumbnails
from enfilade.queries.images import Filters
from enfilade.schema import image
from enfilade.settings import Settings

__all__ = ["run"]

SEED = 1000  # not that of the calibration


def run(members: int) -> dict[str, Any]:
    """Change some members of the collection that the settings name, and ask for each; shares of recall@1."""
    settings = Settings.from_environment()
    with open_database(settings) as engine, engine.connect() as connection:
        ids = np.array(connection.scalars(select(image.c.id).where(image.c.hidden_at.is_(None))).all())
        chosen = Generator(PCG64(SEED)).permutation(ids)[:members].tolist()
        pictures = load_thumbnails(connection, chosen)
        hashes = _hashes(connection, ids.tolist())
        judges = Judges(settings.home)
        rows = {}
        for kind, augmentation in AUGMENTATIONS.items():
            changed = {one: augment(pictures[one], kind, SEED + one) for one in chosen}
            told = [_ask(connection, judges, picture, one) for one, picture in changed.items()]
            row: dict[str, Any] = {
                "enfilade": float(np.mean([first for first, _ in told])),
                "told_match": float(np.mean([first and match for first, match in told])),
                **{name: _recall(table, changed, ids, name) for name, table in hashes.items()},
            }
            rows[kind] = row | {"strength": augmentation.strength}
    return {"members": len(chosen), "images": len(ids), "peers": rows}


def _ask(connection: Connection, judges: Judges, picture: Image.Image, right: int) -> tuple[bool, bool]:
    judged = judges.judge(connection, Brought(picture))
    found = judged.find(connection, 1, Filters(), duplicates=True)
    verdict = judged.verdict_on(found)
    match = verdict is not None and verdict.verdict == "match"
    return found[0].image_id == right, match


def _hashes(connection: Connection, ids: list[int]) -> dict[str, NDArray[np.uint8]]:
    """Hash every member by each of the perceptual hashes that are installed: name -> bits (n, 8 k)."""
    names = ["imagehash", *(["pdqhash"] if find_spec("pdqhash") else [])]
    tables: dict[str, list[NDArray[np.uint8]]] = {name: [] for name in names}
    for start in range(0, len(ids), 256):
        pictures = load_thumbnails(connection, ids[start : start + 256])
        for one in ids[start : start + 256]:
            for name, table in tables.items():
                table.append(_bits(pictures[one], name))
    return {name: np.array(table) for name, table in tables.items()}


def _bits(picture: Image.Image, name: str) -> NDArray[np.uint8]:
    if name == "pdqhash":
        import pdqhash  # noqa: PLC0415 — may be missing

        return np.asarray(pdqhash.compute(np.asarray(picture.convert("RGB")))[0], dtype=np.uint8)
    return np.unpackbits(np.array([perceptual_hash(picture)], dtype=">i8").view(np.uint8))


def _recall(table: NDArray[np.uint8], changed: dict[int, Image.Image], ids: NDArray[np.int64], name: str) -> float:
    first = [ids[np.argmin((table != _bits(picture, name)).sum(axis=1))] == one for one, picture in changed.items()]
    return float(np.mean(first))
