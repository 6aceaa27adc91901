"""Strangers' files are read by processes that have nothing to lose, and come out as if they had been read here."""

import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from PIL import Image

import server.confined
from enfilade.errors import RefusedImageError
from enfilade.images import Crop, Limits, decode_part
from server.confined import Confined
from server.decoding import FILES, SLOW_WAITING, Decoders
from server.errors import DecoderError, SlowLaneError

LIMITS: Final = Limits(max_bytes=20 * 2**20, max_pixels=50_000_000)
ODD: Final = Path(os.environ.get("ENFILADE_TEST_DATA", "")) / "odd" / "files"


def store(file_format: str, mode: str = "RGB", size: tuple[int, int] = (240, 160), **options: object) -> bytes:
    width, height = size
    noise = np.random.default_rng(1).integers(0, 256, (height // 8, width // 8, 3), dtype=np.uint8)
    exif = Image.Exif()
    exif[274] = 6
    buffer = io.BytesIO()
    picture = Image.fromarray(noise).resize(size)
    (picture.convert("L") if mode == "I;16" else picture).convert(mode).save(buffer, file_format, exif=exif, **options)
    return buffer.getvalue()


FILES_OF_ALL_KINDS: Final = {
    "JPEG": store("JPEG"), "large JPEG": store("JPEG", size=(3000, 2000)), "CMYK": store("JPEG", "CMYK"),
    "progressive": store("JPEG", progressive=True), "PNG": store("PNG", "RGBA"), "16 bits": store("PNG", "I;16"),
    "palette": store("PNG", "P", transparency=3), "WebP": store("WEBP", "RGBA"), "GIF": store("GIF", "P"),
    "TIFF": store("TIFF", "F"), "LZW": store("TIFF", compression="tiff_lzw"), "BMP": store("BMP"),
    "AVIF": store("AVIF", "RGBA"), "JPEG 2000": store("JPEG2000"),
    "empty": b"", "text": b"hello", "cut short": store("JPEG")[:900], "small": store("PNG", size=(8, 8)),
    "PDF": b"%PDF-1.7\n",
}  # fmt: skip


def flat(side: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (side, side)).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


@pytest.fixture
def decoders() -> Iterator[Decoders]:
    """Decoders of one's own, one of which has started."""
    decoders = Decoders(LIMITS)
    decoders.check()
    yield decoders
    decoders._quick.end()
    decoders._slow.end()


def process(decoders: Decoders) -> int:
    return decoders._quick.idle[-1]._process.pid


def outcome(decoders: Decoders | None, data: bytes, crop: Crop | None = None) -> object:
    try:
        pixels = decoders.decode(data, crop) if decoders else decode_part(data, LIMITS, crop)
    except RefusedImageError as refused:
        return refused.reason, refused.detail
    return pixels.mode, pixels.size, pixels.tobytes(), pixels.info


def reason(decoders: Decoders, data: bytes) -> str:
    with pytest.raises(RefusedImageError) as refused:
        decoders.decode(data)
    return refused.value.reason


@contextmanager
def standing_still(decoders: Decoders, then: signal.Signals | None = None) -> Iterator[None]:
    """Stop the decoder in the midst of whatever it is asked next, and half a second later do worse."""
    pid = process(decoders)
    os.kill(pid, signal.SIGSTOP)
    worse = threading.Timer(0.5, os.kill, (pid, then)) if then else None
    if worse:
        worse.start()
        yield
        worse.join()
    else:
        yield


@pytest.mark.parametrize("kind", FILES_OF_ALL_KINDS)
@pytest.mark.parametrize(
    "crop", [None, Crop(0.25, 0, 0.5, 1), Crop(0.5, 0.5, 0.0001, 0.5)], ids=["whole", "part", "thin"]
)
def test_a_file_read_apart_is_what_it_is_here(kind: str, crop: Crop | None) -> None:
    assert outcome(SHARED, FILES_OF_ALL_KINDS[kind], crop) == outcome(None, FILES_OF_ALL_KINDS[kind], crop)


SHARED: Final = Decoders(LIMITS)


@pytest.mark.skipif(not ODD.is_dir(), reason="ENFILADE_TEST_DATA names no folder with odd files")
def test_every_odd_file_read_apart_is_what_it_is_here() -> None:
    for path in sorted(ODD.iterdir()):
        assert outcome(SHARED, path.read_bytes()) == outcome(None, path.read_bytes()), path.name


def test_a_decoder_knows_pictures_and_nothing_else() -> None:
    program = "import sys, server.decoder; print(sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    others = {"torch", "openvino", "sqlalchemy", "psycopg", "flask", "werkzeug", "gunicorn", "numba", "scipy", "ingest"}
    assert [name for name in others if f"'{name}'" in done.stdout] == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks where Linux tells of processes")
def test_a_decoder_has_no_rights_no_secrets_and_no_descriptor_but_its_own(
    decoders: Decoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://someone:secret@db/enfilade")
    decoders._quick.idle.pop().end()
    decoders.check()
    about = Path("/proc") / str(process(decoders))
    status = dict(line.split(":\t", 1) for line in (about / "status").read_text().splitlines() if ":\t" in line)
    assert status["NoNewPrivs"] == "1"
    assert "0" not in status["Uid"].split()
    assert int(status["CapEff"], 16) == 0
    limits = (about / "limits").read_text()
    for name in ("Max file size", "Max core file size", "Max processes"):
        (told,) = [line for line in limits.splitlines() if line.startswith(name)]
        assert told.removeprefix(name).split()[:2] == ["0", "0"]
    if os.geteuid() == 0:  # nobody else may look
        environment = (about / "environ").read_text()
        assert "secret" not in environment
        assert "HOME" not in environment
        assert {int(one.name) for one in (about / "fd").iterdir()} == {0, 1, 2}


def test_a_file_that_takes_too_long_is_refused_and_the_next_is_read(
    decoders: Decoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.confined.SPARE_SECONDS", -1.5)
    monkeypatch.setattr(decoders._slow, "_seconds", 1.5)  # no time at all
    before = process(decoders)
    with standing_still(decoders):
        assert reason(decoders, store("PNG")) == "too_much_time"
    monkeypatch.undo()
    assert decoders.decode(store("PNG")).size == (160, 240)
    assert process(decoders) != before


def test_a_file_that_computes_too_long_is_ended_by_the_system(decoders: Decoders) -> None:
    buffer = io.BytesIO()
    Image.effect_noise((3000, 3000), 60).save(buffer, "JPEG", progressive=True)
    file = buffer.getvalue()
    last = file.rindex(b"\xff\xda")
    passes = file[:last] + file[last:-2] * 60 + file[-2:]
    (decoder,) = decoders._quick.idle
    with pytest.raises(RefusedImageError) as refused:
        decoder.decode(passes, Limits(), None, 1)
    assert refused.value.reason == "too_much_time"
    assert decoder._process.returncode == -signal.SIGXCPU


def test_what_takes_too_long_or_is_too_large_for_the_quick_lane_is_read_in_the_slow_one(
    decoders: Decoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = process(decoders)
    assert outcome(decoders, flat(5000)) == outcome(None, flat(5000))
    (slow,) = decoders._slow.idle
    assert os.getpriority(os.PRIO_PROCESS, slow._process.pid) > os.getpriority(os.PRIO_PROCESS, quick)
    assert process(decoders) == quick
    monkeypatch.setattr("server.confined.SPARE_SECONDS", -1.5)
    with standing_still(decoders):
        assert outcome(decoders, store("PNG")) == outcome(None, store("PNG"))


def test_those_who_take_long_keep_only_their_like_waiting(decoders: Decoders) -> None:
    assert decoders.decode(flat(5000)).size == (358, 358)
    os.kill(decoders._slow.idle[-1]._process.pid, signal.SIGSTOP)
    slow = decoders._slow.idle[-1]._process.pid
    threads = [threading.Thread(target=decoders.decode, args=(flat(5000),)) for _ in range(SLOW_WAITING)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    with pytest.raises(SlowLaneError):
        decoders.decode(flat(5000))
    assert decoders.decode(store("PNG")).size == (160, 240)
    os.kill(slow, signal.SIGCONT)
    for thread in threads:
        thread.join()
    assert decoders.decode(flat(5000)).size == (358, 358)


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (signal.SIGSEGV, "broke_decoder"),
        (signal.SIGABRT, "broke_decoder"),
        (signal.SIGKILL, "too_much_memory"),
    ],
)
def test_a_file_that_ends_its_decoder_is_refused_and_the_next_is_read(
    decoders: Decoders, end: signal.Signals, expected: str, caplog: pytest.LogCaptureFixture
) -> None:
    pid = process(decoders)
    with standing_still(decoders, end):
        if end != signal.SIGKILL:
            threading.Timer(0.7, os.kill, (pid, signal.SIGCONT)).start()
        assert reason(decoders, store("PNG")) == expected
    assert "SHA-256" in caplog.text
    assert decoders.decode(store("PNG")).size == (160, 240)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere memory is not bounded")
def test_a_file_that_needs_too_much_memory_is_refused_by_a_decoder_that_lives_on(
    decoders: Decoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoders._quick.idle.pop().end()
    less = "import server.confinement; server.confinement.MEMORY = 90 * 2**20; from"
    monkeypatch.setattr("server.confined._PROGRAM", server.confined._PROGRAM.replace("from", less))
    decoders.check()
    pid = process(decoders)
    assert reason(decoders, flat(4000)) == "too_much_memory"
    assert decoders.decode(store("PNG")).size == (160, 240)
    assert process(decoders) == pid


def test_a_decoder_is_replaced_after_some_hundred_files(decoders: Decoders) -> None:
    first = process(decoders)
    decoders._quick.idle[-1].asked = FILES - 2
    decoders.decode(store("GIF"))
    assert process(decoders) == first
    decoders.decode(store("GIF"))
    assert process(decoders) != first  # already, before anybody needs it
    decoders.decode(store("GIF"))


def test_many_at_once_are_read_by_two(decoders: Decoders) -> None:
    expected, found = outcome(None, store("JPEG", size=(1200, 900))), []
    threads = [
        threading.Thread(target=lambda: found.append(outcome(decoders, store("JPEG", size=(1200, 900)))))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 8
    assert 1 <= len(decoders._quick.idle) <= 2


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
def test_a_decoder_ends_with_its_worker_however_that_ends(busy: bool) -> None:  # noqa: FBT001
    program = f"""
import os, signal, threading, time
from enfilade.images import Limits
from server.decoding import Decoders
decoders = Decoders(Limits())
decoders.check()
print(decoders._quick.idle[-1]._process.pid, flush=True)
if {busy}:
    import io
    from PIL import Image
    buffer = io.BytesIO()
    Image.effect_noise((7000, 5000), 80).convert("RGB").save(buffer, "JPEG", progressive=True)
    threading.Thread(target=decoders.decode, args=(buffer.getvalue(),), daemon=True).start()
    time.sleep(0.3)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    deadline = time.monotonic() + 2
    while lives(int(done.stdout)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not lives(int(done.stdout))


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path("/proc") / str(pid) / "stat"
    return not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_a_decoder_that_does_not_start_is_said_and_nothing_is_read_here(
    decoders: Decoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoders._quick.idle.pop().end()
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    for ask in (decoders.check, lambda: decoders.decode(store("PNG"))):
        with pytest.raises(DecoderError, match="No such file"):
            ask()
    monkeypatch.undo()
    monkeypatch.setattr("server.confined._PROGRAM", "import nothing_of_that_name")
    with pytest.raises(DecoderError, match="status"):
        Confined()
