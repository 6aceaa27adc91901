"""Weights are kept by their hash, whole or not at all, wherever they came from."""

import http.server
import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pytest
import torch
from torchvision.models import ResNet18_Weights  # type: ignore[import-untyped]

from enfilade.backbones import LITE0, find_backbone
from enfilade.backbones.weights import file_sha256, keep_weights, kept_weights, list_kept
from enfilade.errors import BackboneError


@dataclass
class Site:
    """A web server on this machine that holds torchvision's weights."""

    folder: Path
    address: str
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    folder = tmp_path / "site"
    folder.mkdir()
    asked: list[str] = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *given: object, **named: object) -> None:
            super().__init__(*given, directory=str(folder), **named)  # type: ignore[arg-type]

        def log_message(self, *_: object) -> None:
            asked.append(self.path)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Site(folder, f"http://127.0.0.1:{server.server_port}", asked)
        server.shutdown()
        thread.join()


def put_online(site: Site, file: Path, digits: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Serve a file as torchvision names its own, and have its weights API say so."""
    name = f"resnet18-{digits}.pth"
    shutil.copyfile(file, site.folder / name)
    monkeypatch.setattr(ResNet18_Weights.DEFAULT.value, "url", f"{site.address}/{name}")


def test_weights_are_fetched_once_checked_and_kept(
    site: Site,
    tmp_path: Path,
    weights_file: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    file = weights_file("resnet18")
    put_online(site, file, file_sha256(file)[:8], monkeypatch)
    found = find_backbone("resnet18", tmp_path / "home")
    assert found.weights_sha256 == file_sha256(file)
    assert found.weights().read_bytes() == file.read_bytes()
    assert find_backbone("resnet18", tmp_path / "home").recipe() == found.recipe()
    assert len(site.asked) == 1
    assert capfd.readouterr() == ("", "")  # a bar of progress is for terminals


def test_a_damaged_copy_is_fetched_again(
    site: Site, tmp_path: Path, weights_file: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = weights_file("resnet18")
    put_online(site, file, file_sha256(file)[:8], monkeypatch)
    kept = find_backbone("resnet18", tmp_path).weights()
    kept.write_bytes(b"damaged")
    assert find_backbone("resnet18", tmp_path).weights().read_bytes() == file.read_bytes()


def test_fetched_weights_of_another_hash_are_refused_and_not_kept(
    site: Site, tmp_path: Path, weights_file: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    put_online(site, weights_file("resnet18"), "0123abcd", monkeypatch)
    with pytest.raises(BackboneError, match=r"SHA-256 begins with 0123abcd.*--weights FILE"):
        find_backbone("resnet18", tmp_path / "home")
    assert not list((tmp_path / "home" / "weights").iterdir())


def test_an_address_without_a_hash_is_not_trusted(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ResNet18_Weights.DEFAULT.value, "url", f"{site.address}/resnet18.pth")
    with pytest.raises(BackboneError, match="tells no hash"):
        find_backbone("resnet18", tmp_path)
    assert not site.asked


def test_what_is_not_there_or_not_reached_is_told_with_the_way_out(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # and never listens
        for address in (site.address, f"http://127.0.0.1:{closed.getsockname()[1]}"):
            monkeypatch.setattr(ResNet18_Weights.DEFAULT.value, "url", f"{address}/resnet18-0123abcd.pth")
            with pytest.raises(BackboneError, match=r"could not be fetched.*--weights FILE"):
                find_backbone("resnet18", tmp_path / "home")
    assert not list((tmp_path / "home" / "weights").iterdir())


def test_the_packaged_network_fetches_and_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.hub, "download_url_to_file", None)
    assert find_backbone(LITE0.name, tmp_path) is LITE0
    assert not list(tmp_path.iterdir())


def test_a_file_is_copied_once_under_its_hash_and_readable(tmp_path: Path) -> None:
    file = tmp_path / "mine.pth"
    file.write_bytes(b"weights")
    usual = file.stat().st_mode
    file.chmod(0o600)
    sha = keep_weights("resnet18", file, tmp_path / "home")
    kept = kept_weights("resnet18", sha, tmp_path / "home")
    assert sha == sha256(b"weights").hexdigest()
    assert (kept.name, kept.stat().st_mode) == (f"resnet18-{sha[:16]}.pth", usual)
    before = kept.stat().st_ino
    assert keep_weights("resnet18", file, tmp_path / "home") == sha
    assert kept.stat().st_ino == before
    assert list_kept(tmp_path / "home") == [("resnet18", sha[:16], kept)]
    assert list((tmp_path / "home" / "weights").iterdir()) == [kept]


def test_a_damaged_copy_is_mended_by_giving_the_file_again(tmp_path: Path) -> None:
    file = tmp_path / "mine.pth"
    file.write_bytes(b"weights")
    kept = kept_weights("resnet18", keep_weights("resnet18", file, tmp_path), tmp_path)
    kept.write_bytes(b"weight")
    keep_weights("resnet18", file, tmp_path)
    assert kept.read_bytes() == b"weights"


@pytest.mark.skipif(os.name == "nt", reason="no such file names there")
def test_a_place_where_nothing_can_be_kept_is_told(tmp_path: Path) -> None:
    (tmp_path / "weights").write_text("a file, where a folder is wanted")
    file = tmp_path / "mine.pth"
    file.write_bytes(b"weights")
    with pytest.raises(BackboneError, match="can be kept in"):
        keep_weights("resnet18", file, tmp_path)
