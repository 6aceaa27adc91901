"""A picture is fetched from a public address, and nothing else is spoken to, whatever a URL says."""

import gzip
import ipaddress
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from strangers import Stranger, Web, endless, ok, redirect, serving

from enfilade.errors import RefusedImageError
from enfilade.settings import ServerSettings
from server.connecting import Connector
from server.errors import FetchingOffError, UnfetchableUrlError
from server.fetching import Fetcher
from server.targets import Target

PUBLIC = "93.184.215.14"
PLACE = (PUBLIC, 80)
TLS = ssl.create_default_context()
"""Of one making, which takes a tenth of a second."""
PICTURE = b"\x89PNG and so on"

UNREACHABLE = [
    "http://127.0.0.1/", "https://127.0.0.1/", "HTTP://127.0.0.1/", "http://127.0.0.1:5432/", "http://127.1/",
    "http://2130706433/", "http://0x7f000001/", "http://017700000001/", "http://0177.0.0.1/", "http://0x7f.0.0.1/",
    "http://0177.0x0.1/", "http://0/", "http://0.0.0.0/", "http://127.0.0.1./", "http://localhost/",
    "http://localhost.:80/", "http://LocalHost/", "http://10.0.0.1/", "http://172.16.0.1/", "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/", "http://2852039166/", "http://0xa9fea9fe/", "http://100.100.100.200/",
    "http://224.0.0.1/", "http://255.255.255.255/", "http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
    "http://[2002:a9fe:a9fe::1]/", "http://[2001:0:5db8:d70e::80ff:fffe]/", "http://[fe80::1]/", "http://[fc00::1]/",
    "http://[fd00:ec2::254]/", "http://[ff02::1]/", "http://[0:0:0:0:0:ffff:169.254.169.254]/",
    "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://\uff11\uff12\uff17.0.0.1/", "http://127.0.0.1#@public.example/",
    "http://127.0.0.1?@public.example/", "http://127.0.0.1/@public.example/", "http://inside.example/",
    "http://mixed.example/", "http://mixed6.example/", "http://nowhere.example/", "http://public.example:22/",
    "http://public.example:5432/", "http://public.example:8080/", "https://public.example:8443/",
]  # fmt: skip
MALFORMED = [
    "file:///etc/passwd", "file://localhost/etc/passwd", "FILE:///etc/passwd", "ftp://public.example/a.jpg",
    "gopher://127.0.0.1:6379/_INFO", "dict://127.0.0.1:11211/stats", "ldap://127.0.0.1/", "data:image/png;base64,AAAA",
    "jar:http://public.example!/", "javascript:1", "unix:///var/run/docker.sock", "http+unix://%2Fvar%2Frun%2Fd.sock/",
    "http://someone@public.example/", "http://someone:secret@public.example/", "http://@public.example/",
    "http://public.example@127.0.0.1/", "http://public.example:80@127.0.0.1/", "http://127.0.0.1\\@public.example/",
    "http://public.example\\@127.0.0.1/", "http:\\\\127.0.0.1\\", "http://%31%32%37.0.0.1/", "http://127.0.0.1%00/",
    "http://127.0.0.1%2f.public.example/", "http://[fe80::1%25lo]/", "http://[fe80::1%lo]/", "http://[::1/",
    "http://::1/", "http://[public.example]/", "http://public.example:0/", "http://public.example:99999/",
    "http://public.example:http/", "http://public..example/", "http://.public.example/", "http://public.example;.a/",
    "http://public!example/", "http://" + "a" * 64 + ".example/", "http://public.example/" + "a" * 2000,
]  # fmt: skip
ONLY_SENT = [
    "", "http://", "http:///etc/passwd", "http:127.0.0.1", "//127.0.0.1/", "/etc/passwd", "127.0.0.1",
    " http://public.example/", "http://public.example/a b", "http://public.example/\r\nHost: 127.0.0.1",
    "http://public.example/\x00", "ht\ntp://127.0.0.1/", "http://127.0.\t0.1/",
]  # fmt: skip


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Web:
    """No name but these is known, and nothing beyond loopback is spoken to."""
    web = Web()
    web.names = {
        "public.example": [[PUBLIC]],
        "localhost": [["127.0.0.1", "::1"]],
        "inside.example": [["10.0.0.5"]],
        "mixed.example": [[PUBLIC, "192.168.0.1"]],
        "mixed6.example": [[PUBLIC, "::1"]],
    }
    monkeypatch.setattr(socket, "getaddrinfo", web.getaddrinfo)
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: web.connect(self, address))  # noqa: PLW0108 — so that it binds
    return web


@pytest.fixture
def stranger(web: Web) -> Iterator[Stranger]:
    """A server that stands in for a public address."""
    with serving({"/a.png": ok(PICTURE, "Content-Type: text/html")}) as stranger:
        web.stand_ins[PLACE] = stranger.place
        yield stranger


@pytest.fixture
def fetcher() -> Fetcher:
    return make_fetcher(2.0, max_upload=100_000)


def make_fetcher(seconds: float, **settings: int) -> Fetcher:
    return Fetcher(ServerSettings(fetch_urls=True, **settings), Connector(tls=TLS), seconds=seconds)


def reason(fetcher: Fetcher, url: str) -> str:
    with pytest.raises(UnfetchableUrlError) as refused:
        fetcher.fetch(url)
    return refused.value.reason


def test_a_picture_is_fetched_whatever_its_content_type(fetcher: Fetcher, web: Web, stranger: Stranger) -> None:
    assert fetcher.fetch("http://public.example/a.png") == PICTURE
    assert fetcher.fetch("http://PUBLIC.example.:80/a.png#part") == PICTURE
    assert web.dialled == [PLACE, PLACE]
    assert stranger.heads[0].startswith("GET /a.png HTTP/1.1\r\n")


def test_nothing_is_sent_but_what_is_needed(
    fetcher: Fetcher, web: Web, stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    stranger.routes["/set"] = ok(b"", "Location: /a.png", "Set-Cookie: a=b; Path=/", status=302)
    assert fetcher.fetch("http://public.example/set") == PICTURE
    assert web.dialled == [PLACE, PLACE]
    for head in stranger.heads:
        assert dict(line.split(": ") for line in head.splitlines()[1:]) == {
            "Host": "public.example", "User-Agent": "Enfilade", "Accept": "image/*", "Accept-Encoding": "identity",
            "Connection": "close",
        }  # fmt: skip


@pytest.mark.parametrize("url", UNREACHABLE)
def test_what_is_not_public_is_never_spoken_to(fetcher: Fetcher, web: Web, url: str) -> None:
    assert reason(fetcher, url) == "unreachable"
    assert web.dialled == []


@pytest.mark.parametrize("url", [*MALFORMED, *ONLY_SENT])
def test_what_is_no_web_address_is_not_even_looked_up(fetcher: Fetcher, web: Web, url: str) -> None:
    assert reason(fetcher, url) == "bad_url"
    assert web.dialled == []
    assert web.asked == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["/a.png", "a.png", "//public.example/a.png", "http://public.example:80/a.png"])
def test_redirects_are_followed(fetcher: Fetcher, stranger: Stranger, status: int, location: str) -> None:
    stranger.routes["/here"] = redirect(location, status)
    assert fetcher.fetch("http://public.example/here") == PICTURE


@pytest.mark.parametrize(
    "location", [*UNREACHABLE, *MALFORMED, "//127.0.0.1/", "//inside.example/", "http:///", "http:/"]
)
def test_no_redirect_leads_to_where_a_url_may_not(
    fetcher: Fetcher, web: Web, stranger: Stranger, location: str
) -> None:
    stranger.routes["/here"] = redirect(location)
    assert reason(fetcher, "http://public.example/here") in {"unreachable", "bad_url", "bad_status"}
    assert set(web.dialled) == {PLACE}


def test_a_redirect_in_utf8_is_read_as_browsers_do(fetcher: Fetcher, stranger: Stranger) -> None:
    stranger.routes["/here"] = redirect("/größe/a.png?q=é")
    stranger.routes["/gr%C3%B6%C3%9Fe/a.png?q=%C3%A9"] = ok(PICTURE)
    assert fetcher.fetch("http://public.example/here") == PICTURE


def test_three_redirects_are_followed_and_no_more(fetcher: Fetcher, web: Web, stranger: Stranger) -> None:
    stranger.routes |= {"/1": redirect("/2"), "/2": redirect("/3"), "/3": redirect("/a.png"), "/0": redirect("/1")}
    assert fetcher.fetch("http://public.example/1") == PICTURE
    web.dialled.clear()
    assert reason(fetcher, "http://public.example/0") == "too_many_redirects"
    assert len(web.dialled) == 4
    stranger.routes["/round"] = redirect("/round")
    assert reason(fetcher, "http://public.example/round") == "too_many_redirects"


def test_a_name_that_is_bound_again_is_connected_to_as_it_was_checked(
    fetcher: Fetcher, web: Web, stranger: Stranger
) -> None:
    web.names["rebinding.example"] = [[PUBLIC], ["127.0.0.1"]]
    assert fetcher.fetch("http://rebinding.example/a.png") == PICTURE
    assert web.asked == ["rebinding.example"]
    assert web.dialled == [PLACE]
    assert len(stranger.heads) == 1


def test_a_name_that_is_bound_again_before_a_redirect_is_refused(
    fetcher: Fetcher, web: Web, stranger: Stranger
) -> None:
    web.names["rebinding.example"] = [[PUBLIC], ["127.0.0.1"]]
    stranger.routes["/here"] = redirect("/a.png")
    assert reason(fetcher, "http://rebinding.example/here") == "unreachable"
    assert web.dialled == [PLACE]


def test_another_address_of_a_name_is_tried_where_the_first_is_dead(
    fetcher: Fetcher, web: Web, stranger: Stranger
) -> None:
    web.names["two.example"] = [["93.184.215.15", PUBLIC]]
    assert fetcher.fetch("http://two.example/a.png") == PICTURE
    assert web.dialled == [("93.184.215.15", 80), PLACE]
    assert len(stranger.heads) == 1


def test_an_allowed_network_is_fetched_from_at_any_port_and_no_other_is(web: Web) -> None:
    allowed = (ipaddress.ip_network("127.0.0.1"),)
    fetcher = Fetcher(ServerSettings(fetch_urls=True, fetch_allow=allowed), seconds=2.0)
    with serving({"/a.png": ok(PICTURE), "/out": redirect("http://127.0.0.2/")}) as inner:
        port = inner.place[1]
        web.names["intranet.example"] = [["127.0.0.1"]]
        assert fetcher.fetch(f"http://127.0.0.1:{port}/a.png") == PICTURE
        assert fetcher.fetch(f"http://intranet.example:{port}/a.png") == PICTURE
        assert f"Host: intranet.example:{port}\r\n" in inner.heads[1]
        assert reason(fetcher, f"http://127.0.0.1:{port}/out") == "unreachable"
        assert reason(fetcher, f"http://[::1]:{port}/a.png") == "unreachable"
    assert {address for address, _ in web.dialled} == {"127.0.0.1"}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (ok(gzip.compress(PICTURE), "Content-Encoding: gzip"), "bad_answer"),
        (ok(gzip.compress(PICTURE), "Content-Encoding: identity, gzip"), "bad_answer"),
        (ok(PICTURE, "Content-Encoding: br"), "bad_answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + PICTURE, "bad_answer"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "bad_answer"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "bad_answer"),
        (b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n", "bad_answer"),
        (b"HTTP/1.1 200 OK\r\na: " + b"b" * 100_000 + b"\r\n\r\n", "bad_answer"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "bad_answer"),
        (b"-ERR unknown command\r\n", "bad_answer"),
        (b"", "unreachable"),
        (ok(PICTURE, status=404), "bad_status"),
        (ok(PICTURE, status=206), "bad_status"),
        (ok(PICTURE, status=304), "bad_status"),
        (ok(b"", status=302), "bad_status"),
        (ok(b"", status=500), "bad_status"),
        (b"HTTP/1.1 407 Proxy\r\nProxy-Authenticate: Basic\r\n\r\n", "bad_status"),
    ],
)  # fmt: skip
def test_an_answer_that_is_no_whole_picture_is_refused(
    fetcher: Fetcher, stranger: Stranger, answer: bytes, expected: str
) -> None:
    stranger.routes["/odd"] = answer
    assert reason(fetcher, "http://public.example/odd") == expected


def test_answers_in_chunks_and_without_a_length_are_read(fetcher: Fetcher, stranger: Stranger) -> None:
    stranger.routes["/chunks"] = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    )
    stranger.routes["/old"] = b"HTTP/1.0 200 OK\r\n\r\nabcde"
    stranger.routes["/continue"] = b"HTTP/1.1 100 Continue\r\n\r\n" + ok(b"abcde")
    for path in ("chunks", "old", "continue"):
        assert fetcher.fetch(f"http://public.example/{path}") == b"abcde"


CHUNK = b"2710\r\n" + b"x" * 10_000 + b"\r\n"


@pytest.mark.parametrize(
    "route",
    [
        endless(b"x" * 10_000, begin=b"HTTP/1.1 200 OK\r\n\r\n"),
        endless(CHUNK, begin=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        endless(b"", 0.05, begin=b"HTTP/1.1 200 OK\r\nContent-Length: 100001\r\n\r\n"),
        ok(b"x" * 100_001),
    ],
)
def test_more_than_an_upload_may_have_is_not_read(fetcher: Fetcher, stranger: Stranger, route: bytes) -> None:
    stranger.routes["/large"] = route
    with pytest.raises(RefusedImageError) as refused:
        fetcher.fetch("http://public.example/large")
    assert refused.value.reason == "too_many_bytes"
    stranger.routes["/just"] = ok(b"x" * 100_000)
    assert len(fetcher.fetch("http://public.example/just")) == 100_000


@pytest.mark.parametrize(
    "route",
    [
        endless(b"", 0.05),
        endless(b"H", 0.05),
        endless(b"a: b\r\n", 0.05, begin=b"HTTP/1.1 200 OK\r\n"),
        endless(b"HTTP/1.1 100 Continue\r\n\r\n", 0.05),
        endless(b"x", 0.05, begin=b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"),
        endless(b"1\r\nx\r\n", 0.05, begin=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        endless(b"a: b\r\n", 0.05, begin=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"),
    ],
)
@pytest.mark.usefixtures("web")
def test_who_answers_slowly_is_left_at_the_deadline(stranger: Stranger, route: bytes) -> None:
    stranger.routes["/slow"] = route
    stranger.routes["/there"] = redirect("/slow")
    began = time.monotonic()
    assert reason(make_fetcher(0.5), "http://public.example/there") == "too_slow"
    assert time.monotonic() - began < 2


def test_who_never_answers_a_lookup_is_left_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    answering = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answering.wait(10) and [])
    began = time.monotonic()
    assert reason(make_fetcher(0.3), "http://public.example/") == "too_slow"
    assert time.monotonic() - began < 2
    answering.set()


def test_what_is_refused_and_what_is_closed_are_told_alike_but_in_the_log(
    fetcher: Fetcher, web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="enfilade.fetching")
    told = set()
    for url in ("http://10.0.0.1/", "http://public.example/", "http://nowhere.example/", "http://127.0.0.1:1/"):
        with pytest.raises(UnfetchableUrlError) as refused:
            fetcher.fetch(url)
        told.add((refused.value.reason, str(refused.value)))
    assert len(told) == 1
    assert "10.0.0.1 at port 80 is not public" in caplog.text
    assert web.dialled == [PLACE]  # which nothing stands in for here


def test_only_so_many_are_fetched_at_a_time(stranger: Stranger, web: Web) -> None:
    fetcher = make_fetcher(1.0)
    stranger.routes["/slow"] = endless(b"", 0.05)
    threads = [threading.Thread(target=reason, args=(fetcher, "http://public.example/slow")) for _ in range(3)]
    for thread in threads:
        thread.start()
    while len(web.dialled) < 3:
        time.sleep(0.01)
    assert reason(fetcher, "http://public.example/a.png") == "busy"
    for thread in threads:
        thread.join()
    assert fetcher.fetch("http://public.example/a.png") == PICTURE


def test_nothing_is_fetched_unless_it_is_turned_on(web: Web, stranger: Stranger) -> None:
    with pytest.raises(FetchingOffError):
        Fetcher(ServerSettings()).fetch("http://public.example/a.png")
    assert web.asked == []
    assert stranger.heads == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of public.example alone, with its key, in one file."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl is installed")
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-subj", "/CN=public.example", "-addext", "subjectAltName=DNS:public.example", "-days", "2",
            "-keyout", folder / "key.pem", "-out", folder / "certificate.pem",
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    both = folder / "both.pem"
    both.write_bytes((folder / "key.pem").read_bytes() + (folder / "certificate.pem").read_bytes())
    return both


def test_with_https_the_certificate_must_be_the_names(web: Web, stranger: Stranger, certificate: Path) -> None:
    names: list[str | None] = []
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    server.sni_callback = lambda _, name, __: names.append(name)
    stranger.socket = server.wrap_socket(stranger.socket, server_side=True)
    web.stand_ins = {(PUBLIC, 443): stranger.place}
    web.names["other.example"] = [[PUBLIC]]
    settings = ServerSettings(fetch_urls=True)
    trusting = Fetcher(settings, Connector(tls=ssl.create_default_context(cafile=str(certificate))), seconds=2.0)
    assert trusting.fetch("https://public.example/a.png") == PICTURE
    assert names == ["public.example"]
    assert reason(trusting, "https://other.example/a.png") == "unreachable"
    assert reason(Fetcher(settings, seconds=2.0), "https://public.example/a.png") == "unreachable"
    assert len(stranger.heads) == 1


def test_a_host_is_told_as_its_url_has_it() -> None:
    for url, authority, path in [
        ("http://a.example", "a.example", "/"),
        ("https://a.example:443/b?c=d#e", "a.example", "/b?c=d"),
        ("http://A.example:443?c", "a.example:443", "/?c"),
        ("http://[2606:4700:0::1]:80/%41 ".strip(), "[2606:4700::1]", "/%41"),
        ("http://bücher.example/ü", "xn--bcher-kva.example", "/%C3%BC"),
    ]:
        target = Target.of(url)
        assert (target.authority, target.path) == (authority, path)
