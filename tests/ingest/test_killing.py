"""A run that is killed, whenever, and run again ends where an undisturbed one does."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psycopg
import pytest

from enfilade import embedded

SNAPSHOT = {
    "images": "SELECT sha256, phash, width, height, title, artist, year_from FROM enfilade.image ORDER BY 1",
    "renditions": """
        SELECT encode(i.sha256, 'hex'), r.kind, encode(sha256(r.bytes), 'hex')
        FROM enfilade.rendition AS r JOIN enfilade.image AS i ON i.id = r.image_id ORDER BY 1, 2
    """,
    "keypoints": """
        SELECT encode(i.sha256, 'hex'), k.method, encode(sha256(k.data), 'hex')
        FROM enfilade.keypoint AS k JOIN enfilade.image AS i ON i.id = k.image_id ORDER BY 1
    """,
    "occurrences": """
        SELECT o.source_uri, encode(i.sha256, 'hex'), o.describes
        FROM enfilade.occurrence AS o JOIN enfilade.image AS i ON i.id = o.image_id ORDER BY 1
    """,
    "edges": """
        SELECT least(a.sha, b.sha), greatest(a.sha, b.sha), e.kind, round(e.distance::numeric, 5)
        FROM enfilade.current AS c JOIN enfilade.edge AS e USING (graph_id)
        JOIN (SELECT id, encode(sha256, 'hex') AS sha FROM enfilade.image) AS a ON a.id = e.source
        JOIN (SELECT id, encode(sha256, 'hex') AS sha FROM enfilade.image) AS b ON b.id = e.target ORDER BY 1, 2
    """,
}
VECTORS = """
    SELECT e.vector::real[] FROM enfilade.current AS c JOIN enfilade.embedding AS e USING (space_id)
    JOIN enfilade.image AS i ON i.id = e.image_id ORDER BY i.sha256
"""
# Tables that are no table of ours and no partition that is attached: staging, or a build that was left half done.
LEFTOVERS = """
    SELECT c.oid::regclass::text FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND (n.nspname LIKE 'pg_temp%' OR n.nspname = 'enfilade' AND c.relname ~ '^(edge|embedding)_')
        AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = c.oid)
"""


@pytest.fixture
def homes() -> Iterator[tuple[Path, Path]]:
    with (
        tempfile.TemporaryDirectory(prefix="enfilade-test-") as one,
        tempfile.TemporaryDirectory(prefix="enfilade-test-") as other,
    ):
        yield Path(one), Path(other)
        for home in (one, other):
            embedded.stop(Path(home), force=True)


def start(home: Path, source: Path) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.Popen(
        [sys.executable, "-m", "enfilade", "ingest", str(source)],
        env=environment | {"ENFILADE_HOME": str(home)},
        stderr=subprocess.DEVNULL,
    )


def test_ten_kills_change_nothing(homes: tuple[Path, Path], gallery: Path) -> None:
    disturbed, quiet = homes
    manifest = gallery / "metadata.csv"
    began = time.monotonic()
    assert start(quiet, manifest).wait() == 0
    whole = time.monotonic() - began
    chance = random.Random(11)
    # Early ones first: they meet initdb and the migration, later ones the stages of the ingest.
    for moment in sorted(chance.uniform(0.3, whole) for _ in range(10)):
        process = start(disturbed, manifest)
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert start(disturbed, manifest).wait() == 0
    with (
        embedded.lease(disturbed) as one,
        embedded.lease(quiet) as other,
        psycopg.connect(one) as killed,
        psycopg.connect(other) as undisturbed,
    ):
        for name, query in SNAPSHOT.items():
            expected = undisturbed.execute(query).fetchall()
            assert expected, name
            assert killed.execute(query).fetchall() == expected, name
        vectors = [np.array(each.execute(VECTORS).fetchall()) for each in (killed, undisturbed)]
        np.testing.assert_allclose(*vectors, atol=1e-5)
        assert killed.execute(LEFTOVERS).fetchall() == []
