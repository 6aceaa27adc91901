"""What holds for every page: no dead link, nothing inline, and everyone can read it."""

import re
from collections.abc import Callable
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from server.pages.assets import STATIC

Read = Callable[..., BeautifulSoup]
PAGES = (
    "/",
    "/?style=Cubism&q=e",
    "/?q=nothing+is+called+this",
    "/images/5",
    "/search",
    "/search?like=5&like=40&unlike=600",
    "/path",
    "/path?source=3",
    "/path?source=3&target=600",
    "/path?source=3&target=3",
)
CONTROLS = "input:not([type=hidden]), select, textarea"
STYLE = (STATIC / "enfilade.css").read_text(encoding="utf-8")


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest, read: Read) -> BeautifulSoup:
    return read(request.param)


def test_no_link_within_two_steps_of_the_wall_is_dead(visitor: FlaskClient) -> None:
    known: set[str] = {"/"}
    frontier = {"/"}
    for _ in range(2):
        found: set[str] = set()
        # One of each kind of page tells the same as all of them, and takes less time.
        for address in one_of_each_kind(frontier):
            response = visitor.get(address, follow_redirects=True)
            assert response.status_code == 200, address
            if response.mimetype == "text/html":
                page = BeautifulSoup(response.get_data(as_text=True), "html.parser")
                found |= {urldefrag(urljoin(address, str(link["href"]))).url for link in page.select("[href]")}
                found |= {urljoin(address, str(link["src"])) for link in page.select("[src]")}
        assert all(not urlsplit(address).netloc for address in found)
        frontier = found - known
        known |= found
    for address in one_of_each_kind(frontier):
        assert visitor.get(address, follow_redirects=True).status_code == 200, address


def one_of_each_kind(addresses: set[str]) -> list[str]:
    kinds: dict[str, list[str]] = {}
    for address in sorted(addresses):
        names = re.sub(r"=[^&]*", "", urlsplit(address).query)
        kinds.setdefault(re.sub(r"\d+", "N", urlsplit(address).path) + names, []).append(address)
    return [address for kind in kinds.values() for address in kind[:3]]


def test_nothing_is_inline_but_the_one_style_that_its_policy_lets_in(visitor: FlaskClient) -> None:
    for address in PAGES:
        response = visitor.get(address)
        page = BeautifulSoup(response.get_data(as_text=True), "html.parser")
        assert not page.select("[style], script:not([src])")
        assert not [name for tag in page.select("*") for name in tag.attrs if name.startswith("on")]
        for style in page.select("style"):
            assert style.parent.name == "head"
            assert f"'nonce-{style['nonce']}'" in response.headers["Content-Security-Policy"]


def test_nothing_comes_from_elsewhere(page: BeautifulSoup) -> None:
    sources = [str(tag.get("src") or tag.get("href")) for tag in page.select("[src], link[href]")]
    assert sources
    assert all(source.startswith("/") and not source.startswith("//") for source in sources)
    assert "http" not in re.sub(r"http://www\.w3\.org/2000/svg", "", STYLE)


def test_every_picture_keeps_its_room_and_says_what_it_shows(page: BeautifulSoup) -> None:
    for picture in page.select("img[src]"):
        assert int(picture["width"]) > 0
        assert int(picture["height"]) > 0
        assert picture["alt"].strip()
    for picture in page.select(".wall > li, .rooms > li"):
        assert f".{picture['class'][0]}{{--p:" in page.style.text


def test_a_page_has_landmarks_one_heading_and_a_way_past_the_header(page: BeautifulSoup) -> None:
    assert page.html["lang"] == "en"
    assert [len(page.select(name)) for name in ("h1", "main", "header", "footer", "title")] == [1, 1, 1, 1, 1]
    assert page.select_one("body a")["href"] == f"#{page.main['id']}"
    labels = [nav.get("aria-label") for nav in page.select("nav")]
    assert all(labels)
    assert len(set(labels)) == len(labels)
    numbers = [tag["id"] for tag in page.select("[id]")]
    assert len(set(numbers)) == len(numbers)


def test_every_control_has_a_name(page: BeautifulSoup) -> None:
    for control in page.select(CONTROLS):
        labelled = control.find_parent("label") or page.select_one(f'label[for="{control.get("id")}"]')
        assert control.get("aria-label") or (labelled and labelled.text.strip()), control
    for form in page.select("form"):
        assert form.select("button")  # so that it works without a script
        assert form["method"] in {"get", "post"}


def colours(scheme: str) -> dict[str, str]:
    """The colours of a scheme: the dark ones stand over the light ones."""
    light, dark = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)[:2]
    written = light if scheme == "light" else light + dark
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", written))


def luminance(colour: str) -> float:
    """By WCAG 2.2, "relative luminance"."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_controls_stand_out_from_every_ground(scheme: str) -> None:
    colour = colours(scheme)
    for ground in ("paper", "raised", "mat"):
        for text in ("ink", "muted", "accent"):
            assert contrast(colour[text], colour[ground]) >= 4.5, (text, ground)
    for ground in ("paper", "raised"):
        assert contrast(colour["edge"], colour[ground]) >= 3, ground
    assert contrast(colour["on-accent"], colour["accent"]) >= 4.5


def test_files_are_kept_for_good_under_the_hash_of_their_bytes(visitor: FlaskClient, read: Read) -> None:
    page = read("/")
    for tag in page.select("link[rel=stylesheet], link[rel=icon], script"):
        kept = visitor.get(str(tag.get("href") or tag["src"]))
        assert "immutable" in kept.headers["Cache-Control"]
        assert "max-age=31536000" in kept.headers["Cache-Control"]
    old = visitor.get("/static/000000000000/enfilade.css")
    assert old.status_code == 200
    assert "immutable" not in old.headers["Cache-Control"]
    assert visitor.get("/static/000000000000/none.css").status_code == 404
    assert visitor.get("/favicon.ico", follow_redirects=True).mimetype == "image/svg+xml"
